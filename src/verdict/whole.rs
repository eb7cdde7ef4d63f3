//! Claims about everything a block's program prints.

use crate::build::starts_goroutines;
use crate::claim::{Claim, Confidence, Form, Kind, Subject, value};
use crate::observation::Observation;
use crate::program::Role;
use crate::run::crash::is_heading;
use crate::run::{End, Execution};

use super::output::{ELIDED, LOSES};
use super::reading::{DOUBTFUL, is_doubtful, is_never, matching, remark};
use super::{Case, Judgement, Verdict, edited, partial, text};

/// Said where an output is claimed whose order is open.
pub(super) const REORDERED: &str = "in another order, which differs from run to run";

/// Said where a program's output depends on who starts it.
pub(super) const ASKS: &str =
    "the program reads its arguments or its environment, and gets none here";

/// Said where the note shows a part of what is printed.
pub const MORE: &str = "the program prints this and more than the note shows";

/// Everything the block's program prints. In a listing, what its author says of lines may stand behind them.
pub(super) fn of_block(case: &Case) -> Judgement {
    let judged = as_shown(case);
    let listing = matches!(case.claim.form, Form::OutputBlock | Form::RawOutput);
    if !listing || matches!(judged.verdict, Verdict::Confirmed | Verdict::Unstable) {
        return judged;
    }
    let Some(expected) = edited::bare(&case.claim.expected, &judged.observed) else {
        return judged;
    };
    let claim = Claim {
        expected,
        ..case.claim.clone()
    };
    let apart = as_shown(&Case {
        claim: &claim,
        ..*case
    });
    match apart.verdict {
        Verdict::Confirmed => Judgement {
            reason: "apart from what is said of its lines".to_owned(),
            ..apart
        },
        Verdict::Refuted if edited::is_selection(&claim.expected, &judged.observed) => Judgement {
            observed: judged.observed,
            ..Judgement::unverified(
                "all lines that the note shows are printed in this order; what it leaves out is not always marked by dots",
            )
        },
        Verdict::Refuted => judged,
        _ => apart,
    }
}

fn as_shown(case: &Case) -> Judgement {
    let line = match case.claim.subject {
        Subject::Line(line) => Some(line),
        _ => None,
    };
    let role = match case.claim.stream {
        Some(_) => Role::Apart,
        None => Role::Plain,
    };
    let mut programs: Vec<&Observation> = case.with_role(role).collect();
    if let Some(line) = line {
        // Of several alternatives, the comment speaks of the one it stands in.
        let near: Vec<&Observation> = programs
            .iter()
            .copied()
            .filter(|observation| stands_in(observation, line))
            .collect();
        if !near.is_empty() {
            programs = near;
        }
    }
    if programs.is_empty() {
        return case.unverified();
    }
    let judged: Vec<Judgement> = programs
        .iter()
        .map(|observation| {
            let judgement = whole_program(case.claim, observation);
            match observation.program.draft.tests {
                Some(_) => {
                    judgement.without_refutation("the claim may not speak of the block's tests")
                }
                None => judgement,
            }
        })
        .collect();
    let best = |verdict| judged.iter().find(|judgement| judgement.verdict == verdict);
    if let Some(found) = best(super::Verdict::Confirmed).or_else(|| best(super::Verdict::Unstable))
    {
        return found.clone();
    }
    match judged.as_slice() {
        [only] => only.clone(),
        _ => Judgement {
            observed: judged[0].observed.clone(),
            ..Judgement::unverified(format!(
                "the block gives {} programs, and none of them prints this",
                judged.len()
            ))
        },
    }
}

/// Whether the nearest code before (or else after) `line` is part of the program.
fn stands_in(observation: &Observation, line: usize) -> bool {
    let draft = &observation.program.draft;
    let code = draft.snippet.code();
    let offset: usize = code.split_inclusive('\n').take(line).map(str::len).sum();
    let items = &draft.snippet.items;
    let nearest = (0..draft.snippet.items.len())
        .rfind(|&at| items[at].is_code() && items[at].span.start <= offset);
    nearest.is_some_and(|at| {
        // A function that nothing calls is run by the program that is there to call it.
        let inside = items[at].span.contains(&offset);
        let driven = draft.calls.is_empty()
            || draft
                .calls
                .iter()
                .any(|call| items[at].names.contains(call));
        (draft.top.contains(&at) || draft.body.contains(&at))
            && (driven || !inside || !items[at].is_top_level_only() || items[at].names == ["main"])
    })
}

fn whole_program(claim: &Claim, observation: &Observation) -> Judgement {
    // On a busy machine one run may be stopped at the time limit, and the next one come to its end.
    let transcripts = observation.printed(match (claim.stream, observation.finished()) {
        (Some(stream), _) => observation.written_to(stream),
        (None, none) if none.is_empty() => observation.transcripts(),
        (None, finished) => finished,
    });
    if claim.expected.is_empty() && claim.form == Form::Prose {
        return nothing(claim, observation, &transcripts);
    }
    let matched = transcripts
        .iter()
        .filter(|transcript| whole_matches(claim, transcript).is_some())
        .count();
    let total = transcripts.len();
    let shown = transcripts.first().cloned().unwrap_or_default();
    let shown = shown.trim_end().to_owned();
    if matched == total && total > 0 && observation.may_lose() && !claim.hedged {
        return Judgement {
            observed: shown,
            ..Judgement::unverified(LOSES)
        };
    }
    if matched == total && total > 0 {
        let remark = whole_matches(claim, &transcripts[0]).unwrap_or_default();
        let mut runs = observation.runs.iter();
        return match runs.find_map(|run| super::crash::quoted_detail(claim, run)) {
            None => Judgement::confirmed(remark, shown),
            Some((detail, true)) => Judgement::confirmed(remark, format!("{shown}\n\n{detail}")),
            Some((detail, false)) => Judgement::refuted(
                "it prints this, but the report of its crash goes on otherwise",
                format!("{shown}\n\n{detail}"),
            ),
        };
    }
    if matched > 0 {
        let reason = format!("in {matched} of {total} runs");
        return if claim.hedged {
            Judgement::confirmed(format!("seen {reason}"), shown)
        } else {
            Judgement::unstable(format!("true {reason}"), shown)
        };
    }
    let stopped = |run: &Execution| matches!(run.end, End::TimedOut { .. } | End::OutputLimit);
    if !observation.runs.is_empty() && observation.runs.iter().all(stopped) {
        return if text::is_prefix(&claim.expected, &shown) {
            Judgement::confirmed(
                "the program goes on; this is how it starts",
                first_lines(&shown, &claim.expected),
            )
        } else if starts_otherwise(&claim.expected, &shown) && !observation.may_vary_in_order() {
            Judgement::refuted("it starts otherwise", first_lines(&shown, &claim.expected))
        } else {
            Judgement {
                observed: shown,
                ..Judgement::unverified("the program was stopped at its limit")
            }
        };
    }
    let sorted = |transcript: &String| text::sorted_lines(transcript);
    if claim.hedged
        && !observation.is_stable()
        && transcripts
            .iter()
            .any(|it| text::is_reordered(&claim.expected, it))
    {
        return Judgement::confirmed(REORDERED, shown);
    }
    let stable = observation.is_stable()
        || claim.kind == Kind::Order
            && transcripts
                .windows(2)
                .all(|pair| sorted(&pair[0]) == sorted(&pair[1]));
    if !stable
        && is_never(claim, &transcripts)
        && !observation.may_race()
        && !claim.hedged
        && claim.form != Form::Prose
    {
        return Judgement::refuted("in no order of its lines", shown);
    }
    if !stable {
        return Judgement {
            observed: shown,
            ..Judgement::unverified("what the program prints differs from run to run")
        };
    }
    // A crash report has addresses of its own, which nobody means.
    if text::has_address(&cut_crash(&shown)) {
        return Judgement {
            observed: shown,
            ..Judgement::unverified(
                "what the program prints holds addresses, which differ in every run",
            )
        };
    }
    if observation.may_race() {
        return Judgement {
            observed: shown,
            ..Judgement::unverified(
                "goroutines change a variable without a lock, so other runs may print something else",
            )
        };
    }
    if text::is_reordered(&claim.expected, &shown) {
        return if observation.may_vary() {
            Judgement {
                observed: shown,
                ..Judgement::unverified(
                    "the same in another order, and the order may differ from run to run",
                )
            }
        } else if claim.form == Form::Prose && claim.confidence == Confidence::Weak {
            Judgement::unverified("the prose may speak of something else")
        } else {
            Judgement::refuted("it prints the same lines in another order", shown)
        };
    }
    if text::is_part(&claim.expected, &shown) && !text::has_wildcard(&claim.expected) {
        // A guess has nothing to lose; several lines in a row are no chance.
        let guessed = claim.form == Form::OutputBlock
            && claim.confidence == Confidence::Weak
            && claim.expected.trim().lines().count() > 1;
        return if claim.form == Form::Prose || guessed {
            Judgement::confirmed("it prints this among other lines", shown)
        } else {
            Judgement {
                observed: shown,
                ..Judgement::unverified(MORE)
            }
        };
    }
    // Of several lines, prose may speak of any, unless it gives as many values as there are.
    let partial = value::pieces(&claim.expected).len() < shown.lines().count();
    let vague = claim.form == Form::Prose && (claim.confidence < Confidence::Certain || partial);
    if claim.hedged || vague {
        return Judgement {
            observed: shown,
            ..Judgement::unverified(
                "the program does not print this; the prose may speak of something else",
            )
        };
    }
    if let Some(stream) = claim.stream {
        let what = if shown.is_empty() {
            "nothing"
        } else {
            "something else"
        };
        let reason = format!("the program writes {what} to {}", stream.name());
        return Judgement::refuted(reason, shown);
    }
    if shown.is_empty() {
        return Judgement::unverified(match observation.asks_its_caller() {
            true => ASKS,
            false => "the program prints nothing",
        });
    }
    if is_doubtful(claim, &shown) {
        return Judgement {
            observed: shown,
            ..Judgement::unverified(DOUBTFUL)
        };
    }
    if claim.expected.contains("goroutine ") && claim.expected.contains("main.main()") {
        return Judgement {
            observed: shown,
            ..Judgement::unverified(
                "stack traces hold paths and addresses of the machine they come from",
            )
        };
    }
    if observation.asks_its_caller() {
        return Judgement {
            observed: shown,
            ..Judgement::unverified(ASKS)
        };
    }
    // What is missing at the end may still be printed by a goroutine, if the program lives long enough.
    if starts_goroutines(&observation.program.source.text)
        && text::is_prefix(&shown, &claim.expected)
    {
        return Judgement {
            observed: shown,
            ..Judgement::unverified(
                "it prints the start of this, and a goroutine may or may not print the rest before the program ends",
            )
        };
    }
    Judgement::refuted("", shown)
}

/// Whether the program prints nothing at all. What a crash writes is not printed by the program.
fn nothing(claim: &Claim, observation: &Observation, transcripts: &[String]) -> Judgement {
    let ends = |run: &Execution| run.crash.is_some() || matches!(run.end, End::Exited(_));
    if transcripts.is_empty() || !observation.runs.iter().all(ends) {
        return Judgement::unverified("the program was stopped at its limit");
    }
    let own = |text: &String| before_crash(text).trim().to_owned();
    let printed: Vec<String> = transcripts.iter().map(own).collect();
    let silent = printed.iter().filter(|text| text.is_empty()).count();
    let shown = printed.iter().find(|text| !text.is_empty());
    match (silent, shown) {
        (_, None) => Judgement::confirmed("", "the program prints nothing"),
        (0, Some(shown)) if !claim.hedged => Judgement::refuted("", shown.clone()),
        (0, Some(shown)) => Judgement {
            observed: shown.clone(),
            ..Judgement::unverified("said to be possible, and not seen")
        },
        (_, Some(shown)) if claim.hedged => Judgement::confirmed(
            format!("seen in {silent} of {} runs", printed.len()),
            shown.clone(),
        ),
        (_, Some(shown)) => Judgement::unstable(
            format!("true in {silent} of {} runs", printed.len()),
            shown.clone(),
        ),
    }
}

/// What a program printed before its crash was reported.
fn before_crash(transcript: &str) -> String {
    let own = transcript.lines().take_while(|line| !is_heading(line));
    own.collect::<Vec<_>>().join("\n")
}

/// Compare with the whole transcript: with the crash's first lines as Go writes them, or as readers
/// quote them (without `panic: `).
fn whole_matches(claim: &Claim, transcript: &str) -> Option<String> {
    if let Some(forgiven) = matching(claim, transcript) {
        return Some(remark(&forgiven));
    }
    if partial::is_elided(&claim.expected, transcript) {
        return Some(ELIDED.to_owned());
    }
    // Goroutine listings and exit codes after the message are often cut or left in.
    let expected = cut_crash(&claim.expected);
    if !expected.is_empty()
        && let Some(forgiven) = text::compare(&expected, &cut_crash(transcript))
    {
        return Some(remark(&forgiven));
    }
    let without = cut_crash(transcript)
        .lines()
        .map(|line| line.strip_prefix("panic: ").unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n");
    let wants = claim.expected.contains("panic");
    (!wants && transcript.contains("panic: "))
        .then(|| text::compare(&claim.expected, &without))
        .flatten()
        .map(|_| "apart from `panic:` before the message".to_owned())
}

/// A transcript up to and with the message of its crash.
fn cut_crash(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let start = line.trim_start();
        if start.starts_with("goroutine ") && start.contains('[')
            || start.starts_with("exit status ")
            || start.starts_with("[signal ")
        {
            break;
        }
        lines.push(line);
    }
    lines.join("\n").trim_end().to_owned()
}

/// Whether what a note shows before its dots is not how the output starts. With fewer lines than that seen, nothing
/// is known.
fn starts_otherwise(expected: &str, shown: &str) -> bool {
    let shows: Vec<&str> = expected
        .lines()
        .map(str::trim_end)
        .take_while(|line| !text::has_wildcard(line))
        .collect();
    let seen = shown.lines().count();
    text::has_wildcard(expected)
        && !shows.is_empty()
        && seen > shows.len()
        && text::compare(&shows.join("\n"), &first_lines(shown, &shows.join("\n"))).is_none()
}

fn first_lines(shown: &str, expected: &str) -> String {
    shown
        .lines()
        .take(expected.lines().count().max(1))
        .collect::<Vec<_>>()
        .join("\n")
}
