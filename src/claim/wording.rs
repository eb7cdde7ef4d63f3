//! The compiler's wordings in an author's comment: a message, or words that also describe.
//!
//! `undefined: x` is a message. `undefined behaviour`, `unexported, for this package only`, `overflows uint8 and wraps around`
//! and `does not implement Speaker` begin like one, and may stand on a line that compiles as well as on one that does
//! not. What begins like that, without a word that announces an error, is a claim only if the compiler says so too.

use std::sync::LazyLock;

use regex::Regex;

// As the compiler puts it, with what it fills in.
static MESSAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^(?:
            undefined:\s*\S
            | [A-Za-z_]\w*(?:\ is)?\ undefined\ here
            | (?:invalid\ operation|invalid\ argument|syntax\ error|assignment\ mismatch)\s*:
            | cannot\ use\ .+\ as\ .
            | cannot\ convert\ .+\ \(.+\)\ to\ .
            | cannot\ range\ over\ \S+(?:\ \(|$)
            | cannot\ call\ (?:pointer\ method|non-function)\ \S
            | (?:[A-Za-z_]\w*\ )?declared\ (?:and|but)\ not\ used
            | (?:\x22[\w./-]+\x22\ )?imported\ and\ not\ used
            | (?:[A-Za-z_]\w*\ )?redeclared\ in\ this\ block
            | no\ new\ variables\ on\ left\ side
            | (?:not\ enough|too\ many)\ (?:arguments|return\ values)
            | (?:\S+\ )?\(?mismatched\ types
            | impossible\ type\ (?:assertion|switch)
            | duplicate\ (?:key|case|method|field)\ .+\ in\ .
            | .*does\ not\ (?:satisfy|implement)\ .+\ \((?:missing|method|wrong|possibly)
            | constant\ \S+\ overflows
            | missing\ return[.!]?$
            | label\ \S+\ defined\ and\ not\ used
            | first\ argument\ to\ append
            | import\ cycle\ not\ allowed
        )",
    )
    .expect("a constant")
});

// What makes of a wording more than a description.
static ANNOUNCES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)[❌✗×✘]|错误|报错|error|会|导致|引发|触发|产生|造成|cause|trigger|produce|result|lead",
    )
    .expect("a constant")
});

/// Whether a wording of the compiler's that stands behind `before` in a comment may as well describe.
pub(super) fn describes(before: &str, wording: &str) -> bool {
    !MESSAGE.is_match(wording) && !ANNOUNCES.is_match(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_and_descriptions_are_told_apart() {
        for message in [
            "undefined: total",
            "cannot use name (variable of type string) as int value in assignment",
            "invalid operation: a + b (mismatched types int and float64)",
            "n declared and not used",
            "cannot range over 10 (untyped int constant)",
            "cannot range over 10",
            "Cat does not implement Speaker (method Speak has pointer receiver)",
            "missing return",
        ] {
            assert!(!describes("", message), "{message}");
        }
        for description in [
            "unexported, for this package only",
            "undefined behaviour",
            "overflows uint8 and wraps around",
            "does not implement Speaker",
            "missing return values are zero",
            "duplicate keys are kept",
            "cannot assign through a copy",
            "invalid operation here, as the caller sees it",
        ] {
            assert!(describes("", description), "{description}");
            assert!(!describes("❌ ", description), "{description}");
        }
    }
}
