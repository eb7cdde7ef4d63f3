//! `--coverage`: which lines that print, and which blocks, no claim is about.
//!
//! A claim that was not decided covers nothing but is counted as one, so that a note full of claims that can't
//! be checked does not look checked.

use std::collections::BTreeSet;

use crate::claim::{Claim, Form, Kind, Subject};
use crate::report::{NoteCoverage, Unclaimed, Verdict};
use crate::snippet::probe::print_lines;

use super::judging::Judged;
use super::reading::{NoteRead, Reading};

/// The coverage of every note that has Go blocks.
pub fn of(reading: &Reading, verdicts: &[Judged]) -> Vec<NoteCoverage> {
    let notes = reading.notes.iter().enumerate();
    notes
        .map(|(note, read)| of_note(read, verdicts.iter().filter(|judged| judged.note == note)))
        .filter(|coverage| coverage.blocks > 0)
        .collect()
}

fn of_note<'j>(read: &NoteRead, verdicts: impl Iterator<Item = &'j Judged>) -> NoteCoverage {
    let mut coverage = NoteCoverage {
        note: read.note.path.to_string(),
        ..NoteCoverage::default()
    };
    let (mut decided, mut undecided) = (Vec::new(), Vec::new());
    for judged in verdicts {
        let claim = &read.claims[judged.claim];
        match judged.judgement.verdict {
            Verdict::Unverified => undecided.push(claim),
            _ => decided.push(claim),
        }
    }
    for block in (0..read.note.blocks.len()).filter(|&block| read.wanted[block]) {
        let syntax = &read.snippets[block].syntax;
        let prints = print_lines(syntax);
        let checked = covered(block, &prints, &decided);
        let said: BTreeSet<usize> = covered(block, &prints, &undecided)
            .difference(&checked)
            .copied()
            .collect();
        let has_claim = |claims: &[&Claim]| claims.iter().any(|claim| claim.block == block);
        coverage.blocks += 1;
        coverage.blocks_claimed += u32::from(has_claim(&decided));
        coverage.prints += prints.len() as u32;
        coverage.prints_claimed += checked.len() as u32;
        coverage.prints_undecided += said.len() as u32;
        if !has_claim(&decided) && !has_claim(&undecided) {
            coverage.unclaimed.push(Unclaimed {
                line: read.note.blocks[block].line,
                what: match prints.len() {
                    0 => "nothing of this block".to_owned(),
                    1 => "nothing of this block (1 line that prints)".to_owned(),
                    count => format!("nothing of this block ({count} lines that print)"),
                },
            });
            continue;
        }
        let rest = prints
            .iter()
            .filter(|line| !checked.contains(line) && !said.contains(line));
        coverage.unclaimed.extend(rest.filter_map(|&line| {
            let code = &read.note.blocks[block].code;
            let at = read.note.position(code.lines.get(line)?.note);
            Some(Unclaimed {
                line: at.line,
                what: code.line_text(line).trim().to_owned(),
            })
        }));
    }
    coverage
}

/// The printing lines of a block that claims are about: their own, or all, where a claim is about all that is
/// printed.
fn covered(block: usize, prints: &BTreeSet<usize>, claims: &[&Claim]) -> BTreeSet<usize> {
    let mut lines = BTreeSet::new();
    for claim in claims.iter().filter(|claim| claim.block == block) {
        match (&claim.subject, claim.form) {
            // Below the last line that prints, it is about all of them; else about the one above it.
            (Subject::Line(line), Form::OutputComment) => {
                if prints.range(line..).next().is_none() {
                    lines.extend(prints);
                } else {
                    lines.extend(prints.range(..line).next_back());
                }
            }
            (Subject::Line(line), _) if prints.contains(line) => {
                lines.insert(*line);
            }
            (Subject::Block, _) if is_of_output(claim.kind) => lines.extend(prints),
            _ => {}
        }
    }
    lines
}

fn is_of_output(kind: Kind) -> bool {
    matches!(kind, Kind::Stdout | Kind::Order | Kind::Nondeterministic)
}
