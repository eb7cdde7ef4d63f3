//! The module graph that `[modules]` of verify.toml amounts to, by the go command.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::process::Command;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use semver::Version;

mod answer;
mod go_mod;
mod trouble;

use answer::ANSWER;
pub use answer::Built;
pub use go_mod::GoMod;

use super::{Files, Requirements, fetched};
use crate::toolchain::lock::Lock;
use crate::toolchain::process::{self, Finished, Limits, ProcessError};
use crate::toolchain::{Mode, Toolchain, tools};

/// Fetching and compiling what the largest modules need takes minutes.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(10 * 60),
    memory: 6 << 30,
};

/// The user's settings of the go command that say where modules come from and whom to believe.
const SETTINGS: [&str; 6] = [
    "GOPROXY",
    "GOSUMDB",
    "GOPRIVATE",
    "GONOPROXY",
    "GONOSUMDB",
    "GOINSECURE",
];

/// Why the go command gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ModuleError {
    /// The go command could not be run to its end.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// The cache cannot be written.
    #[error("{path} cannot be written: {source}; set GOSNIP_CACHE_DIR to a folder that can")]
    Cache {
        /// The folder.
        path: Utf8PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It failed: what it said.
    #[error("{0}")]
    Go(String),
}

/// What was found out of an import path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A package of this module.
    Package {
        /// The module.
        module: String,
        /// Its version.
        version: String,
        /// The package that needs cgo: this one or one that it depends on.
        cgo: Option<String>,
    },
    /// There is no such package: what the go command says.
    Absent(String),
    /// It could not be fetched.
    Failed(String),
}

/// The graph.
#[derive(Debug)]
pub struct Graph {
    toolchain: Toolchain,
    requirements: Requirements,
    identity: String,
    /// Its go.mod and go.sum lie here.
    folder: Utf8PathBuf,
    fetched: Utf8PathBuf,
    home: Utf8PathBuf,
    settings: OnceLock<Vec<(&'static str, String)>>,
    /// The versions that there are of modules, as far as that was asked.
    served: Mutex<BTreeMap<String, Vec<Version>>>,
}

impl Graph {
    /// The graph of `requirements`, below the folder `cache`. Nothing is done yet.
    pub fn new(toolchain: &Toolchain, cache: &Utf8Path, requirements: Requirements) -> Self {
        let identity = identity(toolchain, &requirements);
        Self {
            toolchain: toolchain.clone(),
            requirements,
            folder: cache.join("modules/graphs").join(&identity),
            identity,
            fetched: fetched(cache),
            home: cache.join("home"),
            settings: OnceLock::new(),
            served: Mutex::default(),
        }
    }

    /// The hash of everything that it follows from.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// The module cache.
    pub fn fetched(&self) -> &Utf8Path {
        &self.fetched
    }

    /// The declared module that a package of this path would be in: the longest that is a prefix.
    pub fn declared(&self, path: &str) -> Option<&str> {
        let modules = self.requirements.versions.keys();
        modules
            .filter(|module| {
                path.strip_prefix(module.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
            .max_by_key(|module| module.len())
            .map(String::as_str)
    }

    /// Finds out which module each of `paths` is in, fetching what is not in the module cache. A package
    /// in a module that is not declared counts as absent.
    pub fn find(
        &self,
        paths: &[&str],
        notice: &dyn Fn(String),
    ) -> Result<BTreeMap<String, Found>, ModuleError> {
        let mut found = self.look_up(paths, notice)?;
        for (path, found) in &mut found {
            if let Found::Package { module, .. } = found
                && !self.requirements.versions.contains_key(module.as_str())
            {
                *found = Found::Absent(format!(
                    "no required module provides package {path}; it is in {module}, which verify.toml does not \
                     name below [modules]"
                ));
            }
        }
        Ok(found)
    }

    /// The same, for modules that are not declared as well: in their latest version.
    pub fn look_up(
        &self,
        paths: &[&str],
        notice: &dyn Fn(String),
    ) -> Result<BTreeMap<String, Found>, ModuleError> {
        let _lock = self.prepare()?;
        notice(match self.requirements.download {
            true => {
                "looking for the modules that notes import, and fetching what is new".to_owned()
            }
            false => "looking for the modules that notes import".to_owned(),
        });
        let finished = self.list(paths)?;
        let found = match finished.status.success() {
            true => Ok(self.answers(&finished.output, paths)),
            // A declared module that cannot be had leaves no graph at all: its requirements count for the rest.
            false => Err(ModuleError::Go(self.explain(&finished.output))),
        };
        let declared = |found: &Found| match found {
            Found::Package { module, .. } => self.requirements.versions.contains_key(module),
            Found::Absent(_) | Found::Failed(_) => true,
        };
        if !found
            .as_ref()
            .is_ok_and(|found| found.values().all(declared))
        {
            // It now requires what nobody asked for, or less than is needed.
            let _ = fs::remove_file(self.folder.join("go.mod"));
        }
        found
    }

    /// Compiles packages that were found, with all they depend on.
    pub fn build(&self, paths: &[String], mode: Mode) -> Result<Built, ModuleError> {
        if paths.is_empty() {
            return Ok(Built::default());
        }
        let _lock = self.prepare()?;
        let mut command = self.go(&["list", "-e", "-export", "-deps"]);
        command.args([
            "-f",
            "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}\
             {{with .Error}}\ngosnip-failed\t{{$.ImportPath}}\t{{printf \"%q\" .Err}}{{end}}",
        ]);
        match mode {
            Mode::Plain => {}
            Mode::Race => drop(command.env("CGO_ENABLED", "1").arg("-race")),
            Mode::FakeTime => drop(command.arg("-tags=faketime")),
        }
        command.arg("--").args(paths).env("GOPROXY", "off");
        let finished = process::run(command, LIMITS)?;
        let built = Built::of(&finished.output);
        match built.archives.is_empty() && built.failed.is_empty() {
            true => Err(ModuleError::Go(self.words(&finished.output))),
            false => Ok(built),
        }
    }

    /// The go.mod and go.sum for programs with these imports.
    pub fn files(&self, paths: &[&str], notice: &dyn Fn(String)) -> Result<Files, ModuleError> {
        self.find(paths, notice)?;
        let _lock = self.prepare()?;
        let read = |name: &str| fs::read_to_string(self.folder.join(name));
        Ok(Files {
            go_mod: read("go.mod").map_err(|source| self.cannot_write(source))?,
            // Without dependencies there is none.
            go_sum: read("go.sum").unwrap_or_default(),
        })
    }

    fn cannot_write(&self, source: io::Error) -> ModuleError {
        ModuleError::Cache {
            path: self.folder.clone(),
            source,
        }
    }

    /// Makes sure that go.mod and go.sum are there; while the lock is held, nobody else changes them.
    fn prepare(&self) -> Result<Lock, ModuleError> {
        let failed = |source| self.cannot_write(source);
        let lock = Lock::take(&self.folder.join("lock")).map_err(failed)?;
        if !self.folder.join("go.mod").is_file() {
            fs::write(self.folder.join("go.sum"), &self.requirements.sums).map_err(failed)?;
            fs::write(self.folder.join("go.mod"), self.go_mod()).map_err(failed)?;
        }
        Ok(lock)
    }

    /// The module that requires them all. The go command adds what follows from that.
    fn go_mod(&self) -> String {
        let required = self.requirements.versions.iter();
        let required = required.map(|(module, version)| format!("\t{module} {version}\n"));
        format!(
            "module snippets\n\ngo {}\n\nrequire (\n{})\n",
            self.toolchain.language,
            required.collect::<String>()
        )
    }

    /// Asks the go command about packages and all they depend on.
    fn list(&self, paths: &[&str]) -> Result<Finished, ModuleError> {
        let mut command = self.go(&["list", "-e", "-deps"]);
        let format = format!(
            "{{{{if not .Standard}}}}{ANSWER}{{{{.ImportPath}}}}\t{{{{with .Module}}}}{{{{.Path}}}}\t{{{{.Version}}}}\
             {{{{else}}}}\t{{{{end}}}}\t{{{{len .CgoFiles}}}}\t{{{{join .Deps \",\"}}}}\t\
             {{{{with .Error}}}}{{{{printf \"%q\" .Err}}}}{{{{end}}}}{{{{end}}}}"
        );
        command.args(["-f", &format]);
        // With cgo, so that it tells which packages would use it. Nothing is compiled.
        command.env("CGO_ENABLED", "1");
        command.arg("--").args(paths);
        Ok(process::run(command, LIMITS)?)
    }

    /// A go command in the graph's folder that may fetch modules if downloads are allowed.
    fn go(&self, arguments: &[&str]) -> Command {
        let mut command = tools::go(&self.toolchain, &self.home);
        command.current_dir(&self.folder).args(arguments);
        if arguments.first() == Some(&"list") {
            command.arg("-mod=mod");
        }
        command.arg("-modcacherw");
        for (name, value) in self.settings() {
            command.env(name, value);
        }
        if let Some(home) = std::env::var_os("HOME") {
            // The passwords of a private proxy stand in `~/.netrc`.
            command.env("HOME", home);
        }
        command.env("GOMODCACHE", &self.fetched);
        // No git, no other commands on what strangers serve; private modules are the user's own.
        command.env("GOVCS", "private:all,public:off");
        if !self.requirements.download {
            command.env("GOPROXY", "off");
        }
        command
    }

    /// What the user's go command would use, from wherever it has that.
    fn settings(&self) -> &[(&'static str, String)] {
        self.settings.get_or_init(|| {
            let mut command = Command::new(self.toolchain.go());
            command.current_dir(&self.folder).arg("env").args(SETTINGS);
            for (name, value) in [("GOTOOLCHAIN", "local"), ("GOWORK", "off"), ("GOFLAGS", "")] {
                command.env(name, value);
            }
            // If it cannot be asked, the go command's defaults hold.
            let Ok(finished) = process::run(command, LIMITS) else {
                return Vec::new();
            };
            let values = finished.output.lines().map(str::to_owned);
            match finished.status.success() {
                true => SETTINGS.into_iter().zip(values).collect(),
                false => Vec::new(),
            }
        })
    }
}

fn identity(toolchain: &Toolchain, requirements: &Requirements) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("modules-1\0{}\0", toolchain.version).as_bytes());
    for (module, version) in &requirements.versions {
        hasher.update(format!("{module}\0{version}\0").as_bytes());
    }
    hasher.update(requirements.sums.as_bytes());
    hasher.finalize().to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::Language;

    fn graph(versions: &[(&str, &str)]) -> Graph {
        let toolchain = Toolchain {
            goroot: "/nowhere".into(),
            version: "go1.26.8".to_owned(),
            language: Language { minor: 26 },
            source: String::new(),
        };
        let versions = versions
            .iter()
            .map(|(path, version)| ((*path).to_owned(), (*version).to_owned()));
        let requirements = Requirements {
            versions: versions.collect(),
            ..Requirements::default()
        };
        Graph::new(&toolchain, Utf8Path::new("/cache"), requirements)
    }

    #[test]
    fn the_longest_declared_module_has_a_package() {
        let graph = graph(&[("a.b/c", "v1.0.0"), ("a.b/c/v2", "v2.0.0")]);
        assert_eq!(graph.declared("a.b/c/d"), Some("a.b/c"));
        assert_eq!(graph.declared("a.b/c/v2/d"), Some("a.b/c/v2"));
        assert_eq!(graph.declared("a.b/c"), Some("a.b/c"));
        assert_eq!(graph.declared("a.b/cd"), None);
    }

    #[test]
    fn another_version_or_lock_is_another_graph() {
        let one = graph(&[("a.b/c", "v1.0.0")]);
        assert_ne!(one.identity(), graph(&[("a.b/c", "v1.0.1")]).identity());
        let mut locked = one.requirements.clone();
        locked.sums = "a.b/c v1.0.0 h1:x=\n".to_owned();
        assert_ne!(one.identity(), identity(&one.toolchain, &locked));
    }

    #[test]
    fn answers_name_the_module_and_who_needs_cgo() {
        let output = "go: downloading a.b/c v1.0.0\n\
            gosnip-answer\ta.b/low\ta.b/low\tv0.1.0\t2\tC,unsafe\t\n\
            gosnip-answer\ta.b/c\ta.b/c\tv1.0.0\t0\tfmt,a.b/low\t\n\
            gosnip-answer\ta.b/d\ta.b/d\tv1.0.0\t0\tfmt\t\n\
            gosnip-answer\ta.b/c/x\t\t\t0\t\t\"module a.b/c@latest found (v1.0.0), but does not contain package a.b/c/x\"\n";
        let found = graph(&[]).answers(output, &["a.b/c", "a.b/d", "a.b/c/x", "a.b/e"]);
        let package = |module: &str, cgo: Option<&str>| Found::Package {
            module: module.to_owned(),
            version: "v1.0.0".to_owned(),
            cgo: cgo.map(str::to_owned),
        };
        assert_eq!(found["a.b/c"], package("a.b/c", Some("a.b/low")));
        assert_eq!(found["a.b/d"], package("a.b/d", None));
        assert!(
            matches!(&found["a.b/c/x"], Found::Absent(text) if text.starts_with("module a.b/c@latest"))
        );
        assert!(matches!(found["a.b/e"], Found::Failed(_)));
    }
}
