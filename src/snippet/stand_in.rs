//! Stand-ins for names that nothing in the note declares, so that a fragment type-checks.
//!
//! A program with stand-ins is compiled and never run: what it would do is not what its author's does.
//! How a name is used says what it stands for ([`StandIns::of`]); of which type everything is, the compiler says:
//! a type of which nothing is known yet gets a name of its own (`standIn3`), and each complaint about that
//! name tells a bit more of it ([`super::infer`]), until the compiler is content. What is never asked for stays
//! an empty struct.
//!
//! | use | stand-in |
//! | --- | --- |
//! | `t.Errorf`, `ctx.Done()`, … (names with one meaning in Go, and only that type's methods used) | `var t *testing.T` |
//! | only ever called: `f(x)`, `a, err := f(x)` | `func f(...any) (standIn1, error)` |
//! | `T{}`, `*T`, `[]T`, a parameter's type | `type T struct{…}` with the fields and methods that are used |
//! | anything else | `var x standIn1` |

mod written;

use std::collections::{BTreeMap, BTreeSet};

use tree_sitter::Node;

use super::infer::call_results;
use super::syntax::Syntax;

/// What type names of our own begin with.
pub(super) const PREFIX: &str = "standIn";

/// The stand-ins of a program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StandIns {
    /// What each missing name stands for.
    pub(super) names: BTreeMap<String, StandIn>,
    /// What is known of each type: by the name of a missing type, or one of our own.
    pub(super) types: BTreeMap<String, Shape>,
    /// How many types of our own there are.
    count: usize,
}

/// What a missing name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StandIn {
    /// A variable of a type.
    Variable(String),
    /// A function with results of these types.
    Function(Vec<String>),
    /// A constant, because it is the length of an array.
    Constant,
    /// A type; its shape is known by its name.
    Type,
}

/// What is known of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// It has these fields and methods, and those of the interfaces that it embeds.
    Struct {
        fields: BTreeMap<String, String>,
        embedded: BTreeSet<String>,
        methods: BTreeMap<String, Method>,
    },
    /// It is an interface with these methods, because values of other types are used as it.
    Interface(BTreeMap<String, Method>),
    /// It is this type.
    Text(String),
}

/// What is known of a method.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Method {
    /// Its results; it takes anything.
    pub(super) results: Vec<String>,
    /// Its parameters and results in Go, where an interface wants exactly that.
    pub(super) signature: Option<String>,
}

impl Shape {
    pub(super) fn unknown() -> Self {
        Self::Struct {
            fields: BTreeMap::new(),
            embedded: BTreeSet::new(),
            methods: BTreeMap::new(),
        }
    }
}

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

/// The type that Go programmers mean by the name of a variable, field or result.
pub(super) fn by_convention(name: &str) -> Option<&'static str> {
    match name {
        "err" => Some("error"),
        "ctx" => Some("context.Context"),
        "ok" => Some("bool"),
        "wg" => Some("sync.WaitGroup"),
        "mu" => Some("sync.Mutex"),
        _ => None,
    }
}

impl StandIns {
    /// Stand-ins for all of `missing`, as far as their use in the code tells; `None` if one of them cannot be
    /// stood in for: a module, a package's name, something the code does not use.
    pub fn of(missing: &[String], syntax: &Syntax) -> Option<Self> {
        let mut stand_ins = Self::default();
        for name in missing {
            stand_ins.add(name, syntax)?;
        }
        Some(stand_ins)
    }

    /// Add one for `name`.
    pub(super) fn add(&mut self, name: &str, syntax: &Syntax) -> Option<()> {
        let uses: Vec<Node> = syntax
            .walk(syntax.root())
            .filter(|node| {
                matches!(
                    node.kind(),
                    "identifier" | "type_identifier" | "package_identifier"
                ) && syntax.of(*node) == name
            })
            .collect();
        let is_package = |node: &Node| {
            let parent = node.parent().map_or("", |parent| parent.kind());
            node.kind() == "package_identifier" || parent == "qualified_type"
        };
        let is_generic = |node: &Node| {
            let parent = node.parent().map_or("", |parent| parent.kind());
            matches!(parent, "generic_type" | "type_instantiation_expression")
        };
        // What is selected from `C` is cgo's.
        let is_cgo = |node: &Node| {
            let parent = node.parent().map_or("", |parent| parent.kind());
            name == "C" && parent == "selector_expression"
        };
        if uses.is_empty()
            || uses.iter().any(is_cgo)
            || name.contains(['/', '.'])
            || uses.iter().any(is_package)
            || uses.iter().any(is_generic)
        {
            return None;
        }
        let is_length = |node: &Node| {
            let parent = node.parent();
            parent.is_some_and(|parent| parent.child_by_field_name("length") == Some(*node))
        };
        let stand_in = if uses.iter().any(is_length) {
            StandIn::Constant
        } else if let Some(kind) = conventional(syntax, name, &uses) {
            StandIn::Variable(kind.to_owned())
        } else if uses
            .iter()
            .any(|node| node.kind() == "type_identifier" || is_converted_to(*node))
        {
            self.types.insert(name.to_owned(), Shape::unknown());
            StandIn::Type
        } else if uses.iter().all(|node| call(*node).is_some()) {
            let calls = uses.iter().filter_map(|node| call(*node));
            let most = calls
                .map(|call| call_results(syntax, call))
                .max_by_key(Vec::len)
                .unwrap_or_default();
            StandIn::Function(self.results(&most))
        } else {
            let kind = by_convention(name).map(str::to_owned);
            StandIn::Variable(kind.unwrap_or_else(|| self.fresh()))
        };
        self.names.insert(name.to_owned(), stand_in);
        Some(())
    }

    /// Types for as many results, by the names of the variables that take them.
    pub(super) fn results(&mut self, names: &[String]) -> Vec<String> {
        names
            .iter()
            .map(|name| by_convention(name).map_or_else(|| self.fresh(), str::to_owned))
            .collect()
    }

    /// A type of which nothing is known yet.
    pub(super) fn fresh(&mut self) -> String {
        self.count += 1;
        let name = format!("{PREFIX}{}", self.count);
        self.types.insert(name.clone(), Shape::unknown());
        name
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names that are stood in for.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }
}

/// Whether a value is converted to a pointer to it: `(*T)(x)`. (To a parser, that is as well a call of what `T` points to,
/// which hardly anybody writes.)
fn is_converted_to(node: Node) -> bool {
    node.parent()
        .filter(|pointer| pointer.kind() == "unary_expression")
        .and_then(|pointer| pointer.parent())
        .filter(|callee| callee.kind() == "parenthesized_expression")
        .is_some_and(|callee| call(callee).is_some())
}

/// Whether the code uses `name` as a type.
pub(super) fn is_type(syntax: &Syntax, name: &str) -> bool {
    syntax
        .walk(syntax.root())
        .any(|node| node.kind() == "type_identifier" && syntax.of(node) == name)
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
pub(super) fn call(node: Node) -> Option<Node> {
    let parent = node.parent()?;
    (parent.kind() == "call_expression" && parent.child_by_field_name("function") == Some(node))
        .then_some(parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derived(code: &str, missing: &str) -> Option<Vec<String>> {
        StandIns::of(&[missing.to_owned()], &Syntax::parse(code)).map(|found| found.declarations())
    }

    #[test]
    fn stand_ins_follow_from_use() {
        let one = |code, name| derived(code, name).map(|all| all[0].clone());
        assert_eq!(
            one("t.Errorf(\"x\")\nhelp(t)\n", "t").unwrap(),
            "var t *testing.T"
        );
        assert_eq!(
            one("return (*MyError)(err)\n", "MyError").unwrap(),
            "type MyError struct{}"
        );
        assert_eq!(
            one("go work(1)\nwork(2)\n", "work").unwrap(),
            "func work(...any) {}"
        );
        assert_eq!(
            one("x, err := load()\n", "load").unwrap(),
            "func load(...any) (standIn1, error) { panic(\"a stand-in\") }"
        );
        assert_eq!(
            one("func f(u User) {}\n", "User").unwrap(),
            "type User struct{}"
        );
        assert_eq!(one("x := queue\n", "queue").unwrap(), "var queue standIn1");
    }

    #[test]
    fn packages_and_generic_types_have_no_stand_in() {
        assert_eq!(derived("var x pb.Reply\n", "pb"), None);
        assert_eq!(derived("var x List[int]\n", "List"), None);
        assert_eq!(derived("f()\n", "example.com/x"), None);
        assert_eq!(derived("C.puts(x)\n", "C"), None);
    }

    #[test]
    fn known_types_are_put_in_the_place_of_their_names() {
        let mut found = StandIns::of(&["x".to_owned()], &Syntax::parse("y := x\n")).unwrap();
        let element = found.fresh();
        found
            .types
            .insert("standIn1".into(), Shape::Text(format!("[]{element}")));
        assert_eq!(
            found.declarations(),
            ["var x []standIn2", "type standIn2 struct{}"]
        );
        found.types.insert(element, Shape::Text("int".into()));
        assert_eq!(found.declarations(), ["var x []int"]);
    }
}
