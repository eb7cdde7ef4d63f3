//! What programs did before, on the disk, by the hash of everything that it depends on.
//!
//! ```text
//! <cache>/runs/ab/abcdef…      checksum of the rest, newline, the record as JSON
//! <cache>/reports/ab/abcdef…   a whole report likewise
//! ```
//!
//! A record appears by renaming a complete file; what does not match its checksum is taken for nothing.
//! Nothing here fails: whatever goes wrong, the program is run again.
//!
//! What is kept, and for how long, is a question of what it proves ([`Life`]):
//!
//! | what happened | kept |
//! | --- | --- |
//! | ended by itself, the same in all runs, and asked no clock | until nobody uses it for 30 days |
//! | time-out, limit of memory or output, different from run to run, asked the clock | for an hour |
//! | could not be started, killed by a signal | not at all |
//!
//! The second line is no truth about the program but about these runs under these limits (which are part
//! of the hash). It is kept for as long as somebody sits at the note and corrects it, so that a program that
//! never ends does not cost its time-out each time; then it is looked at anew.

use std::fs::{self, File};
use std::io::{self, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use camino::{Utf8Path, Utf8PathBuf};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{End, Execution};

/// Differs when what is recorded for the same program differs: how it is run, and how what it did is read.
const REVISION: u32 = 8;

/// How long what is no lasting truth is believed.
const PASSING: Duration = Duration::from_secs(60 * 60);

/// How long a record is kept that nobody uses; its use is noted once a day.
const UNUSED: Duration = Duration::from_secs(30 * DAY);
const DAY: u64 = 24 * 60 * 60;

/// How long a record can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Life {
    /// As long as nothing changes that the program depends on.
    Lasting,
    /// An hour.
    Passing,
}

/// What is known of a program's runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its runs, in order.
    pub runs: Vec<Execution>,
    /// Whether it shared its binary.
    pub merged: bool,
}

/// The records of one user.
#[derive(Debug, Clone)]
pub struct Store {
    folder: Utf8PathBuf,
    /// How long what nobody uses is kept.
    unused: Duration,
}

/// A [`Record`], or something else, on the disk.
#[derive(Debug, Serialize, Deserialize)]
struct Entry<T> {
    life: Life,
    /// Seconds since 1970.
    made: u64,
    record: T,
}

/// The hash of what a program's runs depend on: parts that are names or texts, in a fixed order.
pub fn key<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("runs-{REVISION}\0{}", env!("CARGO_PKG_VERSION")).as_bytes());
    for part in parts {
        // With its length, so that no two lists of parts are written alike.
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// How long these runs can be believed; `None` if they are not worth keeping at all. `timeless` says that
/// the program does not ask what time it is.
pub fn life(runs: &[Execution], timeless: bool) -> Option<Life> {
    let first = runs.first()?;
    let accident = |run: &Execution| matches!(run.end, End::NotStarted(_) | End::Signaled(_));
    if runs.iter().any(accident) {
        return None;
    }
    let same = |run: &Execution| {
        (&run.stdout, &run.stderr, &run.end) == (&first.stdout, &first.stderr, &first.end)
            && run.crash.as_ref().map(|crash| (crash.kind, &crash.message))
                == first
                    .crash
                    .as_ref()
                    .map(|crash| (crash.kind, &crash.message))
    };
    let by_itself = runs.iter().all(|run| matches!(run.end, End::Exited(_)));
    Some(if by_itself && timeless && runs.iter().all(same) {
        Life::Lasting
    } else {
        Life::Passing
    })
}

impl Store {
    /// The records below the cache folder `cache`.
    pub fn new(cache: &Utf8Path) -> Self {
        Self {
            folder: cache.join("runs"),
            unused: UNUSED,
        }
    }

    /// Whole reports below the cache folder `cache`.
    pub fn of_reports(cache: &Utf8Path) -> Self {
        Self {
            folder: cache.join("reports"),
            // Each change of a note makes another one, and none is believed for longer.
            unused: PASSING,
        }
    }

    fn path(&self, key: &str) -> Utf8PathBuf {
        self.folder.join(&key[..2]).join(key)
    }

    /// What is known under this key, if it is whole and can still be believed.
    pub fn recall<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        let path = self.path(key);
        let text = fs::read_to_string(&path).ok()?;
        let entry: Entry<T> = read(&text)?;
        if entry.life == Life::Passing {
            // A record from the future was made by another clock: it proves nothing about its age.
            let age = now().checked_sub(entry.made)?;
            (age < PASSING.as_secs()).then_some(())?;
        }
        note_use(&path);
        Some(entry.record)
    }

    /// Keeps what is known. A full disk costs the record, not the result.
    pub fn keep<T: Serialize>(&self, key: &str, record: &T, life: Life) {
        let entry = Entry {
            life,
            made: now(),
            record,
        };
        let _ = self.write(&self.path(key), &entry);
    }

    fn write<T: Serialize>(&self, path: &Utf8Path, entry: &Entry<T>) -> io::Result<()> {
        let json = serde_json::to_string(entry)?;
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new()
            .prefix(".new-")
            .tempfile_in(folder)?;
        write!(file, "{}\n{json}", checksum(&json))?;
        file.persist(path)?;
        Ok(())
    }

    /// Lets go of what nobody used for so long, once a day.
    pub fn tidy(&self) {
        let marker = self.folder.join("tidied");
        if age(&marker).is_some_and(|age| age < Duration::from_secs(DAY))
            || fs::write(&marker, "").is_err()
        {
            return;
        }
        for folder in entries(&self.folder) {
            for record in entries(&folder) {
                if age(&record).is_some_and(|age| age > self.unused) {
                    let _ = fs::remove_file(record);
                }
            }
        }
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Option<Entry<T>> {
    let (sum, json) = text.split_once('\n')?;
    (sum == checksum(json)).then_some(())?;
    serde_json::from_str(json).ok()
}

fn checksum(json: &str) -> String {
    blake3::hash(json.as_bytes()).to_hex().to_string()
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

fn age(path: &Utf8Path) -> Option<Duration> {
    fs::metadata(path).ok()?.modified().ok()?.elapsed().ok()
}

/// Notes that a record was used, unless that was noted today.
fn note_use(path: &Utf8Path) {
    if age(path).is_some_and(|age| age > Duration::from_secs(DAY)) {
        let used = File::options()
            .append(true)
            .open(path)
            .and_then(|file| file.set_modified(SystemTime::now()));
        // A cache that cannot be written can still be read.
        let _ = used;
    }
}

fn entries(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let entries = folder.read_dir_utf8().into_iter().flatten();
    entries
        .filter_map(Result::ok)
        .map(|entry| entry.path().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Output;

    fn run(text: &str, end: End) -> Execution {
        let stdout = Output {
            text: text.to_owned(),
            omitted: 0,
        };
        Execution {
            stdout,
            end,
            ..Execution::not_started("")
        }
    }

    fn record(text: &str) -> Record {
        Record {
            runs: vec![run(text, End::Exited(0))],
            merged: true,
        }
    }

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(Utf8Path::from_path(folder.path()).unwrap());
        (folder, store)
    }

    #[test]
    fn what_is_kept_is_recalled() {
        let (_guard, store) = store();
        let key = key(["a", "b"]);
        assert_eq!(store.recall::<Record>(&key), None);
        store.keep(&key, &record("hello"), Life::Lasting);
        assert_eq!(store.recall(&key), Some(record("hello")));
    }

    #[test]
    fn lists_of_parts_that_read_alike_have_different_keys() {
        assert_ne!(key(["ab", "c"]), key(["a", "bc"]));
        assert_ne!(key(["a", ""]), key(["a"]));
    }

    #[test]
    fn a_damaged_record_is_nothing_wherever_it_is_damaged() {
        let (_guard, store) = store();
        let key = key(["a"]);
        store.keep(&key, &record("hello"), Life::Lasting);
        let whole = fs::read(store.path(&key)).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(store.path(&key), damaged).unwrap();
            assert_eq!(store.recall::<Record>(&key), None, "byte {at} damaged");
            fs::write(store.path(&key), &whole[..at]).unwrap();
            assert_eq!(store.recall::<Record>(&key), None, "cut to {at} bytes");
        }
    }

    #[test]
    fn what_passes_is_not_believed_after_an_hour_nor_from_the_future() {
        let (_guard, store) = store();
        let key = key(["a"]);
        for (made, believed) in [
            (now(), true),
            (now() - PASSING.as_secs(), false),
            (now() + DAY, false),
        ] {
            let entry = Entry {
                life: Life::Passing,
                made,
                record: record("late"),
            };
            store.write(&store.path(&key), &entry).unwrap();
            assert_eq!(store.recall::<Record>(&key).is_some(), believed, "{made}");
        }
    }

    #[test]
    fn only_what_ended_by_itself_and_was_the_same_each_time_lasts() {
        let ended = |text| run(text, End::Exited(0));
        let timed_out = run("", End::TimedOut { busy: false });
        assert_eq!(life(&[ended("a"), ended("a")], true), Some(Life::Lasting));
        assert_eq!(life(&[ended("a"), ended("a")], false), Some(Life::Passing));
        assert_eq!(life(&[ended("a"), ended("b")], true), Some(Life::Passing));
        assert_eq!(life(&[timed_out], true), Some(Life::Passing));
        for end in [End::OutputLimit, End::MemoryLimit] {
            assert_eq!(life(&[run("", end)], true), Some(Life::Passing));
        }
        for end in [End::Signaled(9), End::NotStarted("why".to_owned())] {
            assert_eq!(life(&[ended("a"), run("", end)], true), None);
        }
        assert_eq!(life(&[], true), None);
    }

    #[test]
    fn where_nothing_can_be_written_nothing_fails() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let store = Store::new(Utf8Path::from_path(&file).unwrap());
        let key = key(["a"]);
        store.keep(&key, &record("a"), Life::Lasting);
        store.tidy();
        assert_eq!(store.recall::<Record>(&key), None);
    }
}
