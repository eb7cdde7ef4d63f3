//! `gosnip review`: one change at a time, decided by a key and Enter, so that it works everywhere.

use std::io::{self, BufRead, Write};
use std::process::Command;

use anyhow::Context as _;
use camino::Utf8PathBuf;
use clap::Args;

use super::flags::Flags;
use super::{Error, bless};
use crate::exit::ExitCode;
use crate::expected::edit::{self, Edit};
use crate::expected::rejected::{Rejected, Rejection};
use crate::expected::rewrite::Stale;
use crate::expected::write;
use crate::note::Note;
use crate::pipeline::blessing::{Blessing, Change, NoteChanges};
use crate::report::{Verdict, text};
use crate::settings::Settings;

const RED: anstyle::Style = anstyle::AnsiColor::Red.on_default();
const GREEN: anstyle::Style = anstyle::AnsiColor::Green.on_default();
const BOLD: anstyle::Style = anstyle::Style::new().bold();

/// What the answers do.
const HELP: &str = "a  write it\nr  leave it, and never propose it again\ne  change it in $EDITOR, and write that\n\
                    s  leave it for now\nf  write it and the rest of this note\nq  stop here; what was accepted is written";

/// What `review` takes.
#[derive(Debug, Clone, Args)]
pub struct ReviewArgs {
    /// Notes and folders [default: what verify.toml includes, else the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<Utf8PathBuf>,

    /// Write also where CI=true
    #[arg(long)]
    pub force: bool,

    /// What is done with claims that were true under an older Go
    #[arg(long, value_enum, default_value = "replace", value_name = "HOW")]
    pub stale: Stale,
}

/// What was decided about a change.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    Accept,
    /// Accept it in other words.
    Edited(Box<Change>),
    Reject,
    Skip,
    File,
    Quit,
}

/// Go through the changes.
pub fn run(arguments: &ReviewArgs, flags: &Flags) -> Result<ExitCode, Error> {
    bless::refuse_in_ci(arguments.force, "review")?;
    let settings = super::settings(flags, &arguments.paths)?;
    let Some(blessing) = bless::examine(&settings, arguments.stale)? else {
        return Ok(ExitCode::Interrupted);
    };
    bless::warn_of_dirty_tree(&settings, &blessing);
    let mut review = Review {
        total: blessing.notes.iter().map(|note| note.changes.len()).sum(),
        blessing: &blessing,
        settings: &settings,
        input: io::stdin().lock(),
        output: anstream::stdout().lock(),
        done: 0,
        accepted: 0,
        rejected: 0,
    };
    for note in &blessing.notes {
        if !review.note(note)? {
            break;
        }
    }
    let (accepted, rejected, left) = (review.accepted, review.rejected, review.total - review.done);
    writeln!(
        review.output,
        "{accepted} accepted, {rejected} rejected, {left} not looked at"
    )
    .map_err(anyhow::Error::from)?;
    bless::list_unwritten(&blessing);
    Ok(ExitCode::Success)
}

struct Review<'a, I, O> {
    blessing: &'a Blessing,
    settings: &'a Settings,
    input: I,
    output: O,
    /// How many changes there are.
    total: usize,
    /// How many were looked at.
    done: usize,
    accepted: usize,
    rejected: usize,
}

impl<I: BufRead, O: Write> Review<'_, I, O> {
    /// Go through a note's changes and write each one that is accepted at once; whether to go on.
    fn note(&mut self, note: &NoteChanges) -> Result<bool, Error> {
        let mut accepted: Vec<Change> = Vec::new();
        let mut written = self.blessing.reading.notes[note.note].note.clone();
        let mut all = false;
        for change in &note.changes {
            self.done += 1;
            let answer = match all {
                true => Answer::Accept,
                false => self.ask(note, change, &accepted)?,
            };
            all |= answer == Answer::File;
            match answer {
                Answer::Accept | Answer::File => accepted.push(change.clone()),
                Answer::Edited(change) => accepted.push(*change),
                Answer::Reject => {
                    self.rejected += 1;
                    self.remember(note, change)?;
                    continue;
                }
                Answer::Skip => continue,
                Answer::Quit => {
                    self.done -= 1;
                    return Ok(false);
                }
            }
            self.write(note, &accepted, &mut written)?;
            self.accepted += 1;
        }
        Ok(true)
    }

    /// Write the note with what was accepted so far, so that nothing is lost should the rest be interrupted.
    fn write(
        &self,
        note: &NoteChanges,
        accepted: &[Change],
        written: &mut Note,
    ) -> Result<(), Error> {
        let text = self.blessing.text_with(note.note, accepted);
        let text = text.context("two changes overlap: a mistake in gosnip")?;
        if text != written.text {
            write::replace_note(&note.file, written, &text).map_err(anyhow::Error::from)?;
            written.text = text;
        }
        Ok(())
    }

    /// Show a change and read an answer; the end of the input means to quit.
    fn ask(
        &mut self,
        note: &NoteChanges,
        change: &Change,
        accepted: &[Change],
    ) -> Result<Answer, Error> {
        self.show(note, change).map_err(anyhow::Error::from)?;
        loop {
            write!(
                self.output,
                "[a]ccept [r]eject [e]dit [s]kip, rest of this [f]ile, [q]uit? "
            )
            .and_then(|()| self.output.flush())
            .map_err(anyhow::Error::from)?;
            let mut line = String::new();
            let read = self
                .input
                .read_line(&mut line)
                .map_err(anyhow::Error::from)?;
            let answer = match line.trim().to_lowercase().as_str() {
                "a" | "accept" | "y" => Answer::Accept,
                "r" | "reject" | "n" => Answer::Reject,
                "e" | "edit" => match self.edit(note, change, accepted) {
                    Ok(change) => Answer::Edited(Box::new(change)),
                    Err(error) => {
                        bless::notice(&format!("{error:#}"));
                        continue;
                    }
                },
                "s" | "skip" => Answer::Skip,
                "f" | "file" => Answer::File,
                "q" | "quit" => Answer::Quit,
                _ if read == 0 => Answer::Quit,
                _ => {
                    writeln!(self.output, "{HELP}").map_err(anyhow::Error::from)?;
                    continue;
                }
            };
            return Ok(answer);
        }
    }

    /// The change as its user writes it, beside what was accepted before.
    fn edit(
        &self,
        note: &NoteChanges,
        change: &Change,
        accepted: &[Change],
    ) -> anyhow::Result<Change> {
        let change = edited(self.blessing, note, change)?;
        let all = accepted.iter().chain([&change]);
        anyhow::ensure!(
            self.blessing.text_with(note.note, all).is_some(),
            "this changes what was accepted before; run `gosnip review` again for it"
        );
        Ok(change)
    }

    /// The place, the difference with the lines around it, and why.
    fn show(&mut self, note: &NoteChanges, change: &Change) -> io::Result<()> {
        let read = &self.blessing.reading.notes[note.note].note;
        let new = edit::apply(&read.text, &change.edits).unwrap_or_default();
        writeln!(
            self.output,
            "\n{BOLD}{}:{}{BOLD:#} ({} of {})",
            read.path, change.line, self.done, self.total
        )?;
        let diff = similar::TextDiff::from_lines(&read.text, &new);
        for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
            for line in hunk.iter_changes() {
                let shown = text::line(line.value().trim_end_matches(['\r', '\n']));
                match line.tag() {
                    similar::ChangeTag::Delete => writeln!(self.output, "{RED}-{shown}{RED:#}")?,
                    similar::ChangeTag::Insert => {
                        writeln!(self.output, "{GREEN}+{shown}{GREEN:#}")?
                    }
                    similar::ChangeTag::Equal => writeln!(self.output, " {shown}")?,
                }
            }
        }
        let verdict = match change.verdict {
            Verdict::Stale if !change.because.is_empty() => {
                format!("no longer true: {}", change.because)
            }
            Verdict::Stale => "no longer true".to_owned(),
            _ => "not true".to_owned(),
        };
        let observed = text::line(&text::shorten(&change.observed, 100)).into_owned();
        writeln!(
            self.output,
            "{verdict}; Go {}: `{observed}`",
            self.blessing.language
        )
    }

    /// Remember at once: what was rejected stays so if the rest is interrupted.
    fn remember(&self, note: &NoteChanges, change: &Change) -> Result<(), Error> {
        let path = Rejected::file(&self.settings.folder);
        let mut rejected = Rejected::load(&path)?;
        let note = &self.blessing.reading.notes[note.note].note.path;
        let name = self.settings.in_folder(note);
        rejected
            .changes
            .push(Rejection::new(name.as_str(), &change.text, &change.edits));
        rejected.changes.sort();
        rejected.changes.dedup();
        let rendered = rejected.render().map_err(anyhow::Error::from)?;
        write::replace_file(&path, &rendered).map_err(anyhow::Error::from)?;
        Ok(())
    }
}

/// The change as it comes back from the user's editor, which is given the lines it is about.
fn edited(blessing: &Blessing, note: &NoteChanges, change: &Change) -> anyhow::Result<Change> {
    let source = &blessing.reading.notes[note.note].note.text;
    let start = change
        .edits
        .iter()
        .map(|edit| edit.range.start)
        .min()
        .unwrap_or_default();
    let end = change
        .edits
        .iter()
        .map(|edit| edit.range.end)
        .max()
        .unwrap_or_default();
    let start = source[..start].rfind('\n').map_or(0, |at| at + 1);
    let end = source[end..]
        .find('\n')
        .map_or(source.len(), |at| end + at + 1);
    let whole =
        edit::apply(source, &change.edits).context("two edits overlap: a mistake in gosnip")?;
    let lines = &whole[start..whole.len() - (source.len() - end)];
    let file = tempfile::Builder::new()
        .prefix("gosnip-")
        .suffix(".md")
        .tempfile()
        .context("no temporary file")?;
    std::fs::write(file.path(), lines).context("the temporary file cannot be written")?;
    let editor = ["VISUAL", "EDITOR"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|it| !it.is_empty()));
    let editor = editor.unwrap_or_else(|| "vi".to_owned());
    // `EDITOR` may hold arguments, as in `code --wait`; the shell takes them apart as git does.
    let status = Command::new("sh")
        .args(["-c", &format!("{editor} \"$1\""), "sh"])
        .arg(file.path())
        .status()
        .with_context(|| format!("the editor `{editor}` cannot be started"))?;
    anyhow::ensure!(
        status.success(),
        "the editor `{editor}` failed; set EDITOR to another"
    );
    let text =
        std::fs::read_to_string(file.path()).context("what the editor wrote cannot be read")?;
    Ok(Change {
        edits: Edit::minimal(source, start..end, &text)
            .into_iter()
            .collect(),
        ..change.clone()
    })
}
