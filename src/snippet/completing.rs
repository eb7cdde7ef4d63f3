//! The bodies of functions that a block leaves out, or leaves to its reader. Its program is compiled and never run.

use tree_sitter::Node;

use crate::report::Shape;

use super::Snippet;
use super::repair::{Repairer, nearest_function};
use super::source::{Edit, Place};

impl Repairer<'_> {
    /// A function without a body. Beside others that have one, it stands for one in assembly; a block in which none
    /// has one lists signatures.
    pub(super) fn missing_body(&mut self, place: Place) -> bool {
        let snippet = std::sync::Arc::clone(&self.draft.snippet);
        if place.block != snippet.block || !lists_signatures(&snippet) {
            return false;
        }
        let items = snippet.items.iter();
        let mut functions = items.filter(|item| item.is_top_level_only());
        let Some(function) = functions.find(|item| item.span.contains(&place.offset)) else {
            return false;
        };
        self.draft.left_out = true;
        let declares = |name: &str| snippet.items.iter().any(|item| item.names == [name]);
        let body = match declares("panic") {
            true => " { select {} }",
            false => " { panic(\"left out\") }",
        };
        let body = Edit::insert(function.span.end, body);
        self.draft.edit(place.block, body)
    }

    /// A body without any `return` is one that its author left out, and so is the rest of one that ends in a comment
    /// (`// use x`). Of a complete program, a body of nothing but comments is an exercise.
    pub(super) fn missing_return(&mut self, place: Place) -> bool {
        let Some(syntax) = self.syntax(place.block) else {
            return false;
        };
        let Some(function) = syntax
            .at(place.offset..place.offset + 1)
            .and_then(nearest_function)
        else {
            return false;
        };
        let Some(body) = function.child_by_field_name("body") else {
            return false;
        };
        let returns = syntax
            .walk(function)
            .any(|node| node.kind() == "return_statement");
        let parts = inner(body);
        let is_comment = |node: &Node| node.kind() == "comment";
        let ends_in_comment = parts.last().is_some_and(is_comment);
        let carried = place.block != self.draft.snippet.block;
        let left_out = if self.draft.snippet.shape == Shape::Program {
            ends_in_comment && parts.iter().all(is_comment)
        } else {
            self.draft.snippet.is_elided() || !returns || ends_in_comment || carried
        };
        if !left_out {
            return false;
        }
        self.draft.left_out = true;
        let end = body.end_byte().saturating_sub(1);
        self.draft
            .edit(place.block, Edit::insert(end, "panic(\"left out\")\n"))
    }
}

/// The statements and comments of a body, with those that the grammar puts into a list.
fn inner(body: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = body.walk();
    let mut parts = Vec::new();
    for node in body.named_children(&mut cursor) {
        if node.kind() == "statement_list" {
            let mut inside = node.walk();
            parts.extend(node.named_children(&mut inside).collect::<Vec<_>>());
        } else {
            parts.push(node);
        }
    }
    parts
}

/// Whether no function of the block has a body.
fn lists_signatures(snippet: &Snippet) -> bool {
    let mut functions = snippet.items.iter().filter(|item| item.is_top_level_only());
    functions.all(|item| {
        let node = snippet.syntax.at(item.span.clone());
        node.is_some_and(|node| node.child_by_field_name("body").is_none())
    })
}

#[cfg(test)]
mod tests {
    use crate::build::Diagnostic;
    use crate::snippet::tests::note_of;
    use crate::snippet::{Draft, Packages, repair};

    /// Only `sync` is a package.
    struct Sync;

    impl Packages for Sync {
        fn resolve(&self, name: &str, _: &[&str]) -> Option<String> {
            (name == "sync").then(|| "sync".to_owned())
        }

        fn has(&self, path: &str, _: &[&str]) -> bool {
            path == "sync"
        }
    }

    /// The last block's program after the compiler has said this of the first place of `at` in it.
    fn repaired(blocks: &[&str], at: &str, message: &str) -> Option<(String, bool)> {
        let (snippets, context) = note_of(blocks);
        let draft = Draft::of(snippets.last().unwrap()).remove(0);
        let source = draft.render(&context, &Sync);
        let before = &source.text[..source.text.find(at).unwrap()];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let diagnostic = Diagnostic {
            line: before.matches('\n').count() as u32 + 1,
            column: (before.len() - line_start) as u32 + 1,
            message: message.to_owned(),
            code: None,
        };
        let repaired = repair::repair(&draft, &source, &[diagnostic], &context, &Sync).ok()?;
        let text = repaired.render(&context, &Sync).text;
        Some((text, repaired.is_compiled_only()))
    }

    const MISSING: &str = "missing function body";

    #[test]
    fn a_list_of_signatures_leaves_the_bodies_out() {
        let list = "func (a Amount) Cents() int64\nfunc Parse(s string) Amount\n";
        let (text, compiled_only) = repaired(&[list], "Parse", MISSING).unwrap();
        assert!(
            text.contains("func Parse(s string) Amount { panic(\"left out\") }"),
            "{text}"
        );
        assert!(compiled_only);
        // One without a body beside others is written in assembly.
        let beside = "func add(a, b int) int\n\nfunc twice(a int) int { return add(a, a) }\n";
        assert_eq!(repaired(&[beside], "add", MISSING), None);
    }

    #[test]
    fn a_body_that_ends_in_a_comment_is_left_out_from_there() {
        let message = "missing return";
        let rest = "func load(n int) error {\n\tif n > 1 {\n\t\treturn nil\n\t}\n\t// use n\n}\n";
        let (text, compiled_only) = repaired(&[rest], "}\n\t// use", message).unwrap();
        assert!(
            text.contains("// use n\n\tpanic(\"left out\")")
                || text.contains("// use n\npanic(\"left out\")"),
            "{text}"
        );
        assert!(compiled_only);
        let wrong = rest.replace("\t// use n\n", "");
        assert_eq!(repaired(&[&wrong], "}\n}", message), None);
        // An exercise.
        let program = "package main\n\nfunc main() { f() }\n\nfunc f() int {\n\t// write this\n}\n";
        assert!(repaired(&[program], "}\n", message).is_none());
        assert!(repaired(&[program], "// write", message).is_some());
        let wrong = program.replace("// write this", "g()");
        assert_eq!(repaired(&[&wrong], "g()", message), None);
    }
}
