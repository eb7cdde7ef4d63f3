//! Which job runs when: as many at once as allowed, each announced when it is slow and when it is done.
//!
//! ```text
//! waiting ──▶ running ──(5 s)──▶ running, slow
//!    │           └──────────┬────────┘
//!    ▼ cancelled            ▼ ended, or killed when cancelled
//! not started            finished
//! ```

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::cancel::Cancellation;
use super::{End, Execution, Job};

/// Why jobs that were cancelled have no result.
pub(super) const INTERRUPTED: &str = "interrupted";

/// After how long a job is called slow.
pub(super) const SLOW: Duration = Duration::from_secs(5);

/// What happens while jobs run.
#[derive(Debug)]
pub enum Event<'a> {
    /// The job with this index is still running after five seconds.
    Slow(usize),
    /// The job with this index is done.
    Finished(usize, &'a Execution),
}

/// What runs one job: the real one starts a process, the tests' one follows a script.
pub(super) trait Executor: Send + Sync + 'static {
    /// Runs the job to its end. When cancelled it ends soon, with whatever.
    fn execute(
        &self,
        job: Job,
        cancellation: Cancellation,
    ) -> impl Future<Output = Execution> + Send;
}

/// The scheduler.
#[derive(Debug)]
pub(super) struct Scheduler<E> {
    pub(super) executor: Arc<E>,
    pub(super) at_once: usize,
    pub(super) slow: Duration,
    pub(super) cancellation: Cancellation,
}

impl<E: Executor> Scheduler<E> {
    /// Runs all jobs; the results stand in the order of the jobs.
    pub(super) async fn run(
        &self,
        jobs: &[Job],
        on_event: &mut dyn FnMut(Event<'_>),
    ) -> Vec<Execution> {
        let mut results: Vec<Option<Execution>> = jobs.iter().map(|_| None).collect();
        let mut waiting: VecDeque<(usize, &Job)> = jobs.iter().enumerate().collect();
        let mut running = JoinSet::new();
        let (slow, mut slow_ones) = mpsc::unbounded_channel();
        loop {
            while running.len() < self.at_once.max(1) && !self.cancellation.is_cancelled() {
                let Some((index, job)) = waiting.pop_front() else {
                    break;
                };
                running.spawn(self.one(index, job.clone(), slow.clone()));
            }
            tokio::select! {
                // Announce a slow job before its end, should both have happened.
                biased;
                Some(index) = slow_ones.recv() => on_event(Event::Slow(index)),
                done = running.join_next() => match done {
                    None => break,
                    // A panic in gosnip's own code: its job stays without a result, the others go on.
                    Some(Err(_)) => {}
                    Some(Ok((index, execution))) => {
                        on_event(Event::Finished(index, &execution));
                        results[index] = Some(execution);
                    }
                },
            }
        }
        let reason = if self.cancellation.is_cancelled() {
            INTERRUPTED
        } else {
            "gosnip failed"
        };
        results
            .into_iter()
            .map(|result| result.unwrap_or_else(|| Execution::not_started(reason)))
            .collect()
    }

    /// One job, with its announcement when it is slow.
    fn one(
        &self,
        index: usize,
        job: Job,
        slow: mpsc::UnboundedSender<usize>,
    ) -> impl Future<Output = (usize, Execution)> + Send + 'static {
        let (executor, cancellation, after) = (
            Arc::clone(&self.executor),
            self.cancellation.clone(),
            self.slow,
        );
        async move {
            let mut execution = std::pin::pin!(executor.execute(job, cancellation));
            let execution = tokio::select! {
                execution = &mut execution => execution,
                () = tokio::time::sleep(after) => {
                    // The receiver lives as long as any job runs.
                    let _heard = slow.send(index);
                    execution.await
                }
            };
            (index, execution)
        }
    }
}

impl Execution {
    /// Of a job that came to nothing.
    pub(super) fn not_started(reason: impl Into<String>) -> Self {
        Self {
            stdout: super::Output::default(),
            stderr: super::Output::default(),
            end: End::NotStarted(reason.into()),
            crash: None,
            duration: Duration::ZERO,
        }
    }
}
