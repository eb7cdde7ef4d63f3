//! What became of one block.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema;

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
    /// Why it can't be expected to compile, if it can't.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aside: Option<Aside>,
    /// Whether a program of it compiles, whatever became of it then.
    #[serde(default)]
    pub compiles: bool,
}

/// Why a block can't be expected to compile: what it needs beside the note's own Go, or that it is shown for its error.
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
    /// It does not compile, and the note shows it for that: it asks what is wrong, or answers.
    Refused,
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
