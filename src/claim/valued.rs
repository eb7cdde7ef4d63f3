//! Claims about values and types of things that are not printed: `s2 := s1[1:3] // s2: [2, 3]`,
//! `s = append(s, 4) // len=4`, `p := new(int) // p是*int类型`, `return 5 // 返回 10`.

use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use crate::snippet::Syntax;

use super::storage::declared;
use super::trailing::Builder;
use super::{Claim, Confidence, Kind, Subject, value};

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($text).expect("a constant"));
    };
}

// `s2: [2, 3]`, `s == nil`, `x = 5`, `s1变成[1 2 3]`, `x 的值为 5`
pattern!(
    NAMED,
    r"^(?P<name>[A-Za-z_]\w*(?:\.\w+|\[\w+\])*|\*[A-Za-z_]\w*)\s*(?:的值)?\s*(?:变成|变为|变成了|变为了|等于|为|是|==|=|:|：|is now|is|becomes)\s*(?P<value>\S.*)$"
);
// `len=4 cap=6`, `len(s) == 0`, `长度为10，容量为100`, `长度 3 容量 6`
pattern!(
    LENGTH,
    r"(?i)(?:\blen(?:gth)?\b\s*(?:\(\s*(?P<of>\w+)\s*\))?|长度|缓冲区?中?的?元素(?:个数|数量))\s*(?:是|为|=|==|:|：)?\s*(?P<value>\d+)"
);
pattern!(
    CAPACITY,
    r"(?i)(?:\bcap(?:acity)?\b\s*(?:\(\s*(?P<of>\w+)\s*\))?|容量|缓冲区?大小)\s*(?:是|为|=|==|:|：)?\s*(?P<value>\d+)"
);
// `类型是 *int`, `type: int`, `动态类型 int`, `p是*int类型`, `// int 类型`
pattern!(
    TYPE,
    r"(?i)(?:^|[\s，,；;])(?:(?P<name>[A-Za-z_]\w*)\s*)?(?:的)?(?:动态|静态|具体|底层)?(?:类型(?:是|为|[:：])?|\btype\s*(?:is|[:：])?)\s*(?P<after>[*\[\]A-Za-z][\w.*\[\]{}() ]*)|(?:^|[\s，,；;])(?P<what>[A-Za-z_]\w*)\s*(?:是|为|is an?|is)\s*(?:一个)?\s*(?P<before>[*\[\]A-Za-z][\w.*\[\]{}()]*)\s*(?:类型|type\b)"
);
// `返回 10`, `返回值会变成10`, `returns 10`
pattern!(
    RETURNS,
    r"(?i)^(?:最终|实际|这里|函数|此时)?(?:会|将)?(?:返回(?:的)?(?:值|结果)?(?:会|将)?(?:是|为|变成|变为|改为)?|(?:it |the function )?(?:returns|the result is|result is now))\s*[:：]?\s*(?P<value>\S.*)$"
);
// `// rune (int32)`: nothing but the name of one of Go's own types.
pattern!(
    BARE_TYPE,
    r"^(?P<type>(?:\*|\[\d*\])*(?:u?int(?:8|16|32|64)?|uintptr|float(?:32|64)|complex(?:64|128)|string|bool|rune|byte|error))\s*(?:\(\w+\)|（\w+）)?$"
);
pattern!(
    TYPE_NAME,
    r"^(?:\*|\[\d*\]|chan |<-chan |map\[\w+\])*(?:[A-Za-z_]\w*\.)?[A-Za-z_]\w*(?:\{\})?$"
);

/// The value and type claims of a comment behind `statement`.
pub fn read(builder: &Builder, syntax: &Syntax, statement: Node, line: usize) -> Vec<Claim> {
    let text = builder.comment.text.as_str();
    if let Some(claim) = returned(builder, syntax, statement, line, text) {
        return vec![claim];
    }
    if !matches!(
        statement.kind(),
        "short_var_declaration"
            | "assignment_statement"
            | "var_declaration"
            | "expression_statement"
            | "inc_statement"
            | "dec_statement"
            | "send_statement"
    ) {
        return Vec::new();
    }
    let assigned = assigned(syntax, statement);
    let mut claims = Vec::new();
    let value_of = |kind, expression: &str, expected: &str, confidence| Claim {
        subject: Subject::Value {
            line,
            expression: expression.to_owned(),
        },
        ..builder.claim(kind, expected, confidence)
    };
    for (pattern, function) in [(&*LENGTH, "len"), (&*CAPACITY, "cap")] {
        for found in pattern.captures_iter(text) {
            let of = found.name("of").map(|name| name.as_str().to_owned());
            if let Some(name) = of
                .or_else(|| assigned.clone())
                .filter(|name| known(syntax, name))
            {
                let expression = format!("{function}({name})");
                claims.push(value_of(
                    Kind::Value,
                    &expression,
                    &found["value"],
                    Confidence::Certain,
                ));
            }
        }
    }
    if let Some(found) = TYPE.captures(text) {
        let said = found
            .name("after")
            .or(found.name("before"))
            .map_or("", |said| said.as_str().trim());
        let name = found
            .name("name")
            .or(found.name("what"))
            .map(|name| name.as_str().to_owned());
        let name = name
            .filter(|name| known(syntax, name))
            .or_else(|| assigned.clone());
        if let Some(name) = name
            && TYPE_NAME.is_match(said)
        {
            claims.push(value_of(Kind::Type, &name, said, Confidence::Certain));
        }
    }
    if claims.is_empty() {
        claims.extend(named(syntax, statement, text, &value_of));
    }
    if claims.is_empty()
        && let Some(name) = &assigned
        && let Some(found) = BARE_TYPE.captures(text)
    {
        claims.push(value_of(
            Kind::Type,
            name,
            &found["type"],
            Confidence::Likely,
        ));
    }
    if claims.is_empty()
        && let Some(name) = assigned
        && value::is_values(text)
        && computes(syntax, statement)
    {
        // A bare value behind an assignment: what the variable is worth now.
        claims.push(value_of(Kind::Value, &name, text, Confidence::Likely));
    }
    claims
}

/// `s2: [2, 3], s1变成[1 2 3]`: one claim for each name that the code has.
fn named(
    syntax: &Syntax,
    statement: Node,
    text: &str,
    value_of: &dyn Fn(Kind, &str, &str, Confidence) -> Claim,
) -> Vec<Claim> {
    let mut claims = Vec::new();
    for part in parts(text) {
        let Some(found) = NAMED.captures(part) else {
            continue;
        };
        let (name, said) = (&found["name"], found["value"].trim());
        let base = name
            .trim_start_matches('*')
            .split(['.', '['])
            .next()
            .unwrap_or(name);
        if !known(syntax, base) || !value::starts_with_value(said) {
            continue;
        }
        // `x := 5 // x = 5` says again what the code says; it is true, and worth no probe.
        if computes(syntax, statement) || assigned(syntax, statement).as_deref() != Some(name) {
            claims.push(value_of(Kind::Value, name, said, Confidence::Certain));
        }
    }
    claims
}

/// A comment's parts: split at commas outside of brackets and quotes.
fn parts(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0i32, 0);
    for (at, c) in text.char_indices() {
        match c {
            '[' | '{' | '(' => depth += 1,
            ']' | '}' | ')' => depth -= 1,
            ',' | '，' | ';' | '；' if depth <= 0 => {
                found.push(text[start..at].trim());
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    found.push(text[start..].trim());
    found
}

/// The single variable a statement gives a value to.
fn assigned(syntax: &Syntax, statement: Node) -> Option<String> {
    if let Some(name) = declared(syntax, statement) {
        return Some(name);
    }
    let left = statement.child_by_field_name("left")?;
    let mut cursor = left.walk();
    let mut names = left.named_children(&mut cursor);
    match (names.next(), names.next()) {
        (Some(name), None) if name.kind() == "identifier" && syntax.of(name) != "_" => {
            Some(syntax.of(name).to_owned())
        }
        _ => None,
    }
}

/// Whether the name stands in the code.
fn known(syntax: &Syntax, name: &str) -> bool {
    syntax
        .walk(syntax.root())
        .any(|node| node.kind() == "identifier" && syntax.of(node) == name)
}

/// Whether the statement does more than to write a literal down.
fn computes(syntax: &Syntax, statement: Node) -> bool {
    let right = statement
        .child_by_field_name("right")
        .or_else(|| statement.child_by_field_name("value"));
    let Some(right) = right else {
        return true;
    };
    syntax.walk(right).any(|node| {
        matches!(
            node.kind(),
            "call_expression"
                | "binary_expression"
                | "slice_expression"
                | "index_expression"
                | "unary_expression"
                | "type_conversion_expression"
                | "type_assertion_expression"
        )
    })
}

/// `return 5 // 返回 10` in a function without parameters that has one result: what a call of it gives.
fn returned(
    builder: &Builder,
    syntax: &Syntax,
    statement: Node,
    line: usize,
    text: &str,
) -> Option<Claim> {
    let found = RETURNS.captures(text)?;
    let said = found["value"].trim();
    let inside = matches!(
        statement.kind(),
        "return_statement" | "function_declaration"
    );
    if !inside || !value::starts_with_value(said) {
        return None;
    }
    let mut node = Some(statement);
    while let Some(at) = node {
        match at.kind() {
            "function_declaration" => break,
            "func_literal" | "method_declaration" => return None,
            _ => node = at.parent(),
        }
    }
    let function = node?;
    let parameters = function.child_by_field_name("parameters")?;
    if parameters.named_child_count() > 0
        || function.child_by_field_name("type_parameters").is_some()
    {
        return None;
    }
    let result = function.child_by_field_name("result")?;
    if result.kind() == "parameter_list" && result.named_child_count() != 1 {
        return None;
    }
    let name = syntax.of(function.child_by_field_name("name")?);
    let returns = syntax
        .walk(function)
        .filter(|node| node.kind() == "return_statement")
        .count();
    // Of several returns, which one is taken is not known.
    (returns <= 1 || statement.kind() == "function_declaration").then(|| Claim {
        subject: Subject::Value {
            line,
            expression: format!("{name}()"),
        },
        ..builder.claim(Kind::Value, said, Confidence::Certain)
    })
}
