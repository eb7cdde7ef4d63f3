//! Claims about values and types, judged by probes in a second program.

use std::borrow::Cow;

use crate::claim::{Kind, Subject, value};
use crate::program::Role;
use crate::snippet::probe::{Glance, Look, Value};
use crate::toolchain::stdlib::own;

use super::digits::{self, Fewer};
use super::output::{FEWER_DIGITS, OTHER_CASE};
use super::{Case, Judgement, partial, text};

/// Judge a claim about what an expression is worth.
pub fn judge(case: &Case) -> Judgement {
    let Subject::Value(glance) = &case.claim.subject else {
        return Judgement::unverified("claims of this kind are not judged yet");
    };
    let mut reason = if case.obstacle.is_empty() {
        "nothing in the block runs this line"
    } else {
        case.obstacle
    };
    for observation in case.observations {
        if observation.program.role != Role::Valued {
            continue;
        }
        let probes = &observation.program.draft.probes.values;
        let Some(index) = probes.iter().position(|probe| probe == glance) else {
            continue;
        };
        if !observation.compiled {
            reason = "what the comment speaks of cannot be looked at on this line";
            continue;
        }
        let seen: Vec<Value> = observation
            .probed()
            .into_iter()
            .flat_map(|run| run.values)
            .filter(|(probe, _)| *probe == index)
            .map(|(_, value)| value)
            .collect();
        if !seen.is_empty() {
            return judge_seen(case, glance, &seen);
        }
        if matches!(glance.look, Look::Called | Look::AtEnd) {
            reason = "the call does not come to its end";
        }
    }
    Judgement::unverified(reason)
}

fn judge_seen(case: &Case, glance: &Glance, seen: &[Value]) -> Judgement {
    let expression = &glance.expression;
    if case.claim.kind == Kind::Panic {
        return panics(case, seen);
    }
    let judged = match glance.look {
        Look::Change => changes(case, expression, seen),
        Look::Holds => yes_or_no(case, seen, &format!("`{expression}`"), ["true", "false"]),
        Look::Shared => yes_or_no(
            case,
            seen,
            &format!("the pointers in `{expression}`"),
            ["all the same", "not all the same"],
        ),
        Look::Allocates => allocates(case, seen),
        Look::After | Look::Itself | Look::Targets | Look::Called | Look::AtEnd => {
            judge_values(case, glance, seen)
        }
    };
    if grows(case, glance) {
        // The first capacities of a slice depend on whether it escapes (since Go 1.25), and that on what the
        // author did with it where he saw them.
        judged.without_refutation(
            "the capacities of a slice that grows depend on what else is done with it; print them in the block",
        )
    } else {
        judged
    }
}

/// A claim that a call panics, or does not.
fn panics(case: &Case, seen: &[Value]) -> Judgement {
    let message = seen[0].text.strip_prefix("panic: ");
    let observed = match message {
        Some(_) => seen[0].text.clone(),
        None => "the call comes to its end".to_owned(),
    };
    if seen.iter().any(|value| value.text != seen[0].text) {
        return Judgement::unverified("the call does not end the same way each time");
    }
    let fits = message.is_some() != case.claim.negated;
    let expected = case.claim.expected.trim_start_matches("panic: ");
    match message {
        Some(message) if fits && !message.contains(expected) => {
            Judgement::refuted("it ends with another message", observed)
        }
        _ if fits => Judgement::confirmed("the call was made", observed),
        _ if case.claim.hedged => Judgement::unverified("said to be possible; it is not so here"),
        _ => Judgement::refuted("the call was made", observed),
    }
}

/// A claim that something changes with the statement, or does not.
fn changes(case: &Case, expression: &str, seen: &[Value]) -> Judgement {
    let changed: Vec<bool> = seen
        .chunks_exact(2)
        .map(|pair| pair[0].text != pair[1].text)
        .collect();
    let (Some(first), true) = (changed.first(), seen.len() > 1) else {
        return Judgement::unverified("the statement does not come to its end");
    };
    let observed = format!("{} → {}", seen[0].text, seen[1].text);
    let reason = format!("`{expression}` was looked at before and after this line");
    if changed.iter().any(|one| one != first) {
        return Judgement {
            observed,
            ..Judgement::unverified("it is not the same each time the line runs")
        };
    }
    if *first != case.claim.negated {
        Judgement::confirmed(reason, observed)
    } else if value::is_fleeting(&observed) || case.claim.hedged {
        Judgement::unverified("the value is different in every run")
    } else {
        Judgement::refuted(reason, observed)
    }
}

/// A claim that is a condition.
fn yes_or_no(case: &Case, seen: &[Value], what: &str, words: [&str; 2]) -> Judgement {
    let holds = |value: &Value| value.text == "true";
    let first = holds(&seen[0]);
    let observed = format!("{what}: {}", words[usize::from(!first)]);
    if seen.iter().any(|value| holds(value) != first) {
        return Judgement {
            observed,
            ..Judgement::unverified("it is not the same each time the line runs")
        };
    }
    if first != case.claim.negated {
        Judgement::confirmed("looked at after this line", observed)
    } else if case.claim.hedged {
        Judgement::unverified("said to be possible; it is not so here")
    } else {
        Judgement::refuted("looked at after this line", observed)
    }
}

/// A claim that the line puts something on the heap, of which the compiler's report says nothing: counted
/// while it ran. What it does not allocate itself may live there all the same.
fn allocates(case: &Case, seen: &[Value]) -> Judgement {
    let allocates = seen.iter().all(|value| value.text == "true");
    let wants_heap = matches!(case.claim.kind, Kind::Escape | Kind::Heap);
    let observed = "running this line allocates on the heap";
    match (allocates, wants_heap) {
        (true, true) => Judgement::confirmed("allocations were counted", observed),
        (true, false) => Judgement::refuted("allocations were counted", observed),
        (false, _) => Judgement::unverified(
            "running this line allocates nothing; what it refers to may live anywhere",
        ),
    }
}

fn judge_values(case: &Case, glance: &Glance, seen: &[Value]) -> Judgement {
    let expression = &glance.expression;
    let first = &seen[0];
    let readings = value::candidates(&case.claim.expected);
    let matches = |value: &Value| match (case.claim.kind, glance.look) {
        (Kind::Type, _) => same_type(&case.claim.expected, &value.kind),
        (_, Look::Targets) => all_are(&case.claim.expected, &value.text),
        _ => readings.iter().any(|reading| {
            text::compare(reading, &value.text).is_some()
                || value.kind == "time.Duration" && digits::same_duration(reading, &value.text)
        }),
    };
    let shown = match case.claim.kind {
        Kind::Type => first.kind.clone(),
        _ => first.text.clone(),
    };
    let reason = match glance.look {
        Look::Itself | Look::Called => format!("what `{}` gives", shown_of(expression)),
        Look::AtEnd => format!("what `{}` gives at the end", shown_of(expression)),
        Look::Targets => format!("what the pointers in `{expression}` point to"),
        _ => format!("`{expression}` was looked at after this line"),
    };
    let fitting = seen.iter().filter(|value| matches(value)).count();
    // A text given in the note's prose has the blanks that are seen there, and may have more.
    if fitting == seen.len()
        && matches!(glance.look, Look::Called | Look::AtEnd)
        && shown.trim() != shown
    {
        return Judgement {
            observed: format!("{shown:?}"),
            ..Judgement::unverified("apart from the blanks around it, which the note may leave out")
        };
    }
    if fitting == seen.len() {
        return Judgement::confirmed(reason, shown);
    }
    if fitting > 0 || seen.iter().any(|value| value != first) {
        return Judgement {
            observed: shown,
            ..Judgement::unverified("the value is not the same each time the line runs")
        };
    }
    if value::is_fleeting(&first.text) || text::has_address(&shown) || case.claim.hedged {
        return Judgement {
            observed: shown,
            ..Judgement::unverified("the value is different in every run")
        };
    }
    if partial::is_one_of_cases(&case.claim.text, &shown) {
        return Judgement {
            observed: shown,
            ..Judgement::unverified(OTHER_CASE)
        };
    }
    let mut fewer = readings
        .iter()
        .filter_map(|reading| digits::fewer(reading, &shown));
    match fewer.next() {
        Some(Fewer::Marked) => Judgement::confirmed("as far as its digits go", shown),
        Some(Fewer::Unmarked) => Judgement {
            observed: shown,
            ..Judgement::unverified(FEWER_DIGITS)
        },
        None => Judgement::refuted(reason, shown),
    }
}

/// An expression as the note has it: without what gosnip puts around a statement that prints.
fn shown_of(expression: &str) -> Cow<'_, str> {
    match expression.strip_prefix(own::NAME) {
        Some(rest) if rest.starts_with(".Print") => Cow::Owned(format!("fmt{rest}")),
        _ => Cow::Borrowed(expression),
    }
}

/// Whether each value of a list is `expected`.
fn all_are(expected: &str, list: &str) -> bool {
    let list = list.trim_start_matches('[').trim_end_matches(']');
    let mut values = list.split_whitespace().peekable();
    values.peek().is_some() && values.all(|value| text::compare(expected, value).is_some())
}

/// Whether it is the capacity of a slice that is looked at, and the block grows that slice.
fn grows(case: &Case, glance: &Glance) -> bool {
    let of = glance.expression.strip_prefix("cap(");
    let Some(name) = of.map(|of| of.trim_end_matches(')')) else {
        return false;
    };
    let grown = format!("{name} = append(");
    case.observations
        .iter()
        .any(|observation| observation.program.draft.snippet.code().contains(&grown))
}

/// Whether a type is named: `rune` is `int32`, `any` is `interface {}`, and `main.` is often left out.
fn same_type(expected: &str, kind: &str) -> bool {
    let plain = |text: &str| {
        let words: Vec<&str> = text
            .split_inclusive(|c: char| !(c.is_alphanumeric() || c == '_'))
            .collect();
        let mut plain = String::new();
        for piece in words {
            let end = piece.trim_end_matches(|c: char| !(c.is_alphanumeric() || c == '_'));
            let word = match end {
                "rune" => "int32",
                "byte" => "uint8",
                "any" => "interface{}",
                other => other,
            };
            plain.push_str(word);
            plain.push_str(&piece[end.len()..]);
        }
        plain.replace("main.", "").replace(' ', "")
    };
    plain(expected) == plain(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_several_names() {
        for (expected, kind) in [
            ("*int", "*int"),
            ("rune", "int32"),
            ("[]byte", "[]uint8"),
            ("map[string]any", "map[string]interface {}"),
            ("Point", "main.Point"),
        ] {
            assert!(same_type(expected, kind), "{expected} {kind}");
        }
        assert!(!same_type("int", "int64"));
    }
}
