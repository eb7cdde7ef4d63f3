//! Comments that say where a value lives, turned into their opposite: `在堆上` into `在栈上`, `escapes to
//! heap` into `does not escape`.
//!
//! The rule: only the word that is wrong is replaced, and only where nothing behind it explains why it
//! should be so.

use std::sync::LazyLock;

use regex::Regex;

use crate::claim::Kind;

/// What is replaced in claims of a kind, by what; the first that is found counts.
type Turn = (Kind, &'static LazyLock<Regex>, &'static str);

// What may stand behind the word: its own end, no explanation.
pattern!(
    ESCAPES_ZH,
    r"(?:可能|也许|或许)?(?:会|将)?(?P<word>逃逸(?:到了?|至)?(?:堆(?:上|中|内存)?)?(?:了)?)[。！]?$"
);
pattern!(
    ESCAPES_EN,
    r"(?i)(?P<all>\b(?:(?:will|may|might|can|could) )?escapes?(?: to (?:the )?heap)?)[.!]?$"
);
pattern!(MOVED_EN, r"(?i)(?P<all>^moved to heap: )");
pattern!(
    STAYS_ZH,
    r"(?P<all>不会|没有|不|未|没)(?:发生)?逃逸(?:到堆上?)?[。！]?$"
);
pattern!(
    STAYS_EN,
    r"(?i)(?P<all>\b(?:does not|doesn't) escape)[.!]?$"
);
pattern!(HEAP_ZH, r"(?P<all>堆)(?:上|中|内存|分配)*[。！]?$");
pattern!(HEAP_EN, r"(?P<all>\bheap)(?:[ -]allocated)?[.!]?$");
pattern!(STACK_ZH, r"(?P<all>栈)(?:上|中|内存|分配)*[。！]?$");
pattern!(STACK_EN, r"(?P<all>\bstack)(?:[ -]allocated)?[.!]?$");

static TURNS: [Turn; 8] = [
    (Kind::Escape, &ESCAPES_EN, "does not escape"),
    (Kind::NoEscape, &STAYS_ZH, "会"),
    (Kind::NoEscape, &STAYS_EN, "escapes to heap"),
    (Kind::Heap, &HEAP_ZH, "栈"),
    (Kind::Heap, &HEAP_EN, "stack"),
    (Kind::Stack, &STACK_ZH, "堆"),
    (Kind::Stack, &STACK_EN, "heap"),
    (Kind::Escape, &MOVED_EN, ""),
];

/// Whether a kind of claim is about storage.
pub fn is_storage(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Escape | Kind::NoEscape | Kind::Heap | Kind::Stack
    )
}

/// The comment `text` turned into its opposite; `None` if that takes other words.
pub fn opposite(kind: Kind, text: &str) -> Option<String> {
    if kind == Kind::Escape
        && let Some(found) = ESCAPES_ZH.captures(text)
    {
        let word = found.name("word")?;
        return Some(format!(
            "{}没有{}",
            &text[..found.get(0)?.start()],
            &text[word.start()..]
        ));
    }
    TURNS
        .iter()
        .filter(|(of, ..)| *of == kind)
        .find_map(|(_, pattern, new)| {
            let all = pattern.captures(text)?.name("all")?;
            // `moved to heap: x` has no short opposite but this.
            if new.is_empty() {
                return Some(format!("{} does not escape", text[all.end()..].trim()));
            }
            Some(format!(
                "{}{new}{}",
                &text[..all.start()],
                &text[all.end()..]
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_wrong_word_is_turned() {
        for (kind, text, turned) in [
            (Kind::Escape, "x逃逸到堆上", Some("x没有逃逸到堆上")),
            (Kind::Escape, "x 会逃逸", Some("x 没有逃逸")),
            (Kind::Escape, "x可能会逃逸", Some("x没有逃逸")),
            (
                Kind::Escape,
                "x may escape to the heap",
                Some("x does not escape"),
            ),
            (Kind::Escape, "x escapes to heap", Some("x does not escape")),
            (Kind::Escape, "moved to heap: x", Some("x does not escape")),
            (Kind::NoEscape, "x 不会逃逸", Some("x 会逃逸")),
            (
                Kind::NoEscape,
                "x does not escape",
                Some("x escapes to heap"),
            ),
            (Kind::Heap, "底层数组在堆上", Some("底层数组在栈上")),
            (Kind::Stack, "int在栈上", Some("int在堆上")),
            (Kind::Stack, "on the stack", Some("on the heap")),
            (Kind::Escape, "x逃逸到堆上，因为返回了指针", None),
        ] {
            assert_eq!(opposite(kind, text).as_deref(), turned, "{text}");
        }
    }
}
