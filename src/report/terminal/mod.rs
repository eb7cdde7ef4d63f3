//! `--report terminal`: for people. Problems with the note's line and what is wrong in it, with `-v`
//! everything else in lists, and at the end the summary.
//!
//! It is always rendered with colours; the writer takes them off where they are not wanted.

mod diagnostic;
mod diff;
mod listing;
mod summary;
pub mod wrap;

use anstyle::{AnsiColor, Style};

use super::Report;
use super::links::Links;
use super::problem::problems;
use super::text::line;
use crate::exit::{ExitCode, judge};
use crate::settings::{ReportSettings, Verbosity};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default();
const RED: Style = AnsiColor::Red.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();

/// Less than this is not enough to show anything; a narrower terminal has to wrap.
const NARROWEST: usize = 40;

/// `report` for a terminal of `width` columns, in which places in notes are `links`.
pub fn render(report: &Report, settings: &ReportSettings, width: usize, links: &Links) -> String {
    let width = width.max(NARROWEST);
    if settings.verbosity == Verbosity::Quiet {
        return match judge(report, settings) {
            ExitCode::Success => String::new(),
            _ => summary::short(report),
        };
    }
    let mut out = String::new();
    for problem in problems(report, settings) {
        let (row, column) = problem.position();
        let place = format!("{}:{row}:{column}", line(problem.note()));
        let shown = diagnostic::render(problem, width);
        out.push_str(&links.link(shown, &place, problem.note()));
        out.push_str("\n\n");
    }
    if settings.verbosity == Verbosity::Verbose {
        out.push_str(&listing::render(report));
    }
    out.push_str(&listing::coverage(&report.coverage));
    out.push_str(&summary::render(report, settings));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn rendered(verbosity: Verbosity, width: usize) -> String {
        let settings = ReportSettings {
            verbosity,
            ..ReportSettings::default()
        };
        let text = render(&fixture::full(), &settings, width, &Links::default());
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn a_wide_terminal() {
        insta::assert_snapshot!(rendered(Verbosity::Normal, 140));
    }

    #[test]
    fn a_narrow_terminal() {
        insta::assert_snapshot!(rendered(Verbosity::Normal, 50));
    }

    #[test]
    fn verbose() {
        insta::assert_snapshot!(rendered(Verbosity::Verbose, 100));
    }

    #[test]
    fn quiet() {
        insta::assert_snapshot!(rendered(Verbosity::Quiet, 100));
    }

    #[test]
    fn quiet_says_nothing_if_nothing_is_wrong() {
        let settings = ReportSettings {
            verbosity: Verbosity::Quiet,
            ..ReportSettings::default()
        };
        assert_eq!(
            render(&fixture::empty(), &settings, 100, &Links::default()),
            ""
        );
    }

    #[test]
    fn nothing_from_outside_reaches_the_terminal_as_a_control_character() {
        for verbosity in [Verbosity::Normal, Verbosity::Verbose] {
            let text = rendered(verbosity, 100);
            let bad = text
                .chars()
                .find(|&c| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c));
            assert_eq!(bad, None, "{text}");
            assert!(
                !text
                    .lines()
                    .any(|line| line.starts_with("summary: all is well"))
            );
        }
    }
}
