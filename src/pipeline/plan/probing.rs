//! The plain programs again with probes: what lines print, what values are, and what comes after the program's end.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::build::Task;
use crate::claim::race::starts_goroutines;
use crate::claim::{Claim, Form, Kind, Subject};
use crate::pipeline::reading::{NoteRead, Reading};
use crate::pipeline::settled::Settled;
use crate::program::Role;
use crate::snippet::probe::{Glance, Look, mark_line, show_value, statement_on};
use crate::snippet::{Draft, Edit, ItemKind, Snippet};
use crate::toolchain::stdlib::own;

use super::switching::{base, without};
use super::{Planned, ends_there, line, place};

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

/// The plain programs again, with probes.
pub(super) fn probed(claims: &[&Claim], plain: &[&Settled]) -> Vec<Draft> {
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
pub(super) fn valued(claims: &[&Claim], plain: &[&Settled]) -> Vec<Draft> {
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
        // What nothing runs has values all the same if no call is needed to find them.
        let (runs, snippet) = (draft.executes(), &draft.snippet);
        for group in 0..GROUPS {
            let mut draft = draft.clone();
            let seen =
                |it: &&Glance| runs || it.look == Look::Called || holds_still(snippet, it.line);
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

/// Whether constants are declared on a line of the code (from 0), or variables whose values no call gives.
fn holds_still(snippet: &Snippet, line: usize) -> bool {
    let syntax = &snippet.syntax;
    statement_on(syntax, line).is_some_and(|it| match it.kind() {
        "const_declaration" => true,
        "var_declaration" => !syntax.walk(it).any(|node| {
            node.kind() == "call_expression"
                || node.kind() == "unary_expression" && syntax.of(node).starts_with("<-")
        }),
        _ => false,
    })
}

/// How many programs looks are taken in.
const GROUPS: usize = 4;

/// In which of the programs a look is taken.
fn group_of(glance: &Glance) -> usize {
    match glance.look {
        Look::Called => 2,
        // What is called there may change what later looks would see.
        Look::AtEnd => 3,
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
pub(super) fn beyond(snippet: &Arc<Snippet>, read: &NoteRead, claims: &[&Claim]) -> Vec<Draft> {
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
            yield_at_end(&mut draft);
            drafts.push(draft);
        }
    }
    drafts
}

/// Let what `main` has started get its turn before it ends: without the line at which its note says that it ends, it
/// may come to its end sooner, and whether the others come to run before is not to be a matter of luck.
fn yield_at_end(draft: &mut Draft) {
    let snippet = Arc::clone(&draft.snippet);
    let main = snippet.items.iter().find(|item| {
        matches!(&item.kind, ItemKind::Func(signature) if signature.body)
            && item.names.iter().any(|name| name == "main")
    });
    if let Some(main) = main.filter(|_| starts_goroutines(&snippet)) {
        let code = format!("\n\t{}.Yield()\n", own::NAME);
        draft.edit(snippet.block, Edit::insert(main.span.end - 1, code));
    }
}
