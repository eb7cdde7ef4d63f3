//! A hand on the order of maps: where a `range` over a map starts is random, and six runs need not show it.
//!
//! A map of up to eight entries is one group of eight slots, and a range over it begins at a random slot. With
//! two entries in slots 0 and 1, seven starts of eight give the same order: 45 % of all sextuples of runs
//! see no other. So binaries are linked in which the start can be chosen.
//!
//! Since Go 1.24 maps are a package of their own, which gets its random numbers by one body-less function
//! whose symbol the runtime defines:
//!
//! ```text
//! package maps  ── refers to ──▶  internal/runtime/maps.rand  ◀── defined by ──  package runtime
//! ```
//!
//! In a copy of that package's archive the reference is given another name of the same length, and the
//! dispatcher defines that one: it passes on the runtime's numbers, and replaces their lowest three bits, on
//! which the first slot depends, if its process is asked to. Unless asked to, the program cannot tell the
//! difference. Older toolchains, and the race detector's instrumented ones, have no such door.

use std::fs;
use std::io;
use std::sync::LazyLock;

use camino::{Utf8Path, Utf8PathBuf};
use regex::bytes::Regex;

use crate::toolchain::Mode;

/// What to do about the order of maps in one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapOrder {
    /// A range over a small map starts at this slot, 0 to 7, as each does in one of eight runs.
    From(u8),
    /// Ranges start at slots 0 and 1 in turn, so that two ranges over one map differ.
    InTurn,
}

impl MapOrder {
    /// The dispatcher's argument.
    pub fn argument(self) -> String {
        match self {
            Self::From(slot) => (slot % 8 + 1).to_string(),
            Self::InTurn => "9".to_owned(),
        }
    }
}

/// The symbol that the package refers to.
static REFERENCE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"internal/runtime/maps\.rand").expect("a constant"));
/// What it refers to in the copy: as long, and nothing that the runtime has.
const RENAMED: &str = "internal/runtime/maps.gosn";
/// The package.
const PACKAGE: &str = "internal/runtime/maps";

/// Writes the changed archive into `folder`; gives the package and the archive. `None` if the toolchain of this import
/// configuration (its text) has no such door.
pub fn prepare(
    configuration: &str,
    folder: &Utf8Path,
    mode: Mode,
) -> io::Result<Option<(&'static str, Utf8PathBuf)>> {
    let mut lines = configuration.lines();
    let archive = lines.find_map(|line| {
        let (package, archive) = line.strip_prefix("packagefile ")?.split_once('=')?;
        (package == PACKAGE).then_some(archive)
    });
    let Some(archive) = archive.filter(|_| mode != Mode::Race) else {
        return Ok(None);
    };
    let content = fs::read(archive)?;
    if !REFERENCE.is_match(&content) {
        return Ok(None);
    }
    let copy = folder.join("maps.a");
    fs::write(&copy, renamed(&content))?;
    Ok(Some((PACKAGE, copy)))
}

/// The archive with the reference renamed.
fn renamed(archive: &[u8]) -> Vec<u8> {
    REFERENCE
        .replace_all(archive, RENAMED.as_bytes())
        .into_owned()
}

/// What the dispatcher declares. `mapOrder` is 0 if nothing is chosen, or else [`MapOrder::argument`]. Each
/// range draws two numbers, of which the first decides; so every second one is of another start.
pub fn source() -> String {
    format!(
        "
//go:linkname runtimeRand runtime.rand
func runtimeRand() uint64

var mapOrder, mapTurn uint64

//go:linkname mapRand {RENAMED}
func mapRand() uint64 {{
\trandom := runtimeRand()
\tif mapOrder == 0 {{
\t\treturn random
\t}}
\tif mapOrder <= 8 {{
\t\treturn random&^7 | (mapOrder - 1)
\t}}
\tmapTurn++
\treturn random&^7 | mapTurn>>1&1
}}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_is_renamed_in_its_place_and_nothing_else_changes() {
        let old = b"before internal/runtime/maps.rand after".as_slice();
        let new = b"before internal/runtime/maps.gosn after".as_slice();
        assert_eq!(renamed(old), new);
        assert_eq!(old.len(), new.len(), "an archive holds offsets");
    }
}
