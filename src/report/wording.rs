//! How a claim and what really happened are put into words.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr as _;

use super::diff::{self, ChangeTag};
use super::text::{count, ends, line, shorten};
use super::{ClaimReport, Tried, Verdict, by_hand};
use crate::claim::{Form, Kind};

/// The widest text (in columns) that is quoted within a sentence.
const QUOTED: usize = 60;

/// The widest text that is put behind an underlined claim.
const LABEL: usize = 30;

/// The widest text that is offered as a replacement.
const FIX: usize = 100;

/// The most lines of output that are quoted one by one within a sentence.
const QUOTED_LINES: usize = 4;

/// The most that are quoted in the author's manner, with what separates them on his line.
const JOINED_LINES: usize = 10;

/// The most turns that are written out line by line (`a, b in turn, 100 times`).
const TURNS: usize = 10_000;

/// A claim in words.
pub struct Wording<'c> {
    claim: &'c ClaimReport,
    /// What the author writes between lines of output that stand on one line of the note.
    separator: Option<&'c str>,
}

impl<'c> Wording<'c> {
    /// The words for `claim`.
    pub fn new(claim: &'c ClaimReport) -> Self {
        let expected: Vec<&str> = claim.expected.trim_end().lines().collect();
        Self {
            claim,
            separator: separator(&claim.text, &expected),
        }
    }

    /// What is wrong, in one sentence, with the block that it is true of if the words are said of several.
    pub fn headline(&self) -> String {
        let sentence = self.sentence();
        match self.claim.shared {
            true => format!("{sentence} (the block on line {})", self.claim.block_line),
            false => sentence,
        }
    }

    fn sentence(&self) -> String {
        let claim = self.claim;
        let wrong = matches!(claim.verdict, Verdict::Refuted | Verdict::Stale);
        // Prose says in a few words what would be many lines.
        let listing = claim.form != Form::Prose && claim.expected.trim().contains('\n');
        if wrong && self.needs_diff() && listing {
            return self.lines_differ();
        }
        let says = format!(
            "the note says `{}`",
            shorten(&line(claim.text.trim()), QUOTED)
        );
        match claim.verdict {
            Verdict::Confirmed => format!("{says}, and so it is"),
            Verdict::Unverified => format!("{says}; not decided: {}", line(&claim.reason)),
            Verdict::Unstable => format!("{says}, which is true in some runs only"),
            Verdict::Refuted => format!("{says}, {}", self.really()),
            Verdict::Stale => {
                let really = self.really();
                let now = really.strip_prefix("but ").unwrap_or(&really);
                format!("{says}, {}; now {now}", self.was_true())
            }
        }
    }

    /// When a stale claim was true: `true before Go 1.22`.
    fn was_true(&self) -> String {
        match self.claim.holds.strip_prefix("go<") {
            Some(version) => format!("true before Go {}", line(version)),
            None if self.claim.holds.is_empty() => "true under an older Go".to_owned(),
            None => format!("true {}", versions(&line(&self.claim.holds))),
        }
    }

    /// For a confirmed claim that does not hold under every Go: under which it does.
    pub fn held(&self) -> Option<String> {
        let everywhere = |tried: &Tried| tried.verdict == Verdict::Confirmed;
        let tried = &self.claim.tried;
        let limited = tried.is_empty() || !tried.iter().all(everywhere);
        (limited && !self.claim.holds.is_empty()).then(|| versions(&line(&self.claim.holds)))
    }

    /// What the note says is printed, as lines to compare with what was observed: `a, b in turn, 100 times` is
    /// written out, and as much of it shown as there is of the other.
    pub fn expected(&self) -> Cow<'c, str> {
        let expected = &self.claim.expected;
        let in_turn = expected.rsplit_once("\n× ").and_then(|(words, times)| {
            let times = times.parse().ok().filter(|times| *times <= TURNS)?;
            Some(ends(&vec![words; times].join("\n")))
        });
        match in_turn.filter(|_| self.claim.kind == Kind::Order) {
            Some(lines) => Cow::Owned(lines),
            None => Cow::Borrowed(expected),
        }
    }

    /// The difference between what the note says and what Go does.
    pub fn difference(&self) -> Vec<diff::Line> {
        diff::lines(&self.expected(), &self.claim.observed)
    }

    /// What is wrong with a listing, which is shown as a difference.
    fn lines_differ(&self) -> String {
        let changes = self.difference();
        let tagged = |tag| changes.iter().flatten().filter(|it| it.0 == tag).count() as u32;
        let all = self.claim.expected.trim_end().lines().count() as u32;
        let go = match self.claim.kind {
            kind if is_output(kind) => "prints",
            _ => "says",
        };
        let what = match (tagged(ChangeTag::Delete), tagged(ChangeTag::Insert)) {
            (0, more) => format!("Go {go} {} more than the note", count(more, "line")),
            (wrong, _) if wrong == all => format!("Go {go} something else than the note"),
            (1, _) => format!("1 of these {all} lines is not what Go {go}"),
            (wrong, _) => format!("{wrong} of these {all} lines are not what Go {go}"),
        };
        match self.claim.verdict {
            Verdict::Stale => format!("{what}; the note is {}", self.was_true()),
            _ => what,
        }
    }

    /// What really happened, as the second half of a sentence.
    fn really(&self) -> String {
        let observed = self.claim.observed.trim();
        let kind = self.claim.kind;
        if observed.is_empty() {
            return match self.claim.reason.as_str() {
                _ if is_output(kind) => "Go prints nothing".to_owned(),
                "" => "which does not happen".to_owned(),
                reason => format!("but {}", line(reason)),
            };
        }
        let lines = observed.lines().count() as u32;
        let quoted = match self.observed() {
            Some(quoted) => quoted,
            None if lines > 1 && is_output(kind) => return format!("Go prints {lines} lines"),
            None => format!("`{}`", shorten(&line(first(observed)), QUOTED)),
        };
        match kind {
            _ if !is_go_s(kind, observed) => format!("but {}", line(observed)),
            Kind::Value => format!("the value is {quoted}"),
            Kind::Type => format!("the type is {quoted}"),
            Kind::Exit => format!("the exit code is {quoted}"),
            Kind::Escape | Kind::Heap => {
                format!("but it stays on the stack: the compiler says {quoted}")
            }
            Kind::NoEscape | Kind::Stack => {
                format!("but it goes to the heap: the compiler says {quoted}")
            }
            kind if is_output(kind) => format!("Go prints {quoted}"),
            _ => format!("Go says {quoted}"),
        }
    }

    /// A few words for the underlined claim; none where they would be many or a diff says it better.
    pub fn label(&self) -> Option<String> {
        let wrong = !matches!(self.claim.verdict, Verdict::Confirmed | Verdict::Unverified);
        let observed = self
            .observed()
            .filter(|observed| wrong && observed.width() <= LABEL && !self.needs_diff())?;
        let own = self.is_own_sentence();
        Some(match (self.claim.verdict, self.claim.kind) {
            (Verdict::Unstable, _) => format!("other runs: {observed}"),
            _ if own => line(self.claim.observed.trim()).into_owned(),
            (_, kind) if is_output(kind) => format!("prints {observed}"),
            (_, Kind::Value | Kind::Type | Kind::Exit) => format!("is {observed}"),
            _ => format!("Go says {observed}"),
        })
    }

    /// Whether what was observed is told by gosnip, and not text of the program or the compiler.
    pub fn is_own_sentence(&self) -> bool {
        !is_go_s(self.claim.kind, self.claim.observed.trim())
    }

    /// Whether expected and observed text are too long to stand in a sentence, or are lines that a
    /// reader compares one by one.
    pub fn needs_diff(&self) -> bool {
        let claim = self.claim;
        let judged = !matches!(claim.verdict, Verdict::Confirmed | Verdict::Unverified);
        let both = !claim.expected.trim().is_empty() && !claim.observed.trim().is_empty();
        let listing = claim.expected.trim().contains('\n') && self.separator.is_none();
        judged
            && both
            && is_go_s(claim.kind, claim.observed.trim())
            && (listing || self.observed().is_none())
    }

    /// The claim's text with the truth in it, as `gosnip bless` writes it, where that is one line.
    pub fn fix(&self) -> Option<String> {
        let fix = self.claim.fix.trim();
        let short = !fix.is_empty() && !fix.contains('\n') && fix.width() <= FIX;
        short.then(|| line(fix).into_owned())
    }

    /// What goes with the headline, each with its name: since when (`since`), where Go tells of
    /// it (`see`), the reason (`why`), how to mend it (`fix`). Each is one line, fit to be shown.
    pub fn details(&self) -> Vec<(&'static str, String)> {
        let fix = match self.fix() {
            Some(fix) => Some(format!("replace by `{fix}`")),
            None if self.claim.fix.is_empty() => by_hand::advice(self.claim),
            None => Some("`gosnip bless` writes what Go prints".to_owned()),
        };
        let link = Some(self.claim.link.clone()).filter(|link| !link.is_empty());
        [
            ("since", self.since()),
            ("see", link),
            ("why", self.why()),
            ("fix", fix),
        ]
        .into_iter()
        .filter_map(|(name, text)| Some((name, line(&text?).into_owned())))
        .collect()
    }

    /// What changed in Go, and in which versions the claim holds if the headline does not say so.
    fn since(&self) -> Option<String> {
        let said = self.claim.verdict == Verdict::Stale;
        match (self.claim.change.as_str(), self.claim.holds.as_str()) {
            ("", "") => None,
            ("", _) if said => None,
            (change, "") => Some(change.to_owned()),
            (change, _) if said => Some(change.to_owned()),
            ("", holds) => Some(format!("it holds {}", versions(holds))),
            (change, holds) => Some(format!("{change} (it holds {})", versions(holds))),
        }
    }

    /// The reason, unless the headline has it already.
    fn why(&self) -> Option<String> {
        let reason = &self.claim.reason;
        let said = reason.is_empty() || self.headline().contains(reason);
        (!said).then(|| reason.clone())
    }

    /// The observed text as it can stand in a sentence: in quotes, several lines separated in the
    /// author's manner if that is known, else quoted one by one; `None` if it is empty or too long.
    fn observed(&self) -> Option<String> {
        let lines: Vec<&str> = self.claim.observed.trim_end().lines().collect();
        let separator = self
            .separator
            .filter(|separator| !lines.iter().any(|line| line.contains(separator)));
        let (shown, most) = match separator {
            Some(separator) => (lines.join(separator), JOINED_LINES),
            None => (lines.join("`, `"), QUOTED_LINES),
        };
        let shown = line(&shown).into_owned();
        let fits = lines.len() <= most && shown.width() <= QUOTED;
        let blank = lines.len() > 1 && lines.iter().any(|line| line.trim().is_empty());
        (fits && !blank && !shown.is_empty()).then(|| format!("`{shown}`"))
    }
}

/// Whether claims of this kind are about what is printed.
fn is_output(kind: Kind) -> bool {
    matches!(kind, Kind::Stdout | Kind::Order | Kind::Nondeterministic)
}

/// Whether an observed text is what the program, the runtime or the compiler wrote, and not what gosnip
/// says of them, which the judges write as a sentence.
fn is_go_s(kind: Kind, observed: &str) -> bool {
    let shown = is_output(kind) || matches!(kind, Kind::Value | Kind::Type | Kind::Exit);
    let sentence = observed.starts_with("the program ")
        || observed == "it compiles"
        || observed.ends_with(" is not moved to the heap");
    shown || !sentence
}

fn first(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// A range of Go versions in words: `since Go 1.22`, `before Go 1.22`, `from Go 1.18 until before 1.22`.
fn versions(range: &str) -> String {
    let bounds = range.trim_start_matches("go");
    let (lower, upper) = bounds.split_once(' ').unwrap_or((bounds, ""));
    let bound = |text: &'_ str, sign: &str| text.strip_prefix(sign).map(str::to_owned);
    match (bound(lower, ">="), upper) {
        (Some(from), "") => format!("since Go {from}"),
        (Some(from), upper) => match (bound(upper, "<="), bound(upper, "<")) {
            (Some(to), _) => format!("from Go {from} to {to}"),
            (None, Some(to)) => format!("from Go {from} until before {to}"),
            (None, None) => format!("for {range}"),
        },
        (None, _) => match (bound(lower, "<="), bound(lower, "<")) {
            (Some(to), _) => format!("until Go {to}"),
            (None, Some(before)) => format!("before Go {before}"),
            (None, None) => format!("with Go {lower}"),
        },
    }
}

/// What stands in `text` between the lines of output that `expected` holds: `, ` for the text
/// `输出: 3, 3, 3`. Only punctuation, arrows and spaces separate.
fn separator<'t>(text: &'t str, expected: &[&str]) -> Option<&'t str> {
    let [first, second, ..] = expected else {
        return None;
    };
    if first.is_empty() || second.is_empty() {
        return None;
    }
    text.match_indices(first).find_map(|(at, _)| {
        let rest = text.get(at + first.len()..)?;
        let separator = rest.get(..rest.find(second)?)?;
        let separates = !separator.is_empty()
            && !separator.contains(|c: char| c.is_alphanumeric() || c.is_control());
        let all = expected.join(separator);
        (separates && text.get(at..)?.starts_with(&all)).then_some(separator)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Confidence;
    use crate::report::fixture;

    fn claim(kind: Kind, text: &str, expected: &str, observed: &str) -> ClaimReport {
        ClaimReport {
            kind,
            text: text.to_owned(),
            expected: expected.to_owned(),
            observed: observed.to_owned(),
            reason: String::new(),
            ..fixture::claim("a.md", 1, Verdict::Refuted, Confidence::Certain)
        }
    }

    #[test]
    fn observed_lines_are_separated_as_the_author_does() {
        for (text, shown) in [
            ("输出: 3, 3, 3", "Go prints `0, 1, 2`"),
            ("3 3 3", "Go prints `0 1 2`"),
            ("3->3->3", "Go prints `0->1->2`"),
            ("输出：3、3、3", "Go prints `0、1、2`"),
        ] {
            let claim = claim(Kind::Stdout, text, "3\n3\n3\n", "0\n1\n2\n");
            let headline = Wording::new(&claim).headline();
            assert!(headline.ends_with(shown), "{headline}");
        }
    }

    #[test]
    fn without_a_separator_each_line_is_quoted() {
        let claim = claim(Kind::Stdout, "prints 3", "3", "0\n1\n");
        assert_eq!(
            Wording::new(&claim).headline(),
            "the note says `prints 3`, Go prints `0`, `1`"
        );
    }

    #[test]
    fn a_listing_says_how_much_of_it_is_wrong() {
        for (observed, headline) in [
            ("a\nx\nc\n", "1 of these 3 lines is not what Go prints"),
            ("a\nb\nc\nd\n", "Go prints 1 line more than the note"),
            ("x\n", "Go prints something else than the note"),
        ] {
            let claim = claim(Kind::Stdout, "a\nb\nc\n", "a\nb\nc\n", observed);
            assert_eq!(Wording::new(&claim).headline(), headline);
        }
    }

    #[test]
    fn what_gosnip_says_itself_is_not_quoted_as_go_s_words() {
        for (kind, observed, end) in [
            (
                Kind::Panic,
                "the program ends normally",
                "but the program ends normally",
            ),
            (Kind::Panic, "panic: other", "Go says `panic: other`"),
            (Kind::CompileError, "it compiles", "but it compiles"),
            (
                Kind::Escape,
                "x is not moved to the heap",
                "but x is not moved to the heap",
            ),
            (
                Kind::Stack,
                "moved to heap: x",
                "but it goes to the heap: the compiler says `moved to heap: x`",
            ),
        ] {
            let claim = claim(kind, "words", "", observed);
            let headline = Wording::new(&claim).headline();
            assert_eq!(headline, format!("the note says `words`, {end}"));
        }
    }

    #[test]
    fn a_stale_claim_says_until_when_it_was_true() {
        let mut stale = claim(Kind::Stdout, "3 3", "3 3", "0\n1\n");
        stale.verdict = Verdict::Stale;
        stale.holds = "go<1.22".to_owned();
        assert_eq!(
            Wording::new(&stale).headline(),
            "the note says `3 3`, true before Go 1.22; now Go prints `0`, `1`"
        );
    }

    #[test]
    fn what_does_not_fit_in_a_sentence_gets_a_diff() {
        let long = "line\n".repeat(20);
        let claim = claim(Kind::Stdout, "line", &long, "other\n");
        let wording = Wording::new(&claim);
        assert!(wording.needs_diff());
        assert_eq!(wording.label(), None);
    }
}
