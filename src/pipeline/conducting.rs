//! Which run of which program comes next. Each program goes its own way and waits for none of the others:
//!
//! ```text
//! glance ─▶ ended? ─────────────────────────────────────────────▶ again, to see whether it varies
//!    │                                                             ▲ ▲
//!    ├────▶ computes ──────────────▶ in full ──────────────────────┘ │
//!    └────▶ waits ─┬▶ the clock that jumps ─▶ believed? ─────────────┤
//!                  └▶ in full, ahead ──── not believed? ─────────────┘
//! ```
//!
//! What can wait for nothing but itself starts in full: a glance would be time lost.
//!
//! Only those that wait are held back until it is known which they are: they are built for the clock that jumps in
//! one go, beside everything else. Meanwhile they wait in real time too, which costs nothing: whoever turns out to need
//! that has most of it behind him. What the steps decide stands in [`super::waiting`] and [`super::repeating`].

use std::panic::resume_unwind;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;

use crate::build::{Chosen, Executable, MapOrder};
use crate::chance::asks_the_clock;
use crate::program::Role;
use crate::report::Event;
use crate::run::{self, Capture, End, Execution, INTERRUPTED, Job, Leash, Rank, Submission};
use crate::toolchain::Mode;
use crate::verdict::crash::ending;

use super::engine::Engine;
use super::repeating::{self, Stage};
use super::running::Clocks;
use super::settled::Settled;
use super::waiting::{self, Next};

/// How long a program runs at most with the race detector, under which a deadlock is never reported.
const RACED_TAKES: Duration = Duration::from_secs(3);
/// How often it is looked whether the user has had enough.
const A_MOMENT: Duration = Duration::from_millis(20);

/// A program to be run, and how far that is.
pub(super) struct Task<'s> {
    /// The program.
    pub(super) settled: &'s Settled,
    /// What to start, in real time.
    pub(super) executable: Executable,
    /// What to start for the clock that jumps, if that clock is believed.
    pub(super) jumping: Option<Executable>,
    /// Its runs so far.
    pub(super) runs: Vec<Execution>,
    /// How far it was run again to see whether it varies.
    pub(super) stage: Stage,
    /// The orders of maps that were chosen for it so far.
    pub(super) orders: Vec<MapOrder>,
    /// What its jobs that run now are for.
    step: Step,
    /// Those jobs, each with what came of it.
    jobs: Vec<(Job, Option<Execution>)>,
    /// Whether the user had had enough before its outcome was known.
    cut_short: bool,
    /// Its run in full that was started before it was known whether one is needed.
    ahead: Option<Ahead>,
}

/// A run in full that nobody may need.
struct Ahead {
    /// Its index among all that were ever submitted.
    index: usize,
    job: Job,
    leash: Leash,
    execution: Option<Execution>,
}

/// What a job is to its task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// One of the jobs of its step, the one in this position.
    Step(usize),
    /// The one that was started ahead.
    Ahead,
}

/// What the jobs of a task are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// A look at what it does at first.
    Glance,
    /// Its run in real time, up to its time-out.
    Full,
    /// Its run with the clock that jumps.
    Jump,
    /// The runs that show whether it varies.
    Again,
}

/// Leads all tasks to their ends.
struct Conductor<'c, 's> {
    engine: &'c Engine<'c>,
    tasks: &'c mut [Task<'s>],
    submit: UnboundedSender<Submission>,
    /// For each job that was ever submitted, its task and what it is to that.
    places: Vec<(usize, Part)>,
    /// How many jobs are not finished.
    unfinished: usize,
    /// How many tasks are not glanced at yet.
    glancing: usize,
    /// The tasks that wait, held back until all are known.
    held: Vec<usize>,
}

impl Engine<'_> {
    /// Run all tasks as far as their outcome needs.
    pub(super) fn run_tasks(&self, tasks: &mut [Task<'_>], clocks: Clocks) {
        if self.is_cancelled() {
            for task in tasks {
                task.cut_short = true;
            }
            return;
        }
        if tasks.is_empty() {
            return;
        }
        thread::scope(|scope| {
            let (tell, news) = mpsc::channel();
            let (submit, jobs) = tokio::sync::mpsc::unbounded_channel();
            scope.spawn(move || {
                self.runner.serve(jobs, |event| {
                    // Somebody listens until all is done.
                    let _ = tell.send(event);
                });
            });
            let mut conductor = Conductor {
                engine: self,
                tasks,
                submit,
                places: Vec::new(),
                unfinished: 0,
                glancing: 0,
                held: Vec::new(),
            };
            conductor.start(clocks);
            let mut building: Option<Building<'_>> = None;
            while conductor.unfinished > 0 || building.is_some() {
                // Ctrl-C must be noticed at once, not when the next program ends.
                if self.is_cancelled() {
                    self.runner.cancellation().cancel();
                }
                match news.recv_timeout(A_MOMENT) {
                    Ok(event) => conductor.hear(event),
                    Err(RecvTimeoutError::Timeout) => {}
                    // The runner came to grief; leaving the scope says so.
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                if let Some(candidates) = conductor.waiting() {
                    let programs: Vec<&Settled> = candidates
                        .iter()
                        .map(|&at| conductor.tasks[at].settled)
                        .collect();
                    let thread = scope.spawn(move || self.build_jumping(&programs));
                    building = Some((candidates, thread));
                }
                if let Some((candidates, thread)) =
                    building.take_if(|(_, thread)| thread.is_finished())
                {
                    let built = thread.join().unwrap_or_else(|panic| resume_unwind(panic));
                    conductor.jump(candidates, built);
                }
            }
        });
    }
}

/// Those that are being built for the clock that jumps, and who does it.
type Building<'b> = (Vec<usize>, ScopedJoinHandle<'b, Vec<Option<Executable>>>);

impl Conductor<'_, '_> {
    /// Everybody's first job.
    fn start(&mut self, clocks: Clocks) {
        let mut order: Vec<usize> = (0..self.tasks.len()).collect();
        // Who may have to wait starts first: everything else is done meanwhile.
        order.sort_by_cached_key(|&at| !asks_the_clock(&self.tasks[at].settled.source.text));
        for at in order {
            let task = &self.tasks[at];
            let timeout = task.timeout();
            let (step, timeout) = match task.settled.mode() {
                Mode::Race => (Step::Full, timeout.min(RACED_TAKES)),
                Mode::Plain if clocks == Clocks::Any && waiting::is_to_be_glanced_at(task) => {
                    (Step::Glance, waiting::glance(task))
                }
                Mode::Plain | Mode::FakeTime => (Step::Full, timeout),
            };
            self.glancing += usize::from(step == Step::Glance);
            let job = task.job(timeout);
            self.submit(at, step, vec![job]);
        }
    }

    /// Hand in the jobs of a task's next step.
    fn submit(&mut self, at: usize, step: Step, jobs: Vec<Job>) {
        for (position, job) in jobs.iter().enumerate() {
            let rank = match step {
                Step::Again => Rank::Last,
                Step::Glance | Step::Full | Step::Jump => Rank::First,
            };
            self.hand_in(at, Part::Step(position), job.clone(), rank, None);
        }
        let task = &mut self.tasks[at];
        task.step = step;
        task.jobs = jobs.into_iter().map(|job| (job, None)).collect();
    }

    fn hand_in(&mut self, at: usize, part: Part, job: Job, rank: Rank, leash: Option<Leash>) {
        self.places.push((at, part));
        self.unfinished += 1;
        // It is received as long as the runner serves, and that is until this sender is gone.
        let _ = self.submit.send(Submission { job, rank, leash });
    }

    fn hear(&mut self, event: run::Event) {
        match event {
            run::Event::Started(index) => self.engine.listener.event(Event::Started {
                place: self.place(index),
            }),
            run::Event::Slow(index) => self.engine.listener.event(Event::Slow {
                place: self.place(index),
                seconds: 5,
            }),
            run::Event::Finished(index, execution) => {
                self.engine.listener.event(Event::Ran {
                    place: self.place(index),
                    ending: ending(&execution),
                });
                self.unfinished -= 1;
                match self.places[index] {
                    (at, Part::Step(position)) => {
                        self.tasks[at].jobs[position].1 = Some(*execution);
                        self.advance_if_done(at);
                    }
                    (at, Part::Ahead) => {
                        if let Some(ahead) = &mut self.tasks[at].ahead {
                            ahead.execution = Some(*execution);
                        }
                    }
                }
            }
        }
    }

    fn advance_if_done(&mut self, at: usize) {
        let mut jobs = self.tasks[at].jobs.iter();
        if jobs.all(|(_, execution)| execution.is_some()) {
            self.advance(at);
        }
    }

    /// Where the block of a job stands.
    fn place(&self, index: usize) -> String {
        let (at, _) = self.places[index];
        self.tasks[at].settled.planned.place.clone()
    }

    /// Hand in jobs that were not counted before.
    fn more(&mut self, at: usize, step: Step, jobs: Vec<Job>) {
        if jobs.is_empty() {
            return;
        }
        if self.engine.is_cancelled() {
            self.tasks[at].cut_short = true;
            return;
        }
        self.engine.phases.more(jobs.len());
        self.submit(at, step, jobs);
    }

    /// The jobs of a task's step are done: what follows from them, and what comes next.
    fn advance(&mut self, at: usize) {
        let task = &mut self.tasks[at];
        let step = task.step;
        let done = std::mem::take(&mut task.jobs);
        let mut executions = done.iter().filter_map(|(_, execution)| execution.as_ref());
        task.cut_short |= executions.any(was_interrupted);
        let mut seen = done
            .into_iter()
            .filter_map(|(job, execution)| Some((job, execution?)))
            .filter(|(job, execution)| {
                !was_interrupted(execution) && repeating::counts(job, execution)
            })
            .map(|(_, execution)| execution);
        match step {
            Step::Again => {
                for execution in seen {
                    if repeating::tells(task.runs.first(), &execution) {
                        task.runs.push(execution);
                    }
                }
                self.repeat(at);
            }
            Step::Full => {
                task.runs = seen.collect();
                self.repeat(at);
            }
            Step::Glance => {
                task.runs = seen.collect();
                self.glancing -= 1;
                match waiting::after_glance(task) {
                    Next::Decided => self.repeat(at),
                    Next::Full => self.in_full(at, self.tasks[at].timeout()),
                    Next::Jump if !waiting::is_sound(&self.tasks[at]) => self.without_jumping(at),
                    Next::Jump => {
                        self.go_ahead(at);
                        self.held.push(at);
                    }
                }
            }
            Step::Jump => match seen.next() {
                None => self.without_jumping(at),
                Some(jumped) => match self.engine.after_jump(task, jumped) {
                    Some(timeout) => self.in_full(at, timeout),
                    None => {
                        self.let_go(at);
                        self.repeat(at);
                    }
                },
            },
        }
    }

    /// Have a program that waits wait in real time, before it is known whether somebody will want to know how that ends.
    fn go_ahead(&mut self, at: usize) {
        if !waiting::matters(&self.tasks[at]) || self.engine.is_cancelled() {
            return;
        }
        let job = self.tasks[at].job(self.tasks[at].timeout());
        let leash = Leash::new(job.timeout);
        self.tasks[at].ahead = Some(Ahead {
            index: self.places.len(),
            job: job.clone(),
            leash: leash.clone(),
            execution: None,
        });
        self.engine.phases.more(1);
        self.hand_in(at, Part::Ahead, job, Rank::Ahead, Some(leash));
    }

    /// End the run that was started ahead: nobody needs it.
    fn let_go(&mut self, at: usize) {
        if let Some(ahead) = self.tasks[at].ahead.take() {
            ahead.leash.let_go();
        }
    }

    /// The run in real time that is to be believed, in place of what was seen before.
    fn in_full(&mut self, at: usize, timeout: Duration) {
        let Some(ahead) = self.tasks[at].ahead.take() else {
            let job = self.tasks[at].job(timeout);
            return self.more(at, Step::Full, vec![job]);
        };
        ahead.leash.change(timeout);
        self.places[ahead.index] = (at, Part::Step(0));
        let task = &mut self.tasks[at];
        task.step = Step::Full;
        task.jobs = vec![(ahead.job, ahead.execution)];
        self.advance_if_done(at);
    }

    /// The runs that show whether it varies, if more are needed.
    fn repeat(&mut self, at: usize) {
        let jobs = self.tasks[at].repetitions();
        self.more(at, Step::Again, jobs);
    }

    /// A task that waits, where the clock that jumps can't be had.
    fn without_jumping(&mut self, at: usize) {
        match waiting::matters(&self.tasks[at]) {
            true => self.in_full(at, self.tasks[at].timeout()),
            false => self.repeat(at),
        }
    }

    /// When all that wait are known: those that are to be built for the clock that jumps, if that is worth it.
    fn waiting(&mut self) -> Option<Vec<usize>> {
        if self.glancing > 0 || self.held.is_empty() {
            return None;
        }
        let candidates = std::mem::take(&mut self.held);
        let worth = waiting::is_worth_building(candidates.iter().map(|&at| &self.tasks[at]));
        if worth && !self.engine.is_cancelled() {
            return Some(candidates);
        }
        for at in candidates {
            self.without_jumping(at);
        }
        None
    }

    /// Run those with the clock that jumps which could be built for it.
    fn jump(&mut self, candidates: Vec<usize>, built: Vec<Option<Executable>>) {
        for (at, executable) in candidates.into_iter().zip(built) {
            self.tasks[at].jumping = executable;
            match self.tasks[at].jump() {
                Some(job) => self.more(at, Step::Jump, vec![job]),
                None => self.without_jumping(at),
            }
        }
    }
}

impl<'s> Task<'s> {
    /// A program that has not run yet.
    pub(super) fn new(settled: &'s Settled, executable: Executable) -> Self {
        Self {
            settled,
            executable,
            jumping: None,
            runs: Vec::new(),
            stage: Stage::default(),
            orders: Vec::new(),
            step: Step::Glance,
            jobs: Vec::new(),
            cut_short: false,
            ahead: None,
        }
    }

    /// Whether nothing can be said of it, since the user had had enough before it had done all that it was to do.
    pub(super) fn is_cut_short(&self) -> bool {
        self.cut_short
    }

    /// The program in real time.
    pub(super) fn job(&self, timeout: Duration) -> Job {
        Job {
            executable: self.executable.clone(),
            capture: match self.settled.planned.role {
                Role::Apart => Capture::Apart,
                _ => Capture::Together,
            },
            max_procs: None,
            chosen: Chosen::default(),
            godebug: self.settled.conditions.runtime.clone(),
            network: self.settled.needs_network(),
            timeout,
        }
    }

    /// How long it may take.
    pub(super) fn timeout(&self) -> Duration {
        self.settled.planned.timeout
    }

    /// The program with the clock that jumps, up to its time-out on that clock.
    pub(super) fn jump(&self) -> Option<Job> {
        if self.settled.planned.role == Role::Apart {
            return None;
        }
        Some(Job {
            executable: self.jumping.clone()?,
            capture: Capture::FakeTime(self.timeout()),
            timeout: waiting::jumping_takes(self),
            ..self.job(self.timeout())
        })
    }
}

fn was_interrupted(execution: &Execution) -> bool {
    execution.end == End::NotStarted(INTERRUPTED.to_owned())
}
