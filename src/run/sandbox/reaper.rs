//! Waiting for the program, killing whatever it leaves, and reporting.
//!
//! In a pid namespace this is its first process; elsewhere it is a *subreaper*, to whom every orphan
//! of the program falls, so that a child that escaped with `setsid` is found too.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::Instant;

use rustix::process::{Pid, Signal};

use super::guard::Guard;
use super::plan::{Excess, Report};
use super::sys;
use super::witness::Witness;

/// How everything that is left is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// All processes of the pid namespace, of which this is the first.
    Namespace,
    /// The children of this process, again and again, since orphans become its children.
    Subreaper,
}

/// Waits until the program ends or gosnip closes its side of the socket, kills what is left, and
/// reports.
pub(super) fn supervise(
    socket: &mut UnixStream,
    program: Pid,
    reach: Reach,
    mut witness: Witness,
    mut guard: Guard,
) -> io::Result<()> {
    let start = Instant::now();
    let pidfd = sys::pidfd(program)?;
    let excess = wait(socket, &pidfd, &mut witness, &mut guard)?;
    let wall = start.elapsed();
    let queued_micros = sys::queued_micros(program);
    let ended = bury_all(program, reach)?;
    witness.left(ended.left);
    witness.filled(guard.saw_it_full());
    let report = Report::Ended {
        status: ended.status,
        cpu_micros: ended.cpu_micros,
        queued_micros,
        wall_micros: u64::try_from(wall.as_micros()).unwrap_or(u64::MAX),
        attempts: witness.seen(),
        excess,
    };
    report.send(socket)
}

/// Blocks until gosnip has closed its side, the program has ended, or it has too much of something; meanwhile the
/// witness hears the program.
fn wait(
    socket: &UnixStream,
    pidfd: &OwnedFd,
    witness: &mut Witness,
    guard: &mut Guard,
) -> io::Result<Option<Excess>> {
    loop {
        let mut fds = vec![socket.as_raw_fd(), pidfd.as_raw_fd()];
        fds.extend(witness.listens_to());
        let ready = sys::wait_readable(&fds, guard.pause())?;
        match ready.get(2) {
            Some(sys::Ready::Readable) => witness.hear(),
            Some(sys::Ready::Closed) => witness.close(),
            Some(sys::Ready::Not) | None => {}
        }
        if ready[..2].iter().any(|it| *it != sys::Ready::Not) {
            return Ok(None);
        }
        if let Some(excess) = guard.look() {
            return Ok(Some(excess));
        }
    }
}

/// What the buried left behind.
#[derive(Debug, Clone, Copy, Default)]
struct Ended {
    status: i32,
    cpu_micros: u64,
    /// Whether others were still running.
    left: bool,
}

/// Kills and reaps until nobody is left. The program's own status is unharmed if it had ended before.
fn bury_all(program: Pid, reach: Reach) -> io::Result<Ended> {
    let mut ended = Ended::default();
    loop {
        kill_all(program, reach);
        match sys::wait_any()? {
            None => return Ok(ended),
            Some(reaped) => {
                ended.cpu_micros += reaped.cpu_micros;
                if reaped.pid == program.as_raw_nonzero().get() {
                    ended.status = reaped.status;
                } else if reaped.status == Signal::KILL.as_raw() {
                    ended.left = true;
                }
            }
        }
    }
}

/// Sends SIGKILL to everyone in reach. Whom it misses (just being born) the next round finds.
fn kill_all(program: Pid, reach: Reach) {
    match reach {
        Reach::Namespace => sys::kill_everyone_else(),
        Reach::Subreaper => {
            sys::kill_group(program);
            for child in sys::children() {
                sys::kill(child);
            }
        }
    }
}
