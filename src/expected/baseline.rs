//! The baseline: findings that are known, so that only new ones fail.
//!
//! A finding is known by its fingerprint: the note, what is wrong, the note's words, and the how-manieth
//! of its kind it is in the note. No line number and nothing of other places goes into it, so it survives
//! edits elsewhere. Corrected words have another fingerprint, so they drop out.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;

use anyhow::Context as _;
use camino::Utf8Path;
use serde::{Deserialize, Serialize};

use crate::exit;
use crate::report::{ClaimReport, Finding, Report, Verdict};
use crate::settings::ReportSettings;

/// The file, beside `verify.toml`.
pub const FILE_NAME: &str = "gosnip-baseline.json";

/// The file's contents.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// What is known, by note.
    pub known: Vec<Known>,
}

/// A known finding. Only the fingerprint counts; the rest is for people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The note.
    pub note: String,
    /// What is wrong: a verdict or a rule.
    pub rule: String,
    /// The note's words.
    pub text: String,
    /// The fingerprint.
    pub fingerprint: String,
}

/// A report without what is known, and how much that was.
#[derive(Debug, Clone)]
pub struct Fresh {
    /// What is left.
    pub report: Report,
    /// How many findings are known.
    pub known: usize,
    /// How many entries of the baseline are there in the notes that were verified, and hold now.
    pub fixed: usize,
    /// The baseline without the claims whose words are gone from the notes that were verified, if there are
    /// such claims.
    pub left: Option<Baseline>,
}

/// How a note's path is written in the file: the same wherever gosnip is started.
pub type Naming<'n> = &'n dyn Fn(&str) -> String;

impl Baseline {
    /// Everything in `report` that would fail.
    pub fn of(report: &Report, settings: &ReportSettings, naming: Naming) -> Self {
        let mut prints = Fingerprints::new(naming);
        let mut known: Vec<Known> = Vec::new();
        for claim in &report.claims {
            let entry = prints.of_claim(claim);
            known.extend(
                exit::claim_fails(claim.verdict, claim.confidence, settings).then_some(entry),
            );
        }
        for finding in &report.findings {
            let entry = prints.of_finding(finding);
            known.extend(exit::finding_fails(finding, settings).then_some(entry));
        }
        // By note and then in the note's order, which sorting keeps.
        known.sort_by(|one, other| one.note.cmp(&other.note));
        Self { known }
    }

    /// The report without what is known, be it such that it would fail today or not.
    pub fn fresh(&self, report: &Report, settings: &ReportSettings, naming: Naming) -> Fresh {
        let mut left: BTreeSet<&str> = self
            .known
            .iter()
            .map(|it| it.fingerprint.as_str())
            .collect();
        let before = left.len();
        let mut fresh = report.clone();
        let mut prints = Fingerprints::new(naming);
        let mut present = BTreeSet::new();
        fresh.claims.retain(|claim| {
            let print = prints.of_claim(claim).fingerprint;
            // What `fail-on` leaves out today is wrong all the same.
            let wrong = matches!(
                claim.verdict,
                Verdict::Refuted | Verdict::Stale | Verdict::Unstable
            ) || exit::claim_fails(claim.verdict, claim.confidence, settings);
            let known = wrong && left.remove(print.as_str());
            present.insert(print);
            !known
        });
        fresh.findings.retain(|finding| {
            let print = prints.of_finding(finding).fingerprint;
            !left.remove(print.as_str())
        });
        let verified: BTreeSet<String> = report
            .blocks
            .iter()
            .map(|block| naming(&block.note))
            .collect();
        let unseen =
            |it: &Known| left.contains(it.fingerprint.as_str()) && verified.contains(&it.note);
        // Another Go or other settings may make a claim hold for once; words that are gone stay away.
        let gone = |it: &Known| unseen(it) && it.is_claim() && !present.contains(&it.fingerprint);
        let (dropped, kept): (Vec<Known>, Vec<Known>) = self.known.iter().cloned().partition(gone);
        let fixed = kept.iter().filter(|it| unseen(it)).count();
        let count = |verdict| {
            fresh
                .claims
                .iter()
                .filter(|claim| claim.verdict == verdict)
                .count() as u32
        };
        fresh.summary.claims = fresh.claims.len() as u32;
        fresh.summary.refuted = count(Verdict::Refuted);
        fresh.summary.stale = count(Verdict::Stale);
        fresh.summary.unstable = count(Verdict::Unstable);
        fresh.summary.unverified = count(Verdict::Unverified);
        let known = before - left.len();
        fresh.summary.known = known as u32;
        Fresh {
            report: fresh,
            known,
            fixed,
            left: (!dropped.is_empty()).then_some(Self { known: kept }),
        }
    }

    /// Read the file; `None` if there is none.
    pub fn load(path: &Utf8Path) -> anyhow::Result<Option<Self>> {
        match crate::bounded::text(path) {
            Ok(text) => serde_json::from_str(&text).map(Some).with_context(|| {
                format!("{path} is no baseline of gosnip; delete it and run `gosnip baseline`")
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("{path} cannot be read")),
        }
    }

    /// The file's text: one finding on each line, so that two branches merge.
    pub fn render(&self) -> serde_json::Result<String> {
        let lines: Result<Vec<String>, _> = self.known.iter().map(serde_json::to_string).collect();
        let lines: Vec<String> = lines?
            .into_iter()
            .map(|line| format!("    {line}"))
            .collect();
        Ok(match lines.is_empty() {
            true => "{\n  \"known\": []\n}\n".to_owned(),
            false => format!("{{\n  \"known\": [\n{}\n  ]\n}}\n", lines.join(",\n")),
        })
    }
}

impl Known {
    /// Whether it is a claim, by its rule: a verdict.
    fn is_claim(&self) -> bool {
        matches!(
            self.rule.as_str(),
            "refuted" | "stale" | "unstable" | "unverified"
        )
    }
}

/// Fingerprints, with a count of equal ones.
struct Fingerprints<'n> {
    naming: Naming<'n>,
    seen: BTreeMap<(String, String, String), u32>,
}

impl<'n> Fingerprints<'n> {
    fn new(naming: Naming<'n>) -> Self {
        Self {
            naming,
            seen: BTreeMap::new(),
        }
    }

    fn of_claim(&mut self, claim: &ClaimReport) -> Known {
        // All claims count, also the true ones: of two equal ones it is certain which is meant.
        let kind = format!("{:?}/{:?}", claim.kind, claim.form);
        let rule = match claim.verdict {
            Verdict::Stale => "stale",
            Verdict::Unstable => "unstable",
            Verdict::Unverified => "unverified",
            Verdict::Confirmed | Verdict::Refuted => "refuted",
        };
        self.of(&claim.note, rule, &kind, &claim.text)
    }

    fn of_finding(&mut self, finding: &Finding) -> Known {
        let text = match finding.excerpt.trim() {
            "" => finding.message.as_str(),
            excerpt => excerpt,
        };
        self.of(&finding.note, &finding.rule, &finding.rule, text)
    }

    fn of(&mut self, note: &str, rule: &str, kind: &str, text: &str) -> Known {
        let note = (self.naming)(note);
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let nth = self
            .seen
            .entry((note.clone(), kind.to_owned(), words.clone()))
            .or_insert(0);
        *nth += 1;
        let whole = format!("{note}\0{kind}\0{words}\0{nth}");
        Known {
            note,
            rule: rule.to_owned(),
            text: text.to_owned(),
            fingerprint: blake3::hash(whole.as_bytes()).to_hex()[..16].to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Confidence;
    use crate::report::fixture;

    fn as_is(note: &str) -> String {
        note.to_owned()
    }

    fn report(lines: &[(u32, Verdict)]) -> Report {
        let mut report = fixture::empty();
        for &(line, verdict) in lines {
            report
                .claims
                .push(fixture::claim("a.md", line, verdict, Confidence::Certain));
        }
        report
    }

    #[test]
    fn what_is_known_does_not_fail_and_what_is_new_does() {
        let settings = ReportSettings::default();
        let old = report(&[(1, Verdict::Refuted), (2, Verdict::Confirmed)]);
        let baseline = Baseline::of(&old, &settings, &as_is);
        assert_eq!(baseline.known.len(), 1);
        // The same finding on another line is known; the second of its kind is new.
        let fresh = baseline.fresh(
            &report(&[(9, Verdict::Refuted), (10, Verdict::Confirmed)]),
            &settings,
            &as_is,
        );
        assert_eq!(
            (fresh.report.claims.len(), fresh.known, fresh.fixed),
            (1, 1, 0)
        );
        let fresh = baseline.fresh(
            &report(&[(1, Verdict::Refuted), (2, Verdict::Refuted)]),
            &settings,
            &as_is,
        );
        assert_eq!((fresh.report.claims.len(), fresh.known), (1, 1));
        let lenient = ReportSettings {
            fail_on: [crate::settings::Failure::Unstable].into(),
            ..ReportSettings::default()
        };
        let fresh = baseline.fresh(&old, &lenient, &as_is);
        assert_eq!((fresh.known, fresh.fixed), (1, 0));
        let again: Baseline = serde_json::from_str(&baseline.render().unwrap()).unwrap();
        assert_eq!(again, baseline);
    }
}
