//! Which of a program's two streams a note speaks of: "stderr: x", "输出到标准错误", `go run . 2>/dev/null`.

use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use crate::snippet::Syntax;
use crate::snippet::probe::statement_on;

/// One of the streams a program writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

static OUT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\bstdout\b|\bstandard output\b|标准输出").expect("a constant")
});
static ERR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\bstderr\b|\bstandard error\b|标准错误").expect("a constant")
});
// `2>/dev/null`, `2> NUL`; `>/dev/null`, `1>/dev/null`
static NO_ERR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"2>\s*(?:/dev/null|(?i:nul)\b)").expect("a constant"));
static NO_OUT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|[^2&])1?>\s*(?:/dev/null|(?i:nul)\b)").expect("a constant"));

impl Stream {
    /// The one stream that a text names; of both, or of none, it says nothing.
    pub fn of(text: &str) -> Option<Self> {
        match (OUT.is_match(text), ERR.is_match(text)) {
            (true, false) => Some(Self::Out),
            (false, true) => Some(Self::Err),
            _ => None,
        }
    }

    /// The one stream that a command still shows.
    pub fn shown_by(command: &str) -> Option<Self> {
        match (NO_OUT.is_match(command), NO_ERR.is_match(command)) {
            (false, true) => Some(Self::Out),
            (true, false) => Some(Self::Err),
            _ => None,
        }
    }

    /// The streams that the calls on a line of code write to, as far as their names tell, each once.
    pub fn written_on(syntax: &Syntax, line: usize) -> Vec<Self> {
        let Some(statement) = statement_on(syntax, line) else {
            return Vec::new();
        };
        let mut found: Vec<Self> = syntax
            .walk(statement)
            .filter(|node| node.kind() == "call_expression")
            .filter_map(|call| Self::of_call(syntax, call))
            .collect();
        found.sort();
        found.dedup();
        found
    }

    fn of_call(syntax: &Syntax, call: Node) -> Option<Self> {
        let callee = syntax.of(call.child_by_field_name("function")?);
        let first = call.child_by_field_name("arguments")?.named_child(0);
        match (callee, first.map(|it| syntax.of(it))) {
            ("print" | "println", _) => Some(Self::Err),
            (_, Some("os.Stderr")) => Some(Self::Err),
            (_, Some("os.Stdout")) => Some(Self::Out),
            _ if callee.starts_with("fmt.Print") => Some(Self::Out),
            _ if callee.starts_with("log.Print") => Some(Self::Err),
            _ => None,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Out => "stdout",
            Self::Err => "stderr",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_have_names_and_commands_leave_one_out() {
        assert_eq!(Stream::of("stderr: x"), Some(Stream::Err));
        assert_eq!(Stream::of("打印到标准输出"), Some(Stream::Out));
        assert_eq!(Stream::of("stdout and stderr"), None);
        assert_eq!(Stream::shown_by("go run . 2>/dev/null"), Some(Stream::Out));
        assert_eq!(Stream::shown_by("go run . > /dev/null"), Some(Stream::Err));
        assert_eq!(Stream::shown_by("go run . 2>&1"), None);
        assert_eq!(Stream::shown_by("go run . > out.txt"), None);
    }
}
