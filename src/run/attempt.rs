//! What a program tried that is not for it, whether the sandbox refused it or it came to nothing there.

use serde::{Deserialize, Serialize};

/// One thing tried. The words are the kernel's: paths as they were given, system calls by their names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attempt {
    /// To read a file outside of its own folder and of the system's files.
    Read(String),
    /// To make, change or remove a file there.
    Write(String),
    /// To remove the folder that it works in.
    Unsettle,
    /// To reach an address that is not this machine's.
    Connect(String),
    /// To talk to another program over its socket: the socket's path, or `@` and its name.
    Talk(String),
    /// A system call that no program of a note needs.
    Call(String),
    /// To leave processes behind.
    Leave,
    /// To write more than there is room for.
    Fill,
}
