//! Lines that a note says do not compile, and that do: the block is run again with them in their places, so that what
//! the note says of its other lines can be judged.
//!
//! Its plain program is made without such lines, and that they compile shows only when each has been tried alone
//! ([`Role::Only`]).

use std::collections::{BTreeMap, BTreeSet};

use crate::claim::{Claim, Kind, Subject};
use crate::observation::Observation;
use crate::program::Role;
use crate::snippet::probe::statement_on;

use super::reading::Reading;
use super::settled::Settled;

/// Lines (from 0) that compile against their note's word, by note and block.
pub(super) type Vain = BTreeMap<(usize, usize), BTreeSet<usize>>;

/// The lines that compile against their note's word.
pub(super) fn in_vain(derived: &[Settled]) -> Vain {
    let mut vain = Vain::new();
    for settled in derived {
        let draft = &settled.planned.draft;
        let Role::Only(line) = settled.planned.role else {
            continue;
        };
        let there = statement_on(&draft.snippet.syntax, line)
            .is_some_and(|statement| draft.covers(statement.start_byte()));
        if settled.compiles() && there {
            let block = (settled.planned.note, settled.block());
            vain.entry(block).or_default().insert(line);
        }
    }
    vain
}

/// What was read, as if the notes did not say of these lines that they do not compile: only their blocks are wanted.
pub(super) fn without_saying_so(reading: &Reading, vain: &Vain) -> Reading {
    let mut reading = reading.clone();
    for (note, read) in reading.notes.iter_mut().enumerate() {
        let said_in_vain = |claim: &Claim| {
            let lines = vain.get(&(note, claim.block));
            claim.kind == Kind::CompileError
                && !claim.negated
                && matches!(claim.subject, Subject::Line(line) if lines.is_some_and(|it| it.contains(&line)))
        };
        read.claims.retain(|claim| !said_in_vain(claim));
        for (block, wanted) in read.wanted.iter_mut().enumerate() {
            *wanted &= vain.contains_key(&(note, block));
        }
    }
    reading
}

/// Put what was observed of a block with these lines in the place of what was observed without them; what was seen of
/// the lines themselves stays.
pub(super) fn replace(before: &mut Vec<Observation>, again: Vec<Observation>) {
    let runs = |it: &Observation| it.program.role == Role::Plain && it.ran();
    if again.iter().any(runs) {
        before.retain(|it| matches!(it.program.role, Role::Only(_) | Role::AsWritten));
        before.extend(again);
    }
}
