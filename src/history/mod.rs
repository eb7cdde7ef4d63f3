//! What changed in Go: since which version, how it shows, and how a newer toolchain can be made to do what
//! older ones did.
//!
//! A change is named only where the evidence is: the program has what the change is about, and either the
//! result turns when nothing but this change is taken back, or the results before and after differ in the way
//! of this change. What happened in versions that nobody tried is never concluded from the table alone.

pub mod changes;
pub mod features;
pub mod former;
mod growth;
mod library;
pub mod range;
mod written;

use crate::build::scan;
use crate::observation::Observation;
use crate::program::{Conditions, Role};
use crate::toolchain::Language;

/// How a newer toolchain does what Go did before a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undo {
    /// By the language version before it.
    Language,
    /// By a setting of the compiler.
    Compiler(&'static str),
    /// By `GODEBUG`.
    Runtime(&'static str),
    /// By functions of package slices that the program gets: see [`former`].
    Slices,
    /// By tags of structs without an option of encoding/json: see [`former`].
    Tags,
}

/// A change of what programs do.
pub struct Change {
    /// The first version (1.x) that has it.
    pub since: u32,
    /// The first version (1.x) that did what it ended; 0 for what Go always did.
    pub former: u32,
    /// What it is, in a sentence that ends in the version.
    pub what: &'static str,
    /// The section of the version's release notes that tells of it; empty for the page.
    section: &'static str,
    /// How it is undone, and the last version that can; `None` if no toolchain can.
    undo: Option<(Undo, u32)>,
    /// Whether a program has what the change is about.
    concerns: fn(&Observation) -> bool,
    /// Whether a result before and one after differ as this change makes them differ.
    shows: fn(&str, &str) -> bool,
    /// Whether the result before is, to the letter, what Go made of the one after before this change. Only where
    /// that can be worked out from the one after.
    was: Option<fn(&str, &str) -> bool>,
}

/// No toolchain has taken the way back away yet.
const STILL: u32 = u32::MAX;

impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Change({}, 1.{})", self.what, self.since)
    }
}

impl Change {
    /// The release notes that tell of it.
    pub fn link(&self) -> String {
        link(self.since, self.section)
    }

    /// Whether one of the programs has what the change is about.
    pub fn concerns(&self, observations: &[Observation]) -> bool {
        observations.iter().any(self.concerns)
    }

    /// Whether results before and after differ as this change makes them differ.
    pub fn shows(&self, before: &str, after: &str) -> bool {
        before != after && (self.shows)(before, after)
    }

    /// Whether the result before is certainly what Go made before this change of the one after.
    pub fn proves(&self, before: &str, after: &str) -> bool {
        before != after && self.was.is_some_and(|was| was(before, after))
    }

    /// Whether a toolchain of this version can undo it.
    pub fn can_be_undone(&self, minor: u32) -> bool {
        self.undo
            .is_some_and(|(_, last)| (self.since..=last).contains(&minor))
    }

    /// Take it back.
    fn undo(&self, conditions: &mut Conditions) {
        match self.undo {
            Some((Undo::Language, _)) => {
                let before = Language {
                    minor: self.since - 1,
                };
                conditions.language = conditions.language.min(before);
            }
            Some((Undo::Compiler(setting), _)) => conditions.compiler = Some(setting),
            Some((Undo::Runtime(setting), _)) => {
                let others = conditions.runtime.take();
                conditions.runtime = Some(match others {
                    Some(others) => format!("{others},{setting}"),
                    None => setting.to_owned(),
                });
            }
            Some((Undo::Slices, _)) => conditions.former_slices = true,
            Some((Undo::Tags, _)) => conditions.former_tags = true,
            None => {}
        }
    }
}

/// The release notes of 1.`minor`, or a section of them.
pub fn link(minor: u32, section: &str) -> String {
    match section {
        "" => format!("https://go.dev/doc/go1.{minor}"),
        section => format!("https://go.dev/doc/go1.{minor}#{section}"),
    }
}

/// Why a behaviour began, for a reader: what changed, and where that is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reason {
    /// What changed, in a sentence.
    pub what: String,
    /// The release notes.
    pub link: String,
    /// The first version (1.x) that did what ended then; 0 for what Go always did.
    pub former: u32,
}

impl Reason {
    /// The reason that lies in these changes; `None` without any.
    pub fn of(changes: &[&Change]) -> Option<Self> {
        let what: Vec<&str> = changes.iter().map(|change| change.what).collect();
        Some(Self {
            link: changes.first()?.link(),
            former: changes.iter().map(|change| change.former).max()?,
            what: what.join("; "),
        })
    }
}

/// A past that a toolchain can play: what Go did before a version, as far as it concerns some programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The version with which it ended.
    pub until: u32,
    /// What ended it.
    pub reason: Reason,
    /// How it is played.
    pub conditions: Conditions,
}

impl Past {
    /// Whether random numbers are the same each time in it, so that what they decide is no luck.
    pub fn fixes_random_numbers(&self) -> bool {
        let settings = self.conditions.runtime.as_deref().unwrap_or_default();
        settings.contains("randautoseed=0") || settings.contains("randseednop=0")
    }
}

/// The pasts that a toolchain of 1.`minor` can play and that may make a difference to the programs, the
/// newest first; each takes back what the ones before it do, and more. Only changes after 1.`after` count.
pub fn pasts(observations: &[Observation], minor: u32, after: u32) -> Vec<Past> {
    let mut changes: Vec<&Change> = changes::all()
        .filter(|change| (after + 1..=minor).contains(&change.since))
        .filter(|change| change.can_be_undone(minor) && change.concerns(observations))
        .collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.since));
    let mut conditions = Conditions::plain(Language { minor });
    let versions = changes.chunk_by(|one, other| one.since == other.since);
    let past = |changes: &[&Change]| {
        for change in changes {
            change.undo(&mut conditions);
        }
        Some(Past {
            until: changes.first()?.since,
            reason: Reason::of(changes)?,
            conditions: conditions.clone(),
        })
    };
    versions.filter_map(past).collect()
}

/// What a toolchain of 1.`minor` does when it plays the version before 1.`until` as well as it can.
pub fn last_before(observations: &[Observation], minor: u32, until: u32) -> Past {
    let oldest = pasts(observations, minor, until.saturating_sub(1)).pop();
    let mut past = oldest.unwrap_or_else(|| Past {
        until,
        reason: Reason::default(),
        conditions: Conditions::plain(Language { minor }),
    });
    let language = Language {
        minor: until.saturating_sub(1),
    };
    past.conditions.language = past.conditions.language.min(language);
    past
}

/// Whether nothing that changed between 1.`until` and 1.`minor`, and that the newer toolchain cannot take back, explains
/// why the claimed result is not the played one.
pub fn is_playable(
    observations: &[Observation],
    (until, minor): (u32, u32),
    (claimed, played): (&str, &str),
) -> bool {
    let explained = changes::all()
        .filter(|change| (until..=minor).contains(&change.since))
        .filter(|change| !change.can_be_undone(minor) && change.concerns(observations))
        .any(|change| change.shows(claimed, played));
    let mut plain = observations
        .iter()
        .filter(|it| it.program.role == Role::Plain);
    !explained && plain.all(is_of_language)
}

/// Packages of which all that a program can notice is in the table, as far back as there are modules.
const WELL_KNOWN: [&str; 10] = [
    "context",
    "errors",
    "fmt",
    "math",
    "math/rand",
    "os",
    "strconv",
    "strings",
    "sync",
    "time",
];

/// Whether what a program does is the language's matter, and that of packages that are well known: of others the
/// table has what notes speak of, not everything.
fn is_of_language(observation: &Observation) -> bool {
    let imports = scan::imports(&observation.program.source.text);
    imports
        .iter()
        .all(|import| WELL_KNOWN.contains(&import.path.as_str()))
}

/// The past of the language before it had a feature.
pub fn before(needed: &features::Needed) -> Past {
    let language = Language {
        minor: needed.language,
    };
    Past {
        until: needed.since,
        reason: Reason {
            what: needed.what.clone(),
            link: link(needed.since, "language"),
            former: 0,
        },
        conditions: Conditions::plain(language),
    }
}

/// What a program needs that came into the language or the library after the Go that it was compiled as: why it does
/// not compile.
pub fn needed(observation: &Observation) -> Option<features::Needed> {
    let minor = observation.language.minor;
    let source = &observation.program.source.text;
    let said = observation.complaints.iter().filter_map(|complaint| {
        let message = &complaint.diagnostic.message;
        features::lacking(message, minor).or_else(|| library::lacking(message, source, minor))
    });
    let missing = observation.missing.iter();
    let missing = missing.filter_map(|name| library::missing(name, minor));
    said.chain(missing).max_by_key(|needed| needed.since)
}

/// The first version (1.x) of the library that has all that a program uses of it; 0 if every one has.
pub fn least_library(observation: &Observation) -> u32 {
    let source = &observation.program.source.text;
    let imports = scan::imports(source);
    let paths: Vec<&str> = imports.iter().map(|import| import.path.as_str()).collect();
    library::least(&paths, source)
}

/// What a claim that something does not compile speaks of, if that is a name of the standard library that came later than
/// the first Go with modules and that one of the programs uses: until then it is certainly undefined.
pub fn once_undefined(observations: &[Observation], said: &str) -> Option<features::Needed> {
    let sources = observations.iter().map(|it| &it.program.source.text);
    let mut found = sources.filter_map(|source| library::once_undefined(said, source));
    found.next()
}

/// A package that a program uses, for which there is only a stand-in because it came later than this Go; `names` are
/// those of the stand-ins.
pub fn needed_package(observation: &Observation, names: &[&str]) -> Option<features::Needed> {
    let minor = observation.language.minor;
    let code = &observation.program.draft.snippet.syntax.text;
    let mut names = names.iter();
    names.find_map(|name| library::used(name, code, minor))
}

/// The changes after 1.`after` and up to 1.`minor` that concern the programs and show in the results before and
/// after.
pub fn shown(
    observations: &[Observation],
    (after, minor): (u32, u32),
    (before, now): (&str, &str),
) -> Vec<&'static Change> {
    changes::all()
        .filter(|change| (after + 1..=minor).contains(&change.since))
        .filter(|change| change.concerns(observations) && change.shows(before, now))
        .collect()
}
