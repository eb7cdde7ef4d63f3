//! Claims about a run as a whole: that its output differs from run to run, what comes before what, how often,
//! and the exit code.

use crate::claim::{Claim, Form, Kind};
use crate::observation::Observation;
use crate::program::Role;
use crate::run::{End, Execution};

use super::crash::ending;
use super::{Case, Judgement};

/// Judge a claim about the runs of a block's program.
pub fn judge(case: &Case) -> Judgement {
    let judged: Vec<Judgement> = case
        .with_role(Role::Plain)
        .map(|observation| match case.claim.kind {
            Kind::Exit => exit(case.claim, observation),
            Kind::Order => order(case.claim, observation),
            _ => varies(case.claim, observation),
        })
        .collect();
    match judged.as_slice() {
        [] => case.unverified(),
        [only] => only.clone(),
        several => several
            .iter()
            .find(|judgement| judgement.verdict == super::Verdict::Confirmed)
            .cloned()
            .unwrap_or_else(|| {
                Judgement::unverified(
                    "the block gives several programs, and none of them does this",
                )
            }),
    }
}

/// Whether an expectation is a relation (`a → b`, `a × 3, b × 3`) rather than words in their order.
pub(super) fn is_relation(expected: &str) -> bool {
    expected.contains(" → ") || expected.contains(" × ")
}

fn stopped(observation: &Observation) -> Option<Judgement> {
    let run = observation.runs.first()?;
    matches!(
        run.end,
        End::TimedOut { .. } | End::OutputLimit | End::MemoryLimit
    )
    .then(|| Judgement::unverified(ending(run)))
}

/// The exit code, as the system sees it: a crash is 2.
fn exit(claim: &Claim, observation: &Observation) -> Judgement {
    if let Some(stopped) = stopped(observation) {
        return stopped;
    }
    let Ok(expected) = claim.expected.parse::<i32>() else {
        return Judgement::unverified("no exit code is named");
    };
    let fits = |run: &&Execution| run.end == End::Exited(expected);
    let total = observation.runs.len();
    let matched = observation.runs.iter().filter(fits).count();
    let shown = observation
        .runs
        .first()
        .map_or(String::new(), |run| match run.end {
            End::Exited(code) => format!("exit status {code}"),
            _ => ending(run),
        });
    match matched {
        _ if matched == total => Judgement::confirmed("", shown),
        0 if expected == 1 && claim.form != Form::Directive && !shown.ends_with(" 0") => {
            Judgement {
                observed: shown,
                ..Judgement::unverified(
                    "`go run` itself exits with 1 whatever the program's code is, and may be what is meant",
                )
            }
        }
        0 if claim.hedged => Judgement::unverified("said to be possible, and not seen"),
        0 => Judgement::refuted("", shown),
        _ => Judgement::unstable(format!("true in {matched} of {total} runs"), shown),
    }
}

/// Whether the output differs from run to run.
fn varies(claim: &Claim, observation: &Observation) -> Judgement {
    if let Some(stopped) = stopped(observation) {
        return stopped;
    }
    let transcripts = observation.transcripts();
    let total = transcripts.len();
    let mut different: Vec<&String> = transcripts.iter().collect();
    different.sort();
    different.dedup();
    let shown = transcripts
        .first()
        .map_or("", |text| text.trim_end())
        .to_owned();
    if different.len() > 1 {
        let reason = format!("{} different outputs in {total} runs", different.len());
        return if claim.negated {
            Judgement::refuted(reason, shown)
        } else {
            Judgement::confirmed(reason, shown)
        };
    }
    let can_vary = observation.may_vary();
    match (claim.negated, can_vary) {
        (true, false) => Judgement::confirmed("nothing in the program can make it differ", shown),
        (true, true) => Judgement::unverified(same_so_far(total)),
        // A comment in the program speaks of it; prose may speak of Go in general.
        (false, false) if claim.form != Form::Prose && !claim.hedged => {
            Judgement::refuted("nothing in the program can make it differ", shown)
        }
        (false, _) => Judgement {
            observed: shown,
            ..Judgement::unverified(same_so_far(total))
        },
    }
}

fn same_so_far(runs: usize) -> String {
    match runs {
        1 => "one run does not show whether it always is the same".to_owned(),
        _ => format!("the same in {runs} runs, which does not prove that it always is"),
    }
}

/// What comes before what (`a → b`), or how often something comes (`a × 3, b × 3`).
fn order(claim: &Claim, observation: &Observation) -> Judgement {
    let transcripts = observation.transcripts();
    let total = transcripts.len();
    let mut held = 0;
    for transcript in &transcripts {
        match holds(&claim.expected, transcript) {
            Some(true) => held += 1,
            Some(false) => {}
            None => {
                return Judgement {
                    observed: transcript.trim_end().to_owned(),
                    ..Judgement::unverified("the program does not print what the text speaks of")
                };
            }
        }
    }
    let shown = transcripts
        .first()
        .map_or("", |text| text.trim_end())
        .to_owned();
    match held {
        _ if held == total && total > 0 => Judgement::confirmed("", shown),
        0 if claim.hedged || total == 0 => {
            Judgement::unverified("said to be possible, and not seen")
        }
        // Another run might do it.
        0 if observation.may_vary() && !observation.is_stable() => Judgement {
            observed: shown,
            ..Judgement::unverified("what the program prints differs from run to run")
        },
        0 => stopped(observation).unwrap_or_else(|| Judgement::refuted("", shown)),
        _ if claim.hedged => Judgement::confirmed(format!("seen in {held} of {total} runs"), shown),
        _ => Judgement::unstable(format!("true in {held} of {total} runs"), shown),
    }
}

/// Whether a transcript keeps the order or the counts; `None` if it lacks what they speak of.
fn holds(expected: &str, transcript: &str) -> Option<bool> {
    if let Some((first, second)) = expected.split_once(" → ") {
        let (first, second) = (position(transcript, first)?, position(transcript, second)?);
        return Some(first < second);
    }
    let mut all = true;
    for part in expected.split(", ") {
        let (name, count) = part.split_once(" × ")?;
        let seen = match name.contains(char::is_whitespace) {
            true => transcript.matches(name).count(),
            false => words(transcript).filter(|word| *word == name).count(),
        };
        if seen == 0 && count != "0" {
            return None;
        }
        all &= count.parse() == Ok(seen);
    }
    Some(all)
}

/// Where a word or a whole line first stands.
fn position(transcript: &str, text: &str) -> Option<usize> {
    let line = transcript.lines().position(|line| line.trim() == text);
    let base = |line: usize| {
        transcript
            .split_inclusive('\n')
            .take(line)
            .map(str::len)
            .sum()
    };
    line.map(base).or_else(|| {
        let start = transcript.as_ptr() as usize;
        words(transcript)
            .find(|word| *word == text)
            .map(|word| word.as_ptr() as usize - start)
    })
}

fn words(transcript: &str) -> impl Iterator<Item = &str> {
    transcript
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | ')' | '[' | ']'))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_counts_are_those_of_words_and_lines() {
        assert_eq!(holds("2 → 1", "2\n1\n"), Some(true));
        assert_eq!(holds("2 → 1", "1\n2\n"), Some(false));
        assert_eq!(holds("2 → 1", "12\n"), None);
        assert_eq!(holds("a → b", "x: a, b\n"), Some(true));
        assert_eq!(holds("cat × 2, dog × 1", "cat\ndog\ncat\n"), Some(true));
        assert_eq!(holds("cat × 2", "cat\n"), Some(false));
        assert_eq!(holds("cat × 2", "dog\n"), None);
    }
}
