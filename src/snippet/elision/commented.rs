//! Types that a comment declares, as exercises have them: what their judge provides stands above the answer.
//!
//! ```text
//! // Definition for a list.
//! // type ListNode struct {
//! //     Next *ListNode
//! // }
//! func reverse(head *ListNode) *ListNode { … }
//! ```
//! Code that uses such a type and does not declare it can mean no other: the declaration is taken out of the comment.

use std::ops::Range;

use super::blank_range;
use crate::snippet::syntax::Syntax;

pattern!(
    STRUCT,
    r"(?m)^[ \t]*(?://|\*)?[ \t]*type[ \t]+([\pL_][\pL\pN_]*)[ \t]+struct[ \t]*\{[ \t]*\n(?:[ \t]*(?://|\*)?[^\n}]*\n)*?[ \t]*(?://|\*)?[ \t]*\}[ \t]*$"
);
// What a line of a comment begins with.
pattern!(MARKER, r"(?m)^[ \t]*(//|\*)");

/// The code with the types declared that it uses and that only a comment declares.
pub(super) fn declared(code: &str) -> Option<String> {
    if code.lines().any(|line| line.starts_with("package ")) {
        return None;
    }
    let found: Vec<_> = STRUCT.captures_iter(code).collect();
    if found.is_empty() {
        return None;
    }
    let syntax = Syntax::parse(code);
    let mut text = code.to_owned();
    for found in found {
        let (range, name) = (found.get(0)?.range(), &found[1]);
        let first = range.start + code[range.clone()].find(|c: char| !c.is_whitespace())?;
        let comment = syntax
            .at(first..first)
            .filter(|node| node.kind() == "comment");
        let Some(comment) = comment else { continue };
        let mut names = syntax.walk(syntax.root());
        let used = names.any(|it| it.kind() == "type_identifier" && syntax.of(it) == name);
        let is_declared = syntax.walk(syntax.root()).any(|it| {
            let name_of = it.child_by_field_name("name");
            it.kind() == "type_spec" && name_of.is_some_and(|it| syntax.of(it) == name)
        });
        if !used || is_declared {
            continue;
        }
        for marker in MARKER.captures_iter(&code[range.clone()]) {
            let marker = marker.get(1)?.range();
            blank_range(
                &mut text,
                range.start + marker.start..range.start + marker.end,
            );
        }
        if code[comment.byte_range()].starts_with("/*") {
            // The words around it can't stay without their marks.
            let around: [Range<usize>; 2] = [
                comment.start_byte()..range.start,
                range.end..comment.end_byte(),
            ];
            around.into_iter().for_each(|it| blank_range(&mut text, it));
        }
    }
    let fits = Syntax::parse(&text).error_bytes() <= syntax.error_bytes();
    (text != code && fits).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::declared;

    const USE: &str = "func next(n *Node) *Node { return n.Next }\n";

    #[test]
    fn a_type_that_only_a_comment_declares_is_declared() {
        let lines =
            "// Definition:\n// type Node struct {\n//     Val int\n//     Next *Node\n// }\n";
        let text = declared(&format!("{lines}{USE}")).unwrap();
        assert!(
            text.starts_with("// Definition:\n   type Node struct {\n       Val int\n"),
            "{text}"
        );
        assert_eq!(text.len(), lines.len() + USE.len());
        let block = "/**\n * Definition:\n * type Node struct {\n *     Next *Node\n * }\n */\n";
        let text = declared(&format!("{block}{USE}")).unwrap();
        assert!(
            text.trim_start().starts_with("type Node struct {") && !text.contains("Definition"),
            "{text}"
        );
    }

    #[test]
    fn a_type_that_is_declared_or_not_used_stays_in_its_comment() {
        let lines = "// type Node struct {\n//     Next *Node\n// }\n";
        assert_eq!(declared(&format!("{lines}func f() {{}}\n")), None);
        let own = "type Node struct{ Next *Node }\n";
        assert_eq!(declared(&format!("{lines}{own}{USE}")), None);
        assert_eq!(declared(&format!("package a\n\n{lines}{USE}")), None);
    }
}
