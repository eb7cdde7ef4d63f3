//! Markdown to blocks, headings and prose, with exact spans.
//!
//! ```text
//! text → source (same bytes, made safe) → pulldown-cmark's events → Reader → blocks and parts
//! ```
//!
//! Every text is Markdown, so nothing here can fail. MDX is read as Markdown: its imports are
//! paragraphs and its JSX is HTML.

mod blocks;
mod directives;
mod html;
mod outline;
mod prose;
mod source;
mod verbatim;

use std::ops::Range;

use camino::Utf8PathBuf;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use self::directives::{Comment, Directives};
use self::html::Piece;
use self::outline::Outline;
use self::verbatim::Verbatim;
use super::read::MOST_BLOCKS;
use super::{Block, Encoding, Note, Part, Problem, Prose};
use crate::position::LineIndex;

/// A note with more problems than this needs no longer list of them.
const MOST_PROBLEMS: usize = 100;

/// Read `text` as Markdown. Of a note with more than [`MOST_BLOCKS`] blocks, the rest is not read.
pub fn parse(path: Utf8PathBuf, text: String, encoding: Encoding) -> Note {
    let lines = LineIndex::new(&text);
    let mut reader = Reader::new(&text, &lines);
    reader.read();
    let Reader {
        blocks,
        parts,
        problems,
        ..
    } = reader;
    Note {
        path,
        blocks,
        parts,
        problems,
        encoding,
        output: None,
        lines,
        text,
    }
}

/// What code hosts understand. Punctuation is left as written: claims quote output.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
}

/// Turns the parser's events into blocks and parts.
struct Reader<'n> {
    note: &'n str,
    lines: &'n LineIndex,
    /// The lines of the code or HTML block that is open, if one is.
    verbatim: Option<Verbatim>,
    /// Whether the code block that is open is a fence.
    fenced: bool,
    /// The paragraph, heading, item text or table that is open, if one is.
    prose: Option<Prose>,
    list_depth: u32,
    /// Whether the next table cell is the first of its row.
    row_start: bool,
    outline: Outline,
    directives: Directives,
    blocks: Vec<Block>,
    parts: Vec<Part>,
    problems: Vec<Problem>,
}

impl<'n> Reader<'n> {
    fn new(note: &'n str, lines: &'n LineIndex) -> Self {
        Self {
            note,
            lines,
            verbatim: None,
            fenced: false,
            prose: None,
            list_depth: 0,
            row_start: true,
            outline: Outline::default(),
            directives: Directives::default(),
            blocks: Vec::new(),
            parts: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn read(&mut self) {
        let source = source::parseable(self.note);
        let skipped = source::front_matter(&source);
        let events = Parser::new_ext(&source[skipped..], options()).into_offset_iter();
        for (event, range) in events {
            if self.blocks.len() > MOST_BLOCKS {
                // Nobody is going to look at any of them.
                break;
            }
            self.event(event, range.start + skipped..range.end + skipped);
        }
        self.end_prose();
        self.strand_directives();
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) | Event::Html(text) => self.text(&text, range),
            Event::Code(text) => self.run(&text, range, true),
            Event::InlineHtml(html) => self.inline_html(&html, range),
            Event::SoftBreak | Event::HardBreak => self.run("\n", range, false),
            Event::Rule => {
                self.end_prose();
                self.strand_directives();
            }
            Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::CodeBlock(kind) => {
                self.fenced = matches!(kind, CodeBlockKind::Fenced(_));
                self.begin_verbatim();
            }
            Tag::HtmlBlock => self.begin_verbatim(),
            Tag::Table(_) => {
                self.end_prose();
                self.prose_at(range.start).table = true;
            }
            Tag::TableHead => self.row_start = true,
            Tag::TableRow => {
                self.run("\n", range.start..range.start, false);
                self.row_start = true;
            }
            Tag::TableCell => {
                if !std::mem::take(&mut self.row_start) {
                    self.run("\t", range.start..range.start, false);
                }
            }
            Tag::List(_) => {
                self.end_prose();
                self.list_depth += 1;
            }
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. } => prose::extend(self.prose_at(range.start), &range),
            Tag::Paragraph
            | Tag::Heading { .. }
            | Tag::BlockQuote(_)
            | Tag::Item
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => self.end_prose(),
        }
    }

    fn begin_verbatim(&mut self) {
        self.end_prose();
        self.verbatim = Some(Verbatim::default());
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::CodeBlock => self.end_code(range, self.fenced),
            TagEnd::HtmlBlock => self.end_html(),
            TagEnd::Heading(level) => self.end_heading(level, range),
            TagEnd::List(_) => {
                self.end_prose();
                self.list_depth = self.list_depth.saturating_sub(1);
            }
            TagEnd::Table => {
                let span = html::trimmed(self.note, range);
                prose::extend(self.prose_at(span.start), &span);
                self.end_prose();
            }
            TagEnd::Paragraph | TagEnd::Item | TagEnd::BlockQuote(_) => self.end_prose(),
            _ => {}
        }
    }

    /// Text belongs to the code or HTML block that is open, else to the prose.
    fn text(&mut self, text: &str, range: Range<usize>) {
        match &mut self.verbatim {
            Some(verbatim) => verbatim.push(self.note, text, range),
            None => self.run(text, range, false),
        }
    }

    fn run(&mut self, text: &str, range: Range<usize>, code: bool) {
        let note = self.note;
        prose::push(self.prose_at(range.start), note, text, range, code);
    }

    /// The prose that is open, or a new one. Directives above it have no block.
    fn prose_at(&mut self, at: usize) -> &mut Prose {
        if self.prose.is_none() {
            self.strand_directives();
        }
        let list_depth = self.list_depth;
        self.prose
            .get_or_insert_with(|| prose::begin(at, list_depth, false))
    }

    fn end_prose(&mut self) {
        if let Some(prose) = self.prose.take() {
            self.parts.push(Part::Prose(prose));
        }
    }

    fn end_heading(&mut self, level: HeadingLevel, range: Range<usize>) {
        let prose = self.prose.take();
        let text = prose.map_or_else(String::new, |prose| prose.text().replace('\n', " "));
        let level = level as u8;
        self.strand_directives();
        self.outline.enter(level, &text);
        let span = html::trimmed(self.note, range);
        self.parts.push(Part::Heading { level, text, span });
    }

    /// HTML within prose is no text, but `<br>` breaks the line, and a directive may stand there.
    fn inline_html(&mut self, html: &str, range: Range<usize>) {
        let name = html.trim_start_matches('<').to_ascii_lowercase();
        if name.trim_end_matches(['>', '/', ' ', '\t']) == "br" {
            self.run("\n", range, false);
            return;
        }
        for piece in html::pieces(html) {
            if let Piece::Comment { body, .. } = piece {
                let at = range.start + body.start;
                self.comment(&html[body], |offset| at + offset);
            }
        }
    }

    /// A comment, whose body's byte `n` stands at byte `place(n)` of the note.
    fn comment(&mut self, body: &str, place: impl Fn(usize) -> usize) {
        match directives::comment(body) {
            Comment::Directive(inner) => {
                let span = place(inner.start)..place(inner.end);
                self.directives.push(&body[inner], span);
            }
            Comment::Unmarked => self.problem(
                place(0),
                "this comment names gosnip without a colon and does nothing; write `gosnip: …`",
            ),
            Comment::Other => {}
        }
    }

    fn strand_directives(&mut self) {
        for (body, span) in self.directives.take() {
            let message =
                format!("`gosnip: {body}` does nothing: no code block follows it directly");
            self.problem(span.start, &message);
        }
    }

    fn problem(&mut self, at: usize, message: &str) {
        if self.problems.len() >= MOST_PROBLEMS {
            return;
        }
        self.problems.push(Problem {
            position: self.lines.position(self.note, at),
            message: message.to_owned(),
        });
    }
}
