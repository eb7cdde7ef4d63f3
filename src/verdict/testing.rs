//! Claims about what `go test` says.
//!
//! A listing shows results by name, messages, and whether all passed; times, paths and line numbers are of
//! another machine and another file. A note may show what an earlier version of the code did, so a listing is
//! refuted only where there is but one version of everything the tests need.

use crate::claim::Confidence;
use crate::claim::testing::Listing;
use crate::observation::Observation;
use crate::program::Role;
use crate::snippet::testing::Tests;

use super::{Case, Judgement, Verdict, text};

/// Judge a listing by the block's tests.
pub(super) fn judge(case: &Case) -> Judgement {
    let claimed = Listing::read(&case.claim.expected);
    if claimed.figures {
        return Judgement::unverified(
            "figures of benchmarks and of coverage depend on the machine and on flags",
        );
    }
    let judged: Vec<Judgement> = case
        .with_role(Role::Plain)
        .chain(case.with_role(Role::Tested))
        .filter(|observation| observation.program.draft.tests.is_some())
        .map(|observation| of_program(case, &claimed, observation))
        .collect();
    let best = |verdict| judged.iter().find(|judgement| judgement.verdict == verdict);
    best(Verdict::Confirmed)
        .or_else(|| best(Verdict::Unstable))
        .or_else(|| judged.first().filter(|_| judged.len() == 1))
        .cloned()
        .unwrap_or_else(|| match judged.first() {
            Some(first) => first
                .clone()
                .without_refutation("the block gives several programs with tests"),
            None => Judgement::unverified(obstacle(case)),
        })
}

/// Why no test ran that the listing may show.
fn obstacle(case: &Case) -> String {
    let tests = case
        .observations
        .iter()
        .find(|observation| observation.program.draft.tests.is_some());
    match tests {
        Some(tests) if !tests.missing.is_empty() => format!(
            "the tests near the block don't compile with it: nothing declares `{}`",
            tests.missing.join("`, `")
        ),
        Some(tests) if !tests.program.draft.stand_ins.is_empty() => format!(
            "the tests near the block were not run: nothing declares `{}`",
            tests
                .program
                .draft
                .stand_ins
                .names()
                .collect::<Vec<_>>()
                .join("`, `")
        ),
        Some(tests) => tests.complaints.first().map_or_else(
            || case.obstacle.to_owned(),
            |complaint| {
                format!(
                    "the tests near the block don't compile with it: {}",
                    complaint.diagnostic.message
                )
            },
        ),
        None => {
            "neither the block nor one near it has the tests that this listing shows".to_owned()
        }
    }
}

fn of_program(case: &Case, claimed: &Listing, observation: &Observation) -> Judgement {
    let draft = &observation.program.draft;
    // What the function is called that the note left out, the listing says.
    let given = draft.tests.as_ref().and_then(Tests::given_name);
    let only = claimed.only_function();
    let transcripts = observation.transcripts();
    let seen: Vec<Listing> = transcripts
        .iter()
        .map(|text| match (given, only) {
            (Some(given), Some(only)) => Listing::read(&text.replace(given, only)),
            _ => Listing::read(text),
        })
        .collect();
    let shown = transcripts
        .first()
        .map_or("", |text| text.trim_end())
        .to_owned();
    let Some(first) = seen.first() else {
        return case.unverified();
    };
    let undecided = |reason: String| Judgement {
        observed: shown.clone(),
        ..Judgement::unverified(reason)
    };
    let runs = |name: &str| {
        let tests = draft.tests.as_ref();
        given.is_some() && only.is_some() || tests.is_some_and(|tests| tests.runs(name))
    };
    let mut functions = claimed.functions();
    if let Some(name) = functions.find(|name| !runs(name)) {
        return undecided(format!(
            "the listing shows `{name}`, which is no test of this block"
        ));
    }
    if seen.iter().any(|other| other != first) {
        return undecided("what the tests say differs from run to run".to_owned());
    }
    if claimed.results.is_empty() && first.results.is_empty() {
        return undecided("no test ran, and the listing names none".to_owned());
    }
    match difference(claimed, first) {
        None if claimed.lines.iter().all(|line| first.lines.contains(line)) => {
            Judgement::confirmed("apart from times, paths and line numbers", shown)
        }
        None => Judgement::confirmed("apart from quotes, times, paths and line numbers", shown),
        Some(Difference::Less(reason)) => undecided(reason),
        Some(Difference::Other(reason)) => {
            let later = |block| block > draft.snippet.block;
            let certain = !draft.one_of_several
                && given.is_none()
                && !draft.carried.iter().any(|carried| later(carried.block))
                && !draft.carries_values()
                && observation.program.role == Role::Plain
                && case.claim.confidence == Confidence::Certain
                && !case.claim.hedged
                && !text::has_address(&shown);
            if certain {
                Judgement::refuted(reason, shown)
            } else {
                undecided(format!(
                    "{reason}; the note may show what another version of the code did"
                ))
            }
        }
    }
}

/// How a listing and what was seen differ.
enum Difference {
    /// The listing leaves something out.
    Less(String),
    /// It says something else.
    Other(String),
}

fn difference(claimed: &Listing, seen: &Listing) -> Option<Difference> {
    for (name, result) in &claimed.results {
        match seen.results.get(name) {
            Some(other) if other == result => {}
            Some(other) => {
                return Some(Difference::Other(format!(
                    "`{name}`: {other}, not {result}"
                )));
            }
            None => return Some(Difference::Less(format!("there was no `{name}`"))),
        }
    }
    // Where a part fails, the whole does.
    let implies = |(part, result): (&String, &String), name: &str| {
        let rest = part.strip_prefix(name);
        result == "FAIL" && rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let claims = |name: &String| {
        let mut results = claimed.results.iter();
        claimed.results.contains_key(name) || results.any(|it| implies(it, name))
    };
    if let Some((name, _)) = seen
        .results
        .iter()
        .find(|(name, result)| *result == "FAIL" && !claims(name))
        && (claimed.passed == Some(true) || !claimed.results.is_empty())
    {
        return Some(Difference::Other(format!("`{name}` fails")));
    }
    if claimed.passed.is_some() && seen.passed.is_some() && claimed.passed != seen.passed {
        return Some(Difference::Other("another result of the whole".to_owned()));
    }
    let mut rest = seen.lines.iter();
    if let Some(line) = claimed
        .lines
        .iter()
        .find(|line| !rest.any(|seen| are_alike(seen, line)))
    {
        return Some(Difference::Other(format!("no test says {line:?}")));
    }
    let whole = claimed.verbose || claimed.passed == Some(false);
    (whole && claimed.lines.len() < seen.lines.len())
        .then(|| Difference::Less("the tests say more than the listing shows".to_owned()))
}

/// Whether two messages are the same but for the kind of their quotes: what is `%q` in the code was `'%s'` when the note
/// was written.
fn are_alike(one: &str, other: &str) -> bool {
    one.replace('\'', "\"") == other.replace('\'', "\"")
}
