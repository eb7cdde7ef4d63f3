//! Claims about where a value lives: escapes, does not escape, on the heap, on the stack.

use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use crate::snippet::Syntax;
use crate::snippet::probe::{Glance, Look};

use super::lexicon::CONDITIONAL;
use super::trailing::Builder;
use super::valued::parts;
use super::{Claim, Confidence, Kind, Subject};

static MOVED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\bmoved to heap: (?P<name>[\pL_][\pL\pN_]*)").expect("a constant")
});
static NO_ESCAPE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:但是?|而|所以|因此|故)?(?P<name>[A-Za-z_][0-9A-Za-z_]*)?\s*(?:变量)?(?:并|就|也)?(?:不会|不|没有|未|没)(?:发生)?逃逸(?:[到至]堆)?|^(?P<what>\S.*?)?\s*(?:does not|doesn't|do not|don't) escape")
        .expect("a constant")
});
static ESCAPES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:但是?|而|所以|因此|故)?(?:局部变量|变量|此时|这里)?\s*(?P<name>&?[A-Za-z_][0-9A-Za-z_{}.]*)?\s*(?:变量)?(?:可能|也许|通常|一般)?(?:会|将|就|发生了?|被|导致)*\s*逃逸(?:到|至)?(?:了)?(?:堆)?|^(?P<what>\S.*?)?\s*(?:may |might |will )?escapes?\b(?: to (?:the )?heap)?")
        .expect("a constant")
});
static UNSURE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)不一定|是否|not necessarily|whether").expect("a constant"));
static STACK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?P<subject>[^，,。；;]{0,24}?)(?:分配)?(?:还)?在?(?:栈上|栈中|栈内存)(?:分配)?[。！]?$|^栈分配$|^(?:allocated |lives |stays )?on the stack$|^stack[- ]allocated$")
        .expect("a constant")
});
static HEAP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?P<subject>[^，,。；;]{0,24}?)(?:可能|通常|一般)?(?:会|也|都|直接|就)*(?:被)?(?:分配)?(?:到|在)(?:了)?堆(?:上|中|内存|区)?(?:分配)?[。！]?$|^堆分配$|^(?:allocated |lives )?on the heap$|^heap[- ]allocated$")
        .expect("a constant")
});

/// The storage claim of a comment behind `statement`, if it is one. `expected` names the variable or
/// expression; it is empty where the comment names none that stands in the code.
pub fn read(builder: &Builder, syntax: &Syntax, statement: Node) -> Option<Claim> {
    let text = builder.comment.text.as_str();
    // "不一定": either way is right.
    if UNSURE.is_match(text) || CONDITIONAL.is_match(text) {
        return None;
    }
    let (kind, name) = std::iter::once(text).chain(parts(text)).find_map(said)?;
    let bare = name.trim_start_matches('&').trim();
    let expected = if kind == Kind::Escape && MOVED.is_match(text)
        || !bare.is_empty() && mentions(syntax, bare)
    {
        name.trim().to_owned()
    } else {
        declared(syntax, statement).unwrap_or_default()
    };
    let claim = builder.claim(kind, &expected, Confidence::Certain);
    let Some(line) = counted(builder, syntax, statement, kind) else {
        return Some(claim);
    };
    Some(Claim {
        subject: Subject::Value(Glance {
            line,
            expression: expected,
            look: Look::Allocates,
        }),
        ..claim
    })
}

/// What a comment (or a part of it) says of which name.
fn said(text: &str) -> Option<(Kind, &str)> {
    if let Some(found) = MOVED.captures(text) {
        return Some((Kind::Escape, found.name("name")?.as_str()));
    }
    for (pattern, kind) in [
        (&*NO_ESCAPE, Kind::NoEscape),
        (&*ESCAPES, Kind::Escape),
        (&*STACK, Kind::Stack),
        (&*HEAP, Kind::Heap),
    ] {
        let Some(found) = pattern.captures(text) else {
            continue;
        };
        let end = found.get(0).map_or(0, |all| all.end());
        // "逃逸分析", "escape sequence": the word, and not what it says.
        if !ends_there(&text[end..]) {
            return None;
        }
        let name = match kind {
            Kind::Stack | Kind::Heap => found
                .name("subject")
                .map_or("", |it| first_name(it.as_str())),
            _ => found
                .name("name")
                .or(found.name("what"))
                .map_or("", |name| name.as_str()),
        };
        return Some((kind, name));
    }
    None
}

/// Whether nothing follows that gives the words before another meaning.
fn ends_there(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.is_empty()
        || rest.starts_with([
            '上', '中', '里', '内', '，', ',', '。', '.', '；', ';', '（', '(', '！', '!', '：',
            ':',
        ])
        || ["因为", "由于", "because", "since", "as it", "to "]
            .iter()
            .any(|start| rest.starts_with(start))
}

/// The line to count allocations on, where the compiler's report says nothing of what the statement
/// allocates: it makes a channel, or the function it calls does.
fn counted(builder: &Builder, syntax: &Syntax, statement: Node, kind: Kind) -> Option<usize> {
    let Subject::Line(line) = builder.subject else {
        return None;
    };
    let gives = matches!(
        statement.kind(),
        "short_var_declaration" | "assignment_statement"
    );
    let called = |callee: &str| {
        syntax.walk(statement).any(|node| {
            node.kind() == "call_expression"
                && node
                    .child_by_field_name("function")
                    .is_some_and(|function| (syntax.of(function) == "make") == (callee == "make"))
        })
    };
    let makes_channel = called("make")
        && syntax
            .walk(statement)
            .any(|node| node.kind() == "channel_type");
    let calls_own = kind == Kind::Heap
        && called("")
        && syntax
            .walk(statement)
            .filter(|node| node.kind() == "call_expression")
            .filter_map(|node| node.child_by_field_name("function"))
            .all(|function| declares(syntax, syntax.of(function)));
    (gives && (makes_channel || calls_own)).then_some(line)
}

/// Whether the code declares a function of this name.
fn declares(syntax: &Syntax, name: &str) -> bool {
    syntax.walk(syntax.root()).any(|node| {
        node.kind() == "function_declaration"
            && node
                .child_by_field_name("name")
                .is_some_and(|it| syntax.of(it) == name)
    })
}

/// The identifier that a subject such as `ch` or `ch 通常` starts with.
fn first_name(subject: &str) -> &str {
    let end = subject
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(subject.len());
    &subject[..end]
}

/// Whether the code has the identifier `name`.
pub fn mentions(syntax: &Syntax, name: &str) -> bool {
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
