//! Loops that never end, by their syntax.

use tree_sitter::Node;

use super::syntax::Syntax;

/// Whether there is a `for {}` outside of goroutines that has no way out.
pub fn has_endless(syntax: &Syntax) -> bool {
    endless(syntax).next().is_some()
}

/// Whether such a loop does nothing either: it writes nothing, starts nothing, and takes no memory.
pub fn idle_for_ever(syntax: &Syntax) -> bool {
    const DOES: [&str; 3] = ["call_expression", "composite_literal", "func_literal"];
    let does = |node: Node| DOES.contains(&node.kind());
    endless(syntax).any(|node| !syntax.walk(node).any(does))
}

fn endless(syntax: &Syntax) -> impl Iterator<Item = Node<'_>> {
    const EXITS: [&str; 3] = ["break_statement", "return_statement", "goto_statement"];
    let has_no_exit = |node: &Node| {
        let mut cursor = node.walk();
        let bare = node
            .named_children(&mut cursor)
            .all(|child| child.kind() == "block");
        let leaves = |inner: Node| {
            EXITS.contains(&inner.kind())
                || inner.kind() == "call_expression"
                    && ["panic(", "os.Exit(", "log.Fatal", "runtime.Goexit("]
                        .iter()
                        .any(|call| syntax.of(inner).starts_with(call))
        };
        bare && !syntax.walk(*node).any(leaves)
    };
    let in_goroutine = |node: &Node| {
        std::iter::successors(node.parent(), Node::parent)
            .any(|outer| outer.kind() == "go_statement")
    };
    syntax
        .walk(syntax.root())
        .filter(|node| node.kind() == "for_statement")
        .filter(move |node| has_no_exit(node) && !in_goroutine(node))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_or_does_something_is_told_from_what_idles() {
        let says = |code: &str| {
            let syntax = Syntax::parse(code);
            (has_endless(&syntax), idle_for_ever(&syntax))
        };
        assert_eq!(says("for {\n}\n"), (true, true));
        assert_eq!(says("for {\n\tn++\n}\n"), (true, true));
        assert_eq!(says("for {\n\tfmt.Println(1)\n}\n"), (true, false));
        assert_eq!(says("for {\n\ts = append(s, 1)\n}\n"), (true, false));
        assert_eq!(
            says("for {\n\tif done {\n\t\tbreak\n\t}\n}\n"),
            (false, false)
        );
        assert_eq!(says("for i := 0; i >= 0; i++ {\n}\n"), (false, false));
        assert_eq!(says("go func() {\n\tfor {\n\t}\n}()\n"), (false, false));
    }

    #[test]
    fn a_loop_is_endless_if_nothing_leaves_it() {
        for code in ["for {\n}", "for {\n\tx++\n}", "if a {\n\tfor { f() }\n}"] {
            assert!(has_endless(&Syntax::parse(code)), "{code}");
        }
        for code in [
            "for {\n\tif x { break }\n}",
            "for {\n\treturn\n}",
            "for i := 0; i < 1e12; i++ {\n}",
            "for x > 0 {\n}",
            "for range ch {\n}",
            "go func() {\n\tfor { f() }\n}()",
            "for {\n\tlog.Fatal(1)\n}",
        ] {
            assert!(!has_endless(&Syntax::parse(code)), "{code}");
        }
    }
}
