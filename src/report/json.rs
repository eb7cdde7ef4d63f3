//! `--report json` and `--report jsonl`: the report for programs, in the contract's words.

use serde::Serialize;

use super::{BlockReport, ClaimReport, Finding, Go, Report, Sandbox, Summary, Tool};

/// The whole report as one indented document.
pub fn document(report: &Report) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}

/// A line of JSON for the head, each block, each claim, each finding and the summary; `type` says
/// which, the rest is as in the document.
pub fn lines(report: &Report) -> serde_json::Result<String> {
    let head = Line::Head {
        schema: report.schema,
        tool: &report.tool,
        go: &report.go,
        sandbox: &report.sandbox,
    };
    let all = std::iter::once(head)
        .chain(report.blocks.iter().map(Line::Block))
        .chain(report.claims.iter().map(Line::Claim))
        .chain(report.findings.iter().map(Line::Finding))
        .chain([Line::Summary(&report.summary)]);
    let mut text = String::new();
    for line in all {
        text.push_str(&serde_json::to_string(&line)?);
        text.push('\n');
    }
    Ok(text)
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Line<'r> {
    Head {
        schema: u32,
        tool: &'r Tool,
        go: &'r [Go],
        sandbox: &'r Sandbox,
    },
    Block(&'r BlockReport),
    Claim(&'r ClaimReport),
    Finding(&'r Finding),
    Summary(&'r Summary),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn the_document_has_the_shape_of_the_contract() {
        insta::assert_snapshot!(document(&fixture::small()).unwrap());
    }

    #[test]
    fn a_document_that_is_read_again_is_the_same_report() {
        let report = fixture::full();
        let text = document(&report).unwrap();
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    }

    #[test]
    fn every_line_is_an_object_that_says_what_it_is() {
        let report = fixture::full();
        let text = lines(&report).unwrap();
        let types: Vec<String> = text
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .map(|value| value["type"].as_str().unwrap().to_owned())
            .collect();
        let of = |what: &str| types.iter().filter(|it| *it == what).count();
        assert_eq!(types[0], "head");
        assert_eq!(of("block"), report.blocks.len());
        assert_eq!(of("claim"), report.claims.len());
        assert_eq!(of("finding"), report.findings.len());
        assert_eq!(types[types.len() - 1], "summary");
    }
}
