//! The launcher: gosnip's second self, whose children put the restrictions on and become programs.

use std::io;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::plan::{LAUNCH, PROBE, Plan, Report};
use super::{Level, probe, rlimits};

/// Becomes the launcher if the first argument says so; otherwise returns at once.
///
/// To be called first thing in `main`, before anything starts a thread or reads the arguments.
pub fn launch_if_asked() {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some(LAUNCH) => platform::launch(arguments),
        Some(PROBE) => std::process::exit(probe::attack(arguments)),
        _ => {}
    }
}

/// A step of setting up that failed.
#[derive(Debug, thiserror::Error)]
#[error("{step}: {error}")]
pub(super) struct Failed {
    step: &'static str,
    error: io::Error,
}

/// Says which step it was that failed.
pub(super) trait Step<T> {
    /// Names the step.
    fn step(self, step: &'static str) -> Result<T, Failed>;
}

impl<T, E: Into<io::Error>> Step<T> for Result<T, E> {
    fn step(self, step: &'static str) -> Result<T, Failed> {
        self.map_err(|error| Failed {
            step,
            error: error.into(),
        })
    }
}

/// Reads a plan.
fn plan(text: &[u8]) -> Result<Plan, Failed> {
    serde_json::from_slice(text).step("reading the plan")
}

/// Tells gosnip that the program was not started. If even that fails, gosnip sees the silence.
fn fail(socket: &mut UnixStream, failed: &Failed) {
    let _unheard = Report::Failed(failed.to_string()).send(socket);
}

/// The command that the process becomes: in its own folder, with its own home.
fn command(plan: &Plan, binary: &Path, scratch: &Path) -> Command {
    let mut command = Command::new(binary);
    command
        .args(&plan.arguments)
        .env_clear()
        .envs(plan.environment.iter().map(|(name, value)| (name, value)))
        .current_dir(scratch.join("work"))
        .env("HOME", scratch.join("home"))
        .env("TMPDIR", scratch.join("tmp"));
    command
}

#[cfg(target_os = "linux")]
mod platform {
    //! Linux: a fork for each plan, then fork, restrict, exec; the forking process stays behind as the reaper.

    use std::convert::Infallible;
    use std::os::fd::{AsFd, AsRawFd, OwnedFd};

    use rustix::process::{Gid, Uid};

    use super::super::guard::Guard;
    use super::super::plan::MOST_PLAN;
    use super::super::reaper::{self, Reach};
    use super::super::sys::{self, Fork};
    use super::super::witness::Witness;
    use super::super::{files, namespaces, passing, seccomp};
    use super::{
        Command, CommandExt, Failed, Level, Path, Plan, Step, UnixStream, command, fail, io,
        rlimits,
    };

    /// Makes a process for each plan that comes, until gosnip has gone.
    pub(super) fn launch(_: impl Iterator<Item = String>) -> ! {
        // In a session of its own: who interrupts gosnip at the terminal does not mean the launcher.
        let _alone_already = rustix::process::setsid();
        let Ok(plans) = take_socket() else {
            std::process::exit(125);
        };
        let user = (rustix::process::geteuid(), rustix::process::getegid());
        let mut message = vec![0; MOST_PLAN];
        loop {
            let Ok((length, descriptors)) = passing::receive(&plans, &mut message) else {
                std::process::exit(125);
            };
            sys::bury_ended();
            let mut descriptors = descriptors.into_iter();
            let Some(socket) = descriptors.next() else {
                std::process::exit(0);
            };
            let mut socket = UnixStream::from(socket);
            match begin(&message[..length]) {
                Ok((_, Fork::Parent(_))) => {}
                Ok((plan, Fork::Child)) => {
                    drop(plans);
                    let done = connect(descriptors).and_then(|()| run(&plan, user, &mut socket));
                    if let Err(failed) = done {
                        fail(&mut socket, &failed);
                    }
                    sys::exit_now(0)
                }
                Err(failed) => fail(&mut socket, &failed),
            }
        }
    }

    /// Makes the process that is to run a plan; where there are namespaces, it is the first one in them.
    fn begin(message: &[u8]) -> Result<(Plan, Fork), Failed> {
        let plan = super::plan(message)?;
        let forked = match plan.level {
            Level::Namespaces => sys::fork_into(namespaces::of(&plan)).step("new namespaces")?,
            _ => sys::fork().step("starting the launcher's process")?,
        };
        Ok((plan, forked))
    }

    /// Takes the socket from stdin, where gosnip put it, and leaves `/dev/null` there.
    fn take_socket() -> io::Result<OwnedFd> {
        let socket = sys::duplicate(0)?;
        connect_to_null(0)?;
        Ok(socket)
    }

    /// Makes the pipes that came with a plan stdout and, if there is another, stderr.
    fn connect(pipes: impl Iterator<Item = OwnedFd>) -> Result<(), Failed> {
        (1..=2)
            .zip(pipes)
            .try_for_each(|(stream, pipe)| sys::redirect(pipe.as_raw_fd(), stream))
            .step("connecting the output")
    }

    /// Points a standard stream to `/dev/null`.
    fn connect_to_null(stream: i32) -> io::Result<()> {
        let null = std::fs::File::options()
            .read(true)
            .write(true)
            .open("/dev/null")?;
        sys::redirect(null.as_raw_fd(), stream)
    }

    /// Lets go of gosnip's pipes, so that they end with the program and not with its reaper.
    fn release_output() -> Result<(), Failed> {
        connect_to_null(1)
            .and_then(|()| connect_to_null(2))
            .step("releasing the output")
    }

    /// Runs the plan to its end, on behalf of `user`.
    fn run(plan: &Plan, user: (Uid, Gid), socket: &mut UnixStream) -> Result<(), Failed> {
        rustix::process::setsid().step("starting a session")?;
        if plan.level >= Level::Limits {
            // If the machine's memory runs out nevertheless, no program of the user's is to pay for it.
            let _unable = std::fs::write("/proc/self/oom_score_adj", "1000");
        }
        if plan.level < Level::Namespaces {
            rustix::process::set_child_subreaper(Some(rustix::process::getpid()))
                .step("becoming the reaper")?;
            return start(plan, &plan.binary, &plan.scratch, socket, Reach::Subreaper);
        }
        namespaces::settle(plan, user)?;
        let inside = namespaces::furnish(plan)?;
        start(
            plan,
            &inside.binary,
            &inside.scratch,
            socket,
            Reach::Namespace,
        )
    }

    /// Starts the program and stays with it until the end.
    fn start(
        plan: &Plan,
        binary: &Path,
        scratch: &Path,
        socket: &mut UnixStream,
        reach: Reach,
    ) -> Result<(), Failed> {
        let (here, there) = UnixStream::pair().step("a way to the witness")?;
        match sys::fork().step("starting the program's process")? {
            Fork::Child => {
                let Err(failed) = become_program(plan, binary, scratch, &there);
                fail(socket, &failed);
                sys::exit_now(127)
            }
            Fork::Parent(program) => {
                drop(there);
                release_output()?;
                let listener =
                    passing::receive(&here, &mut [0]).step("finding the witness's place")?;
                let listener = listener.1.into_iter().next();
                let witness = Witness::new(plan, scratch, listener);
                let guard = Guard::new(plan, scratch, program);
                reaper::supervise(socket, program, reach, witness, guard)
                    .step("waiting for the program")
            }
        }
    }

    /// Puts everything on that the level promises, then execs. What cannot be put on is an error.
    /// `witness` is told where it can listen.
    fn become_program(
        plan: &Plan,
        binary: &Path,
        scratch: &Path,
        witness: &UnixStream,
    ) -> Result<Infallible, Failed> {
        rustix::process::setsid().step("starting the program's session")?;
        if plan.together {
            sys::redirect(1, 2).step("joining stdout and stderr")?;
        }
        if plan.level >= Level::Limits {
            rlimits::apply(plan).step("setting the limits")?;
            if plan.level >= Level::Base {
                // Before the user changes: only who has capabilities may bound them.
                sys::bound_capabilities().step("bounding capabilities")?;
            }
            if let Some(user) = plan.become_user {
                sys::become_user(user).step("giving up the user's rights")?;
            }
            rustix::thread::set_no_new_privs(true).step("forgoing new privileges")?;
        }
        let mut command: Command = command(plan, binary, scratch);
        let closed = sys::close_all_on_exec();
        if plan.level >= Level::Base {
            closed.step("closing inherited files")?;
            sys::drop_capabilities().step("dropping capabilities")?;
            files::restrict(plan, binary, scratch)?;
            let listener = seccomp::restrict(plan.level, plan.network)?;
            if let Some(listener) = listener {
                passing::send(witness, b".", &[listener.as_fd()]).step("calling the witness")?;
                seccomp::send_no_more(plan.level)?;
            }
        }
        Err(command.exec()).step("starting the program")
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    //! Other Unixes: limits and a session; what escapes with `setsid` is not found.

    use std::os::fd::AsFd;
    use std::os::unix::process::ExitStatusExt;
    use std::process::Stdio;
    use std::time::Instant;

    use super::{
        CommandExt, Failed, Level, Plan, Report, Step, UnixStream, command, fail, io, rlimits,
    };

    /// Runs the plan of its argument, with the socket that gosnip made stdin, and exits.
    pub(super) fn launch(mut arguments: impl Iterator<Item = String>) -> ! {
        let Ok(socket) = io::stdin().as_fd().try_clone_to_owned() else {
            std::process::exit(125);
        };
        let mut socket = UnixStream::from(socket);
        let text = arguments.next().unwrap_or_default();
        let done = super::plan(text.as_bytes()).and_then(|plan| run(&plan, &mut socket));
        if let Err(failed) = done {
            fail(&mut socket, &failed);
        }
        std::process::exit(0)
    }

    /// Runs the plan to its end.
    fn run(plan: &Plan, socket: &mut UnixStream) -> Result<(), Failed> {
        rustix::process::setsid().step("starting a session")?;
        if plan.level >= Level::Base {
            return Err(io::Error::from(io::ErrorKind::Unsupported))
                .step("this system has no such sandbox");
        }
        let start = Instant::now();
        let mut command = command(plan, &plan.binary, &plan.scratch);
        command.stdin(Stdio::null());
        if plan.together {
            let stdout = io::stdout()
                .as_fd()
                .try_clone_to_owned()
                .step("joining stdout and stderr")?;
            command.stderr(stdout);
        }
        if plan.level >= Level::Limits {
            rlimits::apply(plan).step("setting the limits")?;
        }
        let mut child = command.spawn().step("starting the program")?;
        let status = child.wait().step("waiting for the program")?;
        let report = Report::Ended {
            status: status.into_raw(),
            cpu_micros: 0,
            queued_micros: 0,
            wall_micros: u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX),
            attempts: Vec::new(),
            excess: None,
        };
        report.send(socket).step("reporting")
    }
}
