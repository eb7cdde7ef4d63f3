//! Claims × observations → verdicts; what is refuted is tried again under an older language version.

use crate::claim::{Claim, Confidence, Form, Kind};
use crate::observation::Observation;
use crate::report::{Severity, Verdict};
use crate::toolchain::Language;
use crate::verdict::{Case, Judgement, judge};

use super::engine::Engine;
use super::reading::{NoteRead, Reading};
use super::reporting;
use super::running::Clocks;
use super::{Work, findings};

/// Before this version a loop's variable was shared by all its iterations.
const LOOP_VARIABLES: u32 = 22;

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
    /// What changed in Go.
    pub change: String,
    /// The confidence that the claim is one, after what was seen.
    pub confidence: Confidence,
}

/// Judge every claim. Weak claims that turn out to be no claims are left out.
pub fn judge_all(reading: &Reading, work: &Work, engine: &Engine) -> Vec<Judged> {
    let mut judged = Vec::new();
    for (note, read) in reading.notes.iter().enumerate() {
        for (number, claim) in read.claims.iter().enumerate() {
            if !read.wanted[claim.block] {
                continue;
            }
            let observations = work.of(note, claim.block);
            let judgement = judge_one(read, claim, observations);
            let mut one = Judged {
                note,
                claim: number,
                judgement,
                holds: String::new(),
                change: String::new(),
                confidence: claim.confidence,
            };
            limit(&mut one, read, claim, observations, engine);
            name_clock(&mut one.judgement, observations);
            if claim.confidence == Confidence::Weak && !accept_weak(&mut one) {
                continue;
            }
            judged.push(one);
        }
    }
    judged
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
                settled
                    .extend(engine.recompile(std::slice::from_ref(observation), engine.language()));
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
        if real.ran() {
            work.observations[note][block][number].runs = real.runs;
        }
    }
}

/// Judge one claim of a note by what was observed of its block.
pub(super) fn judge_one(read: &NoteRead, claim: &Claim, observations: &[Observation]) -> Judgement {
    let obstacle = reporting::obstacle(read, claim.block, observations);
    judge(&Case {
        claim,
        observations,
        obstacle: &obstacle,
    })
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

/// Judge within the versions the claim is limited to, and find out whether a refuted one held before.
fn limit(
    judged: &mut Judged,
    read: &NoteRead,
    claim: &Claim,
    observations: &[Observation],
    engine: &Engine,
) {
    let present = engine.language().minor;
    match claim.versions {
        Some(versions) if !versions.contain(present) => {
            let range = range(versions);
            let language = versions
                .before
                .filter(|before| *before <= present)
                .map(|before| Language { minor: before - 1 });
            let replayed =
                language.map(|language| replay(read, claim, observations, language, engine));
            judged.judgement = match replayed {
                Some(replayed) if replayed.verdict == Verdict::Confirmed => {
                    judged.holds.clone_from(&range);
                    Judgement {
                        reason: format!("as claimed for {range}"),
                        ..replayed
                    }
                }
                _ => Judgement::unverified(format!(
                    "claimed for {range} only; that needs such a toolchain (`gosnip toolchain install`)"
                )),
            };
        }
        _ if is_wrong_now(claim, &judged.judgement) && present >= LOOP_VARIABLES => {
            let old = Language {
                minor: LOOP_VARIABLES - 1,
            };
            if !has_loop(observations) {
                return;
            }
            let replayed = replay(read, claim, observations, old, engine);
            if replayed.verdict == Verdict::Confirmed {
                judged.judgement.verdict = Verdict::Stale;
                judged.judgement.reason.clear();
                judged.holds = "go<1.22".to_owned();
                judged.change = "loop variables are per iteration since Go 1.22".to_owned();
            }
        }
        _ => {}
    }
}

/// Whether the program does something else than the claim says: refuted, or prose that would be if prose
/// were as explicit as a comment. If an older Go does what it says, that is what it speaks of.
fn is_wrong_now(claim: &Claim, judgement: &Judgement) -> bool {
    judgement.verdict == Verdict::Refuted
        || claim.form == Form::Prose
            && judgement.verdict == Verdict::Unverified
            && !judgement.observed.is_empty()
}

fn range(versions: crate::claim::Versions) -> String {
    match (versions.since, versions.before) {
        (Some(since), Some(before)) => format!("go>=1.{since} <1.{before}"),
        (Some(since), None) => format!("go>=1.{since}"),
        (None, Some(before)) => format!("go<1.{before}"),
        (None, None) => String::new(),
    }
}

/// Only loops that declare variables behave differently under an older language version.
fn has_loop(observations: &[Observation]) -> bool {
    observations.iter().any(|observation| {
        let syntax = &observation.program.draft.snippet.syntax;
        syntax
            .walk(syntax.root())
            .any(|node| node.kind() == "for_statement")
    })
}

/// Judge the claim with the block's programs compiled for `language`.
fn replay(
    read: &NoteRead,
    claim: &Claim,
    observations: &[Observation],
    language: Language,
    engine: &Engine,
) -> Judgement {
    if matches!(
        claim.kind,
        Kind::Escape | Kind::NoEscape | Kind::Heap | Kind::Stack
    ) {
        return Judgement::unverified(
            "escape analysis is the toolchain's, not the language version's",
        );
    }
    let settled = engine.recompile(observations, language);
    let observations = engine.observe(settled, Clocks::Any);
    judge_one(read, claim, &observations)
}
