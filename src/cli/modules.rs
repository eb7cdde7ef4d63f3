//! `gosnip modules`: the third-party modules that notes import.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;

use anyhow::Context as _;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::flags::Flags;
use super::{Error, interrupt};
use crate::exit::ExitCode;
use crate::expected::write::replace_file;
use crate::pipeline::modules::{self, Survey};
use crate::report::progress::Progress;
use crate::report::text;
use crate::settings::Settings;
use crate::settings::file::FILE_NAME;
use crate::settings::modules::declare;
use crate::toolchain::modules::Found;

/// How many places of an import are shown.
const PLACES: usize = 3;

/// What `modules` takes.
#[derive(Debug, Clone, Args)]
pub struct ModulesArgs {
    /// Notes and folders [default: what verify.toml includes, else the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<Utf8PathBuf>,

    /// Declare the modules in verify.toml, and lock their checksums in verify.sum beside it
    #[arg(long)]
    pub write: bool,
}

/// List the modules, and declare them if that is asked for.
pub fn run(arguments: &ModulesArgs, flags: &Flags) -> Result<ExitCode, Error> {
    let settings = super::settings(flags, &arguments.paths)?;
    interrupt::flag()?;
    let progress = Progress::new(settings.report.verbosity);
    let survey = modules::survey(&settings, &progress);
    progress.finish();
    let survey = survey?;
    super::print(&text::lines(&listing(&settings, &survey)))?;
    if !arguments.write {
        return Ok(ExitCode::Success);
    }
    super::print(&text::lines(&write(&settings, &survey)?))?;
    Ok(ExitCode::Success)
}

/// The modules with their packages and where those are imported; then what cannot be had.
fn listing(settings: &Settings, survey: &Survey) -> String {
    let mut modules: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    let mut lacking = Vec::new();
    for (path, (places, found)) in &survey.imports {
        let package = format!("{path}  ({})", shown(places));
        match found {
            Found::Package {
                module,
                version,
                cgo,
            } => {
                let packages = modules.entry((module, version)).or_default();
                packages.push(match cgo {
                    Some(by) => format!("{package}: not compiled, for {by} needs cgo"),
                    None => package,
                });
            }
            Found::Absent(reason) | Found::Failed(reason) => {
                let reason = match is_own(survey, path) {
                    true => {
                        "it is of this repository's own module, of which only what is published can be had"
                    }
                    false => reason.as_str(),
                };
                lacking.push(format!("{package}\n      {reason}"));
            }
        }
    }
    let mut text = String::new();
    // Writing to a String does not fail.
    for ((module, version), packages) in &modules {
        let declared = match settings.modules.get(*module) {
            Some(declared) if declared == version => "declared".to_owned(),
            Some(declared) => {
                format!("declared as {declared}: another module requires the newer one")
            }
            None => "not declared".to_owned(),
        };
        let own = own(survey, module, version);
        let _ = writeln!(text, "{module} {version}, {declared}{own}");
        for package in packages {
            let _ = writeln!(text, "    {package}");
        }
    }
    if !lacking.is_empty() {
        let _ = writeln!(text, "cannot be had:");
        for package in lacking {
            let _ = writeln!(text, "    {package}");
        }
    }
    for module in survey.unused() {
        let _ = writeln!(text, "{module}, declared: no note imports anything of it");
    }
    let undeclared = survey.undeclared();
    if !undeclared.is_empty() {
        let _ = writeln!(
            text,
            "\nverify.toml lacks (`gosnip modules --write` writes it):\n\n[modules]"
        );
        for (module, version) in undeclared {
            let _ = writeln!(text, "\"{module}\" = \"{version}\"");
        }
    }
    if text.is_empty() {
        text.push_str("the notes import no third-party packages\n");
    }
    text
}

/// Whether a package is of the module that the repository itself is.
fn is_own(survey: &Survey, path: &str) -> bool {
    let rest = survey
        .own
        .as_ref()
        .and_then(|own| path.strip_prefix(own.path.as_str()));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What the repository's own go.mod has to do with a module.
fn own(survey: &Survey, module: &str, version: &str) -> String {
    let Some(own) = &survey.own else {
        return String::new();
    };
    let version_of_own = own.versions.get(module).is_some_and(|it| it == version);
    match own.replaced.get(module) {
        _ if own.path == module => {
            "; it is this repository's own: what is verified is the published version".to_owned()
        }
        Some(by) => {
            format!("; go.mod replaces it by {by}, which is not followed: this is the original")
        }
        None if version_of_own => ", the version of go.mod".to_owned(),
        None => String::new(),
    }
}

/// The first places, and how many more there are.
fn shown(places: &[String]) -> String {
    let first = places.iter().take(PLACES).cloned().collect::<Vec<_>>();
    match places.len().saturating_sub(PLACES) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// Write verify.toml and the lock; gives what was done, for a person.
fn write(settings: &Settings, survey: &Survey) -> Result<String, Error> {
    let lock_text = survey.lock()?;
    let path = match &settings.file {
        Some(path) => settings.current.join(path),
        None => settings.folder.join(FILE_NAME),
    };
    let mut done = String::new();
    let undeclared = survey.undeclared();
    if !undeclared.is_empty() {
        let declared = declare(&read(&path)?, &undeclared)
            .map_err(|error| anyhow::anyhow!("{path}: {error}"))?;
        replace_file(&path, &declared).map_err(anyhow::Error::from)?;
        let count = undeclared.len();
        let _ = writeln!(
            done,
            "wrote {count} of [modules] to {}",
            relative(settings, &path)
        );
    }
    let lock = modules::lock(settings);
    if read(&lock)? != lock_text {
        replace_file(&lock, &lock_text).map_err(anyhow::Error::from)?;
        let _ = writeln!(
            done,
            "wrote their checksums to {}",
            relative(settings, &lock)
        );
    }
    if done.is_empty() {
        done.push_str("nothing to write: all modules are declared and locked\n");
    }
    Ok(done)
}

fn relative<'a>(settings: &Settings, path: &'a Utf8Path) -> &'a Utf8Path {
    path.strip_prefix(&settings.current).unwrap_or(path)
}

/// The text of a file; of one that is not there, none.
fn read(path: &Utf8Path) -> anyhow::Result<String> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read.with_context(|| format!("can't read {path}")),
    }
}
