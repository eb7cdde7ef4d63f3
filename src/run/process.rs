//! One process, from start to end: the pipes, the time-out, the kill, and the report.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::net::unix::pipe;
use tokio::time::{Instant, timeout};

use super::attempt::Attempt;
use super::cancel::Cancellation;
use super::capture::Captured;
use super::fork_server::{ForkServer, Given};
use super::leash::Leash;
use super::sandbox::plan::{Excess, Plan, Report};
use super::sandbox::{Level, Limits};
use super::scratch::Scratch;
use crate::temporary::Folder;

/// How long to wait for pipes that somebody still holds after everything was killed.
const PIPES_AFTER_EXIT: Duration = Duration::from_millis(200);

/// How long the launcher may take to bury everything before nobody waits for it any more. A thousand processes that all
/// want the processor take seconds to die.
const BURIAL: Duration = Duration::from_secs(20);

/// The users that programs become if gosnip is root: the range that systemd keeps for such.
const SPARE_USERS: std::ops::Range<u32> = 61_184..65_520;

/// What all processes have in common.
#[derive(Debug, Clone)]
pub(super) struct Launcher {
    pub(super) binary: PathBuf,
    pub(super) server: Arc<ForkServer>,
    /// Where, with namespaces, each process's world is mounted.
    pub(super) place: Arc<Folder>,
    pub(super) level: Level,
    pub(super) other_user: bool,
    pub(super) limits: Limits,
    pub(super) readable: Vec<PathBuf>,
    pub(super) private: Vec<PathBuf>,
}

/// A process to start.
#[derive(Debug, Clone)]
pub(super) struct Start {
    pub(super) binary: PathBuf,
    pub(super) arguments: Vec<String>,
    pub(super) environment: Vec<(&'static str, String)>,
    pub(super) together: bool,
    pub(super) network: bool,
    /// How long it is meant to run: its processor time is measured by that.
    pub(super) timeout: Duration,
}

/// What came of it, uninterpreted.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) stdout: Captured,
    pub(super) stderr: Captured,
    pub(super) status: ExitStatus,
    pub(super) stopped: Option<Stopped>,
    /// Time on a processor or in line for one: what it would have used on an idle machine.
    pub(super) busy: Duration,
    pub(super) wall: Duration,
    /// The processor time after which the kernel ended it, if it came to that.
    pub(super) cpu_limit: Duration,
    /// What it tried that is not for it.
    pub(super) attempts: Vec<Attempt>,
}

impl Finished {
    /// Whether a process that was stopped at its time-out tells nothing, since the crowded machine started it so late
    /// that it did not have half of its time. (How long it stood in line tells less: many threads that ask for what is
    /// refused do so, too.)
    pub(super) fn starved(&self, timeout: Duration) -> bool {
        self.stopped == Some(Stopped::TimedOut) && is_late(self.wall, timeout)
    }
}

/// Whether so little time is less than half of what was to be had.
fn is_late(wall: Duration, timeout: Duration) -> bool {
    wall < timeout / 2
}

/// Why gosnip stopped it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stopped {
    TimedOut,
    TooMuchOutput,
    TooMuchMemory,
    Cancelled,
}

/// Why there is nothing to tell.
#[derive(Debug, thiserror::Error)]
pub(super) enum StartError {
    #[error("no temporary folder for the program: {0}")]
    Scratch(io::Error),
    #[error("{} cannot be started as the launcher: {error}", launcher.display())]
    Launcher { launcher: PathBuf, error: io::Error },
    #[error("the sandbox could not be set up: {0}")]
    Sandbox(String),
    #[error("the launcher ended without a report")]
    Silent,
}

impl Launcher {
    /// Runs the process to its end, or as long as the leash is.
    pub(super) async fn run(
        &self,
        start: &Start,
        leash: &Leash,
        cancellation: &Cancellation,
    ) -> Result<Finished, StartError> {
        // With namespaces everything that a process writes is in a file system of its own, and all can mount theirs in
        // the same place.
        let own = match self.level {
            Level::Namespaces => None,
            _ => Some(Scratch::new().map_err(StartError::Scratch)?),
        };
        let scratch = own.as_ref().map_or(self.place.path(), Scratch::path);
        let mut process = self
            .begin(start, scratch)
            .map_err(|error| StartError::Launcher {
                launcher: self.binary.clone(),
                error,
            })?;
        let began = Instant::now();
        let stopped = process.until_end(leash.is_over(began), cancellation).await;
        if stopped.is_some() {
            process.kill().await;
        }
        process.read_rest().await;
        let wall = began.elapsed();
        let (status, busy, wall, attempts, excess) = match process.report() {
            Some(Report::Failed(reason)) => return Err(StartError::Sandbox(reason)),
            Some(Report::Ended {
                status,
                cpu_micros,
                queued_micros,
                wall_micros,
                attempts,
                excess,
            }) => (
                ExitStatus::from_raw(status),
                Duration::from_micros(cpu_micros + queued_micros),
                Duration::from_micros(wall_micros),
                attempts,
                excess,
            ),
            None if stopped.is_some() => (
                ExitStatus::from_raw(9),
                Duration::ZERO,
                wall,
                Vec::new(),
                None,
            ),
            None => return Err(StartError::Silent),
        };
        let Process { stdout, stderr, .. } = process;
        Ok(Finished {
            stdout: stdout.captured,
            stderr: stderr.captured,
            status,
            stopped: stopped.or(excess.map(|excess| match excess {
                Excess::Memory => Stopped::TooMuchMemory,
                // What it writes into files counts like what it writes to us.
                Excess::Files => Stopped::TooMuchOutput,
            })),
            busy,
            wall,
            cpu_limit: Duration::from_secs(cpu_seconds(start.timeout)),
            attempts,
        })
    }

    /// Has the launcher begin the plan.
    fn begin(&self, start: &Start, scratch: &Path) -> io::Result<Process> {
        let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let (stdout, writes_to) = io::pipe()?;
        let apart = match start.together {
            true => None,
            false => Some(io::pipe()?),
        };
        let (stderr, errors_to) = apart.unzip();
        let given = Given {
            socket: theirs.into(),
            stdout: writes_to.into(),
            stderr: errors_to.map(OwnedFd::from),
        };
        self.server
            .begin(&self.binary, &self.plan(start, scratch), given)?;
        let stream = |pipe: Option<io::PipeReader>| Stream::of(pipe, self.limits.kept_output);
        Ok(Process {
            socket: UnixStream::from_std(ours)?,
            said: Vec::new(),
            stdout: stream(Some(stdout))?,
            stderr: stream(stderr)?,
            limit: self.limits.output,
        })
    }

    /// What the launcher is to do.
    fn plan(&self, start: &Start, scratch: &Path) -> Plan {
        Plan {
            level: self.level,
            limits: self.limits,
            cpu_seconds: cpu_seconds(start.timeout),
            scratch: scratch.to_owned(),
            binary: start.binary.clone(),
            arguments: start.arguments.clone(),
            environment: environment(start),
            together: start.together,
            network: start.network,
            readable: self.readable.clone(),
            private: self.private.clone(),
            become_user: (self.level >= Level::Namespaces && self.other_user).then(spare_user),
        }
    }
}

/// The processor time that a program gets, in seconds: three, or a third of its time-out if that is more.
///
/// Who waits costs nothing and may wait for all of the time-out. Who computes keeps the others from a
/// processor, and the programs of notes that do so for seconds are almost all loops without an end.
fn cpu_seconds(timeout: Duration) -> u64 {
    (timeout.as_secs() / 3).max(3)
}

/// A user that nobody is, another one each time, so that processes are counted for each job apart.
fn spare_user() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT
        .fetch_add(1, Ordering::Relaxed)
        .wrapping_add(std::process::id());
    SPARE_USERS.start + number % (SPARE_USERS.end - SPARE_USERS.start)
}

/// What every program finds in its environment, and what this one does besides.
fn environment(start: &Start) -> Vec<(String, String)> {
    let all = [
        ("PATH", "/usr/bin:/bin"),
        ("TZ", "UTC"),
        ("LANG", "C.UTF-8"),
        // The race detector otherwise sleeps a second at exit.
        ("GORACE", "atexit_sleep_ms=0"),
    ];
    let own = start.environment.iter().cloned();
    all.map(|(name, value)| (name, value.to_owned()))
        .into_iter()
        .chain(own)
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// A process that runs.
struct Process {
    /// The way to the launcher. Nobody holds its other side when all has ended.
    socket: UnixStream,
    /// What the launcher has said.
    said: Vec<u8>,
    stdout: Stream,
    stderr: Stream,
    limit: u64,
}

/// One pipe and what came out of it.
struct Stream {
    pipe: Option<pipe::Receiver>,
    captured: Captured,
    buffer: Vec<u8>,
}

impl Process {
    /// Reads until all has ended (`None`) or there is a reason to stop it.
    async fn until_end(
        &mut self,
        time_is_over: impl Future<Output = ()>,
        cancellation: &Cancellation,
    ) -> Option<Stopped> {
        let mut time_is_over = pin!(time_is_over);
        loop {
            if self.stdout.captured.written() + self.stderr.captured.written() > self.limit {
                return Some(Stopped::TooMuchOutput);
            }
            tokio::select! {
                biased;
                () = cancellation.cancelled() => return Some(Stopped::Cancelled),
                () = ended(&mut self.socket, &mut self.said) => return None,
                () = &mut time_is_over => return Some(Stopped::TimedOut),
                () = read_some(&mut self.stdout, &mut self.stderr), if self.stdout.open() || self.stderr.open() => {}
            }
        }
    }

    /// Asks the launcher to kill everything, and waits for that.
    async fn kill(&mut self) {
        let _gone = self.socket.shutdown().await;
        let _too_long = timeout(BURIAL, ended(&mut self.socket, &mut self.said)).await;
    }

    /// Reads what is still in the pipes after the end.
    async fn read_rest(&mut self) {
        let rest = async {
            while self.stdout.open() || self.stderr.open() {
                read_some(&mut self.stdout, &mut self.stderr).await;
            }
        };
        let _held_by_somebody = timeout(PIPES_AFTER_EXIT, rest).await;
    }

    /// What the launcher said first: a failure comes before the end that it brings.
    fn report(&self) -> Option<Report> {
        let line = self.said.split(|&byte| byte == b'\n').next()?;
        serde_json::from_slice(line).ok()
    }
}

/// Listens until the other side has gone. What was heard stays if nobody waits any more.
async fn ended(socket: &mut UnixStream, said: &mut Vec<u8>) {
    while socket.read_buf(said).await.is_ok_and(|count| count > 0) {}
}

/// Reads from whichever pipe has something.
async fn read_some(stdout: &mut Stream, stderr: &mut Stream) {
    tokio::select! {
        () = stdout.read(), if stdout.open() => {}
        () = stderr.read(), if stderr.open() => {}
        else => {}
    }
}

impl Stream {
    /// One that keeps so many bytes.
    fn of(pipe: Option<io::PipeReader>, kept: usize) -> io::Result<Self> {
        let receiver = |pipe: io::PipeReader| pipe::Receiver::from_owned_fd(pipe.into());
        Ok(Self {
            pipe: pipe.map(receiver).transpose()?,
            captured: Captured::new(kept),
            buffer: vec![0; 64 << 10],
        })
    }

    /// Whether there may be something to read yet.
    fn open(&self) -> bool {
        self.pipe.is_some()
    }

    /// Reads once; at the end, or when it cannot be read, the pipe is let go.
    async fn read(&mut self) {
        let Some(pipe) = &mut self.pipe else { return };
        match pipe.read(&mut self.buffer).await {
            Ok(0) | Err(_) => self.pipe = None,
            Ok(count) => self.captured.push(&self.buffer[..count]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_started_late_is_starved() {
        let second = Duration::from_secs(1);
        assert!(is_late(Duration::from_millis(100), second));
        // A loop, one that waits, many threads: they had their time.
        assert!(!is_late(second, second));
    }
}
