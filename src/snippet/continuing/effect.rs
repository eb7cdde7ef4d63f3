//! What a statement does, as far as its syntax and the functions of its note tell.

use tree_sitter::Node;

use crate::snippet::Snippet;
use crate::snippet::context::Context;
use crate::snippet::item::Item;
use crate::snippet::probe::PRINTS;
use crate::snippet::syntax::Syntax;

/// What a statement does.
pub(super) enum Effect {
    /// It only prints.
    None,
    /// It may change values, and does nothing else.
    Silent,
    /// It starts goroutines that print nothing.
    Starts,
    /// It sends to a channel.
    Sends,
    /// It does more than that.
    Other,
}

pub(super) fn effect(context: &Context, syntax: &Syntax, statement: Node) -> Effect {
    // A statement that is a call is as long as the call.
    if prints(syntax, statement) {
        let arguments = statement.child_by_field_name("arguments");
        let mut inside = arguments.into_iter().flat_map(|node| syntax.walk(node));
        return match inside.any(|node| does_something(context, syntax, node)) {
            true => Effect::Other,
            false => Effect::None,
        };
    }
    if shows_each(context, syntax, statement) {
        return Effect::None;
    }
    let more = |node: Node| match node.kind() {
        "select_statement" | "return_statement" | "goto_statement" | "labeled_statement" => true,
        "func_literal" => !is_started(node),
        "defer_statement" => {
            let mut outer = std::iter::successors(node.parent(), Node::parent);
            !outer.any(|outer| outer.kind() == "func_literal")
        }
        "unary_expression" => syntax.of(node).starts_with("<-"),
        "call_expression" => {
            let callee = node.child_by_field_name("function");
            let callee = callee.map_or("", |callee| syntax.of(callee));
            prints(syntax, node)
                || matches!(callee, "panic" | "os.Exit")
                || callee.starts_with("log.")
        }
        "go_statement" => !starts_silently(context, syntax, node),
        // Without a condition it may never end.
        "for_statement" => node.named_child_count() < 2,
        _ => false,
    };
    let has = |kind: &str| syntax.walk(statement).any(|node| node.kind() == kind);
    if syntax.walk(statement).any(more) {
        Effect::Other
    } else if has("go_statement") {
        Effect::Starts
    } else if has("send_statement") {
        Effect::Sends
    } else {
        Effect::Silent
    }
}

/// Whether a call in the statement gets the address of one of these variables.
pub(super) fn gives_away(syntax: &Syntax, statement: Node, names: &[String]) -> bool {
    syntax.walk(statement).any(|node| {
        let operand = node.child_by_field_name("operand");
        let named = operand.is_some_and(|it| names.iter().any(|name| name == syntax.of(it)));
        let in_call = node.parent().is_some_and(|it| it.kind() == "argument_list");
        node.kind() == "unary_expression" && syntax.of(node).starts_with('&') && named && in_call
    })
}

/// Whether a function literal is what a goroutine is started with.
fn is_started(literal: Node) -> bool {
    let call = literal.parent().filter(|it| it.kind() == "call_expression");
    let statement = call.and_then(|call| call.parent());
    statement.is_some_and(|it| it.kind() == "go_statement")
}

/// Whether a goroutine is one of a function that the note shows, which prints nothing.
fn starts_silently(context: &Context, syntax: &Syntax, go: Node) -> bool {
    let call = go.named_child(0);
    let callee = call.and_then(|call| call.child_by_field_name("function"));
    match callee {
        Some(callee) if callee.kind() == "func_literal" => true,
        Some(callee) if callee.kind() == "identifier" => {
            context.all_of(syntax.of(callee), |snippet, item| {
                let node = snippet.syntax.at(item.span.clone());
                let mut nodes = node.into_iter().flat_map(|node| snippet.syntax.walk(node));
                !nodes.any(|node| prints(&snippet.syntax, node))
            })
        }
        _ => false,
    }
}

/// Whether it is a loop over something that does nothing but print: `for _, w := range words { fmt.Println(w) }`.
fn shows_each(context: &Context, syntax: &Syntax, node: Node) -> bool {
    let ranges = node
        .named_child(0)
        .is_some_and(|it| it.kind() == "range_clause");
    let body = node.child_by_field_name("body");
    let prints_only = |statement: Node| {
        let call = statement.named_child(0).unwrap_or(statement);
        let arguments = call.child_by_field_name("arguments");
        let mut inside = arguments.into_iter().flat_map(|node| syntax.walk(node));
        prints(syntax, call) && !inside.any(|node| does_something(context, syntax, node))
    };
    node.kind() == "for_statement"
        && ranges
        && body.is_some_and(|body| {
            let list = body
                .named_child(0)
                .filter(|it| it.kind() == "statement_list");
            let list = list.unwrap_or(body);
            let mut cursor = list.walk();
            let mut statements = list.named_children(&mut cursor);
            statements.all(|it| it.kind() == "comment" || prints_only(it))
        })
}

/// Whether evaluating it may do something: a call other than of a function that only looks, or receiving.
fn does_something(context: &Context, syntax: &Syntax, node: Node) -> bool {
    match node.kind() {
        "call_expression" => {
            let Some(callee) = node.child_by_field_name("function") else {
                return true;
            };
            let looks = |snippet: &Snippet, item: &Item| {
                let node = snippet.syntax.at(item.span.clone());
                node.is_some_and(|node| only_looks(&snippet.syntax, node))
            };
            let by_note = match callee.child_by_field_name("field") {
                Some(method) => context.all_methods(syntax.of(method), looks),
                None => context.all_of(syntax.of(callee), looks),
            };
            !(looks_by_name(syntax.of(callee)) || by_note)
        }
        "unary_expression" => syntax.of(node).starts_with("<-"),
        _ => false,
    }
}

/// Whether a function of Go itself only looks at what it is given.
fn looks_by_name(callee: &str) -> bool {
    const FUNCTIONS: [&str; 11] = [
        "len",
        "cap",
        "string",
        "int",
        "float64",
        "min",
        "max",
        "fmt.Sprint",
        "fmt.Sprintf",
        "fmt.Sprintln",
        "fmt.Errorf",
    ];
    const PACKAGES: [&str; 6] = [
        "math.", "strings.", "strconv.", "errors.", "unicode.", "utf8.",
    ];
    FUNCTIONS.contains(&callee) || PACKAGES.iter().any(|package| callee.starts_with(package))
}

/// Whether a function of the note only looks: it changes nothing but variables of its own, and calls nothing that does more.
fn only_looks(syntax: &Syntax, function: Node) -> bool {
    let changes = |target: Option<Node>| {
        let mut nodes = target.into_iter().flat_map(|target| syntax.walk(target));
        nodes.any(|it| {
            matches!(it.kind(), "selector_expression" | "index_expression")
                || it.kind() == "unary_expression" && syntax.of(it).starts_with('*')
        })
    };
    !syntax.walk(function).any(|node| match node.kind() {
        "assignment_statement" => changes(node.child_by_field_name("left")),
        "inc_statement" | "dec_statement" => changes(node.named_child(0)),
        "send_statement" | "go_statement" | "defer_statement" | "func_literal" => true,
        "unary_expression" => syntax.of(node).starts_with("<-"),
        "call_expression" => {
            let callee = node.child_by_field_name("function");
            !callee.is_some_and(|callee| looks_by_name(syntax.of(callee)))
        }
        _ => false,
    })
}

fn prints(syntax: &Syntax, call: Node) -> bool {
    let callee = call.child_by_field_name("function");
    let callee = callee.map_or("", |callee| syntax.of(callee));
    call.kind() == "call_expression"
        && (PRINTS.contains(&callee) || matches!(callee, "print" | "println"))
}
