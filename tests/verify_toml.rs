//! Every key of verify.toml that says something about notes, blocks and runs has its effect.
//! (`[modules]` has tests of its own, `[go]` those of the toolchains.)

mod engine_support;

use engine_support::{Bench, block, claim};
use gosnip::claim::{Form, Kind};
use gosnip::report::{Report, Status, Verdict};

/// Verify these notes with this verify.toml.
fn verify(notes: &[(&str, &str)], file: &str) -> Option<Report> {
    let bench = Bench::new(notes)?;
    bench.write("verify.toml", file);
    Some(bench.verify(&[]))
}

/// Blocks on lines 1, 5, 10 and 16, without a claim.
const NOTE: &str = "\
```go
fmt.Println(1 + 1)
```

```go
var m map[string]int
m[\"a\"] = 1
```

```go
package main

func main() { return 1 }
```

```go
time.Sleep(1500 * time.Millisecond)
fmt.Println(\"late\")
```
";

#[test]
fn what_is_expected_of_a_block_is_a_claim_about_it() {
    let file = "\
        [[block]]\nnote = \"a.md\"\nline = 2\noutput = \"2\\n\"\n\
        [[block]]\nnote = \"./a.md\"\nline = 5\npanic = \"assignment to entry in nil map\"\n\
        [[block]]\nnote = \"a.md\"\nid = \"#3\"\ncompile-error = \"too many return values\"\n\
        [[block]]\nnote = \"a.md\"\nline = 17\noutput = \"early\"\n";
    let Some(report) = verify(&[("a.md", NOTE)], file) else {
        return;
    };
    let judged: Vec<_> = report
        .claims
        .iter()
        .map(|claim| (claim.line, claim.kind, claim.form, claim.verdict))
        .collect();
    assert_eq!(
        judged,
        [
            (1, Kind::Stdout, Form::Directive, Verdict::Confirmed),
            (5, Kind::Panic, Form::Directive, Verdict::Confirmed),
            (10, Kind::CompileError, Form::Directive, Verdict::Confirmed),
            (16, Kind::Stdout, Form::Directive, Verdict::Refuted),
        ],
        "{report:?}"
    );
    // What is expected is no surprise.
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[test]
fn a_wrong_expectation_is_refuted() {
    let file = "\
        [[block]]\nnote = \"a.md\"\nline = 1\noutput = \"3\"\n\
        [[block]]\nnote = \"a.md\"\nline = 5\npanic = \"index out of range\"\n";
    let Some(report) = verify(&[("a.md", NOTE)], file) else {
        return;
    };
    assert_eq!(claim(&report, 1).verdict, Verdict::Refuted);
    assert_eq!(claim(&report, 1).observed, "2");
    assert_eq!(claim(&report, 5).verdict, Verdict::Refuted);
}

#[test]
fn the_timeout_of_a_block_goes_before_that_of_its_note_and_that_before_the_general_one() {
    let notes = [("a.md", NOTE), ("b.md", NOTE), ("c.md", NOTE)];
    let file = "\
        [run]\ntimeout = \"1s\"\n\
        [[note]]\npath = \"b.md\"\ntimeout = \"20s\"\n\
        [[note]]\npath = \"c.md\"\ntimeout = \"20s\"\n\
        [[block]]\nnote = \"c.md\"\nline = 16\ntimeout = \"900ms\"\n";
    let Some(report) = verify(&notes, file) else {
        return;
    };
    let stopped: Vec<&str> = report
        .findings
        .iter()
        .filter(|found| found.rule == "never-ends")
        .map(|found| found.note.as_str())
        .collect();
    assert_eq!(stopped, ["a.md", "c.md"], "{:?}", report.findings);
}

#[test]
fn skipped_notes_and_blocks_are_skipped_for_their_reason() {
    let notes = [("a.md", NOTE), ("old/b.md", NOTE)];
    let file = "\
        [[note]]\npath = \"old/*.md\"\nskip = true\nreason = \"history\"\n\
        [[block]]\nnote = \"a.md\"\nid = \"#2\"\nskip = true\nreason = \"panics\"\n";
    let bench = Bench::new(&[]);
    let Some(bench) = bench else { return };
    std::fs::create_dir(bench.path("notes/old")).unwrap();
    for (name, text) in notes {
        bench.write(name, text);
    }
    bench.write("verify.toml", file);
    let report = bench.verify(&[]);
    let of = |note: &str, line: u32| {
        let mut blocks = report.blocks.iter();
        let found = blocks.find(|block| block.note == note && block.line == line);
        found.map(|block| (block.status, block.reason.as_str()))
    };
    assert_eq!(of("a.md", 5), Some((Status::Skipped, "panics")));
    assert_eq!(of("a.md", 1), Some((Status::Ran, "")));
    assert_eq!(of("old/b.md", 1), Some((Status::Skipped, "history")));
}

#[test]
fn the_versions_that_a_note_or_block_speaks_of_limit_its_claims() {
    let loops = "```go\nvar f []func()\nfor i := 0; i < 2; i++ {\n\tf = append(f, func() { fmt.Print(i) })\n}\n\
        for _, g := range f {\n\tg()\n}\n// Output: 22\n```\n";
    let file = "\
        [[note]]\npath = \"a.md\"\ngo = \"<1.22\"\n\
        [[block]]\nnote = \"b.md\"\nline = 3\ngo = \"<1.22\"\n";
    let Some(report) = verify(&[("a.md", loops), ("b.md", loops), ("c.md", loops)], file) else {
        return;
    };
    let verdicts: Vec<_> = report
        .claims
        .iter()
        .map(|claim| (claim.note.as_str(), claim.verdict))
        .collect();
    assert_eq!(
        verdicts,
        [
            ("a.md", Verdict::Confirmed),
            ("b.md", Verdict::Confirmed),
            ("c.md", Verdict::Stale),
        ]
    );
}

#[test]
fn a_rule_for_a_block_that_is_not_there_is_an_error() {
    let file = "\
        [[block]]\nnote = \"a.md\"\nline = 4\nskip = true\n\
        [[block]]\nnote = \"a.md\"\nid = \"#33\"\nskip = true\n\
        [[block]]\nnote = \"elsewhere.md\"\nline = 4\nskip = true\n";
    let Some(report) = verify(&[("a.md", NOTE)], file) else {
        return;
    };
    let said: Vec<_> = report
        .findings
        .iter()
        .filter(|found| found.rule == "directive")
        .map(|found| (found.line, found.message.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (
                4,
                "verify.toml has a [[block]] for this note, but there is no block on line 4"
            ),
            (
                1,
                "verify.toml has a [[block]] for this note, but no block has the id `#33`; did you mean `#3`?"
            ),
        ]
    );
}

#[test]
fn memory_and_sandbox_are_as_the_file_says() {
    let hungry = "```go\nb := make([]byte, 400<<20)\nfor i := range b {\n\tb[i] = 1\n}\nfmt.Println(len(b))\n```\n";
    let notes = [("a.md", hungry)];
    let Some(report) = verify(&notes, "[run]\nmemory = \"200MiB\"\n") else {
        return;
    };
    let rules = |report: &Report| -> Vec<String> {
        report
            .findings
            .iter()
            .map(|found| found.rule.clone())
            .collect()
    };
    assert!(
        rules(&report).contains(&"out-of-memory".to_owned()),
        "{:?}",
        report.findings
    );
    let Some(report) = verify(&notes, "[run]\nsandbox = \"off\"\njobs = 1\n") else {
        return;
    };
    assert!(
        !rules(&report).contains(&"out-of-memory".to_owned()),
        "{:?}",
        report.findings
    );
    assert_eq!(report.sandbox.level, "off");
    assert_eq!(block(&report, 1).status, Status::Ran);
}

#[test]
fn include_exclude_confidence_and_what_fails_are_as_the_file_says() {
    let wrong = "```go\nfmt.Println(1) // 2\n```\n";
    let Some(bench) = Bench::new(&[("a.md", wrong), ("b.md", wrong), ("c.txt", wrong)]) else {
        return;
    };
    let notes = |report: Report| -> Vec<String> {
        report
            .claims
            .iter()
            .map(|claim| claim.note.clone())
            .collect()
    };
    // Without a path: what the file says counts for a bare `gosnip`.
    let bare = |file: &str| {
        bench.write("verify.toml", file);
        let place = bench.path("bare.json");
        let report = format!("json={}", place.display());
        let output = bench
            .command(&["-q", "--report", &report])
            .output()
            .unwrap();
        let text = std::fs::read_to_string(&place).unwrap();
        (
            serde_json::from_str::<Report>(&text).unwrap(),
            output.status.code(),
        )
    };
    let (report, code) = bare("include = [\"*.md\"]\nexclude = [\"b.md\"]\n");
    assert_eq!((notes(report), code), (vec!["a.md".to_owned()], Some(1)));
    let (report, code) = bare("include = [\"a.md\"]\n[report]\nfail-on = [\"drift\"]\n");
    assert_eq!((notes(report), code), (vec!["a.md".to_owned()], Some(0)));
    let (report, code) = bare("include = [\"a.md\"]\n[report]\nmin-confidence = \"certain\"\n");
    assert_eq!((notes(report), code), (vec![], Some(0)));
}
