//! The difference between what the note says and what Go prints, for a terminal.

use super::{DIM, GREEN, RED};
use crate::report::diff::{ChangeTag, Line, lines};
use crate::report::text::{line, shorten};

/// The most lines that are shown.
const LINES: usize = 20;

/// How far annotate-snippets indents what comes after ` = diff: `.
const INDENT: usize = 14;

/// A unified diff of at most [`LINES`] lines (the middle is left out) and `width` columns.
pub fn render(expected: &str, observed: &str, width: usize) -> String {
    let lines = lines(expected, observed);
    let mut out = format!("{RED}-{RED:#} the note, {GREEN}+{GREEN:#} Go");
    let omitted = lines.len().saturating_sub(LINES);
    // One line is for saying how many are left out.
    let (head, tail) = match omitted {
        0 => (lines.len(), 0),
        _ => (LINES / 2, LINES - LINES / 2 - 1),
    };
    let width = width.saturating_sub(INDENT);
    for changed in lines.iter().take(head) {
        push(&mut out, changed, width);
    }
    if omitted > 0 {
        out.push_str(&format!("\n{DIM}… {} more lines …{DIM:#}", omitted + 1));
    }
    for changed in lines.iter().skip(lines.len() - tail) {
        push(&mut out, changed, width);
    }
    out
}

fn push(out: &mut String, changed: &Line, width: usize) {
    let (style, sign, text) = match changed {
        None => (DIM, "…", ""),
        Some((ChangeTag::Delete, text)) => (RED, "-", text.as_str()),
        Some((ChangeTag::Insert, text)) => (GREEN, "+", text.as_str()),
        Some((ChangeTag::Equal, text)) => (DIM, " ", text.as_str()),
    };
    let text = line(text);
    let text = shorten(&text, width);
    out.push_str(&format!("\n{style}{sign}{text}{style:#}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(expected: &str, observed: &str) -> String {
        let text = render(expected, observed, 60);
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn lines_are_marked_and_control_characters_escaped() {
        assert_eq!(
            plain("a\nb\n", "a\n\x1b[1mc\n"),
            "- the note, + Go\n a\n-b\n+\\x1b[1mc"
        );
    }

    #[test]
    fn a_long_diff_leaves_out_its_middle() {
        let many = |word: &str| {
            (0..100)
                .map(|n| format!("{word} {n}\n"))
                .collect::<String>()
        };
        let text = plain(&many("a"), &many("b"));
        assert_eq!(text.lines().count(), LINES + 1);
        assert!(text.contains("… 181 more lines …"), "{text}");
        assert!(text.ends_with("+b 99"), "{text}");
    }
}
