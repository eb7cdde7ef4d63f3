//! Checking a rewritten note before it is written: it must read as the old one does, apart from the
//! claims that were rewritten.

use std::ops::Range;
use std::sync::Arc;

use super::edit::{self, Edit};
use super::storage;
use crate::claim::{self, Claim, Kind, Subject};
use crate::note::{Block, Note, markdown};
use crate::snippet::Snippet;

/// A note's text as gosnip understands it.
#[derive(Debug)]
pub struct Reread {
    /// The note.
    pub note: Note,
    /// One snippet for each block.
    pub snippets: Vec<Arc<Snippet>>,
    /// What each block claims by itself.
    pub in_blocks: Vec<Vec<Claim>>,
    /// All claims, whatever their confidence.
    pub claims: Vec<Claim>,
}

impl Reread {
    /// A note of which everything but the claims around its blocks is known.
    pub fn of(note: Note, snippets: Vec<Arc<Snippet>>, in_blocks: Vec<Vec<Claim>>) -> Self {
        let borrowed: Vec<Option<&Snippet>> = snippets.iter().map(|it| Some(&**it)).collect();
        let claims = claim::find(&note, &borrowed, &in_blocks);
        Self {
            note,
            snippets,
            in_blocks,
            claims,
        }
    }

    /// The same note with another text. What is known of blocks that stay as they are is not read again: reading is
    /// most of the work, and a change touches few.
    pub fn with(&self, text: &str) -> Self {
        let old = &self.note;
        let note = markdown::parse(old.path.clone(), text.to_owned(), old.encoding);
        let (mut snippets, mut in_blocks) = (Vec::new(), Vec::new());
        for (at, block) in note.blocks.iter().enumerate() {
            if old
                .blocks
                .get(at)
                .is_some_and(|old| reads_alike(old, block))
            {
                snippets.push(Arc::clone(&self.snippets[at]));
                in_blocks.push(self.in_blocks[at].clone());
            } else {
                let snippet = Snippet::read(at, block);
                in_blocks.push(claim::in_block(&note, &snippet));
                snippets.push(Arc::new(snippet));
            }
        }
        Self::of(note, snippets, in_blocks)
    }
}

/// Whether two blocks in the same place are the same snippet, and claim the same.
fn reads_alike(one: &Block, other: &Block) -> bool {
    let read = |block: &Block| (block.info.clone(), block.origin);
    read(one) == read(other) && one.code.text == other.code.text
}

/// The rewritten claim as it reads with `edits` made; `None` if the note reads differently elsewhere, or
/// the claim is no longer found.
pub fn reread(old: &Reread, claim: &Claim, edits: &[Edit]) -> Option<Claim> {
    let new = old.with(&edit::apply(&old.note.text, edits)?);
    if !same_elsewhere(old, &new, edits) {
        return None;
    }
    find_again(&new, claim, claim.span.start)
}

/// A rewritten claim in the new version, where it starts at `start`.
pub fn find_again(new: &Reread, claim: &Claim, start: usize) -> Option<Claim> {
    let again = new.claims.iter().find(|found| {
        found.span.start == start
            && found.block == claim.block
            && found.form == claim.form
            && (!matches!(claim.subject, Subject::Value { .. }) || found.subject == claim.subject)
            && same_kind(claim.kind, found.kind)
    });
    again.cloned()
}

/// Whether two versions have the same blocks with the same code outside comments, and the same claims
/// apart from those that `edits` touch.
pub fn same_elsewhere(old: &Reread, new: &Reread, edits: &[Edit]) -> bool {
    let blocks = |read: &Reread| -> Vec<(String, String, bool)> {
        read.note
            .blocks
            .iter()
            .zip(&read.snippets)
            .map(|(block, snippet)| (block.id.clone(), block.info.clone(), snippet.is_go()))
            .collect()
    };
    if blocks(old) != blocks(new) || old.claims.len() != new.claims.len() {
        return false;
    }
    let touched = |span: &Range<usize>| {
        edits
            .iter()
            .any(|edit| edit.range.start <= span.end && span.start <= edit.range.end)
    };
    let same_claims = old.claims.iter().zip(&new.claims).all(|(old, new)| {
        let same_words = old.text == new.text && old.expected == new.expected;
        let same_words = same_words && old.kind == new.kind;
        same_kind(old.kind, new.kind) && old.form == new.form && (same_words || touched(&old.span))
    });
    let same_code = old
        .snippets
        .iter()
        .zip(&new.snippets)
        .all(|(old_snippet, new_snippet)| {
            // Most were not even read again.
            if Arc::ptr_eq(old_snippet, new_snippet) {
                return true;
            }
            let block = &old.note.blocks[old_snippet.block];
            // What an output block says is what may change, also where it looks like Go.
            if touched(&block.span) && is_claimed(&old.claims, &block.span) {
                return true;
            }
            without_comments(old_snippet) == without_comments(new_snippet)
        });
    same_claims && same_code
}

/// The opposite of a claim about storage is another kind, and so is a crash where a value was expected.
fn same_kind(one: Kind, other: Kind) -> bool {
    let value_to_crash = one == Kind::Stdout && matches!(other, Kind::Panic | Kind::Fatal);
    one == other || value_to_crash || storage::is_storage(one) && storage::is_storage(other)
}

fn is_claimed(claims: &[Claim], block: &Range<usize>) -> bool {
    claims.iter().any(|claim| claim.span == *block)
}

/// The code without its comments and the lines that hold nothing else.
pub fn without_comments(snippet: &Snippet) -> String {
    let mut code = String::new();
    let mut done = 0;
    for node in snippet.syntax.walk(snippet.syntax.root()) {
        if node.kind() == "comment" && node.start_byte() >= done {
            code.push_str(snippet.code()[done..node.start_byte()].trim_end());
            done = node.end_byte();
        }
    }
    code.push_str(&snippet.code()[done..]);
    code.split_inclusive('\n')
        .filter(|line| !line.trim().is_empty())
        .collect()
}
