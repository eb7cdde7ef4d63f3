//! What a call gives that only the text makes: "`divmod(7, 2)` returns 3 and 1", "f() 返回 3", `` `f(2) == 4` ``,
//! "calling `f()` panics", also in lists and in tables.
//!
//! The rule: the call is of a function of a Go block of the section, with nothing but values, or of what a variable of
//! the block above holds in the end (see [`site`]); a word that says what it gives stands right behind it, or in a
//! table the head of the next column says so; what follows is a value, and then the sentence ends, goes on to the next
//! or gives a reason. It may also be a statement that prints. In tables, it may also be a call of the standard
//! library's, which is then made beside the nearest functions of the note.

mod ending;
mod site;
mod table;

use crate::note::{Note, Part, Prose, Run};
use crate::snippet::Snippet;

use super::lexicon::{APPROXIMATE, CONDITIONAL, HEDGED};
use super::{Claim, Confidence, Form, value, version};
use site::{Site, Sites};

// What stands between a call and what it gives. "Is" may say anything of it; "returns" says what it gives.
pattern!(
    GIVES,
    r"(?i)^\s*(?:(?P<sure>(?:now |always |therefore )?(?:returns|gives|yields|evaluates to|produces|results in)|(?:的)?(?:返回值|返回结果|结果)\s*(?:是|为|[:：=])|(?:最终|总是|都|就)?(?:会|将)?(?:返回|得到)(?:的是|了)?)|(?P<print>(?:would |will |now )?(?:prints?|outputs?|displays)|(?:会|将|就|则)*(?:输出|打印)(?:出|的(?:结果)?(?:是|为))?)|is|equals|的值?(?:是|为)|是|为|等于|==?|=>|→|->|⇒)\s*[:：]?\s*"
);
// `f(2) == 4`, `f(2) // 4`
pattern!(
    WHOLE,
    r"^(?P<call>[A-Za-z_]\w*\(.*\))\s*(?:===?|=>|→|->|⇒|//|=)\s*(?P<value>\S.*)$"
);
// What may come between two results in a sentence.
pattern!(
    AND,
    r"(?i)^\s*(?:(?:,|，|、)\s*(?:and\s+)?|and\s+|和|与|以及|\s)\s*"
);
// What may follow them.
pattern!(
    ENDS,
    r"(?i)^\s*(?:$|[。，,；;！!）)（(\n\t]|\.(?:\s|$)|(?:because|since|as|so|which|but|while|and|not|instead)\b|因为|而|但)"
);
// What is given where nothing is seen of it.
pattern!(
    EMPTY,
    r"(?i)^(?:(?:一个)?空(?:的)?(?:字符)?串|(?:an |the )?empty string)"
);
pattern!(
    DENIED,
    r"(?i)不(?:会|是|再|能)|并非|误以为|以为|认为|\b(?:not|never|instead of|might expect|would expect|you expect)\b|n't\b"
);

// A call in text without code marks.
pattern!(CALL, r"(?-u:\b)[A-Za-z_]\w*\([^()\n，。]*\)");

// A moment that need not be the end of the block.
pattern!(
    TIMED,
    r"(?i)之后|之前|以后|以前|再|此后|然后|接着|开始|最初|初始|\b(?:after|before|then|later|again|initially|at first|first|once|until|when|at this point|by then)\b"
);

// What holds elsewhere.
pattern!(
    ELSEWHERE,
    r"(?i)\blanguages?\b|\b(?:python|java|javascript|rust|php|ruby|math\w*)\b|\bC(?:\+\+)?\b|其[他它]语言|数学上|别的语言"
);

/// The claims of all prose.
pub fn claims(note: &Note, snippets: &[Option<&Snippet>]) -> Vec<Claim> {
    let mut found = Vec::new();
    let mut sites = Sites::of(note, snippets);
    for (at, part) in note.parts.iter().enumerate() {
        let Part::Prose(prose) = part else { continue };
        sites.go_to(at);
        if prose.table {
            found.extend(table::claims(prose, &mut sites));
        } else {
            found.extend(of_text(prose, &mut sites));
            found.extend(ending::panics(prose, &mut sites));
        }
    }
    found
}

/// The calls in a run, each with where it ends in it: the whole of it in code marks, or what looks like one.
fn calls_of(run: &Run) -> Vec<(&str, usize)> {
    if run.code {
        return vec![(run.text.as_str(), run.text.len())];
    }
    let calls = CALL.find_iter(&run.text);
    calls.map(|call| (call.as_str(), call.end())).collect()
}

/// The sentence that a text ends in.
fn sentence_before(text: &str) -> &str {
    let sentence = text
        .rsplit(['。', '\n', '；', '！'])
        .next()
        .unwrap_or_default();
    sentence.rsplit(". ").next().unwrap_or_default()
}

/// Whether what a sentence says need not be so here.
fn doubtful(sentence: &str) -> bool {
    CONDITIONAL.is_match(sentence)
        || DENIED.is_match(sentence)
        || ELSEWHERE.is_match(sentence)
        || APPROXIMATE.is_match(sentence)
}

fn of_text(prose: &Prose, sites: &mut Sites) -> Vec<Claim> {
    let mut found = Vec::new();
    let mut before = String::new();
    for (at, run) in prose.runs.iter().enumerate() {
        for (call, end) in calls_of(run) {
            let said = match run.code {
                true => in_marks(run).or_else(|| behind(prose, at)),
                false => in_plain(run, call, end),
            };
            let text = format!("{before}{}", &run.text[..end - call.len()]);
            let sentence = sentence_before(&text);
            let Some(said) = said.filter(|_| !doubtful(sentence)) else {
                continue;
            };
            if let Some(site) = sites.of_call(said.call, true) {
                let mut claim = claim(&site, &said, prose);
                if site.passes
                    && (TIMED.is_match(sentence) || TIMED.is_match(&text_behind(prose, at)))
                {
                    claim.confidence = Confidence::Weak;
                }
                // "The result may surprise you: `f(2)` returns 5" is no hedge.
                let clause = sentence.rsplit([',', '，', ':', '：']).next();
                claim.hedged = clause.is_some_and(|clause| HEDGED.is_match(clause));
                found.push(claim);
            }
        }
        before.push_str(&run.text);
    }
    found
}

/// The rest of the sentence behind a run.
fn text_behind(prose: &Prose, at: usize) -> String {
    let rest: String = prose.runs[at + 1..]
        .iter()
        .map(|run| run.text.as_str())
        .collect();
    let end = rest.find(['。', '\n', '；']).or_else(|| rest.find(". "));
    rest[..end.unwrap_or(rest.len())].to_owned()
}

/// "f2() 返回 6" without code marks: only behind a word that says for sure what it gives.
fn in_plain<'t>(run: &'t Run, call: &'t str, end: usize) -> Option<Said<'t>> {
    let verb = GIVES.captures(&run.text[end..])?;
    verb.name("sure")?;
    let start = end + verb.get(0)?.end();
    let (values, length) = leading(&run.text[start..])?;
    Some(Said {
        call,
        value: values.join(", "),
        span: run.note_offset(end - call.len())..run.note_offset(start + length - 1) + 1,
        confidence: Confidence::Likely,
    })
}

/// What is said of a call.
struct Said<'t> {
    call: &'t str,
    value: String,
    span: std::ops::Range<usize>,
    confidence: Confidence,
}

/// `` `f(2) == 4` ``
fn in_marks(run: &Run) -> Option<Said<'_>> {
    let found = WHOLE.captures(&run.text)?;
    let value = found.name("value")?.as_str();
    value::is_values(value).then(|| Said {
        call: found.name("call").map_or("", |call| call.as_str()),
        value: value.to_owned(),
        span: run.span.clone(),
        confidence: Confidence::Likely,
    })
}

/// What the text behind the call at `at` says it gives.
fn behind(prose: &Prose, at: usize) -> Option<Said<'_>> {
    let call = &prose.runs[at];
    let next = prose.runs.get(at + 1).filter(|run| !run.code)?;
    let verb = GIVES.captures(&next.text)?;
    if verb.name("print").is_some() != is_print(&call.text) && verb.name("sure").is_none() {
        return None;
    }
    let rest = &next.text[verb.get(0)?.end()..];
    let confidence = if verb.name("sure").is_some() {
        Confidence::Certain
    } else {
        Confidence::Likely
    };
    let mut confidence = confidence;
    let (value, end) = if rest.is_empty() {
        match in_code(&prose.runs[at + 2..]) {
            Some(found) => found,
            None => {
                // A text in code marks may be what it gives, or the name of something.
                confidence = Confidence::Weak;
                let given = prose.runs.get(at + 2).filter(|run| run.code)?;
                let next = prose.runs.get(at + 3).map_or("", |run| run.text.as_str());
                if !ENDS.is_match(next) {
                    return None;
                }
                (given.text.clone(), given.span.end)
            }
        }
    } else if let Some(nothing) = EMPTY.find(rest) {
        if !ENDS.is_match(&rest[nothing.end()..]) {
            return None;
        }
        let behind = next.text.len() - rest.len() + nothing.end();
        ("\"\"".to_owned(), next.span.start + behind)
    } else {
        let (values, length) = leading(rest)?;
        let behind = next.text.len() - rest.len() + length;
        (values.join(", "), next.span.start + behind)
    };
    Some(Said {
        call: &call.text,
        value,
        span: call.span.start..end,
        confidence,
    })
}

/// Values in code marks: `3, 1`, or `3` and `1`; with where they end in the note.
fn in_code(runs: &[Run]) -> Option<(String, usize)> {
    let mut values = Vec::new();
    let mut end = 0;
    for pair in runs.chunks(2) {
        let run = pair
            .first()
            .filter(|run| run.code && value::is_values(&run.text))?;
        values.push(run.text.as_str());
        end = run.span.end;
        let Some(next) = pair.get(1) else { break };
        let goes_on = AND
            .find(&next.text)
            .is_some_and(|it| it.end() == next.text.len());
        // `f(2)` may come next, of which more is said.
        let more = goes_on
            && runs
                .get(values.len() * 2)
                .is_some_and(|run| run.code && value::is_values(&run.text));
        if !more {
            if !ENDS.is_match(&next.text) && !goes_on {
                return None;
            }
            break;
        }
    }
    (!values.is_empty()).then(|| (values.join(", "), end))
}

/// The values that a text starts with, and how long they are; `None` if more is said of them.
fn leading(text: &str) -> Option<(Vec<&str>, usize)> {
    let mut values = Vec::new();
    let mut at = 0;
    let mut end = 0;
    loop {
        let piece = value::pieces(&text[at..]).into_iter().next()?;
        let start = piece.as_ptr() as usize - text.as_ptr() as usize;
        let until = piece.find(super::lexicon::is_cjk).unwrap_or(piece.len());
        let piece = piece[..until].trim_end_matches(['.', ',', ';', ':', '!']);
        if !value::is_value(piece) {
            break;
        }
        values.push(piece);
        end = start + piece.len();
        match AND.find(&text[end..]) {
            Some(and) if and.end() > 0 && end + and.end() < text.len() => at = end + and.end(),
            _ => break,
        }
    }
    (!values.is_empty() && ENDS.is_match(&text[end..])).then_some((values, end))
}

/// Whether a text is a statement that prints.
fn is_print(text: &str) -> bool {
    ["fmt.Print(", "fmt.Println(", "fmt.Printf("]
        .iter()
        .any(|start| text.trim_start().starts_with(start))
}

fn claim(site: &Site, said: &Said, prose: &Prose) -> Claim {
    Claim {
        block: site.snippet.block,
        span: said.span.clone(),
        form: Form::Prose,
        kind: site.kind(),
        subject: site.subject.clone(),
        text: format!("{} → {}", said.call.trim(), said.value),
        expected: said.value.clone(),
        hedged: false,
        negated: false,
        confidence: said.confidence.min(site.confidence),
        versions: version::limits(&prose.text()),
        stream: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> Option<String> {
        let verb = GIVES.find(text)?;
        leading(&text[verb.end()..]).map(|(values, _)| values.join(", "))
    }

    #[test]
    fn what_a_call_gives_is_read_in_both_languages() {
        for (text, expected) in [
            (" returns 3 and 1.", Some("3, 1")),
            (" returns 3, 1", Some("3, 1")),
            (" yields -4 because of rounding", Some("-4")),
            (" returns 3, and ", Some("3")),
            (" is \"abc\".", Some("\"abc\"")),
            (" 返回 3", Some("3")),
            (" 返回 3 和 1。", Some("3, 1")),
            (" 的结果是 [1 2]，因为", Some("[1 2]")),
            (" 会返回 5，而 ", Some("5")),
            (" 是 5 的倍数", None),
            (" returns 3 errors", None),
            (" returns the sum", None),
            (" is called 3 times", None),
        ] {
            assert_eq!(given(text).as_deref(), expected, "{text}");
        }
    }
}
