//! Reports: what gosnip found, in the form that is asked for.
//!
//! While the work goes on, [`Event`]s say how far it is and, in the end, what was found; all of that
//! together is a [`Report`]. One renderer per file, all fed from these.

pub mod block;
mod by_hand;
pub mod claim;
pub mod concise;
pub mod deliver;
pub mod diff;
pub mod event;
#[cfg(test)]
pub mod fixture;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod json;
pub mod jsonl;
pub mod junit;
mod links;
pub mod markdown;
pub mod paths;
pub mod problem;
pub mod progress;
pub mod rules;
pub mod sarif;
pub mod schema;
pub mod stats;
pub mod terminal;
pub mod text;
pub mod wording;
mod xml;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::block::{Aside, BlockReport, Carried, Shape, Status};
pub use self::claim::{ClaimReport, Tried, Verdict, find_shared};
pub use self::event::{Event, Everyone, Listener, Silent};

/// Everything gosnip found, in the shape of the JSON report (schema version 1 of the contract).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Schema version, 1.
    pub schema: u32,
    /// Who wrote the report.
    pub tool: Tool,
    /// The Go toolchains that were used.
    pub go: Vec<Go>,
    /// What contained the programs.
    pub sandbox: Sandbox,
    /// Every code block of every note, in order.
    pub blocks: Vec<BlockReport>,
    /// Every claim, in order.
    pub claims: Vec<ClaimReport>,
    /// Trouble that no claim is about.
    pub findings: Vec<Finding>,
    /// What no claim is about, note by note, if it was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coverage: Vec<NoteCoverage>,
    /// Counts.
    pub summary: Summary,
    /// The notes' texts, for reports that show them; empty unless such a report is asked for.
    #[serde(skip)]
    pub notes: Vec<NoteText>,
}

/// The schema's version.
pub const SCHEMA: u32 = 1;

impl Report {
    /// Tell of all that was found.
    pub fn announce(&self, listener: &dyn Listener) {
        for block in &self.blocks {
            listener.event(Event::Block(Box::new(block.clone())));
        }
        for claim in &self.claims {
            listener.event(Event::Claim(Box::new(claim.clone())));
        }
        for finding in &self.findings {
            listener.event(Event::Finding(Box::new(finding.clone())));
        }
        listener.event(Event::Summary(Box::new(self.summary.clone())));
    }
}

impl Tool {
    /// This very gosnip.
    pub fn this() -> Self {
        Self {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// How much of a note is claimed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoteCoverage {
    /// The note's path.
    pub note: String,
    /// How many Go blocks it has (those that are skipped aside).
    pub blocks: u32,
    /// How many of them have a claim that was decided.
    pub blocks_claimed: u32,
    /// How many lines print.
    pub prints: u32,
    /// How many of them have a claim that was decided.
    pub prints_claimed: u32,
    /// How many of them have only claims that were not.
    pub prints_undecided: u32,
    /// The lines and blocks without any claim.
    pub unclaimed: Vec<Unclaimed>,
}

/// A line or block that no claim is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unclaimed {
    /// The line of the note.
    pub line: u32,
    /// The line's code, or what is said of the block.
    pub what: String,
}

/// A note as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoteText {
    /// The note's path, as in [`BlockReport::note`].
    pub note: String,
    /// Its text.
    pub text: String,
    /// The programs that were made of its blocks, in the blocks' order.
    pub programs: Vec<ProgramText>,
}

/// A program that was made from a block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProgramText {
    /// The id of the block.
    pub block: String,
    /// What it is there for, in a few words.
    pub role: String,
    /// Its source.
    pub source: String,
    /// How its first run ended; empty if it was not run.
    pub ending: String,
    /// What its first run wrote.
    pub output: String,
}

/// The tool's name and version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// `gosnip`
    pub name: String,
    /// The package version.
    pub version: String,
}

/// A toolchain as reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Go {
    /// For example `go1.26.8`.
    pub version: String,
    /// For example `1.26`.
    pub language: String,
    /// Its GOROOT.
    pub goroot: String,
    /// How it was found.
    pub source: String,
}

/// The containment that was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sandbox {
    /// The level: `off`, `limits`, `base` or `namespaces`, as the guide describes them.
    pub level: String,
    /// What is missing from the full level, one reason each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
}

/// Trouble that no claim is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The rule's stable id, such as `unclaimed-panic`.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// The note's path.
    pub note: String,
    /// The line.
    pub line: u32,
    /// The column (1 if the whole line is meant).
    pub column: u32,
    /// What is wrong, and what to do.
    pub message: String,
    /// The whole line of the note, for display.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub excerpt: String,
}

/// How bad a finding is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Fails `gosnip verify`.
    Error,
    /// Shown, does not fail.
    Warning,
    /// Shown with `-v`.
    Note,
}

/// Counts over the whole report.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Notes read.
    pub notes: u32,
    /// Code blocks found.
    pub blocks: u32,
    /// Blocks that ran.
    pub ran: u32,
    /// Blocks that compiled and had nothing to run.
    pub compiled: u32,
    /// Blocks that lack names or modules.
    pub incomplete: u32,
    /// Blocks that don't compile.
    pub broken: u32,
    /// Blocks not run on purpose.
    pub declined: u32,
    /// Blocks the note says to skip.
    pub skipped: u32,
    /// Blocks that are not Go.
    pub not_go: u32,
    /// Programs that shared a binary.
    pub merged: u32,
    /// Programs that needed a binary of their own.
    pub not_merged: u32,
    /// Programs that were not run again: what they did is told from the cache.
    #[serde(default)]
    pub replayed: u32,
    /// Findings that are left out because the baseline knows them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub known: u32,
    /// Claims found.
    pub claims: u32,
    /// Claims that are true.
    pub confirmed: u32,
    /// Claims that are false.
    pub refuted: u32,
    /// Claims true for an older Go only.
    pub stale: u32,
    /// Claims true in some runs only.
    pub unstable: u32,
    /// Claims that could not be decided.
    pub unverified: u32,
    /// Wall time in seconds.
    pub seconds: f64,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Summary {
    /// How many programs there were that something is known of by running them.
    pub fn programs(&self) -> u32 {
        self.merged + self.not_merged + self.replayed
    }
}
