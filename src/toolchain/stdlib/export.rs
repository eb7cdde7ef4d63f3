//! Export data: the compiled standard library, against which programs are compiled and linked.
//!
//! `go list -export` builds packages and says where their archives lie in the build cache. It takes most
//! of a second even if nothing is to be built, so its answer is kept. Its build cache drops what the go
//! command did not touch for five days, so the archives are (hard) linked into a folder of gosnip's own:
//!
//! ```text
//! <cache>/std/go1.26.8-1f0c9a…[-race|-faketime]/
//!     lock            held while the folder is changed
//!     importcfg       packagefile fmt=…/packages/fmt.a      (complete: with all dependencies)
//!     packages/fmt.a
//!     packages/runtime.shuffled.a     the runtime once more, see [`scheduler`]
//!     packages/gosnip/probe-….a       a package of gosnip's own, see [`own`]
//! <cache>/home/go-build/                                    the go command's build cache
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use camino::{Utf8Path, Utf8PathBuf};

use crate::toolchain::archives::{Shelf, is_archive};
use crate::toolchain::process::{self, Finished, Limits, ProcessError};
use crate::toolchain::{Mode, Toolchain, go_arch, go_os, tools};

use super::{own, scheduler};

/// The compiled standard library of one toolchain, in one mode.
#[derive(Debug)]
pub struct ExportData {
    toolchain: Toolchain,
    mode: Mode,
    identity: String,
    shelf: Shelf,
    home: Utf8PathBuf,
    state: Mutex<State>,
    shuffling: OnceLock<Option<Utf8PathBuf>>,
}

/// What this process knows.
#[derive(Debug, Default)]
struct State {
    /// The archive of each package that is there, dependencies included.
    archives: BTreeMap<String, Utf8PathBuf>,
    /// Packages that cannot be built here (another system's, or behind an experiment).
    unavailable: BTreeSet<String>,
}

/// Why there is no export data.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The go command failed.
    #[error("the standard library of {version} cannot be built{}: {output}", hint(*.mode))]
    Build {
        /// The toolchain's version.
        version: String,
        /// The mode it was for.
        mode: Mode,
        /// What the go command said.
        output: String,
    },
    /// A command of the toolchain could not be run to its end.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// There is no compiler.
    #[error(transparent)]
    Tool(#[from] tools::ToolError),
    /// The cache cannot be written.
    #[error("{path} cannot be written: {source}; set GOSNIP_CACHE_DIR to a folder that can")]
    Cache {
        /// The folder.
        path: Utf8PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

fn hint(mode: Mode) -> &'static str {
    match mode {
        Mode::Race => " with the race detector (it needs a C compiler such as gcc)",
        Mode::Plain | Mode::FakeTime => mode.words(),
    }
}

/// What gosnip's dispatcher imports, and what the linker takes into every binary.
const ALWAYS: [&str; 3] = ["os", "runtime", "runtime/debug"];
/// The same, with the race detector.
const ALWAYS_WITH_RACE: [&str; 2] = ["runtime/race", "runtime/cgo"];

/// Building all of the standard library takes 12 to 25 CPU seconds; with a slow disk it may be much more.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(15 * 60),
    memory: 8 << 30,
};

impl ExportData {
    /// The export data of `toolchain` below the folder `cache`. Nothing is built yet.
    pub fn new(toolchain: &Toolchain, cache: &Utf8Path, mode: Mode) -> Self {
        let identity = identity(toolchain, mode);
        Self {
            toolchain: toolchain.clone(),
            mode,
            shelf: Shelf::new(cache.join("std").join(&identity)),
            home: cache.join("home"),
            identity,
            state: Mutex::default(),
            shuffling: OnceLock::new(),
        }
    }

    /// A name that differs wherever objects compiled against this export data would: toolchain,
    /// system, mode.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// The home folder for the toolchain's tools, inside the cache.
    pub fn home(&self) -> &Utf8Path {
        &self.home
    }

    /// An import configuration that covers `paths` and all they depend on; it may cover more. Paths that
    /// are no packages of the standard library, or cannot be built here, are left out: the compiler then
    /// says that it cannot import them. `notice` is told before something takes long.
    pub fn ensure<'a>(
        &self,
        paths: impl IntoIterator<Item = &'a str>,
        notice: &dyn Fn(String),
    ) -> Result<Utf8PathBuf, ExportError> {
        let mut wanted: BTreeSet<&str> = paths.into_iter().collect();
        // It has no export data: the compiler knows it.
        wanted.remove("unsafe");
        wanted.extend(ALWAYS);
        if wanted.contains(own::PATH.as_str()) {
            wanted.extend(own::IMPORTS);
        }
        if self.mode == Mode::Race {
            wanted.extend(ALWAYS_WITH_RACE);
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.covers(&wanted) {
            self.extend(&mut state, &wanted, notice)?;
        }
        Ok(self.shelf.import_configuration())
    }

    /// The archive of a runtime whose scheduler can be made to shuffle ([`scheduler`]), built if need be. `None` if that
    /// cannot be had: then it is done without.
    pub fn shuffling_runtime(&self, notice: &dyn Fn(String)) -> Option<Utf8PathBuf> {
        if self.mode == Mode::Race || self.refused_shuffling().exists() {
            return None;
        }
        self.shuffling
            .get_or_init(|| self.build_shuffling(notice))
            .clone()
    }

    /// Remembers that this toolchain's linker does not take that runtime for the other one.
    pub fn refuse_shuffling(&self) {
        // If it cannot be written, the linker is asked again.
        let _ = fs::write(self.refused_shuffling(), "");
    }

    fn refused_shuffling(&self) -> Utf8PathBuf {
        let name = format!("packages/{}.refused", scheduler::NAME);
        self.shelf.folder().join(name)
    }

    fn build_shuffling(&self, notice: &dyn Fn(String)) -> Option<Utf8PathBuf> {
        let _lock = self.shelf.lock().ok()?;
        if let Some(archive) = self.shelf.kept(scheduler::NAME) {
            return Some(archive);
        }
        let goroot = self.shelf.folder().join("goroot");
        scheduler::goroot(&self.toolchain.goroot, &goroot).ok()??;
        notice(format!(
            "building a scheduler that shuffles for {}{} (once)",
            self.toolchain.version,
            self.mode.words()
        ));
        let built = self.list(&goroot, &[], &["runtime".to_owned()]);
        // What stays behind is made anew.
        let _ = fs::remove_dir_all(&goroot);
        let built = built.ok()?;
        let (_, archive) = archives_of(&built.output).find(|(path, _)| path == "runtime")?;
        self.shelf.adopt(scheduler::NAME, &archive).ok()
    }

    /// Makes `state` cover `wanted`: from what is on the disk, then by asking the go command.
    fn extend(
        &self,
        state: &mut State,
        wanted: &BTreeSet<&str>,
        notice: &dyn Fn(String),
    ) -> Result<(), ExportError> {
        let cannot_write = |source| ExportError::Cache {
            path: self.shelf.folder().to_owned(),
            source,
        };
        let _lock = self.shelf.lock().map_err(cannot_write)?;
        state.archives = self.shelf.remembered();
        if state.covers(wanted) {
            return Ok(());
        }
        notice(match state.archives.is_empty() {
            true => format!(
                "building the standard library for {}{} (once)",
                self.toolchain.version,
                self.mode.words()
            ),
            false => format!(
                "building more of the standard library for {}{}",
                self.toolchain.version,
                self.mode.words()
            ),
        });
        let (own, missing): (Vec<_>, Vec<_>) = state
            .missing(wanted)
            .map(str::to_owned)
            .partition(|path| own::is_own(path));
        if !missing.is_empty() {
            for (path, built) in self.build(&missing)? {
                let archive = self.shelf.adopt(&path, &built).map_err(cannot_write)?;
                state.archives.insert(path, archive);
            }
        }
        for path in missing {
            if !state.archives.contains_key(&path) {
                state.unavailable.insert(path);
            }
        }
        self.shelf.remember(&state.archives).map_err(cannot_write)?;
        for path in own {
            let built = self.compile_own(&path)?;
            let archive = self.shelf.adopt(&path, &built).map_err(cannot_write)?;
            // What stays behind is overwritten the next time.
            let _ = fs::remove_file(built);
            state.archives.insert(path, archive);
            self.shelf.remember(&state.archives).map_err(cannot_write)?;
        }
        Ok(())
    }

    /// Compiles the package that probes call against what lies on the shelf; gives the archive.
    fn compile_own(&self, path: &str) -> Result<Utf8PathBuf, ExportError> {
        let folder = self.shelf.folder();
        let (source, archive) = (folder.join("probe.go"), folder.join("probe.a"));
        fs::write(&source, own::SOURCE).map_err(|error| ExportError::Cache {
            path: source.clone(),
            source: error,
        })?;
        let compiler = tools::locate(&self.toolchain, "compile", &self.home)?;
        let mut command = Command::new(compiler);
        tools::isolate(&mut command, &self.home);
        command.current_dir(folder).env("TMPDIR", folder);
        command.args(["-o", "probe.a", "-p", path, "-trimpath", folder.as_str()]);
        command.args(["-importcfg", self.shelf.import_configuration().as_str()]);
        command.args(["-pack", "-complete", "-dwarf=false", "-lang=go1.21"]);
        if self.mode == Mode::Race {
            command.arg("-race");
        }
        command.arg("probe.go");
        let finished = process::run(command, LIMITS)?;
        let _ = fs::remove_file(source);
        match finished.status.success() {
            true => Ok(archive),
            false => Err(self.failed(&finished)),
        }
    }

    fn failed(&self, finished: &Finished) -> ExportError {
        ExportError::Build {
            version: self.toolchain.version.clone(),
            mode: self.mode,
            output: excerpt(&finished.output),
        }
    }

    /// Lets the go command build `paths` with all they depend on; gives each package's archive.
    fn build(&self, paths: &[String]) -> Result<Vec<(String, Utf8PathBuf)>, ExportError> {
        let finished = self.list(&self.toolchain.goroot, &["-deps"], paths)?;
        let archives: Vec<_> = archives_of(&finished.output).collect();
        let runs = |path: &str| archives.iter().any(|(built, _)| built == path);
        let needs_runtime = paths.iter().any(|path| path == "runtime");
        if finished.status.success() && (runs("runtime") || !needs_runtime) {
            return Ok(archives);
        }
        Err(self.failed(&finished))
    }

    /// Lets the go command build `paths` of `goroot`, with these options beside its usual ones, and list the archives.
    fn list(
        &self,
        goroot: &Utf8Path,
        options: &[&str],
        paths: &[String],
    ) -> Result<Finished, ExportError> {
        // Outside any module, so that no go.mod of the user's has a say.
        let nowhere = self.home.join("nowhere");
        fs::create_dir_all(&nowhere).map_err(|source| ExportError::Cache {
            path: nowhere.clone(),
            source,
        })?;
        let mut command = tools::go(&self.toolchain, &self.home);
        command.current_dir(&nowhere).env("GOROOT", goroot);
        command.args(["list", "-e", "-export"]).args(options);
        command.args([
            "-f",
            "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}",
        ]);
        match self.mode {
            Mode::Plain => {}
            Mode::Race => drop(command.env("CGO_ENABLED", "1").arg("-race")),
            Mode::FakeTime => drop(command.arg("-tags=faketime")),
        }
        command.arg("--").args(paths);
        Ok(process::run(command, LIMITS)?)
    }
}

/// The archives that a listing names.
fn archives_of(listing: &str) -> impl Iterator<Item = (String, Utf8PathBuf)> {
    listing
        .lines()
        .filter_map(|line| line.strip_prefix("packagefile ")?.split_once('='))
        .map(|(path, archive)| (path.to_owned(), Utf8PathBuf::from(archive)))
}

impl State {
    fn missing<'a>(&self, wanted: &BTreeSet<&'a str>) -> impl Iterator<Item = &'a str> {
        wanted
            .iter()
            .copied()
            .filter(|&path| !self.archives.contains_key(path) && !self.unavailable.contains(path))
    }

    fn covers(&self, wanted: &BTreeSet<&str>) -> bool {
        self.missing(wanted).next().is_none()
            && self.archives.values().all(|archive| is_archive(archive))
    }
}

/// Version, system and mode in clear, and a hash of what else can differ: the place, and the compiler, so
/// that a toolchain replaced by another build of the same version is not confused with it.
fn identity(toolchain: &Toolchain, mode: Mode) -> String {
    let compiler = fs::metadata(toolchain.tool("compile")).ok();
    let modified = compiler
        .as_ref()
        .and_then(|metadata| metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok())
        .map_or(0, |age| age.as_nanos());
    let size = compiler.map_or(0, |metadata| metadata.len());
    let hash =
        blake3::hash(format!("{}\0{size}\0{modified}", toolchain.goroot).as_bytes()).to_hex();
    let mode = mode.suffix();
    format!(
        "{}-{}-{}-{}{mode}",
        toolchain.version,
        go_os(),
        go_arch(),
        &hash[..12]
    )
}

/// The first lines of an output, without the archives listed between.
fn excerpt(output: &str) -> String {
    let lines = output
        .lines()
        .filter(|line| !line.starts_with("packagefile "));
    lines.take(12).collect::<Vec<_>>().join("\n")
}
