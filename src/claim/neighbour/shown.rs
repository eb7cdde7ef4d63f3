//! What a text that stands behind code is: plain output, a command and its output, the compiler's words, a test's.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::claim::{Form, Kind, testing};
use crate::note::{Block, Prose};

// A prompt with a command: `$ go run x.go`, `➜ ~ go run x.go`, `C:\> go run x.go`, or a bare go command.
static COMMAND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:(?:[\w@:~/.\\-]+\s*)?[$%#>❯➜»]+\s*(?:~\S*\s+)?(?P<command>\S.*)|(?P<bare>go (?:run|build|test|vet|tool|install)\b.*))$")
        .expect("a constant")
});
// The commands whose output is the program's (or the compiler's).
static RUNS_GO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|\s)go (?:run|build|vet|tool compile)\b|^\./\S+$|^\.\\\S+$")
        .expect("a constant")
});
static COMPILER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^\s*(?:#\s*command-line-arguments|(?:\./)?[\w./-]+\.go:\d+(?::\d+)?: )")
        .expect("a constant")
});
static ESCAPE_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)\.go:\d+(?::\d+)?: .*(?:escapes? to heap|moved to heap|does not escape|leaking param|can inline|inlining call)")
        .expect("a constant")
});

// The info string of a fence that is output: `output`, `text title="Output"`.
pattern!(
    MARKED,
    r#"(?i)^output\b|\b(?:title|label|caption)\s*=\s*["']?(?:(?:expected |sample )?outputs?|results?|输出|(?:运行|执行|输出)结果)["']?(?:\s|[,}]|$)"#
);

/// What may show output: a block, or a paragraph of nothing but code that the compiler or a test says.
pub(super) struct Shown<'n> {
    pub(super) text: &'n str,
    pub(super) language: String,
    /// Bytes of the note.
    pub(super) span: Range<usize>,
    /// What it is, if it is not what commands print.
    pub(super) form: Form,
    /// Whether it is marked as output.
    pub(super) is_output: bool,
}

impl<'n> Shown<'n> {
    pub(super) fn of_block(block: &'n Block) -> Self {
        Self {
            text: &block.code.text,
            language: block.language(),
            span: block.span.clone(),
            form: Form::OutputBlock,
            is_output: MARKED.is_match(&block.info),
        }
    }

    /// A paragraph that is one message and says of which line of a Go file it is.
    pub(super) fn of_prose(prose: &'n Prose) -> Option<Self> {
        let mut said = prose.runs.iter().filter(|run| !run.text.trim().is_empty());
        let (run, rest) = (said.next()?, said.next());
        let text = run.text.trim();
        let is_message = run.code && (COMPILER.is_match(text) || testing::is_listing(text));
        (is_message && rest.is_none()).then(|| Self {
            text,
            language: String::new(),
            span: run.span.clone(),
            form: Form::Prose,
            is_output: false,
        })
    }
}

/// The output of one `go test`, without the command.
pub(super) fn of_tests(text: &str) -> Option<String> {
    let is_command = |line: &&str| {
        COMMAND
            .captures(line)
            .and_then(|found| found.name("command").or(found.name("bare")))
            .is_some_and(|command| command.as_str().split_whitespace().count() > 1)
    };
    if !testing::is_listing(text) || text.lines().filter(is_command).count() > 1 {
        return None;
    }
    let output: Vec<&str> = text.lines().filter(|line| !is_command(line)).collect();
    Some(output.join("\n").trim_end().to_owned())
}

/// What a block shows.
pub(super) enum Listing {
    /// Output, nothing but.
    Output(String),
    /// A go command, and its output.
    Transcript(String, String),
    /// The output of something else (a debugger, `curl`), or commands only.
    Other,
}

pub(super) fn listing(text: &str) -> Listing {
    let is_command = |line: &str| !line.starts_with("# command-line") && COMMAND.is_match(line);
    let first = text.lines().find(|line| !line.trim().is_empty());
    let Some(first) = first.filter(|line| is_command(line)) else {
        return Listing::Output(text.to_owned());
    };
    let command_of = |line: &str| -> String {
        COMMAND
            .captures(line)
            .and_then(|found| found.name("command").or(found.name("bare")))
            .map_or(String::new(), |command| command.as_str().to_owned())
    };
    let mut command = command_of(first);
    if !RUNS_GO.is_match(&command) {
        return Listing::Other;
    }
    // What comes after a second command is that one's.
    let after: Vec<&str> = text
        .lines()
        .skip_while(|line| line.trim().is_empty())
        .skip(1)
        .collect();
    let last_command = after.iter().rposition(|line| is_command(line));
    let output = match last_command {
        Some(at) if RUNS_GO.is_match(&command_of(after[at])) => {
            command = command_of(after[at]);
            &after[at + 1..]
        }
        Some(at) => &after[..at],
        None => &after[..],
    };
    Listing::Transcript(command, output.join("\n"))
}

/// What kind of listing it is.
pub(super) fn kind(text: &str) -> Kind {
    let start = text.trim_start();
    if ESCAPE_LINE.is_match(text) {
        Kind::Escape
    } else if COMPILER.is_match(text) {
        Kind::CompileError
    } else if text.contains("WARNING: DATA RACE") {
        Kind::Race
    } else if start.starts_with("fatal error: all goroutines are asleep") {
        Kind::Deadlock
    } else if start.starts_with("fatal error:") {
        Kind::Fatal
    } else if start.starts_with("panic:") {
        Kind::Panic
    } else {
        Kind::Stdout
    }
}
