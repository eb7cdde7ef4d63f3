//! Comments that give a part of what is printed, or more than that: with dots in a line, one of several values, some lines of
//! many, values for several cases.

use std::sync::LazyLock;

use regex::Regex;

use crate::claim::value;
use crate::snippet::Syntax;

use super::text;

/// Whether a text with dots between its words (`step 0 ... step 8`, `1 2 3 …`) is the output with words left out there.
pub(super) fn is_elided(expected: &str, observed: &str) -> bool {
    let (expected, observed) = (words(expected), words(observed));
    let mut parts: Vec<&[&str]> = expected.split(|word| is_dots(word)).collect();
    if parts.len() < 2 || parts[0].is_empty() {
        return false;
    }
    let open = parts.last().is_some_and(|last| last.is_empty());
    parts.retain(|part| !part.is_empty());
    let mut from = 0;
    for (number, part) in parts.iter().enumerate() {
        let found = observed[from..]
            .windows(part.len())
            .position(|window| window == *part);
        match found {
            Some(at) if number > 0 || at == 0 => from += at + part.len(),
            _ => return false,
        }
    }
    // What stands behind the last dots is how the output ends.
    open || parts.len() > 1 && parts.last().is_some_and(|last| observed.ends_with(last))
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、'))
        .filter(|word| !word.is_empty())
        .collect()
}

fn is_dots(word: &str) -> bool {
    word.len() > 1 && word.chars().all(|c| c == '.') || word.chars().all(|c| c == '…')
}

/// Whether a list, map or struct that the note gives is one of several things that were printed.
pub(super) fn is_one_of_several(expected: &str, observed: &str) -> bool {
    let expected = expected.trim();
    let is_list = expected.starts_with(['[', '{', '&', 'm']) && expected.ends_with([']', '}']);
    let pieces = value::pieces(observed);
    is_list
        && value::is_value(expected)
        && pieces.len() > 1
        && pieces
            .iter()
            .any(|piece| text::compare(expected, piece).is_some())
}

// Words that tell cases apart, and words that deny what stands beside them.
static CASES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:or|for|on|if|when|under|otherwise|elsewhere)\b|位|下|时|或|如果|否则")
        .expect("a constant")
});
static DENIED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\bnot\b|n't\b|\binstead\b|\brather\b|\bexpect|\bwrong\b|不|非|以为|错")
        .expect("a constant")
});
static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[-+]?[0-9A-Za-z_.]+").expect("a constant"));

/// Whether a comment that gives values for several cases (`4 (32-bit) or 8 (64-bit)`) has the one that was printed.
pub(super) fn is_one_of_cases(comment: &str, printed: &str) -> bool {
    let mut tokens = TOKEN.find_iter(comment);
    value::is_value(printed)
        && CASES.is_match(comment)
        && !DENIED.is_match(comment)
        && tokens.any(|token| token.as_str().trim_end_matches('.') == printed)
}

/// Whether the pieces of a text are lines of the output, in their order, with others between them.
pub(super) fn are_lines_among_others(expected: &str, transcript: &str) -> bool {
    let pieces: Vec<&str> = expected
        .split([',', '，', '、', '\n'])
        .map(str::trim)
        .filter(|piece| !piece.is_empty())
        .collect();
    let mut lines = transcript.lines();
    pieces.len() > 1
        && pieces
            .iter()
            .all(|piece| lines.any(|line| text::compare(piece, line).is_some()))
}

/// Whether what a text has beside `printed` is spelled by the code too, so that it is output rather than a remark.
pub(super) fn spells_more(syntax: &Syntax, expected: &str, printed: &str) -> bool {
    let Some(rest) = expected.trim().strip_prefix(printed.trim()) else {
        return false;
    };
    let mut literals = syntax
        .walk(syntax.root())
        .filter(|node| node.kind() == "interpreted_string_literal")
        .map(|node| syntax.of(node).trim_matches('"'))
        .filter(|literal| literal.contains(' ') || literal.chars().count() > 3);
    literals.any(|literal| {
        let mut pieces = rest.split([',', '，', '、']).map(str::trim);
        pieces.any(|piece| piece == literal.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_may_be_left_out_where_dots_stand() {
        let output = "step 0\nstep 1\nstep 2\ndone";
        assert!(is_elided("step 0 ... step 2\ndone", output));
        assert!(is_elided("step 0, step 1, ...", output));
        assert!(!is_elided("step 1 ... done", output));
        assert!(!is_elided("step 0 ... step 2", output));
        assert!(!is_elided("step 0 ... step 3\ndone", output));
        assert!(!is_elided("step 0", output));
    }

    #[test]
    fn one_value_of_several() {
        assert!(is_one_of_several("[1 2]", "split = [1 2] 2"));
        assert!(!is_one_of_several("[1 3]", "split = [1 2] 2"));
        assert!(!is_one_of_several("2", "split = [1 2] 2"));
        assert!(!is_one_of_several("[1 2]", "[1 2]"));
    }

    #[test]
    fn one_of_several_cases() {
        assert!(is_one_of_cases("4 (32-bit) or 8 (64-bit)", "8"));
        assert!(is_one_of_cases("32 位为 4，64 位为 8", "8"));
        assert!(is_one_of_cases("2 for odd, 1 for even", "1"));
        assert!(!is_one_of_cases("3 for odd, not 4", "4"));
        assert!(!is_one_of_cases("3, 4", "4"));
        assert!(!is_one_of_cases("3 for odd, 2 for even", "4"));
    }

    #[test]
    fn lines_among_others() {
        assert!(are_lines_among_others("a, c", "a\nb\nc"));
        assert!(!are_lines_among_others("c, a", "a\nb\nc"));
        assert!(!are_lines_among_others("a", "a\nb"));
    }

    #[test]
    fn output_that_the_code_spells_is_no_remark() {
        let syntax = Syntax::parse("fmt.Println(\"third one\")\nfmt.Println(\"second one\")\n");
        assert!(spells_more(&syntax, "third one, second one", "third one"));
        assert!(!spells_more(
            &syntax,
            "third one, as it was put last",
            "third one"
        ));
    }
}
