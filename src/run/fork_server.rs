//! gosnip's side of the launcher: a process for each plan, at the cost of a fork.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
#[cfg(not(target_os = "linux"))]
use std::process::Stdio;

use super::sandbox::plan::{LAUNCH, Plan};

/// The descriptors that a process is given.
#[derive(Debug)]
pub(super) struct Given {
    /// Its side of the socket on which it reports.
    pub(super) socket: OwnedFd,
    /// Where it writes to.
    pub(super) stdout: OwnedFd,
    /// Where it writes errors to, unless that is stdout.
    pub(super) stderr: Option<OwnedFd>,
}

#[cfg(not(target_os = "linux"))]
pub(super) use elsewhere::ForkServer;
#[cfg(target_os = "linux")]
pub(super) use linux::ForkServer;

#[cfg(target_os = "linux")]
mod linux {
    use std::os::fd::AsFd;
    use std::process::{Child, Command, Stdio};
    use std::sync::{Mutex, PoisonError};

    use rustix::net::{AddressFamily, SocketFlags, SocketType};

    use super::super::sandbox::passing;
    use super::super::sandbox::plan::MOST_PLAN;
    use super::{Given, LAUNCH, OwnedFd, Path, Plan, io};

    /// The launcher, started when it is first needed.
    #[derive(Debug, Default)]
    pub(in super::super) struct ForkServer {
        running: Mutex<Option<Running>>,
    }

    #[derive(Debug)]
    struct Running {
        /// `None` once it is to end.
        plans: Option<OwnedFd>,
        process: Child,
    }

    impl ForkServer {
        /// Begins a plan, with `launcher` as the launcher. What comes of it is reported on the socket that is given.
        pub(in super::super) fn begin(
            &self,
            launcher: &Path,
            plan: &Plan,
            given: Given,
        ) -> io::Result<()> {
            let message = serde_json::to_vec(plan)?;
            if message.len() > MOST_PLAN {
                return Err(io::Error::other("the paths of this machine are too long"));
            }
            let descriptors = [
                Some(&given.socket),
                Some(&given.stdout),
                given.stderr.as_ref(),
            ];
            let descriptors: Vec<_> = descriptors.into_iter().flatten().map(AsFd::as_fd).collect();
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            let send = |server: &Running| match &server.plans {
                Some(plans) => passing::send(plans, &message, &descriptors),
                None => Err(io::ErrorKind::BrokenPipe.into()),
            };
            if let Some(server) = &*running
                && send(server).is_ok()
            {
                return Ok(());
            }
            // There is none yet, or somebody has killed it.
            let server = Running::start(launcher)?;
            send(&server)?;
            *running = Some(server);
            Ok(())
        }
    }

    impl Running {
        fn start(launcher: &Path) -> io::Result<Self> {
            let (ours, theirs) = rustix::net::socketpair(
                AddressFamily::UNIX,
                SocketType::SEQPACKET,
                SocketFlags::CLOEXEC,
                None,
            )?;
            let process = Command::new(launcher)
                .arg(LAUNCH)
                .env_clear()
                .stdin(Stdio::from(theirs))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()?;
            Ok(Self {
                plans: Some(ours),
                process,
            })
        }
    }

    impl Drop for Running {
        fn drop(&mut self) {
            // It ends when there are no more plans.
            self.plans = None;
            let _gone = self.process.wait();
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use tokio::process::Command;

    use super::{Given, LAUNCH, Path, Plan, Stdio, io};

    /// A launcher for each plan.
    #[derive(Debug, Default)]
    pub(in super::super) struct ForkServer;

    impl ForkServer {
        /// Begins a plan, with `launcher` as the launcher. What comes of it is reported on the socket that is given.
        pub(in super::super) fn begin(
            &self,
            launcher: &Path,
            plan: &Plan,
            given: Given,
        ) -> io::Result<()> {
            // When it has ended, it is waited for in the background.
            let _process = Command::new(launcher)
                .args([LAUNCH, &serde_json::to_string(plan)?])
                .env_clear()
                .stdin(Stdio::from(given.socket))
                .stdout(Stdio::from(given.stdout))
                .stderr(given.stderr.map_or_else(Stdio::null, Stdio::from))
                .spawn()?;
            Ok(())
        }
    }
}
