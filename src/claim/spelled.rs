//! Words that a program may print because its code spells them: `fmt.Println(u.Name) // Ann`.
//!
//! The rule: a comment behind a print call that gives one piece for each value the call prints, where each piece
//! looks like a value or is a whole string literal that stands elsewhere in the code as a value (and not as a
//! key, an index or a format), quotes output. Other words describe it.

use regex::Regex;
use tree_sitter::Node;

use crate::snippet::Syntax;
use crate::snippet::probe::print_calls;
use crate::snippet::syntax::is_string_literal;

use super::lexicon::is_cjk;
use super::value;

/// Whether the comment's `text`, or what stands before the author's remark in it, gives the values that the one
/// print call of `statement` prints.
pub fn values(syntax: &Syntax, statement: Node, text: &str) -> bool {
    let line = statement.end_position().row;
    let calls = print_calls(syntax, statement, line);
    let [call] = calls.as_slice() else {
        return false;
    };
    let Some(count) = printed(syntax, *call) else {
        return false;
    };
    let elsewhere = literals(syntax, Some(statement));
    // `sum: 3` behind `fmt.Println("sum:", x)`: with the texts of the call itself, a piece for each argument.
    let all = literals(syntax, None);
    let arguments = call.child_by_field_name("arguments");
    let arguments = arguments.map_or(0, |list| list.named_child_count());
    value::candidates(text).iter().any(|candidate| {
        if arguments > count && segments(candidate, &all, arguments) {
            return true;
        }
        segments(candidate, &elsewhere, count)
    })
}

/// Whether a text is `count` values and whole literals in a row: `0 empty key` for a number and an error's text.
fn segments(text: &str, literals: &[&str], count: usize) -> bool {
    let text = text.trim_start_matches([' ', ',', '，', '、']).trim_end();
    if count == 0 || text.is_empty() {
        return count == 0 && text.is_empty();
    }
    let ends = |rest: &str| rest.is_empty() || rest.starts_with([' ', ',', '，', '、']);
    let piece = value::pieces(text).first().copied().unwrap_or_default();
    let value = Some(piece).filter(|piece| value::is_value(piece) && text.starts_with(piece));
    literals.iter().copied().chain(value).any(|start| {
        text.strip_prefix(start)
            .is_some_and(|rest| ends(rest) && segments(rest, literals, count - 1))
    })
}

/// Whether a comment is made of whole string literals of the code, one right behind the other, where the line
/// prints one thing: `hello ann` of `"hello " + name`.
pub fn joins(syntax: &Syntax, statement: Node, text: &str) -> bool {
    fn made(text: &str, literals: &[&str], used: usize) -> bool {
        (text.is_empty() && used > 1)
            || literals.iter().any(|literal| {
                text.strip_prefix(literal)
                    .is_some_and(|rest| made(rest, literals, used + 1))
            })
    }
    let line = statement.end_position().row;
    let calls = print_calls(syntax, statement, line);
    let [call] = calls.as_slice() else {
        return false;
    };
    let alone = call
        .child_by_field_name("arguments")
        .is_some_and(|list| list.named_child_count() == 1);
    // A letter or two may be joined to anything.
    let words: Vec<&str> = literals(syntax, None)
        .into_iter()
        .filter(|literal| literal.chars().filter(|c| c.is_alphabetic()).count() > 2)
        .collect();
    alone && value::candidates(text).iter().any(|it| made(it, &words, 0))
}

// The texts of errors of the standard library that programs print by their names.
const SENTINELS: [&str; 8] = [
    "context canceled",
    "context deadline exceeded",
    "EOF",
    "unexpected EOF",
    "file already exists",
    "file does not exist",
    "http: Server closed",
    "sql: no rows in result set",
];

/// Whether a comment is what a format of the code makes (`caught: x` of `"caught: %v"`), or the text of one of
/// the standard library's errors.
pub fn formats(syntax: &Syntax, text: &str) -> bool {
    let made = |format: &str| {
        let parts = formatted(format.trim_end_matches("\\n"));
        let letters = parts.iter().map(|part| match part {
            Part::Text(text) => text.chars().filter(|c| c.is_alphabetic()).count(),
            Part::Value => 0,
        });
        let pattern: String = parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => regex::escape(text),
                Part::Value => "(.+)".to_owned(),
            })
            .collect();
        letters.sum::<usize>() > 3
            && parts.contains(&Part::Value)
            && Regex::new(&format!("^{pattern}$")).is_ok_and(|pattern| pattern.is_match(text))
    };
    SENTINELS.contains(&text)
        || syntax
            .walk(syntax.root())
            .filter(|node| node.kind() == "interpreted_string_literal")
            .filter_map(|node| literal(syntax, node))
            .any(|format| format.contains('%') && made(&format))
}

/// Whether a comment is a part of a text that the one argument of the print call works on:
/// `fmt.Println(strings.TrimLeft("xxy", "x")) // y`, `fmt.Println(string(r[1])) // 界`.
pub fn cuts(syntax: &Syntax, statement: Node, text: &str) -> bool {
    let line = statement.end_position().row;
    let calls = print_calls(syntax, statement, line);
    let [call] = calls.as_slice() else {
        return false;
    };
    let Some(list) = call.child_by_field_name("arguments") else {
        return false;
    };
    let works = [
        "strings.",
        "bytes.",
        "path.",
        "filepath.",
        "strconv.",
        "string(",
    ];
    let alone = list.named_child_count() == 1;
    let of_text = list.named_child(0).is_some_and(|argument| {
        argument.kind() == "call_expression"
            && works
                .iter()
                .any(|package| syntax.of(argument).starts_with(package))
    });
    // `s[:3]` of a text: what is cut out stands in it as it is.
    let sliced = list.named_child(0).is_some_and(|argument| {
        // `s[1]` gives a number, which many take for the letter there.
        let letter = argument.kind() == "index_expression" && text.chars().count() == 1;
        (argument.kind() == "slice_expression" || letter)
            && literals(syntax, None).iter().any(|it| it.contains(text))
    });
    if alone && sliced && !text.is_empty() {
        return true;
    }
    let word = text.to_lowercase();
    // Chinese words describe as a rule; a character or two may be cut out of a longer text.
    let short = text.chars().all(is_cjk) && text.chars().count() <= 2;
    let own = || {
        syntax
            .walk(list)
            .filter_map(|node| literal(syntax, node))
            .collect()
    };
    let texts: Vec<String> = if short {
        let all = literals(syntax, Some(statement));
        all.into_iter().map(str::to_owned).collect()
    } else {
        own()
    };
    let whole = texts.iter().any(|it| it.to_lowercase() == word);
    alone
        && of_text
        && (whole
            || (short || value::is_word(text))
                && texts.iter().any(|it| it.to_lowercase().contains(&word)))
}

/// How many values a print call prints whose text does not stand in it; `None` if it cannot be told.
fn printed(syntax: &Syntax, call: Node) -> Option<usize> {
    let list = call.child_by_field_name("arguments")?;
    let mut cursor = list.walk();
    let arguments: Vec<Node> = list.named_children(&mut cursor).collect();
    let spread = syntax.of(list).contains("...");
    let texts = arguments.iter().filter(|node| is_string_literal(**node));
    let texts = texts.count();
    // One call may give several values.
    let one_call = arguments.len() == 1 && arguments[0].kind() == "call_expression";
    (!spread && !one_call && texts < arguments.len()).then_some(arguments.len() - texts)
}

/// The string literals of the code that are values, without their quotes.
pub fn literals<'t>(syntax: &'t Syntax, besides: Option<Node>) -> Vec<&'t str> {
    let outside = |node: &Node| {
        besides.is_none_or(|statement| {
            node.end_byte() <= statement.start_byte() || node.start_byte() >= statement.end_byte()
        })
    };
    syntax
        .walk(syntax.root())
        .filter(|node| is_string_literal(*node))
        .filter(|node| outside(node) && is_value_of(syntax, *node))
        .map(|node| syntax.of(node).trim_matches(['"', '`']))
        .filter(|text| !text.trim().is_empty())
        .collect()
}

/// A piece of what a format makes.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// Text as it stands.
    Text(String),
    /// What a verb stands for.
    Value,
}

/// A format of package fmt as text and verbs.
pub fn formatted(format: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = format.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        // Flags, width and precision stand before the letter of the verb.
        match rest.find(|c| c.is_alphabetic() || *c == '%') {
            Some('%') | None => text.push('%'),
            Some(_) => {
                parts.push(Part::Text(std::mem::take(&mut text)));
                parts.push(Part::Value);
            }
        }
    }
    parts.push(Part::Text(text.trim_end().to_owned()));
    parts
}

/// The text of a string literal; `None` if it has escapes other than the everyday ones.
pub fn literal(syntax: &Syntax, node: Node) -> Option<String> {
    let source = syntax.of(node);
    if node.kind() == "raw_string_literal" {
        return Some(source.trim_matches('`').to_owned());
    }
    let inner = source.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::new();
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        text.push(match c {
            '\\' => match rest.next()? {
                'n' => '\n',
                't' => '\t',
                same @ ('"' | '\\') => same,
                _ => return None,
            },
            c => c,
        });
    }
    Some(text)
}

/// Whether a literal is something's value: neither a key, an index, a tag, an import nor a format.
fn is_value_of(syntax: &Syntax, literal: Node) -> bool {
    let Some(parent) = literal.parent() else {
        return false;
    };
    let first_of = |node: Node| node.named_child(0).is_some_and(|it| it == literal);
    match parent.kind() {
        "import_spec" | "field_declaration" | "index_expression" | "expression_case" => false,
        // In `{"key": "value"}` both may be wrapped.
        "literal_element" => parent.parent().is_none_or(|pair| {
            pair.kind() != "keyed_element" || pair.named_child(0).is_none_or(|key| key != parent)
        }),
        "keyed_element" => !first_of(parent),
        "argument_list" => {
            let function = parent
                .parent()
                .and_then(|call| call.child_by_field_name("function"));
            let formats = function.is_some_and(|it| syntax.of(it).ends_with('f'));
            !(formats && first_of(parent))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snippet::probe::statement_on;

    fn quotes(code: &str, text: &str) -> bool {
        let syntax = Syntax::parse(code);
        let line = code.trim_end().lines().count() - 1;
        values(&syntax, statement_on(&syntax, line).unwrap(), text)
    }

    #[test]
    fn words_that_the_code_spells_are_values() {
        let code = "u := user{name: \"Ann\"}\nu.name = \"Tom Lee\"\nfmt.Println(u.name)";
        assert!(quotes(code, "Ann"));
        assert!(quotes(code, "Tom Lee"));
        assert!(quotes(code, "Ann，没有变"));
        assert!(quotes("a, b := \"x\", 1\nfmt.Println(a, b)", "x 2"));
        assert!(quotes("fmt.Println(\"sum:\", x)", "sum: 3"));
        let code = "err := errors.New(\"empty key\")\nfmt.Println(n, err)";
        assert!(quotes(code, "0 empty key"));
    }

    #[test]
    fn what_formats_make_and_what_is_cut_out_of_texts() {
        let code = "err := fmt.Errorf(\"caught: %v\", r)\nfmt.Println(err)";
        assert!(formats(&Syntax::parse(code), "caught: x"));
        assert!(!formats(&Syntax::parse(code), "the error"));
        assert!(!formats(
            &Syntax::parse("fmt.Printf(\"%v\", r)"),
            "the error"
        ));
        let code = "fmt.Println(strings.TrimLeft(\"xxyz\", \"x\"))";
        let syntax = Syntax::parse(code);
        assert!(cuts(&syntax, statement_on(&syntax, 0).unwrap(), "yz"));
        assert!(!cuts(&syntax, statement_on(&syntax, 0).unwrap(), "trimmed"));
        let syntax = Syntax::parse("r := []rune(\"上下左右\")\nfmt.Println(string(r[1]))");
        assert!(cuts(&syntax, statement_on(&syntax, 1).unwrap(), "左"));
        assert!(!cuts(&syntax, statement_on(&syntax, 1).unwrap(), "字符"));
    }

    #[test]
    fn other_words_describe() {
        for (code, text) in [
            ("m := map[string]int{\"age\": 1}\nfmt.Println(m)", "age"),
            ("v := m[\"age\"]\nfmt.Println(v)", "age"),
            ("fmt.Println(\"Ann\", x)", "Ann"),
            ("s := \"Ann\"\nfmt.Println(s)", "the name"),
            ("s := \"Ann\"\nfmt.Println(s, 1)", "Ann"),
            ("fmt.Println(\"sum:\", x)", "the sum"),
            ("s := fmt.Sprintf(\"Ann\")\nfmt.Println(s)", "Ann"),
        ] {
            assert!(!quotes(code, text), "{code} // {text}");
        }
    }
}
