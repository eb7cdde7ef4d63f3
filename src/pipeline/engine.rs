//! Drafts → programs that compile → observations, on the machine's Go.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use camino::Utf8PathBuf;

use crate::build::{Builder, Compiled, INTERRUPTED, Options, Task, Unit, parallel};
use crate::history::former;
use crate::observation::Observation;
use crate::program::{Conditions, Role};
use crate::report::{self, Event, Listener};
use crate::run::sandbox::Limits;
use crate::run::store::Store;
use crate::run::{self, Runner};
use crate::settings::{SandboxMode, Settings};
use crate::snippet::repair::{self, Trouble};
use crate::snippet::{Context, Draft, Packages, Source};
use crate::temporary::Folder;
use crate::toolchain::stdlib::Index;
use crate::toolchain::{Language, Mode, Toolchain};

use super::phases::Phases;
use super::plan::Planned;
use super::reading::Reading;
use super::running::Clocks;
use super::settled::Settled;
use super::{PipelineError, attempts, modules, toolchains};

/// How often a draft is repaired before what is left counts as trouble. Each repair answers all
/// complaints of a compilation, so the number bounds chains of declarations that need each other,
/// and what is found out about stand-ins one round after the other.
const MOST_REPAIRS: usize = 32;
/// Programs wait for their start, for timers and for each other, so more of them run than are to compute.
const PROCESSES_PER_JOB: usize = 4;

/// Everything that is needed to build and run programs.
pub struct Engine<'a> {
    pub(super) builder: Builder<'a>,
    index: Index,
    pub(super) runner: Runner,
    pub(super) limits: Limits,
    pub(super) store: Option<Store>,
    pub(super) listener: &'a dyn Listener,
    cancelled: &'a AtomicBool,
    /// Whether all programs with goroutines are watched for races.
    pub(super) race: bool,
    // Deleted when the engine is dropped.
    _work: Folder,
    counts: Mutex<Counts>,
    pub(super) phases: Phases<'a>,
}

/// How many programs that ran shared a binary, had one of their own, or were not run again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Programs that shared a binary.
    pub merged: u32,
    /// Programs with a binary of their own.
    pub not_merged: u32,
    /// Programs whose runs of an earlier time were told again.
    pub replayed: u32,
}

/// A planned program, as it is to be compiled next.
#[derive(Debug, Clone)]
struct Attempt {
    planned: Planned,
    source: Source,
    unit: Unit,
}

impl Packages for Index {
    fn resolve(&self, name: &str, selected: &[&str]) -> Option<String> {
        Index::resolve(self, name, selected).map(str::to_owned)
    }

    fn has(&self, path: &str, selected: &[&str]) -> bool {
        selected.iter().all(|name| self.has_name(path, name))
    }
}

impl<'a> Engine<'a> {
    /// Find the newest toolchain that is asked for, and set up building and running.
    pub fn new(
        settings: &Settings,
        listener: &'a dyn Listener,
        cancelled: &'a AtomicBool,
    ) -> Result<Self, PipelineError> {
        let toolchains = toolchains::choose(settings, listener)?;
        let newest = toolchains.into_iter().next_back();
        let newest = newest.ok_or_else(super::no_go)?;
        Self::with(newest, settings, listener, cancelled)
    }

    /// One for each toolchain that is asked for, the newest last.
    pub fn all(
        settings: &Settings,
        listener: &'a dyn Listener,
        cancelled: &'a AtomicBool,
    ) -> Result<Vec<Self>, PipelineError> {
        toolchains::choose(settings, listener)?
            .into_iter()
            .map(|toolchain| Self::with(toolchain, settings, listener, cancelled))
            .collect()
    }

    fn with(
        toolchain: Toolchain,
        settings: &Settings,
        listener: &'a dyn Listener,
        cancelled: &'a AtomicBool,
    ) -> Result<Self, PipelineError> {
        let environment = |text: String| PipelineError::Environment(text);
        let work = Folder::new()
            .map_err(|error| environment(format!("no temporary folder can be made: {error}")))?;
        let folder = Utf8PathBuf::from_path_buf(work.path().to_owned())
            .map_err(|path| environment(format!("{} is not UTF-8; set TMPDIR", path.display())))?;
        let cache = toolchains::cache(settings)?;
        let store = settings.cache.results.then(|| Store::new(&cache));
        let phases = Phases::new(&cache, listener);
        let options = Options {
            work: folder.join("build"),
            cache,
            reuse: settings.cache.results,
            jobs: settings.run.jobs,
            modules: modules::requirements(settings)?,
        };
        let index = Index::load(&toolchain);
        let unusual = phases.unusual();
        let notice = Box::new(move |notice| {
            unusual.store(true, Ordering::Relaxed);
            listener.event(Event::Notice(notice));
        });
        let builder = Builder::new(toolchain, options, notice).until(cancelled);
        let sandbox = sandbox(settings)?;
        let runner = Runner::new(&sandbox, processes(settings.run.jobs))
            .map_err(|error| environment(error.to_string()))?;
        Ok(Self {
            builder,
            index,
            runner,
            limits: sandbox.limits,
            store,
            listener,
            cancelled,
            race: settings.run.race,
            _work: work,
            counts: Mutex::default(),
            phases,
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

    /// The toolchain as it is.
    pub fn present(&self) -> Conditions {
        Conditions::plain(self.language())
    }

    /// The toolchain, as reported.
    pub fn go(&self) -> report::Go {
        let toolchain = self.toolchain();
        report::Go {
            version: toolchain.version.clone(),
            language: toolchain.language.to_string(),
            goroot: toolchain.goroot.to_string(),
            source: toolchain.source.clone(),
        }
    }

    /// The packages that a program may import.
    pub fn packages(&self) -> &dyn Packages {
        &self.index
    }

    /// What contains the programs.
    pub fn sandbox(&self) -> report::Sandbox {
        report::Sandbox {
            level: self.runner.level().to_string(),
            notices: self.runner.notices().to_vec(),
        }
    }

    /// Whether programs are kept from the user's files and from the network.
    pub fn contains(&self) -> bool {
        self.runner.level().contains()
    }

    /// How many programs shared a binary so far.
    pub fn counts(&self) -> Counts {
        *self
            .counts
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Compile drafts, answering the compiler until each compiles or nothing more can be repaired.
    ///
    /// All are compiled at once first, so that what they need of the standard library is built in one go; each of
    /// those that the compiler refuses goes its own way then, and waits for none of the others.
    pub fn settle(&self, planned: Vec<Planned>, reading: &Reading) -> Vec<Settled> {
        if planned.is_empty() {
            return Vec::new();
        }
        let _phase = self.phases.begin("compiling", planned.len());
        let attempts = parallel::map(self.builder.jobs(), &planned, |planned| {
            let context = &reading.notes[planned.note].context;
            let mut planned = planned.clone();
            if !self.is_cancelled() {
                planned.draft.foresee(context, &self.index);
            }
            self.attempt(planned, context)
        });
        let units: Vec<Unit> = attempts
            .iter()
            .map(|attempt| attempt.unit.clone())
            .collect();
        let compiled = self.builder.compile(&units);
        let first: Vec<(Attempt, Compiled)> = attempts.into_iter().zip(compiled).collect();
        parallel::map(self.builder.jobs(), &first, |(attempt, compiled)| {
            let context = &reading.notes[attempt.planned.note].context;
            let settled = self.settle_one(attempt.clone(), compiled.clone(), context);
            self.listener.event(Event::Step);
            settled
        })
    }

    /// Answer the compiler until this one compiles or nothing more can be repaired; or until the user has had enough.
    fn settle_one(
        &self,
        mut attempt: Attempt,
        mut compiled: Compiled,
        context: &Context,
    ) -> Settled {
        let mut repairs = 0;
        let trouble = loop {
            if compiled.object.is_some()
                || compiled.failure.is_some()
                || attempt.planned.task != Task::Object
            {
                break Trouble::default();
            }
            if self.is_cancelled() {
                compiled.failure = Some(INTERRUPTED.to_owned());
                break Trouble::default();
            }
            let repaired = repair::repair(
                &attempt.planned.draft,
                &attempt.source,
                &compiled.diagnostics,
                context,
                &self.index,
            );
            match repaired {
                Err(trouble) => break trouble,
                Ok(_) if repairs == MOST_REPAIRS => {
                    break repair::unanswered(&compiled.diagnostics);
                }
                Ok(draft) => {
                    let draft = Draft {
                        verbatim: false,
                        ..draft
                    };
                    let planned = Planned {
                        draft,
                        ..attempt.planned
                    };
                    attempt = self.attempt(planned, context);
                    compiled = self.builder.compile_one(&attempt.unit);
                    repairs += 1;
                }
            }
        };
        let mut planned = attempt.planned;
        planned.draft.assembled = planned.draft.of_assembly(context);
        Settled {
            planned,
            source: attempt.source,
            compiled,
            trouble,
            conditions: self.present(),
        }
    }

    /// What is compiled of a plan as it is now.
    fn attempt(&self, planned: Planned, context: &Context) -> Attempt {
        let source = planned.draft.render(context, &self.index);
        let unit = Unit {
            task: planned.task.clone(),
            source: planned.text(&source),
            ..self.unit(
                &source,
                planned.escapes,
                &self.present(),
                planned.role.mode(),
            )
        };
        Attempt {
            planned,
            source,
            unit,
        }
    }

    pub(super) fn unit(
        &self,
        source: &Source,
        escapes: bool,
        conditions: &Conditions,
        mode: Mode,
    ) -> Unit {
        Unit {
            source: source.text.clone(),
            language: conditions.language,
            debug: conditions.compiler,
            escapes,
            no_inline: false,
            mode,
            task: Task::Object,
        }
    }

    /// Count a program that ran.
    pub(super) fn count(&self, observation: &Observation) {
        if observation.ran() {
            let mut counts = self
                .counts
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            if observation.cached {
                counts.replayed += 1;
            } else if observation.merged {
                counts.merged += 1;
            } else {
                counts.not_merged += 1;
            }
        }
    }

    /// Programs that were observed, compiled again as they are, by this engine and under these conditions. The
    /// results are in their order; what does not compile is among them.
    pub fn recompile(&self, programs: &[(&Observation, Conditions)]) -> Vec<Settled> {
        let source = |(observation, conditions): &(&Observation, Conditions)| {
            let source = &observation.program.source;
            let mut former = source.clone();
            if conditions.former_slices {
                former = former::slices(&former).unwrap_or(former);
            }
            if conditions.former_tags {
                former = former::tags(&former).unwrap_or(former);
            }
            former
        };
        let sources: Vec<Source> = programs.iter().map(source).collect();
        let units: Vec<Unit> = programs
            .iter()
            .zip(&sources)
            .map(|((Observation { program, .. }, conditions), source)| Unit {
                task: task(program.role),
                ..self.unit(source, program.escapes, conditions, program.role.mode())
            })
            .collect();
        let compiled = self.builder.compile(&units);
        programs
            .iter()
            .zip(sources)
            .zip(compiled)
            .map(|(((observation, conditions), source), compiled)| {
                let program = &observation.program;
                Settled {
                    planned: Planned {
                        note: program.note,
                        place: program.place.clone(),
                        role: program.role,
                        draft: program.draft.clone(),
                        escapes: program.escapes,
                        task: task(program.role),
                        asked: true,
                        timeout: program.timeout,
                    },
                    source,
                    compiled,
                    trouble: Trouble {
                        missing: observation.missing.clone(),
                        ..Trouble::default()
                    },
                    conditions: conditions.clone(),
                }
            })
            .collect()
    }

    /// Programs that were observed, built and run again by this engine and under these conditions, in their order.
    pub fn again(
        &self,
        programs: &[(&Observation, Conditions)],
        clocks: Clocks,
    ) -> Vec<Observation> {
        self.observe(self.recompile(programs), clocks)
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// What is done with a program that is observed again.
fn task(role: Role) -> Task {
    match role {
        Role::Vetted => Task::Vet,
        _ => Task::Object,
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
    options.private = attempts::users_folders();
    if let Some(memory) = settings.run.memory {
        options.limits.memory = memory;
    }
    Ok(options)
}
