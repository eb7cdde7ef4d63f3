//! The shell steps of `action.yml`, run as GitHub's runner does: with its variables, its files for outputs, and inputs put in
//! for expressions. Only `cargo install` is a stand-in: it hands out the gosnip that was built for the tests.
#![cfg(unix)]

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A step of the action that runs a script.
struct Step {
    id: String,
    env: Vec<(String, String)>,
    script: String,
}

/// The steps with a script. `action.yml` is plain: one `- ` for each step, `key: value` lines, `run: |` for long scripts.
fn steps() -> Vec<Step> {
    let action = include_str!("../action.yml");
    let (_, steps) = action.split_once("\n  steps:\n").unwrap();
    let steps = steps
        .split("\n    - ")
        .map(|step| step.trim_start_matches("    - "));
    steps.filter_map(step).collect()
}

fn step(text: &str) -> Option<Step> {
    let text = format!("      {text}");
    let value = |key: &str| {
        let line = text
            .lines()
            .find_map(|line| line.trim_start().strip_prefix(key))?;
        Some(line.trim().to_owned())
    };
    let below = |key: &str, indent: &str| -> Vec<String> {
        let lines = text.lines().skip_while(|line| line.trim() != key).skip(1);
        lines
            .take_while(|line| line.starts_with(indent) || line.trim().is_empty())
            .map(|line| line.strip_prefix(indent).unwrap_or_default().to_owned())
            .collect()
    };
    let run = value("run:")?;
    assert_eq!(value("shell:").as_deref(), Some("bash"), "{text}");
    let variable = |line: String| {
        let (name, value) = line.split_once(": ")?;
        Some((name.to_owned(), value.to_owned()))
    };
    Some(Step {
        id: value("id:").unwrap_or_default(),
        env: below("env:", "        ")
            .into_iter()
            .filter_map(variable)
            .collect(),
        script: match run.as_str() {
            "|" => below("run: |", "        ").join("\n"),
            _ => run,
        },
    })
}

/// A runner with the action's sources and a repository of notes.
struct Runner {
    folder: tempfile::TempDir,
    inputs: HashMap<&'static str, &'static str>,
}

impl Runner {
    fn new(note: &str, inputs: &[(&'static str, &'static str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runner = Self {
            folder,
            inputs: inputs.iter().copied().collect(),
        };
        for name in ["temp", "notes", "bin"] {
            fs::create_dir(runner.path(name)).unwrap();
        }
        fs::write(runner.path("notes/a b.md"), note).unwrap();
        let cargo = format!(
            "#!/bin/sh\npwd >\"$RUNNER_TEMP/cargo\"\necho \"$@\" >>\"$RUNNER_TEMP/cargo\"\nfor root; do :; done\nmkdir -p \"$root/bin\"\nln -sf {} \"$root/bin/gosnip\"\n",
            env!("CARGO_BIN_EXE_gosnip")
        );
        fs::write(runner.path("bin/cargo"), cargo).unwrap();
        fs::set_permissions(runner.path("bin/cargo"), fs::Permissions::from_mode(0o755)).unwrap();
        runner
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// What an expression is worth.
    fn value(&self, expression: &str) -> String {
        let parts: Vec<&str> = expression.split('.').collect();
        match parts.as_slice() {
            ["inputs", name] => self
                .inputs
                .get(name)
                .copied()
                .unwrap_or_default()
                .to_owned(),
            ["runner", "temp"] => self.path("temp").display().to_string(),
            ["steps", id, "outputs", name] => self.output(id, name).unwrap_or_default(),
            _ => panic!("unknown expression {expression}"),
        }
    }

    fn filled(&self, text: &str) -> String {
        let mut parts = text.split("${{");
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (expression, rest) = part.split_once("}}").unwrap();
            filled += &self.value(expression.trim());
            filled += rest;
        }
        filled
    }

    fn output(&self, step: &str, name: &str) -> Option<String> {
        let written = self.read(&format!("output-{step}"));
        let mut lines = written.lines().filter_map(|line| line.split_once('='));
        lines
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
    }

    fn run(&self, step: &Step) -> Output {
        // Inputs in the text of a script could become commands.
        assert!(!step.script.contains("${{"), "{}", step.script);
        let script = self.path("script.sh");
        fs::write(&script, &step.script).unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let env = step
            .env
            .iter()
            .map(|(name, value)| (name, self.filled(value)));
        Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail"])
            .arg(script)
            .current_dir(self.path("notes"))
            .envs(env)
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR"))
            .env("GITHUB_OUTPUT", self.path(&format!("output-{}", step.id)))
            .env("GITHUB_ENV", self.path("env"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("GITHUB_WORKSPACE", self.path("notes"))
            .env("RUNNER_TEMP", self.path("temp"))
            .env("CI", "true")
            .env("GITHUB_ACTIONS", "true")
            .env(
                "GOSNIP_CACHE_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("gosnip-cache"),
            )
            .output()
            .unwrap()
    }

    /// All steps up to the one that verifies; its exit code and what it printed.
    fn job(&self) -> (i32, String) {
        let mut last = (0, String::new());
        for step in steps() {
            let output = self.run(&step);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            last = (output.status.code().unwrap(), text);
            assert!(
                step.id == "verify" || last.0 == 0,
                "{}: {errors}",
                step.script
            );
        }
        last
    }
}

const WRONG: &str = "```go\nfmt.Println(1 + 1) // 3\n```\n";
const RIGHT: &str = "```go\nfmt.Println(1 + 1) // 2\n```\n";

#[test]
fn a_wrong_claim_fails_the_job_with_annotations_a_summary_and_both_reports() {
    let runner = Runner::new(WRONG, &[]);
    let (code, printed) = runner.job();
    assert_eq!(code, 1, "{printed}");
    assert!(printed.contains("::error file=a b.md,line=2,"), "{printed}");
    assert!(runner.read("summary").contains("a b.md"));
    assert_eq!(runner.output("verify", "exit-code").as_deref(), Some("1"));
    for report in ["sarif", "html"] {
        let file = runner.output("verify", report).unwrap();
        assert!(Path::new(&file).is_file(), "{file}");
    }
    // What the steps before it tell the runner.
    let hash = runner.output("source", "hash").unwrap();
    assert!(
        hash.len() == 16 && hash.chars().all(|c| c.is_ascii_hexdigit()),
        "{hash}"
    );
    assert!(runner.read("env").starts_with("GOSNIP_CACHE_DIR="));
    let root = runner.output("source", "root").unwrap();
    let installed = format!(
        "{}\ninstall --locked --path . --root {root}\n",
        env!("CARGO_MANIFEST_DIR")
    );
    assert_eq!(runner.read("temp/cargo"), installed);
}

#[test]
fn the_inputs_say_what_is_verified_and_what_fails_and_are_no_commands() {
    let (code, printed) = Runner::new(RIGHT, &[]).job();
    assert_eq!(code, 0, "{printed}");
    let lenient = Runner::new(WRONG, &[("fail-on", "stale"), ("args", "--jobs 1\n-q")]);
    assert_eq!(lenient.job().0, 0);
    assert_eq!(lenient.output("verify", "exit-code").as_deref(), Some("0"));
    let hostile = Runner::new(
        RIGHT,
        &[("paths", "$(touch$IFS../owned) `touch` ;touch\n../nowhere")],
    );
    assert_eq!(hostile.job().0, 2);
    assert_eq!(hostile.output("verify", "exit-code").as_deref(), Some("2"));
    assert!(!hostile.path("owned").exists());
}
