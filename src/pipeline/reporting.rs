//! Everything that was read, observed and judged, as one [`Report`].

use std::time::Duration;

use crate::observation::{Observation, transcript};
use crate::program::Role;
use crate::report::{
    Aside, BlockReport, Carried, ClaimReport, NoteText, ProgramText, Report, SCHEMA, Shape, Status,
    Summary, Tool, Tried, Verdict, find_shared,
};
use crate::settings::{Format, Settings};
use crate::snippet::{Draft, ItemKind};
use crate::verdict::Judgement;
use crate::verdict::crash::ending;

use super::judging::Judged;
use super::matrix::Trial;
use super::outcome::{self, Outcome, needs_other_tools, uses_cgo};
use super::reading::{NoteRead, Reading};
use super::{Work, asked, coverage, findings, plan};

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
        Role::Early => "with what the note shows before it, for the compiler".to_owned(),
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
        None => outcome::of(read, block, observations),
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
        by_hand: String::new(),
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
