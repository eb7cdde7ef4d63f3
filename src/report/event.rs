//! What happens while gosnip works, and who is told of it.

use std::time::Duration;

use super::{BlockReport, ClaimReport, Finding, Go, Sandbox, Summary};

/// What happens while gosnip works, and in the end what it found: all that is in a [`Report`](super::Report).
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
        /// How long it will take, by earlier runs.
        expected: Option<Duration>,
    },
    /// The phase has more steps than was known.
    More {
        /// How many more.
        steps: u64,
        /// How long they will take, by earlier runs.
        expected: Option<Duration>,
    },
    /// A step of the phase is done.
    Step,
    /// A program was started.
    Started {
        /// `note:line` of its block.
        place: String,
    },
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
