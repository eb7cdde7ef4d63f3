//! The names a piece of code takes from packages: `fmt.Println` uses `Println` of `fmt`.

use std::collections::{BTreeMap, BTreeSet};

use tree_sitter::Node;

use super::draft::import_name;
use super::syntax::Syntax;

/// Which names are selected from each name that may be a package: `rand` → {`Intn`, `Seed`}.
pub type Qualified = BTreeMap<String, BTreeSet<String>>;

/// The names and keywords in some Go, or in a text that speaks of it.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
}

/// Where a package's name comes from. Implemented by the standard library's index.
pub trait Packages: Sync {
    /// The import path of the standard library's package that is called `name` and has all of
    /// `selected`, if there is one.
    fn resolve(&self, name: &str, selected: &[&str]) -> Option<String>;

    /// Whether the standard library's package at `path` has all of `selected`.
    fn has(&self, path: &str, selected: &[&str]) -> bool;
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

/// The names in `node` that it does not declare itself: what it needs from outside, packages included.
///
/// A name that is declared anywhere in `node` is taken for its own, and so is the key of a composite literal,
/// which may be a field: rather one too few, since the compiler names what is left.
pub fn free(syntax: &Syntax, node: Node) -> BTreeSet<String> {
    let mut declared = declared_variables(syntax, node);
    let mut used = BTreeSet::new();
    for node in syntax.walk(node) {
        match node.kind() {
            "identifier" | "type_identifier" | "package_identifier"
                if !is_key(node) && !is_selected(node) =>
            {
                used.insert(syntax.of(node).to_owned());
            }
            "type_parameter_declaration" | "type_spec" | "type_alias" | "function_declaration" => {
                let mut cursor = node.walk();
                let names = node.children_by_field_name("name", &mut cursor);
                declared.extend(names.map(|name| syntax.of(name).to_owned()));
            }
            "method_declaration" => declared.extend(syntax.type_parameters(node)),
            _ => {}
        }
    }
    used.retain(|name| name != "_" && !declared.contains(name) && !is_predeclared(name));
    used
}

/// Whether the node is the `WaitGroup` of `sync.WaitGroup`.
fn is_selected(node: Node) -> bool {
    node.kind() == "type_identifier"
        && node
            .parent()
            .is_some_and(|parent| parent.kind() == "qualified_type")
}

/// Whether the node is the `F` of `F[int](x)`, which may be a function as well as a type.
fn may_be_called(node: Node) -> bool {
    let generic = node.parent().filter(|it| it.kind() == "generic_type");
    let outer = generic.and_then(|it| it.parent());
    outer.is_some_and(|it| it.kind() == "type_conversion_expression")
}

/// Whether the node is the key of a keyed element.
fn is_key(node: Node) -> bool {
    let element = node.parent().filter(|it| it.kind() == "literal_element");
    element.is_some_and(|element| {
        let keyed = element.parent().filter(|it| it.kind() == "keyed_element");
        keyed.is_some_and(|keyed| keyed.named_child(0) == Some(element))
    })
}

/// Whether Go itself declares the name.
pub fn is_predeclared(name: &str) -> bool {
    const NAMES: &str = " any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 \
        int64 rune string uint uint8 uint16 uint32 uint64 uintptr true false iota nil append cap clear close \
        complex copy delete imag len make max min new panic print println real recover ";
    NAMES
        .split_ascii_whitespace()
        .any(|predeclared| predeclared == name)
}

/// The names that stand for types in `node`.
pub fn types(syntax: &Syntax, node: Node) -> BTreeSet<String> {
    syntax
        .walk(node)
        .filter(|node| node.kind() == "type_identifier")
        .filter(|node| !is_selected(*node) && !may_be_called(*node))
        .map(|node| syntax.of(node).to_owned())
        .collect()
}

/// The names that are selected from something in `node`: methods it may call.
pub fn selected(syntax: &Syntax, node: Node) -> BTreeSet<String> {
    syntax
        .walk(node)
        .filter(|node| node.kind() == "selector_expression")
        .filter_map(|node| node.child_by_field_name("field"))
        .map(|field| syntax.of(field).to_owned())
        .collect()
}

/// An import as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The name the package is used by.
    pub name: String,
    /// Its path.
    pub path: String,
    /// The import specification: the path in quotes, with another name before it.
    pub spec: String,
}

impl Import {
    /// Read an import specification; `_` and `.` give no name.
    pub fn read(syntax: &Syntax, spec: Node) -> Option<Self> {
        let path = syntax.of(spec.child_by_field_name("path")?);
        let path = path.trim_matches(['"', '`']);
        let name = match spec.child_by_field_name("name") {
            Some(name) => syntax.of(name),
            None => import_name(path),
        };
        (!matches!(name, "_" | ".")).then(|| Self {
            name: name.to_owned(),
            path: path.to_owned(),
            spec: syntax.of(spec).to_owned(),
        })
    }

    /// Whether it is of a module: the first part of its path is a domain.
    pub fn is_module(&self) -> bool {
        let first = self.path.split('/').next();
        first.is_some_and(|first| first.contains('.'))
    }
}

/// The imports of the code.
pub fn imports(syntax: &Syntax) -> Vec<Import> {
    syntax
        .walk(syntax.root())
        .filter(|node| node.kind() == "import_spec")
        .filter_map(|spec| Import::read(syntax, spec))
        .collect()
}

/// Whether a variable called `name` is declared anywhere in the code.
pub fn declares_variable(syntax: &Syntax, name: &str) -> bool {
    declared_variables(syntax, syntax.root()).contains(name)
}

/// Every name that is declared as a variable, parameter or range variable anywhere in `node`.
fn declared_variables(syntax: &Syntax, node: Node) -> BTreeSet<String> {
    let names = declaring(syntax, node).into_iter();
    names.map(|name| syntax.of(name).to_owned()).collect()
}

/// The places at which a variable, parameter or range variable called `name` is declared.
pub fn declarations_of<'t>(syntax: &'t Syntax, name: &str) -> Vec<Node<'t>> {
    let mut names = declaring(syntax, syntax.root());
    names.retain(|it| syntax.of(*it) == name);
    names
}

/// The identifiers by which variables, parameters and range variables are declared anywhere in `node`.
fn declaring<'t>(syntax: &'t Syntax, node: Node<'t>) -> Vec<Node<'t>> {
    let mut names = Vec::new();
    for node in syntax.walk(node) {
        let fields: &[&str] = match node.kind() {
            "short_var_declaration" | "receive_statement" => &["left"],
            "range_clause" => &["left"],
            "var_spec"
            | "const_spec"
            | "parameter_declaration"
            | "variadic_parameter_declaration" => &["name"],
            "type_switch_statement" => &["alias"],
            _ => continue,
        };
        for field in fields {
            let mut cursor = node.walk();
            for named in node.children_by_field_name(field, &mut cursor) {
                if named.kind() == "identifier" {
                    names.push(named);
                } else {
                    let mut inner = named.walk();
                    let inside = named.named_children(&mut inner);
                    names.extend(inside.filter(|name| name.kind() == "identifier"));
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
    fn what_is_called_with_a_type_may_be_a_function() {
        let syntax = Syntax::parse("r := NewRing[int](2)\nvar s Set[int]\nt := List(s)\n");
        let found = types(&syntax, syntax.root());
        let found: Vec<_> = found.iter().map(String::as_str).collect();
        assert_eq!(found, ["Set", "int"]);
    }

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
