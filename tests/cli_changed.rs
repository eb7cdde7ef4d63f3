//! `gosnip verify --changed` in real git repositories, and `--report jsonl` as somebody reads along.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const TRUE: &str = "```go\nfmt.Println(1) // 1\n```\n";
const FALSE: &str = "```go\nfmt.Println(1) // 2\n```\n";

/// A repository whose last commit has two notes, one of them wrong.
struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        repository.git(&["init", "-q", "-b", "main"]);
        repository.write("right.md", TRUE);
        repository.write("deep/wrong.md", FALSE);
        repository.write("verify.toml", "exclude = [\"drafts\"]\n");
        repository.commit();
        repository
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[track_caller]
    fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.folder.path())
            .args([
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@b",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-qm", "notes"]);
    }

    fn gosnip(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_gosnip"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env(
                "GOSNIP_CACHE_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("gosnip-cache"),
            )
            .env_remove("CI")
            .env_remove("GITHUB_BASE_REF")
            .env_remove("CI_MERGE_REQUEST_DIFF_BASE_SHA")
            .output()
            .unwrap()
    }

    /// The notes that are verified with these flags.
    #[track_caller]
    fn verified(&self, flags: &[&str]) -> BTreeSet<String> {
        let arguments = [&["verify", "--report", "json"], flags].concat();
        let output = self.gosnip(&arguments);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{stderr}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let blocks = report["blocks"].as_array().unwrap();
        let notes = blocks.iter().map(|it| it["note"].as_str().unwrap());
        notes.map(str::to_owned).collect()
    }

    #[track_caller]
    fn refused(&self, flags: &[&str], words: &str) {
        let output = self.gosnip(flags);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(words), "{stderr}");
    }
}

fn names<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(str::to_owned).into()
}

#[test]
fn only_notes_that_differ_are_verified() {
    let repository = Repository::new();
    let output = repository.gosnip(&["verify", "--changed"]);
    assert_eq!(output.status.code(), Some(0), "nothing changed is success");
    repository.write("right.md", FALSE);
    repository.write("中 文.md", TRUE);
    repository.write("drafts/new.md", FALSE);
    let changed = names(["right.md", "中 文.md"]);
    assert_eq!(repository.verified(&["--changed"]), changed);
    assert_eq!(repository.gosnip(&["--changed"]).status.code(), Some(1));
    assert_eq!(
        repository.verified(&["right.md", "deep", "--changed"]),
        names(["right.md"])
    );
    // What was committed on a branch differs from the branch's base, and not from the last commit.
    repository.git(&["checkout", "-qb", "topic"]);
    repository.commit();
    assert!(repository.verified(&["--changed"]).is_empty());
    assert_eq!(repository.verified(&["--changed=main"]), changed);
    assert_eq!(repository.verified(&["--changed", "main"]), changed);
}

#[test]
fn what_a_note_depends_on_makes_it_changed() {
    let repository = Repository::new();
    assert_eq!(repository.gosnip(&["bless"]).status.code(), Some(0));
    repository.commit();
    assert!(repository.verified(&["--changed"]).is_empty());
    let record = "expected/right.md.toml";
    let text = fs::read_to_string(repository.path(record)).unwrap();
    repository.write(record, &format!("{text}\n"));
    assert_eq!(repository.verified(&["--changed"]), names(["right.md"]));
    repository.write("verify.toml", "exclude = []\n");
    let all = names(["right.md", "deep/wrong.md"]);
    assert_eq!(repository.verified(&["--changed"]), all);
}

#[test]
fn a_base_that_git_does_not_know_is_wrong_usage() {
    let repository = Repository::new();
    repository.refused(&["--changed=nowhere"], "git knows no commit `nowhere`");
    fs::remove_dir_all(repository.path(".git")).unwrap();
    repository.refused(&["--changed"], "is not in a repository");
}

#[test]
fn events_are_lines_of_json_with_the_verdicts_at_the_end() {
    let repository = Repository::new();
    let output = repository.gosnip(&["verify", "--report", "jsonl", "--no-cache"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    let types: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|event| event["type"].as_str().unwrap().to_owned())
        .collect();
    let first = |name: &str| types.iter().position(|it| it == name).unwrap();
    assert_eq!(first("head"), 0);
    assert!(first("environment") < first("ran") && first("ran") < first("claim"));
    assert_eq!(first("summary"), types.len() - 1);
}
