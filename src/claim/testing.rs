//! Listings of `go test`: which block of a note is one, and what it shows.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

// A result by name, or one of a package.
static RESULT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^\s*--- (?:PASS|FAIL|SKIP|BENCH): |^(?:ok|FAIL)[ \t]+\S+[ \t]+(?:\d+\.\d+s|\(cached\))|^(?:PASS|FAIL)[ \t]*$|^Benchmark\S*[ \t]+\d+[ \t]+[\d.]+ ns/op")
        .expect("a constant")
});
// Nothing ran: what is wrong there is not what a test says.
static NOT_RUN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\[(?:build|setup) failed\]|no test files|no Go files|WARNING: DATA RACE")
        .expect("a constant")
});
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*--- (PASS|FAIL|SKIP): (\S+)(?: \(\d+\.\d+ ?s(?:econds)?\))?\s*$")
        .expect("a constant")
});
static OF_PACKAGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(ok|PASS|FAIL)(?:\s.*)?$").expect("a constant"));
static AROUND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*=== |^(?:goos|goarch|pkg|cpu): |^exit status \d|^testing: warning: |^\?\s")
        .expect("a constant")
});
static BENCHMARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:Benchmark\S*(?:\s+\d+\s+[\d.]+ ns/op.*)?|\s*\d+\s+[\d.]+ ns/op.*)$|^--- BENCH")
        .expect("a constant")
});
static FILE_AND_LINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\S*\.go:\d+(?::\d+)?: ?").expect("a constant"));

// What a test says by `t.Errorf`: of a line of a test file, without a column. The compiler names both (and without one
// in versions long gone, in these words).
static MESSAGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^\s*\w+_test\.go:\d+: (?P<text>\S.*)$").expect("a constant"));
static COMPILER_SAYS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)\.go:\d+:\d+: |\.go:\d+: (?:undefined|cannot |too many |not enough |missing |syntax error|invalid |unknown |[^:\n]*(?:not used|undefined|redeclared|does not implement)\b)")
        .expect("a constant")
});

/// Whether the text is what `go test` wrote.
pub fn is_listing(text: &str) -> bool {
    let says = MESSAGE.is_match(text) && !COMPILER_SAYS.is_match(text);
    (RESULT.is_match(text) || says) && !NOT_RUN.is_match(text)
}

/// What a listing shows, without what differs from machine to machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// `PASS`, `FAIL` or `SKIP` of each test that is named.
    pub results: BTreeMap<String, String>,
    /// Whether the whole passed, if it says so.
    pub passed: Option<bool>,
    /// Every other line, without file and line number.
    pub lines: Vec<String>,
    /// Whether figures of benchmarks or of coverage are among it.
    pub figures: bool,
    /// Whether it is verbose, and so shows what passing tests write.
    pub verbose: bool,
}

impl Listing {
    /// Read one.
    pub fn read(text: &str) -> Self {
        let mut listing = Self::default();
        for line in text.lines() {
            let trimmed = line.trim();
            if trimmed.starts_with("goroutine ") && trimmed.contains('[') {
                break;
            }
            listing.verbose |= trimmed.starts_with("=== ");
            if let Some(found) = NAMED.captures(line) {
                listing
                    .results
                    .insert(found[2].to_owned(), found[1].to_owned());
            } else if BENCHMARK.is_match(line)
                || line.starts_with("coverage: ")
                || line.contains("\tcoverage: ")
            {
                listing.figures = true;
            } else if AROUND.is_match(line) || trimmed.is_empty() || is_elision(trimmed) {
            } else if let Some(found) = OF_PACKAGE.captures(line) {
                // `FAIL` ends each part and the whole; one that fails decides.
                let passed = &found[1] != "FAIL";
                listing.passed = Some(listing.passed.unwrap_or(true) && passed);
            } else {
                let message = FILE_AND_LINE.replace(trimmed, "");
                let message = message
                    .split(" [recovered")
                    .next()
                    .unwrap_or_default()
                    .trim();
                if !message.is_empty() && listing.lines.last().is_none_or(|last| last != message) {
                    listing.lines.push(message.to_owned());
                }
            }
        }
        listing
    }

    /// The functions whose results, or those of their subtests, it names.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        let names = self.results.keys();
        names.map(|name| name.split('/').next().unwrap_or(name))
    }

    /// The function, if all results are of one.
    pub fn only_function(&self) -> Option<&str> {
        let first = self.functions().next()?;
        self.functions().all(|name| name == first).then_some(first)
    }
}

fn is_elision(line: &str) -> bool {
    line.chars().all(|c| matches!(c, '.' | '…'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_is_told_from_other_output() {
        assert!(is_listing(
            "--- FAIL: TestSum (0.00s)\n    sum_test.go:9: got 3\nFAIL\n"
        ));
        assert!(is_listing("PASS\nok  \texample/sum\t0.003s\n"));
        assert!(!is_listing("okay then\nPASSING\n"));
        assert!(!is_listing(
            "./sum_test.go:9:2: undefined: Sum\nFAIL\texample/sum [build failed]\n"
        ));
    }

    #[test]
    fn times_places_and_line_numbers_do_not_count() {
        let one = Listing::read(
            "=== RUN   TestSum\n    sum_test.go:9: got 3\n--- FAIL: TestSum (0.01s)\nFAIL\nexit status 1\nFAIL\texample/sum\t0.003s\n",
        );
        let other =
            Listing::read("--- FAIL: TestSum (0.00s)\n        /tmp/x/main.go:12: got 3\nFAIL\n");
        assert_eq!(one.results, other.results);
        assert_eq!(one.lines, ["got 3"]);
        assert_eq!(one.lines, other.lines);
        assert_eq!(
            (one.passed, one.verbose, other.verbose),
            (Some(false), true, false)
        );
    }
}
