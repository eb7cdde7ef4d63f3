//! Verdict and range of a claim, from how it stands with each toolchain and where it turns.

use crate::claim::{Kind, Versions, value, version};
use crate::history::features::Needed;
use crate::history::range::{Point, Range, Standing, around_newest};
use crate::history::{self, Change, Reason, changes};
use crate::observation::Observation;
use crate::program::Role;
use crate::report::Verdict;
use crate::verdict::Judgement;

use super::judging::Judged;
use super::matrix::Trial;
use super::ranging::{Found, Question, Turn};

/// Put together what is known of a claim. The range in which it holds, if that can be told, has still to be limited
/// to the versions that have what its programs need: see `needing`.
pub fn conclude(
    question: &Question,
    found: Vec<(Turn, Found)>,
    trials: &[Trial],
) -> (Judged, Option<Range>) {
    let mut judged = Judged {
        note: question.note,
        claim: question.number,
        judgement: Judgement::unverified("no Go was there to try it"),
        holds: String::new(),
        change: None,
        tried: tried(question, trials),
        confidence: question.claim.confidence,
    };
    let mut holds = None;
    match question.newest(trials) {
        Some(newest) => {
            judged.judgement = question.answers[newest].clone();
            holds = Conclusion {
                question,
                found,
                trials,
            }
            .of_tried(&mut judged, newest);
        }
        None => {
            let known = question.stand_in(trials).and_then(|newer| {
                Conclusion {
                    question,
                    found: Vec::new(),
                    trials,
                }
                .known_before(newer)
            });
            of_unseen(&mut judged, question, found, trials, known);
        }
    }
    (judged, holds)
}

/// What came of it with each of several toolchains.
fn tried(question: &Question, trials: &[Trial]) -> Vec<(String, Judgement)> {
    let versions = trials
        .iter()
        .map(|trial| trial.engine.toolchain().version.clone());
    let all = versions.zip(question.answers.iter().cloned());
    all.filter(|_| trials.len() > 1).collect()
}

/// A claim about versions of which none is here: it is confirmed if a newer one, playing the past, does what it
/// says, or if it is known that it was so, and refuted if that one can play all that changed since, and neither then nor now does what it says.
fn of_unseen(
    judged: &mut Judged,
    question: &Question,
    found: Vec<(Turn, Found)>,
    trials: &[Trial],
    known: Option<(Range, Reason)>,
) {
    let versions = question.claim.versions.unwrap_or_default();
    let known = known.filter(|(range, _)| range.covers(versions.since, versions.before));
    let range = question.claim.versions.map_or_else(String::new, in_words);
    let past = found
        .into_iter()
        .find_map(|(turn, found)| Some((turn, found.past?)));
    judged.judgement = match past {
        Some((_, past)) if past.verdict == Verdict::Confirmed => {
            judged.holds.clone_from(&range);
            Judgement {
                reason: format!("as claimed for {range}"),
                ..past
            }
        }
        _ if known.is_some() => {
            judged.holds.clone_from(&range);
            judged.change = known.map(|(_, reason)| reason);
            Judgement::confirmed(format!("as claimed for {range}"), "")
        }
        Some((turn, past)) if never(question, turn, &past, trials) => Judgement {
            reason: format!("claimed for {range}, and so it was not then either"),
            ..past
        },
        _ => Judgement::unverified(format!(
            "claimed for {range} only; that needs such a toolchain (`gosnip toolchain install`)"
        )),
    };
}

/// Whether a claim about the past is refuted by what a newer Go does, playing that past: it must be known to be able
/// to, and the claim must be wrong now too, so that nothing of the play alone decides.
fn never(question: &Question, turn: Turn, past: &Judgement, trials: &[Trial]) -> bool {
    let claim = question.claim;
    let trial = &trials[turn.after];
    let observations = trial.work.of(question.note, claim.block);
    let until = claim.versions.and_then(|versions| versions.before);
    let results = (claim.expected.as_str(), past.observed.as_str());
    let playable = until
        .is_some_and(|until| history::is_playable(observations, (until, trial.minor()), results));
    past.verdict == Verdict::Refuted
        && question.answers[turn.after].verdict == Verdict::Refuted
        && matches!(claim.kind, Kind::Stdout | Kind::Value)
        && playable
        && observations.iter().all(Observation::is_stable)
}

fn in_words(versions: Versions) -> String {
    match (versions.since, versions.before) {
        (Some(since), Some(before)) => format!("go>=1.{since} <1.{before}"),
        (Some(since), None) => format!("go>=1.{since}"),
        (None, Some(before)) => format!("go<1.{before}"),
        (None, None) => String::new(),
    }
}

/// What a conclusion is drawn from.
struct Conclusion<'c> {
    question: &'c Question<'c>,
    found: Vec<(Turn, Found)>,
    trials: &'c [Trial<'c>],
}

impl Conclusion<'_> {
    /// The verdict is that of the newest toolchain the claim speaks of, in the light of the others; and the range.
    fn of_tried(&self, judged: &mut Judged, newest: usize) -> Option<Range> {
        let mut holds = None;
        let range = around_newest(&self.points());
        let stands = self.question.standing(newest);
        let turn = self.decisive(stands);
        let proved = turn.is_some_and(|(_, found)| found.proved);
        let reason = turn.and_then(|(_, found)| found.reason.clone());
        let mut range = range.filter(|_| proved || reason.is_some() || !self.may_be_chance());
        match (stands, range) {
            (Standing::Holds, Some(range)) => {
                if let Some(needed) = self.needed_since() {
                    holds = Some(range);
                    judged.change = Some(needed);
                } else if turn.is_some() {
                    holds = Some(range);
                    judged.change = reason;
                    self.say_where(&mut judged.judgement, Standing::Fails);
                } else if self.trials.len() > 1 {
                    holds = Some(range);
                } else if let Some(versions) = self.question.claim.versions {
                    judged.holds = in_words(versions);
                }
            }
            (Standing::Fails, Some(range))
                if proved || reason.is_some() || judged.judgement.verdict == Verdict::Refuted =>
            {
                judged.judgement.verdict = Verdict::Stale;
                judged.judgement.reason.clear();
                holds = Some(range);
                if reason.is_none() {
                    self.say_where(&mut judged.judgement, Standing::Holds);
                }
                judged.change = reason;
            }
            (Standing::Fails, None) => {
                if let Some((known, reason)) = self.known_before(newest) {
                    judged.judgement.verdict = Verdict::Stale;
                    judged.judgement.reason.clear();
                    holds = Some(known);
                    judged.change = Some(reason);
                    range = Some(known);
                } else if judged.judgement.verdict == Verdict::Refuted {
                    judged.change = self.hint(newest);
                }
            }
            _ => {}
        }
        if judged.judgement.verdict == Verdict::Stale
            && let Some(heading) = self.heading().filter(|heading| {
                range.is_some_and(|range| range.covers(heading.since, heading.before))
            })
        {
            judged.judgement.verdict = Verdict::Confirmed;
            judged.judgement.reason = format!("as its heading says, for {}", in_words(heading));
        }
        holds
    }

    /// The versions that the nearest heading limits its section to ("## Before Go 1.22"). Not everything in a section
    /// need be about them, so this makes claims true that were true then, and none wrong.
    fn heading(&self) -> Option<Versions> {
        let claim = self.question.claim;
        let block = self.question.read.note.blocks.get(claim.block)?;
        let headings = block.headings.iter().rev();
        let mut limits = headings.filter_map(|heading| version::limits(heading));
        limits.next().filter(|_| claim.versions.is_none())
    }

    /// The claim in the order of versions, played pasts included.
    fn points(&self) -> Vec<Point> {
        let point = |minor, standing, since| Point {
            minor,
            standing,
            since,
            former: since.map(|_| 0),
        };
        let mut points = Vec::new();
        for (number, trial) in self.trials.iter().enumerate() {
            let turn = self.found.iter().find(|(turn, _)| turn.after == number);
            let mut this = point(trial.minor(), self.question.standing(number), None);
            if let Some((turn, found)) = turn {
                this.since = found.since;
                this.former = found.reason.as_ref().map(|reason| reason.former);
                match (turn.before, found.since) {
                    (None, Some(since)) => {
                        // With older toolchains it is undecided; the play is not.
                        points.clear();
                        points.extend(
                            found
                                .not_before
                                .map(|first| point(first - 1, Standing::Fails, None)),
                        );
                        points.push(point(since - 1, Standing::Holds, found.not_before));
                    }
                    // What is undecided between does not matter if it is known where it turned.
                    (Some(before), Some(_)) => points.truncate(before + 1),
                    _ => {}
                }
            }
            if let Some(needed) = self.needed_by(number) {
                this.since = Some(needed.since);
                this.former = Some(0);
                if let Some(before) = points.last_mut() {
                    before.standing = Standing::Fails;
                }
            }
            points.push(this);
        }
        points
    }

    /// What the programs need that the toolchain before this one lacks, where that is why nothing is known with it.
    fn needed_by(&self, number: usize) -> Option<Needed> {
        let before = number.checked_sub(1)?;
        let undecided = self.question.standing(before) == Standing::Unknown
            && self.question.standing(number) == Standing::Holds
            && self.question.claim.kind != Kind::CompileError;
        let trial = self.trials.get(before).filter(|_| undecided)?;
        let observations = trial.work.of(self.question.note, self.question.claim.block);
        let plain = observations
            .iter()
            .filter(|it| it.program.role == Role::Plain);
        let needed = plain
            .filter_map(history::needed)
            .max_by_key(|needed| needed.since)?;
        (needed.since <= self.trials[number].minor()).then_some(needed)
    }

    fn needed_since(&self) -> Option<Reason> {
        let needed = (0..self.trials.len())
            .rev()
            .find_map(|number| self.needed_by(number))?;
        Some(history::before(&needed).reason)
    }

    /// The turn that says why the claim does not hold any more, or since when it does.
    fn decisive(&self, stands: Standing) -> Option<&(Turn, Found)> {
        let turns = self.found.iter().rev();
        let mut turns = turns.filter(|(turn, found)| {
            self.question.standing(turn.after) == stands
                && (turn.before.is_some() || found.since.is_some())
        });
        turns.next()
    }

    /// Whether what was seen may come out otherwise the next time, with the same toolchain.
    fn may_be_chance(&self) -> bool {
        const CHANCE: [&str; 5] = ["go ", "select {", "rand.", "time.Now", "time.Since"];
        let claim = self.question.claim;
        let compiled = [
            Kind::CompileError,
            Kind::Escape,
            Kind::NoEscape,
            Kind::Heap,
            Kind::Stack,
        ];
        !compiled.contains(&claim.kind)
            && self.trials.iter().any(|trial| {
                let observations = trial.work.of(self.question.note, claim.block);
                observations.iter().any(|it| {
                    !it.is_stable()
                        || CHANCE
                            .iter()
                            .any(|word| it.program.source.text.contains(word))
                })
            })
    }

    /// Say with which toolchains it stands so, where there are several.
    fn say_where(&self, judgement: &mut Judgement, stands: Standing) {
        let so: Vec<&str> = (0..self.trials.len())
            .filter(|&trial| self.question.standing(trial) == stands)
            .map(|trial| self.trials[trial].engine.toolchain().version.as_str())
            .collect();
        if so.is_empty() {
            return;
        }
        let not = if stands == Standing::Holds {
            ""
        } else {
            "not "
        };
        let words = format!("{not}with {}", so.join(", "));
        if !judgement.reason.is_empty() {
            judgement.reason.push_str("; ");
        }
        judgement.reason.push_str(&words);
    }

    /// A change before all toolchains that are here, if what the note says differs from what Go does as before
    /// and after it: a hint, and no more.
    fn hint(&self, newest: usize) -> Option<Reason> {
        Reason::of(&self.earlier(newest, Change::shows))
    }

    /// The versions before all toolchains that are here in which the claim was true, where that is certain without any of
    /// them, and what ended it.
    fn known_before(&self, trial: usize) -> Option<(Range, Reason)> {
        if let Some(change) = self.worked_out(trial) {
            let range = Range::until(change.since, change.former);
            return Some((range, Reason::of(&[change])?));
        }
        let needed = self.question.once_undefined(trial, self.trials)?;
        let oldest = self.trials.first()?.minor();
        let range = Range::until(needed.since, 0);
        (needed.since <= oldest).then(|| (range, history::before(&needed).reason))
    }

    /// The change before all toolchains that are here that makes of what the note says exactly what Go does: it was
    /// true until then.
    fn worked_out(&self, newest: usize) -> Option<&'static Change> {
        let claim = self.question.claim;
        let kinds = [
            Kind::Stdout,
            Kind::Value,
            Kind::Escape,
            Kind::Panic,
            Kind::Deadlock,
        ];
        let whole = !claim.negated && kinds.contains(&claim.kind);
        let changes = self.earlier(newest, Change::proves);
        changes.first().copied().filter(|_| whole)
    }

    /// The changes before all toolchains that are here that concern the programs and that the note's text and
    /// Go's differ by.
    fn earlier(
        &self,
        newest: usize,
        differs: fn(&Change, &str, &str) -> bool,
    ) -> Vec<&'static Change> {
        let claim = self.question.claim;
        let (Some(trial), Some(oldest)) = (self.trials.get(newest), self.trials.first()) else {
            return Vec::new();
        };
        let observations = trial.work.of(self.question.note, claim.block);
        // What this Go does, what the oldest does, and what is played of the time before it.
        let answered = |number: usize| (oldest.minor(), &self.question.answers[number].observed);
        let mut first = self.found.iter().filter(|(turn, _)| turn.before.is_none());
        let played = first.find_map(|(_, found)| found.oldest.as_ref());
        let played = played.map(|(until, observed)| (until - 1, observed));
        let known = [Some(answered(newest)), Some(answered(0)), played];
        // Of the compiler's report, only what is said in its own words.
        let said = match claim.kind {
            Kind::Escape => vec![claim.text.clone()],
            // A value may have a remark behind it.
            Kind::Stdout | Kind::Value => value::candidates(&claim.expected),
            _ => vec![claim.expected.clone()],
        };
        let between = |(until, observed): (u32, &String)| -> Vec<&'static Change> {
            changes::all()
                .filter(|change| change.since <= until && change.concerns(observations))
                .filter(|change| said.iter().any(|said| differs(change, said, observed)))
                .collect()
        };
        let mut found = known.into_iter().flatten().map(between);
        found.find(|found| !found.is_empty()).unwrap_or_default()
    }
}
