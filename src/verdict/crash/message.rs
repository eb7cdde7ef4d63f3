//! Whether a crash's message is the one that a note quotes: the same words, a part of them, or with another value.

use crate::run::Crash;
use crate::run::crash::is_heading;
use crate::verdict::text::has_address;

/// Whether the quoted message is that of the crash: the same text, or a part of it that is cut.
pub(super) fn message_fits(expected: &str, crash: &Crash) -> bool {
    let plain = |text: &str| {
        let text = text.trim();
        let text = text
            .trim_start_matches("panic:")
            .trim_start_matches("fatal error:")
            .trim();
        let text = text.strip_prefix("runtime error:").unwrap_or(text);
        let words = text.split(|c: char| !c.is_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        words.join(" ").to_lowercase()
    };
    // A listing's first line is its message.
    let expected = expected.trim_start().lines().next().unwrap_or_default();
    // Words in Chinese are the author's remark, not Go's message.
    let expected: String = expected
        .split(crate::claim::lexicon::is_cjk)
        .next()
        .unwrap_or_default()
        .to_owned();
    let expected = plain(&expected);
    // Of nested panics, a listing starts with the first, and a comment quotes the one of its line.
    let mut messages = crash.panics();
    messages.push(crash.message.clone());
    // A quotation may end in the middle of a word, but begins with one.
    let starts_in = |part: &str, whole: &str| format!(" {whole}").contains(&format!(" {part}"));
    let is_in = |part: &str, whole: &str| format!(" {whole} ").contains(&format!(" {part} "));
    expected.is_empty()
        || messages
            .iter()
            .map(|message| plain(message))
            .any(|message| {
                starts_in(&expected, &message) || is_in(&message, &expected) && !message.is_empty()
            })
}

/// The lines with the messages that a crash report starts with: one, or one for each of nested panics.
pub fn headings(report: &str) -> Vec<&str> {
    let heads = |line: &&str| is_heading(line.trim_start());
    let lines = report.lines().map(str::trim_end);
    lines
        .skip_while(|line| !heads(line))
        .take_while(heads)
        .collect()
}

/// Whether all messages of nested panics are those that the note quotes, if it quotes more than one.
pub(super) fn nested_fit(expected: &str, crash: &Crash) -> bool {
    let bare = |line: &str| {
        let line = line.trim().trim_start_matches("panic: ");
        line.split(" [recovered")
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let quoted = headings(expected);
    // Go indents all but the first; lines that are not may be those of several runs.
    let nested = quoted.len() > 1 && quoted[1].starts_with([' ', '\t']);
    let quoted: Vec<String> = quoted.into_iter().map(bare).collect();
    let seen: Vec<String> = headings(&crash.report).into_iter().map(bare).collect();
    // Shown once, or twice: that is judged by what stands in brackets.
    let by_brackets = quoted.len() != seen.len() && detail(expected).is_some();
    // An address is another in each run, and what is cut is a start.
    let fits = |(quoted, seen): (&String, &String)| {
        has_address(seen) || seen.starts_with(quoted.trim_end_matches(['.', '…']))
    };
    let same = quoted.len() == seen.len() && quoted.iter().zip(&seen).all(fits);
    !nested || by_brackets || same
}

/// Whether the note quotes `panic: nil`, all that Go said of `panic(nil)` before 1.21: what it says now has that word in
/// it, and is another message.
pub(super) fn is_former_nil(expected: &str, crash: &Crash) -> bool {
    let quoted = expected.trim_start().lines().next().unwrap_or_default();
    let quoted = quoted.trim().trim_start_matches("panic: ");
    quoted == "nil" && crash.message.contains("panic called with nil argument")
}

/// A line of a crash report that tells more than its message, if `text` has it: the state of the main goroutine, or
/// what became of a panic that was recovered.
pub(super) fn detail(text: &str) -> Option<&str> {
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| {
        line.starts_with("goroutine 1 [") && line.ends_with("]:")
            || line.starts_with("panic: ") && line.contains(" [recovered")
    })
}

/// What such a line has in brackets, without how long it has been so.
fn in_brackets(line: &str) -> &str {
    let (_, brackets) = line.rsplit_once('[').unwrap_or_default();
    let inner = brackets.split(']').next().unwrap_or_default();
    match line.starts_with("goroutine ") {
        true => inner.split(',').next().unwrap_or_default(),
        false => inner,
    }
}

/// Whether the report has the same detail as the note, where both have one.
pub(super) fn detail_fits(expected: &str, report: &str) -> bool {
    match (detail(expected), detail(report)) {
        (Some(quoted), Some(seen)) => in_brackets(quoted) == in_brackets(seen),
        _ => true,
    }
}

/// Whether two messages are the same but for one number or one of Go's own types: the words are Go's then, and the
/// author's are not another Go's.
pub(super) fn differs_in_a_value(expected: &str, message: &str) -> bool {
    let plain = |text: &str| {
        let line = text.trim().lines().next().unwrap_or_default();
        let line = line.trim_start_matches("panic: ");
        line.trim_start_matches("runtime error: ").to_owned()
    };
    let (expected, message) = (plain(expected), plain(message));
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let (expected, message) = (words(&expected), words(&message));
    let value = |word: &str| {
        let word = word.trim_matches(['[', ']', ':', ',', '(', ')', '*', '.']);
        let number = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
        let kinds = ["int", "uint", "float", "string", "bool", "byte", "rune"];
        number
            || kinds.iter().any(|kind| {
                word.strip_prefix(kind)
                    .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()))
            })
    };
    let mut others = expected
        .iter()
        .zip(&message)
        .filter(|(one, other)| one != other);
    let (Some((one, other)), None) = (others.next(), others.next()) else {
        return false;
    };
    expected.len() == message.len() && expected.len() > 2 && value(one) && value(other)
}

/// Whether two messages have a word in common, the words aside that half of all messages have.
pub(super) fn shares_words(expected: &str, message: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.lines()
            .next()
            .unwrap_or_default()
            .split(|c: char| !c.is_alphanumeric())
            .map(str::to_lowercase)
            .filter(|word| {
                word.len() > 2
                    && !matches!(
                        word.as_str(),
                        "panic" | "runtime" | "error" | "the" | "not" | "fatal"
                    )
            })
            .collect()
    };
    let message = words(message);
    words(expected).iter().any(|word| message.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_with_another_number_is_another_message() {
        let seen = "runtime error: index out of range [3] with length 3";
        assert!(differs_in_a_value(
            "index out of range [4] with length 3",
            seen
        ));
        assert!(!differs_in_a_value("index out of range", seen));
        assert!(!differs_in_a_value(
            "index out of bounds [3] with length 3",
            seen
        ));
        assert!(differs_in_a_value(
            "panic: interface conversion: interface {} is int64, not int32",
            "interface conversion: interface {} is int64, not int"
        ));
    }

    #[test]
    fn details_are_compared_where_both_have_one() {
        let report = "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive, 2 minutes]:\nmain.main()";
        assert!(detail_fits("all goroutines are asleep", report));
        assert!(detail_fits("goroutine 1 [chan receive]:", report));
        assert!(!detail_fits("goroutine 1 [chan send]:", report));
        // Which of the others stands first, and its number, is chance.
        assert!(detail_fits("goroutine 7 [chan send]:", report));
        let again = "panic: late [recovered, repanicked]";
        assert!(!detail_fits(
            "panic: late [recovered]\n\tpanic: late",
            again
        ));
        assert!(detail_fits(again, again));
        assert!(detail_fits("panic: late", again));
    }
}
