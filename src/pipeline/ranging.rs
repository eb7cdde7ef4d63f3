//! Since when, until when: the range of Go versions in which a claim holds.
//!
//! Where a claim holds with one toolchain and not with the next, the change lies between them. If it can be taken
//! back (an older language version, a setting), the newer toolchain plays the past, version by version, until
//! the claim turns: that version is the one. So it is for a claim that does not hold with the oldest toolchain:
//! perhaps it did before. Nothing of this is done for claims that hold everywhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::chance;
use crate::claim::{Claim, Kind};
use crate::history::features::Needed;
use crate::history::range::{Range, Standing};
use crate::history::{self, Past, Reason};
use crate::observation::Observation;
use crate::program::{Conditions, Role};
use crate::report::Verdict;
use crate::verdict::{Judgement, text};

use super::concluding;
use super::judging::{Judged, judge_one};
use super::matrix::Trial;
use super::needing;
use super::reading::NoteRead;
use super::running::Clocks;

/// A claim, and what came of it with each toolchain.
pub struct Question<'r> {
    /// Index of the note.
    pub note: usize,
    /// Index of the claim.
    pub number: usize,
    /// The note.
    pub read: &'r NoteRead,
    /// The claim.
    pub claim: &'r Claim,
    /// One judgement for each toolchain.
    pub answers: Vec<Judgement>,
}

/// A place in the row of toolchains at which a claim turns, or the begin of the row: the toolchain after it, and
/// the one before.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    /// The toolchain after it.
    pub after: usize,
    /// The toolchain before it; `None` before the first.
    pub before: Option<usize>,
}

/// A past to be played: by which toolchain, with the programs of which block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Play {
    trial: usize,
    note: usize,
    block: usize,
    conditions: Conditions,
}

/// What became of a turn.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The version with which it turned, if that is exactly known.
    pub since: Option<u32>,
    /// Why.
    pub reason: Option<Reason>,
    /// Whether it turned when the change was taken back: the change is the reason beyond doubt.
    pub proved: bool,
    /// Before the first toolchain: the version before which it does not hold either.
    pub not_before: Option<u32>,
    /// The judgement in the past.
    pub past: Option<Judgement>,
    /// Where it did not turn: what came of the programs in the oldest past that was played, and with which version
    /// that one ended.
    pub oldest: Option<(u32, String)>,
}

/// Answer all questions. What must be played is played all at once.
pub fn answer(questions: &[Question], trials: &[Trial]) -> Vec<Judged> {
    let pasts = lacking(questions, trials);
    let plays: BTreeSet<Play> = questions
        .iter()
        .zip(&pasts)
        .flat_map(|(question, pasts)| {
            pasts.iter().flat_map(move |(turn, pasts)| {
                pasts.iter().map(move |past| question.play(*turn, past))
            })
        })
        .collect();
    let played = play(plays, trials);
    let mut judged: Vec<(Judged, Option<Range>)> = questions
        .iter()
        .zip(&pasts)
        .map(|(question, pasts)| {
            let found = pasts
                .iter()
                .map(|(turn, pasts)| (*turn, question.find(*turn, pasts, trials, &played)))
                .collect();
            concluding::conclude(question, found, trials)
        })
        .collect();
    needing::limit(questions, &mut judged, trials);
    judged.into_iter().map(|(judged, _)| judged).collect()
}

/// The pasts that are of use for each turn of each question.
fn lacking(questions: &[Question], trials: &[Trial]) -> Vec<Vec<(Turn, Vec<Past>)>> {
    let mut all: Vec<Vec<(Turn, Vec<Past>)>> = Vec::new();
    // Claims that something does not compile turn with what came into the language.
    let of_language = |question: &Question, turn: Turn| {
        question.claim.kind == Kind::CompileError
            && !question.is_unseen(trials)
            // What the library lacked is no matter of the language.
            && question.once_undefined(turn.after, trials).is_none()
    };
    let blocks = questions
        .iter()
        .flat_map(|question| {
            let mut turns = question.turns(trials);
            turns.retain(|turn| of_language(question, *turn));
            turns
                .into_iter()
                .map(|turn| (turn.after, question.note, question.claim.block))
        })
        .collect();
    let features = needing::came_with(&blocks, trials, |_| true);
    for question in questions {
        let mut pasts = Vec::new();
        for turn in question.turns(trials) {
            let minors = turn.minors(trials);
            let observations = trials[turn.after]
                .work
                .of(question.note, question.claim.block);
            let unseen = question.claim.versions;
            let unseen = unseen.filter(|_| question.is_unseen(trials));
            let mut found: Vec<Past> = match (unseen, question.claim.kind) {
                // A claim about versions that are not here is judged as they were, not as those between.
                (Some(versions), _) => versions
                    .before
                    .map(|before| history::last_before(observations, minors.1, before))
                    .into_iter()
                    .collect(),
                (None, Kind::CompileError) => features
                    .get(&(turn.after, question.note, question.claim.block))
                    .filter(|_| of_language(question, turn))
                    .into_iter()
                    .flatten()
                    .filter(|needed| (minors.0 + 1..=minors.1).contains(&needed.since))
                    .map(history::before)
                    .collect(),
                (None, _) => history::pasts(observations, minors.1, minors.0),
            };
            // Of the time before that which it speaks of, the claim says nothing; but where it came to hold is of interest.
            let since = question.claim.versions.and_then(|it| it.since);
            let came = u32::from(turn.before.is_some());
            found.retain(|past| since.is_none_or(|since| past.until + came > since));
            pasts.push((turn, found));
        }
        all.push(pasts);
    }
    all
}

/// Play the pasts, all of a toolchain at once.
fn play(plays: BTreeSet<Play>, trials: &[Trial]) -> BTreeMap<Play, Vec<Observation>> {
    let mut played: BTreeMap<Play, Vec<Observation>> = BTreeMap::new();
    for (number, trial) in trials.iter().enumerate() {
        let (mut owners, mut programs) = (Vec::new(), Vec::new());
        for play in plays.iter().filter(|play| play.trial == number) {
            for observation in trial.work.of(play.note, play.block) {
                if observation.program.role != Role::Raced {
                    owners.push(play);
                    programs.push((observation, play.conditions.clone()));
                }
            }
        }
        if programs.is_empty() {
            continue;
        }
        let observations = trial.engine.again(&programs, Clocks::Any);
        // Fewer only if there were none at all: interrupted.
        for (play, observation) in owners.into_iter().zip(observations) {
            played.entry(play.clone()).or_default().push(observation);
        }
    }
    played
}

impl Turn {
    /// The versions (1.x) before and after; 0 for everything before the first toolchain.
    fn minors(self, trials: &[Trial]) -> (u32, u32) {
        let before = self.before.map_or(0, |before| trials[before].minor());
        (before, trials[self.after].minor())
    }
}

impl Question<'_> {
    /// How it stands with one toolchain.
    pub fn standing(&self, trial: usize) -> Standing {
        // That it did not vary, or did not race, in some runs proves nothing, under whichever Go.
        let of_chance = matches!(
            self.claim.kind,
            Kind::Nondeterministic | Kind::Race | Kind::NoRace
        );
        let judgement = &self.answers[trial];
        let never_sure = |it: &Judgement| it.verdict != Verdict::Confirmed;
        match judgement.verdict {
            Verdict::Unverified if of_chance => Standing::Unknown,
            // What no toolchain does each time, none is seen to do as it is said.
            Verdict::Unstable if self.answers.iter().all(never_sure) => Standing::Fails,
            _ => standing(judgement),
        }
    }

    /// The newest toolchain that the claim speaks of.
    pub fn newest(&self, trials: &[Trial]) -> Option<usize> {
        let speaks_of = |trial: &Trial| {
            let versions = self.claim.versions.unwrap_or_default();
            versions.contain(trial.minor())
        };
        trials.iter().rposition(speaks_of)
    }

    /// Whether the claim speaks of none of the toolchains.
    fn is_unseen(&self, trials: &[Trial]) -> bool {
        self.claim.versions.is_some() && self.newest(trials).is_none()
    }

    /// Where the claim turns.
    fn turns(&self, trials: &[Trial]) -> Vec<Turn> {
        let known: Vec<usize> = (0..trials.len())
            .filter(|&trial| self.standing(trial) != Standing::Unknown)
            .collect();
        let mut turns: Vec<Turn> = known
            .windows(2)
            .filter(|pair| self.standing(pair[0]) != self.standing(pair[1]))
            .map(|pair| Turn {
                before: Some(pair[0]),
                after: pair[1],
            })
            .collect();
        let first = known.first().copied();
        let nowhere = known
            .iter()
            .all(|&trial| self.standing(trial) == Standing::Fails);
        match (self.newest(trials), first) {
            // It speaks of versions that are not here; the next newer one may play them.
            (None, _) => turns.extend(self.stand_in(trials).map(|after| Turn {
                after,
                before: None,
            })),
            (_, Some(after)) if nowhere => turns.push(Turn {
                after,
                before: None,
            }),
            _ => {}
        }
        turns
    }

    /// The oldest toolchain that is newer than all versions that the claim speaks of.
    pub fn stand_in(&self, trials: &[Trial]) -> Option<usize> {
        let before = self.claim.versions?.before?;
        trials.iter().position(|trial| trial.minor() >= before)
    }

    /// What the claim says is undefined, where one toolchain has it and the claim is that the program does not compile.
    pub fn once_undefined(&self, trial: usize, trials: &[Trial]) -> Option<Needed> {
        let claim = self.claim;
        let observations = trials[trial].work.of(self.note, claim.block);
        let said = if claim.expected.is_empty() {
            &claim.text
        } else {
            &claim.expected
        };
        let of_kind = claim.kind == Kind::CompileError && !claim.negated;
        of_kind
            .then(|| history::once_undefined(observations, said))
            .flatten()
            .filter(|needed| needed.since <= trials[trial].minor())
    }

    fn play(&self, turn: Turn, past: &Past) -> Play {
        Play {
            trial: turn.after,
            note: self.note,
            block: self.claim.block,
            conditions: past.conditions.clone(),
        }
    }

    /// Find out with which version it turned.
    fn find(
        &self,
        turn: Turn,
        pasts: &[Past],
        trials: &[Trial],
        played: &BTreeMap<Play, Vec<Observation>>,
    ) -> Found {
        let judge = |past: &Past| {
            let observations = played.get(&self.play(turn, past))?;
            let judgement = judge_one(self.read, self.claim, observations);
            Some(self.settled(past, judgement, observations))
        };
        let wanted = turn
            .before
            .map_or(Standing::Holds, |before| self.standing(before));
        // What comes out this way or that by luck did so before, too: nothing changed but the luck.
        let now = &self.answers[turn.after];
        let luck = |past: &Past, judgement: &Judgement| {
            now.verdict == Verdict::Unverified
                && (self.claim.hedged && is_of_luck(trials, self, turn)
                    || !past.fixes_random_numbers()
                        && text::is_reordered(&now.observed, &judgement.observed))
        };
        let is_wanted = |past: &Past, judgement: &Judgement| match wanted {
            Standing::Holds => {
                // What comes true now and then does so in the past, too; unless nothing is left to chance there.
                let sure = now.verdict != Verdict::Unstable || past.fixes_random_numbers();
                judgement.verdict == Verdict::Confirmed && sure && !luck(past, judgement)
            }
            _ => standing(judgement) == wanted,
        };
        let judged: Vec<(&Past, Option<Judgement>)> =
            pasts.iter().map(|past| (past, judge(past))).collect();
        let turned = judged.iter().position(|(past, judgement)| {
            let judgement = judgement.as_ref();
            judgement.is_some_and(|judgement| is_wanted(past, judgement))
        });
        if let Some(at) = turned {
            let (past, judgement) = &judged[at];
            let fails = |judgement: &Judgement| judgement.verdict == Verdict::Refuted;
            let other = judged[at + 1..]
                .iter()
                .find(|(_, judgement)| judgement.as_ref().is_some_and(fails));
            return Found {
                since: Some(past.until),
                reason: Some(past.reason.clone()),
                proved: true,
                not_before: other.map(|(other, _)| other.until),
                past: judgement.clone(),
                oldest: None,
            };
        }
        let played = |(past, judgement): &(&Past, Option<Judgement>)| {
            let observed = &judgement.as_ref()?.observed;
            (!observed.is_empty()).then(|| (past.until, observed.clone()))
        };
        match self.newest(trials) {
            Some(_) => Found {
                oldest: judged.iter().rev().find_map(played),
                ..self.compare(turn, trials)
            },
            None => Found {
                past: judged.into_iter().find_map(|(_, judgement)| judgement),
                ..Found::default()
            },
        }
    }

    /// That it is the same each time, no number of runs can prove. But where nothing but random numbers is left to
    /// chance, and they are the same each time, so is what they lead to.
    fn settled(
        &self,
        past: &Past,
        judgement: Judgement,
        observations: &[Observation],
    ) -> Judgement {
        let said = self.claim.kind == Kind::Nondeterministic && self.claim.negated;
        let only_random_numbers = observations.iter().all(|it| {
            let others = it.program.source.text.replace("rand.", "");
            it.is_stable() && !chance::may_vary(&others)
        });
        match judgement.verdict {
            Verdict::Unverified if said && past.fixes_random_numbers() && only_random_numbers => {
                let ran = observations.iter().find(|it| it.ran());
                let shown = ran.and_then(|it| it.transcripts().into_iter().next());
                Judgement::confirmed(
                    "random numbers are the same each time, and nothing else is left to chance",
                    shown.unwrap_or_default(),
                )
            }
            _ => judgement,
        }
    }

    /// What the results of two toolchains tell.
    fn compare(&self, turn: Turn, trials: &[Trial]) -> Found {
        let Some(before) = turn.before else {
            return Found::default();
        };
        let minors = turn.minors(trials);
        if let Some(needed) = self.once_undefined(turn.after, trials)
            && needed.since > minors.0
        {
            return Found {
                since: Some(needed.since),
                reason: Some(history::before(&needed).reason),
                ..Found::default()
            };
        }
        let observations = trials[turn.after].work.of(self.note, self.claim.block);
        let results = (
            self.answers[before].observed.as_str(),
            self.answers[turn.after].observed.as_str(),
        );
        let changes = history::shown(observations, minors, results);
        let exact = match changes.as_slice() {
            [first, others @ ..] if others.iter().all(|it| it.since == first.since) => {
                Some(first.since)
            }
            // With neighbours there is nothing to be found out.
            _ => (minors.1 == minors.0 + 1).then_some(minors.1),
        };
        Found {
            since: exact,
            reason: exact.and_then(|_| Reason::of(&changes)),
            ..Found::default()
        }
    }
}

/// Whether goroutines of the block's programs get in each other's way.
fn is_of_luck(trials: &[Trial], question: &Question, turn: Turn) -> bool {
    let work = &trials[turn.after].work;
    work.of(question.note, question.claim.block)
        .iter()
        .any(Observation::may_lose)
}

/// How a claim stands by one judgement. What was decided against the claim but for a doubt whether it speaks of
/// that (prose, what differs from run to run) fails too: a toolchain that does what it says settles the doubt.
fn standing(judgement: &Judgement) -> Standing {
    match judgement.verdict {
        Verdict::Confirmed => Standing::Holds,
        Verdict::Refuted => Standing::Fails,
        Verdict::Unverified if !judgement.observed.is_empty() => Standing::Fails,
        _ => Standing::Unknown,
    }
}
