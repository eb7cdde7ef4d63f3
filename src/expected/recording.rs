//! Observations → entries: only what is the same in every run is recorded as fact.
//!
//! Addresses, dates and numbers of goroutines become `[..]`. Lines that come in another order are recorded
//! as a set. Where a program without goroutines differs within lines, the words that differ become `[..]`.
//! Everything else that differs, or may differ on another machine, is recorded as `varied`, without output.

use std::sync::LazyLock;

use regex::Regex;

use super::check;
use super::record::{Does, Entry};
use crate::observation::Observation;
use crate::run::End;
use crate::snippet::Snippet;

static FLEETING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"0x[0-9a-f]{6,}|\b\d{4}[-/]\d{2}[-/]\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?|\b\d{1,2}:\d{2}:\d{2}(?:\.\d+)?\b|m=\+[0-9.]+")
        .expect("a constant")
});
static GOROUTINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"goroutine \d+").expect("a constant"));

/// Longer outputs are recorded by their hash.
const LONGEST: usize = 16 << 10;

/// Words by which a program may do something else in another run, though it was not seen to.
const OPEN: [&str; 8] = [
    "go ",
    "rand.",
    "time.Now",
    "time.Since",
    "select {",
    "range m",
    "map[",
    "sync.",
];

/// What one program did, with what is needed to compare it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// What would be recorded.
    pub entry: Entry,
    /// What each run wrote.
    pub runs: Vec<String>,
    /// Whether its goroutines leave the order of its lines open.
    pub concurrent: bool,
}

/// The hash of a block's code, without its comments: what they say may be corrected.
pub fn content(snippet: &Snippet) -> String {
    let code = check::without_comments(snippet);
    blake3::hash(code.trim_end().as_bytes()).to_hex()[..16].to_owned()
}

/// What a program did. `None` if nothing can be said of it: it could not be started, or the compiler failed.
/// `of_the_machine` says that its output depends on where it runs.
pub fn see(
    block: &str,
    part: u32,
    snippet: &Snippet,
    observation: &Observation,
    of_the_machine: bool,
) -> Option<Seen> {
    let not_started = observation
        .runs
        .iter()
        .any(|run| matches!(run.end, End::NotStarted(_)));
    if not_started || observation.failure.is_some() {
        return None;
    }
    let source = &observation.program.source.text;
    let mut entry = Entry {
        block: block.to_owned(),
        part,
        content: content(snippet),
        escapes: escapes(observation),
        ..Entry::default()
    };
    let runs: Vec<String> = observation
        .runs
        .iter()
        .map(|run| masked(&run.stdout.text))
        .collect();
    if observation.runs.is_empty() {
        not_run(&mut entry, observation);
    } else {
        ran(&mut entry, observation, &runs, of_the_machine);
    }
    Some(Seen {
        entry,
        runs,
        concurrent: source.contains("go "),
    })
}

fn not_run(entry: &mut Entry, observation: &Observation) {
    let complaints = || {
        observation
            .complaints
            .iter()
            .map(|it| it.diagnostic.message.clone())
    };
    if observation.compiled {
        entry.does = Does::Compiled;
    } else if !observation.missing.is_empty() {
        entry.does = Does::Incomplete;
        entry.errors = observation.missing.clone();
        entry.errors.sort();
    } else {
        entry.does = Does::Broken;
        entry.errors = complaints().take(3).collect();
    }
}

fn ran(entry: &mut Entry, observation: &Observation, runs: &[String], of_the_machine: bool) {
    let source = &observation.program.source.text;
    entry.does = Does::Ran;
    let stopped = |end: &End| {
        matches!(
            end,
            End::TimedOut { .. } | End::OutputLimit | End::MemoryLimit
        )
    };
    if observation.runs.iter().any(|run| stopped(&run.end)) {
        entry.does = Does::NeverEnded;
        return;
    }
    let ends: Vec<(String, i32)> = observation.runs.iter().map(end).collect();
    let open = OPEN.iter().any(|word| source.contains(word));
    let seen_once = observation.runs.len() < 2 && open;
    let same_end = ends.iter().all(|end| *end == ends[0]);
    let output = together(runs, source.contains("go "));
    match output {
        Some((output, any_order)) if same_end && !seen_once && !of_the_machine => {
            (entry.crash, entry.exit) = ends[0].clone();
            entry.output = if output.len() > LONGEST {
                digest(&output)
            } else {
                output
            };
            entry.any_order = any_order;
        }
        _ => entry.does = Does::Varied,
    }
}

/// The crash's first line and the exit code.
fn end(run: &crate::run::Execution) -> (String, i32) {
    let crash = run
        .crash
        .as_ref()
        .map(|crash| masked(crash.report.lines().next().unwrap_or_default()));
    let exit = match (&run.end, &crash) {
        (End::Exited(code), None) => *code,
        (End::Signaled(signal), None) => 128 + signal,
        _ => 0,
    };
    (crash.unwrap_or_default(), exit)
}

/// What all runs have in common, and whether it is a set of lines. `None` if too little.
fn together(runs: &[String], concurrent: bool) -> Option<(String, bool)> {
    let (first, others) = runs.split_first()?;
    if others.iter().all(|run| run == first) {
        return Some((first.clone(), false));
    }
    let sorted = |text: &str| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        lines.join("\n") + "\n"
    };
    if others.iter().all(|run| sorted(run) == sorted(first)) {
        return Some((sorted(first), true));
    }
    if concurrent {
        return None;
    }
    let common = others
        .iter()
        .try_fold(first.clone(), |common, run| common_words(&common, run))?;
    let (open, all) = (
        common.lines().filter(|line| line.contains("[..]")).count(),
        common.lines().count(),
    );
    (open * 2 <= all).then_some((common, false))
}

/// Two outputs as one, with `[..]` for the words that differ; `None` if they have not the same lines.
fn common_words(one: &str, other: &str) -> Option<String> {
    if one.lines().count() != other.lines().count() {
        return None;
    }
    let mut text = String::new();
    for (one, other) in one.lines().zip(other.lines()) {
        let (words, others): (Vec<&str>, Vec<&str>) =
            (one.split(' ').collect(), other.split(' ').collect());
        if words.len() != others.len() {
            return None;
        }
        let joined: Vec<&str> = words
            .iter()
            .zip(&others)
            .map(|(one, other)| if one == other { *one } else { "[..]" })
            .collect();
        text.push_str(&joined.join(" "));
        text.push('\n');
    }
    Some(text)
}

fn masked(text: &str) -> String {
    let text = FLEETING.replace_all(text, "[..]");
    GOROUTINE.replace_all(&text, "goroutine [..]").into_owned()
}

fn digest(text: &str) -> String {
    format!(
        "{} lines, blake3 {}\n",
        text.lines().count(),
        &blake3::hash(text.as_bytes()).to_hex()[..32]
    )
}

fn escapes(observation: &Observation) -> Vec<String> {
    observation
        .escapes
        .iter()
        .filter(|(line, _)| line.is_some())
        .map(|(_, escape)| escape.message.clone())
        .collect()
}

impl Seen {
    /// Whether what was recorded is what was seen; in one run at least, where runs differ.
    pub fn agrees(&self, recorded: &Entry) -> bool {
        let now = &self.entry;
        if recorded.does == Does::Varied {
            return matches!(now.does, Does::Ran | Does::Varied | Does::NeverEnded);
        }
        if now.does == Does::Varied {
            return recorded.does == Does::Ran && self.runs.iter().any(|run| fits(recorded, run));
        }
        let same = recorded.does == now.does
            && recorded.crash == now.crash
            && recorded.exit == now.exit
            && recorded.errors == now.errors
            && recorded.escapes == now.escapes;
        let output =
            recorded.output == now.output || self.runs.iter().any(|run| fits(recorded, run));
        same && output
    }
}

/// Whether one run's output is the recorded one, with `[..]` for anything within a line.
fn fits(recorded: &Entry, run: &str) -> bool {
    if run.len() > LONGEST {
        return recorded.output == digest(run);
    }
    let (expected, mut lines): (Vec<&str>, Vec<&str>) =
        (recorded.output.lines().collect(), run.lines().collect());
    if recorded.any_order {
        lines.sort_unstable();
    }
    expected.len() == lines.len()
        && expected
            .iter()
            .zip(&lines)
            .all(|(expected, line)| line_fits(expected, line))
}

fn line_fits(expected: &str, line: &str) -> bool {
    let mut parts = expected.split("[..]");
    let Some(mut rest) = parts.next().and_then(|first| line.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(runs: &[&str], concurrent: bool) -> Option<(String, bool)> {
        let runs: Vec<String> = runs.iter().map(|run| masked(run)).collect();
        together(&runs, concurrent)
    }

    #[test]
    fn only_what_all_runs_share_is_recorded() {
        let fact = |text: &str, any_order| Some((text.to_owned(), any_order));
        assert_eq!(common(&["a\n", "a\n"], true), fact("a\n", false));
        assert_eq!(common(&["a\nb\n", "b\na\n"], true), fact("a\nb\n", true));
        assert_eq!(
            common(&["0xc000012345\n", "0xc000099999\n"], true),
            fact("[..]\n", false)
        );
        assert_eq!(
            common(&["x\ntook 3 ms\n", "x\ntook 4 ms\n"], false),
            fact("x\ntook [..] ms\n", false)
        );
        assert_eq!(common(&["x\ntook 3 ms\n", "x\ntook 4 ms\n"], true), None);
        assert_eq!(common(&["3\n", "4\n"], false), None);
        assert_eq!(common(&["a\n", "a\nb\n"], false), None);
    }

    #[test]
    fn a_wildcard_stands_for_anything_within_a_line() {
        assert!(line_fits("took [..] ms, [..]", "took 12 ms, ok"));
        assert!(line_fits("[..]", ""));
        assert!(!line_fits("took [..] ms", "took 12 s"));
        assert!(!line_fits("a", "ab"));
    }
}
