//! How a claim and what really happened are put into words.

use unicode_width::UnicodeWidthStr as _;

use super::text::{BREAK, line, shorten};
use super::{ClaimReport, Verdict};
use crate::claim::Kind;

/// The widest text (in columns) that is quoted within a sentence.
const QUOTED: usize = 60;

/// The widest text that is put behind an underlined claim.
const LABEL: usize = 30;

/// The most lines of output that are quoted within a sentence.
const QUOTED_LINES: usize = 10;

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

    /// What is wrong, in one sentence.
    pub fn headline(&self) -> String {
        let claim = self.claim;
        let says = format!(
            "the note says `{}`",
            shorten(&line(claim.text.trim()), QUOTED)
        );
        match claim.verdict {
            Verdict::Confirmed => format!("{says}, and so it is"),
            Verdict::Unverified => format!("{says}; not decided: {}", line(&claim.reason)),
            Verdict::Unstable => format!("{says}, which is true in some runs only"),
            Verdict::Refuted | Verdict::Stale if self.needs_diff() => {
                let does = if is_output(claim.kind) {
                    "prints"
                } else {
                    "says"
                };
                format!("what Go {does} is not what the note says")
            }
            Verdict::Refuted | Verdict::Stale => format!("{says}, {}", self.really()),
        }
    }

    /// What really happened, as the second half of a sentence.
    fn really(&self) -> String {
        let observed = self.claim.observed.trim();
        match self.claim.kind {
            kind if is_output(kind) && observed.is_empty() => "Go prints nothing".to_owned(),
            _ if observed.is_empty() && self.claim.reason.is_empty() => {
                "which does not happen".to_owned()
            }
            _ if observed.is_empty() => format!("but {}", line(&self.claim.reason)),
            kind => {
                let quoted = self
                    .observed()
                    .unwrap_or_else(|| shorten(&line(observed), QUOTED).into_owned());
                format!("{} `{quoted}`", subject(kind))
            }
        }
    }

    /// A few words for the underlined claim; none where they would be many or a diff says it better.
    pub fn label(&self) -> Option<String> {
        let observed = self
            .observed()
            .filter(|observed| observed.width() <= LABEL && !self.needs_diff())?;
        let words = match (self.claim.verdict, self.claim.kind) {
            (Verdict::Confirmed | Verdict::Unverified, _) => return None,
            (Verdict::Unstable, _) => "other runs:",
            (_, kind) if is_output(kind) => "prints",
            (_, Kind::Value | Kind::Type | Kind::Exit) => "is",
            _ => "Go says",
        };
        Some(format!("{words} {observed}"))
    }

    /// Whether expected and observed text are too long to stand in a sentence.
    pub fn needs_diff(&self) -> bool {
        let claim = self.claim;
        let judged = !matches!(claim.verdict, Verdict::Confirmed | Verdict::Unverified);
        let both = !claim.expected.trim().is_empty() && !claim.observed.trim().is_empty();
        let fits = self.observed().is_some() && self.on_one_line(&claim.expected).is_some();
        judged && both && !fits
    }

    /// The claim's text with the truth in it, where that is a plain replacement: the expected text
    /// stands in the claim's text exactly once, and the observed text can be written like it.
    pub fn fix(&self) -> Option<String> {
        let claim = self.claim;
        let false_now = matches!(claim.verdict, Verdict::Refuted | Verdict::Stale);
        let literal = matches!(
            claim.kind,
            Kind::Stdout | Kind::Order | Kind::Value | Kind::Type
        );
        if !false_now || !literal || claim.hedged || claim.negated {
            return None;
        }
        let (expected, observed) = (claim.expected.trim_end(), claim.observed.trim_end());
        let lines: Vec<&str> = observed.lines().collect();
        let single = lines.len() == 1 && !expected.contains('\n');
        let separator = self.separator.or(single.then_some(""))?;
        let written = expected.lines().collect::<Vec<_>>().join(separator);
        let ambiguous = !separator.is_empty() && lines.iter().any(|line| line.contains(separator));
        let once = !written.is_empty() && claim.text.matches(&written).count() == 1;
        let truth = lines.join(separator);
        let plain = line(&truth) == truth.as_str() && truth.width() <= QUOTED;
        (once && !ambiguous && !lines.is_empty() && plain)
            .then(|| line(&claim.text.replacen(&written, &truth, 1)).into_owned())
    }

    /// What goes with the headline, each with its name: since when (`since`), where Go tells of
    /// it (`see`), the reason (`why`), how to mend it (`fix`). Each is one line, fit to be shown.
    pub fn details(&self) -> Vec<(&'static str, String)> {
        let fix = self.fix().map(|fix| format!("replace by `{fix}`"));
        let link = Some(self.claim.link.clone()).filter(|link| !link.is_empty());
        let since = self.since();
        [
            ("since", since),
            ("see", link),
            ("why", self.why()),
            ("fix", fix),
        ]
        .into_iter()
        .filter_map(|(name, text)| Some((name, line(&text?).into_owned())))
        .collect()
    }

    /// What changed in Go and in which versions the claim holds.
    fn since(&self) -> Option<String> {
        match (self.claim.change.as_str(), self.claim.holds.as_str()) {
            ("", "") => None,
            (change, "") => Some(change.to_owned()),
            ("", holds) => Some(format!("it holds for {holds}")),
            (change, holds) => Some(format!("{change} (it holds for {holds})")),
        }
    }

    /// The reason, unless the headline has it already.
    fn why(&self) -> Option<String> {
        let reason = &self.claim.reason;
        let said = reason.is_empty() || self.headline().contains(reason);
        (!said).then(|| reason.clone())
    }

    /// The observed text as it can stand in a sentence.
    fn observed(&self) -> Option<String> {
        self.on_one_line(&self.claim.observed)
    }

    /// `text` on one line, its lines separated in the author's manner if that is known; `None` if it
    /// is empty or too long.
    fn on_one_line(&self, text: &str) -> Option<String> {
        let lines: Vec<&str> = text.trim_end().lines().take(QUOTED_LINES + 1).collect();
        let joined = match self.separator {
            Some(separator) if !lines.iter().any(|line| line.contains(separator)) => {
                lines.join(separator)
            }
            _ => lines.join(BREAK),
        };
        let shown = line(&joined).into_owned();
        let fits = lines.len() <= QUOTED_LINES && shown.width() <= QUOTED;
        (fits && !shown.is_empty()).then_some(shown)
    }
}

/// Whether claims of this kind are about what is printed.
fn is_output(kind: Kind) -> bool {
    matches!(kind, Kind::Stdout | Kind::Order | Kind::Nondeterministic)
}

/// What the observed text of a claim of this kind is.
fn subject(kind: Kind) -> &'static str {
    match kind {
        Kind::Value => "the value is",
        Kind::Type => "the type is",
        Kind::Exit => "the exit code is",
        kind if is_output(kind) => "Go prints",
        _ => "Go says",
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
        for (text, expected) in [
            ("输出: 3, 3, 3", "输出: 0, 1, 2"),
            ("3 3 3", "0 1 2"),
            ("3->3->3", "0->1->2"),
            ("输出：3、3、3", "输出：0、1、2"),
        ] {
            let claim = claim(Kind::Stdout, text, "3\n3\n3\n", "0\n1\n2\n");
            assert_eq!(Wording::new(&claim).fix().as_deref(), Some(expected));
        }
    }

    #[test]
    fn without_a_separator_line_breaks_are_shown_and_no_fix_is_offered() {
        let claim = claim(Kind::Stdout, "prints 3", "3", "0\n1\n");
        let wording = Wording::new(&claim);
        assert_eq!(
            wording.headline(),
            "the note says `prints 3`, Go prints `0⏎1`"
        );
        assert_eq!(wording.fix(), None);
    }

    #[test]
    fn no_fix_is_offered_where_it_could_be_wrong() {
        let twice = claim(Kind::Value, "3 is 3", "3", "4");
        assert_eq!(Wording::new(&twice).fix(), None);
        let mut hedged = claim(Kind::Value, "maybe 3", "3", "4");
        assert!(Wording::new(&hedged).fix().is_some());
        hedged.hedged = true;
        assert_eq!(Wording::new(&hedged).fix(), None);
        let control = claim(Kind::Value, "is 3", "3", "\x1b[31m4");
        assert_eq!(Wording::new(&control).fix(), None);
        let panic = claim(Kind::Panic, "panic: a", "a", "b");
        assert_eq!(Wording::new(&panic).fix(), None);
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
