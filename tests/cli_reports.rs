//! Reports and the commands around them, as a shell and a CI service see them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// A git repository with a note in a folder; gosnip is started in that folder.
struct Repository {
    root: tempfile::TempDir,
}

const NOTE: &str = "# 切片\n\n```go\nfmt.Println(len(\"ab\")) // 3\n```\n";

impl Repository {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join(".git")).unwrap();
        fs::create_dir(root.path().join("notes")).unwrap();
        fs::write(root.path().join("notes/a b,c.md"), NOTE).unwrap();
        Self { root }
    }

    fn folder(&self) -> std::path::PathBuf {
        self.root.path().join("notes")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gosnip"));
        command
            .args(arguments)
            .current_dir(self.folder())
            .env_remove("GITHUB_STEP_SUMMARY")
            // One for all tests: compiled packages are good for all of them.
            .env(
                "GOSNIP_CACHE_DIR",
                concat!(env!("CARGO_TARGET_TMPDIR"), "/gosnip-cache"),
            );
        command
    }

    #[track_caller]
    fn expect(&self, code: i32, arguments: &[&str]) -> String {
        text(code, &self.command(arguments).output().unwrap())
    }

    fn json(&self, file: &str) -> Value {
        serde_json::from_str(&fs::read_to_string(self.folder().join(file)).unwrap()).unwrap()
    }
}

#[track_caller]
fn text(code: i32, output: &Output) -> String {
    let stdout = String::from_utf8(output.stdout.clone()).unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{stdout}\n{stderr}");
    stdout
}

#[test]
fn one_run_gives_every_form_of_report_with_paths_from_the_repository_s_root() {
    let repository = Repository::new();
    let summary = repository.root.path().join("summary.md");
    let mut command = repository.command(&[
        "verify",
        "--report=github",
        "--report=sarif=r.sarif",
        "--report=gitlab=r.json",
        "--report=junit=r.xml",
        "--report=markdown=r.md",
        "--report=html=r.html",
    ]);
    let output = command
        .env("GITHUB_STEP_SUMMARY", &summary)
        .output()
        .unwrap();
    let annotations = text(1, &output);
    assert!(
        annotations.starts_with("::error file=notes/a b%2Cc.md,line=4,endLine=4,col=27,"),
        "{annotations}"
    );
    assert_eq!(annotations.lines().count(), 1);

    let result = &repository.json("r.sarif")["runs"][0]["results"][0];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "notes/a%20b,c.md");
    assert_eq!(place["region"]["startLine"], 4);
    assert_eq!(result["ruleId"], "refuted-stdout");

    let issue = &repository.json("r.json")[0];
    assert_eq!(issue["location"]["path"], "notes/a b,c.md");
    assert_eq!(issue["check_name"], "refuted-stdout");

    let read = |file: &str| fs::read_to_string(repository.folder().join(file)).unwrap();
    assert!(read("r.xml").contains("<failure type=\"refuted-stdout\""));
    assert_eq!(read("r.md"), fs::read_to_string(&summary).unwrap());
    let page = read("r.html");
    assert!(page.contains("# 切片") && page.contains("package main"));
}

#[test]
fn the_json_report_holds_neither_notes_nor_programs() {
    let repository = Repository::new();
    repository.expect(1, &["--report=json=r.json", "--report=html=r.html"]);
    let report = repository.json("r.json");
    assert_eq!(report["claims"][0]["verdict"], "refuted");
    assert!(report.get("notes").is_none());
}

#[test]
fn a_rule_is_explained_by_the_name_that_reports_give_it() {
    let repository = Repository::new();
    let concise = repository.expect(1, &["--report=concise"]);
    assert!(concise.contains(": refuted-stdout: "), "{concise}");
    for name in ["refuted[stdout]", "refuted-stdout"] {
        let page = repository.expect(0, &["rule", name]);
        assert!(page.starts_with("# refuted-stdout\n"), "{page}");
    }
    repository.expect(2, &["rule", "refuted-nonsense"]);
}

#[test]
fn settings_say_where_they_come_from() {
    let repository = Repository::new();
    let file = repository.root.path().join("verify.toml");
    fs::write(file, "[run]\ntimeout = \"3s\"\n").unwrap();
    let shown = repository.expect(0, &["config", "--jobs=3"]);
    let line = |key: &str| shown.lines().find(|line| line.starts_with(key)).unwrap();
    assert!(line("run.jobs = 3 ").ends_with("# --jobs"), "{shown}");
    assert!(
        line("run.timeout = \"3s\"").ends_with("verify.toml:2"),
        "{shown}"
    );
    assert!(line("run.sandbox").ends_with("# default"), "{shown}");
}

#[test]
fn a_repository_is_set_up_once() {
    let repository = Repository::new();
    // A workflow that installs a package that is not there would be red for ever: this gosnip was not installed.
    repository.expect(2, &["init", "--ci=github", ".."]);
    let source = "--source=https://example.org/gosnip.git";
    repository.expect(0, &["init", "--ci=github", source, ".."]);
    let root = repository.root.path();
    assert!(root.join("verify.toml").is_file());
    let workflow = fs::read_to_string(root.join(".github/workflows/gosnip.yml")).unwrap();
    let install = "run: cargo install --locked --git https://example.org/gosnip.git gosnip";
    assert!(workflow.contains(install), "{workflow}");
    repository.expect(2, &["init", "--ci=none", ".."]);
    repository.expect(0, &["init", "--ci=none", "--force", ".."]);
    // What was written is accepted.
    repository.expect(1, &[]);
}

#[test]
fn what_other_programs_need_is_generated() {
    let repository = Repository::new();
    let script = repository.expect(0, &["completions", "bash"]);
    assert!(script.contains("--min-confidence"));
    repository.expect(0, &["man", "man1"]);
    assert!(repository.folder().join("man1/gosnip-verify.1").is_file());
    let schema: Value = serde_json::from_str(&repository.expect(0, &["schema", "report"])).unwrap();
    assert!(schema["properties"]["claims"].is_object());
}

#[test]
fn the_go_of_the_documentation_is_verified() {
    let repository = Repository::new();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let arguments = [
        "verify",
        "--fail-on=refuted,stale,unstable,unverified,finding",
    ];
    let mut command = repository.command(&arguments);
    text(0, &command.arg(docs).output().unwrap());
}
