//! What a line of code holds: the statement that a comment behind it speaks of, and the calls that print.

use std::collections::BTreeSet;

use tree_sitter::Node;

use crate::snippet::syntax::{Syntax, enclosing_statement};

/// The functions of `fmt` that print to stdout.
pub(in crate::snippet) const PRINTS: [&str; 3] = ["fmt.Println", "fmt.Printf", "fmt.Print"];

/// The statement that a comment behind the code of `line` (from 0) speaks of: the outermost one that
/// starts and ends on the line, the last of several; or else the innermost that ends there, or the loop,
/// branch or group of names whose head or member stands there.
pub fn statement_on(syntax: &Syntax, line: usize) -> Option<Node<'_>> {
    let mut whole: Option<Node> = None;
    let mut ending: Option<Node> = None;
    let mut head: Option<Node> = None;
    for node in syntax.walk(syntax.root()) {
        let heads = is_headed(node) && node.start_position().row == line
            || is_group(node) && has_member(node, line);
        let ends = node.end_position().row == line;
        if !node.is_named() || node.kind() == "comment" || !(ends || heads) {
            continue;
        }
        if node.parent().is_none() || enclosing_statement(node) != Some(node) {
            continue;
        }
        if !ends {
            head = Some(node);
            continue;
        }
        if node.start_position().row == line {
            let inside = whole.is_some_and(|outer| node.end_byte() <= outer.end_byte());
            if !inside {
                whole = Some(node);
            }
        } else {
            ending = Some(node);
        }
    }
    whole.or(ending).or(head)
}

fn is_group(node: Node) -> bool {
    matches!(node.kind(), "var_declaration" | "const_declaration")
}

/// Whether one of the names of a `var ( … )` or `const ( … )` is declared on `line`.
fn has_member(group: Node, line: usize) -> bool {
    (group.start_position().row..group.end_position().row).contains(&line)
        && specs(group)
            .iter()
            .any(|spec| spec.end_position().row == line)
}

/// The members of a `var` or `const` declaration.
pub fn specs(declaration: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = declaration.walk();
    let mut specs = Vec::new();
    for child in declaration.named_children(&mut cursor) {
        match child.kind() {
            "var_spec" | "const_spec" => specs.push(child),
            "var_spec_list" => {
                let mut cursor = child.walk();
                specs.extend(
                    child
                        .named_children(&mut cursor)
                        .filter(|it| it.kind() == "var_spec"),
                );
            }
            _ => {}
        }
    }
    specs
}

fn is_headed(node: Node) -> bool {
    matches!(
        node.kind(),
        "for_statement"
            | "if_statement"
            | "expression_switch_statement"
            | "type_switch_statement"
            | "select_statement"
    )
}

/// The calls in `statement` that print to stdout and start on `line`.
pub fn print_calls<'t>(syntax: &'t Syntax, statement: Node<'t>, line: usize) -> Vec<Node<'t>> {
    syntax
        .walk(statement)
        .filter(|node| {
            node.kind() == "call_expression"
                && node
                    .child_by_field_name("function")
                    .is_some_and(|callee| PRINTS.contains(&syntax.of(callee)))
                // A call over several lines ends on the comment's line.
                && (node.start_position().row == line || node.end_position().row == line)
        })
        .collect()
}

/// The lines of the code (from 0) on which a call ends that prints, also by `println`.
pub fn print_lines(syntax: &Syntax) -> BTreeSet<usize> {
    syntax
        .walk(syntax.root())
        .filter(|node| is_print(syntax, *node))
        .map(|node| node.end_position().row)
        .collect()
}

/// Whether a node is a call that prints, to stdout or by `println`.
pub fn is_print(syntax: &Syntax, node: Node) -> bool {
    node.kind() == "call_expression"
        && node.child_by_field_name("function").is_some_and(|callee| {
            let callee = syntax.of(callee);
            PRINTS.contains(&callee) || matches!(callee, "print" | "println")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_speaks_of_the_statement_before_it() {
        let code = "for _, f := range fs {\n\tf() // 3\n} // end\na(); b() // last\ndefer fmt.Println(1,\n\t2) // two\n";
        let syntax = Syntax::parse(code);
        let text = |line| syntax.of(statement_on(&syntax, line).unwrap()).to_owned();
        assert_eq!(text(1), "f()");
        assert!(text(2).starts_with("for"));
        assert_eq!(text(3), "b()");
        assert!(text(5).starts_with("defer"));
    }
}
