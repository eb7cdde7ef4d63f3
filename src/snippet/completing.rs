//! What a block leaves out of its declarations: the bodies of functions of which it shows the signatures, and the
//! fields of a struct of which another block shows the rest.
//!
//! Either way the program is compiled and never run.

use tree_sitter::Node;

use super::Snippet;
use super::item::ItemKind;
use super::names;
use super::repair::Repairer;
use super::source::{Edit, Place};
use super::syntax::Syntax;

impl Repairer<'_> {
    /// A function without a body. Beside others that have one, it stands for one in assembly; a block in which none
    /// has one lists signatures.
    pub(super) fn missing_body(&mut self, place: Place) -> bool {
        let snippet = std::sync::Arc::clone(&self.draft.snippet);
        if place.block != snippet.block || !lists_signatures(&snippet) {
            return false;
        }
        let items = snippet.items.iter();
        let mut functions = items.filter(|item| item.is_top_level_only());
        let Some(function) = functions.find(|item| item.span.contains(&place.offset)) else {
            return false;
        };
        self.draft.left_out = true;
        let declares = |name: &str| snippet.items.iter().any(|item| item.names == [name]);
        let body = match declares("panic") {
            true => " { select {} }",
            false => " { panic(\"left out\") }",
        };
        let body = Edit::insert(function.span.end, body);
        self.draft.edit(place.block, body)
    }

    /// The block shows only some fields of a struct and says so; the others are those that it has elsewhere.
    pub(super) fn field(&mut self, owner: &str, field: &str) -> bool {
        let snippet = std::sync::Arc::clone(&self.draft.snippet);
        let types = self.draft.top.iter().chain(&self.draft.body);
        let partial = types.copied().find(|&at| {
            let item = &snippet.items[at];
            item.kind == ItemKind::Type
                && item.names.iter().any(|name| name == owner)
                && snippet.is_partial(at)
        });
        let Some(list) = partial.and_then(|at| fields(&snippet, at, owner)) else {
            return false;
        };
        let Some((text, of_packages)) = self.declared_elsewhere(owner, field) else {
            return false;
        };
        for (package, selected) in of_packages {
            let selected: Vec<&str> = selected.iter().map(String::as_str).collect();
            self.draft
                .imports
                .extend(self.packages.resolve(&package, &selected));
        }
        self.draft.left_out = true;
        let end = list.end_byte().saturating_sub(1);
        let edit = Edit::insert(end, format!("\t{text}\n"));
        self.draft.edit(snippet.block, edit)
    }

    /// The declaration of a field, as the nearest other version of its struct has it, and what it names of packages.
    fn declared_elsewhere(&self, owner: &str, field: &str) -> Option<(String, names::Qualified)> {
        let own = self.draft.snippet.block;
        let mut passed = self.draft.refused.clone();
        while let Some(found) = self.context.find(owner, own, own, &passed).cloned() {
            let snippet = self.context.snippet(found.block)?;
            let syntax = &snippet.syntax;
            let list = fields(snippet, found.item, owner);
            let declared = list.and_then(|list| named_field(syntax, list, field));
            if let Some(declared) = declared {
                let kind = declared.child_by_field_name("type")?;
                let text = format!("{field} {}", syntax.of(kind));
                return Some((text, names::qualified(syntax, kind)));
            }
            passed.insert(found);
        }
        None
    }
}

/// Whether no function of the block has a body.
fn lists_signatures(snippet: &Snippet) -> bool {
    let mut functions = snippet.items.iter().filter(|item| item.is_top_level_only());
    functions.all(|item| {
        let node = snippet.syntax.at(item.span.clone());
        node.is_some_and(|node| node.child_by_field_name("body").is_none())
    })
}

/// The fields of the struct `owner` that an item declares, in their braces.
fn fields<'s>(snippet: &'s Snippet, item: usize, owner: &str) -> Option<Node<'s>> {
    let syntax = &snippet.syntax;
    let node = syntax.at(snippet.items[item].span.clone())?;
    let spec = syntax.walk(node).find(|spec| {
        let name = spec.child_by_field_name("name");
        spec.kind() == "type_spec" && name.is_some_and(|name| syntax.of(name) == owner)
    })?;
    let kind = spec.child_by_field_name("type")?;
    let mut cursor = kind.walk();
    kind.named_children(&mut cursor)
        .find(|child| child.kind() == "field_declaration_list")
}

fn named_field<'s>(syntax: &Syntax, list: Node<'s>, field: &str) -> Option<Node<'s>> {
    let mut cursor = list.walk();
    list.named_children(&mut cursor).find(|declaration| {
        let mut cursor = declaration.walk();
        let mut names = declaration.children_by_field_name("name", &mut cursor);
        names.any(|name| syntax.of(name) == field)
    })
}

#[cfg(test)]
mod tests {
    use crate::build::Diagnostic;
    use crate::snippet::tests::note_of;
    use crate::snippet::{Draft, Packages, repair};

    /// Only `sync` is a package.
    struct Sync;

    impl Packages for Sync {
        fn resolve(&self, name: &str, _: &[&str]) -> Option<String> {
            (name == "sync").then(|| "sync".to_owned())
        }

        fn has(&self, path: &str, _: &[&str]) -> bool {
            path == "sync"
        }
    }

    /// The last block's program after the compiler has said this of the first place of `at` in it.
    fn repaired(blocks: &[&str], at: &str, message: &str) -> Option<(String, bool)> {
        let (snippets, context) = note_of(blocks);
        let draft = Draft::of(snippets.last().unwrap()).remove(0);
        let source = draft.render(&context, &Sync);
        let before = &source.text[..source.text.find(at).unwrap()];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let diagnostic = Diagnostic {
            line: before.matches('\n').count() as u32 + 1,
            column: (before.len() - line_start) as u32 + 1,
            message: message.to_owned(),
            code: None,
        };
        let repaired = repair::repair(&draft, &source, &[diagnostic], &context, &Sync).ok()?;
        let text = repaired.render(&context, &Sync).text;
        Some((text, repaired.is_compiled_only()))
    }

    const MISSING: &str = "missing function body";

    #[test]
    fn a_list_of_signatures_leaves_the_bodies_out() {
        let list = "func (a Amount) Cents() int64\nfunc Parse(s string) Amount\n";
        let (text, compiled_only) = repaired(&[list], "Parse", MISSING).unwrap();
        assert!(
            text.contains("func Parse(s string) Amount { panic(\"left out\") }"),
            "{text}"
        );
        assert!(compiled_only);
        // One without a body beside others is written in assembly.
        let beside = "func add(a, b int) int\n\nfunc twice(a int) int { return add(a, a) }\n";
        assert_eq!(repaired(&[beside], "add", MISSING), None);
    }

    #[test]
    fn a_struct_shown_in_part_has_the_fields_that_it_has_elsewhere() {
        let whole = "type Pool struct {\n\tmu   sync.Mutex\n\tjobs chan int\n}\n";
        let part = "type Pool struct {\n\t// ... as before\n\turgent chan int\n}\n\n\
            func (p *Pool) Close() {\n\tp.mu.Lock()\n}\n";
        let message = "p.mu undefined (type *Pool has no field or method mu)";
        let (text, compiled_only) = repaired(&[whole, part], "mu.Lock", message).unwrap();
        assert!(
            text.contains("mu sync.Mutex") && text.contains("import \"sync\""),
            "{text}"
        );
        assert!(compiled_only);
        let other = message.replace("mu", "count");
        assert_eq!(repaired(&[whole, part], "mu.Lock", &other), None);
        let not_in_part = part.replace("\t// ... as before\n", "");
        assert_eq!(repaired(&[whole, &not_in_part], "mu.Lock", message), None);
    }
}
