//! Programs: drafts that became Go source, with the part each plays in judging claims.

use std::time::Duration;

use crate::snippet::{Draft, Source};
use crate::toolchain::{Language, Mode};

/// A complete Go program made from a block.
#[derive(Debug, Clone)]
pub struct Program {
    /// Index of the note.
    pub note: usize,
    /// Index of the block in the note.
    pub block: usize,
    /// Where that stands, for a reader.
    pub place: String,
    /// Its part.
    pub role: Role,
    /// What it consists of.
    pub draft: Draft,
    /// Its text, with the way back to the note.
    pub source: Source,
    /// How long it may take.
    pub timeout: Duration,
    /// Whether its escape report is wanted.
    pub escapes: bool,
}

/// How a program is compiled and run. A toolchain can do some of what older ones did: by the language version,
/// by settings of the compiler, and by settings of the runtime.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Conditions {
    /// The language version.
    pub language: Language,
    /// What `-d` tells the compiler, if anything.
    pub compiler: Option<&'static str>,
    /// `GODEBUG`, if anything.
    pub runtime: Option<String>,
    /// Whether functions of package slices are replaced by what they were: see `history::former`.
    pub former_slices: bool,
    /// Whether tags of structs are without options that came later: see `history::former`.
    pub former_tags: bool,
}

impl Conditions {
    /// A toolchain with this language version, as it is.
    pub fn plain(language: Language) -> Self {
        Self {
            language,
            compiler: None,
            runtime: None,
            former_slices: false,
            former_tags: false,
        }
    }
}

/// What a program is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The block as a reader would run it: without the lines that the note says don't compile.
    Plain,
    /// The block with every line, to see what the compiler says of it.
    AsWritten,
    /// The block with nothing but what stands before it in its note, to see what the compiler says at that point.
    Early,
    /// The plain program with one of the lines (from 0) that the note says don't compile.
    Only(usize),
    /// The plain program with one commented-out line (from 0) switched on.
    WhatIf(usize),
    /// The plain program with probes.
    Probed,
    /// The plain program with probes of values.
    Valued,
    /// Like `Probed`, without the lines the note says the program ends at: what would come after.
    Beyond,
    /// The plain program with the tests of another block of the note, which a listing behind the block shows.
    Tested,
    /// The plain program built with the race detector; nothing but races is concluded from it.
    Raced,
    /// The plain program once more, with its two streams apart.
    Apart,
    /// The block as it stands, compiled as its recipe says (`// errorcheck`).
    Checked,
    /// The plain program as `go vet` sees it.
    Vetted,
}

impl Role {
    /// What standard library such programs are built against.
    pub fn mode(self) -> Mode {
        match self {
            Self::Raced => Mode::Race,
            _ => Mode::Plain,
        }
    }
}
