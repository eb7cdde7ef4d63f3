//! Running a tool of the toolchain to its end: its output in one stream, under limits of time, memory and
//! output. (Programs from notes are not run here but in [`crate::run`].)

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

use crate::temporary::Folder;

/// How much of a tool's output is kept; what comes after is read and thrown away.
const OUTPUT_KEPT: usize = 4 << 20;

/// How often it is looked whether the user has had enough.
const A_MOMENT: Duration = Duration::from_millis(20);

/// Becomes true when the process is asked to end: then no tool is waited for any more. There is one for the whole process,
/// since a signal is for the whole process.
pub fn interrupted() -> &'static Arc<AtomicBool> {
    static INTERRUPTED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
    &INTERRUPTED
}

/// What a tool may use.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Wall time.
    pub time: Duration,
    /// Bytes of data memory; has an effect on Linux only.
    pub memory: u64,
}

/// How a tool ended.
#[derive(Debug)]
pub struct Finished {
    /// Its exit status.
    pub status: ExitStatus,
    /// stdout and stderr, in the order written.
    pub output: String,
}

/// Why there is no exit status.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// It could not be started, or its output could not be read.
    #[error("{program} cannot be run: {source}")]
    Io {
        /// The program.
        program: String,
        /// What the system says.
        source: io::Error,
    },
    /// It took too long and was stopped.
    #[error("{program} was stopped after {} s", .limit.as_secs())]
    TimeOut {
        /// The program.
        program: String,
        /// The limit.
        limit: Duration,
    },
    /// The user has had enough.
    #[error("{program} was interrupted")]
    Interrupted {
        /// The program.
        program: String,
    },
}

/// Runs `command` to its end.
pub fn run(command: Command, limits: Limits) -> Result<Finished, ProcessError> {
    run_unless(command, limits, interrupted())
}

/// The same; it is stopped when `interrupted` becomes true.
fn run_unless(
    mut command: Command,
    limits: Limits,
    interrupted: &AtomicBool,
) -> Result<Finished, ProcessError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |source| ProcessError::Io {
        program: program.clone(),
        source,
    };

    // What it leaves when it is stopped goes with ours.
    let has_one = command.get_envs().any(|(name, _)| name == "TMPDIR");
    let temporary = match has_one {
        true => None,
        false => Some(Folder::new().map_err(failed)?),
    };
    if let Some(temporary) = &temporary {
        command.env("TMPDIR", temporary.path());
    }
    let (reader, writer) = io::pipe().map_err(failed)?;
    command.stdin(Stdio::null());
    command.stdout(writer.try_clone().map_err(failed)?);
    command.stderr(writer);
    // In a group of its own: what it starts is stopped with it, and who interrupts gosnip at the terminal means gosnip,
    // which then says what became of it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(failed)?;
    // The command holds the pipe's writing ends; the reader sees the end only when they are closed.
    drop(command);
    limit_memory(&child, limits.memory);

    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        // Nobody listens any more after a time-out.
        let _ = sender.send(read_capped(reader));
    });
    let started = Instant::now();
    let output = loop {
        let left = limits.time.saturating_sub(started.elapsed());
        match receiver.recv_timeout(left.min(A_MOMENT)) {
            Ok(output) => break output,
            // The reader came to grief.
            Err(RecvTimeoutError::Disconnected) => break Err(io::ErrorKind::BrokenPipe.into()),
            Err(RecvTimeoutError::Timeout) if interrupted.load(Ordering::Relaxed) => {
                stop(&mut child);
                return Err(ProcessError::Interrupted { program });
            }
            Err(RecvTimeoutError::Timeout) if left.is_zero() => {
                stop(&mut child);
                return Err(ProcessError::TimeOut {
                    program,
                    limit: limits.time,
                });
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    };
    let output = output.map_err(failed)?;
    let status = child.wait().map_err(failed)?;
    Ok(Finished {
        status,
        output: String::from_utf8_lossy(&output).into_owned(),
    })
}

/// Ends it and what it has started.
fn stop(child: &mut Child) {
    // All fail only if they are gone already.
    #[cfg(unix)]
    let _ = rustix::process::kill_process_group(
        rustix::process::Pid::from_child(child),
        rustix::process::Signal::KILL,
    );
    let _ = child.kill();
    let _ = child.wait();
}

/// Reads to the end, keeping the first [`OUTPUT_KEPT`] bytes.
fn read_capped(mut reader: impl Read) -> io::Result<Vec<u8>> {
    let mut kept = Vec::new();
    reader
        .by_ref()
        .take(OUTPUT_KEPT as u64)
        .read_to_end(&mut kept)?;
    io::copy(&mut reader, &mut io::sink())?;
    Ok(kept)
}

/// Sets the limit from outside, right after the start: what runs before it is the tool's first millisecond.
#[cfg(target_os = "linux")]
fn limit_memory(child: &Child, bytes: u64) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let limit = Rlimit {
        current: Some(bytes),
        maximum: Some(bytes),
    };
    // It fails if the child has ended already, or if the system's own limit is lower: both are fine.
    let _ = prlimit(Some(Pid::from_child(child)), Resource::Data, limit);
}

#[cfg(not(target_os = "linux"))]
fn limit_memory(_child: &Child, _bytes: u64) {}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, time: Duration) -> Result<Finished, ProcessError> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        run(
            command,
            Limits {
                time,
                memory: 1 << 30,
            },
        )
    }

    #[test]
    fn both_streams_come_in_the_order_written() {
        let finished = shell(
            "echo a; echo b >&2; echo c; exit 3",
            Duration::from_secs(60),
        )
        .unwrap();
        assert_eq!(finished.output, "a\nb\nc\n");
        assert_eq!(finished.status.code(), Some(3));
    }

    #[test]
    fn what_never_ends_is_stopped() {
        let error = shell("exec sleep 1000", Duration::from_millis(50)).unwrap_err();
        assert!(matches!(error, ProcessError::TimeOut { .. }), "{error}");
    }

    #[test]
    fn what_is_interrupted_is_stopped_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let mut command = Command::new("sh");
        // The child of the child holds the pipe open for as long as it lives.
        let script = "sleep 1000 > \"$1\" & wait";
        command.args(["-c", script, "sh"]).arg(&pipe);
        let limits = Limits {
            time: Duration::from_secs(1000),
            memory: 1 << 30,
        };
        let interrupted = AtomicBool::new(false);
        thread::scope(|scope| {
            let running = scope.spawn(|| run_unless(command, limits, &interrupted));
            let mut opened = std::fs::File::open(&pipe).unwrap();
            interrupted.store(true, Ordering::Relaxed);
            let error = running.join().unwrap().unwrap_err();
            assert!(matches!(error, ProcessError::Interrupted { .. }), "{error}");
            // It ends when nobody can write to it any more.
            assert_eq!(opened.read(&mut [0]).unwrap(), 0);
        });
    }

    #[test]
    fn output_over_the_limit_is_cut_and_does_not_block() {
        let finished = shell("head -c 20000000 /dev/zero", Duration::from_secs(60)).unwrap();
        assert_eq!(finished.output.len(), OUTPUT_KEPT);
        assert!(finished.status.success());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn memory_over_the_limit_is_refused() {
        let run_with = |memory| {
            let mut command = Command::new("sh");
            command.args([
                "-c",
                "x=$(head -c 200000000 /dev/zero | tr '\\0' a); echo ${#x}",
            ]);
            run(
                command,
                Limits {
                    time: Duration::from_secs(120),
                    memory,
                },
            )
            .unwrap()
        };
        assert_eq!(run_with(4 << 30).output, "200000000\n");
        assert!(!run_with(50 << 20).status.success());
    }

    #[test]
    fn a_missing_program_is_named() {
        let command = Command::new("no-such-program-here");
        let error = run(
            command,
            Limits {
                time: Duration::from_secs(1),
                memory: 1 << 30,
            },
        )
        .unwrap_err();
        assert!(
            error.to_string().contains("no-such-program-here"),
            "{error}"
        );
    }
}
