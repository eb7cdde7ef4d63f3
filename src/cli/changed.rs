//! `--changed [BASE]`: which notes differ from a git base, or depend on something that does.
//!
//! What a verdict depends on besides its note: `verify.toml`, the baseline and Go modules concern every
//! note; a record in `expected/` concerns its note; the programs in `snippets/` every note, as they are
//! compared as a whole. Carried names come from the same note.

use std::collections::BTreeSet;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

use super::Error;
use crate::expected::baseline;
use crate::pipeline::extracting;
use crate::settings::{Settings, file};

/// Variables in which CI services name the base of what is proposed, and what stands before the value to
/// make it a name that the checkout knows.
const BASES: [(&str, &str); 2] = [
    ("GITHUB_BASE_REF", "origin/"),
    ("CI_MERGE_REQUEST_DIFF_BASE_SHA", ""),
];

/// Restrict `settings` to what differs from `base` (empty: what CI names, else the last commit), or
/// depends on what does.
pub fn restrict(settings: &mut Settings, base: &str) -> Result<(), Error> {
    let base = match base {
        "" => usual_base(),
        base => base.to_owned(),
    };
    let files = differing(&settings.folder, &base)?;
    let concerns_all = |file: &Utf8PathBuf| is_common(settings, file);
    if !files.iter().any(concerns_all) {
        settings.changed = Some(files);
    }
    Ok(())
}

fn usual_base() -> String {
    let named = |(name, before): &(&str, &str)| {
        let value = std::env::var(name).ok().filter(|it| !it.is_empty())?;
        Some(format!("{before}{value}"))
    };
    BASES
        .iter()
        .find_map(named)
        .unwrap_or_else(|| "HEAD".to_owned())
}

/// Whether a file is one that the verdicts on every note depend on.
fn is_common(settings: &Settings, path: &Utf8Path) -> bool {
    let config = match &settings.file {
        Some(config) => settings.current.join(config) == path,
        // A `verify.toml` that was deleted had a say as well.
        None => path == settings.folder.join(file::FILE_NAME),
    };
    let module = matches!(path.file_name(), Some("go.mod" | "go.sum" | "go.work"));
    let baseline = settings.folder.join(baseline::FILE_NAME) == path;
    let snippets = path.starts_with(settings.folder.join(extracting::FOLDER));
    config || module || baseline || snippets
}

/// The files below the repository's root that differ from where this branch left `base`, committed or
/// not, and those that git does not know yet.
fn differing(folder: &Utf8Path, base: &str) -> Result<BTreeSet<Utf8PathBuf>, Error> {
    let up = git(folder, &["rev-parse", "--show-cdup"]).map_err(|why| {
        usage(format!(
            "--changed compares with git, and {folder} is not in a repository: {why}"
        ))
    })?;
    let root = crate::settings::normal(&folder.join(up.trim_end()));
    let commit = format!("{base}^{{commit}}");
    git(&root, &["rev-parse", "--verify", "--quiet", &commit]).map_err(|_| {
        usage(format!(
            "git knows no commit `{base}` to compare with; fetch it, or name another base: `--changed=origin/main` \
             (a path goes before the flag: `gosnip verify {base} --changed`)"
        ))
    })?;
    let parent = git(&root, &["merge-base", base, "HEAD"]).map_err(|_| {
        usage(format!(
            "`{base}` and HEAD have no common commit here; in a shallow clone fetch more of the history \
             (actions/checkout: `fetch-depth: 0`)"
        ))
    })?;
    let failed = |why| usage(format!("git can't compare with `{base}`: {why}"));
    let parent = parent.trim_end();
    let diff = [
        "diff",
        "--name-only",
        "--no-renames",
        "--no-ext-diff",
        "-z",
        parent,
        "--",
    ];
    let changed = git(&root, &diff).map_err(failed)?;
    let others = ["ls-files", "--others", "--exclude-standard", "-z"];
    let unknown = git(&root, &others).map_err(failed)?;
    Ok(changed
        .split('\0')
        .chain(unknown.split('\0'))
        .filter(|name| !name.is_empty())
        .map(|name| root.join(name))
        .collect())
}

fn usage(message: String) -> Error {
    Error::Usage(message)
}

/// What git says, or why it does not.
fn git(folder: &Utf8Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .output()
        .map_err(|error| format!("git can't be started: {error}"))?;
    if output.status.success() {
        // A name that is no UTF-8 can't be a note's.
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let message = String::from_utf8_lossy(&output.stderr);
    Err(message.lines().next().unwrap_or("it failed").to_owned())
}
