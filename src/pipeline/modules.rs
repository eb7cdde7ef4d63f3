//! Third-party modules: what verify.toml and its lock say of them, and what the notes import.

use std::collections::BTreeMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::reading::{self, Reading};
use super::{PipelineError, toolchains};
use crate::report::{Event, Listener};
use crate::settings::Settings;
use crate::snippet::ItemKind;
use crate::toolchain::Toolchain;
use crate::toolchain::modules::{Found, GoMod, Graph, ModuleError, Requirements, is_foreign};
use crate::toolchain::process;

/// The lock's name; it lies beside verify.toml and has the form of `go.sum`.
pub const LOCK: &str = "verify.sum";

/// Where the lock is.
pub fn lock(settings: &Settings) -> Utf8PathBuf {
    settings.folder.join(LOCK)
}

/// What the notes' programs may import.
pub fn requirements(settings: &Settings) -> Result<Requirements, PipelineError> {
    let lock = lock(settings);
    let sums = match crate::bounded::text(&lock) {
        // Where nothing is required there is nothing to lock.
        Ok(sums) if !settings.modules.is_empty() => sums,
        Ok(_) => String::new(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(PipelineError::Usage(format!("can't read {lock}: {error}"))),
    };
    Ok(Requirements {
        versions: settings.modules.clone(),
        places: declared_at(settings),
        sums,
        download: settings.go.download,
    })
}

/// Where `verify.toml` declares each module.
fn declared_at(settings: &Settings) -> BTreeMap<String, String> {
    let Some(file) = settings
        .file
        .as_deref()
        .filter(|_| !settings.modules.is_empty())
    else {
        return BTreeMap::new();
    };
    let path = settings.current.join(file);
    let shown = path.strip_prefix(&settings.current).unwrap_or(&path);
    let text = crate::bounded::text(&path).unwrap_or_default();
    let lines = crate::settings::modules::lines(&text).into_iter();
    lines
        .map(|(module, line)| (module, format!("{shown}:{line}")))
        .collect()
}

/// The third-party packages that the notes import, and where they come from.
#[derive(Debug)]
pub struct Survey {
    /// Each package with where it is imported (`note:line`) and what was found.
    pub imports: BTreeMap<String, (Vec<String>, Found)>,
    /// What the repository's own go.mod says, if it has one.
    pub own: Option<GoMod>,
    toolchain: Toolchain,
    requirements: Requirements,
    cache: Utf8PathBuf,
}

/// Find out what modules the notes need: in the declared version, or else in the one of the repository's own go.mod, or else
/// in the newest.
pub fn survey(settings: &Settings, listener: &dyn Listener) -> Result<Survey, PipelineError> {
    let reading = reading::read(settings, listener, process::interrupted())?;
    let places = places(&reading);
    // The newest of them decides what the programs are.
    let toolchain = toolchains::choose(settings, listener)?
        .pop()
        .ok_or_else(super::no_go)?;
    let cache = toolchains::cache(settings)?;
    let requirements = requirements(settings)?;
    let paths: Vec<&str> = places.keys().map(String::as_str).collect();
    let graph = |requirements| Graph::new(&toolchain, &cache, requirements);
    let declared = graph(requirements.clone());
    let environment = |error: ModuleError| PipelineError::Environment(error.to_string());
    let (mut own, mut found) = (None, BTreeMap::new());
    if !paths.is_empty() {
        let say = |notice| listener.event(Event::Notice(notice));
        if let Some(file) = own_go_mod(&settings.folder) {
            match declared.read(&file) {
                Ok(read) => own = Some(read),
                Err(error) => say(format!("{file} is not looked at: {error}")),
            }
        }
        let versions = own.iter().flat_map(|own| own.versions.clone());
        let mut with_own = requirements.clone();
        for (module, version) in versions {
            with_own.versions.entry(module).or_insert(version);
        }
        found = match graph(with_own).look_up(&paths, &say) {
            // What the notes have nothing to do with may be missing.
            Err(_) if own.is_some() => declared.look_up(&paths, &|_| ()),
            found => found,
        }
        .map_err(environment)?;
    }
    let nothing = || Found::Failed("the go command says nothing of it".to_owned());
    let imports = places.into_iter().map(|(path, places)| {
        let found = found.remove(&path).unwrap_or_else(nothing);
        (path, (places, found))
    });
    Ok(Survey {
        imports: imports.collect(),
        own,
        toolchain,
        requirements,
        cache,
    })
}

/// The go.mod of the repository that a folder is in: the nearest one, not beyond the root of a git repository.
fn own_go_mod(folder: &Utf8Path) -> Option<Utf8PathBuf> {
    for folder in folder.ancestors() {
        let file = folder.join("go.mod");
        if file.is_file() {
            return Some(file);
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

/// The third-party imports of the blocks that are verified, with where they stand.
fn places(reading: &Reading) -> BTreeMap<String, Vec<String>> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for read in &reading.notes {
        for (number, snippet) in read.snippets.iter().enumerate() {
            let imports = snippet.items.iter().filter(|_| read.wanted[number]);
            for item in imports {
                let ItemKind::Import(paths) = &item.kind else {
                    continue;
                };
                for path in paths.iter().filter(|path| is_foreign(path)) {
                    let within = snippet.code()[item.span.clone()].find(path.as_str());
                    let offset = item.span.start + within.unwrap_or(0);
                    let at = read.note.blocks[number].code.note_offset(offset);
                    let line = read.note.position(at).line;
                    let all = places.entry(path.clone()).or_default();
                    all.push(format!("{}:{line}", read.note.path));
                }
            }
        }
    }
    places
}

impl Survey {
    /// The modules that have to be declared, or in another version (as other modules require it), with that version.
    pub fn undeclared(&self) -> BTreeMap<&str, &str> {
        let found = self.imports.values().filter_map(|(_, found)| match found {
            Found::Package {
                module, version, ..
            } => Some((module.as_str(), version.as_str())),
            Found::Absent(_) | Found::Failed(_) => None,
        });
        found
            .filter(|(module, version)| {
                let declared = self.requirements.versions.get(*module);
                declared.is_none_or(|declared| declared != version)
            })
            .collect()
    }

    /// The declared modules that no note imports anything from.
    pub fn unused(&self) -> Vec<&str> {
        let graph = Graph::new(&self.toolchain, &self.cache, self.requirements.clone());
        let used = |module: &str| {
            self.imports.iter().any(|(path, (_, found))| match found {
                Found::Package { module: of, .. } => of == module,
                Found::Absent(_) | Found::Failed(_) => graph.declared(path) == Some(module),
            })
        };
        let declared = self.requirements.versions.keys().map(String::as_str);
        declared.filter(|module| !used(module)).collect()
    }

    /// The text of the lock, once the undeclared modules are declared. What is locked already has to stay
    /// true.
    pub fn lock(&self) -> Result<String, PipelineError> {
        let mut requirements = self.requirements.clone();
        for (module, version) in self.undeclared() {
            let version = version.to_owned();
            requirements.versions.insert(module.to_owned(), version);
        }
        let paths: Vec<&str> = self
            .imports
            .iter()
            .filter(|(_, (_, found))| matches!(found, Found::Package { .. }))
            .map(|(path, _)| path.as_str())
            .collect();
        let sums = |requirements: Requirements| {
            let graph = Graph::new(&self.toolchain, &self.cache, requirements);
            // They were fetched for the survey.
            let files = graph.files(&paths, &|_| ());
            files.map(|files| files.go_sum)
        };
        // First with the old lock, which has to agree; then without, so that it holds nothing old.
        let checked = sums(requirements.clone());
        requirements.sums.clear();
        checked
            .and_then(|_| sums(requirements))
            .map_err(|error| PipelineError::Environment(error.to_string()))
    }
}
