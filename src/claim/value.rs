//! What looks like a value that Go prints, and where in a comment it ends.

use std::sync::LazyLock;

use regex::Regex;

use super::lexicon::is_cjk;

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($text).expect("a constant"));
    };
}

// One value as fmt prints it or as Go writes it.
const ATOM: &str = r#"(?:[-+]?(?:0[xXbBoO][0-9a-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?i?)(?:[a-zµ%]{1,2})?|"[^"]*"|`[^`]*`|“[^”]*”|'[^']+'|true|false|nil|<nil>|\[[^\]]*\](?:\s*\[[^\]]*\])*|&?(?:[A-Za-z_][\w.]*)?\{[^}]*\}|map\[[^\]]*\]|&\[[^\]]*\]|\([-+]?\d[^()]*\))"#;

pattern!(ONE, &format!(r"^{ATOM}$"));
pattern!(
    MANY,
    &format!(r"^{ATOM}(?:(?:\s*[,，、;；]\s*|\s+){ATOM})*$")
);
// ASCII only: `a的值` speaks of a.
pattern!(WORD, r"^[*&]?[A-Za-z_][A-Za-z0-9_.*/-]*[!?]?$");
// Addresses, dates and clock times: true for one run only.
pattern!(
    FLEETING,
    r"0x(?:c0|14)[0-9a-f]{6,}|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}:\d{2}:\d{2}\b"
);

/// Whether `text` is one value.
pub fn is_value(text: &str) -> bool {
    ONE.is_match(text.trim())
}

/// Whether `text` is one or more values with commas or spaces between.
pub fn is_values(text: &str) -> bool {
    MANY.is_match(text.trim())
}

/// Whether `text` is a single word that a program could print, such as `Alice` or `main.T`.
pub fn is_word(text: &str) -> bool {
    WORD.is_match(text.trim())
}

/// Whether `text` holds something that is different in every run.
pub fn is_fleeting(text: &str) -> bool {
    FLEETING.is_match(text)
}

/// The ways to read `text` as an expected output, the whole of it first: what follows a delimiter may
/// be the author's remark (`[5 32]，升序`, `"5", function call`, `6（字节数）`).
pub fn candidates(text: &str) -> Vec<String> {
    let text = text.trim();
    let mut found = vec![text.to_owned()];
    let mut add = |candidate: &str| {
        let candidate = candidate
            .trim()
            .trim_end_matches(['。', '，', '；', ',', ';'])
            .trim();
        if !candidate.is_empty() && !found.iter().any(|known| known == candidate) {
            found.push(candidate.to_owned());
        }
    };
    // `false!`: the author's surprise.
    let calm = text.trim_end_matches(['!', '！', '.', '。']);
    if is_values(calm) {
        add(calm);
    }
    let mut depth = 0i32;
    let mut quoted: Option<char> = None;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        match quoted {
            Some(quote) => {
                if c == quote {
                    quoted = None;
                }
                before = Some(c);
                continue;
            }
            None if matches!(c, '"' | '`') => quoted = Some(c),
            None => {}
        }
        let rest = &text[at..];
        let cuts = depth == 0
            && at > 0
            && (matches!(c, '，' | '。' | '；' | '（' | '！' | '—')
                || (matches!(c, ',' | ';') && rest[1..].starts_with([' ', '\t']))
                || rest.starts_with(" (")
                || rest.starts_with("  ")
                || rest.starts_with(" - ")
                || rest.starts_with(" -- ")
                || rest.starts_with(" //")
                || rest.starts_with(" #")
                || c == '('
                || c == '\t'
                // `打印a的值` speaks of a; `输出6字节` gives 6.
                || (is_cjk(c) && before.is_some_and(|before| before.is_ascii()) && is_values(&text[..at])));
        if cuts {
            add(&text[..at]);
        }
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            _ => {}
        }
        before = Some(c);
    }
    found
}

// `x=`, `len(s): `, `长度：`: what a value is of.
pattern!(
    LABEL,
    r"(?:^|[\s,，;；])\s*(?P<label>&?\*?[A-Za-z_][\w.]*(?:\([^()]*\)|\[\w+\])*|[\p{Han}]{1,8})\s*(?:==|=|:|：|是|为|\s)\s*"
);

/// `len=3, cap=6` as its labels and its bare values, where nothing but values is left without the labels.
pub fn labelled(text: &str) -> Option<(Vec<String>, String)> {
    let labels: Vec<String> = LABEL
        .captures_iter(text)
        .map(|found| found["label"].to_owned())
        .filter(|label| !is_value(label))
        .collect();
    if labels.is_empty() {
        return None;
    }
    let bare = LABEL.replace_all(text, " ").trim().to_owned();
    (is_values(&bare) && bare != text.trim()).then_some((labels, bare))
}

/// Whether some reading of `text` starts with a value: then it claims an output.
pub fn starts_with_value(text: &str) -> bool {
    candidates(text)
        .iter()
        .any(|candidate| is_values(candidate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_from_descriptions() {
        for value in [
            "3", "-1.5", "[2 3]", "[2, 3]", "true", "\"a b\"", "map[a:1]", "{1 x}", "&{1}",
            "0 false", "3, 3, 3", "<nil>", "5s",
        ] {
            assert!(is_values(value), "{value}");
        }
        for text in [
            "(rather than a minute)",
            "prints address",
            "the value",
            "打印数组",
            "x escapes",
            "a + b",
        ] {
            assert!(!is_values(text), "{text}");
        }
    }

    #[test]
    fn remarks_are_cut_off() {
        assert!(candidates("[5 32]，升序").contains(&"[5 32]".to_owned()));
        assert!(candidates("6（字节数）").contains(&"6".to_owned()));
        assert!(candidates("\"5\", function call").contains(&"\"5\"".to_owned()));
        assert!(candidates("0, 不会panic").contains(&"0".to_owned()));
        assert!(candidates("99，原map已变").contains(&"99".to_owned()));
        assert!(starts_with_value("[99 2 3]，原map已变"));
        assert!(!starts_with_value("新的闭包实例"));
    }
}
