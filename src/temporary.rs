//! Temporary folders: all of a process in one, which also holds a lock. So what a gosnip left that was killed can be
//! told from what belongs to one that is at work, and the next one removes it.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tempfile::TempDir;

/// How the folders of processes are called.
const PREFIX: &str = "gosnip-";

/// A file in each of them, locked as long as its process lives, however that ends. It has this name only when it is
/// locked.
const LOCK: &str = "lock";

/// A temporary folder; gone when dropped, whatever was done to it.
#[derive(Debug)]
pub(crate) struct Folder {
    own: TempDir,
    /// Goes with the last folder in it.
    _home: Arc<Home>,
}

/// The folder in which all those of this process are.
#[derive(Debug)]
struct Home {
    folder: TempDir,
    /// Nobody has it where the file system knows no locks: then nothing is ever removed by others.
    _lock: Option<File>,
}

impl Folder {
    /// Makes one.
    pub(crate) fn new() -> io::Result<Self> {
        static HOME: Mutex<Weak<Home>> = Mutex::new(Weak::new());
        let mut home = HOME.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = match home.upgrade() {
            Some(shared) => shared,
            None => Arc::new(Home::new(&std::env::temp_dir())?),
        };
        *home = Arc::downgrade(&shared);
        let own = tempfile::Builder::new()
            .prefix("")
            .tempdir_in(shared.folder.path())?;
        Ok(Self { own, _home: shared })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.own.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        remove(self.path());
    }
}

impl Home {
    /// Makes one among the temporary files, and removes those of the dead.
    fn new(among: &Path) -> io::Result<Self> {
        remove_left_overs(among);
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(among)?;
        let lock = take_lock(folder.path()).ok();
        Ok(Self {
            folder,
            _lock: lock,
        })
    }
}

/// Takes the lock of a new folder. Others see it only then.
fn take_lock(folder: &Path) -> io::Result<File> {
    let aside = folder.join("lock.new");
    let file = File::create(&aside)?;
    file.try_lock()?;
    fs::rename(&aside, folder.join(LOCK))?;
    Ok(file)
}

/// Removes the folders of processes that are dead. Where there is any doubt, a folder stays.
fn remove_left_overs(among: &Path) {
    for entry in fs::read_dir(among).into_iter().flatten().flatten() {
        let named = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if named && let Some(_lock) = lock_of_dead(&entry.path()) {
            remove(&entry.path());
        }
    }
}

/// The lock of a folder, if it is this user's and its process is dead: nobody else can hold it then.
#[cfg(unix)]
fn lock_of_dead(folder: &Path) -> Option<File> {
    use std::os::unix::fs::MetadataExt as _;
    let own = |path: &PathBuf| {
        // What a link leads to is somebody else's.
        let found = fs::symlink_metadata(path).ok()?;
        let own = found.uid() == rustix::process::geteuid().as_raw();
        (own && !found.is_symlink()).then_some(found)
    };
    let (folder, lock) = (folder.to_owned(), folder.join(LOCK));
    if !own(&folder)?.is_dir() || !own(&lock)?.is_file() {
        return None;
    }
    let file = File::options().write(true).open(lock).ok()?;
    match file.try_lock() {
        Ok(()) => Some(file),
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => None,
    }
}

#[cfg(not(unix))]
fn lock_of_dead(_: &Path) -> Option<File> {
    None
}

/// Removes a folder with all in it, as far as possible.
fn remove(folder: &Path) {
    // A folder without permissions cannot be emptied.
    if fs::remove_dir_all(folder).is_err() {
        open_up(folder);
        let _still_there = fs::remove_dir_all(folder);
    }
}

/// Gives back the permissions that are needed to remove a folder. Does not follow links.
#[cfg(unix)]
fn open_up(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let _still_closed = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open_up(&entry.path());
        }
    }
}

#[cfg(not(unix))]
fn open_up(_: &Path) {}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    /// A home whose process is dead.
    fn dead(among: &Path) -> PathBuf {
        let home = Home::new(among).unwrap();
        let Home { folder, _lock } = home;
        folder.keep()
    }

    #[test]
    fn it_is_gone_even_when_its_folders_were_closed() {
        let folder = Folder::new().unwrap();
        let path = folder.path().to_owned();
        let inner = path.join("a/b");
        fs::create_dir_all(&inner).unwrap();
        fs::write(inner.join("file"), "").unwrap();
        for folder in [&inner, &path.join("a")] {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o000)).unwrap();
        }
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn what_the_dead_left_is_removed_and_nothing_else() {
        let among = tempfile::tempdir().unwrap();
        let among = among.path();
        let living = Home::new(among).unwrap();
        let left = dead(among);
        fs::create_dir(left.join("closed")).unwrap();
        fs::write(left.join("closed/file"), "").unwrap();
        fs::set_permissions(left.join("closed"), fs::Permissions::from_mode(0o000)).unwrap();
        // Without a lock nobody knows; what is called otherwise, or is reached by a link, is not gosnip's.
        let unknown = among.join("gosnip-unknown");
        fs::create_dir(&unknown).unwrap();
        let others = dead(among).with_file_name("others");
        fs::rename(dead(among), &others).unwrap();
        symlink(&others, among.join("gosnip-link")).unwrap();
        let beginning = among.join("gosnip-beginning");
        fs::create_dir(&beginning).unwrap();
        fs::write(beginning.join("lock.new"), "").unwrap();
        let linked = among.join("gosnip-linked");
        fs::create_dir(&linked).unwrap();
        symlink(others.join(LOCK), linked.join(LOCK)).unwrap();

        remove_left_overs(among);
        assert!(!left.exists());
        for kept in [living.folder.path(), &unknown, &others, &beginning, &linked] {
            assert!(kept.is_dir(), "{kept:?}");
        }
        assert!(others.join(LOCK).exists());
    }

    #[test]
    fn folders_of_one_process_share_a_home() {
        let (one, other) = (Folder::new().unwrap(), Folder::new().unwrap());
        assert_eq!(one.path().parent(), other.path().parent());
        assert_ne!(one.path(), other.path());
    }
}
