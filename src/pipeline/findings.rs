//! Unclaimed trouble: programs that fail without their note saying so.
//!
//! A complete program is what its reader runs, so its trouble is an error. A fragment was completed by
//! gosnip, so its trouble is a note. Where the note talks of failure anywhere near the block (or in it),
//! it is taken to say so, and nothing is reported above a note.

use std::sync::LazyLock;

use regex::Regex;

use crate::claim::recipe::Action;
use crate::claim::testing::Listing;
use crate::claim::{Kind, Subject};
use crate::history;
use crate::note::Part;
use crate::observation::{Complaint, Observation};
use crate::position::Position;
use crate::program::Role;
use crate::report::{Finding, Severity, Shape};
use crate::run::{Crash, CrashKind, End, Execution};
use crate::snippet::needs::Need;
use crate::snippet::repair::line_of;
use crate::snippet::{ItemKind, loops};
use crate::toolchain::modules::CANNOT_BE_HAD;
use crate::verdict::recipe;
use crate::verdict::text::has_wildcard;

use super::reading::{NoteRead, Reading};
use super::reporting::aside;
use super::{Work, attempts, fitting, outside};

mod lasting;
mod machine;
mod modules;

pub(super) use lasting::{serves, waits_in_a_module};

static TALKS_OF_FAILURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)panic|死锁|deadlock|编译|报错|错误|错|出错|\berrors?\b|\bfails?\b|失败|crash|崩溃|阻塞|block|泄[露漏]|leak|wrong|incorrect|\bbad\b|不正确|\bbug|陷阱|坑|问题|race|竞[态争]|不能|无法|cannot|can't|not compile|invalid|非法|无限|一直|永远|死循环|never|forever|for ever|endless|infinite|Ctrl|exit|退出|致命|fatal|异常|注意|反例|不要|禁止|❌")
        .expect("a constant")
});

/// How many parts around a block are read for talk of failure.
const AROUND: usize = 4;

/// All findings about blocks.
pub fn find(reading: &Reading, work: &Work, contained: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (note, read) in reading.notes.iter().enumerate() {
        for block in 0..read.note.blocks.len() {
            let observations = work.of(note, block);
            findings.extend(of_block(read, block, observations));
            findings.extend(attempts::find(read, block, observations, contained));
            findings.extend(unexpected(read, block, observations));
        }
    }
    findings.extend(machine::lacked(reading, work));
    modules::once(findings)
}

/// What the compiler says of a block under `// errorcheck` and no `// ERROR` asks for.
fn unexpected(read: &NoteRead, block: usize, observations: &[Observation]) -> Vec<Finding> {
    let errorcheck = read.recipes[block]
        .as_ref()
        .is_some_and(|recipe| matches!(recipe.action, Action::ErrorCheck { .. }));
    if !errorcheck {
        return Vec::new();
    }
    let messages = observations
        .iter()
        .filter(|observation| observation.program.role == Role::Checked)
        .flat_map(recipe::unexpected);
    messages
        .map(|(line, message)| {
            let message = format!(
                "the compiler says `{message}` here, and no `// ERROR` of the line asks for it"
            );
            finding(
                read,
                block,
                "unexpected-diagnostic",
                Severity::Error,
                message,
                Some(line),
            )
        })
        .collect()
}

/// A finding about a line of a block's code (from 0), or about all of the block.
fn finding(
    read: &NoteRead,
    block: usize,
    rule: &str,
    severity: Severity,
    message: String,
    line: Option<usize>,
) -> Finding {
    let found = &read.note.blocks[block];
    let line = line.map_or(found.line, |line| {
        found
            .code
            .lines
            .get(line)
            .map_or(found.line, |at| read.note.position(at.note).line)
    });
    read.finding(rule, severity, Position { line, column: 1 }, message)
}

/// The finding about a block, if there is one.
pub fn of_block(read: &NoteRead, block: usize, observations: &[Observation]) -> Option<Finding> {
    let claimed = read.claims_of(block).any(|claim| {
        use Kind::{Blocks, CompileError, Deadlock, Fatal, Panic, Race};
        matches!(
            claim.kind,
            Panic | Fatal | Deadlock | Blocks | CompileError | Race
        ) || claim.subject == Subject::Tests
            || TALKS_OF_FAILURE.is_match(&claim.text)
    });
    let looked_at = observations
        .iter()
        // Its status says what it lacked.
        .filter(|observation| outside::lacked(observation).is_none())
        .filter(|observation| !is_for_elsewhere(observation))
        .filter(|observation| history::needed(observation).is_none())
        .filter(|observation| matches!(observation.program.role, Role::Plain | Role::Raced));
    let (observation, rule, message, line) = looked_at
        .filter_map(|observation| {
            let own = aside(read, block, observations).is_none();
            let rejected = own.then(|| rejected(observation, observations));
            rejected
                .flatten()
                .or_else(|| trouble(observation))
                .map(|(rule, message, line)| (observation, rule, message, line))
        })
        .next()?;
    // `tick 1`, `tick 2`, `...`: it goes on.
    let goes_on =
        rule == "never-ends" && read.claims_of(block).any(|it| has_wildcard(&it.expected));
    // "The result is random": this is one of the results.
    let crashed = observation.runs.iter().filter(|run| run.crash.is_some());
    let varies = (1..observation.runs.len()).contains(&crashed.count())
        && (read.claims_of(block))
            .any(|claim| claim.kind == Kind::Nondeterministic && !claim.negated);
    if claimed || goes_on || varies {
        return None;
    }
    let complete = is_whole(observation);
    if !complete && rule == "unclaimed-compile-error" {
        // A fragment that doesn't compile has a status that says so.
        return None;
    }
    if let Some(message) = of_other_state(read, observation) {
        let (severity, line) = (Severity::Warning, None);
        return Some(finding(read, block, rule, severity, message, line));
    }
    let severity = if rule == "module"
        || complete && !is_on_purpose(observation, rule) && !talks_of_failure(read, block)
    {
        severity(observation)
    } else {
        Severity::Note
    };
    Some(finding(read, block, rule, severity, message, line))
}

/// A program that does not compile because of what it needs of other blocks, of which no state that the note shows fits:
/// the state that is meant may have been told in words only.
fn of_other_state(read: &NoteRead, observation: &Observation) -> Option<String> {
    let complaints: Vec<&Complaint> = observation.complaints.iter().collect();
    let draft = &observation.program.draft;
    let unfit = fitting::unfit(&read.context, &complaints, draft);
    if observation.compiled || unfit.is_empty() {
        return None;
    }
    let nearest = fitting::nearest(&read.note, observation)?;
    let others = match draft.nearest {
        Some(_) => "; no other state of it that the note shows fits either",
        None => "",
    };
    Some(format!(
        "this program does not compile with what other blocks declare: {nearest}{others}; if words alone have changed it, show the change in a block"
    ))
}

/// What the compiler says of files to be embedded, which only the go command finds for it.
const NOT_EMBEDDED: &str = "invalid go:embed: build system did not supply embed configuration";

/// Whether a program is for another platform: here it may well lack something.
fn is_for_elsewhere(observation: &Observation) -> bool {
    matches!(observation.program.draft.needs, Some(Need::Platform(_)))
}

/// How bad it is that a complete program fails. What it lacks may stand where the note does not show it. One that
/// still computes when its time is up may only be slow, or the machine busy: that proves nothing, unless it has a loop
/// that nothing leaves.
fn severity(observation: &Observation) -> Severity {
    let syntax = &observation.program.draft.snippet.syntax;
    if !observation.missing.is_empty() {
        return Severity::Warning;
    }
    match observation.runs.first().map(|run| &run.end) {
        Some(End::TimedOut { busy: true }) if !loops::has_endless(syntax) => Severity::Note,
        _ => Severity::Error,
    }
}

/// The race that the race detector saw; whatever else happens under it is no finding.
fn race(observation: &Observation) -> Option<(&'static str, String, Option<usize>)> {
    let racy = |run: &&Execution| {
        let crash = run.crash.as_ref();
        crash.is_some_and(|crash| crash.kind == CrashKind::Race)
    };
    let first = observation.runs.iter().find(racy)?;
    let message = format!(
        "the race detector reports a data race in {} of {} runs, and the note does not say so",
        observation.runs.iter().filter(racy).count(),
        observation.runs.len()
    );
    let line = observation.crash_lines(first).first().copied();
    Some(("unclaimed-race", message, line))
}

/// What the compiler has against a complete program as it stands, be it mended: its reader can't run it. Where
/// the block has several versions of something, or leaves something out, its author never compiled it as one.
fn rejected(
    observation: &Observation,
    all: &[Observation],
) -> Option<(&'static str, String, Option<usize>)> {
    let draft = &observation.program.draft;
    let mut plain = all.iter().filter(|it| it.program.role == Role::Plain);
    let whole = plain.all(|it| it.program.draft.top == draft.top);
    if !whole || !draft.is_complete() || draft.snippet.leaves_out() {
        return None;
    }
    let line = |offset| line_of(draft.snippet.code(), offset);
    if let Some((place, message)) = draft.rejected.first() {
        let mended = match observation.ran() {
            true => "it was run with that mended",
            false => "the rest was looked at with that mended",
        };
        let message =
            format!("this complete program does not compile as it stands: {message}; {mended}");
        return Some(("unclaimed-compile-error", message, Some(line(place.offset))));
    }
    let missing = observation.missing.first()?;
    let of_name = |it: &&Complaint| it.diagnostic.message == format!("undefined: {missing}");
    let complaint = observation.complaints.iter().find(of_name)?;
    let message = format!(
        "this complete program does not compile: undefined: {missing}; declare it, or show what does in another block"
    );
    Some(("unclaimed-compile-error", message, complaint.line))
}

/// What is wrong with a program: rule, message, and line of the block's code.
fn trouble(observation: &Observation) -> Option<(&'static str, String, Option<usize>)> {
    if observation.program.role == Role::Raced {
        return race(observation);
    }
    if let Some(failure) = &observation.failure
        && failure.starts_with(CANNOT_BE_HAD)
    {
        return Some(("module", modules::message(0, failure), None));
    }
    if !observation.compiled && observation.missing.is_empty() && observation.failure.is_none() {
        let mut complaints = observation.complaints.iter();
        let first = complaints.find(|it| !it.diagnostic.message.starts_with(NOT_EMBEDDED))?;
        if super::outcome::needs_other_tools(observation) {
            return None;
        }
        return Some((
            "unclaimed-compile-error",
            format!(
                "this complete program does not compile: {}; correct it, or say in the note that it does not compile",
                first.diagnostic.message
            ),
            first.line,
        ));
    }
    let draft = &observation.program.draft;
    if !draft.arguments.is_empty() || draft.needs.is_some() {
        // With other values, or with what it needs, it may be all right.
        return None;
    }
    if draft.tests.is_some() && (!draft.carried.is_empty() || draft.test_body.is_some()) {
        // The code of other blocks may be another version than the one that is tested.
        return None;
    }
    if let Some(name) = failing_test(observation) {
        return Some((
            "unclaimed-test-failure",
            format!("`{name}` fails, and the note does not say so"),
            None,
        ));
    }
    let always = |kind: CrashKind| {
        let mut runs = observation.runs.iter();
        runs.all(|run| run.crash.as_ref().is_some_and(|crash| crash.kind == kind))
    };
    // Which of several runs came first is luck.
    if let Some((run, crash)) = observation.runs.iter().find_map(crash_of) {
        let rule = match crash.kind {
            CrashKind::Panic => "unclaimed-panic",
            CrashKind::Deadlock => "unclaimed-deadlock",
            CrashKind::Fatal => "unclaimed-fatal-error",
            CrashKind::Race => "unclaimed-race",
        };
        let how = if always(crash.kind) {
            "ends"
        } else {
            "ends in some runs"
        };
        let message = format!(
            "the program {how} in `{}`, and the note does not say so",
            crash.report.lines().next().unwrap_or_default()
        );
        return Some((rule, message, observation.crash_lines(run).first().copied()));
    }
    let run = observation.runs.first()?;
    match &run.end {
        End::TimedOut { busy } => lasting::trouble(observation, run, *busy),
        End::MemoryLimit => Some((
            "out-of-memory",
            "the program ran into the memory limit".to_owned(),
            None,
        )),
        End::OutputLimit => Some((
            "endless-output",
            "the program was stopped because it wrote too much".to_owned(),
            None,
        )),
        _ => None,
    }
}

/// The crash of a run that crashed by itself. The runtime's words for a lack of memory are many; the limit is gosnip's.
fn crash_of(run: &Execution) -> Option<(&Execution, &Crash)> {
    let crash = run.crash.as_ref()?;
    (run.end != End::MemoryLimit).then_some((run, crash))
}

/// A test that fails in every run.
fn failing_test(observation: &Observation) -> Option<String> {
    observation.program.draft.tests.as_ref()?;
    let mut runs = observation.transcripts().into_iter().map(|text| {
        let listing = Listing::read(&text);
        let failing = listing
            .results
            .into_iter()
            .filter(|(_, result)| result == "FAIL");
        failing.map(|(name, _)| name).collect::<Vec<_>>()
    });
    let first = runs.next()?;
    let others: Vec<Vec<String>> = runs.collect();
    first
        .into_iter()
        .find(|name| others.iter().all(|other| other.contains(name)))
}

/// Whether the block is a whole program as its author would run it, be it with a syntax error; pseudo code
/// leaves something out.
fn is_whole(observation: &Observation) -> bool {
    let snippet = &observation.program.draft.snippet;
    let leaves_out =
        !snippet.gaps.is_empty() || snippet.code().contains("...") || snippet.code().contains('…');
    let packaged = snippet
        .items
        .iter()
        .any(|item| matches!(&item.kind, ItemKind::Package(name) if name == "main"));
    observation.program.draft.is_complete()
        || snippet.shape == Shape::Pseudo
            && packaged
            && !leaves_out
            && snippet.code().contains("func main()")
}

/// Whether the program's own code asks for its end: it calls `panic` where it dies, or serves or waits for
/// a signal for ever. Its author knows.
fn is_on_purpose(observation: &Observation, rule: &str) -> bool {
    const WAITS: [&str; 8] = [
        "ListenAndServe",
        "net.Listen",
        ".Serve(",
        "signal.Notify",
        "select {}",
        "time.Tick",
        "NewTicker",
        "os.Stdin",
    ];
    let code = observation.program.draft.snippet.code();
    match rule {
        "unclaimed-panic" => observation
            .runs
            .iter()
            .filter_map(crash_of)
            .all(|(run, _)| {
                observation
                    .crash_lines(run)
                    .first()
                    .and_then(|line| code.lines().nth(*line))
                    .is_some_and(|line| line.contains("panic("))
            }),
        "never-ends" => WAITS.iter().any(|word| code.contains(word)),
        _ => false,
    }
}

/// Whether the block, its heading or the parts around it talk of failure.
fn talks_of_failure(read: &NoteRead, block: usize) -> bool {
    let found = &read.note.blocks[block];
    if TALKS_OF_FAILURE.is_match(&comments(read, block))
        || found
            .headings
            .iter()
            .any(|heading| TALKS_OF_FAILURE.is_match(heading))
    {
        return true;
    }
    let Some(at) = read
        .note
        .parts
        .iter()
        .position(|part| *part == Part::Block(block))
    else {
        return false;
    };
    let around = at.saturating_sub(AROUND)..(at + AROUND + 1).min(read.note.parts.len());
    read.note.parts[around].iter().any(|part| match part {
        Part::Prose(prose) => TALKS_OF_FAILURE.is_match(&prose.text()),
        Part::Heading { text, .. } | Part::Html { text, .. } => TALKS_OF_FAILURE.is_match(text),
        Part::Block(other) => {
            *other != block
                && !read.snippets[*other].is_go()
                && TALKS_OF_FAILURE.is_match(&read.note.blocks[*other].code.text)
        }
    })
}

fn comments(read: &NoteRead, block: usize) -> String {
    crate::claim::comment::comments(&read.snippets[block].syntax)
        .into_iter()
        .map(|comment| comment.text + "\n")
        .collect()
}
