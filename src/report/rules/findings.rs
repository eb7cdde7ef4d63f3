//! The rules of findings: trouble that no claim is about.

use super::Rule;
use crate::report::Severity::{self, Error, Warning};

/// Id, title, severity, meaning and remedy.
type Row = (&'static str, &'static str, Severity, &'static str);

/// Of a complete program these are errors. Of a fragment, or where the text around the block talks of
/// failure, they are notes: the pages say so.
const ROWS: [Row; 18] = [
    (
        "unclaimed-panic",
        "A program panics and its note does not say so",
        Error,
        "Readers who run this program see a panic that the note does not prepare them for.",
    ),
    (
        "unclaimed-deadlock",
        "A program deadlocks and its note does not say so",
        Error,
        "The program ends in `fatal error: all goroutines are asleep - deadlock!`. Often a `Wait`, a `close` or \
         a receiver is missing.",
    ),
    (
        "unclaimed-fatal-error",
        "A program dies of a fatal error and its note does not say so",
        Error,
        "The runtime ends the program, as for concurrent writes to a map; `recover` can't catch that.",
    ),
    (
        "unclaimed-race",
        "A program has a data race and its note does not say so",
        Error,
        "The race detector saw two unordered accesses to the same memory, one of them a write.",
    ),
    (
        "unclaimed-compile-error",
        "A complete program does not compile and its note does not say so",
        Error,
        "The block has a `package` clause and a `main` function, so it is what a reader copies; and the compiler \
         rejects it. An unused name or a missing import is enough for that, as it is for `go run`; the program is run with it \
         mended all the same, so that its other claims are judged. Where it lacks a name that another block of the note \
         declares, that is carried in and nothing is said; where nothing declares the name, this is a warning. So \
         it is where no state of what other blocks declare fits: a change that the text alone tells is not seen.",
    ),
    (
        "unclaimed-test-failure",
        "A test fails and its note does not say so",
        Error,
        "The block holds the test and all that it tests, and `go test` fails. Correct one of them, or show the \
         listing of `go test` behind the block.",
    ),
    (
        "unexpected-diagnostic",
        "The compiler says more than the block's `// ERROR` comments ask for",
        Error,
        "Under `// errorcheck` every message of the compiler must be asked for on its line, as in Go's own tests.",
    ),
    (
        "never-ends",
        "A program does not end",
        Error,
        "It was still computing or waiting when its time was up. `timeout` in verify.toml gives it more. A program that was still computing, without a loop that nothing leaves, may only be slow: then this is a note.",
    ),
    (
        "out-of-memory",
        "A program needs more memory than it may have",
        Error,
        "It was stopped at the memory limit; `run.memory` in verify.toml raises it.",
    ),
    (
        "endless-output",
        "A program does not stop writing",
        Error,
        "It was stopped because it wrote too much. An endless loop that prints is the usual cause.",
    ),
    (
        "unreadable",
        "A note can't be read",
        Error,
        "The file could not be opened or is no text. Nothing in it was verified. Mend it, or name it in \
         `exclude` of verify.toml.",
    ),
    (
        "encoding",
        "A note is written oddly",
        Warning,
        "It could be read, but something in it is not as it should be: bytes that are no text in the note's \
         encoding, or a `gosnip` comment that stands above no block.",
    ),
    (
        "sandbox",
        "A program reaches for what no note needs",
        Warning,
        "It reads your files or such as hold keys or passwords, writes or deletes outside of its own folder or fills that, \
         connects to other machines, talks to other programs, looks into other processes or sends them signals, leaves \
         processes behind, or asks the kernel for what only administrators and attackers do. It is seen in the code, \
         or when the program runs. The message says whether the sandbox kept it from that. Ask who wrote the note.",
    ),
    (
        "environment",
        "Blocks could not be verified because of the machine",
        Error,
        "The disk is full, or the cache folder cannot be written. Nothing is wrong with the notes, but nobody looked at \
         these blocks: free some space (`gosnip cache clean`), or set `GOSNIP_CACHE_DIR` or `TMPDIR` to another folder, \
         and run it again.",
    ),
    (
        "interrupted",
        "gosnip was interrupted",
        Error,
        "Ctrl-C or SIGTERM came before everything was done. The report holds what was finished; what was not is \
         `declined`, and claims about it are `unverified`. Notes that were not read yet are not in it. Nothing is wrong \
         with any of these. Run it again.",
    ),
    (
        "module",
        "A module that verify.toml declares can't be had",
        Error,
        "A block imports a package of a module in `[modules]`, and the go command could not fetch or compile it. Nothing \
         in the block was verified. The message has the go command's words. Check the version and the network \
         (`go env GOPROXY`) and run again; after that no network is needed.",
    ),
    (
        "drift",
        "A program does something else than was recorded",
        Error,
        "What a program does, or what was extracted from the notes, differs from what is recorded in `expected/` and \
         `snippets/`. If the new behaviour is right, record it anew with `gosnip bless`; if not, the note or the \
         toolchain changed.",
    ),
    (
        "directive",
        "A gosnip directive can't be understood",
        Error,
        "A `<!-- gosnip: … -->` comment, or the words after `go` in a fence's info string, say something that \
         gosnip does not know; or a `[[block]]` of verify.toml names a block that its note does not have. The message \
         says what is near.",
    ),
];

/// What is true of every rule about an unclaimed failure.
const UNCLAIMED: &str = "\n\nWhat to do: mend the program, or say in the note what happens (`// panic: …`, \
                         `// 死锁`, `// does not compile`): then it is a claim and is verified. In a fragment \
                         that gosnip completed, and where the text around the block talks of failure, this is \
                         only a note (shown with `-v`).";

/// The rules, in the order in which they are documented.
pub fn rules() -> impl Iterator<Item = Rule> {
    ROWS.into_iter().map(|(id, title, severity, text)| Rule {
        id: id.to_owned(),
        title: title.to_owned(),
        severity,
        text: if id.starts_with("unclaimed-") {
            format!("{text}{UNCLAIMED}")
        } else {
            text.to_owned()
        },
    })
}
