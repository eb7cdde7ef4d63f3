//! `--report github`: workflow commands, which GitHub Actions shows beside the lines they are about.
//!
//! GitHub shows ten errors and ten warnings of a step, and the rest in the log only, so the order
//! counts: the most certain ones come first, across all notes. The job's summary is `markdown`'s; see
//! [`super::deliver`].

use std::cmp::Reverse;

use super::paths::Paths;
use super::problem::{Problem, problems};
use super::{Report, Severity};
use crate::settings::ReportSettings;

/// The problems of `report` as workflow commands.
pub fn render(report: &Report, settings: &ReportSettings, paths: &Paths) -> String {
    let mut problems = problems(report, settings);
    problems.sort_by_key(|problem| (problem.severity() as u8, Reverse(problem.confidence())));
    problems
        .iter()
        .map(|problem| command(problem, paths))
        .collect()
}

fn command(problem: &Problem<'_>, paths: &Paths) -> String {
    let name = match problem.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let (line, column) = problem.position();
    let mut properties = vec![
        ("file", paths.from_root(problem.note())),
        ("line", line.to_string()),
        ("endLine", line.to_string()),
        ("col", column.to_string()),
    ];
    if let Some(end) = problem.end_column() {
        properties.push(("endColumn", end.to_string()));
    }
    properties.push(("title", format!("gosnip: {}", problem.rule())));
    let properties: Vec<String> = properties
        .iter()
        .map(|(key, value)| format!("{key}={}", property(value)))
        .collect();
    let mut message = problem.message();
    let evidence = problem.evidence();
    if !evidence.is_empty() {
        message.push('\n');
        message.push_str(&evidence);
    }
    format!("::{name} {}::{}\n", properties.join(","), data(&message))
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, which also may not hold what ends it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_stays_in_its_place_and_is_read_back(text in any::<String>()) {
            let written = property(&text);
            prop_assert!(!written.contains([',', ':', '\n', '\r']));
            // In the order in which GitHub's runner does it.
            let read = written
                .replace("%0D", "\r")
                .replace("%0A", "\n")
                .replace("%3A", ":")
                .replace("%2C", ",")
                .replace("%25", "%");
            prop_assert_eq!(read, text);
        }
    }
    use crate::report::fixture;

    #[test]
    fn each_problem_is_one_command_on_one_line() {
        let settings = ReportSettings::default();
        let text = render(&fixture::full(), &settings, &Paths::default());
        let shown = problems(&fixture::full(), &settings).len();
        assert_eq!(text.lines().count(), shown);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn nothing_ends_a_command_or_a_property_early() {
        assert_eq!(
            data("100%\r\n::error::x, 世界"),
            "100%25%0D%0A::error::x, 世界"
        );
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
        let mut report = fixture::empty();
        let mut finding = fixture::finding("unreadable", Severity::Error);
        finding.note = "a,b::c%.md".to_owned();
        finding.message = "bad\n::error file=x::y".to_owned();
        report.findings.push(finding);
        let text = render(&report, &ReportSettings::default(), &Paths::default());
        assert_eq!(
            text,
            "::error file=a%2Cb%3A%3Ac%25.md,line=7,endLine=7,col=2,\
             title=gosnip%3A unreadable::bad⏎::error file=x::y\n"
        );
    }
}
