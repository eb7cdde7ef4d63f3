//! Paragraphs that are the answer, or begin with it, without a word that says that it is printed.
//!
//! | the paragraph | is the answer |
//! | --- | --- |
//! | `3 3 3` and nothing else | if all of it are values and what the code spells |
//! | "`[1 9]`. Both share …" | if it is asked for, or proves true |
//! | "2 1。defer 后进先出" | if it is asked for |

use std::sync::LazyLock;

use regex::Regex;

use super::{SENTENCE, SEPARATORS, THEN, claim, listed};
use crate::claim::lexicon::is_cjk;
use crate::claim::{Claim, Confidence, spelled, value, version};
use crate::note::{Prose, Run};
use crate::snippet::Snippet;

static CRASH: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^(?:panic|fatal error)\b").expect("a constant"));

// "What does it print?", before the code.
pub(in crate::claim) static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\bwhat(?:'s| (?:does|will|would|do|is|gets))\b[^.?\n]{0,40}\b(?:print(?:s|ed)?|outputs?|displays?)\b|(?:输出|打印)(?:的)?(?:结果)?(?:是|会是)?(?:什么|啥|多少)|结果(?:是|会是)(?:什么|啥|多少)|что (?:выведет|напечатает|будет выведено)")
        .expect("a constant")
});
// What ends an answer that stands in code marks at the start of a paragraph.
static ANSWERED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*(?:[.。，,；;！!：]|[—–-]\s|$)").expect("a constant"));

/// A paragraph that is nothing but the output: each of its pieces is a number or stands in a string
/// literal (or identifier) of the code.
pub(super) fn bare_answer(prose: &Prose, text: &str, snippet: &Snippet) -> Option<Claim> {
    let text = text.trim();
    // "Go 1.21：" announces what comes after it.
    if text.is_empty()
        || text.ends_with([':', '：'])
        || text.chars().count() > 120
        || text.lines().count() > 12
    {
        return None;
    }
    let mut pieces: Vec<&str> = SEPARATORS
        .split(text)
        .map(|piece| piece.trim_end_matches(['。', '.', '!', '！', ':', '：']))
        .filter(|piece| !piece.is_empty())
        .collect();
    // `[9 0 0] 3 10`: lists have blanks of their own.
    if value::is_values(text) {
        pieces = value::pieces(text);
    }
    let known = |piece: &&str| {
        value::is_value(piece)
            || CRASH.is_match(piece)
            || (piece.chars().all(|c| !is_cjk(c)) && snippet.code().contains(*piece))
    };
    // "A, C" are the options to choose, unless the code spells such letters.
    let literals = spelled::literals(&snippet.syntax, None);
    let chooses = |piece: &&str| {
        matches!(piece.as_bytes(), [b'A'..=b'H' | b'a'..=b'h']) && !literals.contains(piece)
    };
    if !pieces.is_empty() && pieces.iter().all(chooses) {
        return None;
    }
    // One short word may be any word; a list of them, or a number, is an answer.
    let answers = pieces.len() > 1 || pieces.first().is_some_and(|piece| value::is_value(piece));
    (answers && pieces.iter().all(known)).then(|| Claim {
        text: text.to_owned(),
        ..claim(
            prose,
            snippet,
            &THEN.replace_all(text, "\n"),
            Confidence::Likely,
        )
    })
}

/// A paragraph right behind the code that starts with its answer in code marks: "`[1 9]`. Both share …", "`a`, `b`.".
///
/// It is one where the question before the code asks for it, or else if it proves true; so are values in code marks at
/// the end of a sentence, behind a colon ("it goes from 0 to 2: `0 1 2`").
pub(super) fn coded(prose: &Prose, snippet: &Snippet, asked: bool) -> Option<Claim> {
    let literals = spelled::literals(&snippet.syntax, None);
    let said = |text: &str| value::is_values(text) || literals.contains(&text);
    let ends = |run: Option<&Run>| run.is_none_or(|run| ANSWERED.is_match(&run.text));
    let list = listed(&prose.runs);
    let last = list.last().and_then(|last| {
        let at = prose.runs.iter().position(|run| run.span == last.span)?;
        ends(prose.runs.get(at + 1)).then_some(last.span.end)
    });
    let (texts, span, confidence): (Vec<&str>, _, _) = match last {
        Some(end) if list.iter().all(|run| said(&run.text)) => (
            list.iter().map(|run| run.text.as_str()).collect(),
            list[0].span.start..end,
            match asked {
                true if list.iter().all(|run| value::is_values(&run.text)) => Confidence::Certain,
                true => Confidence::Likely,
                false => Confidence::Weak,
            },
        ),
        _ => {
            let (at, run) = prose.runs.iter().enumerate().find(|(at, run)| {
                run.code
                    && value::pieces(&run.text).len() > 1
                    && value::is_values(&run.text)
                    && *at > 0
                    && prose.runs[at - 1].text.trim_end().ends_with([':', '：'])
            })?;
            ends(prose.runs.get(at + 1)).then_some(())?;
            (vec![run.text.as_str()], run.span.clone(), Confidence::Weak)
        }
    };
    let mut claim = claim(prose, snippet, &texts.join("\n"), confidence);
    claim.span = span;
    claim.versions = version::limits_at(&prose.text(), 0);
    Some(claim)
}

/// "2 1。defer 后进先出": the first sentence is nothing but values.
pub(super) fn opening(prose: &Prose, snippet: &Snippet) -> Option<Claim> {
    let text = prose.text();
    let end = SENTENCE.find(&text)?;
    let head = text[..end.start()].trim();
    value::is_values(head).then(|| claim(prose, snippet, head, Confidence::Likely))
}
