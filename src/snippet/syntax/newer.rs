//! Syntax that Go has and the grammar has not yet.
//!
//! The grammar lags behind the language. What it does not know is parsed as something of the same length that it
//! knows, so that the tree around it is right and every byte keeps its place; the text itself stays. Each change
//! is made only if more of the code parses then, so that it can't make anything worse.
//!
//! | Go | since | parsed as |
//! | --- | --- | --- |
//! | `func (t T) M[P any](p P)` | 1.27 | the method without its type parameters |
//! | `new(42)`, `new(f(x))` | 1.26 | a call of some function |
//!
//! `make` is treated as `new` is: where it is a function of the author's own, it is called with values too.

use std::ops::Range;

/// Code with more changes than this is not Go that is too new.
const MOST_CHANGES: usize = 32;

pattern!(
    METHOD,
    r"(?m)^[ \t]*func[ \t]*\([^()\n]*\)[ \t]*[\pL_][\pL\pN_]*(\[)"
);
pattern!(CALL, r"\b(new|make)[ \t]*\(");

/// The text to be parsed instead of `text`, in which `errors` bytes do not parse; `count` tells how many don't in
/// another one.
pub fn parsed_as(text: &str, mut errors: usize, count: impl Fn(&str) -> usize) -> Option<String> {
    let mut best: Option<String> = None;
    for (range, word) in changes(text).into_iter().take(MOST_CHANGES) {
        if errors == 0 {
            break;
        }
        let mut tried = best.as_deref().unwrap_or(text).to_owned();
        tried.replace_range(range, &word);
        let left = count(&tried);
        if left < errors {
            (errors, best) = (left, Some(tried));
        }
    }
    best
}

/// What may be changed, each into something of the same length.
fn changes(text: &str) -> Vec<(Range<usize>, String)> {
    let methods = METHOD.captures_iter(text).filter_map(|found| {
        let open = found.get(1)?.start();
        let list = open..open + bracketed(&text[open..])?;
        let blank = " ".repeat(list.len());
        (!text[list.clone()].contains('\n')).then_some((list, blank))
    });
    let calls = CALL.captures_iter(text).filter_map(|found| {
        let name = found.get(1)?;
        Some((name.range(), name.as_str().to_uppercase()))
    });
    methods.chain(calls).collect()
}

/// How long the list in brackets is that `text` begins with.
pub fn bracketed(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}
