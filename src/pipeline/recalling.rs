//! When nothing at all has changed: the report of last time.
//!
//! What each program did is recalled by itself ([`crate::run::store`]), but to know which programs there are,
//! everything has to be read and judged. Where every byte that a report depends on is as it was, even that can be
//! left out. A report is believed for an hour at most, as everything is that is no lasting truth; then it is made
//! again, from what is known of each program.
//!
//! A report depends on:
//!
//! | input | as |
//! | --- | --- |
//! | gosnip itself | version, size and time of its file |
//! | the settings | all that do not merely say how a report is shown |
//! | the notes, and the other notes of their folders | path and content |
//! | `expected/`, `snippets/`, `verify.sum` | path and content |
//! | the toolchains | GOROOT, version, size and time of the compiler |
//! | the sandbox, the limits, the number of processors | as they are now |

use std::collections::BTreeSet;
use std::fs;
use std::time::Instant;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use crate::bounded;
use crate::expected::record;
use crate::note::discover;
use crate::note::read::LARGEST_NOTE;
use crate::report::Report;
use crate::run::store::{self, Life, Store};
use crate::settings::{Format, Settings};

use super::engine::Engine;
use super::{Work, extracting, modules, reading, toolchains};

/// The place of a report that was made of these very inputs, or is to be.
pub struct Place {
    store: Store,
    key: String,
    /// Whether `snippets/` has to be fresh.
    locked: bool,
}

/// A report, and with what it was made.
#[derive(Serialize, Deserialize)]
pub struct Earlier {
    /// See [`identity`].
    identity: String,
    report: Report,
}

impl Place {
    /// The place for what `settings` ask for. `None` if nothing is to be kept, or the report cannot be told again:
    /// an HTML page shows more than a report holds, and Go files have other files beside them.
    pub fn of(settings: &Settings, locked: bool) -> Option<Self> {
        let outputs = &settings.report.outputs;
        if !settings.cache.results || outputs.iter().any(|it| it.format == Format::Html) {
            return None;
        }
        let key = key(settings, locked)?;
        let cache = toolchains::cache(settings).ok()?;
        Some(Self {
            store: Store::of_reports(&cache),
            key,
            locked,
        })
    }

    /// The report that lies here.
    pub fn earlier(&self) -> Option<Earlier> {
        self.store.recall(&self.key)
    }

    /// Keep a report, unless an accident has a part in it (a program that was killed or could not be started), or
    /// something it depends on has changed while it was made.
    pub fn keep(&self, settings: &Settings, engines: &[Engine], report: &Report, works: &[&Work]) {
        let mut all = works.iter().flat_map(|work| work.all());
        let accident = all.any(|observation| {
            let runs = &observation.runs;
            observation.failure.is_some() || !runs.is_empty() && store::life(runs, true).is_none()
        });
        if accident || key(settings, self.locked).as_ref() != Some(&self.key) {
            return;
        }
        let Some(identity) = identity(engines) else {
            return;
        };
        let mut report = report.clone();
        for block in &mut report.blocks {
            block.cached = block.programs > 0;
        }
        let earlier = Earlier { identity, report };
        self.store.keep(&self.key, &earlier, Life::Passing);
        self.store.tidy();
    }
}

impl Earlier {
    /// The report, if these engines made it.
    pub fn of(self, engines: &[Engine], started: Instant) -> Option<Report> {
        let mut report = (self.identity == identity(engines)?).then_some(self.report)?;
        report.summary.seconds = started.elapsed().as_secs_f64();
        report.summary.replayed = report.summary.programs();
        (report.summary.merged, report.summary.not_merged) = (0, 0);
        Some(report)
    }
}

/// The hash of everything that is known before a toolchain is looked for.
fn key(settings: &Settings, locked: bool) -> Option<String> {
    let mut asked = settings.clone();
    asked.report.outputs.clear();
    let mut parts = vec![
        file_identity(&Utf8PathBuf::from_path_buf(std::env::current_exe().ok()?).ok()?)?,
        format!("{asked:?} {locked}"),
    ];
    let sources = reading::sources(settings)?;
    let folders: BTreeSet<Utf8PathBuf> = sources
        .iter()
        .filter_map(|path| path.parent().map(Utf8Path::to_owned))
        .collect();
    let beside = folders.iter().flat_map(|it| discover::notes_in(it));
    let mut files: BTreeSet<Utf8PathBuf> = beside.chain(sources).collect();
    for folder in [record::FOLDER, extracting::FOLDER] {
        files.extend(below(&settings.folder.join(folder)));
    }
    files.insert(settings.folder.join(modules::LOCK));
    for file in files {
        let content = match bounded::bytes(&file, LARGEST_NOTE) {
            Ok(Some(content)) => blake3::hash(&content).to_hex().to_string(),
            Ok(None) => return None,
            Err(error) => error.kind().to_string(),
        };
        parts.extend([file.into_string(), content]);
    }
    Some(store::key(parts.iter().map(String::as_str)))
}

/// What a report depends on beside its inputs.
fn identity(engines: &[Engine]) -> Option<String> {
    let processors = std::thread::available_parallelism().ok()?;
    let of_engine = |engine: &Engine| -> Option<String> {
        Some(format!(
            "{:?} {} {:?} {:?}",
            engine.toolchain(),
            file_identity(&engine.toolchain().tool("compile"))?,
            engine.sandbox(),
            engine.limits
        ))
    };
    let engines: Option<Vec<String>> = engines.iter().map(of_engine).collect();
    Some(format!("{} {processors}", engines?.join("\n")))
}

/// What tells a file from another version of it: its place, its size and when it was written.
fn file_identity(path: &Utf8Path) -> Option<String> {
    let file = fs::metadata(path).ok()?;
    Some(format!("{path} {} {:?}", file.len(), file.modified().ok()?))
}

/// All files below a folder; none if there is no such folder.
fn below(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let entries = folder.read_dir_utf8().into_iter().flatten().flatten();
    let below = entries.flat_map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => below(entry.path()),
        _ => vec![entry.path().to_owned()],
    });
    below.collect()
}
