//! Drift: what the programs of a note do now, compared with what was recorded.

use super::record::{Does, Entry};
use super::recording::Seen;

/// How recorded and seen programs belong together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matching {
    /// For each seen program, the recorded one.
    pub recorded: Vec<Option<usize>>,
    /// Recorded programs that no longer stand in the note.
    pub unreferenced: Vec<usize>,
}

/// Match programs: first by block id and content, then by content (the block was moved, or a heading above
/// it renamed), then by id (the block was edited).
pub fn matching(recorded: &[Entry], seen: &[Seen]) -> Matching {
    let mut found: Vec<Option<usize>> = vec![None; seen.len()];
    let mut free: Vec<bool> = vec![true; recorded.len()];
    let rules: [fn(&Entry, &Entry) -> bool; 3] = [
        |one, other| {
            one.block == other.block && one.content == other.content && one.part == other.part
        },
        |one, other| one.content == other.content && one.part == other.part,
        |one, other| one.block == other.block && one.part == other.part,
    ];
    for rule in rules {
        for (at, seen) in seen.iter().enumerate() {
            if found[at].is_some() {
                continue;
            }
            let fitting = |entry: &usize| free[*entry] && rule(&recorded[*entry], &seen.entry);
            if let Some(entry) = (0..recorded.len()).find(fitting) {
                free[entry] = false;
                found[at] = Some(entry);
            }
        }
    }
    Matching {
        recorded: found,
        unreferenced: (0..recorded.len()).filter(|entry| free[*entry]).collect(),
    }
}

/// In what way a program does something else than recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// One sentence, and the differences line by line.
    pub message: String,
    /// Whether it may be chance: the same lines in another order, from a program with goroutines, or a
    /// program that now differs from run to run.
    pub may_be_chance: bool,
}

/// The versions of Go (1.x) with which something was recorded, and with which it is seen now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions<'v> {
    /// The recorded one; empty in old records.
    pub recorded: &'v str,
    /// The present one.
    pub now: &'v str,
}

/// Compare a program with its record.
pub fn drift(recorded: &Entry, seen: &Seen, go: Versions) -> Option<Drift> {
    if seen.agrees(recorded) {
        return None;
    }
    let now = &seen.entry;
    let sorted = |text: &str| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        lines.join("\n")
    };
    let order_only = recorded.does == Does::Ran
        && seen.concurrent
        && recorded.crash == now.crash
        && recorded.output != now.output
        && sorted(&recorded.output) == sorted(&now.output);
    let message = format!(
        "{}:\n{}\nrun `gosnip bless` if that is right",
        circumstances(recorded.content != now.content, go),
        difference(recorded, now)
    );
    Some(Drift {
        message,
        may_be_chance: order_only || now.does == Does::Varied,
    })
}

/// What has changed beside the behaviour, as far as that is known: the block, or Go.
fn circumstances(edited: bool, Versions { recorded, now }: Versions) -> String {
    let edited = if edited {
        " (the block was edited since)"
    } else {
        ""
    };
    if recorded.is_empty() || recorded == now {
        return format!(
            "this does something else than when it was last blessed{edited}, with Go {now}"
        );
    }
    format!("this changed with Go {now}: it was last blessed with Go {recorded}{edited}")
}

/// Recorded and present behaviour as a diff.
fn difference(recorded: &Entry, now: &Entry) -> String {
    let (old, new) = (behaviour(recorded), behaviour(now));
    let diff = similar::TextDiff::from_lines(&old, &new);
    let mut shown: Vec<String> = Vec::new();
    for change in diff.iter_all_changes() {
        let sign = match change.tag() {
            similar::ChangeTag::Delete => '-',
            similar::ChangeTag::Insert => '+',
            similar::ChangeTag::Equal => continue,
        };
        shown.push(format!("{sign}{}", change.value().trim_end_matches('\n')));
    }
    const MOST: usize = 12;
    if shown.len() > MOST {
        let more = shown.len() - MOST;
        shown.truncate(MOST);
        shown.push(format!("… {more} more lines"));
    }
    shown.join("\n")
}

fn behaviour(entry: &Entry) -> String {
    let mut lines: Vec<String> = Vec::new();
    if entry.does != Does::Ran {
        lines.push(format!(
            "({})",
            match entry.does {
                Does::Varied => "differs from run to run",
                Does::NeverEnded => "was stopped at a limit",
                Does::Compiled => "compiles, and nothing runs",
                Does::Incomplete => "lacks names",
                _ => "does not compile",
            }
        ));
    }
    lines.extend(entry.output.lines().map(str::to_owned));
    lines.extend((!entry.crash.is_empty()).then(|| entry.crash.clone()));
    lines.extend((entry.exit != 0).then(|| format!("exit code {}", entry.exit)));
    lines.extend(entry.errors.iter().chain(&entry.escapes).cloned());
    lines.into_iter().map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAME: Versions<'static> = Versions {
        recorded: "1.26",
        now: "1.26",
    };

    fn entry(block: &str, content: &str, output: &str) -> Entry {
        Entry {
            block: block.into(),
            part: 1,
            content: content.into(),
            does: Does::Ran,
            output: output.into(),
            ..Entry::default()
        }
    }

    fn seen(entry: &Entry) -> Seen {
        Seen {
            runs: vec![entry.output.clone()],
            entry: entry.clone(),
            concurrent: false,
        }
    }

    #[test]
    fn moved_renamed_and_edited_blocks_are_followed_and_deleted_ones_found() {
        let recorded = [
            entry("a#1", "1", ""),
            entry("a#2", "2", ""),
            entry("b#1", "3", ""),
            entry("c#1", "4", ""),
        ];
        let now = [
            entry("a#1", "2", ""),
            entry("a#2", "1", ""),
            entry("b#1", "x", ""),
            entry("d#1", "5", ""),
        ];
        let found = matching(&recorded, &now.iter().map(seen).collect::<Vec<_>>());
        assert_eq!(found.recorded, [Some(1), Some(0), Some(2), None]);
        assert_eq!(found.unreferenced, [3]);
    }

    #[test]
    fn any_difference_is_drift_with_a_diff() {
        let recorded = entry("a#1", "1", "0\n1\n");
        assert_eq!(drift(&recorded, &seen(&recorded), SAME), None);
        let found = drift(&recorded, &seen(&entry("a#1", "1", "0\n2\n")), SAME).unwrap();
        assert!(
            found.message.contains("\n-1\n+2\n") && !found.may_be_chance,
            "{}",
            found.message
        );
        let crashed = Entry {
            crash: "panic: boom".into(),
            ..recorded.clone()
        };
        assert!(
            drift(&recorded, &seen(&crashed), SAME)
                .unwrap()
                .message
                .contains("+panic: boom")
        );
    }

    #[test]
    fn a_difference_under_another_go_is_said_to_be_one() {
        let recorded = entry("a#1", "1", "+1.500000e+000\n");
        let versions = Versions {
            recorded: "1.25",
            now: "1.26",
        };
        let found = drift(&recorded, &seen(&entry("a#1", "1", "1.5\n")), versions).unwrap();
        let words = "this changed with Go 1.26: it was last blessed with Go 1.25";
        assert!(found.message.starts_with(words), "{}", found.message);
    }

    #[test]
    fn one_run_as_recorded_is_enough() {
        let recorded = entry("a#1", "1", "0\n");
        let mut now = seen(&entry("a#1", "1", "1\n"));
        now.runs.push("0\n".to_owned());
        assert_eq!(drift(&recorded, &now, SAME), None);
    }
}
