//! Programs that compile → what they do: recalled from the store, or run.
//!
//! Nobody wants to wait for a program that sleeps. So each is run for a second of real time first, which is
//! all that most need. What still waits then is run with a clock that jumps ([`super::waiting`]), if the
//! waiting would cost more than building the standard library for that clock is worth. Whatever that does
//! not settle is run in real time up to its time-out. Then those are run again whose output may vary.

use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use crate::build::{Compiled, Executable, MapOrder};
use crate::observation::{Complaint, Observation};
use crate::program::Program;
use crate::report::Event;
use crate::run::store::{self, Record};
use crate::run::{self, Capture, End, Execution, Job};
use crate::snippet::{repair, testing};
use crate::toolchain::Mode;
use crate::verdict::crash::ending;

use super::engine::{Engine, Settled};
use super::repeating::{self, Stage};
use super::waiting::{self, GLANCE};

/// How long a program runs at most with the race detector, under which a deadlock is never reported.
const RACED_TAKES: Duration = Duration::from_secs(3);
/// How often it is looked whether the user has had enough.
const CANCELLATION_CHECK: Duration = Duration::from_millis(20);

/// Which clocks may be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clocks {
    /// Also one that jumps over waiting, where that is sound.
    Any,
    /// The real one only: it has the last word before a claim is called refuted.
    Real,
}

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
    /// What more is to be run in real time, for how long; then the waiting is over.
    pub(super) pending: Option<Duration>,
    /// How far it was run again to see whether it varies.
    pub(super) stage: Stage,
    /// The orders of maps that were chosen for it so far.
    pub(super) orders: Vec<MapOrder>,
}

/// What became of a program: its record, or why there is none.
enum Fate {
    Recalled(Record),
    Ran(Record),
    Failed(String),
    NotRun,
}

impl Engine<'_> {
    /// Say what happens to every program: from earlier runs where nothing has changed, else by linking and
    /// running it.
    pub fn observe(&self, settled: Vec<Settled>, clocks: Clocks) -> Vec<Observation> {
        let mut fates: Vec<Fate> = settled.iter().map(|_| Fate::NotRun).collect();
        let runnable: Vec<usize> = (0..settled.len())
            .filter(|&at| settled[at].is_runnable())
            .collect();
        let keys: Vec<String> = runnable
            .iter()
            .map(|&at| self.key(&settled[at], clocks))
            .collect();
        let known = self.recall(&keys);
        let mut unknown = Vec::new();
        for ((&at, key), known) in runnable.iter().zip(keys).zip(known) {
            match known {
                Some(record) => fates[at] = Fate::Recalled(record),
                None => unknown.push((at, key)),
            }
        }
        if !unknown.is_empty() && !self.is_cancelled() {
            let all: Vec<&Compiled> = runnable.iter().map(|&at| &settled[at].compiled).collect();
            // As if everything had been linked at once, so that a report does not tell what was cached.
            let shares: std::collections::BTreeMap<usize, bool> = runnable
                .iter()
                .copied()
                .zip(self.builder.shares(&all))
                .collect();
            for (at, fate) in self.run_all(&settled, &unknown, &shares, clocks) {
                fates[at] = fate;
            }
        }
        settled
            .into_iter()
            .zip(fates)
            .map(|(settled, fate)| {
                let observation = observation(settled, fate);
                self.count(&observation);
                observation
            })
            .collect()
    }

    /// What a program's runs depend on.
    fn key(&self, settled: &Settled, clocks: Clocks) -> String {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        store::key([
            settled.source.text.as_str(),
            &self
                .builder
                .identity(settled.mode(), &settled.compiled.linkage.imports),
            &format!("{:?}", settled.conditions),
            self.runner.level().name(),
            &format!("{:?} {:?}", self.limits, settled.planned.timeout),
            &format!("{clocks:?} {processors} {}", settled.planned.asked),
        ])
    }

    fn recall(&self, keys: &[String]) -> Vec<Option<Record>> {
        match &self.store {
            Some(store) => keys.iter().map(|key| store.recall(key)).collect(),
            None => keys.iter().map(|_| None).collect(),
        }
    }

    /// Link and run these (position and key), and keep what is worth keeping.
    fn run_all(
        &self,
        settled: &[Settled],
        unknown: &[(usize, String)],
        shares: &std::collections::BTreeMap<usize, bool>,
        clocks: Clocks,
    ) -> Vec<(usize, Fate)> {
        self.listener.event(Event::Phase {
            name: "linking",
            steps: 0,
        });
        let programs: Vec<&Compiled> = unknown
            .iter()
            .map(|(at, _)| &settled[*at].compiled)
            .collect();
        let together = self.builder.shares(&programs);
        let linked = self.link(&programs, settled, unknown);
        let mut fates = Vec::new();
        let (mut tasks, mut places) = (Vec::new(), Vec::new());
        for (((at, key), linked), together) in unknown.iter().zip(linked).zip(together) {
            match linked {
                Err(reason) => fates.push((*at, Fate::Failed(reason))),
                Ok(executable) => {
                    // Linked alone though there were others: it cannot be merged.
                    let merged = shares[at] && (executable.merged || !together);
                    places.push((*at, key, merged));
                    tasks.push(Task {
                        settled: &settled[*at],
                        executable,
                        jumping: None,
                        runs: Vec::new(),
                        pending: None,
                        stage: Stage::default(),
                        orders: Vec::new(),
                    });
                }
            }
        }
        self.run_tasks(&mut tasks, clocks);
        for (task, (at, key, merged)) in tasks.into_iter().zip(places) {
            let timeless = !task.settled.source.text.contains("time.Now");
            let runs = task.runs;
            let life = store::life(&runs, timeless).filter(|_| !self.is_cancelled());
            let record = Record { runs, merged };
            if let (Some(store), Some(life)) = (&self.store, life) {
                store.keep(key, &record, life);
            }
            fates.push((at, Fate::Ran(record)));
        }
        if let Some(store) = &self.store {
            store.tidy();
        }
        fates
    }

    /// Link; where an object has vanished meanwhile (somebody cleaned the cache), compile it again.
    fn link(
        &self,
        programs: &[&Compiled],
        settled: &[Settled],
        unknown: &[(usize, String)],
    ) -> Vec<Result<Executable, String>> {
        let mut linked = self.builder.link(programs);
        for ((linked, program), (at, _)) in linked.iter_mut().zip(programs).zip(unknown) {
            let vanished = |object: &camino::Utf8PathBuf| !object.exists();
            if linked.is_err() && program.object.as_ref().is_some_and(vanished) {
                let settled = &settled[*at];
                let unit = self.unit(
                    &settled.source,
                    settled.planned.escapes,
                    &settled.conditions,
                    settled.mode(),
                );
                let again = self.builder.compile(&[unit]);
                if let Some(again) = self.builder.link(&again.iter().collect::<Vec<_>>()).pop() {
                    *linked = again;
                }
            }
        }
        linked
    }

    fn run_tasks(&self, tasks: &mut [Task<'_>], clocks: Clocks) {
        let jumps = clocks == Clocks::Any;
        for task in tasks.iter_mut() {
            let timeout = task.timeout();
            task.pending = Some(match task.settled.mode() {
                Mode::Plain if jumps => timeout.min(GLANCE),
                Mode::Race => timeout.min(RACED_TAKES),
                Mode::Plain | Mode::FakeTime => timeout,
            });
        }
        self.run_jobs("running", tasks);
        if jumps {
            self.settle_waiting(tasks);
        }
        // The slow ones wait out their time while the others run again.
        while self.run_jobs("running again", tasks) {}
    }

    /// Run what each task needs next, and put the executions to the tasks; whether there was anything.
    fn run_jobs(&self, phase: &'static str, tasks: &mut [Task<'_>]) -> bool {
        let mut jobs = Vec::new();
        for (at, task) in tasks.iter_mut().enumerate() {
            jobs.extend(task.next().into_iter().map(|job| (at, job)));
        }
        let any = !jobs.is_empty();
        for (at, execution) in self.executions(phase, tasks, jobs) {
            if repeating::tells(tasks[at].runs.first(), &execution) {
                tasks[at].runs.push(execution);
            }
        }
        any && !self.is_cancelled()
    }

    /// Run the jobs; what was interrupted gives nothing.
    pub(super) fn executions(
        &self,
        phase: &'static str,
        tasks: &[Task<'_>],
        jobs: Vec<(usize, Job)>,
    ) -> Vec<(usize, Execution)> {
        if jobs.is_empty() || self.is_cancelled() {
            return Vec::new();
        }
        self.listener.event(Event::Phase {
            name: phase,
            steps: jobs.len() as u64,
        });
        let (places, jobs): (Vec<usize>, Vec<Job>) = jobs.into_iter().unzip();
        let cancellation = self.runner.cancellation().clone();
        let executions = std::thread::scope(|scope| {
            // Ctrl-C must be noticed at once, not when the next program ends. Dropping `_running` ends the
            // thread.
            let (_running, over) = std::sync::mpsc::channel::<()>();
            scope.spawn(move || {
                while over.recv_timeout(CANCELLATION_CHECK) == Err(RecvTimeoutError::Timeout) {
                    if self.is_cancelled() {
                        cancellation.cancel();
                        return;
                    }
                }
            });
            self.runner.run(&jobs, |event| match event {
                run::Event::Finished(index, execution) => self.listener.event(Event::Ran {
                    place: tasks[places[index]].settled.planned.place.clone(),
                    ending: ending(execution),
                }),
                run::Event::Slow(index) => self.listener.event(Event::Slow {
                    place: tasks[places[index]].settled.planned.place.clone(),
                    seconds: 5,
                }),
            })
        });
        let interrupted = End::NotStarted("interrupted".to_owned());
        places
            .into_iter()
            .zip(jobs.iter().zip(executions))
            .filter(|(_, (job, execution))| {
                execution.end != interrupted && repeating::counts(job, execution)
            })
            .map(|(place, (_, execution))| (place, execution))
            .collect()
    }
}

impl Task<'_> {
    /// The jobs that are to be done next: what is pending, in place of what was seen before; or else those
    /// that show whether the output varies.
    fn next(&mut self) -> Vec<Job> {
        match self.pending.take() {
            Some(timeout) => {
                self.runs.clear();
                self.stage = Stage::default();
                self.orders.clear();
                vec![self.job(timeout)]
            }
            None => self.repetitions(),
        }
    }

    /// The program in real time.
    pub(super) fn job(&self, timeout: Duration) -> Job {
        Job {
            executable: self.executable.clone(),
            capture: Capture::Together,
            max_procs: None,
            map_order: None,
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
        Some(Job {
            executable: self.jumping.clone()?,
            capture: Capture::FakeTime(self.timeout()),
            max_procs: None,
            map_order: None,
            godebug: self.settled.conditions.runtime.clone(),
            network: self.settled.needs_network(),
            timeout: waiting::jumping_takes(self),
        })
    }
}

fn observation(settled: Settled, fate: Fate) -> Observation {
    let Settled {
        planned,
        source,
        compiled,
        trouble,
        conditions,
    } = settled;
    let recalled = !matches!(fate, Fate::Ran(_) | Fate::Failed(_));
    let (record, failure) = match fate {
        Fate::Recalled(record) | Fate::Ran(record) => (Some(record), None),
        Fate::Failed(reason) => (None, Some(reason)),
        Fate::NotRun => (None, None),
    };
    let merged = record.as_ref().is_some_and(|record| record.merged);
    let mut runs = record.map_or_else(Vec::new, |record| record.runs);
    if planned.draft.tests.is_some() {
        for run in &mut runs {
            run.stdout.text = testing::steady(&run.stdout.text);
        }
    }
    let block = planned.draft.snippet.block;
    let code_line = |place: crate::snippet::Place| {
        let code = planned.draft.snippet.code();
        (place.block == block).then(|| repair::line_of(code, place.offset))
    };
    let complaints = compiled
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let place = source.locate(diagnostic.line, diagnostic.column);
            Complaint {
                place,
                line: place.and_then(code_line),
                diagnostic: diagnostic.clone(),
            }
        })
        .collect();
    let escapes = compiled
        .escapes
        .iter()
        .map(|escape| {
            let place = source.locate(escape.line, escape.column);
            (place.and_then(code_line), escape.clone())
        })
        .collect();
    Observation {
        complaints,
        missing: trouble.missing,
        compiled: compiled.object.is_some(),
        failure: compiled.failure.or(failure),
        escapes,
        inspected: compiled.inspected,
        runs,
        language: conditions.language,
        merged,
        cached: compiled.cached && recalled,
        program: Program {
            note: planned.note,
            block,
            role: planned.role,
            draft: planned.draft,
            source,
            timeout: planned.timeout,
            escapes: planned.escapes,
        },
    }
}
