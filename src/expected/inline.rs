//! Rewriting what stands in a comment of one line: the value, or the word among others that is wrong. Lead word,
//! remark and everything else around it stay.

use std::ops::Range;

use super::edit::Edit;
use super::rewrite::{Wrong, is_comment};
use super::{place, words};
use crate::claim::lexicon::is_cjk;
use crate::claim::{Form, Kind, Subject};
use crate::note::{Note, Part};
use crate::run::crash::is_heading;

/// How the messages of the runtime's own errors start, which Go prints behind `runtime error: `.
const RUNTIME_ERRORS: [&str; 10] = [
    "index out of range",
    "slice bounds out of range",
    "invalid memory address",
    "nil pointer dereference",
    "integer divide by zero",
    "integer overflow",
    "makeslice: ",
    "comparing uncomparable",
    "hash of unhashable",
    "cannot convert slice",
];

/// Whether a comment of one line holds a value, a type or a crash's message that another one can replace.
pub(super) fn has_word(wrong: &Wrong) -> bool {
    let Wrong {
        claim, observed, ..
    } = wrong;
    let message = matches!(claim.kind, Kind::Panic | Kind::Fatal);
    // A comment on a line of its own says more than a value, unless it quotes a crash or names what has the value
    // (`// len(s) = 3`).
    let names = match &claim.subject {
        Subject::Value(glance) => claim.text.contains(&glance.expression),
        _ => false,
    };
    let own_line = claim.form == Form::OwnLineComment;
    let place = is_comment(claim.form) && (message || names || !own_line);
    let one_line = place
        && !claim.expected.trim().is_empty()
        && !claim.expected.contains('\n')
        // An empty text needs quotes to be seen.
        && (!observed.trim().is_empty() || claim.expected.ends_with('"'));
    one_line && !claim.negated && (!message || is_heading(observed))
}

/// A value among the words of a comment (`len=2 cap=4`, `p 是 *int 类型`), or the message of a crash: one
/// proposal for each place where it stands.
pub(super) fn of_word(wrong: &Wrong) -> Vec<Vec<Edit>> {
    let Wrong {
        note,
        claim,
        observed,
        ..
    } = *wrong;
    let text = &note.text[claim.span.clone()];
    let old = claim.expected.trim();
    let first = observed.trim().lines().next().unwrap_or_default();
    let message = ["panic: ", "fatal error: "]
        .iter()
        .find_map(|mark| first.strip_prefix(mark));
    let new = match message {
        Some(message) => messages(old, message),
        // The angle brackets are fmt's; of a value that is not printed, nobody writes them.
        None if first == "<nil>" && claim.kind == Kind::Value => vec!["nil".to_owned()],
        None => vec![words::respell(old, first)],
    };
    text.match_indices(old)
        .map(|(at, _)| at..at + old.len())
        .filter(|place| stands_alone(text, place))
        .flat_map(|place| {
            let place = claim.span.start + place.start..claim.span.start + place.end;
            new.iter()
                .filter_map(move |new| Edit::minimal(&note.text, place.clone(), new))
        })
        .map(|edit| vec![edit])
        .collect()
}

/// A crash's message as Go words it. Who leaves out the words that all errors of the runtime start with, leaves
/// them out of the next one too.
fn messages(old: &str, message: &str) -> Vec<String> {
    let bare = message.strip_prefix("runtime error: ");
    let leaves_out = RUNTIME_ERRORS.iter().any(|start| old.starts_with(start));
    let mut all: Vec<String> = std::iter::once(message)
        .chain(bare)
        .map(str::to_owned)
        .collect();
    if leaves_out {
        all.reverse();
    }
    all
}

/// The number of an exit code.
pub(super) fn of_exit(wrong: &Wrong) -> Vec<Vec<Edit>> {
    let Wrong {
        note,
        claim,
        observed,
        ..
    } = *wrong;
    let text = &note.text[claim.span.clone()];
    let code = observed
        .strip_prefix("exit status ")
        .filter(|it| *it != "0");
    let (Some(code), Some(start)) = (code, text.rfind(&claim.text)) else {
        return Vec::new();
    };
    let words = &text[start..start + claim.text.len()];
    let Some(at) = words.rfind(&claim.expected) else {
        return Vec::new();
    };
    let at = claim.span.start + start + at;
    let edit = Edit::minimal(&note.text, at..at + claim.expected.len(), code);
    edit.into_iter().map(|edit| vec![edit]).collect()
}

/// Whether what stands at `place` is no part of a longer word or number.
fn stands_alone(text: &str, place: &Range<usize>) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let apart = |inner: Option<char>, outer: Option<char>| {
        !(inner.is_some_and(word) && outer.is_some_and(|c| word(c) || c == '.'))
    };
    let inside = &text[place.clone()];
    apart(
        inside.chars().next(),
        text[..place.start].chars().next_back(),
    ) && apart(inside.chars().next_back(), text[place.end..].chars().next())
}

/// What a comment says is printed.
pub(super) fn of_comment(wrong: &Wrong) -> Result<Vec<Vec<Edit>>, String> {
    let Wrong {
        note,
        claim,
        observed,
        ..
    } = *wrong;
    if note.text[claim.span.clone()] != claim.text || !claim.text.ends_with(&claim.expected) {
        return Err("its words stand in the note in another way than they read".to_owned());
    }
    let place::Place {
        range: value,
        value: observed,
    } = place::find(&claim.expected, observed).ok_or("that takes other words")?;
    let observed = observed.as_str();
    let start = claim.span.end - claim.expected.len();
    let mut proposals = Vec::new();
    let mut add = |range: &Range<usize>, new: &str| {
        if !new.contains('\n') {
            let range = start + range.start..start + range.end;
            let edit = Edit::minimal(&note.text, range, new);
            proposals.extend(edit.map(|edit| vec![edit]));
        }
    };
    let old = &claim.expected[value.clone()];
    // A crash's words are Go's; no author has a style for them.
    let styled = match is_heading(observed) {
        true => observed.trim().to_owned(),
        false => words::respell(old, observed),
    };
    if let Some(since) = wrong.since {
        add(&value, &in_words(note, &styled, old, since));
    }
    add(&value, &styled);
    add(&value, observed.trim());
    let one_line = observed.split_whitespace().collect::<Vec<_>>().join(" ");
    add(&value, &one_line);
    // What looks like the author's `!` may be the output's.
    let rest = &claim.expected[value.end..];
    if !rest.is_empty() && !rest.chars().any(char::is_alphanumeric) {
        add(&(0..claim.expected.len()), observed.trim());
    }
    Ok(proposals)
}

/// `0 1 2（Go 1.22 起；之前：3 3 3）`. The value stands in front, where a reader, and gosnip, looks for it.
fn in_words(note: &Note, new: &str, old: &str, since: u32) -> String {
    if is_chinese(note) {
        format!("{new}（Go 1.{since} 起；之前：{old}）")
    } else {
        format!("{new} (since Go 1.{since}; before: {old})")
    }
}

/// Whether the note's headings and prose are Chinese, apart from names and quoted code.
fn is_chinese(note: &Note) -> bool {
    let text: String = note
        .parts
        .iter()
        .map(|part| match part {
            Part::Heading { text, .. } => text.clone(),
            Part::Prose(prose) => prose.text(),
            Part::Block(_) | Part::Html { .. } => String::new(),
        })
        .collect();
    // A note without prose speaks in its comments.
    let text = if text.trim().is_empty() {
        &note.text
    } else {
        &text
    };
    let chinese = text.chars().filter(|c| is_cjk(*c)).count();
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    // A Chinese character says about as much as several Latin letters.
    chinese * 5 > latin
}
