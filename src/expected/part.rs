//! Listings that show a part of the output, of which some lines are wrong.
//!
//! The rule: as many lines in a row as the note shows are found in the output, each the same or alike, and nowhere
//! else as well. Then the wrong ones among them change, and what the author left out stays left out.

use super::edit::Edit;
use super::listing::{self, Fidelity, Line};
use super::words;
use crate::verdict::text;

/// How alike two lines are, from 0 to 100, numbers aside: 100 if they are the same.
const SAME: u32 = 100;
/// From here on, a line is another version of the other one, if some line beside it is the same.
const ALIKE: u32 = 60;
/// From here on, it is so by itself.
const AKIN: u32 = 80;

/// The edits that put the wrong lines right; `None` if `lines` are no part of `observed`.
pub fn edits(note: &str, lines: &[Line], observed: &str) -> Option<Vec<Edit>> {
    let old: Vec<&str> = lines
        .iter()
        .map(|line| note[line.content.clone()].trim_end())
        .collect();
    let new: Vec<&str> = observed.trim_end().lines().map(str::trim_end).collect();
    let window = window(&old, &new)?;
    listing::edits(note, lines, &window.join("\n"), Fidelity::Styled)
        .filter(|edits| !edits.is_empty())
}

/// The lines of the output that the note shows, wrong as they are there.
fn window<'a>(old: &[&str], new: &'a [&'a str]) -> Option<&'a [&'a str]> {
    let wild = old.iter().any(|line| text::has_wildcard(line));
    if old.is_empty() || old.len() >= new.len() || wild {
        return None;
    }
    let mut found: Vec<(u32, &[&str])> = new
        .windows(old.len())
        .filter_map(|window| Some((likeness(old, window)?, window)))
        .collect();
    found.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
    match found.as_slice() {
        [(_, only)] => Some(only),
        // Of two that fit as well, neither is meant for certain.
        [(best, first), (second, _), ..] if best > second => Some(first),
        _ => None,
    }
}

/// How much of `old` is in a window of the output; `None` if it is another text.
fn likeness(old: &[&str], window: &[&str]) -> Option<u32> {
    let each: Vec<u32> = old
        .iter()
        .zip(window)
        .map(|(old, new)| line_likeness(old, new))
        .collect();
    let same = each.iter().filter(|likeness| **likeness == SAME).count();
    // Bare values are alike by chance; most lines beside them must be the same.
    let needed = match (same * 2 > old.len(), same > 0) {
        (true, _) => 0,
        (_, true) => ALIKE,
        (false, false) => AKIN,
    };
    each.iter()
        .all(|likeness| *likeness >= needed)
        .then(|| each.iter().sum())
}

fn line_likeness(old: &str, new: &str) -> u32 {
    if old.trim() == new.trim() || text::compare(old, new).is_some() {
        return SAME;
    }
    let in_words = |line: &str| line.chars().filter(|c| c.is_alphabetic()).count() > 1;
    if !in_words(old) || !in_words(new) {
        return 0;
    }
    let likeness = (words::likeness(old, new) * 100.0) as u32;
    likeness.min(SAME - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_by_what_is_right_in_it() {
        let new = ["step 1: 1", "step 2: 4", "step 3: 9", "done"];
        assert_eq!(window(&["step 2: 4", "step 3: 8"], &new), Some(&new[1..3]));
        assert_eq!(window(&["finish"], &new), None);
        assert_eq!(window(&["step 7: 4"], &new), None, "it may be any of three");
        let new = ["open it", "read 12 bytes", "bye"];
        assert_eq!(window(&["open it", "read 3 bytes"], &new), Some(&new[..2]));
        assert_eq!(window(&["read 3 bytes"], &new), Some(&new[1..2]));
    }

    #[test]
    fn other_values_are_another_output() {
        let new = ["0", "1", "2", "3"];
        assert_eq!(window(&["7", "8"], &new), None);
        assert_eq!(window(&["0", "3"], &new), None);
        assert_eq!(window(&["0", "1", "3"], &new), Some(&new[..3]));
        assert_eq!(window(&["0", "...", "4"], &new), None);
    }
}
