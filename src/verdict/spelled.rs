//! What the code spells out itself, a comment may leave out: `fmt.Println("sum:", sum) // 10`.
//!
//! The rule: string literals among the arguments of a print call, and the text of a literal format, stand in
//! its output for every reader to see. A comment that gives just the other values, in their order, says all
//! that the code does not.

use regex::Regex;
use tree_sitter::Node;

use crate::claim::spelled::{Part, formatted, literal};
use crate::snippet::Syntax;
use crate::snippet::probe::{print_calls, statement_on};

/// What the one print call on `line` (from 0) wrote in `printed`, without what its code spells out. `None`
/// if nothing is spelled out, or if it can't be told apart.
pub fn values_printed(syntax: &Syntax, line: usize, printed: &str) -> Option<String> {
    let statement = statement_on(syntax, line)?;
    let calls = print_calls(syntax, statement, line);
    let [call] = calls.as_slice() else {
        return None;
    };
    let pattern = Regex::new(&pattern(syntax, *call)?).ok()?;
    let found = pattern.captures(printed.trim())?;
    let values: Vec<&str> = found
        .iter()
        .skip(1)
        .flatten()
        .map(|value| value.as_str().trim())
        .collect();
    Some(values.join(" "))
}

/// The output of a call as a regular expression with a group for each value; `None` if there is no value or
/// no text beside them.
fn pattern(syntax: &Syntax, call: Node) -> Option<String> {
    let function = syntax.of(call.child_by_field_name("function")?);
    let list = call.child_by_field_name("arguments")?;
    let mut cursor = list.walk();
    let arguments: Vec<Node> = list
        .named_children(&mut cursor)
        .filter(|node| node.kind() != "comment")
        .collect();
    let parts = if function.ends_with("Printf") {
        formatted(&literal(syntax, *arguments.first()?)?)
    } else {
        let separator = if function.ends_with("ln") { " " } else { "" };
        let mut parts = Vec::new();
        for (at, argument) in arguments.iter().enumerate() {
            if at > 0 {
                parts.push(Part::Text(separator.to_owned()));
            }
            parts.push(match argument.kind() {
                "interpreted_string_literal" | "raw_string_literal" => {
                    Part::Text(literal(syntax, *argument)?)
                }
                _ => Part::Value,
            });
        }
        parts
    };
    let speaks =
        |part: &Part| matches!(part, Part::Text(text) if text.chars().any(char::is_alphanumeric));
    if !parts.iter().any(speaks) || !parts.contains(&Part::Value) {
        return None;
    }
    let inner: String = parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => regex::escape(text),
            Part::Value => "(.*?)".to_owned(),
        })
        .collect();
    Some(format!(r"^\s*{}\s*$", inner.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(code: &str, printed: &str) -> Option<String> {
        values_printed(&Syntax::parse(code), 0, printed)
    }

    #[test]
    fn what_the_code_spells_out_is_left_out() {
        for (code, printed, expected) in [
            ("fmt.Println(\"sum:\", s)", "sum: 10\n", "10"),
            ("fmt.Println(\"a\", x, \"b\", y)", "a 1 b 2\n", "1 2"),
            (
                "fmt.Printf(\"len=%d cap=%d %v\\n\", a, b, s)",
                "len=3 cap=4 [1 2]\n",
                "3 4 [1 2]",
            ),
            ("fmt.Printf(\"%5.2f%% done\", f)", " 3.14% done", "3.14"),
            ("fmt.Print(\"n: \", n, \"\\n\")", "n: 7\n", "7"),
        ] {
            assert_eq!(values(code, printed).as_deref(), Some(expected), "{code}");
        }
    }

    #[test]
    fn where_nothing_is_spelled_out_there_is_nothing_to_leave_out() {
        for (code, printed) in [
            ("fmt.Println(x, y)", "1 2\n"),
            ("fmt.Printf(\"%d %d\\n\", x, y)", "1 2\n"),
            ("fmt.Println(\"only text\")", "only text\n"),
            ("fmt.Println(\"sum:\", s)", "another line\n"),
            ("s := 3", ""),
        ] {
            assert_eq!(values(code, printed), None, "{code}");
        }
    }
}
