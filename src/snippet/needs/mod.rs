//! What a program needs that is not there: recognised from its code, before it is run.
//!
//! | in what it executes | it needs |
//! | --- | --- |
//! | `//go:embed` | the files |
//! | `http.ListenAndServe`, an endless `Accept` | somebody who asks it; it never ends |
//! | `fmt.Scan`, `os.Stdin` | somebody who types |
//! | `//go:build windows`, `// +build windows`, `syscall/js` | another system |
//! | `http.Get("https://…")` | a network, which programs don't get: see `reach.rs` |
//!
//! What a program shows by running – that a file, arguments or another machine is not there – is not guessed here.
//! Only what is reached from `main` (or from what the driver calls) counts: a helper that nothing calls needs nothing.

mod reach;

use std::collections::BTreeSet;
use std::fmt;

use tree_sitter::Node;

use super::draft::Draft;
use super::item::{Item, ItemKind};
use super::names;
use super::syntax::Syntax;
use super::testing;

pub use reach::{Goal, Reach, is_secret, network, reaches};

/// Something that a program needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// Requests: it serves for ever.
    Requests(String),
    /// Input.
    Input(String),
    /// Another operating system or processor.
    Platform(String),
    /// Files that are compiled into it.
    Files(String),
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Requests(call) => write!(f, "it is a server that waits for requests: `{call}`"),
            Self::Input(call) => write!(f, "it reads what somebody types: `{call}`"),
            Self::Platform(tags) => write!(f, "it is for another platform: {tags}"),
            Self::Files(patterns) => write!(f, "it embeds files, which are not here: `{patterns}`"),
        }
    }
}

/// What the draft needs, if anything.
pub fn of(draft: &Draft) -> Option<Need> {
    let syntax = &draft.snippet.syntax;
    if let Some(constraint) = foreign_constraint(&syntax.text) {
        return Some(Need::Platform(constraint));
    }
    if names::imports(syntax)
        .iter()
        .any(|it| it.path == "syscall/js")
    {
        return Some(Need::Platform("syscall/js".to_owned()));
    }
    let mut lines = syntax.text.lines();
    if let Some(patterns) = lines.find_map(|line| line.trim().strip_prefix("//go:embed ")) {
        return Some(Need::Files(patterns.trim().to_owned()));
    }
    executed(draft)
        .into_iter()
        .flat_map(|node| syntax.walk(node).collect::<Vec<_>>())
        .find_map(|node| of_node(syntax, node))
}

/// The pieces that are executed: those that `main`, the body, the driver or the tests reach, and initialisers.
fn executed(draft: &Draft) -> Vec<Node<'_>> {
    let items = &draft.snippet.items;
    let starts = |at: &usize| is_start(draft, &items[*at]);
    let mut reached: Vec<usize> = draft.body.clone();
    reached.extend(draft.top.iter().copied().filter(starts));
    let mut next = 0;
    while let Some(&at) = reached.get(next) {
        next += 1;
        for &other in &draft.top {
            // A type brings its methods.
            let named = match &items[other].kind {
                ItemKind::Method { receiver } => items[at].mentions.contains(receiver),
                _ => items[other]
                    .names
                    .iter()
                    .any(|name| items[at].mentions.contains(name)),
            };
            if named && !reached.contains(&other) {
                reached.push(other);
            }
        }
    }
    reached.sort_unstable();
    let syntax = &draft.snippet.syntax;
    reached
        .into_iter()
        .filter_map(|at| syntax.at(items[at].span.clone()))
        .collect()
}

/// Whether an item that stands outside of functions is executed by itself.
fn is_start(draft: &Draft, item: &Item) -> bool {
    let called = |name: &String| name == "main" || name == "init" || draft.calls.contains(name);
    match item.kind {
        ItemKind::Var => true,
        ItemKind::Func(_) => {
            item.names.first().is_some_and(called)
                || draft.tests.is_some() && (testing::is_test(item) || testing::is_example(item))
        }
        _ => false,
    }
}

fn of_node(syntax: &Syntax, node: Node) -> Option<Need> {
    match node.kind() {
        "call_expression" => {
            let callee = syntax.of(node.child_by_field_name("function")?);
            of_call(node, callee)
        }
        "selector_expression" if syntax.of(node) == "os.Stdin" => {
            Some(Need::Input("os.Stdin".to_owned()))
        }
        _ => None,
    }
}

fn of_call(call: Node, callee: &str) -> Option<Need> {
    const SERVERS: [&str; 4] = [
        "http.ListenAndServe",
        "http.ListenAndServeTLS",
        "http.Serve",
        "http.ServeTLS",
    ];
    match callee {
        _ if SERVERS.contains(&callee) && !is_beside(call) => {
            Some(Need::Requests(callee.to_owned()))
        }
        "fmt.Scan" | "fmt.Scanln" | "fmt.Scanf" => Some(Need::Input(callee.to_owned())),
        _ => None,
    }
}

/// Whether the call runs beside the rest of the program, in a goroutine.
fn is_beside(call: Node) -> bool {
    let mut node = call.parent();
    while let Some(at) = node {
        if at.kind() == "go_statement" {
            return true;
        }
        node = at.parent();
    }
    false
}

/// Systems and processors other than those that gosnip's programs run on.
const FOREIGN: [&str; 18] = [
    "windows",
    "darwin",
    "freebsd",
    "openbsd",
    "netbsd",
    "dragonfly",
    "solaris",
    "illumos",
    "aix",
    "plan9",
    "js",
    "wasip1",
    "wasm",
    "android",
    "ios",
    "386",
    "arm",
    "mips",
];

/// The build constraint, if it is for another platform.
fn foreign_constraint(code: &str) -> Option<String> {
    let line = code
        .lines()
        .take_while(|line| !line.starts_with("package "))
        .find_map(|line| {
            let line = line.trim();
            // The second is how it was written before Go 1.17.
            line.strip_prefix("//go:build ")
                .or_else(|| line.strip_prefix("// +build "))
        })?;
    let words: Vec<&str> = line
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')))
        .filter(|word| !word.is_empty())
        .collect();
    let here: BTreeSet<&str> = [std::env::consts::OS, "linux", "unix", "amd64", "arm64"].into();
    // With a negation or a choice that fits, it may be for this one too.
    let foreign = words
        .iter()
        .any(|word| FOREIGN.contains(word) && !here.contains(word));
    let other = words.iter().any(|word| here.contains(word));
    (foreign && !other && !line.contains('!')).then(|| line.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::Snippet;
    use super::*;

    fn need(code: &str) -> Option<String> {
        let syntax = Syntax::parse(code);
        let items = super::super::item::items(&syntax);
        let shape = super::super::shape::of_code(&syntax, &items);
        let snippet = Arc::new(Snippet::assemble(0, syntax, items, shape, Vec::new()));
        Draft::of(&snippet)
            .iter()
            .find_map(of)
            .map(|need| need.to_string())
    }

    #[test]
    fn what_is_executed_needs_what_it_uses() {
        assert!(
            need("var name string\nfmt.Scan(&name)\n")
                .unwrap()
                .contains("types")
        );
        assert!(
            need("func main() {\n\thttp.ListenAndServe(\":80\", nil)\n}\n")
                .unwrap()
                .contains("server")
        );
        for (head, platform) in [
            ("//go:build windows\n\npackage main\n", "windows"),
            ("// +build darwin,cgo\n\npackage main\n", "darwin"),
            ("package main\n\nimport \"syscall/js\"\n", "syscall/js"),
        ] {
            let code = format!("{head}\nfunc main() {{}}\n");
            assert!(need(&code).unwrap().contains(platform), "{head}");
        }
    }

    #[test]
    fn what_provides_for_itself_needs_nothing() {
        assert_eq!(
            need("func main() {\n\tx()\n}\nfunc x() {}\nfunc y() {\n\tfmt.Scan(&z)\n}\n"),
            None
        );
        assert_eq!(
            need("go http.ListenAndServe(\":80\", nil)\nhttp.Get(\"http://localhost\")\n"),
            None
        );
        // Whether these are there is seen by running.
        assert_eq!(
            need("os.Open(os.Args[1])\nhttp.Get(\"https://go.dev\")\n"),
            None
        );
        assert_eq!(
            need("//go:build linux || darwin\n\npackage main\n\nfunc main() {}\n"),
            None
        );
    }
}
