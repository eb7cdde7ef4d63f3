//! Comments behind the arguments of a call over several lines, each of which speaks of the argument on its line:
//!
//! ```go
//! fmt.Println(
//!     len(s), // 3
//!     cap(s)) // 5
//! ```

use tree_sitter::Node;

use crate::claim::trailing::Builder;
use crate::claim::{Claim, Confidence, Kind, Subject, value};
use crate::snippet::Syntax;
use crate::snippet::probe::{Glance, Look, is_print};
use crate::snippet::syntax::enclosing_statement;

/// The argument that the comment behind `line` speaks of: the one that ends there, and is not the last one, or of a call
/// that has comments behind other arguments too.
pub(in crate::claim) fn on<'t>(syntax: &'t Syntax, line: usize) -> Option<Node<'t>> {
    let lists = syntax.walk(syntax.root()).filter(|node| {
        let rows = node.start_position().row..=node.end_position().row;
        node.kind() == "argument_list" && rows.contains(&line)
    });
    let of_list = |list: Node<'t>| {
        let mut cursor = list.walk();
        let children: Vec<Node<'t>> = list.named_children(&mut cursor).collect();
        let elsewhere = |it: &Node| it.kind() == "comment" && it.start_position().row != line;
        // Behind the last one it may speak of the whole call.
        if line == list.end_position().row && !children.iter().any(elsewhere) {
            return None;
        }
        let mut arguments = children.into_iter().rev();
        arguments.find(|it| it.kind() != "comment" && it.end_position().row == line)
    };
    lists.filter_map(of_list).last()
}

/// What such a comment says of the argument's value, if it is printed and can be looked at again. Of arguments of other
/// functions it says what they are for.
pub(in crate::claim) fn read(builder: &Builder, syntax: &Syntax, argument: Node) -> Option<Claim> {
    argument
        .parent()?
        .parent()
        .filter(|call| is_print(syntax, *call))?;
    let statement = enclosing_statement(argument)?;
    let expression = syntax.of(argument);
    let text = builder.comment.text.as_str();
    if super::HARMLESS.replace_all(expression, "").contains('(') || !value::is_values(text) {
        return None;
    }
    Some(Claim {
        subject: Subject::Value(Glance {
            line: statement.end_position().row,
            expression: expression.to_owned(),
            look: Look::After,
        }),
        ..builder.claim(Kind::Value, text, Confidence::Likely)
    })
}
