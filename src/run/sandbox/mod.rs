//! The sandbox: notes are other people's code, so every process is assumed to be hostile.
//!
//! gosnip starts *itself* with a hidden first argument; that second self, the **launcher**, makes a process for each
//! [`plan::Plan`], which puts the restrictions on and then becomes the program:
//!
//! ```text
//! gosnip ──plan──▶ launcher ──fork──▶ (init of its own pid namespace) ──fork──▶ program
//!        ◀─────────────── report ──── reaps, kills all, reports               limits, Landlock,
//!                                                                             seccomp, exec
//! ```
//!
//! On Linux the launcher is a fork server: starting a binary as large as gosnip takes longer than all that a program
//! needs. With the plan come the program's output pipes and a socket of its own. When gosnip closes its side of that (or
//! dies), everything is killed; when the program has ended, what it left running is killed and its [`plan::Report`]
//! comes back. Elsewhere there is a launcher for each program, with the plan as its argument.
//!
//! How much can be had differs between machines, so [`reach`] tries, with a real process that attacks
//! what the level promises, and says honestly what was reached and why not more.

#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
mod guard;
pub(crate) mod launcher;
#[cfg(target_os = "linux")]
mod namespaces;
#[cfg(target_os = "linux")]
mod notify;
#[cfg(target_os = "linux")]
pub(crate) mod passing;
pub(crate) mod plan;
mod probe;
#[cfg(target_os = "linux")]
mod reaper;
mod rlimits;
#[cfg(target_os = "linux")]
mod seccomp;
#[cfg(target_os = "linux")]
mod sys;
#[cfg(target_os = "linux")]
mod witness;

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use launcher::launch_if_asked;
pub(crate) use probe::reach;

/// How much of a sandbox there is; a later one includes the earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A session of its own, the time-out, the cap on output, and the kill of everything that is left.
    Off,
    /// Also limits on memory, file size and open files, and no new privileges.
    Limits,
    /// Also Landlock and seccomp: reads the system's files only, writes its own temporary folder only,
    /// has no sockets, starts no other processes.
    Base,
    /// Also namespaces of its own: sees only the files it may see, only its own processes, and a
    /// network that consists of a loopback interface.
    Namespaces,
}

impl Level {
    /// Whether foreign code can neither reach the network nor read or write the user's files.
    pub fn contains(self) -> bool {
        self >= Self::Base
    }

    /// The word for it in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Limits => "limits",
            Self::Base => "base",
            Self::Namespaces => "namespaces",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the user asked for with `--sandbox`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// The best that this machine allows, with a notice if that is less than it could be.
    #[default]
    Auto,
    /// At least [`Level::Base`], or nothing is run.
    Require,
    /// None, on the user's own responsibility.
    Off,
}

/// How many files a program may have in its folder.
#[cfg(target_os = "linux")]
const MOST_FILES: u64 = 65_536;

/// What a program may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of memory of its own (`RLIMIT_DATA`), and of all the processes that it starts together.
    pub memory: u64,
    /// Bytes of a single file, and of all files in its temporary folder.
    pub files: u64,
    /// Open files.
    pub open_files: u64,
    /// Processes and threads together; enforced where they can be counted apart from the user's
    /// other processes (level `namespaces`).
    pub processes: u64,
    /// Bytes of each stream that are kept, half of them from the start, half from the end.
    pub kept_output: usize,
    /// Bytes written in all after which it is stopped.
    pub output: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Go lets a stack grow to 1 GB before it calls it an overflow: leave room for that and a heap.
            memory: 5 << 28,
            files: 64 << 20,
            open_files: 256,
            processes: 1024,
            kept_output: 1 << 20,
            output: 16 << 20,
        }
    }
}

/// What the runner is told about the sandbox.
#[derive(Debug, Clone)]
pub struct Options {
    /// The gosnip binary, which is started again as the launcher of each process.
    pub launcher: PathBuf,
    /// What the user asked for.
    pub policy: Policy,
    /// The level above which nothing is tried.
    pub ceiling: Level,
    /// What a process may use.
    pub limits: Limits,
    /// Folders and files that programs may read besides the system's, such as GOROOT's time zones.
    pub readable: Vec<PathBuf>,
    /// The user's folders. No program reaches them anyway; whoever tries is noted, also where the program has a
    /// folder of its own at that place.
    pub private: Vec<PathBuf>,
}

impl Options {
    /// The defaults, with this gosnip binary as the launcher.
    pub fn new(launcher: impl Into<PathBuf>) -> Self {
        Self {
            launcher: launcher.into(),
            policy: Policy::Auto,
            ceiling: Level::Namespaces,
            limits: Limits::default(),
            readable: Vec::new(),
            private: Vec::new(),
        }
    }
}
