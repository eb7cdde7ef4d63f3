//! Expressions over the variables of a block, as they are once its statements have run: `s.Len()` behind a block that
//! fills `s`.
//!
//! The rule: every variable the expression names is declared once in the whole block, directly in the body of one
//! function (or among the statements of a fragment); parameters of other functions don't count. Then there is one place
//! at which the expression can be evaluated: the end of that body.

use tree_sitter::Node;

use crate::snippet::item::ItemKind;
use crate::snippet::names;
use crate::snippet::syntax::{Syntax, enclosing_statement};
use crate::snippet::{Snippet, repair::line_of};

use super::{PURE, whole};

/// An expression that can be evaluated at the end of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// A line (from 0) on which one of its variables is declared.
    pub line: usize,
    /// The variables.
    pub names: Vec<String>,
    /// Whether to evaluate it may change them: a call of a method.
    pub acts: bool,
    /// Whether it is a call at all.
    pub calls: bool,
}

/// What can be evaluated: a call, a variable, or a part of one (`a[1]`, `p.Name`).
const KINDS: [&str; 5] = [
    "call_expression",
    "identifier",
    "index_expression",
    "selector_expression",
    "slice_expression",
];

/// How `text`, a call, a variable or a part of one, can be evaluated at the end of a body of the snippet.
pub fn held(text: &str, snippet: &Snippet) -> Option<Held> {
    let syntax = Syntax::parse(text.trim());
    let call = whole(&syntax).filter(|it| KINDS.contains(&it.kind()))?;
    let mut variables: Vec<&str> = Vec::new();
    let mut acts = false;
    for node in syntax.walk(call) {
        match node.kind() {
            "identifier" | "package_identifier" | "type_identifier" => {
                let name = syntax.of(node);
                let declared = |item: &&crate::snippet::item::Item| {
                    item.names.iter().any(|it| it == name)
                        && matches!(
                            item.kind,
                            ItemKind::Func(_) | ItemKind::Const | ItemKind::Type
                        )
                };
                let local = !names::declarations_of(&snippet.syntax, name).is_empty();
                let known = names::is_predeclared(name)
                    || PURE.contains(&name)
                    || snippet.items.iter().any(|item| declared(&item));
                if (local || !known) && !variables.contains(&name) {
                    variables.push(name);
                }
            }
            "selector_expression" => {
                let calls = node.parent().filter(|it| it.kind() == "call_expression");
                let operand = node.child_by_field_name("operand")?;
                acts |= calls.is_some_and(|call| {
                    call.child_by_field_name("function") == Some(node)
                        && !PURE.contains(&syntax.of(operand))
                });
            }
            // Receiving waits, and a literal function may do anything.
            "func_literal" | "ERROR" => return None,
            "unary_expression" if syntax.of(node).starts_with("<-") => return None,
            _ => {}
        }
    }
    let mut scope = None;
    let mut line = None;
    for name in &variables {
        let statement = only_declaration(&snippet.syntax, name)?;
        let within = statement.parent()?;
        if *scope.get_or_insert(within) != within || !is_body(snippet, statement, within) {
            return None;
        }
        line = Some(line_of(snippet.code(), statement.end_byte()));
    }
    Some(Held {
        line: line?,
        names: variables.into_iter().map(str::to_owned).collect(),
        acts,
        calls: call.kind() == "call_expression",
    })
}

/// Whether the code of a snippet speaks of a name that `text` names and Go does not itself declare.
pub fn mentions(text: &str, snippet: &Snippet) -> bool {
    let syntax = Syntax::parse(text);
    syntax.walk(syntax.root()).any(|node| {
        let name = syntax.of(node);
        node.kind() == "identifier"
            && !names::is_predeclared(name)
            && !PURE.contains(&name)
            && snippet
                .items
                .iter()
                .any(|item| item.mentions.contains(name))
    })
}

/// The statement that declares `name`, if there is just one in the whole code and it is a statement of its own. The
/// parameters of other functions may have the same name.
fn only_declaration<'t>(syntax: &'t Syntax, name: &str) -> Option<Node<'t>> {
    let is_parameter = |place: &Node| {
        place
            .parent()
            .is_some_and(|it| it.kind().ends_with("parameter_declaration"))
    };
    let places = names::declarations_of(syntax, name).into_iter();
    let mut places = places.filter(|place| !is_parameter(place));
    let only = places.next().filter(|_| places.next().is_none())?;
    let statement = enclosing_statement(only)?;
    matches!(
        statement.kind(),
        "short_var_declaration" | "var_declaration"
    )
    .then_some(statement)
}

/// Whether `within`, in which a statement stands, is the body of a function, or the fragment itself.
fn is_body(snippet: &Snippet, statement: Node, within: Node) -> bool {
    let block = match within.kind() {
        "statement_list" => within.parent(),
        _ => Some(within),
    };
    match block {
        Some(root) if root.kind() == "source_file" => {
            let declares = |item: &&crate::snippet::item::Item| item.span == statement.byte_range();
            let has_main = snippet
                .items
                .iter()
                .any(|item| item.names.iter().any(|name| name == "main"));
            snippet.items.iter().any(|item| declares(&item)) && !has_main
        }
        Some(block) if block.kind() == "block" => block
            .parent()
            .is_some_and(|outer| outer.kind() == "function_declaration"),
        _ => false,
    }
}
