//! One problem: what is wrong, the note's line with the claim underlined, and what goes with it. The
//! interface to the `annotate-snippets` crate is here only.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::diff;
use crate::report::problem::Problem;
use crate::report::text::{line, pictured};
use crate::report::wording::Wording;
use crate::report::{ClaimReport, Severity};

/// The rendered problem, without a line break at the end.
pub fn render(problem: Problem<'_>, width: usize) -> String {
    let (name, id) = problem.name();
    let title = level(problem.severity())
        .with_name(name)
        .primary_title(problem.message())
        .id(id);
    let group = place(title.elements(Vec::<Origin<'_>>::new()), problem, width);
    let group = match problem {
        Problem::Claim(claim) => details(group, claim, width),
        Problem::Finding(_) => group,
    };
    Renderer::styled().term_width(width).render(&[group])
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// Where it is: the line of the note, or just its number if the report does not hold the line.
fn place<'p>(group: Group<'p>, problem: Problem<'p>, width: usize) -> Group<'p> {
    let note = line(problem.note());
    let (mut row, column) = problem.position();
    let (excerpt, end_column, label) = match problem {
        Problem::Claim(claim) => {
            let label = Wording::new(claim).label();
            (&claim.excerpt, Some(claim.end_column), label)
        }
        Problem::Finding(finding) => (&finding.excerpt, None, None),
    };
    let columns = column..end_column.unwrap_or(u32::MAX);
    let (mut source, mut span) = underlined(excerpt, columns);
    // The fence of a listing says nothing: a single line below it is what is wrong; in several, the difference shows
    // it.
    if is_fence(&source)
        && let Problem::Claim(claim) = problem
        && claim.text.trim().lines().count() == 1
    {
        row += 1;
        (source, span) = underlined(claim.text.trim(), 1..u32::MAX);
    }
    if source.is_empty() || is_fence(&source) {
        let origin = Origin::path(note)
            .line(row as usize)
            .char_column(column as usize);
        return group.element(origin);
    }
    let (source, span, label) = fitted(source, span, label, width, row);
    let annotation = AnnotationKind::Primary.span(span).label(label);
    group.element(
        Snippet::source(source)
            .path(note)
            .line_start(row as usize)
            .annotation(annotation),
    )
}

/// Whether a line is only the start of a code block.
fn is_fence(line: &str) -> bool {
    let mark = line.trim_start_matches([' ', '\t', '>', '-', '*', '+']);
    mark.starts_with("```") || mark.starts_with("~~~")
}

/// A line of a note made fit to be shown, and the bytes of it that stand at `columns` of the line.
fn underlined(excerpt: &str, columns: Range<u32>) -> (String, Range<usize>) {
    let shown = pictured(excerpt.lines().next().unwrap_or_default().trim_end());
    let byte = |column: u32| {
        shown
            .char_indices()
            .nth(column.saturating_sub(1) as usize)
            .map_or(shown.len(), |(at, _)| at)
    };
    let start = byte(columns.start);
    let end = byte(columns.end).max(start);
    (shown, start..end)
}

/// The same, where a long claim ends with what `width` has room for, and without a label that has no room. The headline
/// says both in full.
fn fitted(
    mut source: String,
    span: Range<usize>,
    label: Option<String>,
    width: usize,
    row: u32,
) -> (String, Range<usize>, Option<String>) {
    // `12 | ...` in front of it, and a blank.
    let room = width.saturating_sub(row.to_string().len() + 7).max(10);
    let mut used = 0;
    let end = source[span.clone()]
        .char_indices()
        .find_map(|(at, c)| {
            used += c.width().unwrap_or_default();
            (used > room).then_some(span.start + at)
        })
        .unwrap_or(span.end);
    if end < span.end {
        source.truncate(end);
        source.push('…');
    }
    let label = label.filter(|label| used + 1 + label.width() <= room);
    (source, span.start..end, label)
}

/// What goes with a claim: since when, how to mend it, why, and the difference.
fn details<'p>(mut group: Group<'p>, claim: &'p ClaimReport, width: usize) -> Group<'p> {
    let wording = Wording::new(claim);
    for (name, text) in wording.details() {
        group = group.element(Level::NOTE.with_name(name).message(text));
    }
    if wording.needs_diff() {
        let diff = diff::render(&wording.expected(), &claim.observed, width);
        group = group.element(Level::NOTE.with_name("diff").message(diff));
    }
    group
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_underlined_bytes_are_those_of_the_columns() {
        let of = |excerpt: &str, columns| {
            let (shown, span) = underlined(excerpt, columns);
            shown[span].to_owned()
        };
        assert_eq!(of("f() // 输出: 3", 8..13), "输出: 3");
        assert_eq!(of("\tx := 1 // 1", 9..13), "// 1");
        assert_eq!(of("\x1b[31m3", 6..7), "3");
        assert_eq!(of("two\nlines", 1..99), "two");
        assert_eq!(of("short", 3..99), "ort");
        assert_eq!(of("short", 99..120), "");
    }

    #[test]
    fn a_long_claim_ends_with_the_terminal() {
        let of = |source: &str, label: &str| {
            let (source, span, label) = fitted(
                source.to_owned(),
                3..source.len(),
                Some(label.to_owned()),
                20,
                7,
            );
            (source[span].to_owned(), source, label)
        };
        assert_eq!(
            of("// 很长的一行文字", "is 3"),
            (
                "很长的一行文".to_owned(),
                "// 很长的一行文…".to_owned(),
                None
            )
        );
        assert_eq!(of("// 很长", "is 3").2.as_deref(), Some("is 3"));
    }
}
