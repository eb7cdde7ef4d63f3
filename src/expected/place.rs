//! Where in a comment the value stands, and where the author's remark begins.

use std::ops::Range;

use super::words;
use crate::claim::lexicon::is_cjk;
use crate::claim::value;

/// Where a comment says the value, and which one belongs there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Bytes of the expected text.
    pub range: Range<usize>,
    /// What Go printed, as far as it belongs there.
    pub value: String,
}

/// The place of the value in `expected`; `None` if what Go printed can't be said by another value there.
///
/// `都是 0` and `3 three times` give a value once, so Go must print one that often; words before a value (`still 0`,
/// `2*2 => 4`) stay.
pub fn find(expected: &str, observed: &str) -> Option<Place> {
    let repeated = value::candidates(expected)
        .iter()
        .find_map(|it| value::repeated(it));
    let times = repeated.as_ref().map(|lines| lines.lines().count());
    let once = repeated.and_then(|lines| Some(lines.lines().next()?.to_owned()));
    if let Some(old) = value::for_each(expected).or(once) {
        let values = value::pieces(observed);
        let (first, at) = (*values.first()?, expected.find(&old)?);
        let same = values.iter().all(|value| value == &first);
        let as_often = times.is_none_or(|times| times == values.len());
        return (same && as_often).then(|| Place {
            range: at..at + old.len(),
            value: first.to_owned(),
        });
    }
    let start = value::behind_words(expected).unwrap_or_default();
    let range = value(&expected[start..], observed);
    Some(Place {
        range: start + range.start..start + range.end,
        value: observed.to_owned(),
    })
}

/// The bytes of `expected` that say the value: `99` of `99，原map已变`, all of `3, 3, 3`.
///
/// The rules, in this order: what stands behind it must be a remark, that is, no further value (unless in
/// brackets: `6 (bytes)`); of those that are values, the one with as many parts as `observed` has, or the
/// longest; else free text, which ends only where something else visibly begins, the one most like it.
fn value(expected: &str, observed: &str) -> Range<usize> {
    let candidates: Vec<String> = value::candidates(expected)
        .into_iter()
        .filter(|candidate| expected.starts_with(candidate.as_str()))
        .filter(|candidate| is_remark(&expected[candidate.len()..]))
        .collect();
    let values = candidates
        .iter()
        .filter(|candidate| value::is_values(candidate));
    let wanted = words::count(observed);
    let best = values
        .min_by_key(|it| {
            (
                words::count(it).abs_diff(wanted),
                std::cmp::Reverse(it.len()),
            )
        })
        .or_else(|| most_alike(expected, &candidates, observed));
    0..best.map_or(expected.len(), String::len)
}

fn most_alike<'a>(expected: &str, candidates: &'a [String], observed: &str) -> Option<&'a String> {
    let likeness = |it: &str| (words::likeness(it, observed) * 1000.0) as u32;
    candidates
        .iter()
        .filter(|it| is_apart(it, &expected[it.len()..]))
        .max_by_key(|it| {
            let parts = words::count(it).abs_diff(words::count(observed));
            (likeness(it), std::cmp::Reverse(parts), it.len())
        })
}

/// Whether what stands behind a free text is set apart from it: by brackets, a dash, another comment, or
/// another script. A comma alone is part of a text (`hello, world`).
fn is_apart(text: &str, rest: &str) -> bool {
    let has_cjk = |text: &str| text.chars().any(is_cjk);
    let rest = rest.trim_start();
    rest.is_empty()
        || rest.starts_with(['(', '（', '—', '#'])
        || rest.starts_with("--")
        || rest.starts_with("//")
        || has_cjk(rest) && !has_cjk(text)
}

/// Whether the rest of a comment, behind its value, only explains.
fn is_remark(rest: &str) -> bool {
    let inner = rest.trim_start();
    if inner.starts_with(['(', '（']) {
        return true;
    }
    let inner = inner.trim_start_matches([
        ',', '，', ';', '；', '。', '、', '-', '—', '/', '#', '!', '！', ' ',
    ]);
    inner.is_empty() || !value::starts_with_value(inner)
}

#[cfg(test)]
mod tests {

    #[test]
    fn the_remark_behind_the_value_is_not_the_value() {
        for (expected, observed, value) in [
            ("99，原map已变", "1", "99"),
            ("3, 3, 3", "0\n1\n2", "3, 3, 3"),
            ("3, 3, 3", "0", "3, 3, 3"),
            ("6 (bytes)", "7", "6"),
            ("6（字节数）", "7", "6"),
            ("[2 3] 实现降序排列", "[1]", "[2 3]"),
            ("\"5\", function call", "6", "\"5\""),
            ("hello, world", "hello there", "hello, world"),
            ("Alice，说明", "Bob", "Alice"),
            ("0, 不会panic", "1", "0"),
            ("true // 注意", "false", "true"),
        ] {
            let found = super::value(expected, observed);
            assert_eq!(&expected[found], value, "{expected}");
        }
    }

    #[test]
    fn words_before_the_value_are_not_the_value() {
        for (expected, observed, place) in [
            ("结果是 [1 3]，注意", "[1 2]", Some(("[1 3]", "[1 2]"))),
            ("still 0, as before", "1", Some(("0", "1"))),
            ("仍然是 3", "4", Some(("3", "4"))),
            ("2*2 => 5", "4", Some(("5", "4"))),
            ("都是 0", "1\n1", Some(("0", "1"))),
            ("both true", "false false", Some(("true", "false"))),
            ("both true", "false true", None),
            ("3 three times", "4\n4\n4", Some(("3", "4"))),
            ("3 three times", "4\n4", None),
            ("24 bytes", "16", Some(("24", "16"))),
        ] {
            let found = super::find(expected, observed);
            let found = found
                .as_ref()
                .map(|it| (&expected[it.range.clone()], it.value.as_str()));
            assert_eq!(found, place, "{expected}");
        }
    }
}
