//! Go's crash report: panic, fatal error, deadlock, data race, as the runtime writes them to stderr.
//!
//! ```text
//! what the program wrote itself            ← stays in the program's output
//! runtime: goroutine stack exceeds …       ┐ header: maybe hints, then the message (of nested panics
//! panic: first [recovered]                 │ one each), then maybe the signal
//!     panic: second                        │
//! [signal SIGSEGV: …]                      ┘
//!
//! goroutine 1 [chan receive]:              ┐ trace: one or more stacks
//! main.main()                              │
//!     /…/main.go:5 +0x1d                   ┘
//! ```
//!
//! The header may begin in the middle of a line: the runtime does not care what was written before.

mod frames;
mod header;
mod race;
#[cfg(test)]
mod tests;
mod trace;

use serde::{Deserialize, Serialize};

use super::End;

pub use header::is_heading;

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

/// What the race detector's report is called.
const DATA_RACE: &str = "DATA RACE";

impl Crash {
    /// Whether the program was refused memory.
    ///
    /// Mostly the runtime says so. Sometimes it does not see it coming and dies of a nil pointer in its
    /// own code, on `goroutine 0`, where no program's code runs.
    pub fn is_out_of_memory(&self) -> bool {
        let says_so = ["out of memory", "cannot allocate memory"]
            .iter()
            .any(|words| self.message.contains(words));
        let in_the_runtime =
            self.message.starts_with("SIGSEGV: ") && trace::is_of_the_runtime(&self.report);
        self.kind == CrashKind::Fatal && (says_so || in_the_runtime)
    }

    /// The messages of all panics, the first one first: `panic: a [recovered]`, then `panic: b` from a
    /// deferred call gives `a` and `b`. [`Crash::message`] is the last, the one that ended the program.
    pub fn panics(&self) -> Vec<String> {
        match self.kind {
            CrashKind::Panic => header::panics(trace::of(race::cut(&self.report).0.as_str())),
            CrashKind::Fatal | CrashKind::Deadlock | CrashKind::Race => Vec::new(),
        }
    }

    /// Whether the race detector reported something, be it before a panic.
    pub fn has_race(&self) -> bool {
        self.kind == CrashKind::Race || self.report.contains(race::WARNING)
    }
}

/// Separates Go's crash report from what the program wrote itself.
///
/// The form alone does not make a crash: a program may print `panic: ` and go on. It is one if the form
/// is there to the stack trace *and* the process ended as a crash does: with exit code 2, or killed by a
/// signal. The race detector's reports don't end the program, so for them the form is enough. A runtime that gets
/// no memory tells of every goroutine, and may have to be stopped while it does.
pub fn split(stderr: &str, end: &End) -> (String, Option<Crash>) {
    let (without_races, races) = race::cut(stderr);
    let found = match end {
        End::Exited(2) | End::Signaled(_) => trace::find(&without_races),
        End::TimedOut { .. } | End::OutputLimit | End::MemoryLimit => trace::find(&without_races)
            .filter(|span| parse(&without_races[span.clone()]).is_out_of_memory()),
        _ => None,
    };
    match (found, races.is_empty()) {
        (None, true) => (without_races, None),
        (None, false) => (without_races, Some(race::crash(&races))),
        (Some(span), _) => {
            let own = format!(
                "{}{}",
                &without_races[..span.start],
                &without_races[span.end..]
            );
            let mut crash = parse(&without_races[span]);
            crash
                .report
                .insert_str(0, &frames::without_dispatcher(&races));
            (own, Some(crash))
        }
    }
}

/// Takes a report of a panic or a fatal error apart.
fn parse(report: &str) -> Crash {
    let report = frames::without_dispatcher(&own_stack_limit(report));
    let (header, trace) = trace::parts(&report);
    let (kind, message) = header::kind_and_message(header);
    Crash {
        kind,
        message,
        wait: trace::wait(trace),
        frames: frames::of_first_goroutine(trace),
        signal: header::signal(header),
        report,
    }
}

/// Puts Go's own limit where the dispatcher's shows: it sets a lower one so that endless recursion ends
/// quickly.
fn own_stack_limit(report: &str) -> String {
    report.replace(
        &format!(
            "goroutine stack exceeds {}-byte limit",
            crate::build::STACK_LIMIT
        ),
        "goroutine stack exceeds 1000000000-byte limit",
    )
}
