//! The folder that a process has for itself.

use std::fs;
use std::io;
use std::path::Path;

use super::sandbox::plan::FOLDERS;
use crate::temporary::Folder;

/// A temporary folder with a home, a working and a temporary folder in it; gone when dropped.
#[derive(Debug)]
pub(super) struct Scratch {
    folder: Folder,
}

impl Scratch {
    /// Makes one.
    pub(super) fn new() -> io::Result<Self> {
        let folder = Folder::new()?;
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
