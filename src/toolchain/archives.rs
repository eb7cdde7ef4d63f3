//! A shelf of compiled packages, as the go command built them, in a folder of gosnip's own: the build cache
//! drops what the go command did not touch for five days.
//!
//! ```text
//! <folder>/lock             held while the folder is changed
//!          importcfg        packagefile fmt=…/packages/fmt.a      (complete: with all dependencies)
//!          packages/fmt.a
//! ```

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;

use camino::{Utf8Path, Utf8PathBuf};

use super::lock::Lock;

/// The archive of each package.
pub type Archives = BTreeMap<String, Utf8PathBuf>;

/// One folder.
#[derive(Debug)]
pub struct Shelf {
    folder: Utf8PathBuf,
}

impl Shelf {
    /// The shelf in `folder`, which need not be there yet.
    pub fn new(folder: Utf8PathBuf) -> Self {
        Self { folder }
    }

    /// Where it is.
    pub fn folder(&self) -> &Utf8Path {
        &self.folder
    }

    /// The list of what lies on it, for compiler and linker.
    pub fn import_configuration(&self) -> Utf8PathBuf {
        self.folder.join("importcfg")
    }

    /// Waits until nobody else changes it.
    pub fn lock(&self) -> io::Result<Lock> {
        Lock::take(&self.folder.join("lock"))
    }

    /// What the import configuration on the disk says, if all its archives are there; else nothing: what
    /// depends on a lost archive is unknown, so everything is asked for anew (the go command's own cache
    /// makes that quick).
    pub fn remembered(&self) -> Archives {
        let text = fs::read_to_string(self.import_configuration()).unwrap_or_default();
        let archives: Archives = text
            .lines()
            .filter_map(|line| line.strip_prefix("packagefile ")?.split_once('='))
            .map(|(path, archive)| (path.to_owned(), Utf8PathBuf::from(archive)))
            .collect();
        if archives.values().all(|archive| is_archive(archive)) {
            archives
        } else {
            Archives::new()
        }
    }

    /// Writes the import configuration. Only for who holds the lock.
    pub fn remember(&self, archives: &Archives) -> io::Result<()> {
        let aside = self.folder.join("importcfg.new");
        fs::write(&aside, lines(archives))?;
        fs::rename(aside, self.import_configuration())
    }

    /// Links (or copies) an archive of the build cache into the folder, replacing what was there at once.
    /// Only for who holds the lock.
    pub fn adopt(&self, path: &str, built: &Utf8Path) -> io::Result<Utf8PathBuf> {
        let place = self.folder.join("packages").join(format!("{path}.a"));
        let aside = Utf8PathBuf::from(format!("{place}.new"));
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent)?;
        }
        // Left over from an interrupted process.
        let _ = fs::remove_file(&aside);
        if fs::hard_link(built, &aside).is_err() {
            fs::copy(built, &aside)?;
        }
        fs::rename(&aside, &place)?;
        // Renaming a link onto another link of the same file does nothing at all.
        let _ = fs::remove_file(&aside);
        // By its real name: a link on the way there may be somebody's for a while only.
        Ok(place.canonicalize_utf8().unwrap_or(place))
    }
}

impl Shelf {
    /// What was adopted under a name that the import configuration does not have, if it is there.
    pub fn kept(&self, path: &str) -> Option<Utf8PathBuf> {
        let place = self.folder.join("packages").join(format!("{path}.a"));
        is_archive(&place).then(|| place.canonicalize_utf8().unwrap_or(place))
    }
}

/// Archives as an import configuration names them.
pub fn lines(archives: &Archives) -> String {
    archives
        .iter()
        .map(|(path, archive)| format!("packagefile {path}={archive}\n"))
        .collect()
}

/// Whether the file is a whole archive: not empty or cut off, as after a full disk or a crash of the machine. Its headers
/// say how long each part is, and the parts have to fill the file.
pub fn is_archive(file: &Utf8Path) -> bool {
    fills_its_file(file).unwrap_or(false)
}

fn fills_its_file(file: &Utf8Path) -> io::Result<bool> {
    let mut file = File::open(file)?;
    let length = file.metadata()?.len();
    let mut magic = [0; MAGIC.len()];
    file.read_exact(&mut magic)?;
    let mut at = MAGIC.len() as u64;
    let mut header = [0; HEADER];
    while &magic == MAGIC && at < length {
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut header)?;
        let size = str::from_utf8(&header[SIZE]).map_or("", str::trim_end);
        let Ok(size) = size.parse::<u32>() else {
            return Ok(false);
        };
        let size = u64::from(size);
        // Parts begin at even bytes.
        at += HEADER as u64 + size + size % 2;
    }
    Ok(&magic == MAGIC && at == length && length > MAGIC.len() as u64)
}

/// How an archive begins.
const MAGIC: &[u8; 8] = b"!<arch>\n";
/// Bytes of the header of each part.
const HEADER: usize = 60;
/// Where in it the part's size is.
const SIZE: Range<usize> = 48..58;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_that_is_cut_off_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = Utf8Path::from_path(folder.path()).unwrap().join("a.a");
        let is = |content: &[u8]| {
            fs::write(&file, content).unwrap();
            is_archive(&file)
        };
        let part = |name: &str, content: &str| {
            let padding = if content.len().is_multiple_of(2) {
                ""
            } else {
                "\0"
            };
            let size = content.len();
            format!(
                "{name:<16}{:<12}{:<6}{:<6}{:<8}{size:<10}`\n{content}{padding}",
                0, 0, 0, 644
            )
        };
        let whole = format!(
            "!<arch>\n{}{}",
            part("__.PKGDEF", "odd"),
            part("_go_.o", "even")
        );
        assert!(is(whole.as_bytes()));
        for end in [0, 1, 8, 40, 69, whole.len() - 1] {
            assert!(!is(&whole.as_bytes()[..end]), "{end}");
        }
        assert!(!is(format!("{whole}x").as_bytes()));
        assert!(!is(whole.replace("!<arch>", "garbage").as_bytes()));
        assert!(!is_archive(&file.with_extension("gone")));
    }
}
