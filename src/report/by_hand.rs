//! What a wrong claim would have to say, where `gosnip bless` does not write it: "by hand: it would have to say …".

use super::text::line;
use super::{ClaimReport, Verdict};
use crate::claim::Kind;
use crate::run::crash::is_heading;

/// The most lines of output that are told in a sentence.
const TOLD: usize = 4;

/// The widest text that is told in a sentence.
const WIDEST: usize = 80;

/// What has to be done by hand; `None` if nothing has, or if `gosnip bless` was not asked.
pub(super) fn advice(claim: &ClaimReport) -> Option<String> {
    let wrong = matches!(claim.verdict, Verdict::Refuted | Verdict::Stale);
    let asked = claim.fix.is_empty() && !claim.by_hand.is_empty();
    (wrong && asked).then(|| {
        let since = match claim.holds.strip_prefix("go<") {
            Some(version) if claim.verdict == Verdict::Stale => {
                format!("from Go {} on ", line(version))
            }
            _ => String::new(),
        };
        match crash(claim) {
            Some(crash) => format!(
                "by hand: {since}the program ends in `{}`: correct it, or say so",
                line(crash)
            ),
            None => format!("by hand: {since}it would have to say {}", truth(claim)),
        }
    })
}

/// How a program crashes that is said to print something. Then it is more likely the program that is wrong than what the
/// note says of it.
fn crash(claim: &ClaimReport) -> Option<&str> {
    let printed = matches!(claim.kind, Kind::Stdout | Kind::Order);
    let mut lines = claim.observed.lines();
    lines.find(|line| printed && is_heading(line))
}

/// What is true, as the end of a sentence that starts with "it would have to say".
fn truth(claim: &ClaimReport) -> String {
    let observed = claim.observed.trim();
    let that = |text: &str| format!("that {text}");
    match claim.kind {
        Kind::CompileError if claim.negated => quoted(observed, "that it does not compile"),
        Kind::CompileError if observed.is_empty() || observed == "it compiles" => {
            that("it compiles")
        }
        Kind::Escape | Kind::Heap => that("it stays on the stack"),
        Kind::NoEscape | Kind::Stack => that("it goes to the heap"),
        Kind::Race | Kind::NoRace => that(match claim.kind == Kind::NoRace {
            true => "there is a data race",
            false => "there is no data race",
        }),
        Kind::Nondeterministic => that(match claim.negated {
            true => "it differs from run to run",
            false => "it is the same in every run",
        }),
        Kind::Stdout | Kind::Order if observed.is_empty() => that("nothing is printed"),
        // "the pointers in `ptrs`: not all the same", "`x == nil`: true"
        Kind::Value if observed.contains("`: ") => that(
            &line(observed)
                .replacen("`: ", "` are ", 1)
                .replace("are true", "is true")
                .replace("are false", "is false"),
        ),
        // "The program ends normally", "the line comes to its end": gosnip's own words.
        _ if observed.starts_with("the ") => that(&line(observed)),
        Kind::Panic | Kind::Fatal | Kind::Deadlock | Kind::Blocks if observed.is_empty() => {
            that(match claim.negated {
                true => "it happens",
                false => "it does not happen",
            })
        }
        _ => quoted(observed, "what Go does, as it is shown here"),
    }
}

/// Lines in quotes, or other words where they are none or too long.
fn quoted(text: &str, otherwise: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let fits = (1..=TOLD).contains(&lines.len())
        && lines
            .iter()
            .all(|line| !line.is_empty() && line.chars().count() <= WIDEST);
    match fits {
        true => format!("`{}`", line(&lines.join("`, `"))),
        false => otherwise.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Confidence;
    use crate::report::fixture;

    fn of(kind: Kind, negated: bool, observed: &str) -> Option<String> {
        advice(&ClaimReport {
            kind,
            negated,
            observed: observed.to_owned(),
            fix: String::new(),
            by_hand: "claims of this form are not rewritten".to_owned(),
            ..fixture::claim("a.md", 1, Verdict::Refuted, Confidence::Certain)
        })
    }

    #[test]
    fn the_truth_is_told_for_each_kind() {
        for (kind, negated, observed, said) in [
            (Kind::Stdout, false, "2", "`2`"),
            (Kind::Stdout, false, "a\nb", "`a`, `b`"),
            (Kind::Stdout, false, "", "that nothing is printed"),
            (
                Kind::Stdout,
                false,
                "1\n2\n3\n4\n5",
                "what Go does, as it is shown here",
            ),
            (Kind::Value, false, "[1 2 3]", "`[1 2 3]`"),
            (
                Kind::Value,
                false,
                "the pointers in `p`: not all the same",
                "that the pointers in `p` are not all the same",
            ),
            (
                Kind::Value,
                false,
                "`s == nil`: true",
                "that `s == nil` is true",
            ),
            (Kind::CompileError, false, "it compiles", "that it compiles"),
            (Kind::CompileError, true, "undefined: x", "`undefined: x`"),
            (
                Kind::Escape,
                false,
                "x is not moved to the heap",
                "that it stays on the stack",
            ),
            (
                Kind::Panic,
                false,
                "the program ends normally",
                "that the program ends normally",
            ),
            (
                Kind::NoRace,
                false,
                "Write at 0x1",
                "that there is a data race",
            ),
        ] {
            let expected = format!("by hand: it would have to say {said}");
            assert_eq!(of(kind, negated, observed), Some(expected));
        }
    }

    #[test]
    fn a_program_that_crashes_instead_is_to_be_corrected() {
        let observed = "cat\nfatal error: all goroutines are asleep - deadlock!";
        let said = "by hand: the program ends in `fatal error: all goroutines are asleep - deadlock!`: \
                    correct it, or say so";
        assert_eq!(of(Kind::Order, false, observed).as_deref(), Some(said));
    }

    #[test]
    fn what_bless_writes_is_not_to_be_done_by_hand() {
        let claim = fixture::claim("a.md", 1, Verdict::Refuted, Confidence::Certain);
        assert_eq!(advice(&claim), None);
        let unasked = ClaimReport {
            fix: String::new(),
            ..claim
        };
        assert_eq!(advice(&unasked), None);
    }

    #[test]
    fn what_was_true_before_is_so_until_a_version() {
        let claim = ClaimReport {
            holds: "go<1.22".to_owned(),
            fix: String::new(),
            by_hand: "it is prose".to_owned(),
            ..fixture::claim("a.md", 1, Verdict::Stale, Confidence::Certain)
        };
        let said = "by hand: from Go 1.22 on it would have to say `4`";
        assert_eq!(advice(&claim).as_deref(), Some(said));
    }
}
