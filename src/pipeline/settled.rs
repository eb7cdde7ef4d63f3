//! A planned program after all repairs: what compiles, and is to be run.

use crate::build::Compiled;
use crate::program::Conditions;
use crate::snippet::repair::Trouble;
use crate::snippet::{Source, needs};
use crate::toolchain::Mode;
use crate::toolchain::modules::is_foreign;

use super::plan::Planned;

/// A planned program after all repairs.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The plan, with the repaired draft.
    pub planned: Planned,
    /// The draft's source.
    pub source: Source,
    /// What the compiler made of it.
    pub compiled: Compiled,
    /// What could not be repaired.
    pub trouble: Trouble,
    /// How it was compiled and is to be run.
    pub conditions: Conditions,
}

impl Settled {
    /// The block's index in its note.
    pub fn block(&self) -> usize {
        self.planned.draft.snippet.block
    }

    /// Whether it compiles.
    pub fn compiles(&self) -> bool {
        self.compiled.object.is_some()
    }

    /// What standard library it is built against.
    pub(super) fn mode(&self) -> Mode {
        self.planned.role.mode()
    }

    /// Whether it can do anything with a network, or with programs that can: by what it imports.
    pub(super) fn needs_network(&self) -> bool {
        const ALSO: [&str; 6] = [
            "crypto/tls",
            "expvar",
            "log/syslog",
            "net",
            "os/exec",
            "syscall",
        ];
        let imports = &self.compiled.linkage.imports;
        imports.iter().any(|path| {
            path.starts_with("net/") || ALSO.contains(&path.as_str()) || is_foreign(path)
        })
    }

    /// Whether there is something to run, all of it is the author's, and it can be had here.
    pub(super) fn is_runnable(&self) -> bool {
        let draft = &self.planned.draft;
        self.compiles()
            && draft.executes()
            && !draft.is_compiled_only()
            && needs::network(draft).is_none()
    }
}
