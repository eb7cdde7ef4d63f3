//! How a call ends that only the text makes: "Calling `f(3)` panics", "调用 f() 不会 panic".

use crate::note::Prose;
use crate::snippet::probe::Glance;

use super::super::lexicon::{CONDITIONAL, HEDGED};
use super::super::{Claim, Confidence, Kind, Subject};
use super::{ENDS, Said, Sites, calls_of, claim, doubtful, sentence_before};
use crate::toolchain::stdlib::own;

// Whether it panics; "it panics and recovers" says more.
pattern!(
    PANICS,
    r"(?i)^\s*(?:也|就|都|并|now |still |always )*(?:(?P<not>不会(?:再)?|(?:does not|doesn't|will not|won't|never)\b)|会|将|will\b|would\b)?\s*(?:直接|立即|发生|引发|触发|导致)*\s*(?P<word>panics?\b)\s*(?:(?:with|[:：])\s*)?"
);
pattern!(RECOVERS, r"(?i)recover|捕获|恢复|catch");

/// "Calling `f(3)` panics", "调用 f() 不会 panic".
pub(super) fn panics(prose: &Prose, sites: &mut Sites) -> Vec<Claim> {
    let mut found = Vec::new();
    let mut before = String::new();
    for (at, run) in prose.runs.iter().enumerate() {
        for (call, end) in calls_of(run) {
            let behind = match prose.runs.get(at + 1) {
                Some(next) if run.code && !next.code => next.text.as_str(),
                _ => &run.text[end..],
            };
            let Some(said) = PANICS.captures(behind) else {
                continue;
            };
            let rest = &behind[said.get(0).map_or(0, |all| all.end())..];
            let start = before.len() + end - call.len();
            let text = prose.text();
            let sentence = sentence_before(&text[..start]);
            let after = rest.split(['。', '\n', '.']).next().unwrap_or_default();
            // The message is quoted right behind it.
            let message = prose
                .runs
                .get(at + 2)
                .filter(|next| next.code && rest.is_empty());
            if doubtful(sentence)
                || RECOVERS.is_match(after)
                || CONDITIONAL.is_match(after)
                || message.is_none() && !ENDS.is_match(rest)
            {
                continue;
            }
            let Some(site) = sites.of_call(call, false) else {
                continue;
            };
            let Subject::Value(glance) = &site.subject else {
                continue;
            };
            let made = Said {
                call,
                value: message.map_or(String::new(), |run| run.text.clone()),
                span: prose.note_offset(start)..prose.note_offset(start + call.len() - 1) + 1,
                confidence: Confidence::Likely,
            };
            let claim = claim(&site, &made, prose);
            let word = said.name("word").map_or("", |word| word.as_str());
            let negated = said.name("not").is_some();
            found.push(Claim {
                kind: Kind::Panic,
                subject: Subject::Value(Glance {
                    line: glance.line,
                    expression: ends_how(call),
                    look: glance.look,
                }),
                text: format!("{call} {}{word}", if negated { "not " } else { "" }),
                hedged: HEDGED.is_match(sentence),
                negated,
                ..claim
            });
        }
        before.push_str(&run.text);
    }
    found
}

/// An expression that says how a call ends.
fn ends_how(call: &str) -> String {
    format!("{}.Ending(func() {{ {call} }})", own::NAME)
}
