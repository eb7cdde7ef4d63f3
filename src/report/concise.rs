//! `--report concise`: `note:line:column: rule: message`, a line for each problem.

use super::Report;
use super::problem::problems;
use super::text::line;
use crate::settings::ReportSettings;

/// The problems of `report`, as editors and `grep` like them.
pub fn render(report: &Report, settings: &ReportSettings) -> String {
    let mut lines = String::new();
    for problem in problems(report, settings) {
        let note = line(problem.note());
        let (row, column) = problem.position();
        let (rule, message) = (problem.rule(), problem.message());
        lines.push_str(&format!("{note}:{row}:{column}: {rule}: {message}\n"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn each_problem_is_one_line_that_starts_with_its_place() {
        insta::assert_snapshot!(render(&fixture::full(), &ReportSettings::default()));
    }
}
