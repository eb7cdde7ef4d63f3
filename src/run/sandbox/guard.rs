//! The guard: looks now and then at what the kernel has no limit for.
//!
//! A limit holds for one process or one file, and a hostile program has many of them, or has memory that its limit
//! does not count (`RLIMIT_DATA` leaves out what is shared, and stacks). With namespaces it may start processes,
//! so their memory is added up; its files are in a file system of limited size. Without, it can start none, but its
//! files are among everybody's.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::Pid;

use super::plan::{Excess, Plan};
use super::{Level, MOST_FILES};

/// How long nobody looks. Most programs have ended by then.
const PAUSE: Duration = Duration::from_millis(100);

/// Looking takes at most one part of so many of the time.
const SHARE: u32 = 10;

/// The part of a program's memory that it may have over and above before the guard stops it: by then the kernel has
/// refused one process more long ago, so who has only one gets to say himself that he got no memory. (What a process
/// uses is a little more than what the kernel's limit counts.)
const OVER: u64 = 8;

/// Watches one program.
pub(super) struct Guard {
    level: Level,
    /// Bytes of memory at which its processes are stopped.
    memory: u64,
    /// Bytes that its files may have together.
    files: u64,
    folder: PathBuf,
    program: Pid,
    next: Instant,
    /// Whether no room was left for its files.
    full: bool,
}

impl Guard {
    /// One that watches this program, whose files are in `folder`.
    pub(super) fn new(plan: &Plan, folder: &Path, program: Pid) -> Self {
        Self {
            level: plan.level,
            memory: plan.limits.memory + plan.limits.memory / OVER,
            files: plan.limits.files,
            folder: folder.to_owned(),
            program,
            next: Instant::now() + PAUSE,
            full: false,
        }
    }

    /// How long there is nothing to do.
    pub(super) fn pause(&self) -> Duration {
        self.next.saturating_duration_since(Instant::now())
    }

    /// Looks, if it is time: what the program has too much of.
    pub(super) fn look(&mut self) -> Option<Excess> {
        let start = Instant::now();
        if start < self.next {
            return None;
        }
        self.look_for_room();
        let excess = if self.level >= Level::Limits && self.memory_in_use() > self.memory {
            Some(Excess::Memory)
        } else if self.level == Level::Base && self.has_too_many_files() {
            Some(Excess::Files)
        } else {
            None
        };
        self.next = Instant::now() + PAUSE.max(start.elapsed() * SHARE);
        excess
    }

    /// Whether there was, or is now at the end, no room left for its files.
    pub(super) fn saw_it_full(mut self) -> bool {
        self.look_for_room();
        self.full
    }

    /// With namespaces the kernel itself sees to it that there is no more than may be.
    fn look_for_room(&mut self) {
        if self.level == Level::Namespaces {
            let room = rustix::fs::statvfs(&self.folder);
            self.full |= room.is_ok_and(|room| room.f_bavail == 0 || room.f_favail == 0);
        }
    }

    fn memory_in_use(&self) -> u64 {
        match self.level {
            Level::Namespaces => memory_of_all(),
            _ => memory(self.program.as_raw_nonzero().get().unsigned_abs()),
        }
    }

    fn has_too_many_files(&self) -> bool {
        let mut found = Found::default();
        found.add_all(&self.folder);
        found.add_unnamed(self.program);
        found.add_mapped(self.program, &self.folder, self.files);
        found.hidden || found.bytes > self.files || found.count > MOST_FILES
    }
}

/// The memory that a process has, in bytes; 0 if there is no `/proc`. What it has mapped of files is left out, its code
/// above all: its own limit does not count that either, so whoever only runs into that one gets to say so himself.
fn memory(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let kilobytes = status.lines().filter_map(|line| {
        let (name, size) = line.split_once(':')?;
        let counts = matches!(name, "RssAnon" | "RssShmem");
        counts.then(|| size.trim().trim_end_matches(" kB").parse::<u64>().ok())?
    });
    kilobytes.sum::<u64>() << 10
}

/// The memory of all processes of this pid namespace but its first.
fn memory_of_all() -> u64 {
    let own = std::process::id();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|&pid| pid != own)
        .map(memory)
        .sum()
}

/// Files, added up.
#[derive(Debug, Default)]
struct Found {
    bytes: u64,
    count: u64,
    /// Whether some lie too deep to be looked at.
    hidden: bool,
}

impl Found {
    fn add(&mut self, file: &fs::Metadata) {
        const SECTOR: u64 = 512;
        self.bytes += file.blocks() * SECTOR;
        self.count += 1;
    }

    /// All that is in a folder, until it is too much anyway. Follows no links.
    fn add_all(&mut self, folder: &Path) {
        let _closed_again = Opened::if_closed(folder);
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                // It may have gone meanwhile; but no program of a note makes paths that are too long to be named.
                self.hidden |= error.kind() != io::ErrorKind::NotFound;
                return;
            }
        };
        let mut folders = Vec::new();
        for entry in entries.flatten() {
            let Ok(file) = entry.metadata() else { continue };
            self.add(&file);
            if file.is_dir() {
                folders.push(entry.path());
            }
            if self.count > MOST_FILES {
                return;
            }
        }
        for folder in folders {
            if !self.hidden && self.count <= MOST_FILES {
                self.add_all(&folder);
            }
        }
    }

    /// Files that a process has mapped into its memory, and that have neither a name nor are open any more. How
    /// large each is cannot be learnt by everybody: it stands for a quarter of all there may be.
    fn add_mapped(&mut self, program: Pid, folder: &Path, most: u64) {
        let maps = format!("/proc/{}/maps", program.as_raw_nonzero());
        let maps = fs::read_to_string(maps).unwrap_or_default();
        let folder = folder.to_string_lossy();
        let unnamed = maps
            .lines()
            .filter(|line| line.ends_with(" (deleted)") && line.contains(&*folder));
        // The fourth and fifth words are the device and the number of the file.
        let files: BTreeSet<Vec<&str>> = unnamed
            .map(|line| line.split_whitespace().skip(3).take(2).collect())
            .collect();
        self.bytes += files.len() as u64 * (most / 4);
    }

    /// The open files of a process that have no name any more.
    fn add_unnamed(&mut self, program: Pid) {
        let open = fs::read_dir(format!("/proc/{}/fd", program.as_raw_nonzero()));
        for entry in open.into_iter().flatten().flatten() {
            match fs::metadata(entry.path()) {
                Ok(file) if file.is_file() && file.nlink() == 0 => self.add(&file),
                _ => {}
            }
        }
    }
}

/// A folder that its owner had closed to himself, open for as long as this lives.
struct Opened<'a> {
    folder: &'a Path,
    before: fs::Permissions,
}

impl<'a> Opened<'a> {
    /// Opens it; `None` if it is open, or cannot be.
    fn if_closed(folder: &'a Path) -> Option<Self> {
        let file = fs::symlink_metadata(folder).ok()?;
        let before = file.permissions();
        let closed = file.is_dir() && before.mode() & 0o500 != 0o500;
        let open = fs::Permissions::from_mode(before.mode() | 0o500);
        (closed && fs::set_permissions(folder, open).is_ok()).then_some(Self { folder, before })
    }
}

impl Drop for Opened<'_> {
    fn drop(&mut self) {
        let _gone = fs::set_permissions(self.folder, self.before.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in a folder with files of 8 KB at these places.
    fn found(files: &[&str], prepare: impl Fn(&Path)) -> Found {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, [1; 8 << 10]).unwrap();
        }
        prepare(folder.path());
        let mut found = Found::default();
        found.add_all(folder.path());
        found
    }

    #[test]
    fn files_are_found_wherever_they_are() {
        let all = found(&["a", "b/c", "b/d/e"], |_| {});
        assert!(
            all.count == 5 && all.bytes >= 24 << 10 && !all.hidden,
            "{all:?}"
        );
    }

    #[test]
    fn a_closed_folder_is_looked_into_and_stays_closed() {
        let all = found(&["a/b/c"], |folder| {
            for (name, mode) in [("a/b", 0o300), ("a", 0o000)] {
                fs::set_permissions(folder.join(name), fs::Permissions::from_mode(mode)).unwrap();
            }
            let mut found = Found::default();
            found.add_all(folder);
            assert!(found.bytes >= 8 << 10, "{found:?}");
            let mode = fs::metadata(folder.join("a")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0);
            // So that it can be removed.
            fs::set_permissions(folder.join("a"), fs::Permissions::from_mode(0o700)).unwrap();
            fs::set_permissions(folder.join("a/b"), fs::Permissions::from_mode(0o700)).unwrap();
        });
        assert!(!all.hidden, "{all:?}");
    }
}
