//! Hostile notes through the whole of gosnip: each is contained and named in the report, and the verdicts
//! about its neighbours are unharmed. `adversarial_levels.rs` has what must be so at every level of the sandbox.

mod engine_support;

use std::fs;
use std::path::Path;

use engine_support::{Bench, block, claim};
use gosnip::report::{Report, Status, Verdict};

/// A block before and one after the hostile one.
const NEIGHBOUR: &str = "```go\nfmt.Println(\"fine\") // fine\n```\n";

/// What became of a hostile program between two neighbours.
struct Outcome {
    report: Report,
    /// Everything the report says of it.
    said: String,
}

/// Verify a note with this program as its second block; `None` where there is no Go.
fn verify(program: &str, arguments: &[&str]) -> Option<Outcome> {
    let bench = Bench::new(&[])?;
    verify_in(bench, program, arguments)
}

#[track_caller]
fn verify_in(bench: Bench, program: &str, arguments: &[&str]) -> Option<Outcome> {
    let note = format!("{NEIGHBOUR}\n```go\n{program}\n```\n\n# Another\n\n{NEIGHBOUR}");
    bench.write("a.md", &note);
    // Long enough for a limit to be reached on a crowded machine; what never ends costs as much.
    let limits = ["--timeout", "10s"];
    let report = bench.verify(&[&limits, arguments].concat());
    let last = report.blocks.last().unwrap().line;
    for line in [2, last + 1] {
        assert_eq!(
            claim(&report, line).verdict,
            Verdict::Confirmed,
            "{report:?}"
        );
    }
    let hostile = block(&report, 5);
    let findings = report
        .findings
        .iter()
        .map(|found| format!("{}: {}\n", found.rule, found.message));
    let said = format!(
        "{:?} {}\n{}{}",
        hostile.status,
        hostile.reason,
        findings.collect::<String>(),
        match hostile.status {
            Status::Ran => explain(&bench),
            _ => String::new(),
        }
    );
    Some(Outcome { report, said })
}

/// What `gosnip explain` says of the hostile block.
fn explain(bench: &Bench) -> String {
    let output = bench
        .command(&["explain", "a.md:6", "--timeout", "10s"])
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Verify a complete program whose body is this.
#[track_caller]
fn attack(imports: &[&str], body: &str) -> Option<Outcome> {
    verify(&program(imports, body), &[])
}

fn program(imports: &[&str], body: &str) -> String {
    let imports: String = imports
        .iter()
        .map(|path| format!("import \"{path}\"\n"))
        .collect();
    format!("package main\n\n{imports}\nfunc main() {{\n{body}\n}}")
}

impl Outcome {
    #[track_caller]
    fn says(&self, words: &str) {
        assert!(
            self.said.contains(words),
            "`{words}` is not in\n{}",
            self.said
        );
    }

    #[track_caller]
    fn never_says(&self, words: &str) {
        assert!(!self.said.contains(words), "`{words}` is in\n{}", self.said);
    }

    /// Whether foreign code is kept from files and networks here at all.
    fn contained(&self) -> bool {
        let contained = matches!(self.report.sandbox.level.as_str(), "base" | "namespaces");
        if !contained {
            eprintln!(
                "skipped: the sandbox reaches only {}",
                self.report.sandbox.level
            );
        }
        contained
    }
}

#[test]
fn a_memory_bomb_runs_into_the_memory_limit() {
    let Some(outcome) = attack(
        &[],
        "var all [][]byte\nfor {\n\tall = append(all, make([]byte, 64<<20))\n\tfor i := 0; i < 64<<20; i += 4096 {\n\t\tall[len(all)-1][i] = 1\n\t}\n}",
    ) else {
        return;
    };
    outcome.says("out-of-memory");
}

#[test]
fn endless_output_is_stopped_and_called_so() {
    let Some(outcome) = attack(&["fmt"], "for {\n\tfmt.Println(\"again and again\")\n}") else {
        return;
    };
    outcome.says("endless-output");
}

#[test]
fn an_endless_loop_is_called_computing() {
    let Some(outcome) = attack(&[], "for i := 0; ; i++ {\n}") else {
        return;
    };
    outcome.says("still computing");
}

#[test]
fn deep_recursion_is_a_stack_overflow() {
    let Some(outcome) = verify(
        "package main\n\nfunc deeper(n int) int { return deeper(n+1) + 1 }\n\nfunc main() {\n\tdeeper(0)\n}",
        &[],
    ) else {
        return;
    };
    outcome.says("stack");
}

#[test]
fn secrets_and_the_notes_repository_cannot_be_read() {
    let Some(bench) = Bench::new(&[("secret.md", "the password is swordfish\n")]) else {
        return;
    };
    fs::create_dir(bench.path("home/.ssh")).unwrap();
    fs::write(bench.path("home/.ssh/id_ed25519"), "swordfish").unwrap();
    let targets = [
        bench.path("notes/secret.md"),
        bench.path("home/.ssh/id_ed25519"),
        "/etc/shadow".into(),
        Path::new(&std::env::var("HOME").unwrap_or_default()).join(".ssh/id_rsa"),
    ];
    let body: String = targets
        .iter()
        .map(|path| {
            let path = path.display();
            format!("if text, err := os.ReadFile({:?}); err == nil {{\n\tfmt.Println(\"leaked\", string(text))\n}}\n", path.to_string())
        })
        .collect();
    let Some(outcome) = verify_in(bench, &program(&["fmt", "os"], &body), &[]) else {
        return;
    };
    if outcome.contained() {
        assert_eq!(block(&outcome.report, 5).status, Status::Ran);
        outcome.never_says("    leaked");
        outcome.says("sandbox: the program reads files that hold secrets, which the sandbox does not let it: `os.ReadFile(\"/etc/shadow\")`");
    }
}

#[test]
fn who_says_that_it_dials_out_is_declined_for_that_reason() {
    let Some(outcome) = attack(
        &["fmt", "net"],
        "_, err := net.Dial(\"tcp\", \"192.0.2.1:9\")\nfmt.Println(err) // <nil>",
    ) else {
        return;
    };
    assert_eq!(block(&outcome.report, 5).status, Status::Declined);
    outcome.says("it needs the network");
    outcome.says("net.Dial");
}

#[test]
fn the_kernel_grants_nothing_that_a_note_needs_not() {
    let Some(outcome) = attack(
        &["fmt", "os", "syscall"],
        "if syscall.PtraceAttach(os.Getppid()) == nil {\n\tfmt.Println(\"granted: ptrace\")\n}\n\
         if syscall.Mount(\"none\", \"/tmp\", \"tmpfs\", 0, \"\") == nil {\n\tfmt.Println(\"granted: mount\")\n}\n\
         if syscall.Unshare(syscall.CLONE_NEWUSER) == nil {\n\tfmt.Println(\"granted: namespaces\")\n}\n\
         if syscall.Setuid(0) == nil && os.Getuid() == 0 {\n\tfmt.Println(\"granted: root\")\n}\nfmt.Println(\"done\")",
    ) else {
        return;
    };
    if outcome.contained() {
        outcome.says("done");
        outcome.never_says("    granted");
        outcome.says("sandbox: the program asks the kernel for what a note needs not, which the sandbox does not let it: `syscall.Mount");
        outcome.says("`syscall.PtraceAttach(os.Getppid())`");
    }
}

#[test]
fn what_needs_more_than_the_go_compiler_is_refused_and_named() {
    let cgo =
        "package main\n\n// #include <stdlib.h>\nimport \"C\"\n\nfunc main() {\n\tC.abort()\n}";
    let Some(outcome) = verify(cgo, &[]) else {
        return;
    };
    assert_eq!(block(&outcome.report, 5).status, Status::Declined);
    outcome.says("cgo");

    let embed = "package main\n\nimport (\n\t_ \"embed\"\n\t\"fmt\"\n)\n\n//go:embed /etc/passwd\nvar text string\n\nfunc main() {\n\tfmt.Println(\"embedded\", text)\n}";
    let Some(outcome) = verify(embed, &[]) else {
        return;
    };
    outcome.never_says("root:");
}

#[test]
fn a_line_directive_cannot_put_the_blame_on_another_place() {
    let hostile = "package main\n\n//line /etc/passwd:1\nfunc main() {\n\tpanic(\"here\")\n}";
    let Some(outcome) = verify(hostile, &[]) else {
        return;
    };
    let found = outcome
        .report
        .findings
        .iter()
        .find(|found| found.rule == "unclaimed-panic");
    assert_eq!(found.map(|found| found.line), Some(10), "{}", outcome.said);
}
