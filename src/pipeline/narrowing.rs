//! `--changed`: from all that may be concerned to what is.
//!
//! A note depends on another one of its folder where it carries something from it. That is known when its
//! programs are made; so every note of a folder with a change is looked at, and what does not depend on the
//! change is left out of the report.

use std::collections::BTreeSet;

use crate::report::Report;
use crate::settings::Settings;

use super::reporting::summarise;

/// Leave out of `report` the notes that neither differ nor carry anything from one that does.
pub fn narrow(settings: &Settings, report: &mut Report) {
    if settings.changed.is_none() {
        return;
    }
    let concerns = |note: &str| settings.concerns(note.into());
    let blocks = report.blocks.iter();
    let other: BTreeSet<String> = blocks
        .clone()
        .map(|block| block.note.clone())
        .filter(|note| !concerns(note))
        .collect();
    let carrying: BTreeSet<String> = blocks
        .filter(|block| {
            let mut carried = block.carried.iter();
            carried.any(|it| !it.note.is_empty() && concerns(&it.note))
        })
        .map(|block| block.note.clone())
        .collect();
    let keeps = |note: &str| !other.contains(note) || carrying.contains(note);
    report.blocks.retain(|block| keeps(&block.note));
    report.claims.retain(|claim| keeps(&claim.note));
    report.findings.retain(|finding| keeps(&finding.note));
    report.notes.retain(|text| keeps(&text.note));
    let notes: BTreeSet<&str> = report.blocks.iter().map(|it| it.note.as_str()).collect();
    let counted = summarise(notes.len(), &report.blocks, &report.claims);
    let before = std::mem::replace(&mut report.summary, counted);
    report.summary.merged = before.merged;
    report.summary.not_merged = before.not_merged;
    report.summary.replayed = before.replayed;
    report.summary.seconds = before.seconds;
}
