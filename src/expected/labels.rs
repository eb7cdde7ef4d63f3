//! Values with their names: `len=2, cap=4`, `长度：2，容量：4`.
//!
//! The rule: what Go prints are the values alone, in their order; the names, and what stands between, are the
//! author's and stay. What stands inside brackets names the parts of one value (`map[a:1 b:2]`, `{n:1}`).

use super::words;
use crate::claim::value;

/// Write the values `observed` behind the names of `old`; `None` if `old` has no names, or not one for each value.
pub fn respell(old: &str, observed: &str) -> Option<String> {
    let observed = observed.trim();
    let labels: Vec<_> = value::labels(old)
        .into_iter()
        .filter(|label| !is_inside(&old[..label.start]))
        .collect();
    if labels.is_empty() || !value::is_values(observed) {
        return None;
    }
    let mut starts: Vec<usize> = labels.iter().map(|label| label.end).collect();
    let mut ends: Vec<usize> = labels.iter().map(|label| label.start).collect();
    ends.push(old.len());
    // A value may stand before the first name.
    if labels[0].start > 0 {
        starts.insert(0, 0);
    } else {
        ends.remove(0);
    }
    let values = match starts.len() {
        1 => vec![observed],
        _ => value::pieces(observed),
    };
    if values.len() != starts.len() {
        return None;
    }
    let mut text = String::new();
    let mut done = 0;
    for ((start, end), value) in starts.into_iter().zip(ends).zip(values) {
        let place = &old[start..end];
        let blank = place.len() - place.trim_start().len();
        text.push_str(&old[done..start + blank]);
        text.push_str(&words::respell(place.trim(), value));
        done = start + place.trim_end().len();
    }
    text.push_str(&old[done..]);
    Some(text)
}

/// Whether a bracket is still open behind `before`.
fn is_inside(before: &str) -> bool {
    let count = |brackets: &[char]| before.matches(brackets).count();
    count(&['[', '{', '(']) > count(&[']', '}', ')'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_and_their_values_change() {
        for (old, observed, new) in [
            ("len=2, cap=3", "3 3", Some("len=3, cap=3")),
            ("长度：2，容量：4", "3 4", Some("长度：3，容量：4")),
            ("s=[1, 2] len=2", "[1 2 3] 3", Some("s=[1, 2, 3] len=3")),
            ("x = 1", "[2 3]", Some("x = [2 3]")),
            ("len=2 cap=3", "3", None),
            ("2, 3", "3 3", None),
            ("len=2", "len=3", None),
            ("2 map[a:1 b:2]", "1 map[b:2]", None),
            ("{n:1 m:2}", "{1 2}", None),
            ("sum: 4", "no numbers here", None),
        ] {
            assert_eq!(respell(old, observed).as_deref(), new, "{old}");
        }
    }
}
