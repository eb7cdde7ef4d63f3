//! What gosnip can say of itself for other programs: completions for shells, man pages, JSON Schemas.

use std::fs;

use anyhow::Context as _;
use camino::Utf8PathBuf;
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, Error};
use crate::exit::ExitCode;
use crate::report::schema::{self, Subject};

/// What `completions` takes.
#[derive(Debug, Clone, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// What `man` takes.
#[derive(Debug, Clone, Args)]
pub struct ManArgs {
    /// The folder to write to
    #[arg(value_name = "FOLDER")]
    pub folder: Utf8PathBuf,
}

/// What `schema` takes.
#[derive(Debug, Clone, Args)]
pub struct SchemaArgs {
    /// Of what
    #[arg(value_name = "WHAT")]
    pub subject: Subject,
}

/// Print a completion script.
pub fn completions(arguments: &CompletionsArgs) -> Result<ExitCode, Error> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "gosnip", &mut script);
    super::print(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::Success)
}

/// Write a man page for gosnip and one for each command.
pub fn man(arguments: &ManArgs) -> Result<ExitCode, Error> {
    let folder = &arguments.folder;
    fs::create_dir_all(folder).with_context(|| format!("can't make the folder {folder}"))?;
    clap_mangen::generate_to(Cli::command(), folder)
        .with_context(|| format!("can't write man pages to {folder}"))?;
    Ok(ExitCode::Success)
}

/// Print a JSON Schema.
pub fn schema(arguments: &SchemaArgs) -> Result<ExitCode, Error> {
    super::print(&schema::document(arguments.subject))?;
    Ok(ExitCode::Success)
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn every_shell_completes_the_flags() {
        for shell in Shell::value_variants() {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "gosnip", &mut script);
            let script = String::from_utf8(script).unwrap();
            assert!(script.contains("min-confidence"), "{shell}");
        }
    }

    #[test]
    fn there_is_a_man_page_for_each_command() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().join("man1")).unwrap();
        man(&ManArgs {
            folder: path.clone(),
        })
        .unwrap();
        for name in ["gosnip", "gosnip-verify", "gosnip-rule"] {
            let page = fs::read_to_string(path.join(format!("{name}.1"))).unwrap();
            assert!(page.contains(".TH"), "{name}");
        }
        assert!(!path.join("gosnip-schema.1").exists());
    }
}
