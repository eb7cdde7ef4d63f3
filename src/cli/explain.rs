//! `gosnip explain`: all about one block or claim.

use std::str::FromStr;

use camino::Utf8PathBuf;
use clap::Args;

use super::flags::Flags;
use super::{Error, interrupt};
use crate::exit::ExitCode;
use crate::report::{progress::Progress, text};

/// What `explain` takes.
#[derive(Debug, Clone, Args)]
pub struct ExplainArgs {
    /// A note and a line of the block or claim
    #[arg(value_name = "NOTE:LINE")]
    pub place: Place,
}

/// `NOTE:LINE`, or `NOTE:LINE:COLUMN` as reports print it; the column is not needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The note.
    pub note: Utf8PathBuf,
    /// The line, from 1.
    pub line: u32,
}

impl FromStr for Place {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "write it like `notes/closures.md:42`";
        let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0);
        let (before, last) = text.rsplit_once(':').ok_or(WRONG)?;
        let last = number(last).ok_or(WRONG)?;
        let (note, line) = match before.rsplit_once(':') {
            Some((note, line)) => number(line).map_or((before, last), |line| (note, line)),
            None => (before, last),
        };
        if note.is_empty() {
            return Err(WRONG);
        }
        Ok(Self {
            note: note.into(),
            line,
        })
    }
}

/// Explain what stands at the place.
pub fn run(arguments: &ExplainArgs, flags: &Flags) -> Result<ExitCode, Error> {
    let Place { note, line } = &arguments.place;
    let settings = super::settings(flags, std::slice::from_ref(note))?;
    let cancelled = interrupt::flag()?;
    let progress = Progress::new(settings.report.verbosity);
    let explanation = crate::pipeline::explain(&settings, note, *line, &progress, &cancelled);
    progress.finish();
    super::print(&text::lines(&explanation?))?;
    Ok(match interrupt::has_come() {
        true => ExitCode::Interrupted,
        false => ExitCode::Success,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_reports_print_it() {
        let place = |note: &str, line| {
            Ok(Place {
                note: note.into(),
                line,
            })
        };
        assert_eq!("a.md:4".parse(), place("a.md", 4));
        assert_eq!("a.md:4:12".parse(), place("a.md", 4));
        assert_eq!(r"C:\a.md:4".parse(), place(r"C:\a.md", 4));
        for wrong in ["a.md", "a.md:", "a.md:0", ":4", "a.md:x"] {
            assert!(wrong.parse::<Place>().is_err(), "{wrong}");
        }
    }
}
