//! Generated Go source, and where each byte of it came from.
//!
//! ```text
//! package main                      ours
//! import "fmt"                      ours
//! func main() {                     ours
//!     m := map[string]int{"a": 1}   block 7, bytes 0..27
//! ; _ = m                           ours (silences "declared and not used")
//! }                                 ours
//! ```
//! Compiler errors and panic traces speak of lines and columns of this text; [`Source::locate`] turns
//! them back into places of the note.

use std::ops::Range;

use crate::position::LineIndex;

/// A change to a block's code as it is copied into a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Byte of the code where it applies.
    pub at: usize,
    /// How many bytes of the code it leaves out.
    pub remove: usize,
    /// What it puts there.
    pub insert: String,
}

impl Edit {
    /// An edit that only puts something in.
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self {
            at,
            remove: 0,
            insert: text.into(),
        }
    }
}

/// A place in a block's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Index of the block in its note.
    pub block: usize,
    /// Byte of its code.
    pub offset: usize,
}

/// A Go source text with its origins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The text.
    pub text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    /// Byte of the source where the piece starts.
    at: usize,
    block: usize,
    code: Range<usize>,
}

impl Source {
    /// Append text of our own.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Append bytes `range` of a block's `code`, with those of `edits` that lie in the range.
    pub fn push_code(&mut self, block: usize, code: &str, range: Range<usize>, edits: &[Edit]) {
        let mut from = range.start;
        let mut inside: Vec<&Edit> = edits
            .iter()
            .filter(|edit| edit.at >= range.start && edit.at <= range.end)
            .collect();
        inside.sort_by_key(|edit| edit.at);
        for edit in inside {
            if edit.at > from {
                self.push_piece(block, code, from..edit.at);
                from = edit.at;
            }
            self.text.push_str(&edit.insert);
            from = from.max((edit.at + edit.remove).min(range.end));
        }
        self.push_piece(block, code, from..range.end);
    }

    fn push_piece(&mut self, block: usize, code: &str, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.pieces.push(Piece {
            at: self.text.len(),
            block,
            code: range.clone(),
        });
        self.text.push_str(&code[range]);
    }

    /// The place of the note's code that stands at `line` and `column` (from 1, in bytes) of the source,
    /// or `None` where the source is ours.
    pub fn locate(&self, line: u32, column: u32) -> Option<Place> {
        let lines = LineIndex::new(&self.text);
        self.place(lines.start(line) + column.max(1) as usize - 1)
    }

    /// The first place of the note's code on `line` (from 1) of the source.
    pub fn locate_line(&self, line: u32) -> Option<Place> {
        let lines = LineIndex::new(&self.text);
        let start = lines.start(line);
        let end = start + lines.text(&self.text, line).len();
        let text = &self.text[start..end];
        let code = start + (text.len() - text.trim_start().len());
        self.place(code).or_else(|| {
            self.pieces
                .iter()
                .find(|piece| piece.at >= start && piece.at < end)
                .map(|piece| Place {
                    block: piece.block,
                    offset: piece.code.start,
                })
        })
    }

    fn place(&self, at: usize) -> Option<Place> {
        let index = self.pieces.partition_point(|piece| piece.at <= at);
        let piece = self.pieces.get(index.checked_sub(1)?)?;
        let offset = piece.code.start + (at - piece.at);
        (offset <= piece.code.end).then_some(Place {
            block: piece.block,
            offset,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_wrapping_and_edits() {
        let code = "x := 1\ny := 2\n";
        let mut source = Source::default();
        source.push("package main\nfunc main() {\n");
        source.push_code(3, code, 0..code.len(), &[Edit::insert(6, "; _ = x")]);
        source.push("}\n");
        assert_eq!(
            source.text,
            "package main\nfunc main() {\nx := 1; _ = x\ny := 2\n}\n"
        );
        assert_eq!(
            source.locate(4, 1),
            Some(Place {
                block: 3,
                offset: 7
            })
        );
        assert_eq!(source.locate(1, 1), None);
        assert_eq!(
            source.locate_line(3),
            Some(Place {
                block: 3,
                offset: 0
            })
        );
    }
}
