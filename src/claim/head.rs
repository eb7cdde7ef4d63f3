//! Comments behind the head of a function: `func main() { // prints 3 3 3 before Go 1.22`.
//!
//! The rule: such a comment speaks of the whole function. Where nothing else in the block prints, and the function is
//! called once, that is what the program prints. Behind its closing brace, output may stand as well.

use tree_sitter::Node;

use crate::snippet::{Snippet, Syntax};

use super::comment::Comment;
use super::trailing::Builder;
use super::{Claim, Confidence, Form, Kind, Subject, lexicon, output_comment, value, version};

/// The claim of a comment behind the head of a function.
pub fn claim(snippet: &Snippet, comment: &Comment) -> Option<Claim> {
    let syntax = &snippet.syntax;
    let functions = || {
        syntax
            .walk(syntax.root())
            .filter(|node| matches!(node.kind(), "function_declaration" | "method_declaration"))
    };
    let function = functions().find(|function| {
        let body = function.child_by_field_name("body");
        body.is_some_and(|body| {
            body.start_position().row == comment.line
                && body.end_position().row > comment.line
                && body.start_byte() < comment.span.start
        })
    })?;
    let (text, versions) = version::strip(&comment.text);
    let start = output_comment::said(snippet, text)?;
    let of_others = functions().any(|other| other != function && prints(syntax, other));
    if of_others || times_called(syntax, function) > 1 || lexicon::CONDITIONAL.is_match(text) {
        return None;
    }
    let builder = Builder {
        snippet,
        comment,
        form: Form::TrailingComment,
        subject: Subject::Block,
    };
    let claim = builder.claim(Kind::Stdout, &text[start..], Confidence::Likely);
    let versions = versions.or(claim.versions);
    Some(Claim { versions, ..claim })
}

/// The claim of a comment behind the closing brace of a function that prints: `} // 0 1`, `}//输出结果为：13 23`. Others stand
/// there, too (`} // main`, `} // 2`), so that it is one only if it proves true.
pub fn of_foot(snippet: &Snippet, comment: &Comment) -> Option<Claim> {
    let syntax = &snippet.syntax;
    let mut functions = syntax
        .walk(syntax.root())
        .filter(|node| node.kind() == "function_declaration");
    let function = functions.find(|function| {
        let behind = function.end_byte() <= comment.span.start;
        let over_lines = function.start_position().row < comment.line;
        behind && over_lines && function.end_position().row == comment.line
    })?;
    let (text, versions) = version::strip(&comment.text);
    let lead = lexicon::LEAD_MARKED.find(text).map(|lead| lead.end());
    let start = lead.or_else(|| output_comment::said(snippet, text));
    let several = value::is_values(text) && value::pieces(text).len() > 1;
    let start = start.or(several.then_some(0))?;
    if !prints(syntax, function) || lexicon::CONDITIONAL.is_match(text) {
        return None;
    }
    let builder = Builder {
        snippet,
        comment,
        form: Form::OutputComment,
        subject: Subject::Line(comment.line),
    };
    let claim = builder.claim(Kind::Stdout, &text[start..], Confidence::Weak);
    let versions = versions.or(claim.versions);
    Some(Claim { versions, ..claim })
}

/// Whether a function has a call that prints.
fn prints(syntax: &Syntax, function: Node) -> bool {
    syntax.walk(function).any(|node| {
        let callee = node
            .child_by_field_name("function")
            .filter(|_| node.kind() == "call_expression");
        callee.is_some_and(|callee| {
            let name = syntax.of(callee);
            let name = name.rsplit('.').next().unwrap_or(name).to_lowercase();
            name.contains("print") || name.contains("write")
        })
    })
}

/// How often the block names a function where it does not declare it.
fn times_called(syntax: &Syntax, function: Node) -> usize {
    let Some(name) = function.child_by_field_name("name") else {
        return 0;
    };
    let named = |node: &Node| {
        matches!(node.kind(), "identifier" | "field_identifier")
            && *node != name
            && syntax.of(*node) == syntax.of(name)
    };
    syntax.walk(syntax.root()).filter(named).count()
}
