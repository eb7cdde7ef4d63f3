//! Observations: what really happened to a program.

use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use crate::build::{Diagnostic, Escape, INTERRUPTED, Inspected};
use crate::chance;
use crate::claim::Stream;
use crate::program::Program;
use crate::run::{End, Execution, crash::CrashKind};
use crate::snippet::Syntax;
use crate::snippet::probe::{self, Probed};
use crate::snippet::testing;
use crate::toolchain::Language;

/// Where the machine code lies that a signal hit.
static PROGRAM_COUNTER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"pc=0x[0-9a-f]+").expect("a constant"));

/// What happened to one program.
#[derive(Debug, Clone)]
pub struct Observation {
    /// The program.
    pub program: Program,
    /// What the compiler complained of; empty if it compiled.
    pub complaints: Vec<Complaint>,
    /// Names and modules that nothing provides.
    pub missing: Vec<String>,
    /// Whether it compiled.
    pub compiled: bool,
    /// As which language version.
    pub language: Language,
    /// The compiler failed for a reason of its own (time, memory): nothing is known of the program.
    pub failure: Option<String>,
    /// The escape report, with lines of the block's code (from 0); `None` where the place is ours.
    pub escapes: Vec<(Option<usize>, Escape)>,
    /// What a check or vet said, in lines of the source; `None` for a program that was to be run.
    pub inspected: Option<Inspected>,
    /// Each time it was run with stdout and stderr in one stream; the order is the true one.
    pub runs: Vec<Execution>,
    /// Whether it shared its binary.
    pub merged: bool,
    /// Whether the compiler's results came from the cache.
    pub cached: bool,
}

/// A complaint of the compiler in terms of the note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The block it stands in and the byte of its code; `None` where the source is ours.
    pub place: Option<crate::snippet::Place>,
    /// Line of the block's own code (from 0), if it stands in it.
    pub line: Option<usize>,
    /// The compiler's words.
    pub diagnostic: Diagnostic,
}

impl Observation {
    /// Whether the user had had enough before it was known what the program does.
    pub fn is_interrupted(&self) -> bool {
        self.failure.as_deref() == Some(INTERRUPTED)
    }

    /// Whether it ran at all.
    pub fn ran(&self) -> bool {
        !self.runs.is_empty()
            && !self
                .runs
                .iter()
                .any(|run| matches!(run.end, End::NotStarted(_)))
    }

    /// What each run's probes saw.
    pub fn probed(&self) -> Vec<Probed> {
        self.runs
            .iter()
            .map(|run| probe::read(&run.stdout.text))
            .collect()
    }

    /// What a reader sees of each run, as in a terminal: the output and the first lines of a crash.
    pub fn transcripts(&self) -> Vec<String> {
        self.runs.iter().map(transcript).collect()
    }

    /// What each run wrote to one of the streams, if they were kept apart. A crash is told on stderr.
    pub fn written_to(&self, stream: Stream) -> Vec<String> {
        let written = |run: &Execution| match stream {
            Stream::Out => run.stdout.text.clone(),
            Stream::Err => {
                let mut alone = run.clone();
                alone.stdout.text.clear();
                transcript(&alone)
            }
        };
        self.runs.iter().map(written).collect()
    }

    /// The transcripts of the runs that came to an end of their own.
    pub fn finished(&self) -> Vec<String> {
        let ended = |run: &&Execution| {
            !matches!(
                run.end,
                End::TimedOut { .. } | End::OutputLimit | End::MemoryLimit
            )
        };
        self.runs.iter().filter(ended).map(transcript).collect()
    }

    /// What a program itself wrote, without what `go test` says of its tests.
    pub fn printed(&self, transcripts: Vec<String>) -> Vec<String> {
        if self.program.draft.tests.is_none() {
            return transcripts;
        }
        let own = transcripts.iter().map(|text| testing::printed(text));
        own.collect()
    }

    /// Whether what it does may differ from run to run, as far as its words tell.
    pub fn may_vary(&self) -> bool {
        chance::may_vary(&self.program.source.text)
    }

    /// Whether a goroutine changes a variable from outside of it without lock or atomic: then what comes of it
    /// is a matter of luck, however often one sees the same.
    pub fn may_race(&self) -> bool {
        let syntax = &self.program.draft.snippet.syntax;
        if [".Lock()", "atomic.", "<-"]
            .iter()
            .any(|word| syntax.text.contains(word))
        {
            return false;
        }
        syntax.walk(syntax.root()).any(|node| {
            starts_goroutine(syntax, node)
                && syntax.walk(node).any(|inner| {
                    matches!(
                        inner.kind(),
                        "inc_statement" | "dec_statement" | "assignment_statement"
                    )
                })
        })
    }

    /// Whether goroutines started in a loop count in a variable of theirs all, without lock or atomic: now and then
    /// one overwrites what another one counted, even if it has not been seen.
    pub fn may_lose(&self) -> bool {
        let syntax = &self.program.draft.snippet.syntax;
        let in_loop = |node: Node| {
            std::iter::successors(node.parent(), Node::parent)
                .any(|outer| outer.kind() == "for_statement")
        };
        let counts = |node: Node| {
            matches!(node.kind(), "inc_statement" | "dec_statement")
                || node.kind() == "assignment_statement"
                    && ["+=", "-=", "append("]
                        .iter()
                        .any(|it| syntax.of(node).contains(it))
        };
        self.may_race()
            && syntax
                .walk(syntax.root())
                .filter(|node| starts_goroutine(syntax, *node) && in_loop(*node))
                .any(|node| syntax.walk(node).any(counts))
    }

    /// Whether the code on a line (from 0) is run by goroutines that a loop starts: which of them comes first is a
    /// matter of luck, however often one sees the same.
    pub fn is_raced_for(&self, line: usize) -> bool {
        let syntax = &self.program.draft.snippet.syntax;
        let Some(statement) = probe::statement_on(syntax, line) else {
            return false;
        };
        let mut outer = std::iter::successors(statement.parent(), Node::parent);
        let started = outer.any(|node| starts_goroutine(syntax, node));
        started && outer.any(|node| node.kind() == "for_statement")
    }

    /// Whether goroutines that were started before the statement on a line (from 0), in the same braces, may print
    /// while it runs: then how much of their output falls to it is a matter of luck.
    pub fn prints_meanwhile(&self, line: usize) -> bool {
        let syntax = &self.program.draft.snippet.syntax;
        let Some(statement) = probe::statement_on(syntax, line) else {
            return false;
        };
        let braces = std::iter::successors(statement.parent(), Node::parent)
            .find(|outer| outer.kind() == "block")
            .unwrap_or(syntax.root());
        let started = |node: &Node| node.end_byte() <= statement.start_byte();
        probe::print_calls(syntax, statement, line).is_empty()
            && syntax
                .walk(braces)
                .filter(started)
                .any(|node| starts_goroutine(syntax, node))
    }

    /// Whether nothing but functions that are written where a goroutine is started prints.
    pub fn only_goroutines_print(&self) -> bool {
        let syntax = &self.program.draft.snippet.syntax;
        let aside = |node: Node| {
            std::iter::successors(Some(node), Node::parent)
                .any(|outer| starts_goroutine(syntax, outer))
        };
        syntax
            .walk(syntax.root())
            .filter(|node| probe::is_print(syntax, *node))
            .all(aside)
    }

    /// Whether the program reads its command line or its environment, of which it gets none here.
    pub fn asks_its_caller(&self) -> bool {
        const WORDS: [&str; 6] = [
            "os.Args",
            "flag.",
            "os.Getenv(",
            "os.LookupEnv(",
            "os.Environ(",
            "os.ExpandEnv(",
        ];
        let text = &self.program.source.text;
        WORDS.iter().any(|word| text.contains(word))
    }

    /// Whether goroutines, maps or random numbers may change what comes when, here or in a package of third parties.
    pub fn may_vary_in_order(&self) -> bool {
        let text = &self.program.source.text;
        ["go ", ".Go(", "rand.", "range", "select"]
            .iter()
            .any(|word| text.contains(word))
            || chance::uses_modules(text)
    }

    /// Whether all runs wrote and did the same. Where in memory the machine code of a crash lies (`pc=0x49a1b2`) is
    /// another matter: that differs from binary to binary.
    pub fn is_stable(&self) -> bool {
        let transcripts = self.transcripts();
        let same = |one: &str, other: &str| {
            let bare = |text| PROGRAM_COUNTER.replace_all(text, "pc=").into_owned();
            one == other || one.contains("[signal ") && bare(one) == bare(other)
        };
        transcripts.windows(2).all(|pair| same(&pair[0], &pair[1]))
    }

    /// The lines of the block's code (from 0) in the frames of a run's crash, innermost first.
    pub fn crash_lines(&self, run: &Execution) -> Vec<usize> {
        let Some(crash) = &run.crash else {
            return Vec::new();
        };
        crash
            .frames
            .iter()
            .filter_map(|frame| self.code_line(frame.line))
            .collect()
    }

    /// The line of the block's own code (from 0) that stands on `line` (from 1) of the source.
    pub fn code_line(&self, line: u32) -> Option<usize> {
        let place = self.program.source.locate_line(line)?;
        (place.block == self.program.block).then(|| {
            let code = self.program.draft.snippet.code();
            crate::snippet::repair::line_of(code, place.offset)
        })
    }
}

/// Whether a node starts a goroutine: `go f()`, `wg.Go(f)`.
fn starts_goroutine(syntax: &Syntax, node: Node) -> bool {
    node.kind() == "go_statement"
        || node.kind() == "call_expression"
            && node
                .child_by_field_name("function")
                .is_some_and(|callee| syntax.of(callee).ends_with(".Go"))
}

/// The output of a run and the first lines of its crash report, as a terminal shows them.
pub fn transcript(run: &Execution) -> String {
    let mut text = run.stdout.text.clone();
    if !run.stderr.text.is_empty() {
        text.push_str(&run.stderr.text);
    }
    if let Some(crash) = &run.crash {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        match crash.kind {
            CrashKind::Race => {}
            _ => {
                let head = crash.report.split("\n\n").next().unwrap_or_default();
                text.push_str(head);
                text.push('\n');
            }
        }
    }
    text
}
