//! The flags, as typed. What they mean is decided in [`crate::settings`].

use std::num::NonZeroUsize;
use std::time::Duration;

use camino::Utf8PathBuf;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use crate::claim::Confidence;
use crate::settings::{ColorMode, Failure, GoChoice, Output, SandboxMode, units};

/// The flags that every command takes.
#[derive(Debug, Clone, Default, Args)]
pub struct Flags {
    /// Report in this form, into FILE or to stdout; may be given several times
    ///
    /// Forms: terminal (the default), concise, json, jsonl, junit, sarif, github, gitlab, markdown, html.
    /// Only one report can go to stdout.
    #[arg(long, global = true, value_name = "FORMAT[=FILE]", value_parser = Output::parse)]
    #[arg(help_heading = "Report")]
    pub report: Vec<Output>,

    /// Leave out claims that are less certain [default: likely]
    #[arg(long, global = true, value_name = "LEVEL", value_parser = confidence())]
    #[arg(help_heading = "Report")]
    pub min_confidence: Option<Confidence>,

    /// List the lines that print, and the blocks, that no claim is about
    #[arg(long, global = true, help_heading = "Report")]
    pub coverage: bool,

    /// What makes the exit code 1 [default: refuted,stale,drift,finding]
    #[arg(
        long,
        global = true,
        value_name = "WHAT",
        value_delimiter = ',',
        value_enum
    )]
    #[arg(help_heading = "Report")]
    pub fail_on: Vec<Failure>,

    /// Use colours [default: auto]
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        help_heading = "Report"
    )]
    pub color: Option<ColorMode>,

    /// Say only what is necessary
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Report"
    )]
    pub quiet: bool,

    /// Say everything: confirmed and unverified claims, and why blocks were not run
    #[arg(short, long, global = true, help_heading = "Report")]
    pub verbose: bool,

    /// Use this Go: a version such as 1.22, stable, oldstable, or the path of an installation; several,
    /// separated by commas, to find out under which of them a claim holds
    #[arg(long, global = true, value_name = "VERSION|PATH", value_parser = GoChoice::parse)]
    #[arg(value_delimiter = ',', help_heading = "Run")]
    pub go: Vec<GoChoice>,

    /// Never download anything: neither a Go toolchain nor modules
    #[arg(long, global = true, help_heading = "Run")]
    pub no_download: bool,

    /// Run N programs at the same time [default: as many as there are processors]
    #[arg(short, long, global = true, value_name = "N", help_heading = "Run")]
    pub jobs: Option<NonZeroUsize>,

    /// Stop a program after this time, such as 500ms or 1m [default: 10s]
    #[arg(long, global = true, value_name = "TIME", value_parser = units::duration)]
    #[arg(help_heading = "Run")]
    pub timeout: Option<Duration>,

    /// Compile and run everything anew
    #[arg(long, global = true, help_heading = "Run")]
    pub no_cache: bool,

    /// What contains the programs [default: auto]
    #[arg(
        long,
        global = true,
        value_name = "MODE",
        value_enum,
        help_heading = "Run"
    )]
    pub sandbox: Option<SandboxMode>,

    /// Build programs with the race detector
    #[arg(long, global = true, help_heading = "Run")]
    pub race: bool,

    /// Read this file instead of the nearest verify.toml
    #[arg(long, global = true, value_name = "FILE", help_heading = "Run")]
    pub config: Option<Utf8PathBuf>,
}

/// A parser for [`Confidence`], which belongs to the claims and knows nothing of command lines.
fn confidence() -> impl clap::builder::TypedValueParser<Value = Confidence> {
    PossibleValuesParser::new(["weak", "likely", "certain"]).map(|word| match word.as_str() {
        "weak" => Confidence::Weak,
        "likely" => Confidence::Likely,
        _ => Confidence::Certain,
    })
}
