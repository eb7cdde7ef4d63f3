//! The command line: what was typed → settings → command → exit code. One file per command.

pub mod baseline;
pub mod bless;
pub mod cache;
mod changed;
pub mod config;
pub mod explain;
pub mod extract;
pub mod flags;
pub mod generate;
pub mod init;
pub mod interrupt;
pub mod modules;
pub mod review;
pub mod rule;
pub mod stats;
pub mod toolchain;
pub mod verify;

use std::ffi::OsString;
use std::io::Write as _;

use clap::{Parser, Subcommand};

use crate::exit::ExitCode;
use crate::pipeline::PipelineError;
use crate::report::text;
use crate::settings::{ColorMode, Settings, SettingsError};
use flags::Flags;

/// Checks what Go notes claim.
///
/// Reads Markdown notes, builds and runs every Go block, and says of every claim ("// 输出: 3",
/// "panics", "compile error") whether it holds. Without a command, it verifies.
#[derive(Debug, Parser)]
#[command(name = "gosnip", version, after_help = EXIT_CODES, max_term_width = 100)]
#[command(override_usage = "gosnip [OPTIONS] [PATH]...\n       gosnip [OPTIONS] <COMMAND>")]
// `gosnip notes/a.md` verifies a note: the paths of `verify` are taken without its name as well. A
// path that is called like a command is written `./init`, or after `verify`.
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The paths of a bare `gosnip PATH…`.
    #[command(flatten)]
    pub verify: verify::VerifyArgs,

    /// The flags.
    #[command(flatten)]
    pub flags: Flags,
}

/// The exit codes, for `--help`; see [`ExitCode`].
const EXIT_CODES: &str = "\
Exit codes: 0 nothing is wrong; 1 a claim or program is wrong (see --fail-on); 2 wrong usage or
configuration; 3 no usable Go, or no sandbox though required; 4 nothing to verify; 130 interrupted";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Verify notes (the default)
    Verify(verify::VerifyArgs),
    /// Write every program of the notes as a Go file that `go run` accepts
    Extract(extract::ExtractArgs),
    /// Rewrite the claims that are wrong, and record what is expected
    Bless(bless::BlessArgs),
    /// Go through what bless would rewrite, one by one
    Review(review::ReviewArgs),
    /// Record today's findings as known, so that only new ones fail
    Baseline(baseline::BaselineArgs),
    /// Count how many blocks of each shape type-check or run, and why the others do not
    Stats(stats::StatsArgs),
    /// Say all about one block or claim
    Explain(explain::ExplainArgs),
    /// Write a commented verify.toml
    Init(init::InitArgs),
    /// Show or install Go toolchains
    Toolchain(toolchain::ToolchainArgs),
    /// List the third-party modules that notes import, and declare them in verify.toml
    Modules(modules::ModulesArgs),
    /// Show or clean up what gosnip keeps on the disk
    Cache(cache::CacheArgs),
    /// Say what a rule means and what to do about it
    Rule(rule::RuleArgs),
    /// Print the settings and where each comes from
    Config(config::ConfigArgs),
    /// Print a completion script for a shell
    #[command(hide = true)]
    Completions(generate::CompletionsArgs),
    /// Write man pages
    #[command(hide = true)]
    Man(generate::ManArgs),
    /// Print a JSON Schema
    #[command(hide = true)]
    Schema(generate::SchemaArgs),
}

/// Run the command that `arguments` (with the program's name first) ask for.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return show_usage(&error),
    };
    let color = match cli.flags.color.unwrap_or_default() {
        ColorMode::Auto => anstream::ColorChoice::Auto,
        ColorMode::Always => anstream::ColorChoice::Always,
        ColorMode::Never => anstream::ColorChoice::Never,
    };
    color.write_global();
    dispatch(cli).unwrap_or_else(|error| {
        let style = anstyle::AnsiColor::Red.on_default().bold();
        if interrupt::has_come() {
            // What it led to is no trouble of its own.
            bless::notice("interrupted: nothing was finished");
            return ExitCode::Interrupted;
        }
        let message = text::lines(&error.to_string());
        // Without a working stderr there is nobody to tell; the exit code is still right.
        let _ = writeln!(anstream::stderr(), "{style}error:{style:#} {message}");
        error.exit_code()
    })
}

fn dispatch(cli: Cli) -> Result<ExitCode, Error> {
    let flags = &cli.flags;
    match cli.command {
        None => {
            verify::check_for_misspelt_command(&cli.verify)?;
            verify::run(&cli.verify, flags)
        }
        Some(command) if !cli.verify.paths.is_empty() => Err(Error::Usage(format!(
            "the path `{}` stands before the command; write `gosnip {} PATH`",
            cli.verify.paths[0],
            command.name()
        ))),
        Some(Command::Verify(arguments)) => verify::run(&arguments, flags),
        Some(Command::Extract(arguments)) => extract::run(&arguments, flags),
        Some(Command::Bless(arguments)) => bless::run(&arguments, flags),
        Some(Command::Review(arguments)) => review::run(&arguments, flags),
        Some(Command::Baseline(arguments)) => baseline::run(&arguments, flags),
        Some(Command::Stats(arguments)) => stats::run(&arguments, flags),
        Some(Command::Explain(arguments)) => explain::run(&arguments, flags),
        Some(Command::Init(arguments)) => init::run(&arguments),
        Some(Command::Toolchain(arguments)) => toolchain::run(&arguments, flags),
        Some(Command::Modules(arguments)) => modules::run(&arguments, flags),
        Some(Command::Cache(arguments)) => cache::run(&arguments, flags),
        Some(Command::Rule(arguments)) => rule::run(&arguments),
        Some(Command::Config(_)) => config::run(flags),
        Some(Command::Completions(arguments)) => generate::completions(&arguments),
        Some(Command::Man(arguments)) => generate::man(&arguments),
        Some(Command::Schema(arguments)) => generate::schema(&arguments),
    }
}

impl Command {
    /// The names of all commands.
    const NAMES: [&'static str; 16] = [
        "verify",
        "extract",
        "bless",
        "review",
        "baseline",
        "stats",
        "explain",
        "init",
        "toolchain",
        "modules",
        "cache",
        "rule",
        "config",
        "completions",
        "man",
        "schema",
    ];

    fn name(&self) -> &'static str {
        match self {
            Self::Verify(_) => "verify",
            Self::Extract(_) => "extract",
            Self::Bless(_) => "bless",
            Self::Review(_) => "review",
            Self::Baseline(_) => "baseline",
            Self::Stats(_) => "stats",
            Self::Explain(_) => "explain",
            Self::Init(_) => "init",
            Self::Toolchain(_) => "toolchain",
            Self::Modules(_) => "modules",
            Self::Cache(_) => "cache",
            Self::Rule(_) => "rule",
            Self::Config(_) => "config",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
            Self::Schema(_) => "schema",
        }
    }
}

/// Print clap's help, version or error, and give the exit code it stands for.
fn show_usage(error: &clap::Error) -> ExitCode {
    // If not even the help can be printed, there is nobody left to tell.
    let _ = error.print();
    if error.use_stderr() {
        ExitCode::Usage
    } else {
        ExitCode::Success
    }
}

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Wrong usage.
    #[error("{0}")]
    Usage(String),
    /// Wrong usage or configuration.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The pipeline could not do its work.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The machine does not let it.
    #[error("{0:#}")]
    Environment(#[from] anyhow::Error),
}

impl Error {
    /// The exit code for it.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) | Self::Settings(_) => ExitCode::Usage,
            Self::Pipeline(PipelineError::Usage(_)) => ExitCode::Usage,
            Self::Pipeline(PipelineError::Nothing(_)) => ExitCode::Nothing,
            Self::Pipeline(PipelineError::Environment(_)) | Self::Environment(_) => {
                ExitCode::Environment
            }
        }
    }
}

/// The settings for a command that works on `paths`, all of which have to exist.
fn settings(flags: &Flags, paths: &[camino::Utf8PathBuf]) -> Result<Settings, Error> {
    if let Some(path) = paths.iter().find(|path| !path.exists()) {
        return Err(Error::Usage(format!("there is no file or folder `{path}`")));
    }
    Ok(Settings::from_process(flags, paths)?)
}

/// Print `text` and a line break to stdout.
fn print(text: &str) -> anyhow::Result<()> {
    crate::report::deliver::to_stdout(&format!("{}\n", text.trim_end()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn parse(line: &str) -> Cli {
        Cli::try_parse_from(line.split_whitespace()).unwrap()
    }

    #[test]
    fn the_definition_of_the_command_line_is_consistent() {
        Cli::command().debug_assert();
        let names: Vec<_> = Cli::command()
            .get_subcommands()
            .map(|command| command.get_name().to_owned())
            .collect();
        assert_eq!(names, Command::NAMES);
    }

    #[test]
    fn verify_may_be_left_out() {
        let bare = parse("gosnip -q notes a.md --race");
        assert!(bare.command.is_none() && bare.flags.quiet && bare.flags.race);
        assert_eq!(bare.verify.paths, ["notes", "a.md"]);
        assert!(parse("gosnip").command.is_none());
        assert!(parse("gosnip ./init").command.is_none());
    }

    #[test]
    fn flags_may_stand_before_and_after_the_command() {
        for line in ["gosnip -v verify notes", "gosnip verify notes -v"] {
            let cli = parse(line);
            assert!(cli.flags.verbose, "{line}");
            assert!(
                matches!(cli.command, Some(Command::Verify(it)) if it.paths == ["notes"]),
                "{line}"
            );
        }
    }
}
