//! What gosnip tells the launcher (one message) and what the launcher tells gosnip (one line).

use std::io::{self, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::super::attempt::Attempt;
use super::{Level, Limits};

/// The hidden first argument that makes a gosnip process a launcher.
pub(crate) const LAUNCH: &str = "__gosnip_launch";

/// The hidden first argument that makes a gosnip process attack its own sandbox.
pub(crate) const PROBE: &str = "__gosnip_probe";

/// How large a plan may be. The user's folders are the longest in it.
#[cfg(target_os = "linux")]
pub(crate) const MOST_PLAN: usize = 128 << 10;

/// The folders that a program has for itself.
pub(crate) const FOLDERS: [&str; 3] = ["home", "tmp", "work"];

/// Everything that the launcher has to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Plan {
    /// What to put on. Whatever of it cannot be put on is an error: the launcher never does with less.
    pub(crate) level: Level,
    /// What the process may use.
    pub(crate) limits: Limits,
    /// Seconds of CPU time after which the kernel ends it, should gosnip not have.
    pub(crate) cpu_seconds: u64,
    /// A folder for this process alone; with namespaces, an empty one in which nothing is seen of what others mount there.
    pub(crate) scratch: PathBuf,
    /// The program.
    pub(crate) binary: PathBuf,
    /// Its arguments.
    pub(crate) arguments: Vec<String>,
    /// Its environment, but for its folders.
    pub(crate) environment: Vec<(String, String)>,
    /// Whether stderr goes where stdout goes.
    pub(crate) together: bool,
    /// Whether it gets a loopback network, with namespaces; else it cannot open sockets.
    pub(crate) network: bool,
    /// What it may read besides the system's files.
    pub(crate) readable: Vec<PathBuf>,
    /// The user's folders.
    pub(crate) private: Vec<PathBuf>,
    /// With namespaces: the user it becomes, where gosnip runs as root; without, a user namespace
    /// maps gosnip's own user.
    pub(crate) become_user: Option<u32>,
}

/// What the launcher reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Report {
    /// The program was not started: why.
    Failed(String),
    /// The program has ended, and nothing that it started is left.
    Ended {
        /// The status as `wait` gives it.
        status: i32,
        /// CPU time of the program and all that it started.
        cpu_micros: u64,
        /// Time that its threads stood in line for a processor; 0 if the system does not tell.
        queued_micros: u64,
        /// From start to end.
        wall_micros: u64,
        /// What it tried that is not for it.
        attempts: Vec<Attempt>,
        /// What it had too much of, so that it was killed.
        excess: Option<Excess>,
    },
}

/// What all processes of a program, or all its files, may have too much of together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Excess {
    /// Memory.
    Memory,
    /// Files: too many, or too large.
    Files,
}

impl Report {
    /// Sends it to gosnip, which may have gone: no concern of the launcher's.
    pub(crate) fn send(&self, socket: &mut impl Write) -> io::Result<()> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        match socket.write_all(&line) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            _ => Ok(()),
        }
    }
}
