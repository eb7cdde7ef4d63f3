//! Notes with the report they deserve: `tests/literate/*.md`.
//!
//! Each file is a note as an author would write it. It ends with a fence tagged `report`: what gosnip
//! has to say about it, one line each, in the order of the note.
//!
//! ```text
//! 5: statements ran               a block: its line, shape and status
//! 7: stdout confirmed             a claim: its line, kind and verdict
//! 9: not panic refuted | nil map  "not": negated; behind the bar: words of the reason or of what was seen
//! 12: maybe stdout confirmed      "maybe": hedged
//! 13: race confirmed or unverified   a matter of luck: one of these verdicts
//! 14: error unclaimed-panic       a finding: its line, severity and rule
//! ? 16: panic confirmed           what should be said, and is not said yet: anything goes for this line
//! ? 18: nothing                   likewise: nothing should be said
//! ```
//!
//! All files are verified by one run of the real command. Expected and real lines are two sorted
//! streams; what one has and the other lacks fails the test. `GOSNIP_BLESS_TESTS=1 cargo test --test
//! literate` writes the reports anew: read the diff before you commit it, and never bless a verdict that
//! is wrong.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

mod literate_support;

const FENCE: &str = "```report";
/// Stands for "no word about this line" in an open line.
const NOTHING: &str = "nothing";

/// One line of a report: what is said of a line of the note.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    /// The line of the note.
    line: u64,
    /// `stdout confirmed`, `statements ran`, `error unclaimed-panic`.
    what: String,
    /// Expected: words that the real one has to hold. Real: everything gosnip says about it.
    detail: String,
}

impl Said {
    fn parse(text: &str) -> Option<Self> {
        let (line, rest) = text.split_once(':')?;
        let (what, detail) = rest.split_once(" | ").unwrap_or((rest, ""));
        Some(Self {
            line: line.trim().parse().ok()?,
            what: what.trim().to_owned(),
            detail: detail.trim().to_owned(),
        })
    }

    fn nothing(line: u64) -> Self {
        Self {
            line,
            what: NOTHING.to_owned(),
            detail: String::new(),
        }
    }

    /// Whether this is what was expected.
    fn fits(&self, expected: &Self) -> bool {
        self.line == expected.line
            && expected.ways().any(|what| what == self.what)
            && self.detail.contains(&expected.detail)
    }

    /// What may be said of the line: `maybe stdout confirmed or unverified` is two ways of it.
    fn ways(&self) -> impl Iterator<Item = String> {
        let mut verdicts = self.what.split(" or ");
        let first = verdicts.next().unwrap_or_default();
        let kind = first.rsplit_once(' ').map_or("", |(kind, _)| kind);
        std::iter::once(first.to_owned()).chain(verdicts.map(move |it| format!("{kind} {it}")))
    }

    /// With what belongs into a literate file: how a refuted claim's program behaves, and what a block
    /// lacks. The reasons of the rest are wording.
    fn shortened(&self) -> Self {
        let tells = [" refuted", " stale", " incomplete", " skipped", " declined"]
            .iter()
            .any(|end| self.what.ends_with(end));
        Self {
            detail: if tells {
                self.detail.lines().next().unwrap_or_default()
            } else {
                ""
            }
            .to_owned(),
            ..self.clone()
        }
    }

    fn key(&self) -> (u64, &str) {
        (self.line, &self.what)
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.line, self.what)?;
        if self.detail.is_empty() {
            Ok(())
        } else {
            write!(f, " | {}", self.detail)
        }
    }
}

/// A literate file.
struct Literate {
    path: PathBuf,
    /// What stands before the report.
    note: String,
    /// The report's lines, with their line numbers in the file.
    expected: Vec<(usize, Said)>,
    /// The lines of the note of which gosnip does not say yet what it should.
    open: BTreeSet<u64>,
}

impl Literate {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap();
        let Some(at) = text.find(&format!("\n{FENCE}\n")) else {
            return Self {
                path,
                note: text,
                expected: Vec::new(),
                open: BTreeSet::new(),
            };
        };
        let note = text[..=at].to_owned();
        let before = note.lines().count() + 1;
        let mut open = BTreeSet::new();
        let mut expected = Vec::new();
        let lines = text[at + 1..].lines().enumerate().skip(1);
        for (number, line) in lines.take_while(|(_, line)| *line != "```") {
            let (line, is_open) = match line.strip_prefix("? ") {
                Some(line) => (line, true),
                None => (line, false),
            };
            let said = Said::parse(line)
                .unwrap_or_else(|| panic!("{}: not a report's line: {line}", path.display()));
            if is_open {
                open.insert(said.line);
            }
            if said.what == NOTHING {
                continue;
            }
            expected.push((before + number, said));
        }
        expected.sort_by(|(_, one), (_, other)| one.cmp(other));
        Self {
            path,
            note,
            expected,
            open,
        }
    }

    fn name(&self) -> &str {
        self.path.file_name().unwrap().to_str().unwrap()
    }

    /// Whether luck decides what is said of a line.
    fn is_lucky(&self, line: u64) -> bool {
        let mut expected = self.expected.iter().map(|(_, said)| said);
        expected.any(|said| said.line == line && said.ways().count() > 1)
    }

    fn bless(&self, real: &[Said]) {
        let mut text = self.note.trim_end().to_owned();
        text.push_str("\n\n");
        text.push_str(FENCE);
        text.push('\n');
        let open = |line| self.open.contains(&line) && !self.is_said(line, real);
        let mut lines: Vec<(Said, bool)> = real
            .iter()
            .filter(|said| !open(said.line))
            .map(|said| (self.as_written(said), false))
            .collect();
        let kept = self.expected.iter().filter(|(_, said)| open(said.line));
        lines.extend(kept.map(|(_, said)| (said.clone(), true)));
        let silent = |line: &u64| self.expected.iter().all(|(_, said)| said.line != *line);
        let silent = self.open.iter().filter(|line| open(**line) && silent(line));
        lines.extend(silent.map(|&line| (Said::nothing(line), true)));
        lines.sort();
        for (said, open) in lines {
            writeln!(text, "{}{said}", if open { "? " } else { "" }).unwrap();
        }
        text.push_str("```\n");
        fs::write(&self.path, text).unwrap();
    }

    /// What is said, in the words of the file where they fit.
    fn as_written(&self, real: &Said) -> Said {
        self.expected
            .iter()
            .map(|(_, expected)| expected)
            .find(|expected| real.fits(expected))
            .map_or_else(|| real.shortened(), Said::clone)
    }

    /// Whether exactly what is expected of a line is said.
    fn is_said(&self, line: u64, real: &[Said]) -> bool {
        let expected: Vec<&Said> = self
            .expected
            .iter()
            .map(|(_, said)| said)
            .filter(|said| said.line == line)
            .collect();
        let real: Vec<&Said> = real.iter().filter(|said| said.line == line).collect();
        expected.len() == real.len()
            && expected
                .iter()
                .zip(&real)
                .all(|(expected, real)| real.fits(expected))
    }

    /// What is expected and not real, and the other way round, in the order of the note.
    fn differences(&self, real: &[Said]) -> Vec<String> {
        let closed = |said: &Said| !self.open.contains(&said.line);
        let place = |line: usize| format!("tests/literate/{}:{line}", self.name());
        let mut differences = Vec::new();
        let mut left = self
            .expected
            .iter()
            .filter(|(_, said)| closed(said))
            .peekable();
        let mut right = real.iter().filter(|said| closed(said)).peekable();
        loop {
            let order = match (left.peek(), right.peek()) {
                (None, None) => return differences,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((_, expected)), Some(real)) if real.fits(expected) => Ordering::Equal,
                (Some((_, expected)), Some(real)) => expected.key().cmp(&real.key()),
            };
            let expected = if order.is_le() { left.next() } else { None };
            let real = if order.is_ge() { right.next() } else { None };
            match (expected, real) {
                (Some((_, expected)), Some(real)) if real.fits(expected) => {}
                (expected, real) => {
                    if let Some((line, expected)) = expected {
                        differences.push(format!("{}: expected - {expected}", place(*line)));
                    }
                    if let Some(real) = real {
                        let line = usize::try_from(real.line).unwrap();
                        differences.push(format!("{}: reported + {real}", place(line)));
                    }
                }
            }
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/literate")
}

fn literate_files() -> Vec<Literate> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    paths.sort();
    paths.into_iter().map(Literate::read).collect()
}

/// Verify copies of the notes, without their reports, with one run of the command.
fn verify(files: &[Literate]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    fs::write(
        folder.path().join("verify.toml"),
        "[run]\ntimeout = \"3s\"\n",
    )
    .unwrap();
    for file in files {
        fs::write(folder.path().join(file.name()), &file.note).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_gosnip"))
        .args(["verify", "--quiet", "--report", "json=report.json"])
        .current_dir(folder.path())
        .env(
            "GOSNIP_CACHE_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("gosnip-cache"),
        )
        .output()
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(1),
        "the notes hold false claims on purpose\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_str(&fs::read_to_string(folder.path().join("report.json")).unwrap()).unwrap()
}

/// What the report says about a note, sorted.
fn said_of(report: &Value, note: &str) -> Vec<Said> {
    let of_note = |list: &str| -> Vec<Value> {
        let list = report[list].as_array().unwrap();
        list.iter()
            .filter(|it| it["note"] == note)
            .cloned()
            .collect()
    };
    let word = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let mut said = Vec::new();
    for block in of_note("blocks") {
        let missing: Vec<&str> = block["missing"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        said.push(Said {
            line: block["line"].as_u64().unwrap(),
            what: format!("{} {}", word(&block, "shape"), word(&block, "status")),
            detail: [word(&block, "reason"), missing.join(" ")]
                .join(" ")
                .trim()
                .to_owned(),
        });
    }
    for claim in of_note("claims") {
        let flag = |key: &str, word: &'static str| if claim[key] == true { word } else { "" };
        said.push(Said {
            line: claim["line"].as_u64().unwrap(),
            what: format!(
                "{}{}{} {}",
                flag("hedged", "maybe "),
                flag("negated", "not "),
                word(&claim, "kind"),
                word(&claim, "verdict")
            ),
            detail: [word(&claim, "reason"), word(&claim, "observed")]
                .join(" ")
                .trim()
                .to_owned(),
        });
    }
    for finding in of_note("findings") {
        said.push(Said {
            line: finding["line"].as_u64().unwrap(),
            what: format!("{} {}", word(&finding, "severity"), word(&finding, "rule")),
            detail: word(&finding, "message"),
        });
    }
    said.sort();
    said
}

#[test]
fn every_note_gets_the_report_at_its_end() {
    let files = literate_files();
    assert!(files.len() > 10, "the literate notes are missing");
    let report = verify(&files);
    let bless = std::env::var_os("GOSNIP_BLESS_TESTS").is_some_and(|value| value == "1");
    let mut differences = Vec::new();
    for file in &files {
        let real = said_of(&report, file.name());
        if bless {
            file.bless(&real);
        } else {
            differences.extend(file.differences(&real));
        }
    }
    let lucky = |note: &str, line: u64| {
        let mut files = files.iter().filter(|file| file.name() == note);
        files.any(|file| file.is_lucky(line))
    };
    let covered = literate_support::table(&report, lucky);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/literate_support/coverage.md");
    if bless {
        fs::write(&path, covered).unwrap();
    } else if fs::read_to_string(&path).unwrap_or_default() != covered {
        differences
            .push("tests/literate_support/coverage.md is not what the notes cover".to_owned());
    }
    assert!(
        differences.is_empty(),
        "{} differences (GOSNIP_BLESS_TESTS=1 accepts what is reported):\n{}",
        differences.len(),
        differences.join("\n")
    );
}

fn literate(report: &str) -> Literate {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.md");
    fs::write(&path, format!("text\n\n{FENCE}\n{report}```\n")).unwrap();
    Literate::read(path)
}

#[test]
fn a_report_that_fits_has_no_differences() {
    let file = literate("1: statements ran\n3: stdout refuted | prints 4\n");
    let real = [
        Said::parse("1: statements ran").unwrap(),
        Said::parse("3: stdout refuted | it prints 4 here").unwrap(),
    ];
    assert_eq!(file.note, "text\n\n");
    assert_eq!(file.differences(&real), [] as [String; 0]);
}

#[test]
fn what_only_one_side_has_is_a_difference_with_its_line() {
    let file = literate("3: stdout refuted\n9: panic confirmed\n");
    let real = [
        Said::parse("3: stdout confirmed").unwrap(),
        Said::parse("9: panic confirmed").unwrap(),
    ];
    assert_eq!(
        file.differences(&real),
        [
            "tests/literate/a.md:3: reported + 3: stdout confirmed",
            "tests/literate/a.md:4: expected - 3: stdout refuted",
        ]
    );
}

#[test]
fn an_open_line_is_no_difference_but_stays_open_until_it_is_said() {
    let file = literate("3: stdout refuted\n? 3: panic confirmed\n");
    let before = [Said::parse("3: stdout refuted").unwrap()];
    let after = [
        Said::parse("3: panic confirmed").unwrap(),
        Said::parse("3: stdout refuted").unwrap(),
    ];
    assert_eq!(file.differences(&before), [] as [String; 0]);
    assert!(!file.is_said(3, &before));
    assert!(file.is_said(3, &after));
}

#[test]
fn what_luck_decides_may_be_said_in_several_ways() {
    let file = literate("3: maybe stdout confirmed or unverified\n9: panic confirmed\n");
    let differences = |verdict: &str| {
        let first = Said::parse(&format!("3: maybe stdout {verdict}")).unwrap();
        file.differences(&[first, Said::parse("9: panic confirmed").unwrap()])
    };
    assert_eq!(differences("confirmed"), [] as [String; 0]);
    assert_eq!(differences("unverified"), [] as [String; 0]);
    assert_eq!(differences("refuted").len(), 2);
    assert!(file.is_lucky(3) && !file.is_lucky(9));
}

#[test]
fn words_behind_the_bar_have_to_be_said() {
    let file = literate("3: stdout refuted | prints 5\n");
    let real = [Said::parse("3: stdout refuted | prints 4").unwrap()];
    assert_eq!(file.differences(&real).len(), 2);
}
