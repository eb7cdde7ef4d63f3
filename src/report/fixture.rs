//! A report with every verdict, kind and status, for the tests of everything that reads reports.
//! The notes in it are made up.

use super::*;
use crate::claim::{Confidence, Form, Kind};
use crate::note::Origin;

/// All kinds.
pub const KINDS: [Kind; 18] = [
    Kind::Stdout,
    Kind::Value,
    Kind::Type,
    Kind::Panic,
    Kind::Fatal,
    Kind::Deadlock,
    Kind::Blocks,
    Kind::CompileError,
    Kind::Escape,
    Kind::NoEscape,
    Kind::Heap,
    Kind::Stack,
    Kind::Race,
    Kind::NoRace,
    Kind::Order,
    Kind::Nondeterministic,
    Kind::Exit,
    Kind::Vet,
];

/// All verdicts.
pub const VERDICTS: [Verdict; 5] = [
    Verdict::Confirmed,
    Verdict::Refuted,
    Verdict::Stale,
    Verdict::Unstable,
    Verdict::Unverified,
];

/// A report about nothing.
pub fn empty() -> Report {
    Report {
        schema: 1,
        tool: Tool {
            name: "gosnip".to_owned(),
            version: "0.0.0".to_owned(),
        },
        go: vec![Go {
            version: "go1.26.8".to_owned(),
            language: "1.26".to_owned(),
            goroot: "/opt/go".to_owned(),
            source: "on PATH".to_owned(),
        }],
        sandbox: Sandbox {
            level: "namespaces".to_owned(),
            notices: Vec::new(),
        },
        blocks: Vec::new(),
        claims: Vec::new(),
        findings: Vec::new(),
        summary: Summary::default(),
        coverage: Vec::new(),
        notes: Vec::new(),
    }
}

/// A plain claim, `// 3` behind a print call.
pub fn claim(note: &str, line: u32, verdict: Verdict, confidence: Confidence) -> ClaimReport {
    let excerpt = "fmt.Println(x) // 3";
    ClaimReport {
        block: "top/1".to_owned(),
        note: note.to_owned(),
        block_line: 1,
        shared: false,
        line,
        column: 16,
        end_column: 20,
        form: Form::TrailingComment,
        kind: Kind::Value,
        text: "3".to_owned(),
        expected: "3".to_owned(),
        hedged: false,
        negated: false,
        confidence,
        verdict,
        reason: match verdict {
            Verdict::Unverified => "the block does not compile".to_owned(),
            _ => String::new(),
        },
        observed: match verdict {
            Verdict::Confirmed => "3".to_owned(),
            Verdict::Unverified => String::new(),
            _ => "4".to_owned(),
        },
        holds: String::new(),
        change: String::new(),
        link: String::new(),
        tried: Vec::new(),
        fix: match verdict {
            Verdict::Refuted | Verdict::Stale => "4".to_owned(),
            _ => String::new(),
        },
        by_hand: String::new(),
        excerpt: excerpt.to_owned(),
    }
}

/// A finding in `a.md`.
pub fn finding(rule: &str, severity: Severity) -> Finding {
    Finding {
        rule: rule.to_owned(),
        severity,
        note: "a.md".to_owned(),
        line: 7,
        column: 2,
        message: "this program panics and the note does not say so".to_owned(),
        excerpt: "\tpanic(\"boom\")".to_owned(),
    }
}

/// A plain block.
pub fn block(note: &str, line: u32, status: Status, reason: &str) -> BlockReport {
    BlockReport {
        id: format!("top/{line}"),
        note: note.to_owned(),
        line,
        end_line: line + 4,
        info: "go".to_owned(),
        origin: Origin::Fence,
        shape: Shape::Statements,
        status,
        reason: reason.to_owned(),
        missing: Vec::new(),
        programs: u32::from(status == Status::Ran),
        merged: status == Status::Ran,
        cached: false,
        carried: Vec::new(),
        aside: None,
        compiles: matches!(status, Status::Ran | Status::Compiled),
        stand_ins: Vec::new(),
    }
}

/// A report with one of everything that matters for its shape.
pub fn small() -> Report {
    let mut report = empty();
    let mut lacking = block(
        "a.md",
        1,
        Status::Incomplete,
        "`User` is not declared anywhere",
    );
    lacking.missing = vec!["User".to_owned()];
    lacking.carried = vec![Carried {
        name: "db".to_owned(),
        note: String::new(),
        line: 3,
    }];
    report.blocks.push(lacking);
    report
        .claims
        .push(claim("a.md", 4, Verdict::Refuted, Confidence::Certain));
    report
        .findings
        .push(finding("unclaimed-panic", Severity::Error));
    count_all(&mut report);
    report
}

/// A report with every verdict, kind, status and severity, and with texts that are hard to show.
pub fn full() -> Report {
    let mut report = empty();
    report.sandbox.notices = vec!["user namespaces are switched off".to_owned()];
    report.blocks = blocks();
    report.claims = closures().into();
    report.claims.extend(long_texts());
    report.claims.extend(chinese());
    report.claims.extend(hostile());
    report.claims.extend(in_turn());
    report.claims.extend(every_kind());
    report.findings = vec![
        finding("unclaimed-panic", Severity::Error),
        finding("slow-block", Severity::Warning),
        finding("unused-import", Severity::Note),
    ];
    count_all(&mut report);
    report
}

/// [`full`] with the notes' texts and programs.
pub fn with_texts() -> Report {
    let mut report = full();
    let lines = |first: u32, last: u32| -> String {
        (first..=last).map(|n| format!("line {n}\n")).collect()
    };
    let program = |block: &str| ProgramText {
        block: block.to_owned(),
        role: "as a reader would run it".to_owned(),
        source: "package main\n\nfunc main() {\n\tprintln(\"<世界>\")\n}\n".to_owned(),
        ending: "the program ends normally".to_owned(),
        output: "<世界>\n".to_owned(),
    };
    report.notes = vec![
        NoteText {
            note: "closures.md".to_owned(),
            text: format!(
                "# Closures & `defer`\n{}```go\nfor i := 0; i < 3; i++ {{ // 输出: 3, 3, 3\n\t/* a\n\tb */ s := `raw\n```\n{}",
                lines(2, 39),
                lines(45, 90)
            ),
            programs: vec![program("top/40")],
        },
        NoteText {
            note: "闭包.md".to_owned(),
            text: "# 闭包 <b>\r\n\r\n```go\r\na := 1\r\ngreet(\"世界\") // 世界 你好\r\n\r\n```\r\n\r\n- 关闭后再写入，会发生panic，请注意。"
                .to_owned(),
            programs: vec![program("top/3")],
        },
    ];
    report
}

/// A report with `count` blocks of the usual size, each with a claim, in notes of 100 blocks.
pub fn large(count: u32) -> Report {
    const CODE: &str = "package main\n\nimport \"fmt\"\n\nfunc main() {\n\ts := []int{1, 2, 3}\n\tfor i := range s {\n\t\tfmt.Println(i) // 0 1 2\n\t}\n\tfmt.Println(len(s), cap(s)) // 3 3\n}\n";
    let mut report = empty();
    let notes = count.div_ceil(100);
    for number in 0..notes {
        let note = format!("notes/{number}.md");
        let mut text = String::from("# A note\n");
        let mut programs = Vec::new();
        for _ in 0..100.min(count - number * 100) {
            let start = text.lines().count() as u32 + 5;
            text.push_str("\nSome words on what comes next, as notes have them, `code` and all.\nAnd another line of it.\n\n```go\n");
            text.push_str(CODE);
            text.push_str("```\n");
            let mut found = block(&note, start, Status::Ran, "");
            found.end_line = start + CODE.lines().count() as u32 + 1;
            let mut made = claim(
                &note,
                start + 8,
                VERDICTS[start as usize % 5],
                Confidence::Certain,
            );
            made.block.clone_from(&found.id);
            programs.push(ProgramText {
                block: found.id.clone(),
                role: "as a reader would run it".to_owned(),
                source: format!("{CODE}\n// {}\n", "padding ".repeat(20)),
                ending: "the program ends normally".to_owned(),
                output: "0\n1\n2\n3 3\n".to_owned(),
            });
            report.blocks.push(found);
            report.claims.push(made);
        }
        report.notes.push(NoteText {
            note,
            text,
            programs,
        });
    }
    count_all(&mut report);
    report
}

fn blocks() -> Vec<BlockReport> {
    let mut lacking = block("closures.md", 60, Status::Incomplete, "names are missing");
    lacking.missing = vec!["User".to_owned(), "db".to_owned()];
    let mut apart = block("closures.md", 80, Status::Ran, "");
    apart.merged = false;
    vec![
        block("closures.md", 40, Status::Ran, ""),
        lacking,
        apart,
        block("闭包.md", 3, Status::Ran, ""),
        block("a.md", 1, Status::Compiled, "nothing to run"),
        block(
            "a.md",
            20,
            Status::Broken,
            "a.md:22:5: expected ';', found x",
        ),
        block("a.md", 30, Status::Declined, "it uses cgo"),
        block("a.md", 40, Status::Skipped, "pseudo code"),
        block("a.md", 50, Status::NotGo, "it is a shell transcript"),
    ]
}

fn closures() -> [ClaimReport; 4] {
    let refuted = claim("closures.md", 42, Verdict::Refuted, Confidence::Likely);
    [
        ClaimReport {
            line: 30,
            confidence: Confidence::Weak,
            ..refuted.clone()
        },
        ClaimReport {
            kind: Kind::Stdout,
            column: 8,
            end_column: 19,
            text: "输出: 3, 3, 3".to_owned(),
            expected: "3\n3\n3\n".to_owned(),
            observed: "0\n1\n2\n".to_owned(),
            reason: "the program prints other lines".to_owned(),
            verdict: Verdict::Stale,
            confidence: Confidence::Certain,
            holds: "go<1.22".to_owned(),
            change: "loop variables are per iteration since Go 1.22".to_owned(),
            fix: "输出: 0, 1, 2".to_owned(),
            excerpt: "   f() // 输出: 3, 3, 3".to_owned(),
            ..refuted.clone()
        },
        refuted,
        claim("closures.md", 50, Verdict::Confirmed, Confidence::Certain),
    ]
}

fn long_texts() -> [ClaimReport; 2] {
    let of = |line| claim("closures.md", line, Verdict::Refuted, Confidence::Certain);
    let padding = "// and so on and on and on, in a line that never seems to end ".repeat(3);
    let numbers = |skip: u32| -> String {
        (1..=60)
            .filter(|n| n % skip != 0)
            .map(|n| format!("line {n}\n"))
            .collect()
    };
    [
        ClaimReport {
            kind: Kind::Stdout,
            form: Form::OutputBlock,
            column: 1,
            end_column: 7,
            text: numbers(7),
            expected: numbers(7),
            observed: numbers(11),
            fix: numbers(11),
            excerpt: "```text".to_owned(),
            ..of(70)
        },
        ClaimReport {
            column: padding.chars().count() as u32 + 1,
            end_column: padding.chars().count() as u32 + 5,
            excerpt: format!("{padding}// 3 {padding}"),
            ..of(85)
        },
    ]
}

fn chinese() -> [ClaimReport; 2] {
    [
        ClaimReport {
            kind: Kind::Panic,
            form: Form::Prose,
            column: 10,
            end_column: 18,
            text: "会发生 panic".to_owned(),
            expected: String::new(),
            observed: String::new(),
            reason: "the program ends without a panic".to_owned(),
            fix: String::new(),
            excerpt: "- 关闭后再写入，会发生panic，请注意。".to_owned(),
            ..claim("闭包.md", 9, Verdict::Refuted, Confidence::Certain)
        },
        ClaimReport {
            kind: Kind::Stdout,
            column: 14,
            end_column: 20,
            text: "世界 你好".to_owned(),
            expected: "世界\n你好\n".to_owned(),
            observed: "你好\n世界\n".to_owned(),
            excerpt: "\tgreet(\"世界\") // 世界 你好".to_owned(),
            ..claim("闭包.md", 5, Verdict::Unstable, Confidence::Certain)
        },
    ]
}

/// A program that tries to clear the screen and to look like gosnip's own summary.
fn hostile() -> [ClaimReport; 1] {
    [ClaimReport {
        kind: Kind::Stdout,
        observed: "\x1b[2J\x1b[32m0 refuted\rok\n\nsummary: all is well\n".to_owned(),
        fix: String::new(),
        excerpt: "\u{1b}[31mfmt.P(x)  // 3\u{202e}".to_owned(),
        column: 16,
        end_column: 20,
        ..claim("闭包.md", 11, Verdict::Refuted, Confidence::Certain)
    }]
}

/// A heading over two solutions, of which one does not do what it says.
fn in_turn() -> [ClaimReport; 2] {
    let right = ClaimReport {
        kind: Kind::Order,
        form: Form::Prose,
        shared: true,
        block_line: 20,
        column: 5,
        end_column: 29,
        text: "prints a, b in turn, 8 times".to_owned(),
        expected: "a\nb\n× 8".to_owned(),
        observed: "a\nb\na\nb\na\nb\n… (6 lines)\na\nb\na\nb".to_owned(),
        excerpt: "### `prints a, b in turn, 8 times`".to_owned(),
        ..claim("a.md", 90, Verdict::Confirmed, Confidence::Certain)
    };
    let wrong = ClaimReport {
        verdict: Verdict::Refuted,
        block_line: 30,
        observed: "a\nb\nfatal error: all goroutines are asleep - deadlock!".to_owned(),
        fix: String::new(),
        ..right.clone()
    };
    [right, wrong]
}

/// A claim of each kind with each verdict in `a.md`.
fn every_kind() -> impl Iterator<Item = ClaimReport> {
    let pairs = KINDS
        .into_iter()
        .flat_map(|kind| VERDICTS.map(|verdict| (kind, verdict)));
    pairs.enumerate().map(|(at, (kind, verdict))| ClaimReport {
        kind,
        reason: match (verdict, at % 2) {
            (Verdict::Unverified, 0) => "the block needs `User`".to_owned(),
            (Verdict::Unverified, _) => "the block does not compile".to_owned(),
            _ => String::new(),
        },
        ..claim("a.md", 100 + at as u32, verdict, Confidence::Certain)
    })
}

/// Set the summary to what is in the report.
fn count_all(report: &mut Report) {
    let blocks = |status| {
        report
            .blocks
            .iter()
            .filter(|it| it.status == status)
            .count() as u32
    };
    let claims = |verdict| {
        report
            .claims
            .iter()
            .filter(|it| it.verdict == verdict)
            .count() as u32
    };
    let notes: std::collections::BTreeSet<_> = report.blocks.iter().map(|it| &it.note).collect();
    report.summary = Summary {
        notes: notes.len() as u32,
        blocks: report.blocks.len() as u32,
        ran: blocks(Status::Ran),
        compiled: blocks(Status::Compiled),
        incomplete: blocks(Status::Incomplete),
        broken: blocks(Status::Broken),
        declined: blocks(Status::Declined),
        skipped: blocks(Status::Skipped),
        not_go: blocks(Status::NotGo),
        merged: report.blocks.iter().filter(|it| it.merged).count() as u32,
        not_merged: blocks(Status::Ran)
            - report.blocks.iter().filter(|it| it.merged).count() as u32,
        replayed: 0,
        known: 0,
        claims: report.claims.len() as u32,
        confirmed: claims(Verdict::Confirmed),
        refuted: claims(Verdict::Refuted),
        stale: claims(Verdict::Stale),
        unstable: claims(Verdict::Unstable),
        unverified: claims(Verdict::Unverified),
        seconds: 1.25,
    };
}

#[test]
fn every_kind_has_every_verdict() {
    let report = full();
    for kind in KINDS {
        for verdict in VERDICTS {
            let has = |claim: &ClaimReport| (claim.kind, claim.verdict) == (kind, verdict);
            assert!(report.claims.iter().any(has), "{kind:?} {verdict:?}");
        }
    }
}
