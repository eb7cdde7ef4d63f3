//! Notes: Markdown and text files, their code blocks, and the prose between them; also Go files, which are one
//! block each.
//!
//! This room turns files into [`Note`]s. It knows Markdown and nothing of Go: which blocks are Go is
//! decided in [`crate::snippet`].

mod decode;
pub mod discover;
pub mod go_file;
pub mod markdown;
pub mod read;

use std::ops::Range;

use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};

use crate::position::{LineIndex, Position};

/// One Markdown or text file, decoded, with everything in it that gosnip looks at, in document order.
#[derive(Debug, Clone)]
pub struct Note {
    /// The path as it is shown to the user (relative to where gosnip was started, if below it).
    pub path: Utf8PathBuf,
    /// The decoded text. A byte order mark is not part of it.
    pub text: String,
    /// Line starts of `text`.
    pub lines: LineIndex,
    /// The code blocks, in document order.
    pub blocks: Vec<Block>,
    /// Headings, prose, HTML and blocks in document order; what stands around a block is found here.
    pub parts: Vec<Part>,
    /// How the bytes on disk were decoded.
    pub encoding: Encoding,
    /// Of a Go file, the text of the `.out` file beside it: what Go's test runner expects it to print.
    pub output: Option<String>,
    /// What is wrong with the note without making it unreadable, such as an invalid byte or a
    /// `gosnip:` comment that stands above no block.
    pub problems: Vec<Problem>,
}

/// Something about a note that its author should know, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where in the note.
    pub position: Position,
    /// What is wrong, as a lowercase fragment.
    pub message: String,
}

impl Note {
    /// The position of a byte offset in the note's text.
    pub fn position(&self, offset: usize) -> Position {
        self.lines.position(&self.text, offset)
    }

    /// The block that holds the byte at `offset`.
    pub fn block_at(&self, offset: usize) -> Option<&Block> {
        let next = self.blocks.partition_point(|it| it.span.start <= offset);
        let block = &self.blocks[next.checked_sub(1)?];
        block.span.contains(&offset).then_some(block)
    }

    /// The blocks that start at `offset` or behind it.
    pub fn blocks_from(&self, offset: usize) -> &[Block] {
        let first = self.blocks.partition_point(|it| it.span.start < offset);
        &self.blocks[first..]
    }
}

/// How a note's bytes are encoded on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8 without a byte order mark.
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Bom,
    /// GBK or GB18030, as older Chinese notes are.
    Gbk,
    /// UTF-16, recognised by its byte order mark.
    Utf16,
}

/// One piece of a note's flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A heading: its level (1 to 6) and plain text.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Text without markup.
        text: String,
        /// Bytes of the note.
        span: Range<usize>,
    },
    /// A paragraph, a list item's own text or a table: everything a reader reads as text.
    Prose(Prose),
    /// The block with this index in [`Note::blocks`].
    Block(usize),
    /// A block of raw HTML, such as `<details>` or a comment (a code block in `<pre>` is a `Block`).
    Html {
        /// The HTML as written.
        text: String,
        /// Bytes of the note.
        span: Range<usize>,
    },
}

/// A run of prose and the pieces it is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose {
    /// Bytes of the note.
    pub span: Range<usize>,
    /// The pieces in order; joined, they are the text without markup (a line break is `\n`).
    pub runs: Vec<Run>,
    /// How deep in lists it stands (0: not in a list).
    pub list_depth: u32,
    /// Whether this is a table's text (cells separated by `\t`, rows by `\n`).
    pub table: bool,
}

impl Prose {
    /// The text without markup.
    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }

    /// The byte offset in the note of the byte at `offset` of [`Prose::text`].
    pub fn note_offset(&self, offset: usize) -> usize {
        let mut before = 0;
        for run in &self.runs {
            if offset < before + run.text.len() {
                return run.note_offset(offset - before);
            }
            before += run.text.len();
        }
        self.span.end
    }
}

/// A piece of prose: plain text or `inline code`.
///
/// A plain run is the note's own bytes (`note.text[span] == text`), except where Markdown says
/// something else than it writes: an entity, a line break or the border of a table's cell is a run
/// of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its text without markup.
    pub text: String,
    /// Bytes of the note (with the markup).
    pub span: Range<usize>,
    /// Whether it is marked as code.
    pub code: bool,
}

impl Run {
    /// The byte offset in the note of the byte at `offset` of the run's text.
    pub fn note_offset(&self, offset: usize) -> usize {
        let markup = self.span.len().saturating_sub(self.text.len());
        let opening = if self.code { markup / 2 } else { 0 };
        (self.span.start + opening + offset).min(self.span.end)
    }
}

/// A code block of a note.
#[derive(Debug, Clone)]
pub struct Block {
    /// Its id: heading path and ordinal, stable under edits elsewhere in the note.
    pub id: String,
    /// Bytes of the note from the opening fence (or the first code line) through the closing fence.
    pub span: Range<usize>,
    /// Line of the opening fence, or of the first code line.
    pub line: u32,
    /// Line of the closing fence, or of the last code line.
    pub end_line: u32,
    /// The info string as written, trimmed; empty for none.
    pub info: String,
    /// What kind of block it is.
    pub origin: Origin,
    /// Whether the fence is closed (so is a `</pre>`; always true for indented code).
    pub closed: bool,
    /// The code, without the prefixes of lists and quotes.
    pub code: Code,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// The bodies of `<!-- gosnip: … -->` comments directly above it, with the bytes of each body.
    pub directives: Vec<(String, Range<usize>)>,
}

impl Block {
    /// The first word of the info string in lower case, without `{`, `.` and attributes: `go` for
    /// ```` ```Go {hl_lines=[1]} ````, ```` ```{.go} ```` and ```` ```go,ignore ````.
    pub fn language(&self) -> String {
        self.info
            .trim_start_matches(['{', '.', ' '])
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}' | ':' | ';'))
            .next()
            .unwrap_or("")
            .to_lowercase()
    }
}

/// How a block is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// ```` ``` ```` or `~~~`.
    Fence,
    /// Four spaces or a tab.
    Indented,
    /// `<pre>`, with or without `<code>`.
    Html,
    /// A Go file is one block.
    File,
}

/// A block's code and where each of its lines stands in the note.
///
/// ```text
/// note:   "- item\n  ```go\n  x := 1\n  ```\n"
/// code:   "x := 1\n"          lines[0] = { code: 0, note: 17 }
/// ```
///
/// A line of a fence or of indented code is the note's own bytes, also where CommonMark would split
/// a tab between a list's indentation and the code: such a tab is kept whole. A line of a `<pre>`
/// may be shorter than in the note (`&lt;` is one byte of code), so columns after an entity point
/// before their place, on the right line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Code {
    /// The code with `\n` line ends.
    pub text: String,
    /// One entry for each line of `text` (the empty rest after a final `\n` is no line).
    pub lines: Vec<CodeLine>,
}

/// Where one line of code starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeLine {
    /// Byte offset in [`Code::text`].
    pub code: usize,
    /// Byte offset in [`Note::text`].
    pub note: usize,
}

impl Code {
    /// The byte offset in the note of the byte at `offset` of the code.
    pub fn note_offset(&self, offset: usize) -> usize {
        let line = self.lines.partition_point(|line| line.code <= offset);
        match line.checked_sub(1).and_then(|at| self.lines.get(at)) {
            Some(line) => line.note + (offset - line.code),
            None => 0,
        }
    }

    /// The line of the code (from 0) that holds the byte at `offset`.
    pub fn line_of(&self, offset: usize) -> usize {
        self.lines
            .partition_point(|line| line.code <= offset)
            .saturating_sub(1)
    }

    /// The text of code line `line` (from 0), without its line break.
    pub fn line_text(&self, line: usize) -> &str {
        let Some(start) = self.lines.get(line) else {
            return "";
        };
        let end = self
            .lines
            .get(line + 1)
            .map_or(self.text.len(), |next| next.code);
        self.text
            .get(start.code..end)
            .unwrap_or("")
            .trim_end_matches('\n')
    }
}
