//! What the tests of the runner share: Go programs really built, and a runner at a level.

#![expect(dead_code, reason = "every test binary uses a part of it")]

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

use camino::Utf8PathBuf;
use gosnip::build::Executable;
use gosnip::run::sandbox::{Level, Options};
#[path = "../go_support/mod.rs"]
mod go_support;

use gosnip::run::{Capture, Execution, Job, Runner};

/// A program with a behaviour for each selector, built once for each test binary.
pub struct Program {
    binary: Option<Utf8PathBuf>,
}

impl Program {
    /// Builds it; without Go there is none, and the tests are skipped with a word.
    pub fn build(source: &str, flags: &[&str]) -> Self {
        let name = format!("{}{}", env!("CARGO_CRATE_NAME"), flags.concat());
        let folder = Utf8PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        let binary = folder.join("program");
        fs::write(folder.join("main.go"), source).unwrap();
        let cgo = if flags.contains(&"-race") { "1" } else { "0" };
        let built = Command::new(go_support::toolchain().go())
            .arg("build")
            .args(flags)
            .args(["-o", binary.as_str(), "main.go"])
            .current_dir(&folder)
            .envs([
                ("CGO_ENABLED", cgo),
                ("GOFLAGS", ""),
                ("GOWORK", "off"),
                ("GO111MODULE", "off"),
            ])
            .output();
        let binary = match built {
            Err(error) => {
                eprintln!("skipped: there is no go to build the program with ({error})");
                None
            }
            Ok(output) if !output.status.success() && flags.contains(&"-race") => {
                eprintln!(
                    "skipped: no race detector here: {}",
                    String::from_utf8_lossy(&output.stderr)
                );
                None
            }
            Ok(output) => {
                assert!(
                    output.status.success(),
                    "{}",
                    String::from_utf8_lossy(&output.stderr)
                );
                Some(binary)
            }
        };
        Self { binary }
    }

    /// A job that makes it behave so.
    pub fn job(&self, selector: &str) -> Option<Job> {
        Some(Job {
            executable: Executable {
                binary: self.binary.clone()?,
                selector: Some(selector.to_owned()),
                package: "main".to_owned(),
                merged: false,
                doors: Default::default(),
            },
            capture: Capture::Apart,
            max_procs: None,
            chosen: Default::default(),
            godebug: None,
            network: true,
            timeout: Duration::from_secs(60),
        })
    }
}

/// The options with this build's gosnip as launcher.
pub fn options(ceiling: Level) -> Options {
    let mut options = Options::new(env!("CARGO_BIN_EXE_gosnip"));
    options.ceiling = ceiling;
    options
}

/// A runner at exactly this level, two jobs at once.
pub fn runner(level: Level) -> Option<Runner> {
    let runner = Runner::new(&options(level), NonZeroUsize::new(2).unwrap()).unwrap();
    if runner.level() == level {
        return Some(runner);
    }
    eprintln!(
        "skipped: level {level} cannot be had here: {:?}",
        runner.notices()
    );
    None
}

/// Runners at each level that can be had here and that contains what runs in it.
pub fn containing_runners() -> Vec<Runner> {
    [Level::Base, Level::Namespaces]
        .into_iter()
        .filter_map(runner)
        .collect()
}

/// Runs one job with a harmless neighbour on each side, who must not notice.
pub fn run_among_neighbours(runner: &Runner, neighbour: &Job, job: Job) -> Execution {
    let jobs = [neighbour.clone(), job, neighbour.clone()];
    let mut results = runner.run(&jobs, |_| {});
    for unharmed in [results.remove(2), results.remove(0)] {
        assert_eq!(unharmed.stdout.text, "hello\n", "{unharmed:?}");
        assert_eq!(unharmed.end, gosnip::run::End::Exited(0), "{unharmed:?}");
    }
    results.remove(0)
}

/// Whether a process whose command line contains the text is alive.
pub fn is_alive(marker: &str) -> bool {
    let own = std::process::id().to_string();
    fs::read_dir("/proc").unwrap().flatten().any(|entry| {
        let is_process = entry.file_name().to_string_lossy().parse::<u32>().is_ok();
        let line = fs::read(Path::new(&entry.path()).join("cmdline")).unwrap_or_default();
        is_process
            && entry.file_name().to_string_lossy() != own
            && String::from_utf8_lossy(&line).contains(marker)
    })
}

/// A program built at most once for each test binary.
pub type Lazy = LazyLock<Program>;
