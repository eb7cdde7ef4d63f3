//! The ways in which a claim's words can be read as output, and whether one of them is what was seen.

use std::sync::LazyLock;

use regex::Regex;

use crate::claim::lexicon::is_cjk;
use crate::claim::{Claim, Confidence, Form, Kind, value};

use super::text;

// `bit clear: 2`, `按位清零：2`: a few words and a colon before the value.
static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[A-Za-z\p{Han}][A-Za-z\p{Han} -]{0,30}[:：]\s*(?P<value>\S.*)$")
        .expect("a constant")
});

/// The ways a claim's words can be read as output.
pub(super) fn readings(claim: &Claim) -> Vec<String> {
    match claim.form {
        // Each line of a listing is output, apart from what is clearly said of it.
        Form::OutputComment if claim.expected.contains('\n') => {
            // `10  ← not 20!` points at the line with what is said of it.
            let pointed = |line: &str| line.find('←').map(|at| line[..at].trim_end().to_owned());
            let bare = |line: &str| {
                if let Some(said) = pointed(line) {
                    return said;
                }
                let candidates = value::candidates(line).into_iter();
                let mut sure = candidates.filter(|it| it == line || is_remark(line, it));
                sure.next_back().unwrap_or_default()
            };
            let lines: Vec<String> = claim.expected.lines().map(bare).collect();
            vec![claim.expected.clone(), lines.join("\n")]
        }
        Form::TrailingComment | Form::WhatIf | Form::OutputComment | Form::OwnLineComment => {
            let mut readings = value::candidates(&claim.expected);
            if claim.form == Form::OutputComment {
                readings.retain(|it| it == claim.expected.trim() || is_remark(&claim.expected, it));
            }
            readings.extend(value::labelled(&claim.expected).map(|(_, values)| values));
            // `bit clear: 2`: what it is, and what is printed.
            let named = LABELLED
                .captures(&claim.expected)
                .map(|it| it["value"].to_owned());
            readings.extend(named.filter(|it| value::is_values(it)));
            // `2*2 => 4`: how it comes about, and what is printed.
            let arrow = ["=>", "→", "->"]
                .iter()
                .find_map(|arrow| claim.expected.rsplit_once(arrow));
            readings.extend(arrow.map(|(_, result)| result.trim().to_owned()));
            // `Al is the youngest`: a word, and what it is. Only what proves true is read like that.
            let word = claim.expected.split_once(" is ").map(|(word, _)| word);
            readings.extend(
                word.filter(|it| value::is_word(it) && claim.confidence == Confidence::Weak)
                    .map(str::to_owned),
            );
            let repeated: Vec<String> = readings
                .iter()
                .filter_map(|it| value::repeated(it))
                .collect();
            readings.extend(repeated);
            readings
        }
        _ => vec![claim.expected.clone()],
    }
}

/// Whether what `text` has besides `said` is clearly an author's remark: words of a sentence, Chinese ones, or why it
/// is so. One word or value more (`a, b`, `3 (three)`) may as well be output, and is not under `// Output:` of Go's own.
fn is_remark(text: &str, said: &str) -> bool {
    let rest = text.replacen(said, "", 1);
    let rest = rest.trim_matches(|c: char| !c.is_alphanumeric() && c != '"');
    let words: Vec<&str> = rest.split_whitespace().collect();
    let counts = words.len() < 2 && matches!(rest, "bytes" | "bits" | "runes" | "elements");
    rest.is_empty()
        || counts
        || rest.chars().any(is_cjk)
        || words.len() > 1 && !value::is_values(rest) && !rest.contains(',')
        || words.len() > 3
}

/// Whether the claim is what was seen, if what follows it is taken for a remark that it may not be.
pub(super) fn is_doubtful(claim: &Claim, observed: &str) -> bool {
    let candidates = value::candidates(&claim.expected).into_iter();
    claim.form == Form::OutputComment
        && !claim.expected.contains('\n')
        && candidates
            .skip(1)
            .any(|it| text::compare(&it, observed).is_some())
}

/// Said where it cannot be told what is output and what is said of it.
pub(super) const DOUBTFUL: &str =
    "it prints a part of this, and the rest may be output or the author's remark";

/// The first reading that equals `observed`, and what had to be forgiven.
pub(super) fn matching(claim: &Claim, observed: &str) -> Option<text::Forgiven> {
    if claim.kind == Kind::Order {
        let same = text::sorted_lines(&claim.expected) == text::sorted_lines(observed);
        return same.then(|| vec!["order of lines"]);
    }
    if let Some(holds) = value::compares(&claim.expected, observed) {
        return holds.then(Vec::new);
    }
    readings(claim)
        .iter()
        .find_map(|reading| text::compare(reading, observed))
}

/// Whether outputs that differ in nothing but the order of their lines have other lines than the claim gives.
pub(super) fn is_never(claim: &Claim, outputs: &[String]) -> bool {
    let sorted: Vec<Vec<String>> = outputs.iter().map(|it| text::sorted_lines(it)).collect();
    let Some(first) = sorted.first() else {
        return false;
    };
    sorted.iter().all(|lines| lines == first)
        && !text::has_address(&outputs[0])
        && readings(claim).iter().all(|reading| {
            !text::has_wildcard(reading) && !text::is_reordered(reading, &outputs[0])
        })
        && readings(claim)
            .iter()
            .any(|reading| value::pieces(reading).len() == value::pieces(&outputs[0]).len())
}

/// Whether the claim has the same values as the output, in another order.
pub(super) fn is_reordered(claim: &Claim, shown: &str) -> bool {
    let readings = readings(claim);
    let mut readings = readings.iter();
    readings.any(|reading| text::is_reordered(reading, shown))
}

/// Whether the claim is that something is nil, and nothing more.
pub(super) fn is_nil(claim: &Claim) -> bool {
    readings(claim).iter().any(|reading| reading == "nil")
}

/// What had to be forgiven, in words.
pub(super) fn remark(forgiven: &text::Forgiven) -> String {
    match forgiven.as_slice() {
        [] => String::new(),
        some => format!("apart from {}", some.join(" and ")),
    }
}

/// Whether a claim quotes the message of a runtime error up to the numbers that it ends in, as one may of a panic.
pub(super) fn is_cut_message(claim: &Claim, printed: &str) -> bool {
    let said = claim.expected.trim().trim_end_matches("...").trim_end();
    let rest = printed.trim().strip_prefix(said).unwrap_or_default();
    said.starts_with("runtime error: ") && rest.starts_with(" [")
}
