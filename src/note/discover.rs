//! Finding the notes below the given paths.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, WalkBuilder};

use super::go_file;

/// What a file's name must end with (after the dot, in whatever case) to be a note or a Go file.
const EXTENSIONS: [&str; 5] = ["md", "markdown", "mdx", "txt", "go"];

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
    /// The Go files found below folders, sorted: which of them are to be read is for the caller to say. (One
    /// that was itself asked for is among `notes`.)
    pub go_files: Vec<Utf8PathBuf>,
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
    discovery.go_files.sort();
    discovery.go_files.dedup();
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
                Some(path) if go_file::is_go(path) => discovery.go_files.push(plain(path)),
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

/// The notes that lie directly in `folder`, sorted. What can't be read is passed over.
pub fn notes_in(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let none = Override::empty();
    let mut found: Vec<Utf8PathBuf> = WalkBuilder::new(folder)
        .max_depth(Some(1))
        .require_git(false)
        .build()
        .flatten()
        .filter(|entry| entry.file_type().is_some_and(|it| it.is_file()) && is_note(entry, &none))
        .filter_map(|entry| Utf8PathBuf::from_path_buf(entry.into_path()).ok())
        .collect();
    found.sort();
    found
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

/// The walker's error as a problem of the path it is about, or of `root` if it names none.
fn problem(root: &Utf8Path, error: ignore::Error) -> PathProblem {
    match error {
        ignore::Error::WithPath { path, err } => PathProblem {
            path: path.display().to_string(),
            message: reason(&err),
        },
        ignore::Error::WithDepth { err, .. } => problem(root, *err),
        other => PathProblem {
            path: root.to_string(),
            message: reason(&other),
        },
    }
}

/// What the system says, without the path once more.
fn reason(error: &ignore::Error) -> String {
    let io = error.io_error().map(io_reason);
    io.unwrap_or_else(|| error.to_string())
}

/// The walker wraps the system's error in one that names the path.
fn io_reason(error: &std::io::Error) -> String {
    let inner = error.get_ref().and_then(std::error::Error::source);
    inner.map_or_else(|| error.to_string(), ToString::to_string)
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A folder with these files.
    fn folder(files: &[&str]) -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
        for file in files {
            fs::create_dir_all(path.join(file).parent().unwrap()).unwrap();
            fs::write(path.join(file), "").unwrap();
        }
        (folder, path)
    }

    /// What is found below `roots`, relative to `base`.
    fn found(base: &Utf8Path, roots: &[&str], rules: &Rules) -> Vec<String> {
        let roots: Vec<Utf8PathBuf> = roots.iter().map(|root| base.join(root)).collect();
        let discovery = discover(&roots, rules).unwrap();
        assert_eq!(discovery.problems, []);
        let notes = discovery.notes.iter();
        notes
            .map(|note| note.strip_prefix(base).unwrap().to_string())
            .collect()
    }

    #[test]
    fn notes_are_known_by_their_extension_and_sorted() {
        let files = [
            "b/x.MD",
            "a.txt",
            "b/a.markdown",
            "c.mdx",
            "d.rs",
            "e",
            "node_modules/n.md",
        ];
        let (_folder, base) = folder(&files);
        assert_eq!(
            found(&base, &[""], &Rules::default()),
            [
                "a.txt",
                "b/a.markdown",
                "b/x.MD",
                "c.mdx",
                "node_modules/n.md"
            ]
        );
    }

    #[test]
    fn a_file_that_is_named_is_taken_whatever_it_is_and_only_once() {
        let (_folder, base) = folder(&["a.md", "x.go", ".hidden.md"]);
        let rules = Rules {
            base: base.clone(),
            exclude: vec!["*.md".into()],
            ..Rules::default()
        };
        let roots = ["x.go", "./a.md", "a.md", ".hidden.md"];
        assert_eq!(found(&base, &roots, &rules), [".hidden.md", "a.md", "x.go"]);
    }

    #[test]
    fn hidden_and_ignored_files_are_no_notes_even_if_included() {
        let files = [".git/HEAD", "a.md", "out/b.md", ".c/d.md", ".e.md"];
        let (_folder, base) = folder(&files);
        fs::write(base.join(".gitignore"), "out/\n").unwrap();
        let mut rules = Rules {
            base: base.clone(),
            ..Rules::default()
        };
        assert_eq!(found(&base, &[""], &rules), ["a.md"]);
        rules.include = vec!["**/*.md".into()];
        assert_eq!(found(&base, &[""], &rules), ["a.md"]);
    }

    #[test]
    fn rules_are_relative_to_their_base_and_exclude_is_stronger() {
        let files = ["docs/a.md", "docs/old/b.md", "docs/c.txt", "d.md"];
        let (_folder, base) = folder(&files);
        let rules = Rules {
            base: base.clone(),
            include: vec!["docs/**/*.md".into()],
            exclude: vec!["docs/old/".into()],
        };
        for root in ["", "docs"] {
            assert_eq!(found(&base, &[root], &rules), ["docs/a.md"], "{root:?}");
        }
    }

    #[test]
    fn a_path_that_is_not_there_and_a_bad_glob_are_named() {
        let (_folder, base) = folder(&[]);
        let error = discover(&[base.join("none.md")], &Rules::default()).unwrap_err();
        assert!(error.to_string().contains("none.md"), "{error}");
        let rules = Rules {
            base,
            include: vec!["{a".into()],
            ..Rules::default()
        };
        let error = discover(&[], &rules).unwrap_err();
        assert!(
            error.to_string().starts_with("`{a` is not a glob"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_in_circles_end() {
        let (_folder, base) = folder(&["a/b.md"]);
        std::os::unix::fs::symlink(&base, base.join("a/loop")).unwrap();
        std::os::unix::fs::symlink(base.join("a"), base.join("link")).unwrap();
        assert_eq!(found(&base, &[""], &Rules::default()), ["a/b.md"]);
        assert_eq!(found(&base, &["link"], &Rules::default()), ["link/b.md"]);
        assert_eq!(found(&base, &["link", "a"], &Rules::default()), ["a/b.md"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_cannot_be_read_is_a_problem_and_the_rest_is_found() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, base) = folder(&["a.md", "locked/b.md"]);
        let locked = base.join("locked");
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
        let readable = fs::read_dir(&locked).is_ok();
        let discovery = discover(std::slice::from_ref(&base), &Rules::default()).unwrap();
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(discovery.notes[0], base.join("a.md"));
        if readable {
            // Permissions mean nothing to the superuser.
            assert_eq!(discovery.notes.len(), 2);
        } else {
            assert_eq!(discovery.notes.len(), 1);
            assert_eq!(discovery.problems[0].path, locked.as_str());
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_that_is_not_utf8_is_a_problem() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let (_folder, base) = folder(&["a.md"]);
        let name = OsStr::from_bytes(b"\xff.md");
        fs::write(base.as_std_path().join(name), "").unwrap();
        let discovery = discover(std::slice::from_ref(&base), &Rules::default()).unwrap();
        assert_eq!(discovery.notes, [base.join("a.md")]);
        assert!(discovery.problems[0].path.ends_with("\u{fffd}.md"));
    }
}
