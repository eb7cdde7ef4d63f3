//! What `-v` adds: the claims that are confirmed or undecided, and the blocks that did not run.

use super::{BOLD, DIM, GREEN, YELLOW};
use crate::report::problem::kind_name;
use crate::report::text::{line, shorten};
use crate::report::wording::Wording;
use crate::report::{BlockReport, ClaimReport, NoteCoverage, Report, Status, Verdict};

/// The widest claim text in a list.
const WIDEST: usize = 60;

/// The lists, each with a blank line behind it.
pub fn render(report: &Report) -> String {
    let claims = |verdict| {
        report
            .claims
            .iter()
            .filter(move |claim| claim.verdict == verdict)
    };
    let confirmed = claims(Verdict::Confirmed).map(claim);
    let unverified = claims(Verdict::Unverified).map(claim);
    let blocks = report
        .blocks
        .iter()
        .filter(|block| {
            !matches!(block.status, Status::Ran | Status::Compiled) || !block.stand_ins.is_empty()
        })
        .map(block);
    list(&format!("{GREEN}confirmed{GREEN:#}"), confirmed)
        + &list(&format!("{YELLOW}unverified{YELLOW:#}"), unverified)
        + &list(&format!("{BOLD}blocks that did not run{BOLD:#}"), blocks)
}

/// What no claim is about, note by note.
pub fn coverage(notes: &[NoteCoverage]) -> String {
    let of_note = |coverage: &NoteCoverage| {
        let note = line(&coverage.note);
        let title = format!("{BOLD}{note}{BOLD:#}: {}", covered(coverage));
        let entries = coverage.unclaimed.iter().map(|unclaimed| {
            let what = line(&unclaimed.what);
            format!("{note}:{}: {}", unclaimed.line, shorten(&what, WIDEST))
        });
        let entries: Vec<String> = entries.collect();
        match entries.is_empty() {
            true => format!("{title}\n\n"),
            false => list(&title, entries.into_iter()),
        }
    };
    notes.iter().map(of_note).collect()
}

/// How much is claimed, in words.
pub fn covered(coverage: &NoteCoverage) -> String {
    let NoteCoverage {
        blocks,
        blocks_claimed,
        prints,
        prints_claimed,
        prints_undecided,
        ..
    } = coverage;
    let undecided = match prints_undecided {
        0 => String::new(),
        count => format!(", {count} more with undecided claims"),
    };
    format!(
        "{prints_claimed} of {prints} lines that print are claimed{undecided}; {blocks_claimed} of {blocks} blocks"
    )
}

fn list(title: &str, entries: impl Iterator<Item = String>) -> String {
    let mut list = String::new();
    for entry in entries {
        list.push_str(&format!("  {entry}\n"));
    }
    if list.is_empty() {
        return list;
    }
    format!("{title}\n{list}\n")
}

fn claim(claim: &ClaimReport) -> String {
    let note = line(&claim.note);
    let kind = kind_name(claim.kind);
    let text = line(claim.text.trim());
    let text = shorten(&text, WIDEST);
    let place = format!("{note}:{}:{}", claim.line, claim.column);
    let held = Wording::new(claim)
        .held()
        .filter(|_| claim.verdict == Verdict::Confirmed);
    let reason = Some(line(&claim.reason).into_owned()).filter(|reason| !reason.is_empty());
    let remarks: Vec<String> = held.into_iter().chain(reason).collect();
    match remarks.as_slice() {
        [] => format!("{place}: {kind} `{text}`"),
        remarks => format!(
            "{place}: {kind} `{text}` {DIM}({}){DIM:#}",
            remarks.join("; ")
        ),
    }
}

fn block(block: &BlockReport) -> String {
    let mut entry = format!(
        "{}:{}: {}",
        line(&block.note),
        block.line,
        status_name(block.status)
    );
    if !block.reason.is_empty() {
        entry.push_str(&format!(": {}", line(&block.reason)));
    }
    for stand_in in &block.stand_ins {
        entry.push_str(&format!("\n    {DIM}{}{DIM:#}", line(stand_in)));
    }
    if !block.missing.is_empty() && block.stand_ins.is_empty() {
        entry.push_str(&format!(" (missing: {})", line(&block.missing.join(", "))));
    }
    entry
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::NotGo => "not Go",
        other => other.word(),
    }
}
