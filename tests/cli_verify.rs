//! `gosnip` with the real pipeline: exit codes, interruption, and the commands that run programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

const TRUE_CLAIM: &str = "# Sum\n\n```go\nfmt.Println(1 + 2) // 3\n```\n";
const FALSE_CLAIM: &str = "# Sum\n\n```go\nfmt.Println(1 + 2) // 4\n```\n";

/// A folder with notes, and gosnip in it.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new(notes: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        for (name, text) in notes {
            fs::write(folder.path().join(name), text).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gosnip"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .env("GOSNIP_CACHE_DIR", cache())
            .env("NO_COLOR", "1");
        command
    }

    /// Run it, expect the exit code, and give back stdout and stderr.
    #[track_caller]
    fn expect(&self, code: i32, arguments: &[&str]) -> (String, String) {
        let output = self.command(arguments).output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{stdout}\n{stderr}");
        (stdout, stderr)
    }

    fn report(&self, name: &str) -> Value {
        serde_json::from_str(&fs::read_to_string(self.path(name)).unwrap()).unwrap()
    }
}

/// The cache is shared by the tests and kept between runs: its contents are addressed by what is in them.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("gosnip-cache")
}

#[test]
fn nothing_wrong_is_zero() {
    let (stdout, _) = Bench::new(&[("a.md", TRUE_CLAIM)]).expect(0, &["verify"]);
    assert!(stdout.contains("1 claim: 1 confirmed"), "{stdout}");
}

#[test]
fn a_bare_gosnip_verifies() {
    let (stdout, _) = Bench::new(&[("a.md", TRUE_CLAIM)]).expect(0, &[]);
    assert!(stdout.contains("1 confirmed"), "{stdout}");
}

#[test]
fn a_refuted_claim_is_one_and_is_shown_with_what_go_prints() {
    let (stdout, _) = Bench::new(&[("a.md", FALSE_CLAIM)]).expect(1, &["verify"]);
    assert!(stdout.contains("a.md:4"), "{stdout}");
    assert!(stdout.contains("Go prints `3`"), "{stdout}");
}

#[test]
fn a_refuted_claim_is_zero_where_only_drift_is_to_fail() {
    Bench::new(&[("a.md", FALSE_CLAIM)]).expect(0, &["verify", "--fail-on", "drift"]);
}

#[test]
fn a_complete_program_that_panics_without_a_word_is_one() {
    let note = "```go\npackage main\n\nfunc main() {\n\tvar m map[int]int\n\tm[1] = 1\n}\n```\n";
    let (stdout, _) = Bench::new(&[("a.md", note)]).expect(1, &["verify"]);
    assert!(
        stdout.contains("assignment to entry in nil map"),
        "{stdout}"
    );
}

#[test]
fn a_wrong_flag_is_two() {
    Bench::new(&[("a.md", TRUE_CLAIM)]).expect(2, &["verify", "--timeout", "soon"]);
}

#[test]
fn a_go_that_is_not_there_is_three() {
    let (_, stderr) =
        Bench::new(&[("a.md", TRUE_CLAIM)]).expect(3, &["verify", "--go", "/no/such/goroot"]);
    assert!(stderr.contains("/no/such/goroot"), "{stderr}");
}

#[test]
fn no_notes_and_no_go_in_the_notes_is_four() {
    Bench::new(&[]).expect(4, &["verify"]);
    Bench::new(&[("a.md", "# Only words\n")]).expect(4, &["verify"]);
}

#[test]
fn verifying_writes_nothing_beside_the_notes() {
    let bench = Bench::new(&[("a.md", FALSE_CLAIM)]);
    bench.expect(1, &["verify"]);
    let mut names: Vec<_> = fs::read_dir(bench.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, [".git", "a.md"]);
    assert_eq!(fs::read_to_string(bench.path("a.md")).unwrap(), FALSE_CLAIM);
}

#[test]
fn a_second_run_says_the_same() {
    let bench = Bench::new(&[("a.md", TRUE_CLAIM), ("b.md", FALSE_CLAIM)]);
    bench.expect(1, &["verify", "--report", "json=first.json"]);
    bench.expect(1, &["verify", "--report", "json=second.json"]);
    let (first, second) = (bench.report("first.json"), bench.report("second.json"));
    assert_eq!(first["claims"], second["claims"]);
    assert_eq!(first["findings"], second["findings"]);
    assert_eq!(first["claims"].as_array().unwrap().len(), 2);
}

/// Interrupts gosnip as Ctrl-C in a terminal does: the whole process group.
#[cfg(unix)]
fn interrupt(child: &Child) {
    let group = rustix::process::Pid::from_child(child);
    rustix::process::kill_process_group(group, rustix::process::Signal::INT).unwrap();
}

#[cfg(unix)]
#[test]
fn ctrl_c_is_130_and_reports_what_was_finished() {
    use std::os::unix::process::CommandExt;

    // Programs in the sandbox have no way to say that they run; gosnip says it for those that are slow.
    let endless = "# Busy\n\n```go\nfmt.Println(0) // 0\nfor i := 0; i >= 0; i++ {\n}\n```\n";
    let bench = Bench::new(&[("a.md", TRUE_CLAIM), ("b.md", endless)]);
    let mut child = bench
        .command(&["verify", "--timeout", "30s", "--report", "json=report.json"])
        .process_group(0)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for_words(child.stderr.take().unwrap(), "running for");
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let report = bench.report("report.json");
    let claims = report["claims"].as_array().unwrap();
    assert!(
        claims
            .iter()
            .any(|claim| claim["note"] == "a.md" && claim["verdict"] == "confirmed"),
        "{report:#}"
    );
}

/// Read until `words` were read; the rest is read, too, so that the writer never blocks.
#[cfg(unix)]
fn wait_for_words(mut stream: std::process::ChildStderr, words: &'static str) {
    use std::io::Read;

    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut seen = Vec::new();
        let mut buffer = [0; 1024];
        while let Ok(read @ 1..) = stream.read(&mut buffer) {
            seen.extend_from_slice(&buffer[..read]);
            if String::from_utf8_lossy(&seen).contains(words) {
                let _ = send.send(());
            }
        }
    });
    receive
        .recv_timeout(Duration::from_secs(600))
        .expect("gosnip never says that the program is still running");
}

#[test]
fn explain_shows_the_program_and_the_verdict() {
    let bench = Bench::new(&[("a.md", FALSE_CLAIM)]);
    let (stdout, _) = bench.expect(0, &["explain", "a.md:4"]);
    for words in [
        "package main",
        "fmt.Println(1 + 2) // 4",
        "verdict: refuted",
    ] {
        assert!(stdout.contains(words), "{words} is missing in\n{stdout}");
    }
}

#[test]
fn explain_works_on_the_notes_of_this_repository() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_gosnip"))
        .args(["explain", "notes/zh/defer.md:9"])
        .current_dir(root)
        .env("GOSNIP_CACHE_DIR", cache())
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stdout}");
    assert!(stdout.contains("notes/zh/defer.md"), "{stdout}");
}

#[test]
fn stats_count_blocks_by_shape_whatever_the_claims_are() {
    let quote = "\n```go\ntype hchan struct {\n\tlock mutex\n}\n```\n";
    // Nothing stands in for what a whole program lacks.
    let lacking = "\n```go\npackage main\n\nfunc main() {\n\tload()\n}\n```\n";
    let note = FALSE_CLAIM.to_owned() + quote + lacking;
    let bench = Bench::new(&[("a.md", &note)]);
    let (table, _) = bench.expect(0, &["stats", "-v"]);
    assert!(table.contains("statements"), "{table}");
    assert!(table.contains("a.md:13 nothing declares `load`"), "{table}");
    let (json, _) = bench.expect(0, &["stats", "--report", "json"]);
    let stats: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(stats["total"]["runtime_source"], 1);
    assert_eq!(stats["total"]["counted"], 2);
    assert_eq!(stats["total"]["share"], 50.0);
    let (_, error) = bench.expect(2, &["stats", "--report", "junit"]);
    assert!(error.contains("has no report `junit`"), "{error}");
}

#[test]
fn explaining_a_line_without_code_is_wrong_usage() {
    let bench = Bench::new(&[("a.md", TRUE_CLAIM)]);
    bench.expect(2, &["explain", "a.md:1"]);
}

#[test]
fn extracted_programs_run_and_satisfy_vet() {
    let note = "# Words\n\n\
        ```go\ntype word string\n\nfunc (w word) shout() string { return strings.ToUpper(string(w)) }\n```\n\n\
        ```go\nunused := 1\nfmt.Println(word(\"go\").shout()) // GO\n```\n\n\
        ```go\npackage main\n\nimport \"fmt\"\n\nfunc main() {\n\tfmt.Println(\"whole\")\n}\n```\n";
    let bench = Bench::new(&[("words.md", note)]);
    bench.expect(0, &["extract", "-o", "snippets"]);
    bench.expect(0, &["verify", "--report", "json=report.json"]);
    let goroot = bench.report("report.json")["go"][0]["goroot"]
        .as_str()
        .unwrap()
        .to_owned();
    let go = |arguments: &[&str]| {
        let output = Command::new(Path::new(&goroot).join("bin/go"))
            .args(arguments)
            .current_dir(bench.path("snippets"))
            .env("GOCACHE", cache().join("go-build"))
            .env("GOTOOLCHAIN", "local")
            .env("GOFLAGS", "")
            .env("GOWORK", "off")
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "go {arguments:?}\n{stderr}");
        String::from_utf8(output.stdout).unwrap()
    };
    let mut outputs = Vec::new();
    for entry in fs::read_dir(bench.path("snippets/words")).unwrap() {
        let file = entry.unwrap().path();
        let file = file.to_str().unwrap();
        let text = fs::read_to_string(file).unwrap();
        assert!(text.starts_with("// From words.md, line"), "{text}");
        go(&["vet", file]);
        outputs.push(go(&["run", file]));
    }
    outputs.sort();
    assert!(outputs.contains(&"GO\n".to_owned()), "{outputs:?}");
    assert!(outputs.contains(&"whole\n".to_owned()), "{outputs:?}");
}
