//! The ends of code and HTML blocks: here they become [`Block`]s and HTML parts.

use std::ops::Range;

use super::Reader;
use super::html::{self, Piece};
use super::verbatim::Verbatim;
use crate::note::{Block, Code, Origin, Part};

/// A block before it has its place among the others.
struct Found {
    span: Range<usize>,
    info: String,
    origin: Origin,
    closed: bool,
    code: Code,
}

impl Reader<'_> {
    /// The code block over `range` is complete.
    pub(super) fn end_code(&mut self, range: Range<usize>, fenced: bool) {
        let Some(verbatim) = self.verbatim.take() else {
            return;
        };
        let found = if fenced {
            fence(self.note, range, verbatim)
        } else {
            indented(self.note, range, verbatim)
        };
        self.add_block(found);
    }

    fn add_block(&mut self, found: Found) {
        let block = Block {
            id: self.outline.next_id(),
            line: self.lines.line(found.span.start),
            end_line: self.lines.line(found.span.end),
            span: found.span,
            info: found.info,
            origin: found.origin,
            closed: found.closed,
            code: found.code,
            headings: self.outline.headings(),
            directives: self.directives.take(),
        };
        self.parts.push(Part::Block(self.blocks.len()));
        self.blocks.push(block);
    }

    /// The HTML block is complete: its `<pre>`s are blocks, what stands around them is HTML.
    pub(super) fn end_html(&mut self) {
        let Some(Verbatim { code: html, .. }) = self.verbatim.take() else {
            return;
        };
        // Up to here the HTML is in the parts; up to `seen`, its comments are also read.
        let mut done = 0;
        let mut seen = 0;
        let mut after_comment = false;
        for piece in html::pieces(&html.text) {
            self.between(&html.text[seen..piece.span().start], after_comment);
            seen = piece.span().end;
            match piece {
                Piece::Comment { body, .. } => {
                    after_comment = true;
                    let start = body.start;
                    self.comment(&html.text[body], |at| html.note_offset(start + at));
                }
                Piece::Pre {
                    span,
                    content,
                    language,
                    closed,
                } => {
                    self.add_html(&html, done..span.start);
                    done = span.end;
                    after_comment = false;
                    self.add_block(Found {
                        span: note_span(&html, html::trimmed(&html.text, span)),
                        info: language,
                        origin: Origin::Html,
                        closed,
                        code: html::decoded(&html, content),
                    });
                }
            }
        }
        self.between(&html.text[seen..], after_comment);
        self.add_html(&html, done..html.text.len());
    }

    /// Anything but blanks between a directive and a block parts them, except on the line of the
    /// directive itself: that is the text it stands in.
    fn between(&mut self, html: &str, after_comment: bool) {
        let apart = match html.split_once('\n') {
            Some((_, below)) if after_comment => below,
            None if after_comment => "",
            _ => html,
        };
        if !apart.trim().is_empty() {
            self.strand_directives();
        }
    }

    fn add_html(&mut self, html: &Code, range: Range<usize>) {
        let range = html::trimmed(&html.text, range);
        if !range.is_empty() {
            self.parts.push(Part::Html {
                text: html.text[range.clone()].to_owned(),
                span: note_span(html, range),
            });
        }
    }
}

/// The bytes of the note that `range` of a block's lines stands for; `range` starts and ends with a
/// character that is no white space.
fn note_span(html: &Code, range: Range<usize>) -> Range<usize> {
    html.note_offset(range.start)..html.note_offset(range.end.saturating_sub(1)) + 1
}

/// A fence over `range`.
///
/// It is closed if a run of its own character, as long as the opening one, ends what follows its
/// last line of code.
fn fence(note: &str, range: Range<usize>, verbatim: Verbatim) -> Found {
    let start = range.start;
    let mark = note[start..].chars().next().unwrap_or('`');
    let opening = &note[start..];
    let opening = &opening[..opening.find(['\n', '\r']).unwrap_or(opening.len())];
    let info = opening.trim_start_matches(mark);
    let width = opening.len() - info.len();
    let code_end = verbatim.end.max(start + opening.len());
    let rest = note.get(code_end..range.end).unwrap_or("").trim_end();
    let run = rest.len() - rest.trim_end_matches(mark).len();
    let closed = run >= width;
    let end = if closed {
        code_end + rest.len()
    } else {
        before_line_break(note, code_end)
    };
    Found {
        span: start..end,
        info: info.trim().to_owned(),
        origin: Origin::Fence,
        closed,
        code: verbatim.code,
    }
}

/// Indented code over `range`; its span is that of its lines, without the first one's indentation.
fn indented(note: &str, range: Range<usize>, verbatim: Verbatim) -> Found {
    let start = verbatim
        .code
        .lines
        .first()
        .map_or(range.start, |line| line.note);
    Found {
        span: start..before_line_break(note, verbatim.end.max(start)),
        info: String::new(),
        origin: Origin::Indented,
        closed: true,
        code: verbatim.code,
    }
}

/// `end`, or where the line break right before it starts.
fn before_line_break(note: &str, end: usize) -> usize {
    let text = &note[..end];
    let text = text.strip_suffix('\n').map_or_else(
        || text.strip_suffix('\r').unwrap_or(text),
        |text| text.strip_suffix('\r').unwrap_or(text),
    );
    text.len()
}
