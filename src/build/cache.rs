//! What was compiled and linked before, on the disk, by the hash of everything it depends on.
//!
//! ```text
//! <cache>/objects/ab/abcdef…/record      checksum of the rest, newline, the result as JSON
//!                            object.a    if it compiles
//! <cache>/binaries/abcdef…/program
//!                          checksum    and the doors that it has (see [`super::doors`])
//! ```
//!
//! Entries appear by renaming a complete folder. What is found is checked against its checksum and
//! thrown away if it does not match. Nothing here fails: whatever goes wrong, the work is done anew and the
//! result kept elsewhere.

use std::fs::{self, File};
use std::io;
use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::{Compiled, Diagnostic, Doors, Escape, Inspected, Linkage};

/// How many binaries are kept. One holds the programs of a whole run (up to 10 MB); they change whenever any
/// of their programs does.
const BINARIES_KEPT: usize = 32;

/// How long an object is kept that no run uses.
const OBJECT_AGE: Duration = Duration::from_secs(30 * DAY);

/// How often objects are looked through for old ones; the use of one is also noted only so often.
const TIDYING: Duration = Duration::from_secs(DAY);

/// How long a failure of the compiler is believed, and how much time it must have taken to be kept at all.
const PASSING: Duration = Duration::from_secs(60 * 60);
const WORTH_KEEPING: Duration = Duration::from_secs(5);

const DAY: u64 = 24 * 60 * 60;

/// The cache of one user.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: Utf8PathBuf,
}

/// A [`Compiled`] on the disk.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    package: String,
    diagnostics: Vec<Diagnostic>,
    escapes: Vec<Escape>,
    #[serde(default)]
    inspected: Option<Inspected>,
    linkage: Linkage,
    /// Why the compiler failed, if it did.
    #[serde(default)]
    failure: Option<String>,
    /// The object's checksum, if there is an object.
    object: Option<String>,
}

impl Cache {
    /// The cache below `folder`.
    pub fn new(folder: Utf8PathBuf) -> Self {
        Self { folder }
    }

    fn object_folder(&self, key: &str) -> Utf8PathBuf {
        self.folder.join("objects").join(&key[..2]).join(key)
    }

    fn binary_folder(&self, key: &str) -> Utf8PathBuf {
        self.folder.join("binaries").join(key)
    }

    /// What compiling gave before, if it is there and whole.
    pub fn compiled(&self, key: &str) -> Option<Compiled> {
        let folder = self.object_folder(key);
        let text = fs::read_to_string(folder.join("record")).ok()?;
        let (sum, json) = text.split_once('\n')?;
        if sum != checksum(json.as_bytes()) {
            return None;
        }
        let record: Record = serde_json::from_str(json).ok()?;
        if record.failure.is_some() {
            // Without an age it is from the future: made by another clock.
            age(&folder.join("record")).filter(|age| *age < PASSING)?;
        }
        note_use(&folder.join("record"));
        let object = match &record.object {
            None => None,
            Some(sum) => {
                let object = folder.join("object.a");
                (checksum(&fs::read(&object).ok()?) == *sum).then_some(())?;
                Some(object)
            }
        };
        Some(Compiled {
            object,
            package: record.package,
            diagnostics: record.diagnostics,
            escapes: record.escapes,
            failure: record.failure,
            inspected: record.inspected,
            linkage: record.linkage,
            cached: true,
        })
    }

    /// Keeps what compiling gave, in the time that it `took`. A failure of the compiler may be the machine's, so
    /// it is no truth; but one that took long is believed for an hour, so that a source that is too much
    /// for the compiler does not cost its time-out in each run.
    pub fn keep_compiled(&self, key: &str, compiled: &Compiled, took: Duration) {
        if compiled.failure.is_some() && took < WORTH_KEEPING {
            return;
        }
        let fill = |folder: &Utf8Path| -> io::Result<()> {
            let object = match &compiled.object {
                None => None,
                Some(object) => {
                    let content = fs::read(object)?;
                    fs::write(folder.join("object.a"), &content)?;
                    Some(checksum(&content))
                }
            };
            let record = Record {
                package: compiled.package.clone(),
                diagnostics: compiled.diagnostics.clone(),
                escapes: compiled.escapes.clone(),
                inspected: compiled.inspected.clone(),
                linkage: compiled.linkage.clone(),
                failure: compiled.failure.clone(),
                object,
            };
            let json = serde_json::to_string(&record)?;
            fs::write(
                folder.join("record"),
                format!("{}\n{json}", checksum(json.as_bytes())),
            )
        };
        // A full disk costs the cache, not the result.
        let _ = appear(&self.object_folder(key), fill);
    }

    /// Lets go of objects that were not used for long, once a day.
    pub fn tidy_objects(&self) {
        let objects = self.folder.join("objects");
        let marker = objects.join("tidied");
        if age(&marker).is_some_and(|age| age < TIDYING) || fs::write(&marker, "").is_err() {
            return;
        }
        for folder in subfolders(&objects)
            .iter()
            .flat_map(|folder| subfolders(folder))
        {
            // What has no record is an entry being made, or what is left of one.
            let last = age(&folder.join("record")).or_else(|| age(&folder));
            if last.is_some_and(|age| age > OBJECT_AGE) {
                let _ = fs::remove_dir_all(folder);
            }
        }
    }

    /// Puts the binary linked before at `place`, if it is there and whole, and gives its doors.
    /// It becomes a file of its own there, so that nobody who tidies the cache takes it away while it runs.
    pub fn binary(&self, key: &str, place: &Utf8Path) -> Option<Doors> {
        let folder = self.binary_folder(key);
        let fetch = || -> io::Result<Option<Doors>> {
            let text = fs::read_to_string(folder.join("checksum"))?;
            let (sum, word) = text.split_once(' ').unwrap_or((&text, ""));
            link_or_copy(&folder.join("program"), place)?;
            let whole = checksum(&fs::read(place)?) == sum;
            set_modified(&folder.join("checksum"), SystemTime::now())?;
            Ok(whole.then(|| Doors::of_word(word)))
        };
        let found = fetch().unwrap_or(None);
        if found.is_none() {
            let _ = fs::remove_file(place);
        }
        found
    }

    /// Keeps a linked binary, and lets go of the ones not used for longest.
    pub fn keep_binary(&self, key: &str, binary: &Utf8Path, doors: Doors) {
        let fill = |folder: &Utf8Path| -> io::Result<()> {
            let sum = checksum(&fs::read(binary)?);
            let word = doors.word();
            link_or_copy(binary, &folder.join("program"))?;
            fs::write(folder.join("checksum"), format!("{sum} {word}"))
        };
        // As above.
        let _ = appear(&self.binary_folder(key), fill);
        self.tidy_binaries();
    }

    fn tidy_binaries(&self) {
        let Ok(entries) = self.folder.join("binaries").read_dir_utf8() else {
            return;
        };
        let mut used: Vec<_> = entries
            .filter_map(Result::ok)
            .filter_map(|entry| {
                // Without a checksum it is being made, or was left by an interrupted process.
                let age = age(&entry.path().join("checksum")).or_else(|| age(entry.path()))?;
                Some((age, entry.path().to_owned()))
            })
            .collect();
        used.sort();
        for (_, folder) in used.into_iter().skip(BINARIES_KEPT) {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// The time since a file was made or last used.
fn age(path: &Utf8Path) -> Option<Duration> {
    fs::metadata(path).ok()?.modified().ok()?.elapsed().ok()
}

/// Notes that a file was used, unless that was noted lately.
fn note_use(path: &Utf8Path) {
    if age(path).is_some_and(|age| age > TIDYING) {
        // A cache that cannot be written can still be read.
        let _ = set_modified(path, SystemTime::now());
    }
}

fn set_modified(path: &Utf8Path, time: SystemTime) -> io::Result<()> {
    File::options().append(true).open(path)?.set_modified(time)
}

fn subfolders(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let entries = folder
        .read_dir_utf8()
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    folders.map(|entry| entry.path().to_owned()).collect()
}

/// Makes `folder` appear at once with what `fill` puts into it, in the place of anything there.
fn appear(folder: &Utf8Path, fill: impl FnOnce(&Utf8Path) -> io::Result<()>) -> io::Result<()> {
    let parent = folder.parent().unwrap_or(folder);
    fs::create_dir_all(parent)?;
    let aside = tempfile::Builder::new()
        .prefix(".new-")
        .tempdir_in(parent)?;
    let path = Utf8Path::from_path(aside.path()).ok_or(io::ErrorKind::InvalidFilename)?;
    fill(path)?;
    // Only a broken entry can be there, or one that another process has just made of the same.
    let _ = fs::remove_dir_all(folder);
    fs::rename(path, folder)
}

/// The same file at a second place where the file system can do that, else a copy.
fn link_or_copy(from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    fs::copy(from, to).map(drop)
}

fn checksum(content: &[u8]) -> String {
    blake3::hash(content).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn cache() -> (tempfile::TempDir, Cache, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        (folder, Cache::new(path.join("cache")), path)
    }

    fn compiled(folder: &Utf8Path) -> Compiled {
        let object = folder.join("made.a");
        fs::write(&object, "code").unwrap();
        Compiled {
            object: Some(object),
            package: "g0123456789abcdef".to_owned(),
            diagnostics: Vec::new(),
            escapes: vec![Escape {
                line: 1,
                column: 2,
                message: "moved to heap: x".to_owned(),
            }],
            inspected: None,
            failure: None,
            linkage: Linkage::default(),
            cached: false,
        }
    }

    #[test]
    fn what_is_kept_is_found_again() {
        let (_guard, cache, folder) = cache();
        assert_eq!(cache.compiled(KEY), None);
        let made = compiled(&folder);
        cache.keep_compiled(KEY, &made, Duration::ZERO);
        let found = cache.compiled(KEY).unwrap();
        assert!(found.cached);
        assert_eq!(fs::read_to_string(found.object.unwrap()).unwrap(), "code");
        assert_eq!(found.escapes, made.escapes);
    }

    #[test]
    fn a_damaged_entry_is_not_trusted_and_can_be_replaced() {
        let (_guard, cache, folder) = cache();
        let made = compiled(&folder);
        for damaged in ["object.a", "record"] {
            cache.keep_compiled(KEY, &made, Duration::ZERO);
            assert!(cache.compiled(KEY).is_some());
            let file = cache.object_folder(KEY).join(damaged);
            let mut content = fs::read(&file).unwrap();
            *content.last_mut().unwrap() ^= 1;
            fs::write(&file, content).unwrap();
            assert_eq!(cache.compiled(KEY), None, "{damaged} damaged");
        }
    }

    #[test]
    fn objects_that_no_run_used_for_long_are_let_go_and_used_ones_stay() {
        let (_guard, cache, folder) = cache();
        let made = compiled(&folder);
        let (old, used) = (KEY, KEY.replace('0', "1"));
        for key in [old, &used] {
            cache.keep_compiled(key, &made, Duration::ZERO);
            let long_ago = SystemTime::now() - OBJECT_AGE - TIDYING;
            set_modified(&cache.object_folder(key).join("record"), long_ago).unwrap();
        }
        assert!(cache.compiled(&used).is_some());
        cache.tidy_objects();
        assert!(cache.compiled(&used).is_some());
        assert_eq!(cache.compiled(old), None);
    }

    #[test]
    fn a_failure_of_the_compiler_is_kept_for_an_hour_if_it_took_long() {
        let (_guard, cache, folder) = cache();
        let failed = Compiled {
            object: None,
            failure: Some("it took too long".to_owned()),
            ..compiled(&folder)
        };
        cache.keep_compiled(KEY, &failed, Duration::ZERO);
        assert_eq!(cache.compiled(KEY), None);
        cache.keep_compiled(KEY, &failed, WORTH_KEEPING);
        let found = cache.compiled(KEY).unwrap();
        assert_eq!(found.failure, failed.failure);
        let record = cache.object_folder(KEY).join("record");
        for time in [SystemTime::now() - PASSING, SystemTime::now() + PASSING] {
            set_modified(&record, time).unwrap();
            assert_eq!(cache.compiled(KEY), None);
        }
    }

    #[test]
    fn a_binary_survives_the_tidying_of_the_cache() {
        let (_guard, cache, folder) = cache();
        let made = folder.join("made");
        fs::write(&made, "binary").unwrap();
        let doors = Doors {
            maps: true,
            scheduler: false,
        };
        cache.keep_binary(KEY, &made, doors);
        let place = folder.join("place");
        assert_eq!(cache.binary(KEY, &place), Some(doors));
        for number in 0..BINARIES_KEPT + 3 {
            cache.keep_binary(&format!("{number:064}"), &made, Doors::default());
        }
        assert_eq!(fs::read_to_string(&place).unwrap(), "binary");
        let kept = cache
            .folder
            .join("binaries")
            .read_dir_utf8()
            .unwrap()
            .count();
        assert_eq!(kept, BINARIES_KEPT);
    }

    #[test]
    fn where_the_cache_cannot_be_written_nothing_fails() {
        let (_guard, _, folder) = cache();
        let blocked = folder.join("blocked");
        fs::write(&blocked, "a file").unwrap();
        let cache = Cache::new(blocked);
        cache.keep_compiled(KEY, &compiled(&folder), Duration::ZERO);
        assert_eq!(cache.compiled(KEY), None);
        assert_eq!(cache.binary(KEY, &folder.join("place")), None);
    }
}
