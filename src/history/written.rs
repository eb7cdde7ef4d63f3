//! What Go wrote before, worked out from what it writes now: for changes that are all in the form of the output, so
//! that a claim in the old form can be told from one that was never true, without an older toolchain.
//!
//! Each function says whether the first text is exactly the second one as it was written before.

use std::sync::LazyLock;

use regex::Regex;

/// The mutex inside of a `sync.Mutex`, printed by fmt: `{{} {1 0}}`, with `%+v` `{_:{} mu:{state:1 sema:0}}`.
static MUTEX: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\{(?:_:)?\{\} (?:mu:)?(\{(?:state:)?-?\d+ (?:sema:)?\d+\})\}").expect("a constant")
});

static CONTEXT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"WithValue\((?P<key>[^(),]+), ").expect("a constant"));

/// Before Go 1.22, encoding/json had no short forms for these two characters.
pub fn json_escapes(before: &str, after: &str) -> bool {
    let [b, f] = [r"\b", r"\f"];
    (after.contains(b) || after.contains(f))
        && before.trim() == after.trim().replace(b, r"\u0008").replace(f, r"\u000c")
}

/// Before Go 1.23, a context with a value gave the types of key and value more words. A key that is shown now as
/// `pkg.T` is of that type, and a word alone is a string, if it is no type of the language.
pub fn context(before: &str, after: &str) -> bool {
    let then = CONTEXT.replace_all(after.trim(), |found: &regex::Captures| {
        let key = &found["key"];
        let type_of_key = if key.contains('.') || BASIC_TYPES.contains(&key) {
            key
        } else {
            "string"
        };
        format!("WithValue(type {type_of_key}, val ")
    });
    CONTEXT.is_match(after) && before.trim() == then
}

const BASIC_TYPES: [&str; 7] = [
    "bool",
    "byte",
    "float64",
    "int",
    "rune",
    "uint",
    "struct {}",
];

/// Before Go 1.24, a mutex had its two numbers in itself.
pub fn mutex(before: &str, after: &str) -> bool {
    MUTEX.is_match(after) && before.trim() == MUTEX.replace_all(after.trim(), "$1")
}

/// Before Go 1.27, a `runtime.PanicNilError` did not say that it is a runtime error.
pub fn nil_panic(before: &str, after: &str) -> bool {
    let now = "runtime error: panic called with nil argument";
    after.contains(now)
        && before.trim() == after.trim().replace(now, "panic called with nil argument")
}

/// Before Go 1.26, `print` and `println` wrote every floating-point number as `+1.500000e+000`.
pub fn floats(before: &str, after: &str) -> bool {
    let (old, new): (Vec<_>, Vec<_>) = (
        before.split_whitespace().collect(),
        after.split_whitespace().collect(),
    );
    old.len() == new.len()
        && old != new
        && old.iter().zip(&new).all(|(old, new)| {
            old == new
                || new
                    .parse()
                    .is_ok_and(|number: f64| *old == old_float(number))
                || complex(new).is_some_and(|(real, imaginary)| {
                    *old == format!("({}{}i)", old_float(real), old_float(imaginary))
                })
        })
}

/// The parts of a complex number as it is written now: `(1+2i)`.
fn complex(text: &str) -> Option<(f64, f64)> {
    let inner = text.strip_prefix('(')?.strip_suffix("i)")?;
    // The sign between the parts is the last one that belongs to no exponent.
    let at = inner
        .char_indices()
        .rev()
        .find(|&(at, c)| matches!(c, '+' | '-') && at > 0 && !inner[..at].ends_with('e'))?
        .0;
    Some((inner[..at].parse().ok()?, inner[at..].parse().ok()?))
}

/// Before, a goroutine that waits so was shown as `[semacquire]`, with whatever it waits for.
pub fn waits(before: &str, after: &str, now: &[&str]) -> bool {
    let state = |text: &str| {
        let (_, rest) = text.split_once("goroutine 1 [")?;
        Some(rest.split([']', ',']).next()?.to_owned())
    };
    let now = |state: String| now.iter().any(|start| state.starts_with(start));
    state(before).as_deref() == Some("semacquire") && state(after).is_some_and(now)
}

/// Before Go 1.25, a panic that was raised again was shown twice. A note may show the first of both only.
pub fn raised_again(before: &str, after: &str) -> bool {
    const ONCE: &str = " [recovered, repanicked]";
    let twice = after
        .lines()
        .flat_map(|line| match line.strip_suffix(ONCE) {
            Some(panic) => vec![format!("{panic} [recovered]"), panic.to_owned()],
            None => vec![line.trim().to_owned()],
        });
    // What follows after an empty line, or as the state of a goroutine, is the trace.
    let head = |line: &&str| !line.trim().is_empty() && !line.starts_with("goroutine ");
    let mut before: Vec<String> = before
        .lines()
        .take_while(head)
        .map(|line| line.trim().to_owned())
        .collect();
    let twice: Vec<String> = twice.collect();
    let shown = before
        .last()
        .is_some_and(|line| line.ends_with(" [recovered]"));
    if shown && before.len() < twice.len() {
        before.extend_from_slice(&twice[before.len()..]);
    }
    after.contains(ONCE) && before == twice
}

/// Before Go 1.25, every slice whose size is known only when the program runs was made on the heap.
pub fn sized_when_run(before: &str, after: &str) -> bool {
    let made = after.strip_suffix(" does not escape");
    let unknown = |made: &&str| {
        let (_, sizes) = made.split_once(", ").unwrap_or_default();
        made.starts_with("make([]") && sizes.contains(char::is_alphabetic)
    };
    // A listing has the place in front.
    let before = before.trim().rsplit(": ").next().unwrap_or_default();
    made.filter(unknown)
        .is_some_and(|made| before == format!("{made} escapes to heap"))
}

/// Whether two texts have the same number of words, some of which differ, and those in an allowed way.
pub fn words_differ(before: &str, after: &str, allowed: fn(&str, &str) -> bool) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split_whitespace();
        let bare = |word: &str| word.trim_matches(['[', ']']).to_owned();
        words.map(bare).collect()
    };
    let (before, after) = (words(before), words(after));
    before.len() == after.len()
        && before != after
        && before
            .iter()
            .zip(&after)
            .all(|(one, other)| one == other || allowed(one, other))
}

/// Whether both are the message of encoding/json about the same value, with another name for the field.
pub fn other_field(before: &str, after: &str) -> bool {
    let parts = |text: &str| {
        let (value, rest) = text.split_once(" into Go struct field ")?;
        let (field, kind) = rest.split_once(" of type ")?;
        Some((value.to_owned(), field.to_owned(), kind.to_owned()))
    };
    match (parts(before), parts(after)) {
        (Some(before), Some(after)) => {
            before.0 == after.0 && before.2 == after.2 && before.1 != after.1
        }
        _ => false,
    }
}

/// A number as the runtime wrote it: seven digits, an exponent of three.
fn old_float(number: f64) -> String {
    let scientific = format!("{:.6e}", number.abs());
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if number.is_sign_negative() { '-' } else { '+' };
    let direction = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{digits}e{direction}{:03}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_before_is_known_to_the_letter() {
        assert!(json_escapes(r#""a\u0008c""#, r#""a\bc""#));
        assert!(mutex("&{1 0}", "&{{} {1 0}}"));
        assert!(mutex("{state:0 sema:0}", "{_:{} mu:{state:0 sema:0}}"));
        assert!(context(
            "context.Background.WithValue(type main.key, val bob)",
            "context.Background.WithValue(main.key, bob)"
        ));
        assert!(floats("+2.500000e+000 3", "2.5 3"));
        assert!(floats("+1.000000e-001", "0.1"));
        assert!(floats("-1.000000e+021", "-1e+21"));
        assert!(floats("(+1.500000e+000-2.000000e-003i)", "(1.5-0.002i)"));
        let waiting = ["sync.WaitGroup.Wait"];
        assert!(waits(
            "fatal error: x\n\ngoroutine 1 [semacquire, 3 minutes]:",
            "goroutine 1 [sync.WaitGroup.Wait]:",
            &waiting
        ));
        assert!(raised_again(
            "panic: late [recovered]\n\tpanic: late",
            "panic: late [recovered, repanicked]"
        ));
        assert!(raised_again(
            "log: late\npanic: late [recovered]\n\tpanic: late",
            "log: late\npanic: late [recovered, repanicked]"
        ));
        assert!(sized_when_run(
            "make([]int, n) escapes to heap",
            "make([]int, n) does not escape"
        ));
        assert!(other_field(
            "json: cannot unmarshal string into Go struct field B.a.n of type int",
            "json: cannot unmarshal string into Go struct field B.A.a.n of type int"
        ));
        assert!(nil_panic(
            "panic called with nil argument (use GODEBUG=panicnil=1 to disable)",
            "runtime error: panic called with nil argument (use GODEBUG=panicnil=1 to disable)"
        ));
    }

    #[test]
    fn what_was_never_written_is_not() {
        assert!(!json_escapes(r#""a\u0009c""#, r#""a\bc""#));
        assert!(!mutex("&{0 1}", "&{{} {1 0}}"));
        assert!(!floats("+2.500001e+000", "2.5"));
        assert!(!floats("2.50", "2.5"));
        assert!(!floats("+3.000000e+000", "2.5"));
        assert!(!floats("(+1.500000e+000+2.000000e-003i)", "(1.5-0.002i)"));
        assert!(!waits(
            "goroutine 1 [chan receive]:",
            "goroutine 1 [sync.WaitGroup.Wait]:",
            &["sync.WaitGroup.Wait"]
        ));
        assert!(!raised_again(
            "panic: late [recovered]\n\tpanic: early",
            "panic: late [recovered, repanicked]"
        ));
        assert!(!sized_when_run(
            "make([]int, 10) escapes to heap",
            "make([]int, 10) does not escape"
        ));
        assert!(!nil_panic(
            "nil",
            "runtime error: panic called with nil argument"
        ));
    }
}
