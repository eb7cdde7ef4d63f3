//! Finding a Go toolchain without running unknown binaries: a GOROOT says in its `VERSION` file what it is.

use camino::{Utf8Path, Utf8PathBuf};

use super::places::{Candidate, Places};
use super::{Language, Toolchain, Version, places};

/// What toolchain is wanted, and where to look.
#[derive(Debug, Clone)]
pub struct Request {
    /// What the user asked for: a version (`1.24`, `go1.22.10`) or a path (a GOROOT or a `go` command);
    /// `None` for the first usable one.
    pub wanted: Option<String>,
    /// Where to look.
    pub places: Places,
}

/// Why there is no toolchain.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// Nothing that can be used was found.
    #[error(
        "no usable Go toolchain was found on this machine (looked on PATH, in $GOROOT and in the \
         usual places){}; install Go from https://go.dev/dl/, or run `gosnip toolchain install {}`",
        also(.refused),
        super::obtain::DEFAULT_VERSION
    )]
    None {
        /// Toolchains that were found but are too old.
        refused: Vec<String>,
    },
    /// A version was asked for that is not there.
    #[error(
        "Go {wanted} is not on this machine{}; `gosnip toolchain install {wanted}` obtains it",
        found(.available)
    )]
    NoSuchVersion {
        /// The version asked for.
        wanted: Version,
        /// The versions that are there.
        available: Vec<String>,
    },
    /// A path was given that is no toolchain.
    #[error(
        "{path} is no Go toolchain: {problem}; give a GOROOT, a go command or a version such as 1.24"
    )]
    NotAToolchain {
        /// The path.
        path: Utf8PathBuf,
        /// What is wrong.
        problem: Unusable,
    },
    /// Neither a version nor an existing path.
    #[error("{0:?} is neither a Go version such as 1.24.3 nor a path that exists")]
    Meaningless(String),
}

/// Why a folder cannot be used as a GOROOT.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// There is no `VERSION` file.
    #[error("it has no VERSION file")]
    NoVersion,
    /// The `VERSION` file says something else than a version.
    #[error("its VERSION file says {0:?}, which is no released version")]
    OddVersion(String),
    /// It is older than what gosnip can work with.
    #[error("it is {0}, and gosnip needs Go 1.21 or later")]
    TooOld(String),
    /// Parts are missing.
    #[error("it lacks {0}")]
    Incomplete(&'static str),
}

fn also(refused: &[String]) -> String {
    match refused {
        [] => String::new(),
        refused => format!(
            "; found but too old: {}, gosnip needs Go 1.21 or later",
            refused.join(", ")
        ),
    }
}

fn found(available: &[String]) -> String {
    match available {
        [] => String::new(),
        available => format!(" (found: {})", available.join(", ")),
    }
}

/// The toolchain that `request` asks for. Of several that match a version the newest is taken; without a
/// wish, the first in the order of [`Places::candidates`].
pub fn find(request: &Request) -> Result<Toolchain, FindError> {
    match &request.wanted {
        None => first(&request.places),
        Some(wanted) => match Version::parse(wanted) {
            Some(version) => by_version(version, &request.places),
            None => by_path(Utf8Path::new(wanted)),
        },
    }
}

/// Every usable toolchain, each once, in the order of preference.
pub fn list(places: &Places) -> Vec<Toolchain> {
    let mut toolchains: Vec<Toolchain> = Vec::new();
    for toolchain in places
        .candidates()
        .iter()
        .filter_map(|candidate| inspect(candidate).ok())
    {
        if toolchains
            .iter()
            .all(|known| known.goroot != toolchain.goroot)
        {
            toolchains.push(toolchain);
        }
    }
    toolchains
}

/// What was found and is a Go, but none that can be used: too old, or incomplete.
pub fn unusable(places: &Places) -> Vec<(Utf8PathBuf, String)> {
    let mut found: Vec<(Utf8PathBuf, String)> = places
        .candidates()
        .iter()
        .filter_map(|candidate| match inspect(candidate) {
            Err(problem @ (Unusable::TooOld(_) | Unusable::Incomplete(_))) => {
                Some((candidate.goroot.clone(), problem.to_string()))
            }
            _ => None,
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// The newest release on the machine, or the newest of those `back` minor versions (that are there) before it.
pub fn stable(places: &Places, back: usize) -> Option<Toolchain> {
    let mut releases: Vec<(Version, Toolchain)> = list(places)
        .into_iter()
        .filter_map(|toolchain| Some((Version::parse(&toolchain.version)?, toolchain)))
        .filter(|(version, _)| version.is_release())
        .collect();
    releases.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    releases.dedup_by_key(|(version, _)| version.minor);
    releases
        .into_iter()
        .nth(back)
        .map(|(_, toolchain)| toolchain)
}

/// What the folder `goroot` is, or why it cannot be used.
pub fn inspect_folder(goroot: &Utf8Path, source: &'static str) -> Result<Toolchain, Unusable> {
    inspect(&Candidate {
        goroot: goroot.to_owned(),
        source,
    })
}

fn first(places: &Places) -> Result<Toolchain, FindError> {
    let mut refused = Vec::new();
    for candidate in places.candidates() {
        match inspect(&candidate) {
            Ok(toolchain) => return Ok(toolchain),
            Err(Unusable::TooOld(version)) => {
                let described = format!("{version} in {}", candidate.goroot);
                if !refused.contains(&described) {
                    refused.push(described);
                }
            }
            Err(_) => {}
        }
    }
    Err(FindError::None { refused })
}

fn by_version(wanted: Version, places: &Places) -> Result<Toolchain, FindError> {
    let toolchains = list(places);
    let matching = toolchains
        .iter()
        .filter_map(|toolchain| Some((Version::parse(&toolchain.version)?, toolchain)))
        .filter(|(version, _)| wanted.accepts(*version))
        // `max_by_key` takes the last of equals; the first found is wanted.
        .rev()
        .max_by_key(|(version, _)| *version);
    match matching {
        Some((_, toolchain)) => Ok(toolchain.clone()),
        None => Err(FindError::NoSuchVersion {
            wanted,
            available: toolchains
                .into_iter()
                .map(|toolchain| toolchain.version)
                .collect(),
        }),
    }
}

fn by_path(path: &Utf8Path) -> Result<Toolchain, FindError> {
    let Ok(real) = path.canonicalize_utf8() else {
        return Err(FindError::Meaningless(path.to_string()));
    };
    let goroot = if real.is_dir() {
        real.as_path()
    } else {
        // `GOROOT/bin/go`
        real.parent().and_then(Utf8Path::parent).unwrap_or(&real)
    };
    inspect_folder(goroot, "given by --go").map_err(|problem| FindError::NotAToolchain {
        path: path.to_owned(),
        problem,
    })
}

fn inspect(candidate: &Candidate) -> Result<Toolchain, Unusable> {
    let goroot = candidate
        .goroot
        .canonicalize_utf8()
        .map_err(|_| Unusable::NoVersion)?;
    let text = std::fs::read_to_string(goroot.join("VERSION")).map_err(|_| Unusable::NoVersion)?;
    let line = text.lines().next().unwrap_or_default().trim();
    let version = Version::parse(line).ok_or_else(|| Unusable::OddVersion(line.to_owned()))?;
    if version.language() < Language::OLDEST {
        return Err(Unusable::TooOld(line.to_owned()));
    }
    if !goroot.join("bin").join(places::go_file_name()).is_file() {
        return Err(Unusable::Incomplete("bin/go"));
    }
    if !goroot.join("src/runtime").is_dir() {
        return Err(Unusable::Incomplete(
            "the standard library's source (src/runtime)",
        ));
    }
    Ok(Toolchain {
        goroot,
        version: line.split_whitespace().next().unwrap_or(line).to_owned(),
        language: version.language(),
        source: candidate.source.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A machine in a temporary folder.
    struct Machine {
        root: tempfile::TempDir,
        places: Places,
    }

    impl Machine {
        fn new() -> Self {
            let root = tempfile::tempdir().unwrap();
            let path = Utf8Path::from_path(root.path())
                .unwrap()
                .canonicalize_utf8()
                .unwrap();
            let places = Places {
                home: Some(path.join("home/me")),
                root: path.clone(),
                cache: Some(path.join("cache")),
                ..Places::default()
            };
            Self { root, places }
        }

        fn go(&self, folder: &str, version: &str) -> Utf8PathBuf {
            let root = Utf8Path::from_path(self.root.path())
                .unwrap()
                .canonicalize_utf8()
                .unwrap();
            let goroot = root.join(folder);
            fs::create_dir_all(goroot.join("bin")).unwrap();
            fs::create_dir_all(goroot.join("src/runtime")).unwrap();
            fs::write(goroot.join("VERSION"), format!("{version}\ntime 2026\n")).unwrap();
            fs::write(goroot.join("bin").join(places::go_file_name()), "").unwrap();
            goroot
        }

        fn find(&self, wanted: Option<&str>) -> Result<Toolchain, FindError> {
            find(&Request {
                wanted: wanted.map(str::to_owned),
                places: self.places.clone(),
            })
        }
    }

    #[test]
    fn path_comes_before_what_is_installed() {
        let mut machine = Machine::new();
        machine.go("usr/local/go", "go1.25.1");
        let mine = machine.go("home/me/tools/go", "go1.24.2");
        machine.places.path = vec![mine.join("bin")];
        let toolchain = machine.find(None).unwrap();
        assert_eq!(toolchain.version, "go1.24.2");
        assert_eq!(toolchain.source, "on PATH");
        assert_eq!(toolchain.language.to_string(), "1.24");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_on_path_leads_to_the_goroot_it_points_into() {
        let mut machine = Machine::new();
        let real = machine.go("usr/lib/go-1.23", "go1.23.4");
        let bin = machine.places.root.join("usr/bin");
        fs::create_dir_all(&bin).unwrap();
        std::os::unix::fs::symlink(real.join("bin/go"), bin.join("go")).unwrap();
        machine.places.path = vec![bin];
        assert_eq!(machine.find(None).unwrap().goroot, real);
    }

    #[test]
    fn a_version_managers_script_is_passed_over_for_the_real_place() {
        let mut machine = Machine::new();
        let shims = machine.places.root.join("home/me/.asdf/shims");
        fs::create_dir_all(&shims).unwrap();
        fs::write(shims.join("go"), "#!/bin/sh\nexec asdf exec go\n").unwrap();
        let real = machine.go("home/me/.asdf/installs/golang/1.24.3/go", "go1.24.3");
        machine.places.path = vec![shims];
        let toolchain = machine.find(None).unwrap();
        assert_eq!(toolchain.goroot, real);
        assert_eq!(toolchain.source, "installed by asdf");
    }

    #[test]
    fn a_minor_version_gets_the_newest_patch_and_a_full_one_exactly_that() {
        let machine = Machine::new();
        machine.go("home/me/sdk/go1.24.3", "go1.24.3");
        machine.go("home/me/sdk/go1.24.11", "go1.24.11");
        machine.go("cache/toolchains/go1.22.10", "go1.22.10");
        assert_eq!(machine.find(Some("1.24")).unwrap().version, "go1.24.11");
        assert_eq!(machine.find(Some("go1.24.3")).unwrap().version, "go1.24.3");
        assert_eq!(
            machine.find(Some("1.22")).unwrap().source,
            "in gosnip's cache"
        );
        let error = machine.find(Some("1.24.5")).unwrap_err().to_string();
        assert!(
            error.contains("Go 1.24.5 is not on this machine"),
            "{error}"
        );
        assert!(error.contains("go1.24.11"), "{error}");
    }

    #[test]
    fn a_path_may_be_a_goroot_or_a_go_command() {
        let machine = Machine::new();
        let goroot = machine.go("anywhere/go", "go1.21.0");
        assert_eq!(machine.find(Some(goroot.as_str())).unwrap().goroot, goroot);
        let command = goroot.join("bin").join(places::go_file_name());
        assert_eq!(machine.find(Some(command.as_str())).unwrap().goroot, goroot);
    }

    #[test]
    fn an_old_go_is_refused_by_name() {
        let machine = Machine::new();
        let old = machine.go("usr/lib/go-1.19", "go1.19.8");
        let error = machine.find(None).unwrap_err().to_string();
        assert!(
            error.contains("go1.19.8") && error.contains("1.21 or later"),
            "{error}"
        );
        let error = machine.find(Some(old.as_str())).unwrap_err().to_string();
        assert!(error.contains("it is go1.19.8"), "{error}");
    }

    #[test]
    fn what_is_neither_version_nor_path_says_so() {
        let error = Machine::new().find(Some("newest")).unwrap_err().to_string();
        assert!(error.contains("\"newest\" is neither"), "{error}");
    }

    #[test]
    fn a_toolchain_is_listed_once_however_it_is_found() {
        let mut machine = Machine::new();
        let goroot = machine.go("usr/local/go", "go1.26.8");
        machine.places.path = vec![goroot.join("bin")];
        machine.places.goroot = Some(goroot.clone());
        let listed = list(&machine.places);
        assert_eq!(
            listed
                .iter()
                .map(|toolchain| &toolchain.goroot)
                .collect::<Vec<_>>(),
            [&goroot]
        );
    }

    #[test]
    fn a_folder_without_the_standard_library_is_no_toolchain() {
        let machine = Machine::new();
        let goroot = machine.go("broken", "go1.26.8");
        fs::remove_dir_all(goroot.join("src")).unwrap();
        let error = machine.find(Some(goroot.as_str())).unwrap_err().to_string();
        assert!(error.contains("src/runtime"), "{error}");
    }
}
