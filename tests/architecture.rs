//! `ARCHITECTURE.md` and the heads of the modules are kept true.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn every_module_says_first_what_it_is_for() {
    let silent: Vec<PathBuf> = rust_files(&root().join("src"))
        .into_iter()
        .filter(|path| !fs::read_to_string(path).unwrap().starts_with("//! "))
        .collect();
    assert!(
        silent.is_empty(),
        "these files need a `//!` head: {silent:?}"
    );
}

#[test]
fn every_room_is_in_the_architecture() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let missing: Vec<String> = fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            let folder = entry.file_type().unwrap().is_dir();
            if folder {
                format!("`{name}/`")
            } else {
                format!("`{name}`")
            }
        })
        .filter(|name| !text.contains(name.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "ARCHITECTURE.md does not mention {missing:?}"
    );
}

/// Names in backticks that end in `.rs` are files below `src`, in the room of their section (the heading
/// `## … (`room/`)`) or with the folder in the name.
#[test]
fn every_file_in_the_architecture_exists() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let mut room = PathBuf::new();
    let mut known = 0;
    let mut missing = Vec::new();
    for line in text.lines() {
        if line.starts_with("##") {
            room = line
                .split('`')
                .nth(1)
                .and_then(|name| name.strip_suffix('/'))
                .map_or_else(PathBuf::new, PathBuf::from);
        }
        for name in line.split('`').skip(1).step_by(2) {
            if !name.ends_with(".rs") || name.contains(['*', ' ']) {
                continue;
            }
            known += 1;
            let places = [
                root().join("src").join(&room).join(name),
                root().join("src").join(name),
                root().join(name),
            ];
            if !places.iter().any(|place| place.is_file()) {
                missing.push(name);
            }
        }
    }
    assert!(
        missing.is_empty(),
        "ARCHITECTURE.md speaks of {missing:?}, which do not exist"
    );
    assert!(known > 50, "only {known} files are described");
}
