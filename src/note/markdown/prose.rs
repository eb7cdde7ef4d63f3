//! Prose as it grows: runs of text and inline code, with their places.

use std::ops::Range;

use crate::note::{Prose, Run};

/// A run of prose that starts at `at`.
pub(super) fn begin(at: usize, list_depth: u32, table: bool) -> Prose {
    Prose {
        span: at..at,
        runs: Vec::new(),
        list_depth,
        table,
    }
}

/// Extend the prose over `span`: text, or the markup around it.
pub(super) fn extend(prose: &mut Prose, span: &Range<usize>) {
    prose.span.start = prose.span.start.min(span.start);
    prose.span.end = prose.span.end.max(span.end);
}

/// Add a run. Plain text that continues the last run, byte by byte, becomes part of it, so that a
/// sentence with brackets is one run and not five.
pub(super) fn push(prose: &mut Prose, note: &str, text: &str, span: Range<usize>, code: bool) {
    extend(prose, &span);
    let verbatim = note.get(span.clone()) == Some(text);
    if let Some(last) = prose.runs.last_mut()
        && !code
        && verbatim
        && !last.code
        && last.span.end == span.start
        && last.text.len() == last.span.len()
        && !last.text.ends_with('\n')
        && text != "\n"
    {
        last.text.push_str(text);
        last.span.end = span.end;
        return;
    }
    prose.runs.push(Run {
        text: text.to_owned(),
        span,
        code,
    });
}
