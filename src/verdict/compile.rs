//! Claims that something does not compile.

mod listing;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::claim::{Claim, Form, Subject, lexicon};
use crate::history::features;
use crate::observation::{Complaint, Observation};
use crate::program::Role;

use super::{Case, Judgement, reason};

static POSITION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:\./)?[\w./-]+\.go:(?P<line>\d+)(?::\d+)?:\s*").expect("a constant")
});
static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\pL_][\pL\pN_]*").expect("a constant"));

/// Judge a claim about what the compiler says.
pub fn judge(case: &Case) -> Judgement {
    let judged = match &case.claim.subject {
        Subject::WhatIf { line, .. } => of_line(case, Role::WhatIf(*line), *line),
        Subject::Line(line) if case.claim.negated => of_line(case, Role::Plain, *line),
        Subject::Line(line) => of_line(case, Role::Only(*line), *line),
        Subject::Block | Subject::Tests | Subject::Value(_) => listing::judge(case),
    };
    match (case.claim.negated, judged.verdict) {
        (true, super::Verdict::Confirmed) => Judgement {
            verdict: super::Verdict::Refuted,
            ..judged
        },
        (true, super::Verdict::Refuted) => Judgement {
            verdict: super::Verdict::Confirmed,
            ..judged
        },
        _ => judged,
    }
}

fn of_line(case: &Case, role: Role, line: usize) -> Judgement {
    let covering: Vec<&Observation> = case
        .observations
        .iter()
        .filter(|observation| observation.program.role == role)
        .filter(|observation| observation.failure.is_none())
        .collect();
    let mut elsewhere: Option<&Complaint> = None;
    let mut compiled = false;
    for observation in covering {
        let here: Vec<&Complaint> = observation
            .complaints
            .iter()
            .filter(|complaint| {
                complaint
                    .line
                    .is_some_and(|at| same_statement(observation, at, line))
            })
            .collect();
        if here.is_empty() {
            let draft = &observation.program.draft;
            let code = draft.snippet.code();
            let start: usize = code.split_inclusive('\n').take(line).map(str::len).sum();
            let length = code[start..].find('\n').unwrap_or(0);
            if draft.covers(start + length / 2) || draft.covers(start + length) {
                compiled |= observation.compiled
                    || checks_out(observation, line)
                    || case.claim.negated && is_untouched(observation, line);
            }
            elsewhere = elsewhere.or(observation.complaints.first());
            continue;
        }
        return at_line(case.claim, observation, &here);
    }
    if compiled && let Some(judged) = fails_running(case, role, line) {
        return judged;
    }
    if compiled {
        return Judgement::refuted("", "it compiles");
    }
    Judgement::unverified(match elsewhere {
        Some(complaint) => format!(
            "the block does not compile for another reason: {}",
            complaint.diagnostic.message
        ),
        None if case.obstacle.is_empty() => "no program of the block has this line".to_owned(),
        None => case.obstacle.to_owned(),
    })
}

/// A line that is just said to be an error may as well be one when it runs.
fn fails_running(case: &Case, role: Role, line: usize) -> Option<Judgement> {
    let said = lexicon::phrase(&case.claim.text)?.behaviour;
    if said != lexicon::Behaviour::Fails || !matches!(case.claim.subject, Subject::WhatIf { .. }) {
        return None;
    }
    case.with_role(role).find_map(|observation| {
        let mut runs = observation.runs.iter();
        let crash = runs.find_map(|run| {
            let at_line = observation.crash_lines(run).contains(&line);
            run.crash.as_ref().filter(|_| at_line)
        })?;
        let first = crash.report.lines().next().unwrap_or_default();
        Some(Judgement::confirmed("when it runs", first.to_owned()))
    })
}

/// Whether all that is wrong is that names are missing which the line does not use: the compiler checks each
/// statement for itself, so it has nothing against this one.
fn checks_out(observation: &Observation, line: usize) -> bool {
    let text = observation
        .program
        .draft
        .snippet
        .code()
        .lines()
        .nth(line)
        .unwrap_or_default();
    let used = |name: &String| WORD.find_iter(text).any(|word| word.as_str() == name);
    !observation.complaints.is_empty()
        && observation.complaints.iter().all(|complaint| {
            observation.missing.iter().any(|name| {
                complaint.diagnostic.message == format!("undefined: {name}") && !used(name)
            })
        })
}

/// Whether the compiler saw the line and has nothing against it, though it has against others: it checks the types
/// of every statement unless one does not parse or it has said ten things, and is silent of a line only if that
/// uses what another one fails to declare.
fn is_untouched(observation: &Observation, line: usize) -> bool {
    let code = observation.program.draft.snippet.code();
    let text = |at: usize| code.lines().nth(at).unwrap_or_default();
    let used: BTreeSet<&str> = WORD.find_iter(text(line)).map(|it| it.as_str()).collect();
    let apart = |complaint: &Complaint| {
        let message = &complaint.diagnostic.message;
        let Some(at) = complaint
            .line
            .filter(|_| !message.starts_with("syntax error"))
        else {
            return false;
        };
        let given = text(at).split_once('=').map_or("", |(given, _)| given);
        !WORD
            .find_iter(given)
            .any(|word| used.contains(word.as_str()))
    };
    (1..10).contains(&observation.complaints.len()) && observation.complaints.iter().all(apart)
}

/// Whether a complaint on line `at` is about the statement that ends on `line`.
fn same_statement(observation: &Observation, at: usize, line: usize) -> bool {
    if at == line {
        return true;
    }
    let syntax = &observation.program.draft.snippet.syntax;
    crate::snippet::probe::statement_on(syntax, line).is_some_and(|statement| {
        (statement.start_position().row..=line).contains(&at)
            // A whole function that ends here is not what a comment behind its brace speaks of.
            && line - statement.start_position().row < 8
    })
}

/// The compiler complains of the line: for the reason the note gives?
fn at_line(claim: &Claim, observation: &Observation, complaints: &[&Complaint]) -> Judgement {
    let own_fault = complaints.iter().find(|complaint| {
        !observation.missing.iter().any(|name| {
            complaint.diagnostic.message == format!("undefined: {name}")
                && !claim.text.contains(name.as_str())
        })
    });
    let Some(first) = own_fault else {
        return Judgement::unverified(format!(
            "the line needs `{}`, which nothing in the note declares",
            observation.missing.join("`, `")
        ));
    };
    if claim.expected.is_empty() {
        return Judgement::confirmed("", first.diagnostic.message.clone());
    }
    if claim.form == Form::Expectation {
        return by_pattern(claim, complaints);
    }
    let code = without_comments(claim, observation);
    let said = complaints
        .iter()
        .find(|complaint| same_message(&claim.expected, &complaint.diagnostic.message, &code));
    match said {
        Some(complaint) => Judgement::confirmed("", complaint.diagnostic.message.clone()),
        None if !of_another(&claim.expected, &first.diagnostic.message)
            && reason::same(&claim.expected, &first.diagnostic.message) =>
        {
            Judgement::confirmed("in other words", first.diagnostic.message.clone())
        }
        None => Judgement {
            observed: first.diagnostic.message.clone(),
            ..Judgement::unverified("it does not compile, but the compiler gives another reason")
        },
    }
}

/// The names that a message can speak of stand in the code; the words of comments are the author's, but for code
/// that is switched off.
fn without_comments(claim: &Claim, observation: &Observation) -> String {
    let snippet = &observation.program.draft.snippet;
    let mut code = String::new();
    let mut done = 0;
    for comment in crate::claim::comment::comments(&snippet.syntax) {
        code.push_str(&snippet.code()[done..comment.span.start.max(done)]);
        done = comment.span.end.max(done);
    }
    code.push_str(&snippet.code()[done..]);
    if let Subject::WhatIf { code: switched, .. } = &claim.subject {
        code.push('\n');
        code.push_str(switched);
    }
    code
}

/// Words of the compiler of which one says the opposite of the other.
const OPPOSITES: [(&str, &str); 8] = [
    ("few", "many"),
    ("enough", "many"),
    ("send", "receive"),
    ("unknown", "missing"),
    ("missing", "duplicate"),
    ("undefined", "redeclared"),
    ("unused", "undefined"),
    ("used", "undefined"),
];

/// Which word of a pair a message says first ("send to receive-only channel").
fn first_of(pair: &(&'static str, &'static str), message: &str) -> Option<&'static str> {
    WORD.find_iter(message).find_map(|word| {
        [pair.0, pair.1]
            .into_iter()
            .find(|one| word.as_str().eq_ignore_ascii_case(one))
    })
}

/// Whether a line starts with a position in a Go file, as the toolchain's messages do.
pub(super) fn is_positioned(line: &str) -> bool {
    POSITION.is_match(line)
}

/// Whether a text holds messages of the compiler as it writes them, with their places.
pub fn is_listing(text: &str) -> bool {
    text.lines().any(is_positioned)
}

/// `// ERROR "re"`: one of the line's complaints must match.
fn by_pattern(claim: &Claim, complaints: &[&Complaint]) -> Judgement {
    let line = match claim.subject {
        Subject::Line(line) => line,
        _ => 0,
    };
    let mut messages = Vec::new();
    for complaint in complaints {
        let message = &complaint.diagnostic.message;
        match super::recipe::matches(claim, line, message) {
            Ok(true) => return Judgement::confirmed("", message.clone()),
            Ok(false) => messages.push(message.as_str()),
            Err(error) => return Judgement::unverified(error),
        }
    }
    Judgement::refuted("the compiler says something else", messages.join("\n"))
}

static UNKNOWN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:undefined|undeclared name|not used|unused variable|unused):?\s+(?P<name>[\pL_][\pL\pN_.]*)|(?P<first>[\pL_][\pL\pN_]*)(?:\s+declared (?:and|but) not used|\s+(?:is\s+)?undefined here)",
    )
    .expect("a constant")
});

/// Whether both messages miss something, or find something unused, and not the same thing.
fn of_another(expected: &str, message: &str) -> bool {
    let name = |text| {
        let found = UNKNOWN.captures(text)?;
        let name = found.name("name").or_else(|| found.name("first"))?;
        let name = name.as_str().trim_end_matches('.').to_owned();
        (!["variable", "variables", "import", "imports"].contains(&name.as_str())).then_some(name)
    };
    match (name(expected), name(message)) {
        (Some(one), Some(other)) => {
            let last = |name: &str| name.rsplit('.').next().map(str::to_owned);
            last(&one) != last(&other)
        }
        _ => false,
    }
}

/// Whether two messages say the same. Wordings changed over the years (`x declared and not used` became
/// `declared and not used: x`), so it is their words that are compared: at least half of the quoted
/// ones must be the compiler's, not only names of `code` among them, none may say the opposite, and both must speak
/// of the same names.
pub(super) fn same_message(expected: &str, message: &str, code: &str) -> bool {
    let expected = POSITION.replace(expected, "");
    let (expected_text, message_text) = (expected.as_ref(), message);
    let words = |text: &str| -> BTreeSet<String> {
        WORD.find_iter(text)
            .map(|word| word.as_str().to_lowercase())
            .filter(|word| {
                !matches!(
                    word.as_str(),
                    "main"
                        | "the"
                        | "a"
                        | "of"
                        | "to"
                        | "in"
                        | "type"
                        | "variable"
                        | "value"
                        | "error"
                )
            })
            .filter(|word| !word.chars().any(crate::claim::lexicon::is_cjk))
            .collect()
    };
    let (expected, message) = (words(&expected), words(message));
    if expected.is_empty() {
        return true;
    }
    let contradicts = OPPOSITES.iter().any(|pair| {
        match (first_of(pair, expected_text), first_of(pair, message_text)) {
            (Some(one), Some(other)) => one != other,
            _ => false,
        }
    });
    let names: BTreeSet<String> = WORD
        .find_iter(code)
        .map(|word| word.as_str().to_lowercase())
        .collect();
    let named = |words: &BTreeSet<String>| -> BTreeSet<String> {
        words.intersection(&names).cloned().collect()
    };
    let (ours, theirs) = (named(&expected), named(&message));
    let of_others = !ours.is_empty() && !theirs.is_empty() && ours.is_disjoint(&theirs);
    let shared: BTreeSet<&String> = expected.intersection(&message).collect();
    // `undefined: x` and `cannot assign to x` have a name in common, and no word that says what is wrong.
    let says_what = expected.is_subset(&names) || shared.iter().any(|word| !names.contains(*word));
    // Asked for an older language, a compiler has only these words for whatever the older one said.
    let of_language = message_text.contains(" requires go1.") && !shared.is_empty();
    features::is_old_wording(expected_text, message_text)
        || !contradicts
            && !of_others
            && (of_language
                || !of_another(expected_text, message_text)
                    && says_what
                    && shared.len() * 2 >= expected.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "ch := make(<-chan int)\nch <- x\nvar y T = f(x)";

    #[test]
    fn wordings_of_other_years_are_the_same_message() {
        for (expected, message) in [
            ("x declared and not used", "declared and not used: x"),
            ("x declared but not used", "declared and not used: x"),
            (
                "cannot use x (type int) as type T in assignment",
                "cannot use x (variable of type int) as T value in variable declaration",
            ),
            ("./main.go:3:4: undefined: x", "undefined: x"),
            (
                "too few arguments in call to f",
                "not enough arguments in call to f\n\thave ()",
            ),
            ("类型不匹配", "mismatched types int and string"),
        ] {
            assert!(same_message(expected, message, CODE), "{expected}");
        }
    }

    #[test]
    fn other_reasons_are_other_messages() {
        for (expected, message) in [
            (
                "too few values",
                "too many values in struct literal of type T",
            ),
            ("undefined: x", "undefined: y"),
            (
                "cannot receive from send-only channel ch",
                "invalid operation: cannot send to receive-only channel ch (variable of type <-chan int)",
            ),
            ("unused variable x", "undefined: x"),
            ("undefined: foo", "undefined: f"),
            (
                "undefined: x",
                "cannot assign to x (neither addressable nor a map index expression)",
            ),
            ("x declared and not used", "declared and not used: y2"),
        ] {
            assert!(!same_message(expected, message, CODE), "{expected}");
        }
    }
}
