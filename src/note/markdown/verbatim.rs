//! Collecting the lines of a code or HTML block, each with its place in the note.

use std::ops::Range;

use crate::note::{Code, CodeLine};

/// The lines of a block that is being read, without the prefixes of lists and quotes.
#[derive(Debug, Default)]
pub(super) struct Verbatim {
    /// The lines so far.
    pub(super) code: Code,
    /// Where in the note the last piece ends.
    pub(super) end: usize,
}

impl Verbatim {
    /// Add a piece as the Markdown parser hands it out: part of a line, a line, or several.
    ///
    /// A piece with an empty range is not in the note: it is what is left of a tab that indentation
    /// used up in part. The whole tab is taken instead, so that each byte of code is one of the note.
    pub(super) fn push(&mut self, note: &str, text: &str, range: Range<usize>) {
        if range.is_empty() {
            let tab = range.start.saturating_sub(1);
            if note.as_bytes().get(tab) == Some(&b'\t') {
                self.push_line(note, "\t", tab);
            }
            return;
        }
        let mut at = range.start;
        for line in text.split_inclusive('\n') {
            self.push_line(note, line, at);
            at += line.len();
        }
    }

    /// Add (part of) one line that stands at byte `at` of the note. Its characters are the note's, as
    /// the parser was given some that are not; its line break is `\n`.
    fn push_line(&mut self, note: &str, line: &str, at: usize) {
        let text = line.strip_suffix('\n').unwrap_or(line);
        self.append(note.get(at..at + text.len()).unwrap_or(text), at);
        if text.len() < line.len() {
            // An empty line that ends in "\r\n" starts at the "\r", which is not part of the code.
            let end = at + text.len();
            let before = end.saturating_sub(1);
            let crlf = note.as_bytes().get(before..=end) == Some(b"\r\n");
            self.append("\n", if crlf { before } else { end });
        }
        self.end = at + line.len();
    }

    /// Add `text`, of which at most the last character is `\n`, as what byte `at` of the note says.
    pub(super) fn append(&mut self, text: &str, at: usize) {
        if text.is_empty() {
            return;
        }
        if self.at_line_start() {
            let code = self.code.text.len();
            self.code.lines.push(CodeLine { code, note: at });
        }
        self.code.text.push_str(text);
    }

    fn at_line_start(&self) -> bool {
        self.code.text.is_empty() || self.code.text.ends_with('\n')
    }
}
