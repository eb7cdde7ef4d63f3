//! Claims about the order of what a program prints: "先打印 2 再打印 1", "a, b, c in turn, 10 times".

use crate::observation::Observation;
use crate::program::Role;
use crate::report::text::ends;

use super::{Case, Judgement};

/// Judge a claim that words come in an order (`× 10` at the end of `expected`: nothing but them, ten times).
pub(super) fn judge(case: &Case) -> Judgement {
    let mut words: Vec<&str> = case.claim.expected.lines().collect();
    let times = words
        .last()
        .and_then(|last| last.strip_prefix("× "))
        .and_then(|times| times.parse::<usize>().ok());
    if times.is_some() {
        words.pop();
    }
    let programs: Vec<&Observation> = case.with_role(Role::Plain).collect();
    let [program] = programs.as_slice() else {
        return match programs.is_empty() {
            true => case.unverified(),
            false => Judgement::unverified("the block gives several programs"),
        };
    };
    // A run that was stopped says nothing of where it would have come to.
    let transcripts = program.finished();
    if transcripts.is_empty() {
        return Judgement::unverified("the program was stopped at its limit");
    }
    let fits: Vec<Option<bool>> = transcripts
        .iter()
        .map(|transcript| match times {
            Some(times) => Some(in_turn(&words, times, transcript)),
            None => in_order(&words, transcript),
        })
        .collect();
    let shown = ends(transcripts.first().map_or("", String::as_str));
    let true_in = fits.iter().filter(|fit| **fit == Some(true)).count();
    if fits.contains(&None) {
        return Judgement {
            observed: shown,
            ..Judgement::unverified("the program does not print all that the sentence names")
        };
    }
    match (true_in, fits.len()) {
        (yes, all) if yes == all => Judgement::confirmed("", shown),
        (0, _) if times.is_none() && program.may_vary() || case.claim.hedged => Judgement {
            observed: shown,
            ..Judgement::unverified("the order may differ from run to run")
        },
        (0, _) => Judgement::refuted("", shown),
        (yes, all) => Judgement::unstable(format!("true in {yes} of {all} runs"), shown),
    }
}

/// What stands between words.
fn is_mark(c: char) -> bool {
    matches!(c, ',' | '，' | '、' | ':' | '：')
}

fn tokens(text: &str) -> Vec<&str> {
    text.split(|c: char| c.is_whitespace() || is_mark(c))
        .filter(|token| !token.is_empty())
        .collect()
}

/// Whether the words come for the first time in this order; `None` if one of them never comes.
fn in_order(words: &[&str], transcript: &str) -> Option<bool> {
    let tokens = tokens(transcript);
    let places: Option<Vec<usize>> = words
        .iter()
        .map(|word| {
            let word = word.trim_matches(is_mark);
            tokens.iter().position(|token| *token == word)
        })
        .collect();
    places.map(|places| places.windows(2).all(|pair| pair[0] < pair[1]))
}

/// Whether nothing is printed but the words in turn, so many times.
fn in_turn(words: &[&str], times: usize, transcript: &str) -> bool {
    let printed = tokens(transcript);
    printed.len() == words.len() * times
        && printed
            .iter()
            .zip(words.iter().cycle())
            .all(|(token, word)| token == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_that_of_first_occurrence() {
        assert_eq!(in_order(&["2", "1"], "3\n2\n1\n"), Some(true));
        assert_eq!(in_order(&["1", "2"], "3\n2\n1\n"), Some(false));
        assert_eq!(in_order(&["1", "9"], "3\n2\n1\n"), None);
    }

    #[test]
    fn in_turn_means_nothing_else_and_so_often() {
        assert!(in_turn(&["a", "b"], 2, "a\nb\na\nb\n"));
        assert!(!in_turn(&["a", "b"], 2, "a\nb\na\n"));
        assert!(!in_turn(&["a", "b"], 2, "a\nb\nb\na\n"));
        assert!(!in_turn(&["a", "b"], 1, "a\nb\nfatal error: x\n"));
    }
}
