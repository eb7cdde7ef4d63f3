//! Claims that there is a data race, or none: judged by what the race detector said.
//!
//! The detector reports races that happen, and it has no false alarms. So a report decides; silence in a few
//! runs supports "no race" and says nothing against "race".

use crate::claim::{Claim, Kind};
use crate::observation::Observation;
use crate::program::Role;
use crate::run::{Crash, Execution};

use super::{Case, Judgement};

/// Judge a claim about races.
pub fn judge(case: &Case) -> Judgement {
    let raced: Vec<&Observation> = case
        .observations
        .iter()
        .filter(|observation| observation.program.role == Role::Raced)
        .collect();
    let runs: Vec<&Execution> = raced
        .iter()
        .filter(|observation| observation.ran())
        .flat_map(|observation| &observation.runs)
        .collect();
    if runs.is_empty() {
        return Judgement::unverified(why_not(case, &raced));
    }
    decide(case.claim, &runs)
}

/// What the runs say of the claim.
fn decide(claim: &Claim, runs: &[&Execution]) -> Judgement {
    let total = runs.len();
    let reports: Vec<&str> = runs
        .iter()
        .filter_map(|run| run.crash.as_ref())
        .filter(|crash| crash.has_race())
        .map(first_race)
        .collect();
    let seen = format!("seen in {} of {total} runs", reports.len());
    let claims_race = (claim.kind == Kind::Race) != claim.negated;
    match (reports.first(), claims_race) {
        (Some(report), true) => Judgement::confirmed(seen, *report),
        (Some(report), false) => Judgement::refuted(seen, *report),
        (None, false) => Judgement::confirmed(
            format!("the race detector saw none in {total} runs"),
            "no data race",
        ),
        (None, true) => Judgement::unverified(format!(
            "the race detector saw none in {total} runs, which does not prove that there is none"
        )),
    }
}

/// What happened where, as the report's first access says.
fn first_race(crash: &Crash) -> &str {
    let from = crash.report.find("WARNING: DATA RACE").unwrap_or(0);
    crash.report[from..]
        .split("\n\n")
        .next()
        .unwrap_or_default()
}

/// Why nothing ran under the detector.
fn why_not(case: &Case, raced: &[&Observation]) -> String {
    let failure = raced
        .iter()
        .find_map(|observation| observation.failure.clone());
    match failure {
        Some(failure) => format!("the race detector cannot be used here: {failure}"),
        None if !case.obstacle.is_empty() => case.obstacle.to_owned(),
        None => "no program of the block starts goroutines that the race detector could watch"
            .to_owned(),
    }
}
