//! What the verdicts and the kinds of claims mean, for the pages of the rules.

use super::{Rule, claim_id};
use crate::claim::Kind;
use crate::report::{Severity, Verdict};

/// What a verdict means.
pub struct VerdictPage {
    /// The verdict.
    pub verdict: Verdict,
    /// How bad it is.
    pub severity: Severity,
    /// Two or three sentences.
    pub text: &'static str,
}

/// What claims of a kind are.
pub struct KindPage {
    /// The kind.
    pub kind: Kind,
    /// Such a claim, as the end of "the claim … ".
    pub title: &'static str,
    /// What is claimed, and how it looks in notes.
    pub meaning: &'static str,
    /// How it is decided.
    pub judged: &'static str,
}

impl KindPage {
    /// Its text in Markdown.
    pub fn text(&self) -> String {
        format!("{}\n\nHow it is decided: {}", self.meaning, self.judged)
    }
}

/// The rule for a verdict and a kind.
pub fn rule(verdict: &VerdictPage, kind: &KindPage) -> Rule {
    let outcome = match verdict.verdict {
        Verdict::Confirmed => "holds",
        Verdict::Refuted => "does not hold",
        Verdict::Stale => "held under an older Go only",
        Verdict::Unstable => "holds in some runs only",
        Verdict::Unverified => "was not decided",
    };
    Rule {
        id: claim_id(verdict.verdict, kind.kind),
        title: format!("The claim {} {outcome}", kind.title),
        severity: verdict.severity,
        text: format!("{}\n\n{}", verdict.text, kind.text()),
    }
}

/// The verdicts that are reported; `confirmed` is nothing to report.
pub const VERDICTS: [VerdictPage; 4] = [
    VerdictPage {
        verdict: Verdict::Refuted,
        severity: Severity::Error,
        text: "A program made from the block did something else than the note says, in every run, and the \
               claim certainly speaks of that program.\n\nWhat to do: correct the note; the report shows what Go \
               did. If the passage is no claim at all, or speaks of another program, `gosnip explain NOTE:LINE` \
               shows how it was read; `<!-- gosnip: skip reason=\"…\" -->` above the block leaves it out.",
    },
    VerdictPage {
        verdict: Verdict::Stale,
        severity: Severity::Error,
        text: "The claim is true when the same code is compiled as an older version of Go, and false under the \
               Go in use. Most often this is the loop variable, which each iteration has for itself since Go \
               1.22.\n\nWhat to do: say in the note since when it is different, or give the new answer. A claim \
               that names its versions (\"before Go 1.22\", \"Go 1.22 之前\") is judged within them.",
    },
    VerdictPage {
        verdict: Verdict::Unstable,
        severity: Severity::Warning,
        text: "The claim is true in some runs and false in others: the program depends on the scheduler, on map \
               order, on time or on random numbers.\n\nWhat to do: say \"possibly\" (\"可能\", \"may\"), after which \
               one occurrence is enough, or write `// Unordered output:`, or make the program deterministic.",
    },
    VerdictPage {
        verdict: Verdict::Unverified,
        severity: Severity::Note,
        text: "The claim could not be decided; the report says why. It is reported as a problem only where \
               `fail-on` names `unverified`.\n\nWhat to do: look at the reason. Often the block lacks a name that \
               an earlier block of the note could declare.",
    },
];

/// All kinds, in the contract's order.
pub const KINDS: [KindPage; 18] = [
    KindPage {
        kind: Kind::Stdout,
        title: "about what is printed",
        meaning: "The block, or a line of it, prints a text: `fmt.Println(x) // 3`, `// Output:`, `输出：3 3 3`, \
                  a fence with the output behind the code.",
        judged: "the program is run; what the line or the program writes is compared with the text. Blanks at line \
                 ends and full-width punctuation are forgiven. `...` stands for any lines, `[..]` for any words.",
    },
    KindPage {
        kind: Kind::Value,
        title: "about a value",
        meaning: "An expression or variable has a value: `s2 := s[1:3] // len=2 cap=4`.",
        judged: "by a second program that shows the value on that line, where this version can make one; else the \
                 claim is unverified.",
    },
    KindPage {
        kind: Kind::Type,
        title: "about a type",
        meaning: "An expression or variable has a type: `x := 'a' // rune (int32)`.",
        judged: "like a value, with the type's name as Go prints it.",
    },
    KindPage {
        kind: Kind::Panic,
        title: "about a panic",
        meaning: "A line or program panics, perhaps with a message: `m[\"a\"] = 1 // panic: assignment to entry in \
                  nil map`. \"不会 panic\" claims the opposite.",
        judged: "the program is run; the stack of the panic names the line. A quoted message must be Go's; words \
                 around it are the author's.",
    },
    KindPage {
        kind: Kind::Fatal,
        title: "about a fatal error",
        meaning: "The program dies of an error of the runtime that `recover` cannot catch: `fatal error: concurrent \
                  map writes`.",
        judged: "the program is run; the runtime's report is read.",
    },
    KindPage {
        kind: Kind::Deadlock,
        title: "about a deadlock",
        meaning: "The program ends in `fatal error: all goroutines are asleep - deadlock!`.",
        judged: "the program is run; the runtime's report is read.",
    },
    KindPage {
        kind: Kind::Blocks,
        title: "about blocking for ever",
        meaning: "A line never comes to its end: `ch <- 1 // blocks forever`, `// 永久阻塞`.",
        judged: "the program is run; the line is reached and does not end: in a deadlock, or still waiting when the \
                 time is up (not computing).",
    },
    KindPage {
        kind: Kind::CompileError,
        title: "about a compile error",
        meaning: "A line or block does not compile: `x := 1 // declared and not used`, `// 编译错误`.",
        judged: "the block is compiled with that line; the compiler has to complain of the statement. Where the note \
                 quotes a message, at least half of its quoted words have to be the compiler's, as wordings change \
                 between versions.",
    },
    KindPage {
        kind: Kind::Escape,
        title: "about escaping to the heap",
        meaning: "Something escapes: `// x escapes to heap`, `// moved to heap: x`, `// 逃逸`.",
        judged: "by the compiler's own report (`-gcflags=-m`) on the program without any probes.",
    },
    KindPage {
        kind: Kind::NoEscape,
        title: "about not escaping",
        meaning: "Something does not escape: `// does not escape`, `// 不逃逸`.",
        judged: "by the compiler's own report (`-gcflags=-m`) on the program without any probes.",
    },
    KindPage {
        kind: Kind::Heap,
        title: "about living on the heap",
        meaning: "A variable or value lives on the heap: `// 分配在堆上`.",
        judged: "by the compiler's own report (`-gcflags=-m`); where it says nothing of the value, the claim is \
                 unverified.",
    },
    KindPage {
        kind: Kind::Stack,
        title: "about living on the stack",
        meaning: "A variable or value lives on the stack: `// 栈上`.",
        judged: "by the compiler's own report (`-gcflags=-m`); where it says nothing of the value, the claim is \
                 unverified.",
    },
    KindPage {
        kind: Kind::Race,
        title: "about a data race",
        meaning: "The program has a data race: `WARNING: DATA RACE` behind the code, `// 数据竞争`.",
        judged: "by the race detector, where it can be used; else the claim is unverified.",
    },
    KindPage {
        kind: Kind::NoRace,
        title: "about the absence of data races",
        meaning: "The program has no data race: `// race-free`, `// 没有竞争`.",
        judged: "by the race detector, where it can be used; that it saw none is evidence and no proof.",
    },
    KindPage {
        kind: Kind::Order,
        title: "about lines in any order",
        meaning: "These lines are printed, in any order: `// Unordered output:`.",
        judged: "the lines are sorted before they are compared.",
    },
    KindPage {
        kind: Kind::Nondeterministic,
        title: "about results that differ",
        meaning: "The result is not always the same: `// 顺序不确定`, `// random order`.",
        judged: "the program is run several times; one difference is enough.",
    },
    KindPage {
        kind: Kind::Exit,
        title: "about the exit code",
        meaning: "The program ends with an exit code: `exit status 2`.",
        judged: "the program is run; its exit code is compared.",
    },
    KindPage {
        kind: Kind::Vet,
        title: "about what go vet says",
        meaning: "`go vet` complains of a line: `// want \"…\"`.",
        judged: "by `go vet`, where this version runs it; else the claim is unverified.",
    },
];
