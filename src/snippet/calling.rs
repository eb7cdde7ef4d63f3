//! Calls that a note shows of its functions, for functions with parameters that nothing in their block calls.
//!
//! `add(1, 2) // 3` in a comment, `` `add(1, 2)` `` in the text and a call in another block say with which values the
//! author has the function called. Only values that mean the same everywhere are taken: literals, and
//! composite literals of predeclared types or of types the block declares.

pub mod held;

use std::collections::BTreeSet;

use tree_sitter::Node;

use crate::note::{Note, Part};
use crate::toolchain::stdlib::own;

use super::item::{Item, ItemKind};
use super::names;
use super::{Draft, Snippet, Syntax};

/// The arguments of the nearest call of `function` that the note shows: in comments of its own block, else in text
/// and blocks around it, those of its section first.
pub fn arguments(
    draft: &Draft,
    function: &Item,
    note: &Note,
    snippets: &[std::sync::Arc<Snippet>],
) -> Option<String> {
    let ItemKind::Func(signature) = &function.kind else {
        return None;
    };
    let name = function.names.first()?;
    let variadic = signature
        .types
        .last()
        .is_some_and(|kind| kind.starts_with("..."));
    let known: BTreeSet<&str> = draft
        .top
        .iter()
        .filter(|&&at| draft.snippet.items[at].kind == ItemKind::Type)
        .flat_map(|&at| &draft.snippet.items[at].names)
        .map(String::as_str)
        .collect();
    let fits = |count: usize| match variadic {
        true => count + 1 >= signature.parameters,
        false => count == signature.parameters,
    };
    let find = |syntax: &Syntax| -> Option<String> {
        // Looking through the text is far cheaper than through the tree.
        if !syntax.text.contains(&format!("{name}(")) {
            return None;
        }
        syntax.walk(syntax.root()).find_map(|node| {
            let callee = node.child_by_field_name("function")?;
            if node.kind() != "call_expression" || syntax.of(callee) != name || node.has_error() {
                return None;
            }
            let list = node.child_by_field_name("arguments")?;
            let mut cursor = list.walk();
            let mut values = list
                .named_children(&mut cursor)
                .filter(|node| node.kind() != "comment");
            let count = list.named_child_count();
            (fits(count) && values.all(|value| means_the_same(syntax, value, &known)))
                .then(|| syntax.of(list).trim_matches(['(', ')']).to_owned())
        })
    };
    let in_text = |text: &str| {
        calls_in(text, name)
            .into_iter()
            .find_map(|call| find(&Syntax::parse(call)))
    };
    let own = draft.snippet.block;
    let syntax = &draft.snippet.syntax;
    let comments = syntax
        .walk(syntax.root())
        .filter(|node| node.kind() == "comment");
    if let Some(found) = comments
        .into_iter()
        .find_map(|comment| in_text(syntax.of(comment)))
    {
        return Some(found);
    }
    let here = note
        .parts
        .iter()
        .position(|part| *part == Part::Block(own))?;
    let mut others: Vec<usize> = (0..note.parts.len()).filter(|at| *at != here).collect();
    let section = |at: usize| {
        let (from, to) = (at.min(here), at.max(here));
        note.parts[from..to]
            .iter()
            .any(|part| matches!(part, Part::Heading { .. }))
    };
    others.sort_by_key(|&at| (section(at), at.abs_diff(here)));
    others.into_iter().find_map(|at| match &note.parts[at] {
        Part::Prose(prose) => in_text(&prose.text()),
        Part::Block(block) => snippets
            .get(*block)
            .filter(|snippet| snippet.is_go())
            .and_then(|snippet| find(&snippet.syntax)),
        _ => None,
    })
}

/// Packages of the standard library whose functions give the same for the same values, and do nothing else.
const PURE: [&str; 13] = [
    "fmt", "strings", "strconv", "math", "unicode", "utf8", "bytes", "slices", "path", "bits",
    "cmp", "errors", "time",
];

/// The expression that a text is, and nothing else.
fn whole(syntax: &Syntax) -> Option<Node<'_>> {
    let statement = syntax.root().named_child(0)?;
    let expression = match statement.kind() {
        "expression_statement" => statement.named_child(0)?,
        _ => statement,
    };
    let alone = syntax.error_bytes() == 0
        && syntax.root().named_child_count() == 1
        && expression.byte_range() == (0..syntax.text.trim_end().len());
    alone.then_some(expression)
}

/// The call that a text is, and nothing else.
fn whole_call(syntax: &Syntax) -> Option<Node<'_>> {
    whole(syntax).filter(|it| it.kind() == "call_expression")
}

/// The function or method of a snippet beside which the call that `text` is can be made anywhere: a call of one of its
/// functions (`Max[int](1, 2)`), or of a method on a value (`Point{1, 2}.Len()`, `Monday.String()`), with values alone.
/// With `gives`, only of a function that gives something.
pub fn called<'s>(text: &str, snippet: &'s Snippet, gives: bool) -> Option<&'s Item> {
    let text = text.trim();
    let syntax = Syntax::parse(text);
    let call = whole_call(&syntax)?;
    let callee = call.child_by_field_name("function")?;
    let named = |kind: &dyn Fn(&Item) -> bool| -> BTreeSet<&str> {
        let items = snippet.items.iter().filter(|item| kind(item));
        items
            .flat_map(|item| &item.names)
            .map(String::as_str)
            .collect()
    };
    let types = named(&|item| item.kind == ItemKind::Type);
    let fixed = named(&|item| item.kind == ItemKind::Const);
    let functions = named(&|item| matches!(item.kind, ItemKind::Func(_)));
    let known = Known {
        types: &types,
        fixed: &fixed,
        functions: &functions,
    };
    let list = call.child_by_field_name("arguments")?;
    if !known.means_the_same(&syntax, list) {
        return None;
    }
    if callee.kind() == "selector_expression" {
        let operand = callee.child_by_field_name("operand")?;
        let method = syntax.of(callee.child_by_field_name("field")?);
        if PURE.contains(&syntax.of(operand)) || !known.means_the_same(&syntax, operand) {
            return None;
        }
        return snippet.items.iter().find(|item| {
            matches!(item.kind, ItemKind::Method { .. })
                && item.names.iter().any(|it| it == method)
                && snippet.code()[item.span.clone()].ends_with('}')
        });
    }
    let name = syntax.of(callee).split('[').next()?.trim_end();
    snippet.items.iter().find(|item| {
        matches!(&item.kind, ItemKind::Func(signature) if (signature.results || !gives) && signature.body)
            && item.names.iter().any(|it| it == name)
    })
}

/// A function of a snippet beside which `text` can be evaluated, if it is a call of the standard library's or of a
/// predeclared function with nothing but values, and the snippet gives its names no other meaning.
pub fn beside<'s>(text: &str, snippet: &'s Snippet) -> Option<&'s Item> {
    const OWN: [&str; 5] = ["len", "cap", "min", "max", "append"];
    let syntax = Syntax::parse(text.trim());
    let call = whole_call(&syntax)?;
    let mut names = BTreeSet::new();
    let pure = syntax.walk(call).all(|node| match node.kind() {
        "identifier" | "type_identifier" | "package_identifier" => {
            let name = syntax.of(node);
            names.insert(name);
            PREDECLARED.contains(&name)
                || PURE.contains(&name)
                || OWN.contains(&name)
                || matches!(name, "nil" | "true" | "false" | "make")
        }
        "selector_expression" => is_lasting(syntax.of(node)),
        "func_literal" | "ERROR" => false,
        _ => true,
    });
    let own = |item: &&Item| item.names.iter().any(|name| names.contains(name.as_str()));
    if !pure || snippet.items.iter().any(|item| own(&item)) {
        return None;
    }
    let mut items = snippet.items.iter();
    items.find(|item| matches!(&item.kind, ItemKind::Func(signature) if signature.body))
}

/// Whether what a selector names does nothing and gives the same each time: of fmt, only what gives a text; of time, only
/// its constants.
fn is_lasting(selector: &str) -> bool {
    !is_of_the_moment(selector)
        && (!selector.starts_with("fmt.") || selector.starts_with("fmt.Sprint"))
}

/// Whether a selector is of package time and is none of its constants: what it gives is another in every run.
fn is_of_the_moment(selector: &str) -> bool {
    const FIXED: [&str; 6] = [
        "Nanosecond",
        "Microsecond",
        "Millisecond",
        "Second",
        "Minute",
        "Hour",
    ];
    let of_time = selector.strip_prefix("time.").map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric());
        &rest[..end.unwrap_or(rest.len())]
    });
    of_time.is_some_and(|name| !FIXED.contains(&name) && name != "Duration")
}

/// What a statement that prints writes, as an expression: of `fmt.Println(x)`, the text without its line break.
pub fn printed(statement: &str) -> Option<String> {
    let statement = statement.trim();
    let (function, rest) = statement.strip_prefix("fmt.")?.split_once('(')?;
    matches!(function, "Println" | "Print" | "Printf")
        .then(|| format!("{}.{function}({rest}", own::NAME))
}

/// The texts that look like calls of `name`, up to the bracket that closes them.
fn calls_in<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let mut calls = Vec::new();
    let mut from = 0;
    while let Some(found) = text[from..].find(name) {
        let start = from + found;
        from = start + name.len();
        let part_of_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        if !text[from..].starts_with('(') || text[..start].ends_with(part_of_word) {
            continue;
        }
        let mut depth = 0;
        let end = text[from..].char_indices().find_map(|(at, c)| {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                '\n' => return None,
                _ => {}
            }
            (depth == 0).then_some(from + at + 1)
        });
        calls.extend(end.map(|end| &text[start..end]));
    }
    calls
}

const PREDECLARED: [&str; 19] = [
    "any",
    "bool",
    "byte",
    "complex128",
    "complex64",
    "error",
    "float32",
    "float64",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "rune",
    "string",
    "uint",
    "uint32",
    "uint64",
    "uint8",
];

/// The names of a snippet that an expression may use and mean the same wherever it stands in its program.
struct Known<'a> {
    types: &'a BTreeSet<&'a str>,
    fixed: &'a BTreeSet<&'a str>,
    functions: &'a BTreeSet<&'a str>,
}

impl Known<'_> {
    fn means_the_same(&self, syntax: &Syntax, value: Node) -> bool {
        syntax.walk(value).all(|node| match node.kind() {
            "identifier" => {
                let name = syntax.of(node);
                is_key(node)
                    || names::is_predeclared(name)
                    || PURE.contains(&name)
                    || self.fixed.contains(name)
                    || self.types.contains(name)
                    || self.functions.contains(name)
            }
            "type_identifier" => {
                let name = syntax.of(node);
                PREDECLARED.contains(&name) || self.types.contains(name) || PURE.contains(&name)
            }
            "selector_expression" => is_lasting(syntax.of(node)),
            "func_literal" | "ERROR" => false,
            "unary_expression" => !syntax.of(node).starts_with("<-"),
            _ => true,
        })
    }
}

/// Whether an identifier is a key of a composite literal: the name of a field, perhaps.
fn is_key(node: Node) -> bool {
    let element = node.parent().and_then(|element| element.parent());
    element.is_some_and(|element| {
        element.kind() == "keyed_element" && element.named_child(0) == node.parent()
    })
}

/// Whether an expression means the same wherever it stands.
fn means_the_same(syntax: &Syntax, value: Node, known: &BTreeSet<&str>) -> bool {
    syntax.walk(value).all(|node| match node.kind() {
        "identifier" => is_key(node) || matches!(syntax.of(node), "nil" | "true" | "false"),
        "type_identifier" => {
            let name = syntax.of(node);
            PREDECLARED.contains(&name) || known.contains(name)
        }
        "call_expression" | "func_literal" | "selector_expression" | "qualified_type" | "ERROR" => {
            false
        }
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_in_text_ends_with_its_bracket() {
        assert_eq!(
            calls_in("调用 add(1, (2)) 得到 3；readd(4) 不算，add 也不算", "add"),
            ["add(1, (2))"]
        );
    }

    #[test]
    fn only_values_that_need_nothing_are_taken() {
        let known = BTreeSet::from(["Point"]);
        let same = |code: &str| {
            let syntax = Syntax::parse(code);
            let call = syntax
                .walk(syntax.root())
                .find(|node| node.kind() == "argument_list")
                .unwrap();
            let mut cursor = call.walk();
            call.named_children(&mut cursor)
                .all(|value| means_the_same(&syntax, value, &known))
        };
        assert!(same(
            "f(1, -2.5, \"a\", []int{1, 2}, map[string]bool{\"a\": true}, nil)\n"
        ));
        assert!(same("f(Point{X: 1}, &Point{2, 3})\n"));
        assert!(
            !same("f(x)\n")
                && !same("f(g(1))\n")
                && !same("f(Other{})\n")
                && !same("f(time.Second)\n")
        );
    }
}
