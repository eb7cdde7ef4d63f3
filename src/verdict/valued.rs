//! Claims about values and types, judged by probes in a second program.

use crate::claim::{Kind, Subject, value};
use crate::program::Role;
use crate::snippet::probe::Value;

use super::{Case, Judgement, text};

/// Judge a value or type claim.
pub fn judge(case: &Case) -> Judgement {
    let Subject::Value { line, expression } = &case.claim.subject else {
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
        let Some(index) = probes
            .iter()
            .position(|probe| probe.0 == *line && probe.1 == *expression)
        else {
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
        if let Some(first) = seen.first() {
            return judge_values(case, expression, &seen, first);
        }
    }
    Judgement::unverified(reason)
}

fn judge_values(case: &Case, expression: &str, seen: &[Value], first: &Value) -> Judgement {
    let matches = |value: &Value| match case.claim.kind {
        Kind::Type => same_type(&case.claim.expected, &value.kind),
        _ => value::candidates(&case.claim.expected)
            .iter()
            .any(|reading| text::compare(reading, &value.text).is_some()),
    };
    let shown = match case.claim.kind {
        Kind::Type => first.kind.clone(),
        _ => first.text.clone(),
    };
    let fitting = seen.iter().filter(|value| matches(value)).count();
    if expression
        .strip_prefix("cap(")
        .is_some_and(|of| grows(case, of.trim_end_matches(')')))
    {
        // A probe makes a slice escape, and the first capacities differ then (since Go 1.25).
        return Judgement {
            observed: shown,
            ..Judgement::unverified(
                "looking at a slice that grows can change its capacity; print it in the block",
            )
        };
    }
    if fitting == seen.len() {
        return Judgement::confirmed(
            format!("`{expression}` was looked at after this line"),
            shown,
        );
    }
    if fitting > 0 || seen.iter().any(|value| value != first) {
        return Judgement {
            observed: shown,
            ..Judgement::unverified("the value is not the same each time the line runs")
        };
    }
    if value::is_fleeting(&first.text) || case.claim.hedged {
        return Judgement {
            observed: shown,
            ..Judgement::unverified("the value is different in every run")
        };
    }
    Judgement::refuted(
        format!("`{expression}` was looked at after this line"),
        shown,
    )
}

/// Whether the block grows the slice `name`.
fn grows(case: &Case, name: &str) -> bool {
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
