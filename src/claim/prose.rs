//! Answers in prose right after the code: "3,2,1,error", "输出 `5`", "会打印 Recovered from: error".

mod answering;
mod leading;

use std::sync::LazyLock;

use regex::Regex;

use crate::note::{Note, Part, Prose, Run};
use crate::snippet::Snippet;

use super::lexicon::{APPROXIMATE, CONDITIONAL, HEDGED};
use super::{Claim, Confidence, Form, Kind, Stream, Subject, nature, spelled, value, version};
pub(super) use answering::ASKS;
use answering::{bare_answer, coded, opening};
pub(super) use leading::{HEADS_ANSWER, HEADS_OUTPUT, SUMMARY};
use leading::{HEADS_REASON, LEAD_ALONE, led};

static LEAD_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:(?:输出|打印)(?:结果|顺序|内容)?|(?:结果|答案))(?:出|依次|就|将|会|应该)*(?:是|为|的是)?\s*[:：]?\s*$|\b(?:prints?|outputs?|the output is|the result is|displays)\s*:?\s*$")
        .expect("a constant")
});
static LEAD_PLAIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:(?:输出|打印)(?:出|的|结果|顺序)*(?:是|为)?|(?:结果|答案)(?:是|为))\s*(?P<mark>[:：])?\s*(?P<text>[\x21-\x7e](?:[\x20-\x7e]|、)*)|\b(?:it |this |which |program |code |example |snippet |loop )(?:(?:will|would|may|might|could|can|should) )?(?:(?:only|just|simply|always|still|also) )?(?:prints|print|outputs|output)(?: only| just)?\s*(?P<colon>:)?\s*(?P<said>[\x21-\x7e][\x20-\x7e]*)")
        .expect("a constant")
});
// Where a sentence ends ("Go 1.22." and "1.5" have full stops, too).
static SENTENCE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[。！？\n；]|[.!?](?:\s+|$)").expect("a constant"));
static NEGATED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)不(?:会|是|能|再)?|没有|并非|\bnot\b|\bnever\b|n't\b").expect("a constant")
});
static SEPARATORS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\s,，、;；]+(?:然后|接着|最后|再|(?:and )?then )?\s*|->|→").expect("a constant")
});
// "D B A，然后 panic: C": a word of the author's between what is printed.
static THEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\s,，、;；]+(?:然后|接着|最后|再|(?:and )?then )\s*(?:是|输出|打印)?\s*")
        .expect("a constant")
});
// What stands between the members of a list in prose. "Or" joins no list: just one of them is meant.
static JOINS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:[、,，;；]\s*(?:and then|and|then|最后|然后|接着|再)?|and then|and|then|和|与|以及|然后|接着|再|->|→)(?:\s*(?:输出|打印|是))?\s*$")
        .expect("a constant")
});

// Where a text is said to go.
pattern!(
    TO_STREAM,
    r"(?i)^\s*(?:(?:is|are|gets?|goes|will be|go|都|会|被|则|是|就)\s*)*(?:written|printed|sent|output|输出|写|打印)?\s*(?:(?:in)?to|到|入|在)\s*(?:the )?(?:stdout|stderr|standard (?:output|error)|标准(?:输出|错误))"
);

// `f(x)`, `pkg.F()`: a call, and not a text that ends in a bracket.
pattern!(IS_CALL, r"^[\w.*&\[\]]+\(.*\)$");
// Which line of the output is spoken of.
pattern!(FIRST_LINE, r"(?i)\bfirst line\b|第一行");
pattern!(LAST_LINE, r"(?i)\blast line\b|最后一行");

// A text in quotes that ends the sentence, or a part of it.
pattern!(
    QUOTED,
    r#"^"(?P<text>[^"]+)"(?:[.,;:!]|\s*$|\s+(?:because|since|and|but|as)\b)"#
);

// Where an answer starts a paragraph.
static ANSWERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:(?:参考|正确)?答案\s*[：:]\s*)?(?:(?:在\s*)?go\s*1\.\d+\s*(?:版本)?(?:及)?(?:之前|以前|以后|之后|及以上|起|开始)(?:的版本)?(?:中|里)?[，,：:]?\s*)?(?:(?:上面|上述|以上|这段|该|本)?(?:的)?(?:这段)?(?:代码|程序)|所以|因此|答案是?|结果|最终|最后|运行后|它)?[，,：:]?\s*(?:最终|最后|会|将|依次|一共)*(?:输出|打印)|^(?:so |therefore |as expected,? )?(?:this |the )?(?:it|this|code|program|output|example|snippet|(?:code|program|snippet|example) above)?\s*(?:(?:will|would|may|might|could|can|now|only|just|always|still) )*(?:prints?|outputs?)\b")
        .expect("a constant")
});
// What may follow an answer without changing it.
static REASON: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:because|since|as|before|until|in Go|so|which|but|not|due|instead|rather)\b",
    )
    .expect("a constant")
});
// "If we run this": no condition that the code at hand may not meet.
static HYPOTHESIS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:if|when) (?:we|you) (?:run|execute|try) (?:this|it|the)\b|如果(?:我们)?(?:运行|执行)")
        .expect("a constant")
});
// "10、20 两个值。": how many they are.
static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:这)?[一两三四五六七八九十\d]+\s*个(?:值|数|数字|数值|结果|元素)?(?:[，。；！（\n]|$)")
        .expect("a constant")
});
// One of several answers to choose from; which is right stands elsewhere.
static CHOICE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*[(（]?[A-Ha-h]\s*[.:：、)）]").expect("a constant"));

/// How many paragraphs after a block may answer it.
const PARAGRAPHS: usize = 3;

/// The claims of the paragraphs that follow Go blocks.
pub fn claims(note: &Note, snippets: &[Option<&Snippet>]) -> Vec<Claim> {
    let mut found = Vec::new();
    let mut code: Option<(&Snippet, usize)> = None;
    // How many Go blocks the section has: an answer below a heading of its own is that of the only one.
    let mut blocks = 0;
    // Whether what stands right before the code asks what it prints.
    let (mut asks, mut asked) = (false, false);
    // "输出结果：" in a paragraph of its own: the next one is the answer.
    let mut announced = false;
    for part in &note.parts {
        match part {
            Part::Heading { text, .. } => {
                let text = text.trim();
                announced = blocks == 1 && HEADS_ANSWER.is_match(text);
                let explains = blocks == 1 && HEADS_REASON.is_match(text);
                if announced || explains || HEADS_OUTPUT.is_match(text) {
                    continue;
                }
                (code, blocks) = (None, 0);
                asks = ASKS.is_match(text);
            }
            Part::Html { text, .. } => announced |= SUMMARY.is_match(text),
            Part::Block(at) => {
                announced = false;
                asked = std::mem::take(&mut asks);
                code = snippets
                    .get(*at)
                    .copied()
                    .flatten()
                    .filter(|snippet| snippet.is_go())
                    .map(|snippet| (snippet, 0));
                blocks += usize::from(code.is_some());
            }
            Part::Prose(prose) => {
                asks = ASKS.is_match(&prose.text());
                if let Some((snippet, seen)) = &mut code {
                    // Under "答案：" stands the answer, however much is said before it.
                    if (*seen < PARAGRAPHS || announced) && !prose.table {
                        let said = read(prose, snippet, *seen == 0, announced);
                        let answer = coded(prose, snippet, asked)
                            .or_else(|| opening(prose, snippet).filter(|_| asked));
                        let coded = answer.filter(|coded| {
                            *seen == 0 && said.iter().all(|it| it.confidence < coded.confidence)
                        });
                        match coded {
                            Some(coded) => found.push(coded),
                            None => found.extend(said),
                        }
                        found.extend(nature::of_prose(prose, snippet));
                    }
                    announced = LEAD_ALONE.is_match(prose.text().trim());
                    *seen += 1;
                }
            }
        }
    }
    found
}

fn read(prose: &Prose, snippet: &Snippet, follows: bool, announced: bool) -> Vec<Claim> {
    let text = prose.text();
    if CHOICE.is_match(&text) {
        return Vec::new();
    }
    let first = follows || announced;
    if first && let Some(claim) = bare_answer(prose, &text, snippet) {
        // Under "answer" nothing else stands than what is printed.
        let confidence = if announced && value::is_values(text.trim()) {
            Confidence::Certain
        } else {
            claim.confidence
        };
        return vec![Claim {
            confidence,
            ..claim
        }];
    }
    let marked = marked(prose, snippet, first);
    if !marked.is_empty() {
        return marked;
    }
    // "答案：输出 1 2": the words behind the lead say where the values begin.
    let led = led(prose, &text, snippet, first);
    let plain = plain(prose, &text, snippet, first);
    let better = |claim: &Claim| {
        led.as_ref()
            .is_none_or(|led| led.confidence < claim.confidence)
    };
    plain.filter(better).or(led).into_iter().collect()
}

/// Inline code behind a lead word: "输出 `5`", "prints `a` and `b`".
///
/// Right behind the code, and for what looks like a value, it is as explicit as a comment.
fn marked(prose: &Prose, snippet: &Snippet, first: bool) -> Vec<Claim> {
    let text = prose.text();
    let mut before = String::new();
    let mut claims: Vec<Claim> = Vec::new();
    for (at, run) in prose.runs.iter().enumerate() {
        if !run.code {
            before.push_str(&run.text);
            continue;
        }
        if let Some(claim) = streamed(prose, at, snippet) {
            claims.push(claim);
            before.push_str(&run.text);
            continue;
        }
        let sentence = before
            .rsplit(['。', '\n', '；', '，'])
            .next()
            .unwrap_or_default();
        // An English sentence that says what is not so ends at its full stop.
        let sentence = &sentence[SENTENCE
            .find_iter(sentence)
            .last()
            .map_or(0, |end| end.end())..];
        // A condition reigns over the whole sentence: "如果改成 x，输出 y" speaks of other code.
        let whole = before.rsplit(['。', '\n', '；']).next().unwrap_or_default();
        let doubtful = NEGATED.is_match(sentence)
            || CONDITIONAL.is_match(whole)
            || APPROXIMATE.is_match(sentence);
        // A function's or package's name in code marks is what prints, not what is printed.
        let names_code = run.text.contains("fmt.") || IS_CALL.is_match(&run.text);
        if LEAD_BEFORE.is_match(&before) && !doubtful && !names_code {
            let list = listed(&prose.runs[at..]);
            // "Prints `3` only if x": what comes behind limits it, too.
            let limited = CONDITIONAL.is_match(sentence_at(&text, before.len()));
            let confidence = if limited {
                Confidence::Weak
            } else if first
                && (list.iter().all(|run| value::is_values(&run.text))
                    || is_whole_answer(&before, list.last().copied(), &prose.runs[at..]))
            {
                Confidence::Certain
            } else {
                Confidence::Likely
            };
            let texts: Vec<&str> = list.iter().map(|run| run.text.as_str()).collect();
            // Dots stand for the lines that are not spoken of.
            let spoken = sentence_at(&text, before.len());
            let lines = texts.join("\n");
            let lines = match (FIRST_LINE.is_match(spoken), LAST_LINE.is_match(spoken)) {
                (true, false) => format!("{lines}\n..."),
                (false, true) => format!("...\n{lines}"),
                _ => lines,
            };
            let mut claim = claim(prose, snippet, &lines, confidence);
            claim.text = texts.join("\n");
            // "Prints `x` twice": more than that it prints it.
            let behind = prose.runs.get(at + 1).map_or("", |run| run.text.as_str());
            if let ([word], Some(times)) = (texts.as_slice(), value::times(behind)) {
                claim.kind = Kind::Order;
                claim.expected = format!("{word} × {times}");
            }
            claim.span = run.span.start..list.last().map_or(run.span.end, |last| last.span.end);
            claim.versions = version::limits_at(&text, before.len());
            claim.hedged = HEDGED.is_match(sentence);
            claims.push(claim);
        }
        before.push_str(&run.text);
    }
    claims
}

/// "`x` is written to stderr": what stands in code marks, and the stream it goes to.
fn streamed(prose: &Prose, at: usize, snippet: &Snippet) -> Option<Claim> {
    let run = &prose.runs[at];
    let behind = prose.runs.get(at + 1).filter(|run| !run.code)?;
    let stream = Stream::of(TO_STREAM.find(&behind.text)?.as_str())?;
    let spelled = spelled::literals(&snippet.syntax, None);
    spelled
        .iter()
        .any(|literal| literal.contains(run.text.as_str()))
        .then(|| Claim {
            span: run.span.clone(),
            stream: Some(stream),
            ..claim(prose, snippet, &run.text, Confidence::Likely)
        })
}

/// Whether a paragraph says right behind the code that it prints this, and nothing else: "程序会输出 `x`。".
fn is_whole_answer(before: &str, last: Option<&Run>, rest: &[Run]) -> bool {
    let leads = ANSWERS.find(before).is_some_and(|found| {
        before[found.end()..].chars().count() < 6 && !before.contains(['，', ','])
    });
    let behind = last.and_then(|last| rest.iter().skip_while(|run| run.span != last.span).nth(1));
    let ends = behind.is_none_or(|run| {
        run.text.trim().is_empty() || run.text.starts_with(['。', '，', '；', '！', '.'])
    });
    leads && ends
}

/// The runs of code that a list starts with: `a`、`b` 和 `c`. What is printed first stands first.
fn listed(runs: &[Run]) -> Vec<&Run> {
    let mut found = Vec::new();
    for pair in runs.chunks(2) {
        found.extend(pair.first().filter(|run| run.code));
        let goes_on = pair.len() == 2 && pair[0].code && JOINS.is_match(&pair[1].text);
        if !goes_on {
            break;
        }
    }
    found
}

/// Plain words behind a lead word. Weak, unless it is what the program prints.
fn plain(prose: &Prose, text: &str, snippet: &Snippet, first: bool) -> Option<Claim> {
    let found = LEAD_PLAIN.captures(text)?;
    let said = found.name("text").or(found.name("said"))?;
    let sentence_start = text[..said.start()]
        .rfind(['。', '\n', '；'])
        .map_or(0, |at| {
            at + text[at..].chars().next().map_or(1, char::len_utf8)
        });
    let sentence = &text[sentence_start..said.start()];
    if CONDITIONAL.is_match(sentence) && !HYPOTHESIS.is_match(sentence) {
        return None;
    }
    // "It does not print 9; it prints 2": what is denied ends before what is said.
    let clause = sentence.rfind("; ").map_or(0, |at| at + 2);
    let full_stop = SENTENCE
        .find_iter(sentence)
        .last()
        .map_or(0, |end| end.end());
    let sentence = &sentence[clause.max(full_stop)..];
    if NEGATED.is_match(sentence) || CONDITIONAL.is_match(sentence) {
        return None;
    }
    let literals = spelled::literals(&snippet.syntax, None);
    let answer = answer(text, said.as_str(), &text[said.end()..], &literals);
    let (expected, confidence) = match answer.filter(|_| first && sentence_start == 0) {
        Some(values) => (values, Confidence::Certain),
        None if QUOTED.is_match(said.as_str()) => {
            // `prints "timeout".`: what stands in quotes is all of it.
            let quoted = QUOTED.captures(said.as_str());
            let text = quoted.and_then(|it| it.name("text"));
            let text = text.map_or("", |it| it.as_str());
            let spelled = spelled::literals(&snippet.syntax, None).contains(&text);
            let confidence = match spelled {
                true => Confidence::Likely,
                false => Confidence::Weak,
            };
            (text, confidence)
        }
        None => (
            said.as_str().trim_end_matches(['.', ',', ';', ' ']),
            Confidence::Weak,
        ),
    };
    let mut claim = claim(prose, snippet, expected, confidence);
    claim.hedged = HEDGED.is_match(sentence);
    claim.versions = version::limits_at(text, said.start());
    Some(claim)
}

/// The sentence in which the byte at `at` stands.
fn sentence_at(text: &str, at: usize) -> &str {
    let end = SENTENCE
        .find(&text[at..])
        .map_or(text.len(), |found| at + found.end());
    let start = SENTENCE
        .find_iter(&text[..at])
        .last()
        .map_or(0, |found| found.end());
    &text[start..end]
}

/// The values of a paragraph that starts with its answer: "最终打印的是 1，因为…", "It prints 3 3 3." Nothing but the
/// subject stands before the lead word, nothing but values behind it, and then the sentence ends or gives a reason.
///
/// Several words that the code spells as `literals` are values, too.
fn answer<'t>(text: &str, said: &'t str, behind: &str, literals: &[&str]) -> Option<&'t str> {
    let pieces = value::pieces(said);
    let strip = |piece: &&'t str| piece.trim_end_matches(['.', '!', ':']);
    let mut count = pieces
        .iter()
        .take_while(|piece| value::is_value(strip(piece)))
        .count();
    if count == 0 {
        let spelled = pieces.iter().map(strip);
        count = spelled.take_while(|piece| literals.contains(piece)).count();
        if count < 2 {
            return None;
        }
    }
    let last = strip(pieces.get(count.checked_sub(1)?)?);
    let end = last.as_ptr() as usize - said.as_ptr() as usize + last.len();
    let rest = said[end..].trim_start_matches(['.', ',', ';', ':', '!', ' ']);
    let closed = said.trim_end().ends_with(['.', ',', ';', ':', '!', '(']);
    let ends = if rest.is_empty() {
        closed
            || behind.trim_start().is_empty()
            || behind.starts_with(['，', '。', '；', '（', '！', '：', '\n'])
            || COUNTED.is_match(behind)
    } else {
        REASON.is_match(rest)
    };
    (ends && ANSWERS.is_match(text.trim_start())).then(|| &said[..end])
}

fn claim(prose: &Prose, snippet: &Snippet, expected: &str, confidence: Confidence) -> Claim {
    Claim {
        block: snippet.block,
        span: prose.span.clone(),
        form: Form::Prose,
        kind: Kind::Stdout,
        subject: Subject::Block,
        text: expected.to_owned(),
        expected: expected.to_owned(),
        hedged: false,
        negated: false,
        confidence,
        versions: version::limits(&prose.text()),
        stream: Stream::of(&prose.text()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<&str> {
        let found = LEAD_PLAIN.captures(text)?;
        let said = found.name("text").or(found.name("said"))?;
        answer(text, said.as_str(), &text[said.end()..], &["one", "two"])
    }

    #[test]
    fn a_sentence_ends_at_its_full_stop() {
        let text = "It prints 1.5 since Go 1.22. Before Go 1.22 it printed 333.";
        assert_eq!(sentence_at(text, 10), "It prints 1.5 since Go 1.22. ");
        assert_eq!(sentence_at(text, 40), "Before Go 1.22 it printed 333.");
    }

    #[test]
    fn a_paragraph_may_start_with_its_answer() {
        for (text, expected) in [
            ("最终打印的是 1，因为它先执行。", Some("1")),
            ("最终打印的是 1,因为它先执行。", Some("1")),
            ("打印 132。", Some("132")),
            ("It prints 3 3 3.", Some("3 3 3")),
            ("This prints 3 3 3 because i is shared.", Some("3 3 3")),
            ("The program prints 1, 2, 3.", Some("1, 2, 3")),
            ("Go 1.22 之前输出 3 3 3。", Some("3 3 3")),
            ("在 Go 1.22 之前输出 two two two。", Some("two two two")),
            ("输出 one。", None),
            ("It prints one element.", None),
            ("It prints 1, 2 and 3.", None),
            ("It prints 5 lines.", None),
            ("输出 0 表示成功。", None),
            ("输出 1、2、3 三个值。", Some("1、2、3")),
            ("The example prints 12:", Some("12")),
            ("循环每次打印 1。", None),
            ("输出 1 和 2。", None),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}
