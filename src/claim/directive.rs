//! `<!-- gosnip: … -->` above a block: `skip reason="…"`, `go="<1.22"`, `panic="…"`, `output="…"`,
//! `compile-error="…"`. The same words are accepted behind `go ` in the info string.

use std::ops::Range;

use crate::note::Block;
use crate::settings::{BlockRule, go::parse_range, suggest};

use super::{Claim, Confidence, Form, Kind, Subject, Versions};

/// The words a directive knows.
const WORDS: [&str; 6] = ["skip", "reason", "go", "panic", "output", "compile-error"];

/// What the directives of a block say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directives {
    /// Do not touch the block; the reason may be empty.
    pub skip: Option<String>,
    /// The Go versions that the block's claims speak of.
    pub go: Option<Versions>,
    /// What is expected, in claims of their own.
    pub claims: Vec<Claim>,
    /// What could not be understood: where (bytes of the note) and why.
    pub problems: Vec<(Range<usize>, String)>,
}

/// Read the directives of block number `number`.
pub fn read(number: usize, block: &Block) -> Directives {
    let mut directives = Directives::default();
    for (body, span) in &block.directives {
        for (word, value) in words(body) {
            if !WORDS.contains(&word.as_str()) {
                let hint = suggest::hint(&word, &WORDS);
                directives.problems.push((
                    span.clone(),
                    format!("unknown word `{word}` in a gosnip directive{hint}"),
                ));
                continue;
            }
            directives.take(number, span, &word, &value);
        }
    }
    // Other tools have attributes there too, so only words that are ours count.
    let span = block.span.start..block.span.start;
    let info = block
        .info
        .split_once([' ', ','])
        .map_or("", |(_, rest)| rest);
    for (word, value) in words(info) {
        if word == "skip" || WORDS.contains(&word.as_str()) && !value.is_empty() && word != "output"
        {
            directives.take(number, &span, &word, &value);
        }
    }
    directives
}

/// What `verify.toml` expects of block number `number`. For notes that one may not edit, that is the place
/// for it; the claims point to the block's first line.
pub fn of_rule(number: usize, block: &Block, rule: &BlockRule) -> Vec<Claim> {
    let span = block.span.start..block.span.start;
    let said = [
        (Kind::Stdout, &rule.output),
        (Kind::Panic, &rule.panic),
        (Kind::CompileError, &rule.compile_error),
    ];
    said.into_iter()
        .filter_map(|(kind, text)| Some((kind, text.as_ref()?)))
        .map(|(kind, text)| claim(number, span.clone(), kind, text, text.clone()))
        .collect()
}

fn claim(block: usize, span: Range<usize>, kind: Kind, text: &str, expected: String) -> Claim {
    Claim {
        block,
        span,
        form: Form::Directive,
        kind,
        subject: Subject::Block,
        text: text.to_owned(),
        expected,
        hedged: false,
        negated: false,
        confidence: Confidence::Certain,
        versions: None,
        stream: None,
    }
}

impl Directives {
    fn take(&mut self, number: usize, span: &Range<usize>, word: &str, value: &str) {
        let claim = |kind| {
            claim(
                number,
                span.clone(),
                kind,
                value,
                value.replace("\\n", "\n"),
            )
        };
        match word {
            "skip" => self.skip = Some(self.skip.take().unwrap_or_default()),
            "reason" => self.skip = Some(value.to_owned()),
            "go" => match parse_range(value) {
                Ok(range) => self.go = Some(range),
                Err(problem) => self.problems.push((span.clone(), problem)),
            },
            "panic" => self.claims.push(claim(Kind::Panic)),
            "output" => self.claims.push(claim(Kind::Stdout)),
            "compile-error" => self.claims.push(claim(Kind::CompileError)),
            _ => {}
        }
    }
}

/// `word`, `word=value` and `word="a value"`, separated by blanks or commas.
fn words(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest.find(['=', ' ', ',', '\t', '\n']).unwrap_or(rest.len());
        let word = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            (value, rest) = match quote {
                Some(quote) => match after[1..].find(quote) {
                    Some(close) => (after[1..=close].to_owned(), &after[close + 2..]),
                    None => (after[1..].to_owned(), ""),
                },
                None => {
                    let end = after.find([' ', ',']).unwrap_or(after.len());
                    (after[..end].to_owned(), &after[end..])
                }
            };
        }
        if !word.is_empty() {
            found.push((word, value));
        }
        rest = rest.trim_start_matches([' ', ',', '\t', '\n']);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_values_with_or_without_quotes() {
        let read = words("skip reason=\"pseudo code\", go='<1.22' x=1");
        let read: Vec<(&str, &str)> = read.iter().map(|(w, v)| (w.as_str(), v.as_str())).collect();
        assert_eq!(
            read,
            [
                ("skip", ""),
                ("reason", "pseudo code"),
                ("go", "<1.22"),
                ("x", "1")
            ]
        );
    }
}
