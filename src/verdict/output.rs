//! Claims about what a program or a line prints.

use std::sync::LazyLock;

use regex::Regex;

use crate::claim::{Claim, Confidence, Form, Kind, Stream, Subject, value};
use crate::observation::Observation;
use crate::program::Role;
use crate::run::End;
use crate::snippet::Syntax;
use crate::snippet::probe::Probed;

use super::digits::{self, Fewer};
use super::reach;
use super::reading::{
    DOUBTFUL, is_cut_message, is_doubtful, is_never, is_nil, is_reordered, matching, readings,
    remark,
};
use super::spelled::values_printed;
use super::whole::{ASKS, MORE, REORDERED, of_block};
use super::{Case, Judgement, Verdict, partial, text};

/// Said where dots stand for a part of the output.
pub(super) const ELIDED: &str = "apart from what is left out";

/// Said where the claim's lines are not all that is printed.
const AMONG_OTHERS: &str = "the program prints this in this order, and more between; the comment may mean just these lines";

/// Said where the note gives a value for each of several cases.
pub(super) const OTHER_CASE: &str =
    "the comment gives several values for several cases, and this one among them";

/// Said where the note may have rounded.
pub(super) const FEWER_DIGITS: &str = "the note gives this number with fewer digits than Go";

/// Why the runs of a racy program prove nothing.
pub(super) const LOSES: &str = "goroutines count in one variable without a lock; it came out like this here, and may come out otherwise";

/// Judge an output claim.
pub fn judge(case: &Case) -> Judgement {
    match (&case.claim.subject, case.claim.form) {
        (Subject::Line(_), Form::OutputComment) if case.claim.kind != Kind::Order => {
            near_comment(case)
        }
        (Subject::Line(_), Form::OutputComment) => of_block(case),
        (Subject::Line(line), _)
            if case.claim.expected.is_empty() || reach::times(case.claim).is_some() =>
        {
            reach::judge(case, *line)
        }
        (Subject::Line(line), _) => of_line(case, *line),
        (Subject::WhatIf { line, .. }, _) => what_if(case, *line),
        (Subject::Block | Subject::Tests | Subject::Value(_), _) => of_block(case),
    }
}

/// What one run showed of a line. Of one that just ends a line of the output (`fmt.Println() // 1 2 3`), that is the
/// line of output.
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
        .map(|segment| format!("{}{}", segment.ends, segment.text))
        .collect();
    if wrote.is_empty() {
        Seen::NotReached
    } else {
        Seen::Wrote(wrote)
    }
}

/// Compare a claim with what a line wrote: all of it, or the same each time; or just with the values in it.
fn line_matches(claim: &Claim, wrote: &[String], syntax: &Syntax, line: usize) -> Option<String> {
    let all = wrote.concat();
    if let Some(forgiven) = matching(claim, &all) {
        let more = claim.form == Form::OutputComment
            && partial::spells_more(syntax, &claim.expected, &all);
        return (!more).then(|| remark(&forgiven));
    }
    if partial::is_elided(&claim.expected, &all) {
        return Some(ELIDED.to_owned());
    }
    if wrote.len() > 1 && wrote.iter().all(|one| matching(claim, one).is_some()) {
        return Some(format!("each of {} times", wrote.len()));
    }
    if wrote.iter().all(|one| is_cut_message(claim, one)) {
        return Some("without the numbers behind it".to_owned());
    }
    let same = readings(claim)
        .iter()
        .find_map(|reading| value::for_each(reading));
    if let Some(value) = same {
        let pieces = value::pieces(&all);
        let each = pieces.len() > 1 && pieces.iter().all(|it| text::compare(&value, it).is_some());
        if each {
            return Some(format!("each of {} values", pieces.len()));
        }
    }
    let values: Vec<String> = wrote
        .iter()
        .map(|one| values_printed(syntax, line, one))
        .collect::<Option<_>>()?;
    let fits = matching(claim, &values.join("\n")).is_some()
        || values.iter().all(|one| matching(claim, one).is_some());
    fits.then(|| "apart from the text that the code spells out".to_owned())
}

/// A comment behind the code of a line.
fn of_line(case: &Case, line: usize) -> Judgement {
    for role in [Role::Probed, Role::Beyond] {
        for observation in case.with_role(role) {
            if !observation.program.draft.probes.lines.contains(&line) {
                continue;
            }
            let probed = observation.probed();
            let judged = judge_runs(case.claim, observation, &probed, line);
            if let Some(judged) = judged {
                if judged.verdict == Verdict::Refuted
                    && let Some(said) = crash_said(case.claim, observation, line)
                {
                    return said;
                }
                if judged.verdict != Verdict::Confirmed && observation.prints_meanwhile(line) {
                    return meanwhile(case, observation, judged);
                }
                let judged = to_stream(case.claim, observation, line, judged);
                return guard(case, observation, &probed, judged);
            }
        }
    }
    not_reached(case, line)
}

/// What is said behind a statement during which goroutines print (`wg.Wait() // prints 1, 2`) speaks of what they
/// print in all, if nobody else prints.
fn meanwhile(case: &Case, observation: &Observation, judged: Judgement) -> Judgement {
    let whole = of_block(case);
    match whole.verdict {
        Verdict::Confirmed => whole,
        _ if observation.only_goroutines_print() => whole,
        _ => Judgement {
            observed: judged.observed,
            ..Judgement::unverified(
                "goroutines print while this line runs: what is its own cannot be told",
            )
        },
    }
}

/// What a line writes must go to the stream that the claim names. Where it goes, the call's name tells.
fn to_stream(
    claim: &Claim,
    observation: &Observation,
    line: usize,
    judged: Judgement,
) -> Judgement {
    let Some(stream) = claim.stream else {
        return judged;
    };
    let syntax = &observation.program.draft.snippet.syntax;
    let written = Stream::written_on(syntax, line);
    match written.as_slice() {
        [only] if *only == stream => judged,
        [only] => Judgement {
            observed: judged.observed,
            ..Judgement::refuted(format!("the line writes to {}", only.name()), "")
        },
        _ => Judgement {
            observed: judged.observed,
            ..Judgement::unverified("to which stream the line writes cannot be told")
        },
    }
}

fn judge_runs(
    claim: &Claim,
    observation: &Observation,
    probed: &[Probed],
    line: usize,
) -> Option<Judgement> {
    let syntax = &observation.program.draft.snippet.syntax;
    let mut matched = 0;
    let mut remarks = String::new();
    let mut outputs: Vec<String> = Vec::new();
    for run in probed {
        let Seen::Wrote(wrote) = seen(run, line) else {
            continue;
        };
        if let Some(remark) = line_matches(claim, &wrote, syntax, line) {
            matched += 1;
            remarks = remark;
        }
        outputs.push(wrote.concat());
    }
    let shown = outputs.first()?.trim_end().to_owned();
    let open = |reason: &str| Judgement {
        observed: shown.clone(),
        ..Judgement::unverified(reason)
    };
    let total = outputs.len();
    // A number that goroutines counted together is a matter of luck.
    let luck = observation.may_lose() && shown.contains(|c: char| c.is_ascii_digit());
    if matched == total && luck && !claim.hedged {
        return Some(open(LOSES));
    }
    if matched == total {
        return Some(Judgement::confirmed(remarks, shown));
    }
    if matched > 0 && claim.hedged {
        let reason = format!("seen in {matched} of {total} runs");
        return Some(Judgement::confirmed(reason, shown));
    }
    if matched > 0 {
        let reason = format!("true in {matched} of {total} runs");
        return Some(Judgement::unstable(reason, shown));
    }
    let stable = outputs.windows(2).all(|pair| pair[0] == pair[1]);
    if claim.hedged
        && !stable
        && readings(claim)
            .iter()
            .any(|reading| outputs.iter().any(|it| text::is_reordered(reading, it)))
    {
        return Some(Judgement::confirmed(REORDERED, shown));
    }
    let several = probed
        .first()
        .is_some_and(|run| matches!(seen(run, line), Seen::Wrote(wrote) if wrote.len() > 1));
    Some(if text::has_address(&shown) {
        open("what the line prints holds an address, which differs in every run")
    } else if !stable && is_never(claim, &outputs) && !observation.may_race() && !claim.hedged {
        Judgement::refuted("in no order of its lines", shown)
    } else if !stable {
        open("what the line prints differs from run to run")
    } else if claim.hedged && cannot_happen(claim, observation) {
        Judgement::refuted("nothing in the program is left to chance", shown)
    } else if claim.hedged {
        open(&format!(
            "said to be possible, and not seen in {total} runs"
        ))
    } else if is_doubtful(claim, &shown) {
        open(DOUBTFUL)
    } else if observation.asks_its_caller() {
        open(ASKS)
    } else if luck {
        open(LOSES)
    } else if several && observation.is_raced_for(line) && is_reordered(claim, &shown) {
        open("goroutines print this, in an order that the runs here agree on by luck")
    } else if several && !plausibly_whole(claim, &shown) {
        open("the line runs several times, and the comment gives one value")
    } else if value::is_count(&claim.expected)
        && shown.parse::<i64>().is_err()
        && !value::is_count(&shown)
    {
        open("the comment counts something, and the line prints no number")
    } else if is_nil(claim) && matches!(shown.as_str(), "[]" | "map[]") {
        open(
            "a nil slice or map is printed as an empty one; whether it is nil, the output does not say",
        )
    } else if readings(claim)
        .iter()
        .any(|it| partial::is_one_of_several(it, &shown))
    {
        open(MORE)
    } else if partial::is_one_of_cases(&claim.text, &shown) {
        open(OTHER_CASE)
    } else if let Some(fewer) = fewer_digits(claim, &shown) {
        match fewer {
            Fewer::Marked => Judgement::confirmed("as far as its digits go", shown),
            Fewer::Unmarked => open(FEWER_DIGITS),
        }
    } else {
        Judgement::refuted("", shown)
    })
}

/// Whether the claim gives the numbers that are printed with fewer digits.
fn fewer_digits(claim: &Claim, shown: &str) -> Option<Fewer> {
    let readings = readings(claim);
    let mut fewer = readings.iter().filter_map(|it| digits::fewer(it, shown));
    fewer.next()
}

/// Whether what is said to be possible is not: nothing in the program differs from run to run, and the claim does
/// not speak of other machines or other input.
fn cannot_happen(claim: &Claim, observation: &Observation) -> bool {
    static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)平台|系统|版本|机器|环境|取决|依赖|如果|根据|\b(?:platform|system|version|machine|architecture|depend\w*|if|when|input)\b|(?:32|64).?(?:bit|位)")
            .expect("a constant")
    });
    claim.confidence > Confidence::Weak
        && !observation.may_vary()
        && !ELSEWHERE.is_match(&claim.text)
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
    let Some(plain_run) = plain.runs.first() else {
        return judgement;
    };
    // What is a matter of luck may come out the same each time, and otherwise the next time.
    let certain = plain.is_stable() && !plain.may_race();
    let own = text::without_traces(&plain_run.stdout.text);
    let same = |run: &Probed| {
        text::compare(&plain_run.stdout.text, &run.text).is_some()
            || own == text::without_traces(&run.text)
    };
    let disturbed = certain
        && !matches!(plain_run.end, End::TimedOut { .. } | End::OutputLimit)
        && !probed.iter().any(same);
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
        return not_compiled(case, line).unwrap_or_else(|| case.unverified());
    };
    let reason = match observation.runs.first().map(|run| (&run.end, &run.crash)) {
        Some((_, Some(crash)))
            if observation.program.draft.probes.lines.contains(&line)
                && observation
                    .crash_lines(&observation.runs[0])
                    .contains(&line) =>
        {
            let first = crash.report.lines().next().unwrap_or_default();
            if let Some(judged) = says_so(case.claim, observation, first) {
                return judged;
            }
            // It was to print a value, and dies in finding it.
            let judged = Judgement::refuted("the program ends at this line", first);
            return if case.claim.hedged || !observation.is_stable() {
                judged.without_refutation("the program ends at this line, at least in one run")
            } else {
                judged
            };
        }
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

/// The judgement on a comment that speaks of the crash in which a line ends that calls something, as of output.
fn crash_said(claim: &Claim, observation: &Observation, line: usize) -> Option<Judgement> {
    let run = observation.runs.first()?;
    let crash = run.crash.as_ref()?;
    let first = crash.report.lines().next()?;
    let here = observation.crash_lines(run).contains(&line);
    says_so(claim, observation, first).filter(|_| here)
}

/// The judgement on a comment that says of its line that it prints what a crash writes (`// 输出：panic: …`).
fn says_so(claim: &Claim, observation: &Observation, message: &str) -> Option<Judgement> {
    let bare = message.strip_prefix("panic: ").unwrap_or(message);
    let same = matching(claim, message).or_else(|| matching(claim, bare));
    if let Some(forgiven) = same.filter(|_| observation.is_stable()) {
        return Some(Judgement::confirmed(remark(&forgiven), message));
    }
    // Who speaks of a crash in other words speaks of no value.
    let speaks = ["panic", "fatal error", "deadlock"]
        .iter()
        .any(|word| claim.expected.contains(word));
    speaks.then(|| Judgement {
        observed: message.to_owned(),
        ..Judgement::unverified("the program ends at this line, in other words than these")
    })
}

/// What a line is said to print, it does not, if it is the line that the compiler does not take: in a block that
/// lacks nothing, and for a reason that no completion of it could mend.
pub(super) fn not_compiled(case: &Case, line: usize) -> Option<Judgement> {
    if case.claim.confidence == Confidence::Weak || case.claim.hedged {
        return None;
    }
    let mut plain = case
        .observations
        .iter()
        .filter(|observation| observation.program.role == Role::Plain);
    let (Some(observation), None) = (plain.next(), plain.next()) else {
        return None;
    };
    let draft = &observation.program.draft;
    let lacks =
        !observation.missing.is_empty() || draft.is_compiled_only() || draft.carries_values();
    let own = |message: &str| {
        ["invalid operation", "cannot use"]
            .iter()
            .any(|start| message.starts_with(start))
    };
    let messages = observation
        .complaints
        .iter()
        .filter(|complaint| complaint.line == Some(line))
        .map(|complaint| complaint.diagnostic.message.as_str());
    let message = messages.into_iter().find(|message| own(message))?;
    (!lacks && observation.failure.is_none())
        .then(|| Judgement::refuted("the line does not compile", message))
}

/// A comment on a line of its own: it speaks of the statement before it, of the one after it, or of
/// everything the program prints.
fn near_comment(case: &Case) -> Judgement {
    let mut around: Option<Judgement> = None;
    for role in [Role::Probed, Role::Beyond] {
        for observation in case.with_role(role) {
            let probed = observation.probed();
            for &line in &neighbours(case, observation) {
                let Some(judged) = judge_runs(case.claim, observation, &probed, line) else {
                    continue;
                };
                if judged.verdict == Verdict::Confirmed {
                    return guard(case, observation, &probed, judged);
                }
                let judged = match observation.prints_meanwhile(line) {
                    true => meanwhile(case, observation, judged),
                    false => judged,
                };
                around = around.or(Some(judged));
            }
        }
    }
    match near_or_whole(case, around) {
        judged if judged.verdict == Verdict::Refuted && is_among_others(case) => Judgement {
            observed: judged.observed,
            ..Judgement::unverified(AMONG_OTHERS)
        },
        judged => judged,
    }
}

/// The judgement on an own-line comment, by what the lines around it print (if they do) and by what the program does.
fn near_or_whole(case: &Case, around: Option<Judgement>) -> Judgement {
    let whole = of_block(case);
    match (whole.verdict, around) {
        (Verdict::Confirmed | Verdict::Unstable, _) => whole,
        // Several readings, and none holds: which one was meant is not certain, unless they agree.
        (Verdict::Refuted, Some(near)) if near.verdict == Verdict::Refuted => {
            let one_line = !case.claim.expected.contains('\n') && !near.observed.is_empty();
            if one_line { near } else { whole }
        }
        (Verdict::Refuted, None) => whole,
        // Several lines under all of the code are the whole output.
        (Verdict::Refuted, _) if case.claim.expected.contains('\n') && closes(case) => whole,
        (_, Some(near)) => near.without_refutation(
            "the comment may speak of the line before it, the line after it or the whole program, and none prints this",
        ),
        (_, None) => whole,
    }
}

/// Whether a program of the block that defers something prints what the claim gives on one line in this order, and more
/// between: what is deferred comes later than the comment may have it.
fn is_among_others(case: &Case) -> bool {
    let defers = |observation: &Observation| {
        let syntax = &observation.program.draft.snippet.syntax;
        let mut nodes = syntax.walk(syntax.root());
        nodes.any(|node| node.kind() == "defer_statement")
    };
    let among = |observation: &Observation| {
        let transcripts = observation.transcripts();
        let mut each = transcripts
            .iter()
            .map(|it| partial::are_lines_among_others(&case.claim.expected, it));
        !transcripts.is_empty() && each.all(|it| it)
    };
    let mut programs = case.with_role(Role::Plain);
    !case.claim.expected.contains('\n') && programs.any(|it| defers(it) && among(it))
}

/// Whether nothing but closing braces follows the comment.
fn closes(case: &Case) -> bool {
    let Subject::Line(line) = case.claim.subject else {
        return false;
    };
    case.observations.iter().any(|observation| {
        let code = observation.program.draft.snippet.code();
        let behind = code.lines().skip(line + 1).map(str::trim);
        behind.into_iter().all(|line| {
            line.is_empty() || line.starts_with("//") || line.trim_matches(['}', ')']).is_empty()
        })
    })
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

/// A commented-out print line, switched on.
fn what_if(case: &Case, line: usize) -> Judgement {
    for observation in case.with_role(Role::WhatIf(line)) {
        let probed = observation.probed();
        if let Some(judged) = judge_runs(case.claim, observation, &probed, line) {
            return judged;
        }
    }
    case.unverified()
}
