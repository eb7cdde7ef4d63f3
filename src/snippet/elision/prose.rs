//! Words of a person between the code: what is no statement, and shows no sign of code.

use std::ops::Range;

use super::text::{free, is_free};
use super::{blank_start, blanked};
use crate::snippet::syntax::Syntax;

// A sentence without any sign of code.
pattern!(
    SENTENCE,
    r"(?m)^[ \t]*\p{Lu}?[\p{L}\d'’-]+(?:[ ,]+[\p{L}\d'’-]+)+[.:!?]?[ \t]*$"
);
pattern!(
    CHINESE,
    r"(?m)^[ \t]*(?:\d+[、.．]\s*)?[\p{Han}][^\n{}=;\x22`]*$"
);
pattern!(HAN, r"\p{Han}");
pattern!(
    SAYS_OMITTED,
    r"省略|略去|略过|等等|其[他它]|\bomitted\b|\bet ?c\b|\brest of\b"
);
/// Chinese words that parse as a statement of one name, which Go does not accept.
pub fn bare_words(code: &str) -> Option<String> {
    let syntax = Syntax::parse(code);
    let ranges: Vec<Range<usize>> = syntax
        .walk(syntax.root())
        .filter(|node| node.kind() == "expression_statement")
        .filter(|node| {
            node.named_child(0)
                .is_some_and(|only| only.kind() == "identifier")
        })
        .filter(|node| HAN.is_match(syntax.of(*node)))
        .map(|node| node.byte_range())
        .collect();
    (!ranges.is_empty()).then(|| blanked(code, ranges))
}

/// Lines of prose, which have no sign of code in them and are no statement.
pub fn prose(code: &str) -> Option<(String, Vec<usize>)> {
    let free = free(code);
    let syntax = Syntax::parse(code);
    let mut left_out = Vec::new();
    let ranges: Vec<Range<usize>> = CHINESE
        .find_iter(code)
        .chain(SENTENCE.find_iter(code))
        .filter(|found| is_free(&free, found.start() + blank_start(found.as_str())))
        .filter(|found| {
            let line = found.as_str().trim();
            let calls = line.contains('(') && Syntax::parse(line).error_bytes() == 0;
            let start = found.start() + blank_start(found.as_str());
            !calls && !starts_statement(line) && !is_in_list(&syntax, start..start + line.len())
        })
        .map(|found| {
            if SAYS_OMITTED.is_match(found.as_str()) {
                left_out.push(found.start());
            }
            found.range()
        })
        .collect();
    (!ranges.is_empty()).then(|| (blanked(code, ranges), left_out))
}

/// Whether a line of words is a field, a parameter or a declared name with its type: `x, y int`.
fn is_in_list(syntax: &Syntax, line: Range<usize>) -> bool {
    const IN_LISTS: [&str; 5] = [
        "field_declaration",
        "parameter_declaration",
        "var_spec",
        "const_spec",
        "type_spec",
    ];
    let node = syntax.at(line);
    node.is_some_and(|node| IN_LISTS.contains(&node.kind()) && !node.has_error())
}

/// Whether a line of words begins as a statement of Go does.
fn starts_statement(line: &str) -> bool {
    const KEYWORDS: [&str; 19] = [
        "break",
        "case",
        "chan",
        "const",
        "continue",
        "default",
        "defer",
        "else",
        "fallthrough",
        "for",
        "func",
        "go",
        "goto",
        "if",
        "import",
        "package",
        "return",
        "type",
        "var",
    ];
    line.split_whitespace()
        .next()
        .is_some_and(|word| KEYWORDS.contains(&word))
}
