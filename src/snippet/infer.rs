//! What the compiler's complaints tell of the types of stand-ins.
//!
//! | the compiler says of `x`, whose type is `standIn1` | so `standIn1` is |
//! | --- | --- |
//! | cannot use x … as T value | `T` |
//! | cannot use "a" (untyped string constant) as standIn1 value | `string` |
//! | cannot range over x, receive from non-channel x, cannot index x, … | `[]standIn2`, `chan standIn2`, … |
//! | x > 10 (mismatched types standIn1 and untyped int) | `int` |
//! | x.Name undefined | a struct with a field or method `Name` |
//! | assignment mismatch, not enough return values | the results of the function |
//!
//! Each round of compiling answers all complaints; one that tells nothing means that stand-ins do not help.

mod known;
mod messages;

use tree_sitter::Node;

use self::known::{NAMELESS, default_type};
use self::messages::*;

use super::names::words;
use super::stand_in::{PREFIX, StandIns, call};
use super::syntax::Syntax;

/// What kind of type an operation wants.
enum Wanted {
    Channel,
    Slice,
    Map,
    Pointer,
    Function,
    /// A slice, an array or a map.
    Index,
    /// A slice or a channel.
    Range,
    Type(&'static str),
}

/// Words of a complaint about an operand, and what the operation wants; the first that fits counts.
const OPERATIONS: [(&[&str], Wanted); 13] = [
    (
        &["cannot receive from", "cannot send to", "cannot close"],
        Wanted::Channel,
    ),
    (&["cannot range over"], Wanted::Range),
    (
        &[
            "for built-in len",
            "for built-in cap",
            "must be a slice",
            "is not a slice",
            "cannot slice",
        ],
        Wanted::Slice,
    ),
    (&["cannot index"], Wanted::Index),
    (&["is not a map"], Wanted::Map),
    (&["is not a function", "cannot call"], Wanted::Function),
    (&["is not an interface"], Wanted::Type("any")),
    (
        &["operator !", "operator &&", "operator ||"],
        Wanted::Type("bool"),
    ),
    (
        &["operator ", "must be integer", "to type int"],
        Wanted::Type("int"),
    ),
    (&["cannot indirect"], Wanted::Pointer),
    (
        &["to type string", "to type []byte"],
        Wanted::Type("string"),
    ),
    (&["to type float64"], Wanted::Type("float64")),
    (&["to type time.Duration"], Wanted::Type("int")),
];

/// The names of the variables that take what a call gives; as many empty ones where they have none.
pub(super) fn call_results(syntax: &Syntax, call: Node) -> Vec<String> {
    let Some(parent) = call.parent() else {
        return Vec::new();
    };
    match parent.kind() {
        "expression_statement" | "go_statement" | "defer_statement" => return Vec::new(),
        "expression_list" if parent.named_child_count() == 1 => {}
        _ => return vec![String::new()],
    }
    let Some(statement) = parent.parent() else {
        return vec![String::new()];
    };
    let mut cursor = statement.walk();
    let names: Vec<String> = match statement.kind() {
        "short_var_declaration" | "assignment_statement" => {
            let Some(left) = statement.child_by_field_name("left") else {
                return vec![String::new()];
            };
            let mut cursor = left.walk();
            left.named_children(&mut cursor)
                .map(|name| syntax.of(name).to_owned())
                .collect()
        }
        "var_spec" => statement
            .children_by_field_name("name", &mut cursor)
            .filter(Node::is_named)
            .map(|name| syntax.of(name).to_owned())
            .collect(),
        _ => vec![String::new()],
    };
    names
}

impl StandIns {
    /// Learn from a complaint about the code at byte `at` (which may lie in code of ours: `None`). Returns
    /// whether it told anything.
    pub(super) fn learn(&mut self, message: &str, at: Option<usize>, syntax: &Syntax) -> bool {
        let first = message.lines().next().unwrap_or(message);
        // `ch != nil`: what is received from, or what has a length, says more.
        let nil = first.ends_with("and untyped nil)") || first.starts_with("cannot use nil as ");
        if nil && (self.is_received_from(first, syntax) || has_length(first, syntax)) {
            return false;
        }
        self.learn_method(message)
            || self.learn_constant(first, at, syntax)
            || self.learn_use(first)
            || self.learn_operation(first, at, syntax)
            || self.learn_member(first, at, syntax)
            || self.learn_results(message, at, syntax)
            || self.learn_condition(first, at, syntax)
    }

    /// A constant has a type, or a `switch` looks at a value and has constants for its cases.
    fn learn_constant(&mut self, message: &str, at: Option<usize>, syntax: &Syntax) -> bool {
        if let Some(kind) = message.strip_prefix("invalid constant type ") {
            let value = at
                .and_then(|at| enclosing(syntax, at, "const_spec"))
                .and_then(|spec| spec.child_by_field_name("value"))
                .map_or("", |value| syntax.of(value));
            let basic = match value.chars().next() {
                Some('"' | '`') => "string",
                Some('\'') => "rune",
                _ if value.contains('.') && !value.contains(char::is_alphabetic) => "float64",
                _ => "int",
            };
            return self.set(kind, basic);
        }
        let Some(found) = CASE.captures(message) else {
            return false;
        };
        let looked_at = at
            .and_then(|at| enclosing(syntax, at, "expression_switch_statement"))
            .and_then(|switch| switch.child_by_field_name("value"))
            .map(|value| syntax.of(value).rsplit('.').next().unwrap_or_default());
        let kind = looked_at.and_then(|name| self.kind_of(name));
        kind.is_some_and(|kind| self.set(&kind, default_type(&found[1])))
    }

    /// Whether what a complaint calls by its type is a variable that the code receives from, sends to or ranges over.
    fn is_received_from(&self, message: &str, syntax: &Syntax) -> bool {
        let of_channel = |node: Node| {
            node.parent().is_some_and(|parent| match parent.kind() {
                "unary_expression" => syntax.of(parent).starts_with("<-"),
                "send_statement" => parent.child_by_field_name("channel") == Some(node),
                _ => false,
            })
        };
        self.variables().any(|(name, kind)| {
            words(message).any(|word| word == kind)
                && syntax
                    .walk(syntax.root())
                    .any(|node| syntax.of(node) == name && of_channel(node))
        })
    }

    /// A value is used as one of another type.
    fn learn_use(&mut self, message: &str) -> bool {
        if let Some(found) = NIL_AS.captures(message) {
            let pointer = self.fresh();
            return self.set(&found[1], &format!("*{pointer}"));
        }
        if let Some(found) = UNTYPED_TO.captures(message) {
            return self.set(&found[2], default_type(&found[1]));
        }
        let Some(found) = USED_AS.captures(message) else {
            return false;
        };
        let to = &found["to"];
        match (found.name("from"), found.name("constant")) {
            (Some(from), _) => self.set(from.as_str(), to) || self.set(to, from.as_str()),
            (None, Some(constant)) => self.set(to, default_type(constant.as_str())),
            (None, None) => {
                let pointer = self.fresh();
                self.set(to, &format!("*{pointer}"))
            }
        }
    }

    /// An operation wants another kind of type.
    fn learn_operation(&mut self, message: &str, at: Option<usize>, syntax: &Syntax) -> bool {
        if let Some(found) = MISMATCHED.captures(message) {
            let (one, other) = (found[1].to_owned(), found[2].to_owned());
            return self.equal(&one, &other) || self.equal(&other, &one);
        }
        if let Some(found) = NON_NUMERIC.captures(message) {
            return self.set(&found[1], "int");
        }
        let Some(kind) = OPERAND.captures(message).map(|found| found[1].to_owned()) else {
            return false;
        };
        let wanted = OPERATIONS
            .iter()
            .find(|(words, _)| words.iter().any(|words| message.contains(words)));
        let Some((_, wanted)) = wanted else {
            return false;
        };
        let text = match wanted {
            Wanted::Range if is_deleted_from(syntax, at) => {
                format!("map[{}]{}", self.fresh(), self.fresh())
            }
            Wanted::Range if is_channel(syntax, at) => format!("chan {}", self.fresh()),
            Wanted::Range | Wanted::Slice => format!("[]{}", self.fresh()),
            Wanted::Channel => format!("chan {}", self.fresh()),
            Wanted::Pointer => format!("*{}", self.fresh()),
            Wanted::Map => format!("map[string]{}", self.fresh()),
            Wanted::Index => match at.and_then(|at| index_type(syntax, at)) {
                Some("") => format!("map[{}]{}", self.fresh(), self.fresh()),
                Some(key) => format!("map[{key}]{}", self.fresh()),
                None => format!("[]{}", self.fresh()),
            },
            Wanted::Function => {
                let results = at
                    .and_then(|at| enclosing(syntax, at, "call_expression"))
                    .map(|call| call_results(syntax, call))
                    .unwrap_or_default();
                format!("func(...any) ({})", self.results(&results).join(", "))
            }
            Wanted::Type(name) => (*name).to_owned(),
        };
        self.set(&kind, &text)
    }

    /// A field or method is asked for.
    fn learn_member(&mut self, message: &str, at: Option<usize>, syntax: &Syntax) -> bool {
        if let Some(found) = NO_FIELD.captures(message) {
            let (field, owner) = (found[1].to_owned(), found[2].to_owned());
            return self.add_field(&owner, &field);
        }
        if let Some(found) = TOO_MANY_VALUES.captures(message) {
            // `Point{1, 2}`: as many fields as there are values; which are which is not known.
            let owner = found[1].to_owned();
            let values = at
                .and_then(|at| enclosing(syntax, at, "literal_value"))
                .map_or(0, |values| values.named_child_count());
            return (1..=values).all(|nth| self.add_field(&owner, &format!("{NAMELESS}{nth}")));
        }
        if message.starts_with("invalid field name ") && message.contains(" in struct literal") {
            // `Dictionary{"word": "meaning"}`
            let owner = at
                .and_then(|at| enclosing(syntax, at, "composite_literal"))
                .and_then(|literal| literal.child_by_field_name("type"))
                .map_or("", |kind| syntax.of(kind))
                .to_owned();
            let key = if message.starts_with("invalid field name \"") {
                "string"
            } else {
                "int"
            };
            let element = self.fresh();
            return self.set(&owner, &format!("map[{key}]{element}"));
        }
        let Some(found) = NO_MEMBER.captures(message) else {
            return false;
        };
        let (owner, member) = (found[1].to_owned(), found[2].to_owned());
        let call = at
            .and_then(|at| syntax.at(at..at + member.len()))
            .and_then(|field| field.parent())
            .and_then(call);
        match call {
            Some(call) => {
                let names = call_results(syntax, call);
                let results = self.results(&names);
                self.add_method(&owner, &member, results)
            }
            None => self.add_field(&owner, &member),
        }
    }

    /// An interface wants a method.
    fn learn_method(&mut self, message: &str) -> bool {
        if let Some(found) = WRONG_METHOD.captures(message) {
            let name = &found["method"];
            // Of an interface of ours, the method is as its implementation has it.
            return self.set_signature(&found["interface"], name, &found["have"])
                || self.set_signature(&found["type"], name, &found["want"]);
        }
        let Some(found) = MISSING_METHOD.captures(message) else {
            return false;
        };
        let (owner, interface) = (&found["type"], &found["interface"]);
        // What is used as an error and is not called by its pointer is an `error`; another complaint says so.
        if owner.starts_with(PREFIX) && !message.contains(&format!("*{owner} does not implement")) {
            return false;
        }
        // The compiler names one method at a time.
        self.embed(owner, interface) || self.add_method(owner, &found["method"], Vec::new())
    }

    /// A function gives too few values.
    fn learn_results(&mut self, message: &str, at: Option<usize>, syntax: &Syntax) -> bool {
        if let Some(found) = RESULTS.captures(message) {
            let wanted: usize = found[1].parse().unwrap_or(0);
            let callee = found[2].rsplit('.').next().unwrap_or_default().to_owned();
            return self.set_results(&callee, wanted);
        }
        if let Some(found) = WANTED.captures(message) {
            let have: Vec<&str> = found[1].split(", ").collect();
            let want: Vec<String> = found[2].split(", ").map(str::to_owned).collect();
            let callee = at
                .and_then(|at| enclosing(syntax, at, "call_expression"))
                .and_then(|call| call.child_by_field_name("function"))
                .map(|callee| syntax.of(callee).rsplit('.').next().unwrap_or_default());
            return match callee {
                Some(callee) if have.len() == 1 => {
                    let results = self.results_of(callee);
                    results.is_some_and(|results| {
                        *results = want;
                        true
                    })
                }
                _ => false,
            };
        }
        if let Some(callee) = message
            .split_once("(no value) used as value")
            .map(|found| found.0)
        {
            let callee = callee.split('(').next().unwrap_or_default().trim();
            let callee = callee.rsplit('.').next().unwrap_or_default().to_owned();
            return self.set_results(&callee, 1);
        }
        false
    }

    /// A condition is no `bool`.
    fn learn_condition(&mut self, message: &str, at: Option<usize>, syntax: &Syntax) -> bool {
        if !message.starts_with("non-boolean condition") {
            return false;
        }
        let node = at.and_then(|at| syntax.at(at..at + 1));
        let Some(node) = node else {
            return false;
        };
        // The place is the condition's first byte: the outermost expression that starts there.
        let mut condition = node;
        while let Some(parent) = condition.parent() {
            if parent.start_byte() != node.start_byte() || parent.kind().ends_with("_statement") {
                break;
            }
            condition = parent;
        }
        let callee = condition.child_by_field_name("function");
        let last = |node: Node| {
            let text = syntax.of(node);
            text.rsplit('.').next().unwrap_or(text).to_owned()
        };
        let kind = match callee {
            Some(callee) => {
                let name = last(callee);
                self.results_of(&name)
                    .and_then(|results| results.first().cloned())
            }
            None => self.kind_of(&last(condition)),
        };
        kind.is_some_and(|kind| self.set(&kind, "bool"))
    }
}

/// Whether what a complaint compares with `nil` has a length somewhere, is ranged over or indexed.
fn has_length(message: &str, syntax: &Syntax) -> bool {
    let Some(found) = COMPARED_WITH_NIL.captures(message) else {
        return false;
    };
    let name = &found[1];
    syntax.walk(syntax.root()).any(|node| {
        let is_it = |field| {
            let child = node.child_by_field_name(field);
            child.is_some_and(|child| syntax.of(child) == name)
        };
        match node.kind() {
            "range_clause" => is_it("right"),
            "index_expression" | "slice_expression" => is_it("operand"),
            "call_expression" => {
                let list = node.child_by_field_name("arguments");
                let first = list.and_then(|list| list.named_child(0));
                let callee = node.child_by_field_name("function");
                callee.is_some_and(|it| matches!(syntax.of(it), "len" | "cap" | "append"))
                    && first.is_some_and(|first| syntax.of(first) == name)
            }
            _ => false,
        }
    })
}

/// The type of the key with which the expression at byte `at` is indexed, if it is clearly none of a slice; empty
/// if it can be any.
fn index_type(syntax: &Syntax, at: usize) -> Option<&'static str> {
    let indexed = enclosing(syntax, at, "index_expression")?;
    let index = indexed.child_by_field_name("index")?;
    // `v, ok := m[k]`
    let pair = indexed
        .parent()
        .and_then(|list| list.parent())
        .and_then(|statement| statement.child_by_field_name("left"))
        .is_some_and(|left| left.named_child_count() == 2);
    match index.kind() {
        "interpreted_string_literal" | "raw_string_literal" => Some("string"),
        "identifier" if matches!(syntax.of(index), "key" | "k" | "name" | "id") => Some("string"),
        _ => pair.then_some(""),
    }
}

/// Whether keys of what is ranged over at byte `at` are deleted somewhere: it is a map.
fn is_deleted_from(syntax: &Syntax, at: Option<usize>) -> bool {
    let ranged = at.and_then(|at| syntax.at(at..at + 1));
    let ranged = ranged.map_or("", |ranged| syntax.of(ranged));
    syntax.walk(syntax.root()).any(|call| {
        let callee = call.child_by_field_name("function");
        let first = call.child_by_field_name("arguments");
        let first = first.and_then(|arguments| arguments.named_child(0));
        callee.is_some_and(|callee| syntax.of(callee) == "delete")
            && first.is_some_and(|first| syntax.of(first) == ranged)
    })
}

/// Whether what is ranged over at byte `at` is called like a channel, with one variable at most.
fn is_channel(syntax: &Syntax, at: Option<usize>) -> bool {
    let Some(node) = at.and_then(|at| syntax.at(at..at + 1)) else {
        return false;
    };
    let name = syntax.of(node).to_lowercase();
    let one = enclosing(syntax, node.start_byte(), "range_clause")
        .and_then(|clause| clause.child_by_field_name("left"))
        .is_none_or(|left| left.named_child_count() == 1);
    one && [
        "ch", "chan", "channel", "jobs", "tasks", "queue", "in", "out", "done",
    ]
    .iter()
    .any(|end| name.ends_with(end))
}

/// The nearest node of this kind at or above byte `at`.
fn enclosing<'t>(syntax: &'t Syntax, at: usize, kind: &str) -> Option<Node<'t>> {
    let mut node = syntax.at(at..at + 1);
    while let Some(found) = node {
        if found.kind() == kind {
            return Some(found);
        }
        node = found.parent();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learned(code: &str, missing: &str, messages: &[(&str, usize)]) -> Vec<String> {
        let syntax = Syntax::parse(code);
        let mut found = StandIns::of(&[missing.to_owned()], &syntax).unwrap();
        for (message, at) in messages {
            assert!(found.learn(message, Some(*at), &syntax), "{message}");
        }
        found.declarations()
    }

    #[test]
    fn each_complaint_tells_a_bit_more() {
        assert_eq!(
            learned(
                "v := <-ch\nif v.N > 3 {\n}\n",
                "ch",
                &[
                    (
                        "invalid operation: cannot receive from non-channel standIn1 ch (variable of struct type standIn1)",
                        7
                    ),
                    ("v.N undefined (type standIn2 has no field or method N)", 15),
                    (
                        "invalid operation: v.N > 3 (mismatched types standIn3 and untyped int)",
                        13
                    ),
                ]
            ),
            ["var ch chan standIn2", "type standIn2 struct {\n\tN int\n}"]
        );
        assert_eq!(
            learned(
                "x := get()\nuse(x)\n",
                "get",
                &[(
                    "cannot use x (variable of struct type standIn1) as time.Duration value in argument to use",
                    0
                )]
            ),
            ["func get(...any) time.Duration { panic(\"a stand-in\") }"]
        );
    }

    #[test]
    fn what_contradicts_itself_tells_nothing() {
        let syntax = Syntax::parse("x := a\n");
        let mut found = StandIns::of(&["a".to_owned()], &syntax).unwrap();
        assert!(found.learn(
            "cannot use 5 (untyped int constant) as standIn1 value in assignment",
            None,
            &syntax
        ));
        assert!(!found.learn(
            "cannot use \"x\" (untyped string constant) as standIn1 value in assignment",
            None,
            &syntax
        ));
    }
}
