//! The same notes under several toolchains: read once, planned once, repaired once.

use std::collections::BTreeSet;

use crate::program::{Conditions, Role};

use super::engine::Engine;
use super::reading::Reading;
use super::running::Clocks;
use super::{Work, judging};

/// One toolchain, and what the programs did with it.
pub struct Trial<'t> {
    /// What builds and runs with it.
    pub engine: &'t Engine<'t>,
    /// What was observed.
    pub work: Work,
}

impl Trial<'_> {
    /// The number after `1.` of its version.
    pub fn minor(&self) -> u32 {
        self.engine.language().minor
    }
}

/// Observe the notes' programs with each of the engines, which are in ascending order of their versions. The
/// newest decides what the programs are; with the others they are compiled as they are, and only those of
/// blocks about which something is claimed.
pub fn observe<'t>(reading: &Reading, engines: &'t [Engine<'t>]) -> Vec<Trial<'t>> {
    let Some((engine, older)) = engines.split_last() else {
        return Vec::new();
    };
    let newest = Trial {
        work: super::observe(reading, engine),
        engine,
    };
    let mut trials: Vec<Trial> = older
        .iter()
        .map(|engine| Trial {
            work: alike(reading, &newest.work, engine),
            engine,
        })
        .collect();
    trials.push(newest);
    trials
}

/// What the programs do with another toolchain.
fn alike(reading: &Reading, work: &Work, engine: &Engine) -> Work {
    let claimed: BTreeSet<(usize, usize)> = reading
        .notes
        .iter()
        .enumerate()
        .flat_map(|(note, read)| read.claims.iter().map(move |claim| (note, claim.block)))
        .collect();
    let programs: Vec<(_, Conditions)> = claimed
        .iter()
        .flat_map(|&(note, block)| work.of(note, block))
        .filter(|observation| observation.program.role != Role::Raced)
        .map(|observation| (observation, engine.present()))
        .collect();
    let mut work = Work::new(reading, engine.again(&programs, Clocks::Any));
    judging::last_word(reading, &mut work, engine);
    work
}
