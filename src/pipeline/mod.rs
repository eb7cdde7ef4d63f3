//! The pipeline: settings → notes → programs → observations → verdicts → report.
//!
//! | step | file |
//! | --- | --- |
//! | note → block → snippet → claims | [`reading`] |
//! | snippet and claims → drafts of programs | [`plan`] |
//! | drafts → programs that compile | [`engine`] |
//! | programs → observations | [`running`], [`conducting`] |
//! | the same with several toolchains | [`matrix`] |
//! | claims × observations → verdicts | [`judging`] |
//! | since when, until when | [`ranging`], [`concluding`] |
//! | everything → [`Report`] | [`reporting`] |

mod asked;
mod attempts;
pub mod blessing;
pub mod caching;
mod concluding;
mod conducting;
mod coverage;
pub mod drifting;
pub mod engine;
pub mod explaining;
pub mod extracting;
pub mod findings;
mod fitting;
mod folder;
pub mod judging;
pub mod matrix;
pub mod modules;
mod narrowing;
mod needing;
mod outcome;
mod outside;
mod phases;
pub mod plan;
mod ranging;
pub mod reading;
mod recalling;
mod repeating;
pub mod reporting;
mod restoring;
pub mod rewriting;
pub mod running;
pub mod settled;
mod toolchains;
mod waiting;

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use camino::Utf8Path;

use crate::report::{Event, Listener, Report};
use crate::settings::Settings;

use engine::Engine;
pub use extracting::Extracted;
use matrix::Trial;
use reading::Reading;
use recalling::Place;
use running::Clocks;
pub use toolchains::{install_toolchain, remove_toolchain, toolchains, unusable_toolchains};

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// What was asked for makes no sense: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// The machine lacks something: exit code 3.
    #[error("{0}")]
    Environment(String),
    /// There is nothing to verify: exit code 4.
    #[error("{0}")]
    Nothing(String),
}

/// There is always at least one toolchain to try; whoever has none has made a mistake in gosnip.
fn no_go() -> PipelineError {
    PipelineError::Usage("no Go is asked for".to_owned())
}

/// Verify what `settings` name. If `cancelled` becomes true, the report holds what was finished.
pub fn verify(
    settings: &Settings,
    listener: &dyn Listener,
    cancelled: &AtomicBool,
) -> Result<Report, PipelineError> {
    verify_with(settings, false, listener, cancelled)
}

/// Verify; if `locked`, `expected/` and `snippets/` must be complete and fresh.
pub fn verify_with(
    settings: &Settings,
    locked: bool,
    listener: &dyn Listener,
    cancelled: &AtomicBool,
) -> Result<Report, PipelineError> {
    let started = Instant::now();
    let place = Place::of(settings, locked);
    if let Some(earlier) = place.as_ref().and_then(Place::earlier) {
        let engines = engines(settings, listener, cancelled)?;
        if let Some(mut report) = earlier.of(&engines, started) {
            listener.event(Event::Done);
            narrowing::narrow(settings, &mut report);
            report.announce(listener);
            return Ok(report);
        }
    }
    let reading = reading::read(settings, listener, cancelled)?;
    let engines = engines(settings, listener, cancelled)?;
    let trials = matrix::observe(&reading, &engines);
    let Some(Trial { engine, work }) = trials.last() else {
        return Err(no_go());
    };
    let verdicts = judging::judge_all(&reading, &trials);
    let mut drift = Vec::new();
    // What was not finished has not drifted.
    if !cancelled.load(Ordering::Relaxed) {
        drift = drifting::find(
            settings,
            &reading,
            work,
            &engine.language().to_string(),
            locked,
        )?;
        if locked {
            drift.extend(extracting::stale(settings, &reading, engine)?);
        }
    }
    listener.event(Event::Done);
    let mut report = reporting::report(settings, &reading, &trials, &verdicts, started.elapsed())
        .ok_or_else(no_go)?;
    rewriting::advise(&reading, work, &verdicts, &mut report.claims);
    report.findings.extend(drift);
    if let Some(place) = place.filter(|_| !cancelled.load(Ordering::Relaxed)) {
        let works: Vec<&Work> = trials.iter().map(|trial| &trial.work).collect();
        place.keep(settings, &engines, &report, &works);
    }
    narrowing::narrow(settings, &mut report);
    report.announce(listener);
    Ok(report)
}

/// What builds and runs programs, with each toolchain that is asked for.
fn engines<'a>(
    settings: &Settings,
    listener: &'a dyn Listener,
    cancelled: &'a AtomicBool,
) -> Result<Vec<Engine<'a>>, PipelineError> {
    let engines = Engine::all(settings, listener, cancelled)?;
    if let Some(engine) = engines.last() {
        listener.event(Event::Environment {
            go: engine.go(),
            sandbox: engine.sandbox(),
        });
    }
    Ok(engines)
}

/// Build and run the programs of everything that was read: for each note and block, what was observed.
fn observe(reading: &Reading, engine: &Engine) -> Work {
    let plain = engine.settle(plan::plain(reading), reading);
    let derived = plan::derived(reading, &plain, engine.race);
    // The plain programs run while the others are compiled: that is one phase.
    let _phase = engine.phases.begin("running", 0);
    let (observations, vain) = thread::scope(|scope| {
        let running = scope.spawn(|| engine.observe(plain.clone(), Clocks::Any));
        let mut derived = engine.settle(derived, reading);
        let apart = plan::apart(reading, &plain, &derived);
        derived.extend(engine.settle(apart, reading));
        let vain = restoring::in_vain(&derived);
        let others = engine.observe(derived, Clocks::Any);
        let mut observations = running.join().unwrap_or_else(|panic| resume_unwind(panic));
        observations.extend(others);
        (observations, vain)
    });
    let mut work = Work::new(reading, observations);
    if !vain.is_empty() {
        let reading = restoring::without_saying_so(reading, &vain);
        let mut again = engine.settle(plan::plain(&reading), &reading);
        let derived = plan::derived(&reading, &again, engine.race);
        let derived = engine.settle(derived, &reading);
        again.extend(derived);
        let mut again = Work::new(&reading, engine.observe(again, Clocks::Any));
        for (note, block) in vain.into_keys() {
            let seen = std::mem::take(&mut again.observations[note][block]);
            restoring::replace(&mut work.observations[note][block], seen);
        }
    }
    judging::last_word(reading, &mut work, engine);
    work
}

/// What was observed of each block.
#[derive(Debug, Default)]
pub struct Work {
    /// By note, then by block.
    observations: Vec<Vec<Vec<crate::observation::Observation>>>,
}

impl Work {
    fn new(reading: &Reading, observations: Vec<crate::observation::Observation>) -> Self {
        let mut work = Self {
            observations: reading
                .notes
                .iter()
                .map(|read| vec![Vec::new(); read.note.blocks.len()])
                .collect(),
        };
        for observation in observations {
            let (note, block) = (observation.program.note, observation.program.block);
            work.observations[note][block].push(observation);
        }
        work
    }

    /// Everything that was observed.
    pub fn all(&self) -> impl Iterator<Item = &crate::observation::Observation> {
        self.observations.iter().flatten().flatten()
    }

    /// What was observed of a block's programs.
    pub fn of(&self, note: usize, block: usize) -> &[crate::observation::Observation] {
        &self.observations[note][block]
    }
}

/// Write every program of the notes to `folder`.
pub fn extract(
    settings: &Settings,
    folder: &Utf8Path,
    listener: &dyn Listener,
    cancelled: &AtomicBool,
) -> Result<Extracted, PipelineError> {
    let reading = reading::read(settings, listener, cancelled)?;
    let engine = Engine::new(settings, listener, cancelled)?;
    let programs = engine.settle(plan::plain(&reading), &reading);
    listener.event(Event::Done);
    extracting::write(&reading, &programs, &engine, folder)
}

/// All about the block or claim at `line` of `note`, as text for a person.
pub fn explain(
    settings: &Settings,
    note: &Utf8Path,
    line: u32,
    listener: &dyn Listener,
    cancelled: &AtomicBool,
) -> Result<String, PipelineError> {
    let mut reading = reading::read(settings, listener, cancelled)?;
    let block = explaining::block_at(&reading, note, line)?;
    reading.only(block);
    let engines = Engine::all(settings, listener, cancelled)?;
    let trials = matrix::observe(&reading, &engines);
    let verdicts = judging::judge_all(&reading, &trials);
    listener.event(Event::Done);
    Ok(explaining::explain(
        &reading, &trials, &verdicts, block, line,
    ))
}
