//! What became of one claim.

use std::collections::{BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema;
use crate::claim::{Confidence, Form, Kind};

/// What became of one claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimReport {
    /// The block's id.
    pub block: String,
    /// The note's path.
    pub note: String,
    /// The block's line.
    pub block_line: u32,
    /// Whether the same words are judged on other blocks too: then the block has to be named.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// The claim's line.
    pub line: u32,
    /// The claim's column.
    pub column: u32,
    /// The column after its last character on that line.
    pub end_column: u32,
    /// How it is written.
    #[schemars(schema_with = "schema::form")]
    pub form: Form,
    /// What it is about.
    #[schemars(schema_with = "schema::kind")]
    pub kind: Kind,
    /// The note's words.
    pub text: String,
    /// What is expected, normalised for the kind.
    pub expected: String,
    /// Whether it is hedged ("可能", "may").
    pub hedged: bool,
    /// Whether it is negated ("不会 panic").
    pub negated: bool,
    /// How surely it is a claim.
    #[schemars(schema_with = "schema::confidence")]
    pub confidence: Confidence,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in one sentence; never empty when `unverified`.
    pub reason: String,
    /// What really happened.
    pub observed: String,
    /// The range of Go versions in which it holds, such as `go<1.22`; empty if not known.
    pub holds: String,
    /// What changed in Go, for claims that ceased or came to hold.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub change: String,
    /// The release notes that tell of the change.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub link: String,
    /// With several toolchains, what came of it with each, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tried: Vec<Tried>,
    /// For wrong claims: the claim as `gosnip bless` would write it; empty if it has to be written by
    /// hand.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fix: String,
    /// For wrong claims that `gosnip bless` does not write: why it does not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by_hand: String,
    /// The whole line of the note, for display.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub excerpt: String,
}

/// Find the claims whose words are judged on several blocks, as a heading's over several solutions.
pub fn find_shared(claims: &mut [ClaimReport]) {
    let words = |claim: &ClaimReport| {
        (
            claim.note.clone(),
            claim.line,
            claim.column,
            claim.text.clone(),
        )
    };
    let mut blocks: HashMap<_, BTreeSet<u32>> = HashMap::new();
    for claim in claims.iter() {
        blocks
            .entry(words(claim))
            .or_default()
            .insert(claim.block_line);
    }
    for claim in claims {
        claim.shared = blocks
            .get(&words(claim))
            .is_some_and(|lines| lines.len() > 1);
    }
}

/// What came of a claim with one of several toolchains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tried {
    /// The toolchain's version, such as `go1.21.13`.
    pub go: String,
    /// The verdict, as if there were only this one.
    pub verdict: Verdict,
    /// What really happened.
    pub observed: String,
}

/// Whether a claim holds. The words are the contract's.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is true.
    Confirmed,
    /// It is false.
    Refuted,
    /// It was true under an older Go and is false under this one.
    Stale,
    /// It is true in some runs only.
    Unstable,
    /// It could not be decided.
    Unverified,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn words_that_are_judged_on_several_blocks_are_shared() {
        let of = |line, block_line| ClaimReport {
            block_line,
            ..fixture::claim("a.md", line, Verdict::Confirmed, Confidence::Certain)
        };
        let mut claims = [of(1, 3), of(1, 9), of(12, 9), of(12, 9)];
        find_shared(&mut claims);
        assert_eq!(claims.map(|it| it.shared), [true, true, false, false]);
    }
}
