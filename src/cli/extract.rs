//! `gosnip extract`: the programs as files.

use std::io::Write as _;
use std::sync::atomic::Ordering;

use camino::Utf8PathBuf;
use clap::Args;

use super::flags::Flags;
use super::{Error, interrupt};
use crate::exit::ExitCode;
use crate::report::{progress::Progress, text};
use crate::settings::Verbosity;

/// What `extract` takes.
#[derive(Debug, Clone, Args)]
pub struct ExtractArgs {
    /// Notes and folders [default: what verify.toml includes, else the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<Utf8PathBuf>,

    /// The folder to write to
    #[arg(short, long, value_name = "FOLDER", default_value = "snippets")]
    pub output: Utf8PathBuf,
}

/// Extract the programs and list their files.
pub fn run(arguments: &ExtractArgs, flags: &Flags) -> Result<ExitCode, Error> {
    let settings = super::settings(flags, &arguments.paths)?;
    let cancelled = interrupt::flag()?;
    let verbosity = settings.report.verbosity;
    let progress = Progress::new(verbosity);
    let extracted = crate::pipeline::extract(&settings, &arguments.output, &progress, &cancelled);
    progress.finish();
    let extracted = extracted?;
    if verbosity != Verbosity::Quiet {
        let mut list = String::new();
        for file in &extracted.files {
            list.push_str(&text::line(file.as_str()));
            list.push('\n');
        }
        super::print(&list)?;
        for block in &extracted.left_out {
            // Without a working stderr there is nobody to tell.
            let _ = writeln!(anstream::stderr(), "gosnip: left out {}", text::line(block));
        }
    }
    if cancelled.load(Ordering::Relaxed) {
        return Ok(ExitCode::Interrupted);
    }
    Ok(ExitCode::Success)
}
