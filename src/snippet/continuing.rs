//! What a block does with a variable after it declares it: a later block that uses the variable goes on from there.
//!
//! ```text
//! words := strings.Fields(text)
//! sort.Strings(words)            ← comes along
//! fmt.Println(words)             ← does not: it changes nothing, and its output is that of its own block
//! ```
//! If what the block does with it can't be repeated silently – it prints among other things, waits, ends the program – only
//! the declaration is carried. Either way no claim is refuted by the value, since blocks between may change it.

use tree_sitter::Node;

use super::item::ItemKind;
use super::probe::PRINTS;
use super::syntax::Syntax;
use super::{Snippet, context::Declaration};

// Comments that say that the statement before them ends the program, or is none.
pattern!(
    ENDS,
    r"(?i)panic|error|fatal|deadlock|invalid|illegal|block|错误|报错|异常|死锁|阻塞|崩溃|编译|非法|不能|不可|恐慌|失败"
);

/// The statements of the block that come along with a variable, in their order.
pub(super) fn following(snippet: &Snippet, of: &Declaration) -> Vec<Declaration> {
    let names = &snippet.items[of.item].names;
    let mut found = Vec::new();
    for (at, item) in snippet.items.iter().enumerate().skip(of.item + 1) {
        let mentioned = names.iter().any(|name| item.mentions.contains(name));
        if !mentioned || item.kind != ItemKind::Statement {
            continue;
        }
        let Some(statement) = snippet.syntax.at(item.span.clone()) else {
            return Vec::new();
        };
        let comment = &snippet.code()[item.span.end..item.extent.end];
        match effect(&snippet.syntax, statement) {
            Effect::None => {}
            Effect::Silent if !ENDS.is_match(comment) => found.push(Declaration {
                item: at,
                ..of.clone()
            }),
            Effect::Silent | Effect::Other => return Vec::new(),
        }
    }
    found
}

/// What a statement does.
enum Effect {
    /// It only prints.
    None,
    /// It may change values, and does nothing else.
    Silent,
    /// It does more than that.
    Other,
}

fn effect(syntax: &Syntax, statement: Node) -> Effect {
    // A statement that is a call is as long as the call.
    if prints(syntax, statement) {
        let arguments = statement.child_by_field_name("arguments");
        let mut inside = arguments.into_iter().flat_map(|node| syntax.walk(node));
        return match inside.any(|node| does_something(syntax, node)) {
            true => Effect::Other,
            false => Effect::None,
        };
    }
    let more = |node: Node| match node.kind() {
        "send_statement" | "go_statement" | "defer_statement" | "select_statement"
        | "return_statement" | "goto_statement" | "labeled_statement" | "func_literal" => true,
        "unary_expression" => syntax.of(node).starts_with("<-"),
        "call_expression" => {
            let callee = node.child_by_field_name("function");
            let callee = callee.map_or("", |callee| syntax.of(callee));
            prints(syntax, node)
                || matches!(callee, "panic" | "os.Exit")
                || callee.starts_with("log.")
        }
        // Without a condition it may never end.
        "for_statement" => node.named_child_count() < 2,
        _ => false,
    };
    match syntax.walk(statement).any(more) {
        true => Effect::Other,
        false => Effect::Silent,
    }
}

/// Whether evaluating it may do something: a call other than of a function that only looks, or receiving.
fn does_something(syntax: &Syntax, node: Node) -> bool {
    const LOOKING: [&str; 6] = ["len", "cap", "string", "int", "float64", "fmt.Sprint"];
    match node.kind() {
        "call_expression" => {
            let callee = node.child_by_field_name("function");
            callee.is_none_or(|callee| !LOOKING.contains(&syntax.of(callee)))
        }
        "unary_expression" => syntax.of(node).starts_with("<-"),
        _ => false,
    }
}

fn prints(syntax: &Syntax, call: Node) -> bool {
    let callee = call.child_by_field_name("function");
    let callee = callee.map_or("", |callee| syntax.of(callee));
    call.kind() == "call_expression"
        && (PRINTS.contains(&callee) || matches!(callee, "print" | "println"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snippet::tests::note_of;

    /// The code that comes along with the first variable of a block.
    fn along(code: &str) -> Vec<String> {
        let (snippets, _) = note_of(&[code]);
        let declaration = Declaration {
            block: 0,
            item: 0,
            name: "words".to_owned(),
            local: true,
        };
        let following = following(&snippets[0], &declaration);
        let text = |it: &Declaration| {
            snippets[0].code()[snippets[0].items[it.item].span.clone()].to_owned()
        };
        following.iter().map(text).collect()
    }

    #[test]
    fn what_changes_a_variable_comes_along() {
        assert_eq!(
            along(
                "words := []string{\"b\", \"a\"}\nsort.Strings(words)\nn := len(words)\nfmt.Println(words, n, len(words))\n\
                 words[0] = \"c\"\nfor i := range words {\n\twords[i] += \"!\"\n}\nn++\n"
            ),
            [
                "sort.Strings(words)",
                "words[0] = \"c\"",
                "for i := range words {\n\twords[i] += \"!\"\n}"
            ]
        );
    }

    #[test]
    fn what_can_not_be_repeated_silently_keeps_all_of_it_away() {
        for more in [
            "for _, w := range words {\n\tfmt.Println(w)\n}\n",
            "fmt.Println(next(words))\n",
            "go use(words)\n",
            "words <- \"a\"\n",
            "words[7] = \"x\" // panic\n",
            "for {\n\tuse(words)\n}\n",
        ] {
            assert_eq!(
                along(&format!("words := f()\nuse(words)\n{more}")),
                [""; 0],
                "{more}"
            );
        }
    }
}
