//! The top-level pieces of a block: package clause, imports, declarations, statements.

use std::collections::BTreeSet;
use std::ops::Range;

use tree_sitter::Node;

use super::pieces;
use super::syntax::Syntax;

/// One top-level piece of a block's code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Bytes of the code, without surrounding comments.
    pub span: Range<usize>,
    /// Bytes of the code with the comment lines directly above and the comment behind it.
    pub extent: Range<usize>,
    /// The names it declares in the scope it stands in.
    pub names: Vec<String>,
    /// Whether it is an expression that is not a call or a receive: Go accepts none as a statement.
    pub expression: bool,
    /// Every identifier it uses or declares; enough to see whether it can speak of a name.
    pub mentions: BTreeSet<String>,
}

/// What a top-level piece is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemKind {
    /// `package p`
    Package(String),
    /// An import declaration, with the imported paths.
    Import(Vec<String>),
    /// A function.
    Func(Signature),
    /// A method of the named type.
    Method {
        /// The receiver's type, without `*` and type parameters.
        receiver: String,
    },
    /// A type declaration.
    Type,
    /// A constant declaration.
    Const,
    /// A `var` declaration.
    Var,
    /// `a, b := …`
    ShortVar,
    /// Any other statement.
    Statement,
    /// Something that does not parse.
    Error,
}

/// What a driver must know of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// How many parameters it has (grouped names count each).
    pub parameters: usize,
    /// The type of each of them, as written.
    pub types: Vec<String>,
    /// Whether it has results.
    pub results: bool,
    /// Whether it has type parameters.
    pub generic: bool,
    /// Whether it has a body.
    pub body: bool,
}

impl Item {
    /// The type whose method it is.
    pub fn receiver(&self) -> Option<&String> {
        match &self.kind {
            ItemKind::Method { receiver } => Some(receiver),
            _ => None,
        }
    }

    /// Whether it may stand outside of functions.
    pub fn is_declaration(&self) -> bool {
        matches!(
            self.kind,
            ItemKind::Func(_)
                | ItemKind::Method { .. }
                | ItemKind::Type
                | ItemKind::Const
                | ItemKind::Var
        )
    }

    /// Whether it declares variables.
    pub fn is_variable(&self) -> bool {
        matches!(self.kind, ItemKind::Var | ItemKind::ShortVar)
    }

    /// Whether it may stand only outside of functions.
    pub fn is_top_level_only(&self) -> bool {
        matches!(self.kind, ItemKind::Func(_) | ItemKind::Method { .. })
    }

    /// Whether it is code at all, rather than the package clause or an import.
    pub fn is_code(&self) -> bool {
        !matches!(self.kind, ItemKind::Package(_) | ItemKind::Import(_))
    }
}

/// The items of a block, in source order.
pub fn items(syntax: &Syntax) -> Vec<Item> {
    let pieces = match syntax.error_bytes() > 0 {
        true => pieces::of_file(&syntax.text),
        false => None,
    };
    match pieces {
        Some(pieces) => pieces.into_iter().map(|at| of_piece(syntax, at)).collect(),
        None => of_tree(syntax),
    }
}

/// The item of a declaration in a file that the grammar does not know all of. What it can't read has the name that
/// follows its first word, and is neither called nor carried into other blocks.
fn of_piece(syntax: &Syntax, piece: Range<usize>) -> Item {
    let text = &syntax.text[piece.clone()];
    let alone = Syntax::parse(text);
    if let [only] = of_tree(&alone).as_slice()
        && !alone.root().has_error()
    {
        return Item {
            span: piece.clone(),
            extent: piece,
            ..only.clone()
        };
    }
    let words = || text.split(|c: char| !c.is_alphanumeric() && c != '_');
    let is_word = |word: &&str| !word.is_empty();
    let word = |nth: usize| words().filter(is_word).nth(nth).unwrap_or_default();
    let kind = match word(0) {
        "package" => ItemKind::Package(word(1).to_owned()),
        "import" => ItemKind::Import(Vec::new()),
        "func" if text["func".len()..].trim_start().starts_with('(') => ItemKind::Method {
            receiver: String::new(),
        },
        "func" => ItemKind::Func(Signature {
            parameters: 0,
            types: Vec::new(),
            results: false,
            generic: false,
            body: false,
        }),
        "type" => ItemKind::Type,
        "const" => ItemKind::Const,
        _ => ItemKind::Var,
    };
    let named = !matches!(
        kind,
        ItemKind::Package(_) | ItemKind::Import(_) | ItemKind::Method { .. }
    );
    let mentions = words().filter(is_word).map(str::to_owned);
    Item {
        names: named.then(|| word(1).to_owned()).into_iter().collect(),
        kind,
        span: piece.clone(),
        extent: piece,
        expression: false,
        mentions: mentions.collect(),
    }
}

/// The items by the syntax tree.
fn of_tree(syntax: &Syntax) -> Vec<Item> {
    let root = syntax.root();
    let mut cursor = root.walk();
    let children: Vec<Node> = root
        .children(&mut cursor)
        .filter(|node| node.is_named() || node.is_error())
        .collect();
    let mut items = Vec::new();
    // Where the text after the previous item (and the comment behind it) starts.
    let mut free_from = 0;
    for (at, node) in children.iter().enumerate() {
        if node.kind() == "comment" {
            continue;
        }
        let end = children[at + 1..]
            .iter()
            .take_while(|next| {
                next.kind() == "comment" && next.start_position().row == node.end_position().row
            })
            .last()
            .map_or(node.end_byte(), |comment| comment.end_byte());
        let start = leading_comments(&children[..at], *node, free_from);
        free_from = end;
        items.push(Item {
            kind: kind(syntax, *node),
            span: node.byte_range(),
            extent: start..end,
            names: names(syntax, *node),
            expression: is_bare_expression(*node),
            mentions: mentions(syntax, *node),
        });
    }
    items
}

/// Where the comment lines directly above `node` start (those with no empty line between), of those from `free_from` on.
fn leading_comments(before: &[Node], node: Node, free_from: usize) -> usize {
    let mut start = node.start_byte();
    let mut row = node.start_position().row;
    for comment in before.iter().rev() {
        let directly = comment.end_position().row + 1 == row;
        if comment.kind() != "comment" || !directly || comment.start_byte() < free_from {
            break;
        }
        start = comment.start_byte();
        row = comment.start_position().row;
    }
    start
}

fn kind(syntax: &Syntax, node: Node) -> ItemKind {
    match node.kind() {
        "package_clause" => ItemKind::Package(
            node.named_child(0)
                .map_or("", |name| syntax.of(name))
                .to_owned(),
        ),
        "import_declaration" => ItemKind::Import(import_paths(syntax, node)),
        "function_declaration" => ItemKind::Func(signature(syntax, node)),
        "method_declaration" => ItemKind::Method {
            receiver: receiver(syntax, node).unwrap_or_default(),
        },
        "type_declaration" => ItemKind::Type,
        "const_declaration" => ItemKind::Const,
        "var_declaration" => ItemKind::Var,
        "short_var_declaration" => ItemKind::ShortVar,
        "ERROR" => ItemKind::Error,
        _ => ItemKind::Statement,
    }
}

/// The paths an import declaration names, unquoted.
fn import_paths(syntax: &Syntax, node: Node) -> Vec<String> {
    syntax
        .walk(node)
        .filter(|spec| spec.kind() == "import_spec")
        .filter_map(|spec| spec.child_by_field_name("path"))
        .map(|path| syntax.of(path).trim_matches(['"', '`']).to_owned())
        .collect()
}

fn signature(syntax: &Syntax, node: Node) -> Signature {
    let types = node
        .child_by_field_name("parameters")
        .map(|list| parameter_types(syntax, list))
        .unwrap_or_default();
    Signature {
        parameters: types.len(),
        types,
        results: node.child_by_field_name("result").is_some(),
        generic: node.child_by_field_name("type_parameters").is_some(),
        body: node.child_by_field_name("body").is_some(),
    }
}

/// The type of each parameter, those of grouped names once for each; `...T` stays as it is written.
fn parameter_types(syntax: &Syntax, list: Node) -> Vec<String> {
    let mut types = Vec::new();
    let mut cursor = list.walk();
    for declaration in list
        .named_children(&mut cursor)
        .filter(|child| child.kind().contains("parameter_declaration"))
    {
        let mut cursor = declaration.walk();
        let names = declaration
            .children_by_field_name("name", &mut cursor)
            .count();
        let kind = declaration
            .child_by_field_name("type")
            .map_or("", |kind| syntax.of(kind));
        let dots = if declaration.kind().starts_with("variadic") {
            "..."
        } else {
            ""
        };
        types.extend(vec![format!("{dots}{kind}"); names.max(1)]);
    }
    types
}

/// The name of a method's receiver type.
fn receiver(syntax: &Syntax, node: Node) -> Option<String> {
    let list = node.child_by_field_name("receiver")?;
    syntax
        .walk(list)
        .find(|node| node.kind() == "type_identifier")
        .map(|name| syntax.of(name).to_owned())
}

/// The names a top-level node declares.
fn names(syntax: &Syntax, node: Node) -> Vec<String> {
    let own = |node: Node| syntax.of(node).to_owned();
    match node.kind() {
        "function_declaration" | "method_declaration" => node
            .child_by_field_name("name")
            .map(own)
            .into_iter()
            .collect(),
        "type_declaration" => children_names(syntax, node, &["type_spec", "type_alias"]),
        "const_declaration" => children_names(syntax, node, &["const_spec"]),
        "var_declaration" => children_names(syntax, node, &["var_spec"]),
        "short_var_declaration" => node
            .child_by_field_name("left")
            .map(|left| {
                let mut cursor = left.walk();
                left.named_children(&mut cursor)
                    .filter(|name| name.kind() == "identifier")
                    .map(own)
                    .collect()
            })
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The `name` fields of the specs of the given kinds at or below `node`, not inside functions.
fn children_names(syntax: &Syntax, node: Node, specs: &[&str]) -> Vec<String> {
    let mut names = Vec::new();
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        let mut cursor = node.walk();
        if specs.contains(&node.kind()) {
            names.extend(
                node.children_by_field_name("name", &mut cursor)
                    .filter(|name| name.is_named())
                    .map(|name| syntax.of(name).to_owned()),
            );
        } else {
            stack.extend(node.named_children(&mut cursor));
        }
    }
    names
}

/// Whether the node is an expression statement of something that is neither called nor received.
pub fn is_bare_expression(node: Node) -> bool {
    node.kind() == "expression_statement"
        && node.named_child(0).is_some_and(|expression| {
            let receive = expression.kind() == "unary_expression"
                && expression
                    .child_by_field_name("operator")
                    .is_some_and(|operator| operator.kind() == "<-");
            !receive && expression.kind() != "call_expression"
        })
}

fn mentions(syntax: &Syntax, node: Node) -> BTreeSet<String> {
    syntax
        .walk(node)
        .filter(|node| {
            matches!(
                node.kind(),
                "identifier" | "type_identifier" | "package_identifier"
            )
        })
        .map(|node| syntax.of(node).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_take_their_comments_along() {
        let code = "// about f\nfunc f(a, b int) error { return nil } // behind\n\n// free\n\nx := 1 // one\ny := 2\n";
        let syntax = Syntax::parse(code);
        let items = items(&syntax);
        assert_eq!(items.len(), 3);
        assert_eq!(
            &code[items[0].extent.clone()],
            "// about f\nfunc f(a, b int) error { return nil } // behind"
        );
        assert_eq!(
            items[0].kind,
            ItemKind::Func(Signature {
                parameters: 2,
                types: vec!["int".into(), "int".into()],
                results: true,
                generic: false,
                body: true
            })
        );
        assert_eq!(&code[items[1].extent.clone()], "x := 1 // one");
        assert_eq!(&code[items[2].extent.clone()], "y := 2");
        assert_eq!(items[2].names, ["y"]);
    }

    #[test]
    fn a_file_is_not_cut_up_by_what_the_grammar_does_not_know() {
        let code =
            "package main\n\nfunc (b Box) M(x int) =>> int\n\nfunc main() {\n\t_ = Box{} ~~ 1\n}\n";
        let syntax = Syntax::parse(code);
        assert!(syntax.root().has_error());
        let items = items(&syntax);
        let names: Vec<_> = items.iter().flat_map(|item| &item.names).collect();
        assert_eq!((items.len(), names), (3, vec![&"main".to_owned()]));
        assert!(matches!(items[1].kind, ItemKind::Method { .. }));
        assert!(code[items[2].span.clone()].starts_with("func main() {\n\t_ = Box{} ~~"));
    }

    #[test]
    fn grouped_declarations_give_all_their_names() {
        let syntax = Syntax::parse(
            "var (\n\ta, b int\n\tc = 2\n)\ntype (\n\tA int\n\tB = A\n)\nfunc (s *List[T]) Len() int { return 0 }\n",
        );
        let items = items(&syntax);
        let mut names = items[0].names.clone();
        names.sort();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(items[1].names.len(), 2);
        assert_eq!(
            items[2].kind,
            ItemKind::Method {
                receiver: "List".into()
            }
        );
    }
}
