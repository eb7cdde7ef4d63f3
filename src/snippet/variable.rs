//! Variables that stand in functions of the note: what a fragment that was cut out of one speaks of.
//!
//! `w` and `r` in `w.Write(r.Header)` are most likely the parameters of the handler that the section shows. A
//! declaration with the same type stands in for each, so that the fragment type-checks:
//!
//! | in the note | stands in |
//! | --- | --- |
//! | `func (s *Server) Get(w http.ResponseWriter)` | `var s *Server`, `var w http.ResponseWriter` |
//! | `var n int` | `var n int` |
//! | `conn, err := net.Dial("tcp", addr)` | `var conn, _ = net.Dial("tcp", addr)` |
//!
//! What such a variable holds is not known, so a program with one is compiled and never run.

use std::collections::{BTreeMap, BTreeSet};

use tree_sitter::Node;

use super::Snippet;
use super::names::{self, Qualified};
use super::syntax::Syntax;

/// A variable of the note, as a declaration of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Variable {
    /// Index of the block in the note.
    pub block: usize,
    /// Byte of the block's code where it is declared.
    pub offset: usize,
    /// The Go declaration that stands in for it.
    pub text: String,
    /// The names that the declaration needs.
    pub needs: BTreeSet<String>,
    /// The names it takes from packages.
    pub qualified: Qualified,
    /// What it selects from anything.
    pub selected: BTreeSet<String>,
}

impl Variable {
    /// Whether its declaration does nothing but to give a value: it calls no function.
    pub fn is_idle(&self) -> bool {
        let made = self.text.replace("make(", "");
        !made.contains('(') && !made.contains("<-")
    }
}

/// All variables of a note by their names.
#[derive(Debug, Clone, Default)]
pub struct Variables {
    by_name: BTreeMap<String, Vec<Variable>>,
}

impl Variables {
    /// Take note of the variables of a block.
    pub fn add(&mut self, snippet: &Snippet) {
        if !snippet.is_go() {
            return;
        }
        let syntax = &snippet.syntax;
        for node in syntax.walk(syntax.root()).filter(|node| !node.has_error()) {
            match node.kind() {
                "parameter_declaration" | "variadic_parameter_declaration" => {
                    self.add_typed(snippet, node);
                }
                "var_spec" if node.child_by_field_name("type").is_some() => {
                    self.add_typed(snippet, node);
                }
                "var_spec" => self.add_assigned(snippet, node, "name", "value"),
                "short_var_declaration" => self.add_assigned(snippet, node, "left", "right"),
                _ => {}
            }
        }
    }

    /// The variables called `name`, in the note's order.
    pub fn of(&self, name: &str) -> impl Iterator<Item = &Variable> {
        self.by_name.get(name).into_iter().flatten()
    }

    fn add_typed(&mut self, snippet: &Snippet, node: Node) {
        let Some(kind) = node.child_by_field_name("type") else {
            return;
        };
        let syntax = &snippet.syntax;
        let slice = if node.kind().starts_with("variadic") {
            "[]"
        } else {
            ""
        };
        let mut cursor = node.walk();
        for name in node.children_by_field_name("name", &mut cursor) {
            let text = format!("var {} {slice}{}", syntax.of(name), syntax.of(kind));
            self.push(snippet, name, text, kind);
        }
    }

    fn add_assigned(&mut self, snippet: &Snippet, node: Node, left: &str, right: &str) {
        let syntax = &snippet.syntax;
        let Some(value) = node.child_by_field_name(right) else {
            return;
        };
        // What a program recovers from tells nothing of what others call by that name.
        if syntax.of(value) == "recover()" {
            return;
        }
        let names = identifiers(node, left);
        for name in &names {
            let others: Vec<&str> = names
                .iter()
                .map(|other| if other == name { syntax.of(*name) } else { "_" })
                .collect();
            let text = format!("var {} = {}", others.join(", "), syntax.of(value));
            self.push(snippet, *name, text, value);
        }
    }

    fn push(&mut self, snippet: &Snippet, name: Node, text: String, of: Node) {
        let syntax: &Syntax = &snippet.syntax;
        let called = syntax.of(name);
        if called == "_" {
            return;
        }
        let variable = Variable {
            block: snippet.block,
            offset: name.start_byte(),
            text,
            needs: names::free(syntax, of),
            qualified: names::qualified(syntax, of),
            selected: names::selected(syntax, of),
        };
        // `x := x` and `data := load(data)` say nothing of what the outer one is.
        if !variable.needs.contains(called) {
            let found = self.by_name.entry(called.to_owned()).or_default();
            found.push(variable);
        }
    }
}

/// The identifiers in a field, be they a list or not.
fn identifiers<'t>(node: Node<'t>, field: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    let mut found = Vec::new();
    for child in node.children_by_field_name(field, &mut cursor) {
        if child.kind() == "expression_list" {
            let mut inner = child.walk();
            found.extend(child.named_children(&mut inner));
        } else if child.is_named() {
            found.push(child);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::snippet::tests::note_of;

    fn stands_in(code: &str, name: &str) -> Option<String> {
        let (_, context) = note_of(&[code, "use()\n"]);
        let found = context.variable(name, 1, |_| true);
        found.map(|variable| variable.text.clone())
    }

    #[test]
    fn parameters_and_locals_become_declarations() {
        let code = "func (s *Server) Get(w http.ResponseWriter, names ...string) {\n\tconn, err := net.Dial(\"tcp\", addr)\n\tvar a, b int\n\tx := x\n}\n";
        let text = |name| stands_in(code, name);
        assert_eq!(text("s").as_deref(), Some("var s *Server"));
        assert_eq!(text("w").as_deref(), Some("var w http.ResponseWriter"));
        assert_eq!(text("names").as_deref(), Some("var names []string"));
        assert_eq!(
            text("err").as_deref(),
            Some("var _, err = net.Dial(\"tcp\", addr)")
        );
        assert_eq!(text("b").as_deref(), Some("var b int"));
        assert_eq!(text("x"), None);
    }
}
