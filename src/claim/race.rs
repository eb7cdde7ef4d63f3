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
        r"(?i)\bdata races?\b|\brace conditions?\b|\bracy\b|数据竞[争态]|竞态(?:条件)?|竞争条件|竞争(?:问题)?(?:[，,。！!；;]|$)|\b(?:no|a) race\b",
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
    let none = says_none(text)?;
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
        stream: None,
    })
}

/// Whether a text says that there is no race, or that there is one; `None` if it says neither.
pub(super) fn says_none(text: &str) -> Option<bool> {
    let found = RACE.find(text)?;
    if PURPOSE.is_match(text) {
        return None;
    }
    let before = &text[..found.start()];
    let none = NONE.is_match(before) || found.as_str().to_lowercase().starts_with("no ");
    // "竞争" alone may be of anything; with "there is" or "there is none" it is the data's.
    let vague = found.as_str().starts_with("竞争") && !found.as_str().starts_with("竞争条件");
    (none || !vague || before.ends_with(['有', '在', '生', '现'])).then_some(none)
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
        let kind = |none| if none { Kind::NoRace } else { Kind::Race };
        says_none(text).map(kind)
    }

    #[test]
    fn a_race_is_said_to_be_there_or_not() {
        for text in [
            "data race",
            "这里有数据竞争",
            "竞态条件！",
            "BUG: racy",
            "这里存在竞争",
        ] {
            assert_eq!(read(text), Some(Kind::Race), "{text}");
        }
        for text in [
            "no data race",
            "没有数据竞争",
            "不会产生竞态",
            "without any data race",
            "加了锁，没有竞争",
            "no race here",
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
            "锁的竞争",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
