//! Output in a block of its own: after the code ("输出：" and a fence), as a shell transcript, as a
//! compiler's or runtime's listing.

use std::sync::LazyLock;

use regex::Regex;

use crate::note::{Block, Note, Part, Prose};
use crate::snippet::Snippet;

use super::{Claim, Confidence, Form, Kind, Subject, testing, version};

static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:输出|结果|打印|运行|执行|得到|显示|\boutputs?\b|\bprints?\b|\bprinted\b|\bresults?\b|\bgives\b|\bproduces\b|\bwe get\b|\byou(?:'ll| will| should)? (?:see|get)\b|\brun(?:ning)? (?:it|this)\b)[^。.!?\n]{0,24}$")
        .expect("a constant")
});
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
static NOT_OUTPUT: LazyLock<Regex> = LazyLock::new(|| {
    // Benchmarks, test runs, trees and diagrams: nothing a program's output can be compared with.
    Regex::new(r"(?m)ns/op|^\s*\((?:dlv|gdb|lldb|pprof)\)|^(?:ok|FAIL|---\s+(?:FAIL|PASS)|PASS)\b|[├└│┌┐┘┬┴┼]").expect("a constant")
});
/// The tags under which notes show output.
const OUTPUT_TAGS: [&str; 14] = [
    "",
    "text",
    "txt",
    "plain",
    "plaintext",
    "output",
    "out",
    "console",
    "log",
    "bash",
    "sh",
    "shell",
    "go",
    "golang",
];
/// Those of them that mean a shell: what is in there may be commands only.
const SHELL_TAGS: [&str; 3] = ["bash", "sh", "shell"];

/// The claims made by blocks that follow Go blocks.
pub fn claims(note: &Note, snippets: &[Option<&Snippet>]) -> Vec<Claim> {
    let mut found = Vec::new();
    // The Go block that a following block may speak of, and the prose since then.
    let mut code: Option<usize> = None;
    let mut between: Vec<&Prose> = Vec::new();
    let mut answered = false;
    for part in &note.parts {
        match part {
            Part::Heading { .. } => {
                code = None;
                between.clear();
            }
            Part::Html { .. } => {}
            Part::Prose(prose) => between.push(prose),
            Part::Block(at) => {
                let go = snippets.get(*at).copied().flatten();
                if go.is_some_and(Snippet::is_go) {
                    code = Some(*at);
                    answered = false;
                } else if let Some(program) = code {
                    let claim = claim(&note.blocks[*at], program, &between, answered);
                    answered |= claim.is_some();
                    found.extend(claim);
                }
                between.clear();
            }
        }
    }
    found
}

fn claim(block: &Block, program: usize, between: &[&Prose], answered: bool) -> Option<Claim> {
    let language = block.language();
    if !OUTPUT_TAGS.contains(&language.as_str()) || between.len() > 2 {
        return None;
    }
    let lead_text = between.last().map(|prose| prose.text()).unwrap_or_default();
    let lead_text = lead_text.trim();
    let announced = LEAD.is_match(lead_text);
    let versions = version::label(lead_text);
    // A second block after the same code is its output only under a label ("Go 1.21：").
    if answered && versions.is_none() && !announced {
        return None;
    }
    if let Some(text) = of_tests(&block.code.text) {
        return Some(Claim {
            block: program,
            span: block.span.clone(),
            form: Form::Transcript,
            kind: Kind::Stdout,
            subject: Subject::Tests,
            text: text.clone(),
            expected: text,
            hedged: super::lexicon::HEDGED.is_match(lead_text),
            negated: false,
            confidence: Confidence::Certain,
            versions,
        });
    }
    let (text, transcript) = match listing(&block.code.text) {
        Listing::Output(text) => (text, false),
        Listing::Transcript(text) => (text, true),
        Listing::Other => return None,
    };
    let text = text.trim_end();
    if text.trim().is_empty() || NOT_OUTPUT.is_match(text) {
        return None;
    }
    if SHELL_TAGS.contains(&language.as_str()) && !transcript && !announced {
        return None;
    }
    let confidence = if announced && lead_text.ends_with([':', '：']) || transcript {
        Confidence::Certain
    } else if announced || versions.is_some() || kind(text) != Kind::Stdout {
        Confidence::Likely
    } else {
        Confidence::Weak
    };
    Some(Claim {
        block: program,
        span: block.span.clone(),
        form: if transcript {
            Form::Transcript
        } else {
            Form::OutputBlock
        },
        kind: kind(text),
        subject: Subject::Block,
        text: text.to_owned(),
        expected: text.to_owned(),
        hedged: super::lexicon::HEDGED.is_match(lead_text),
        negated: false,
        confidence,
        versions,
    })
}

/// The output of one `go test`, without the command.
fn of_tests(text: &str) -> Option<String> {
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
enum Listing {
    /// Output, nothing but.
    Output(String),
    /// The output of a go command that stands above it.
    Transcript(String),
    /// The output of something else (a debugger, `curl`), or commands only.
    Other,
}

fn listing(text: &str) -> Listing {
    let is_command = |line: &str| !line.starts_with("# command-line") && COMMAND.is_match(line);
    let first = text.lines().find(|line| !line.trim().is_empty());
    let Some(first) = first.filter(|line| is_command(line)) else {
        return Listing::Output(text.to_owned());
    };
    let command = COMMAND
        .captures(first)
        .and_then(|found| found.name("command").or(found.name("bare")))
        .map_or("", |command| command.as_str());
    if !RUNS_GO.is_match(command) {
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
        Some(at)
            if COMMAND
                .captures(after[at])
                .and_then(|found| found.name("command").or(found.name("bare")))
                .is_some_and(|command| RUNS_GO.is_match(command.as_str())) =>
        {
            &after[at + 1..]
        }
        Some(at) => &after[..at],
        None => &after[..],
    };
    Listing::Transcript(output.join("\n"))
}

/// What kind of listing it is.
fn kind(text: &str) -> Kind {
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
