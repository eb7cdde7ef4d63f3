//! Numbers as people write them: with fewer digits than Go prints, and lengths of time in another unit.

use super::text;

/// How a note gives fewer digits than Go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fewer {
    /// `3.333...`: as far as its digits go.
    Marked,
    /// `0.333`: cut or rounded, and nothing says so.
    Unmarked,
}

/// Whether two texts are the same but for digits that the note leaves out behind the point.
pub(super) fn fewer(expected: &str, observed: &str) -> Option<Fewer> {
    let (expected, observed) = (words(expected), words(observed));
    if expected.len() != observed.len() {
        return None;
    }
    let mut fewer = None;
    for (word, printed) in expected.iter().zip(&observed) {
        if text::compare(word, printed).is_none() {
            fewer = fewer.max(Some(shortened(word, printed)?));
        }
    }
    fewer
}

fn words(text: &str) -> Vec<&str> {
    let splits =
        |c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}' | '(' | ')');
    text.split(splits).filter(|word| !word.is_empty()).collect()
}

/// Whether a number is another one with digits left out. Less than two digits behind the point may be another number.
fn shortened(word: &str, printed: &str) -> Option<Fewer> {
    let number: f64 = printed.parse().ok().filter(|it: &f64| it.is_finite())?;
    let bare = word.strip_suffix("...").or_else(|| word.strip_suffix('…'));
    if let Some(start) = bare {
        let digits = start.ends_with(|c: char| c.is_ascii_digit());
        return (digits && start.contains('.') && printed.starts_with(start))
            .then_some(Fewer::Marked);
    }
    word.parse::<f64>().ok()?;
    let decimals = |text: &str| text.split_once('.').map_or(0, |(_, behind)| behind.len());
    let said = decimals(word);
    let same = printed.starts_with(word) || format!("{number:.said$}") == word;
    (same && said > 1 && decimals(printed) > said).then_some(Fewer::Unmarked)
}

/// Whether two texts are the same length of time: `2000ms` is `2s`.
pub(super) fn same_duration(one: &str, other: &str) -> bool {
    let same = |a: f64, b: f64| (a - b).abs() <= f64::EPSILON * a.abs();
    matches!((nanoseconds(one), nanoseconds(other)), (Some(a), Some(b)) if same(a, b))
}

fn nanoseconds(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 7] = [
        ("ns", 1.0),
        ("us", 1e3),
        ("µs", 1e3),
        ("ms", 1e6),
        ("s", 1e9),
        ("m", 6e10),
        ("h", 3.6e12),
    ];
    let mut rest = text.trim();
    let mut sum = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let end = rest
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (_, scale) = UNITS.iter().find(|(unit, _)| *unit == &rest[..end])?;
        sum += number * scale;
        rest = &rest[end..];
    }
    (!text.trim().is_empty()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_may_be_left_out() {
        for (expected, observed, how) in [
            ("3.14...", "3.14159", Some(Fewer::Marked)),
            ("3.3…", "3.3333333333333335", Some(Fewer::Marked)),
            ("0.333", "0.3333333333333333", Some(Fewer::Unmarked)),
            (
                "1.41 1.73",
                "1.4142135623730951 1.7320508075688772",
                Some(Fewer::Unmarked),
            ),
            ("a 2.24", "a 2.23606797749979", Some(Fewer::Unmarked)),
            ("3.15...", "3.14159", None),
            ("0.334", "0.3333333333333333", None),
            ("0.3", "0.3333333333333333", None),
            ("0.30", "0.3", None),
            ("1.50 2", "1.5 3", None),
        ] {
            assert_eq!(fewer(expected, observed), how, "{expected} {observed}");
        }
    }

    #[test]
    fn units_do_not_matter() {
        assert!(same_duration("2000ms", "2s"));
        assert!(same_duration("90m", "1h30m0s"));
        assert!(!same_duration("2000ms", "2ms"));
        assert!(!same_duration("2", "2s"));
    }
}
