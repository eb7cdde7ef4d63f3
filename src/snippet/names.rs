//! The names a piece of code takes from packages: `fmt.Println` uses `Println` of `fmt`.

use std::collections::{BTreeMap, BTreeSet};

use tree_sitter::Node;

use super::syntax::Syntax;

/// Which names are selected from each name that may be a package: `rand` → {`Intn`, `Seed`}.
pub type Qualified = BTreeMap<String, BTreeSet<String>>;

/// Where a package's name comes from. Implemented by the standard library's index.
pub trait Packages: Sync {
    /// The import path of the standard library's package that is called `name` and has all of
    /// `selected`, if there is one.
    fn resolve(&self, name: &str, selected: &[&str]) -> Option<String>;
}

/// The qualified names in `node`, leaving out those whose first part is declared as a variable or
/// parameter within `node`.
pub fn qualified(syntax: &Syntax, node: Node) -> Qualified {
    let mut found = Qualified::new();
    for node in syntax.walk(node) {
        let (base, selected) = match node.kind() {
            "selector_expression" => (
                node.child_by_field_name("operand")
                    .filter(|operand| operand.kind() == "identifier"),
                node.child_by_field_name("field"),
            ),
            "qualified_type" => (
                node.child_by_field_name("package"),
                node.child_by_field_name("name"),
            ),
            _ => continue,
        };
        if let (Some(base), Some(selected)) = (base, selected) {
            found
                .entry(syntax.of(base).to_owned())
                .or_default()
                .insert(syntax.of(selected).to_owned());
        }
    }
    let declared = declared_variables(syntax, node);
    found.retain(|base, _| !declared.contains(base));
    found
}

/// Every name that is declared as a variable, parameter or range variable anywhere in `node`.
fn declared_variables(syntax: &Syntax, node: Node) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for node in syntax.walk(node) {
        let fields: &[&str] = match node.kind() {
            "short_var_declaration" | "receive_statement" => &["left"],
            "range_clause" => &["left"],
            "var_spec" | "const_spec" | "parameter_declaration" => &["name"],
            "type_switch_statement" => &["alias"],
            _ => continue,
        };
        for field in fields {
            let mut cursor = node.walk();
            for named in node.children_by_field_name(field, &mut cursor) {
                if named.kind() == "identifier" {
                    names.insert(syntax.of(named).to_owned());
                } else {
                    let mut inner = named.walk();
                    names.extend(
                        named
                            .named_children(&mut inner)
                            .filter(|name| name.kind() == "identifier")
                            .map(|name| syntax.of(name).to_owned()),
                    );
                }
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_variables_are_no_packages() {
        let syntax =
            Syntax::parse("wg.Add(1)\nvar b strings.Builder\nb.Reset()\nrand.Intn(rand.Int())\n");
        let found = qualified(&syntax, syntax.root());
        let names: Vec<_> = found.keys().map(String::as_str).collect();
        assert_eq!(names, ["rand", "strings", "wg"]);
        assert_eq!(found["rand"].len(), 2);
    }
}
