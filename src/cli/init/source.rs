//! Where a workflow gets gosnip from: what was asked for, what the package names, or where this gosnip itself came from.
//!
//! A workflow that installs a package nobody published is red from the first day on. So cargo is asked: it notes, in the
//! folder it installs into, where each program came from.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::cli::Error;

const PACKAGE: &str = env!("CARGO_PKG_NAME");

/// What `cargo install` is told.
pub fn of(asked: Option<&str>) -> Result<String, Error> {
    let named = asked.or(Some(env!("CARGO_PKG_REPOSITORY")).filter(|url| !url.is_empty()));
    if let Some(url) = named {
        return from_git(url, "").ok_or_else(|| {
            Error::Usage(format!(
                "--source takes the address of a git repository, and `{url}` has characters that none has"
            ))
        });
    }
    let noted = env::current_exe().ok().and_then(|program| {
        let root = program.parent()?.parent()?;
        fs::read_to_string(root.join(".crates.toml")).ok()
    });
    noted.and_then(|noted| installed(&noted)).ok_or_else(|| {
        Error::Usage(
            "the workflow has to get gosnip from somewhere, and this gosnip was not installed from a git repository \
             that has an address: name one with `--source URL`, or leave the workflow out with `--ci none`"
                .to_owned(),
        )
    })
}

/// What `cargo install` is told to get the same again, by its own notes on what it installed.
fn installed(noted: &str) -> Option<String> {
    let (_, rest) = noted.split_once(&format!("\"{PACKAGE} "))?;
    let (_, rest) = rest.split_once('(')?;
    let (origin, _) = rest.split_once(')')?;
    if origin.starts_with("registry+") || origin.starts_with("sparse+") {
        return Some(PACKAGE.to_owned());
    }
    if let Some(git) = origin.strip_prefix("git+") {
        let (url, revision) = git.split_once('#').unwrap_or((git, ""));
        let url = url.split('?').next().unwrap_or_default();
        return from_git(&public(url)?, revision);
    }
    let folder = origin.strip_prefix("path+file://")?;
    from_git(&public(&remote(Path::new(folder))?)?, "")
}

/// Where a checkout came from.
fn remote(folder: &Path) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["remote", "get-url", "origin"])
        .output()
        .ok()?;
    let url = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| url.trim().to_owned())
}

/// An address that a CI service can read from without a key; `None` for one of this machine alone.
fn public(url: &str) -> Option<String> {
    if let Some((host, path)) = url
        .strip_prefix("git@")
        .or_else(|| url.strip_prefix("ssh://git@"))
        .and_then(|rest| rest.split_once([':', '/']))
    {
        return Some(format!("https://{host}/{path}"));
    }
    url.starts_with("https://").then(|| url.to_owned())
}

/// It becomes part of a shell command in a YAML file, so nothing but an address is let through.
fn from_git(url: &str, revision: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/@+%".contains(c);
    let address = !url.is_empty() && !url.starts_with('-') && url.chars().all(plain);
    let revision = match revision.chars().all(|c| c.is_ascii_hexdigit()) {
        true if !revision.is_empty() => format!(" --rev {revision}"),
        _ => String::new(),
    };
    address.then(|| format!("--git {url}{revision} {PACKAGE}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_an_address_and_no_command() {
        let url = "https://example.org/notes/gosnip.git";
        assert_eq!(of(Some(url)).unwrap(), format!("--git {url} gosnip"));
        for wrong in ["x; rm -rf /", "$(id)", "--config=x", "a\nb", "a b", ""] {
            assert!(of(Some(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn cargo_knows_where_a_program_came_from() {
        let noted = |origin: &str| {
            format!(
                "[v1]\n\"other 1.0.0 (registry+x)\" = [\"o\"]\n\"gosnip 0.1.0 ({origin})\" = [\"gosnip\"]\n"
            )
        };
        for (origin, source) in [
            ("registry+https://example.org/index", Some("gosnip")),
            (
                "git+https://example.org/n/gosnip.git?branch=main#0a1b2c",
                Some("--git https://example.org/n/gosnip.git --rev 0a1b2c gosnip"),
            ),
            (
                "git+ssh://git@example.org/n/gosnip#0a1b2c",
                Some("--git https://example.org/n/gosnip --rev 0a1b2c gosnip"),
            ),
            // What lies on this machine alone is of no use elsewhere.
            ("git+file:///home/me/gosnip#0a1b2c", None),
            ("path+file:///nowhere/gosnip", None),
        ] {
            assert_eq!(installed(&noted(origin)).as_deref(), source, "{origin}");
        }
        assert_eq!(installed("[v1]\n"), None);
    }

    #[test]
    fn a_checkout_is_known_by_its_origin() {
        let folder = tempfile::tempdir().unwrap();
        let git = |arguments: &[&str]| {
            let run = Command::new("git")
                .arg("-C")
                .arg(folder.path())
                .args(arguments)
                .output();
            assert!(run.unwrap().status.success());
        };
        git(&["init", "-q"]);
        assert_eq!(remote(folder.path()), None);
        git(&["remote", "add", "origin", "git@example.org:n/gosnip.git"]);
        let noted = format!(
            "\"gosnip 0.1.0 (path+file://{})\" = []",
            folder.path().display()
        );
        assert_eq!(
            installed(&noted).as_deref(),
            Some("--git https://example.org/n/gosnip.git gosnip")
        );
    }
}
