//! Reading a note's bytes: size, encoding, byte order mark.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::decode::{self, NotText};
use super::{Note, go_file, markdown};
use crate::bounded;

/// The largest note that is read. A larger file is no note: a whole book has a tenth of that.
pub const LARGEST_NOTE: u64 = 16 << 20;

/// How many code blocks a note may have: more than ten megabytes of short ones. All that is known of them is held in
/// memory at the same time, 7 kB of an empty one and some 50 kB of one that is run.
pub const MOST_BLOCKS: usize = 200_000;

/// Why a file is no note. The others are read on.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file system refuses.
    #[error("cannot read {path}: {source}")]
    Io {
        /// The file.
        path: Utf8PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// More than [`LARGEST_NOTE`] bytes.
    #[error(
        "{path} is larger than {} MiB: split it, or exclude it in verify.toml",
        LARGEST_NOTE >> 20
    )]
    TooLarge {
        /// The file.
        path: Utf8PathBuf,
    },
    /// More than [`MOST_BLOCKS`] code blocks.
    #[error(
        "{path} has more than {MOST_BLOCKS} code blocks: split it, or exclude it in verify.toml"
    )]
    TooManyBlocks {
        /// The file.
        path: Utf8PathBuf,
    },
    /// There is a NUL byte in it.
    #[error(
        "{path} is not text: byte {offset} is NUL (UTF-16 is read if it starts with a byte order mark)"
    )]
    Binary {
        /// The file.
        path: Utf8PathBuf,
        /// Where the NUL stands, from 0.
        offset: usize,
    },
    /// Neither UTF-8 nor UTF-16 nor GBK.
    #[error(
        "{path} is neither UTF-8 nor UTF-16 nor GBK: the first byte that fits none is byte {offset}; save it as UTF-8"
    )]
    UnknownEncoding {
        /// The file.
        path: Utf8PathBuf,
        /// Where the first byte that is not UTF-8 stands, from 0.
        offset: usize,
    },
}

/// Read the note at `path`, which is `shown` to the user.
pub fn read(path: &Utf8Path, shown: Utf8PathBuf) -> Result<Note, ReadError> {
    let bytes = match bounded::bytes(path, LARGEST_NOTE) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Err(ReadError::TooLarge { path: shown }),
        Err(source) => {
            return Err(ReadError::Io {
                path: shown,
                source,
            });
        }
    };
    let mut note = from_bytes(bytes, shown)?;
    if go_file::is_go(path) {
        // Whatever keeps it from being read: then nothing is known of what the file expects.
        note.output = std::fs::read_to_string(path.with_extension("out")).ok();
    }
    Ok(note)
}

/// Make a note of a file's bytes.
pub fn from_bytes(bytes: Vec<u8>, shown: Utf8PathBuf) -> Result<Note, ReadError> {
    let decoded = match decode::decode(bytes) {
        Ok(decoded) => decoded,
        Err(NotText::Binary(offset)) => {
            return Err(ReadError::Binary {
                path: shown,
                offset,
            });
        }
        Err(NotText::Unknown(offset)) => {
            return Err(ReadError::UnknownEncoding {
                path: shown,
                offset,
            });
        }
    };
    let mut note = if go_file::is_go(&shown) {
        go_file::parse(shown, decoded.text, decoded.encoding)
    } else {
        markdown::parse(shown, decoded.text, decoded.encoding)
    };
    if note.blocks.len() > MOST_BLOCKS {
        return Err(ReadError::TooManyBlocks { path: note.path });
    }
    note.problems.splice(0..0, decoded.problems);
    Ok(note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().join("a.md")).unwrap();
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(bounded::bytes(&path, 5).unwrap().unwrap(), b"12345");
        assert!(bounded::bytes(&path, 4).unwrap().is_none());
    }

    #[test]
    fn a_missing_file_and_a_folder_are_errors_that_name_what_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        for path in [folder.join("none.md"), folder.to_owned()] {
            let error = read(&path, "docs/x.md".into()).unwrap_err().to_string();
            assert!(error.starts_with("cannot read docs/x.md: "), "{error}");
        }
    }

    #[test]
    fn a_note_of_too_many_blocks_is_an_error_that_says_what_to_do() {
        let fences = |count: usize| "```go\n```\n".repeat(count).into_bytes();
        let most = from_bytes(fences(MOST_BLOCKS), "a.md".into()).unwrap();
        assert_eq!(most.blocks.len(), MOST_BLOCKS);
        let error = from_bytes(fences(MOST_BLOCKS + 1), "a.md".into()).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("a.md has more than 200000 code blocks: split it"),
            "{error}"
        );
    }

    #[test]
    fn what_is_not_text_is_an_error_that_says_what_to_do() {
        let error = from_bytes(b"\x7fELF\0".to_vec(), "a.md".into()).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("a.md is not text: byte 4 is NUL")
        );
        let error = from_bytes(b"\xe9t\xe9 ".repeat(90), "a.md".into()).unwrap_err();
        assert!(error.to_string().ends_with("byte 0; save it as UTF-8"));
    }

    #[test]
    fn problems_of_bytes_stand_before_those_of_markdown() {
        let bytes = b"\xff\n\n<!-- gosnip: skip -->\n".to_vec();
        let note = from_bytes(bytes, "a.md".into()).unwrap();
        let lines: Vec<u32> = note.problems.iter().map(|p| p.position.line).collect();
        assert_eq!(lines, [1, 3]);
    }
}
