//! What became of a block: one status for all of its programs, the reason, and what is missing.

use crate::build::INTERRUPTED;
use crate::claim::recipe::Action;
use crate::claim::{Claim, Form, Kind};
use crate::history::{self, features::Needed};
use crate::observation::Observation;
use crate::program::Role;
use crate::report::{Shape, Status};
use crate::snippet::ItemKind;
use crate::snippet::needs::Need;
use crate::snippet::repair::missing_package;

use super::reading::NoteRead;
use super::{findings, fitting, outside};

/// What became of a block's plain programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The status.
    pub status: Status,
    /// Why it is not `ran`.
    pub reason: String,
    /// Names and modules that nothing provides.
    pub missing: Vec<String>,
}

impl Outcome {
    pub(super) fn new(status: Status, reason: impl Into<String>) -> Self {
        Self {
            status,
            reason: reason.into(),
            missing: Vec::new(),
        }
    }
}

/// A program that needs a newer Go than the one that is here.
fn too_old(needed: &Needed, observation: &Observation) -> Outcome {
    let language = observation.language;
    let why = match needed.what.as_str() {
        "" => String::new(),
        what => format!(" ({what})"),
    };
    let reason = format!(
        "it needs Go 1.{}{why}, and this is Go {language}",
        needed.since
    );
    Outcome::new(Status::Declined, reason)
}

/// The outcome of a Go block.
pub fn of(read: &NoteRead, block: usize, observations: &[Observation]) -> Outcome {
    let essential = |it: &&Observation| matches!(it.program.role, Role::Plain | Role::Checked);
    let mut essential = observations.iter().filter(essential);
    if essential.any(Observation::is_interrupted) {
        return Outcome::new(Status::Declined, INTERRUPTED);
    }
    if let Some(outcome) = of_recipe(read, block, observations) {
        return outcome;
    }
    let plain: Vec<&Observation> = observations
        .iter()
        .filter(|observation| observation.program.role == Role::Plain)
        .collect();
    // Of a block that fails by itself but runs with one of its lines on or off, something ran.
    if plain.iter().any(|observation| observation.ran()) {
        let lacked = plain.iter().find_map(|it| outside::lacked(it));
        return match lacked.filter(|_| !speaks_of_failure(read, block)) {
            Some(reason) => Outcome::new(Status::Declined, reason),
            None => Outcome::new(Status::Ran, not_all(&plain)),
        };
    }
    // What fails as Go, and is read as the output of the block before it, is that.
    let span = &read.note.blocks[block].span;
    let is_output = |claim: &&Claim| claim.form == Form::OutputBlock && claim.span == *span;
    if !plain.iter().any(|it| it.compiled) && read.claims.iter().any(|it| is_output(&it)) {
        return Outcome::new(Status::NotGo, "it is the output of the block before it");
    }
    if let Some(reason) = plain.iter().find_map(|it| not_started(it)) {
        return Outcome::new(Status::Declined, reason);
    }
    if let Some(failure) = plain
        .iter()
        .find_map(|observation| observation.failure.clone())
    {
        return Outcome::new(Status::Declined, failure);
    }
    let needs = plain.iter().find_map(|it| it.program.draft.needs.as_ref());
    if let Some(compiled) = plain.iter().find(|observation| observation.compiled) {
        if let Some(reason) = outside::declines(compiled) {
            return Outcome::new(Status::Declined, reason);
        }
        if let Some(needs) = &compiled.program.draft.needs
            && compiled.program.draft.stand_ins.is_empty()
            && !compiled.program.draft.left_out
        {
            return Outcome::new(Status::Declined, needs.to_string());
        }
        if let Some(name) = &compiled.program.draft.assembled {
            let reason = format!("`{name}` stands in assembly, which is not built here");
            return Outcome::new(Status::Declined, reason);
        }
        let stand_ins = &compiled.program.draft.stand_ins;
        if !stand_ins.is_empty() && !compiled.program.draft.left_out {
            let names: Vec<&str> = stand_ins.names().collect();
            if let Some(needed) = history::needed_package(compiled, &names) {
                return too_old(&needed, compiled);
            }
            let nothing = match compiled.program.draft.has_refused(&names) {
                true => "nothing that fits here declares",
                false => "nothing declares",
            };
            let outcome = Outcome::new(
                Status::Compiled,
                format!(
                    "{nothing} `{}`; with stand-ins it type-checks, and it is not run",
                    names.join("`, `")
                ),
            );
            return Outcome {
                missing: names.into_iter().map(str::to_owned).collect(),
                ..outcome
            };
        }
        let draft = &compiled.program.draft;
        let names = draft.of_unknown_value();
        if !names.is_empty() {
            let (stand, their) = match names.len() {
                1 => ("stands", "its type"),
                _ => ("stand", "their types"),
            };
            let reason = format!(
                "`{}` {stand} elsewhere in the note and may hold anything; with {their} it type-checks, and it is not run",
                names.join("`, `")
            );
            return Outcome::new(Status::Compiled, reason);
        }
        let reason = if draft.left_out || draft.of_elided {
            "something is left out, so it is compiled and not run"
        } else if draft.executes() {
            "it was not run"
        } else if draft.snippet.items.is_empty() {
            "there is nothing to run: it holds only comments"
        } else {
            "there is nothing to run: no function without parameters, and no statements"
        };
        return Outcome::new(Status::Compiled, reason);
    }
    if let Some(needs @ (Need::Platform(_) | Need::Files(_))) = needs {
        return Outcome::new(Status::Declined, needs.to_string());
    }
    if uses_cgo(read, block, observations) {
        return Outcome::new(Status::Declined, "it needs cgo");
    }
    if plain
        .iter()
        .any(|observation| needs_other_tools(observation))
    {
        return Outcome::new(
            Status::Declined,
            "it declares functions without bodies, which stand in assembly or elsewhere",
        );
    }
    let Some(observation) = plain.first() else {
        return Outcome::new(
            Status::Compiled,
            "there is nothing to run: it holds only comments",
        );
    };
    let declared = |name: &String| {
        let items = &read.snippets[block].items;
        items.iter().any(|item| item.names.contains(name))
    };
    if !observation.missing.is_empty() && observation.missing.iter().all(declared) {
        // The lines that declare them are those the note says do not compile.
        return Outcome::new(Status::Broken, "it does not compile, as its note says");
    }
    if let Some(needed) = history::needed(observation) {
        return too_old(&needed, observation);
    }
    if read.context.is_quote(block) {
        return Outcome {
            missing: observation.missing.clone(),
            ..Outcome::new(Status::Declined, "it quotes the source of Go itself")
        };
    }
    failure(read, block, observation)
}

/// The outcome of a block that is not run, since its recipe says what is to be done with it.
fn of_recipe(read: &NoteRead, block: usize, observations: &[Observation]) -> Option<Outcome> {
    if let Action::Declined(reason) = &read.recipes[block].as_ref()?.action {
        return Some(Outcome::new(Status::Declined, reason.as_str()));
    }
    let checked = observations
        .iter()
        .find(|observation| observation.program.role == Role::Checked)?;
    Some(match (&checked.inspected, &checked.failure) {
        (Some(inspected), _) if inspected.accepted => Outcome::new(
            Status::Compiled,
            "it is compiled and not run, as its recipe has it",
        ),
        (Some(inspected), _) => Outcome::new(
            Status::Broken,
            match inspected.messages.first() {
                Some(first) => format!("{}:{}: {}", first.line, first.column, first.message),
                None => "it does not compile".to_owned(),
            },
        ),
        (None, Some(failure)) => Outcome::new(Status::Declined, failure.as_str()),
        (None, None) => Outcome::new(Status::Declined, "it was not compiled"),
    })
}

fn not_all(plain: &[&Observation]) -> String {
    match plain.iter().find(|observation| !observation.compiled) {
        Some(other) => format!(
            "one of its {} programs does not compile: {}",
            plain.len(),
            other
                .complaints
                .first()
                .map_or("", |complaint| complaint.diagnostic.message.as_str())
        ),
        None if plain.iter().any(|it| findings::serves(it)) => {
            "it is a server: it was run until it waited for requests".to_owned()
        }
        None if plain.iter().any(|it| findings::waits_in_a_module(it)) => {
            "it waits in what it imports, maybe for requests: it was run until then".to_owned()
        }
        None => String::new(),
    }
}

/// Whether the note says that the block's program fails: then failing is what its author saw.
fn speaks_of_failure(read: &NoteRead, block: usize) -> bool {
    read.claims_of(block).any(|claim| {
        matches!(claim.kind, Kind::Panic | Kind::Fatal | Kind::Exit) && !claim.negated
            || claim.expected.contains("no such file")
    })
}

fn not_started(observation: &Observation) -> Option<String> {
    observation.runs.iter().find_map(|run| match &run.end {
        crate::run::End::NotStarted(reason) => Some(reason.clone()),
        _ => None,
    })
}

/// Whether all that is wrong is what cgo or an assembler would provide.
pub fn needs_other_tools(observation: &Observation) -> bool {
    !observation.complaints.is_empty()
        && observation.complaints.iter().all(|complaint| {
            let message = &complaint.diagnostic.message;
            message == "missing function body" || message.starts_with("import \"C\"")
        })
}

/// Whether a block needs cgo: it imports `C`, or lacks what only cgo provides.
pub(super) fn uses_cgo(read: &NoteRead, block: usize, observations: &[Observation]) -> bool {
    const GENERATED: [&str; 4] = ["_Ctype_", "_Cfunc_", "_cgo_", "_Cgo_"];
    let of_cgo =
        |name: &String| name == "C" || GENERATED.iter().any(|prefix| name.starts_with(prefix));
    let lacks = |observation: &Observation| observation.missing.iter().any(of_cgo);
    if observations.iter().any(lacks) {
        return true;
    }
    read.snippets[block].items.iter().any(|item| {
        matches!(&item.kind, ItemKind::Import(paths) if paths.iter().any(|path| path == "C"))
    })
}

/// Why a block's program does not compile.
fn failure(read: &NoteRead, block: usize, observation: &Observation) -> Outcome {
    let others: Vec<_> = observation
        .complaints
        .iter()
        .filter(|complaint| !is_missing(&complaint.diagnostic.message, &observation.missing))
        .collect();
    // Without a module everything that comes from it is unknown too: other errors follow from that.
    let lacks_module = observation.missing.iter().any(|name| name.contains('/'));
    let unfit = fitting::unfit(&read.context, &others, &observation.program.draft);
    if !lacks_module && !unfit.is_empty() {
        let nearest = fitting::nearest(&read.note, observation);
        let reason = format!(
            "what the note declares as `{}` does not fit here{}",
            unfit.join("`, `"),
            nearest.map_or_else(String::new, |nearest| format!(" ({nearest})"))
        );
        return Outcome {
            missing: observation.missing.iter().chain(&unfit).cloned().collect(),
            ..Outcome::new(Status::Incomplete, reason)
        };
    }
    match others.first().filter(|_| !lacks_module) {
        None if !observation.missing.is_empty() => Outcome {
            missing: observation.missing.clone(),
            ..Outcome::new(Status::Incomplete, what_is_missing(read, observation))
        },
        Some(complaint) => {
            let place = complaint.place.map_or_else(String::new, |place| {
                let Some(block) = read.note.blocks.get(place.block) else {
                    return String::new();
                };
                let position = read.note.position(block.code.note_offset(place.offset));
                format!("{}:{}: ", position.line, position.column)
            });
            let what = if read.snippets[block].shape == Shape::Pseudo {
                "not Go as written: "
            } else {
                ""
            };
            Outcome {
                missing: observation.missing.clone(),
                ..Outcome::new(
                    Status::Broken,
                    format!("{place}{what}{}", complaint.diagnostic.message),
                )
            }
        }
        None => Outcome::new(Status::Broken, "it does not compile"),
    }
}

/// What would make a block complete: the modules it lacks, with what to do; or else names.
fn what_is_missing(read: &NoteRead, observation: &Observation) -> String {
    let complaints = observation.complaints.iter();
    let messages = complaints.map(|complaint| complaint.diagnostic.message.as_str());
    let mut modules: Vec<&str> = messages
        .filter(|message| missing_package(message).is_some())
        .collect();
    modules.dedup();
    if !modules.is_empty() {
        return modules.join("; ");
    }
    let missing = observation.missing.iter().map(String::as_str);
    let (unfit, unknown): (Vec<&str>, Vec<&str>) =
        missing.partition(|name| read.context.declares(name));
    let mut reasons = Vec::new();
    if !unknown.is_empty() || unfit.is_empty() {
        reasons.push(format!("nothing declares `{}`", unknown.join("`, `")));
    }
    if !unfit.is_empty() {
        let names = unfit.join("`, `");
        reasons.push(format!(
            "what the note declares as `{names}` does not fit here"
        ));
    }
    reasons.join("; ")
}

/// Whether a complaint is only about a missing name or module, or follows from one.
fn is_missing(message: &str, missing: &[String]) -> bool {
    missing.iter().any(|name| {
        message == format!("undefined: {name}")
            || message.starts_with(&format!("undefined array length {name} "))
            || message == format!("{name} (built-in) must be called")
            || missing_package(message) == Some(name)
    })
}

/// Why no claim about the block's runs can be decided; empty if something ran.
pub fn obstacle(read: &NoteRead, block: usize, observations: &[Observation]) -> String {
    let outcome = of(read, block, observations);
    match outcome.status {
        Status::Ran => String::new(),
        Status::Incomplete => outcome.reason,
        Status::Broken => format!("the block does not compile: {}", outcome.reason),
        Status::Compiled => format!("the block did not run: {}", outcome.reason),
        _ => format!("the block was not run: {}", outcome.reason),
    }
}
