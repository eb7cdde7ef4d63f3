//! What a program is told by its surroundings: the clock, and the machine it runs on. What it prints of that is another
//! thing where and when its author ran it, so it refutes nothing.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use crate::claim::Subject;
use crate::snippet::Syntax;
use crate::snippet::probe::{is_print, statement_on};

use super::Case;

// What asks for it, at the start of an expression. Packages of third parties name what asks the clock as `time` does.
static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:time\.(?:Now|Since|Until)\(|time\.Local\b|runtime\.(?:NumCPU|GOMAXPROCS|Version|GOROOT)\(|runtime\.(?:GOOS|GOARCH)\b|os\.(?:Getp?pid|Get[ug]id|Hostname|Getwd|TempDir|Executable|UserHomeDir|UserCacheDir|UserConfigDir)\(|user\.Current\(|\w+\.(?:Now|Today|Yesterday|Tomorrow)\()")
        .expect("a constant")
});
// Functions whose result tells of what they get.
static PASSES_ON: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:fmt\.Sprint(?:f|ln)?|(?:time|math|strconv|strings)\.\w+|u?int(?:8|16|32|64)?|float(?:32|64)|string|min|max)$")
        .expect("a constant")
});

/// Whether what a claim speaks of comes from the clock or the machine.
pub(super) fn decide(case: &Case) -> bool {
    case.observations.iter().any(|observation| {
        let draft = &observation.program.draft;
        let syntax = &draft.snippet.syntax;
        // Most programs ask nothing of the kind.
        const WORDS: [&str; 8] = [
            "time.",
            "runtime.",
            "os.",
            "user.",
            ".Now(",
            ".Today(",
            ".Yesterday(",
            ".Tomorrow(",
        ];
        let code = draft.snippet.code();
        if !WORDS.iter().any(|word| code.contains(word)) {
            return false;
        }
        let told = Told::of(syntax);
        let prints = |node: Node| is_print(syntax, node) && told.is_shown(node);
        let within = |node| syntax.walk(node).any(prints);
        match &case.claim.subject {
            Subject::Line(line) => {
                statement_on(syntax, *line).is_some_and(|it| within(it) || told.gives(it))
            }
            Subject::Value(glance) => {
                let expression = Syntax::parse(&glance.expression);
                let mut words = expression.walk(expression.root());
                words.any(|it| told.names.contains(expression.of(it)))
                    || ASKS.is_match(&glance.expression)
            }
            Subject::Block => within(syntax.root()),
            _ => false,
        }
    })
}

/// The names of a block that hold what its surroundings tell.
struct Told<'s> {
    syntax: &'s Syntax,
    names: BTreeSet<String>,
}

impl<'s> Told<'s> {
    fn of(syntax: &'s Syntax) -> Self {
        let mut told = Self {
            syntax,
            names: BTreeSet::new(),
        };
        loop {
            let found: Vec<String> = syntax
                .walk(syntax.root())
                .flat_map(|node| told.named(node))
                .collect();
            let before = told.names.len();
            told.names.extend(found);
            if told.names.len() == before {
                return told;
            }
        }
    }

    /// The names to which a node passes something on.
    fn named(&self, node: Node) -> Vec<String> {
        let words = |node: Node| -> Vec<String> {
            let all = self.syntax.walk(node);
            let names = all.filter(|it| it.kind() == "identifier");
            names.map(|it| self.syntax.of(it).to_owned()).collect()
        };
        let field = |name| node.child_by_field_name(name);
        match node.kind() {
            "short_var_declaration" | "assignment_statement" if self.any(field("right")) => {
                field("left").map(words).unwrap_or_default()
            }
            "var_spec" if self.any(field("value")) => field("name").map(words).unwrap_or_default(),
            "return_statement" if self.children(node) || self.is_chosen(node) => {
                let mut outer = std::iter::successors(Some(node), Node::parent);
                let function = outer.find(|it| {
                    matches!(
                        it.kind(),
                        "function_declaration" | "method_declaration" | "func_literal"
                    )
                });
                let name = function.and_then(|it| it.child_by_field_name("name"));
                name.map(|it| self.syntax.of(it).to_owned())
                    .into_iter()
                    .collect()
            }
            "call_expression" => self.parameters(node),
            _ => Vec::new(),
        }
    }

    /// The parameters of the block's own function that get something of it in a call.
    fn parameters(&self, call: Node) -> Vec<String> {
        let (Some(callee), Some(arguments)) = (
            call.child_by_field_name("function"),
            call.child_by_field_name("arguments"),
        ) else {
            return Vec::new();
        };
        let told: Vec<bool> = (0..arguments.named_child_count())
            .filter_map(|at| arguments.named_child(u32::try_from(at).ok()?))
            .map(|argument| self.is(argument))
            .collect();
        if !told.contains(&true) {
            return Vec::new();
        }
        let name = self.syntax.of(callee);
        let function = self.syntax.walk(self.syntax.root()).find(|it| {
            let named = it.child_by_field_name("name");
            it.kind() == "function_declaration"
                && named.is_some_and(|it| self.syntax.of(it) == name)
        });
        let Some(list) = function.and_then(|it| it.child_by_field_name("parameters")) else {
            return Vec::new();
        };
        let names = self.syntax.walk(list).filter(|it| {
            it.kind() == "identifier"
                && it
                    .parent()
                    .is_some_and(|it| it.kind() == "parameter_declaration")
        });
        let names = names.map(|it| self.syntax.of(it).to_owned());
        let passed = names.zip(told).filter(|(_, told)| *told);
        passed.map(|(name, _)| name).collect()
    }

    fn any(&self, node: Option<Node>) -> bool {
        node.is_some_and(|node| self.is(node))
    }

    fn children(&self, node: Node) -> bool {
        let mut cursor = node.walk();
        node.named_children(&mut cursor).any(|it| self.is(it))
    }

    /// Whether an expression tells of it.
    fn is(&self, node: Node) -> bool {
        let text = self.syntax.of(node);
        match node.kind() {
            "identifier" => self.names.contains(text),
            "selector_expression" => {
                ASKS.is_match(text) || self.any(node.child_by_field_name("operand"))
            }
            "call_expression" => {
                let callee = node.child_by_field_name("function");
                let passes = callee.is_some_and(|it| PASSES_ON.is_match(self.syntax.of(it)));
                ASKS.is_match(text)
                    || self.any(callee)
                    || passes && self.any(node.child_by_field_name("arguments"))
            }
            "composite_literal" | "func_literal" => false,
            _ => self.children(node),
        }
    }

    /// Whether it decides whether a node is reached: `if now.Hour() < 12`, `switch runtime.GOOS`.
    fn is_chosen(&self, node: Node) -> bool {
        std::iter::successors(Some(node), Node::parent).any(|outer| {
            let heads = ["condition", "value", "initializer"];
            let head = heads
                .iter()
                .any(|name| self.any(outer.child_by_field_name(name)));
            match outer.kind() {
                "if_statement" | "expression_switch_statement" => head,
                // `switch { case now.Hour() < 12:`
                "expression_case" => {
                    let switch = outer.parent();
                    let mut cursor = switch.unwrap_or(outer).walk();
                    let cases: Vec<Node> = switch
                        .unwrap_or(outer)
                        .named_children(&mut cursor)
                        .filter(|it| it.kind() == "expression_case")
                        .collect();
                    cases
                        .into_iter()
                        .any(|it| self.any(it.child_by_field_name("value")))
                }
                "default_case" => outer.parent().is_some_and(|switch| {
                    let mut cursor = switch.walk();
                    switch
                        .named_children(&mut cursor)
                        .any(|it| self.any(it.child_by_field_name("value")))
                }),
                _ => false,
            }
        })
    }

    /// Whether a print shows it, or it decides whether it prints.
    fn is_shown(&self, print: Node) -> bool {
        self.any(print.child_by_field_name("arguments")) || self.is_chosen(print)
    }

    /// Whether a statement gives it to a name.
    fn gives(&self, statement: Node) -> bool {
        !self.named(statement).is_empty()
    }
}
