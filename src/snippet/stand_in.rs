//! Stand-ins for names that nothing in the note declares, so that a fragment type-checks.
//!
//! A program with stand-ins is compiled and never run: what it would do is not what its author's does.
//! Each rule derives the declaration from the name's use alone:
//!
//! | use | stand-in |
//! | --- | --- |
//! | `t.Errorf`, `ctx.Done()`, … (names with one meaning in Go, and only that type's methods used) | `var t *testing.T` |
//! | `f(x)` as a statement, or behind `go` or `defer` | `func f(...any) {}` |
//! | `if f(x)`, `for !f()`, `f() && …` | `func f(...any) bool` |
//! | `T{}`, `*T`, `[]T`, a parameter's type, and no field of it | `type T struct{}` |

use tree_sitter::Node;

use super::syntax::Syntax;

/// A name that Go programmers use for one type only, that type, and what may be selected from it.
struct Convention {
    names: &'static [&'static str],
    kind: &'static str,
    selects: &'static [&'static str],
}

const CONVENTIONS: [Convention; 6] = [
    Convention {
        names: &["t"],
        kind: "*testing.T",
        selects: &[
            "Error", "Errorf", "Fatal", "Fatalf", "Log", "Logf", "Helper", "Run", "Skip", "Skipf",
            "Parallel", "Cleanup", "TempDir", "Setenv", "Name", "Fail", "FailNow", "Failed",
            "Context",
        ],
    },
    Convention {
        names: &["b"],
        kind: "*testing.B",
        selects: &[
            "N",
            "Loop",
            "ResetTimer",
            "StopTimer",
            "StartTimer",
            "ReportAllocs",
            "Run",
            "RunParallel",
        ],
    },
    Convention {
        names: &["ctx"],
        kind: "context.Context",
        selects: &["Done", "Err", "Value", "Deadline"],
    },
    Convention {
        names: &["err"],
        kind: "error",
        selects: &["Error"],
    },
    Convention {
        names: &["wg"],
        kind: "sync.WaitGroup",
        selects: &["Add", "Done", "Wait", "Go"],
    },
    Convention {
        names: &["mu", "mutex", "lock"],
        kind: "sync.Mutex",
        selects: &["Lock", "Unlock", "TryLock"],
    },
];

/// The declaration that stands in for `name`, derived from its use in the code.
pub fn derive(syntax: &Syntax, name: &str) -> Option<String> {
    let uses: Vec<Node> = syntax
        .walk(syntax.root())
        .filter(|node| {
            matches!(node.kind(), "identifier" | "type_identifier") && syntax.of(*node) == name
        })
        .collect();
    if uses.is_empty() || name.contains(['/', '.']) {
        return None;
    }
    if let Some(kind) = conventional(syntax, name, &uses) {
        return Some(format!("var {name} {kind}"));
    }
    if uses
        .iter()
        .all(|node| call(*node).is_some_and(is_statement))
    {
        return Some(format!("func {name}(...any) {{}}"));
    }
    if uses
        .iter()
        .all(|node| call(*node).is_some_and(is_condition))
    {
        return Some(format!("func {name}(...any) bool {{ return false }}"));
    }
    if uses.iter().all(|node| is_type(*node)) {
        return Some(format!("type {name} struct{{}}"));
    }
    None
}

/// The packages that a stand-in needs.
pub fn imports(stand_in: &str) -> impl Iterator<Item = &'static str> {
    ["testing", "context", "sync"]
        .into_iter()
        .filter(move |package| stand_in.contains(&format!("{package}.")))
}

fn conventional(syntax: &Syntax, name: &str, uses: &[Node]) -> Option<&'static str> {
    let convention = CONVENTIONS
        .iter()
        .find(|convention| convention.names.contains(&name))?;
    let selected = |node: &Node| {
        let parent = node.parent()?;
        (parent.kind() == "selector_expression")
            .then(|| parent.child_by_field_name("field"))
            .flatten()
            .map(|field| syntax.of(field))
    };
    let mut some = false;
    for node in uses {
        match selected(node) {
            Some(field) if convention.selects.contains(&field) => some = true,
            Some(_) => return None,
            None => {}
        }
    }
    // `err` and `ctx` are often only handed on; the others are recognised by their methods.
    (some || matches!(name, "err" | "ctx" | "t")).then_some(convention.kind)
}

/// The call whose callee `node` is.
fn call(node: Node) -> Option<Node> {
    let parent = node.parent()?;
    (parent.kind() == "call_expression" && parent.child_by_field_name("function") == Some(node))
        .then_some(parent)
}

fn is_statement(call: Node) -> bool {
    call.parent().is_some_and(|parent| {
        matches!(
            parent.kind(),
            "expression_statement" | "go_statement" | "defer_statement"
        )
    })
}

fn is_condition(call: Node) -> bool {
    let Some(parent) = call.parent() else {
        return false;
    };
    match parent.kind() {
        "if_statement" => parent.child_by_field_name("condition") == Some(call),
        "for_statement" => true,
        "unary_expression" => parent
            .child_by_field_name("operator")
            .is_some_and(|operator| operator.kind() == "!"),
        "binary_expression" => parent
            .child_by_field_name("operator")
            .is_some_and(|operator| matches!(operator.kind(), "&&" | "||")),
        _ => false,
    }
}

/// Whether the name stands for a type, and not as the package of a qualified one.
fn is_type(node: Node) -> bool {
    node.kind() == "type_identifier"
        && node
            .parent()
            .is_none_or(|parent| !matches!(parent.kind(), "qualified_type" | "generic_type"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_follow_from_use() {
        let derived = |code: &str, name| derive(&Syntax::parse(code), name);
        assert_eq!(
            derived("t.Errorf(\"x\")\nhelp(t)\n", "t").as_deref(),
            Some("var t *testing.T")
        );
        assert_eq!(
            derived("go work(1)\nwork(2)\n", "work").as_deref(),
            Some("func work(...any) {}")
        );
        assert_eq!(
            derived("for !ready() {\n}\n", "ready").as_deref(),
            Some("func ready(...any) bool { return false }")
        );
        assert_eq!(
            derived("func f(u User) {}\n", "User").as_deref(),
            Some("type User struct{}")
        );
        assert_eq!(derived("x := work()\n", "work"), None);
        assert_eq!(derived("t.Column()\n", "t"), None);
    }
}
