//! `gosnip bless` and `gosnip review`: which claims are wrong, and how they are to be written.
//!
//! Nothing here writes. A claim is rewritten only if what Go does is certain: its programs are run
//! again, several times, and each time the claim must be as wrong as before, with the same output.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use camino::Utf8PathBuf;

use crate::expected::check;
use crate::expected::edit::{self, Edit};
use crate::expected::rejected::{Rejected, Rejection};
use crate::expected::rewrite::Stale;
use crate::observation::Observation;
use crate::report::{Event, Listener, Verdict};
use crate::settings::Settings;

use super::engine::Engine;
use super::judging::{self, Judged};
use super::matrix::{self, Trial};
use super::reading::{self, NoteRead, Reading};
use super::rewriting::Case;
use super::{PipelineError, Work, no_go};

/// How often the programs of a wrong claim are observed again; each time they are run several times.
const AGAIN: usize = 3;

/// Everything that `bless` needs to know.
#[derive(Debug)]
pub struct Blessing {
    /// The notes.
    pub reading: Reading,
    /// What was observed.
    pub work: Work,
    /// What is wrong in each note that has something wrong.
    pub notes: Vec<NoteChanges>,
    /// The language version of the toolchain.
    pub language: String,
}

/// What is to change in one note.
#[derive(Debug)]
pub struct NoteChanges {
    /// Index of the note.
    pub note: usize,
    /// The file.
    pub file: Utf8PathBuf,
    /// The claims that can be rewritten, in the note's order.
    pub changes: Vec<Change>,
    /// The others.
    pub unwritten: Vec<Unwritten>,
}

/// A claim to be rewritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where it stands.
    pub line: u32,
    /// The note's words.
    pub text: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// What Go did.
    pub observed: String,
    /// What changed in Go, for stale claims.
    pub because: String,
    /// How the note changes.
    pub edits: Vec<Edit>,
}

/// A wrong claim that is not rewritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwritten {
    /// Where it stands.
    pub line: u32,
    /// The note's words.
    pub text: String,
    /// What Go did.
    pub observed: String,
    /// Why it is not rewritten.
    pub reason: String,
}

impl Unwritten {
    fn rejected(change: &Change) -> Self {
        Self {
            line: change.line,
            text: change.text.clone(),
            observed: change.observed.clone(),
            reason: "rejected in review".to_owned(),
        }
    }
}

impl Blessing {
    /// A note's text with these changes made.
    pub fn text_with<'a>(
        &self,
        note: usize,
        changes: impl IntoIterator<Item = &'a Change>,
    ) -> Option<String> {
        let edits: Vec<Edit> = changes
            .into_iter()
            .flat_map(|change| change.edits.iter().cloned())
            .collect();
        edit::apply(&self.reading.notes[note].note.text, &edits)
    }
}

/// Find out what is wrong in the notes and how it is to be written. `None` if it was interrupted: then
/// too little is known to write anything.
pub fn bless(
    settings: &Settings,
    stale: Stale,
    listener: &dyn Listener,
    cancelled: &AtomicBool,
) -> Result<Option<Blessing>, PipelineError> {
    let mut reading = reading::read(settings, listener, cancelled)?;
    for read in &mut reading.notes {
        read.recorded = true;
    }
    let engines = Engine::all(settings, listener, cancelled)?;
    let mut trials = matrix::observe(&reading, &engines);
    let judged = judging::judge_all(&reading, &trials);
    let Trial { engine, work } = trials.pop().ok_or_else(no_go)?;
    let wrong: Vec<&Judged> = judged
        .iter()
        .filter(|it| matches!(it.judgement.verdict, Verdict::Refuted | Verdict::Stale))
        .filter(|it| it.confidence >= settings.report.min_confidence)
        .collect();
    let again = observe_again(&work, &wrong, &reading, engine);
    listener.event(Event::Done);
    if cancelled.load(Ordering::Relaxed) {
        return Ok(None);
    }
    let rejected = Rejected::load(&Rejected::file(&settings.folder))
        .map_err(|error| PipelineError::Usage(format!("{error:#}")))?;
    let mut notes = Vec::new();
    for (note, read) in reading.notes.iter().enumerate() {
        let wrong: Vec<&Judged> = wrong.iter().copied().filter(|it| it.note == note).collect();
        if !wrong.is_empty() {
            let (mut changes, mut unwritten) = of_note(read, &wrong, &again, stale);
            let name = settings.in_folder(&read.note.path);
            let is_rejected = |change: &Change| {
                rejected.contains(&Rejection::new(name.as_str(), &change.text, &change.edits))
            };
            unwritten.extend(
                changes
                    .iter()
                    .filter(|it| is_rejected(it))
                    .map(Unwritten::rejected),
            );
            changes.retain(|change| !is_rejected(change));
            notes.push(NoteChanges {
                note,
                file: settings.current.join(&read.note.path),
                changes,
                unwritten,
            });
        }
    }
    Ok(Some(Blessing {
        notes,
        language: engine.language().to_string(),
        reading,
        work,
    }))
}

/// The programs of the blocks with wrong claims, with the runs that were seen and some more.
fn observe_again(
    work: &Work,
    wrong: &[&Judged],
    reading: &Reading,
    engine: &Engine,
) -> Vec<Observation> {
    let blocks: BTreeSet<(usize, usize)> = wrong
        .iter()
        .map(|it| (it.note, reading.notes[it.note].claims[it.claim].block))
        .collect();
    let mut observations: Vec<Observation> = blocks
        .iter()
        .flat_map(|&(note, block)| work.of(note, block))
        .cloned()
        .collect();
    for _ in 0..AGAIN {
        if observations.iter().all(|it| it.runs.is_empty()) {
            break;
        }
        let programs: Vec<_> = observations
            .iter()
            .map(|observation| (observation, engine.present()))
            .collect();
        let settled = engine.recompile(&programs);
        for more in engine.observe(settled, super::running::Clocks::Real) {
            let same = |it: &&mut Observation| {
                (it.program.note, it.program.block, it.program.role)
                    == (more.program.note, more.program.block, more.program.role)
                    && it.program.source.text == more.program.source.text
            };
            if let Some(known) = observations.iter_mut().find(same) {
                known.runs.extend(more.runs);
            }
        }
    }
    observations
}

fn of_note(
    read: &NoteRead,
    wrong: &[&Judged],
    again: &[Observation],
    stale: Stale,
) -> (Vec<Change>, Vec<Unwritten>) {
    let old = read.reread();
    let (mut changes, mut unwritten): (Vec<Change>, Vec<Unwritten>) = Default::default();
    for judged in wrong {
        let claim = &read.claims[judged.claim];
        let line = read.note.position(claim.span.start).line;
        let case = Case {
            read,
            judged,
            claim,
            observations: again
                .iter()
                .filter(|it| (it.program.note, it.program.block) == (judged.note, claim.block))
                .cloned()
                .collect(),
        };
        // Two claims in the same words are rewritten once, and only if they agree.
        let found = case.rewritten(&old, stale).and_then(|(edits, _)| {
            let all: Vec<Edit> = changes
                .iter()
                .flat_map(|it: &Change| &it.edits)
                .chain(&edits)
                .cloned()
                .collect();
            let text = edit::apply(&read.note.text, &all);
            let fits = text.is_some_and(|text| check::same_elsewhere(&old, &old.with(&text), &all));
            fits.then_some(edits)
                .ok_or_else(|| "another claim in the same words is rewritten".to_owned())
        });
        match found {
            Ok(edits) => changes.push(Change {
                line,
                text: claim.text.clone(),
                verdict: judged.judgement.verdict,
                observed: judged.judgement.observed.clone(),
                because: judged
                    .change
                    .as_ref()
                    .map_or_else(String::new, |change| change.what.clone()),
                edits,
            }),
            Err(reason) => unwritten.push(Unwritten {
                line,
                text: claim.text.clone(),
                observed: judged.judgement.observed.clone(),
                reason,
            }),
        }
    }
    (changes, unwritten)
}
