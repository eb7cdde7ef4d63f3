//! `--report markdown`: for comments on pull requests and for summaries of jobs.
//!
//! Text from notes and programs gets there only as code, so that it can't become markup.

use std::fmt::Write as _;

use super::problem::{Problem, problems};
use super::text::{count, line};
use super::wording::Wording;
use super::{Report, Severity, diff};
use crate::exit::{ExitCode, judge};
use crate::settings::ReportSettings;

/// The most problems that are listed.
const LISTED: usize = 300;

/// After this many bytes no more are listed: GitHub takes no summary above 1 MiB.
const MOST: usize = 900_000;

/// The most lines of a difference.
const DIFF: usize = 40;

/// `report` as Markdown.
pub fn render(report: &Report, settings: &ReportSettings) -> String {
    let mut text = String::from("## gosnip\n\n");
    let known = report.summary.known;
    text.push_str(match judge(report, settings) {
        ExitCode::Success if known > 0 => "✅ Nothing new is wrong.",
        ExitCode::Success => "✅ Nothing is wrong.",
        _ => "❌ Some of what the notes say is not so.",
    });
    if known > 0 {
        let be = if known == 1 { "is" } else { "are" };
        let _ = write!(text, " {} {be} known from before.", count(known, "finding"));
    }
    text.push('\n');
    text.push_str(&counts(report));
    let problems = problems(report, settings);
    let (mut note, mut listed) = ("", 0);
    for problem in &problems {
        if listed == LISTED || text.len() > MOST {
            break;
        }
        listed += 1;
        if problem.note() != note {
            note = problem.note();
            // Writing to a String does not fail.
            let _ = write!(text, "\n### {}\n\n", code(note));
        }
        text.push_str(&entry(problem));
    }
    if problems.len() > listed {
        let _ = write!(text, "\n… and {} more.\n", problems.len() - listed);
    }
    let _ = write!(text, "\n{}\n", conditions(report));
    text
}

fn counts(report: &Report) -> String {
    let summary = &report.summary;
    format!(
        "\n| notes | blocks | ran | claims | confirmed | refuted | stale | unstable | unverified |\n\
         | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n\
         | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
        summary.notes,
        summary.blocks,
        summary.ran,
        summary.claims,
        summary.confirmed,
        summary.refuted,
        summary.stale,
        summary.unstable,
        summary.unverified
    )
}

fn entry(problem: &Problem<'_>) -> String {
    let icon = match problem.severity() {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Note => "ℹ️",
    };
    let (row, _) = problem.position();
    let mut text = format!(
        "- {icon} line {row}, {}: {}\n",
        code(&problem.rule()),
        sentence(problem)
    );
    let Problem::Claim(claim) = problem else {
        return text;
    };
    let wording = Wording::new(claim);
    for (name, detail) in wording.details() {
        let _ = writeln!(text, "  - {name}: {}", prose(&detail));
    }
    if wording.needs_diff() {
        let diff = diff::plain(&wording.expected(), &claim.observed, DIFF);
        let fence = fence(&diff);
        let _ = write!(text, "\n  {fence}diff\n");
        for one in diff.lines() {
            let _ = writeln!(text, "  {one}");
        }
        let _ = write!(text, "  {fence}\n\n");
    }
    text
}

fn sentence(problem: &Problem<'_>) -> String {
    prose(&problem.message())
}

/// A sentence of ours with `` `quoted` `` text: the quoted parts stay code, whatever they hold, and the
/// rest is escaped. An odd number of backticks means that a quoted text holds one: then all is code.
fn prose(sentence: &str) -> String {
    let parts: Vec<&str> = sentence.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return code(sentence);
    }
    parts
        .iter()
        .enumerate()
        .map(|(at, part)| match at % 2 {
            0 => escape(part),
            _ => code(part),
        })
        .collect()
}

/// `text` as inline code: with more backticks around it than it has within.
fn code(text: &str) -> String {
    let text = line(text);
    if text.is_empty() {
        return String::new();
    }
    let ticks = "`".repeat(longest_run(&text, '`') + 1);
    // A blank on each side is taken off again; without it a backtick at an end would join the fence.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

fn fence(text: &str) -> String {
    "`".repeat(longest_run(text, '`').max(2) + 1)
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}

/// Every character that could be markup with a backslash before it; `@` and `#` so that nobody is
/// called and no issue linked.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\`*_{}[]<>()#+!|~^@&$".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn conditions(report: &Report) -> String {
    let mut parts: Vec<String> = report
        .go
        .iter()
        .map(|go| escape(&line(&go.version)))
        .collect();
    parts.push(format!("sandbox: {}", escape(&line(&report.sandbox.level))));
    let summary = &report.summary;
    parts.push(count(summary.programs(), "program"));
    parts.push(format!("{:.1} s", summary.seconds));
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;
    use crate::report::fixture;

    /// What a reader sees of `markdown`, if it is one paragraph of plain text and code; what stands in
    /// code, in front of `|`.
    fn read(markdown: &str) -> Option<String> {
        let mut text = String::new();
        for event in Parser::new_ext(markdown, Options::all()) {
            match event {
                Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
                Event::Text(part) => text.push_str(&part),
                Event::Code(part) => text.push_str(&part),
                _ => return None,
            }
        }
        Some(text)
    }

    proptest! {
        #[test]
        fn any_text_stays_text(text in "\\PC{1,40}", marks in "[`*_<>&#|!$~\\[\\]()\\\\ a-z-]{1,30}") {
            for text in [text, marks] {
                // Blanks at the ends and in a row are not what this is about.
                let words: Vec<&str> = text.split_whitespace().collect();
                let text = words.join(" ");
                prop_assume!(!text.is_empty());
                let shown = line(&text).into_owned();
                prop_assert_eq!(read(&format!("x {}", code(&text))), Some(format!("x {shown}")));
                let sentence = format!("the note says `{}`, so", text.replace('`', "'"));
                let plain = sentence.replace('`', "");
                let plain = line(&plain).into_owned();
                prop_assert_eq!(read(&prose(&sentence)), Some(plain));
                let plain = read(&format!("x {}", prose(&text)));
                prop_assert!(plain.is_some());
            }
        }
    }

    #[test]
    fn problems_are_listed_note_by_note() {
        let settings = ReportSettings::default();
        insta::assert_snapshot!(render(&fixture::full(), &settings));
    }

    #[test]
    fn nothing_wrong_is_said_so() {
        let text = render(&fixture::empty(), &ReportSettings::default());
        assert!(text.contains("Nothing is wrong"));
    }

    #[test]
    fn a_summary_stays_below_what_github_takes() {
        let mut report = fixture::empty();
        for line in 0..1000 {
            let mut finding = fixture::finding("unreadable", Severity::Error);
            (finding.line, finding.message) = (line, "x".repeat(10_000));
            report.findings.push(finding);
        }
        let text = render(&report, &ReportSettings::default());
        assert!(text.len() < 1 << 20, "{}", text.len());
        assert!(text.contains("… and 9"));
    }

    #[test]
    fn text_from_notes_cannot_become_markup() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(
            prose("the note says `<b>`, *so*"),
            r"the note says `<b>`, \*so\*"
        );
        assert_eq!(prose("odd ` one <b>"), "``odd ` one <b>``");
        let mut report = fixture::empty();
        let mut finding = fixture::finding("unreadable", Severity::Error);
        finding.message = "<script>alert(1)</script> ![x](y) @all".to_owned();
        report.findings.push(finding);
        let text = render(&report, &ReportSettings::default());
        assert!(
            text.contains(r"\<script\>alert\(1\)\</script\> \!\[x\]\(y\) \@all"),
            "{text}"
        );
    }
}
