//! `gosnip bless`: rewrite what is wrong, and record what is expected.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Command;

use anyhow::Context as _;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::flags::Flags;
use super::{Error, interrupt};
use crate::exit::ExitCode;
use crate::expected::record;
use crate::expected::rewrite::Stale;
use crate::expected::write;
use crate::pipeline::blessing::{self, Blessing, NoteChanges};
use crate::pipeline::drifting::{self, RecordChange};
use crate::pipeline::extracting;
use crate::report::{Silent, progress::Progress, text};
use crate::settings::{Settings, Verbosity};

/// What `bless` takes.
#[derive(Debug, Clone, Args)]
pub struct BlessArgs {
    /// Notes and folders [default: what verify.toml includes, else the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<Utf8PathBuf>,

    /// Write nothing, and print what would change as a unified diff
    #[arg(short = 'n', long)]
    pub dry_run: bool,

    /// Rewrite the notes only
    #[arg(long, conflicts_with = "expected_only")]
    pub notes_only: bool,

    /// Record expected/ only
    #[arg(long)]
    pub expected_only: bool,

    /// Write also where CI=true
    #[arg(long)]
    pub force: bool,

    /// What is done with claims that were true under an older Go
    #[arg(long, value_enum, default_value = "replace", value_name = "HOW")]
    pub stale: Stale,
}

/// Bless the notes.
pub fn run(arguments: &BlessArgs, flags: &Flags) -> Result<ExitCode, Error> {
    refuse_in_ci(arguments.force || arguments.dry_run, "bless")?;
    let settings = super::settings(flags, &arguments.paths)?;
    let Some(blessing) = examine(&settings, arguments.stale)? else {
        return Ok(ExitCode::Interrupted);
    };
    let mut said = String::new();
    let mut failed = None;
    if !arguments.dry_run {
        warn_of_dirty_tree(&settings, &blessing);
    }
    if !arguments.expected_only {
        for note in &blessing.notes {
            if arguments.dry_run {
                said.push_str(&diff(&blessing, note));
            } else if let Err(error) = write_note(&blessing, note, &note.changes) {
                failed = Some(error.to_string());
                notice(&error.to_string());
            } else {
                let _ = write!(said, "{}", rewritten(&blessing, note));
            }
        }
    }
    let asked = arguments.dry_run || settings.report.verbosity != Verbosity::Quiet;
    if !arguments.notes_only {
        for change in drifting::records(
            &settings,
            &blessing.reading,
            &blessing.work,
            &blessing.language,
        )? {
            let name = settings.in_folder(&change.path);
            if arguments.dry_run {
                let (before, after) = (change.before.as_deref(), change.after.as_deref());
                said.push_str(&unified(
                    name.as_str(),
                    before.unwrap_or_default(),
                    after.unwrap_or_default(),
                ));
            } else {
                record(&change)?;
                let _ = writeln!(said, "recorded {name}");
            }
        }
    }
    if !arguments.notes_only {
        say_what_is_outside(&settings, &blessing);
    }
    if !arguments.notes_only && !arguments.dry_run {
        refresh_snippets(&settings, &mut said)?;
    }
    if !said.is_empty() && asked {
        crate::report::deliver::to_stdout(&said).map_err(anyhow::Error::from)?;
    }
    if !arguments.expected_only {
        list_unwritten(&blessing);
    }
    match failed {
        Some(_) => Ok(ExitCode::Failed),
        None => Ok(ExitCode::Success),
    }
}

/// Records lie below the folder of `verify.toml`, under the notes' paths: notes elsewhere have none.
fn say_what_is_outside(settings: &Settings, blessing: &Blessing) {
    let outside: Vec<&str> = blessing
        .reading
        .notes
        .iter()
        .map(|read| read.note.path.as_path())
        .filter(|path| record::file(&settings.folder, &settings.in_folder(path)).is_none())
        .map(Utf8Path::as_str)
        .collect();
    if let Some(first) = outside.first() {
        notice(&format!(
            "nothing is recorded of {} outside {} ({first}…): run gosnip in a folder above, or put a verify.toml there",
            text::count(outside.len() as u32, "note"),
            settings.folder
        ));
    }
}

/// Whether this runs in CI, as all CI services say.
pub fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

/// CI checks; it does not correct, unless it is told to.
pub fn refuse_in_ci(forced: bool, command: &str) -> Result<(), Error> {
    if is_ci() && !forced {
        return Err(Error::Usage(format!(
            "CI is set, and CI checks notes rather than write to them; run `gosnip {command}` on your machine, or add --force"
        )));
    }
    Ok(())
}

/// Find out what is wrong, with progress shown. `None` if interrupted.
pub fn examine(settings: &Settings, stale: Stale) -> Result<Option<Blessing>, Error> {
    let cancelled = interrupt::flag()?;
    let progress = Progress::new(settings.report.verbosity);
    let blessing = blessing::bless(settings, stale, &progress, &cancelled);
    progress.finish();
    let blessing = blessing?;
    if blessing.is_none() {
        notice("interrupted: nothing was written");
    }
    Ok(blessing)
}

/// Say something on stderr.
pub fn notice(message: &str) {
    // Without a working stderr there is nobody to tell.
    let _ = writeln!(anstream::stderr(), "gosnip: {}", text::lines(message));
}

/// Make these changes in a note's file.
pub fn write_note<'a>(
    blessing: &Blessing,
    note: &NoteChanges,
    changes: impl IntoIterator<Item = &'a blessing::Change>,
) -> Result<(), Error> {
    let read = &blessing.reading.notes[note.note].note;
    let text = blessing.text_with(note.note, changes).ok_or_else(|| {
        anyhow::anyhow!("{}: two changes overlap: a mistake in gosnip", read.path)
    })?;
    if text == read.text {
        return Ok(());
    }
    write::replace_note(&note.file, read, &text).map_err(anyhow::Error::from)?;
    Ok(())
}

/// The unified diff of all changes of a note, as `git apply` and `patch -p1` take it.
fn diff(blessing: &Blessing, note: &NoteChanges) -> String {
    let read = &blessing.reading.notes[note.note].note;
    match blessing.text_with(note.note, &note.changes) {
        Some(text) if text != read.text => unified(read.path.as_str(), &read.text, &text),
        _ => String::new(),
    }
}

fn unified(path: &str, old: &str, new: &str) -> String {
    similar::TextDiff::from_lines(old, new)
        .unified_diff()
        .header(&format!("a/{path}"), &format!("b/{path}"))
        .to_string()
}

/// Extract the programs again, if the repository keeps them.
fn refresh_snippets(settings: &Settings, said: &mut String) -> Result<(), Error> {
    let folder = settings.folder.join(extracting::FOLDER);
    if !folder.is_dir() || settings.current != settings.folder {
        return Ok(());
    }
    let cancelled = interrupt::flag()?;
    let written = crate::pipeline::extract(settings, &folder, &Silent, &cancelled)?;
    let _ = writeln!(said, "extracted {} programs", written.files.len());
    // What was not finished may be missing among the files.
    if !settings.paths.is_empty() || interrupt::has_come() {
        return Ok(());
    }
    let mut present = Vec::new();
    drifting::files(&folder, &mut present);
    for path in present {
        if path.extension() == Some("go") && !written.files.contains(&path) {
            std::fs::remove_file(&path).with_context(|| format!("{path} cannot be deleted"))?;
        }
    }
    Ok(())
}

fn record(change: &RecordChange) -> Result<(), Error> {
    match &change.after {
        Some(text) => write::replace_file(&change.path, text).map_err(anyhow::Error::from)?,
        None => std::fs::remove_file(&change.path)
            .with_context(|| format!("{} cannot be deleted", change.path))?,
    }
    Ok(())
}

fn rewritten(blessing: &Blessing, note: &NoteChanges) -> String {
    let path = &blessing.reading.notes[note.note].note.path;
    let mut said = String::new();
    for change in &note.changes {
        // Writing to a String does not fail.
        let _ = writeln!(
            said,
            "rewrote {path}:{}: {}",
            change.line,
            text::line(&change.text)
        );
    }
    said
}

/// What is wrong and was not rewritten, with what should change.
pub fn list_unwritten(blessing: &Blessing) {
    for note in &blessing.notes {
        let path = &blessing.reading.notes[note.note].note.path;
        for unwritten in &note.unwritten {
            notice(&format!(
                "not rewritten: {path}:{}: `{}`: {}; Go: `{}`",
                unwritten.line,
                text::line(&text::shorten(&unwritten.text, 80)),
                unwritten.reason,
                text::line(&text::shorten(&unwritten.observed, 80)),
            ));
        }
    }
}

/// What git does not know yet can't be brought back after a rewrite.
pub fn warn_of_dirty_tree(settings: &Settings, blessing: &Blessing) {
    let files = blessing
        .notes
        .iter()
        .filter(|note| !note.changes.is_empty())
        .map(|note| &note.file);
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(&settings.folder)
        .args(["status", "--porcelain", "--"])
        .args(files);
    let dirty = command
        .output()
        .is_ok_and(|output| output.status.success() && !output.stdout.is_empty());
    let any = blessing.notes.iter().any(|note| !note.changes.is_empty());
    if dirty && any {
        notice(
            "some of these notes have changes that are not committed: look at the whole `git diff` before you commit",
        );
    }
}
