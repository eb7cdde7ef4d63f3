//! `gosnip toolchain`: the Go toolchains it can use.

use clap::{Args, Subcommand};

use super::flags::Flags;
use super::{Error, interrupt};
use crate::exit::ExitCode;
use crate::pipeline;
use crate::report::progress::Progress;
use crate::settings::{GoChoice, Settings};
use crate::toolchain::Toolchain;

/// What `toolchain` takes.
#[derive(Debug, Clone, Args)]
pub struct ToolchainArgs {
    /// The command.
    #[command(subcommand)]
    pub command: ToolchainCommand,
}

/// The commands of `toolchain`.
#[derive(Debug, Clone, Subcommand)]
pub enum ToolchainCommand {
    /// List the Go toolchains on this machine
    List,
    /// Download Go toolchains into the cache folder
    Install {
        /// Such as 1.22 (its newest release) or 1.22.3
        #[arg(value_parser = version, required = true, value_name = "VERSION")]
        versions: Vec<String>,
    },
    /// Remove Go toolchains from the cache folder
    Remove {
        /// Such as 1.22 (all its releases there) or 1.22.3
        #[arg(value_parser = version, required = true, value_name = "VERSION")]
        versions: Vec<String>,
    },
}

fn version(text: &str) -> Result<String, String> {
    match GoChoice::parse(text)? {
        GoChoice::Version(version) => Ok(version),
        GoChoice::Path(path) => Err(format!("`{path}` is a path, not a version")),
        GoChoice::Stable { .. } => Err(format!("`{text}` is no version; write it like 1.24.3")),
    }
}

/// List, install or remove.
pub fn run(arguments: &ToolchainArgs, flags: &Flags) -> Result<ExitCode, Error> {
    let settings = Settings::from_process(flags, &[])?;
    interrupt::flag()?;
    match &arguments.command {
        ToolchainCommand::List => {
            for toolchain in pipeline::toolchains(&settings)? {
                super::print(&shown(&toolchain))?;
            }
            for (folder, problem) in pipeline::unusable_toolchains(&settings)? {
                super::print(&format!("{:<12} {folder} ({problem})", "unusable"))?;
            }
        }
        ToolchainCommand::Install { versions } => {
            for version in versions {
                let progress = Progress::new(settings.report.verbosity);
                let installed = pipeline::install_toolchain(&settings, version, &progress);
                progress.finish();
                super::print(&shown(&installed?))?;
            }
        }
        ToolchainCommand::Remove { versions } => {
            for version in versions {
                for removed in pipeline::remove_toolchain(&settings, version)? {
                    super::print(&format!("removed {}", shown(&removed)))?;
                }
            }
        }
    }
    Ok(ExitCode::Success)
}

fn shown(toolchain: &Toolchain) -> String {
    let Toolchain {
        goroot,
        version,
        source,
        ..
    } = toolchain;
    format!("{version:<12} {goroot} ({source})")
}
