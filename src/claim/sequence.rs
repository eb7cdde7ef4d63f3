//! Order without values: "先打印 2 再打印 1", "按照 a、b、c 的顺序打印 10 次", "prints ping and pong in turn, 5 times".
//!
//! The rule: what is said to come in an order must stand in the code, as a literal or as part of one; otherwise
//! the sentence speaks of steps and not of output.

use crate::note::{Note, Part, Prose};
use crate::snippet::Snippet;

use super::lexicon::{CONDITIONAL, HEDGED};
use super::{Claim, Confidence, Form, Kind, Subject, version};

// `先打印 2 再打印 1`, `先输出 a，然后输出 b，最后是 c`
pattern!(
    FIRST_THEN,
    r"先(?:会)?(?:打印|输出|执行|显示)(?:出|的是)?\s*(?P<a>[^\s，,、。；;]{1,24}?)\s*[，,、]?\s*(?:再|然后|后|接着|之后|随后|最后|在)+(?:打印|输出|执行|是|显示)(?:出|的是)?\s*(?P<b>[^\s，,、。；;]{1,24})"
);
// `"a" 在 "b" 之前打印`, `A 先于 B 输出`
pattern!(
    BEFORE,
    r#"(?P<a>[`"“][^`"”\n]{1,24}[`"”]|[0-9A-Za-z_]{1,24})\s*(?:会|总是|一定|必然)*(?:在\s*(?P<b>[`"“][^`"”\n]{1,24}[`"”]|[0-9A-Za-z_]{1,24})\s*之?前(?:面)?(?:被)?(?:打印|输出)|先于\s*(?P<c>[`"“][^`"”\n]{1,24}[`"”]|[0-9A-Za-z_]{1,24})\s*(?:被)?(?:打印|输出))"#
);
// `prints a, then b`, `prints 2 before 1`, "`a` is printed before `b`"
pattern!(
    THEN,
    r#"(?i)\b(?:prints?|outputs?)\s+(?P<a>[`"]?[^\s`",.;]{1,24}[`"]?)(?:\s+first)?,?\s+(?:and\s+)?(?:then|before)\s+(?:prints?\s+|outputs?\s+)?(?P<b>[`"]?[^\s`",.;]{1,24}[`"]?)(?:[\s,.;!]|$)|(?P<c>[`"][^`"\n]{1,24}[`"]|\b[\w-]{1,24}) (?:(?:is|gets|will be) (?:printed|output)|comes|appears) before (?P<d>[`"][^`"\n]{1,24}[`"]|[\w-]{1,24})"#
);
// `按照cat、dog、fish的顺序打印100次`, `依次打印 a、b、c 各 10 次`
pattern!(
    IN_TURN,
    r"(?:按照?|依次|交替|轮流|循环)(?:打印|输出)?\s*(?P<list>[0-9A-Za-z_]+(?:\s*[、,，和]\s*[0-9A-Za-z_]+)+)\s*(?:的)?(?:顺序)?[^。；\n]{0,16}?(?P<times>\d+)\s*(?:次|遍|轮)|(?i:prints?|printing)\s+(?P<words>[0-9A-Za-z_]+(?:(?:,? and |, )[0-9A-Za-z_]+)+)(?:,)? in (?:turn|order|that order)[^.\n]{0,16}?(?P<count>\d+) times"
);

pattern!(
    DENIED,
    r"(?i)不会|不是|并非|不保证|\b(?:not|never|instead of)\b|n't\b"
);

/// The claims of headings and paragraphs.
pub fn claims(note: &Note, snippets: &[Option<&Snippet>]) -> Vec<Claim> {
    let mut found: Vec<Claim> = Vec::new();
    // What a section asks every program in it to print, and the level of its heading.
    let mut wanted: Option<Turn> = None;
    let mut level = 0;
    let mut above: Option<&Snippet> = None;
    for part in &note.parts {
        match part {
            Part::Heading {
                level: depth,
                text,
                span,
            } => {
                above = None;
                if *depth <= level || wanted.is_none() {
                    wanted = Turn::of(text, span.clone());
                    level = *depth;
                }
            }
            Part::Html { .. } => {}
            Part::Prose(prose) => {
                if let Some(snippet) = above {
                    found.extend(first_then(prose, snippet));
                }
                let text = prose.text();
                wanted = wanted.or_else(|| Turn::of(&text, prose.span.clone()));
            }
            Part::Block(at) => {
                above = snippets.get(*at).copied().flatten().filter(|it| it.is_go());
                if let (Some(turn), Some(snippet)) = (&wanted, above) {
                    found.extend(turn.claim(snippet));
                }
            }
        }
    }
    found
}

fn first_then(prose: &Prose, snippet: &Snippet) -> Vec<Claim> {
    let text = prose.text();
    let chinese = FIRST_THEN.captures_iter(&text);
    chinese
        .chain(THEN.captures_iter(&text))
        .chain(BEFORE.captures_iter(&text))
        .filter_map(|found| {
            let sentence = &text[..found.get(0)?.start()];
            let sentence = sentence
                .rsplit(['。', '\n', '；'])
                .next()
                .and_then(|sentence| sentence.rsplit(". ").next())
                .unwrap_or_default();
            if CONDITIONAL.is_match(sentence) || DENIED.is_match(sentence) {
                return None;
            }
            let tidy = |name: &str, other: &str| {
                let word = found.name(name).or(found.name(other));
                let word = word.map_or("", |it| it.as_str());
                word.trim_matches(['`', '"', '“', '”', '\'']).to_owned()
            };
            let words = [tidy("a", "c"), tidy("b", "d")];
            let words = match found.name("b").or(found.name("d")) {
                Some(_) => words,
                None => [tidy("a", "a"), tidy("c", "c")],
            };
            let all = found.get(0)?;
            let span = prose.note_offset(all.start())..prose.note_offset(all.end());
            let hedged = HEDGED.is_match(sentence);
            claim(
                snippet,
                &words,
                span,
                all.as_str(),
                hedged,
                Confidence::Likely,
            )
        })
        .collect()
}

/// Words that are to be printed in turn, a number of times.
struct Turn {
    words: Vec<String>,
    times: String,
    text: String,
    span: std::ops::Range<usize>,
}

impl Turn {
    fn of(text: &str, span: std::ops::Range<usize>) -> Option<Self> {
        let found = IN_TURN.captures(text)?;
        let list = found.name("list").or(found.name("words"))?.as_str();
        let times = found.name("times").or(found.name("count"))?.as_str();
        let words: Vec<String> = list
            .replace(" and ", ",")
            .split(['、', ',', '，', '和'])
            .map(|word| word.trim().to_owned())
            .filter(|word| !word.is_empty())
            .collect();
        Some(Self {
            words,
            times: times.to_owned(),
            text: found[0].to_owned(),
            span,
        })
    }

    /// The claim that a complete program does it.
    fn claim(&self, snippet: &Snippet) -> Option<Claim> {
        let whole = snippet.shape == crate::report::Shape::Program;
        let one = claim(
            snippet,
            &self.words,
            self.span.clone(),
            &self.text,
            false,
            Confidence::Likely,
        );
        one.filter(|_| whole).map(|one| Claim {
            expected: format!("{}\n× {}", one.expected, self.times),
            ..one
        })
    }
}

fn claim(
    snippet: &Snippet,
    words: &[String],
    span: std::ops::Range<usize>,
    text: &str,
    hedged: bool,
    confidence: Confidence,
) -> Option<Claim> {
    let in_code = |word: &String| !word.is_empty() && snippet.code().contains(word.as_str());
    words.iter().all(in_code).then(|| Claim {
        block: snippet.block,
        span,
        form: Form::Prose,
        kind: Kind::Order,
        subject: Subject::Block,
        text: text.to_owned(),
        expected: words.join("\n"),
        hedged,
        negated: false,
        confidence,
        versions: version::limits(text),
        stream: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_turn_are_found_with_their_number() {
        let turn = Turn::of("要求按照 ping、pong 的顺序交替打印 5 次", 0..1).unwrap();
        assert_eq!(
            (turn.words, turn.times),
            (vec!["ping".to_owned(), "pong".to_owned()], "5".to_owned())
        );
        let turn = Turn::of("Three goroutines print a, b and c in turn, 10 times", 0..1).unwrap();
        assert_eq!(turn.words, ["a", "b", "c"]);
        assert!(Turn::of("按照步骤一、步骤二操作", 0..1).is_none());
    }

    #[test]
    fn first_this_then_that() {
        let found = FIRST_THEN.captures("所以先打印2再打印1").unwrap();
        assert_eq!((&found["a"], &found["b"]), ("2", "1"));
        let found = FIRST_THEN.captures("先输出 `x`，然后输出 `y`").unwrap();
        assert_eq!((&found["a"], &found["b"]), ("`x`", "`y`"));
        let found = THEN.captures("It prints a, then b.").unwrap();
        assert_eq!((&found["a"], &found["b"]), ("a", "b"));
        let found = THEN.captures("`done` is printed before `work`").unwrap();
        assert_eq!((&found["c"], &found["d"]), ("`done`", "`work`"));
        assert!(
            THEN.captures("It prints the list and then returns")
                .is_none()
        );
    }
}
