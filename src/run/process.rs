//! One process, from start to end: the pipes, the time-out, the kill, and the report.

use std::ffi::OsString;
use std::io::{self, Read};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep_until, timeout};

use super::attempt::Attempt;
use super::cancel::Cancellation;
use super::capture::Captured;
use super::sandbox::plan::{Excess, LAUNCH, Plan, Report};
use super::sandbox::{Level, Limits};
use super::scratch::Scratch;

/// How long to wait for pipes that somebody still holds after everything was killed.
const PIPES_AFTER_EXIT: Duration = Duration::from_millis(200);

/// How long the launcher may take to bury everything before it is killed itself. A thousand processes that all
/// want the processor take seconds to die.
const BURIAL: Duration = Duration::from_secs(20);

/// The users that programs become if gosnip is root: the range that systemd keeps for such.
const SPARE_USERS: std::ops::Range<u32> = 61_184..65_520;

/// What all processes have in common.
#[derive(Debug, Clone)]
pub(super) struct Launcher {
    pub(super) binary: PathBuf,
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
    #[error("the launcher ended without a report ({0})")]
    Silent(String),
}

impl Launcher {
    /// Runs the process to its end.
    pub(super) async fn run(
        &self,
        start: &Start,
        cancellation: &Cancellation,
    ) -> Result<Finished, StartError> {
        let scratch = Scratch::new().map_err(StartError::Scratch)?;
        let (mut socket, mut child) =
            self.spawn(start, scratch.path())
                .map_err(|error| StartError::Launcher {
                    launcher: self.binary.clone(),
                    error,
                })?;
        let began = Instant::now();
        let mut streams = Streams::of(&mut child, &self.limits);
        let stopped = streams
            .until_exit(&mut child, began + start.timeout, cancellation)
            .await;
        let exit = match stopped {
            None => child.wait().await,
            Some(_) => streams.kill(&mut child, &socket).await,
        };
        streams.finish().await;
        let wall = began.elapsed();
        let (status, busy, wall, attempts, excess) = match report(&mut socket) {
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
            None => {
                let how = exit.map_or_else(|error| error.to_string(), |status| status.to_string());
                return Err(StartError::Silent(how));
            }
        };
        let Streams { stdout, stderr, .. } = streams;
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

    /// Starts the launcher with the plan.
    fn spawn(&self, start: &Start, scratch: &Path) -> io::Result<(UnixStream, Child)> {
        let (ours, theirs) = UnixStream::pair()?;
        let plan = serde_json::to_string(&self.plan(start, scratch))?;
        let child = Command::new(&self.binary)
            .args([OsString::from(LAUNCH), OsString::from(plan)])
            .env_clear()
            .envs([
                ("PATH", "/usr/bin:/bin"),
                ("TZ", "UTC"),
                ("LANG", "C.UTF-8"),
                // The race detector otherwise sleeps a second at exit.
                ("GORACE", "atexit_sleep_ms=0"),
            ])
            .envs(start.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::piped())
            .stderr(if start.together {
                Stdio::null()
            } else {
                Stdio::piped()
            })
            .spawn()?;
        Ok((ours, child))
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

/// What the launcher said first, after it has ended: a failure comes before the end that it brings.
fn report(socket: &mut UnixStream) -> Option<Report> {
    socket.set_nonblocking(true).ok()?;
    let mut said = Vec::new();
    // `WouldBlock` after what was said means that somebody still holds the other side: no matter.
    let _until_silent = socket.read_to_end(&mut said);
    let line = said.split(|&byte| byte == b'\n').next()?;
    serde_json::from_slice(line).ok()
}

/// The two pipes.
struct Streams {
    stdout: Stream,
    stderr: Stream,
    limit: u64,
}

/// One pipe and what came out of it.
struct Stream {
    pipe: Option<Box<dyn AsyncRead + Send + Unpin>>,
    captured: Captured,
    buffer: Vec<u8>,
}

impl Streams {
    /// Takes the child's pipes.
    fn of(child: &mut Child, limits: &Limits) -> Self {
        let stream = |pipe: Option<Box<dyn AsyncRead + Send + Unpin>>| Stream {
            pipe,
            captured: Captured::new(limits.kept_output),
            buffer: vec![0; 64 << 10],
        };
        Self {
            stdout: stream(child.stdout.take().map(|pipe| Box::new(pipe) as _)),
            stderr: stream(child.stderr.take().map(|pipe| Box::new(pipe) as _)),
            limit: limits.output,
        }
    }

    /// Reads until the launcher ends (`None`) or there is a reason to stop it.
    async fn until_exit(
        &mut self,
        child: &mut Child,
        deadline: Instant,
        cancellation: &Cancellation,
    ) -> Option<Stopped> {
        loop {
            if self.stdout.captured.written() + self.stderr.captured.written() > self.limit {
                return Some(Stopped::TooMuchOutput);
            }
            tokio::select! {
                biased;
                () = cancellation.cancelled() => return Some(Stopped::Cancelled),
                _ended = child.wait() => return None,
                () = sleep_until(deadline) => return Some(Stopped::TimedOut),
                () = self.read_some(), if self.open() => {}
            }
        }
    }

    /// Asks the launcher to kill everything, and waits for it.
    async fn kill(&mut self, child: &mut Child, socket: &UnixStream) -> io::Result<ExitStatus> {
        let _gone = socket.shutdown(Shutdown::Write);
        #[cfg(not(target_os = "linux"))]
        if let Some(group) = child
            .id()
            .and_then(|id| rustix::process::Pid::from_raw(id.cast_signed()))
        {
            let _gone = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        if let Ok(ended) = timeout(BURIAL, child.wait()).await {
            return ended;
        }
        child.start_kill()?;
        child.wait().await
    }

    /// Reads what is still in the pipes after the end.
    async fn finish(&mut self) {
        let rest = async {
            while self.open() {
                self.read_some().await;
            }
        };
        let _held_by_somebody = timeout(PIPES_AFTER_EXIT, rest).await;
    }

    /// Whether there is anything to read yet.
    fn open(&self) -> bool {
        self.stdout.pipe.is_some() || self.stderr.pipe.is_some()
    }

    /// Reads from whichever pipe has something.
    async fn read_some(&mut self) {
        tokio::select! {
            () = self.stdout.read(), if self.stdout.pipe.is_some() => {}
            () = self.stderr.read(), if self.stderr.pipe.is_some() => {}
            else => {}
        }
    }
}

impl Stream {
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
