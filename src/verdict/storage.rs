//! Claims about where values live, judged by the compiler's escape report (`-m`).
//!
//! | the report says | about |
//! | --- | --- |
//! | `moved to heap: x` | the variable x |
//! | `x escapes to heap` | a copy of x in an interface, or what x points to |
//! | `&T{...} escapes to heap`, `make(…) escapes to heap` | what the expression allocates |
//! | `… does not escape` | likewise, on the stack |
//!
//! A variable that is never moved prints no line at all. Channels have none either.

use tree_sitter::Node;

use crate::claim::storage::mentions;
use crate::claim::{Claim, Form, Kind, Subject};
use crate::observation::Observation;
use crate::program::Role;
use crate::snippet::Syntax;
use crate::snippet::probe::statement_on;

use super::{Case, Judgement};

/// Judge a storage claim.
pub fn judge(case: &Case) -> Judgement {
    let observation = case
        .observations
        .iter()
        .find(|observation| observation.program.role == Role::Plain && observation.compiled);
    let Some(observation) = observation else {
        return Judgement::unverified(if case.obstacle.is_empty() {
            "the block does not compile"
        } else {
            case.obstacle
        });
    };
    if observation.program.draft.is_compiled_only() {
        return Judgement::unverified("something of the code is left out");
    }
    match case.claim.subject {
        Subject::Line(line) => of_line(case.claim, observation, line),
        _ => listing(case.claim, observation),
    }
}

fn of_line(claim: &Claim, observation: &Observation, line: usize) -> Judgement {
    let syntax = &observation.program.draft.snippet.syntax;
    let Some(statement) = statement_on(syntax, line) else {
        return Judgement::unverified("no statement stands on this line");
    };
    let report = Report::of(observation, syntax, statement, line);
    if claim.form == Form::Expectation {
        return by_pattern(claim, &report, line);
    }
    let name = claim.expected.trim_start_matches('&');
    let wants_heap = matches!(claim.kind, Kind::Escape | Kind::Heap);
    let judged = if name.is_empty() {
        report.allocation()
    } else {
        match report.variable(syntax, statement, name) {
            // `a := new(T)` and later `return a`: it is what `a` holds that the comment speaks of.
            Place::Stack(message) => match held(observation, syntax, statement, name) {
                Some(Place::Unknown(_)) | None => Place::Stack(message),
                Some(known) => known,
            },
            known => known,
        }
    };
    match judged {
        Place::Heap(message) if wants_heap => Judgement::confirmed("", message),
        Place::Heap(message) => Judgement::refuted("", message),
        Place::Stack(message)
            if claim.kind != Kind::NoEscape
                && is_sized_at_run_time(&message)
                && !is_quoted(claim) =>
        {
            Judgement {
                observed: message,
                ..Judgement::unverified(
                    "since Go 1.25 the size decides when the program runs: up to 32 bytes are on the stack, more on the heap",
                )
            }
        }
        Place::Stack(message) if !wants_heap => Judgement::confirmed("", message),
        Place::Stack(_) if claim.kind == Kind::Heap && calls_function(syntax, statement) => {
            Judgement::unverified(
                "what the called function gives back may live on the heap all the same",
            )
        }
        Place::Stack(message) if claim.hedged && is_sketch(syntax, statement) => Judgement {
            observed: message,
            ..Judgement::unverified(
                "said to be possible; here it does not, but something of the code is left out",
            )
        },
        // Where something lives is settled when it is compiled: what does not escape then never does.
        Place::Stack(message) if claim.hedged => Judgement::refuted(
            "said to be possible; for this code it is settled at compile time",
            message,
        ),
        Place::Stack(message) => Judgement::refuted("", message),
        Place::Unknown(reason) => Judgement::unverified(reason),
    }
}

/// Where what `name` is made to hold lives, if it is declared once in the function around `statement`, on another line.
fn held(observation: &Observation, syntax: &Syntax, statement: Node, name: &str) -> Option<Place> {
    let rows = function_rows(syntax, statement);
    let declares = |node: &Node| {
        matches!(node.kind(), "short_var_declaration" | "var_declaration")
            && rows.contains(&node.start_position().row)
            && crate::claim::storage::declared(syntax, *node).as_deref() == Some(name)
    };
    let mut declarations = syntax.walk(syntax.root()).filter(declares);
    let only = declarations
        .next()
        .filter(|_| declarations.next().is_none())?;
    let line = only.start_position().row;
    (line != statement.start_position().row)
        .then(|| Report::of(observation, syntax, only, line).allocation())
}

/// Whether the claim is the report's own line, so that it is about the report and not about memory.
fn is_quoted(claim: &Claim) -> bool {
    claim.text.trim() == format!("{} escapes to heap", claim.expected)
        && claim.expected.starts_with("make(")
}

/// Whether a message is about a slice whose size the compiler does not know: `make([]int, n) does not
/// escape`. Where it lives is known only at run time (Go 1.25 release notes, "Compiler").
fn is_sized_at_run_time(message: &str) -> bool {
    message
        .strip_prefix("make([]")
        .and_then(|rest| rest.strip_suffix(") does not escape"))
        .and_then(|rest| rest.split_once(", "))
        .is_some_and(|(_, sizes)| sizes.contains(|c: char| c.is_alphabetic()))
}

/// Whether the code that decides is only sketched: a function with nothing but comments in its body, or a
/// comment in place of code ("使用 x", "do something") in the function around the statement.
fn is_sketch(syntax: &Syntax, statement: Node) -> bool {
    let rows = function_rows(syntax, statement);
    let empty = syntax.walk(syntax.root()).any(|node| {
        node.kind() == "block"
            && node.parent().is_some_and(|parent| {
                matches!(parent.kind(), "function_declaration" | "method_declaration")
            })
            && !syntax.walk(node).any(|inner| {
                inner.is_named() && !matches!(inner.kind(), "block" | "comment" | "statement_list")
            })
    });
    let placeholder = [
        "使用", "处理", "执行", "操作", "do ", "use ", "...", "…", "TODO", "process",
    ];
    empty
        || crate::claim::comment::comments(syntax)
            .iter()
            .any(|comment| {
                !comment.trailing
                    && rows.contains(&comment.line)
                    && placeholder
                        .iter()
                        .any(|start| comment.text.starts_with(start))
            })
}

/// `// ERROR "re"`: one of the line's messages must match.
fn by_pattern(claim: &Claim, report: &Report, line: usize) -> Judgement {
    for message in &report.here {
        match super::recipe::matches(claim, line, message) {
            Ok(true) => return Judgement::confirmed("", *message),
            Ok(false) => {}
            Err(error) => return Judgement::unverified(error),
        }
    }
    Judgement::refuted("the report has no such line", report.here.join("\n"))
}

/// Where the report says something lives.
enum Place {
    Heap(String),
    Stack(String),
    Unknown(&'static str),
}

/// The lines of the escape report that matter for one statement.
struct Report<'a> {
    /// Those of the line.
    here: Vec<&'a str>,
    /// Those of the function around it.
    function: Vec<&'a str>,
    /// Whether `-m` said anything of the function: then it was analysed.
    analysed: bool,
}

impl<'a> Report<'a> {
    fn of(observation: &'a Observation, syntax: &Syntax, statement: Node, line: usize) -> Self {
        let rows = function_rows(syntax, statement);
        let inside = |at: &Option<usize>| at.is_some_and(|at| rows.contains(&at));
        Self {
            here: observation
                .escapes
                .iter()
                .filter(|(at, _)| *at == Some(line))
                .map(|(_, escape)| escape.message.as_str())
                .collect(),
            function: observation
                .escapes
                .iter()
                .filter(|(at, _)| inside(at))
                .map(|(_, escape)| escape.message.as_str())
                .collect(),
            analysed: observation.compiled,
        }
    }

    /// Where what the line's expression allocates lives.
    fn allocation(&self) -> Place {
        let allocates = |message: &&&str| {
            [
                "&",
                "make(",
                "new(",
                "[]",
                "map[",
                "func literal",
                "string(",
            ]
            .iter()
            .any(|start| message.starts_with(start))
        };
        let heap = self
            .here
            .iter()
            .filter(allocates)
            .find(|message| message.ends_with("escapes to heap"));
        let stack = self
            .here
            .iter()
            .filter(allocates)
            .find(|message| message.ends_with("does not escape"));
        match (heap, stack) {
            (Some(message), None) => Place::Heap((*message).to_owned()),
            (None, Some(message)) => Place::Stack((*message).to_owned()),
            _ => Place::Unknown("the compiler reports no single allocation on this line"),
        }
    }

    /// Where the variable `name`, or what it is made to hold on the line, lives.
    fn variable(&self, syntax: &Syntax, statement: Node, name: &str) -> Place {
        let moved = format!("moved to heap: {name}");
        if let Some(message) = self.function.iter().find(|message| **message == moved) {
            return Place::Heap((*message).to_owned());
        }
        // A constant is boxed as itself since Go 1.25: `10 escapes to heap` for `x := 10` and `f(x)`.
        let constant = constant(syntax, name).map(|value| format!("{value} escapes to heap"));
        let boxed = format!("{name} escapes to heap");
        if let Some(message) = self
            .here
            .iter()
            .find(|message| **message == boxed || Some(**message) == constant.as_deref())
        {
            return Place::Heap((*message).to_owned());
        }
        let declared = crate::claim::storage::declared(syntax, statement);
        if declared.as_deref() == Some(name) {
            // `s := make([]int, 10)`: it is the allocation that the comment speaks of.
            match self.allocation() {
                Place::Unknown(_) if allocates_silently(syntax, statement) => {
                    return Place::Unknown("the compiler does not report where channels live");
                }
                Place::Unknown(_) => {}
                known => return known,
            }
        }
        if self
            .here
            .iter()
            .any(|message| message.ends_with("escapes to heap"))
        {
            return Place::Unknown(
                "something on this line escapes, but the report does not name this variable",
            );
        }
        let stays = format!("{name} does not escape");
        if let Some(message) = self.function.iter().find(|message| **message == stays) {
            return Place::Stack((*message).to_owned());
        }
        let is_local = !name.contains(['.', '(', '{']);
        if is_local && self.analysed {
            Place::Stack(format!("{name} is not moved to the heap"))
        } else {
            Place::Unknown("the report does not name this variable")
        }
    }
}

/// The literal that the code gives the variable `name`, if it does so once and never again.
fn constant<'a>(syntax: &'a Syntax, name: &str) -> Option<&'a str> {
    let mut values = syntax
        .walk(syntax.root())
        .filter(|node| {
            matches!(
                node.kind(),
                "short_var_declaration" | "assignment_statement"
            )
        })
        .filter(|node| {
            let left = node.child_by_field_name("left");
            left.is_some_and(|left| syntax.of(left) == name)
        })
        .filter_map(|node| node.child_by_field_name("right"));
    let (value, None) = (values.next()?, values.next()) else {
        return None;
    };
    let literal = value.named_child(0)?;
    let is_literal = matches!(
        literal.kind(),
        "int_literal" | "float_literal" | "interpreted_string_literal" | "true" | "false"
    );
    is_literal.then(|| syntax.of(value))
}

/// Whether the statement makes a channel, of which `-m` says nothing.
fn allocates_silently(syntax: &Syntax, statement: Node) -> bool {
    syntax
        .walk(statement)
        .any(|node| node.kind() == "channel_type")
}

/// Whether the statement calls a function of the program's own (or of a package), whose result may point
/// anywhere.
fn calls_function(syntax: &Syntax, statement: Node) -> bool {
    syntax.walk(statement).any(|node| {
        node.kind() == "call_expression"
            && node
                .child_by_field_name("function")
                .is_some_and(|callee| !["make", "new", "len", "cap"].contains(&syntax.of(callee)))
    })
}

/// The rows of the outermost function around a node, or all rows of a fragment's `main`.
fn function_rows(syntax: &Syntax, node: Node) -> std::ops::Range<usize> {
    let mut function = None;
    let mut at = Some(node);
    while let Some(node) = at {
        if matches!(node.kind(), "function_declaration" | "method_declaration") {
            function = Some(node);
        }
        at = node.parent();
    }
    match function {
        Some(node) => node.start_position().row..node.end_position().row + 1,
        None => 0..syntax.text.lines().count() + 1,
    }
}

/// A listing of `-m` lines: every message it gives must be in the report; positions are those of a file
/// that the note may not show in full.
fn listing(claim: &Claim, observation: &Observation) -> Judgement {
    let messages: Vec<&str> = claim
        .expected
        .lines()
        .filter_map(|line| {
            let (_, rest) = line.split_once(".go:")?;
            Some(
                rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':')
                    .trim(),
            )
        })
        .collect();
    let reported = |message: &&str| {
        observation
            .escapes
            .iter()
            .any(|(_, escape)| escape.message == *message)
    };
    let missing: Vec<&str> = messages
        .iter()
        .copied()
        .filter(|message| !reported(message))
        .collect();
    let shown = observation
        .escapes
        .iter()
        .map(|(_, escape)| escape.message.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    // What moves to the heap is said in the same words since Go 1.5, and of variables only.
    let moved = missing.iter().find(|message| {
        let name = message.strip_prefix("moved to heap: ").unwrap_or_default();
        let code = &observation.program.draft.snippet.syntax;
        !name.is_empty() && mentions(code, name) && !shown.contains(name)
    });
    // Of what the report says the opposite.
    let opposite = missing.iter().find(|message| {
        let stays = message.strip_suffix(" escapes to heap");
        let moves = message.strip_suffix(" does not escape");
        let other = match (stays, moves) {
            (Some(what), _) => format!("{what} does not escape"),
            (_, Some(what)) => format!("{what} escapes to heap"),
            _ => return false,
        };
        reported(&other.as_str())
    });
    let moved = moved.or(opposite);
    match (messages.is_empty(), missing.first()) {
        (false, None) => Judgement::confirmed("the positions aside", shown),
        _ if moved.is_some() && observation.program.draft.is_complete() => Judgement::refuted(
            format!(
                "the report does not say `{}`",
                moved.copied().unwrap_or_default()
            ),
            shown,
        ),
        (_, first) => Judgement {
            observed: shown,
            ..Judgement::unverified(format!(
                "the report does not say `{}`; its wording differs between Go versions",
                first.copied().unwrap_or_default()
            ))
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_that_is_a_name_is_known_at_run_time_only() {
        assert!(is_sized_at_run_time("make([]int, n) does not escape"));
        assert!(is_sized_at_run_time("make([]T, 0, len(s)) does not escape"));
        assert!(!is_sized_at_run_time("make([]int, 10) does not escape"));
        assert!(!is_sized_at_run_time(
            "make(map[string]int) does not escape"
        ));
        assert!(!is_sized_at_run_time("make([]int, n) escapes to heap"));
    }
}
