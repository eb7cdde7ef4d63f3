//! Claims × observations → verdicts.

use crate::build::INTERRUPTED;
use crate::claim::{Claim, Confidence};
use crate::history::Reason;
use crate::observation::Observation;
use crate::report::{Severity, Verdict};
use crate::verdict::{Case, Judgement, judge};

use super::engine::Engine;
use super::matrix::Trial;
use super::outcome;
use super::ranging::{self, Question};
use super::reading::{NoteRead, Reading};
use super::running::Clocks;
use super::{Work, findings, outside};

/// A claim's verdict with its range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Index of the note.
    pub note: usize,
    /// Index of the claim in the note.
    pub claim: usize,
    /// The judgement.
    pub judgement: Judgement,
    /// The range of Go versions in which it holds; empty if not known.
    pub holds: String,
    /// What changed in Go, if that is known.
    pub change: Option<Reason>,
    /// With several toolchains, what came of it with each, the oldest first.
    pub tried: Vec<(String, Judgement)>,
    /// The confidence that the claim is one, after what was seen.
    pub confidence: Confidence,
}

/// Judge every claim, by what was observed with each toolchain (the newest last). Weak claims that turn out to
/// be no claims are left out.
pub fn judge_all(reading: &Reading, trials: &[Trial]) -> Vec<Judged> {
    let mut questions = Vec::new();
    for (note, read) in reading.notes.iter().enumerate() {
        for (number, claim) in read.claims.iter().enumerate() {
            if !read.wanted[claim.block] {
                continue;
            }
            let answers = trials
                .iter()
                .map(|trial| {
                    let observations = trial.work.of(note, claim.block);
                    let mut judgement = judge_one(read, claim, observations);
                    name_clock(&mut judgement, observations);
                    judgement
                })
                .collect();
            questions.push(Question {
                note,
                number,
                read,
                claim,
                answers,
            });
        }
    }
    let accepted = |mut judged: Judged| {
        let weak = judged.confidence == Confidence::Weak;
        let wanted = reading.min_confidence == Confidence::Weak;
        (!weak || accept_weak(&mut judged) || wanted).then_some(judged)
    };
    ranging::answer(&questions, trials)
        .into_iter()
        .filter_map(accepted)
        .collect()
}

/// Let real time have the last word: where something that ran with the clock that jumps makes a claim
/// refuted or gives rise to a finding that fails, it is run again in real time.
pub fn last_word(reading: &Reading, work: &mut Work, engine: &Engine) {
    let jumped = |note, block| {
        let runs = work
            .of(note, block)
            .iter()
            .flat_map(|observation| &observation.runs);
        runs.into_iter().any(|run| run.fake_time.is_some())
    };
    let mut doubtful = Vec::new();
    for (note, read) in reading.notes.iter().enumerate() {
        for block in (0..read.note.blocks.len()).filter(|&block| jumped(note, block)) {
            let observations = work.of(note, block);
            let refuted = |claim| judge_one(read, claim, observations).verdict == Verdict::Refuted;
            if read.claims_of(block).any(refuted)
                || findings::of_block(read, block, observations)
                    .is_some_and(|finding| finding.severity == Severity::Error)
            {
                doubtful.push((note, block));
            }
        }
    }
    let (mut places, mut settled) = (Vec::new(), Vec::new());
    for (note, block) in doubtful {
        for (number, observation) in work.of(note, block).iter().enumerate() {
            if observation.runs.iter().any(|run| run.fake_time.is_some()) {
                places.push((note, block, number));
                settled.extend(engine.recompile(&[(observation, engine.present())]));
            }
        }
    }
    // What compiled once compiles again; should the machine fail, the runs stay as they are.
    if places.len() != settled.len() {
        return;
    }
    for ((note, block, number), real) in places
        .into_iter()
        .zip(engine.observe(settled, Clocks::Real))
    {
        let observation = &mut work.observations[note][block][number];
        if real.ran() {
            observation.runs = real.runs;
        } else if real.is_interrupted() {
            observation.failure = real.failure;
        }
    }
}

/// Judge one claim of a note by what was observed of its block.
pub(super) fn judge_one(read: &NoteRead, claim: &Claim, observations: &[Observation]) -> Judgement {
    // What some of its programs show, the others might have put into another light.
    if observations.iter().any(Observation::is_interrupted) {
        return Judgement::unverified(INTERRUPTED);
    }
    let obstacle = outcome::obstacle(read, claim.block, observations);
    let judgement = judge(&Case {
        claim,
        observations,
        obstacle: &obstacle,
    });
    match outside::excuse(observations) {
        Some(lacked) => judgement.without_refutation(&lacked),
        None => judgement,
    }
}

/// Say so if what was seen was seen with the clock that jumps.
fn name_clock(judgement: &mut Judgement, observations: &[Observation]) {
    let mut runs = observations
        .iter()
        .flat_map(|observation| &observation.runs)
        .peekable();
    let seen = matches!(judgement.verdict, Verdict::Confirmed | Verdict::Unstable);
    if !seen || runs.peek().is_none() || !runs.all(|run| run.fake_time.is_some()) {
        return;
    }
    if !judgement.reason.is_empty() {
        judgement.reason.push_str(", ");
    }
    judgement.reason.push_str("with a clock that skips waits");
}

/// Text that is exactly what Go prints is a claim; other text of the kind describes.
fn accept_weak(judged: &mut Judged) -> bool {
    let holds = matches!(
        judged.judgement.verdict,
        Verdict::Confirmed | Verdict::Stale
    );
    if holds {
        judged.confidence = Confidence::Likely;
    }
    holds
}
