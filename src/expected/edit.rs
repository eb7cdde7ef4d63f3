//! Edits: pieces of a note that are replaced, by byte range. Everything else stays byte for byte.

use std::ops::Range;

/// One replacement. An empty range inserts, an empty text deletes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Bytes of the old text.
    pub range: Range<usize>,
    /// What stands there instead.
    pub text: String,
}

impl Edit {
    /// Replace `range` of `source` by `text`, leaving out what is the same at both ends. `None` if
    /// nothing changes.
    pub fn minimal(source: &str, range: Range<usize>, text: &str) -> Option<Self> {
        let old = &source[range.clone()];
        if old == text {
            return None;
        }
        let start = common_start(old, text);
        let (old_rest, new_rest) = (&old[start..], &text[start..]);
        let end = common_end(old_rest, new_rest);
        Some(Self {
            range: range.start + start..range.end - end,
            text: new_rest[..new_rest.len() - end].to_owned(),
        })
    }
}

/// Bytes of the longest common start, at a character boundary.
fn common_start(one: &str, other: &str) -> usize {
    one.chars()
        .zip(other.chars())
        .take_while(|(one, other)| one == other)
        .map(|(c, _)| c.len_utf8())
        .sum()
}

/// Bytes of the longest common end, at a character boundary.
fn common_end(one: &str, other: &str) -> usize {
    one.chars()
        .rev()
        .zip(other.chars().rev())
        .take_while(|(one, other)| one == other)
        .map(|(c, _)| c.len_utf8())
        .sum()
}

/// `source` with the edits made; `None` if two of them overlap or one lies outside. Edits that insert at
/// the same place keep their order.
pub fn apply(source: &str, edits: &[Edit]) -> Option<String> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut text = String::with_capacity(source.len());
    let mut done = 0;
    for edit in sorted {
        text.push_str(source.get(done..edit.range.start)?);
        source.get(edit.range.clone())?;
        text.push_str(&edit.text);
        done = edit.range.end;
    }
    text.push_str(source.get(done..)?);
    Some(text)
}

/// Where the byte at `offset` is when the edits are made. What is inserted right there comes after it.
pub fn moved(offset: usize, edits: &[Edit]) -> usize {
    let before = edits
        .iter()
        .filter(|edit| edit.range.start < offset && edit.range.end <= offset);
    let (more, less) = before.fold((0, 0), |(more, less), edit| {
        (more + edit.text.len(), less + edit.range.len())
    });
    offset + more - less
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(range: Range<usize>, text: &str) -> Edit {
        Edit {
            range,
            text: text.to_owned(),
        }
    }

    #[test]
    fn edits_are_made_in_any_order_and_only_if_they_do_not_overlap() {
        let edits = [edit(4..5, "五"), edit(0..1, ""), edit(2..2, "x")];
        assert_eq!(apply("abcde", &edits).as_deref(), Some("bxcd五"));
        assert_eq!(apply("abcde", &[edit(0..3, ""), edit(2..4, "")]), None);
        assert_eq!(apply("五", &[edit(1..2, "")]), None);
    }

    #[test]
    fn a_minimal_edit_touches_only_what_differs() {
        let source = "// 输出: 三 3";
        let found = Edit::minimal(source, 0..source.len(), "// 输出: 四 3").unwrap();
        assert_eq!(&source[found.range], "三");
        assert_eq!(found.text, "四");
        assert_eq!(Edit::minimal("aa", 0..2, "aa"), None);
        // The same letters at both ends are counted once.
        let found = Edit::minimal("aa", 0..2, "aaa").unwrap();
        assert_eq!(apply("aa", &[found]).as_deref(), Some("aaa"));
    }
}
