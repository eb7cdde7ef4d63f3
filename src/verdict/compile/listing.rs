//! What is said of a whole block: that it does not compile, or a listing of what the compiler says of it.

use crate::claim::Form;
use crate::observation::Observation;
use crate::program::Role;

use super::super::{Case, Judgement};
use super::{is_positioned, same_message, without_comments};

/// What the compiler said, message by message.
fn messages(observation: &Observation) -> Vec<&str> {
    let complaints = observation.complaints.iter();
    complaints
        .map(|complaint| complaint.diagnostic.message.as_str())
        .collect()
}

/// Whether each of these lines is one of the compiler's messages.
fn are_said(lines: &[&str], case: &Case, observation: &Observation) -> bool {
    let code = without_comments(case.claim, observation);
    let messages = messages(observation);
    let said = |line: &&str| messages.iter().any(|it| same_message(line, it, &code));
    !lines.is_empty() && lines.iter().all(said)
}

/// The lines of a claim that are a compiler's.
fn positioned<'c>(case: &'c Case) -> Vec<&'c str> {
    let lines = case.claim.expected.lines();
    lines.filter(|line| is_positioned(line)).collect()
}

/// A listing of what the compiler says where the note has come to, before it shows what is missing.
fn at_this_point(case: &Case) -> Option<Judgement> {
    let lines = positioned(case);
    let mut early = case
        .observations
        .iter()
        .filter(|it| it.program.role == Role::Early && !it.compiled && it.failure.is_none());
    let observation = early.find(|it| are_said(&lines, case, it))?;
    let shown = messages(observation).join("\n");
    Some(Judgement::confirmed(
        "with what the note has shown so far",
        shown,
    ))
}

/// The compiler complains of the block: of something that is not just left out?
fn at_all(observation: &Observation) -> Judgement {
    let own = observation.complaints.iter().find(|complaint| {
        let message = &complaint.diagnostic.message;
        complaint.line.is_some()
            && !message.starts_with("could not import")
            && !observation
                .missing
                .iter()
                .any(|name| message.contains(name.as_str()))
    });
    match own {
        Some(complaint) => Judgement::confirmed("", complaint.diagnostic.message.clone()),
        None => {
            Judgement::unverified("it does not compile, but only for what the note does not show")
        }
    }
}

/// Whether the block compiles only with things that it does not have itself.
fn needs_more(case: &Case) -> bool {
    case.observations.iter().any(|observation| {
        let draft = &observation.program.draft;
        !observation.missing.is_empty() || draft.is_compiled_only() || draft.carries_values()
    })
}

/// Whether nothing but a package clause and imports was added to a block that has a `main` of its own.
fn is_only_headed(observation: &Observation) -> bool {
    let draft = &observation.program.draft;
    draft.has_main()
        && draft.edits.is_empty()
        && draft.carried.is_empty()
        && draft.body.is_empty()
        && draft.imports.is_empty()
}

/// A compiler's listing after the block: each of its messages must be one of the compiler's.
pub(super) fn judge(case: &Case) -> Judgement {
    if let Some(judged) = at_this_point(case) {
        return judged;
    }
    let of_role = |role: Role| {
        let of_role = move |it: &&Observation| it.program.role == role;
        case.observations.iter().filter(of_role)
    };
    // Where lines are left out of the plain program, because the note says that they don't compile, it fails
    // perhaps for the lack of them.
    let role = match of_role(Role::AsWritten).next() {
        Some(_) => Role::AsWritten,
        None => Role::Plain,
    };
    let Some(observation) = of_role(role).find(|observation| !observation.compiled) else {
        let compiled = of_role(role).next().is_some();
        // Line by line the wrapper may have repaired what a fragment's author meant to show.
        return if compiled
            && case
                .observations
                .iter()
                .all(|it| it.program.draft.is_complete())
        {
            Judgement::refuted("", "it compiles")
        } else if compiled
            && !needs_more(case)
            && (case.claim.negated || of_role(role).all(is_only_headed))
        {
            // A package clause and imports are left out of every fragment.
            Judgement::refuted("", "it compiles")
        } else if compiled {
            Judgement::unverified("the block compiles when it is completed")
        } else {
            Judgement::unverified(case.obstacle)
        };
    };
    if case.claim.expected.is_empty() {
        return at_all(observation);
    }
    let mut expected = positioned(case);
    // A listing has more lines than the compiler's own; a directive, a quotation and the words alone are nothing but the
    // message.
    if expected.is_empty()
        && matches!(
            case.claim.form,
            Form::Directive | Form::Prose | Form::OutputBlock
        )
    {
        let lines = case.claim.expected.lines();
        expected = lines.filter(|line| !line.trim().is_empty()).collect();
    }
    let shown = messages(observation).join("\n");
    if are_said(&expected, case, observation) {
        Judgement::confirmed("", shown)
    } else {
        Judgement {
            observed: shown,
            ..Judgement::unverified("it does not compile, but the compiler gives other reasons")
        }
    }
}
