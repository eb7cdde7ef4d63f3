//! Verdicts: a claim and the observations, and whether it holds. One file per kind of claim.
//!
//! The rule above all others: what was not seen is not said. A claim is confirmed by what a program
//! of its block did, refuted when a program that the claim certainly speaks of did something else,
//! and otherwise unverified, with the reason.

pub mod compile;
pub mod crash;
mod digits;
pub mod edited;
mod nature;
mod order;
pub mod output;
mod partial;
pub mod race;
mod reach;
mod reading;
mod reason;
pub mod recipe;
pub mod spelled;
pub mod storage;
mod surroundings;
mod testing;
pub mod text;
pub mod valued;
mod vet;
pub mod whole;

use crate::claim::{Claim, Form, Kind, Subject};
use crate::observation::Observation;
use crate::program::Role;
pub use crate::report::Verdict;
use crate::snippet::probe::{Look, statement_on};

/// A verdict with what a reader needs to believe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub reason: String,
    /// What really happened, short.
    pub observed: String,
}

impl Judgement {
    /// The claim is true.
    pub fn confirmed(reason: impl Into<String>, observed: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Confirmed,
            reason: reason.into(),
            observed: observed.into(),
        }
    }

    /// The claim is false.
    pub fn refuted(reason: impl Into<String>, observed: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Refuted,
            reason: reason.into(),
            observed: observed.into(),
        }
    }

    /// The claim is true in some runs.
    pub fn unstable(reason: impl Into<String>, observed: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Unstable,
            reason: reason.into(),
            observed: observed.into(),
        }
    }

    /// The claim could not be decided.
    pub fn unverified(reason: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Unverified,
            reason: reason.into(),
            observed: String::new(),
        }
    }

    /// The same judgement, but never `refuted`: for what the claim may not certainly speak of.
    pub fn without_refutation(self, reason: &str) -> Self {
        if self.verdict == Verdict::Refuted {
            Self {
                verdict: Verdict::Unverified,
                reason: reason.to_owned(),
                observed: self.observed,
            }
        } else {
            self
        }
    }
}

/// What a claim's block came to.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// Everything observed of the block's programs.
    pub observations: &'a [Observation],
    /// Why the block gave no program that ran, in one sentence.
    pub obstacle: &'a str,
}

impl<'a> Case<'a> {
    /// The observations of programs with this role that ran.
    fn with_role(&self, role: Role) -> impl Iterator<Item = &'a Observation> + use<'a> {
        self.observations
            .iter()
            .filter(move |observation| observation.program.role == role && observation.ran())
    }

    /// Nothing ran that could decide the claim: why.
    fn unverified(&self) -> Judgement {
        Judgement::unverified(if self.obstacle.is_empty() {
            "no program of the block ran"
        } else {
            self.obstacle
        })
    }
}

/// The code that programs were run without because the note says that it does not compile, and that
/// compiles: what they did says nothing of the program as it stands.
fn left_out_in_vain(case: &Case) -> Option<String> {
    if case.claim.kind == Kind::CompileError {
        return None;
    }
    case.observations.iter().find_map(|observation| {
        let Role::Only(line) = observation.program.role else {
            return None;
        };
        let draft = &observation.program.draft;
        let syntax = &draft.snippet.syntax;
        let statement = statement_on(syntax, line)?;
        let restored = |plain: &Observation| {
            let syntax = &plain.program.draft.snippet.syntax;
            let there = statement_on(syntax, line).map(|it| syntax.of(it));
            plain.program.role == Role::Plain && there == Some(draft.snippet.syntax.of(statement))
        };
        let tried = observation.compiled
            && draft.covers(statement.start_byte())
            && !case.observations.iter().any(restored);
        tried.then(|| {
            syntax
                .of(statement)
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned()
        })
    })
}

/// Judge one claim.
pub fn judge(case: &Case) -> Judgement {
    let judgement = match case.claim.kind {
        _ if case.claim.subject == Subject::Tests => testing::judge(case),
        _ if case.claim.form == Form::Expectation => recipe::judge(case),
        Kind::Order if nature::is_relation(&case.claim.expected) => nature::judge(case),
        _ if matches!(case.claim.subject, Subject::Value(_)) => valued::judge(case),
        Kind::Order if case.claim.form == Form::Prose => order::judge(case),
        Kind::Stdout | Kind::Order => output::judge(case),
        Kind::Panic | Kind::Fatal | Kind::Deadlock | Kind::Blocks => crash::judge(case),
        Kind::CompileError => compile::judge(case),
        Kind::Escape | Kind::NoEscape | Kind::Heap | Kind::Stack => storage::judge(case),
        Kind::Race | Kind::NoRace => race::judge(case),
        Kind::Value | Kind::Type => valued::judge(case),
        Kind::Vet => vet::judge(case),
        Kind::Nondeterministic | Kind::Exit => nature::judge(case),
    };
    if let Some(code) = left_out_in_vain(case) {
        return Judgement::unverified(format!(
            "the block was run without `{code}`, which compiles although the note says that it does not; mend that first",
        ));
    }
    let open = judgement.verdict == Verdict::Refuted && surroundings::decide(case);
    if open {
        return judgement.without_refutation(
            "the program asks the clock or the machine, which tell others something else",
        );
    }
    let leaves_out = case
        .observations
        .iter()
        .any(|observation| observation.program.draft.snippet.leaves_out());
    if leaves_out {
        return judgement.without_refutation("something of the code is left out");
    }
    let of_test = |observation: &Observation| observation.program.draft.test_body.is_some();
    if case.observations.iter().any(of_test) {
        return judgement.without_refutation("the test that these statements are of is not shown");
    }
    let needs = case
        .observations
        .iter()
        .find_map(|observation| observation.program.draft.needs.as_ref());
    if let Some(needs) = needs {
        return judgement.without_refutation(&needs.to_string());
    }
    let own_call =
        matches!(&case.claim.subject, Subject::Value(glance) if glance.look == Look::Called);
    let given = !own_call
        && case
            .observations
            .iter()
            .any(|observation| !observation.program.draft.arguments.is_empty());
    if given {
        return judgement.without_refutation(
            "the values that the function is called with stand elsewhere in the note",
        );
    }
    let joins = case
        .observations
        .iter()
        .any(|observation| observation.program.draft.joins_packages());
    if joins {
        let names_types = judgement.observed.contains("main.");
        let reason = "the packages of the note are put into one here, which may do something else";
        return match names_types {
            true => Judgement::unverified(reason),
            false => judgement.without_refutation(reason),
        };
    }
    // A local variable that was carried in may have another value than in the author's program.
    let carries = case
        .observations
        .iter()
        .any(|observation| observation.program.draft.carries_values());
    if carries {
        judgement.without_refutation(
            "the block needs variables of an earlier block, whose values there may be different",
        )
    } else {
        judgement
    }
}
