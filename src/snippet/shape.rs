//! Which blocks are Go, and what shape they have.

use crate::report::Shape;

use tree_sitter::Node;

use super::item::{Item, ItemKind, is_bare_expression};
use super::pieces;
use super::syntax::Syntax;

/// Languages a Go block may be tagged with.
const GO_TAGS: [&str; 2] = ["go", "golang"];

/// What a block's tag says of its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// `go`, `Go`, `GO`, `golang`.
    Go,
    /// Nothing.
    None,
    /// Another language.
    Other,
}

/// Read a block's language as [`crate::note::Block::language`] gives it.
pub fn tag(language: &str) -> Tag {
    if language.is_empty() {
        Tag::None
    } else if GO_TAGS.contains(&language) {
        Tag::Go
    } else {
        Tag::Other
    }
}

/// Node kinds that hardly any other language's text parses to.
const STRONG: [&str; 14] = [
    "package_clause",
    "import_declaration",
    "function_declaration",
    "method_declaration",
    "type_declaration",
    "short_var_declaration",
    "range_clause",
    "select_statement",
    "go_statement",
    "defer_statement",
    "func_literal",
    "send_statement",
    "channel_type",
    "map_type",
];

/// The shape of code with this tag, syntax tree and items.
///
/// The rules: a block with another language's tag is not Go. An untagged block is Go if it parses
/// without errors and holds a construct that is Go's own (`:=`, `func`, `range`, `go`, …), so that
/// output, listings, shell and other languages are not mistaken for it. A block tagged Go is Go unless
/// it does not parse and holds no such construct either, or is nothing but values.
pub fn shape(tag: Tag, syntax: &Syntax, items: &[Item]) -> Shape {
    let errors = syntax.error_bytes();
    let strong = || {
        syntax
            .walk(syntax.root())
            .any(|node| STRONG.contains(&node.kind()) && !node.has_error())
    };
    match tag {
        Tag::Other => return Shape::NotGo,
        Tag::None if errors > 0 || !(strong() || prints(syntax)) => return Shape::NotGo,
        Tag::Go if items.is_empty() && errors == 0 => {
            // Only comments, or nothing: still the author's Go, with nothing to run.
            return Shape::Statements;
        }
        Tag::Go if is_output(syntax, items) || is_of_protobuf(items) => return Shape::NotGo,
        Tag::Go if errors > 0 && !strong() && !prints(syntax) && !declares(items) => {
            return Shape::NotGo;
        }
        _ => {}
    }
    of_code(syntax, items)
}

/// The shape of Go: pseudo code is what does not parse, unless it is a whole file; of that the compiler knows more.
pub fn of_code(syntax: &Syntax, items: &[Item]) -> Shape {
    if syntax.error_bytes() > 0 && pieces::of_file(&syntax.text).is_none() {
        return Shape::Pseudo;
    }
    of_items(items)
}

/// Whether a block is what a program prints rather than one: lines of nothing but literals, or values behind a
/// word and a colon (`area: 50`), which Go would take for labels of values that nothing uses, or `1+1 = 2`, which would
/// assign to a sum. Where a comment stands beside them, they are shown as Go.
fn is_output(syntax: &Syntax, items: &[Item]) -> bool {
    const BASIC: [&str; 3] = ["int_literal", "float_literal", "interpreted_string_literal"];
    let root = syntax.root();
    let mut cursor = root.walk();
    let nodes: Vec<_> = root.named_children(&mut cursor).collect();
    let value = |node: &Node| {
        let only = node.named_child(0);
        let signed = only.filter(|only| only.kind() == "unary_expression");
        let only = signed.map_or(only, |signed| signed.child_by_field_name("operand"));
        node.kind() == "expression_statement"
            && only.is_some_and(|only| BASIC.contains(&only.kind()))
    };
    let labelled = |node: &Node| {
        let last = node.named_child(node.named_child_count().saturating_sub(1) as _);
        node.kind() == "labeled_statement" && last.is_some_and(is_bare_expression)
    };
    let equation = |node: &Node| {
        let left = node.child_by_field_name("left");
        let only = left.and_then(|left| left.named_child(0));
        node.kind() == "assignment_statement"
            && only.is_some_and(|only| only.kind() == "binary_expression")
    };
    let word = |node: &Node| {
        let only = node.named_child(0);
        node.kind() == "expression_statement"
            && only.is_some_and(|it| matches!(it.kind(), "identifier" | "true" | "false"))
    };
    nodes.len() == items.len()
        && nodes
            .iter()
            .all(|node| value(node) || labelled(node) || equation(node) || word(node))
        && nodes
            .iter()
            .any(|node| value(node) || labelled(node) || equation(node))
}

/// Whether a block is nothing but imports of protocol buffers, which look like Go's.
fn is_of_protobuf(items: &[Item]) -> bool {
    let of_protobuf = |item: &Item| match &item.kind {
        ItemKind::Import(paths) => paths.iter().all(|path| path.ends_with(".proto")),
        _ => false,
    };
    !items.is_empty() && items.iter().all(of_protobuf)
}

/// Whether the code calls a printing function of `fmt` or `log`: a fragment of one such line is Go.
fn prints(syntax: &Syntax) -> bool {
    syntax.walk(syntax.root()).any(|node| {
        node.kind() == "call_expression"
            && node.child_by_field_name("function").is_some_and(|callee| {
                let callee = syntax.of(callee);
                callee.starts_with("fmt.") || callee.starts_with("log.")
            })
    })
}

fn declares(items: &[Item]) -> bool {
    items
        .iter()
        .any(|item| item.is_declaration() || matches!(item.kind, ItemKind::ShortVar))
}

/// The shape of items that all parse.
fn of_items(items: &[Item]) -> Shape {
    let package = items.iter().find_map(|item| match &item.kind {
        ItemKind::Package(name) => Some(name.as_str()),
        _ => None,
    });
    let main = items
        .iter()
        .any(|item| matches!(item.kind, ItemKind::Func(_)) && item.names == ["main"]);
    match package {
        Some("main") if main => return Shape::Program,
        Some(_) => return Shape::File,
        None => {}
    }
    let code = || items.iter().filter(|item| item.is_code());
    let statements = code().any(|item| !item.is_declaration());
    let top_level = code().any(|item| item.is_top_level_only());
    let types = code().any(|item| matches!(item.kind, ItemKind::Type));
    match (statements, top_level) {
        (true, true) => Shape::Mixed,
        (true, false) if is_expression(items) => Shape::Expression,
        (true, false) => Shape::Statements,
        (false, true) => Shape::Declarations,
        // `var x = 1` alone reads as a statement; a type, or imports alone, as a declaration.
        (false, false) if types || code().next().is_none() => Shape::Declarations,
        (false, false) => Shape::Statements,
    }
}

/// Whether the only code is one expression that Go does not accept as a statement.
fn is_expression(items: &[Item]) -> bool {
    let mut code = items.iter().filter(|item| item.is_code());
    matches!((code.next(), code.next()), (Some(one), None) if one.kind == ItemKind::Statement && one.expression)
}
