//! What the language and its library came to have, and since when: what a program needs.

use std::sync::LazyLock;

use regex::Regex;

static REQUIRES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"requires go1\.(?P<minor>\d+) or later").expect("a constant"));

/// Something that came into the language: since when, what, and how compilers without it complain.
struct Feature {
    since: u32,
    what: &'static str,
    complaints: &'static str,
}

/// The first pattern that fits a complaint names the feature. A compiler that knows the feature, asked for an
/// older language, says `requires go1.N`; one that is older itself has other words.
const FEATURES: [Feature; 12] = [
    Feature {
        since: 27,
        what: "methods can have type parameters since Go 1.27",
        complaints: r"methods? (?:must|can)(?:not| not)? have (?:no )?type parameters|generic method|method.*type parameters.*requires",
    },
    Feature {
        since: 26,
        what: "`new` takes an expression since Go 1.26",
        complaints: r"^(?:.+ is not a type$|new\(.*requires)",
    },
    Feature {
        since: 24,
        what: "type aliases can be generic since Go 1.24",
        complaints: r"generic type (?:cannot be|alias)",
    },
    Feature {
        since: 23,
        what: "functions can be ranged over since Go 1.23",
        complaints: r"cannot range over .*func\(",
    },
    Feature {
        since: 22,
        what: "integers can be ranged over since Go 1.22",
        complaints: r"cannot range over .*\b(?:int|uint|byte|rune|untyped int)",
    },
    Feature {
        since: 21,
        what: "`min`, `max` and `clear` are built in since Go 1.21",
        complaints: r"undefined: (?:min|max|clear)$|^(?:built-in )?(?:min|max|clear) requires",
    },
    Feature {
        since: 20,
        what: "slices can be converted to arrays since Go 1.20",
        complaints: r"cannot convert .* to type \[\d+\]",
    },
    Feature {
        since: 20,
        what: "interfaces satisfy comparable since Go 1.20",
        complaints: r"satisfy comparable|implement comparable",
    },
    Feature {
        since: 18,
        what: "there are type parameters since Go 1.18",
        complaints: r"type parameter|type argument|instantiat|predeclared (?:any|comparable)|embedding .* constraint",
    },
    Feature {
        since: 17,
        what: "slices can be converted to pointers to arrays since Go 1.17",
        complaints: r"cannot convert .* to type \*\[\d+\]",
    },
    Feature {
        since: 14,
        what: "embedded interfaces may overlap since Go 1.14",
        complaints: r"duplicate method",
    },
    Feature {
        since: 13,
        what: "there are binary literals, `_` in numbers and signed shift counts since Go 1.13",
        complaints: r"literal|digit separator|shift",
    },
];

/// What a compiler's complaint says is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needed {
    /// The version (1.x).
    pub since: u32,
    /// The last language version (1.x) without it. What needed an experiment at first is in the language of
    /// a version that does not have it yet.
    pub language: u32,
    /// What came with it; empty if that is not known.
    pub what: String,
}

/// What a complaint says is needed, in the compiler's words `requires go1.N or later`.
pub fn required(message: &str) -> Option<Needed> {
    let said: u32 = REQUIRES.captures(message)?["minor"].parse().ok()?;
    let feature = named(message).filter(|feature| feature.since >= said);
    Some(Needed {
        since: feature.map_or(said, |feature| feature.since),
        language: said.saturating_sub(1),
        what: feature.map_or_else(String::new, |feature| feature.what.to_owned()),
    })
}

/// The same, where the compiler is older than the feature and does not know that there is such a thing. Only
/// what its words certainly speak of: a name that is not declared, or a type that cannot be ranged over.
pub fn lacking(message: &str, minor: u32) -> Option<Needed> {
    required(message).or_else(|| {
        let feature = named(message).filter(|feature| {
            // Of another thing that is no type, `new` need not be the reason.
            let sure = match feature.since {
                26 => message
                    .starts_with(|c: char| c.is_ascii_digit() || matches!(c, '"' | '`' | '\'')),
                since => [21, 22, 23, 24, 27].contains(&since),
            };
            sure && feature.since > minor
        })?;
        Some(Needed {
            since: feature.since,
            language: feature.since - 1,
            what: feature.what.to_owned(),
        })
    })
}

/// Whether a text has the words of an older compiler for what one that is asked for an older language says as
/// `requires go1.N`: both speak of the same feature.
pub fn is_old_wording(text: &str, message: &str) -> bool {
    let feature = |text| named(text).map(|feature| feature.what);
    REQUIRES.is_match(message) && feature(message).is_some() && feature(text) == feature(message)
}

fn named(message: &str) -> Option<&'static Feature> {
    static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        let patterns = FEATURES.iter();
        patterns
            .map(|feature| Regex::new(feature.complaints).expect("a constant"))
            .collect()
    });
    let at = PATTERNS
        .iter()
        .position(|pattern| pattern.is_match(message))?;
    FEATURES.get(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needed(since: u32, message: &str) {
        assert_eq!(
            required(message).map(|needed| needed.since),
            Some(since),
            "{message}"
        );
        assert!(!required(message).unwrap().what.is_empty(), "{message}");
    }

    #[test]
    fn the_compilers_words_name_the_version_and_the_feature() {
        needed(
            22,
            "cannot range over 3 (untyped int constant): requires go1.22 or later",
        );
        needed(21, "built-in min requires go1.21 or later");
        needed(21, "clear requires go1.21 or later");
        needed(26, "new(42) requires go1.26 or later");
        needed(18, "type parameter requires go1.18 or later");
        needed(13, "binary literal requires go1.13 or later");
    }

    #[test]
    fn the_words_of_older_compilers_are_those_of_their_feature() {
        let requires = |what: &str, minor| format!("{what} requires go1.{minor} or later");
        assert!(is_old_wording("42 is not a type", &requires("new(42)", 26)));
        assert!(is_old_wording(
            "methods cannot have type parameters",
            &requires("generic method", 27)
        ));
        assert!(!is_old_wording("undefined: x", &requires("new(42)", 26)));
        assert!(!is_old_wording("42 is not a type", "42 is not a type"));
    }

    #[test]
    fn what_was_an_experiment_at_first_came_later_than_its_language_says() {
        let needed = required("generic type alias requires go1.23 or later").unwrap();
        assert_eq!((needed.since, needed.language), (24, 22));
    }

    #[test]
    fn an_older_compiler_is_understood_too() {
        let lacks = |message, minor| lacking(message, minor).map(|needed| needed.since);
        assert_eq!(
            lacks("cannot range over 3 (untyped int constant)", 21),
            Some(22)
        );
        assert_eq!(
            lacks(
                "cannot range over seq (value of type func(y func(int) bool))",
                21
            ),
            Some(23)
        );
        assert_eq!(lacks("generic type cannot be alias", 21), Some(24));
        assert_eq!(
            lacks("cannot range over 3 (untyped int constant)", 22),
            None
        );
        assert_eq!(lacks("undefined: User", 21), None);
        assert_eq!(lacks("42 is not a type", 24), Some(26));
        assert_eq!(lacks("\"a b\" is not a type", 24), Some(26));
        assert_eq!(lacks("size is not a type", 24), None);
    }
}
