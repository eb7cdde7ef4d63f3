//! Claims that a line is reached, or is not, or so many times: `fmt.Println("after") // 不会执行`, `// 只打印一次`.

use tree_sitter::Node;

use crate::claim::Claim;
use crate::observation::Observation;
use crate::program::Role;
use crate::run::{End, Execution};
use crate::snippet::probe::{print_calls, statement_on};

use super::{Case, Judgement};

/// Judge a claim that `line` is reached (negated: is not).
pub(super) fn judge(case: &Case, line: usize) -> Judgement {
    for observation in case.with_role(Role::Probed) {
        if !observation.program.draft.probes.lines.contains(&line) {
            continue;
        }
        if let Some(wanted) = times(case.claim) {
            return count(case, observation, line, wanted);
        }
        let reached = observation
            .probed()
            .iter()
            .filter(|run| run.lines.iter().any(|segment| segment.line == line))
            .count();
        return verdict(case, observation, line, reached);
    }
    case.unverified()
}

/// How often a claim says that its line runs, if it says that.
pub(super) fn times(claim: &Claim) -> Option<usize> {
    claim.expected.strip_prefix("× ")?.parse().ok()
}

/// Judge a claim that `line` runs `wanted` times.
fn count(case: &Case, observation: &Observation, line: usize, wanted: usize) -> Judgement {
    let syntax = &observation.program.draft.snippet.syntax;
    let marks = statement_on(syntax, line).map_or(0, |it| print_calls(syntax, it, line).len());
    if marks > 1 {
        return Judgement::unverified("several calls print on this line");
    }
    let stopped = |run: &Execution| matches!(run.end, End::TimedOut { .. } | End::OutputLimit);
    if observation.runs.iter().any(stopped) {
        return Judgement::unverified("the program was stopped at its limit");
    }
    let runs = observation.probed();
    let counts: Vec<usize> = runs
        .iter()
        .map(|run| run.lines.iter().filter(|it| it.line == line).count())
        .collect();
    let Some(&first) = counts.first() else {
        return case.unverified();
    };
    let held = counts.iter().filter(|count| **count == wanted).count();
    let observed = format!("the line runs {first} times");
    match held {
        _ if held == counts.len() => Judgement::confirmed("", observed),
        0 if first == 0 && !is_run(observation, line) => {
            Judgement::unverified("nothing in the block runs the function this line stands in")
        }
        0 if counts.iter().all(|count| *count == first) && !case.claim.hedged => {
            Judgement::refuted("", observed)
        }
        0 => Judgement::unverified("how often the line runs differs from run to run"),
        _ if case.claim.hedged => Judgement::confirmed("", observed),
        _ => Judgement::unstable(format!("true in {held} of {} runs", counts.len()), observed),
    }
}

fn verdict(case: &Case, observation: &Observation, line: usize, reached: usize) -> Judgement {
    let total = observation.runs.len();
    let negated = case.claim.negated;
    match (reached, negated) {
        (0, _) if !is_run(observation, line) => {
            Judgement::unverified("nothing in the block runs the function this line stands in")
        }
        (0, _)
            if observation
                .runs
                .iter()
                .any(|run| matches!(run.end, End::TimedOut { .. })) =>
        {
            Judgement::unverified("the program was stopped at its time limit before this line")
        }
        (0, true) => Judgement::confirmed(String::new(), "the line is not reached"),
        (0, false) if case.claim.hedged => {
            Judgement::unverified(format!("said to be possible, and not seen in {total} runs"))
        }
        (0, false) => Judgement::refuted("", "the line is not reached"),
        (reached, _) if reached < total => Judgement::unstable(
            format!("reached in {reached} of {total} runs"),
            "the line is reached in some runs",
        ),
        (_, true) => Judgement::refuted("", "the line is reached"),
        (_, false) => Judgement::confirmed(String::new(), "the line is reached"),
    }
}

/// Whether it is known what runs the function around the line: it is `main`, what the wrapper calls, the wrapper
/// itself, or one that such a function calls; a function literal may never be called, unless it is called where it
/// stands (`defer func() {…}()`).
fn is_run(observation: &Observation, line: usize) -> bool {
    let syntax = &observation.program.draft.snippet.syntax;
    statement_on(syntax, line)
        .is_none_or(|statement| runs_around(observation, statement, &mut Vec::new()))
}

/// Whether it is known what runs the function around a node; `seen` are the functions that were asked for already.
fn runs_around<'t>(observation: &'t Observation, node: Node<'t>, seen: &mut Vec<&'t str>) -> bool {
    let draft = &observation.program.draft;
    let syntax = &draft.snippet.syntax;
    let mut node = Some(node);
    while let Some(at) = node {
        match at.kind() {
            "func_literal" if is_called(at) => node = at.parent(),
            "func_literal" | "method_declaration" => return false,
            "function_declaration" => {
                let Some(name) = at.child_by_field_name("name").map(|name| syntax.of(name)) else {
                    return false;
                };
                if name == "main" || draft.calls.iter().any(|call| call == name) {
                    return true;
                }
                if seen.contains(&name) {
                    return false;
                }
                seen.push(name);
                let mut calls = syntax.walk(syntax.root()).filter(|node| {
                    let callee = node.child_by_field_name("function");
                    node.kind() == "call_expression"
                        && callee.is_some_and(|callee| syntax.of(callee) == name)
                });
                return calls.any(|call| runs_around(observation, call, seen));
            }
            _ => node = at.parent(),
        }
    }
    true
}

/// Whether a function literal is called where it stands.
fn is_called(literal: Node) -> bool {
    let call = literal.parent().filter(|it| it.kind() == "call_expression");
    call.is_some_and(|call| call.child_by_field_name("function") == Some(literal))
}
