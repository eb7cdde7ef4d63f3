//! The builder: units in, executables out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Instant;

use camino::Utf8PathBuf;

use super::cache::Cache;
use super::compile::{Compiler, Prepared};
use super::link::{self, Linker};
use super::{Compiled, Doors, Executable, INTERRUPTED, Task, Unit, parallel};
use crate::toolchain::modules::{Modules, Provided, Requirements, is_foreign};
use crate::toolchain::stdlib::ExportData;
use crate::toolchain::{Mode, Toolchain, archives, tools};

/// Where and how to build.
#[derive(Debug, Clone)]
pub struct Options {
    /// A folder for what is made, until the run ends; the executables lie in it.
    pub work: Utf8PathBuf,
    /// gosnip's cache folder: the compiled standard library lies there in any case.
    pub cache: Utf8PathBuf,
    /// Whether objects and binaries are kept in the cache, and taken from it.
    pub reuse: bool,
    /// How many tools run at a time.
    pub jobs: NonZeroUsize,
    /// The modules that programs may import.
    pub modules: Requirements,
}

/// Tells a person what takes long.
pub type Notice<'n> = Box<dyn Fn(String) + Send + Sync + 'n>;

/// Compiles and links programs with one toolchain.
pub struct Builder<'n> {
    toolchain: Toolchain,
    options: Options,
    notice: Notice<'n>,
    /// Whether the user has had enough.
    cancelled: Option<&'n AtomicBool>,
    cache: Option<Cache>,
    export_data: [ExportData; Mode::ALL.len()],
    modules: Modules,
    tools: OnceLock<Result<Tools, String>>,
    /// For names in the work folder.
    serial: AtomicU64,
    /// Folders that programs were compiled in. They are used again: file systems are slow to give out the places of
    /// files that were deleted a moment ago.
    used: Mutex<Vec<Utf8PathBuf>>,
}

/// The toolchain's binaries.
#[derive(Debug, Clone)]
struct Tools {
    compiler: Utf8PathBuf,
    linker: Utf8PathBuf,
}

/// What a link made.
#[derive(Debug)]
struct Binary {
    path: Utf8PathBuf,
    doors: Doors,
}

impl fmt::Debug for Builder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("toolchain", &self.toolchain)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl<'n> Builder<'n> {
    /// A builder with `toolchain`; `notice` is told before something takes long. Nothing is done yet.
    pub fn new(toolchain: Toolchain, options: Options, notice: Notice<'n>) -> Self {
        let export_data = Mode::ALL.map(|mode| ExportData::new(&toolchain, &options.cache, mode));
        let identities = export_data.each_ref().map(ExportData::identity);
        let requirements = options.modules.clone();
        Self {
            modules: Modules::new(&toolchain, &options.cache, requirements, identities),
            export_data,
            cache: options.reuse.then(|| Cache::new(options.cache.clone())),
            toolchain,
            options,
            notice,
            cancelled: None,
            tools: OnceLock::new(),
            serial: AtomicU64::new(0),
            used: Mutex::default(),
        }
    }

    /// Once this is true, nothing more is built: then [`INTERRUPTED`] is all there is to say of a program.
    #[must_use]
    pub fn until(self, cancelled: &'n AtomicBool) -> Self {
        Self {
            cancelled: Some(cancelled),
            ..self
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.is_some_and(|it| it.load(Ordering::Relaxed))
    }

    /// The toolchain it builds with.
    pub fn toolchain(&self) -> &Toolchain {
        &self.toolchain
    }

    /// How many tools run at a time.
    pub fn jobs(&self) -> NonZeroUsize {
        self.options.jobs
    }

    /// Compiles each unit; the results are in the order of the units. Identical units are compiled
    /// once, and share their result.
    pub fn compile(&self, units: &[Unit]) -> Vec<Compiled> {
        self.make_work_folder();
        let prepared: Vec<_> = units
            .iter()
            .map(|unit| Prepared::new(unit, |imports| self.identity(unit.mode, imports)))
            .collect();
        let distinct: BTreeMap<&str, &Prepared<'_>> = prepared
            .iter()
            .map(|prepared| (prepared.key.as_str(), prepared))
            .collect();
        let distinct: Vec<_> = distinct.into_values().collect();

        let known = parallel::map(self.options.jobs, &distinct, |prepared| {
            self.cache
                .as_ref()
                .and_then(|cache| cache.compiled(&prepared.key))
        });
        let (mut results, mut to_do) = (BTreeMap::new(), Vec::new());
        for (&prepared, known) in distinct.iter().zip(known) {
            match known {
                Some(compiled) => drop(results.insert(prepared.key.as_str(), compiled)),
                None => to_do.push(prepared),
            }
        }
        for mode in Mode::ALL {
            let some: Vec<_> = to_do
                .iter()
                .copied()
                .filter(|prepared| prepared.unit.mode == mode)
                .collect();
            let compiled = self.compile_anew(&some, mode);
            results.extend(
                some.iter()
                    .map(|prepared| prepared.key.as_str())
                    .zip(compiled),
            );
        }
        if let Some(cache) = &self.cache {
            cache.tidy_objects();
        }
        prepared
            .iter()
            .map(|prepared| results[prepared.key.as_str()].clone())
            .collect()
    }

    /// Compiles one unit.
    pub fn compile_one(&self, unit: &Unit) -> Compiled {
        self.compile(std::slice::from_ref(unit)).remove(0)
    }

    /// Compiles units of one kind that are not in the cache.
    fn compile_anew(&self, units: &[&Prepared<'_>], mode: Mode) -> Vec<Compiled> {
        if units.is_empty() {
            return Vec::new();
        }
        let goroot = &self.toolchain.goroot;
        let standard = units
            .iter()
            .flat_map(|prepared| prepared.standard_imports(goroot));
        let foreign = units.iter().flat_map(|prepared| prepared.foreign_imports());
        let vets = units.iter().any(|prepared| prepared.unit.task == Task::Vet);
        let compiler = match self.compiler(standard, foreign, mode, vets) {
            Ok(compiler) => compiler,
            Err(reason) => {
                let reason = self.or_interrupted(reason);
                return units
                    .iter()
                    .map(|prepared| prepared.failed(&reason))
                    .collect();
            }
        };
        parallel::map(self.options.jobs, units, |prepared| {
            if self.is_cancelled() {
                return prepared.failed(INTERRUPTED);
            }
            let object = self.options.work.join(format!("{}.a", prepared.package()));
            let started = Instant::now();
            let used = || self.used.lock().unwrap_or_else(PoisonError::into_inner);
            let folder = used().pop().unwrap_or_else(|| self.fresh("compile"));
            let mut compiled = compiler.compile(prepared, &folder, &object);
            used().push(folder);
            compiled.failure = compiled.failure.map(|reason| self.or_interrupted(reason));
            if let Some(cache) = &self.cache {
                cache.keep_compiled(&prepared.key, &compiled, started.elapsed());
            }
            compiled
        })
    }

    /// Why something failed: whatever fails once the user has had enough, fails for that.
    fn or_interrupted(&self, reason: String) -> String {
        match self.is_cancelled() {
            true => INTERRUPTED.to_owned(),
            false => reason,
        }
    }

    fn compiler<'u>(
        &self,
        standard: impl Iterator<Item = &'u str>,
        foreign: impl Iterator<Item = &'u str>,
        mode: Mode,
        vets: bool,
    ) -> Result<Compiler<'_>, String> {
        let (import_configuration, provided) = self.packages(standard, foreign, mode)?;
        Ok(Compiler {
            toolchain: &self.toolchain,
            tool: self.tools()?.compiler,
            vet: match vets {
                true => tools::locate(&self.toolchain, "vet", self.export_data(mode).home())
                    .map_err(|error| error.to_string()),
                false => Err("vet was not asked for".to_owned()),
            },
            import_configuration,
            provided,
            home: self.export_data(mode).home(),
        })
    }

    /// An import configuration that covers these packages, as far as they can be had, and what is known of
    /// the third-party ones.
    fn packages<'u>(
        &self,
        standard: impl Iterator<Item = &'u str>,
        foreign: impl Iterator<Item = &'u str>,
        mode: Mode,
    ) -> Result<(Utf8PathBuf, Provided), String> {
        let foreign: BTreeSet<&str> = foreign.collect();
        let provided = self.modules.ensure(foreign, mode, &self.notice);
        let needed = provided.standard.iter().map(String::as_str);
        let standard: Vec<&str> = standard.collect();
        let configuration = self
            .export_data(mode)
            .ensure(standard.into_iter().chain(needed), &self.notice)
            .map_err(|error| error.to_string())?;
        if provided.archives.is_empty() {
            return Ok((configuration, provided));
        }
        let both = self.fresh("importcfg");
        let write = || {
            let own = fs::read_to_string(&configuration)?;
            fs::write(&both, own + &archives::lines(&provided.archives))
        };
        write().map_err(|error: std::io::Error| format!("{both} cannot be written: {error}"))?;
        Ok((both, provided))
    }

    /// A name that differs wherever programs of this mode with these imports would be built differently.
    pub fn identity(&self, mode: Mode, imports: &[String]) -> String {
        let standard = self.export_data(mode).identity();
        if imports.iter().any(|path| is_foreign(path)) {
            format!("{standard}+{}", self.modules.identity())
        } else {
            standard.to_owned()
        }
    }

    /// The modules that programs may import.
    pub fn modules(&self) -> &Modules {
        &self.modules
    }

    /// Whether each program shares a binary with others when all of these are linked.
    pub fn shares(&self, programs: &[&Compiled]) -> Vec<bool> {
        let mut shares = vec![false; programs.len()];
        for group in link::groups(programs) {
            for &position in &group {
                shares[position] = group.len() > 1;
            }
        }
        shares
    }

    /// Makes each program something that can be started; the results are in the order given, with the
    /// reason for a program that cannot be linked.
    pub fn link(&self, programs: &[&Compiled]) -> Vec<Result<Executable, String>> {
        self.make_work_folder();
        // Equal programs are linked once.
        let distinct: BTreeMap<&str, &Compiled> = programs
            .iter()
            .filter(|program| obstacle(program).is_none())
            .map(|&program| (program.package.as_str(), program))
            .collect();
        let distinct: Vec<_> = distinct.into_values().collect();
        let groups: Vec<Vec<&Compiled>> = link::groups(&distinct)
            .into_iter()
            .map(|group| {
                group
                    .into_iter()
                    .map(|position| distinct[position])
                    .collect()
            })
            .collect();
        let linked = parallel::map(self.options.jobs, &groups, |group| self.link_group(group));
        let linked: BTreeMap<_, _> = linked.into_iter().flatten().collect();
        let result = |program: &&Compiled| match obstacle(program) {
            Some(obstacle) => Err(obstacle.to_owned()),
            None => linked[&program.package].clone(),
        };
        programs.iter().map(result).collect()
    }

    /// Links a group into one binary. If that fails, half of it is tried at a time, until the programs
    /// that cannot be linked are found: the others don't suffer from them.
    fn link_group(&self, group: &[&Compiled]) -> Vec<(String, Result<Executable, String>)> {
        let linked = match self.is_cancelled() {
            true => Err(INTERRUPTED.to_owned()),
            false => self.link_together(group),
        };
        match linked {
            Ok(made) => group
                .iter()
                .map(|program| executable(program, &made, group.len() > 1))
                .collect(),
            Err(_) if self.is_cancelled() => group
                .iter()
                .map(|program| (program.package.clone(), Err(INTERRUPTED.to_owned())))
                .collect(),
            Err(reason) => match group {
                [program] => vec![(program.package.clone(), Err(reason))],
                _ => {
                    let count = group.len();
                    (self.notice)(format!(
                        "{count} programs cannot share a binary, trying halves: {reason}"
                    ));
                    let (first, second) = group.split_at(group.len() / 2);
                    let mut linked = self.link_group(first);
                    linked.extend(self.link_group(second));
                    linked
                }
            },
        }
    }

    fn link_together(&self, group: &[&Compiled]) -> Result<Binary, String> {
        // All of a group are of one mode.
        let mode = group
            .first()
            .map_or(Mode::Plain, |program| program.linkage.mode);
        let export_data = self.export_data(mode);
        let key = link::key(group, export_data.identity());
        let path = self
            .fresh("program")
            .with_extension(std::env::consts::EXE_EXTENSION);
        let kept = self.cache.as_ref();
        if let Some(doors) = kept.and_then(|cache| cache.binary(&key, &path)) {
            return Ok(Binary { path, doors });
        }
        let imports = || {
            let all = group.iter().flat_map(|program| &program.linkage.imports);
            all.map(String::as_str)
        };
        let foreign = imports().filter(|path| is_foreign(path));
        let standard = imports().filter(|path| !is_foreign(path));
        let (import_configuration, _) = self.packages(standard, foreign, mode)?;
        let tools = self.tools()?;
        let goroutines = group.iter().any(|program| program.linkage.goroutines);
        let shuffling = match goroutines {
            true => export_data.shuffling_runtime(&self.notice),
            false => None,
        };
        let linker = Linker {
            compiler: &tools.compiler,
            linker: &tools.linker,
            import_configuration: &import_configuration,
            goroot: &self.toolchain.goroot,
            home: export_data.home(),
            mode,
            shuffling: shuffling.as_deref(),
        };
        let mut linked = linker.link(group, &self.fresh("link"), &path);
        if linked.is_err() && shuffling.is_some() {
            // A toolchain whose runtime can't be exchanged has one door less.
            let refused = |reason: &String| reason.contains("fingerprint mismatch");
            if linked.as_ref().is_err_and(refused) {
                export_data.refuse_shuffling();
            }
            let plain = Linker {
                shuffling: None,
                ..linker
            };
            linked = plain.link(group, &self.fresh("link"), &path);
        }
        let doors = linked?;
        if let Some(cache) = &self.cache {
            cache.keep_binary(&key, &path, doors);
        }
        Ok(Binary { path, doors })
    }

    fn export_data(&self, mode: Mode) -> &ExportData {
        &self.export_data[mode as usize]
    }

    fn make_work_folder(&self) {
        // If it cannot be made, the first thing written there says why.
        let _ = fs::create_dir_all(&self.options.work);
    }

    /// A path in the work folder that nothing has had before.
    fn fresh(&self, purpose: &str) -> Utf8PathBuf {
        let number = self.serial.fetch_add(1, Ordering::Relaxed);
        self.options.work.join(format!("{purpose}-{number}"))
    }

    /// The toolchain's binaries.
    fn tools(&self) -> Result<Tools, String> {
        let find = || {
            let home = self.export_data(Mode::Plain).home();
            let locate = |tool| {
                tools::locate(&self.toolchain, tool, home).map_err(|error| error.to_string())
            };
            Ok(Tools {
                compiler: locate("compile")?,
                linker: locate("link")?,
            })
        };
        self.tools.get_or_init(find).clone()
    }
}

/// Why a program cannot be linked, as far as that is known before.
fn obstacle(program: &Compiled) -> Option<&'static str> {
    match program {
        Compiled { object: None, .. } => Some("it does not compile"),
        // In the linker's words.
        Compiled { linkage, .. } if !linkage.main => {
            Some("function main is undeclared in the main package")
        }
        _ => None,
    }
}

fn executable(
    program: &Compiled,
    binary: &Binary,
    merged: bool,
) -> (String, Result<Executable, String>) {
    let executable = Executable {
        binary: binary.path.clone(),
        doors: binary.doors,
        selector: merged.then(|| program.package.clone()),
        package: program.package.clone(),
        merged,
    };
    (program.package.clone(), Ok(executable))
}
