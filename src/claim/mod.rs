//! Claims: what a note says about behaviour, found in comments, neighbouring blocks and prose.
//!
//! One file per form. Nothing here knows what really happens; see [`crate::verdict`].

pub mod called;
pub mod change;
pub mod choice;
pub mod comment;
pub mod directive;
pub mod expectation;
mod head;
pub mod lexicon;
pub mod nature;
pub mod neighbour;
pub mod outcome;
pub mod output_comment;
pub mod own_line;
pub mod prose;
pub mod race;
pub mod raising;
pub mod reached;
pub mod recipe;
pub mod refusal;
pub mod returned;
pub mod sequence;
pub mod spelled;
pub mod storage;
pub mod stream;
pub mod testing;
pub mod trailing;
pub mod unprinted;
pub mod value;
pub mod valued;
pub mod version;
pub mod what_if;
mod wording;

pub use stream::Stream;

use std::ops::Range;

use crate::note::Note;
use crate::snippet::Snippet;
use crate::snippet::probe::Glance;

use serde::{Deserialize, Serialize};

/// What a note says about the behaviour of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Index of the block in [`crate::note::Note::blocks`].
    pub block: usize,
    /// Bytes of the note that state it.
    pub span: Range<usize>,
    /// How it is written.
    pub form: Form,
    /// What it is about.
    pub kind: Kind,
    /// What in the code it speaks of.
    pub subject: Subject,
    /// The note's words, trimmed.
    pub text: String,
    /// What is expected, taken out of the words: an output, a value, a message. May be empty where
    /// the kind says it all ("panics").
    pub expected: String,
    /// "可能", "may": one occurrence confirms it.
    pub hedged: bool,
    /// "不会", "no": it is claimed not to happen.
    pub negated: bool,
    /// How surely this is a claim of this kind.
    pub confidence: Confidence,
    /// The Go versions the note limits it to.
    pub versions: Option<Versions>,
    /// The one of both streams that an output is said to be written to.
    pub stream: Option<Stream>,
}

/// What in the code a claim speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The whole block.
    Block,
    /// A line of the block's code (from 0).
    Line(usize),
    /// What an expression is worth at a line of the block's code, or what a call of one of its functions
    /// gives.
    Value(Glance),
    /// What `go test` says of the block, or of the tests near it.
    Tests,
    /// A commented-out line of the block's code (from 0), to be switched on.
    WhatIf {
        /// The line.
        line: usize,
        /// The code in the comment.
        code: String,
    },
}

/// A limit to Go versions: at least `since` and before `before` (minor numbers of 1.x).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Versions {
    /// The first minor version in which it is to hold.
    pub since: Option<u32>,
    /// The first minor version in which it no longer has to.
    pub before: Option<u32>,
}

impl Versions {
    /// Whether `minor` lies in the range.
    pub fn contain(&self, minor: u32) -> bool {
        self.since.is_none_or(|since| minor >= since)
            && self.before.is_none_or(|before| minor < before)
    }
}

/// How a claim is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A comment behind code on the same line.
    TrailingComment,
    /// A comment on a line of its own.
    OwnLineComment,
    /// `// Output:` and the comment lines after it.
    OutputComment,
    /// Raw output inside the block.
    RawOutput,
    /// Another code block before or after.
    OutputBlock,
    /// A shell transcript.
    Transcript,
    /// Prose.
    Prose,
    /// A commented-out line with a comment behind it.
    WhatIf,
    /// `// ERROR "re"`, `// want "re"`.
    Expectation,
    /// The right one of several options.
    Choice,
    /// `<!-- gosnip: … -->`, the info string or `verify.toml`.
    Directive,
}

/// What a claim is about. The words are the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the contract's words say what they mean")]
pub enum Kind {
    Stdout,
    Value,
    Type,
    Panic,
    Fatal,
    Deadlock,
    Blocks,
    CompileError,
    Escape,
    NoEscape,
    Heap,
    Stack,
    Race,
    NoRace,
    Order,
    Nondeterministic,
    Exit,
    Vet,
}

/// How surely a passage is a claim of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// A guess.
    Weak,
    /// Most readers would say so.
    Likely,
    /// Explicit.
    Certain,
}

/// All claims of a note, in the order in which they stand in it. `snippets` has one entry for each of
/// the note's blocks; `in_blocks` has what [`in_block`] found in each.
pub fn find(note: &Note, snippets: &[Option<&Snippet>], in_blocks: &[Vec<Claim>]) -> Vec<Claim> {
    let mut claims: Vec<Claim> = in_blocks.iter().flatten().cloned().collect();
    for claim in &mut claims {
        let code = &note.blocks[claim.block].code;
        // A span of several lines ends on the last of them; prefixes between are the note's.
        let last = claim.span.end.saturating_sub(1).max(claim.span.start);
        claim.span =
            code.note_offset(claim.span.start)..code.note_offset(last) + (claim.span.end - last);
    }
    let choices = choice::find(note, snippets);
    let mut around = neighbour::claims(note, snippets);
    around.extend(prose::claims(note, snippets));
    let mut called = called::claims(note, snippets);
    called.sort_by_key(|claim| claim.span.start);
    // What a sentence says of one call, it does not say of the whole block.
    let of_a_call = |outcome: &Claim| {
        let first = called.partition_point(|call| call.span.start < outcome.span.start);
        let within = called[first..].iter();
        let mut within = within.take_while(|call| call.span.start < outcome.span.end);
        within.any(|call| call.kind == outcome.kind)
    };
    let outcomes = outcome::claims(note, snippets);
    around.extend(outcomes.into_iter().filter(|it| !of_a_call(it)));
    around.extend(called);
    around.extend(sequence::claims(note, snippets));
    around.extend(unprinted::claims(note, snippets));
    // An option is not what the note says. They stand in the order of the note.
    around.retain(|claim| {
        let options = &choices.options;
        let next = options.partition_point(|option| option.start <= claim.span.start);
        let last = next.checked_sub(1).map(|at| &options[at]);
        !last.is_some_and(|option| option.contains(&claim.span.start))
    });
    claims.extend(around);
    claims.extend(choices.claims);
    claims.sort_by_key(|claim| (claim.span.start, claim.kind));
    claims
}

/// The claims in a block's own code, with spans in the code: whatever stands around the block, they are the same.
pub fn in_block(note: &Note, snippet: &Snippet) -> Vec<Claim> {
    if !snippet.is_go() {
        return Vec::new();
    }
    match recipe::of(&note.blocks[snippet.block]) {
        Some(recipe) => recipe::claims(note, snippet, &recipe),
        None if quotes_runtime(snippet) => Vec::new(),
        None => in_comments(snippet),
    }
}

/// The claims in a block's comments, with spans in its code.
fn in_comments(snippet: &Snippet) -> Vec<Claim> {
    let comments = comment::comments(&snippet.syntax);
    let mut claims = Vec::new();
    for (at, comment) in comments.iter().enumerate() {
        let expected = expectation::claims(snippet, comment);
        if !expected.is_empty() {
            claims.extend(expected);
        } else if comment.trailing {
            let of_line = trailing::claims(snippet, comment);
            let of_function =
                || head::claim(snippet, comment).or_else(|| head::of_foot(snippet, comment));
            let of_function = of_line.is_empty().then(of_function).flatten();
            claims.extend(of_line.into_iter().chain(of_function));
        } else {
            let of_line = what_if::claims(snippet, comment, &comments[..at]);
            let next = comments.get(at + 1).filter(|_| of_line.is_empty());
            claims.extend(of_line);
            claims.extend(
                next.into_iter()
                    .flat_map(|it| what_if::above(snippet, comment, it)),
            );
        }
    }
    claims.extend(
        comments
            .iter()
            .flat_map(|comment| nature::of_comment(snippet, comment)),
    );
    claims.extend(output_comment::claims(snippet, &comments));
    claims.extend(race::claims(snippet, &comments));
    let more = own_line::claims(snippet, &comments, &claims);
    claims.extend(more);
    claims
}

/// Quoted runtime source claims nothing, however often it says "panic" and "block": it is recognised by
/// the names that only the runtime has.
fn quotes_runtime(snippet: &Snippet) -> bool {
    const OWN: [&str; 12] = [
        "gopark",
        "goready",
        "throw",
        "hchan",
        "sudog",
        "getg",
        "mallocgc",
        "hmap",
        "bmap",
        "systemstack",
        "runtime_SemacquireMutex",
        "acquirem",
    ];
    let declared = |name: &str| {
        snippet
            .items
            .iter()
            .any(|item| item.names.iter().any(|it| it == name))
    };
    snippet.items.iter().any(|item| {
        OWN.iter()
            .any(|name| item.mentions.contains(*name) && !declared(name))
    })
}
