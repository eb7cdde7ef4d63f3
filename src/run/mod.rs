//! Running executables, each in a process of its own, under limits, several at a time.
//!
//! This is the only async room. It takes [`Job`]s and gives back [`Execution`]s: what a process wrote
//! and how it ended, with nothing interpreted but the form of Go's own crash report.

pub mod attempt;
pub mod crash;

mod cancel;
mod capture;
mod fork_server;
mod leash;
mod playback;
mod process;
mod rename;
mod runner;
pub mod sandbox;
mod scheduler;
mod scratch;
pub mod store;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use attempt::Attempt;
pub use cancel::Cancellation;
pub use crash::{Crash, CrashKind, Frame};
pub use leash::Leash;
pub use runner::{RunError, Runner};
pub use scheduler::{Event, INTERRUPTED, Rank, Submission};

use crate::build::{Chosen, Executable};

/// One process to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What to start.
    pub executable: Executable,
    /// How its output is captured.
    pub capture: Capture,
    /// `GOMAXPROCS`, if it is to be set.
    pub max_procs: Option<u32>,
    /// What is left to chance otherwise; only what its binary has doors for.
    pub chosen: Chosen,
    /// `GODEBUG`, if it is to be set.
    pub godebug: Option<String>,
    /// Whether it gets a loopback network, where the sandbox has one; it cannot open sockets otherwise.
    /// Making and unmaking a network is half of what a start costs, and few programs have a use for it.
    pub network: bool,
    /// How long it may take.
    pub timeout: Duration,
}

/// How stdout and stderr are captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Capture {
    /// Each through a pipe of its own: it is known what was written where.
    Apart,
    /// Both through one pipe (as `2>&1`), in [`Execution::stdout`]: it is known in which order.
    Together,
    /// As `Together`, of a program built with a clock that jumps ([`crate::toolchain::Mode::FakeTime`]):
    /// its writes say when they were made. Unless it ends by itself, what it writes after this time is cut
    /// off, as if it had been stopped then.
    FakeTime(Duration),
}

/// What came of running one job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Execution {
    /// What it wrote to stdout, with the program's package path put back to `main`.
    pub stdout: Output,
    /// What it wrote to stderr, likewise; without Go's own crash report, which is in `crash`.
    pub stderr: Output,
    /// How it ended.
    pub end: End,
    /// Go's crash report, if there was one.
    pub crash: Option<Crash>,
    /// How long it took.
    pub duration: Duration,
    /// By the clock that jumps, how late it wrote last; `None` if it ran in real time.
    #[serde(default)]
    pub fake_time: Option<Duration>,
    /// What it tried that is not for it.
    #[serde(default)]
    pub attempts: Vec<Attempt>,
}

/// What a process wrote to a stream.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// The text; invalid UTF-8 is replaced by U+FFFD. Over the limit, head and tail are kept, with a
    /// line of its own between them that says how much was left out.
    pub text: String,
    /// How many bytes were left out between head and tail.
    pub omitted: u64,
}

/// How a process ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// It exited by itself, with this code.
    Exited(i32),
    /// It was killed by this signal, which gosnip did not send.
    Signaled(i32),
    /// It was still running when its time was up, and used the CPU for most of it or not.
    TimedOut {
        /// Whether it was computing (a busy loop) rather than waiting.
        busy: bool,
    },
    /// It wrote more than it may and was stopped.
    OutputLimit,
    /// It ran into the memory limit.
    MemoryLimit,
    /// It could not be started, or the sandbox could not be set up: the reason.
    NotStarted(String),
}
