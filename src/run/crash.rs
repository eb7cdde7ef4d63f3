//! Go's crash report: panic, fatal error, deadlock, data race, as the runtime writes them to stderr.

use serde::{Deserialize, Serialize};

/// A crash report taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crash {
    /// What kind of crash.
    pub kind: CrashKind,
    /// The message: of a panic without `panic: ` and without the ` [recovered]` marks, of a fatal
    /// error without `fatal error: `.
    pub message: String,
    /// The report as written, from its first line on.
    pub report: String,
    /// The state of the first goroutine listed, such as `chan receive (nil chan)`.
    pub wait: Option<String>,
    /// The frames of the first goroutine listed that stand in the program itself, innermost first.
    pub frames: Vec<Frame>,
    /// The `[signal SIGSEGV …]` line's text, if any.
    pub signal: Option<String>,
}

/// What kind of crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CrashKind {
    /// `panic: …`
    Panic,
    /// `fatal error: …`, which `recover` cannot catch.
    Fatal,
    /// `fatal error: all goroutines are asleep - deadlock!` (and its other wordings).
    Deadlock,
    /// `WARNING: DATA RACE`, from the race detector.
    Race,
}

/// A stack frame in the program's own source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The function, such as `main.main`.
    pub function: String,
    /// The line of [`crate::build::Unit::source`], from 1.
    pub line: u32,
}
