//! What Go printed, written as the note's author wrote what he expected: with his separators, quotes,
//! full-width punctuation, wildcards, and the addresses he left in.
//!
//! The rule: whatever [`crate::verdict::text`] forgives is the author's style, and stays.

use std::sync::LazyLock;

use regex::Regex;

use super::align::{Item, Step, align};
use super::labels;
use crate::claim::value;
use crate::verdict::text::ascii_char;

static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("0x[0-9a-f]{6,}").expect("a constant"));
const WILD: &str = "[..]";
const QUOTES: [(char, char); 6] = [
    ('"', '"'),
    ('`', '`'),
    ('“', '”'),
    ('\'', '\''),
    ('「', '」'),
    ('『', '』'),
];

/// A word, number, bracket or wildcard, with the separators behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece<'a> {
    text: &'a str,
    gap: &'a str,
}

/// Write `observed` in the style of `old`, on one line.
pub fn respell(old: &str, observed: &str) -> String {
    let observed = observed.trim_end();
    if let Some(text) = labels::respell(old, observed) {
        return text;
    }
    if let Some((open, inner, close)) = quoted(old)
        && quoted(observed).is_none()
        && !is_nil(observed)
    {
        return format!("{open}{}{close}", respell(inner, observed));
    }
    let (indent, pieces) = pieces(old);
    let (own_indent, new) = self::pieces(observed);
    let indent = if indent.is_empty() {
        own_indent
    } else {
        indent
    };
    let values = value::is_values(old.trim());
    let style = Style::of(&pieces, values);
    let items: Vec<Item> = pieces
        .iter()
        .map(|piece| {
            if piece.text.contains(WILD) {
                Item::Wild
            } else {
                Item::Plain
            }
        })
        .collect();
    let has_wild = items.contains(&Item::Wild);
    if !has_wild && drops_brackets(&pieces, &new) {
        return respell(old, &observed.replace(['[', ']'], ""));
    }
    let mut text = indent.to_owned();
    if same_shape(&pieces, &new) && !has_wild {
        for (piece, new) in pieces.iter().zip(&new) {
            text.push_str(&replaced(piece.text, new.text));
            text.push_str(style.paired(piece.gap, new.gap));
        }
        return text;
    }
    for step in align(&items, new.len(), |i, j| {
        ascii(pieces[i].text) == ascii(new[j].text)
    }) {
        match step {
            Step::Stay(i) => {
                text.push_str(pieces[i].text);
                text.push_str(pieces[i].gap);
            }
            Step::Pair(i, j) => {
                text.push_str(&replaced(pieces[i].text, new[j].text));
                let last = i + 1 == pieces.len() || j + 1 == new.len();
                let keeps = ascii(pieces[i].text) == ascii(new[j].text) && !last;
                // Behind a word that stays, the author's separator stays; else the output's, his way.
                let gap = if has_wild && keeps {
                    pieces[i].gap
                } else {
                    style.gap(new[j].gap)
                };
                text.push_str(gap);
            }
            Step::Added(j) => {
                text.push_str(&style.word(new[j].text));
                text.push_str(style.gap(new[j].gap));
            }
            Step::Gone(_) => {}
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// The separators of an author.
struct Style<'a> {
    /// Between values, if he uses one.
    marked: Option<&'a str>,
    /// Whether all he wrote are values, so that what stands between them is his.
    values: bool,
    /// A word in the quotes that all his words have, if they have.
    quoted: Option<&'a str>,
}

impl<'a> Style<'a> {
    fn of(pieces: &[Piece<'a>], values: bool) -> Self {
        let marked = pieces
            .iter()
            .rev()
            .skip(1)
            .rev()
            .map(|piece| piece.gap)
            .find(|gap| !gap.is_empty() && !gap.trim().is_empty());
        let mut words = pieces
            .iter()
            .map(|piece| piece.text)
            .filter(|text| !is_bracket(text));
        let quoted = words
            .next()
            .filter(|first| quoted(first).is_some() && words.all(|word| quoted(word).is_some()));
        Self {
            marked,
            values,
            quoted,
        }
    }

    /// A word that the output has and he did not write.
    fn word(&self, new: &str) -> String {
        match self.quoted {
            Some(model) if !is_bracket(new) => replaced(model, new),
            _ => new.to_owned(),
        }
    }

    /// What stands behind a piece whose counterpart has `gap` behind it.
    fn gap(&self, gap: &'a str) -> &'a str {
        match self.marked {
            _ if gap.is_empty() => "",
            Some(marked) if gap.contains('\n') => marked,
            None if gap.contains('\n') => " ",
            Some(marked) if self.values => marked,
            _ => gap,
        }
    }

    /// The same where old and new pieces stand for each other one by one.
    fn paired(&self, old: &'a str, new: &'a str) -> &'a str {
        if self.values || new.contains('\n') || old.trim().is_empty() == new.trim().is_empty() {
            old
        } else {
            new
        }
    }
}

/// Text in quotes: opening, inside, closing.
fn quoted(text: &str) -> Option<(char, &str, char)> {
    QUOTES.iter().find_map(|&(open, close)| {
        let inner = text.strip_prefix(open)?.strip_suffix(close)?;
        (!inner.contains([open, close])).then_some((open, inner, close))
    })
}

/// `1 2 3` for `[1 2 3]`: the author writes several values of a list without its brackets.
fn drops_brackets(old: &[Piece], new: &[Piece]) -> bool {
    let bracket = |piece: &Piece| is_bracket(piece.text);
    let surrounded = new.first().is_some_and(|piece| piece.text == "[")
        && new.last().is_some_and(|piece| piece.text == "]")
        && new.iter().filter(|piece| bracket(piece)).count() == 2;
    old.len() > 1 && !old.iter().any(bracket) && surrounded
}

/// Whether each old piece has its counterpart: as many, with the brackets at the same places.
fn same_shape(old: &[Piece], new: &[Piece]) -> bool {
    let bracket = |text: &str| is_bracket(text).then(|| text.to_owned());
    old.len() == new.len()
        && old
            .iter()
            .zip(new)
            .all(|(old, new)| bracket(&ascii(old.text)) == bracket(&ascii(new.text)))
}

fn is_bracket(text: &str) -> bool {
    matches!(text, "[" | "]" | "{" | "}" | "(" | ")")
}

/// Nobody writes `"<nil>"`: that would be a string.
fn is_nil(text: &str) -> bool {
    matches!(text, "nil" | "<nil>")
}

/// The new word in place of the old one, in its quotes.
fn replaced(old: &str, new: &str) -> String {
    match quoted(old) {
        Some((open, inner, close)) if quoted(new).is_none() && !is_nil(new) => {
            format!("{open}{}{close}", blend(inner, new))
        }
        _ => blend(old, new),
    }
}

/// The new word; what is the same at its ends is left as the old one has it, be it full-width.
fn blend(old: &str, new: &str) -> String {
    if ascii(old) == ascii(new) || same_but_for_an_address(old, new) {
        return old.to_owned();
    }
    let same = |(one, other): &(char, char)| ascii_char(*one) == ascii_char(*other);
    let start = old.chars().zip(new.chars()).take_while(same).count();
    let rest = old.chars().count().min(new.chars().count()) - start;
    let ends = old.chars().rev().zip(new.chars().rev());
    let end = ends.take_while(same).count().min(rest);
    let middle = new.chars().count() - start - end;
    let old_end = old.chars().count() - end;
    old.chars()
        .take(start)
        .chain(new.chars().skip(start).take(middle))
        .chain(old.chars().skip(old_end))
        .collect()
}

fn same_but_for_an_address(old: &str, new: &str) -> bool {
    let without = |text| ADDRESS.replace_all(text, "0x").into_owned();
    ADDRESS.is_match(old) && without(old) == without(new)
}

/// How alike two texts are, from 0 to 1, with all numbers taken for the same.
pub fn likeness(one: &str, other: &str) -> f32 {
    let plain = |text: &str| -> String {
        let digits = text.chars().map(|c| {
            if c.is_ascii_digit() {
                '0'
            } else {
                ascii_char(c)
            }
        });
        digits.filter(|c| !c.is_whitespace()).collect()
    };
    let (one, other) = (plain(one), plain(other));
    similar::TextDiff::configure()
        .timeout(std::time::Duration::from_millis(200))
        .diff_chars(&one, &other)
        .ratio()
}

/// How many words, numbers and brackets a text has.
pub fn count(text: &str) -> usize {
    pieces(text).1.len()
}

/// A text as its leading blanks and its pieces.
fn pieces(text: &str) -> (&str, Vec<Piece<'_>>) {
    let is_gap = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '，' | '、' | '；');
    let is_bracket = |c: char| {
        matches!(
            c,
            '[' | ']' | '{' | '}' | '(' | ')' | '【' | '】' | '（' | '）'
        )
    };
    let body = text.trim_start();
    let indent = &text[..text.len() - body.len()];
    let mut found = Vec::new();
    let mut rest = body;
    while let Some(first) = rest.chars().next() {
        let length = if is_bracket(first) && !rest.starts_with(WILD) {
            first.len_utf8()
        } else {
            word_end(rest, |c| is_gap(c) || is_bracket(c))
        };
        let after = &rest[length..];
        let gap = after.find(|c| !is_gap(c)).unwrap_or(after.len());
        found.push(Piece {
            text: &rest[..length],
            gap: &after[..gap],
        });
        // A text that starts with a separator gives one empty piece.
        rest = &after[gap..];
    }
    (indent, found)
}

/// Where the word that `text` starts with ends; a wildcard is part of its word (`<[..]>`).
fn word_end(text: &str, ends: impl Fn(char) -> bool) -> usize {
    let mut from = 0;
    while let Some(at) = text[from..].find(&ends) {
        if !text[from + at..].starts_with(WILD) {
            return from + at;
        }
        from += at + WILD.len();
    }
    text.len()
}

fn ascii(text: &str) -> String {
    text.chars().map(ascii_char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_author_s_style_is_kept() {
        for (old, observed, new) in [
            ("3, 3, 3", "0\n1\n2\n", "0, 1, 2"),
            ("3,3,3", "0\n1\n2\n", "0,1,2"),
            ("3 3 3", "0\n1\n2", "0 1 2"),
            ("3、3、3", "0\n1", "0、1"),
            ("3, 3", "0\n1\n2", "0, 1, 2"),
            ("[2, 3]", "[2 4]", "[2, 4]"),
            ("[2, 3]", "[2 4 5]", "[2, 4, 5]"),
            ("[2 3]", "[2 4 5]", "[2 4 5]"),
            ("1 2 3", "[1 2 4]", "1 2 4"),
            ("5", "[1 2 3]", "[1 2 3]"),
            ("\"abc\"", "xyz", "\"xyz\""),
            ("`1 2`", "1 3", "`1 3`"),
            ("“好”", "不好", "“不好”"),
            ("「好」", "不好", "「不好」"),
            ("结果：1", "结果:2", "结果：2"),
            ("x = [..]!", "y = 42!", "y = [..]!"),
            ("took [..] for 3", "took 12 ms for 4", "took [..] for 4"),
            (
                "p: 0xc000010200 1",
                "p: 0xc000099999 2",
                "p: 0xc000010200 2",
            ),
            ("hello", "hello big world", "hello big world"),
            ("true", "false", "false"),
            ("len=2, cap=3", "3 3", "len=3, cap=3"),
            ("\"x\"", "<nil>", "<nil>"),
            ("[\"a\", \"c\"]", "[a b]", "[\"a\", \"b\"]"),
            ("[\"a\"]", "[a b]", "[\"a\" \"b\"]"),
            ("{\"a\" 1}", "{b 2}", "{\"b\" 2}"),
            ("2 map[a:1 b:2]", "1 map[b:2]", "1 map[b:2]"),
            ("map[a:1, b:2]", "map[a:1 b:3]", "map[a:1, b:3]"),
            ("", "3", "3"),
        ] {
            assert_eq!(respell(old, observed), new, "{old} / {observed}");
        }
    }
}
