//! A note in the page: its lines as they are, numbered, with marks at those that claims are on.
//!
//! Each run of lines is an `<ol start=N>`, so that numbers cost nothing and are no part of what is copied.
//! A line with a claim is a `<details>`, with the line itself as what is clicked.

use std::collections::BTreeMap;

use super::markup::Markup;
use super::{NoteView, evidence, go};
use crate::note::Origin;
use crate::position::LineIndex;
use crate::report::paths::uri;
use crate::report::problem::{Problem, kind_name, verdict_name};
use crate::report::text::line;
use crate::report::{BlockReport, Shape, Status, Verdict};

/// Write the note.
pub fn write(markup: &mut Markup, note: &NoteView) {
    markup.open("section", &[("class", "note"), ("id", &note.anchor)]);
    let href = format!("#{}", uri(&note.anchor));
    markup
        .raw("\n<h2>")
        .element("a", &[("href", &href)], note.path)
        .raw("</h2>\n");
    match note.text {
        Some(text) => lines(markup, note, text),
        None => excerpts(markup, note),
    }
    markup.raw("</section>\n");
}

/// What stands on each line, by line.
type ByLine<'v, 'r> = BTreeMap<u32, Vec<&'v Problem<'r>>>;

fn by_line<'v, 'r>(note: &'v NoteView<'r>, last: u32) -> ByLine<'v, 'r> {
    let mut by_line = ByLine::new();
    for problem in &note.problems {
        let line = problem.position().0.clamp(1, last.max(1));
        by_line.entry(line).or_default().push(problem);
    }
    by_line
}

/// Only the lines with claims, where the text is not known.
fn excerpts(markup: &mut Markup, note: &NoteView) {
    let problems = by_line(note, u32::MAX);
    if problems.is_empty() {
        return;
    }
    markup.raw("<ol class=\"c\">\n");
    for (line, on_line) in &problems {
        let excerpt = on_line.first().map_or("", |problem| problem.excerpt());
        marked_line(markup, note, *line, on_line, |markup| {
            markup.text(excerpt);
        });
    }
    markup.raw("</ol>\n");
}

fn lines(markup: &mut Markup, note: &NoteView, text: &str) {
    let index = LineIndex::new(text);
    // A final line break starts one more line, which is none to a reader.
    let last = index.count() - u32::from(text.ends_with(['\n', '\r']) && index.count() > 1);
    let problems = by_line(note, last);
    let mut writer = Lines {
        note,
        text,
        index,
        problems,
    };
    let mut next = 1;
    for block in &note.blocks {
        if block.line < next || block.line > last {
            continue;
        }
        writer.prose(markup, next, block.line - 1);
        let end = block.end_line.min(last);
        writer.code(markup, block, end);
        status(markup, block);
        evidence::programs(markup, note.programs.get(block.id.as_str()));
        next = end + 1;
    }
    writer.prose(markup, next, last);
}

struct Lines<'v, 'r> {
    note: &'v NoteView<'r>,
    text: &'r str,
    index: LineIndex,
    problems: ByLine<'v, 'r>,
}

impl Lines<'_, '_> {
    fn line(&self, line: u32) -> &str {
        self.index.text(self.text, line)
    }

    /// Lines `from` to `to` as text.
    fn prose(&mut self, markup: &mut Markup, from: u32, to: u32) {
        if from > to {
            return;
        }
        let start = from.to_string();
        markup
            .open("ol", &[("class", "p"), ("start", &start)])
            .raw("\n");
        for line in from..=to {
            let text = self.line(line);
            match self.problems.get(&line) {
                Some(problems) => {
                    marked_line(markup, self.note, line, problems, |markup| {
                        inline(markup, text)
                    });
                }
                None => {
                    let heading = heading(text);
                    match heading {
                        Some(class) => markup.open("li", &[("class", class)]),
                        None => markup.raw("<li>"),
                    };
                    inline(markup, text);
                    markup.raw("\n");
                }
            }
        }
        markup.raw("</ol>\n");
    }

    /// The block's lines, through `end`, as code.
    fn code(&mut self, markup: &mut Markup, block: &BlockReport, end: u32) {
        let start = block.line.to_string();
        markup
            .open("ol", &[("class", "c"), ("start", &start)])
            .raw("\n");
        let mut open = go::Open::default();
        for line in block.line..=end {
            let text = self.line(line);
            let fence = block.origin == Origin::Fence
                && (line == block.line || line == block.end_line && is_fence(text));
            let mut write = |markup: &mut Markup| {
                if fence {
                    markup.element("em", &[], text);
                } else if block.shape == Shape::NotGo {
                    markup.text(text);
                } else {
                    open = go::line(markup, text, open);
                }
            };
            match self.problems.get(&line) {
                Some(problems) => marked_line(markup, self.note, line, problems, write),
                None => {
                    markup.raw("<li>");
                    write(markup);
                    markup.raw("\n");
                }
            }
        }
        markup.raw("</ol>\n");
    }
}

fn is_fence(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '>');
    text.starts_with("```") || text.starts_with("~~~")
}

/// How a heading's line looks.
fn heading(text: &str) -> Option<&'static str> {
    let level = text.find(|c| c != '#').unwrap_or(text.len());
    let is_heading = text.get(level..)?.starts_with(' ');
    match level {
        1 if is_heading => Some("h1"),
        2 if is_heading => Some("h2"),
        3..=6 if is_heading => Some("h3"),
        _ => None,
    }
}

/// A line of prose: as it is written, with `` `code` `` as code.
pub fn inline(markup: &mut Markup, text: &str) {
    let mut parts = text.split('`').peekable();
    let mut code = false;
    while let Some(part) = parts.next() {
        if code && parts.peek().is_some() {
            markup.element("code", &[], part);
        } else {
            if code {
                markup.raw("`");
            }
            markup.text(part);
        }
        code = !code;
    }
}

/// A line that claims or findings are on: the worst gives the mark, each has its evidence.
fn marked_line(
    markup: &mut Markup,
    note: &NoteView,
    line: u32,
    problems: &[&Problem<'_>],
    write: impl FnOnce(&mut Markup),
) {
    let worst = problems
        .iter()
        .map(|problem| mark(problem))
        .min_by_key(|mark| mark.rank);
    let Some(worst) = worst else {
        return;
    };
    let (value, id) = (line.to_string(), format!("{}-{line}", note.anchor));
    let keys: Vec<String> = problems.iter().map(|problem| key(problem)).collect();
    let class = format!("x {}", worst.class);
    markup.open(
        "li",
        &[
            ("class", &class),
            ("value", &value),
            ("id", &id),
            ("data-c", &keys.join(" ")),
        ],
    );
    markup.raw("<details><summary>");
    markup.raw("<span class=\"mark\">").raw(worst.sign);
    markup
        .open("span", &[("class", "v"), ("data-t", worst.class)])
        .raw(worst.class)
        .raw("</span></span>");
    write(markup);
    markup.raw("</summary><noscript>");
    for problem in problems {
        evidence::write(markup, problem, &format!("#{}", uri(&id)));
    }
    // A line break here would be shown, as all white space is.
    markup.raw("</noscript></details>");
}

/// How a problem is marked in the margin.
struct Mark {
    rank: u8,
    class: &'static str,
    sign: &'static str,
}

fn mark(problem: &Problem<'_>) -> Mark {
    let (rank, class, sign) = match problem {
        Problem::Finding(_) => (1, "finding", "!"),
        Problem::Claim(claim) => match claim.verdict {
            Verdict::Refuted => (0, "refuted", "✗"),
            Verdict::Stale => (2, "stale", "↺"),
            Verdict::Unstable => (3, "unstable", "≈"),
            Verdict::Unverified => (4, "unverified", "?"),
            Verdict::Confirmed => (5, "confirmed", "✓"),
        },
    };
    Mark { rank, class, sign }
}

/// What filters look at.
fn key(problem: &Problem<'_>) -> String {
    match problem {
        Problem::Claim(claim) => {
            format!("{}:{}", verdict_name(claim.verdict), kind_name(claim.kind))
        }
        Problem::Finding(_) => "finding:".to_owned(),
    }
}

/// What became of a block, unless it simply ran.
fn status(markup: &mut Markup, block: &BlockReport) {
    let (key, english) = match block.status {
        Status::Ran if block.reason.is_empty() => return,
        Status::NotGo => return,
        Status::Ran => ("ran", "ran"),
        Status::Compiled => ("compiled", "compiled"),
        Status::Incomplete => ("incomplete", "incomplete"),
        Status::Broken => ("broken", "broken"),
        Status::Declined => ("declined", "declined"),
        Status::Skipped => ("skipped", "skipped"),
    };
    markup.raw("<p class=\"status\">").label(key, english);
    if !block.reason.is_empty() {
        markup.raw(": ");
        markup.raw("<span data-s>");
        evidence::said(markup, &line(&block.reason));
        markup.raw("</span>");
    }
    markup.raw("</p>\n");
}
