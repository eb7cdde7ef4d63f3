//! Settings: what `verify.toml` and the command line say together.
//!
//! Two stages. First what was typed: [`file::File`] and [`crate::cli::flags::Flags`]. Then what it
//! means: [`Settings`], made by [`Settings::resolve`]. Nothing after that looks at either again.

pub mod cache;
pub mod file;
pub mod go;
pub mod modules;
pub mod output;
pub mod pattern;
pub mod resolve;
pub mod rules;
pub mod suggest;
pub mod units;
pub mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use schemars::JsonSchema;
use serde::Deserialize;

pub use go::GoChoice;
pub use output::{Format, Output, Target};
pub use pattern::Pattern;
pub use rules::{BlockName, BlockRule, NoteRule};

use crate::claim::{Confidence, Versions};
use crate::expected::record;
use crate::position::Position;

/// Everything that can be chosen, decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The current folder; [`Settings::paths`] and the paths of reports are relative to it.
    pub current: Utf8PathBuf,
    /// The folder of `verify.toml`, to which its patterns and paths are relative; without one, the
    /// current folder.
    pub folder: Utf8PathBuf,
    /// The `verify.toml` that was read.
    pub file: Option<Utf8PathBuf>,
    /// The notes and folders that were typed. If there are none, what [`Settings::include`] matches
    /// below [`Settings::folder`].
    pub paths: Vec<Utf8PathBuf>,
    /// The files that differ from a git base, if only notes that they concern are wanted.
    pub changed: Option<BTreeSet<Utf8PathBuf>>,
    /// Which notes below a folder; empty for all.
    pub include: Vec<Pattern>,
    /// Which of them not. A note that was typed itself is never excluded.
    pub exclude: Vec<Pattern>,
    /// Which Go.
    pub go: GoSettings,
    /// How programs are run.
    pub run: RunSettings,
    /// What is reported, where, and what fails.
    pub report: ReportSettings,
    /// What is kept for the next time.
    pub cache: CacheSettings,
    /// Versions of modules, by module path.
    pub modules: BTreeMap<String, String>,
    /// Overrides for notes, in the file's order; see [`Settings::note`].
    pub note_rules: Vec<NoteRule>,
    /// Overrides for blocks; see [`Settings::block`].
    pub block_rules: Vec<BlockRule>,
}

/// Which Go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoSettings {
    /// The one that is asked for; without it, the best that is found.
    pub version: Option<GoChoice>,
    /// Those to verify with in one run.
    pub versions: Vec<GoChoice>,
    /// Whether a missing one may be downloaded.
    pub download: bool,
}

/// How programs are run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunSettings {
    /// How long each may take.
    pub timeout: Duration,
    /// How many at the same time.
    pub jobs: NonZeroUsize,
    /// What contains them.
    pub sandbox: SandboxMode,
    /// Whether they are built with the race detector.
    pub race: bool,
    /// How many bytes of memory each may use; `None` for the runner's own limit.
    pub memory: Option<u64>,
}

/// What is reported, where, and what fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportSettings {
    /// The reports; at most one goes to stdout.
    pub outputs: Vec<Output>,
    /// Claims less certain than this are neither shown (without `-v`) nor do they fail.
    pub min_confidence: Confidence,
    /// What makes the exit code 1.
    pub fail_on: BTreeSet<Failure>,
    /// Whether colours are used.
    pub color: ColorMode,
    /// How much is said.
    pub verbosity: Verbosity,
    /// Whether it is said what no claim is about.
    pub coverage: bool,
}

impl Default for ReportSettings {
    fn default() -> Self {
        Self {
            outputs: vec![Output::default()],
            min_confidence: Confidence::Likely,
            fail_on: Failure::default_set(),
            color: ColorMode::Auto,
            verbosity: Verbosity::Normal,
            coverage: false,
        }
    }
}

/// What is kept for the next time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheSettings {
    /// Where; toolchains are kept there as well. `None`: no such folder is known on this machine.
    pub folder: Option<Utf8PathBuf>,
    /// Whether results are taken from it and put into it (`--no-cache` says no).
    pub results: bool,
}

/// What contains the programs.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum SandboxMode {
    /// The best that the machine offers
    #[default]
    Auto,
    /// At least level `base` (no files of yours, no network), or nothing is run
    Require,
    /// None: only time and output are limited
    Off,
}

/// Whether colours are used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum ColorMode {
    /// On a terminal, unless NO_COLOR, CLICOLOR or CLICOLOR_FORCE say otherwise
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How much is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verbosity {
    /// Only the summary, and only if something is wrong.
    Quiet,
    /// What is wrong, and the summary.
    #[default]
    Normal,
    /// Everything.
    Verbose,
}

/// What can make `gosnip verify` fail.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Deserialize,
    JsonSchema,
    clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// A claim that is false
    Refuted,
    /// A claim that was true under an older Go
    Stale,
    /// A claim that is true in some runs only
    Unstable,
    /// A claim that could not be decided
    Unverified,
    /// A difference from what was recorded in `expected/`
    Drift,
    /// Another finding of severity `error`
    Finding,
}

impl Failure {
    /// What fails if nothing else is said.
    pub fn default_set() -> BTreeSet<Self> {
        BTreeSet::from([Self::Refuted, Self::Stale, Self::Drift, Self::Finding])
    }
}

/// What the `[[note]]` rules that match a note say together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoteOverrides {
    /// `Some(reason)` if the note is to be skipped; the reason may be empty.
    pub skip: Option<String>,
    /// The Go versions it speaks of.
    pub go: Option<Versions>,
    /// How long its programs may take.
    pub timeout: Option<Duration>,
}

impl Settings {
    /// What the rules say of `note` (as shown to the user); of two that say the same thing, the later
    /// one in the file counts.
    pub fn note(&self, note: &Utf8Path) -> NoteOverrides {
        let path = self.in_folder(note);
        let mut overrides = NoteOverrides::default();
        for rule in self
            .note_rules
            .iter()
            .filter(|rule| rule.path.matches(&path))
        {
            overrides.skip = rule.skip.clone().or(overrides.skip);
            overrides.go = rule.go.or(overrides.go);
            overrides.timeout = rule.timeout.or(overrides.timeout);
        }
        overrides
    }

    /// The rule for the block of `note` that has this id and stands on these lines, if there is one.
    pub fn block(
        &self,
        note: &Utf8Path,
        id: &str,
        lines: std::ops::RangeInclusive<u32>,
    ) -> Option<&BlockRule> {
        self.block_rules_of(note)
            .filter(|rule| rule.block.is(id, lines.clone()))
            .last()
    }

    /// The rules for blocks of `note`, in the file's order.
    pub fn block_rules_of(&self, note: &Utf8Path) -> impl Iterator<Item = &BlockRule> {
        let path = self.in_folder(note);
        self.block_rules
            .iter()
            .filter(move |rule| normal(&rule.note) == path)
    }

    /// Whether all notes that `verify.toml` speaks of are wanted, and not just some.
    pub fn is_everything(&self) -> bool {
        self.paths.is_empty() && self.changed.is_none()
    }

    /// Whether `note` is wanted as far as [`Settings::changed`] goes: it or its record differs.
    pub fn concerns(&self, note: &Utf8Path) -> bool {
        let Some(changed) = &self.changed else {
            return true;
        };
        let record = record::file(&self.folder, &self.in_folder(note));
        changed.contains(&normal(&self.current.join(note)))
            || record.is_some_and(|record| changed.contains(&record))
    }

    /// Whether `note` may be wanted, as one of its folder is: it may carry something from that.
    pub fn may_concern(&self, note: &Utf8Path) -> bool {
        let file = normal(&self.current.join(note));
        let Some(changed) = &self.changed else {
            return true;
        };
        self.concerns(note) || changed.iter().any(|it| it.parent() == file.parent())
    }

    /// Whether `note`, found below a folder, is to be verified as far as `include` and `exclude` go.
    pub fn covers(&self, note: &Utf8Path) -> bool {
        let path = self.in_folder(note);
        let included = self.include.iter().any(|pattern| pattern.matches(&path));
        (self.include.is_empty() || included) && !self.excludes(note)
    }

    /// Whether `include` has a pattern for Go files that names this one. The sources of a repository are no
    /// notes, so a pattern for all files does not make them some.
    pub fn names_go_file(&self, file: &Utf8Path) -> bool {
        let path = self.in_folder(file);
        let mut patterns = self.include.iter();
        patterns.any(|pattern| pattern.as_str().ends_with(".go") && pattern.matches(&path))
            && !self.excludes(file)
    }

    /// Whether `exclude` leaves `note` out.
    pub fn excludes(&self, note: &Utf8Path) -> bool {
        let path = self.in_folder(note);
        self.exclude.iter().any(|pattern| pattern.matches(&path))
    }

    /// `path`, relative to the current folder, as it is named from the folder of `verify.toml`.
    pub fn in_folder(&self, path: &Utf8Path) -> Utf8PathBuf {
        let absolute = normal(&self.current.join(path));
        match absolute.strip_prefix(&self.folder) {
            Ok(inside) => inside.to_owned(),
            Err(_) => absolute,
        }
    }
}

/// `path` without `.` and `..`, by its text alone.
pub fn normal(path: &Utf8Path) -> Utf8PathBuf {
    use camino::Utf8Component::{CurDir, ParentDir};
    let mut normal = Utf8PathBuf::new();
    for component in path.components() {
        match component {
            CurDir => {}
            ParentDir if normal.file_name().is_some() => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// Why the settings can't be made out. All of these are usage errors.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file says something it can't say.
    #[error("{path}:{}:{}: {message}", position.line, position.column)]
    Invalid {
        /// The file.
        path: Utf8PathBuf,
        /// Where in it.
        position: Position,
        /// What is wrong.
        message: String,
    },
    /// The file can't be read.
    #[error("can't read {path}: {error}")]
    Unreadable {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Two reports go to the same place.
    #[error("{0}")]
    Outputs(String),
    /// The current folder can't be used.
    #[error("the current folder can't be used: {0}")]
    Current(String),
}

#[cfg(test)]
mod tests;
