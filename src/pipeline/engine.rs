//! Drafts → programs that compile → observations, on the machine's Go.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use camino::Utf8PathBuf;

use crate::build::{Builder, Compiled, Executable, Options, Unit};
use crate::observation::{Complaint, Observation, may_vary};
use crate::program::Program;
use crate::report::{self, Event, Listener};
use crate::run::{self, Capture, End, Execution, Job, Runner};
use crate::settings::{SandboxMode, Settings};
use crate::snippet::repair::{self, Trouble};
use crate::snippet::{Context, Packages, Source};
use crate::toolchain::stdlib::Index;
use crate::toolchain::{Language, Toolchain};

use super::plan::Planned;
use super::reading::Reading;
use super::{PipelineError, toolchains};

/// How often a draft is repaired before what is left counts as trouble. Each repair answers all
/// complaints of a compilation, so the number bounds chains of declarations that need each other.
const MOST_REPAIRS: usize = 16;
/// How often a program is run whose output may differ from run to run, with these `GOMAXPROCS`.
const VARIED_RUNS: [Option<u32>; 5] = [Some(1), None, Some(4), Some(2), None];
/// Programs slower than this are run again only once to see whether they vary.
const REPEATABLE: Duration = Duration::from_millis(700);
/// How often it is looked whether the user has had enough.
const CANCELLATION_CHECK: Duration = Duration::from_millis(20);
/// Programs that wait (for a timer, for ever) need no processor, so more of them run than there are.
const PROCESSES_PER_JOB: usize = 6;

/// Everything that is needed to build and run programs.
pub struct Engine<'a> {
    builder: Builder<'a>,
    index: Index,
    runner: Runner,
    listener: &'a dyn Listener,
    cancelled: &'a AtomicBool,
    timeout: Duration,
    race: bool,
    // Deleted when the engine is dropped.
    _work: tempfile::TempDir,
    counts: Mutex<Counts>,
}

/// How many programs shared a binary, and how many had one of their own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Programs that shared a binary.
    pub merged: u32,
    /// Programs with a binary of their own.
    pub not_merged: u32,
}

/// A planned program after all repairs.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The plan, with the repaired draft.
    pub planned: Planned,
    /// The draft's source.
    pub source: Source,
    /// What the compiler made of it.
    pub compiled: Compiled,
    /// What could not be repaired.
    pub trouble: Trouble,
}

impl Settled {
    /// The block's index in its note.
    pub fn block(&self) -> usize {
        self.planned.draft.snippet.block
    }

    /// Whether it compiles.
    pub fn compiles(&self) -> bool {
        self.compiled.object.is_some()
    }

    /// Whether there is something to run, and all of it is the author's.
    fn is_runnable(&self) -> bool {
        let draft = &self.planned.draft;
        self.compiles() && draft.executes() && !draft.is_compiled_only()
    }
}

impl Packages for Index {
    fn resolve(&self, name: &str, selected: &[&str]) -> Option<String> {
        Index::resolve(self, name, selected).map(str::to_owned)
    }

    fn contains(&self, path: &str) -> bool {
        Index::contains(self, path)
    }
}

impl<'a> Engine<'a> {
    /// Find a toolchain, and set up building and running.
    pub fn new(
        settings: &Settings,
        listener: &'a dyn Listener,
        cancelled: &'a AtomicBool,
    ) -> Result<Self, PipelineError> {
        let environment = |text: String| PipelineError::Environment(text);
        let toolchain = toolchains::choose(settings, listener)?;
        let work = tempfile::Builder::new()
            .prefix("gosnip-")
            .tempdir()
            .map_err(|error| environment(format!("no temporary folder can be made: {error}")))?;
        let folder = Utf8PathBuf::from_path_buf(work.path().to_owned())
            .map_err(|path| environment(format!("{} is not UTF-8; set TMPDIR", path.display())))?;
        let options = Options {
            work: folder.join("build"),
            cache: toolchains::cache(settings)?,
            reuse: settings.cache.results,
            jobs: settings.run.jobs,
        };
        let index = Index::load(&toolchain);
        let notice = Box::new(|notice| listener.event(Event::Notice(notice)));
        let builder = Builder::new(toolchain, options, notice);
        let runner = Runner::new(&sandbox(settings)?, processes(settings.run.jobs))
            .map_err(|error| environment(error.to_string()))?;
        Ok(Self {
            builder,
            index,
            runner,
            listener,
            cancelled,
            timeout: settings.run.timeout,
            race: settings.run.race,
            _work: work,
            counts: Mutex::default(),
        })
    }

    /// The toolchain.
    pub fn toolchain(&self) -> &Toolchain {
        self.builder.toolchain()
    }

    /// The language version of the toolchain.
    pub fn language(&self) -> Language {
        self.toolchain().language
    }

    /// What contains the programs.
    pub fn sandbox(&self) -> report::Sandbox {
        report::Sandbox {
            level: self.runner.level().to_string(),
            notices: self.runner.notices().to_vec(),
        }
    }

    /// How many programs shared a binary so far.
    pub fn counts(&self) -> Counts {
        *self
            .counts
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Compile drafts, answering the compiler until each compiles or nothing more can be repaired.
    pub fn settle(&self, planned: Vec<Planned>, reading: &Reading) -> Vec<Settled> {
        let mut done: Vec<Option<Settled>> = planned.iter().map(|_| None).collect();
        let mut open: Vec<(usize, Planned)> = planned.into_iter().enumerate().collect();
        self.listener.event(Event::Phase {
            name: "compiling",
            steps: open.len() as u64,
        });
        for round in 0.. {
            if open.is_empty() || self.is_cancelled() {
                break;
            }
            let context = |planned: &Planned| -> &Context { &reading.notes[planned.note].context };
            let sources: Vec<Source> = open
                .iter()
                .map(|(_, planned)| planned.draft.render(context(planned), &self.index))
                .collect();
            let units: Vec<Unit> = open
                .iter()
                .zip(&sources)
                .map(|((_, planned), source)| self.unit(source, planned.escapes, self.language()))
                .collect();
            let compiled = self.builder.compile(&units);
            let mut again = Vec::new();
            for (((at, planned), source), compiled) in open.into_iter().zip(sources).zip(compiled) {
                let repaired = if compiled.object.is_some() || compiled.failure.is_some() {
                    Err(Trouble::default())
                } else {
                    repair::repair(
                        &planned.draft,
                        &source,
                        &compiled.diagnostics,
                        context(&planned),
                        &self.index,
                    )
                };
                match repaired {
                    Ok(draft) if round < MOST_REPAIRS => {
                        again.push((at, Planned { draft, ..planned }));
                    }
                    repaired => {
                        self.listener.event(Event::Step);
                        done[at] = Some(Settled {
                            planned,
                            source,
                            compiled,
                            trouble: repaired.err().unwrap_or_default(),
                        });
                    }
                }
            }
            open = again;
        }
        done.into_iter().flatten().collect()
    }

    fn unit(&self, source: &Source, escapes: bool, language: Language) -> Unit {
        Unit {
            source: source.text.clone(),
            language,
            escapes,
            no_inline: false,
            race: self.race,
        }
    }

    /// The programs that were observed, compiled for another language version; those that do not
    /// compile for it are left out.
    pub fn recompile(&self, observations: &[Observation], language: Language) -> Vec<Settled> {
        let observed: Vec<&Observation> = observations.iter().filter(|it| it.compiled).collect();
        let units: Vec<Unit> = observed
            .iter()
            .map(|observation| self.unit(&observation.program.source, false, language))
            .collect();
        let compiled = self.builder.compile(&units);
        observed
            .iter()
            .zip(compiled)
            .filter(|(_, compiled)| compiled.object.is_some())
            .map(|(observation, compiled)| Settled {
                planned: Planned {
                    note: observation.program.note,
                    place: String::new(),
                    role: observation.program.role,
                    draft: observation.program.draft.clone(),
                    escapes: false,
                },
                source: observation.program.source.clone(),
                compiled,
                trouble: Trouble::default(),
            })
            .collect()
    }

    /// Link and run what can be run, and say what happened to every program.
    pub fn observe(&self, settled: Vec<Settled>, timeout: Option<Duration>) -> Vec<Observation> {
        let runnable: Vec<usize> = (0..settled.len())
            .filter(|&at| settled[at].is_runnable())
            .collect();
        let compiled: Vec<&Compiled> = runnable.iter().map(|&at| &settled[at].compiled).collect();
        self.listener.event(Event::Phase {
            name: "linking",
            steps: 0,
        });
        let linked = if self.is_cancelled() {
            Vec::new()
        } else {
            self.builder.link(&compiled)
        };
        let mut executables: Vec<Option<Executable>> = settled.iter().map(|_| None).collect();
        let mut failures: Vec<Option<String>> = settled.iter().map(|_| None).collect();
        for (&at, linked) in runnable.iter().zip(linked) {
            match linked {
                Ok(executable) => executables[at] = Some(executable),
                Err(reason) => failures[at] = Some(reason),
            }
        }
        self.count(&executables);
        let mut runs = self.run_all(&settled, &executables, timeout.unwrap_or(self.timeout));
        settled
            .into_iter()
            .enumerate()
            .map(|(at, settled)| {
                let merged = executables[at].as_ref().is_some_and(|it| it.merged);
                observation(
                    settled,
                    std::mem::take(&mut runs[at]),
                    failures[at].take(),
                    merged,
                )
            })
            .collect()
    }

    fn count(&self, executables: &[Option<Executable>]) {
        let mut counts = self
            .counts
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        for executable in executables.iter().flatten() {
            if executable.merged {
                counts.merged += 1;
            } else {
                counts.not_merged += 1;
            }
        }
    }

    /// Run each program once, and those again whose output may vary and that are quick.
    fn run_all(
        &self,
        settled: &[Settled],
        executables: &[Option<Executable>],
        timeout: Duration,
    ) -> Vec<Vec<Execution>> {
        let job = |executable: &Executable, max_procs| Job {
            executable: executable.clone(),
            capture: Capture::Together,
            max_procs,
            godebug: None,
            timeout,
        };
        let first: Vec<(usize, Job)> = executables
            .iter()
            .enumerate()
            .filter_map(|(at, executable)| Some((at, job(executable.as_ref()?, None))))
            .collect();
        let mut runs: Vec<Vec<Execution>> = settled.iter().map(|_| Vec::new()).collect();
        self.run_jobs("running", settled, first, &mut runs);
        let mut again = Vec::new();
        for (at, executable) in executables.iter().enumerate() {
            let (Some(executable), Some(run)) = (executable, runs[at].first()) else {
                continue;
            };
            let times = match run.end {
                End::NotStarted(_) | End::TimedOut { .. } | End::OutputLimit => 0,
                _ if !may_vary(&settled[at].source.text) => 1,
                // Once at least: what was seen once only is not known to be stable.
                _ if run.duration > REPEATABLE => 1,
                _ => VARIED_RUNS.len(),
            };
            again.extend(
                VARIED_RUNS[..times]
                    .iter()
                    .map(|max_procs| (at, job(executable, *max_procs))),
            );
        }
        self.run_jobs("running again", settled, again, &mut runs);
        runs
    }

    fn run_jobs(
        &self,
        phase: &'static str,
        settled: &[Settled],
        jobs: Vec<(usize, Job)>,
        runs: &mut [Vec<Execution>],
    ) {
        if jobs.is_empty() || self.is_cancelled() {
            return;
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
                run::Event::Finished(..) => self.listener.event(Event::Step),
                run::Event::Slow(index) => self.listener.event(Event::Slow {
                    place: settled[places[index]].planned.place.clone(),
                    seconds: 5,
                }),
            })
        });
        for (at, execution) in places.into_iter().zip(executions) {
            if execution.end != End::NotStarted("interrupted".to_owned()) {
                runs[at].push(execution);
            }
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

fn processes(jobs: NonZeroUsize) -> NonZeroUsize {
    jobs.saturating_mul(const { NonZeroUsize::new(PROCESSES_PER_JOB).unwrap() })
}

fn sandbox(settings: &Settings) -> Result<run::sandbox::Options, PipelineError> {
    let launcher = std::env::current_exe().map_err(|error| {
        PipelineError::Environment(format!("gosnip cannot find itself: {error}"))
    })?;
    let policy = match settings.run.sandbox {
        SandboxMode::Auto => run::sandbox::Policy::Auto,
        SandboxMode::Require => run::sandbox::Policy::Require,
        SandboxMode::Off => run::sandbox::Policy::Off,
    };
    let mut options = run::sandbox::Options::new(launcher);
    options.policy = policy;
    if let Some(memory) = settings.run.memory {
        options.limits.memory = memory;
    }
    Ok(options)
}

fn observation(
    settled: Settled,
    runs: Vec<Execution>,
    failure: Option<String>,
    merged: bool,
) -> Observation {
    let Settled {
        planned,
        source,
        compiled,
        trouble,
    } = settled;
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
        runs,
        merged,
        cached: compiled.cached,
        program: Program {
            note: planned.note,
            block,
            role: planned.role,
            draft: planned.draft,
            source,
        },
    }
}
