//! Where in a comment the value stands, and where the author's remark begins.

use std::ops::Range;

use super::words;
use crate::claim::lexicon::is_cjk;
use crate::claim::value;

/// The bytes of `expected` that say the value: `99` of `99，原map已变`, all of `3, 3, 3`.
///
/// The rules, in this order: what stands behind it must be a remark, that is, no further value (unless in
/// brackets: `6 (bytes)`); of those that are values, the one with as many parts as `observed` has, or the
/// longest; else free text, which ends only where something else visibly begins, the one most like it.
pub fn value(expected: &str, observed: &str) -> Range<usize> {
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
}
