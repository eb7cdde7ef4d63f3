//! Whether a line is reached, and how often: `// 不会执行到这里`, `// printed`, `// 只打印一次`.

use std::iter::successors;
use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use crate::snippet::Syntax;
use crate::snippet::probe::print_calls;
use crate::snippet::syntax::enclosing_statement;

use super::trailing::{Builder, calls};
use super::{Claim, Confidence, Kind, Subject, lexicon, value};

// `只会打印一次`, `printed only once`, `runs 3 times`
static OFTEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:这里|这行|这句|总共|一共|仅|只|就|也)*(?:会|被|能)*(?:执行|打印|输出|运行|调用)\s*(?P<count>\d+|一|两|二|三|四|五|十)\s*次(?:\s+[\w\x22]{1,16})?(?:[，,。！!；;（(]|$)|^(?:this )?(?:line )?(?:is |will be |gets )?(?:only |just |exactly )?(?:executed|printed|reached|called|runs?|prints?)\s+(?:only |just |exactly )?(?P<times>once|twice|three times|\d+ times)(?:[.,;!(]|$)")
        .expect("a constant")
});

/// How often a comment says that its line runs.
fn times(text: &str) -> Option<usize> {
    let found = OFTEN.captures(text)?;
    let said = found.name("count").or(found.name("times"))?.as_str();
    value::how_often(said)
}

/// The innermost body or case whose head stands on `line`.
fn body_opened_on(syntax: &Syntax, line: usize) -> Option<Node<'_>> {
    const BODIES: [&str; 5] = [
        "block",
        "expression_case",
        "type_case",
        "communication_case",
        "default_case",
    ];
    syntax
        .walk(syntax.root())
        .filter(|node| BODIES.contains(&node.kind()) && node.start_position().row == line)
        .last()
}

/// The line of the first statement below the head of a body, if it stands on one line: of longer ones only a part
/// may be reached.
fn first_line_in(syntax: &Syntax, body: Node, head: usize) -> Option<usize> {
    let first = syntax.walk(body).find(|node| {
        node.start_position().row > head
            && node.kind() != "comment"
            && enclosing_statement(*node) == Some(*node)
    })?;
    let line = first.start_position().row;
    (first.end_position().row == line).then_some(line)
}

/// The line of the one call of `panic` in the function that `statement` stands in, deferred functions and all; what
/// another goroutine panics with is not for it to recover.
fn line_of_panic(syntax: &Syntax, statement: Node) -> Option<usize> {
    let starts_goroutine = |node: &Node| node.kind() == "go_statement";
    let is_function =
        |node: &Node| matches!(node.kind(), "function_declaration" | "method_declaration");
    let mut function = statement;
    for outer in successors(statement.parent(), Node::parent).take_while(|it| !starts_goroutine(it))
    {
        function = outer;
        if is_function(&outer) {
            break;
        }
    }
    let of_goroutine = |node: Node| {
        let mut around = successors(Some(node), Node::parent).take_while(|it| *it != function);
        around.any(|it| starts_goroutine(&it))
    };
    let mut panics = syntax.walk(function).filter(|node| {
        let callee = node.child_by_field_name("function");
        node.kind() == "call_expression"
            && callee.is_some_and(|callee| syntax.of(callee) == "panic")
            && !of_goroutine(*node)
    });
    let only = panics.next().filter(|_| panics.next().is_none())?;
    Some(only.start_position().row)
}

/// Whether the line is reached (`// 不会执行到这里`), or a panic gets past all that could catch it.
pub(super) fn read(builder: &Builder, syntax: &Syntax, statement: Option<Node>) -> Option<Claim> {
    let text = builder.comment.text.as_str();
    let statement = statement?;
    if lexicon::CONDITIONAL.is_match(text) || !matches!(builder.subject, Subject::Line(_)) {
        return None;
    }
    if lexicon::is_uncaught(text) && calls(syntax, statement, "panic") {
        return Some(builder.claim(Kind::Panic, "", Confidence::Certain));
    }
    // `defer recover() // 无效`: the panic of its function gets past it, or does not.
    let powerless = lexicon::POWERLESS.is_match(text);
    if calls(syntax, statement, "recover")
        && (powerless || lexicon::speaks_of_recover(text))
        && let Some(line) = line_of_panic(syntax, statement)
    {
        return Some(Claim {
            subject: Subject::Line(line),
            negated: !powerless,
            ..builder.claim(Kind::Panic, "", Confidence::Likely)
        });
    }
    if let Some(times) = times(text) {
        let expected = format!("× {times}");
        return Some(builder.claim(Kind::Stdout, &expected, Confidence::Certain));
    }
    let negated = lexicon::NOT_REACHED.is_match(text);
    if !negated && !lexicon::REACHED.is_match(text) {
        return None;
    }
    let subject = match body_opened_on(syntax, builder.comment.line) {
        // `for range ch { // never runs` speaks of what stands in the braces, not of the line itself.
        // Of braces that close on the line, only what prints in them is seen.
        Some(body) if body.end_position().row == builder.comment.line => {
            let prints = print_calls(syntax, statement, builder.comment.line);
            prints.first()?;
            builder.subject.clone()
        }
        Some(body) => Subject::Line(first_line_in(syntax, body, builder.comment.line)?),
        None => builder.subject.clone(),
    };
    Some(Claim {
        negated,
        subject,
        ..builder.claim(Kind::Stdout, "", Confidence::Certain)
    })
}
