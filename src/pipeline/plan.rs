//! Which programs a block gives: the plain ones, and those its claims need.

mod probing;
mod switching;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::build::Task;
use crate::claim::recipe::Action;
use crate::claim::{Claim, Confidence, Form, Kind, Subject, race};
use crate::note::Origin;
use crate::program::Role;
use crate::settings::Settings;
use crate::snippet::{Draft, Snippet, Source, calling, needs, testing};

use super::reading::{NoteRead, Reading};
use super::settled::Settled;

pub use probing::apart;
use probing::{beyond, probed, valued};
use switching::{as_written, base, lists_errors, what_ifs};

/// A draft with its place and part.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Index of the note.
    pub note: usize,
    /// `note:line` of the block, to be shown.
    pub place: String,
    /// The part the program plays.
    pub role: Role,
    /// What it consists of.
    pub draft: Draft,
    /// Whether the escape report is needed.
    pub escapes: bool,
    /// Whether it matters to anybody that it does the same each time: to a claim, or to `expected/`.
    pub asked: bool,
    /// How long the program may take.
    pub timeout: Duration,
    /// What is to be done with it.
    pub task: Task,
}

impl Planned {
    /// The text that is compiled: a check sees even that the last line has no line break.
    pub fn text(&self, source: &Source) -> String {
        match &self.task {
            Task::Check { unbroken: true, .. } => source.text.trim_end_matches('\n').to_owned(),
            _ => source.text.clone(),
        }
    }
}

/// The plain programs of all blocks.
pub fn plain(reading: &Reading) -> Vec<Planned> {
    let mut planned = Vec::new();
    for (note, read) in reading.notes.iter().enumerate() {
        for (block, snippet) in read.snippets.iter().enumerate() {
            if !read.wanted[block] {
                continue;
            }
            if let Some(flags) = checked(read, block) {
                planned.push(Planned {
                    note,
                    place: place(read, block),
                    role: Role::Checked,
                    draft: as_it_stands(snippet, read),
                    escapes: false,
                    task: Task::Check {
                        flags,
                        file: read.file_name(block),
                        unbroken: read.note.blocks[block].origin == Origin::File
                            && !read.note.text.ends_with('\n'),
                    },
                    asked: true,
                    timeout: read.timeouts[block],
                });
                continue;
            }
            let base = base(snippet, read);
            let drafts = match read.context.main_of(snippet) {
                Some(main) => Draft::of_with_main(&base, &main),
                None => Draft::of(&base),
            };
            let drafts = drafts.into_iter().flat_map(|draft| {
                draft.called_with(|draft, function| {
                    calling::arguments(draft, function, &read.note, &read.snippets)
                })
            });
            let mut drafts: Vec<Draft> = drafts.collect();
            if let [only] = drafts.as_mut_slice() {
                only.verbatim =
                    read.note.blocks[block].origin == Origin::File && only.is_complete();
            }
            let claimed = read.claims_of(block).next().is_some();
            for draft in &mut drafts {
                draft.needs = needs::of(draft);
                draft.declined = draft.needs.is_some() && !claimed;
                draft.yields = read.claims_of(block).any(speaks_of_runs);
            }
            planned.extend(drafts.into_iter().map(|draft| Planned {
                note,
                place: place(read, block),
                role: Role::Plain,
                draft,
                escapes: read.claims_of(block).any(is_storage),
                asked: read.recorded || read.claims_of(block).any(speaks_of_runs),
                timeout: read.timeouts[block],
                task: Task::Object,
            }));
        }
    }
    planned
}

/// The flags with which a block's recipe has it compiled, if it has one that does.
fn checked(read: &NoteRead, block: usize) -> Option<Vec<String>> {
    match &read.recipes[block].as_ref()?.action {
        Action::ErrorCheck { flags, .. } | Action::Compile(flags) => Some(flags.clone()),
        Action::Run | Action::Declined(_) => None,
    }
}

/// The code of a block with nothing changed, whatever is wrong with it.
fn as_it_stands(snippet: &Snippet, read: &NoteRead) -> Draft {
    let snippet = Arc::new(snippet.variant(&read.note.blocks[snippet.block].code.text));
    Draft {
        verbatim: true,
        ..Draft::of(&snippet).swap_remove(0)
    }
}

fn place(read: &NoteRead, block: usize) -> String {
    format!("{}:{}", read.note.path, read.note.blocks[block].line)
}

/// Why the note (or `verify.toml`) says not to touch a block.
pub fn skipped(settings: &Settings, read: &NoteRead, block: usize) -> Option<String> {
    let found = &read.note.blocks[block];
    if let Some(reason) = settings.note(&read.note.path).skip {
        return Some(reason);
    }
    if let Some(rule) = settings.block(&read.note.path, &found.id, found.line..=found.end_line)
        && let Some(reason) = &rule.skip
    {
        return Some(reason.clone());
    }
    read.directives[block].skip.clone()
}

/// Whether programs are made for a claim. Behind a line even a guess that it does not compile needs them: if it is right,
/// nothing else of the block compiles with that line.
fn counts(claim: &Claim) -> bool {
    claim.confidence > Confidence::Weak
        || claim.kind == Kind::CompileError && claim.form == Form::TrailingComment
}

fn is_storage(claim: &Claim) -> bool {
    matches!(
        claim.kind,
        Kind::Escape | Kind::NoEscape | Kind::Heap | Kind::Stack
    )
}

/// Whether runs decide the claim, rather than the compiler alone.
fn speaks_of_runs(claim: &Claim) -> bool {
    !is_storage(claim) && claim.kind != Kind::CompileError
}

fn line(claim: &Claim) -> Option<usize> {
    match claim.subject {
        Subject::Line(line) => Some(line),
        _ => None,
    }
}

/// Whether the program ends (or stays) at the line, as the claim has it.
fn ends_there(claim: &Claim) -> bool {
    matches!(
        claim.kind,
        Kind::Panic | Kind::Fatal | Kind::Deadlock | Kind::Blocks
    ) && !claim.negated
        && !claim.hedged
        && counts(claim)
}

/// The programs that claims need beside the plain ones; with `race`, also those that the race detector is
/// to watch without a claim.
pub fn derived(reading: &Reading, plain: &[Settled], race: bool) -> Vec<Planned> {
    let mut planned = Vec::new();
    for (note, read) in reading.notes.iter().enumerate() {
        for (block, snippet) in read.snippets.iter().enumerate() {
            let claims: Vec<&Claim> = read.claims_of(block).collect();
            let watched = race || claims.iter().any(|claim| is_of_race(claim));
            let nothing = claims.is_empty() && !watched || checked(read, block).is_some();
            if !read.wanted[block] || nothing {
                continue;
            }
            let settled: Vec<&Settled> = plain
                .iter()
                .filter(|settled| settled.planned.note == note && settled.block() == block)
                .collect();
            if settled.is_empty() {
                continue;
            }
            let mut add = |role: Role, draft: Draft| {
                planned.push(Planned {
                    note,
                    place: place(read, block),
                    role,
                    draft,
                    escapes: false,
                    asked: true,
                    timeout: read.timeouts[block],
                    task: if role == Role::Vetted {
                        Task::Vet
                    } else {
                        Task::Object
                    },
                });
            };
            if claims.iter().any(|claim| claim.kind == Kind::Vet) {
                for settled in settled.iter().filter(|settled| settled.compiles()) {
                    add(Role::Vetted, settled.planned.draft.clone());
                }
            }
            if watched {
                for draft in raced(&settled) {
                    add(Role::Raced, draft);
                }
            }
            if claims.iter().any(|claim| claim.stream.is_some()) {
                for settled in settled.iter().filter(|settled| settled.is_runnable()) {
                    add(Role::Apart, settled.planned.draft.clone());
                }
            }
            for (role, draft) in as_written(snippet, read, &claims) {
                add(role, draft);
            }
            if claims.iter().any(|claim| claim.subject == Subject::Tests) {
                for draft in tested(snippet, read, false) {
                    add(Role::Tested, draft);
                }
            }
            if claims.iter().any(|claim| lists_errors(claim)) {
                // What the compiler says then may be about the tests that were shown before.
                for draft in tested(snippet, read, true) {
                    add(Role::Early, draft.early());
                }
            }
            for draft in probed(&claims, &settled) {
                add(Role::Probed, draft);
            }
            for draft in valued(&claims, &settled) {
                add(Role::Valued, draft);
            }
            for draft in beyond(snippet, read, &claims) {
                add(Role::Beyond, draft);
            }
            for (line, draft) in what_ifs(snippet, read, &claims) {
                add(Role::WhatIf(line), draft);
            }
        }
    }
    planned
}

/// The block with the tests that a listing behind it shows: if it has none itself, those of the nearest block
/// that has tests which speak of something it declares, or of a type that it declares methods of; or only of those before
/// it.
fn tested(snippet: &Arc<Snippet>, read: &NoteRead, before: bool) -> Vec<Draft> {
    if snippet.items.iter().any(testing::is_test) {
        return Vec::new();
    }
    let items = snippet.items.iter();
    let declared: BTreeSet<&String> = items
        .flat_map(|item| item.names.iter().chain(item.receiver()))
        .collect();
    let speaks = |other: &&Arc<Snippet>| {
        other.block != snippet.block
            && !(before && other.block > snippet.block)
            && other.items.iter().any(|item| {
                testing::is_test(item) && item.mentions.iter().any(|name| declared.contains(name))
            })
    };
    let found = read.snippets.iter().filter(speaks).min_by_key(|other| {
        let later = other.block > snippet.block;
        let elsewhere = !read.context.same_section(other.block, snippet.block);
        (later, elsewhere, other.block.abs_diff(snippet.block))
    });
    found.map_or_else(Vec::new, |found| {
        Draft::of_with_tests(&base(snippet, read), found)
    })
}

fn is_of_race(claim: &Claim) -> bool {
    matches!(claim.kind, Kind::Race | Kind::NoRace)
}

/// The plain programs again that start goroutines, for the race detector.
fn raced(plain: &[&Settled]) -> Vec<Draft> {
    plain
        .iter()
        .filter(|settled| settled.is_runnable())
        .map(|settled| &settled.planned.draft)
        .filter(|draft| race::starts_goroutines(&draft.snippet))
        .cloned()
        .collect()
}
