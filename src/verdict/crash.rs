//! Claims that something panics, dies of a fatal error, deadlocks or blocks for ever.

pub mod message;

use crate::claim::lexicon::{is_uncaught, says_it_works, speaks_of_recover};
use crate::claim::race::starts_goroutines;
use crate::claim::{Claim, Form, Kind, Subject};
use crate::observation::Observation;
use crate::program::Role;
use crate::run::{Crash, End, Execution, crash::CrashKind};
use crate::snippet::probe::statement_on;

use super::output::not_compiled;
use super::{Case, Judgement, Verdict, reason};
use message::{
    detail, detail_fits, differs_in_a_value, headings, is_former_nil, message_fits, nested_fit,
    shares_words,
};

/// Judge a claim about how a program or a line of it ends.
pub fn judge(case: &Case) -> Judgement {
    match &case.claim.subject {
        Subject::Block | Subject::Tests | Subject::Value(_) => of_block(case),
        Subject::Line(line) => of_line(case, *line),
        Subject::WhatIf { line, .. } => what_if(case, *line),
    }
}

/// A listing after the block: what the whole program ends in.
fn of_block(case: &Case) -> Judgement {
    let judged: Vec<Judgement> = case
        .with_role(Role::Plain)
        .map(|observation| {
            // Not to panic and to die of something else: whoever says the one may mean both.
            let other = |run: &&Execution| run.crash.is_some() && !kind_fits(case.claim, run);
            if case.claim.negated
                && case.claim.kind == Kind::Panic
                && let Some(run) = observation.runs.iter().find(other)
            {
                let reason = format!("it does not panic, and yet dies: {}", ending(run));
                return Judgement::unverified(reason);
            }
            let judged = turned(case.claim, runs(case.claim, observation, |_| true));
            // Prose that says "it panics" of a program that recovers is not wrong.
            let recovers = observation.program.source.text.contains("recover()");
            if case.claim.form == Form::Prose && recovers {
                judged.without_refutation(
                    "the program recovers; the prose may speak of what it recovers from",
                )
            } else {
                judged
            }
        })
        .collect();
    combine(case, judged)
}

/// The best of several programs' judgements; a refutation only where there is just one program.
fn combine(case: &Case, judged: Vec<Judgement>) -> Judgement {
    use Verdict::{Confirmed, Unstable};
    if let Some(found) = judged
        .iter()
        .find(|judgement| judgement.verdict == Confirmed)
        .or_else(|| {
            judged
                .iter()
                .find(|judgement| judgement.verdict == Unstable)
        })
    {
        return found.clone();
    }
    match judged.as_slice() {
        [] => case.unverified(),
        [only] => only.clone(),
        _ => Judgement::unverified("the block gives several programs, and none of them does this"),
    }
}

/// A comment behind a line of the program.
fn of_line(case: &Case, line: usize) -> Judgement {
    let plain: Vec<&Observation> = case.with_role(Role::Plain).collect();
    // The crash itself names the line.
    for observation in &plain {
        let hits = observation
            .runs
            .iter()
            .filter(|run| ends_at(observation, run, line) && kind_fits(case.claim, run))
            .count();
        if hits > 0 {
            let judged = runs(case.claim, observation, |run| {
                ends_at(observation, run, line)
            });
            return turned(case.claim, judged);
        }
    }
    // What "works" is reached, and what comes behind the end of the program is not.
    let beyond = case
        .with_role(Role::Beyond)
        .filter(|_| !says_it_works(&case.claim.text));
    // No crash there: was the line reached, and did it come to its end?
    let mut elsewhere: Option<Judgement> = None;
    for observation in case.with_role(Role::Probed).chain(beyond) {
        let probed = observation.probed();
        // Whether the line came to its end, each time a run got to it.
        let mut times = observation
            .runs
            .iter()
            .zip(&probed)
            .flat_map(|(run, seen)| {
                let here = seen.lines.iter().filter(|segment| segment.line == line);
                here.map(move |segment| (run, segment.finished))
            });
        let Some(first) = times.next() else {
            continue;
        };
        let total = observation.runs.len();
        let stuck = std::iter::once(first)
            .chain(times)
            .find(|(_, finished)| !finished);
        return match (stuck, case.claim.negated) {
            (None, true) => Judgement::confirmed("the line comes to its end", "no panic, no block"),
            (None, false) if case.claim.hedged => {
                Judgement::unverified(format!("said to be possible, and not seen in {total} runs"))
            }
            (None, false) if observation.program.role == Role::Beyond => continue,
            (None, false) => Judgement::refuted("the line comes to its end", ending(first.0)),
            // It neither finished nor crashed the program.
            (Some((run, _)), negated) => {
                let judged = unfinished(case.claim, observation, run, negated);
                if judged.verdict == Verdict::Unverified {
                    // The program may have ended before the line could: without what ends it, more is seen.
                    elsewhere.get_or_insert(judged);
                    continue;
                }
                judged
            }
        };
    }
    if let Some(elsewhere) = elsewhere {
        return elsewhere;
    }
    let reached = plain.iter().find_map(|observation| {
        let run = observation.runs.first()?;
        run.crash.as_ref().map(|crash| {
            format!(
                "the program ends before this line is known to run: {}",
                first_line(crash)
            )
        })
    });
    match reached {
        Some(reason) => Judgement::unverified(reason),
        // What does not even compile is not "fine".
        None if plain.is_empty() && case.claim.negated => {
            not_compiled(case, line).unwrap_or_else(|| case.unverified())
        }
        None if plain.is_empty() => case.unverified(),
        None => Judgement::unverified("nothing in the block is seen to run this line"),
    }
}

fn unfinished(
    claim: &Claim,
    observation: &Observation,
    run: &Execution,
    negated: bool,
) -> Judgement {
    let waits = matches!(run.end, End::TimedOut { busy: false })
        || run
            .crash
            .as_ref()
            .is_some_and(|crash| crash.kind == CrashKind::Deadlock);
    match claim.kind {
        Kind::Blocks if waits && !negated => {
            Judgement::confirmed("the line never comes to its end", ending(run))
        }
        Kind::Blocks if waits => Judgement::refuted("the line never comes to its end", ending(run)),
        Kind::Panic if may_be_recovered(claim, observation) => {
            // The deferred function that recovers ends the function the line stands in.
            let observed = "the line does not come to its end";
            let denied = match negated {
                true => !speaks_of_recover(&claim.text),
                false => is_uncaught(&claim.text),
            };
            if denied {
                Judgement::refuted("the panic is recovered", observed)
            } else {
                Judgement::confirmed("the panic is recovered", observed)
            }
        }
        Kind::Panic if is_fatal(run) => no_panic(run),
        // Of two goroutines that use a map, either may notice.
        Kind::Fatal
            if !negated
                && claim.expected.starts_with("concurrent map")
                && ending(run).contains(&claim.expected) =>
        {
            Judgement::confirmed("another goroutine noticed it", ending(run))
        }
        _ => {
            let lines = observation.crash_lines(run);
            Judgement::unverified(match lines.first() {
                Some(_) => format!("the program ends elsewhere: {}", ending(run)),
                None => format!("the line does not come to its end: {}", ending(run)),
            })
        }
    }
}

fn is_fatal(run: &Execution) -> bool {
    let crash = run.crash.as_ref();
    crash.is_some_and(|crash| crash.kind == CrashKind::Fatal)
}

/// A claimed panic is a fatal error. That is said of concurrent map access above all; whether the author
/// means a panic proper is unknown.
fn no_panic(run: &Execution) -> Judgement {
    Judgement::unverified(format!(
        "it is a fatal error and no panic, so `recover` cannot catch it: {}",
        ending(run)
    ))
}

/// Whether a line that did not come to its end must have panicked, with a deferred function that recovered: every
/// run ends well, and where a goroutine runs the line (which the program's end may cut off), it is one that
/// recovers.
fn may_be_recovered(claim: &Claim, observation: &Observation) -> bool {
    let ends_well = |run: &Execution| run.crash.is_none() && matches!(run.end, End::Exited(0));
    let Subject::Line(line) = claim.subject else {
        return false;
    };
    let syntax = &observation.program.draft.snippet.syntax;
    let mut node = statement_on(syntax, line);
    while let Some(at) = node {
        if at.kind() == "go_statement" && !syntax.of(at).contains("recover()") {
            return false;
        }
        node = at.parent();
    }
    observation.program.source.text.contains("recover()") && observation.runs.iter().all(ends_well)
}

/// A commented-out line, switched on.
fn what_if(case: &Case, line: usize) -> Judgement {
    let judged: Vec<Judgement> = case
        .with_role(Role::WhatIf(line))
        .map(|observation| {
            let at_line = |run: &Execution| run.crash.is_none() || ends_at(observation, run, line);
            turned(case.claim, runs(case.claim, observation, at_line))
        })
        .collect();
    if judged.is_empty() {
        let refused = case.observations.iter().find(|observation| {
            observation.program.role == Role::WhatIf(line) && !observation.compiled
        });
        if let Some(complaint) = refused.and_then(|observation| observation.complaints.first()) {
            let complaint = &complaint.diagnostic.message;
            return Judgement::unverified(format!(
                "with this line the block does not compile: {complaint}"
            ));
        }
    }
    combine(case, judged)
}

/// Judge all runs of a program; `here` says whether a run ended where the claim says.
fn runs(claim: &Claim, observation: &Observation, here: impl Fn(&Execution) -> bool) -> Judgement {
    let total = observation.runs.len();
    let fits: Vec<&Execution> = observation
        .runs
        .iter()
        .filter(|run| here(run) && kind_fits(claim, run))
        .collect();
    let first = &observation.runs[0];
    if fits.is_empty() {
        // Options are few words: "panic" among them may mean that it dies, in whatever way.
        let dies = |run: &&Execution| claim.form == Form::Choice && run.crash.is_some();
        let fatal = observation
            .runs
            .iter()
            .find(|run| is_fatal(run) || dies(run));
        if let Some(run) = fatal
            && claim.kind == Kind::Panic
        {
            return no_panic(run);
        }
        let elsewhere = observation
            .runs
            .iter()
            .any(|run| kind_fits(claim, run) && !here(run));
        if elsewhere {
            return Judgement::unverified(format!(
                "it happens, but at another line: {}",
                ending(first)
            ));
        }
        if claim.hedged {
            return Judgement::unverified(format!(
                "said to be possible, and not seen in {total} runs"
            ));
        }
        if is_noticed_by_chance(&claim.expected)
            && starts_goroutines(&observation.program.draft.snippet)
        {
            return Judgement::unverified(format!(
                "Go notices this misuse by chance, and did not in {total} runs"
            ));
        }
        return match first.end {
            End::TimedOut { busy } if claim.kind != Kind::Blocks || busy => {
                Judgement::unverified("the program was stopped at its time limit")
            }
            End::OutputLimit | End::MemoryLimit | End::NotStarted(_) => {
                Judgement::unverified("the program was stopped at a limit")
            }
            _ => Judgement::refuted("", ending(first)),
        };
    }
    let run = fits[0];
    if let Some(crash) = &run.crash
        && message_fits(&claim.expected, crash)
        && !(detail_fits(&claim.expected, &crash.report) && nested_fit(&claim.expected, crash))
    {
        return Judgement::refuted(
            "its message is this, but the report goes on otherwise",
            ending_in_detail(claim, run),
        );
    }
    if let Some(crash) = &run.crash
        && is_former_nil(&claim.expected, crash)
    {
        return Judgement::refuted("it ends with another message", first_line(crash));
    }
    if let Some(crash) = &run.crash
        && !message_fits(&claim.expected, crash)
    {
        // It dies as claimed, with another message: that part of the claim is not true, unless the author
        // only words it differently.
        let exact = claim.form == crate::claim::Form::Directive;
        if !exact && reason::same_crash(&claim.expected, &crash.message) {
            return counted(claim, fits.len(), total, "in other words", run);
        }
        let other_value = differs_in_a_value(&claim.expected, &crash.message);
        return if !exact && !other_value && shares_words(&claim.expected, &crash.message) {
            Judgement::unverified(format!(
                "it does, but with another message: {}",
                first_line(crash)
            ))
        } else {
            Judgement::refuted("it ends with another message", quoted_heading(claim, crash))
        };
    }
    counted(claim, fits.len(), total, "", run)
}

/// What happened in so many of all runs.
fn counted(claim: &Claim, seen: usize, total: usize, remark: &str, run: &Execution) -> Judgement {
    let by_chance = run
        .crash
        .as_ref()
        .is_some_and(|it| is_noticed_by_chance(&it.message));
    if seen == total {
        Judgement::confirmed(remark, ending_in_detail(claim, run))
    } else if by_chance {
        Judgement::confirmed(
            format!("seen in {seen} of {total} runs: Go notices this misuse by chance"),
            ending_in_detail(claim, run),
        )
    } else if claim.hedged {
        Judgement::confirmed(
            format!("seen in {seen} of {total} runs"),
            ending_in_detail(claim, run),
        )
    } else {
        Judgement::unstable(
            format!("true in {seen} of {total} runs"),
            ending_in_detail(claim, run),
        )
    }
}

/// Whether a crash reports a misuse that Go notices only if goroutines happen to meet: one occurrence shows that the
/// program does what its note says, and none that it does not.
fn is_noticed_by_chance(message: &str) -> bool {
    ["concurrent map", "WaitGroup is reused", "WaitGroup misuse"]
        .iter()
        .any(|start| message.contains(start))
}

/// For negated claims, what confirms refutes and the other way round.
fn turned(claim: &Claim, judgement: Judgement) -> Judgement {
    use Verdict::{Confirmed, Refuted};
    if !claim.negated {
        return judgement;
    }
    match judgement.verdict {
        Confirmed => Judgement {
            verdict: Refuted,
            ..judgement
        },
        Refuted => Judgement {
            verdict: Confirmed,
            ..judgement
        },
        _ => judgement,
    }
}

/// Whether a run ended in the way the claim's kind says (the negation aside).
fn kind_fits(claim: &Claim, run: &Execution) -> bool {
    let crash = run.crash.as_ref().map(|crash| crash.kind);
    match claim.kind {
        Kind::Panic => matches!(crash, Some(CrashKind::Panic)),
        Kind::Fatal => matches!(crash, Some(CrashKind::Fatal | CrashKind::Deadlock)),
        Kind::Deadlock => matches!(crash, Some(CrashKind::Deadlock)),
        Kind::Blocks => {
            matches!(crash, Some(CrashKind::Deadlock))
                || matches!(run.end, End::TimedOut { busy: false })
        }
        _ => false,
    }
}

/// Whether a run's crash names `line` (from 0) of the block among its frames.
fn ends_at(observation: &Observation, run: &Execution, line: usize) -> bool {
    observation.crash_lines(run).contains(&line)
}

/// The detail of a run's crash report, where the note quotes one, and whether it is the same.
pub(super) fn quoted_detail<'r>(claim: &Claim, run: &'r Execution) -> Option<(&'r str, bool)> {
    let report = &run.crash.as_ref()?.report;
    detail(&claim.expected)?;
    Some((detail(report)?, detail_fits(&claim.expected, report)))
}

/// How a run ended, with the detail that the note quotes.
fn ending_in_detail(claim: &Claim, run: &Execution) -> String {
    let ending = match &run.crash {
        Some(crash) => quoted_heading(claim, crash),
        None => ending(run),
    };
    let seen = run.crash.as_ref().and_then(|crash| detail(&crash.report));
    match seen.filter(|seen| detail(&claim.expected).is_some() && !ending.contains(seen)) {
        Some(seen) => format!("{ending}\n\n{seen}"),
        None => ending,
    }
}

/// A crash's message; with those of all its panics where the note quotes more than one, or what became of one.
fn quoted_heading(claim: &Claim, crash: &Crash) -> String {
    match headings(&claim.expected).len() > 1 || claim.expected.contains(" [recovered") {
        true => headings(&crash.report).join("\n"),
        false => first_line(crash),
    }
}

fn first_line(crash: &Crash) -> String {
    crash.report.lines().next().unwrap_or_default().to_owned()
}

/// How a run ended, in words.
pub fn ending(run: &Execution) -> String {
    if let Some(crash) = &run.crash {
        return first_line(crash);
    }
    match &run.end {
        End::Exited(0) => "the program ends normally".to_owned(),
        End::Exited(code) => format!("the program ends with exit code {code}"),
        End::Signaled(signal) => format!("the program is killed by signal {signal}"),
        End::TimedOut { busy: true } => {
            "the program is still computing when its time is up".to_owned()
        }
        End::TimedOut { busy: false } => {
            "the program is still waiting when its time is up".to_owned()
        }
        End::OutputLimit => "the program is stopped because it writes too much".to_owned(),
        End::MemoryLimit => "the program is stopped at the memory limit".to_owned(),
        End::NotStarted(reason) => reason.clone(),
    }
}
