//! The text as the Markdown parser is to see it: the same bytes at the same places, without what
//! the parser and the note's author disagree about.

use std::borrow::Cow;

/// `text` with some bytes replaced, so that offsets stay what they are:
///
/// - A lone `\r` is a line break in CommonMark, as in [`crate::position::LineIndex`], but not in the
///   parser's code blocks: it becomes `\n`.
/// - A tab after a closing fence is allowed in CommonMark, but hides the fence from the parser, and
///   with it the rest of the note: it becomes a space.
pub(super) fn parseable(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let lone = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    let returns = memchr_all(bytes, b'\r').filter(|&at| lone(at));
    let tabs = memchr_all(bytes, b'\t').filter(|&at| ends_a_fence_line(bytes, at));
    let mut replaced: Option<Vec<u8>> = None;
    for (at, byte) in returns
        .map(|at| (at, b'\n'))
        .chain(tabs.map(|at| (at, b' ')))
    {
        replaced.get_or_insert_with(|| bytes.to_vec())[at] = byte;
    }
    match replaced.map(String::from_utf8) {
        Some(Ok(replaced)) => Cow::Owned(replaced),
        // ASCII was replaced by ASCII: it is UTF-8 still.
        Some(Err(_)) | None => Cow::Borrowed(text),
    }
}

/// All places of `byte`.
fn memchr_all(bytes: &[u8], byte: u8) -> impl Iterator<Item = usize> + '_ {
    bytes
        .iter()
        .enumerate()
        .filter_map(move |(at, &found)| (found == byte).then_some(at))
}

/// Whether the tab at `at` stands, with nothing but blanks, between three fence characters that
/// could close a fence and the end of their line.
fn ends_a_fence_line(bytes: &[u8], at: usize) -> bool {
    /// More blanks than this after a fence are not looked through, to stay linear.
    const MOST: usize = 64;
    let blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
    let ahead = &bytes[at..bytes.len().min(at + MOST)];
    let at_end = match ahead.iter().find(|byte| !blank(byte)) {
        Some(byte) => matches!(byte, b'\n' | b'\r'),
        None => at + ahead.len() == bytes.len(),
    };
    let behind = &bytes[at.saturating_sub(MOST)..at];
    let kept = behind
        .iter()
        .rposition(|byte| !blank(&byte))
        .map_or(0, |last| last + 1);
    at_end && (behind[..kept].ends_with(b"```") || behind[..kept].ends_with(b"~~~"))
}

/// The length of the front matter at the start of a note: `---` (YAML) or `+++` (TOML) on the first
/// line, a key on the second, and the same marker again. To Markdown it would be a heading.
pub(super) fn front_matter(text: &str) -> usize {
    let mut lines = text.split_inclusive('\n');
    let mut length = 0;
    let marker = match lines.next() {
        Some(line) if matches!(line.trim_end(), "---" | "+++") => {
            length += line.len();
            line.trim_end()
        }
        _ => return 0,
    };
    for (at, line) in lines.enumerate() {
        let closes = line.trim_end() == marker;
        let fence = line.trim_start().starts_with("```");
        if fence || (at == 0 && !is_key(line)) {
            return 0;
        }
        length += line.len();
        if closes {
            return length;
        }
    }
    0
}

/// Whether a line of front matter starts with a key: `title: …`, `title = …`.
fn is_key(line: &str) -> bool {
    let separator = line.find([':', '=']).unwrap_or(0);
    let key = line[..separator].trim_end().trim_matches('"');
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    !key.is_empty() && key.chars().all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lone_returns_and_tabs_behind_fences_are_replaced() {
        assert_eq!(parseable("a\rb\r\nc\r"), "a\nb\r\nc\n");
        assert_eq!(
            parseable("> ```\t \t\r\n~~~\t"),
            "> ```  \t\r\n~~~ ".replace("  \t", "   ")
        );
        let untouched = "\tx\t\n``\t\n```\tgo\na```\tb\r\n";
        assert!(matches!(parseable(untouched), Cow::Borrowed(_)));
    }

    #[test]
    fn front_matter_has_keys_and_an_end() {
        assert_eq!(front_matter("---\ntitle: x\n---\n# A\n"), 17);
        assert_eq!(front_matter("+++\r\n\"a\" = 1\r\n+++"), 17);
        for none in [
            "---\n\ntext\n\n---\n",
            "---\ntitle: x\n",
            "# A\n---\na: b\n---\n",
            "",
            "---\nplain\n---\n",
        ] {
            assert_eq!(front_matter(none), 0, "{none:?}");
        }
        assert_eq!(front_matter("---\na: b\n```go\n---\n"), 0);
    }
}
