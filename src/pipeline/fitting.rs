//! Whether it is a block that is wrong, or what was carried into its program: another state of something, of which no state
//! that the note shows fits.

use crate::note::Note;
use crate::observation::{Complaint, Observation};
use crate::snippet::context::{Context, Declaration};
use crate::snippet::{Draft, names};

/// The declarations of other blocks that all complaints are about: they stand in them, or name one of which the note has
/// several versions. Then it is not the block that is wrong.
pub fn unfit(context: &Context, complaints: &[&Complaint], draft: &Draft) -> Vec<String> {
    let own = draft.snippet.block;
    let mut names = Vec::new();
    for complaint in complaints {
        let stands_in = |carried: &&Declaration| {
            let snippet = context.snippet(carried.block);
            complaint.place.is_some_and(|place| {
                place.block == carried.block
                    && snippet.is_some_and(|it| it.items[carried.item].span.contains(&place.offset))
            })
        };
        // One mistake may get several complaints of its line.
        let of_line = || {
            let all = complaints.iter();
            all.filter(|it| it.line.is_some() && it.line == complaint.line)
        };
        let words = || {
            let messages = of_line().chain([complaint]);
            let messages = messages.map(|it| it.diagnostic.message.as_str());
            messages.flat_map(names::words)
        };
        let named = |carried: &&Declaration| {
            complaint.place.is_none_or(|place| place.block == own)
                && context.versions(&carried.name) > 1
                && words().any(|word| word == carried.name)
        };
        // Every state of it was tried.
        let lacks = |refused: &&Declaration| {
            let message = complaint.diagnostic.message.as_str();
            message.ends_with(&format!(" has no field or method {})", refused.name))
        };
        let found = draft.carried.iter().find(stands_in);
        let found = found.or_else(|| draft.carried.iter().find(named));
        let Some(found) = found.or_else(|| draft.refused.iter().find(lacks)) else {
            return Vec::new();
        };
        if !names.contains(&found.name) {
            names.push(found.name.clone());
        }
    }
    names
}

/// What to say of a program for which no state of what the note declares fits: what the compiler has against the nearest
/// one, and where.
pub fn nearest(note: &Note, observation: &Observation) -> Option<String> {
    let draft = &observation.program.draft;
    let mut complaints = observation.complaints.iter();
    let first = complaints.find_map(|it| Some((it.place?, it.diagnostic.message.clone())));
    let (place, message) = draft.nearest.clone().or(first)?;
    let block = note.blocks.get(place.block)?;
    let line = note.position(block.code.note_offset(place.offset)).line;
    Some(format!("line {line}: {message}"))
}
