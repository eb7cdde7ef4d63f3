//! `gosnip verify`: the main job.

use std::sync::atomic::Ordering;

use camino::Utf8PathBuf;
use clap::Args;

use super::flags::Flags;
use super::{Command, Error, baseline, interrupt};
use crate::exit::{ExitCode, judge};
use crate::report::{deliver, progress::Progress};
use crate::settings::suggest;

/// What `verify` takes.
#[derive(Debug, Clone, Default, Args)]
pub struct VerifyArgs {
    /// Notes and folders [default: what verify.toml includes, else the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<Utf8PathBuf>,

    /// Fail also if expected/ or snippets/ lack something or hold too much
    #[arg(long)]
    pub locked: bool,

    /// Fail also for what gosnip-baseline.json knows
    #[arg(long)]
    pub strict: bool,
}

/// Verify the notes, deliver the reports, and judge.
pub fn run(arguments: &VerifyArgs, flags: &Flags) -> Result<ExitCode, Error> {
    let settings = super::settings(flags, &arguments.paths)?;
    deliver::check_folders(&settings.report.outputs).map_err(Error::Usage)?;
    let cancelled = interrupt::flag()?;
    let progress = Progress::new(settings.report.verbosity);
    let report = crate::pipeline::verify_with(&settings, arguments.locked, &progress, &cancelled);
    progress.finish();
    let report = report?;
    let fresh = if arguments.strict {
        None
    } else {
        baseline::apply(&report, &settings)?
    };
    if let Some(fresh) = &fresh {
        deliver::deliver(fresh, &baseline::outputs(&settings.report, true))?;
        deliver::deliver(&report, &baseline::outputs(&settings.report, false))?;
    } else {
        deliver::deliver(&report, &settings.report)?;
    }
    if cancelled.load(Ordering::Relaxed) {
        return Ok(ExitCode::Interrupted);
    }
    Ok(judge(fresh.as_ref().unwrap_or(&report), &settings.report))
}

/// `gosnip verfy` means a command and not a path: say so, if there is no such path but such a command.
pub fn check_for_misspelt_command(arguments: &VerifyArgs) -> Result<(), Error> {
    let Some(first) = arguments.paths.first().filter(|first| !first.exists()) else {
        return Ok(());
    };
    match suggest::nearest(first.as_str(), &Command::NAMES) {
        Some(meant) => Err(Error::Usage(format!(
            "there is neither a command nor a file or folder `{first}`; did you mean `gosnip {meant}`?"
        ))),
        None => Ok(()),
    }
}
