//! A lock file, so that two gosnip processes do not build or download the same thing at once.

use std::fs::{self, File};
use std::io;

use camino::Utf8Path;

/// Held while it lives; the system releases it when the process ends, however that happens.
#[derive(Debug)]
pub struct Lock {
    /// Dropping it releases the lock.
    _file: File,
}

impl Lock {
    /// Waits until the lock at `path` is free and takes it. The file is made where it is missing and stays
    /// behind: removing it would let two processes hold different files of the same name.
    pub fn take(path: &Utf8Path) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)?;
        match file.lock() {
            Ok(()) => {}
            // Some network file systems know no locks. Everything guarded is written aside and renamed, so
            // without a lock work may be done twice, never wrongly.
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(error) => return Err(error),
        }
        Ok(Self { _file: file })
    }
}
