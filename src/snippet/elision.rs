//! What authors leave out: `...`, `…`, `……` standing where code would.
//!
//! The rule: a line that consists of nothing but dots (ASCII or `…`), or dots alone between braces, is
//! an elision. It is blanked so that the rest can be compiled. Code with something left out is
//! compiled, never run: what it would do is not what the author's whole program does.

use regex::Regex;
use std::sync::LazyLock;

static DOTS_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^[ \t]*(\.{3,}|…+|\.{3,}[ \t]*//[^\n]*)[ \t;]*$").expect("a constant")
});
static DOTS_IN_BRACES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{[ \t]*(\.{3,}|…+)[ \t]*\}").expect("a constant"));

/// A comment that stands for code: dots, or words for "the rest".
static DOTS_IN_COMMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^\s*(?://|/\*)\s*(?:\.{3,}|…|省略|其他字段|其它字段|其余|other fields|omitted|rest of)")
        .expect("a constant")
});

/// Whether a comment in the code says that something is left out: `// ... other fields`.
pub fn is_partial(code: &str) -> bool {
    DOTS_IN_COMMENT.is_match(code)
}

/// The code with its elisions blanked (same length, same lines), if it has any.
pub fn blank(code: &str) -> Option<String> {
    let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
    for captures in DOTS_LINE
        .captures_iter(code)
        .chain(DOTS_IN_BRACES.captures_iter(code))
    {
        if let Some(dots) = captures.get(1) {
            ranges.push(dots.range());
        }
    }
    if ranges.is_empty() {
        return None;
    }
    let mut text = code.to_owned();
    for range in ranges {
        blank_range(&mut text, range);
    }
    Some(text)
}

/// Replace the bytes of `range` by spaces, keeping line breaks.
pub fn blank_range(text: &mut String, range: std::ops::Range<usize>) {
    let blanks: String = text[range.clone()]
        .bytes()
        .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
        .collect();
    text.replace_range(range, &blanks);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_may_say_that_something_is_left_out() {
        assert!(is_partial(
            "type T struct {\n\t// ...其他字段\n\tn int\n}\n"
        ));
        assert!(is_partial("type T struct {\n\t// … more\n}\n"));
        assert!(!is_partial("type T struct {\n\tn int // 1, 2, ...\n}\n"));
    }

    #[test]
    fn only_dots_that_stand_for_code_are_elisions() {
        let code = "f(a...)\nfunc g() { ... }\n\t...\n…\nx := []int{1, 2}\n";
        let blanked = blank(code).unwrap();
        assert_eq!(blanked.len(), code.len());
        assert!(blanked.starts_with("f(a...)\nfunc g() {     }\n"));
        assert!(!blanked.contains('…'));
        assert_eq!(blank("f(a...)\nvar s = [...]int{1}\n"), None);
    }
}
