//! Which of several functions of one name the calls in some code can mean, as far as syntax tells.
//!
//! Notes show many functions called `process`. The compiler would refuse all but one for the number of arguments, or
//! because a value is used that there is none of; each refusal costs a compilation, so those are passed over before.

use tree_sitter::Node;

use super::item::Signature;
use super::{Snippet, Syntax};

/// A call of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Call {
    /// How many arguments it passes; `None` if the tree can't tell: the values of another call, or a slice (`xs...`).
    arguments: Option<usize>,
    /// Whether something is done with what it gives.
    used: bool,
}

/// Whether these pieces (items of the snippet) can call a function of this name and signature: there is no call of that
/// name in them, or at least one that fits.
pub(super) fn can_call(
    snippet: &Snippet,
    pieces: impl Iterator<Item = usize>,
    name: &str,
    signature: &Signature,
) -> bool {
    let syntax = &snippet.syntax;
    let nodes = pieces.filter_map(|at| syntax.at(snippet.items[at].span.clone()));
    let mut calls = nodes
        .flat_map(|node| syntax.walk(node))
        .filter_map(|node| call_of(syntax, node, name))
        .peekable();
    calls.peek().is_none() || calls.any(|call| call.fits(signature))
}

fn call_of(syntax: &Syntax, node: Node<'_>, name: &str) -> Option<Call> {
    let callee = node.child_by_field_name("function")?;
    if node.kind() != "call_expression" || syntax.of(callee) != name {
        return None;
    }
    let list = node.child_by_field_name("arguments")?;
    let mut cursor = list.walk();
    let arguments: Vec<Node> = list
        .named_children(&mut cursor)
        .filter(|node| node.kind() != "comment")
        .collect();
    let unknown = match arguments.as_slice() {
        [only] => matches!(only.kind(), "call_expression" | "variadic_argument"),
        several => several.iter().any(|it| it.kind() == "variadic_argument"),
    };
    let parent = node.parent().map(|parent| parent.kind());
    Some(Call {
        arguments: (!unknown && !node.has_error()).then_some(arguments.len()),
        used: !matches!(
            parent,
            Some("expression_statement" | "go_statement" | "defer_statement") | None
        ),
    })
}

impl Call {
    fn fits(self, signature: &Signature) -> bool {
        let types = &signature.types;
        let variadic = types.last().is_some_and(|kind| kind.starts_with("..."));
        let enough = match (self.arguments, variadic) {
            (None, _) => true,
            (Some(count), true) => count + 1 >= signature.parameters,
            (Some(count), false) => count == signature.parameters,
        };
        enough && (signature.results || !self.used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snippet::item::ItemKind;
    use crate::snippet::tests::note_of;

    /// Whether the last block's code can call the function that the first one declares.
    fn fits(function: &str, code: &str) -> bool {
        let (snippets, _) = note_of(&[function, code]);
        let ItemKind::Func(signature) = &snippets[0].items[0].kind else {
            panic!("{function} is no function")
        };
        let pieces = 0..snippets[1].items.len();
        can_call(&snippets[1], pieces, "process", signature)
    }

    #[test]
    fn the_number_of_arguments_decides_where_it_shows() {
        let two = "func process(a, b int) {}\n";
        assert!(fits(two, "process(1, 2)\n"));
        assert!(!fits(two, "process(1)\n"));
        assert!(!fits(two, "go process()\n"));
        assert!(fits(two, "process(pair())\n"));
        let variadic = "func process(format string, values ...int) {}\n";
        assert!(fits(variadic, "process(\"\")\n"));
        assert!(fits(variadic, "process(\"\", all...)\n"));
        assert!(!fits(variadic, "process()\n"));
    }

    #[test]
    fn a_value_that_is_used_has_to_be_there() {
        let none = "func process(a int) {}\n";
        assert!(fits(none, "process(1)\ndefer process(2)\n"));
        assert!(!fits(none, "x := process(1)\n"));
        assert!(!fits(none, "results <- process(1)\n"));
        assert!(fits(
            "func process(a int) int { return a }\n",
            "x := process(1)\n"
        ));
    }

    #[test]
    fn one_call_that_fits_is_enough_and_no_call_says_nothing() {
        let one = "func process(a int) {}\n";
        assert!(fits(one, "process(1, 2)\nprocess(1)\n"));
        assert!(fits(one, "run(process)\n"));
    }
}
