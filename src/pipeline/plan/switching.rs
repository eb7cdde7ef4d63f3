//! The lines of a block switched off, where its note says that they do not compile or that the program ends there; and
//! commented-out lines switched on.

use std::collections::BTreeSet;
use std::sync::Arc;

use tree_sitter::Node;

use crate::claim::{Claim, Confidence, Kind, Subject, comment, what_if};
use crate::pipeline::reading::NoteRead;
use crate::program::Role;
use crate::report::Shape;
use crate::snippet::draft::Blame;
use crate::snippet::elision::blank_range;
use crate::snippet::probe::{mark_line, specs, statement_on};
use crate::snippet::{Draft, Snippet, Syntax};
use crate::verdict::compile::is_listing;

use super::{as_it_stands, counts, ends_there, line};

/// The block without the lines that its note says do not compile: what a reader runs.
pub(super) fn base(snippet: &Arc<Snippet>, read: &NoteRead) -> Arc<Snippet> {
    without(snippet, &refused(snippet, read))
}

/// The lines that the note says do not compile.
fn refused(snippet: &Snippet, read: &NoteRead) -> BTreeSet<usize> {
    read.claims_of(snippet.block)
        .filter(|claim| claim.kind == Kind::CompileError && !claim.negated && counts(claim))
        .filter(|claim| !is_past(claim))
        .filter_map(line)
        .collect()
}

/// Whether a line is said not to compile with an older Go, so that today's reader runs it. Where a message is quoted, it
/// may be just that which was another one.
fn is_past(claim: &Claim) -> bool {
    let ended = claim
        .versions
        .is_some_and(|versions| versions.before.is_some());
    ended && claim.expected.is_empty()
}

/// The block with the statements on these lines blanked.
pub(super) fn without(snippet: &Arc<Snippet>, lines: &BTreeSet<usize>) -> Arc<Snippet> {
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

/// The block with every line, if a listing says what the compiler says of it; and with each line alone
/// that the note says does (or does not) compile.
pub(super) fn as_written(
    snippet: &Arc<Snippet>,
    read: &NoteRead,
    claims: &[&Claim],
) -> Vec<(Role, Draft)> {
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
    // What is missing at this point of the note may come later in it, and then the plain program has it.
    let listed = claims.iter().any(|claim| lists_errors(claim));
    if listed && snippet.shape != Shape::Program {
        let early = Draft::of(&without(snippet, &refused)).into_iter();
        drafts.extend(early.map(|draft| (Role::Early, draft.early())));
    }
    let guessed: BTreeSet<usize> = errors()
        .filter(|claim| claim.confidence == Confidence::Weak)
        .filter_map(|claim| line(claim))
        .collect();
    // That a line compiles shows in the plain program.
    for claim in errors().filter(|claim| !claim.negated) {
        let Some(line) = line(claim) else {
            continue;
        };
        let others: BTreeSet<usize> = refused
            .iter()
            .copied()
            .filter(|other| *other != line)
            .collect();
        // Of the lines that are only guessed not to compile, this one may need some.
        let sure: BTreeSet<usize> = others.difference(&guessed).copied().collect();
        let bases = [Some(&sure), (sure != others).then_some(&others)];
        let bases = bases.into_iter().flatten();
        for mut draft in bases.flat_map(|lines| Draft::of(&without(snippet, lines))) {
            keep(&mut draft, line, claim);
            drafts.push((Role::Only(line), draft));
        }
    }
    drafts
}

/// Whether a claim lists what the compiler says of its block, message by message.
pub(super) fn lists_errors(claim: &Claim) -> bool {
    claim.kind == Kind::CompileError
        && !claim.negated
        && counts(claim)
        && claim.subject == Subject::Block
        && is_listing(&claim.expected)
}

/// Leave a line to the compiler as it is, with the error that is claimed of it.
fn keep(draft: &mut Draft, line: usize, claim: &Claim) {
    draft.keep(line, speaks_of_unused(claim), may_speak_of_again(claim));
    draft.blame = blame(claim);
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

/// What the claimed error is, as far as it says whether a name is missing.
fn blame(claim: &Claim) -> Blame {
    const NAMES: [&str; 14] = [
        "undefined",
        "undeclared",
        "not defined",
        "not declared",
        "scope",
        "export",
        "visible",
        "未定义",
        "未声明",
        "没有定义",
        "没有声明",
        "作用域",
        "导出",
        "可见",
    ];
    if NAMES.iter().any(|words| claim.text.contains(words)) {
        Blame::Name
    } else if claim.expected.is_empty() {
        Blame::Unsaid
    } else {
        Blame::Other
    }
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

/// The block with one commented-out line switched on, once for each that the note makes a claim about.
pub(super) fn what_ifs(
    snippet: &Arc<Snippet>,
    read: &NoteRead,
    claims: &[&Claim],
) -> Vec<(usize, Draft)> {
    let mut drafts = Vec::new();
    let mut done = BTreeSet::new();
    for claim in claims {
        let Subject::WhatIf { line, code } = &claim.subject else {
            continue;
        };
        if !done.insert(*line) {
            continue;
        }
        let Some(switched) = switch_on(snippet, read, claims, *line, code) else {
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
                    Kind::CompileError => keep(&mut draft, *line, claim),
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

/// The code with the comment on `line` made code, with what the comments above it declare for it, and without the lines
/// before it that end the program.
fn switch_on(
    snippet: &Arc<Snippet>,
    read: &NoteRead,
    claims: &[&Claim],
    line: usize,
    switched: &str,
) -> Option<Arc<Snippet>> {
    let ends: BTreeSet<usize> = claims
        .iter()
        .filter(|claim| ends_there(claim))
        .filter_map(|claim| self::line(claim))
        .collect();
    let base = without(&base(snippet, read), &ends);
    let mut code = base.code().to_owned();
    let comments = comment::comments(&snippet.syntax);
    let above = what_if::declarations_above(snippet, &comments, line, switched);
    for line in above.into_iter().chain([line]) {
        let start: usize = code.split_inclusive('\n').take(line).map(str::len).sum();
        let marker = start + code[start..].find("//")?;
        blank_range(&mut code, marker..marker + 2);
    }
    Some(Arc::new(base.variant(&code)))
}
