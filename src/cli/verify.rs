//! `gosnip verify`: the main job.

use std::sync::atomic::Ordering;

use camino::Utf8PathBuf;
use clap::Args;

use super::flags::Flags;
use super::{Command, Error, baseline, bless, changed, interrupt};
use crate::exit::{ExitCode, judge};
use crate::report::{Everyone, Listener, deliver, jsonl::Lines, progress::Progress};
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

    /// Verify only notes that differ from BASE in git, or depend on something that does
    /// [default BASE: what the pull request is to go into, else the last commit]
    #[arg(long, value_name = "BASE", num_args = 0..=1, default_missing_value = "")]
    pub changed: Option<String>,
}

/// Verify the notes, deliver the reports, and judge.
pub fn run(arguments: &VerifyArgs, flags: &Flags) -> Result<ExitCode, Error> {
    let mut settings = super::settings(flags, &arguments.paths)?;
    if let Some(base) = &arguments.changed {
        changed::restrict(&mut settings, base)?;
    }
    deliver::check_folders(&settings.report.outputs).map_err(Error::Usage)?;
    let cancelled = interrupt::flag()?;
    let progress = Progress::new(settings.report.verbosity);
    let streams = Lines::start(&settings.report.outputs)?;
    let mut listeners: Vec<&dyn Listener> = vec![&progress];
    listeners.extend(streams.iter().map(|it| it as &dyn Listener));
    let everyone = Everyone(listeners);
    let report = crate::pipeline::verify_with(&settings, arguments.locked, &everyone, &cancelled);
    progress.finish();
    for stream in streams {
        stream.finish()?;
    }
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
        bless::notice("interrupted: only what was finished is reported");
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
