//! `gosnip explain`: the program a block became, every observation, and why each verdict.

use std::collections::BTreeSet;
use std::fmt::Write;

use camino::Utf8Path;
use serde::Serialize;

use super::PipelineError;
use super::judging::Judged;
use super::matrix::Trial;
use super::outcome;
use super::reading::{NoteRead, Reading};
use crate::claim::Claim;
use crate::observation::Observation;
use crate::run::Execution;
use crate::verdict::crash::ending;

/// The block (note, block) that a line of a note belongs to: the one it stands in, or the nearest before it
/// (an answer stands behind its block).
pub fn block_at(
    reading: &Reading,
    note: &Utf8Path,
    line: u32,
) -> Result<(usize, usize), PipelineError> {
    let Some((at, read)) = reading.notes.iter().enumerate().next() else {
        return Err(PipelineError::Usage(format!("{note} could not be read")));
    };
    let claimed = read
        .claims
        .iter()
        .find(|claim| stands_on(read, claim, line))
        .map(|claim| claim.block);
    let inside = read
        .note
        .blocks
        .iter()
        .rposition(|block| block.line <= line && line <= block.end_line);
    let before = read
        .note
        .blocks
        .iter()
        .rposition(|block| block.line <= line);
    claimed
        .or(inside)
        .or(before)
        .map(|block| (at, block))
        .ok_or_else(|| PipelineError::Usage(format!("no block stands at or before {note}:{line}")))
}

/// The explanation as text: of the claims on the line, or of all claims of its block if there are none.
pub fn explain(
    reading: &Reading,
    trials: &[Trial],
    verdicts: &[Judged],
    (note, block): (usize, usize),
    line: u32,
) -> String {
    let read = &reading.notes[note];
    let found = &read.note.blocks[block];
    let observations = trials
        .last()
        .map_or(&[][..], |trial| trial.work.of(note, block));
    let outcome = outcome::of(read, block, observations);
    let mut text = format!(
        "{}:{} to {}: {}, {}{}\n",
        read.note.path,
        found.line,
        found.end_line,
        word(&read.snippets[block].shape),
        word(&outcome.status),
        because(&outcome.reason)
    );
    let (here, others): (Vec<&Judged>, Vec<&Judged>) = verdicts
        .iter()
        .filter(|judged| judged.note == note && read.claims[judged.claim].block == block)
        .partition(|judged| stands_on(read, &read.claims[judged.claim], line));
    let shown = if here.is_empty() { &others } else { &here };
    for judged in shown {
        text.push_str(&claim(read, judged));
    }
    if !here.is_empty() && !others.is_empty() {
        let lines: BTreeSet<u32> = others
            .iter()
            .map(|judged| {
                read.note
                    .position(read.claims[judged.claim].span.start)
                    .line
            })
            .collect();
        let lines: Vec<String> = lines.iter().map(u32::to_string).collect();
        // Writing to a String does not fail.
        let _ = writeln!(
            text,
            "\nother claims of the block: lines {}",
            lines.join(", ")
        );
    }
    for observation in observations {
        let _ = writeln!(text, "\n{}", program(observation));
    }
    text
}

/// Whether a claim stands on a line of its note.
fn stands_on(read: &NoteRead, claim: &Claim, line: u32) -> bool {
    let start = read.note.position(claim.span.start).line;
    let end = read.note.position(claim.span.end).line;
    (start..=end).contains(&line)
}

/// A claim with all that is known of it.
fn claim(read: &NoteRead, judged: &Judged) -> String {
    let claim = &read.claims[judged.claim];
    let at = read.note.position(claim.span.start);
    let flag = |is: bool, word: &'static str| if is { word } else { "" };
    let mut text = format!(
        "\nclaim at {}:{}: {}{}{}, by {} ({}): `{}`\n",
        at.line,
        at.column,
        flag(claim.negated, "not "),
        word(&claim.kind),
        flag(claim.hedged, ", perhaps"),
        word(&claim.form),
        word(&judged.confidence),
        claim.text,
    );
    let mut say = |what: &str, said: &str| {
        if !said.is_empty() {
            let _ = writeln!(text, "  {what}: {}", said.replace('\n', "\n            "));
        }
    };
    if claim.expected != claim.text {
        say("expected", &claim.expected);
    }
    let judgement = &judged.judgement;
    let verdict = format!("{}{}", word(&judgement.verdict), because(&judgement.reason));
    say("verdict", &verdict);
    say("observed", &judgement.observed);
    say("holds", &judged.holds);
    if let Some(change) = &judged.change {
        say("change", &format!("{} ({})", change.what, change.link));
    }
    for (version, judgement) in &judged.tried {
        let tried = format!("{}: {}", word(&judgement.verdict), judgement.observed);
        say(version, &tried);
    }
    text
}

/// The word that the contract has for something.
fn word(what: &impl Serialize) -> String {
    serde_json::to_value(what)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn because(reason: &str) -> String {
    match reason {
        "" => String::new(),
        reason => format!(": {reason}"),
    }
}

fn program(observation: &Observation) -> String {
    let mut text = format!("program ({:?}):\n", observation.program.role);
    let program = &observation.program;
    let source = program.draft.stand_ins.readable(&program.source.text);
    for (number, line) in source.lines().enumerate() {
        let _ = writeln!(text, "{:4} | {line}", number + 1);
    }
    for complaint in &observation.complaints {
        let diagnostic = &complaint.diagnostic;
        let _ = writeln!(
            text,
            "  compiler, line {}: {}",
            diagnostic.line, diagnostic.message
        );
    }
    for (_, escape) in &observation.escapes {
        let _ = writeln!(text, "  -m, line {}: {}", escape.line, escape.message);
    }
    // Runs that did the same are shown once.
    let mut first = 0;
    let same = |one: &Execution, other: &Execution| {
        one.stdout.text == other.stdout.text && ending(one) == ending(other)
    };
    for runs in observation.runs.chunk_by(same) {
        let last = first + runs.len();
        let numbers = match runs.len() {
            1 => format!("run {last}"),
            _ => format!("runs {} to {last}, all alike", first + 1),
        };
        let run = &runs[0];
        let _ = writeln!(
            text,
            "  {numbers} ({:.0} ms{}): {}\n{}",
            run.duration.as_secs_f64() * 1000.0,
            run.fake_time.map_or(String::new(), |last| format!(
                " with a clock that skips waits, {:.1} s on it",
                last.as_secs_f64()
            )),
            ending(run),
            indent(&run.stdout.text)
        );
        first = last;
    }
    text
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}
