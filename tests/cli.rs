//! The `gosnip` command as a shell sees it: exit codes, and what goes to stdout and stderr.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

struct Gosnip {
    folder: tempfile::TempDir,
}

impl Gosnip {
    /// A repository of its own, so that no `verify.toml` above it is found.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        Self { folder }
    }

    fn with(self, file: &str, text: &str) -> Self {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_gosnip"))
            .args(arguments)
            .current_dir(self.path())
            .env("GOSNIP_CACHE_DIR", self.path().join("cache"))
            .env("NO_COLOR", "1")
            .output()
            .unwrap()
    }

    /// Run it, expect the exit code, and give back stdout and stderr.
    #[track_caller]
    fn expect(&self, code: i32, arguments: &[&str]) -> (String, String) {
        let output = self.run(arguments);
        let stdout = String::from_utf8(output.stdout).unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{stdout}\n{stderr}");
        (stdout, stderr)
    }
}

#[test]
fn help_and_version_go_to_stdout_and_succeed() {
    let (help, stderr) = Gosnip::new().expect(0, &["--help"]);
    for word in [
        "verify",
        "extract",
        "explain",
        "init",
        "toolchain",
        "--report",
        "Exit codes",
    ] {
        assert!(help.contains(word), "{word} is missing in\n{help}");
    }
    assert_eq!(stderr, "");
    let (version, _) = Gosnip::new().expect(0, &["--version"]);
    assert_eq!(
        version.trim(),
        concat!("gosnip ", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn an_unknown_flag_is_wrong_usage() {
    let (stdout, stderr) = Gosnip::new().expect(2, &["verify", "--tmeout", "1s"]);
    assert_eq!(stdout, "");
    assert!(stderr.contains("--timeout"), "{stderr}");
}

#[test]
fn an_unknown_report_format_lists_the_known_ones() {
    let (_, stderr) = Gosnip::new().expect(2, &["--report", "jsn"]);
    let known = "terminal, concise, json, jsonl, junit, sarif, github, gitlab, markdown, html";
    let expected = format!("did you mean `json`? (known: {known})");
    assert!(stderr.contains(&expected), "{stderr}");
}

#[test]
fn two_reports_to_stdout_are_wrong_usage() {
    let (_, stderr) = Gosnip::new().expect(2, &["--report", "terminal", "--report", "json"]);
    assert!(stderr.contains("both go to stdout"), "{stderr}");
}

#[test]
fn a_report_into_a_missing_folder_is_refused_before_the_work() {
    let (_, stderr) = Gosnip::new().expect(2, &["--report", "json=no/where.json"]);
    assert!(stderr.contains("there is no folder `no`"), "{stderr}");
}

#[test]
fn a_mistake_in_verify_toml_is_reported_at_its_place() {
    let gosnip = Gosnip::new().with("verify.toml", "[run]\ntmeout = \"1s\"\n");
    let (_, stderr) = gosnip.expect(2, &["verify"]);
    assert_eq!(
        stderr,
        "error: verify.toml:2:1: unknown key `tmeout`; did you mean `timeout`?\n"
    );
}

#[test]
fn verify_toml_is_found_above_but_not_beyond_the_repository() {
    let mistake = "unknwon = 1\n";
    let above = Gosnip::new()
        .with("verify.toml", mistake)
        .with("docs/deep/a.md", "");
    let run = |gosnip: &Gosnip, folder: &str| {
        Command::new(env!("CARGO_BIN_EXE_gosnip"))
            .args(["toolchain", "list"])
            .current_dir(gosnip.path().join(folder))
            .env("GOSNIP_CACHE_DIR", gosnip.path().join("cache"))
            .output()
            .unwrap()
            .status
            .code()
    };
    assert_eq!(run(&above, "docs/deep"), Some(2));
    let beyond = Gosnip::new()
        .with("verify.toml", mistake)
        .with("inner/.git/HEAD", "");
    assert_ne!(run(&beyond, "inner"), Some(2));
}

#[test]
fn a_config_file_that_is_named_has_to_exist() {
    let (_, stderr) = Gosnip::new().expect(2, &["--config", "other.toml"]);
    assert!(stderr.contains("can't read other.toml"), "{stderr}");
}

#[test]
fn a_path_that_is_not_there_is_named() {
    let (_, stderr) = Gosnip::new().expect(2, &["verify", "missing.md"]);
    assert_eq!(stderr, "error: there is no file or folder `missing.md`\n");
}

#[test]
fn a_misspelt_command_is_not_taken_for_a_path() {
    let (_, stderr) = Gosnip::new().expect(2, &["verfy"]);
    assert!(stderr.contains("did you mean `gosnip verify`?"), "{stderr}");
}

#[test]
fn init_writes_a_file_that_is_accepted_and_never_overwrites_one() {
    let gosnip = Gosnip::new();
    gosnip.expect(0, &["init"]);
    let written = fs::read_to_string(gosnip.path().join("verify.toml")).unwrap();
    let (_, stderr) = gosnip.expect(2, &["init"]);
    assert!(stderr.contains("is there already"), "{stderr}");
    let now = fs::read_to_string(gosnip.path().join("verify.toml")).unwrap();
    assert_eq!(now, written);
    gosnip.expect(2, &["init", "nowhere"]);
}
