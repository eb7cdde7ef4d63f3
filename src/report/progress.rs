//! How far the work is, on stderr. The interface to the `indicatif` crate is here only.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::text::line;
use super::{Event, Listener};
use crate::settings::Verbosity;

/// Shows a bar for each phase if stderr is a terminal, and notices as lines in any case.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    quiet: bool,
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
        Self { bar, quiet }
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
}

impl Listener for Progress {
    fn event(&self, event: Event) {
        match event {
            Event::Notice(text) => self.say(&text),
            Event::Phase { name, steps } => self.phase(name, steps),
            Event::More { steps } => self.bar.inc_length(steps),
            Event::Step | Event::Ran { .. } => self.bar.inc(1),
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
const COUNTED: &str = "{prefix:>12} {bar:24} {pos}/{len}";
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
        });
        assert_eq!((progress.bar.position(), progress.bar.length()), (0, None));
    }

    #[test]
    fn the_templates_are_valid() {
        for template in [COUNTED, UNCOUNTED, ""] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
