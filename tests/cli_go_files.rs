//! Go files as notes, judged by Go's own test conventions, and `--coverage`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Run `gosnip verify` in a folder with these files; gives the exit code, the report and what was printed.
fn verify(files: &[(&str, &str)], arguments: &[&str]) -> (i32, Value, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gosnip-cache");
    let output = Command::new(env!("CARGO_BIN_EXE_gosnip"))
        .args([
            "verify",
            "--report",
            "json=report.json",
            "--report",
            "terminal",
        ])
        .args(arguments)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .env("GOSNIP_CACHE_DIR", cache)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let report = fs::read_to_string(folder.path().join("report.json")).unwrap_or_default();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        serde_json::from_str(&report).unwrap_or_default(),
        String::from_utf8(said).unwrap(),
    )
}

/// `line kind verdict` of every claim, and `line rule` of every finding.
fn said(report: &Value) -> Vec<String> {
    let word = |value: &Value, key: &str| value[key].as_str().unwrap().to_owned();
    let claims = report["claims"].as_array().unwrap().iter();
    let findings = report["findings"].as_array().unwrap().iter();
    claims
        .map(|it| {
            format!(
                "{} {} {}",
                it["line"],
                word(it, "kind"),
                word(it, "verdict")
            )
        })
        .chain(findings.map(|it| format!("{} {}", it["line"], word(it, "rule"))))
        .collect()
}

const ESCAPES: &str = "// errorcheck -0 -m -l\n\npackage p\n\n\
    func f() *int {\n\tx := 1 // ERROR \"moved to heap: x\"\n\treturn &x\n}\n\n\
    func g(p *int) int { // ERROR \"leaks\"\n\treturn *p\n}\n";
const PRINTS: &str = "// run\n\npackage main\n\nfunc main() {\n\tprintln(\"a\")\n}\n";

#[test]
fn every_message_and_every_expectation_of_an_errorcheck_counts() {
    let (code, report, _) = verify(&[("x.go", ESCAPES)], &["x.go"]);
    assert_eq!(code, 1);
    assert_eq!(
        said(&report),
        [
            "1 compile-error confirmed",
            "6 escape confirmed",
            "10 escape refuted",
            "10 unexpected-diagnostic"
        ]
    );
    assert_eq!(report["blocks"][0]["origin"], "file");
    assert_eq!(report["blocks"][0]["status"], "compiled");
}

#[test]
fn a_program_that_is_run_prints_what_its_out_file_holds() {
    let with = |output| verify(&[("x.go", PRINTS), ("x.out", output)], &["x.go"]);
    let (code, report, _) = with("a\n");
    assert_eq!(
        (code, said(&report)),
        (0, vec!["1 stdout confirmed".to_owned()])
    );
    let (code, report, _) = with("b\n");
    assert_eq!(
        (code, said(&report)),
        (1, vec!["1 stdout refuted".to_owned()])
    );
    let (code, ..) = verify(&[("x.go", PRINTS)], &["x.go"]);
    assert_eq!(code, 1, "without an .out file it must print nothing");
}

#[test]
fn a_recipe_about_several_files_is_declined_with_the_reason() {
    let file = "// rundir\n\npackage ignored\n";
    let (_, report, _) = verify(&[("x.go", file)], &["x.go"]);
    assert_eq!(report["blocks"][0]["status"], "declined");
    let reason = report["blocks"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("several files"), "{reason}");
}

#[test]
fn a_folder_gives_no_go_files_but_those_that_say_they_are_tests_or_are_included() {
    let plain = "package main\n\nfunc main() {}\n";
    let files = [
        ("lib/a.go", plain),
        ("lib/b.go", PRINTS),
        ("lib/b.out", "a\n"),
    ];
    let notes = |report: &Value| -> Vec<String> {
        let blocks = report["blocks"].as_array().unwrap().iter();
        blocks
            .map(|it| it["note"].as_str().unwrap().to_owned())
            .collect()
    };
    let (code, report, _) = verify(&files, &["lib"]);
    assert_eq!((code, notes(&report)), (0, vec!["lib/b.go".to_owned()]));
    let (code, _, said) = verify(&files, &[]);
    assert_eq!(code, 4);
    assert!(said.contains("only 2 Go files"), "{said}");
    let included = [&files[..], &[("verify.toml", "include = [\"lib/a.go\"]\n")]].concat();
    let (code, report, _) = verify(&included, &[]);
    assert_eq!((code, notes(&report)), (0, vec!["lib/a.go".to_owned()]));
}

#[test]
fn coverage_lists_what_no_claim_is_about() {
    let note =
        "```go\nfmt.Println(1) // 1\nfmt.Println(2)\n```\n\ntext\n\n```go\nfmt.Println(3)\n```\n";
    let (code, report, said) = verify(&[("a.md", note)], &["--coverage"]);
    assert_eq!(code, 0);
    let coverage = &report["coverage"][0];
    assert_eq!(coverage["prints"], 3);
    assert_eq!(coverage["prints_claimed"], 1);
    assert_eq!(coverage["blocks_claimed"], 1);
    assert!(said.contains("a.md:3: fmt.Println(2)"), "{said}");
    assert!(
        said.contains("a.md:8: nothing of this block (1 line that prints)"),
        "{said}"
    );
    assert!(
        said.contains("coverage: 1 of 3 lines that print are claimed; 1 of 2 blocks"),
        "{said}"
    );
    let (_, report, _) = verify(&[("a.md", note)], &[]);
    assert_eq!(report["coverage"], Value::Null);
}
