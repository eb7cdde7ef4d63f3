//! Suggestions for misspelt words.

/// How alike two words must be (twice the common characters over all characters) for one to be
/// suggested for the other. `tmeout` and `timeout` reach 0.92, `jobs` and `timeout` 0.18.
const ALIKE: f32 = 0.6;

/// The word of `known` that was most likely meant by `word`, if any is like it.
pub fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    similar::get_close_matches(word, known, 1, ALIKE)
        .first()
        .copied()
}

/// `; did you mean `x`?`, or else `; known: a, b, c`.
pub fn hint(word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(meant) => format!("; did you mean `{meant}`?"),
        None if known.is_empty() => String::new(),
        None => format!("; known: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_suggested_and_a_far_one_is_not() {
        let known = ["timeout", "jobs", "sandbox", "race"];
        assert_eq!(nearest("tmeout", &known), Some("timeout"));
        assert_eq!(nearest("sandboxx", &known), Some("sandbox"));
        assert_eq!(nearest("colour", &known), None);
    }
}
