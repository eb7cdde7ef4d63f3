//! Which programs a block gives: the plain ones, and those its claims need.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tree_sitter::Node;

use crate::build::Task;
use crate::claim::recipe::Action;
use crate::claim::{Claim, Confidence, Form, Kind, Subject, race};
use crate::note::Origin;
use crate::program::Role;
use crate::report::Shape;
use crate::settings::Settings;
use crate::snippet::elision::blank_range;
use crate::snippet::probe::{Glance, Look, mark_line, show_value, specs, statement_on};
use crate::snippet::{Draft, Snippet, Source, Syntax, calling, needs, testing};

use super::engine::Settled;
use super::reading::{NoteRead, Reading};

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
            let drafts = Draft::of(&base).into_iter().flat_map(|draft| {
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

/// The block without the lines that its note says do not compile: what a reader runs.
fn base(snippet: &Arc<Snippet>, read: &NoteRead) -> Arc<Snippet> {
    without(snippet, &refused(snippet, read))
}

/// The lines that the note says do not compile.
fn refused(snippet: &Snippet, read: &NoteRead) -> BTreeSet<usize> {
    read.claims_of(snippet.block)
        .filter(|claim| claim.kind == Kind::CompileError && !claim.negated && counts(claim))
        .filter_map(line)
        .collect()
}

/// The block with the statements on these lines blanked.
fn without(snippet: &Arc<Snippet>, lines: &BTreeSet<usize>) -> Arc<Snippet> {
    if lines.is_empty() {
        return Arc::clone(snippet);
    }
    let mut code = snippet.code().to_owned();
    let syntax = &snippet.syntax;
    let mut gone = BTreeSet::new();
    for &line in lines {
        if let Some(statement) = statement_on(syntax, line) {
            gone.extend(declared(syntax, statement));
            blank_range(&mut code, statement.byte_range());
        }
    }
    // `_ = x` is there for the compiler only, and goes with the line that declares `x`.
    for node in syntax.walk(syntax.root()) {
        if is_for_nothing(syntax, node, &gone) {
            blank_range(&mut code, node.byte_range());
        }
    }
    Arc::new(snippet.variant(&code))
}

/// The names that a statement declares.
fn declared<'t>(syntax: &'t Syntax, statement: Node) -> Vec<&'t str> {
    let names = match statement.kind() {
        "short_var_declaration" => statement.child_by_field_name("left"),
        "var_declaration" => specs(statement).first().copied(),
        _ => None,
    };
    let Some(names) = names else {
        return Vec::new();
    };
    let mut cursor = names.walk();
    names
        .named_children(&mut cursor)
        .filter(|node| node.kind() == "identifier")
        .map(|node| syntax.of(node))
        .collect()
}

/// Whether a statement is `_ = x` with nothing but these names.
fn is_for_nothing(syntax: &Syntax, node: Node, names: &BTreeSet<&str>) -> bool {
    let sides = (
        node.child_by_field_name("left"),
        node.child_by_field_name("right"),
    );
    let ("assignment_statement", (Some(left), Some(right))) = (node.kind(), sides) else {
        return false;
    };
    let all = |list: Node, fits: &dyn Fn(&str) -> bool| {
        let mut cursor = list.walk();
        list.named_children(&mut cursor)
            .all(|it| fits(syntax.of(it)))
    };
    !names.is_empty() && all(left, &|it| it == "_") && all(right, &|it| names.contains(it))
}

fn counts(claim: &Claim) -> bool {
    claim.confidence > Confidence::Weak
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
                for draft in tested(snippet, read) {
                    add(Role::Tested, draft);
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

/// The block with every line, if a listing says what the compiler says of it; and with each line alone
/// that the note says does (or does not) compile.
fn as_written(snippet: &Arc<Snippet>, read: &NoteRead, claims: &[&Claim]) -> Vec<(Role, Draft)> {
    let mut drafts = Vec::new();
    let refused = refused(snippet, read);
    let errors = || {
        claims
            .iter()
            .filter(|claim| claim.kind == Kind::CompileError && counts(claim))
    };
    let of_block = || errors().filter(|claim| claim.subject == Subject::Block);
    let unused = of_block().any(|claim| speaks_of_unused(claim));
    // What is declared twice in a whole file are no alternatives, if that is said not to compile.
    let whole = matches!(snippet.shape, Shape::Program | Shape::File);
    let alternatives = Draft::of(snippet);
    if whole && alternatives.len() > 1 && of_block().any(|claim| !claim.negated) {
        drafts.push((Role::AsWritten, as_it_stands(snippet, read)));
    }
    for mut draft in alternatives {
        // Of a whole file, an unused name is its author's, and may be what the note speaks of.
        draft.keeps_unused = unused || draft.is_complete();
        if of_block().any(|claim| !claim.negated) && (draft.keeps_unused || !refused.is_empty()) {
            drafts.push((Role::AsWritten, draft));
        }
    }
    // That a line compiles shows in the plain program.
    for claim in errors().filter(|claim| !claim.negated) {
        let Some(line) = line(claim) else {
            continue;
        };
        let others = refused
            .iter()
            .copied()
            .filter(|other| *other != line)
            .collect();
        for mut draft in Draft::of(&without(snippet, &others)) {
            draft.keep(line, speaks_of_unused(claim), may_speak_of_again(claim));
            drafts.push((Role::Only(line), draft));
        }
    }
    drafts
}

/// Whether the claimed error may be that a name is declared again: no other reason is given.
fn may_speak_of_again(claim: &Claim) -> bool {
    const WORDS: [&str; 9] = [
        "no new variable",
        "redeclare",
        "already declared",
        "declared twice",
        "重复",
        "重新声明",
        "再次声明",
        "已声明",
        "已经声明",
    ];
    claim.expected.is_empty() || WORDS.iter().any(|words| claim.text.contains(words))
}

/// Whether the claimed error is that a name is not used.
fn speaks_of_unused(claim: &Claim) -> bool {
    [
        "not used",
        "unused",
        "未使用",
        "没有使用",
        "未被使用",
        "没使用",
        "没有用到",
        "未用",
    ]
    .iter()
    .any(|words| claim.text.contains(words))
}

/// The block with the tests that a listing behind it shows: if it has none itself, those of the nearest block
/// that has tests which speak of something it declares.
fn tested(snippet: &Arc<Snippet>, read: &NoteRead) -> Vec<Draft> {
    if snippet.items.iter().any(testing::is_test) {
        return Vec::new();
    }
    let declared: BTreeSet<&String> = snippet.items.iter().flat_map(|item| &item.names).collect();
    let speaks = |other: &&Arc<Snippet>| {
        other.block != snippet.block
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

/// The lines whose output or end is to be seen.
fn marked_lines(snippet: &Snippet, claims: &[&Claim]) -> BTreeSet<usize> {
    let mut lines = BTreeSet::new();
    for claim in claims {
        let Some(line) = line(claim) else {
            continue;
        };
        match (claim.kind, claim.form) {
            (Kind::Stdout | Kind::Order, Form::OutputComment) => {
                lines.extend(statements_around(snippet, line));
            }
            (
                Kind::Stdout
                | Kind::Order
                | Kind::Panic
                | Kind::Fatal
                | Kind::Deadlock
                | Kind::Blocks,
                _,
            ) => {
                lines.insert(line);
            }
            _ => {}
        }
    }
    lines
}

/// The lines on which the nearest statements before and after an own-line comment end.
fn statements_around(snippet: &Snippet, line: usize) -> Vec<usize> {
    let ends = |line: &usize| statement_on(&snippet.syntax, *line).is_some();
    let last = snippet.code().lines().count();
    let before = (0..line).rev().find(ends);
    let after = (line + 1..last).find(ends);
    before.into_iter().chain(after).collect()
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

/// The plain programs again, with probes.
fn probed(claims: &[&Claim], plain: &[&Settled]) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for settled in plain {
        let draft = &settled.planned.draft;
        if !settled.compiles() || !draft.executes() || draft.is_compiled_only() {
            continue;
        }
        let lines = marked_lines(&draft.snippet, claims);
        let mut draft = draft.clone();
        let marked = lines
            .iter()
            .filter(|line| mark_line(&mut draft, **line))
            .count();
        if marked > 0 {
            drafts.push(draft);
        }
    }
    drafts
}

/// The plain programs again, with the values looked at that the note speaks of. Capacities are looked at in a
/// program of their own: showing a slice makes it escape, and then it grows in other steps. So are calls that
/// only the text makes: one that never returns is not to cost the others.
fn valued(claims: &[&Claim], plain: &[&Settled]) -> Vec<Draft> {
    let looks = |group: usize| {
        let all = claims.iter().filter_map(|claim| match &claim.subject {
            Subject::Value(glance) => Some(glance),
            _ => None,
        });
        all.filter(move |glance| group_of(glance) == group)
    };
    let mut drafts = Vec::new();
    for settled in plain {
        let draft = &settled.planned.draft;
        if !settled.compiles() || draft.is_compiled_only() {
            continue;
        }
        // What nothing runs has values all the same if they are constant.
        let (runs, snippet) = (draft.executes(), &draft.snippet);
        for group in 0..3 {
            let mut draft = draft.clone();
            let seen =
                |it: &&Glance| runs || it.look == Look::Called || is_constant(snippet, it.line);
            for glance in looks(group).filter(seen) {
                show_value(&mut draft, glance);
            }
            if !draft.probes.values.is_empty() {
                drafts.push(draft);
            }
        }
    }
    drafts
}

/// Whether constants are declared on a line of the code (from 0).
fn is_constant(snippet: &Snippet, line: usize) -> bool {
    statement_on(&snippet.syntax, line).is_some_and(|it| it.kind() == "const_declaration")
}

/// In which of the programs a look is taken.
fn group_of(glance: &Glance) -> usize {
    match glance.look {
        Look::Called => 2,
        _ => usize::from(is_quiet(glance)),
    }
}

/// Whether to look makes nothing escape.
fn is_quiet(glance: &Glance) -> bool {
    glance.look == Look::Allocates
        || ["len(", "cap("]
            .iter()
            .any(|start| glance.expression.starts_with(start))
}

/// The programs with values looked at that do not compile, again with one look each: so one look that is
/// not possible does not cost the others.
pub fn apart(reading: &Reading, plain: &[Settled], derived: &[Settled]) -> Vec<Planned> {
    let mut planned = Vec::new();
    for failed in derived {
        let looks = &failed.planned.draft.probes.values;
        if failed.planned.role != Role::Valued || failed.compiles() || looks.len() < 2 {
            continue;
        }
        let same = plain.iter().find(|settled| {
            settled.planned.note == failed.planned.note
                && settled.block() == failed.block()
                && settled.planned.draft.top == failed.planned.draft.top
                && settled.planned.draft.body == failed.planned.draft.body
        });
        let Some(plain) = same else { continue };
        for look in looks {
            let mut draft = plain.planned.draft.clone();
            if show_value(&mut draft, look) {
                planned.push(Planned {
                    note: failed.planned.note,
                    place: place(&reading.notes[failed.planned.note], failed.block()),
                    role: Role::Valued,
                    draft,
                    escapes: false,
                    task: Task::Object,
                    asked: true,
                    timeout: failed.planned.timeout,
                });
            }
        }
    }
    planned
}

/// The block without the lines at which its note says it ends, with probes: what comes after them.
fn beyond(snippet: &Arc<Snippet>, read: &NoteRead, claims: &[&Claim]) -> Vec<Draft> {
    let ends: BTreeSet<usize> = claims
        .iter()
        .filter(|claim| ends_there(claim))
        .filter_map(|claim| line(claim))
        .collect();
    let lines = marked_lines(snippet, claims);
    if ends.is_empty() || lines.is_subset(&ends) {
        return Vec::new();
    }
    let snippet = without(&base(snippet, read), &ends);
    let mut drafts = Vec::new();
    for mut draft in Draft::of(&snippet) {
        let marked = lines
            .iter()
            .filter(|line| !ends.contains(line))
            .filter(|line| mark_line(&mut draft, **line))
            .count();
        if marked > 0 && draft.executes() && !draft.is_compiled_only() {
            drafts.push(draft);
        }
    }
    drafts
}

/// The block with one commented-out line switched on, once for each that the note makes a claim about.
fn what_ifs(snippet: &Arc<Snippet>, read: &NoteRead, claims: &[&Claim]) -> Vec<(usize, Draft)> {
    let mut drafts = Vec::new();
    let mut done = BTreeSet::new();
    for claim in claims {
        let Subject::WhatIf { line, .. } = &claim.subject else {
            continue;
        };
        if !done.insert(*line) {
            continue;
        }
        let Some(switched) = switch_on(snippet, read, claims, *line) else {
            continue;
        };
        let offset = statement_on(&switched.syntax, *line).map(|statement| statement.start_byte());
        for mut draft in Draft::of(&switched) {
            if !offset.is_some_and(|offset| draft.covers(offset)) {
                continue;
            }
            let of_line = claims.iter().filter(
                |claim| matches!(&claim.subject, Subject::WhatIf { line: at, .. } if at == line),
            );
            for claim in of_line {
                match claim.kind {
                    Kind::CompileError => {
                        draft.keep(*line, speaks_of_unused(claim), may_speak_of_again(claim));
                    }
                    Kind::Stdout => {
                        mark_line(&mut draft, *line);
                    }
                    _ => {}
                }
            }
            drafts.push((*line, draft));
        }
    }
    drafts
}

/// The code with the comment on `line` made code, and without the lines before it that end the program.
fn switch_on(
    snippet: &Arc<Snippet>,
    read: &NoteRead,
    claims: &[&Claim],
    line: usize,
) -> Option<Arc<Snippet>> {
    let ends: BTreeSet<usize> = claims
        .iter()
        .filter(|claim| ends_there(claim))
        .filter_map(|claim| self::line(claim))
        .collect();
    let base = without(&base(snippet, read), &ends);
    let mut code = base.code().to_owned();
    let start: usize = code.split_inclusive('\n').take(line).map(str::len).sum();
    let marker = start + code[start..].find("//")?;
    blank_range(&mut code, marker..marker + 2);
    Some(Arc::new(base.variant(&code)))
}
