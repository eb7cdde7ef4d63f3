//! Blocks that were not looked at because of the machine, or since the user had had enough.

use crate::observation::Observation;
use crate::report::{Finding, Severity};
use crate::run::End;

use super::super::Work;
use super::super::reading::Reading;
use super::finding;

/// What kept blocks from being looked at: told once, at the first of them. A report that says nothing of it would be
/// taken for one about notes that hold.
pub(super) fn lacked(reading: &Reading, work: &Work) -> impl Iterator<Item = Finding> {
    let environment = told_once(reading, work, "environment", machines_fault);
    let interrupted = told_once(reading, work, "interrupted", |it| {
        it.is_interrupted()
            .then(|| "gosnip was interrupted".to_owned())
    });
    environment.into_iter().chain(interrupted)
}

/// The finding of this rule, if there is a reason for it.
fn told_once(
    reading: &Reading,
    work: &Work,
    rule: &str,
    reason: impl Fn(&Observation) -> Option<String> + Copy,
) -> Option<Finding> {
    let mut lacking = reading.notes.iter().enumerate().flat_map(|(note, read)| {
        let blocks = 0..read.note.blocks.len();
        blocks.filter_map(move |block| {
            let reason = work.of(note, block).iter().find_map(reason)?;
            Some((read, block, reason))
        })
    });
    let (read, block, reason) = lacking.next()?;
    let others = match lacking.count() {
        0 => String::new(),
        1 => " (and one other block)".to_owned(),
        more => format!(" (and {more} other blocks)"),
    };
    let message = format!("this block was not verified{others}: {reason}");
    Some(finding(read, block, rule, Severity::Error, message, None))
}

/// Why a program was not built or run, if that is the machine's fault.
fn machines_fault(observation: &Observation) -> Option<String> {
    const WORDS: [&str; 4] = [
        "cannot be written",
        "no space left",
        "read-only file system",
        "the cache changed meanwhile",
    ];
    let unstarted = observation.runs.iter().map(|run| match &run.end {
        End::NotStarted(reason) => Some(reason),
        _ => None,
    });
    let mut reasons = unstarted.chain([observation.failure.as_ref()]).flatten();
    let found = reasons.find(|reason| {
        let reason = reason.to_lowercase();
        WORDS.iter().any(|words| reason.contains(words))
    })?;
    Some(found.lines().next().unwrap_or_default().to_owned())
}
