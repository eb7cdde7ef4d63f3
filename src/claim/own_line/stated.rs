//! What a comment below a statement states of the code's own names, as a condition or an equation: `// len(s) = 3`,
//! `// cap(s) == 8  // room for more`, `// v: 0, ok: false`.
//!
//! A size that is said to be a number can be nothing but a claim about the state there. What is said of a variable may as
//! well be code that is switched off, or the name of a case: it counts if it proves true.

use crate::claim::valued::{Speech, parts};
use crate::claim::{Claim, Confidence, value};

pattern!(
    STATED,
    r"^(?P<of>(?P<size>(?:len|cap)\(\s*)?(?P<name>\*?[A-Za-z_][0-9A-Za-z_]*(?:\.[0-9A-Za-z_]+|\[[0-9A-Za-z_\x22]+\])*)\)?)\s*(?:==|=|:|：|->|=>|→|现在是|变成|变为|等于|仍是|仍为|是|为|is now|is still|is)\s*(?P<value>\S.*)$"
);

pattern!(REMARK, r"\s*[(（][^()（）]*[)）]\s*$|\s+$");

/// The claims of one line of a comment, without a comment in it; `sure` if it can speak of nothing but the statement above.
pub(super) fn read(speech: &Speech, text: &str, sure: bool) -> Vec<Claim> {
    let claims: Vec<Option<Claim>> = parts(text)
        .into_iter()
        .map(|part| one(speech, part, sure))
        .collect();
    // Half of a sentence is none.
    let all: Option<Vec<Claim>> = claims.into_iter().collect();
    all.unwrap_or_default()
}

fn one(speech: &Speech, part: &str, sure: bool) -> Option<Claim> {
    let found = STATED.captures(part)?;
    let of = &found["of"];
    let is_size = found.name("size").is_some();
    // `len(s) == 4 时扩容` says when something happens: behind the value there is a remark in brackets at most.
    let said = REMARK.replace(&found["value"], "");
    if is_size != of.ends_with(')') || !speech.knows(&found["name"]) || !value::is_values(&said) {
        return None;
    }
    let number = said.bytes().all(|byte| byte.is_ascii_digit());
    let confidence = match is_size && number && sure {
        true => Confidence::Likely,
        false => Confidence::Weak,
    };
    Some(speech.value(of, &said, confidence))
}
