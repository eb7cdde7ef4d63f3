//! The guard: looks now and then at what the kernel has no limit for.
//!
//! A limit holds for one process or one file, and a hostile program has many of them. With namespaces it may
//! start processes, so their memory is added up; its files are in a file system of limited size. Without, it
//! can start none, but its files are among everybody's.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::Pid;

use super::plan::{Excess, Plan};
use super::{Level, MOST_FILES, sys};

/// How long nobody looks. Most programs have ended by then.
const PAUSE: Duration = Duration::from_millis(100);

/// Looking takes at most one part of so many of the time.
const SHARE: u32 = 10;

/// Watches one program.
pub(super) struct Guard {
    level: Level,
    /// Bytes of memory that its processes may have together.
    memory: u64,
    /// Bytes that its files may have together.
    files: u64,
    folder: PathBuf,
    program: Pid,
    next: Instant,
}

impl Guard {
    /// One that watches this program, whose files are in `folder`.
    pub(super) fn new(plan: &Plan, folder: &Path, program: Pid) -> Self {
        Self {
            level: plan.level,
            memory: plan.limits.memory,
            files: plan.limits.files,
            folder: folder.to_owned(),
            program,
            next: Instant::now() + PAUSE,
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
        let excess = match self.level {
            Level::Namespaces => (memory_of_all() > self.memory).then_some(Excess::Memory),
            Level::Base => self.has_too_many_files().then_some(Excess::Files),
            Level::Limits | Level::Off => None,
        };
        self.next = Instant::now() + PAUSE.max(start.elapsed() * SHARE);
        excess
    }

    fn has_too_many_files(&self) -> bool {
        let mut found = Found::default();
        found.add_all(&self.folder);
        found.add_unnamed(self.program);
        found.bytes > self.files || found.count > MOST_FILES
    }
}

/// The memory of all processes of this pid namespace but its first; 0 if it is one only, for which the kernel
/// has a limit, or if there is no `/proc`.
fn memory_of_all() -> u64 {
    let own = std::process::id();
    let processes: Vec<u32> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|&pid| pid != own)
        .collect();
    if processes.len() < 2 {
        return 0;
    }
    // The second number is that of the pages in memory.
    let pages = |pid: u32| {
        let line = fs::read_to_string(format!("/proc/{pid}/statm")).ok()?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    processes.into_iter().filter_map(pages).sum::<u64>() * sys::page_size()
}

/// Files, added up.
#[derive(Debug, Default)]
struct Found {
    bytes: u64,
    count: u64,
}

impl Found {
    fn add(&mut self, file: &fs::Metadata) {
        const SECTOR: u64 = 512;
        self.bytes += file.blocks() * SECTOR;
        self.count += 1;
    }

    /// All that is in a folder, until it is too much anyway. Follows no links.
    fn add_all(&mut self, folder: &Path) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if self.count > MOST_FILES {
                return;
            }
            let Ok(file) = entry.metadata() else { continue };
            self.add(&file);
            if file.is_dir() {
                self.add_all(&entry.path());
            }
        }
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
