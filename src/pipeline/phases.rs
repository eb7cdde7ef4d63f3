//! The phases of a run, and how long they will take: by how long a step of each took in earlier runs on this machine.
//!
//! ```text
//! <cache>/pace       one line for each phase: its name, a blank, microseconds per step
//! ```
//!
//! That is no more than a hint: whatever goes wrong with it, nothing is expected. A phase in which something was
//! built that is built once tells nothing of the next run.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};

use crate::report::{Event, Listener};

/// What takes less says little: most of it may come from the cache.
const TELLING: Duration = Duration::from_secs(1);

/// Announces phases. What begins while another is under way is more of that one.
pub(super) struct Phases<'l> {
    listener: &'l dyn Listener,
    state: Mutex<State>,
    unusual: Arc<AtomicBool>,
}

#[derive(Debug)]
struct State {
    pace: Pace,
    /// How many are under way.
    active: usize,
    /// Of the one that was announced: its name, when it began, and how many steps it has.
    announced: Option<(&'static str, Instant, u64)>,
}

/// A phase is under way until this is dropped.
pub(super) struct Phase<'p>(&'p Phases<'p>);

impl<'l> Phases<'l> {
    /// With what earlier runs left in the folder `cache`.
    pub(super) fn new(cache: &Utf8Path, listener: &'l dyn Listener) -> Self {
        Self {
            listener,
            state: Mutex::new(State {
                pace: Pace::of(cache),
                active: 0,
                announced: None,
            }),
            unusual: Arc::default(),
        }
    }

    /// To be set when something is done that takes its time once.
    pub(super) fn unusual(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.unusual)
    }

    /// So many steps begin.
    pub(super) fn begin(&self, name: &'static str, steps: usize) -> Phase<'_> {
        let mut state = self.state();
        state.active += 1;
        if state.announced.is_some() {
            drop(state);
            self.more(steps);
            return Phase(self);
        }
        let steps = steps as u64;
        state.announced = Some((name, Instant::now(), steps));
        self.unusual.store(false, Ordering::Relaxed);
        let expected = state.pace.expected(name, steps);
        drop(state);
        self.listener.event(Event::Phase {
            name,
            steps,
            expected,
        });
        Phase(self)
    }

    /// What is under way has so many steps more.
    pub(super) fn more(&self, steps: usize) {
        let steps = steps as u64;
        let mut state = self.state();
        let mut expected = None;
        if let Some((name, _, all)) = &mut state.announced {
            *all += steps;
            let name = *name;
            expected = state.pace.expected(name, steps);
        }
        drop(state);
        self.listener.event(Event::More { steps, expected });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Phase<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.active -= 1;
        if state.active == 0
            && let Some((name, began, steps)) = state.announced.take()
            && !self.0.unusual.load(Ordering::Relaxed)
        {
            state.pace.note(name, steps, began.elapsed());
        }
    }
}

/// The pace of each phase.
#[derive(Debug)]
struct Pace {
    file: Utf8PathBuf,
    /// Microseconds per step.
    known: BTreeMap<String, u64>,
}

impl Pace {
    fn of(cache: &Utf8Path) -> Self {
        let file = cache.join("pace");
        let text = fs::read_to_string(&file).unwrap_or_default();
        let known = text
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(name, pace)| Some((name.to_owned(), pace.parse().ok()?)))
            .collect();
        Self { file, known }
    }

    /// How long so many steps of the phase will take, if that is known.
    fn expected(&self, phase: &str, steps: u64) -> Option<Duration> {
        let pace = self.known.get(phase)?;
        Some(Duration::from_micros(pace.saturating_mul(steps)))
    }

    /// Note how long a phase took: the mean of that and what was known.
    fn note(&mut self, phase: &str, steps: u64, took: Duration) {
        if took < TELLING || steps == 0 {
            return;
        }
        let pace = u64::try_from(took.as_micros()).unwrap_or(u64::MAX) / steps;
        let entry = self.known.entry(phase.to_owned()).or_insert(pace);
        *entry = (*entry).midpoint(pace);
        let lines = self.known.iter();
        let text: String = lines
            .map(|(name, pace)| format!("{name} {pace}\n"))
            .collect();
        let aside = self.file.with_extension(std::process::id().to_string());
        // A cache that cannot be written is no reason to fail.
        if fs::write(&aside, text).is_ok() && fs::rename(&aside, &self.file).is_err() {
            let _ = fs::remove_file(&aside);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_earlier_runs_took_is_expected_of_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        let mut pace = Pace::of(folder);
        assert_eq!(pace.expected("running", 10), None);
        pace.note("running", 100, Duration::from_millis(5));
        assert_eq!(pace.expected("running", 10), None);
        pace.note("running", 100, Duration::from_secs(10));
        let mut later = Pace::of(folder);
        assert_eq!(later.expected("running", 10), Some(Duration::from_secs(1)));
        later.note("running", 100, Duration::from_secs(20));
        let expected = Pace::of(folder).expected("running", 10);
        assert_eq!(expected, Some(Duration::from_millis(1500)));
        assert_eq!(later.expected("compiling", 10), None);
    }

    #[test]
    fn what_is_damaged_is_not_known() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        fs::write(folder.join("pace"), "running x\n\u{0}\ncompiling 5\n").unwrap();
        let pace = Pace::of(folder);
        assert_eq!(pace.expected("running", 1), None);
        assert_eq!(
            pace.expected("compiling", 2),
            Some(Duration::from_micros(10))
        );
    }
}
