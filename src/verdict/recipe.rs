//! Go's own words: `// ERROR "re"`, `// want "re"` and recipes, judged as Go's own tools judge them.

use crate::build::{Diagnostic, Inspected, SOURCE_FILE};
use crate::claim::recipe::wanted::{self, Wanted};
use crate::claim::{Claim, Kind, Subject};
use crate::observation::Observation;
use crate::program::Role;
use crate::run::End;

use super::crash::ending;
use super::{Case, Judgement};

/// Judge a claim in Go's own words.
pub fn judge(case: &Case) -> Judgement {
    let checked = case
        .observations
        .iter()
        .find(|observation| observation.program.role == Role::Checked);
    match (checked, &case.claim.subject, case.claim.kind) {
        (Some(observation), _, _) => of_check(case.claim, observation),
        (None, Subject::Block, Kind::Stdout) => of_run(case),
        (None, _, Kind::Vet) => super::vet::judge(case),
        (None, _, Kind::Escape) => super::storage::judge(case),
        (None, _, _) => super::compile::judge(case),
    }
}

/// Whether a pattern matches; a pattern that is none says why.
pub(super) fn matches(claim: &Claim, line: usize, message: &str) -> Result<bool, String> {
    let pattern = wanted::compile(&claim.expected, line, SOURCE_FILE)
        .map_err(|error| format!("`{}` is no regular expression: {error}", claim.expected))?;
    Ok(pattern.is_match(message))
}

fn of_check(claim: &Claim, observation: &Observation) -> Judgement {
    let Some(inspected) = &observation.inspected else {
        return Judgement::unverified(
            observation
                .failure
                .clone()
                .unwrap_or_else(|| "it was not compiled".to_owned()),
        );
    };
    match claim.subject {
        Subject::Line(line) => of_line(claim, observation, inspected, line),
        _ => of_file(claim, inspected),
    }
}

/// The recipe itself: does the file compile or not.
fn of_file(claim: &Claim, inspected: &Inspected) -> Judgement {
    let messages: Vec<&str> = inspected
        .messages
        .iter()
        .map(|message| message.message.as_str())
        .collect();
    match (inspected.accepted, claim.negated) {
        (true, true) => Judgement::confirmed("", "it compiles"),
        (true, false) => Judgement::refuted("", "it compiles"),
        (false, true) => Judgement::refuted("", messages.join("\n")),
        (false, false) => Judgement::confirmed("", messages.join("\n")),
    }
}

fn of_line(
    claim: &Claim,
    observation: &Observation,
    inspected: &Inspected,
    line: usize,
) -> Judgement {
    let code = observation.program.draft.snippet.code();
    let text = code.lines().nth(line).unwrap_or_default();
    let wanted = wanted::of_line(text, line, 0);
    let fate = Fate::of(wanted, &inspected.messages, &inspected.file);
    // Two equal patterns on a line ask for two messages.
    let own = fate
        .wanted
        .iter()
        .filter(|(wanted, _)| wanted.line == line && wanted.pattern == claim.expected);
    let mut confirmed = Judgement::unverified("the line no longer asks for this");
    for (_, met) in own {
        match met {
            Met::By(message) => confirmed = Judgement::confirmed("", message.clone()),
            Met::Not(said) if said.is_empty() => {
                return Judgement::refuted("the compiler says nothing of this line", "");
            }
            Met::Not(said) => {
                return Judgement::refuted("the compiler says something else", said.clone());
            }
            Met::NoPattern(error) => return Judgement::unverified(error.clone()),
        }
    }
    confirmed
}

/// What became of one pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Met {
    By(String),
    /// What was said of the line instead.
    Not(String),
    NoPattern(String),
}

/// What became of all patterns and all messages: each message answers one pattern.
struct Fate<'a> {
    wanted: Vec<(Wanted, Met)>,
    left: Vec<&'a Diagnostic>,
}

impl<'a> Fate<'a> {
    fn of(wanted: Vec<Wanted>, messages: &'a [Diagnostic], file: &str) -> Self {
        let mut left: Vec<&Diagnostic> = messages.iter().collect();
        let mut fates = Vec::new();
        for wanted in wanted {
            let place = if wanted.auto { 0 } else { wanted.line + 1 };
            let met = match wanted::compile(&wanted.pattern, wanted.line, file) {
                Err(error) => Met::NoPattern(format!(
                    "`{}` is no regular expression: {error}",
                    wanted.pattern
                )),
                Ok(pattern) => {
                    let here = |message: &&Diagnostic| message.line as usize == place;
                    let said: Vec<&str> = left
                        .iter()
                        .copied()
                        .filter(here)
                        .map(|message| message.message.as_str())
                        .collect();
                    let matched = said.iter().find(|said| pattern.is_match(said));
                    let met = match matched {
                        Some(message) => Met::By((*message).to_owned()),
                        None => Met::Not(said.join("\n")),
                    };
                    left.retain(|message| !here(message) || !pattern.is_match(&message.message));
                    met
                }
            };
            fates.push((wanted, met));
        }
        Self {
            wanted: fates,
            left,
        }
    }
}

/// What the compiler said of the file's own lines and nothing asked for: line of the code (from 0), message.
pub fn unexpected(observation: &Observation) -> Vec<(usize, String)> {
    let Some(inspected) = &observation.inspected else {
        return Vec::new();
    };
    let code = observation.program.draft.snippet.code();
    Fate::of(wanted::all(code), &inspected.messages, &inspected.file)
        .left
        .iter()
        .filter(|message| message.line > 0)
        .map(|message| (message.line as usize - 1, message.message.clone()))
        .collect()
}

/// `// run`: it must exit with 0 and print exactly what the file beside it holds.
fn of_run(case: &Case) -> Judgement {
    let Some(observation) = case.with_role(Role::Plain).next() else {
        return case.unverified();
    };
    let expected = &case.claim.expected;
    for run in &observation.runs {
        match &run.end {
            End::Exited(0) => {}
            End::Exited(_) | End::Signaled(_) if needs_more(observation) => {
                return Judgement::unverified(format!(
                    "it uses files, other programs or the network, which the sandbox keeps away: {}",
                    ending(run)
                ));
            }
            End::Exited(_) | End::Signaled(_) => {
                return Judgement::refuted("it does not end well", ending(run));
            }
            _ => return Judgement::unverified(ending(run)),
        }
    }
    let transcripts = observation.transcripts();
    let same = |text: &&String| text.replace("\r\n", "\n") == *expected;
    let matched = transcripts.iter().filter(same).count();
    let shown = transcripts.first().map_or("", |text| text.trim_end());
    match (matched == transcripts.len(), matched > 0) {
        (true, _) => Judgement::confirmed("", shown),
        (false, true) => Judgement::unstable(
            format!("true in {matched} of {} runs", transcripts.len()),
            shown,
        ),
        (false, false) if expected.is_empty() => Judgement::refuted(
            "without an `.out` file beside it, it must print nothing",
            shown,
        ),
        (false, false) => Judgement::refuted("its `.out` file says something else", shown),
    }
}

/// Whether the program uses what the sandbox does not give it.
fn needs_more(observation: &Observation) -> bool {
    const PACKAGES: [&str; 6] = [
        "\"os\"",
        "\"os/exec\"",
        "\"net\"",
        "\"net/",
        "\"syscall\"",
        "\"plugin\"",
    ];
    PACKAGES
        .iter()
        .any(|package| observation.program.source.text.contains(package))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(line: u32, text: &str) -> Diagnostic {
        Diagnostic {
            line,
            column: 1,
            message: text.to_owned(),
            code: None,
        }
    }

    #[test]
    fn each_message_answers_one_pattern() {
        let code = "a // ERROR \"x\" \"y\"\nb // ERROR \"x\"\nc\n";
        let messages = [message(1, "x1"), message(1, "y1"), message(3, "z")];
        let fate = Fate::of(wanted::all(code), &messages, "main.go");
        let met: Vec<Met> = fate.wanted.into_iter().map(|(_, met)| met).collect();
        assert_eq!(
            met,
            [
                Met::By("x1".to_owned()),
                Met::By("y1".to_owned()),
                Met::Not(String::new())
            ]
        );
        assert_eq!(fate.left, [&messages[2]]);
    }

    #[test]
    fn a_pattern_takes_all_messages_it_matches() {
        let code = "a // ERROR \"x\" \"x\"\n";
        let messages = [message(1, "x1"), message(1, "x2")];
        let fate = Fate::of(wanted::all(code), &messages, "main.go");
        assert_eq!(fate.wanted[1].1, Met::Not(String::new()));
        assert!(fate.left.is_empty());
    }
}
