//! Go versions a note limits a claim to: "Go 1.22 之前", "since Go 1.21", "go1.21 及以前".

use std::sync::LazyLock;

use regex::Regex;

use super::Versions;

static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:go\s*)?v?1\.(?P<a>\d+)(?:\.\d+)?\s*(?:版本)?\s*(?:之前|以前|前)|(?:before|prior to|until|earlier than|<)\s*go\s*v?1\.(?P<b>\d+)|<\s*(?:go\s*)?1\.(?P<c>\d+)")
        .expect("a constant")
});
static UP_TO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:go\s*)?v?1\.(?P<a>\d+)(?:\.\d+)?\s*(?:版本)?\s*(?:及之前|及以前|及更早|and (?:before|earlier|older|below))|(?:up to|through|<=|≤)\s*(?:go\s*)?1\.(?P<b>\d+)")
        .expect("a constant")
});
static SINCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:go\s*)?v?1\.(?P<a>\d+)(?:\.\d+)?\s*(?:版本)?\s*(?:及以后|及以上|及之后|以后|之后|以上|起|开始|\+|and (?:later|above|newer|up)|onwards?)|(?:since|from|as of|starting (?:with|from|in)|>=|≥|after)\s*(?:go\s*)?v?1\.(?P<b>\d+)|自\s*(?:go\s*)?1\.(?P<c>\d+)")
        .expect("a constant")
});
static EXACTLY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\bgo\s*v?1\.(?P<a>\d+)").expect("a constant"));

fn minor(found: &regex::Captures) -> Option<u32> {
    ["a", "b", "c"]
        .iter()
        .find_map(|name| found.name(name))
        .and_then(|number| number.as_str().parse().ok())
}

/// The Go versions that `text` limits what it says to.
pub fn limits(text: &str) -> Option<Versions> {
    if let Some(found) = UP_TO.captures(text) {
        return Some(Versions {
            since: None,
            before: minor(&found).map(|minor| minor + 1),
        });
    }
    let before = BEFORE.captures(text).and_then(|found| minor(&found));
    let since = SINCE.captures(text).and_then(|found| minor(&found));
    (before.is_some() || since.is_some()).then_some(Versions { since, before })
}

static LEADING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:在|自|从|since|before|from|until|prior to|up to|as of|starting with)?\s*(?:go\s*)v?1\.\d+(?:\.\d+)?\s*(?:版本)?\s*(?:及之前|及以前|及更早|之前|以前|前|及以后|及以上|及之后|以后|之后|以上|起|开始|\+|and (?:later|above|newer|earlier|older|below)|onwards?)?\s*(?:[:：，,]|\s|的?)\s*")
        .expect("a constant")
});

/// Take a version at the start ("Go 1.22 之前：3 3 3", "since Go 1.22: 1 0") off a text.
pub fn strip(text: &str) -> (&str, Option<Versions>) {
    match LEADING.find(text) {
        Some(found) => match limits(found.as_str()) {
            Some(versions) => (&text[found.end()..], Some(versions)),
            None => (text, None),
        },
        None => (text, None),
    }
}

/// Like [`limits`], but a bare version ("go1.13") counts too: exactly that one. For labels of outputs.
pub fn label(text: &str) -> Option<Versions> {
    limits(text).or_else(|| {
        let minor = EXACTLY.captures(text).and_then(|found| minor(&found))?;
        Some(Versions {
            since: Some(minor),
            before: Some(minor + 1),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_in_front_are_taken_off() {
        let range = |since, before| Some(Versions { since, before });
        assert_eq!(
            strip("Go 1.22 之前输出: 2 2"),
            ("输出: 2 2", range(None, Some(22)))
        );
        assert_eq!(strip("since Go 1.22: 1 0"), ("1 0", range(Some(22), None)));
        assert_eq!(
            strip("Go 1.22 起输出 1 0"),
            ("输出 1 0", range(Some(22), None))
        );
        assert_eq!(strip("1.5"), ("1.5", None));
    }

    #[test]
    fn limits_are_read_in_both_languages() {
        let range = |since, before| Some(Versions { since, before });
        assert_eq!(limits("Go 1.22 之前输出 3 3 3"), range(None, Some(22)));
        assert_eq!(limits("before Go 1.22: 3 3 3"), range(None, Some(22)));
        assert_eq!(limits("since Go 1.21"), range(Some(21), None));
        assert_eq!(limits("Go 1.22 起输出 0 1 2"), range(Some(22), None));
        assert_eq!(limits("Go 1.21 及以前"), range(None, Some(22)));
        assert_eq!(limits("go1.22+"), range(Some(22), None));
        assert_eq!(limits("3.14"), None);
        assert_eq!(label("go1.13"), range(Some(13), Some(14)));
    }
}
