//! `--report junit`: every claim is a test case, every note a suite, as Jenkins, GitLab and others read
//! it.
//!
//! What makes the exit code 1 is a failure, a note that can't be read an error, what was not decided is
//! skipped. A block without claims is a case too, so that nothing is dropped silently. Only elements and
//! attributes of the Surefire schema are written (no `skipped` on `testsuites`, which is why the
//! writer is our own).

use super::paths::Paths;
use super::problem::{Problem, kind_name, verdict_name};
use super::text::{line, shorten};
use super::xml::Xml;
use super::{BlockReport, Report, Status, Verdict};
use crate::settings::ReportSettings;

/// The widest text of a claim in a case's name.
const WIDEST: usize = 60;

/// `report` as a JUnit document.
pub fn render(report: &Report, settings: &ReportSettings, paths: &Paths) -> String {
    let suites: Vec<Suite> = notes(report)
        .into_iter()
        .map(|note| Suite::of(report, note, settings, paths))
        .collect();
    let count = |of: fn(&Suite) -> usize| suites.iter().map(of).sum::<usize>().to_string();
    let mut xml = Xml::new();
    xml.open(
        "testsuites",
        &[
            ("name", "gosnip"),
            ("tests", &count(|suite| suite.cases.len())),
            ("failures", &count(Suite::failures)),
            ("errors", &count(Suite::errors)),
            ("time", &format!("{:.3}", report.summary.seconds)),
        ],
    );
    let conditions = conditions(report);
    for suite in &suites {
        suite.write(&mut xml, &conditions);
    }
    xml.finish()
}

/// Under which conditions it was verified: readers of a suite have nothing else to see it by.
fn conditions(report: &Report) -> Vec<(&'static str, String)> {
    let go = report
        .go
        .iter()
        .map(|go| ("go", line(&go.version).into_owned()));
    let level = line(&report.sandbox.level).into_owned();
    go.chain([("sandbox", level)]).collect()
}

/// The notes in the report's order.
fn notes(report: &Report) -> Vec<&str> {
    let mut notes: Vec<&str> = Vec::new();
    let blocks = report.blocks.iter().map(|it| it.note.as_str());
    let claims = report.claims.iter().map(|it| it.note.as_str());
    let findings = report.findings.iter().map(|it| it.note.as_str());
    let mut seen = std::collections::HashSet::new();
    for note in blocks.chain(claims).chain(findings) {
        if seen.insert(note) {
            notes.push(note);
        }
    }
    notes
}

struct Suite {
    note: String,
    cases: Vec<Case>,
}

struct Case {
    line: u32,
    name: String,
    result: Outcome,
}

enum Outcome {
    Passed,
    Skipped(String),
    Failure(Trouble),
    Error(Trouble),
    /// Wrong, but not failing: what is wrong.
    Remark(String),
}

struct Trouble {
    rule: String,
    message: String,
    body: String,
}

impl Suite {
    fn of(report: &Report, note: &str, settings: &ReportSettings, paths: &Paths) -> Self {
        let path = paths.from_root(note);
        let claims = report.claims.iter().filter(|it| it.note == note);
        let mut cases: Vec<Case> = claims
            .clone()
            .map(|claim| {
                let text = line(claim.text.trim()).into_owned();
                Case {
                    line: claim.line,
                    name: format!("{} `{}`", kind_name(claim.kind), shorten(&text, WIDEST)),
                    result: outcome(Problem::Claim(claim), settings, &path),
                }
            })
            .collect();
        let bare = report.blocks.iter().filter(|block| {
            block.note == note && !claims.clone().any(|claim| claim.block == block.id)
        });
        cases.extend(bare.map(block));
        let findings = report.findings.iter().filter(|it| it.note == note);
        cases.extend(findings.map(|finding| Case {
            line: finding.line,
            name: line(&finding.rule).into_owned(),
            result: outcome(Problem::Finding(finding), settings, &path),
        }));
        cases.sort_by_key(|case| case.line);
        Self { note: path, cases }
    }

    fn failures(&self) -> usize {
        let failed = |case: &&Case| matches!(case.result, Outcome::Failure(_));
        self.cases.iter().filter(failed).count()
    }

    fn errors(&self) -> usize {
        let failed = |case: &&Case| matches!(case.result, Outcome::Error(_));
        self.cases.iter().filter(failed).count()
    }

    fn skipped(&self) -> usize {
        let skipped = |case: &&Case| matches!(case.result, Outcome::Skipped(_));
        self.cases.iter().filter(skipped).count()
    }

    fn write(&self, xml: &mut Xml, conditions: &[(&'static str, String)]) {
        xml.open(
            "testsuite",
            &[
                ("name", &self.note),
                ("tests", &self.cases.len().to_string()),
                ("failures", &self.failures().to_string()),
                ("errors", &self.errors().to_string()),
                ("skipped", &self.skipped().to_string()),
                ("file", &self.note),
            ],
        );
        xml.open("properties", &[]);
        for (name, value) in conditions {
            xml.leaf("property", &[("name", name), ("value", value)], "");
        }
        xml.close();
        for case in &self.cases {
            case.write(xml, &self.note);
        }
        xml.close();
    }
}

impl Case {
    fn write(&self, xml: &mut Xml, note: &str) {
        let name = format!("{}: {}", self.line, self.name);
        let attributes = [("name", name.as_str()), ("classname", note)];
        if matches!(self.result, Outcome::Passed) {
            xml.leaf("testcase", &attributes, "");
            return;
        }
        xml.open("testcase", &attributes);
        match &self.result {
            Outcome::Passed => {}
            Outcome::Skipped(why) => xml.leaf("skipped", &[("message", why)], ""),
            Outcome::Failure(trouble) => trouble.write(xml, "failure"),
            Outcome::Error(trouble) => trouble.write(xml, "error"),
            Outcome::Remark(text) => xml.leaf("system-out", &[], text),
        }
        xml.close();
    }
}

impl Trouble {
    fn write(&self, xml: &mut Xml, element: &'static str) {
        let attributes = [("type", &*self.rule), ("message", &*self.message)];
        xml.leaf(element, &attributes, &self.body);
    }
}

fn outcome(problem: Problem<'_>, settings: &ReportSettings, path: &str) -> Outcome {
    let (row, column) = problem.position();
    let message = problem.message();
    let mut body = format!("{path}:{row}:{column}: {message}");
    let evidence = problem.evidence();
    if !evidence.is_empty() {
        body.push('\n');
        body.push_str(&evidence);
    }
    if problem.fails(settings) {
        let trouble = Trouble {
            rule: problem.rule().into_owned(),
            message,
            body,
        };
        return match problem {
            Problem::Finding(finding) if finding.rule == "unreadable" => Outcome::Error(trouble),
            _ => Outcome::Failure(trouble),
        };
    }
    match problem {
        Problem::Claim(claim) => match claim.verdict {
            Verdict::Confirmed => Outcome::Passed,
            Verdict::Unverified => Outcome::Skipped(line(&claim.reason).into_owned()),
            verdict => Outcome::Remark(format!("{}: {body}", verdict_name(verdict))),
        },
        Problem::Finding(_) => Outcome::Remark(body),
    }
}

fn block(block: &BlockReport) -> Case {
    let reason = || match block.reason.as_str() {
        "" => "not run".to_owned(),
        reason => line(reason).into_owned(),
    };
    let (name, result) = match block.status {
        Status::Ran => ("block runs", Outcome::Passed),
        Status::Compiled => ("block compiles", Outcome::Passed),
        Status::NotGo => ("block is not Go", Outcome::Skipped(reason())),
        Status::Incomplete => ("block is incomplete", Outcome::Skipped(reason())),
        Status::Broken => ("block does not compile", Outcome::Skipped(reason())),
        Status::Declined => ("block was declined", Outcome::Skipped(reason())),
        Status::Skipped => ("block is skipped", Outcome::Skipped(reason())),
    };
    Case {
        line: block.line,
        name: name.to_owned(),
        result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn rendered() -> String {
        let settings = ReportSettings::default();
        render(&fixture::full(), &settings, &Paths::default())
    }

    #[test]
    fn every_claim_block_and_finding_is_a_case() {
        insta::assert_snapshot!(rendered());
    }

    /// What `junit-10.xsd`, the schema of Jenkins and Surefire, allows: element, attributes, children.
    const SCHEMA: [(&str, &[&str], &[&str]); 9] = [
        (
            "testsuites",
            &["name", "time", "tests", "failures", "errors"],
            &["testsuite"],
        ),
        (
            "testsuite",
            &[
                "name", "tests", "failures", "errors", "skipped", "file", "time",
            ],
            &["properties", "testcase"],
        ),
        ("properties", &[], &["property"]),
        ("property", &["name", "value"], &[]),
        (
            "testcase",
            &["name", "classname", "time"],
            &["skipped", "failure", "error", "system-out"],
        ),
        ("failure", &["type", "message"], &[]),
        ("error", &["type", "message"], &[]),
        ("skipped", &["type", "message"], &[]),
        ("system-out", &[], &[]),
    ];

    #[test]
    fn only_what_the_schema_allows_is_written() {
        let text = rendered();
        let mut open: Vec<String> = Vec::new();
        let mut rest = text.split_once("?>").unwrap().1;
        while let Some((_, tag)) = rest.split_once('<') {
            let (tag, after) = tag.split_once('>').unwrap();
            rest = after;
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop().as_deref(), Some(name));
                continue;
            }
            let name = tag.split([' ', '/']).next().unwrap();
            let (_, attributes, _) = SCHEMA.iter().find(|row| row.0 == name).unwrap();
            // Values hold no quotes, so what stands before `="` is a name.
            let mut parts = tag.split('"');
            while let (Some(key), Some(_)) = (parts.next(), parts.next()) {
                let key = key.trim_end_matches('=').trim_start_matches(name).trim();
                assert!(attributes.contains(&key), "{name} {key}");
            }
            match open.last() {
                Some(parent) => {
                    let row = SCHEMA.iter().find(|row| row.0 == parent).unwrap();
                    assert!(row.2.contains(&name), "{name} in {parent}");
                }
                None => assert_eq!(name, "testsuites"),
            }
            if !tag.ends_with('/') {
                open.push(name.to_owned());
            }
        }
        assert!(open.is_empty());
    }

    #[test]
    fn the_counts_are_those_of_the_cases() {
        let text = rendered();
        let count = |what: &str| text.matches(what).count();
        let head = text.lines().nth(1).unwrap();
        assert!(
            head.contains(&format!("tests=\"{}\"", count("<testcase "))),
            "{head}"
        );
        assert!(
            head.contains(&format!("failures=\"{}\"", count("<failure "))),
            "{head}"
        );
        assert!(count("<failure ") > 0 && count("<skipped ") > 0);
    }

    #[test]
    fn a_note_that_cannot_be_read_is_an_error() {
        let mut report = fixture::empty();
        let unreadable = fixture::finding("unreadable", crate::report::Severity::Error);
        report.findings.push(unreadable);
        let text = render(&report, &ReportSettings::default(), &Paths::default());
        assert!(text.contains("errors=\"1\"") && text.contains("<error type=\"unreadable\""));
    }
}
