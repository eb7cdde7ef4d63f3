//! Writing files so that at every moment either the old text or the new one is there, whole.

use std::fs;
use std::io::{self, Write as _};

use camino::{Utf8Path, Utf8PathBuf};

use crate::note::{Encoding, Note};

/// Why a file was not written. In each case it is what it was before.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Someone else wrote to it meanwhile.
    #[error(
        "{0} was changed on disk after it was read: it is left as it is; run the command again"
    )]
    Changed(Utf8PathBuf),
    /// Its bytes can't all be kept.
    #[error("{0} holds bytes that would not stay what they are; save it as UTF-8 first")]
    NotKept(Utf8PathBuf),
    /// Its encoding lacks a character.
    #[error("the encoding of {path} has no `{character}`; save it as UTF-8 first")]
    NoSuchCharacter {
        /// The note.
        path: Utf8PathBuf,
        /// The character.
        character: char,
    },
    /// The file system refuses.
    #[error("{path} cannot be written: {source}")]
    Io {
        /// The file.
        path: Utf8PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Replace the text of the note at `path` (followed if it is a link), which was read as `note`.
pub fn replace_note(path: &Utf8Path, note: &Note, text: &str) -> Result<(), WriteError> {
    let io_error = |source| WriteError::Io {
        path: note.path.clone(),
        source,
    };
    let target = path.canonicalize_utf8().map_err(io_error)?;
    let before = fs::read(&target).map_err(io_error)?;
    let new = encode_like(&before, note, text)?;
    // The last look: what is renamed over must be what was read.
    let unchanged = || fs::read(&target).is_ok_and(|now| now == before);
    replace(&target, &new, unchanged)
        .map_err(io_error)?
        .then_some(())
        .ok_or_else(|| WriteError::Changed(note.path.clone()))
}

/// `text` in the encoding of `before`, which must be the bytes of `note`.
fn encode_like(before: &[u8], note: &Note, text: &str) -> Result<Vec<u8>, WriteError> {
    let big_endian = before.starts_with(&[0xfe, 0xff]);
    let encode = |text: &str| encode(text, note.encoding, big_endian);
    let no_such = |character| WriteError::NoSuchCharacter {
        path: note.path.clone(),
        character,
    };
    if encode(&note.text).map_err(no_such)? != before {
        // Either the file is another one now, or it had bytes that are no text.
        let again = crate::note::read::from_bytes(before.to_vec(), note.path.clone());
        return Err(match again {
            Ok(again) if again.text == note.text => WriteError::NotKept(note.path.clone()),
            _ => WriteError::Changed(note.path.clone()),
        });
    }
    encode(text).map_err(no_such)
}

/// The bytes of `text`, or the first character that the encoding lacks.
fn encode(text: &str, encoding: Encoding, big_endian: bool) -> Result<Vec<u8>, char> {
    match encoding {
        Encoding::Utf8 => Ok(text.as_bytes().to_vec()),
        Encoding::Utf8Bom => Ok(["\u{feff}", text].concat().into_bytes()),
        Encoding::Gbk => {
            let (bytes, _, lacking) = encoding_rs::GB18030.encode(text);
            if !lacking {
                return Ok(bytes.into_owned());
            }
            let lacks = |c: &char| encoding_rs::GB18030.encode(c.encode_utf8(&mut [0; 4])).2;
            Err(text.chars().find(lacks).unwrap_or('\u{fffd}'))
        }
        Encoding::Utf16 => Ok(std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(|unit| {
                if big_endian {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()),
    }
}

/// Replace a file that may not be there yet.
pub fn replace_file(path: &Utf8Path, text: &str) -> Result<(), WriteError> {
    let written = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let target = path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned());
        if fs::read(&target).is_ok_and(|now| now == text.as_bytes()) {
            return Ok(());
        }
        replace(&target, text.as_bytes(), || true).map(|_| ())
    };
    written().map_err(|source| WriteError::Io {
        path: path.to_owned(),
        source,
    })
}

/// Write aside, then rename over `target` if `still` says so; whether it did.
fn replace(target: &Utf8Path, bytes: &[u8], still: impl Fn() -> bool) -> io::Result<bool> {
    let folder = match target.parent() {
        Some(folder) if !folder.as_str().is_empty() => folder,
        _ => Utf8Path::new("."),
    };
    // A name that no search for notes finds, should the process be killed before the rename.
    let mut aside = tempfile::Builder::new()
        .prefix(".gosnip-")
        .suffix(".tmp")
        .tempfile_in(folder)?;
    aside.write_all(bytes)?;
    match fs::metadata(target) {
        Ok(metadata) => aside.as_file().set_permissions(metadata.permissions())?,
        Err(_) => new_file_permissions(aside.as_file())?,
    }
    aside.as_file().sync_all()?;
    if !still() {
        return Ok(false);
    }
    aside.persist(target).map_err(|error| error.error)?;
    Ok(true)
}

/// A temporary file is private; a new file of a repository is not.
#[cfg(unix)]
fn new_file_permissions(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn new_file_permissions(_: &fs::File) -> io::Result<()> {
    Ok(())
}
