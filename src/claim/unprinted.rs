//! What prose says that a program does not print: "`done` is never printed", "不会打印 done", "prints nothing",
//! "没有任何输出".
//!
//! The rule: the paragraph stands right behind a block with statements to run; what is denied is a whole text that the
//! code spells; that nothing at all is printed is said of the program, or in a sentence without a subject.

use crate::note::{Note, Part, Prose};
use crate::report::Shape;
use crate::snippet::Snippet;

use super::lexicon::{CONDITIONAL, HEDGED};
use super::outcome::{OF_CODE, sentences};
use super::{Claim, Confidence, Form, Kind, Subject, spelled, version};

pattern!(
    NOTHING,
    r"(?i)(?:什么(?:内容|东西)?(?:都|也)(?:不会|没有?|不)(?:打印|输出)(?:出来)?|(?:没有|不会有|无)(?:任何)?(?:输出|打印)(?:结果|内容)?|不会?(?:打印|输出)任何(?:内容|东西|结果|信息)?)(?:[。，,；;！!（(]|$)|\b(?:prints?|outputs?|writes) nothing(?: at all)?\b|\b(?:there is |produces |has |gives )?no output(?: at all)?(?: is (?:printed|produced|shown))?(?:[.,;:!(]|$)|\bnothing (?:at all )?(?:is|gets|will be) (?:ever )?(?:printed|output|shown|written)\b|\b(?:does not|doesn't|won't|will not|never) (?:prints?|outputs?) anything\b"
);
// What stands before what is denied.
pattern!(
    DENIES,
    r#"(?i)(?:不会|没有|不再|不)(?:再)?(?:被)?(?:打印|输出)(?:出)?\s*[`"“]?$|\b(?:does not|doesn't|will not|won't|never) (?:even )?(?:print|output|prints|outputs)\s+[`"“]?$"#
);
// What stands behind it.
pattern!(
    DENIED,
    r#"(?i)^[`"”]?\s*(?:永远|根本|都|也|并|就)*(?:不会|没有|不)(?:再)?(?:被)?(?:打印|输出)(?:出来)?(?:[。，,；;！!（(]|$)|^[`"”]? (?:is|was|gets|will be) (?:never|not) (?:even )?(?:printed|output)\b"#
);

/// How many paragraphs behind a block speak of what it does not print.
const PARAGRAPHS: usize = 2;

/// The claims of the paragraphs that follow Go blocks.
pub fn claims(note: &Note, snippets: &[Option<&Snippet>]) -> Vec<Claim> {
    let mut found = Vec::new();
    let mut code: Option<(&Snippet, usize)> = None;
    for part in &note.parts {
        match part {
            Part::Heading { .. } => code = None,
            Part::Html { .. } => {}
            Part::Block(at) => {
                let snippet = snippets.get(*at).copied().flatten();
                code = snippet.filter(|it| it.is_go()).map(|it| (it, 0));
            }
            Part::Prose(prose) => {
                let Some((snippet, seen)) = &mut code else {
                    continue;
                };
                if *seen < PARAGRAPHS && !prose.table && runs(snippet) {
                    found.extend(read(prose, snippet));
                }
                *seen += 1;
            }
        }
    }
    found
}

/// Whether the block is a program of its author's, rather than functions that gosnip calls.
fn runs(snippet: &Snippet) -> bool {
    let has_main = || {
        let mut names = snippet.items.iter().flat_map(|item| &item.names);
        names.any(|name| name == "main")
    };
    snippet.shape == Shape::Statements || has_main()
}

fn read(prose: &Prose, snippet: &Snippet) -> Vec<Claim> {
    let text = prose.text();
    let literals = spelled::literals(&snippet.syntax, None);
    let mut found = Vec::new();
    let mut start = 0;
    for sentence in sentences(&text) {
        let span = prose.note_offset(start)..prose.note_offset(start + sentence.trim_end().len());
        start += sentence.len();
        let sentence = sentence.trim();
        if CONDITIONAL.is_match(sentence) || sentence.ends_with(['?', '？']) {
            continue;
        }
        let claim = |kind, expected: String| Claim {
            block: snippet.block,
            span: span.clone(),
            form: Form::Prose,
            kind,
            subject: Subject::Block,
            text: sentence
                .trim_end_matches(['。', '；', '！', '.'])
                .to_owned(),
            expected,
            hedged: HEDGED.is_match(sentence),
            negated: false,
            confidence: Confidence::Likely,
            versions: version::limits(sentence),
            stream: None,
        };
        if let Some(nothing) = NOTHING.find(sentence) {
            let before = sentence[..nothing.start()].trim();
            let of_program = before.is_empty()
                || OF_CODE.is_match(before)
                    && before.chars().count() < 24
                    && !before.contains("不");
            if of_program {
                found.push(claim(Kind::Stdout, String::new()));
            }
            continue;
        }
        let denied = literals.iter().filter(|text| names_output(text));
        for literal in denied {
            let is_denied = sentence.match_indices(literal).any(|(at, _)| {
                let (before, behind) = (&sentence[..at], &sentence[at + literal.len()..]);
                let whole = !before.ends_with(char::is_alphanumeric)
                    && !behind.starts_with(char::is_alphanumeric)
                    || literal.chars().any(super::lexicon::is_cjk);
                whole && (DENIES.is_match(before) || DENIED.is_match(behind))
            });
            if is_denied {
                found.push(claim(Kind::Order, format!("{literal} × 0")));
                break;
            }
        }
    }
    found
}

/// Whether a literal of the code is a text of its own, rather than a format or a separator.
fn names_output(literal: &str) -> bool {
    literal.chars().filter(|c| c.is_alphanumeric()).count() > 1
        && !literal.contains(['%', '\\', '×', '→', ','])
        && literal.trim() == literal
}
