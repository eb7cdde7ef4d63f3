//! `<!-- gosnip: … -->` comments, from where they stand to the block below them.

use std::ops::Range;

use super::html::trimmed;

/// The comments that stand above what comes next, with nothing between but blank lines and other
/// comments.
#[derive(Debug, Default)]
pub(super) struct Directives {
    waiting: Vec<(String, Range<usize>)>,
}

/// What a comment is to gosnip.
pub(super) enum Comment {
    /// Somebody else's.
    Other,
    /// A directive: where in the comment's body its own body stands.
    Directive(Range<usize>),
    /// It starts with our name, but lacks the colon.
    Unmarked,
}

/// What the comment with this (trimmed) body is.
pub(super) fn comment(body: &str) -> Comment {
    const NAME: &str = "gosnip";
    let Some(rest) = body.strip_prefix(NAME) else {
        return Comment::Other;
    };
    let after = rest.trim_start();
    match after.strip_prefix(':') {
        Some(directive) => {
            Comment::Directive(trimmed(body, body.len() - directive.len()..body.len()))
        }
        None if after.is_empty() || after.len() < rest.len() => Comment::Unmarked,
        None => Comment::Other,
    }
}

impl Directives {
    /// A directive for the next block.
    pub(super) fn push(&mut self, body: &str, span: Range<usize>) {
        self.waiting.push((body.to_owned(), span));
    }

    /// The directives of the block that comes now.
    pub(super) fn take(&mut self) -> Vec<(String, Range<usize>)> {
        std::mem::take(&mut self.waiting)
    }
}
