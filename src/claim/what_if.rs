//! Commented-out lines with a claim: `// close(ch) // panic`, `// fmt.Println(a == b) // 编译错误`.

use tree_sitter::Node;

use crate::snippet::names::words;
use crate::snippet::probe::statement_on;
use crate::snippet::{Snippet, Syntax};

use super::comment::{self, Comment};
use super::lexicon::{self, Behaviour};
use super::trailing::{self, Builder};
use super::{Claim, Confidence, Form, Kind, Subject, valued};

/// Whether a block has lines of code that are commented out.
pub fn has_switched_off(snippet: &Snippet) -> bool {
    comment::comments(&snippet.syntax).iter().any(|comment| {
        let code = comment.text.split("//").next().unwrap_or_default();
        let syntax = Syntax::parse(code.trim_end());
        !comment.general && !comment.trailing && syntax.error_bytes() == 0 && is_statement(&syntax)
    })
}

/// The claims of an own-line comment that is code with a comment behind it.
///
/// The rule: what stands before the second `//` is Go that parses as statements, and not just a
/// name or a value, which prose could be too; what stands behind it is a claim. `before` are the comments that stand
/// before this one.
pub fn claims(snippet: &Snippet, comment: &Comment, before: &[Comment]) -> Vec<Claim> {
    if comment.general || comment.trailing {
        return Vec::new();
    }
    let Some((code, said)) = comment.text.split_once("//") else {
        return Vec::new();
    };
    let (code, said) = (code.trim_end(), said.trim());
    let syntax = Syntax::parse(code);
    if syntax.error_bytes() > 0 || !is_statement(&syntax) {
        return Vec::new();
    }
    let Some(statement) = statement_on(&syntax, 0) else {
        return Vec::new();
    };
    let start = comment.body.end - said.len();
    let inner = Comment {
        body: start..comment.body.end,
        text: said.to_owned(),
        ..comment.clone()
    };
    let builder = Builder {
        snippet,
        comment: &inner,
        form: Form::WhatIf,
        subject: Subject::WhatIf {
            line: comment.line,
            code: code.to_owned(),
        },
    };
    let claims = trailing::read(&builder, &syntax, Some(statement), 0);
    // What is declared again is another version to the pipeline, and compiles alone; so does what is declared for this
    // line and used by nothing else.
    let above = || !declarations_above(snippet, before, comment.line, code).is_empty();
    let weighed = claims.into_iter().map(|claim| match claim.kind {
        Kind::CompileError if above() => Claim {
            confidence: Confidence::Weak,
            ..claim
        },
        _ => claim,
    });
    weighed.collect()
}

/// The lines right above `line` that declare, commented out too, names of `code` that the block has nowhere else:
/// `// z := 10` above `// f(z) // panic`. They are switched on with it.
pub fn declarations_above(
    snippet: &Snippet,
    comments: &[Comment],
    line: usize,
    code: &str,
) -> Vec<usize> {
    let mut found: Vec<(usize, &str)> = Vec::new();
    let mut below = line;
    let before = comments.iter().filter(|comment| comment.line < line);
    for comment in before.rev() {
        if comment.general || comment.trailing || comment.line + 1 != below {
            break;
        }
        let above = code_of(comment);
        let syntax = Syntax::parse(above);
        if syntax.error_bytes() > 0 || !is_statement(&syntax) {
            break;
        }
        below = comment.line;
        let needed = declared(&syntax).into_iter().any(|name| {
            let mentions = |code: &str| words(code).any(|word| word == name);
            let all = found.iter().map(|(_, code)| *code).chain([code]);
            all.into_iter().any(mentions) && !valued::known(&snippet.syntax, name)
        });
        if needed {
            found.push((comment.line, above));
        }
    }
    found.into_iter().map(|(line, _)| line).collect()
}

/// What a comment holds before a comment of its own.
fn code_of(comment: &Comment) -> &str {
    comment.text.split("//").next().unwrap_or_default().trim()
}

/// The names that a statement declares.
fn declared(syntax: &Syntax) -> Vec<&str> {
    let root = syntax.root();
    let mut cursor = root.walk();
    let statements: Vec<Node> = root.named_children(&mut cursor).collect();
    let names = statements.into_iter().filter_map(|statement| {
        let field = match statement.kind() {
            "short_var_declaration" => statement.child_by_field_name("left")?,
            "var_declaration" => statement.named_child(0)?,
            _ => return None,
        };
        Some(field)
    });
    names
        .flat_map(|names| syntax.walk(names))
        .filter(|node| node.kind() == "identifier")
        .map(|node| syntax.of(node))
        .collect()
}

/// The claims of a comment on a line of its own that is followed by a commented-out line: `// 编译错误！` above
/// `// fmt.Println(a == b)`. Only what ends or refuses that line is said of it for sure.
pub fn above(snippet: &Snippet, said: &Comment, line: &Comment) -> Vec<Claim> {
    let own = |it: &Comment| !it.general && !it.trailing;
    let code = line.text.as_str();
    if !own(said) || !own(line) || line.line != said.line + 1 || code.contains("//") {
        return Vec::new();
    }
    let explicit = lexicon::phrase(&said.text).is_some_and(|phrase| {
        use Behaviour::{CompileError, Deadlock, Fatal, Panic};
        let ends = matches!(phrase.behaviour, CompileError | Panic | Fatal | Deadlock);
        ends && !phrase.negated
    });
    let syntax = Syntax::parse(code);
    if !explicit || syntax.error_bytes() > 0 || !is_statement(&syntax) {
        return Vec::new();
    }
    let Some(statement) = statement_on(&syntax, 0) else {
        return Vec::new();
    };
    let builder = Builder {
        snippet,
        comment: said,
        form: Form::WhatIf,
        subject: Subject::WhatIf {
            line: line.line,
            code: code.to_owned(),
        },
    };
    let claims = trailing::read(&builder, &syntax, Some(statement), 0).into_iter();
    claims
        .map(|claim| Claim {
            confidence: claim.confidence.min(Confidence::Likely),
            ..claim
        })
        .collect()
}

/// Whether the code is statements that do something; a name or a value alone may be prose.
fn is_statement(syntax: &Syntax) -> bool {
    let root = syntax.root();
    let mut cursor = root.walk();
    let nodes: Vec<Node> = root.named_children(&mut cursor).collect();
    !nodes.is_empty() && nodes.iter().all(|node| is_doing(*node))
}

fn is_doing(node: Node) -> bool {
    match node.kind() {
        "expression_statement" => node.named_child(0).is_some_and(|expression| {
            matches!(
                expression.kind(),
                "call_expression" | "unary_expression" | "binary_expression" | "index_expression"
            )
        }),
        "labeled_statement" | "empty_statement" | "comment" => false,
        _ => true,
    }
}
