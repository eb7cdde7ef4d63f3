//! The difference between what the note says and what Go prints, line by line.

use std::time::Duration;

pub use similar::ChangeTag;
use similar::TextDiff;

use super::text::line;

/// Lines around a difference that are shown with it.
const CONTEXT: usize = 2;

/// Two texts of any size are compared this long at most; after that the difference is less good.
const TIME: Duration = Duration::from_millis(200);

/// A line of the difference; `None` stands for equal lines that are left out.
pub type Line = Option<(ChangeTag, String)>;

/// The lines that differ, with some around them.
pub fn lines(expected: &str, observed: &str) -> Vec<Line> {
    // A last line without its line break would be another line than the same one with it.
    let ended = |text: &str| format!("{}\n", text.trim_end());
    let (expected, observed) = (ended(expected), ended(observed));
    let diff = TextDiff::configure()
        .timeout(TIME)
        .diff_lines(&expected, &observed);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(CONTEXT) {
        if !lines.is_empty() {
            lines.push(None);
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let text = change.value().trim_end_matches('\n').to_owned();
            lines.push(Some((change.tag(), text)));
        }
    }
    lines
}

/// The difference as plain text of at most `most` lines: `-` what the note says, `+` what Go prints.
pub fn plain(expected: &str, observed: &str, most: usize) -> String {
    let lines = lines(expected, observed);
    let mut text: Vec<String> = lines.iter().take(most).map(marked).collect();
    if lines.len() > most {
        text.push(format!("… {} more lines …", lines.len() - most));
    }
    text.join("\n")
}

fn marked(changed: &Line) -> String {
    match changed {
        None => "…".to_owned(),
        Some((tag, text)) => format!("{tag}{}", line(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_marked_and_control_characters_escaped() {
        let text = plain("a\nb\n", "a\n\x1b[1mc\n", 9);
        assert_eq!(text, " a\n-b\n+\\x1b[1mc");
    }

    #[test]
    fn the_last_line_is_a_line_like_the_others() {
        assert_eq!(plain("a\nb", "a\nb\nc\n", 9), " a\n b\n+c");
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let text = plain("1\n2\n3\n", "4\n5\n6\n", 2);
        assert_eq!(text, "-1\n-2\n… 4 more lines …");
    }
}
