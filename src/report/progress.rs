//! How far the work is, on stderr. The interface to the `indicatif` crate is here only.

use std::collections::BTreeSet;
use std::io::{IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::text::line;
use super::{Event, Listener};
use crate::settings::Verbosity;

/// Programs that run for longer are named.
const NAMED_AFTER: Duration = Duration::from_millis(500);
/// How many are named.
const NAMED: usize = 2;
/// How many letters of a name are shown.
const LONGEST: usize = 24;

/// Shows a bar for each phase if stderr is a terminal, and notices as lines in any case.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    quiet: bool,
    now: Mutex<Now>,
}

/// What is going on.
#[derive(Debug, Default)]
struct Now {
    /// When the phase began.
    began: Option<Instant>,
    /// When it will be over, by earlier runs.
    end: Option<Instant>,
    /// The programs that run, with when they were started, the oldest first.
    running: Vec<(String, Instant)>,
    /// The blocks of which it was said that they are slow: they have several programs, each run several times.
    slow: BTreeSet<String>,
}

impl Now {
    /// There is more to do than was known.
    fn more(&mut self, expected: Option<Duration>, now: Instant) {
        if let Some(expected) = expected {
            self.end = Some(self.end.unwrap_or(now).max(now) + expected);
        }
    }

    /// How long it will still take: by what earlier runs took, but no longer than the steps of this run that are
    /// still to be done, which take as long as those before.
    fn left(&self, now: Instant, done: u64, all: Option<u64>) -> Option<Duration> {
        let expected = self.end?.checked_duration_since(now)?;
        let all = all.filter(|all| done > 0 && done * 10 >= *all);
        let (Some(all), Some(began)) = (all, self.began) else {
            return Some(expected);
        };
        let open = all.saturating_sub(done) as f64 / done as f64;
        Some(expected.min(now.duration_since(began).mul_f64(open)))
    }

    /// What stands behind the bar: how long it will take, and what takes long.
    fn words(&self, now: Instant, done: u64, all: Option<u64>) -> String {
        let mut words = Vec::new();
        let left = self.left(now, done, all);
        if let Some(left) = left.map(|left| left.as_secs()).filter(|&left| left > 0) {
            words.push(format!("about {left} s left"));
        }
        let long = self
            .running
            .iter()
            .filter(|(_, since)| now.duration_since(*since) > NAMED_AFTER);
        // Several programs of a block may run at the same time.
        let mut named: Vec<&str> = Vec::new();
        for (place, _) in long {
            if named.len() < NAMED && !named.contains(&place.as_str()) {
                named.push(place);
            }
        }
        words.extend(named.into_iter().map(tail));
        words.join(" · ")
    }
}

/// The end of a place, which says most: the file's name and the line.
fn tail(place: &str) -> String {
    let letters = place.chars().count();
    match letters > LONGEST {
        true => format!(
            "…{}",
            place
                .chars()
                .skip(letters - LONGEST + 1)
                .collect::<String>()
        ),
        false => place.to_owned(),
    }
}

impl Progress {
    /// A display for stderr; with [`Verbosity::Quiet`] it shows nothing.
    pub fn new(verbosity: Verbosity) -> Self {
        let quiet = verbosity == Verbosity::Quiet;
        let target = if quiet || !std::io::stderr().is_terminal() {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(None, target).with_style(blank());
        Self {
            bar,
            quiet,
            now: Mutex::default(),
        }
    }

    /// Take the bar off the terminal; what comes then may be written to stdout undisturbed.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn say(&self, text: &str) {
        if self.quiet {
            return;
        }
        let text = format!("gosnip: {}", line(text));
        if self.bar.is_hidden() {
            // Without a working stderr there is nobody to tell.
            let _ = writeln!(anstream::stderr(), "{text}");
        } else {
            self.bar.println(text);
        }
    }

    fn phase(&self, name: &'static str, steps: u64) {
        // The look comes last: until then nothing new is drawn.
        self.bar.set_style(blank());
        self.bar.reset();
        if steps > 0 {
            self.bar.set_length(steps);
        } else {
            self.bar.unset_length();
        }
        self.bar.set_prefix(name);
        self.bar.set_style(style(steps > 0));
        self.bar.enable_steady_tick(Duration::from_millis(120));
    }

    /// Take note of what is going on, and say it behind the bar.
    fn note(&self, change: impl FnOnce(&mut Now)) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut now);
        if !self.bar.is_hidden() {
            let (done, all) = (self.bar.position(), self.bar.length());
            self.bar.set_message(now.words(Instant::now(), done, all));
        }
    }
}

impl Listener for Progress {
    fn event(&self, event: Event) {
        match event {
            Event::Notice(text) => self.say(&text),
            Event::Phase {
                name,
                steps,
                expected,
            } => {
                self.phase(name, steps);
                self.note(|now| {
                    let began = Instant::now();
                    now.began = Some(began);
                    now.end = expected.map(|expected| began + expected);
                });
            }
            Event::More { steps, expected } => {
                match self.bar.length() {
                    Some(_) => self.bar.inc_length(steps),
                    None => {
                        self.bar.set_length(steps);
                        self.bar.set_style(style(true));
                    }
                }
                self.note(|now| now.more(expected, Instant::now()));
            }
            Event::Step => {
                self.bar.inc(1);
                self.note(|_| ());
            }
            Event::Started { place } => {
                self.note(|now| {
                    now.running
                        .push((line(&place).into_owned(), Instant::now()))
                });
            }
            Event::Ran { place, .. } => {
                self.bar.inc(1);
                let place = line(&place);
                self.note(|now| {
                    if let Some(at) = now.running.iter().position(|(it, _)| *it == *place) {
                        now.running.remove(at);
                    }
                });
            }
            Event::Slow { place, seconds } => {
                let text = format!("{place} has been running for {seconds} s");
                let mut first = false;
                self.note(|now| first = now.slow.insert(place));
                if first {
                    self.say(&text);
                }
            }
            Event::Done => self.finish(),
            Event::Environment { .. }
            | Event::Block(_)
            | Event::Claim(_)
            | Event::Finding(_)
            | Event::Summary(_) => {}
        }
    }
}

/// The look while the number of steps is known, in terminals of at least so many columns: a short line is cut
/// where it is least missed, and one that is too long would be drawn again below itself.
const COUNTED: [(usize, &str); 3] = [
    (100, "{prefix:>12} {bar:24} {pos}/{len} {wide_msg}"),
    (60, "{prefix:>12} {bar:12} {pos}/{len} {wide_msg}"),
    (0, "{prefix} {pos}/{len} {wide_msg}"),
];
/// The look while it is not.
const UNCOUNTED: &str = "{prefix:>12} {spinner}";
/// The columns of a terminal that does not say how many it has.
const COLUMNS: usize = 80;

fn style(counted: bool) -> ProgressStyle {
    let width = terminal_size::terminal_size_of(std::io::stderr());
    let columns = width.map_or(COLUMNS, |(width, _)| usize::from(width.0));
    let template = if counted { look(columns) } else { UNCOUNTED };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn look(columns: usize) -> &'static str {
    let fits = COUNTED.iter().find(|(least, _)| columns >= *least);
    fits.map_or("", |(_, template)| template)
}

/// The look before the first phase and between phases: an empty line.
fn blank() -> ProgressStyle {
    ProgressStyle::with_template("").unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_counted_from_zero_in_each_phase() {
        let progress = Progress::new(Verbosity::Quiet);
        progress.event(Event::Phase {
            name: "compiling",
            steps: 3,
            expected: None,
        });
        progress.event(Event::Step);
        progress.event(Event::Step);
        assert_eq!(
            (progress.bar.position(), progress.bar.length()),
            (2, Some(3))
        );
        progress.event(Event::Phase {
            name: "running",
            steps: 0,
            expected: None,
        });
        assert_eq!((progress.bar.position(), progress.bar.length()), (0, None));
    }

    #[test]
    fn what_takes_long_is_named_and_how_long_it_will_take() {
        let began = Instant::now();
        let later = began + Duration::from_secs(2);
        let running = [("a.md:3", began), ("a.md:3", began), ("b.md:7", later)];
        let now = Now {
            end: Some(began + Duration::from_secs(9)),
            running: running.map(|(place, at)| (place.to_owned(), at)).to_vec(),
            slow: BTreeSet::new(),
            began: Some(began),
        };
        assert_eq!(now.words(began, 0, None), "about 9 s left");
        assert_eq!(now.words(later, 0, Some(9)), "about 7 s left · a.md:3");
        assert_eq!(
            now.words(began + Duration::from_secs(20), 0, None),
            "a.md:3 · b.md:7"
        );
    }

    #[test]
    fn what_is_left_is_no_more_than_the_open_steps_take_at_this_pace() {
        let began = Instant::now();
        let now = Now {
            began: Some(began),
            end: Some(began + Duration::from_secs(300)),
            ..Now::default()
        };
        let left = |seconds: u64, done: u64| {
            let later = began + Duration::from_secs(seconds);
            now.left(later, done, Some(100)).map(|left| left.as_secs())
        };
        assert_eq!(left(10, 5), Some(290));
        assert_eq!(left(10, 50), Some(10));
        assert_eq!(left(10, 100), Some(0));
        // Slower than expected is what earlier runs know better: the rest may be quick.
        assert_eq!(left(200, 20), Some(100));
        assert_eq!(left(301, 50), None);
    }

    #[test]
    fn a_slow_block_is_named_once() {
        let progress = Progress::new(Verbosity::Quiet);
        for place in ["a.md:3", "b.md:7", "a.md:3"] {
            progress.event(Event::Slow {
                place: place.to_owned(),
                seconds: 5,
            });
        }
        let now = progress.now.lock().unwrap();
        assert_eq!(now.slow.iter().collect::<Vec<_>>(), ["a.md:3", "b.md:7"]);
    }

    #[test]
    fn long_names_are_cut_at_their_begin() {
        assert_eq!(tail("a.md:3"), "a.md:3");
        let cut = tail("notes/第十二章/goroutine-and-channel.md:1234");
        assert_eq!(cut, "…ine-and-channel.md:1234");
        assert_eq!(cut.chars().count(), LONGEST);
    }

    #[test]
    fn programs_are_running_from_their_start_to_their_end() {
        let progress = Progress::new(Verbosity::Quiet);
        let place = || "a.md:3".to_owned();
        progress.event(Event::Started { place: place() });
        progress.event(Event::Started { place: place() });
        progress.event(Event::Ran {
            place: place(),
            ending: String::new(),
        });
        assert_eq!(progress.now.lock().unwrap().running.len(), 1);
    }

    #[test]
    fn the_templates_are_valid() {
        let counted = [20, 40, 60, 80, 120].map(look);
        for template in counted.into_iter().chain([UNCOUNTED, ""]) {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
