//! Go's object archives, as far as putting several into one needs.
//!
//! `compile -pack` writes a Unix archive of two members: `__.PKGDEF`, the export data for importers, and
//! `_go_.o`, the code for the linker:
//!
//! ```text
//! go object linux amd64 go1.26.8 …\n
//! \n!\n
//! \0go120ld ffffffff …            magic (8 bytes), fingerprint (8 bytes), the rest
//! ```
//!
//! The linker takes every member of the main package's archive whose name ends in `.o`, whatever package
//! path it was compiled under. So programs can ride in the dispatcher's archive without being imported by
//! it, and what is not imported is not initialised: each process initialises only the program it runs.
//! (cgo and assembly use the same door.) The linker compares the fingerprint of an archive's members with
//! what importers expect, except where it is zero, as in assembly; so riders get a zero.

use std::io::{self, Write};

/// Why an archive cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// It is no archive, or is cut off.
    #[error("the compiler's output is no complete archive")]
    NotAnArchive,
    /// There is no code in it.
    #[error("the compiler's archive has no member _go_.o")]
    NoCode,
    /// The code has another form than Go 1.21 to 1.27 write.
    #[error("the compiler's object has a form that this version of gosnip does not know")]
    UnknownForm,
    /// What is put together cannot be written.
    #[error("the archive cannot be written: {0}")]
    Unwritable(#[from] io::Error),
}

const ARCHIVE_MAGIC: &[u8] = b"!<arch>\n";
const HEADER: usize = 60;
const CODE_MEMBER: &str = "_go_.o";
/// Ends the clear text at the start of an object.
const TEXT_END: &[u8] = b"\n!\n";
/// `\0go1NNld`, in which NN is the version that the form dates from.
const MAGIC: usize = 8;
const FINGERPRINT: usize = 8;

/// Writes one archive: that of a package main.
#[derive(Debug)]
pub struct Merger<W> {
    archive: W,
    riders: usize,
}

impl<W: Write> Merger<W> {
    /// Begins with `dispatcher`, an archive of package main.
    pub fn begin(mut archive: W, dispatcher: &[u8]) -> Result<Self, ObjectError> {
        if !dispatcher.starts_with(ARCHIVE_MAGIC) {
            return Err(ObjectError::NotAnArchive);
        }
        archive.write_all(dispatcher)?;
        pad(&mut archive, dispatcher.len())?;
        Ok(Self { archive, riders: 0 })
    }

    /// Puts the code of another archive in.
    pub fn take(&mut self, rider: &[u8]) -> Result<(), ObjectError> {
        let mut code = member(rider, CODE_MEMBER)?.to_vec();
        clear_fingerprint(&mut code)?;
        let name = format!("rider{}.o", self.riders);
        self.riders += 1;
        Ok(append(&mut self.archive, &name, &code)?)
    }

    /// Ends it.
    pub fn finish(mut self) -> Result<W, ObjectError> {
        self.archive.flush()?;
        Ok(self.archive)
    }
}

/// The content of the member called `wanted`.
fn member<'a>(archive: &'a [u8], wanted: &str) -> Result<&'a [u8], ObjectError> {
    let mut rest = archive
        .strip_prefix(ARCHIVE_MAGIC)
        .ok_or(ObjectError::NotAnArchive)?;
    while !rest.is_empty() {
        let (header, after) = rest
            .split_at_checked(HEADER)
            .ok_or(ObjectError::NotAnArchive)?;
        let field = |range: std::ops::Range<usize>| {
            std::str::from_utf8(&header[range])
                .unwrap_or_default()
                .trim()
        };
        let size: usize = field(48..58)
            .parse()
            .map_err(|_| ObjectError::NotAnArchive)?;
        let content = after.get(..size).ok_or(ObjectError::NotAnArchive)?;
        if field(0..16) == wanted {
            return Ok(content);
        }
        // Members start at even offsets; the last one's padding may be missing.
        rest = after.get(size + size % 2..).unwrap_or_default();
    }
    Err(ObjectError::NoCode)
}

fn clear_fingerprint(code: &mut [u8]) -> Result<(), ObjectError> {
    let text_end = code
        .windows(TEXT_END.len())
        .position(|window| window == TEXT_END);
    let binary = text_end.and_then(|position| code.get_mut(position + TEXT_END.len()..));
    let header = binary.and_then(|binary| binary.get_mut(..MAGIC + FINGERPRINT));
    let Some((magic, fingerprint)) = header.map(|header| header.split_at_mut(MAGIC)) else {
        return Err(ObjectError::UnknownForm);
    };
    if !(magic.starts_with(b"\0go1") && magic.ends_with(b"ld")) {
        return Err(ObjectError::UnknownForm);
    }
    fingerprint.fill(0);
    Ok(())
}

fn append(archive: &mut impl Write, name: &str, content: &[u8]) -> io::Result<()> {
    let size = content.len();
    let header = format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{size:<10}`\n", 0, 0, 0, 644);
    archive.write_all(header.as_bytes())?;
    archive.write_all(content)?;
    pad(archive, size)
}

/// Makes the size of what was written even, as that of all before it was.
fn pad(archive: &mut impl Write, size: usize) -> io::Result<()> {
    match size % 2 {
        1 => archive.write_all(b"\n"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = ARCHIVE_MAGIC.to_vec();
        for (name, content) in members {
            append(&mut archive, name, content).unwrap();
        }
        archive
    }

    fn merge(dispatcher: &[u8], riders: &[Vec<u8>]) -> Result<Vec<u8>, ObjectError> {
        let mut merger = Merger::begin(Vec::new(), dispatcher)?;
        for rider in riders {
            merger.take(rider)?;
        }
        merger.finish()
    }

    const CODE: &[u8] = b"go object linux amd64 go1.26.8\n\n!\n\0go120ldFINGERPR and the rest";

    #[test]
    fn a_riders_code_is_put_in_with_its_fingerprint_cleared() {
        let dispatcher = archive(&[("__.PKGDEF", b"odd"), ("_go_.o", CODE)]);
        let rider = archive(&[("__.PKGDEF", b"export"), ("_go_.o", CODE)]);
        let merged = merge(&dispatcher, &[rider.clone(), rider]).unwrap();
        assert!(merged.starts_with(&dispatcher));
        let code = member(&merged, "rider1.o").unwrap();
        let expected =
            b"go object linux amd64 go1.26.8\n\n!\n\0go120ld\0\0\0\0\0\0\0\0 and the rest";
        assert_eq!(code, expected);
    }

    #[test]
    fn what_is_cut_off_or_unknown_is_refused() {
        let dispatcher = archive(&[("_go_.o", CODE)]);
        let mut cut = dispatcher.clone();
        cut.truncate(90);
        let error = |riders: &[Vec<u8>]| merge(&dispatcher, riders).unwrap_err();
        assert!(matches!(error(&[cut]), ObjectError::NotAnArchive));
        assert!(matches!(error(&[archive(&[])]), ObjectError::NoCode));
        let other = archive(&[("_go_.o", b"go object\n\n!\n\0go2xxldFINGERPR")]);
        assert!(matches!(error(&[other]), ObjectError::UnknownForm));
        assert!(matches!(merge(b"", &[]), Err(ObjectError::NotAnArchive)));
    }
}
