//! Third-party modules that notes import: fetched with the ordinary go command into a module cache of
//! gosnip's own, compiled once for each toolchain and mode, and needed no network for after that.
//!
//! ```text
//! <cache>/modules/fetched/                       the module cache (GOMODCACHE)
//! <cache>/modules/graphs/3f0c9a…/go.mod, go.sum  what `[modules]` of verify.toml amounts to
//! <cache>/modules/built/3f0c9a…-go1.26.8-…/      a shelf of compiled packages, with
//!     standard                                   the standard library's packages that they need
//!     absent                                     packages that no module of the graph has
//! ```
//!
//! The name of a graph is the hash of everything that it follows from. Nothing of a module is executed: the go
//! command downloads and compiles, without cgo, and fetches from module proxies only (version control
//! commands would run only for modules that the user calls private with `GOPRIVATE`).

mod advice;
mod graph;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};

use super::archives::{Archives, Shelf};
use super::{Mode, Toolchain};
pub use graph::{Found, GoMod, Graph, ModuleError};

/// What verify.toml and its lock say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirements {
    /// The version of each module.
    pub versions: BTreeMap<String, String>,
    /// Where each is declared (`verify.toml:3`), for messages.
    pub places: BTreeMap<String, String>,
    /// The text of the lock: checksums, in the form of `go.sum`. Empty if there is none.
    pub sums: String,
    /// Whether anything may be fetched.
    pub download: bool,
}

/// The modules of one set of requirements, for one toolchain.
#[derive(Debug)]
pub struct Modules {
    graph: Graph,
    shelves: [Shelf; Mode::ALL.len()],
    states: [Mutex<State>; Mode::ALL.len()],
    toolchain: String,
    /// Whether it was said that modules are looked for: once is enough for all modes.
    announced: AtomicBool,
}

/// What is known of one mode.
#[derive(Debug, Default)]
struct State {
    archives: Archives,
    standard: BTreeSet<String>,
    absent: BTreeMap<String, String>,
}

/// What programs that import these packages are compiled with.
#[derive(Debug, Clone, Default)]
pub struct Provided {
    /// The archives of third-party packages.
    pub archives: Archives,
    /// Packages of the standard library that they need.
    pub standard: BTreeSet<String>,
    /// Why some are not among them.
    pub problems: BTreeMap<String, Problem>,
}

/// Why there is no archive of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// No module that verify.toml names has it: in the compiler's place, this says so.
    Absent(String),
    /// It could not be fetched or compiled here: nothing is known of programs that need it.
    Failed(String),
}

/// What begins the reason why nothing is known of a program: it imports what could not be fetched or compiled.
pub const CANNOT_BE_HAD: &str = "a module cannot be had: ";

/// Whether an import path is one of a third party: the go command's own rule, that the standard library has
/// no dot in a path's first element.
pub fn is_foreign(path: &str) -> bool {
    // `../net` is a folder beside the program.
    let mut elements = path.split('/');
    elements
        .next()
        .is_some_and(|first| first.contains('.') && !first.starts_with('.'))
}

impl Modules {
    /// Modules by `requirements`, below the folder `cache`. Nothing is done yet. `identities` name the
    /// standard library of each mode.
    pub fn new(
        toolchain: &Toolchain,
        cache: &Utf8Path,
        requirements: Requirements,
        identities: [&str; Mode::ALL.len()],
    ) -> Self {
        let graph = Graph::new(toolchain, cache, requirements);
        let built = cache.join("modules/built");
        let shelf =
            |identity: &str| Shelf::new(built.join(format!("{}-{identity}", graph.identity())));
        Self {
            shelves: identities.map(shelf),
            states: Default::default(),
            toolchain: toolchain.version.clone(),
            announced: AtomicBool::new(false),
            graph,
        }
    }

    /// Differs wherever programs that import modules would be built differently.
    pub fn identity(&self) -> &str {
        self.graph.identity()
    }

    /// The archives of these third-party packages and all they depend on; what is not there yet is fetched
    /// and built. `notice` is told before something takes long.
    pub fn ensure<'a>(
        &self,
        paths: impl IntoIterator<Item = &'a str>,
        mode: Mode,
        notice: &dyn Fn(String),
    ) -> Provided {
        let mut provided = Provided::default();
        let mut wanted = BTreeSet::new();
        for path in paths {
            if self.graph.declared(path).is_some() {
                wanted.insert(path);
            } else {
                let advice = advice::undeclared(path, self.graph.fetched());
                provided
                    .problems
                    .insert(path.to_owned(), Problem::Absent(advice));
            }
        }
        if wanted.is_empty() {
            return provided;
        }
        let mut state = self.states[mode as usize]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let failed = self.extend(&mut state, &wanted, mode, notice);
        for path in wanted {
            if let Some(text) = state.absent.get(path) {
                let problem = Problem::Absent(text.clone());
                provided.problems.insert(path.to_owned(), problem);
            } else if !state.archives.contains_key(path) {
                let reason = match (failed.get(path), failed.get(ALL)) {
                    (Some(reason), _) if reason.contains(NEEDS_CGO) => reason.clone(),
                    (Some(reason), _) => format!("{CANNOT_BE_HAD}{path}: {reason}"),
                    // It may be another one that keeps all of them away.
                    (None, Some(reason)) => format!("{CANNOT_BE_HAD}{reason}"),
                    (None, None) => {
                        format!("{CANNOT_BE_HAD}{path}: the go command gave no archive of it")
                    }
                };
                let problem = Problem::Failed(reason);
                provided.problems.insert(path.to_owned(), problem);
            }
        }
        provided.archives.clone_from(&state.archives);
        provided.standard.clone_from(&state.standard);
        provided
    }

    /// Makes `state` cover `wanted`, from the disk or else by the go command; gives the reason for each
    /// package for which that failed, or for [`ALL`] of them.
    fn extend(
        &self,
        state: &mut State,
        wanted: &BTreeSet<&str>,
        mode: Mode,
        notice: &dyn Fn(String),
    ) -> BTreeMap<String, String> {
        if state.covers(wanted) {
            return BTreeMap::new();
        }
        let shelf = &self.shelves[mode as usize];
        let all = |reason: String| BTreeMap::from([(ALL.to_owned(), reason)]);
        let cannot_write = |error: io::Error| {
            format!(
                "{} cannot be written: {error}; set GOSNIP_CACHE_DIR to a folder that can",
                shelf.folder()
            )
        };
        let _lock = match shelf.lock() {
            Ok(lock) => lock,
            Err(error) => return all(cannot_write(error)),
        };
        *state = State::remembered(shelf);
        let missing: Vec<&str> = state.missing(wanted).collect();
        if missing.is_empty() {
            return BTreeMap::new();
        }
        let once = |text| {
            if !self.announced.swap(true, Ordering::Relaxed) {
                notice(text);
            }
        };
        let found = match self.graph.find(&missing, &once) {
            Ok(found) => found,
            Err(error) => return all(error.to_string()),
        };
        let mut failed = BTreeMap::new();
        let mut sound = Vec::new();
        let mut raised = BTreeSet::new();
        for (path, found) in found {
            match found {
                Found::Package {
                    cgo: None,
                    module,
                    version,
                } => {
                    if let Some(words) = self.graph.raised(&module, &version) {
                        raised.insert(words);
                    }
                    sound.push(path);
                }
                Found::Package { cgo: Some(by), .. } => {
                    failed.insert(path, format!("{by} {NEEDS_CGO}"));
                }
                Found::Absent(text) => drop(state.absent.insert(path, text)),
                Found::Failed(reason) => drop(failed.insert(path, reason)),
            }
        }
        raised.into_iter().for_each(notice);
        if !sound.is_empty() {
            notice(format!(
                "compiling what notes import of modules for {}{} (once)",
                self.toolchain,
                mode.words()
            ));
        }
        match self.graph.build(&sound, mode) {
            Err(error) => failed.extend(sound.into_iter().map(|path| (path, error.to_string()))),
            Ok(built) => {
                let reason = built.failed.iter().next();
                if let Some((other, words)) = reason {
                    // What imports it is not compiled either, and says nothing of its own.
                    let lost = sound
                        .iter()
                        .filter(|path| !built.archives.iter().any(|(built, _)| built == *path));
                    failed.extend(lost.map(|path| {
                        let own = built.failed.get(path);
                        let (by, words) = own.map_or((other, words), |own| (path, own));
                        let go = &self.toolchain;
                        (
                            path.clone(),
                            format!("{by} does not compile with {go}: {words}"),
                        )
                    }));
                }
                for (path, archive) in built.archives {
                    if !is_foreign(&path) {
                        state.standard.insert(path);
                        continue;
                    }
                    match shelf.adopt(&path, &archive) {
                        Ok(place) => drop(state.archives.insert(path, place)),
                        Err(error) => drop(failed.insert(path, cannot_write(error))),
                    }
                }
            }
        }
        if let Err(error) = state.remember(shelf) {
            // It will be asked for again; what was built can be used now.
            notice(cannot_write(error));
        }
        failed
    }

    /// The go.mod and go.sum that programs with these imports need, as they were resolved.
    pub fn files(&self, paths: &[&str], notice: &dyn Fn(String)) -> Result<Files, ModuleError> {
        self.graph.files(paths, notice)
    }
}

/// What `go run` needs beside extracted programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The text of go.mod.
    pub go_mod: String,
    /// The text of go.sum.
    pub go_sum: String,
}

/// What is said of a package that uses C.
const NEEDS_CGO: &str = "needs cgo, which is not compiled here";

/// Stands for every package: no import path is like it.
const ALL: &str = "";

impl State {
    fn missing<'a>(&self, wanted: &BTreeSet<&'a str>) -> impl Iterator<Item = &'a str> {
        wanted
            .iter()
            .copied()
            .filter(|&path| !self.archives.contains_key(path) && !self.absent.contains_key(path))
    }

    fn covers(&self, wanted: &BTreeSet<&str>) -> bool {
        self.missing(wanted).next().is_none()
    }

    /// What lies on the shelf.
    fn remembered(shelf: &Shelf) -> Self {
        let archives = shelf.remembered();
        if archives.is_empty() {
            return Self::default();
        }
        let read = |name: &str| fs::read_to_string(shelf.folder().join(name)).unwrap_or_default();
        let pair = |line: &str| {
            let (path, text) = line.split_once('\t')?;
            Some((path.to_owned(), text.to_owned()))
        };
        Self {
            archives,
            standard: read("standard").lines().map(str::to_owned).collect(),
            absent: read("absent").lines().filter_map(pair).collect(),
        }
    }

    fn remember(&self, shelf: &Shelf) -> io::Result<()> {
        let write = |name: &str, text: String| {
            let aside = shelf.folder().join(format!("{name}.new"));
            fs::write(&aside, text)?;
            fs::rename(aside, shelf.folder().join(name))
        };
        let standard = self.standard.iter().map(|path| format!("{path}\n"));
        write("standard", standard.collect())?;
        let absent = self.absent.iter();
        let absent = absent.map(|(path, text)| format!("{path}\t{}\n", text.replace('\n', " ")));
        write("absent", absent.collect())?;
        // Last: without it the others are not looked at.
        shelf.remember(&self.archives)
    }
}

/// Where the module cache of gosnip's own lies.
fn fetched(cache: &Utf8Path) -> Utf8PathBuf {
    cache.join("modules/fetched")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_in_the_first_element_makes_a_path_foreign() {
        for path in [
            "github.com/pkg/errors",
            "golang.org/x/sync/errgroup",
            "gopkg.in/yaml.v3",
        ] {
            assert!(is_foreign(path), "{path}");
        }
        for path in [
            "fmt",
            "net/http",
            "encoding/json/v2",
            "go/build",
            "example/x.y",
            "",
        ] {
            assert!(!is_foreign(path), "{path}");
        }
    }
}
