//! What a function gives: `return 5 // 返回 10`, `x := f() // returns 3`, `f(2) // 返回 4`.

use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use crate::snippet::Syntax;
use crate::snippet::probe::{Glance, Look};

use super::trailing::Builder;
use super::{Claim, Confidence, Kind, Subject, value};

// `返回 10`, `返回值会变成10`, `returns 10`, `reference to i, return 1`
static RETURNS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[，,；;]\s*)(?:最终|实际|这里|函数|此时)?(?:会|将)?(?:返回(?:的)?(?:值|结果)?(?:会|将)?(?:是|为|变成|变为|改为)?|(?:it |the function )?(?:returns?|the result is|result is now))\s*[:：]?\s*(?P<value>\S.*)$")
        .expect("a constant")
});

// `copies 3 elements`, `复制了 2 个元素`: what `copy` gives.
static COPIES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:only |只|仅|一共|实际)?(?:会)?(?:copies|copied|复制|拷贝)(?:了)?(?: only)?\s*(?P<value>\d+)\s*(?:个)?(?:元素|字节|elements?|bytes?|items?)")
        .expect("a constant")
});

/// The claim about a result that the comment makes, if it makes one.
pub fn read(builder: &Builder, syntax: &Syntax, statement: Node, line: usize) -> Option<Claim> {
    let copied = COPIES
        .captures(&builder.comment.text)
        .filter(|_| syntax.of(statement).starts_with("copy("));
    let found = copied.or_else(|| RETURNS.captures(&builder.comment.text));
    let said = match &found {
        Some(found) => found["value"].trim(),
        // `return total // 10`: nothing but a value, behind more than a literal.
        None if returns_a_result(statement) && value::is_value(&builder.comment.text) => {
            builder.comment.text.trim()
        }
        None => return None,
    };
    if !value::starts_with_value(said) {
        return None;
    }
    let claim = |expression: String, look, confidence| Claim {
        subject: Subject::Value(Glance {
            line,
            expression,
            look,
        }),
        ..builder.claim(Kind::Value, said, confidence)
    };
    match statement.kind() {
        "return_statement" | "function_declaration" => {
            let call = call_of(syntax, statement)?;
            Some(claim(call, Look::After, Confidence::Certain))
        }
        "expression_statement" => {
            let call = statement.named_child(0)?;
            (call.kind() == "call_expression")
                .then(|| claim(syntax.of(call).to_owned(), Look::Itself, Confidence::Likely))
        }
        "short_var_declaration" | "assignment_statement" => {
            let left = syntax.of(statement.child_by_field_name("left")?);
            let plain = left
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | ',' | ' '));
            let named = left.split(',').all(|name| name.trim() != "_");
            (plain && named).then(|| claim(left.to_owned(), Look::After, Confidence::Likely))
        }
        _ => None,
    }
}

/// Whether a statement returns one result that is no literal.
fn returns_a_result(statement: Node) -> bool {
    let list = statement.named_child(0);
    statement.kind() == "return_statement"
        && list.is_some_and(|list| {
            list.named_child_count() == 1
                && list.named_child(0).is_some_and(|it| {
                    !it.kind().ends_with("_literal")
                        && !matches!(it.kind(), "nil" | "true" | "false")
                })
        })
}

/// The call of the function around `statement`, if it has no parameters and one result, and there is no
/// doubt which `return` is taken.
fn call_of(syntax: &Syntax, statement: Node) -> Option<String> {
    let mut node = Some(statement);
    while let Some(at) = node {
        match at.kind() {
            "function_declaration" => break,
            "func_literal" | "method_declaration" => return None,
            _ => node = at.parent(),
        }
    }
    let function = node?;
    let parameters = function.child_by_field_name("parameters")?;
    if parameters.named_child_count() > 0
        || function.child_by_field_name("type_parameters").is_some()
    {
        return None;
    }
    let result = function.child_by_field_name("result")?;
    if result.kind() == "parameter_list" && result.named_child_count() != 1 {
        return None;
    }
    let name = syntax.of(function.child_by_field_name("name")?);
    let returns = syntax
        .walk(function)
        .filter(|node| node.kind() == "return_statement")
        .count();
    // Of several returns, which one is taken is not known.
    (returns <= 1 || statement.kind() == "function_declaration").then(|| format!("{name}()"))
}
