//! Data races in comments: `counter++ // data race`, `// 没有数据竞争`.
//!
//! A comment is read as a claim only in a block that starts goroutines, and only if it says that there is
//! a race or that there is none. What says how to avoid one ("避免数据竞争", "prevents data races") speaks
//! of a purpose.

use std::sync::LazyLock;

use regex::Regex;

use crate::snippet::Snippet;

use super::comment::Comment;
use super::{Claim, Confidence, Form, Kind, Subject, lexicon, version};

static RACE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\bdata races?\b|\brace conditions?\b|\bracy\b|数据竞[争态]|竞态(?:条件)?|竞争条件",
    )
    .expect("a constant")
});
static NONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:\b(?:no|without(?: any)?|not an?|never)\s+|没有|不存在|不会(?:产生|发生|出现|有|引起|导致)?|无|并非)\s*(?:任何)?\s*$")
        .expect("a constant")
});
static PURPOSE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:avoid|prevent|detect|protect|against|fix|check|solve|free of)|避免|防止|防|解决|检测|检查|保护|消除|排查|\?|？|吗|-race\b")
        .expect("a constant")
});

/// The claims about races in a block's comments.
pub fn claims(snippet: &Snippet, comments: &[Comment]) -> Vec<Claim> {
    if !starts_goroutines(snippet) {
        return Vec::new();
    }
    comments
        .iter()
        .filter_map(|comment| claim(snippet, comment))
        .collect()
}

fn claim(snippet: &Snippet, comment: &Comment) -> Option<Claim> {
    let text = comment.text.as_str();
    let found = RACE.find(text)?;
    if PURPOSE.is_match(text) {
        return None;
    }
    let none = NONE.is_match(&text[..found.start()]);
    Some(Claim {
        block: snippet.block,
        span: comment.body.clone(),
        form: if comment.trailing {
            Form::TrailingComment
        } else {
            Form::OwnLineComment
        },
        kind: if none { Kind::NoRace } else { Kind::Race },
        subject: Subject::Block,
        text: text.to_owned(),
        expected: String::new(),
        hedged: lexicon::HEDGED.is_match(text),
        negated: false,
        confidence: Confidence::Likely,
        versions: version::limits(text),
    })
}

/// Whether the block itself starts goroutines.
pub fn starts_goroutines(snippet: &Snippet) -> bool {
    let syntax = &snippet.syntax;
    syntax
        .walk(syntax.root())
        .any(|node| node.kind() == "go_statement")
        || snippet.code().contains(".Go(func")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Kind> {
        let found = RACE.find(text).filter(|_| !PURPOSE.is_match(text))?;
        let none = NONE.is_match(&text[..found.start()]);
        Some(if none { Kind::NoRace } else { Kind::Race })
    }

    #[test]
    fn a_race_is_said_to_be_there_or_not() {
        for text in ["data race", "这里有数据竞争", "竞态条件！", "BUG: racy"] {
            assert_eq!(read(text), Some(Kind::Race), "{text}");
        }
        for text in [
            "no data race",
            "没有数据竞争",
            "不会产生竞态",
            "without any data race",
        ] {
            assert_eq!(read(text), Some(Kind::NoRace), "{text}");
        }
    }

    #[test]
    fn what_is_done_against_races_claims_none() {
        for text in [
            "避免数据竞争",
            "prevents data races",
            "go run -race: data race",
            "is this a data race?",
            "traces of the race",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
