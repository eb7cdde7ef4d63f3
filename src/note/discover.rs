//! Finding the notes below the given paths.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, WalkBuilder};

/// What a file's name must end with (after the dot, in whatever case) to be a note.
const EXTENSIONS: [&str; 4] = ["md", "markdown", "mdx", "txt"];

/// Which of the files below a folder are notes, besides those that Git ignores.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// The folder that the globs are relative to.
    pub base: Utf8PathBuf,
    /// Globs of which a note must match one; none: every note does.
    pub include: Vec<String>,
    /// Globs of files and folders to leave out; stronger than `include`.
    pub exclude: Vec<String>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Discovery {
    /// The notes, sorted, each once.
    pub notes: Vec<Utf8PathBuf>,
    /// Paths that could not be looked at. The rest was.
    pub problems: Vec<PathProblem>,
}

/// A path that could not be looked at, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathProblem {
    /// The path; what is not UTF-8 in it is replaced.
    pub path: String,
    /// Why, as a lowercase fragment.
    pub message: String,
}

/// Why nothing was looked for.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// A path that was asked for is not there.
    #[error("cannot find {path}: {source}")]
    Missing {
        /// The path as given.
        path: Utf8PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A glob that is none.
    #[error("`{glob}` is not a glob: {source}")]
    Glob {
        /// The glob as written.
        glob: String,
        /// What is wrong with it.
        source: ignore::Error,
    },
}

/// Find the notes: each of `roots` that is a file, whatever its name and the rules, and below each
/// that is a folder the files that have a note's extension, are not hidden, not ignored by Git, and
/// obey the rules. Symbolic links within folders are not followed, as Git does not.
pub fn discover(roots: &[Utf8PathBuf], rules: &Rules) -> Result<Discovery, DiscoverError> {
    let include = globs(&rules.base, &rules.include, "")?;
    let exclude = globs(&rules.base, &rules.exclude, "!")?;
    let mut discovery = Discovery::default();
    for root in roots {
        let metadata = root.metadata().map_err(|source| DiscoverError::Missing {
            path: root.clone(),
            source,
        })?;
        if metadata.is_dir() {
            walk(root, &include, &exclude, &mut discovery);
        } else {
            discovery.notes.push(plain(root));
        }
    }
    discovery.notes.sort();
    let mut seen = HashSet::new();
    discovery
        .notes
        .retain(|note| seen.insert(note.canonicalize().unwrap_or_else(|_| note.into())));
    Ok(discovery)
}

/// A matcher of globs below `base`. An override whitelists what it names, and `!` turns that round.
fn globs(base: &Utf8Path, globs: &[String], sign: &str) -> Result<Override, DiscoverError> {
    let wrong = |glob: &str, source| DiscoverError::Glob {
        glob: glob.to_owned(),
        source,
    };
    let base = if base.as_str().is_empty() {
        Utf8Path::new(".")
    } else {
        base
    };
    let mut builder = OverrideBuilder::new(absolute(base.as_std_path()));
    for glob in globs {
        builder
            .add(&format!("{sign}{glob}"))
            .map_err(|source| wrong(glob, source))?;
    }
    builder
        .build()
        .map_err(|source| wrong(&globs.join(" "), source))
}

/// Add the notes below the folder `root`.
fn walk(root: &Utf8Path, include: &Override, exclude: &Override, discovery: &mut Discovery) {
    let excluded = exclude.clone();
    // The matchers are not given to the walker itself: there they would bring back what Git ignores.
    let walker = WalkBuilder::new(root)
        .filter_entry(move |entry| {
            entry.depth() == 0
                || !excluded
                    .matched(absolute(entry.path()), is_dir(entry))
                    .is_ignore()
        })
        .build();
    for entry in walker {
        match entry {
            Ok(entry) if is_note(&entry, include) => match Utf8Path::from_path(entry.path()) {
                Some(path) => discovery.notes.push(plain(path)),
                None => discovery.problems.push(PathProblem {
                    path: entry.path().display().to_string(),
                    message: "its name is not UTF-8".to_owned(),
                }),
            },
            Ok(_) => {}
            Err(error) => discovery.problems.push(problem(root, error)),
        }
    }
}

fn is_dir(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
}

/// Whether what was found is a file with a note's extension that the rules include.
fn is_note(entry: &DirEntry, include: &Override) -> bool {
    let extension = entry.path().extension().unwrap_or_default();
    entry.file_type().is_some_and(|kind| kind.is_file())
        && EXTENSIONS
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
        && !include.matched(absolute(entry.path()), false).is_ignore()
}

/// The walker's error as a problem of the path it is about.
fn problem(root: &Utf8Path, error: ignore::Error) -> PathProblem {
    match error {
        ignore::Error::WithPath { path, err } => PathProblem {
            path: path.display().to_string(),
            message: err.to_string(),
        },
        ignore::Error::WithDepth { err, .. } => problem(root, *err),
        other => PathProblem {
            path: root.to_string(),
            message: other.to_string(),
        },
    }
}

/// Globs are matched on absolute paths, so that they mean the same however a path was given.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// `path` without `.` in it: `./a.md` and `a.md` are shown alike.
fn plain(path: &Utf8Path) -> Utf8PathBuf {
    path.components()
        .filter(|component| *component != Utf8Component::CurDir)
        .collect()
}
