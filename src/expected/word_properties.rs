//! Laws of rewriting what stands among the words of a comment: values, types, messages, where a value lives, and
//! ranges of versions.

use proptest::prelude::*;

use super::check::{self, Reread};
use super::edit::{self, Edit};
use super::properties::{read, untouched};
use super::rewrite::{self, Wrong};
use crate::claim::{Claim, Kind};

/// A line of code with a claim in its comment.
#[derive(Debug, Clone)]
struct Said {
    code: &'static str,
    comment: String,
}

fn said(code: &'static str, comment: String) -> Said {
    Said { code, comment }
}

fn number() -> impl Strategy<Value = u32> {
    // Few of them, so that several in one comment are often equal, or one a part of another.
    prop::sample::select(vec![1, 2, 12, 21])
}

fn value() -> impl Strategy<Value = Said> {
    let makes = "s := make([]int, 2, 12)";
    prop_oneof![
        (number(), number()).prop_map(move |(a, b)| said(makes, format!("len={a} cap={b}"))),
        (number(), number()).prop_map(move |(a, b)| said(makes, format!("len={a}, cap={b}"))),
        (number(), number())
            .prop_map(move |(a, b)| said(makes, format!("长度为{a}，容量为{b}的切片"))),
        number().prop_map(|a| said("x := f()", format!("x: {a}"))),
        number().prop_map(|a| said("x := f()", format!("x = {a}，不是 12"))),
    ]
}

fn type_of() -> impl Strategy<Value = Said> {
    let name = prop::sample::select(vec!["int", "*int", "int64", "[]int", "float64"]);
    let words = prop::sample::select(vec!["{}", "x 是 {} 类型", "x的类型是{}", "type: {}"]);
    (name, words).prop_map(|(name, words)| said("x := f()", words.replace("{}", name)))
}

fn message() -> impl Strategy<Value = Said> {
    let message = prop::sample::select(vec![
        "assignment to entry in nil map",
        "index out of range [3] with length 3",
        "runtime error: integer divide by zero",
        "boom",
    ]);
    let words = prop::sample::select(vec!["panic: {}", "会 panic：{}", "panic: {}（见上文）"]);
    (message, words).prop_map(|(message, words)| said("f()", words.replace("{}", message)))
}

fn storage() -> impl Strategy<Value = Said> {
    prop::sample::select(vec![
        "x在栈上",
        "x 在堆上",
        "x 逃逸到堆上",
        "x可能会逃逸",
        "x 没有逃逸",
        "x escapes to heap",
        "x does not escape",
        "moved to heap: x",
        "stack allocated",
    ])
    .prop_map(|words| said("x := 1", words.to_owned()))
}

fn note_text(lines: &[Said], prefix: &str, line_end: &str) -> String {
    let mut text: Vec<String> = vec!["# 标题".to_owned(), String::new(), "说明。".to_owned()];
    for said in lines {
        let Said { code, comment } = said;
        let block = [
            "```go".to_owned(),
            format!("{code} // {comment}"),
            "```".to_owned(),
        ];
        text.push(String::new());
        text.extend(block.map(|line| format!("{prefix}{line}")));
    }
    text.join(line_end)
}

/// What Go is to have done, other than the claim says; of the claim's kind.
fn done(kind: Kind, expected: &str) -> Option<&'static str> {
    let choices: &[&str] = match kind {
        Kind::Value => &["7", "112"],
        Kind::Type => &["string", "[]uint8"],
        Kind::Panic => &[
            "panic: runtime error: index out of range [7] with length 3",
            "panic: close of closed channel",
        ],
        _ => &[""],
    };
    choices
        .iter()
        .find(|it| !it.contains(expected) || expected.is_empty())
        .copied()
}

fn proposals(read: &Reread, claim: &Claim, observed: &str, since: Option<u32>) -> Vec<Vec<Edit>> {
    rewrite::propose(&Wrong {
        note: &read.note,
        snippet: &read.snippets[claim.block],
        claim,
        observed,
        since,
    })
    .unwrap_or_default()
}

fn is_there(claim: &Claim, observed: &str) -> bool {
    let message = observed.strip_prefix("panic: ").unwrap_or(observed);
    let bare = message.strip_prefix("runtime error: ").unwrap_or(message);
    claim.expected == message || claim.expected == bare
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn one_word_changes_and_the_claims_beside_it_stay(
        lines in prop::collection::vec(prop_oneof![value(), type_of(), message()], 1..4),
        prefix in prop::sample::select(vec!["", "> ", "   > "]),
        line_end in prop::sample::select(vec!["\n", "\r\n"]),
        which in any::<prop::sample::Index>(),
    ) {
        let text = note_text(&lines, prefix, line_end);
        let old = read(&text);
        let words: Vec<usize> = (0..old.claims.len())
            .filter(|&at| matches!(old.claims[at].kind, Kind::Value | Kind::Type | Kind::Panic))
            .collect();
        prop_assert!(!words.is_empty(), "no claim in {text:?}");
        let at = words[which.index(words.len())];
        let claim = &old.claims[at];
        let Some(observed) = done(claim.kind, &claim.expected) else { return Ok(()) };
        let found = proposals(&old, claim, observed, None)
            .into_iter()
            .find(|edits| check::reread(&old, claim, edits).is_some_and(|it| is_there(&it, observed)));
        prop_assert!(found.is_some(), "{text:?}: {claim:?}");
        let edits = found.unwrap_or_default();
        let new_text = edit::apply(&text, &edits).unwrap();
        prop_assert!(untouched(&old.note, &new_text, &edits));
        let new = read(&new_text);
        prop_assert_eq!(new.claims.len(), old.claims.len());
        for (nth, (before, after)) in old.claims.iter().zip(&new.claims).enumerate() {
            if nth != at {
                prop_assert_eq!(&before.expected, &after.expected, "{:?}", &new_text);
            }
        }
    }

    #[test]
    fn what_lives_elsewhere_is_said_to_and_turned_twice_it_is_back(
        lines in prop::collection::vec(storage(), 1..3),
        line_end in prop::sample::select(vec!["\n", "\r\n"]),
        which in any::<prop::sample::Index>(),
    ) {
        let text = note_text(&lines, "", line_end);
        let old = read(&text);
        prop_assert!(!old.claims.is_empty(), "no claim in {text:?}");
        let at = which.index(old.claims.len());
        let heap = |kind| matches!(kind, Kind::Escape | Kind::Heap);
        let mut read_now = read(&text);
        for turns in 1..=2 {
            let claim = read_now.claims[at].clone();
            let edits = proposals(&read_now, &claim, "", None);
            prop_assert_eq!(edits.len(), 1, "{:?}", &claim);
            let turned = check::reread(&read_now, &claim, &edits[0]);
            prop_assert!(turned.is_some(), "{:?}", &claim);
            let new_text = edit::apply(&read_now.note.text, &edits[0]).unwrap();
            prop_assert!(untouched(&read_now.note, &new_text, &edits[0]));
            read_now = read(&new_text);
            let same = heap(read_now.claims[at].kind) == heap(old.claims[at].kind);
            prop_assert_eq!(same, turns == 2, "{:?}", &new_text);
        }
    }

    #[test]
    fn a_range_keeps_the_old_value_behind_the_new_one(
        old_value in prop::sample::select(vec!["3 3 3", "3, 3, 3", "[1 2]", "true"]),
        lead in prop::sample::select(vec!["", "输出: ", "=> ", "prints "]),
        new_value in prop::sample::select(vec!["0\n1\n2", "[7 8]", "false"]),
        since in 2u32..40,
    ) {
        let text = note_text(&[said("fmt.Println(x)", format!("{lead}{old_value}"))], "", "\n");
        let old = read(&text);
        prop_assert_eq!(old.claims.len(), 1, "{:?}", &text);
        let claim = &old.claims[0];
        let first = proposals(&old, claim, new_value, Some(since)).into_iter().next();
        let edits = first.unwrap_or_default();
        let new_text = edit::apply(&text, &edits).unwrap();
        let behind = format!("（Go 1.{since} 起；之前：{old_value}）");
        prop_assert!(new_text.contains(&behind), "{:?}", &new_text);
        let again = check::reread(&old, claim, &edits);
        prop_assert!(again.is_some_and(|it| {
            crate::claim::value::candidates(&it.expected)
                .iter()
                .any(|reading| crate::verdict::text::compare(reading, new_value).is_some())
        }), "{:?}", &new_text);
    }
}
