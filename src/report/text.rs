//! Text from outside, made fit to be shown.
//!
//! What a program prints and what a note contains must neither drive the terminal nor look like lines
//! of the report, so that nothing gets there but through [`line`].

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Stands for a line break where everything has to stay on one line.
pub const BREAK: &str = "⏎";

/// `text` on one line: control characters and invisible ones that change the order or the look of
/// others are written as escapes in Go's notation, line breaks as [`BREAK`].
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => safe.push_str(BREAK),
            '\r' => safe.push_str(r"\r"),
            '\t' => safe.push_str(r"\t"),
            c if !is_harmful(c) => safe.push(c),
            c if u32::from(c) < 0x80 => safe.push_str(&format!(r"\x{:02x}", u32::from(c))),
            c if u32::from(c) < 0x1_0000 => safe.push_str(&format!(r"\u{:04x}", u32::from(c))),
            c => safe.push_str(&format!(r"\U{:08x}", u32::from(c))),
        }
    }
    Cow::Owned(safe)
}

/// Control characters, line separators, and the invisible characters that reorder text, tag it, or
/// have no width. The joiners U+200C and U+200D stay: scripts and emoji are written with them.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{feff}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// `text` with its line breaks and tabs, and with [`line`]'s escapes for everything else.
pub fn lines(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|one| {
            let parts: Vec<_> = one.split('\t').map(line).collect();
            parts.join("\t")
        })
        .collect();
    lines.join("\n")
}

/// `text` with each harmful character but the tab replaced by a single one that stands for it, so that
/// columns stay what they are: `␛` for escape, `�` for those that have no picture.
pub fn pictured(text: &str) -> String {
    text.chars()
        .map(|c| match u32::from(c) {
            0x09 => c,
            control @ 0..0x20 => char::from_u32(0x2400 + control).unwrap_or('�'),
            0x7f => '␡',
            _ if is_harmful(c) => '�',
            _ => c,
        })
        .collect()
}

/// The first lines of a text and its last ones, with a line between that says how many are left out.
pub fn ends(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    if lines.len() <= 12 {
        return lines.join("\n");
    }
    let (head, tail) = (&lines[..6], &lines[lines.len() - 4..]);
    format!(
        "{}\n… ({} lines)\n{}",
        head.join("\n"),
        lines.len() - 10,
        tail.join("\n")
    )
}

/// `text` cut to at most `width` terminal columns, with `…` for what is left out at the end.
pub fn shorten(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let mut used = 1;
    let end = text
        .char_indices()
        .find(|(_, c)| {
            used += c.width().unwrap_or(0);
            used > width
        })
        .map_or(text.len(), |(at, _)| at);
    let kept = text.get(..end).unwrap_or_default();
    Cow::Owned(format!("{kept}…"))
}

/// `count` of `one`, in the plural with an `s` if it has to be.
pub fn count(count: u32, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        more => format!("{more} {one}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_can_neither_drive_the_terminal_nor_forge_lines() {
        assert_eq!(line("\x1b[2J\x07ok"), r"\x1b[2J\x07ok");
        assert_eq!(line("1\n2\r3\t4"), r"1⏎2\r3\t4");
        assert_eq!(line("\u{9b}31m \u{202e}txt"), r"\u009b31m \u202etxt");
        assert_eq!(line("\u{e0041}"), r"\U000e0041");
    }

    #[test]
    fn ordinary_text_of_any_script_stays_as_it_is() {
        for text in ["3, 3, 3", "输出：世界", "👩\u{200d}💻", "é"] {
            assert!(matches!(line(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn several_lines_stay_several_lines() {
        assert_eq!(lines("a\tb\r\n\x1bc\n"), "a\tb\n\\x1bc");
    }

    #[test]
    fn pictures_keep_the_columns() {
        let text = "\t\x1b[31m世\x7f\u{202e}";
        assert_eq!(pictured(text), "\t␛[31m世␡�");
        assert_eq!(pictured(text).chars().count(), text.chars().count());
    }

    #[test]
    fn shortening_counts_columns_and_not_characters() {
        assert_eq!(shorten("abcdef", 6), "abcdef");
        assert_eq!(shorten("abcdef", 4), "abc…");
        assert_eq!(shorten("世界和平", 5), "世界…");
        assert_eq!(shorten("世界和平", 4), "世…");
    }
}
