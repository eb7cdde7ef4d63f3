//! `gosnip stats`: how many blocks of each shape type-check or run, and why the others do not.
//!
//! The share speaks of what can be expected to compile: blocks that quote the source of Go's runtime, need
//! cgo, or import modules are counted apart, and so are those that the notes say to skip, of which they say
//! rightly that they don't compile, or which they show for their error (`pipeline/asked.rs`). What is declined (a server, what needs a file) type-checks nevertheless.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use super::text::line;
use super::{Aside, BlockReport, Go, Report, Shape, Status, Tool, Verdict};
use crate::claim::Kind;

/// The shapes of Go blocks, in the order of the table.
const SHAPES: [(Shape, &str); 7] = [
    (Shape::Program, "program"),
    (Shape::File, "file"),
    (Shape::Declarations, "declarations"),
    (Shape::Statements, "statements"),
    (Shape::Mixed, "mixed"),
    (Shape::Expression, "expression"),
    (Shape::Pseudo, "pseudo"),
];

/// What became of the Go blocks of some notes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stats {
    /// Schema version, 1.
    pub schema: u32,
    /// Who counted.
    pub tool: Tool,
    /// The Go toolchains that were used.
    pub go: Vec<Go>,
    /// One row for each shape that occurs.
    pub shapes: Vec<Row>,
    /// All Go blocks.
    pub total: Row,
    /// Why blocks neither ran nor type-check, the commonest first.
    pub reasons: Vec<Reason>,
}

/// The counts of one shape.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Row {
    /// The shape, or `all`.
    pub shape: &'static str,
    /// Its blocks.
    pub blocks: u32,
    /// Those that quote the source of Go's runtime or standard library.
    pub runtime_source: u32,
    /// Those that need cgo or an assembler.
    pub cgo: u32,
    /// Those that import modules.
    pub third_party: u32,
    /// Those that the notes say to skip.
    pub skipped: u32,
    /// Those that do not compile, as the notes say, or ask about.
    pub refused: u32,
    /// The others, of which the following counts speak.
    pub counted: u32,
    /// At least one program was executed.
    pub ran: u32,
    /// It type-checks.
    pub compiled: u32,
    /// Only names are missing.
    pub incomplete: u32,
    /// It does not compile.
    pub broken: u32,
    /// Not run on purpose.
    pub declined: u32,
    /// Those of the declined ones that type-check.
    pub declined_compiled: u32,
    /// The percentage of the counted ones that ran or type-check; none if there are none.
    pub share: Option<f64>,
}

/// Blocks that neither ran nor type-check for one reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// The status.
    pub status: Status,
    /// The reason, without names and places.
    pub reason: String,
    /// How many blocks.
    pub blocks: u32,
    /// `note:line` of each.
    pub places: Vec<String>,
}

impl Row {
    fn add(&mut self, block: &BlockReport, refused: bool) {
        self.blocks += 1;
        let aside = match block.aside {
            _ if block.status == Status::Skipped => Some(&mut self.skipped),
            _ if refused => Some(&mut self.refused),
            Some(Aside::RuntimeSource) => Some(&mut self.runtime_source),
            Some(Aside::Cgo) => Some(&mut self.cgo),
            Some(Aside::ThirdParty) => Some(&mut self.third_party),
            Some(Aside::Refused) => Some(&mut self.refused),
            None => None,
        };
        if let Some(aside) = aside {
            *aside += 1;
            return;
        }
        self.counted += 1;
        match block.status {
            Status::Ran => self.ran += 1,
            Status::Compiled => self.compiled += 1,
            Status::Incomplete => self.incomplete += 1,
            Status::Broken => self.broken += 1,
            Status::Declined => self.declined += 1,
            Status::Skipped | Status::NotGo => {}
        }
        if block.status == Status::Declined && block.compiles {
            self.declined_compiled += 1;
        }
        let fine = f64::from(self.ran + self.compiled + self.declined_compiled);
        let share = 100.0 * fine / f64::from(self.counted);
        self.share = Some((share * 10.0).round() / 10.0);
    }
}

impl Stats {
    /// Count the Go blocks of a report.
    pub fn of(report: &Report) -> Self {
        let go = || {
            let blocks = report.blocks.iter();
            blocks.filter(|block| block.shape != Shape::NotGo)
        };
        let refused = refused(report);
        let is_refused = |block: &BlockReport| {
            let key = (block.note.as_str(), block.line);
            block.status == Status::Broken && refused.contains(&key)
        };
        let row = |shape: &'static str, fits: &dyn Fn(&BlockReport) -> bool| {
            let mut row = Row {
                shape,
                ..Row::default()
            };
            go().filter(|block| fits(block))
                .for_each(|block| row.add(block, is_refused(block)));
            row
        };
        let shapes = SHAPES
            .iter()
            .map(|&(shape, name)| row(name, &|block| block.shape == shape))
            .filter(|row| row.blocks > 0)
            .collect();
        Self {
            schema: 1,
            tool: report.tool.clone(),
            go: report.go.clone(),
            shapes,
            total: row("all", &|_| true),
            reasons: reasons(go().filter(|block| !is_refused(block))),
        }
    }

    /// The counts as one indented JSON document.
    pub fn json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// The counts as a table, and below it the reasons; with `places`, where each block stands.
    pub fn table(&self, places: bool) -> String {
        let mut rows = vec![HEAD.map(str::to_owned)];
        rows.extend(self.shapes.iter().chain([&self.total]).map(cells));
        let mut text = aligned(&rows);
        if !self.reasons.is_empty() {
            text.push_str("\nWhy the others neither ran nor type-check:\n");
        }
        for reason in &self.reasons {
            // Writing to a String does not fail.
            let _ = writeln!(
                text,
                "{:6}  {}: {}",
                reason.blocks,
                reason.status.word(),
                line(&reason.reason)
            );
            for place in reason.places.iter().filter(|_| places) {
                let _ = writeln!(text, "        {}", line(place));
            }
        }
        text
    }
}

/// The blocks of which a confirmed claim says that they don't compile: note and line.
fn refused(report: &Report) -> BTreeSet<(&str, u32)> {
    report
        .claims
        .iter()
        .filter(|claim| claim.kind == Kind::CompileError && !claim.negated)
        .filter(|claim| claim.verdict == Verdict::Confirmed)
        .map(|claim| (claim.note.as_str(), claim.block_line))
        .collect()
}

const HEAD: [&str; 14] = [
    "shape",
    "blocks",
    "runtime",
    "cgo",
    "modules",
    "skipped",
    "refused",
    "counted",
    "ran",
    "compiled",
    "incomplete",
    "broken",
    "declined",
    "share",
];

fn cells(row: &Row) -> [String; 14] {
    let share = row.share.map(|share| format!("{share:.1} %"));
    [
        row.shape.to_owned(),
        row.blocks.to_string(),
        row.runtime_source.to_string(),
        row.cgo.to_string(),
        row.third_party.to_string(),
        row.skipped.to_string(),
        row.refused.to_string(),
        row.counted.to_string(),
        row.ran.to_string(),
        row.compiled.to_string(),
        row.incomplete.to_string(),
        row.broken.to_string(),
        row.declined.to_string(),
        share.unwrap_or_else(|| "-".to_owned()),
    ]
}

/// Columns as wide as their widest cell: the first to the left, numbers to the right.
fn aligned(rows: &[[String; 14]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let mut text = String::new();
    for row in rows {
        let _ = write!(text, "{:1$}", row[0], width(0));
        for (column, cell) in row.iter().enumerate().skip(1) {
            let _ = write!(text, "  {cell:>0$}", width(column));
        }
        text.push('\n');
    }
    text
}

fn reasons<'r>(blocks: impl Iterator<Item = &'r BlockReport>) -> Vec<Reason> {
    let mut found: BTreeMap<(&str, String), Reason> = BTreeMap::new();
    for block in blocks {
        let fails = matches!(
            block.status,
            Status::Incomplete | Status::Broken | Status::Declined
        );
        if !fails || block.aside.is_some() {
            continue;
        }
        let reason = general(&block.reason);
        let entry = found.entry((block.status.word(), reason.clone()));
        let entry = entry.or_insert(Reason {
            status: block.status,
            reason,
            blocks: 0,
            places: Vec::new(),
        });
        entry.blocks += 1;
        let place = format!("{}:{} {}", block.note, block.line, block.reason);
        entry.places.push(place);
    }
    let mut reasons: Vec<Reason> = found.into_values().collect();
    reasons.sort_by_key(|reason| Reverse(reason.blocks));
    reasons
}

/// A reason without what differs from block to block: places, quoted names, what a name is.
fn general(reason: &str) -> String {
    static PLACE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^\d+:\d+: ").expect("a constant"));
    static QUOTED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("`[^`]*`(?:, `[^`]*`)*").expect("a constant"));
    static ASIDE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r" \([^()]*(?:\([^()]*\)[^()]*)*\)").expect("a constant"));
    static NAMES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(undefined: |declared and not used: ).*|^[^ ]+( redeclared in this block)")
            .expect("a constant")
    });
    let text = PLACE.replace(reason, "");
    let text = QUOTED.replace_all(&text, "`…`");
    let text = ASIDE.replace_all(&text, "");
    let text = NAMES.replace(&text, "$1$2");
    text.trim().trim_end_matches(':').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Confidence;
    use crate::report::{ClaimReport, fixture};

    fn counted() -> Stats {
        let mut report = fixture::empty();
        let missing = "nothing declares `User`, `Order`";
        report.blocks = vec![
            fixture::block("a.md", 1, Status::Ran, ""),
            fixture::block("a.md", 9, Status::Incomplete, missing),
            fixture::block("a.md", 17, Status::Incomplete, "nothing declares `x`"),
            fixture::block("a.md", 25, Status::Broken, "26:3: undefined: time.Foo"),
            fixture::block("a.md", 33, Status::Skipped, "pseudo code"),
            fixture::block("a.md", 41, Status::Declined, "it needs cgo"),
        ];
        report.blocks[5].aside = Some(Aside::Cgo);
        report.blocks[0].shape = Shape::Program;
        Stats::of(&report)
    }

    #[test]
    fn what_is_set_aside_is_not_in_the_share() {
        let stats = counted();
        assert_eq!(stats.total.blocks, 6);
        assert_eq!((stats.total.cgo, stats.total.skipped), (1, 1));
        assert_eq!(stats.total.counted, 4);
        assert_eq!(stats.total.share, Some(25.0));
        let shapes: Vec<_> = stats.shapes.iter().map(|row| row.shape).collect();
        assert_eq!(shapes, ["program", "statements"]);
        assert_eq!(stats.shapes[0].share, Some(100.0));
    }

    #[test]
    fn reasons_are_counted_without_their_names_and_places() {
        let stats = counted();
        let reasons: Vec<_> = stats
            .reasons
            .iter()
            .map(|it| (it.blocks, it.reason.as_str()))
            .collect();
        assert_eq!(reasons, [(2, "nothing declares `…`"), (1, "undefined")]);
    }

    #[test]
    fn what_does_not_compile_as_its_note_says_is_set_aside() {
        let mut report = fixture::empty();
        let broken = |line| fixture::block("a.md", line, Status::Broken, "11:3: mismatched types");
        report.blocks = vec![broken(10), broken(20), broken(30)];
        let says = |line, kind, verdict| ClaimReport {
            block_line: line,
            kind,
            ..fixture::claim("a.md", line + 1, verdict, Confidence::Certain)
        };
        report.claims = vec![
            says(10, Kind::CompileError, Verdict::Confirmed),
            says(20, Kind::CompileError, Verdict::Unverified),
            says(30, Kind::Panic, Verdict::Confirmed),
        ];
        let total = Stats::of(&report).total;
        assert_eq!((total.refused, total.counted, total.broken), (1, 2, 2));
        assert_eq!(Stats::of(&report).reasons[0].blocks, 2);
    }

    #[test]
    fn what_is_declined_may_type_check() {
        let mut report = fixture::empty();
        let declined = |line| fixture::block("a.md", line, Status::Declined, "it is a server");
        report.blocks = vec![declined(1), declined(9)];
        report.blocks[0].compiles = true;
        let total = Stats::of(&report).total;
        assert_eq!((total.declined, total.share), (2, Some(50.0)));
    }

    #[test]
    fn the_table_has_a_row_for_each_shape() {
        let text = counted().table(true);
        let lines: Vec<&str> = text.lines().collect();
        assert!(
            lines[0].starts_with("shape       blocks  runtime  cgo"),
            "{text}"
        );
        assert!(lines[1].ends_with("100.0 %"), "{text}");
        assert!(lines[3].starts_with("all"), "{text}");
        assert!(text.contains("a.md:9 nothing declares `User`"), "{text}");
    }

    #[test]
    fn a_shape_without_counted_blocks_has_no_share() {
        let stats = Stats::of(&fixture::empty());
        assert_eq!(stats.total.share, None);
        assert!(stats.table(false).trim_end().ends_with('-'));
    }
}
