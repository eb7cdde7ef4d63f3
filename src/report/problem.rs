//! What is shown of a report, and in which order: the same for every form that people read.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;

use super::diff;
use super::text::line;
use super::wording::Wording;
use super::{ClaimReport, Finding, Report, Severity, Verdict};
use crate::claim::{Confidence, Kind};
use crate::exit;
use crate::settings::{Failure, ReportSettings, Verbosity};

/// The most lines of a difference that stand in a machine-readable report.
const DIFF: usize = 60;

/// Something that is wrong.
#[derive(Debug, Clone, Copy)]
pub enum Problem<'r> {
    /// A claim that does not hold.
    Claim(&'r ClaimReport),
    /// Trouble that no claim is about.
    Finding(&'r Finding),
}

impl<'r> Problem<'r> {
    /// The note's path.
    pub fn note(&self) -> &'r str {
        match self {
            Self::Claim(claim) => &claim.note,
            Self::Finding(finding) => &finding.note,
        }
    }

    /// Line and column.
    pub fn position(&self) -> (u32, u32) {
        match self {
            Self::Claim(claim) => (claim.line, claim.column),
            Self::Finding(finding) => (finding.line, finding.column),
        }
    }

    /// How bad it is. A claim that is true in some runs is no error, as it may well be meant so.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Finding(finding) => finding.severity,
            Self::Claim(claim) => match claim.verdict {
                Verdict::Refuted | Verdict::Stale => Severity::Error,
                Verdict::Unstable => Severity::Warning,
                Verdict::Unverified | Verdict::Confirmed => Severity::Note,
            },
        }
    }

    /// Verdict or severity, and kind or rule: the parts of `refuted[stdout]`.
    pub fn name(&self) -> (&'static str, Cow<'r, str>) {
        match self {
            Self::Claim(claim) => (
                verdict_name(claim.verdict),
                Cow::Borrowed(kind_name(claim.kind)),
            ),
            Self::Finding(finding) => (severity_name(finding.severity), line(&finding.rule)),
        }
    }

    /// The id of its [rule](super::rules): `refuted-stdout`, `unclaimed-panic`.
    pub fn rule(&self) -> Cow<'r, str> {
        match self {
            Self::Claim(claim) => Cow::Owned(super::rules::claim_id(claim.verdict, claim.kind)),
            Self::Finding(finding) => line(&finding.rule),
        }
    }

    /// The column after its last character, where that is known.
    pub fn end_column(&self) -> Option<u32> {
        match self {
            Self::Claim(claim) => Some(claim.end_column).filter(|end| *end > claim.column),
            Self::Finding(_) => None,
        }
    }

    /// The whole line of the note; empty if it is not known.
    pub fn excerpt(&self) -> &'r str {
        match self {
            Self::Claim(claim) => &claim.excerpt,
            Self::Finding(finding) => &finding.excerpt,
        }
    }

    /// What goes with the message: since when, why, how to mend it, and the difference; a line each,
    /// the difference several. Empty if the message says it all.
    pub fn evidence(&self) -> String {
        let Self::Claim(claim) = self else {
            return String::new();
        };
        let wording = Wording::new(claim);
        let mut parts: Vec<String> = wording
            .details()
            .into_iter()
            .map(|(name, text)| format!("{name}: {text}"))
            .collect();
        if wording.needs_diff() {
            let diff = diff::plain(&wording.expected(), &claim.observed, DIFF);
            parts.push(format!("- the note, + Go:\n{diff}"));
        }
        parts.join("\n")
    }

    /// What tells it from all others of its rule and stays the same when lines above it come and go:
    /// the block's id and the claim's words, or the line's text.
    fn identity(&self) -> (&'r str, &'r str) {
        match self {
            Self::Claim(claim) => (&claim.block, &claim.text),
            Self::Finding(finding) if finding.excerpt.is_empty() => ("", &finding.message),
            Self::Finding(finding) => ("", &finding.excerpt),
        }
    }

    /// What is wrong, on one line.
    pub fn message(&self) -> String {
        match self {
            Self::Claim(claim) => Wording::new(claim).headline(),
            Self::Finding(finding) => line(&finding.message).into_owned(),
        }
    }

    /// Whether it makes the exit code 1.
    pub fn fails(&self, settings: &ReportSettings) -> bool {
        match self {
            Self::Claim(claim) => exit::claim_fails(claim.verdict, claim.confidence, settings),
            Self::Finding(finding) => exit::finding_fails(finding, settings),
        }
    }

    /// How surely it is a problem.
    pub fn confidence(&self) -> Confidence {
        match self {
            Self::Claim(claim) => claim.confidence,
            Self::Finding(_) => Confidence::Certain,
        }
    }
}

/// The problems to show: note by note in the report's order, in a note the most certain first.
///
/// Shown are claims that are refuted, stale or unstable or that `fail-on` names, unless they are less
/// certain than wanted; and findings of severity `error` and `warning`, with `-v` also `note`.
pub fn problems<'r>(report: &'r Report, settings: &ReportSettings) -> Vec<Problem<'r>> {
    let claims = report
        .claims
        .iter()
        .filter(|claim| shows(claim, settings))
        .map(Problem::Claim);
    let least = match settings.verbosity {
        Verbosity::Verbose => Severity::Note,
        _ => Severity::Warning,
    };
    let findings = report
        .findings
        .iter()
        // `Error` is the least in the order of declaration.
        .filter(|finding| finding.severity <= least)
        .map(Problem::Finding);
    let mut problems: Vec<_> = claims.chain(findings).collect();
    let order = note_order(report);
    problems.sort_by_key(|problem| {
        (
            order.get(problem.note()).copied(),
            Reverse(problem.confidence()),
            problem.position(),
        )
    });
    problems
}

/// A fingerprint for each of `problems`, in their order: 32 hexadecimal digits that stay the same when
/// lines of the note above the problem come and go, and that no two problems share. `path` says how a
/// note's path is written, as one from the repository's root is the same wherever gosnip is started.
pub fn fingerprints(problems: &[Problem<'_>], path: impl Fn(&str) -> String) -> Vec<String> {
    let mut seen: HashMap<[u8; 32], u32> = HashMap::new();
    problems
        .iter()
        .map(|problem| {
            let (block, words) = problem.identity();
            let mut hasher = blake3::Hasher::new();
            for part in [&*path(problem.note()), &*problem.rule(), block, words] {
                // The length keeps apart what would be the same one behind the other.
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
            let number = seen.entry(*hasher.finalize().as_bytes()).or_default();
            hasher.update(&number.to_le_bytes());
            *number += 1;
            let hex = hasher.finalize().to_hex();
            hex.as_str().chars().take(32).collect()
        })
        .collect()
}

fn shows(claim: &ClaimReport, settings: &ReportSettings) -> bool {
    let wrong = match claim.verdict {
        Verdict::Refuted | Verdict::Stale | Verdict::Unstable => true,
        Verdict::Unverified => settings.fail_on.contains(&Failure::Unverified),
        Verdict::Confirmed => false,
    };
    let certain = claim.confidence >= settings.min_confidence;
    wrong && (certain || settings.verbosity == Verbosity::Verbose)
}

/// The place of each note in the report.
fn note_order(report: &Report) -> HashMap<&str, usize> {
    let mut order = HashMap::new();
    let blocks = report.blocks.iter().map(|block| block.note.as_str());
    let claims = report.claims.iter().map(|claim| claim.note.as_str());
    let findings = report.findings.iter().map(|finding| finding.note.as_str());
    for note in blocks.chain(claims).chain(findings) {
        let next = order.len();
        order.entry(note).or_insert(next);
    }
    order
}

/// The contract's word for a verdict.
pub fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Confirmed => "confirmed",
        Verdict::Refuted => "refuted",
        Verdict::Stale => "stale",
        Verdict::Unstable => "unstable",
        Verdict::Unverified => "unverified",
    }
}

/// The contract's word for a severity.
pub fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// The contract's word for a kind.
pub fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Stdout => "stdout",
        Kind::Value => "value",
        Kind::Type => "type",
        Kind::Panic => "panic",
        Kind::Fatal => "fatal",
        Kind::Deadlock => "deadlock",
        Kind::Blocks => "blocks",
        Kind::CompileError => "compile-error",
        Kind::Escape => "escape",
        Kind::NoEscape => "no-escape",
        Kind::Heap => "heap",
        Kind::Stack => "stack",
        Kind::Race => "race",
        Kind::NoRace => "no-race",
        Kind::Order => "order",
        Kind::Nondeterministic => "nondeterministic",
        Kind::Exit => "exit",
        Kind::Vet => "vet",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn the_names_of_kinds_and_verdicts_are_those_of_the_json_report() {
        let json = |value: serde_json::Value| value.as_str().unwrap().to_owned();
        for kind in fixture::KINDS {
            let word = json(serde_json::to_value(kind).unwrap());
            assert_eq!(kind_name(kind), word);
        }
        for verdict in fixture::VERDICTS {
            let word = json(serde_json::to_value(verdict).unwrap());
            assert_eq!(verdict_name(verdict), word);
        }
    }

    #[test]
    fn problems_keep_the_order_of_notes_and_start_with_the_certain_ones() {
        let mut report = fixture::empty();
        for (note, line, confidence) in [
            ("b.md", 1, Confidence::Likely),
            ("b.md", 9, Confidence::Certain),
            ("a.md", 1, Confidence::Certain),
            ("b.md", 2, Confidence::Weak),
        ] {
            let claim = fixture::claim(note, line, Verdict::Refuted, confidence);
            report.claims.push(claim);
        }
        let shown = |verbosity| {
            let settings = ReportSettings {
                verbosity,
                ..ReportSettings::default()
            };
            problems(&report, &settings)
                .iter()
                .map(|problem| (problem.note(), problem.position().0))
                .collect::<Vec<_>>()
        };
        let normal = [("b.md", 9), ("b.md", 1), ("a.md", 1)];
        assert_eq!(shown(Verbosity::Normal), normal);
        let verbose = [("b.md", 9), ("b.md", 1), ("b.md", 2), ("a.md", 1)];
        assert_eq!(shown(Verbosity::Verbose), verbose);
    }

    #[test]
    fn unverified_claims_are_shown_where_they_make_it_fail() {
        let mut report = fixture::empty();
        let claim = fixture::claim("a.md", 1, Verdict::Unverified, Confidence::Certain);
        report.claims.push(claim);
        let mut settings = ReportSettings::default();
        assert!(problems(&report, &settings).is_empty());
        settings.fail_on.insert(Failure::Unverified);
        assert_eq!(problems(&report, &settings).len(), 1);
    }
}
