//! The summary: what there was, what became of it, with which Go, and what would help.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use anstyle::Style;

use super::{BOLD, DIM, GREEN, RED, YELLOW};
use crate::report::text::{count, line};
use crate::report::{
    ClaimReport, Finding, NoteCoverage, Report, Severity, Status, Summary, Verdict,
};
use crate::settings::ReportSettings;
use crate::toolchain::modules::is_foreign;

/// The most reasons or names that are listed; the rest is counted.
const LISTED: usize = 5;

/// The summary on several lines.
pub fn render(report: &Report, settings: &ReportSettings) -> String {
    let summary = &report.summary;
    let mut lines = vec![
        format!("{BOLD}{}{BOLD:#}", blocks(summary)),
        format!("{BOLD}{}{BOLD:#}", claims(summary)),
    ];
    lines.extend(findings(&report.findings));
    lines.extend(coverage(&report.coverage));
    lines.extend(reasons(report));
    lines.extend(left_out(report, settings));
    lines.push(format!("{DIM}{}{DIM:#}", conditions(report)));
    lines.extend(help(report, settings));
    lines.join("\n") + "\n"
}

/// How much of all notes is claimed, if it was asked for.
fn coverage(notes: &[NoteCoverage]) -> Option<String> {
    let sum = |count: fn(&NoteCoverage) -> u32| notes.iter().map(count).sum();
    let all = NoteCoverage {
        blocks: sum(|it| it.blocks),
        blocks_claimed: sum(|it| it.blocks_claimed),
        prints: sum(|it| it.prints),
        prints_claimed: sum(|it| it.prints_claimed),
        prints_undecided: sum(|it| it.prints_undecided),
        ..NoteCoverage::default()
    };
    (!notes.is_empty()).then(|| format!("coverage: {}", super::listing::covered(&all)))
}

/// The summary on one line, for `-q`.
pub fn short(report: &Report) -> String {
    let mut short = format!("gosnip: {}", claims(&report.summary));
    if let Some(findings) = findings(&report.findings) {
        short.push_str("; ");
        short.push_str(&findings);
    }
    short + "\n"
}

fn blocks(summary: &Summary) -> String {
    let counts = [
        (summary.ran, "ran", GREEN),
        (summary.compiled, "compiled", GREEN),
        (summary.incomplete, "incomplete", YELLOW),
        (summary.broken, "broken", YELLOW),
        (summary.declined, "declined", YELLOW),
        (summary.skipped, "skipped", DIM),
        (summary.not_go, "not Go", DIM),
    ];
    let notes = count(summary.notes, "note");
    let blocks = count(summary.blocks, "block");
    format!("{notes}, {blocks}{}", counted(&counts))
}

fn claims(summary: &Summary) -> String {
    let counts = [
        (summary.confirmed, "confirmed", GREEN),
        (summary.refuted, "refuted", RED),
        (summary.stale, "stale", RED),
        (summary.unstable, "unstable", YELLOW),
        (summary.unverified, "unverified", YELLOW),
    ];
    format!("{}{}", count(summary.claims, "claim"), counted(&counts))
}

/// `: 3 confirmed, 1 refuted`, without those that are zero.
fn counted(counts: &[(u32, &str, Style)]) -> String {
    let some: Vec<String> = counts
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, name, style)| format!("{style}{count} {name}{style:#}"))
        .collect();
    if some.is_empty() {
        return String::new();
    }
    format!(": {}", some.join(", "))
}

fn findings(findings: &[Finding]) -> Option<String> {
    let of = |severity| findings.iter().filter(|it| it.severity == severity).count() as u32;
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    if errors + warnings == 0 {
        return None;
    }
    let shown: Vec<String> = [(errors, "error", RED), (warnings, "warning", YELLOW)]
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, name, style)| format!("{style}{}{style:#}", count(number, name)))
        .collect();
    let all = count(errors + warnings, "other finding");
    Some(format!("{all}: {}", shown.join(", ")))
}

/// Why claims could not be decided, the most frequent reasons first.
fn reasons(report: &Report) -> Vec<String> {
    let undecided = report
        .claims
        .iter()
        .filter(|claim| claim.verdict == Verdict::Unverified);
    let (most, rest) = most_frequent(undecided.map(|claim| claim.reason.as_str()));
    let mut lines: Vec<String> = most
        .iter()
        .map(|(reason, number)| format!("  {number} unverified: {}", line(reason)))
        .collect();
    if rest > 0 {
        lines.push(format!("  {rest} unverified for other reasons"));
    }
    lines
}

/// The most frequent of `words` with their numbers, and how many occurrences of others there are.
fn most_frequent<'w>(words: impl Iterator<Item = &'w str>) -> (Vec<(&'w str, u32)>, u32) {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    for word in words {
        *numbers.entry(word).or_default() += 1;
    }
    let mut numbers: Vec<_> = numbers.into_iter().collect();
    numbers.sort_by_key(|(_, number)| Reverse(*number));
    let rest = numbers.iter().skip(LISTED).map(|(_, number)| number).sum();
    numbers.truncate(LISTED);
    (numbers, rest)
}

/// How many wrong claims are not shown because they are not certain enough.
fn left_out(report: &Report, settings: &ReportSettings) -> Option<String> {
    let number = report
        .claims
        .iter()
        .filter(|claim| claim.confidence < settings.min_confidence)
        .filter(|claim| !matches!(claim.verdict, Verdict::Confirmed | Verdict::Unverified))
        .count() as u32;
    (number > 0).then(|| {
        let claims = count(number, "claim");
        format!("  not shown and not failing: {claims} below --min-confidence (`-v` shows all)")
    })
}

/// With which Go and under which conditions it was verified.
fn conditions(report: &Report) -> String {
    let summary = &report.summary;
    let mut parts: Vec<String> = report
        .go
        .iter()
        .map(|go| format!("{} ({})", line(&go.version), line(&go.source)))
        .collect();
    let mut sandbox = format!("sandbox: {}", line(&report.sandbox.level));
    if !report.sandbox.notices.is_empty() {
        let notices = report.sandbox.notices.join("; ");
        sandbox.push_str(&format!(" ({})", line(&notices)));
    }
    parts.push(sandbox);
    parts.extend(programs(summary));
    parts.push(format!("{:.1} s", summary.seconds));
    parts.join(" · ")
}

/// How the programs were built, or that they were not.
fn programs(summary: &Summary) -> Option<String> {
    let all = summary.programs();
    let parts: Vec<(u32, &str)> = [
        (summary.replayed, "replayed"),
        (summary.merged, "merged"),
        (summary.not_merged, "not merged"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .collect();
    let programs = count(all, "program");
    match parts.as_slice() {
        [] => None,
        [(_, how)] => Some(format!("{programs}, all {how}")),
        parts => {
            let parts: Vec<String> = parts.iter().map(|(n, how)| format!("{n} {how}")).collect();
            Some(format!("{programs}: {}", parts.join(", ")))
        }
    }
}

/// What would help with what is wrong, and where blocks could not be run.
fn help(report: &Report, settings: &ReportSettings) -> Vec<String> {
    let mut lines = Vec::new();
    let mut help = |text: String| lines.push(format!("{BOLD}help:{BOLD:#} {text}"));
    let summary = &report.summary;
    if let Some(text) = mend(report, settings) {
        help(text);
    }
    let (names, any_name) = missing(report);
    if any_name {
        help(format!(
            "{} can't be run without {names}; declare what is missing in the block or in an earlier \
             one of the note, or write `<!-- gosnip: skip reason=\"…\" -->` above the block",
            count(summary.incomplete, "block"),
        ));
    }
    if missing_modules(report) {
        help(
            "`gosnip modules` lists the modules that the notes import; with `--write` it declares them in verify.toml"
                .into(),
        );
    }
    let stuck = summary.incomplete + summary.broken + summary.declined + summary.unverified;
    if stuck > 0 {
        help(
            "`-v` lists what was not verified and why; `gosnip explain NOTE:LINE` says all".into(),
        );
    }
    lines
}

/// Whether a block lacks a module.
fn missing_modules(report: &Report) -> bool {
    let incomplete = report
        .blocks
        .iter()
        .filter(|block| block.status == Status::Incomplete);
    incomplete
        .flat_map(|block| &block.missing)
        .any(|name| is_foreign(name))
}

/// How the wrong claims get right.
fn mend(report: &Report, settings: &ReportSettings) -> Option<String> {
    let wrong = |claim: &&ClaimReport| {
        claim.confidence >= settings.min_confidence
            && matches!(claim.verdict, Verdict::Refuted | Verdict::Stale)
    };
    let all = report.claims.iter().filter(wrong).count() as u32;
    let writable = report.claims.iter().filter(wrong);
    let writable = writable.filter(|claim| !claim.fix.is_empty()).count() as u32;
    let how = "`gosnip bless --dry-run` shows how, `gosnip review` asks one by one";
    let what = match (writable, all - writable) {
        (0, _) => return None,
        (1, 0) => "this claim".to_owned(),
        (_, 0) => "these claims".to_owned(),
        _ => format!("{writable} of these {all} claims, the rest is to be changed by hand"),
    };
    Some(format!("`gosnip bless` rewrites {what}; {how}"))
}

/// The names that are missing and that a note can declare (no modules), the most frequent first; and whether
/// there are any.
fn missing(report: &Report) -> (String, bool) {
    let missing = || {
        report
            .blocks
            .iter()
            .filter(|block| block.status == Status::Incomplete)
            // What comes from a module that is missing is missing with it.
            .filter(|block| !block.missing.iter().any(|name| is_foreign(name)))
            .flat_map(|block| block.missing.iter().map(String::as_str))
            .filter(|name| !name.contains('/'))
    };
    let any_name = missing().next().is_some();
    let (most, rest) = most_frequent(missing());
    let mut names: Vec<String> = most
        .iter()
        .map(|(name, _)| format!("`{}`", line(name)))
        .collect();
    if rest > 0 {
        names.push("others".to_owned());
    }
    (names.join(", "), any_name)
}
