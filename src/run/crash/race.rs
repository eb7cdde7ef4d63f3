//! The race detector's reports, each between two lines of equals signs.

use super::{Crash, CrashKind, DATA_RACE, frames};

/// The line that says so.
pub(super) const WARNING: &str = "WARNING: DATA RACE";

/// The line above and below each report.
const RULE: &str = "==================\n";

/// Separates the reports, and the count at the end, from the rest: the rest, then the reports.
pub(super) fn cut(text: &str) -> (String, String) {
    let opening = format!("{RULE}{WARNING}\n");
    let (mut own, mut races) = (String::new(), String::new());
    let mut rest = text;
    while let Some(start) = rest.find(&opening) {
        let inner = start + opening.len();
        // Without its last line it was cut off: by the end of the process or by the cap on output.
        let end = rest[inner..]
            .find(RULE)
            .map_or(rest.len(), |at| inner + at + RULE.len());
        own.push_str(&rest[..start]);
        races.push_str(&rest[start..end]);
        rest = &rest[end..];
    }
    own.push_str(if races.is_empty() {
        rest
    } else {
        without_count(rest)
    });
    (own, races)
}

/// The text without `Found 2 data race(s)` at its end.
fn without_count(text: &str) -> &str {
    let count = || {
        let line = text.strip_suffix(" data race(s)\n")?;
        let words = line.trim_end_matches(|digit: char| digit.is_ascii_digit());
        words.strip_suffix("Found ")
    };
    count().unwrap_or(text)
}

/// The crash that stands for the reports.
pub(super) fn crash(races: &str) -> Crash {
    let report = frames::without_dispatcher(races);
    let first_stack = report.split("\n\n").next().unwrap_or_default();
    Crash {
        kind: CrashKind::Race,
        message: DATA_RACE.to_owned(),
        wait: None,
        frames: frames::of(first_stack),
        signal: None,
        report,
    }
}
