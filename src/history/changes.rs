//! The table of changes: of the language, the compiler and the runtime here, of the library in `library.rs`. Rows
//! since 1.22 were measured with the toolchains before and after; older ones are those of the release notes, and
//! serve to undo or to hint.

use std::sync::LazyLock;

use regex::Regex;

mod library;

use super::Undo::{Compiler, Language, Runtime};
use super::growth::{self, ALWAYS_DOUBLES};
use super::{Change, STILL, written};
use crate::observation::Observation;

static OLD_FLOAT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[+-]\d\.\d{6}e[+-]\d{3}").expect("a constant"));
static NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d+").expect("a constant"));
/// What the runtime prints with, not fmt.
static BUILT_IN_PRINT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)(?:^|[^.\w])(?:print|println|panic)\(").expect("a constant"));

/// Everything that changed.
pub fn all() -> impl Iterator<Item = &'static Change> {
    CHANGES.iter().chain(&library::CHANGES)
}

/// What changed in the language, the compiler and the runtime.
static CHANGES: [Change; 18] = [
    Change {
        since: 14,
        former: 0,
        what: "goroutines that never call anything can be interrupted since Go 1.14",
        section: "runtime",
        undo: Some((Runtime("asyncpreemptoff=1"), STILL)),
        // Only where one of them keeps the only processor from all others.
        concerns: |program| uses(program, &["GOMAXPROCS(1)"]) && uses(program, &["for {"]),
        shows: |_, _| false,
        was: None,
    },
    Change {
        since: 18,
        former: 0,
        what: "append grows slices more smoothly, from 256 elements on, since Go 1.18",
        section: "runtime",
        undo: None,
        concerns: |program| uses(program, &["append("]) && uses(program, &["cap("]),
        shows: |before, after| {
            let (before, after) = (numbers(before), numbers(after));
            let mut differing = before
                .iter()
                .zip(&after)
                .filter(|(one, other)| one != other)
                .peekable();
            before.len() == after.len()
                && differing.peek().is_some()
                && differing.all(|(one, other)| *one.min(other) > ALWAYS_DOUBLES)
        },
        was: Some(growth::was),
    },
    Change {
        since: 21,
        former: 0,
        what: "panic(nil) makes recover return a *runtime.PanicNilError since Go 1.21",
        section: "language",
        undo: Some((Runtime("panicnil=1"), STILL)),
        concerns: |program| uses(program, &["panic("]),
        shows: |before, after| {
            let named =
                |text: &str| text.contains("PanicNilError") || text.contains("nil argument");
            named(after) && !named(before)
        },
        was: None,
    },
    Change {
        since: 22,
        former: 0,
        what: "loop variables are per iteration since Go 1.22",
        section: "language",
        undo: Some((Language, STILL)),
        concerns: declares_loop_variables,
        shows: |_, _| false,
        was: None,
    },
    Change {
        since: 20,
        former: 0,
        what: "a goroutine that waits for a lock is shown as [sync.Mutex.Lock] and the like, not [semacquire], since Go 1.20",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["sync."]),
        shows: |before, after| written::waits(before, after, &["sync.Mutex.", "sync.RWMutex."]),
        was: Some(|before, after| written::waits(before, after, &["sync.Mutex.", "sync.RWMutex."])),
    },
    Change {
        since: 24,
        former: 0,
        what: "a goroutine in WaitGroup.Wait is shown as [sync.WaitGroup.Wait], not [semacquire], since Go 1.24",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["sync.WaitGroup"]),
        shows: |before, after| written::waits(before, after, &["sync.WaitGroup.Wait"]),
        was: Some(|before, after| written::waits(before, after, &["sync.WaitGroup.Wait"])),
    },
    Change {
        since: 23,
        former: 20,
        what: "the compiler says `declared and not used: x`, not `x declared and not used`, since Go 1.23",
        section: "compiler",
        undo: None,
        concerns: |_| true,
        shows: |before, after| {
            before.contains(" declared and not used") && after.contains("declared and not used: ")
        },
        was: None,
    },
    Change {
        since: 24,
        former: 0,
        what: "maps are Swiss tables since Go 1.24, with another layout in memory",
        section: "runtime",
        undo: None,
        concerns: |program| uses(program, &["hmap"]) && uses(program, &["unsafe."]),
        shows: |_, _| true,
        was: None,
    },
    Change {
        since: 24,
        former: 18,
        what: "the compiler says what kind of type a value has (`value of struct type T`) since Go 1.24",
        section: "compiler",
        undo: None,
        concerns: |_| true,
        shows: |before, after| {
            let kinds = [
                "struct",
                "int",
                "string",
                "map",
                "func",
                "interface",
                "slice",
                "array",
            ];
            let said = |text: &str| {
                kinds
                    .iter()
                    .any(|kind| text.contains(&format!("of {kind} type ")))
            };
            said(after) && !said(before)
        },
        was: None,
    },
    Change {
        since: 25,
        former: 0,
        what: "small slices are made on the stack since Go 1.25, so that append starts with room for several elements",
        section: "compiler",
        undo: Some((Compiler("variablemakethreshold=0"), STILL)),
        concerns: |program| uses(program, &["append(", "make("]),
        shows: |before, after| {
            before.contains("escapes to heap") && after.contains("does not escape")
        },
        was: Some(written::sized_when_run),
    },
    Change {
        since: 25,
        former: 21,
        what: "a nil pointer is noticed where it is used, not later, since Go 1.25",
        section: "compiler",
        undo: None,
        // Only for what is looked at once it is known that there is an error.
        concerns: |program| uses(program, &["err != nil", "err == nil"]),
        shows: |before, after| {
            after.contains("nil pointer dereference") && !before.contains("nil pointer dereference")
        },
        was: None,
    },
    Change {
        since: 25,
        former: 0,
        what: "a panic that is raised again after recover is shown once, as [recovered, repanicked], since Go 1.25",
        section: "runtime",
        undo: None,
        concerns: |program| uses(program, &["recover()"]),
        shows: |before, after| {
            before.contains("[recovered]") && after.contains("[recovered, repanicked]")
        },
        was: Some(written::raised_again),
    },
    Change {
        since: 25,
        former: 18,
        what: "the compiler names the channel's type when a value cannot be sent since Go 1.25",
        section: "compiler",
        undo: None,
        concerns: |program| uses(program, &["chan"]),
        shows: |before, after| {
            before.contains("receive-only channel ")
                && after.contains("receive-only channel <-chan ")
                && !before.contains("receive-only channel <-chan ")
        },
        was: None,
    },
    Change {
        since: 26,
        former: 0,
        what: "print and println write floating-point numbers as fmt does (1.5) since Go 1.26",
        section: "",
        undo: None,
        concerns: |program| BUILT_IN_PRINT.is_match(&program.program.source.text),
        shows: |before, after| OLD_FLOAT.is_match(before) && !OLD_FLOAT.is_match(after),
        was: Some(written::floats),
    },
    Change {
        since: 26,
        former: 0,
        what: "addresses on the heap begin anywhere, not with 0xc000, since Go 1.26",
        section: "runtime",
        undo: None,
        concerns: |_| true,
        shows: |before, after| {
            before.contains("0xc000") && after.contains("0x") && !after.contains("0xc000")
        },
        was: None,
    },
    Change {
        since: 24,
        former: 0,
        what: "go vet warns of formats that are no constants and have no arguments since Go 1.24",
        section: "vet",
        undo: None,
        concerns: |_| true,
        shows: |before, after| {
            let warns = |text: &str| text.contains("non-constant format string");
            warns(after) && !warns(before)
        },
        was: None,
    },
    Change {
        since: 27,
        former: 21,
        what: "a runtime.PanicNilError says `runtime error: panic called with nil argument` since Go 1.27",
        section: "runtime",
        undo: None,
        concerns: |program| uses(program, &["panic("]),
        shows: |before, after| {
            let (text, words) = ("panic called with nil argument", "runtime error: ");
            before.contains(text)
                && after.contains(&format!("{words}{text}"))
                && !before.contains(words)
        },
        was: Some(written::nil_panic),
    },
    Change {
        since: 22,
        former: 18,
        what: "the compiler reports results of inlined functions as ~r0, not ~R0, since Go 1.22",
        section: "compiler",
        undo: None,
        concerns: |_| true,
        shows: |before, after| before.contains("~R0") && after == before.replace("~R0", "~r0"),
        was: None,
    },
];

/// Whether a program's text has one of these words.
fn uses(program: &Observation, words: &[&str]) -> bool {
    words
        .iter()
        .any(|word| program.program.source.text.contains(word))
}

/// Whether a loop declares its variables: only those were ever shared by its iterations.
fn declares_loop_variables(program: &Observation) -> bool {
    let syntax = &program.program.draft.snippet.syntax;
    let declares = |node: tree_sitter::Node<'_>| {
        let body = node.child_by_field_name("body");
        let head = body.map_or(node.end_byte(), |body| body.start_byte());
        syntax.text[node.start_byte()..head].contains(":=")
    };
    let own = syntax
        .walk(syntax.root())
        .any(|node| node.kind() == "for_statement" && declares(node));
    // What other blocks declare is in the program too.
    own || !program.program.draft.carried.is_empty() && uses(program, &["for "])
}

pub(super) fn numbers(text: &str) -> Vec<u64> {
    let found = NUMBER.find_iter(text);
    found
        .filter_map(|number| number.as_str().parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The versions of the changes that show, without the one that shows in everything (a layout in memory).
    fn shown(before: &str, after: &str) -> Vec<u32> {
        let shows = |change: &&Change| change.shows(before, after) && !change.shows("x", "y");
        let changes = all().filter(shows);
        changes.map(|change| change.since).collect()
    }

    #[test]
    fn results_of_neighbouring_versions_show_their_change() {
        for (before, after, since) in [
            ("map[b:2 a:1]", "map[a:1 b:2]", 12),
            ("512 1024 1280", "512 848 1280", 18),
            (
                "goroutine 1 [semacquire]:",
                "goroutine 1 [sync.WaitGroup.Wait]:",
                24,
            ),
            ("x declared and not used", "declared and not used: x", 23),
            ("{0 0}", "{{} {0 0}}", 24),
            (
                "panic: boom [recovered]",
                "panic: boom [recovered, repanicked]",
                25,
            ),
            ("+1.500000e+000", "1.5", 26),
            (
                "panic called with nil argument",
                "runtime error: panic called with nil argument",
                27,
            ),
            (
                "goroutine 1 [semacquire]:",
                "goroutine 1 [sync.Mutex.Lock]:",
                20,
            ),
        ] {
            assert!(shown(before, after).contains(&since), "{before} → {after}");
        }
    }

    #[test]
    fn other_differences_show_none() {
        for (before, after) in [
            ("1 2 3", "1 2 4"),
            ("map[a:1]", "map[a:2]"),
            ("1.5", "2.5"),
            ("panic: a", "panic: b"),
            ("same", "same"),
        ] {
            assert!(shown(before, after).is_empty(), "{before} → {after}");
        }
    }

    #[test]
    fn every_row_ends_in_its_version() {
        for change in all() {
            let version = format!("Go 1.{}", change.since);
            assert!(change.what.contains(&version), "{change:?}");
        }
    }
}
