//! Values for several versions in one text: `0 1 2 (3 3 3 before Go 1.22)`.

use std::sync::LazyLock;

use regex::Regex;

use super::super::value::is_values;
use super::{EXACTLY, Mention, Versions, mentions, minor};

// What may stand in brackets, or behind a comma, with a version and a value: "it was 3 3 3 before Go 1.22".
static ASIDE_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:[\s:：,，]|但|而|则|可能|是|为|在|会|曾|输出|打印|结果|的|(?:and|but|it|this|in|was|is|were|be|used to|would|will|may|might|could|prints?|printed|gives|gave|outputs?)\b)*")
        .expect("a constant")
});

/// The pieces of a text that gives several values, each for other versions: "0 1 2 (3 3 3 before Go 1.22)". The first
/// piece holds where the second one does not, unless it names its versions itself. Empty if there are no two.
///
/// The rule: what stands in brackets or behind a comma speaks of the value before it, unless it has a value of its own.
pub fn by_version(text: &str) -> Vec<(&str, Option<Versions>)> {
    let mut named = mentions(text);
    let exactly: Vec<Mention> = EXACTLY
        .captures_iter(text)
        .filter_map(|found| {
            let (whole, minor) = (found.get(0)?, minor(&found)?);
            let versions = Versions {
                since: Some(minor),
                before: Some(minor + 1),
            };
            Some(Mention {
                start: whole.start(),
                end: whole.end(),
                versions,
            })
        })
        .collect();
    // "0; in Go 1.22 it was 1": a version alone is one that it is said of.
    let is_said_of = |it: &Mention| {
        let words = text[..it.start].trim_end().to_lowercase();
        let prepositions = [" in", " with", " under", " on", "在"];
        prepositions.iter().any(|word| words.ends_with(word))
    };
    let one = exactly.len() == 1 && exactly.iter().all(is_said_of);
    if named.is_empty() && (exactly.len() == 2 || one) {
        named = exactly;
    }
    let (own, aside) = match named.as_slice() {
        [aside] => (None, aside),
        [own, aside] => (Some(own), aside),
        _ => return Vec::new(),
    };
    let from = own.map_or(0, |own| own.end);
    // A bracket that holds the version and more, or else the last comma before it.
    let (before, behind) = (&text[from..aside.start], &text[aside.end..]);
    let bracket = before.rfind(['(', '（']).filter(|at| {
        let alone = before[*at..].chars().count() == 1 && behind.starts_with([')', '）']);
        !before[*at..].contains([')', '）']) && !alone
    });
    let outside =
        |at: &usize| before[*at..].matches('[').count() == before[*at..].matches(']').count();
    let separators = before
        .char_indices()
        .filter(|(_, c)| ",，;；。".contains(*c));
    let mut separators = separators.map(|(at, _)| at).filter(outside);
    let comma = match own {
        Some(_) => separators.next(),
        None => separators.next_back(),
    };
    let Some(start) = bracket.or(comma).map(|at| from + at) else {
        return Vec::new();
    };
    let end = match bracket {
        Some(_) => aside.end + behind.find([')', '）']).unwrap_or(behind.len()),
        None => text.len(),
    };
    let left = &text[start..aside.start];
    let (before, behind) = (value_in(left), value_in(&text[aside.end..end]));
    let Some(other) = before.xor(behind) else {
        return Vec::new();
    };
    // `3, 3, 3 before Go 1.22` is one list.
    let may_go_on = own.is_none() && bracket.is_none() && left.starts_with([',', '，']);
    let follows = |value: &str| left.trim_start_matches([',', '，', ' ']).starts_with(value);
    if may_go_on && before.is_some_and(follows) {
        return Vec::new();
    }
    let main = match own {
        Some(own) => text[..own.start].trim_end_matches([' ', '(', '（']),
        None => text[..start].trim_end(),
    };
    if main.is_empty() {
        return Vec::new();
    }
    let own = own.map_or_else(|| others(aside.versions), |own| Some(own.versions));
    vec![(main, own), (other, Some(aside.versions))]
}

/// The value that a text gives, with words before it that announce one.
fn value_in(text: &str) -> Option<&str> {
    let bare = |c: char| c.is_whitespace() || "()（）,，;；:：。".contains(c);
    let said = text.trim_matches(bare).trim_end_matches('.');
    let said = said[ASIDE_WORDS.find(said).map_or(0, |words| words.end())..].trim();
    is_values(said).then_some(said)
}

// `In Go 1.22 it was 1`, `Go 1.22 中是 1`; `was 1 in Go 1.22`, `1 (go1.22)`.
static OF_ONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:(?:in|with|under|on)\s+go\s*v?1\.(?P<a>\d+)(?:\.\d+)?|(?:在\s*)?go\s*v?1\.(?P<b>\d+)(?:\.\d+)?\s*(?:版本)?\s*(?:中|里|下|时))(?P<behind>.*)$|^(?P<before>.+?)\s*(?:\b(?:in|with|under|on)\s+go\s*v?1\.(?P<c>\d+)(?:\.\d+)?|[(（]\s*(?:in|with|under|on|在)?\s*go\s*v?1\.(?P<d>\d+)(?:\.\d+)?\s*(?:中)?[)）])\s*[.。]?$")
        .expect("a constant")
});

/// The value that a text gives for one version of Go, and no others: "in Go 1.22 it was 1".
pub fn of_one(text: &str) -> Option<(&str, Versions)> {
    let found = OF_ONE.captures(text)?;
    if !mentions(text).is_empty() || EXACTLY.find_iter(text).count() > 1 {
        return None;
    }
    let minor = minor(&found)?;
    let said = found.name("behind").or_else(|| found.name("before"))?;
    let versions = Versions {
        since: Some(minor),
        before: Some(minor + 1),
    };
    Some((value_in(said.as_str())?, versions))
}

/// What a text says before the versions in brackets at its end: `3 3 3 (before Go 1.22)`.
pub fn behind(text: &str) -> Option<(&str, Versions)> {
    let at = text.rfind(['(', '（'])?;
    let [only]: [Mention; 1] = mentions(&text[at..]).try_into().ok()?;
    let rest = text[at + only.end..].trim_matches([')', '）', ' ', '.', '。']);
    let said = text[..at].trim_end();
    let alone = text[at..at + only.start]
        .trim_matches(['(', '（', ' '])
        .is_empty();
    (rest.is_empty() && alone && !said.is_empty()).then_some((said, only.versions))
}

/// The versions that a range with one end leaves out.
fn others(versions: Versions) -> Option<Versions> {
    match (versions.since, versions.before) {
        (None, Some(before)) => Some(Versions {
            since: Some(before),
            before: None,
        }),
        (Some(since), None) => Some(Versions {
            since: None,
            before: Some(since),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_be_of_one_version() {
        let only = |minor| Versions {
            since: Some(minor),
            before: Some(minor + 1),
        };
        for text in [
            "In Go 1.22 it was 1.",
            "with Go 1.22: 1",
            "was 1 in Go 1.22",
            "1 in Go 1.22",
            "1 (Go 1.22)",
            "Go 1.22 中是 1",
            "在 Go 1.22 里输出 1",
        ] {
            assert_eq!(of_one(text), Some(("1", only(22))), "{text}");
        }
        for text in [
            "In Go 1.22 the loop was changed",
            "1 (new in Go 1.22)",
            "1 since Go 1.22",
            "Go 1.22",
            "go1.22: 1",
            "1 in Go 1.21 and Go 1.22",
        ] {
            assert_eq!(of_one(text), None, "{text}");
        }
        let both = by_version("0; in Go 1.22 it was 1");
        assert_eq!(both, [("0", None), ("1", Some(only(22)))]);
    }

    #[test]
    fn a_value_in_brackets_has_the_versions_beside_it() {
        let old = Some(Versions {
            since: None,
            before: Some(22),
        });
        let new = Some(Versions {
            since: Some(22),
            before: None,
        });
        for text in [
            "0 1 2 (3 3 3 before Go 1.22)",
            "0 1 2 (before Go 1.22: 3 3 3)",
            "0 1 2（Go 1.22 之前是 3 3 3）",
            "0 1 2，Go 1.22 之前输出 3 3 3",
            "0 1 2; it was 3 3 3 before Go 1.22",
            "0 1 2 since Go 1.22, 3 3 3 before Go 1.22",
        ] {
            assert_eq!(by_version(text), [("0 1 2", new), ("3 3 3", old)], "{text}");
        }
        let text = "[3, 3] (before Go 1.22), [0, 1] (since Go 1.22)";
        assert_eq!(by_version(text), [("[3, 3]", old), ("[0, 1]", new)]);
        for text in [
            "3 3 3 (before Go 1.22)",
            "0 1 2, since Go 1.22",
            "Go 1.22 之前: 3, 3, 3",
            "3, 3, 3 before Go 1.22",
            "0 1 2 (new in Go 1.22)",
            "3 3 3（Go 1.22 之前共用一个变量）",
        ] {
            assert_eq!(by_version(text), [], "{text}");
        }
    }
}
