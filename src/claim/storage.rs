//! Claims about where a value lives: escapes, does not escape, on the heap, on the stack.

use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use crate::snippet::Syntax;

use super::trailing::Builder;
use super::{Claim, Confidence, Kind};

static MOVED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\bmoved to heap: (?P<name>[\pL_][\pL\pN_]*)").expect("a constant")
});
static NO_ESCAPE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?P<name>[A-Za-z_]\w*)?\s*(?:变量)?(?:并|就|也)?(?:不会|不|没有|未|没)(?:发生)?逃逸|^(?P<what>\S.*?)?\s*(?:does not|doesn't|do not|don't) escape")
        .expect("a constant")
});
static ESCAPES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:局部变量|变量|此时|这里)?\s*(?P<name>&?[A-Za-z_][\w{}.]*)?\s*(?:变量)?(?:可能|也许)?(?:会|将|就|发生了?|被)*\s*逃逸(?:到|至)?(?:了)?(?:堆)?|^(?P<what>\S.*?)?\s*(?:may |might |will )?escapes?\b(?: to (?:the )?heap)?")
        .expect("a constant")
});
static STACK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?P<subject>[^，,。；;]{0,24}?)(?:分配)?(?:还)?在?(?:栈上|栈中|栈内存)(?:分配)?[。！]?$|^栈分配$|^(?:allocated |lives |stays )?on the stack$|^stack[- ]allocated$")
        .expect("a constant")
});
static HEAP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?P<subject>[^，,。；;]{0,24}?)(?:可能)?(?:会)?(?:被)?(?:分配)?(?:到|在)(?:了)?堆(?:上|中|内存)(?:分配)?[。！]?$|^堆分配$|^(?:allocated |lives )?on the heap$|^heap[- ]allocated$")
        .expect("a constant")
});

/// The storage claim of a comment behind `statement`, if it is one. `expected` names the variable or
/// expression; it is empty where the comment names none that stands in the code.
pub fn read(builder: &Builder, syntax: &Syntax, statement: Node) -> Option<Claim> {
    let text = builder.comment.text.as_str();
    let named = |name: &str| -> String {
        let bare = name.trim_start_matches('&').trim();
        if !bare.is_empty() && mentions(syntax, bare) {
            name.trim().to_owned()
        } else {
            declared(syntax, statement).unwrap_or_default()
        }
    };
    if let Some(found) = MOVED.captures(text) {
        return Some(builder.claim(Kind::Escape, &found["name"], Confidence::Certain));
    }
    if let Some(found) = NO_ESCAPE.captures(text) {
        let name = found.name("name").or(found.name("what"));
        let expected = named(name.map_or("", |name| name.as_str()));
        return Some(builder.claim(Kind::NoEscape, &expected, Confidence::Certain));
    }
    if let Some(found) = ESCAPES.captures(text) {
        let name = found.name("name").or(found.name("what"));
        let expected = named(name.map_or("", |name| name.as_str()));
        return Some(builder.claim(Kind::Escape, &expected, Confidence::Certain));
    }
    if let Some(found) = STACK.captures(text) {
        let expected = named(first_name(
            found.name("subject").map_or("", |it| it.as_str()),
        ));
        return Some(builder.claim(Kind::Stack, &expected, Confidence::Certain));
    }
    if let Some(found) = HEAP.captures(text) {
        let expected = named(first_name(
            found.name("subject").map_or("", |it| it.as_str()),
        ));
        return Some(builder.claim(Kind::Heap, &expected, Confidence::Certain));
    }
    None
}

/// The identifier that a subject such as `ch` or `ch 通常` starts with.
fn first_name(subject: &str) -> &str {
    let end = subject
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(subject.len());
    &subject[..end]
}

fn mentions(syntax: &Syntax, name: &str) -> bool {
    syntax
        .walk(syntax.root())
        .any(|node| node.kind() == "identifier" && syntax.of(node) == name)
        || syntax.text.contains(name) && name.contains(['{', '('])
}

/// The variable a statement declares, if it declares one.
pub fn declared(syntax: &Syntax, statement: Node) -> Option<String> {
    let mut names = Vec::new();
    for node in syntax.walk(statement) {
        match node.kind() {
            "short_var_declaration" => {
                if let Some(left) = node.child_by_field_name("left") {
                    let mut cursor = left.walk();
                    names.extend(left.named_children(&mut cursor).map(|name| syntax.of(name)));
                }
            }
            "var_spec" => {
                let mut cursor = node.walk();
                names.extend(
                    node.children_by_field_name("name", &mut cursor)
                        .filter(|name| name.is_named())
                        .map(|name| syntax.of(name)),
                );
            }
            "func_literal" => break,
            _ => {}
        }
    }
    match names.as_slice() {
        [one] if *one != "_" => Some((*one).to_owned()),
        _ => None,
    }
}
