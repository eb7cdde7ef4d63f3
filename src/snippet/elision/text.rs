//! Code as text: what of it lies in no string and no comment, and Chinese punctuation there.

use std::ops::Range;

pattern!(
    // What a note says that speaks of a mistake in the code's form.
    SPEAKS_OF_FORM,
    r"(?i)编译|语法|报错|全角|compil|syntax|invalid character"
);

/// Chinese punctuation typed in the place of Go's. A file is what its reader copies, so its mistakes stay; and so
/// do those that the block speaks of.
pub(super) fn full_width(code: &str) -> Option<(String, Vec<usize>)> {
    if SPEAKS_OF_FORM.is_match(code) || code.lines().any(|line| line.starts_with("package ")) {
        return None;
    }
    let free = free(code);
    let mut text = String::with_capacity(code.len());
    for (at, c) in code.char_indices() {
        let narrow = match c {
            '，' | '、' => ',',
            '；' => ';',
            '：' => ':',
            '（' => '(',
            '）' => ')',
            '｛' => '{',
            '｝' => '}',
            '【' => '[',
            '】' => ']',
            '“' | '”' | '＂' => '"',
            '‘' | '’' => '\'',
            '！' => '!',
            '＝' => '=',
            '＋' => '+',
            '　' | '\u{a0}' | '\u{200b}' | '\u{feff}' => ' ',
            c => c,
        };
        if narrow == c || !is_free(&free, at) {
            text.push(c);
            continue;
        }
        // What closes keeps its place before the blanks, what opens behind them.
        let pad = " ".repeat(c.len_utf8() - 1);
        if matches!(c, '“' | '‘' | '（') {
            text.push_str(&pad);
            text.push(narrow);
        } else {
            text.push(narrow);
            text.push_str(&pad);
        }
    }
    // What stands between quotes is printed as it is typed: what was meant there is not certain.
    let quotes = code
        .char_indices()
        .filter(|(at, c)| "“”＂‘’".contains(*c) && is_free(&free, *at))
        .map(|(at, _)| at);
    let quotes = quotes.collect();
    (text != code).then_some((text, quotes))
}

/// The parts of the code that lie in no string and no comment.
pub(super) fn free(code: &str) -> Vec<Range<usize>> {
    let bytes = code.as_bytes();
    let mut ranges = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < bytes.len() {
        let rest = &code.as_bytes()[at..];
        let end = match rest {
            [b'/', b'/', ..] => find(code, at, "\n"),
            [b'/', b'*', ..] => find(code, at + 2, "*/").map(|end| end + 2),
            [b'`', ..] => find(code, at + 1, "`").map(|end| end + 1),
            [quote @ (b'"' | b'\''), ..] => Some(after_quote(bytes, at + 1, *quote)),
            _ => {
                at += 1;
                continue;
            }
        };
        ranges.push(start..at);
        at = end.unwrap_or(bytes.len());
        start = at;
    }
    ranges.push(start..bytes.len());
    ranges
}

fn find(code: &str, from: usize, what: &str) -> Option<usize> {
    code.get(from..)?.find(what).map(|at| from + at)
}

/// Where the string that ends with `quote` ends: at the line's end at the latest.
fn after_quote(bytes: &[u8], from: usize, quote: u8) -> usize {
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\n' => return at,
            byte if byte == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

pub(super) fn is_free(free: &[Range<usize>], at: usize) -> bool {
    free.iter().any(|range| range.contains(&at))
}
