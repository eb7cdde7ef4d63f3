//! How far the work is, on stderr. The interface to the `indicatif` crate is here only.

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
    /// When the phase will be over, by earlier runs.
    end: Option<Instant>,
    /// The programs that run, with when they were started, the oldest first.
    running: Vec<(String, Instant)>,
}

impl Now {
    /// There is more to do than was known.
    fn more(&mut self, expected: Option<Duration>, now: Instant) {
        if let Some(expected) = expected {
            self.end = Some(self.end.unwrap_or(now).max(now) + expected);
        }
    }

    /// What stands behind the bar: how long it will take, and what takes long.
    fn words(&self, now: Instant) -> String {
        let mut words = Vec::new();
        let left = self.end.and_then(|end| end.checked_duration_since(now));
        if let Some(left) = left.map(|left| left.as_secs()).filter(|&left| left > 0) {
            words.push(format!("about {left} s left"));
        }
        let long = self
            .running
            .iter()
            .filter(|(_, since)| now.duration_since(*since) > NAMED_AFTER);
        words.extend(long.take(NAMED).map(|(place, _)| place.clone()));
        words.join(" · ")
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
            self.bar.set_message(now.words(Instant::now()));
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
                self.note(|now| now.end = expected.map(|expected| Instant::now() + expected));
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
            Event::Step => self.bar.inc(1),
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
                self.say(&format!("{place} has been running for {seconds} s"));
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

/// The bar's look while its number of steps is known, and while it is not.
const COUNTED: &str = "{prefix:>12} {bar:24} {pos}/{len} {wide_msg}";
const UNCOUNTED: &str = "{prefix:>12} {spinner}";

fn style(counted: bool) -> ProgressStyle {
    let template = if counted { COUNTED } else { UNCOUNTED };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
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
        let now = Now {
            end: Some(began + Duration::from_secs(9)),
            running: vec![("a.md:3".to_owned(), began), ("b.md:7".to_owned(), later)],
        };
        assert_eq!(now.words(began), "about 9 s left");
        assert_eq!(now.words(later), "about 7 s left · a.md:3");
        assert_eq!(
            now.words(began + Duration::from_secs(20)),
            "a.md:3 · b.md:7"
        );
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
        for template in [COUNTED, UNCOUNTED, ""] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
