//! What Go leaves to chance and can be chosen in the binaries that gosnip links. Unless something is chosen, a program
//! cannot tell the difference.
//!
//! | chance | door | since |
//! | --- | --- | --- |
//! | where a `range` over a map starts | [`map_order`] | Go 1.24 |
//! | which of the goroutines that are ready runs first | a runtime with the scheduler of the race detector, [`scheduler`](crate::toolchain::stdlib::scheduler) | always |
//!
//! The race detector's own binaries have no doors: its maps are other ones, and its scheduler shuffles anyhow.

use std::fs;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::map_order::{self, MapOrder};
use crate::toolchain::Mode;
use crate::toolchain::stdlib::scheduler;

/// Which doors a binary has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Doors {
    /// The order of maps can be chosen.
    pub maps: bool,
    /// The scheduler can be made to shuffle.
    pub scheduler: bool,
}

/// What is chosen in one run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chosen {
    /// The order of maps.
    pub map_order: Option<MapOrder>,
    /// The scheduler shuffles: of two goroutines that are ready, either may run first.
    pub shuffled: bool,
}

impl Doors {
    /// The doors in one word, for the cache.
    pub fn word(self) -> &'static str {
        match (self.maps, self.scheduler) {
            (false, false) => "",
            (true, false) => "maps",
            (false, true) => "scheduler",
            (true, true) => "maps+scheduler",
        }
    }

    /// The doors that a word names.
    pub fn of_word(word: &str) -> Self {
        Self {
            maps: word.starts_with("maps"),
            scheduler: word.ends_with("scheduler"),
        }
    }
}

impl Chosen {
    /// The dispatcher's argument, if the order of maps is chosen and there is a door for that.
    pub fn argument(self, doors: Doors) -> Option<String> {
        let order = self.map_order.filter(|_| doors.maps);
        order.map(MapOrder::argument)
    }

    /// What is to be in `GODEBUG`, beside these settings.
    pub fn godebug(self, doors: Doors, settings: Option<String>) -> Option<String> {
        let switch = (self.shuffled && doors.scheduler).then(|| scheduler::SWITCH.to_owned());
        let all: Vec<String> = settings.into_iter().chain(switch).collect();
        (!all.is_empty()).then(|| all.join(","))
    }

    /// Whether something is chosen.
    pub fn any(self) -> bool {
        self != Self::default()
    }
}

/// Writes what the linker needs for the doors into `folder`: gives them, and the import configuration.
/// `shuffling` is the archive of a runtime whose scheduler can shuffle.
pub fn prepare(
    configuration: &Utf8Path,
    shuffling: Option<&Utf8Path>,
    folder: &Utf8Path,
    mode: Mode,
) -> io::Result<(Doors, Utf8PathBuf)> {
    let mut text = fs::read_to_string(configuration)?;
    let maps = map_order::prepare(&text, folder, mode)?;
    let maps = maps.is_some_and(|(package, archive)| replace(&mut text, package, &archive));
    let scheduler = shuffling.is_some_and(|archive| replace(&mut text, "runtime", archive));
    let place = folder.join("importcfg");
    fs::write(&place, text)?;
    Ok((Doors { maps, scheduler }, place))
}

/// Puts another archive of a package into the import configuration; whether it was in it.
fn replace(configuration: &mut String, package: &str, archive: &Utf8Path) -> bool {
    let start = format!("packagefile {package}=");
    let line = configuration.lines().find(|line| line.starts_with(&start));
    let Some(line) = line.map(|line| format!("{line}\n")) else {
        return false;
    };
    *configuration = configuration.replace(&line, &format!("{start}{archive}\n"));
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_there_is_a_door_for_is_chosen() {
        let chosen = Chosen {
            map_order: Some(MapOrder::From(0)),
            shuffled: true,
        };
        let doors = |maps, scheduler| Doors { maps, scheduler };
        for scheduler in [false, true] {
            let argument = chosen.argument(doors(true, scheduler));
            assert_eq!(argument.as_deref(), Some("1"));
            assert_eq!(chosen.argument(doors(false, scheduler)), None);
        }
        let godebug =
            |doors, settings: Option<&str>| chosen.godebug(doors, settings.map(str::to_owned));
        assert_eq!(
            godebug(doors(false, true), Some("a=1")).as_deref(),
            Some("a=1,gcshrinkstackoff=1")
        );
        assert_eq!(godebug(doors(true, false), None), None);
        let nothing = Chosen::default();
        assert_eq!(nothing.argument(doors(true, true)), None);
        assert_eq!(nothing.godebug(doors(true, true), None), None);
    }

    #[test]
    fn doors_are_known_again_by_their_word() {
        for maps in [false, true] {
            for scheduler in [false, true] {
                let doors = Doors { maps, scheduler };
                assert_eq!(Doors::of_word(doors.word()), doors);
            }
        }
    }

    #[test]
    fn an_archive_is_replaced_in_its_line_and_no_other() {
        let mut text =
            "packagefile runtime=a\npackagefile runtime/debug=b\npackagefile os=c\n".to_owned();
        assert!(replace(&mut text, "runtime", Utf8Path::new("x")));
        assert_eq!(
            text,
            "packagefile runtime=x\npackagefile runtime/debug=b\npackagefile os=c\n"
        );
        assert!(!replace(&mut text, "fmt", Utf8Path::new("x")));
    }
}
