//! What a call gives that only the text makes: "`divmod(7, 2)` returns 3 and 1", "f() 返回 3", `` `f(2) == 4` ``,
//! "calling `f()` panics", also in lists and in tables.
//!
//! The rule: the call is of a function of a Go block of the section, with nothing but values; a word that says what it
//! gives stands right behind it, or in a table the head of the next column says so; what follows is a value, and then
//! the sentence ends, goes on to the next or gives a reason. In tables, it may also be a call of the standard
//! library's, which is then made beside the nearest functions of the note.

mod ending;

use crate::note::{Note, Part, Prose, Run};
use crate::snippet::Snippet;
use crate::snippet::calling;
use crate::snippet::item::{Item, ItemKind};
use crate::snippet::probe::{Glance, Look};
use crate::snippet::repair::line_of;

use super::lexicon::{APPROXIMATE, CONDITIONAL, HEDGED};
use super::{Claim, Confidence, Form, Kind, Subject, value, version};

// What stands between a call and what it gives. "Is" may say anything of it; "returns" says what it gives.
pattern!(
    GIVES,
    r"(?i)^\s*(?:(?P<sure>(?:now |always |therefore )?(?:returns|gives|yields|evaluates to|produces|results in)|(?:的)?(?:返回值|返回结果|结果)\s*(?:是|为|[:：=])|(?:最终|总是|都|就)?(?:会|将)?(?:返回|得到)(?:的是|了)?)|is|equals|的值?(?:是|为)|是|为|等于|==?|=>|→|->|⇒)\s*[:：]?\s*"
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
pattern!(
    RESULT,
    r"(?i)^\s*(?:the )?(?:results?|returns?|return(?:ed)? values?|values?|gives|outputs?|prints?|返回值?|返回结果|结果|值|(?:输出|打印|运行)(?:结果)?)\s*$"
);
pattern!(
    DENIED,
    r"(?i)不(?:会|是|再|能)|并非|误以为|以为|认为|\b(?:not|never|instead of|might expect|would expect|you expect)\b|n't\b"
);

// A call in text without code marks.
pattern!(CALL, r"(?-u:\b)[A-Za-z_]\w*\([^()\n，。]*\)");

// What holds elsewhere.
pattern!(
    ELSEWHERE,
    r"(?i)\blanguages?\b|\b(?:python|java|javascript|rust|php|ruby|math\w*)\b|\bC(?:\+\+)?\b|其[他它]语言|数学上|别的语言"
);

/// The claims of all prose.
pub fn claims(note: &Note, snippets: &[Option<&Snippet>]) -> Vec<Claim> {
    let mut found = Vec::new();
    for (at, part) in note.parts.iter().enumerate() {
        let Part::Prose(prose) = part else { continue };
        let near = of_section(note, snippets, at);
        let declaring = |call: &str, gives: bool| {
            near.iter()
                .find_map(|snippet| Some((*snippet, calling::called(call, snippet, gives)?)))
        };
        if prose.table {
            let beside = |call: &str| {
                declaring(call, true).or_else(|| {
                    let (above, below) = note.parts.split_at(at);
                    let blocks = above.iter().rev().chain(below);
                    let go = blocks.filter_map(|part| go_block(part, snippets));
                    let mut hosts = go.filter_map(|it| Some((it, calling::beside(call, it)?)));
                    hosts.next()
                })
            };
            found.extend(of_table(prose, &beside));
        } else {
            found.extend(of_text(prose, &declaring));
            found.extend(ending::panics(prose, &declaring));
        }
    }
    found
}

fn go_block<'s>(part: &Part, snippets: &[Option<&'s Snippet>]) -> Option<&'s Snippet> {
    match part {
        Part::Block(block) => snippets
            .get(*block)
            .copied()
            .flatten()
            .filter(|it| it.is_go()),
        _ => None,
    }
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

/// The function a call is of, with the block that declares it.
type Declaring<'f, 's> = &'f dyn Fn(&str, bool) -> Option<(&'s Snippet, &'s Item)>;

/// The Go blocks of the section that a part stands in: those above it, the nearest first, then those below.
fn of_section<'s>(note: &Note, snippets: &[Option<&'s Snippet>], at: usize) -> Vec<&'s Snippet> {
    let is_heading = |part: &&Part| matches!(part, Part::Heading { .. });
    let go = |part: &Part| go_block(part, snippets);
    let above = note.parts[..at]
        .iter()
        .rev()
        .take_while(|part| !is_heading(part));
    let below = note.parts[at..].iter().take_while(|part| !is_heading(part));
    above.chain(below).filter_map(go).collect()
}

fn of_text(prose: &Prose, declaring: Declaring) -> Vec<Claim> {
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
            if let Some((snippet, function)) = declaring(said.call, true) {
                let mut claim = claim(snippet, function, &said, prose);
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
    let rest = &next.text[verb.get(0)?.end()..];
    let confidence = if verb.name("sure").is_some() {
        Confidence::Certain
    } else {
        Confidence::Likely
    };
    let (value, end) = if rest.is_empty() {
        in_code(&prose.runs[at + 2..])?
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

/// A table with a column of calls and, right behind it, one whose head says that it has their results.
fn of_table<'s>(
    prose: &Prose,
    declaring: &dyn Fn(&str) -> Option<(&'s Snippet, &'s Item)>,
) -> Vec<Claim> {
    let rows = rows(prose);
    let Some((head, body)) = rows.split_first() else {
        return Vec::new();
    };
    let is_result = |column: usize| {
        head.get(column)
            .is_some_and(|cell| RESULT.is_match(&text_of(cell)))
    };
    let mut found = Vec::new();
    for row in body {
        for (column, pair) in row.windows(2).enumerate() {
            let ([call], true) = (pair[0].as_slice(), is_result(column + 1)) else {
                continue;
            };
            let value = text_of(&pair[1]);
            // In code marks, a word is what it gives, too.
            let quoted = matches!(pair[1].as_slice(), [run] if run.code);
            if !call.code || !quoted && !value::is_values(&value) || value.trim().is_empty() {
                continue;
            }
            let Some((snippet, function)) = declaring(&call.text) else {
                continue;
            };
            let said = Said {
                call: &call.text,
                value: value.trim().to_owned(),
                span: call.span.start..pair[1].last().map_or(call.span.end, |run| run.span.end),
                confidence: Confidence::Likely,
            };
            found.push(claim(snippet, function, &said, prose));
        }
    }
    found
}

/// The cells of a table, row by row, each with its runs that are not empty.
fn rows(prose: &Prose) -> Vec<Vec<Vec<&Run>>> {
    let mut rows = vec![vec![Vec::new()]];
    for run in &prose.runs {
        let new_row = run.text == "\n";
        if new_row {
            rows.push(vec![Vec::new()]);
        }
        let Some(row) = rows.last_mut() else { break };
        if run.text == "\t" {
            row.push(Vec::new());
        } else if !new_row
            && !run.text.trim().is_empty()
            && let Some(cell) = row.last_mut()
        {
            cell.push(run);
        }
    }
    rows
}

fn text_of(cell: &[&Run]) -> String {
    cell.iter().map(|run| run.text.as_str()).collect()
}

fn claim(snippet: &Snippet, function: &Item, said: &Said, prose: &Prose) -> Claim {
    // What is given may depend on variables that other code has changed by then.
    let own = |name: &String| said.call.trim_start().starts_with(name.as_str());
    let depends = function.names.iter().any(own)
        && snippet.items.iter().any(|item| {
            item.kind == ItemKind::Var
                && item
                    .names
                    .iter()
                    .any(|name| function.mentions.contains(name))
        });
    Claim {
        block: snippet.block,
        span: said.span.clone(),
        form: Form::Prose,
        kind: Kind::Value,
        subject: Subject::Value(Glance {
            line: line_of(snippet.code(), function.span.end),
            expression: said.call.trim().to_owned(),
            look: Look::Called,
        }),
        text: format!("{} → {}", said.call.trim(), said.value),
        expected: said.value.clone(),
        hedged: false,
        negated: false,
        confidence: if depends {
            Confidence::Weak
        } else {
            said.confidence
        },
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
