//! Lines that are wider than the terminal, broken between words: those of sentences. Lines of notes and of diffs were cut to
//! its width before. Only for terminals: what goes into a pipe keeps its lines, so that it can be searched.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// How far the rest of a broken line stands to the right of its start.
const INDENT: usize = 2;
/// Lines that start so far to the right are those of a diff.
const DEEP: usize = 6;

/// `text`, with every line broken that is wider than `width`. Colours take no room.
pub fn lines(text: &str, width: usize) -> String {
    text.split_inclusive('\n')
        .map(|line| {
            let (line, end) = match line.strip_suffix('\n') {
                Some(line) => (line, "\n"),
                None => (line, ""),
            };
            broken(line, width) + end
        })
        .collect()
}

fn broken(line: &str, width: usize) -> String {
    if line_width(line) <= width {
        return line.to_owned();
    }
    let plain = anstream::adapter::strip_str(line).to_string();
    let blanks = plain.len() - plain.trim_start_matches(' ').len();
    if blanks >= DEEP || is_of_a_note(&plain[blanks..]) {
        return line.to_owned();
    }
    // `  = fix: …` goes on below its name.
    let marked = plain[blanks..].starts_with("= ");
    let indent = (blanks + if marked { 2 * INDENT } else { INDENT }).min(width / 2);
    let mut out = String::new();
    let mut used = 0;
    for (nth, word) in line.split(' ').enumerate() {
        let wide = line_width(word);
        if nth > 0 && used + 1 + wide > width && used > indent {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            used = indent;
        } else if nth > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += wide;
    }
    out
}

/// Whether it is a line of a note, with its number, or what underlines it.
fn is_of_a_note(line: &str) -> bool {
    line.trim_start_matches(|c: char| c.is_ascii_digit())
        .trim_start()
        .starts_with('|')
}

/// The columns that a text takes, without what only colours it.
fn line_width(text: &str) -> usize {
    match text.contains('\x1b') {
        false => text.width(),
        true => anstream::adapter::strip_str(text)
            .to_string()
            .chars()
            .map(|c| c.width().unwrap_or_default())
            .sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_break_between_words_and_go_on_below_where_they_start() {
        assert_eq!(lines("one two three\n", 13), "one two three\n");
        assert_eq!(lines("one two three\n", 10), "one two\n  three\n");
        assert_eq!(
            lines("  = fix: replace by `a b`", 20),
            "  = fix: replace by\n      `a b`"
        );
        for kept in [
            "12 | fmt.Println(x) // 3",
            "   | ^^^ prints `4`",
            "         -one two three four",
        ] {
            assert_eq!(lines(kept, 12), kept);
        }
        assert_eq!(lines("averylongwordindeed", 10), "averylongwordindeed");
        assert_eq!(lines("中文 中文 中文", 10), "中文 中文\n  中文");
    }

    #[test]
    fn colours_take_no_room() {
        let text = "\x1b[1mone\x1b[0m \x1b[31mtwo\x1b[0m";
        assert_eq!(lines(text, 7), text);
        assert_eq!(lines(text, 6), "\x1b[1mone\x1b[0m\n  \x1b[31mtwo\x1b[0m");
    }
}
