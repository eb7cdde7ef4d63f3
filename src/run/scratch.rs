//! The folder that a process has for itself.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;

use super::sandbox::plan::FOLDERS;

/// A temporary folder with a home, a working and a temporary folder in it; gone when dropped, whatever
/// the process did to it.
#[derive(Debug)]
pub(super) struct Scratch {
    folder: TempDir,
}

impl Scratch {
    /// Makes one.
    pub(super) fn new() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("gosnip-").tempdir()?;
        for name in FOLDERS {
            fs::create_dir(folder.path().join(name))?;
        }
        Ok(Self { folder })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder without permissions cannot be emptied: TempDir's own removal comes after this.
        if fs::remove_dir_all(self.path()).is_err() {
            open_up(self.path());
        }
    }
}

/// Gives back the permissions that are needed to remove a folder. Does not follow links.
fn open_up(folder: &Path) {
    let _still_closed = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open_up(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_gone_even_when_its_folders_were_closed() {
        let scratch = Scratch::new().unwrap();
        let path = scratch.path().to_owned();
        let inner = path.join("work/a/b");
        fs::create_dir_all(&inner).unwrap();
        fs::write(inner.join("file"), "").unwrap();
        for folder in [&inner, &path.join("work/a")] {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o000)).unwrap();
        }
        drop(scratch);
        assert!(!path.exists());
    }
}
