//! Claims about what a program or a line prints.

use crate::claim::{Claim, Confidence, Form, Kind, Subject, value};
use crate::observation::Observation;
use crate::program::Role;
use crate::run::End;
use crate::snippet::probe::Probed;

use super::{Case, Judgement, text};

/// Judge an output claim.
pub fn judge(case: &Case) -> Judgement {
    match (&case.claim.subject, case.claim.form) {
        (Subject::Line(_), Form::OutputComment) if case.claim.kind != Kind::Order => {
            near_comment(case)
        }
        (Subject::Line(_), Form::OutputComment) => of_block(case),
        (Subject::Line(line), _) => of_line(case, *line),
        (Subject::WhatIf { line, .. }, _) => what_if(case, *line),
        (Subject::Block | Subject::Value { .. }, _) => of_block(case),
    }
}

/// The ways a claim's words can be read as output.
fn readings(claim: &Claim) -> Vec<String> {
    match claim.form {
        Form::TrailingComment | Form::WhatIf | Form::OutputComment => {
            value::candidates(&claim.expected)
        }
        _ => vec![claim.expected.clone()],
    }
}

/// The first reading that equals `observed`, and what had to be forgiven.
fn matching(claim: &Claim, observed: &str) -> Option<text::Forgiven> {
    if claim.kind == Kind::Order {
        let same = text::sorted_lines(&claim.expected) == text::sorted_lines(observed);
        return same.then(|| vec!["order of lines"]);
    }
    readings(claim)
        .iter()
        .find_map(|reading| text::compare(reading, observed))
}

/// What one run showed of a line.
enum Seen {
    /// It never ran.
    NotReached,
    /// What it wrote each time it ran.
    Wrote(Vec<String>),
}

fn seen(probed: &Probed, line: usize) -> Seen {
    let wrote: Vec<String> = probed
        .lines
        .iter()
        .filter(|segment| segment.line == line)
        .map(|segment| segment.text.clone())
        .collect();
    if wrote.is_empty() {
        Seen::NotReached
    } else {
        Seen::Wrote(wrote)
    }
}

/// Compare a claim with what a line wrote: all of it, or the same each time.
fn line_matches(claim: &Claim, wrote: &[String]) -> Option<String> {
    let all = wrote.concat();
    if let Some(forgiven) = matching(claim, &all) {
        return Some(remark(&forgiven));
    }
    if wrote.len() > 1 && wrote.iter().all(|one| matching(claim, one).is_some()) {
        return Some(format!("each of {} times", wrote.len()));
    }
    None
}

fn remark(forgiven: &text::Forgiven) -> String {
    match forgiven.as_slice() {
        [] => String::new(),
        some => format!("apart from {}", some.join(" and ")),
    }
}

/// A comment behind the code of a line.
fn of_line(case: &Case, line: usize) -> Judgement {
    for role in [Role::Probed, Role::Beyond] {
        for observation in with_role(case, role) {
            if !observation.program.draft.probes.lines.contains(&line) {
                continue;
            }
            let probed = observation.probed();
            let judged = judge_runs(case.claim, &probed, line);
            if let Some(judged) = judged {
                return guard(case, observation, &probed, judged);
            }
        }
    }
    not_reached(case, line)
}

fn judge_runs(claim: &Claim, probed: &[Probed], line: usize) -> Option<Judgement> {
    let mut matched = 0;
    let mut remarks = String::new();
    let mut outputs: Vec<String> = Vec::new();
    for run in probed {
        let Seen::Wrote(wrote) = seen(run, line) else {
            continue;
        };
        if let Some(remark) = line_matches(claim, &wrote) {
            matched += 1;
            remarks = remark;
        }
        outputs.push(wrote.concat());
    }
    let total = outputs.len();
    let shown = outputs.first()?.trim_end().to_owned();
    let stable = outputs.windows(2).all(|pair| pair[0] == pair[1]);
    let several = probed
        .first()
        .is_some_and(|run| matches!(seen(run, line), Seen::Wrote(wrote) if wrote.len() > 1));
    Some(if matched == total {
        Judgement::confirmed(remarks, shown)
    } else if matched > 0 && claim.hedged {
        Judgement::confirmed(format!("seen in {matched} of {total} runs"), shown)
    } else if matched > 0 {
        Judgement::unstable(format!("true in {matched} of {total} runs"), shown)
    } else if !stable {
        Judgement {
            observed: shown,
            ..Judgement::unverified("what the line prints differs from run to run")
        }
    } else if claim.hedged {
        Judgement {
            observed: shown,
            ..Judgement::unverified(format!("said to be possible, and not seen in {total} runs"))
        }
    } else if several && !plausibly_whole(claim, &shown) {
        Judgement {
            observed: shown,
            ..Judgement::unverified("the line runs several times, and the comment gives one value")
        }
    } else {
        Judgement::refuted("", shown)
    })
}

/// Whether the claim gives as many values as the line printed, so that it speaks of all of them.
fn plausibly_whole(claim: &Claim, shown: &str) -> bool {
    let count = |text: &str| {
        text.split([' ', ',', '，', '、', '\n', '\t'])
            .filter(|token| !token.is_empty())
            .count()
    };
    let expected = readings(claim)
        .iter()
        .map(|it| count(it))
        .max()
        .unwrap_or(0);
    expected > 1 && expected == count(shown)
}

/// A probe must not have changed what the program prints.
fn guard(
    case: &Case,
    observation: &Observation,
    probed: &[Probed],
    judgement: Judgement,
) -> Judgement {
    if observation.program.role != Role::Probed {
        return judgement;
    }
    let same_program = |plain: &&Observation| {
        plain.program.role == Role::Plain
            && plain.program.draft.top == observation.program.draft.top
            && plain.program.draft.body == observation.program.draft.body
            && plain.program.draft.calls == observation.program.draft.calls
    };
    let Some(plain) = case.observations.iter().find(same_program) else {
        return judgement;
    };
    let (Some(plain_run), Some(probed_run)) = (plain.runs.first(), probed.first()) else {
        return judgement;
    };
    let disturbed = plain.is_stable()
        && !matches!(plain_run.end, End::TimedOut { .. } | End::OutputLimit)
        && text::compare(&plain_run.stdout.text, &probed_run.text).is_none();
    if disturbed {
        return Judgement {
            observed: judgement.observed,
            ..Judgement::unverified("observing the line changes what the program prints")
        };
    }
    judgement
}

/// Why a line's output was never seen.
fn not_reached(case: &Case, line: usize) -> Judgement {
    let covering = case
        .observations
        .iter()
        .find(|observation| matches!(observation.program.role, Role::Probed) && observation.ran());
    let Some(observation) = covering else {
        return obstacle(case);
    };
    let reason = match observation.runs.first().map(|run| (&run.end, &run.crash)) {
        Some((_, Some(crash))) => format!(
            "the program ends before this line: {}",
            crash.report.lines().next().unwrap_or_default()
        ),
        Some((End::TimedOut { .. }, _)) => {
            "the program was stopped at its time limit before this line".to_owned()
        }
        _ if observation.program.draft.probes.lines.contains(&line) => {
            "nothing in the block runs this line".to_owned()
        }
        _ => "the output of this line cannot be told from that of others".to_owned(),
    };
    Judgement::unverified(reason)
}

fn obstacle(case: &Case) -> Judgement {
    let reason = if case.obstacle.is_empty() {
        "no program of the block ran"
    } else {
        case.obstacle
    };
    Judgement::unverified(reason)
}

fn with_role<'a>(case: &Case<'a>, role: Role) -> impl Iterator<Item = &'a Observation> {
    case.observations
        .iter()
        .filter(move |observation| observation.program.role == role && observation.ran())
}

/// A comment on a line of its own: it speaks of the statement before it, of the one after it, or of
/// everything the program prints.
fn near_comment(case: &Case) -> Judgement {
    let mut around: Option<Judgement> = None;
    for role in [Role::Probed, Role::Beyond] {
        for observation in with_role(case, role) {
            let probed = observation.probed();
            for &line in &neighbours(case, observation) {
                let Some(judged) = judge_runs(case.claim, &probed, line) else {
                    continue;
                };
                if judged.verdict == super::Verdict::Confirmed {
                    return guard(case, observation, &probed, judged);
                }
                around = around.or(Some(judged));
            }
        }
    }
    let whole = of_block(case);
    match (whole.verdict, around) {
        (super::Verdict::Confirmed | super::Verdict::Unstable, _) => whole,
        // Several readings, and none holds: which one was meant is not certain, unless they agree.
        (super::Verdict::Refuted, Some(near)) if near.verdict == super::Verdict::Refuted => {
            let one_line = !case.claim.expected.contains('\n') && !near.observed.is_empty();
            if one_line { near } else { whole }
        }
        (super::Verdict::Refuted, None) => whole,
        (_, Some(near)) => near.without_refutation(
            "the comment may speak of the line before it, the line after it or the whole program, and none prints this",
        ),
        (_, None) => whole,
    }
}

/// The marked lines nearest before and after an own-line comment.
fn neighbours(case: &Case, observation: &Observation) -> Vec<usize> {
    let Subject::Line(line) = case.claim.subject else {
        return Vec::new();
    };
    let lines = &observation.program.draft.probes.lines;
    let before = lines.range(..line).next_back();
    let after = lines.range(line..).next();
    before.into_iter().chain(after).copied().collect()
}

/// Everything the block's program prints.
fn of_block(case: &Case) -> Judgement {
    let line = match case.claim.subject {
        Subject::Line(line) => Some(line),
        _ => None,
    };
    let mut programs: Vec<&Observation> = with_role(case, Role::Plain).collect();
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
        return obstacle(case);
    }
    let judged: Vec<Judgement> = programs
        .iter()
        .map(|observation| whole_program(case.claim, observation))
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
    let transcripts = observation.transcripts();
    let matched = transcripts
        .iter()
        .filter(|transcript| whole_matches(claim, transcript).is_some())
        .count();
    let total = transcripts.len();
    let shown = transcripts.first().cloned().unwrap_or_default();
    let shown = shown.trim_end().to_owned();
    if matched == total && total > 0 {
        let remark = whole_matches(claim, &transcripts[0]).unwrap_or_default();
        return Judgement::confirmed(remark, shown);
    }
    if matched > 0 {
        let reason = format!("in {matched} of {total} runs");
        return if claim.hedged {
            Judgement::confirmed(format!("seen {reason}"), shown)
        } else {
            Judgement::unstable(format!("true {reason}"), shown)
        };
    }
    let run = observation.runs.first();
    if run.is_some_and(|run| matches!(run.end, End::TimedOut { .. } | End::OutputLimit)) {
        return if text::is_prefix(&claim.expected, &shown) {
            Judgement::confirmed(
                "the program goes on; this is how it starts",
                first_lines(&shown, &claim.expected),
            )
        } else {
            Judgement {
                observed: shown,
                ..Judgement::unverified("the program was stopped at its limit")
            }
        };
    }
    let sorted = |transcript: &String| text::sorted_lines(transcript);
    let stable = observation.is_stable()
        || claim.kind == Kind::Order
            && transcripts
                .windows(2)
                .all(|pair| sorted(&pair[0]) == sorted(&pair[1]));
    if !stable {
        return Judgement {
            observed: shown,
            ..Judgement::unverified("what the program prints differs from run to run")
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
            Judgement::refuted("another order", shown)
        };
    }
    if text::is_part(&claim.expected, &shown) {
        return if claim.form == Form::Prose {
            Judgement::confirmed("it prints this among other lines", shown)
        } else {
            Judgement {
                observed: shown,
                ..Judgement::unverified("the program prints this and more than the note shows")
            }
        };
    }
    // Of several lines, prose may speak of any.
    let vague = claim.form == Form::Prose
        && (claim.confidence < Confidence::Certain || shown.lines().count() > 1);
    if claim.hedged || vague {
        return Judgement {
            observed: shown,
            ..Judgement::unverified(
                "the program does not print this; the prose may speak of something else",
            )
        };
    }
    if shown.is_empty() {
        return Judgement::unverified("the program prints nothing");
    }
    if claim.expected.contains("goroutine ") && claim.expected.contains("main.main()") {
        return Judgement {
            observed: shown,
            ..Judgement::unverified(
                "stack traces hold paths and addresses of the machine they come from",
            )
        };
    }
    Judgement::refuted("", shown)
}

/// Compare with the whole transcript: with the crash's first lines as Go writes them, or as readers
/// quote them (without `panic: `).
fn whole_matches(claim: &Claim, transcript: &str) -> Option<String> {
    if let Some(forgiven) = matching(claim, transcript) {
        return Some(remark(&forgiven));
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
        {
            break;
        }
        lines.push(line);
    }
    lines.join("\n").trim_end().to_owned()
}

fn first_lines(shown: &str, expected: &str) -> String {
    shown
        .lines()
        .take(expected.lines().count().max(1))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A commented-out print line, switched on.
fn what_if(case: &Case, line: usize) -> Judgement {
    for observation in with_role(case, Role::WhatIf(line)) {
        let probed = observation.probed();
        if let Some(judged) = judge_runs(case.claim, &probed, line) {
            return judged;
        }
    }
    obstacle(case)
}
