//! `[[note]]` and `[[block]]`: what `verify.toml` says about single notes and blocks.

use std::time::Duration;

use camino::Utf8PathBuf;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Pattern;
use super::values::{duration, range};
use crate::claim::Versions;

/// `[[note]]`: overrides for the notes that a pattern names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "NoteTable")]
pub struct NoteRule {
    /// Which notes.
    pub path: Pattern,
    /// `Some(reason)` if they are to be skipped; the reason may be empty.
    pub skip: Option<String>,
    /// The Go versions they speak of.
    pub go: Option<Versions>,
    /// How long each of their programs may take.
    pub timeout: Option<Duration>,
}

/// `[[block]]`: overrides for one block.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "BlockTable")]
pub struct BlockRule {
    /// The note, relative to the file's folder.
    pub note: Utf8PathBuf,
    /// Which of its blocks.
    pub block: BlockName,
    /// `Some(reason)` if it is to be skipped; the reason may be empty.
    pub skip: Option<String>,
    /// The Go versions it speaks of.
    pub go: Option<Versions>,
    /// How long its programs may take.
    pub timeout: Option<Duration>,
    /// What it prints.
    pub output: Option<String>,
    /// What it panics with.
    pub panic: Option<String>,
    /// The compiler's complaint.
    pub compile_error: Option<String>,
}

/// How `[[block]]` names its block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockName {
    /// By a line of the note that lies in the block, fences included.
    Line(u32),
    /// By its id.
    Id(String),
}

impl BlockName {
    /// Whether it names the block that has this id and stands on these lines.
    pub fn is(&self, id: &str, lines: std::ops::RangeInclusive<u32>) -> bool {
        match self {
            Self::Line(line) => lines.contains(line),
            Self::Id(named) => named == id,
        }
    }
}

/// `[[note]]` as it is written.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct NoteTable {
    /// Which notes: a pattern as in .gitignore, relative to the file's folder.
    #[schemars(with = "String")]
    path: Pattern,
    /// Whether to skip it.
    #[serde(default)]
    skip: bool,
    /// Why it is skipped.
    reason: Option<String>,
    /// The Go versions it speaks of, such as `"<1.22"`.
    #[serde(default, deserialize_with = "range")]
    #[schemars(with = "Option<String>")]
    go: Option<Versions>,
    /// How long each of its programs may take, such as `"10s"`.
    #[serde(default, deserialize_with = "duration")]
    #[schemars(with = "Option<String>")]
    timeout: Option<Duration>,
}

impl TryFrom<NoteTable> for NoteRule {
    type Error = &'static str;

    fn try_from(table: NoteTable) -> Result<Self, Self::Error> {
        Ok(Self {
            path: table.path,
            skip: skip(table.skip, table.reason)?,
            go: table.go,
            timeout: table.timeout,
        })
    }
}

/// `[[block]]` as it is written.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct BlockTable {
    /// The note, relative to the file's folder.
    #[schemars(with = "String")]
    note: Utf8PathBuf,
    /// A line of the note that lies in the block, fences included; either this or `id`.
    #[schemars(range(min = 1))]
    line: Option<u32>,
    /// The block's id, as the JSON report has it; either this or `line`.
    id: Option<String>,
    /// Whether to skip it.
    #[serde(default)]
    skip: bool,
    /// Why it is skipped.
    reason: Option<String>,
    /// The Go versions it speaks of, such as `"<1.22"`.
    #[serde(default, deserialize_with = "range")]
    #[schemars(with = "Option<String>")]
    go: Option<Versions>,
    /// How long each of its programs may take, such as `"10s"`.
    #[serde(default, deserialize_with = "duration")]
    #[schemars(with = "Option<String>")]
    timeout: Option<Duration>,
    /// What it prints.
    output: Option<String>,
    /// What it panics with.
    panic: Option<String>,
    /// The compiler's complaint.
    compile_error: Option<String>,
}

impl TryFrom<BlockTable> for BlockRule {
    type Error = &'static str;

    fn try_from(table: BlockTable) -> Result<Self, Self::Error> {
        let block = match (table.line, table.id) {
            (Some(0), _) => return Err("lines count from 1"),
            (Some(line), None) => BlockName::Line(line),
            (None, Some(id)) => BlockName::Id(id),
            (Some(_), Some(_)) => return Err("both `line` and `id`; give one of them"),
            (None, None) => return Err("which block? give its `line` or its `id`"),
        };
        Ok(Self {
            note: table.note,
            block,
            skip: skip(table.skip, table.reason)?,
            go: table.go,
            timeout: table.timeout,
            output: table.output,
            panic: table.panic,
            compile_error: table.compile_error,
        })
    }
}

fn skip(skip: bool, reason: Option<String>) -> Result<Option<String>, &'static str> {
    match (skip, reason) {
        (true, reason) => Ok(Some(reason.unwrap_or_default())),
        (false, None) => Ok(None),
        (false, Some(_)) => Err("a `reason` without `skip = true`"),
    }
}
