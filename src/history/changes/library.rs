//! The rows of the standard library.

use std::sync::LazyLock;

use regex::Regex;

use super::super::Undo::{Runtime, Slices, Tags};
use super::super::{Change, STILL, former, written};
use super::{numbers, uses};
use crate::verdict::text;

static WITH_VALUE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"WithValue\(type ").expect("a constant"));

static RANGE_OVER_NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{\{-?\s*range\s+(?:\$\w+\s*:=\s*)?\d").expect("a constant"));

/// How fmt prints them.
const ZERO_VALUES: [&str; 4] = ["0", "\"\"", "false", "<nil>"];

/// How a printed `sync.Once` starts since Go 1.24, and from Go 1.22 on.
const ONCE: &str = "{{} {{} ";
const ONCE_ATOMIC: &str = "{{{} ";

/// What package regexp said of a named group in the form of other languages.
const NO_SUCH_GROUP: &str = "invalid or unsupported Perl syntax: `(?<`";

/// What changed in the library, by version.
pub static CHANGES: [Change; 24] = [
    Change {
        since: 12,
        former: 0,
        what: "fmt prints maps sorted by key since Go 1.12",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["map["]),
        shows: |before, after| {
            [before, after].iter().all(|text| text.contains("map["))
                && text::is_reordered(before, after)
        },
        was: None,
    },
    Change {
        since: 20,
        former: 0,
        what: "math/rand seeds itself since Go 1.20",
        section: "",
        undo: Some((Runtime("randautoseed=0"), STILL)),
        concerns: |program| uses(program, &["\"math/rand\""]),
        shows: |_, _| false,
        was: None,
    },
    Change {
        since: 22,
        former: 0,
        what: "encoding/json writes \\b and \\f for these characters since Go 1.22",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["\"encoding/json\""]),
        shows: |before, after| {
            let (b, f) = ("\\u0008", "\\u000c");
            after == before.replace(b, "\\b").replace(f, "\\f")
        },
        was: Some(written::json_escapes),
    },
    Change {
        since: 23,
        former: 0,
        what: "timers and tickers have channels without buffer, and Stop and Reset leave nothing in them, since Go 1.23",
        section: "timer-changes",
        undo: Some((Runtime("asynctimerchan=1"), 26)),
        concerns: |program| {
            uses(
                program,
                &["time.NewTimer", "time.NewTicker", "time.After", "time.Tick"],
            )
        },
        shows: |_, _| false,
        was: None,
    },
    Change {
        since: 24,
        former: 0,
        what: "a sync.Mutex has another inner structure since Go 1.24, which shows when it is printed",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["sync."]),
        shows: |before, after| {
            let nested = |text: &str| text.contains("{{} {") || text.contains("mu:{state:");
            nested(after) && !nested(before) && !after.contains(ONCE)
        },
        was: Some(written::mutex),
    },
    Change {
        since: 24,
        former: 0,
        what: "rand.Seed does nothing since Go 1.24",
        section: "",
        undo: Some((Runtime("randseednop=0"), STILL)),
        concerns: |program| uses(program, &["rand.Seed("]),
        shows: |_, _| false,
        was: None,
    },
    Change {
        since: 23,
        former: 0,
        what: "a context with a value prints key and value where they are strings since Go 1.23",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["context.WithValue("]),
        shows: |before, after| WITH_VALUE.is_match(before) && !WITH_VALUE.is_match(after),
        was: Some(written::context),
    },
    Change {
        since: 26,
        former: 0,
        what: "url.Parse refuses hosts with colons that belong to no port and no IPv6 address in brackets since Go 1.26",
        section: "",
        undo: Some((Runtime("urlstrictcolons=0"), STILL)),
        concerns: |program| uses(program, &["\"net/url\"", "\"net/http"]),
        shows: |_, _| false,
        was: None,
    },
    Change {
        since: 24,
        former: 0,
        what: "encoding/json names the whole way to a field that it cannot fill since Go 1.24",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["\"encoding/json\""]),
        shows: written::other_field,
        was: None,
    },
    Change {
        since: 24,
        former: 0,
        what: "templates can range over integers since Go 1.24",
        section: "",
        undo: None,
        concerns: |program| RANGE_OVER_NUMBER.is_match(&program.program.source.text),
        // Before, executing it was an error, which ended the output.
        shows: |before, after| before.len() < after.len() || before.contains("range can't"),
        was: None,
    },
    Change {
        since: 23,
        former: 0,
        what: "strings.Builder.Grow takes all of the memory that it is given since Go 1.23",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["strings.Builder"]) && uses(program, &[".Grow("]),
        // Memory is given in eights.
        shows: |before, after| {
            let (before, after) = (numbers(before), numbers(after));
            let same_or_rounded = |(one, other): (&u64, &u64)| {
                one == other || one < other && *other <= one * 2 && other % 8 == 0
            };
            before.len() == after.len() && before.iter().zip(&after).all(same_or_rounded)
        },
        was: None,
    },
    Change {
        since: 22,
        former: 0,
        what: "patterns of http.ServeMux can have a method and wildcards since Go 1.22",
        section: "",
        undo: Some((Runtime("httpmuxgo121=1"), STILL)),
        concerns: |program| uses(program, &["\"net/http\""]) && uses(program, &["Handle"]),
        shows: |_, _| false,
        was: None,
    },
    Change {
        since: 24,
        former: 0,
        what: "encoding/json leaves fields with the option `omitzero` out where they are zero since Go 1.24",
        section: "",
        undo: Some((Tags, STILL)),
        concerns: |program| uses(program, &["omitzero"]),
        shows: |before, after| before.len() > after.len(),
        was: None,
    },
    Change {
        since: 24,
        former: 22,
        what: "sync.Once and sync.Mutex have other fields since Go 1.24, which shows when they are printed",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["sync.Once"]),
        shows: |before, after| before.contains(ONCE_ATOMIC) && after.contains(ONCE),
        was: None,
    },
    Change {
        since: 22,
        former: 0,
        what: "sync.Once has an atomic number in it since Go 1.22, which shows when it is printed",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["sync.Once"]),
        shows: |before, after| {
            let atomic = |text: &str| text.contains(ONCE_ATOMIC) || text.contains(ONCE);
            atomic(after) && !atomic(before)
        },
        was: None,
    },
    Change {
        since: 27,
        former: 21,
        what: "the tables of package unicode are those of Unicode 17 since Go 1.27",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["unicode.Version"]),
        shows: |before, after| before.contains("15.0.0") && after.contains("17.0.0"),
        was: None,
    },
    Change {
        since: 22,
        former: 21,
        what: "functions of package slices that shorten a slice zero what is left behind its end since Go 1.22",
        section: "",
        undo: Some((Slices, STILL)),
        concerns: |program| former::applies(&program.program.source.text),
        shows: |before, after| {
            written::words_differ(before, after, |_, after| ZERO_VALUES.contains(&after))
        },
        was: None,
    },
    Change {
        since: 22,
        former: 21,
        what: "slices.Insert panics where the place is out of range, also if it inserts nothing, since Go 1.22",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["slices.Insert("]),
        shows: |before, after| after.contains("out of range") && !before.contains("out of range"),
        was: None,
    },
    Change {
        since: 22,
        former: 0,
        what: "regular expressions can name a group with `(?<name>…)` since Go 1.22",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["(?<"]),
        shows: |before, after| before.contains(NO_SUCH_GROUP) && !after.contains(NO_SUCH_GROUP),
        // Nothing but the error itself, where there is none now.
        was: Some(|before, after| {
            before.trim().ends_with(NO_SUCH_GROUP) && after.trim() == "<nil>"
        }),
    },
    Change {
        since: 20,
        former: 13,
        what: "fmt.Errorf can wrap several errors since Go 1.20",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["fmt.Errorf("]),
        shows: |before, after| before.contains("%!w(") && !after.contains("%!w("),
        was: None,
    },
    Change {
        since: 17,
        former: 0,
        what: "package net takes no IPv4 addresses with leading zeros since Go 1.17",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["net.Parse"]),
        shows: |before, after| before.contains('.') && after.contains("<nil>"),
        was: None,
    },
    Change {
        since: 17,
        former: 0,
        what: "net/url takes `;` for no separator of parameters since Go 1.17",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["\"net/url\"", "\"net/http"]),
        shows: |before, after| {
            let refused = |text: &str| text.contains("invalid semicolon separator");
            refused(after) && !refused(before)
        },
        was: None,
    },
    Change {
        since: 21,
        former: 16,
        what: "the tables of package unicode are those of Unicode 15 since Go 1.21",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["unicode.Version"]),
        shows: |before, after| before.contains("13.0.0") && !after.contains("13.0.0"),
        was: Some(|before, after| before.trim() == "13.0.0" && after.trim() != "13.0.0"),
    },
    Change {
        since: 27,
        former: 0,
        what: "encoding/json names the type that it was to fill, not the inner one, with a field that it cannot fill since Go 1.27",
        section: "",
        undo: None,
        concerns: |program| uses(program, &["\"encoding/json\""]),
        shows: written::other_field,
        was: None,
    },
];
