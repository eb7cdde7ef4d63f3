//! Using a variable that a fragment declares and does not use.
//!
//! A fragment's unused variables and imports are not its author's mistake: the code that uses them is what the
//! fragment leaves out. Go has no switch for them, so `_ = x` is put right behind the declaration, on a line of its own if
//! a comment follows, which speaks of the declaration.

use std::collections::BTreeMap;
use std::sync::Arc;

use tree_sitter::Node;

use super::context::Context;
use super::draft::Draft;
use super::names::Import;
use super::source::Edit;
use super::syntax::{Syntax, enclosing_statement};

impl Draft {
    /// Use what is seen not to be used, before the compiler is asked.
    pub(super) fn silence_unused(&mut self, context: &Context) {
        let snippet = Arc::clone(&self.snippet);
        let (syntax, block) = (&snippet.syntax, snippet.block);
        for (offset, name) in unused(syntax) {
            // What a declaration outside of functions needs may have to stand beside it.
            let carried = self.carried.iter().filter_map(|carried| {
                Some(&context.snippet(carried.block)?.items[carried.item].mentions)
            });
            let own = self.top.iter().map(|&at| &snippet.items[at]);
            let own = own.filter(|item| !item.span.contains(&offset));
            let mut outside = carried.chain(own.map(|item| &item.mentions));
            if !outside.any(|mentions| mentions.contains(name))
                && let Some(edit) = variable(syntax, offset, name)
            {
                self.edit(block, edit);
            }
        }
        for spec in syntax.walk(syntax.root()) {
            if spec.kind() != "import_spec" {
                continue;
            }
            // Packages from elsewhere may have another name than their path says.
            let renamed = spec.child_by_field_name("name").is_some();
            if let Some(found) = Import::read(syntax, spec)
                && (renamed || !found.path.contains('.'))
                && self.selected_from(&found.name, context).is_empty()
            {
                self.edit(block, import(spec));
            }
        }
    }
}

/// The edit that uses the variable declared at byte `offset`, if there is a place for one.
pub fn variable(syntax: &Syntax, offset: usize, name: &str) -> Option<Edit> {
    let node = syntax.at(offset..offset + name.len())?;
    let mut usage = format!("_ = {name}");
    let mut at = node;
    while let Some(parent) = at.parent() {
        let inside = |field: &str| {
            parent
                .child_by_field_name(field)
                .map(|body| body.start_byte() + 1)
        };
        match parent.kind() {
            "for_statement" if at.kind() != "block" => {
                return inside("body").map(|body| Edit::insert(body, format!(" {usage}; ")));
            }
            "if_statement" if at.kind() != "block" => {
                return inside("consequence").map(|body| Edit::insert(body, format!(" {usage}; ")));
            }
            "communication_case" if at.kind() != "statement_list" => {
                return after_colon(parent).map(|colon| Edit::insert(colon, format!(" {usage}; ")));
            }
            "type_switch_statement" | "expression_switch_statement"
                if !at.kind().ends_with("_case") =>
            {
                return first_case(parent)
                    .and_then(after_colon)
                    .map(|colon| Edit::insert(colon, format!(" {usage}; ")));
            }
            "function_declaration" | "method_declaration" | "func_literal" => break,
            _ => {}
        }
        if matches!(
            at.kind(),
            "short_var_declaration" | "var_declaration" | "const_declaration"
        ) {
            break;
        }
        if at.kind() == "var_spec" && holds_lock(syntax, at) {
            usage = format!("_ = &{name}");
        }
        at = parent;
    }
    let statement = enclosing_statement(node)?;
    let end = statement.end_byte();
    Some(match comment_behind(&syntax.text, end) {
        Some(line_end) => Edit::insert(line_end, format!("\n{usage}")),
        None => Edit::insert(end, format!("; {usage}")),
    })
}

/// Whether a variable is declared with a type that must not be copied: a value of package `sync` itself, be it in a
/// struct or an array.
fn holds_lock(syntax: &Syntax, spec: Node) -> bool {
    let Some(kind) = spec.child_by_field_name("type") else {
        return false;
    };
    let mut named = syntax
        .walk(kind)
        .filter(|node| node.kind() == "qualified_type");
    named.any(|node| {
        let behind = node.parent().is_some_and(|it| it.kind() == "pointer_type");
        !behind && syntax.of(node).starts_with("sync.")
    })
}

/// Where the line ends if nothing but a comment follows on it.
fn comment_behind(code: &str, at: usize) -> Option<usize> {
    let rest = code[at..].lines().next()?;
    let comment = rest.trim_start().starts_with("//");
    comment.then(|| at + rest.len())
}

/// The local variables (byte and name) that are certainly not used: named once in the whole code, where they are
/// declared. With syntax errors nothing is certain.
fn unused(syntax: &Syntax) -> Vec<(usize, &str)> {
    if syntax.root().has_error() {
        return Vec::new();
    }
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    let mut declared: Vec<Node> = Vec::new();
    for node in syntax.walk(syntax.root()) {
        match node.kind() {
            "identifier" => *named.entry(syntax.of(node)).or_default() += 1,
            "short_var_declaration" => {
                let left = node.child_by_field_name("left");
                let mut cursor = node.walk();
                let names = left.into_iter().flat_map(|left| {
                    left.named_children(&mut cursor)
                        .filter(|name| name.kind() == "identifier")
                        .collect::<Vec<_>>()
                });
                declared.extend(names);
            }
            // One outside of functions may become the program's.
            "var_spec" if is_local(node) => {
                let mut cursor = node.walk();
                declared.extend(node.children_by_field_name("name", &mut cursor));
            }
            _ => {}
        }
    }
    let once = |name: &Node| named.get(syntax.of(*name)) == Some(&1) && syntax.of(*name) != "_";
    let declared = declared.into_iter().filter(once);
    declared
        .map(|name| (name.start_byte(), syntax.of(name)))
        .collect()
}

fn is_local(node: Node) -> bool {
    std::iter::successors(node.parent(), Node::parent).any(|outer| {
        matches!(
            outer.kind(),
            "function_declaration" | "method_declaration" | "func_literal"
        )
    })
}

/// The edit that imports a package without a name.
pub fn import(spec: Node) -> Edit {
    match spec.child_by_field_name("name") {
        Some(name) => Edit {
            at: name.start_byte(),
            remove: name.byte_range().len(),
            insert: "_".into(),
        },
        None => Edit::insert(spec.start_byte(), "_ "),
    }
}

fn after_colon(case: Node) -> Option<usize> {
    let mut cursor = case.walk();
    case.children(&mut cursor)
        .find(|child| child.kind() == ":")
        .map(|colon| colon.end_byte())
}

fn first_case(switch: Node) -> Option<Node> {
    let mut cursor = switch.walk();
    switch
        .children(&mut cursor)
        .find(|child| child.kind().ends_with("_case"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silenced(code: &str, name: &str) -> String {
        let syntax = Syntax::parse(code);
        let offset = code.find(name).unwrap();
        let edit = variable(&syntax, offset, name).unwrap();
        let mut text = code.to_owned();
        text.insert_str(edit.at, &edit.insert);
        text
    }

    #[test]
    fn only_what_is_named_once_is_certainly_unused() {
        let names = |code: &str| -> Vec<String> {
            let syntax = Syntax::parse(code);
            let found = unused(&syntax).into_iter();
            found.map(|(_, name)| name.to_owned()).collect()
        };
        assert_eq!(names("x := 1\ny, z := 2, 3\nf(y)\n"), ["x", "z"]);
        assert_eq!(names("func f() {\n\tvar a, b int\n\tg(a)\n}\n"), ["b"]);
        assert!(names("var x int\n").is_empty());
        assert!(names("_, err := f()\nif err != nil {\n}\n").is_empty());
        assert!(names("x := 1\nf(\n").is_empty());
    }

    #[test]
    fn each_kind_of_declaration_has_its_place() {
        assert_eq!(silenced("xx := 1\n", "xx"), "xx := 1; _ = xx\n");
        assert_eq!(
            silenced("var xx struct{ sync.Mutex }\n", "xx"),
            "var xx struct{ sync.Mutex }; _ = &xx\n"
        );
        assert_eq!(
            silenced("var xx *sync.Mutex\n", "xx"),
            "var xx *sync.Mutex; _ = xx\n"
        );
        assert_eq!(
            silenced("xx := 1 // one\n", "xx"),
            "xx := 1 // one\n_ = xx\n"
        );
        assert_eq!(
            silenced("for _, xx := range s {\n}\n", "xx"),
            "for _, xx := range s { _ = xx; \n}\n"
        );
        assert_eq!(
            silenced("if xx := f(); true {\n}\n", "xx"),
            "if xx := f(); true { _ = xx; \n}\n"
        );
        assert_eq!(
            silenced("select {\ncase xx := <-ch:\n}\n", "xx"),
            "select {\ncase xx := <-ch: _ = xx; \n}\n"
        );
        assert_eq!(
            silenced(
                "func f() {\n\tgo func() {\n\t\tvar xx int\n\t}()\n}\n",
                "xx"
            ),
            "func f() {\n\tgo func() {\n\t\tvar xx int; _ = xx\n\t}()\n}\n"
        );
        assert_eq!(
            silenced("switch xx := v.(type) {\ncase int:\n}\n", "xx"),
            "switch xx := v.(type) {\ncase int: _ = xx; \n}\n"
        );
    }
}
