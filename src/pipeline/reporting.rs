//! Everything that was read, observed and judged, as one [`Report`].

use std::time::Duration;

use crate::claim::Kind;
use crate::claim::recipe::Action;
use crate::history::{self, features::Needed};
use crate::observation::{Observation, transcript};
use crate::program::Role;
use crate::report::{
    Aside, BlockReport, Carried, ClaimReport, NoteText, ProgramText, Report, SCHEMA, Shape, Status,
    Summary, Tool, Tried, Verdict, find_shared,
};
use crate::settings::{Format, Settings};
use crate::snippet::needs::Need;
use crate::snippet::repair::missing_package;
use crate::snippet::{Draft, ItemKind};
use crate::verdict::Judgement;
use crate::verdict::crash::ending;

use super::judging::Judged;
use super::matrix::Trial;
use super::reading::{NoteRead, Reading};
use super::{Work, asked, coverage, findings, outside, plan};

/// Put the report together.
pub fn report(
    settings: &Settings,
    reading: &Reading,
    trials: &[Trial],
    verdicts: &[Judged],
    elapsed: Duration,
) -> Option<Report> {
    let Trial { engine, work } = trials.last()?;
    let mut blocks = Vec::new();
    for (note, read) in reading.notes.iter().enumerate() {
        for block in 0..read.note.blocks.len() {
            blocks.push(block_report(settings, read, block, work.of(note, block)));
        }
    }
    let mut claims: Vec<ClaimReport> = verdicts
        .iter()
        .map(|judged| claim_report(&reading.notes[judged.note], judged))
        .collect();
    find_shared(&mut claims);
    let mut found = reading.problems.clone();
    found.extend(findings::find(reading, work, engine.contains()));
    let coverage = match settings.report.coverage {
        true => coverage::of(reading, verdicts),
        false => Vec::new(),
    };
    let counts = engine.counts();
    let mut summary = summarise(reading.notes.len(), &blocks, &claims);
    summary.merged = counts.merged;
    summary.not_merged = counts.not_merged;
    summary.replayed = counts.replayed;
    summary.seconds = elapsed.as_secs_f64();
    Some(Report {
        schema: SCHEMA,
        tool: Tool::this(),
        go: trials.iter().rev().map(|trial| trial.engine.go()).collect(),
        sandbox: engine.sandbox(),
        blocks,
        claims,
        findings: found,
        coverage,
        summary,
        notes: note_texts(settings, reading, work),
    })
}

/// The notes and their programs as text, if a report shows them.
fn note_texts(settings: &Settings, reading: &Reading, work: &Work) -> Vec<NoteText> {
    let shown = settings
        .report
        .outputs
        .iter()
        .any(|output| output.format == Format::Html);
    if !shown {
        return Vec::new();
    }
    let programs = |note: usize, read: &NoteRead| {
        let of_block = |block: usize| {
            let id = &read.note.blocks[block].id;
            work.of(note, block)
                .iter()
                .filter_map(|it| program_text(id, it))
        };
        (0..read.note.blocks.len()).flat_map(of_block).collect()
    };
    let notes = reading.notes.iter().enumerate();
    notes
        .map(|(at, read)| NoteText {
            note: read.note.path.to_string(),
            text: read.note.text.clone(),
            programs: programs(at, read),
        })
        .collect()
}

/// A program that is of use to a reader; those with probes are long, alike, and not for running.
fn program_text(block: &str, observation: &Observation) -> Option<ProgramText> {
    let role = match observation.program.role {
        Role::Plain => "as a reader would run it".to_owned(),
        Role::AsWritten => "with every line, for the compiler".to_owned(),
        Role::WhatIf(line) => format!("with line {} of the block switched on", line + 1),
        Role::Only(line) => format!("with line {} of the block, for the compiler", line + 1),
        Role::Raced => "with the race detector".to_owned(),
        Role::Apart => "with stdout and stderr apart".to_owned(),
        Role::Tested => "with the tests of another block".to_owned(),
        Role::Checked | Role::Vetted | Role::Probed | Role::Valued | Role::Beyond => return None,
    };
    let run = observation.runs.first();
    Some(ProgramText {
        block: block.to_owned(),
        role,
        source: observation
            .program
            .draft
            .stand_ins
            .readable(&observation.program.source.text),
        ending: match (run, observation.complaints.first()) {
            (Some(run), _) => ending(run),
            (None, Some(complaint)) => complaint.diagnostic.message.clone(),
            (None, None) => String::new(),
        },
        output: run.map_or_else(String::new, transcript),
    })
}

fn block_report(
    settings: &Settings,
    read: &NoteRead,
    block: usize,
    observations: &[Observation],
) -> BlockReport {
    let found = &read.note.blocks[block];
    let snippet = &read.snippets[block];
    let outcome = match plan::skipped(settings, read, block) {
        _ if snippet.shape == Shape::NotGo => Outcome::new(Status::NotGo, ""),
        Some(reason) => Outcome::new(Status::Skipped, reason),
        None => outcome(read, block, observations),
    };
    let drafts = observations
        .iter()
        .filter(|observation| observation.program.role == Role::Plain)
        .map(|observation| &observation.program.draft);
    let mut carried: Vec<Carried> = drafts.flat_map(|draft| carried(read, draft)).collect();
    carried.sort();
    carried.dedup();
    let ran: Vec<&Observation> = observations.iter().filter(|it| it.ran()).collect();
    let shown_for_it =
        outcome.status == Status::Broken && asked::is_shown_for_it(read, block, observations);
    BlockReport {
        id: found.id.clone(),
        note: read.note.path.to_string(),
        line: found.line,
        end_line: found.end_line,
        info: found.info.clone(),
        origin: found.origin,
        shape: snippet.shape,
        status: outcome.status,
        reason: outcome.reason,
        missing: outcome.missing,
        programs: observations.len() as u32,
        merged: !ran.is_empty() && ran.iter().all(|it| it.merged),
        cached: !observations.is_empty() && observations.iter().all(|it| it.cached),
        carried,
        aside: aside(read, block, observations).or(shown_for_it.then_some(Aside::Refused)),
        compiles: observations.iter().any(is_plain_and_compiles),
        stand_ins: stand_ins(outcome.status, observations),
    }
}

fn is_plain_and_compiles(observation: &Observation) -> bool {
    observation.program.role == Role::Plain && observation.compiled
}

/// What stood in for missing names where that is why the block was compiled and not run.
fn stand_ins(status: Status, observations: &[Observation]) -> Vec<String> {
    let plain = observations
        .iter()
        .find(|it| it.program.role == Role::Plain && it.compiled);
    match plain {
        Some(compiled) if status == Status::Compiled => {
            let stand_ins = &compiled.program.draft.stand_ins;
            let declarations = stand_ins.declarations().into_iter();
            declarations.map(|it| stand_ins.readable(&it)).collect()
        }
        _ => Vec::new(),
    }
}

/// What a block needs beside the note's own Go.
pub(super) fn aside(read: &NoteRead, block: usize, observations: &[Observation]) -> Option<Aside> {
    if read.context.is_quote(block) {
        return Some(Aside::RuntimeSource);
    }
    if uses_cgo(read, block, observations) || observations.iter().any(needs_other_tools) {
        return Some(Aside::Cgo);
    }
    let lacks_module = |it: &Observation| it.missing.iter().any(|name| is_module(name));
    let joins = |it: &Observation| it.program.draft.joins_packages();
    let imports = read.snippets[block].items.iter().any(|item| {
        matches!(&item.kind, ItemKind::Import(paths) if paths.iter().any(|path| is_module(path)))
    });
    let imports = imports && !observations.iter().any(joins);
    (imports || observations.iter().any(lacks_module)).then_some(Aside::ThirdParty)
}

/// Whether an import path is that of a module: its first part is a domain.
fn is_module(path: &str) -> bool {
    path.split_once('/')
        .is_some_and(|(first, _)| first.contains('.'))
}

/// What is carried into a draft, and from where.
fn carried(read: &NoteRead, draft: &Draft) -> Vec<Carried> {
    let line = |block: usize, offset: usize| {
        let offset = read.note.blocks[block].code.note_offset(offset);
        read.note.position(offset).line
    };
    let of_rests = draft.rests.values().flat_map(|rest| &rest.from);
    let declarations = draft.carried.iter().chain(of_rests).map(|it| {
        let (note, line) = match read.context.neighbour(it.block) {
            Some(neighbour) => (neighbour.note.to_string(), neighbour.lines[it.item]),
            None => {
                let item = &read.snippets[it.block].items[it.item];
                (String::new(), line(it.block, item.span.start))
            }
        };
        Carried {
            name: it.name.clone(),
            note,
            line,
        }
    });
    let variables = draft.borrowed.iter().map(|(name, variable)| Carried {
        name: name.clone(),
        note: String::new(),
        line: line(variable.block, variable.offset),
    });
    declarations.chain(variables).collect()
}

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
    fn new(status: Status, reason: impl Into<String>) -> Self {
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
pub fn outcome(read: &NoteRead, block: usize, observations: &[Observation]) -> Outcome {
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
        if !draft.borrowed.is_empty() {
            let names: Vec<&str> = draft.borrowed.keys().map(String::as_str).collect();
            let reason = format!(
                "`{}` stand elsewhere in the note and may hold anything; with their types it type-checks, and it is not run",
                names.join("`, `")
            );
            return Outcome::new(Status::Compiled, reason);
        }
        let reason = if draft.left_out || draft.of_elided {
            "something is left out, so it is compiled and not run"
        } else if draft.executes() {
            "it was not run"
        } else {
            "there is nothing to run: no function without parameters, and no statements"
        };
        return Outcome::new(Status::Compiled, reason);
    }
    if let Some(needs @ Need::Platform(_)) = needs {
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
        None => String::new(),
    }
}

/// Whether the note says that the block's program fails: then failing is what its author saw.
fn speaks_of_failure(read: &NoteRead, block: usize) -> bool {
    read.claims_of(block)
        .any(|claim| matches!(claim.kind, Kind::Panic | Kind::Fatal | Kind::Exit) && !claim.negated)
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
fn uses_cgo(read: &NoteRead, block: usize, observations: &[Observation]) -> bool {
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
    let outcome = outcome(read, block, observations);
    match outcome.status {
        Status::Ran => String::new(),
        Status::Incomplete => outcome.reason,
        Status::Broken => format!("the block does not compile: {}", outcome.reason),
        Status::Compiled => format!("the block did not run: {}", outcome.reason),
        _ => format!("the block was not run: {}", outcome.reason),
    }
}

fn claim_report(read: &NoteRead, judged: &Judged) -> ClaimReport {
    let claim = &read.claims[judged.claim];
    let block = &read.note.blocks[claim.block];
    let start = read.note.position(claim.span.start);
    let first_line = read.note.lines.text(&read.note.text, start.line);
    let end = read.note.position(claim.span.end);
    let end_column = if end.line == start.line {
        end.column
    } else {
        first_line.chars().count() as u32 + 1
    };
    ClaimReport {
        block: block.id.clone(),
        note: read.note.path.to_string(),
        block_line: block.line,
        shared: false,
        line: start.line,
        column: start.column,
        end_column,
        form: claim.form,
        kind: claim.kind,
        text: claim.text.clone(),
        expected: claim.expected.clone(),
        hedged: claim.hedged,
        negated: claim.negated,
        confidence: judged.confidence,
        verdict: judged.judgement.verdict,
        reason: judged.judgement.reason.clone(),
        observed: judged.judgement.observed.clone(),
        holds: judged.holds.clone(),
        change: judged
            .change
            .as_ref()
            .map_or_else(String::new, |change| change.what.clone()),
        link: judged
            .change
            .as_ref()
            .map_or_else(String::new, |change| change.link.clone()),
        tried: judged.tried.iter().map(tried).collect(),
        fix: String::new(),
        excerpt: first_line.to_owned(),
    }
}

fn tried((version, judgement): &(String, Judgement)) -> Tried {
    Tried {
        go: version.clone(),
        verdict: judgement.verdict,
        observed: judgement.observed.clone(),
    }
}

/// Count.
pub(super) fn summarise(notes: usize, blocks: &[BlockReport], claims: &[ClaimReport]) -> Summary {
    let status = |status| blocks.iter().filter(|block| block.status == status).count() as u32;
    let verdict = |verdict| {
        claims
            .iter()
            .filter(|claim| claim.verdict == verdict)
            .count() as u32
    };
    Summary {
        notes: notes as u32,
        blocks: blocks.len() as u32,
        ran: status(Status::Ran),
        compiled: status(Status::Compiled),
        incomplete: status(Status::Incomplete),
        broken: status(Status::Broken),
        declined: status(Status::Declined),
        skipped: status(Status::Skipped),
        not_go: status(Status::NotGo),
        claims: claims.len() as u32,
        confirmed: verdict(Verdict::Confirmed),
        refuted: verdict(Verdict::Refuted),
        stale: verdict(Verdict::Stale),
        unstable: verdict(Verdict::Unstable),
        unverified: verdict(Verdict::Unverified),
        ..Summary::default()
    }
}
