//! Notes → blocks → snippets → claims. Everything that needs no Go toolchain.

mod claims;
mod problems;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::build::{self, parallel};
use crate::claim::directive::{self, Directives};
use crate::claim::recipe::{Action, Recipe};
use crate::claim::{self, Claim, Confidence, Form, Kind};
use crate::expected::check::Reread;
use crate::expected::record;
use crate::note::{Block, Note, Origin, discover, read};
use crate::position::Position;
use crate::report::{Event, Finding, Listener, Severity, Shape};
use crate::settings::Settings;
use crate::snippet::{Context, Snippet};

use self::claims::Claims;
use self::problems::{directive_problems, lost_rules, note_problems, problem, unread};
use super::{PipelineError, folder};

/// All notes, as far as they can be understood without running anything.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The notes that could be read.
    pub notes: Vec<NoteRead>,
    /// How certain a claim must be to count.
    pub min_confidence: Confidence,
    /// Files and folders that could not be.
    pub problems: Vec<Finding>,
}

/// One note with its snippets and claims.
#[derive(Debug, Clone)]
pub struct NoteRead {
    /// The note.
    pub note: Note,
    /// One snippet for each block.
    pub snippets: Vec<Arc<Snippet>>,
    /// What each block declares.
    pub context: Context,
    /// What each block claims by itself, whatever the confidence.
    pub in_blocks: Vec<Vec<Claim>>,
    /// The claims that count, in order.
    pub claims: Claims,
    /// What directives say of each block.
    pub directives: Vec<Directives>,
    /// For each block, how long its programs may take.
    pub timeouts: Vec<Duration>,
    /// For each block, what Go's own words on its first line ask for.
    pub recipes: Vec<Option<Recipe>>,
    /// For each block, whether programs are to be made of it (`explain` asks for one only).
    pub wanted: Vec<bool>,
    /// Whether what its programs do is compared with `expected/`, or is to be recorded there.
    pub recorded: bool,
}

impl Reading {
    /// Make programs of this block (note, block) only.
    pub fn only(&mut self, (note, block): (usize, usize)) {
        for (at, read) in self.notes.iter_mut().enumerate() {
            for (number, wanted) in read.wanted.iter_mut().enumerate() {
                *wanted = (at, number) == (note, block);
            }
        }
    }
}

impl NoteRead {
    /// The name of the file that a block is compiled as: a Go file keeps its own.
    pub fn file_name(&self, block: usize) -> String {
        match (self.note.blocks[block].origin, self.note.path.file_name()) {
            (Origin::File, Some(name)) => name.to_owned(),
            _ => build::SOURCE_FILE.to_owned(),
        }
    }

    /// A finding at a place of the note.
    pub fn finding(
        &self,
        rule: &str,
        severity: Severity,
        at: Position,
        message: String,
    ) -> Finding {
        Finding {
            rule: rule.to_owned(),
            severity,
            note: self.note.path.to_string(),
            line: at.line,
            column: at.column,
            message,
            excerpt: self.note.lines.text(&self.note.text, at.line).to_owned(),
        }
    }

    /// All of it that a rewritten version is compared with.
    pub fn reread(&self) -> Reread {
        Reread::of(
            self.note.clone(),
            self.snippets.clone(),
            self.in_blocks.clone(),
        )
    }

    /// The claims about a block.
    pub fn claims_of(&self, block: usize) -> impl Iterator<Item = &Claim> {
        self.claims.of(block)
    }
}

/// Find and read the notes that `settings` name. If `cancelled` becomes true, those that were read until then.
pub fn read(
    settings: &Settings,
    listener: &dyn Listener,
    cancelled: &AtomicBool,
) -> Result<Reading, PipelineError> {
    let found = find(settings)?;
    listener.event(Event::Phase {
        name: "reading",
        steps: found.notes.len() as u64,
        expected: None,
    });
    let mut reading = Reading {
        min_confidence: settings.report.min_confidence,
        notes: Vec::new(),
        problems: found.problems,
    };
    let is_cancelled = || cancelled.load(Ordering::Relaxed);
    for (path, shown) in found.perhaps_tests {
        if is_cancelled() {
            break;
        }
        if let Ok(note) = read::read(&path, shown)
            && claim::recipe::of(&note.blocks[0]).is_some()
        {
            reading.notes.extend(understand(note, settings, cancelled));
        }
    }
    let mut notes = found.notes.into_iter();
    for (path, shown) in notes.by_ref() {
        let read = match is_cancelled() {
            true => None,
            false => Some(read::read(&path, shown.clone())),
        };
        match read {
            Some(Ok(note)) => {
                let of_note = note_problems(&note);
                let Some(read) = understand(note, settings, cancelled) else {
                    reading.problems.push(unread(&shown, notes.len()));
                    break;
                };
                reading.problems.extend(of_note);
                reading.problems.extend(directive_problems(&read));
                reading.problems.extend(lost_rules(&read, settings));
                reading.notes.push(read);
            }
            Some(Err(error)) => {
                reading
                    .problems
                    .push(problem(shown.as_str(), 1, error.to_string()))
            }
            None => {
                reading.problems.push(unread(&shown, notes.len()));
                break;
            }
        }
        listener.event(Event::Step);
    }
    folder::acquaint(&mut reading, settings, cancelled);
    if is_cancelled() {
        return Ok(reading);
    }
    if settings.changed.is_some() && reading.notes.iter().all(|read| read.note.blocks.is_empty()) {
        // That nothing changed, or only text, is what may be asked for.
        return Ok(reading);
    }
    let nothing = reading.notes.iter().all(|read| read.note.blocks.is_empty());
    if reading.notes.is_empty() || nothing && reading.problems.is_empty() {
        return Err(PipelineError::Nothing(nothing_found(
            settings,
            &reading,
            found.go_files,
        )));
    }
    Ok(reading)
}

/// The files of the notes that `settings` name; `None` if there are Go files among them, or none can be found.
pub(super) fn sources(settings: &Settings) -> Option<Vec<camino::Utf8PathBuf>> {
    let found = find(settings).ok()?;
    let is_go = |path: &camino::Utf8Path| path.extension() == Some("go");
    let files: Vec<_> = found.notes.into_iter().map(|(path, _)| path).collect();
    let whole = found.perhaps_tests.is_empty() && !files.iter().any(|path| is_go(path));
    (whole && !files.is_empty()).then_some(files)
}

fn nothing_found(settings: &Settings, reading: &Reading, go_files: usize) -> String {
    let places = match settings.paths.as_slice() {
        [] => settings.folder.to_string(),
        paths => paths
            .iter()
            .map(|path| path.as_str())
            .collect::<Vec<_>>()
            .join(", "),
    };
    match (reading.notes.len(), reading.problems.first()) {
        (0, Some(problem)) => format!("{}: {}", problem.note, problem.message),
        (0, None) if go_files > 0 => format!(
            "no notes (.md, .markdown, .mdx, .txt) were found in {places}, only {go_files} Go files; name them, or give `include` in verify.toml a pattern such as \"*.go\""
        ),
        (0, None) => format!(
            "no notes (.md, .markdown, .mdx, .txt) were found in {places}; give the path of a note or of a folder that holds some"
        ),
        (count, _) => format!("none of the {count} notes in {places} has a code block"),
    }
}

struct Found {
    /// Where each note lies, and how it is shown.
    notes: Vec<(camino::Utf8PathBuf, camino::Utf8PathBuf)>,
    /// Go files in folders that were typed. A repository's sources are no notes; a file is one if it says itself
    /// that it is a test.
    perhaps_tests: Vec<(camino::Utf8PathBuf, camino::Utf8PathBuf)>,
    /// How many Go files lie there, read or not.
    go_files: usize,
    problems: Vec<Finding>,
}

fn find(settings: &Settings) -> Result<Found, PipelineError> {
    let typed = !settings.paths.is_empty();
    let roots = if typed {
        settings
            .paths
            .iter()
            .map(|path| settings.current.join(path))
            .collect()
    } else {
        vec![settings.folder.clone()]
    };
    // `verify.toml`'s patterns are applied below: they mean what they mean in `.gitignore`.
    let rules = discover::Rules::default();
    let found = discover::discover(&roots, &rules)
        .map_err(|error| PipelineError::Usage(error.to_string()))?;
    let shown = |path: &camino::Utf8Path| {
        path.strip_prefix(&settings.current)
            .map_or_else(|_| relative(&settings.current, path), ToOwned::to_owned)
    };
    // What was typed is wanted, whatever the file includes by itself; a folder's notes can be excluded.
    let wanted = |path: &camino::Utf8Path, shown: &camino::Utf8Path| {
        roots.iter().any(|root| root == path)
            || if typed {
                !settings.excludes(shown)
            } else {
                settings.covers(shown)
            }
    };
    let notes = found.notes.iter().map(|path| (path.clone(), shown(path)));
    let go_files = found
        .go_files
        .iter()
        .map(|path| (path.clone(), shown(path)));
    let named = |shown: &camino::Utf8Path| settings.names_go_file(shown);
    Ok(Found {
        notes: notes
            .filter(|(path, shown)| wanted(path, shown) && settings.may_concern(shown))
            .chain(go_files.clone().filter(|(_, shown)| named(shown)))
            .collect(),
        perhaps_tests: go_files
            .filter(|(_, shown)| typed && !named(shown) && !settings.excludes(shown))
            .collect(),
        go_files: found.go_files.len(),
        problems: found
            .problems
            .iter()
            .map(|found| {
                problem(
                    shown(found.path.as_str().into()).as_str(),
                    1,
                    found.message.clone(),
                )
            })
            .collect(),
    })
}

/// `path` from `base`, with `..` where it lies beside it; absolute where nothing is shared.
fn relative(base: &camino::Utf8Path, path: &camino::Utf8Path) -> camino::Utf8PathBuf {
    let (base_parts, parts): (Vec<_>, Vec<_>) =
        (base.components().collect(), path.components().collect());
    let shared = base_parts
        .iter()
        .zip(&parts)
        .take_while(|(one, other)| one == other)
        .count();
    if shared < 2 {
        return path.to_owned();
    }
    let ups = std::iter::repeat_n("..", base_parts.len() - shared);
    let downs = parts[shared..].iter().map(|part| part.as_str());
    ups.chain(downs).collect()
}

/// A block's recipe; one that asks for what is not done here is declined.
fn recipe(block: &Block) -> Option<Recipe> {
    let mut recipe = claim::recipe::of(block)?;
    if let Action::ErrorCheck { flags, .. } | Action::Compile(flags) = &recipe.action
        && let Some(flag) = build::refused_flag(flags)
    {
        recipe.action = Action::Declined(format!(
            "its recipe gives the compiler `{flag}`, which gosnip does not pass on"
        ));
    }
    Some(recipe)
}

/// Read a note's blocks as Go; `None` if that was interrupted.
pub(super) fn snippets(
    note: &Note,
    settings: &Settings,
    cancelled: &AtomicBool,
) -> Option<(Vec<Arc<Snippet>>, Context)> {
    let blocks: Vec<_> = note.blocks.iter().enumerate().collect();
    let snippets = parallel::map(settings.run.jobs, &blocks, |(at, block)| {
        let goes_on = !cancelled.load(Ordering::Relaxed);
        goes_on.then(|| Arc::new(Snippet::read(*at, block)))
    });
    let snippets: Vec<Arc<Snippet>> = snippets.into_iter().collect::<Option<_>>()?;
    let context = Context::new(note, &snippets);
    Some((snippets, context))
}

/// Read a note's blocks as Go and find its claims; `None` if that was interrupted.
fn understand(note: Note, settings: &Settings, cancelled: &AtomicBool) -> Option<NoteRead> {
    let (snippets, context) = snippets(&note, settings, cancelled)?;
    let borrowed: Vec<Option<&Snippet>> = snippets.iter().map(|snippet| Some(&**snippet)).collect();
    let directives: Vec<Directives> = note
        .blocks
        .iter()
        .enumerate()
        .map(|(at, block)| directive::read(at, block))
        .collect();
    let in_blocks = parallel::map(settings.run.jobs, &snippets, |it| {
        let goes_on = !cancelled.load(Ordering::Relaxed);
        goes_on.then(|| claim::in_block(&note, it))
    });
    let in_blocks: Vec<Vec<Claim>> = in_blocks.into_iter().collect::<Option<_>>()?;
    let mut claims = claim::find(&note, &borrowed, &in_blocks);
    claims.extend(
        directives
            .iter()
            .flat_map(|directives| directives.claims.clone()),
    );
    let rule = |block: &Block| settings.block(&note.path, &block.id, block.line..=block.end_line);
    for (number, block) in note.blocks.iter().enumerate() {
        claims.extend(
            rule(block)
                .into_iter()
                .flat_map(|rule| directive::of_rule(number, block, rule)),
        );
    }
    for claim in &mut claims {
        let block = &note.blocks[claim.block];
        let by_rule = rule(block).and_then(|rule| rule.go);
        claim.versions = claim
            .versions
            .or(directives[claim.block].go)
            .or(by_rule)
            .or(settings.note(&note.path).go);
    }
    // Weak ones may still turn out to be exactly what Go does; see `judging`.
    claims.retain(|claim| {
        claim.confidence >= settings.report.min_confidence
            || claim.confidence == Confidence::Weak
                && (matches!(claim.form, Form::Prose | Form::OwnLineComment)
                    || matches!(
                        claim.kind,
                        Kind::Stdout
                            | Kind::Value
                            | Kind::Type
                            | Kind::Blocks
                            | Kind::CompileError
                            | Kind::Panic
                    ))
    });
    let of_note = settings.note(&note.path).timeout;
    let timeouts = note.blocks.iter().map(|block| {
        let of_block = rule(block).and_then(|rule| rule.timeout);
        of_block.or(of_note).unwrap_or(settings.run.timeout)
    });
    let timeouts = timeouts.collect();
    let recipes: Vec<Option<Recipe>> = note.blocks.iter().map(recipe).collect();
    let wanted = snippets
        .iter()
        .map(|snippet| snippet.shape != Shape::NotGo)
        .collect();
    let name = settings.in_folder(&note.path);
    let recorded = record::file(&settings.folder, &name).is_some()
        && settings.folder.join(record::FOLDER).is_dir();
    let mut read = NoteRead {
        recorded,
        note,
        snippets,
        context,
        in_blocks,
        claims: claims.into(),
        directives,
        timeouts,
        recipes,
        wanted,
    };
    // What Go's own source says is not about what the note's reader would run.
    let context = &read.context;
    // What is asked for in Go's own words is.
    read.claims
        .retain(|claim| claim.form == Form::Expectation || !context.is_quote(claim.block));
    for block in 0..read.wanted.len() {
        let declined = matches!(
            read.recipes[block].as_ref().map(|recipe| &recipe.action),
            Some(Action::Declined(_))
        );
        read.wanted[block] &= !declined && super::plan::skipped(settings, &read, block).is_none();
    }
    Some(read)
}
