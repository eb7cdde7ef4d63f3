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
/// What stands before the archive's path in an import configuration.
const LINE: &str = "packagefile internal/runtime/maps=";

/// The import configuration's text, the archive of the maps and its content, if they have the door.
fn door(configuration: &Utf8Path, mode: Mode) -> io::Result<Option<(String, String, Vec<u8>)>> {
    if mode == Mode::Race {
        return Ok(None);
    }
    let text = fs::read_to_string(configuration)?;
    let Some(archive) = text.lines().find_map(|line| line.strip_prefix(LINE)) else {
        return Ok(None);
    };
    let (archive, content) = (archive.to_owned(), fs::read(archive)?);
    Ok(REFERENCE
        .is_match(&content)
        .then_some((text, archive, content)))
}

/// Writes the changed archive and an import configuration that names it into `folder`. `None` if this
/// toolchain has no such door.
pub fn prepare(
    configuration: &Utf8Path,
    folder: &Utf8Path,
    mode: Mode,
) -> io::Result<Option<Utf8PathBuf>> {
    let Some((text, archive, content)) = door(configuration, mode)? else {
        return Ok(None);
    };
    let (copy, place) = (folder.join("maps.a"), folder.join("importcfg"));
    fs::write(&copy, renamed(&content))?;
    let (old, new) = (format!("{LINE}{archive}\n"), format!("{LINE}{copy}\n"));
    fs::write(&place, text.replace(&old, &new))?;
    Ok(Some(place))
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
