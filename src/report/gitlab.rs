//! `--report gitlab`: GitLab's code quality report, which merge requests show.

use serde::Serialize;

use super::paths::Paths;
use super::problem::{fingerprints, problems};
use super::{Report, Severity};
use crate::settings::ReportSettings;

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: &'r str,
    fingerprint: &'r str,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// The problems of `report` as a JSON array.
pub fn render(
    report: &Report,
    settings: &ReportSettings,
    paths: &Paths,
) -> serde_json::Result<String> {
    let problems = problems(report, settings);
    let prints = fingerprints(&problems, |note| paths.from_root(note));
    let rules: Vec<_> = problems.iter().map(|problem| problem.rule()).collect();
    let issues: Vec<Issue> = problems
        .iter()
        .zip(&rules)
        .zip(&prints)
        .map(|((problem, rule), fingerprint)| {
            let (line, _) = problem.position();
            Issue {
                description: format!("{rule}: {}", problem.message()),
                check_name: rule,
                fingerprint,
                severity: severity(problem.severity()),
                location: Location {
                    path: paths.from_root(problem.note()),
                    lines: Lines {
                        begin: line,
                        end: line,
                    },
                },
            }
        })
        .collect();
    let mut text = serde_json::to_string_pretty(&issues)?;
    text.push('\n');
    Ok(text)
}

/// GitLab's word for a severity.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Note => "info",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::report::fixture;

    #[test]
    fn problems_are_issues_with_a_fingerprint_each() {
        let settings = ReportSettings::default();
        let text = render(&fixture::full(), &settings, &Paths::default()).unwrap();
        let issues: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        let prints: BTreeSet<_> = issues.iter().map(|it| it["fingerprint"].as_str()).collect();
        assert_eq!(prints.len(), issues.len());
        insta::assert_snapshot!(text);
    }

    #[test]
    fn nothing_wrong_is_an_empty_array() {
        let settings = ReportSettings::default();
        let text = render(&fixture::empty(), &settings, &Paths::default()).unwrap();
        assert_eq!(text, "[]\n");
    }
}
