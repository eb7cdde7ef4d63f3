//! Which job runs when: as many at once as allowed, each announced when it is slow and when it is done.
//!
//! ```text
//! waiting ──▶ running ─(200 ms)▶ running, aside ──(5 s)──▶ running, slow
//!    │           └─────────────────┬─────────────────────────┘
//!    ▼ cancelled                   ▼ ended, or killed when cancelled
//! not started                   finished
//! ```
//!
//! A job that goes on for a fifth of a second mostly waits for a timer or for ever (who computes is ended by its
//! limit on processor time), so it steps aside: another one may start beside it. So the programs that
//! wait out their time do it all at the same time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::{Id, JoinSet};

use super::cancel::Cancellation;
use super::leash::Leash;
use super::{End, Execution, Job};

/// Why jobs that were cancelled have no result.
pub const INTERRUPTED: &str = "interrupted";

/// After how long a job is called slow.
pub(super) const SLOW: Duration = Duration::from_secs(5);

/// After how long a job no longer counts as one of those that run at once.
pub(super) const ASIDE: Duration = Duration::from_millis(200);

/// How many times as many as may run at once may stand aside: each can take memory.
const MOST_ASIDE: usize = 5;

/// What happens while jobs run. A job's index is its place in the order in which they came.
#[derive(Debug)]
pub enum Event {
    /// The job was started.
    Started(usize),
    /// The job is still running after five seconds.
    Slow(usize),
    /// The job is done.
    Finished(usize, Box<Execution>),
}

/// A job that is handed in.
#[derive(Debug)]
pub struct Submission {
    /// The job.
    pub job: Job,
    /// When it is its turn.
    pub rank: Rank,
    /// How long it may take, if that is not settled yet; else what the job says.
    pub leash: Option<Leash>,
}

/// Which of the jobs that wait is started next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// Others wait for what comes of it, or it may take long.
    First,
    /// It waits for something outside, and it is not known yet whether anybody needs it: started early, as long as
    /// there is plenty of room for such.
    Ahead,
    /// After all others.
    Last,
}

/// What runs one job: the real one starts a process, the tests' one follows a script.
pub(super) trait Executor: Send + Sync + 'static {
    /// Runs the job to its end. When cancelled it ends soon, with whatever.
    fn execute(
        &self,
        job: Job,
        leash: Leash,
        cancellation: Cancellation,
    ) -> impl Future<Output = Execution> + Send;
}

/// The scheduler.
#[derive(Debug)]
pub(super) struct Scheduler<E> {
    pub(super) executor: Arc<E>,
    pub(super) at_once: usize,
    pub(super) aside: Duration,
    pub(super) slow: Duration,
    pub(super) cancellation: Cancellation,
}

/// What a job tells while it runs.
#[derive(Debug, Clone, Copy)]
enum News {
    /// It does not count any more.
    Aside(usize),
    /// It is slow.
    Slow(usize),
}

impl<E: Executor> Scheduler<E> {
    /// Runs the jobs that come, until no more can come and all are done. Each is finished, one way or another.
    pub(super) async fn run(
        &self,
        mut jobs: mpsc::UnboundedReceiver<Submission>,
        on_event: &mut dyn FnMut(Event),
    ) {
        let mut coming = true;
        let mut came = 0;
        let mut waiting = Waiting::default();
        let mut running = JoinSet::new();
        let mut indices: BTreeMap<Id, usize> = BTreeMap::new();
        let (news, mut incoming) = mpsc::unbounded_channel();
        let at_once = self.at_once.max(1);
        let mut aside = BTreeSet::new();
        loop {
            if self.cancellation.is_cancelled() {
                for (index, _) in waiting.drain() {
                    let interrupted = Execution::not_started(INTERRUPTED);
                    on_event(Event::Finished(index, Box::new(interrupted)));
                }
            }
            while running.len() - aside.len() < at_once && aside.len() <= MOST_ASIDE * at_once {
                let plenty = aside.len() * 2 <= MOST_ASIDE * at_once;
                let Some((index, submission)) = waiting.next(plenty) else {
                    break;
                };
                let started = running.spawn(self.one(index, submission, news.clone()));
                indices.insert(started.id(), index);
                on_event(Event::Started(index));
            }
            if !coming && running.is_empty() {
                return;
            }
            tokio::select! {
                // Announce a slow job before its end, should both have happened.
                biased;
                Some(news) = incoming.recv() => match news {
                    News::Aside(index) if indices.values().any(|it| *it == index) => {
                        aside.insert(index);
                    }
                    News::Aside(_) => {}
                    News::Slow(index) => on_event(Event::Slow(index)),
                },
                job = jobs.recv(), if coming => match job {
                    Some(submission) => {
                        waiting.push(came, submission);
                        came += 1;
                    }
                    None => coming = false,
                },
                Some(done) = running.join_next_with_id(), if !running.is_empty() => {
                    let (id, execution) = match done {
                        Ok((id, (_, execution))) => (id, execution),
                        // A panic in gosnip's own code: the others go on.
                        Err(error) => (error.id(), Execution::not_started("gosnip failed")),
                    };
                    if let Some(index) = indices.remove(&id) {
                        aside.remove(&index);
                        on_event(Event::Finished(index, Box::new(execution)));
                    }
                },
                () = self.cancellation.cancelled(), if !waiting.is_empty() => {}
            }
        }
    }

    /// One job, with its announcements when it goes on for long.
    fn one(
        &self,
        index: usize,
        submission: Submission,
        news: mpsc::UnboundedSender<News>,
    ) -> impl Future<Output = (usize, Execution)> + Send + 'static {
        let (executor, cancellation) = (Arc::clone(&self.executor), self.cancellation.clone());
        let (aside, slow) = (self.aside, self.slow);
        let Submission { job, leash, .. } = submission;
        let leash = leash.unwrap_or_else(|| Leash::new(job.timeout));
        async move {
            let mut execution = std::pin::pin!(executor.execute(job, leash, cancellation));
            let mut announcements = [(aside, News::Aside(index)), (slow, News::Slow(index))];
            announcements.sort_by_key(|(at, _)| *at);
            let mut passed = Duration::ZERO;
            for (at, item) in announcements {
                tokio::select! {
                    // On a machine so crowded that both have happened, it was slow all the same.
                    biased;
                    // The receiver lives as long as any job runs.
                    () = tokio::time::sleep(at - passed) => drop(news.send(item)),
                    execution = &mut execution => return (index, execution),
                }
                passed = at;
            }
            (index, execution.await)
        }
    }
}

/// The jobs that wait, by rank, each with its index.
#[derive(Debug, Default)]
struct Waiting {
    first: VecDeque<(usize, Submission)>,
    ahead: VecDeque<(usize, Submission)>,
    last: VecDeque<(usize, Submission)>,
}

impl Waiting {
    fn push(&mut self, index: usize, submission: Submission) {
        let queue = match submission.rank {
            Rank::First => &mut self.first,
            Rank::Ahead => &mut self.ahead,
            Rank::Last => &mut self.last,
        };
        queue.push_back((index, submission));
    }

    /// Whose turn it is. Without plenty of room those come last of all that are started early.
    fn next(&mut self, plenty: bool) -> Option<(usize, Submission)> {
        let early = |ahead: &mut VecDeque<_>| if plenty { ahead.pop_front() } else { None };
        self.first
            .pop_front()
            .or_else(|| early(&mut self.ahead))
            .or_else(|| self.last.pop_front())
            .or_else(|| self.ahead.pop_front())
    }

    fn drain(&mut self) -> impl Iterator<Item = (usize, Submission)> {
        let Self { first, ahead, last } = self;
        first.drain(..).chain(ahead.drain(..)).chain(last.drain(..))
    }

    fn is_empty(&self) -> bool {
        self.first.is_empty() && self.ahead.is_empty() && self.last.is_empty()
    }
}

/// Runs these jobs; the results stand in their order.
pub(super) async fn run_all<E: Executor>(
    scheduler: &Scheduler<E>,
    jobs: &[Job],
    mut on_event: impl FnMut(&Event),
) -> Vec<Execution> {
    let (submit, coming) = mpsc::unbounded_channel();
    for job in jobs {
        // The other end is below.
        let _ = submit.send(Submission {
            job: job.clone(),
            rank: Rank::Last,
            leash: None,
        });
    }
    drop(submit);
    let mut results: Vec<Execution> = Vec::new();
    results.resize_with(jobs.len(), || Execution::not_started(INTERRUPTED));
    let mut take = |event: Event| {
        on_event(&event);
        if let Event::Finished(index, execution) = event {
            results[index] = *execution;
        }
    };
    scheduler.run(coming, &mut take).await;
    results
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
            fake_time: None,
            attempts: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::build::Executable;
    use crate::run::{Capture, Output};

    /// Does what the job's selector says: ends at once, or when cancelled.
    #[derive(Debug, Default)]
    struct Script {
        running: AtomicUsize,
        most: AtomicUsize,
    }

    impl Executor for Script {
        async fn execute(&self, job: Job, _leash: Leash, cancellation: Cancellation) -> Execution {
            let now = self.running.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            let selector = job.executable.selector.unwrap_or_default();
            match selector.as_str() {
                "forever" => cancellation.cancelled().await,
                "slow" => tokio::time::sleep(Duration::from_millis(50)).await,
                "panic" => panic!("a mistake in gosnip"),
                _ => tokio::task::yield_now().await,
            }
            self.running.fetch_sub(1, Ordering::SeqCst);
            let stdout = Output {
                text: selector,
                omitted: 0,
            };
            Execution {
                stdout,
                ..Execution::not_started("")
            }
        }
    }

    fn job(selector: &str) -> Job {
        Job {
            executable: Executable {
                binary: "unused".into(),
                selector: Some(selector.to_owned()),
                package: "main".to_owned(),
                merged: false,
                doors: Default::default(),
            },
            capture: Capture::Apart,
            max_procs: None,
            chosen: Default::default(),
            godebug: None,
            network: false,
            timeout: Duration::from_secs(1),
        }
    }

    fn scheduler(at_once: usize) -> Scheduler<Script> {
        Scheduler {
            executor: Arc::default(),
            at_once,
            aside: Duration::from_millis(1),
            slow: Duration::from_millis(2),
            cancellation: Cancellation::default(),
        }
    }

    fn run(
        scheduler: &Scheduler<Script>,
        jobs: &[Job],
        on_event: impl FnMut(&Event),
    ) -> Vec<Execution> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(run_all(scheduler, jobs, on_event))
    }

    #[test]
    fn results_stand_in_the_order_of_the_jobs() {
        let jobs = ["slow", "a", "b", "c"].map(job);
        let results = run(&scheduler(2), &jobs, |_| {});
        let texts: Vec<&str> = results
            .iter()
            .map(|result| result.stdout.text.as_str())
            .collect();
        assert_eq!(texts, ["slow", "a", "b", "c"]);
    }

    #[test]
    fn no_more_run_at_once_than_allowed_and_all_of_those() {
        let scheduler = Scheduler {
            aside: Duration::from_secs(100),
            slow: Duration::from_secs(100),
            ..scheduler(3)
        };
        run(&scheduler, &["slow"; 8].map(job), |_| {});
        assert_eq!(scheduler.executor.most.load(Ordering::SeqCst), 3);
    }

    #[test]
    fn jobs_that_go_on_step_aside_for_others_but_not_for_any_number() {
        let scheduler = scheduler(1);
        let mut slow = 0;
        run(&scheduler, &["forever"; 30].map(job), |event| {
            if let Event::Slow(_) = event {
                slow += 1;
                if slow > MOST_ASIDE {
                    scheduler.cancellation.cancel();
                }
            }
        });
        let most = scheduler.executor.most.load(Ordering::SeqCst);
        assert!((2..=MOST_ASIDE + 2).contains(&most), "{most}");
    }

    #[test]
    fn a_slow_job_is_announced_once_before_its_end() {
        let mut events = Vec::new();
        run(&scheduler(1), &[job("slow")], |event| {
            events.push(match event {
                Event::Started(index) => ("started", *index),
                Event::Slow(index) => ("slow", *index),
                Event::Finished(index, _) => ("finished", *index),
            });
        });
        assert_eq!(events, [("started", 0), ("slow", 0), ("finished", 0)]);
    }

    #[test]
    fn cancelled_while_one_runs_the_others_are_not_started() {
        // The job that runs for ever keeps its place.
        let scheduler = Scheduler {
            aside: Duration::from_secs(3600),
            ..scheduler(1)
        };
        let results = run(&scheduler, &["forever", "a"].map(job), |event| {
            if let Event::Slow(_) = event {
                scheduler.cancellation.cancel();
            }
        });
        assert_eq!(results[0].stdout.text, "forever");
        assert_eq!(results[1], Execution::not_started(INTERRUPTED));
    }

    #[test]
    fn a_mistake_in_one_job_leaves_the_others_alone() {
        let results = run(&scheduler(1), &["panic", "a"].map(job), |_| {});
        assert!(matches!(results[0].end, End::NotStarted(_)));
        assert_eq!(results[1].stdout.text, "a");
    }
}
