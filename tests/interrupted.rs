//! Ctrl-C and SIGTERM, whatever is being done: what was finished is reported, nothing else is called anything, and
//! nothing is left behind.
#![cfg(target_os = "linux")]

mod engine_support;

use std::fs;
use std::io::{BufRead as _, BufReader, PipeReader, Read as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdout, Command, Stdio};

use engine_support::{Bench, block, claim};
use gosnip::report::{Report, Status, Verdict};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// The exit code of who was interrupted.
const INTERRUPTED: i32 = 130;

/// A gosnip at work.
struct Running {
    gosnip: Child,
    events: BufReader<ChildStdout>,
    /// All processes that it starts can write to the other end, though none does: it ends with the last of them.
    alive: PipeReader,
}

impl Running {
    /// Starts `gosnip verify`, whose events are seen as they come.
    fn start(bench: &Bench, arguments: &[&str]) -> Self {
        let report = format!("json={}", bench.path("report.json").display());
        let fixed = [
            "verify", ".", "-q", "--report", "jsonl", "--report", &report,
        ];
        let mut command = bench.command(&[&fixed, arguments].concat());
        Self::of(&mut command)
    }

    fn of(command: &mut Command) -> Self {
        const INHERITED: i32 = 100;
        let (alive, writer) = std::io::pipe().unwrap();
        let descriptor = writer.as_raw_fd();
        // SAFETY: one system call, no allocation.
        unsafe {
            command.pre_exec(move || match libc::dup2(descriptor, INHERITED) {
                -1 => Err(std::io::Error::last_os_error()),
                _ => Ok(()),
            });
        }
        // A group of its own, as a terminal gives to each command.
        command.process_group(0);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut gosnip = command.spawn().unwrap();
        let events = BufReader::new(gosnip.stdout.take().unwrap());
        Self {
            gosnip,
            events,
            alive,
        }
    }

    /// Reads events until one has these words.
    #[track_caller]
    fn wait_for(&mut self, words: &str) {
        let mut seen = String::new();
        while !seen.contains(words) {
            let read = self.events.read_line(&mut seen).unwrap();
            assert_ne!(read, 0, "`{words}` is not in\n{seen}");
        }
    }

    /// As Ctrl-C does: all of the group hear it.
    fn interrupt(&self) {
        kill_process_group(Pid::from_child(&self.gosnip), Signal::INT).unwrap();
    }

    /// As CI services do.
    fn terminate(&self) {
        kill_process(Pid::from_child(&self.gosnip), Signal::TERM).unwrap();
    }

    /// Waits for the end, which must be an orderly one, and gives back what was said on stderr.
    #[track_caller]
    fn end(mut self, bench: &Bench) -> String {
        let mut rest = Vec::new();
        self.events.read_to_end(&mut rest).unwrap();
        let output = self.gosnip.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(INTERRUPTED), "{said}");
        assert!(said.contains("interrupted"), "{said}");
        // Else it would be waited for a process that was left.
        self.alive.read_to_end(&mut rest).unwrap();
        let left: Vec<_> = fs::read_dir(bench.path("tmp")).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
        said
    }

    /// The same, with its report: whatever was not finished says so, and nothing is called wrong.
    #[track_caller]
    fn report(self, bench: &Bench) -> Report {
        self.end(bench);
        let text = fs::read_to_string(bench.path("report.json")).unwrap();
        let report: Report = serde_json::from_str(&text).unwrap();
        for block in &report.blocks {
            let finished = block.status == Status::Ran;
            assert!(
                finished || is_interrupted(block.status, &block.reason),
                "{block:?}"
            );
        }
        for claim in &report.claims {
            let finished = claim.verdict == Verdict::Confirmed;
            let open = claim.verdict == Verdict::Unverified && claim.reason == "interrupted";
            assert!(finished || open, "{claim:?}");
        }
        let named = report.findings.iter().any(|it| it.rule == "interrupted");
        assert!(named, "{:?}", report.findings);
        report
    }
}

fn is_interrupted(status: Status, reason: &str) -> bool {
    status == Status::Declined && reason == "interrupted"
}

/// So many blocks, each another one, with `line` in it.
fn many(count: usize, line: &str) -> String {
    let block = |n: usize| {
        let n = n.to_string();
        format!("# {n}\n\n```go\n{}\n```\n\n", line.replace('N', &n))
    };
    (0..count).map(block).collect()
}

#[test]
fn while_notes_are_read() {
    // It takes seconds to read, and minutes to compile.
    let many = many(10_000, "fmt.Println(N) // N");
    let Some(bench) = Bench::new(&[("a.md", &many), ("b.md", &many)]) else {
        return;
    };
    let mut running = Running::start(&bench, &[]);
    running.wait_for("\"reading\"");
    running.terminate();
    let report = running.report(&bench);
    assert!(report.blocks.iter().all(|it| it.status != Status::Ran));
}

#[test]
fn while_programs_are_compiled() {
    let Some(bench) = Bench::new(&[("a.md", &many(1000, "fmt.Println(N) // N"))]) else {
        return;
    };
    let mut running = Running::start(&bench, &[]);
    running.wait_for("\"compiling\"");
    running.interrupt();
    let report = running.report(&bench);
    assert_eq!(report.blocks.len(), 1000);
    assert_eq!(report.summary.ran, 0);
}

#[test]
fn while_programs_are_repaired() {
    // What the compiler names as unused has to be silenced.
    let Some(bench) = Bench::new(&[("a.md", &many(1000, "a, b := N, N\nc, d := N, N"))]) else {
        return;
    };
    let mut running = Running::start(&bench, &[]);
    running.wait_for("\"compiling\"");
    running.terminate();
    let report = running.report(&bench);
    assert_eq!(report.summary.declined, 1000);
}

#[test]
fn while_programs_are_linked() {
    let Some(bench) = Bench::new(&[("a.md", "```go\nfmt.Println(1)\n// Output: 1\n```\n")]) else {
        return;
    };
    let mut running = Running::start(&bench, &[]);
    // Linking comes first.
    running.wait_for("\"running\"");
    running.interrupt();
    // It may have run before the signal came; then it is finished, and only the rest is not.
    running.end(&bench);
}

#[test]
fn while_programs_run() {
    let finished = "```go\nfmt.Println(1)\n// Output: 1\n```\n\n";
    let endless = "```go\nfmt.Println(2)\nfor {\n\ttime.Sleep(time.Second)\n}\n// Output: 3\n```\n";
    for signal in [Running::interrupt, Running::terminate] {
        let Some(bench) = Bench::new(&[("a.md", finished)]) else {
            return;
        };
        // It is known what the first one does.
        bench.verify(&["--timeout", "1h"]);
        bench.write("a.md", &[finished, endless].concat());
        let mut running = Running::start(&bench, &["--timeout", "1h"]);
        running.wait_for("\"slow\"");
        signal(&running);
        let report = running.report(&bench);
        assert_eq!(claim(&report, 3).verdict, Verdict::Confirmed);
        let endless = block(&report, 6);
        assert!(
            is_interrupted(endless.status, &endless.reason),
            "{endless:?}"
        );
        // What was cut short was not kept as what the program does.
        let again = bench.verify(&["--timeout", "2s"]);
        assert_eq!(block(&again, 6).status, Status::Ran);
    }
}

#[test]
fn while_the_report_is_written() {
    let note = "```go\nfmt.Println(1)\n// Output: 1\n```\n";
    let Some(bench) = Bench::new(&[("a.md", note)]) else {
        return;
    };
    // Nobody reads it yet: it waits there.
    let pipe = bench.path("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let report = format!("json={}", pipe.display());
    let arguments = [
        "verify", ".", "-q", "--report", "jsonl", "--report", &report,
    ];
    let mut running = Running::of(&mut bench.command(&arguments));
    running.wait_for("\"type\":\"summary\"");
    running.interrupt();
    let text = fs::read_to_string(&pipe).unwrap();
    running.end(&bench);
    let report: Report = serde_json::from_str(&text).unwrap();
    assert_eq!(claim(&report, 3).verdict, Verdict::Confirmed);
}

#[test]
fn who_is_interrupted_writes_nothing_into_notes() {
    let note = "```go\nfmt.Println(1)\n// Output: 2\n```\n\n```go\nfor {\n\ttime.Sleep(time.Second)\n}\n```\n";
    let Some(bench) = Bench::new(&[("a.md", note)]) else {
        return;
    };
    let fixed = ["bless", ".", "--timeout", "1h", "--force", "-v"];
    let mut command = bench.command(&fixed);
    command.stderr(Stdio::piped());
    // It waits for what never ends.
    let running = Running::of(&mut command);
    wait_for_program(&bench);
    running.terminate();
    running.end(&bench);
    assert_eq!(fs::read_to_string(bench.path("notes/a.md")).unwrap(), note);
    assert!(!bench.path("notes/expected").exists());
}

/// Waits until a binary is made, which is the last thing before programs run.
fn wait_for_program(bench: &Bench) {
    while fs::read_dir(bench.path("cache/binaries")).map_or(0, Iterator::count) == 0 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
