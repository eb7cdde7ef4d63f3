//! Lines that Go is said not to take: `var s string = nil // error`, `var m map[key]int // 非法，切片不能比较`.

use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use crate::snippet::Syntax;

use super::trailing::Builder;
use super::{Claim, Confidence, Kind, lexicon};

// `error`, `error, unused variable`, `非法，接口不能做 key`: words that say of a line that Go does not take it.
static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:[❌✗×✘]\s*)?(?:this is (?:an )?|会|这里|这行)?(?:error|illegal|not allowed|报错|非法|不合法|不允许)\s*[!！。.]?(?:\s*[,，:：;；(（]\s*(?P<reason>\S.*))?$")
        .expect("a constant")
});

static MESSAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^[\x20-\x7e]*\b(?:cannot|undefined|unused|not used|mismatch\w*|missing|redeclared|no new variables|overflows?|invalid|implement|assign)\b[\x20-\x7e]*$")
        .expect("a constant")
});

/// `var s string = nil // error`: a line that calls nothing and reaches into nothing can only fail in the
/// compiler.
pub(super) fn read(builder: &Builder, syntax: &Syntax, statement: Option<Node>) -> Option<Claim> {
    const REACHING: [&str; 9] = [
        "call_expression",
        "index_expression",
        "slice_expression",
        "type_assertion_expression",
        "send_statement",
        "func_literal",
        "parameter_declaration",
        "selector_expression",
        "for_statement",
    ];
    let text = builder.comment.text.as_str();
    let said = REFUSED.captures(text)?;
    let statement = statement?;
    let declares = matches!(
        statement.kind(),
        "var_declaration"
            | "const_declaration"
            | "short_var_declaration"
            | "assignment_statement"
            | "inc_statement"
            | "dec_statement"
            | "type_declaration"
    );
    let reaches = syntax.walk(statement).any(|node| {
        REACHING.contains(&node.kind())
            // `<-ch`, `*p`, `a / b`
            || node.kind() == "unary_expression" && syntax.of(node).starts_with(['<', '*'])
            || node.kind() == "binary_expression" && syntax.of(node).contains(['/', '%'])
            // `var err error // error` names the type.
            || node.kind() == "type_identifier" && syntax.of(node) == "error"
    });
    if !declares || reaches || lexicon::CONDITIONAL.is_match(text) {
        return None;
    }
    let reason = said
        .name("reason")
        .map_or("", |reason| reason.as_str().trim());
    // Only what may be the compiler's words can be compared with them.
    let reason = if MESSAGE.is_match(reason) {
        reason.trim_end_matches([')', '.'])
    } else {
        ""
    };
    Some(builder.claim(Kind::CompileError, reason, Confidence::Likely))
}
