//! The Go syntax tree. The only place that sets up tree-sitter.
//!
//! tree-sitter-go accepts statements at the top level, so a fragment parses as it stands, and a
//! block's shape is a matter of node kinds.

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

/// Go code with its syntax tree.
#[derive(Debug, Clone)]
pub struct Syntax {
    /// The text that was parsed; byte offsets of nodes are offsets of the block's code.
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
        let tree = PARSER
            .with_borrow_mut(|parser| parser.parse(&text, None))
            .expect("parsing is neither cancelled nor limited in time");
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
        let mut bytes = 0;
        let mut stack = vec![self.root()];
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
