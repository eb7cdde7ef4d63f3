//! `gosnip explain`: the program a block became, every observation, and why each verdict.

use std::fmt::Write;

use camino::Utf8Path;

use super::PipelineError;
use super::judging::Judged;
use super::matrix::Trial;
use super::reading::Reading;
use super::reporting;
use crate::observation::Observation;
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
        .find(|claim| {
            let start = read.note.position(claim.span.start).line;
            let end = read.note.position(claim.span.end).line;
            (start..=end).contains(&line)
        })
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

/// The explanation as text.
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
    let outcome = reporting::outcome(read, block, observations);
    let mut text = String::new();
    // Writing to a String does not fail.
    let mut say = |line: std::fmt::Arguments| {
        let _ = text.write_fmt(line);
        text.push('\n');
    };
    say(format_args!(
        "{}:{} to {}: {:?}, {:?}{}",
        read.note.path,
        found.line,
        found.end_line,
        read.snippets[block].shape,
        outcome.status,
        if outcome.reason.is_empty() {
            String::new()
        } else {
            format!(": {}", outcome.reason)
        }
    ));
    let _ = line;
    for judged in verdicts.iter().filter(|judged| judged.note == note) {
        let claim = &read.claims[judged.claim];
        if claim.block != block {
            continue;
        }
        let at = read.note.position(claim.span.start);
        say(format_args!(
            "\nclaim at {}:{}: {:?} by {:?} ({:?}): `{}`\n  {:?}{}\n  observed: {}",
            at.line,
            at.column,
            claim.kind,
            claim.form,
            judged.confidence,
            claim.text,
            judged.judgement.verdict,
            if judged.judgement.reason.is_empty() {
                String::new()
            } else {
                format!(": {}", judged.judgement.reason)
            },
            judged.judgement.observed.replace('\n', "\n            ")
        ));
        if !judged.holds.is_empty() {
            say(format_args!("  holds: {}", judged.holds));
        }
        if let Some(change) = &judged.change {
            say(format_args!("  change: {} ({})", change.what, change.link));
        }
        for (version, judgement) in &judged.tried {
            say(format_args!(
                "  {version}: {:?}: {}",
                judgement.verdict,
                judgement.observed.replace('\n', "\n            ")
            ));
        }
    }
    for observation in observations {
        say(format_args!("\n{}", program(observation)));
    }
    text
}

fn program(observation: &Observation) -> String {
    let mut text = format!("program ({:?}):\n", observation.program.role);
    for (number, line) in observation.program.source.text.lines().enumerate() {
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
    for (number, run) in observation.runs.iter().enumerate() {
        let _ = writeln!(
            text,
            "  run {} ({:.0} ms{}): {}\n{}",
            number + 1,
            run.duration.as_secs_f64() * 1000.0,
            run.fake_time.map_or(String::new(), |last| format!(
                " with a clock that skips waits, {:.1} s on it",
                last.as_secs_f64()
            )),
            ending(run),
            indent(&run.stdout.text)
        );
    }
    text
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}
