//! Blocks that are shown because they do not compile: the note asks what is wrong with them, or answers.
//!
//! An exercise asks before its code ("what is wrong here?", "does this compile?") and answers behind it, in words or with the
//! compiler's own message. That is no claim that could be judged, as long as it is not said which error is meant, but
//! such a block is not one that gosnip failed to complete. Neither is one whose heading dates it before Go 1.

use std::sync::LazyLock;

use regex::Regex;

use crate::note::Part;
use crate::observation::Observation;
use crate::program::Role;

use super::reading::NoteRead;

/// How many parts of the note before and behind a block are looked at: a heading and a paragraph, and a heading
/// of the answer before its text.
const BEFORE: usize = 2;
const BEHIND: usize = 4;

static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)找错|纠错|改错|挑错|(?:有|存在|出现)(?:什么|哪些|的)?(?:问题|错误)|代码的(?:问题|错误)|哪里(?:有)?(?:错|问题)|能(?:否|不能)?(?:通过)?编译|编译.{0,6}吗|\bwrong (?:with|here)|what(?:'s| is) wrong|find the (?:bug|mistake|error)|spot the (?:bug|mistake|error)|\b(?:does|will|would|can)\b.{0,40}\bcompile\b[^.]*\?")
        .expect("a constant")
});
static ANSWERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)编译(?:时|会|就)?(?:直接)?(?:失败|报错|出错|错误|不通过|不过)|(?:不能|无法|没法)(?:通过)?编译|compile(?:r|-time| time)? error|compilation (?:error|fails)|\b(?:not|n't|cannot|fails? to) compile|`invalid operation: ")
        .expect("a constant")
});

// A day or month before Go 1: a year alone may be anything.
static BEFORE_GO_1: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b20(?:0[789]|1[01])(?:\s*年\s*\d|[-/.]\d{1,2}\b)|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?: \d{1,2}(?:st|nd|rd|th)?)?,? 20(?:0[789]|1[01])\b")
        .expect("a constant")
});

// The heading of an answer.
static OF_ANSWER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)解析|答案|解答|解释|分析|结果|\banswer|\bsolution|\bexplanation|\bresult")
        .expect("a constant")
});

/// Whether a block that does not compile is shown for that.
pub fn is_shown_for_it(read: &NoteRead, block: usize, observations: &[Observation]) -> bool {
    let parts = &read.note.parts;
    let Some(at) = parts.iter().position(|it| *it == Part::Block(block)) else {
        return false;
    };
    let is_go = |part: &&Part| matches!(part, Part::Block(at) if read.snippets[*at].is_go());
    let text = |part: &Part| match part {
        // With the marks of code: what stands between them is a quote.
        Part::Prose(prose) => prose
            .runs
            .iter()
            .map(|run| match run.code {
                true => format!("`{}`", run.text),
                false => run.text.clone(),
            })
            .collect(),
        Part::Heading { text, .. } | Part::Html { text, .. } => text.clone(),
        Part::Block(at) => read.note.blocks[*at].code.text.clone(),
    };
    let mut before = parts[..at].iter().rev().take(BEFORE);
    let asked = before
        .by_ref()
        .take_while(|part| !is_go(part))
        .any(|part| ASKS.is_match(&text(part)));
    let ends = |part: &&Part| match part {
        Part::Heading { text, .. } => !OF_ANSWER.is_match(text),
        _ => false,
    };
    // The options of a question stand before its answer.
    let is_option = |part: &&Part| matches!(part, Part::Prose(prose) if prose.list_depth > 0);
    let behind = parts[at + 1..].iter().skip_while(is_option).take(BEHIND);
    let mut answers = behind
        .take_while(|part| !is_go(part) && !ends(part))
        .map(text);
    let said = first_words(observations);
    asked
        || is_before_go_1(read, block)
        || answers.any(|answer| {
            ANSWERS.is_match(&answer) || said.iter().any(|words| answer.contains(words))
        })
}

/// Whether the heading above a block dates it before Go 1, which came in March 2012: `hello.go, 27 June 2008`. What was Go
/// then, need not be Go now.
fn is_before_go_1(read: &NoteRead, block: usize) -> bool {
    let heading = read.note.blocks[block].headings.last();
    heading.is_some_and(|heading| BEFORE_GO_1.is_match(heading))
}

/// What each complaint of the compiler begins with, up to what is of this program: `cannot use`.
fn first_words(observations: &[Observation]) -> Vec<String> {
    let plain = observations
        .iter()
        .filter(|it| it.program.role == Role::Plain);
    let complaints = plain.flat_map(|it| &it.complaints);
    let words = complaints.map(|complaint| {
        let words = complaint.diagnostic.message.split_whitespace();
        let words: Vec<&str> = words.take(4).collect();
        // `declared and` is anybody's.
        let enough = if words.get(1) == Some(&"and") { 4 } else { 2 };
        words[..enough.min(words.len())].join(" ")
    });
    words
        .filter(|words| words.starts_with(|c: char| c.is_lowercase()) && words.contains(' '))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::BEFORE_GO_1;

    #[test]
    fn days_before_go_1_are_dates() {
        for heading in [
            "hello.go - 2008 年 6 月 27 日",
            "The first one (November 10, 2009)",
            "Draft of 2010-03-04",
            "7 Dec 2011",
        ] {
            assert!(BEFORE_GO_1.is_match(heading), "{heading}");
        }
        for heading in [
            "Go in 2009",
            "2012 年 3 月",
            "May 2012",
            "RFC 2010",
            "since 2011",
        ] {
            assert!(!BEFORE_GO_1.is_match(heading), "{heading}");
        }
    }
}
