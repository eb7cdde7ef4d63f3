//! `gosnip cache`: what gosnip keeps on the disk, and letting go of it.

use std::time::Duration;

use clap::{Args, Subcommand};

use super::Error;
use super::flags::Flags;
use crate::exit::ExitCode;
use crate::pipeline::caching::{self, Part};
use crate::settings::{Settings, units};

/// What `cache` takes.
#[derive(Debug, Clone, Args)]
pub struct CacheArgs {
    /// The command; without one, the size is shown.
    #[command(subcommand)]
    pub command: Option<CacheCommand>,
}

/// The commands of `cache`.
#[derive(Debug, Clone, Subcommand)]
pub enum CacheCommand {
    /// Show where the cache is and what takes how much room (the default)
    Size,
    /// Delete what can be made again: compiled programs, runs, the compiled standard library
    ///
    /// Downloaded toolchains stay; delete the folder to get rid of them.
    Clean {
        /// Only what was not used for this long, such as 30d or 12h
        #[arg(long, value_name = "TIME", value_parser = units::age)]
        older_than: Option<Duration>,
    },
}

/// Show the size or clean up.
pub fn run(arguments: &CacheArgs, flags: &Flags) -> Result<ExitCode, Error> {
    let settings = Settings::from_process(flags, &[])?;
    let folder = caching::folder(&settings)?;
    match arguments.command.as_ref().unwrap_or(&CacheCommand::Size) {
        CacheCommand::Size => {
            super::print(folder.as_str())?;
            let parts = caching::parts(&folder);
            for Part { what, bytes, .. } in &parts {
                super::print(&format!("{:>10}  {what}", size(*bytes)))?;
            }
            let total = parts.iter().map(|part| part.bytes).sum();
            super::print(&format!("{:>10}  in all", size(total)))?;
        }
        CacheCommand::Clean { older_than } => {
            let freed = caching::clean(&folder, *older_than)?;
            super::print(&format!("freed {} in {folder}", size(freed).trim_start()))?;
        }
    }
    Ok(ExitCode::Success)
}

/// A number of bytes for a person.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["B", "kB", "MB", "GB"];
    let mut size = bytes as f64;
    let mut unit = 0;
    while size >= 999.5 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    let digits = usize::from(unit > 0 && size < 9.95);
    format!("{size:.digits$} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_two_or_three_digits() {
        for (bytes, shown) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (12_345, "12 kB"),
            (999_600, "1.0 MB"),
            (5_000_000_000, "5.0 GB"),
        ] {
            assert_eq!(size(bytes), shown);
        }
    }
}
