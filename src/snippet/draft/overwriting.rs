//! Variables whose value a fragment does not need, since it gives them another before it looks at them.

use tree_sitter::Node;

use crate::snippet::syntax::Syntax;

use super::Draft;

/// Whether the first of the statements that mention `name` is an assignment that gives it a new value, of which it is no
/// part. Functions may look at it whenever they are called.
pub(super) fn overwrites(draft: &Draft, name: &str) -> bool {
    let items = &draft.snippet.items;
    let mentions = |at: &&usize| items[**at].mentions.contains(name);
    if draft.top.iter().any(|at| mentions(&at)) || !draft.carried.is_empty() {
        return false;
    }
    let Some(&first) = draft.body.iter().find(mentions) else {
        return false;
    };
    let syntax = &draft.snippet.syntax;
    let statement = syntax.at(items[first].span.clone());
    statement.is_some_and(|statement| assigns(syntax, statement, name))
}

fn assigns(syntax: &Syntax, statement: Node, name: &str) -> bool {
    let field = |field| statement.child_by_field_name(field);
    let (Some(left), Some(right)) = (field("left"), field("right")) else {
        return false;
    };
    let is_it = |node: Node| node.kind() == "identifier" && syntax.of(node) == name;
    let plain = field("operator").is_some_and(|operator| syntax.of(operator) == "=");
    let mut cursor = left.walk();
    statement.kind() == "assignment_statement"
        && plain
        && left.named_children(&mut cursor).any(is_it)
        // `i, s[i] = 1, 2` looks at the old one.
        && syntax.walk(left).filter(|node| is_it(*node)).count() == 1
        && !syntax.walk(right).any(is_it)
}
