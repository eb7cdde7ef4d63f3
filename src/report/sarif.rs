//! `--report sarif`: SARIF 2.1.0, for GitHub's code scanning and others.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Value, json};

use super::paths::{Paths, uri};
use super::problem::{Problem, fingerprints, problems};
use super::{Report, Severity, rules};
use crate::settings::ReportSettings;

/// `report` as a SARIF log.
pub fn render(
    report: &Report,
    settings: &ReportSettings,
    paths: &Paths,
) -> serde_json::Result<String> {
    let problems = problems(report, settings);
    let used: BTreeSet<String> = problems.iter().map(|it| it.rule().into_owned()).collect();
    let used: Vec<String> = used.into_iter().collect();
    let prints = fingerprints(&problems, |note| paths.from_root(note));
    let results: Vec<Value> = problems
        .iter()
        .zip(&prints)
        .map(|(problem, print)| result(problem, print, &used, paths))
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": report.tool.name,
                "version": report.tool.version,
                "semanticVersion": report.tool.version,
                "rules": used.iter().map(|id| rule(id)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": {
                "summary": report.summary,
                "go": report.go.iter().map(|go| &go.version).collect::<Vec<_>>(),
                "sandbox": report.sandbox.level,
            },
        }],
    });
    pretty(&log)
}

fn pretty(value: &impl Serialize) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(text)
}

/// SARIF's word for a severity.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn rule(id: &str) -> Value {
    let Some(rule) = rules::get(id) else {
        return json!({"id": id});
    };
    json!({
        "id": rule.id,
        "name": pascal_case(&rule.id),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.title},
        "help": {"text": rule.text, "markdown": rule.text},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {"tags": ["documentation", "go"]},
    })
}

/// `refuted-stdout` as `RefutedStdout`, which is how SARIF wants names.
fn pascal_case(id: &str) -> String {
    id.split('-')
        .flat_map(|word| {
            let mut chars = word.chars();
            let first = chars.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(chars)
        })
        .collect()
}

fn result(problem: &Problem<'_>, fingerprint: &str, used: &[String], paths: &Paths) -> Value {
    let rule = problem.rule();
    let evidence = problem.evidence();
    let text = match evidence.as_str() {
        "" => problem.message(),
        evidence => format!("{}\n{evidence}", problem.message()),
    };
    json!({
        "ruleId": rule,
        "ruleIndex": used.iter().position(|id| *id == rule),
        "level": level(problem.severity()),
        "message": {"text": text},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": uri(&paths.from_root(problem.note()))},
            "region": region(problem),
        }}],
        "partialFingerprints": {"gosnip/v1": fingerprint},
    })
}

fn region(problem: &Problem<'_>) -> Value {
    let (line, column) = problem.position();
    let mut region = json!({"startLine": line, "startColumn": column});
    if let Some(end) = problem.end_column() {
        region["endLine"] = line.into();
        region["endColumn"] = end.into();
    }
    if !problem.excerpt().is_empty() {
        region["snippet"] = json!({"text": problem.excerpt()});
    }
    region
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn log() -> Value {
        let settings = ReportSettings::default();
        let text = render(&fixture::full(), &settings, &Paths::default()).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn problems_are_results() {
        let mut log = log();
        // The rules' pages have tests of their own.
        for rule in log["runs"][0]["tool"]["driver"]["rules"]
            .as_array_mut()
            .unwrap()
        {
            rule.as_object_mut().unwrap().remove("help");
        }
        insta::assert_snapshot!(pretty(&log).unwrap());
    }

    #[test]
    fn every_result_has_its_rule_and_a_fingerprint_of_its_own() {
        let log = log();
        let run = &log["runs"][0];
        let mut prints = BTreeSet::new();
        let results = run["results"].as_array().unwrap();
        for result in results {
            let index = result["ruleIndex"].as_u64().unwrap() as usize;
            assert_eq!(
                run["tool"]["driver"]["rules"][index]["id"],
                result["ruleId"]
            );
            prints.insert(result["partialFingerprints"]["gosnip/v1"].as_str().unwrap());
        }
        assert_eq!(prints.len(), results.len());
    }

    #[test]
    fn a_fingerprint_survives_lines_that_come_before_it() {
        let print = |shift: u32| {
            let mut report = fixture::full();
            for claim in &mut report.claims {
                claim.line += shift;
                claim.block_line += shift;
            }
            let settings = ReportSettings::default();
            let shown = problems(&report, &settings);
            let mut prints = fingerprints(&shown, str::to_owned);
            prints.sort();
            prints
        };
        assert_eq!(print(0), print(7));
    }

    #[test]
    fn chinese_file_names_are_uris() {
        let text = log().to_string();
        assert!(text.contains("%E9%97%AD%E5%8C%85.md") && !text.contains("\"uri\":\"闭包"));
    }
}
