//! What gosnip keeps on the disk: how much it is, and letting go of it.
//!
//! Whatever is deleted here is made again when it is needed, also by a gosnip that runs at this very
//! moment: entries are complete or not there, so deleting one is a miss and no damage.

use std::fs;
use std::io;
use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};

use crate::settings::Settings;

use super::{PipelineError, toolchains};

/// A part of the cache, and what takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its folder below the cache's.
    pub name: &'static str,
    /// What is in it, for a person.
    pub what: &'static str,
    /// How many bytes.
    pub bytes: u64,
}

/// The folders whose entries can be made again, with how deep below them the entries lie: an entry is
/// there or gone as a whole.
const PARTS: [(&str, &str, usize); 7] = [
    ("objects", "compiled programs", 2),
    ("binaries", "linked programs", 1),
    ("runs", "what programs did", 2),
    ("reports", "reports of the last hour", 2),
    ("std", "the compiled standard library", 1),
    ("home", "the go command's own cache", 1),
    ("modules", "third-party modules", 2),
];

/// The cache's folder.
pub fn folder(settings: &Settings) -> Result<Utf8PathBuf, PipelineError> {
    toolchains::cache(settings)
}

/// What is in the cache, with everything else under "toolchains and other files".
pub fn parts(folder: &Utf8Path) -> Vec<Part> {
    let mut parts: Vec<Part> = PARTS
        .iter()
        .map(|&(name, what, _)| Part {
            name,
            what,
            bytes: bytes(&folder.join(name)),
        })
        .collect();
    let known: u64 = parts.iter().map(|part| part.bytes).sum();
    parts.push(Part {
        name: "",
        what: "toolchains and other files",
        bytes: bytes(folder).saturating_sub(known),
    });
    parts
}

/// Delete what can be made again, or of that what was not used for `older_than`; gives the bytes freed.
pub fn clean(folder: &Utf8Path, older_than: Option<Duration>) -> Result<u64, PipelineError> {
    let before = bytes(folder);
    for (name, _, depth) in PARTS {
        for entry in entries(&folder.join(name), depth) {
            if older_than.is_none_or(|least| unused(&entry).is_some_and(|age| age >= least)) {
                remove(&entry).map_err(|error| {
                    PipelineError::Environment(format!("{entry} cannot be deleted: {error}"))
                })?;
            }
        }
    }
    Ok(before.saturating_sub(bytes(folder)))
}

/// What lies `depth` levels below.
fn entries(folder: &Utf8Path, depth: usize) -> Vec<Utf8PathBuf> {
    let children = folder.read_dir_utf8().into_iter().flatten();
    let children = children
        .filter_map(Result::ok)
        .map(|entry| entry.path().to_owned());
    match depth {
        0 | 1 => children.collect(),
        _ => children
            .flat_map(|child| entries(&child, depth - 1))
            .collect(),
    }
}

/// How long an entry was not used: since the youngest of its files (a use is noted in one of them).
fn unused(entry: &Utf8Path) -> Option<Duration> {
    let last = files(entry)
        .filter_map(|metadata| metadata.modified().ok())
        .max()
        .or_else(|| fs::symlink_metadata(entry).ok()?.modified().ok())?;
    SystemTime::now().duration_since(last).ok()
}

fn bytes(folder: &Utf8Path) -> u64 {
    files(folder).map(|metadata| metadata.len()).sum()
}

/// All files at and below a path; links are not followed, and a file with several names counts once for
/// each.
fn files(path: &Utf8Path) -> Box<dyn Iterator<Item = fs::Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            Box::new(entries(path, 1).into_iter().flat_map(|child| files(&child)))
        }
        Ok(metadata) => Box::new(std::iter::once(metadata)),
        // Deleted meanwhile, by whomever.
        Err(_) => Box::new(std::iter::empty()),
    }
}

fn remove(path: &Utf8Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            open_up(path);
            fs::remove_dir_all(path)
        }
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Makes a folder's subfolders writable: the go command closes those of its module cache.
#[cfg(unix)]
fn open_up(folder: &Utf8Path) {
    use std::os::unix::fs::PermissionsExt;
    // If it cannot be done, deleting says why.
    let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o755));
    for child in entries(folder, 1) {
        if fs::symlink_metadata(&child).is_ok_and(|metadata| metadata.is_dir()) {
            open_up(&child);
        }
    }
}

#[cfg(not(unix))]
fn open_up(_: &Utf8Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache() -> (tempfile::TempDir, Utf8PathBuf) {
        let guard = tempfile::tempdir().unwrap();
        let folder = Utf8PathBuf::from_path_buf(guard.path().to_owned()).unwrap();
        for file in [
            "objects/ab/abc/object.a",
            "objects/ab/abd/object.a",
            "runs/cd/cde",
            "toolchains/go1.22.10/VERSION",
        ] {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "0123456789").unwrap();
        }
        (guard, folder)
    }

    #[test]
    fn each_part_is_weighed_and_what_is_not_known_counts_as_other() {
        let (_guard, folder) = cache();
        let parts = parts(&folder);
        let bytes = |name| parts.iter().find(|part| part.name == name).unwrap().bytes;
        assert_eq!((bytes("objects"), bytes("runs"), bytes("")), (20, 10, 10));
    }

    #[test]
    fn cleaning_frees_all_but_the_toolchains() {
        let (_guard, folder) = cache();
        assert_eq!(clean(&folder, None).unwrap(), 30);
        assert!(folder.join("toolchains/go1.22.10/VERSION").exists());
        assert_eq!(clean(&folder.join("nowhere"), None).unwrap(), 0);
    }

    #[test]
    fn what_was_used_lately_stays_if_only_the_old_is_to_go() {
        let (_guard, folder) = cache();
        let old = folder.join("objects/ab/abc/object.a");
        let day = Duration::from_secs(24 * 60 * 60);
        let file = fs::File::options().append(true).open(&old).unwrap();
        file.set_modified(SystemTime::now() - 3 * day).unwrap();
        assert_eq!(clean(&folder, Some(2 * day)).unwrap(), 10);
        assert!(!old.exists());
        assert!(folder.join("objects/ab/abd/object.a").exists());
    }
}
