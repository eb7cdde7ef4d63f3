//! The runner: the one door of this room, synchronous from outside.

use std::num::NonZeroUsize;
use std::os::unix::process::ExitStatusExt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;

use super::cancel::Cancellation;
use super::crash::{self, Crash};
use super::fork_server::ForkServer;
use super::leash::Leash;
use super::process::{Finished, Launcher, Start, StartError, Stopped};
use super::rename::package_to_main;
use super::sandbox::{self, Level, Options};
use super::scheduler::{ASIDE, Event, Executor, INTERRUPTED, SLOW, Scheduler, Submission, run_all};
use super::{Capture, End, Execution, Job, Output, playback};
use crate::temporary::Folder;

/// How long the probe of the sandbox may take.
const PROBE_TIME: std::time::Duration = std::time::Duration::from_secs(10);

/// Why nothing can be run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A sandbox is required and there is none.
    #[error(
        "no sandbox is available here, though one is required ({0}); `--sandbox=auto` runs with what there is"
    )]
    NoSandbox(String),
    /// Not even a process with limits could be started.
    #[error("no program can be run here: {0}")]
    Unusable(String),
    /// The async runtime could not be started.
    #[error("cannot watch processes: {0}")]
    Runtime(#[from] std::io::Error),
}

/// Runs jobs in the best sandbox that the policy asks for and the machine allows.
#[derive(Debug)]
pub struct Runner {
    runtime: tokio::runtime::Runtime,
    scheduler: Scheduler<Launcher>,
    notices: Vec<String>,
}

impl Runner {
    /// Finds out what sandbox can be had; `jobs` processes will run at once.
    ///
    /// # Errors
    ///
    /// If a sandbox is required and there is none, or nothing can be started at all.
    pub fn new(options: &Options, jobs: NonZeroUsize) -> Result<Self, RunError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let server = Arc::new(ForkServer::default());
        let place = Folder::new();
        let place = Arc::new(place.map_err(|error| {
            RunError::Unusable(format!("no temporary folder can be made: {error}"))
        })?);
        let launcher = |level, other_user| Launcher {
            binary: options.launcher.clone(),
            server: Arc::clone(&server),
            place: Arc::clone(&place),
            level,
            other_user,
            limits: options.limits,
            readable: options.readable.clone(),
            private: options.private.clone(),
        };
        let reached = sandbox::reach(options, |level, other_user, arguments| {
            runtime.block_on(probe(&launcher(level, other_user), arguments))
        });
        let reached = reached.map_err(|missed| {
            let reasons: Vec<String> = missed
                .iter()
                .map(|missed| format!("{}: {}", missed.level, missed.reason))
                .collect();
            match options.policy {
                sandbox::Policy::Require => RunError::NoSandbox(reasons.join("; ")),
                sandbox::Policy::Auto | sandbox::Policy::Off => {
                    RunError::Unusable(reasons.join("; "))
                }
            }
        })?;
        let scheduler = Scheduler {
            executor: Arc::new(launcher(reached.level, reached.other_user)),
            at_once: jobs.get(),
            aside: ASIDE,
            slow: SLOW,
            cancellation: Cancellation::default(),
        };
        Ok(Self {
            runtime,
            scheduler,
            notices: reached.notices,
        })
    }

    /// The level of the sandbox that programs run in.
    pub fn level(&self) -> Level {
        self.scheduler.executor.level
    }

    /// What the user should know about the sandbox: why it is not better, and what follows from it.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The switch that makes [`Runner::run`] return early. Jobs that were not finished then have the end
    /// `NotStarted("interrupted")`.
    pub fn cancellation(&self) -> &Cancellation {
        &self.scheduler.cancellation
    }

    /// Listens to this switch instead of one of its own.
    #[must_use]
    pub fn with_cancellation(mut self, cancellation: Cancellation) -> Self {
        self.scheduler.cancellation = cancellation;
        self
    }

    /// Runs the jobs; the results stand in the same order.
    pub fn run(&self, jobs: &[Job], on_event: impl FnMut(&Event)) -> Vec<Execution> {
        self.runtime
            .block_on(run_all(&self.scheduler, jobs, on_event))
    }

    /// Runs the jobs that come, until their senders are gone and all is done.
    pub fn serve(&self, jobs: UnboundedReceiver<Submission>, mut on_event: impl FnMut(Event)) {
        self.runtime
            .block_on(self.scheduler.run(jobs, &mut on_event));
    }
}

/// Runs the probe of the sandbox and gives back what it said.
async fn probe(launcher: &Launcher, arguments: Vec<String>) -> Result<String, String> {
    let start = Start {
        binary: launcher.binary.clone(),
        arguments,
        environment: Vec::new(),
        together: true,
        network: true,
        timeout: PROBE_TIME,
    };
    let finished = launcher
        .run(&start, &Leash::new(PROBE_TIME), &Cancellation::default())
        .await
        .map_err(|error| error.to_string())?;
    Ok(finished.stdout.into_output().text)
}

/// What the dispatcher is told: which program, and what is chosen.
fn arguments(job: &Job) -> Vec<String> {
    let selector = job.executable.selector.clone();
    let chosen = job.chosen.argument(job.executable.doors);
    selector.into_iter().chain(chosen).collect()
}

impl Executor for Launcher {
    async fn execute(&self, job: Job, leash: Leash, cancellation: Cancellation) -> Execution {
        let arguments = arguments(&job);
        let max_procs = job.max_procs.map(|count| ("GOMAXPROCS", count.to_string()));
        let godebug = job.chosen.godebug(job.executable.doors, job.godebug);
        let godebug = godebug.map(|settings| ("GODEBUG", settings));
        let mut start = Start {
            binary: job.executable.binary.into(),
            arguments,
            environment: max_procs.into_iter().chain(godebug).collect(),
            together: job.capture != Capture::Apart,
            network: job.network,
            timeout: job.timeout,
        };
        let mut finished = self.run(&start, &leash, &cancellation).await;
        if is_starved(&finished, &leash) {
            start.timeout *= LONGER;
            let longer = Leash::new(leash.limit() * LONGER);
            finished = self.run(&start, &longer, &cancellation).await;
            if is_starved(&finished, &longer) {
                return Execution::not_started(CROWDED);
            }
        }
        match finished {
            // What it did until it was killed half-way is no result.
            Ok(Finished {
                stopped: Some(Stopped::Cancelled),
                ..
            }) => Execution::not_started(INTERRUPTED),
            Ok(finished) => interpret(finished, job.capture, &job.executable.package),
            Err(error) => Execution::not_started(error.to_string()),
        }
    }
}

/// How many times as long a program may take that a crowded machine gave no time.
const LONGER: u32 = 5;

/// Said of one that had none again.
const CROWDED: &str = "the machine was too crowded to run it; run gosnip again when it is not";

/// Whether a program was stopped at its time-out without having had the time.
fn is_starved(finished: &Result<Finished, StartError>, leash: &Leash) -> bool {
    let finished = finished.as_ref();
    finished.is_ok_and(|finished| finished.starved(leash.limit()))
}

/// From bytes and a status to an execution.
fn interpret(finished: Finished, capture: Capture, package: &str) -> Execution {
    let mut end = end(&finished);
    let mut fake_time = None;
    let text = |output: Output| Output {
        text: package_to_main(output.text, package),
        ..output
    };
    let mut stdout = text(match capture {
        Capture::Apart | Capture::Together => finished.stdout.into_output(),
        Capture::FakeTime(limit) => {
            // Who ended by itself is not cut off, however late it was.
            let by_itself = matches!(end, End::Exited(_));
            let limit = if by_itself { Duration::MAX } else { limit };
            let played = playback::play(finished.stdout, limit);
            fake_time = Some(played.last);
            if played.over {
                end = End::TimedOut { busy: false };
            }
            played.output
        }
    });
    let mut stderr = text(finished.stderr.into_output());
    let with_report = match capture {
        Capture::Apart => &mut stderr,
        Capture::Together | Capture::FakeTime(_) => &mut stdout,
    };
    let (own, crash) = crash::split(&with_report.text, &end);
    with_report.text = own;
    let out_of_memory = crash.as_ref().is_some_and(Crash::is_out_of_memory);
    let end = if out_of_memory { End::MemoryLimit } else { end };
    Execution {
        stdout,
        stderr,
        end,
        crash,
        duration: finished.wall,
        fake_time,
        attempts: finished.attempts,
    }
}

/// SIGKILL's number.
const KILLED: i32 = 9;

/// How it ended.
fn end(finished: &Finished) -> End {
    match finished.stopped {
        Some(Stopped::TooMuchOutput) => End::OutputLimit,
        Some(Stopped::TooMuchMemory) => End::MemoryLimit,
        // Time in line counts, so that a crowded machine does not make a loop look like waiting.
        Some(_) => End::TimedOut {
            busy: finished.busy * 2 >= finished.wall,
        },
        None => match (finished.status.code(), finished.status.signal()) {
            // The kernel's answer to who has used up its processor time. (It is a little less by another of its clocks.)
            (None, Some(KILLED)) if finished.busy >= finished.cpu_limit * 19 / 20 => {
                End::TimedOut { busy: true }
            }
            (Some(code), _) => End::Exited(code),
            (None, signal) => End::Signaled(signal.unwrap_or_default()),
        },
    }
}
