//! Running a tool of the toolchain to its end: its output in one stream, under limits of time, memory and
//! output. (Programs from notes are not run here but in [`crate::run`].)

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How much of a tool's output is kept; what comes after is read and thrown away.
const OUTPUT_KEPT: usize = 4 << 20;

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
}

/// Runs `command` to its end.
pub fn run(mut command: Command, limits: Limits) -> Result<Finished, ProcessError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |source| ProcessError::Io {
        program: program.clone(),
        source,
    };

    let (reader, writer) = io::pipe().map_err(failed)?;
    command.stdin(Stdio::null());
    command.stdout(writer.try_clone().map_err(failed)?);
    command.stderr(writer);
    let mut child = command.spawn().map_err(failed)?;
    // The command holds the pipe's writing ends; the reader sees the end only when they are closed.
    drop(command);
    limit_memory(&child, limits.memory);

    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        // Nobody listens any more after a time-out.
        let _ = sender.send(read_capped(reader));
    });
    let Ok(output) = receiver.recv_timeout(limits.time) else {
        stop(&mut child);
        return Err(ProcessError::TimeOut {
            program,
            limit: limits.time,
        });
    };
    let output = output.map_err(failed)?;
    let status = child.wait().map_err(failed)?;
    Ok(Finished {
        status,
        output: String::from_utf8_lossy(&output).into_owned(),
    })
}

fn stop(child: &mut Child) {
    // Both fail only if the child is gone already.
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
