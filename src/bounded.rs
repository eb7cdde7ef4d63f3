//! Reading files of other people's, which may be anything: a link to a device without an end, a pipe that nobody
//! writes to.

use std::fs::File;
use std::io::{self, Read};

use camino::Utf8Path;

/// How large a text may be that gosnip keeps itself, or that it is told what to do by.
const LARGEST_TEXT: u64 = 64 << 20;

/// The text of a file of moderate size.
pub(crate) fn text(path: &Utf8Path) -> io::Result<String> {
    let bytes = bytes(path, LARGEST_TEXT)?.ok_or(io::ErrorKind::FileTooLarge)?;
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// The bytes of a file, unless there are more than `limit`. The size that the file system tells is
/// not asked: a file may grow, and a pipe has none. A device may have no end, and whatever a repository holds may be a
/// link to one.
pub(crate) fn bytes(path: &Utf8Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

/// Opens a file; a pipe also if nobody writes to it, which is not waited for.
#[cfg(unix)]
fn open(path: &Utf8Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOCTTY | OFlags::NONBLOCK;
    let file = File::from(rustix::fs::open(path.as_std_path(), flags, Mode::empty())?);
    rustix::fs::fcntl_setfl(&file, OFlags::empty())?;
    Ok(file)
}

#[cfg(not(unix))]
fn open(path: &Utf8Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_device_without_an_end_is_too_much() {
        let zero = Utf8Path::new("/dev/zero");
        assert_eq!(bytes(zero, 1000).unwrap(), None);
        assert_eq!(text(zero).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(
            bytes(Utf8Path::new("/dev/null"), 0).unwrap(),
            Some(Vec::new())
        );
    }

    #[test]
    fn a_pipe_that_nobody_writes_to_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = Utf8Path::from_path(folder.path()).unwrap().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        assert_eq!(bytes(&pipe, 10).unwrap(), Some(Vec::new()));
    }
}
