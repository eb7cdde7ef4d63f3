//! Reports: what gosnip found, in the form that is asked for.
//!
//! While the work goes on, [`Event`]s say how far it is and, in the end, what was found; all of that
//! together is a [`Report`]. One renderer per file, all fed from these.

pub mod concise;
pub mod deliver;
pub mod diff;
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

use crate::claim::{Confidence, Form, Kind};

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

/// What became of one block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BlockReport {
    /// The block's id.
    pub id: String,
    /// The note's path.
    pub note: String,
    /// Line of the opening fence or the first code line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// The info string.
    pub info: String,
    /// How it is written.
    #[schemars(schema_with = "schema::origin")]
    pub origin: crate::note::Origin,
    /// Its shape.
    pub shape: Shape,
    /// What became of it.
    pub status: Status,
    /// Why it is not `ran`; empty if there is nothing to say.
    pub reason: String,
    /// Names and modules that are missing.
    pub missing: Vec<String>,
    /// How many programs it gave.
    pub programs: u32,
    /// Whether all its programs shared a binary with others.
    pub merged: bool,
    /// Whether everything about it came from the cache.
    pub cached: bool,
    /// Names carried in from other blocks.
    pub carried: Vec<Carried>,
    /// Go declarations that stand in for missing names so that the block type-checks; it is not run then.
    #[serde(default)]
    pub stand_ins: Vec<String>,
    /// What it needs beside the note's own Go, if it can't be expected to compile without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aside: Option<Aside>,
    /// Whether a program of it compiles, whatever became of it then.
    #[serde(default)]
    pub compiles: bool,
}

/// What a block needs beside the note's own Go.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Aside {
    /// It quotes the source of Go's runtime or standard library.
    RuntimeSource,
    /// It needs a C compiler or an assembler.
    Cgo,
    /// It imports modules.
    ThirdParty,
}

/// A name carried in from another block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Carried {
    /// The name.
    pub name: String,
    /// The other note that declares it; empty if it is the block's own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The note line that declares it.
    pub line: u32,
}

/// The shape of a block.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// `package main` with a `main` function.
    Program,
    /// Another file with a package clause.
    File,
    /// Only imports and declarations, at least one of them a function, method or type.
    Declarations,
    /// Statements, as they stand in a function.
    Statements,
    /// Declarations of functions or methods, and statements.
    Mixed,
    /// A single expression.
    Expression,
    /// Go with something left out or put in that is not Go.
    Pseudo,
    /// Not Go at all.
    NotGo,
}

/// What became of a block. The words are the contract's.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// At least one of its programs was executed.
    Ran,
    /// It type-checks and there is nothing to execute.
    Compiled,
    /// The only errors are names or modules that nothing provides.
    Incomplete,
    /// Other errors.
    Broken,
    /// Not run on purpose.
    Declined,
    /// The note says to skip it.
    Skipped,
    /// It is not Go.
    NotGo,
}

impl Status {
    /// Its word, as in the JSON report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ran => "ran",
            Self::Compiled => "compiled",
            Self::Incomplete => "incomplete",
            Self::Broken => "broken",
            Self::Declined => "declined",
            Self::Skipped => "skipped",
            Self::NotGo => "not-go",
        }
    }
}

/// What became of one claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimReport {
    /// The block's id.
    pub block: String,
    /// The note's path.
    pub note: String,
    /// The block's line.
    pub block_line: u32,
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
    /// The whole line of the note, for display.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub excerpt: String,
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

/// What happens while gosnip works, and in the end what it found: all that is in a [`Report`].
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Something a person should know, such as a toolchain being downloaded.
    Notice(String),
    /// A phase starts, with how many steps it has (0: unknown).
    Phase {
        /// Its name, such as `compiling`.
        name: &'static str,
        /// How many steps.
        steps: u64,
    },
    /// A step of the phase is done.
    Step,
    /// A step of the phase is done: a program was run.
    Ran {
        /// `note:line` of its block.
        place: String,
        /// How it ended, in words.
        ending: String,
    },
    /// A program runs for long: where it stands.
    Slow {
        /// `note:line`.
        place: String,
        /// For how long, in seconds.
        seconds: u64,
    },
    /// It is known with what the notes are verified.
    Environment {
        /// The toolchain.
        go: Go,
        /// What contains the programs.
        sandbox: Sandbox,
    },
    /// It is known what became of a block.
    Block(Box<BlockReport>),
    /// A claim is judged.
    Claim(Box<ClaimReport>),
    /// There is trouble that no claim is about.
    Finding(Box<Finding>),
    /// All is counted.
    Summary(Box<Summary>),
    /// The work is over (progress displays clear themselves).
    Done,
}

/// Who is told of [`Event`]s. Called from several threads.
pub trait Listener: Send + Sync {
    /// Take note of an event.
    fn event(&self, event: Event);
}

/// A listener that ignores everything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Listener for Silent {
    fn event(&self, _: Event) {}
}

/// Tells several listeners of everything.
#[expect(missing_debug_implementations, reason = "listeners are of any kind")]
pub struct Everyone<'a>(pub Vec<&'a dyn Listener>);

impl Listener for Everyone<'_> {
    fn event(&self, event: Event) {
        for listener in &self.0 {
            listener.event(event.clone());
        }
    }
}
