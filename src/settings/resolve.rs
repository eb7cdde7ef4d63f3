//! From what was typed to what it means.

use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::file::{FILE_NAME, File};
use super::{
    CacheSettings, ColorMode, Failure, GoChoice, GoSettings, Output, ReportSettings, RunSettings,
    Settings, SettingsError, Verbosity, cache, normal, output,
};
use crate::claim::Confidence;
use crate::cli::flags::Flags;

/// How long a program may take if nothing else is said.
const TIMEOUT: Duration = Duration::from_secs(10);

impl Settings {
    /// The settings of this process: its flags, current folder and environment, and the
    /// `verify.toml` it finds.
    pub fn from_process(flags: &Flags, paths: &[Utf8PathBuf]) -> Result<Self, SettingsError> {
        let current = std::env::current_dir()
            .map_err(|error| SettingsError::Current(error.to_string()))
            .and_then(|folder| {
                Utf8PathBuf::from_path_buf(folder)
                    .map_err(|folder| SettingsError::Current(format!("{folder:?} is not UTF-8")))
            })?;
        let found = flags.config.clone().or_else(|| find(&current));
        let (path, file) = match found {
            Some(path) => (Some(path.clone()), read(&current, &path)?),
            None => (None, File::default()),
        };
        let cache = cache::folder(std::env::consts::OS, |name| std::env::var(name).ok());
        let mut settings = Self::resolve(flags, paths, file, path, &current)?;
        settings.cache.folder = cache.map(|folder| current.join(folder));
        Ok(settings)
    }

    /// What `flags` and `file` (read from `path`) mean together: a flag goes before a key.
    pub fn resolve(
        flags: &Flags,
        paths: &[Utf8PathBuf],
        file: File,
        path: Option<Utf8PathBuf>,
        current: &Utf8Path,
    ) -> Result<Self, SettingsError> {
        let folder = match path.as_deref().and_then(Utf8Path::parent) {
            Some(parent) => normal(&current.join(parent)),
            None => current.to_owned(),
        };
        let go = go(flags, &file, &folder, current);
        let run = run(flags, &file);
        let report = report(flags, &file, current)?;
        Ok(Self {
            current: current.to_owned(),
            folder,
            file: path,
            paths: paths.to_vec(),
            changed: None,
            include: file.include,
            exclude: file.exclude,
            go,
            run,
            report,
            cache: CacheSettings {
                folder: None,
                results: !flags.no_cache,
            },
            modules: file.modules,
            note_rules: file.note,
            block_rules: file.block,
        })
    }
}

/// The nearest `verify.toml` from `current` upwards, not beyond the root of a git repository.
fn find(current: &Utf8Path) -> Option<Utf8PathBuf> {
    for folder in current.ancestors() {
        let file = folder.join(FILE_NAME);
        if file.is_file() {
            return Some(file);
        }
        // In a worktree or a submodule, `.git` is a file.
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

/// Read the file at `path`; errors name it relative to `current` if it lies below.
fn read(current: &Utf8Path, path: &Utf8Path) -> Result<File, SettingsError> {
    let shown = path.strip_prefix(current).unwrap_or(path).to_owned();
    match crate::bounded::text(path) {
        Ok(text) => File::parse(&shown, &text),
        Err(error) => Err(SettingsError::Unreadable { path: shown, error }),
    }
}

fn go(flags: &Flags, file: &File, folder: &Utf8Path, current: &Utf8Path) -> GoSettings {
    let from = |choice: &GoChoice, base: &Utf8Path| match choice {
        GoChoice::Path(path) => GoChoice::Path(normal(&base.join(path))),
        version => version.clone(),
    };
    let typed: Vec<GoChoice> = flags.go.iter().map(|it| from(it, current)).collect();
    let (version, versions) = match typed.as_slice() {
        [] => (
            file.go.version.as_ref().map(|choice| from(choice, folder)),
            file.go.versions.iter().map(|it| from(it, folder)).collect(),
        ),
        // What is typed is all that is wanted.
        [one] => (Some(one.clone()), Vec::new()),
        _ => (None, typed),
    };
    GoSettings {
        version,
        versions,
        download: !flags.no_download && file.go.download.unwrap_or(true),
    }
}

fn run(flags: &Flags, file: &File) -> RunSettings {
    let file = &file.run;
    let jobs = flags.jobs.or(file.jobs.and_then(NonZeroUsize::new));
    RunSettings {
        timeout: flags.timeout.or(file.timeout).unwrap_or(TIMEOUT),
        jobs: jobs.unwrap_or_else(|| available_parallelism().unwrap_or(NonZeroUsize::MIN)),
        sandbox: flags.sandbox.or(file.sandbox).unwrap_or_default(),
        race: flags.race || file.race.unwrap_or(false),
        memory: file.memory,
    }
}

fn report(flags: &Flags, file: &File, current: &Utf8Path) -> Result<ReportSettings, SettingsError> {
    let mut outputs = flags.report.clone();
    if outputs.is_empty() {
        outputs.push(Output::default());
    }
    output::check(&outputs, current).map_err(SettingsError::Outputs)?;
    let fail_on = if flags.fail_on.is_empty() {
        file.report.fail_on.clone()
    } else {
        Some(flags.fail_on.iter().copied().collect())
    };
    Ok(ReportSettings {
        outputs,
        min_confidence: flags
            .min_confidence
            .or(file.report.min_confidence)
            .unwrap_or(Confidence::Likely),
        fail_on: fail_on.unwrap_or_else(Failure::default_set),
        color: flags.color.unwrap_or(ColorMode::Auto),
        verbosity: match (flags.quiet, flags.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        },
        coverage: flags.coverage,
    })
}
