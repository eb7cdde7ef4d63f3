//! Comparing what a note says with what Go printed, as a reader would.
//!
//! Each step forgives one thing that readers forgive, and is named in the evidence when it was needed.
//! None of them makes two outputs equal that a reader would call different.

use std::sync::LazyLock;

use regex::Regex;
use serde::de::IgnoredAny;

/// What had to be forgiven for two texts to be equal; nothing for the same text.
pub type Forgiven = Vec<&'static str>;

/// A thing to forgive, and whether the two texts are equal when it is.
type Step = (&'static str, fn(&str, &str) -> bool);

static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"0x[0-9a-f]{6,}").expect("a constant"));
static LIST: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\[{](?P<inner>[^\[\]{}\n]*)[\]}]").expect("a constant"));
static GOROUTINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"goroutine \d+").expect("a constant"));

/// Marks that a note puts around a text.
const QUOTES: [char; 7] = ['"', '`', '\'', '「', '」', '『', '』'];

/// Compare; `None` if they differ.
pub fn compare(expected: &str, observed: &str) -> Option<Forgiven> {
    // Nothing that is forgiven makes up for that much more text; endless output is not worth reading for it.
    if observed.len() > 16 * expected.len() + 4096 && !has_wildcard(expected) {
        return None;
    }
    let (expected, observed) = (tidy(expected), tidy(observed));
    if expected == observed {
        return Some(vec![]);
    }
    if has_wildcard(&expected) && wildcard(&expected, &observed) {
        return Some(vec!["wildcard"]);
    }
    let steps: [Step; 8] = [
        ("line breaks marked with \\", |e, o| {
            e.contains("\\\n") && tokens(&e.replace("\\\n", " "), true) == tokens(o, true)
        }),
        ("quotes", |e, o| {
            // `fmt.Printf("%q", s)` shows quotes, and its author may not.
            unquote(e).is_some_and(|e| e == o) || unquote(o).is_some_and(|o| e == o)
        }),
        ("the layout of the JSON", |e, o| {
            let (e, o) = (compact_json(e), compact_json(o));
            e.is_some() && e == o
        }),
        ("separators", |e, o| {
            is_as_hollow(e, o) && tokens(e, true) == tokens(o, true)
        }),
        ("the angle brackets of <nil>", |e, o| {
            e.contains("nil")
                && is_as_hollow(e, o)
                && tokens(e, true) == tokens(&o.replace("<nil>", "nil"), true)
        }),
        ("brackets", |e, o| {
            // "1 2 3" for "[1 2 3]": only where the note writes no brackets at all.
            !e.contains(['[', '{', '('])
                && is_as_hollow(e, o)
                && tokens(e, false) == tokens(o, false)
        }),
        ("quotes and separators", |e, o| {
            let (bare, shown) = (strip_quotes(e), strip_quotes(o));
            e.contains(QUOTES)
                && is_as_hollow(&bare, &shown)
                && has_its_empty_texts(e, o)
                && tokens(&bare, true) == tokens(&shown, true)
        }),
        ("addresses", |e, o| {
            // An address alone is different in every run: nothing would be compared.
            ADDRESS.is_match(e)
                && !ADDRESS.replace_all(e, "").trim().is_empty()
                && tokens(&no_addresses(e), true) == tokens(&no_addresses(o), true)
        }),
    ];
    steps
        .iter()
        .find(|(_, same)| same(&expected, &observed))
        .map(|(name, _)| vec![*name])
}

/// A JSON object or list without the blanks and line breaks between its parts, which authors set for reading; `None` of
/// what is no JSON.
fn compact_json(text: &str) -> Option<String> {
    let text = text.trim();
    if !text.starts_with(['{', '[']) || serde_json::from_str::<IgnoredAny>(text).is_err() {
        return None;
    }
    let (mut quoted, mut escaped) = (false, false);
    let kept = text.chars().filter(|&c| {
        let keep = quoted || !c.is_ascii_whitespace();
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
        keep
    });
    Some(kept.collect())
}

/// A text without the stack traces in it and without the times in front of what is logged: those differ from run to run,
/// and from program to program.
pub fn without_traces(text: &str) -> String {
    static LOGGED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)? ").expect("a constant")
    });
    static FRAME: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^\t\S+\.(?:go|s):\d+").expect("a constant"));
    let lines: Vec<&str> = text.lines().collect();
    let is_frame = |line: Option<&&str>| line.is_some_and(|line| FRAME.is_match(line));
    let kept = lines.iter().enumerate().filter(|(at, line)| {
        let heads = line.starts_with("goroutine ") && line.ends_with("]:");
        !(heads || is_frame(Some(line)) || is_frame(lines.get(at + 1)))
    });
    kept.map(|(_, line)| LOGGED.replace(line, "").into_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Whether a text holds an address, which is another one in every run.
pub fn has_address(text: &str) -> bool {
    ADDRESS.is_match(text)
}

/// Whether two texts have the same words and values in another order.
pub fn is_reordered(expected: &str, observed: &str) -> bool {
    let sorted = |text: &str| {
        let mut tokens = tokens(&tidy(text), true);
        tokens.sort();
        tokens
    };
    sorted(expected) == sorted(observed)
}

/// The lines of a text, sorted: for output whose order is not claimed.
pub fn sorted_lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = lines(text)
        .iter()
        .map(|line| line.trim().to_owned())
        .collect();
    lines.sort();
    lines
}

/// Whether `part` is one whole line of `text`, or some lines of it in a row.
pub fn is_part(part: &str, text: &str) -> bool {
    let part: Vec<String> = lines(part);
    let text: Vec<String> = lines(text);
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}

/// Whether `text` starts with the lines of `part`.
pub fn is_prefix(part: &str, text: &str) -> bool {
    let (part, text) = (lines(part), lines(text));
    !part.is_empty() && text.len() >= part.len() && text[..part.len()] == part[..]
}

fn lines(text: &str) -> Vec<String> {
    tidy(text).lines().map(str::to_owned).collect()
}

/// Without trailing blanks, carriage returns and empty lines around; full-width punctuation and spaces
/// as their ASCII twins.
fn tidy(text: &str) -> String {
    let lines: Vec<String> = text
        .trim_matches(['\n', '\r'])
        .lines()
        .map(|line| ascii(line.trim_end()))
        .collect();
    lines.join("\n").trim().to_owned()
}

fn ascii(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{3000}' | '\u{a0}' => ' ',
            other => ascii_char(other),
        })
        .collect()
}

/// Full-width punctuation as its ASCII twin.
pub fn ascii_char(c: char) -> char {
    match c {
        '：' => ':',
        '，' | '、' => ',',
        '；' => ';',
        '（' => '(',
        '）' => ')',
        '【' => '[',
        '】' => ']',
        '！' => '!',
        '？' => '?',
        '“' | '”' => '"',
        other => other,
    }
}

fn unquote(text: &str) -> Option<&str> {
    [
        ('"', '"'),
        ('`', '`'),
        ('\'', '\''),
        ('「', '」'),
        ('『', '』'),
    ]
    .iter()
    .find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close))
}

fn strip_quotes(text: &str) -> String {
    text.replace(QUOTES, "")
}

/// Whether the empty texts that a note shows in a list (`["a", ""]`) can be in what Go printed: as quotes, where it
/// prints quotes, or else as a gap.
fn has_its_empty_texts(expected: &str, observed: &str) -> bool {
    const GAPS: [&str; 11] = [
        "[]", "{}", "[ ", "{ ", " ]", " }", "  ", ": ", ":]", ":}", "()",
    ];
    let count = |text: &str| {
        let empty = |quotes| text.matches(quotes).count();
        empty("\"\"") + empty("``") + empty("''")
    };
    if observed.contains('"') {
        return count(expected) == count(observed);
    }
    let list = expected.ends_with([']', '}']);
    count(expected) == 0 || !list || GAPS.iter().any(|gap| observed.contains(gap))
}

fn no_addresses(text: &str) -> String {
    let text = ADDRESS.replace_all(text, "0x…");
    GOROUTINE.replace_all(&text, "goroutine N").into_owned()
}

/// The words, numbers and brackets of a text, without the commas and blanks between them.
fn tokens(text: &str, brackets: bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut token = String::new();
    for c in text.chars() {
        let bracket = matches!(c, '[' | ']' | '{' | '}' | '(' | ')');
        if c.is_whitespace() || matches!(c, ',' | ';') || bracket {
            if !token.is_empty() {
                found.push(std::mem::take(&mut token));
            }
            if bracket && brackets {
                found.push(c.to_string());
            }
        } else {
            token.push(c);
        }
    }
    if !token.is_empty() {
        found.push(token);
    }
    found
}

/// Whether a note shows the empty elements of a list that Go printed: `[a b ]` has three elements, and `[a b]`
/// two. Among numbers such blanks are columns.
fn is_as_hollow(expected: &str, observed: &str) -> bool {
    hollows(observed) == 0 || hollows(expected) > 0
}

/// How many lists and structs in a text have blanks where an element should be.
fn hollows(text: &str) -> usize {
    let text = text.replace(", ", " ").replace(',', " ");
    let is_hollow = |inner: &str| {
        inner.chars().any(char::is_alphabetic)
            && (inner.starts_with(' ') || inner.ends_with(' ') || inner.contains("  "))
    };
    LIST.captures_iter(&text)
        .filter(|list| is_hollow(&list["inner"]))
        .count()
}

/// Whether the note leaves lines (`...`) or words (`[..]`) open.
pub fn has_wildcard(expected: &str) -> bool {
    expected.contains("[..]")
        || expected
            .lines()
            .any(|line| matches!(line.trim(), "..." | "…" | "……" | "......"))
}

/// Match line by line: a line of dots stands for any lines, `[..]` for anything within a line.
fn wildcard(expected: &str, observed: &str) -> bool {
    let mut pattern = String::from("^");
    for line in expected.lines() {
        if matches!(line.trim(), "..." | "…" | "……" | "......") {
            pattern.push_str(r"(?:[^\n]*\n)*?");
            continue;
        }
        let parts: Vec<String> = line.trim_end().split("[..]").map(regex::escape).collect();
        pattern.push_str(&parts.join(r"[^\n]*"));
        pattern.push_str(r"[ \t]*\n");
    }
    pattern.push('$');
    Regex::new(&pattern).is_ok_and(|pattern| pattern.is_match(&format!("{observed}\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_forgives_form() {
        for (expected, observed, forgiven) in [
            ("3", "3\n", vec![]),
            ("[2, 3]", "[2 3]\n", vec!["separators"]),
            ("3, 3, 3", "3\n3\n3\n", vec!["separators"]),
            ("\"abc\"", "abc\n", vec!["quotes"]),
            ("abc", "\"abc\"\n", vec!["quotes"]),
            ("1 2 3", "[1 2 3]\n", vec!["brackets"]),
            ("a\n...\nd", "a\nb\nc\nd\n", vec!["wildcard"]),
            ("x = [..]!", "x = 42!\n", vec!["wildcard"]),
            ("p: 0xc000010200", "p: 0x1b3f2c4d8e0\n", vec!["addresses"]),
            ("结果：1", "结果:1\n", vec![]),
            ("nil", "<nil>\n", vec!["the angle brackets of <nil>"]),
            ("0, nil", "0 <nil>\n", vec!["the angle brackets of <nil>"]),
            ("[1 2]", "[ 1  2]\n", vec!["separators"]),
            ("[a, b, ]", "[a b ]\n", vec!["separators"]),
            ("[\"a\", \"\"]", "[a ]\n", vec!["quotes and separators"]),
            ("{\"\", 0}", "{ 0}\n", vec!["quotes and separators"]),
            ("「好」", "好\n", vec!["quotes"]),
            ("「a」, 1", "a 1\n", vec!["quotes and separators"]),
        ] {
            assert_eq!(compare(expected, observed), Some(forgiven), "{expected}");
        }
    }

    #[test]
    fn different_outputs_stay_different() {
        for (expected, observed) in [
            ("3", "33"),
            ("[1 2] [3]", "[1 2 3]"),
            ("1 2", "12"),
            ("3, 3, 3", "0\n1\n2\n"),
            ("a\n...\nd", "a\nb\nc\n"),
            ("", "x"),
            ("[a b]", "[a b ]"),
            ("[\"a\", \"b\"]", "[a  b]"),
            ("{3 x}", "{3  x}"),
            ("[\"a\", \"b\", \"\"]", "[\"a\" \"b\"]"),
            ("[\"a\"]", "[\"a\" \"\"]"),
            ("[\"a\", \"\"]", "[a]"),
        ] {
            assert_eq!(compare(expected, observed), None, "{expected} / {observed}");
        }
    }

    #[test]
    fn traces_and_times_are_left_out() {
        let one = "a\n2031/01/02 03:04:05 caught x\ngoroutine 1 [running]:\nmain.f(0x1)\n\tmain.go:3 +0x1\nb\n";
        let other = "a\n2031/01/02 03:04:09 caught x\ngoroutine 7 [running]:\nmain.f(0x2)\n\tmain.go:5 +0x2\nb\n";
        assert_eq!(without_traces(one), "a\ncaught x\nb");
        assert_eq!(without_traces(one), without_traces(other));
    }

    #[test]
    fn parts_are_whole_lines() {
        assert!(is_part("b", "a\nb\nc\n"));
        assert!(!is_part("b", "abc\n"));
        assert!(is_prefix("a\nb", "a\nb\nc\n"));
    }
}
