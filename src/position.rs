//! Places in a note, as people name them: line and column, counted from 1, columns in characters.

use serde::{Deserialize, Serialize};

/// A place in a text. Both numbers count from 1; the column counts characters, not bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// Where each line of a text starts, so that byte offsets become positions in O(log lines).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Index `text`; `\n`, `\r\n` and a lone `\r` each end a line, as in CommonMark.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, &byte) in bytes.iter().enumerate() {
            let ends = byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
            if ends {
                starts.push(at + 1);
            }
        }
        Self { starts }
    }

    /// The line (from 1) that holds the byte at `offset`.
    pub fn line(&self, offset: usize) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// The byte offset at which `line` (from 1) starts, or the last line's start beyond the end.
    pub fn start(&self, line: u32) -> usize {
        let last = self.starts.len().saturating_sub(1);
        self.starts
            .get((line.max(1) as usize - 1).min(last))
            .copied()
            .unwrap_or(0)
    }

    /// How many lines there are; a final line break starts one more, empty line.
    pub fn count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The position of byte `offset` in `text`, which must be the text that was indexed.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = offset.min(text.len());
        let line = self.line(offset);
        let start = self.start(line);
        let column = text
            .get(start..offset)
            .map_or(offset - start, |before| before.chars().count());
        Position {
            line,
            column: column as u32 + 1,
        }
    }

    /// The text of `line` (from 1) without its line break.
    pub fn text<'t>(&self, text: &'t str, line: u32) -> &'t str {
        let start = self.start(line);
        let end = self
            .starts
            .get(line as usize)
            .copied()
            .unwrap_or(text.len());
        text.get(start..end)
            .unwrap_or("")
            .trim_end_matches(['\n', '\r'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_all_line_breaks() {
        let text = "a\r\n世界b\rc\n";
        let index = LineIndex::new(text);
        assert_eq!(index.count(), 4);
        let b = text.find('b').unwrap();
        assert_eq!(index.position(text, b), Position { line: 2, column: 3 });
        assert_eq!(index.text(text, 2), "世界b");
        assert_eq!(index.text(text, 3), "c");
        assert_eq!(index.text(text, 4), "");
    }
}
