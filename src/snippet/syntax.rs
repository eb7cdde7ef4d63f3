//! The Go syntax tree. The only place that sets up tree-sitter.
//!
//! tree-sitter-go accepts statements at the top level, so a fragment parses as it stands, and a
//! block's shape is a matter of node kinds.

mod newer;

use std::cell::RefCell;
use std::ops::Range;

use tree_sitter::{Node, Parser, Tree};

thread_local! {
    // A parser may not be shared between threads, and making one costs more than a small parse.
    static PARSER: RefCell<Parser> = RefCell::new(go_parser());
}

fn go_parser() -> Parser {
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_go::LANGUAGE.into())
        .expect("tree-sitter-go is built for the tree-sitter that Cargo.lock pins");
    parser
}

fn tree_of(text: &str) -> Tree {
    PARSER
        .with_borrow_mut(|parser| parser.parse(text, None))
        .expect("parsing is neither cancelled nor limited in time")
}

/// Go code with its syntax tree.
#[derive(Debug, Clone)]
pub struct Syntax {
    /// The code; byte offsets of nodes are offsets of the block's code.
    pub text: String,
    tree: Tree,
}

impl Syntax {
    /// Parse `code`. Never fails: what is not Go becomes `ERROR` nodes.
    pub fn parse(code: &str) -> Self {
        let mut text = code.to_owned();
        if !text.ends_with('\n') {
            // The grammar wants a terminator after the last statement.
            text.push('\n');
        }
        let mut tree = tree_of(&text);
        let errors = error_bytes(tree.root_node());
        let count = |tried: &str| error_bytes(tree_of(tried).root_node());
        if errors > 0
            && let Some(known) = newer::parsed_as(&text, errors, count)
        {
            tree = tree_of(&known);
        }
        Self { text, tree }
    }

    /// The root node, a `source_file`.
    pub fn root(&self) -> Node<'_> {
        self.tree.root_node()
    }

    /// The text of a node.
    pub fn of(&self, node: Node<'_>) -> &str {
        &self.text[node.byte_range()]
    }

    /// All nodes below (and with) `node`, parents before children, in source order.
    pub fn walk<'t>(&'t self, node: Node<'t>) -> impl Iterator<Item = Node<'t>> {
        // One cursor for the whole way: making one, or a list of children, for each node costs far more.
        let mut cursor = node.walk();
        let mut next = Some(node);
        std::iter::from_fn(move || {
            let node = next.take()?;
            let mut found = cursor.goto_first_child() || cursor.goto_next_sibling();
            while !found && cursor.goto_parent() {
                found = cursor.goto_next_sibling();
            }
            next = found.then(|| cursor.node());
            Some(node)
        })
    }

    /// The smallest named node that covers `range`.
    pub fn at(&self, range: Range<usize>) -> Option<Node<'_>> {
        self.root()
            .named_descendant_for_byte_range(range.start, range.end)
    }

    /// How many bytes lie in `ERROR` or missing nodes.
    pub fn error_bytes(&self) -> usize {
        error_bytes(self.root())
    }

    /// The names of a method's type parameters, which the grammar does not know.
    pub fn type_parameters(&self, method: Node) -> Vec<String> {
        let (Some(name), Some(parameters)) = (
            method.child_by_field_name("name"),
            method.child_by_field_name("parameters"),
        ) else {
            return Vec::new();
        };
        let list = &self.text[name.end_byte()..parameters.start_byte()];
        let list = list.trim();
        if newer::bracketed(list) != Some(list.len()) {
            return Vec::new();
        }
        let alone = Self::parse(&format!("func f{list}() {{}}"));
        let mut names = Vec::new();
        for node in alone.walk(alone.root()) {
            if node.kind() == "type_parameter_declaration" {
                let mut cursor = node.walk();
                let found = node.children_by_field_name("name", &mut cursor);
                names.extend(found.map(|name| alone.of(name).to_owned()));
            }
        }
        names
    }
}

/// How many bytes at or below `root` lie in `ERROR` or missing nodes.
fn error_bytes(root: Node) -> usize {
    let mut bytes = 0;
    let mut stack = vec![root];
    while let Some(node) = stack.pop() {
        if node.is_error() {
            bytes += node.byte_range().len().max(1);
        } else if node.is_missing() {
            bytes += 1;
        } else if node.has_error() {
            let mut cursor = node.walk();
            stack.extend(node.children(&mut cursor));
        }
    }
    bytes
}

/// Whether a node is a string as Go writes one.
pub fn is_string_literal(node: Node) -> bool {
    matches!(
        node.kind(),
        "interpreted_string_literal" | "raw_string_literal"
    )
}

/// The nearest node at or above `node` that is a statement standing in a statement list (or at the
/// top level of a fragment).
pub fn enclosing_statement(node: Node<'_>) -> Option<Node<'_>> {
    let mut node = node;
    loop {
        let parent = node.parent()?;
        let in_list = matches!(
            parent.kind(),
            "source_file"
                | "block"
                | "statement_list"
                | "expression_case"
                | "default_case"
                | "type_case"
                | "communication_case"
        );
        if in_list && node.is_named() && !matches!(node.kind(), "statement_list" | "comment") {
            return Some(node);
        }
        node = parent;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(syntax: &Syntax) -> Vec<String> {
        assert_eq!(syntax.error_bytes(), 0, "{}", syntax.text);
        let mut cursor = syntax.root().walk();
        let children = syntax.root().named_children(&mut cursor);
        children.map(|node| node.kind().to_owned()).collect()
    }

    #[test]
    fn a_method_may_have_type_parameters() {
        let code = "func (s *Box[T]) To[R any, K Set[R]](f func(T) R) R {\n\treturn f(s.v)\n}\nfunc (s S) A() {}\n";
        let syntax = Syntax::parse(code);
        assert_eq!(kinds(&syntax), ["method_declaration"; 2]);
        assert_eq!(syntax.text, code);
        let method = syntax.root().named_child(0).unwrap();
        assert_eq!(syntax.type_parameters(method), ["R", "K"]);
        let method = syntax.root().named_child(1).unwrap();
        assert!(syntax.type_parameters(method).is_empty());
    }

    #[test]
    fn new_may_take_a_value() {
        let code = "p := new(42)\nq := new([]int)\nr := new(f(\"a\"))\nvar s = new(1 + 1)\n";
        let syntax = Syntax::parse(code);
        assert_eq!(kinds(&syntax)[..3], ["short_var_declaration"; 3]);
        assert!(syntax.root().to_sexp().contains("slice_type"));
    }

    #[test]
    fn what_is_wrong_stays_wrong() {
        assert!(Syntax::parse("p := new(42\n").error_bytes() > 0);
        assert!(Syntax::parse("func (s S) M[]() {}\nfunc {\n").error_bytes() > 0);
    }
}
