//! Claims about what `go vet` reports, judged by running it on the plain program.

use crate::claim::{Claim, Form, Subject};
use crate::observation::Observation;
use crate::program::Role;

use super::{Case, Judgement, recipe};

/// Judge a claim about `go vet`.
pub fn judge(case: &Case) -> Judgement {
    let vetted: Vec<(&Observation, Vec<Reported>)> = case
        .observations
        .iter()
        .filter(|observation| observation.program.role == Role::Vetted)
        .filter_map(|observation| reports(observation).map(|reports| (observation, reports)))
        .collect();
    if vetted.is_empty() {
        return why_not(case);
    }
    let code = vetted[0].0.program.draft.snippet.code().to_owned();
    let mut all: Vec<Reported> = vetted
        .into_iter()
        .flat_map(|(_, reports)| reports)
        .collect();
    if let Subject::Line(line) = case.claim.subject {
        all.retain(|report| report.line == Some(line));
    }
    decide(case.claim, &all, &code)
}

/// One thing that vet reported.
struct Reported {
    line: Option<usize>,
    message: String,
}

fn reports(observation: &Observation) -> Option<Vec<Reported>> {
    let inspected = observation.inspected.as_ref()?;
    let messages = inspected.messages.iter();
    Some(
        messages
            .map(|message| Reported {
                line: observation.code_line(message.line),
                message: message.message.clone(),
            })
            .collect(),
    )
}

fn decide(claim: &Claim, reports: &[Reported], code: &str) -> Judgement {
    let shown = reports
        .iter()
        .map(|report| report.message.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    let line = match claim.subject {
        Subject::Line(line) => line,
        _ => 0,
    };
    // A listing: each of its messages must be one of vet's.
    let listed: Vec<&str> = claim
        .expected
        .lines()
        .filter(|message| super::compile::is_positioned(message))
        .collect();
    let mut fits = claim.expected.is_empty() && !reports.is_empty()
        || !listed.is_empty()
            && listed.iter().all(|message| {
                let mut reports = reports.iter();
                reports.any(|report| super::compile::same_message(message, &report.message, code))
            });
    for report in reports
        .iter()
        .filter(|_| !claim.expected.is_empty() && listed.is_empty())
    {
        fits |= if claim.form == Form::Expectation {
            match recipe::matches(claim, line, &report.message) {
                Ok(matched) => matched,
                Err(error) => return Judgement::unverified(error),
            }
        } else {
            super::compile::same_message(&claim.expected, &report.message, code)
        };
    }
    match (fits, claim.negated) {
        (true, false) => Judgement::confirmed("", shown),
        (true, true) => Judgement::refuted("", shown),
        (false, true) if reports.is_empty() => Judgement::confirmed("", "go vet reports nothing"),
        // `// want` is every analyser's; go vet has some of them only.
        (false, false) if claim.form == Form::Expectation => Judgement {
            observed: shown,
            ..Judgement::unverified(
                "go vet does not report this; the comment may be meant for another analyser",
            )
        },
        (false, false) if reports.is_empty() && claim.hedged => {
            Judgement::unverified("said to be possible, and go vet reports nothing")
        }
        (false, false) if reports.is_empty() && claim.form == Form::Prose => Judgement {
            observed: "go vet reports nothing".to_owned(),
            ..Judgement::unverified("go vet reports nothing; the prose may speak of other code")
        },
        (false, false) if reports.is_empty() => Judgement::refuted("", "go vet reports nothing"),
        (false, _) => Judgement {
            observed: shown,
            ..Judgement::unverified("go vet reports something else")
        },
    }
}

/// Why vet did not look at anything.
fn why_not(case: &Case) -> Judgement {
    let failure = case
        .observations
        .iter()
        .filter(|observation| observation.program.role == Role::Vetted)
        .find_map(|observation| observation.failure.clone());
    match failure {
        Some(failure) => Judgement::unverified(format!("go vet cannot be used here: {failure}")),
        None => case.unverified(),
    }
}
