//! Go versions a note limits a claim to: "Go 1.22 之前", "since Go 1.21", "go1.21 及以前".

mod several;

use std::sync::LazyLock;

use regex::Regex;

pub use super::Versions;
pub use several::{behind, by_version, of_one};

static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:go\s*)?v?1\.(?P<a>\d+)(?:\.\d+)?\s*(?:版本)?\s*(?:之前|以前|前)|(?:before|prior to|until|earlier than|older than|<)\s*go\s*v?1\.(?P<b>\d+)|<\s*(?:go\s*)?1\.(?P<c>\d+)|\b(?:before|prior to|pre-?)\s*1\.(?P<d>\d\d)\b|(?:低于|早于)\s*(?:go\s*)?v?1\.(?P<e>\d+)")
        .expect("a constant")
});
static UP_TO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:go\s*)?v?1\.(?P<a>\d+)(?:\.\d+)?\s*(?:版本)?\s*(?:及之前|及以前|及更早|and (?:before|earlier|older|below|lower))|(?:up to|through|<=|≤)\s*(?:go\s*)?1\.(?P<b>\d+)")
        .expect("a constant")
});
static SINCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:go\s*)?v?1\.(?P<a>\d+)(?:\.\d+)?\s*(?:版本)?\s*(?:及以后|及以上|及之后|以后|之后|以上|起|开始|\+|and (?:later|above|newer|up)|onwards?)|(?:since|from|as of|starting (?:with|from|in)|>=|≥|after)\s*(?:go\s*)?v?1\.(?P<b>\d+)|自\s*(?:go\s*)?1\.(?P<c>\d+)")
        .expect("a constant")
});
static EXACTLY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\bgo\s*v?1\.(?P<a>\d+)").expect("a constant"));

// "Go 1.18 to 1.21", "go1.18～1.21": from one version to another, both among them.
static FROM_TO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)go\s*v?1\.(?P<from>\d+)(?:\.\d+)?\s*(?:版本)?\s*(?:to|through|and|-|–|—|~|～|到|至)\s*(?:go\s*)?v?1\.(?P<to>\d+)\b")
        .expect("a constant")
});
// "From Go 1.21 to Go 1.22 the output changed" is no range but a step.
static STEP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)变|改|升级|迁移|差异|区别|chang|differ|upgrad|migrat|mov(?:e|ing)|switch|bump|went|compar")
        .expect("a constant")
});

/// No Go is newer than this for long yet: a larger number is none of its versions.
const NEWEST: u32 = 60;

fn minor(found: &regex::Captures) -> Option<u32> {
    ["a", "b", "c", "d", "e"]
        .iter()
        .find_map(|name| found.name(name))
        .and_then(|number| number.as_str().parse().ok())
        .filter(|minor| *minor <= NEWEST)
}

/// A place that names versions, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mention {
    start: usize,
    end: usize,
    versions: Versions,
}

/// What in `text` names a range by both its versions. "Go 1.18 and 1.21" are two, unless `between` stands before.
fn from_to(text: &str) -> Vec<Mention> {
    if STEP.is_match(text) {
        return Vec::new();
    }
    let mention = |found: regex::Captures| {
        let whole = found.get(0)?;
        let (since, last) = (
            found["from"].parse().ok()?,
            found["to"].parse::<u32>().ok()?,
        );
        let two = whole.as_str().contains("and") && !text[..whole.start()].ends_with("between ");
        (since < last && last <= NEWEST && !two).then(|| Mention {
            start: whole.start(),
            end: whole.end(),
            versions: Versions {
                since: Some(since),
                before: Some(last + 1),
            },
        })
    };
    FROM_TO.captures_iter(text).filter_map(mention).collect()
}

/// Everything in `text` that names versions; what names a range by both its ends is one.
fn mentions(text: &str) -> Vec<Mention> {
    let find = |pattern: &Regex, versions: fn(u32) -> Versions| {
        let found = pattern.captures_iter(text);
        let mention = |found: regex::Captures| {
            let whole = found.get(0)?;
            Some(Mention {
                start: whole.start(),
                end: whole.end(),
                versions: versions(minor(&found)?),
            })
        };
        found.filter_map(mention).collect::<Vec<_>>()
    };
    let before = |before| Versions {
        since: None,
        before: Some(before),
    };
    let up_to = |last: u32| Versions {
        since: None,
        before: Some(last + 1),
    };
    let since = |since| Versions {
        since: Some(since),
        before: None,
    };
    // Up to and with a version is more than before it: where both could be read, it is the former.
    let mut all = from_to(text);
    all.extend(find(&UP_TO, up_to));
    all.extend(find(&BEFORE, before));
    all.extend(find(&SINCE, since));
    // "from Go 1.18 to 1.21" begins before the range that it names.
    all.sort_by_key(|mention| (mention.start, mention.versions.since.is_none()));
    let mut mentions: Vec<Mention> = Vec::new();
    for mention in all {
        let Some(last) = mentions.last_mut() else {
            mentions.push(mention);
            continue;
        };
        if mention.start < last.end {
            // "since Go 1.18" is part of "from Go 1.18 to 1.21".
            let whole = |it: Versions| it.since.is_some() && it.before.is_some();
            if whole(mention.versions) && !whole(last.versions) {
                *last = mention;
            }
            continue;
        }
        match both(last.versions, mention.versions) {
            Some(range) if CONNECTS.is_match(&text[last.end..mention.start]) => {
                last.end = mention.end;
                last.versions = range;
            }
            _ => mentions.push(mention),
        }
    }
    mentions
}

// What stands between the two ends of one range.
static CONNECTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*[,，、]?\s*(?:and|but|到|至|且|并且|而且)?\s*$").expect("a constant")
});

/// A range of which one mention gives the begin and the other the end.
fn both(one: Versions, other: Versions) -> Option<Versions> {
    let (since, before) = match (one, other) {
        (
            Versions {
                since: Some(since),
                before: None,
            },
            Versions {
                since: None,
                before: Some(before),
            },
        )
        | (
            Versions {
                since: None,
                before: Some(before),
            },
            Versions {
                since: Some(since),
                before: None,
            },
        ) => (since, before),
        _ => return None,
    };
    (since < before).then_some(Versions {
        since: Some(since),
        before: Some(before),
    })
}

/// The Go versions that `text` limits what it says to. One that names several ranges limits each of its clauses
/// to another one: see [`limits_at`].
pub fn limits(text: &str) -> Option<Versions> {
    let mentions = mentions(text);
    let (first, others) = mentions.split_first()?;
    let same = others
        .iter()
        .all(|mention| mention.versions == first.versions);
    same.then_some(first.versions)
}

/// The Go versions that `text` limits what it says at this byte to: a mention limits its own clause, and what
/// follows until the next one does.
pub fn limits_at(text: &str, at: usize) -> Option<Versions> {
    let sentence = around(text, at, &SENTENCE);
    let (within, at) = (&text[sentence.clone()], at - sentence.start);
    let mentions = mentions(within);
    if mentions.is_empty() {
        return limits(text);
    }
    let clause = around(within, at, &CLAUSE);
    let own = |mention: &&Mention| clause.contains(&mention.start);
    let before = |mention: &&Mention| mention.end <= at;
    let nearest = mentions
        .iter()
        .rfind(|mention| own(mention) && before(mention))
        .or_else(|| mentions.iter().find(own))
        .or_else(|| mentions.iter().rfind(before))
        .or(mentions.first().filter(|_| mentions.len() == 1))?;
    Some(nearest.versions)
}

static SENTENCE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[。；;！!？?\n]|\.\s").expect("a constant"));
static CLAUSE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)[,，]|\band\b|\bbut\b|而|但").expect("a constant"));

/// The piece of `text` between separators that has this byte in it.
fn around(text: &str, at: usize, separator: &Regex) -> std::ops::Range<usize> {
    let mut piece = 0..text.len();
    for found in separator.find_iter(text) {
        if found.start() >= at {
            piece.end = found.start();
            break;
        }
        piece.start = found.end();
    }
    piece
}

static LEADING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:在|自|从|in|with|under|on|since|before|from|until|prior to|up to|as of|starting with)?\s*(?:go\s*v?1\.\d+|1\.\d\d)(?:\.\d+)?\s*(?:版本)?\s*(?:及之前|及以前|及更早|之前|以前|前|及以后|及以上|及之后|以后|之后|以上|起|开始|\+|and (?:later|above|newer|earlier|older|below)|onwards?)?\s*(?:[:：，,]|\s|的?)\s*")
        .expect("a constant")
});

// Where it goes on with other versions: "…，之后输出 0 1 2", "…; since Go 1.22 0 1 2".
static GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\s*[,，;；。]\s*(?:而|但|and |but )?\s*(?:在|自|从|(?:since|before|from|until|as of|starting with)\s*)?(?:go\s*v?1\.\d+|(?:之后|以后|此后|之前|以前)|(?:since then|afterwards|later)\b)")
        .expect("a constant")
});

/// Take a version at the start ("Go 1.22 之前：3 3 3", "since Go 1.22: 1 0") off a text, and what it says of other
/// versions after that; or one at its end ("3 3 3 before Go 1.22").
pub fn strip(text: &str) -> (&str, Option<Versions>) {
    let leading = LEADING.find(text).and_then(|found| {
        let front = found.as_str();
        // `go1.16: x` is what that one printed.
        let labels = front.trim_end().ends_with([':', '：']);
        let versions = if labels { label(front) } else { limits(front) };
        Some((found.end(), versions?))
    });
    match leading {
        Some((end, versions)) => {
            let rest = &text[end..];
            let own = GOES_ON.find(rest).map_or(rest.len(), |next| next.start());
            (&rest[..own], Some(versions))
        }
        None => without_end(text).map_or((text, None), |(said, versions)| (said, Some(versions))),
    }
}

/// What a text says before the versions that it ends in, if it names no others.
fn without_end(text: &str) -> Option<(&str, Versions)> {
    let [only]: [Mention; 1] = mentions(text).try_into().ok()?;
    let ends = text[only.end..].trim_matches(['.', '。', ' ']).is_empty();
    let said = text[..only.start].trim_end_matches([' ', ',', '，']);
    (ends && !said.is_empty() && !said.ends_with(['(', '（'])).then_some((said, only.versions))
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
        assert_eq!(
            strip("prints 3 3 3 before Go 1.22."),
            ("prints 3 3 3", range(None, Some(22)))
        );
    }

    #[test]
    fn each_clause_has_the_versions_that_it_names() {
        let range = |since, before| Some(Versions { since, before });
        let at = |text: &str, word: &str| limits_at(text, text.find(word).unwrap());
        for text in [
            "Before Go 1.22 this prints 3 3 3; since Go 1.22 it prints 0 1 2 in any order",
            "Before Go 1.22, it prints 3 3 3, and since Go 1.22, it prints 0 1 2.",
            "It prints 3 3 3 before Go 1.22 and 0 1 2 since Go 1.22.",
            "Go 1.22 之前输出 3 3 3，Go 1.22 起输出 0 1 2。",
            "输出 3 3 3（Go 1.22 之前），而从 Go 1.22 开始输出 0 1 2。",
            "Before Go 1.22 it prints 3 3 3. Since Go 1.22 it prints 0 1 2.",
        ] {
            assert_eq!(at(text, "3 3 3"), range(None, Some(22)), "{text}");
            assert_eq!(at(text, "0 1 2"), range(Some(22), None), "{text}");
            assert_eq!(limits(text), None, "{text}");
        }
        let text = "Before Go 1.22, the loop has one variable. So it prints 3 3 3.";
        assert_eq!(at(text, "3 3 3"), range(None, Some(22)));
    }

    #[test]
    fn the_two_ends_of_a_range_are_one() {
        let both = Some(Versions {
            since: Some(18),
            before: Some(22),
        });
        assert_eq!(limits("since Go 1.18 and before Go 1.22: 3 3 3"), both);
        assert_eq!(limits("Go 1.18 及以后、Go 1.21 及以前输出 3 3 3"), both);
    }

    #[test]
    fn from_one_version_to_another() {
        let range = |since, before| {
            Some(Versions {
                since: Some(since),
                before: Some(before),
            })
        };
        for text in [
            "With Go 1.20 to 1.22 the wording was:",
            "from Go 1.20 to Go 1.22:",
            "Go 1.20 到 1.22 的输出：",
            "go1.20～go1.22",
            "go1.20-1.22:",
            "between Go 1.20 and Go 1.22 it prints",
        ] {
            assert_eq!(limits(text), range(20, 23), "{text}");
        }
        assert_eq!(
            limits("From Go 1.21 to Go 1.22 the output changed"),
            limits("From Go 1.21 it changed")
        );
        assert_eq!(limits("Go 1.21 and 1.22 print this"), None);
    }

    #[test]
    fn what_is_said_of_other_versions_is_not_part_of_it() {
        let range = |since, before| Some(Versions { since, before });
        assert_eq!(
            strip("Go 1.22 之前输出 3 3 3，之后输出 0 1 2"),
            ("输出 3 3 3", range(None, Some(22)))
        );
        assert_eq!(
            strip("before Go 1.22: 3 3 3; since Go 1.22: 0 1 2"),
            ("3 3 3", range(None, Some(22)))
        );
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
        assert_eq!(limits("before 1.22: 3 3 3"), range(None, Some(22)));
        assert_eq!(limits("低于 Go 1.22 的版本"), range(None, Some(22)));
        assert_eq!(limits("sleeps until 1.25s"), None);
        assert_eq!(strip("since 1.22: year"), ("year", range(Some(22), None)));
        assert_eq!(strip("go1.16: 2"), ("2", range(Some(16), Some(17))));
        assert_eq!(strip("go1.16 2"), ("go1.16 2", None));
        assert_eq!(strip("1.22 is larger"), ("1.22 is larger", None));
        assert_eq!(label("go1.13"), range(Some(13), Some(14)));
    }
}
