//! The standard library: which package a name comes from, and where its export data lies.

pub mod export;
pub mod index;
pub mod own;
mod scan;
pub mod scheduler;

pub use export::{ExportData, ExportError};
pub use index::Index;

use std::fs::File;
use std::io::Read;

use camino::Utf8Path;

/// Whether `path` is a package that programs may import from the standard library of `goroot`, by the rule
/// of the go command: its folder is there and it is not one of the toolchain's own (`cmd`, `vendor`).
/// Internal packages are in it too; whether they may be imported is another question ([`is_internal`]).
pub fn is_standard(goroot: &Utf8Path, path: &str) -> bool {
    let sound = path.split('/').all(|element| {
        !element.is_empty()
            && !element.starts_with('.')
            && element
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    });
    let first = path.split('/').next().unwrap_or_default();
    sound
        && !matches!(first, "cmd" | "vendor" | "builtin")
        && has_go_files(&goroot.join("src").join(path))
}

/// Whether an import of `path` is refused outside the standard library because of its `internal` element.
pub fn is_internal(path: &str) -> bool {
    path.split('/').any(|element| element == "internal")
}

/// Whether the folder holds Go files other than tests, and not only such as need an experiment to be
/// switched on when the toolchain is used (`encoding/json/v2` in Go 1.25).
fn has_go_files(folder: &Utf8Path) -> bool {
    let Ok(entries) = folder.read_dir_utf8() else {
        return false;
    };
    entries.filter_map(Result::ok).any(|entry| {
        let name = entry.file_name();
        name.ends_with(".go") && !name.ends_with("_test.go") && !is_experimental(entry.path())
    })
}

/// Whether a Go file's build constraint names an experiment. Constraints stand before the package clause;
/// in the standard library, only a licence of a few hundred bytes is before them.
fn is_experimental(file: &Utf8Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(file).and_then(|file| file.take(2048).read_to_end(&mut head));
    let constraint = b"\n//go:build goexperiment.";
    read.is_ok()
        && head
            .windows(constraint.len())
            .any(|window| window == constraint)
}
