//! `expected/`: what was recorded, compared with what is observed, and recorded anew.

use std::collections::BTreeSet;
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

use crate::exit::DRIFT_RULE;
use crate::expected::drift::{self, Matching};
use crate::expected::record::{self, Entry, FOLDER, Record};
use crate::expected::recording::{self, Seen};
use crate::position::Position;
use crate::program::Role;
use crate::report::{Finding, Severity};
use crate::settings::Settings;

use super::reading::{NoteRead, Reading};
use super::rewriting::depends_on_the_machine;
use super::{PipelineError, Work};

/// A file of `expected/` as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordChange {
    /// The file.
    pub path: Utf8PathBuf,
    /// Its text now; `None` if there is none.
    pub before: Option<String>,
    /// Its new text; `None` if it is to be deleted.
    pub after: Option<String>,
}

/// What the programs of one note did.
struct OfNote {
    seen: Vec<Seen>,
    /// The note's line of each program's block.
    lines: Vec<u32>,
    /// Blocks of which nothing can be said now: what was recorded of them stays.
    unknown: BTreeSet<String>,
}

fn of_note(read: &NoteRead, note: usize, work: &Work) -> OfNote {
    let mut found = OfNote {
        seen: Vec::new(),
        lines: Vec::new(),
        unknown: BTreeSet::new(),
    };
    for (at, block) in read.note.blocks.iter().enumerate() {
        let observations = work.of(note, at);
        let plain = observations
            .iter()
            .filter(|it| it.program.role == Role::Plain);
        for (part, observation) in (1..).zip(plain) {
            let varies = depends_on_the_machine(observation).is_some();
            match recording::see(&block.id, part, &read.snippets[at], observation, varies) {
                Some(seen) => {
                    found.seen.push(seen);
                    found.lines.push(block.line);
                }
                None => {
                    found.unknown.insert(block.id.clone());
                }
            }
        }
    }
    found
}

fn load(path: &Utf8Path) -> Result<Option<Record>, PipelineError> {
    record::load(path).map_err(|error| PipelineError::Usage(error.to_string()))
}

/// The record of each note as it is to be. What still agrees stays as it is recorded, so that recording
/// twice is recording once.
pub fn records(
    settings: &Settings,
    reading: &Reading,
    work: &Work,
    go: &str,
) -> Result<Vec<RecordChange>, PipelineError> {
    let mut changes = Vec::new();
    for (note, read) in reading.notes.iter().enumerate() {
        let name = settings.in_folder(&read.note.path);
        let Some(path) = record::file(&settings.folder, &name) else {
            continue;
        };
        let old = load(&path)?.unwrap_or_default();
        let found = of_note(read, note, work);
        let matching = drift::matching(&old.programs, &found.seen);
        let mut programs: Vec<Entry> = found
            .seen
            .iter()
            .zip(&matching.recorded)
            .map(
                |(seen, recorded)| match recorded.map(|at| &old.programs[at]) {
                    Some(recorded) if seen.agrees(recorded) => Entry {
                        block: seen.entry.block.clone(),
                        content: seen.entry.content.clone(),
                        ..recorded.clone()
                    },
                    _ => seen.entry.clone(),
                },
            )
            .collect();
        programs.extend(kept(&old, &matching, &found));
        let record = Record {
            go: go.to_owned(),
            programs,
        };
        let after = (!record.programs.is_empty()).then(|| record.render(&name));
        changes.push(RecordChange {
            before: fs::read_to_string(&path).ok(),
            after,
            path,
        });
    }
    if settings.is_everything() {
        changes.extend(
            orphans(settings, reading)
                .into_iter()
                .map(|path| RecordChange {
                    before: fs::read_to_string(&path).ok(),
                    after: None,
                    path,
                }),
        );
    }
    changes.retain(|change| change.before != change.after);
    Ok(changes)
}

/// Recorded programs of blocks that could not be observed this time.
fn kept<'a>(
    old: &'a Record,
    matching: &'a Matching,
    found: &'a OfNote,
) -> impl Iterator<Item = Entry> + 'a {
    matching
        .unreferenced
        .iter()
        .map(|at| &old.programs[*at])
        .filter(|entry| found.unknown.contains(&entry.block))
        .cloned()
}

/// Records of notes that are no longer there.
fn orphans(settings: &Settings, reading: &Reading) -> Vec<Utf8PathBuf> {
    let known: BTreeSet<Utf8PathBuf> = reading
        .notes
        .iter()
        .filter_map(|read| record::file(&settings.folder, &settings.in_folder(&read.note.path)))
        .collect();
    let unread: BTreeSet<&str> = reading
        .problems
        .iter()
        .map(|problem| problem.note.as_str())
        .collect();
    let mut found = Vec::new();
    files(&settings.folder.join(FOLDER), &mut found);
    found.retain(|path| {
        let note = path
            .strip_prefix(settings.folder.join(FOLDER))
            .map(Utf8Path::as_str);
        let note = note.ok().and_then(|path| path.strip_suffix(".toml"));
        note.is_some_and(|note| !unread.contains(note)) && !known.contains(path)
    });
    found
}

/// All files below a folder, sorted.
pub fn files(folder: &Utf8Path, found: &mut Vec<Utf8PathBuf>) {
    let Ok(entries) = folder.read_dir_utf8() else {
        return;
    };
    let mut paths: Vec<Utf8PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.into_path()))
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// What differs from the records. Without an `expected/` there is nothing to differ from.
pub fn find(
    settings: &Settings,
    reading: &Reading,
    work: &Work,
    go: &str,
    locked: bool,
) -> Result<Vec<Finding>, PipelineError> {
    let mut findings = Vec::new();
    if !settings.folder.join(FOLDER).is_dir() {
        return Ok(findings);
    }
    let lenient = if locked {
        Severity::Error
    } else {
        Severity::Warning
    };
    for (note, read) in reading.notes.iter().enumerate() {
        let name = settings.in_folder(&read.note.path);
        let Some(path) = record::file(&settings.folder, &name) else {
            continue;
        };
        let old = load(&path)?;
        let found = of_note(read, note, work);
        let recorded = old.as_ref().map_or(&[][..], |old| &old.programs);
        let matching = drift::matching(recorded, &found.seen);
        for ((seen, at), line) in found.seen.iter().zip(&matching.recorded).zip(&found.lines) {
            match at.map(|at| &recorded[at]) {
                Some(entry) => {
                    let versions = drift::Versions {
                        recorded: old.as_ref().map_or("", |old| &old.go),
                        now: go,
                    };
                    findings.extend(drift::drift(entry, seen, versions).map(|drift| {
                        let severity = if drift.may_be_chance {
                            Severity::Warning
                        } else {
                            Severity::Error
                        };
                        finding(read, *line, severity, drift.message)
                    }));
                }
                None if locked => {
                    let message = "what this does is not recorded in expected/; run `gosnip bless`";
                    findings.push(finding(read, *line, Severity::Error, message.to_owned()));
                }
                None => {}
            }
        }
        for entry in matching.unreferenced.iter().map(|at| &recorded[*at]) {
            if !found.unknown.contains(&entry.block) {
                let message = format!(
                    "expected/ records a program `{}` that the note no longer has; run `gosnip bless`",
                    entry.block
                );
                findings.push(finding(read, 1, lenient, message));
            }
        }
    }
    if settings.is_everything() {
        findings.extend(orphans(settings, reading).into_iter().map(|path| {
            Finding {
                rule: DRIFT_RULE.to_owned(),
                severity: lenient,
                note: settings.in_folder(&path).to_string(),
                line: 1,
                column: 1,
                message: "this records what a note did that is no longer there; run `gosnip bless`"
                    .to_owned(),
                excerpt: String::new(),
            }
        }));
    }
    Ok(findings)
}

fn finding(read: &NoteRead, line: u32, severity: Severity, message: String) -> Finding {
    read.finding(DRIFT_RULE, severity, Position { line, column: 1 }, message)
}
