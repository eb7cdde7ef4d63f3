//! Where in a text the runtime's report stands, by the form that it always has.

use std::ops::Range;

use super::header::{FATAL, PANIC, is_heading};

/// The one report without a stack: there is no goroutine left to show.
const NO_GOROUTINES: &str = "fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n";

/// Finds the report: the first place from which on the text has the form to its end; or, since other
/// goroutines may still write while the runtime does, the last place where the form is there at all.
pub(super) fn find(text: &str) -> Option<Range<usize>> {
    if let Some(own) = text
        .trim_end_matches('\n')
        .len()
        .checked_sub(NO_GOROUTINES.trim_end().len())
        && text.is_char_boundary(own)
        && text[own..].starts_with(NO_GOROUTINES)
    {
        return Some(own..text.len());
    }
    let places = places(text);
    let strict = || {
        places
            .iter()
            .filter_map(|&at| report(text, at, Continuation::Indented))
    };
    let found = strict()
        .find(|span| text[span.end..].trim().is_empty())
        .or_else(|| strict().next_back())
        .or_else(|| {
            places
                .iter()
                .rev()
                .find_map(|&at| report(text, at, Continuation::Any))
        })?;
    Some(with_hints(text, found.start)..found.end)
}

/// Where a report may begin: the last places of that kind, since the report is at the end, and a program
/// could print a hundred thousand of them.
fn places(text: &str) -> Vec<usize> {
    const LAST: usize = 200;
    let places = text.char_indices().map(|(at, _)| at);
    let mut last: Vec<usize> = places
        .rev()
        .filter(|&at| begins(text, at))
        .take(LAST)
        .collect();
    last.reverse();
    last
}

/// The header of a report.
pub(super) fn of(report: &str) -> &str {
    parts(report).0
}

/// The header and the stack traces.
pub(super) fn parts(report: &str) -> (&str, &str) {
    let mut at = 0;
    for line in report.split_inclusive('\n') {
        if at > 0 && begins_stacks(line) {
            break;
        }
        at += line.len();
    }
    let (header, trace) = report.split_at(at);
    // The line break that ends the header, and the empty line.
    let header = header.strip_suffix("\n\n").unwrap_or(header);
    (header, trace)
}

/// The state of the first goroutine listed, without how long it has lasted.
pub(super) fn wait(trace: &str) -> Option<String> {
    let line = trace.lines().find(|line| line.starts_with("goroutine "))?;
    let (_, state) = line.strip_suffix("]:")?.split_once(" [")?;
    Some(state.split(", ").next().unwrap_or(state).to_owned())
}

/// Whether the first goroutine listed is the runtime's own.
pub(super) fn is_of_the_runtime(report: &str) -> bool {
    let first = report.lines().find(|line| line.starts_with("goroutine "));
    first.is_some_and(|line| line.starts_with("goroutine 0 "))
}

/// Whether a report may begin here. A panic or fatal error may in the middle of a line; a signal's name
/// at the beginning of one only.
fn begins(text: &str, at: usize) -> bool {
    let here = &text[at..];
    let at_line_start = at == 0 || text[..at].ends_with('\n');
    is_heading(here) || (at_line_start && is_signal(here))
}

/// Whether the text begins as `SIGABRT: abort\nPC=…` does.
fn is_signal(text: &str) -> bool {
    let Some((line, rest)) = text.split_once('\n') else {
        return false;
    };
    let name = line.split(':').next().unwrap_or_default();
    name.starts_with("SIG")
        && name.chars().all(|letter| letter.is_ascii_uppercase())
        && rest.starts_with("PC=")
}

/// What the further lines of a message look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Continuation {
    /// As since Go 1.18.
    Indented,
    /// As before: anything.
    Any,
}

/// The report that begins here, if one does.
fn report(text: &str, start: usize, continuation: Continuation) -> Option<Range<usize>> {
    let mut lines = text[start..].split_inclusive('\n').peekable();
    let mut end = start;
    let mut before = "";
    // The header: up to an empty line that stacks follow.
    loop {
        let line = lines.next()?;
        end += line.len();
        if line == "\n" && lines.peek().is_some_and(|next| begins_stacks(next)) {
            break;
        }
        if !before.is_empty() && continuation == Continuation::Indented && !continues(line) {
            return None;
        }
        before = line;
    }
    // The stacks: as far as the lines are such as belong to them.
    while let Some(line) = lines.next() {
        if !in_stacks(line, lines.peek().copied()) {
            break;
        }
        end += line.len();
    }
    Some(start..end)
}

/// Whether a line of the header can follow the first.
fn continues(line: &str) -> bool {
    [
        "\t",
        "[",
        PANIC,
        FATAL,
        "PC=",
        "runtime: ",
        "signal arrived",
        "instruction bytes:",
    ]
    .iter()
    .any(|beginning| line.starts_with(beginning))
}

/// Whether the line is the first of a stack.
fn begins_stacks(line: &str) -> bool {
    let line = line.trim_end();
    line == "runtime stack:" || (line.starts_with("goroutine ") && line.ends_with("]:"))
}

/// Whether the line belongs to stacks.
fn in_stacks(line: &str, next: Option<&str>) -> bool {
    let is_call = next.is_some_and(|next| next.starts_with('\t'));
    line == "\n"
        || line.starts_with('\t')
        || begins_stacks(line)
        || is_elided(line)
        || is_register(line)
        || is_call
}

/// `...23 frames elided...`
fn is_elided(line: &str) -> bool {
    line.starts_with("...") && line.trim_end().ends_with("elided...")
}

/// `rax    0x1c`, as shown for signals.
fn is_register(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let name = words
        .next()
        .is_some_and(|name| name.len() <= 6 && !name.contains(':'));
    name && words.next().is_some_and(|value| value.starts_with("0x")) && words.next().is_none()
}

/// Where the report begins with the hints that the runtime writes above it, such as
/// `runtime: goroutine stack exceeds 1000000000-byte limit`.
fn with_hints(text: &str, mut start: usize) -> usize {
    const HINTS: [&str; 3] = ["runtime: ", "unexpected fault address ", "fatal: "];
    const MAY_STAND_IN_A_LINE: &str = "runtime: goroutine stack exceeds ";
    while let Some(before) = text[..start].strip_suffix('\n') {
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = &before[line_start..];
        if HINTS.iter().any(|hint| line.starts_with(hint)) {
            start = line_start;
        } else if let Some(at) = line.find(MAY_STAND_IN_A_LINE) {
            return line_start + at;
        } else {
            break;
        }
    }
    start
}
