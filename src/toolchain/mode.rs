//! Modes: the kinds of standard library that programs are built against.

use serde::{Deserialize, Serialize};

/// How the standard library, and every program with it, is built. Objects of different modes don't link.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// As `go build` does by default.
    #[default]
    Plain,
    /// With the race detector (`-race`); needs a C compiler.
    Race,
    /// With the clock of the Go playground (`-tags=faketime`), which jumps when every goroutine waits.
    FakeTime,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Race, Self::FakeTime];

    /// What names of files and folders end in.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Race => "-race",
            Self::FakeTime => "-faketime",
        }
    }

    /// What is said behind "the standard library".
    pub fn words(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Race => " with the race detector",
            Self::FakeTime => " with a clock that jumps",
        }
    }
}
