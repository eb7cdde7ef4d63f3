//! `gosnip stats`: how many blocks of each shape type-check or run.

use std::sync::atomic::Ordering;

use camino::Utf8PathBuf;
use clap::Args;

use super::flags::Flags;
use super::{Error, interrupt};
use crate::exit::ExitCode;
use crate::report::stats::Stats;
use crate::report::{deliver, progress::Progress};
use crate::settings::{Format, Output, Verbosity};

/// What `stats` takes.
#[derive(Debug, Clone, Args)]
pub struct StatsArgs {
    /// Notes and folders [default: what verify.toml includes, else the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<Utf8PathBuf>,
}

/// Verify, and count what became of the blocks. Wrong claims are not this command's business, so they do
/// not fail it.
pub fn run(arguments: &StatsArgs, flags: &Flags) -> Result<ExitCode, Error> {
    let settings = super::settings(flags, &arguments.paths)?;
    let outputs = &settings.report.outputs;
    check(outputs)?;
    deliver::check_folders(outputs).map_err(Error::Usage)?;
    let cancelled = interrupt::flag()?;
    let progress = Progress::new(settings.report.verbosity);
    let report = crate::pipeline::verify(&settings, &progress, &cancelled);
    progress.finish();
    let stats = Stats::of(&report?);
    for output in outputs {
        let text = match output.format {
            Format::Json => stats.json().map_err(anyhow::Error::from)?,
            _ => stats.table(settings.report.verbosity == Verbosity::Verbose),
        };
        deliver::put(&text, &output.target)?;
    }
    if cancelled.load(Ordering::Relaxed) {
        return Ok(ExitCode::Interrupted);
    }
    Ok(ExitCode::Success)
}

/// Counts have two forms.
fn check(outputs: &[Output]) -> Result<(), Error> {
    let known = |output: &&Output| !matches!(output.format, Format::Terminal | Format::Json);
    match outputs.iter().find(known) {
        Some(output) => Err(Error::Usage(format!(
            "`stats` has no report `{}`; it has `terminal` and `json`",
            output.format.name()
        ))),
        None => Ok(()),
    }
}
