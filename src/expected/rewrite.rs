//! Rewriting a claim that is wrong: note text × claim × what Go did → edits.
//!
//! | form | file |
//! | --- | --- |
//! | a comment on one line: trailing, what-if, own-line | [`super::inline`] |
//! | comment lines one below the other | this one (`of_comment_lines`) |
//! | an output block or transcript, output below code | this one (`of_block`); of a part of the output, [`super::part`] |
//!
//! Everything here is pure. A proposal says what an author would write; whether it reads back as the
//! claim that is meant is checked by [`super::check`] before anything is written.

use std::ops::Range;

use super::edit::Edit;
use super::listing::{self, Fidelity, Line};
use super::{inline, part, storage, words};
use crate::claim::value::compares;
use crate::claim::{Claim, Form, Kind, Subject, comment};
use crate::note::{Note, Origin};
use crate::run::crash::is_heading;
use crate::snippet::Snippet;
use crate::verdict::crash::message::headings;

/// What is done with claims that were true under an older Go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Stale {
    /// Replace them by what is true now
    #[default]
    Replace,
    /// Say what is true since when, and what was true before, where a comment has room for it
    Range,
}

/// A wrong claim with what is true.
#[derive(Debug, Clone, Copy)]
pub struct Wrong<'a> {
    /// The note.
    pub note: &'a Note,
    /// The block the claim is about.
    pub snippet: &'a Snippet,
    /// The claim.
    pub claim: &'a Claim,
    /// What Go printed.
    pub observed: &'a str,
    /// Since which minor version of Go the claim is no longer true, if it is to be said.
    pub since: Option<u32>,
}

/// Ways to write what is true, best first, or why there is none.
pub fn propose(wrong: &Wrong) -> Result<Vec<Vec<Edit>>, String> {
    let claim = wrong.claim;
    let text = &wrong.note.text;
    if let Some(reason) = out_of_reach(wrong) {
        return Err(reason);
    }
    let proposals = match (claim.form, &claim.subject) {
        (Form::OutputBlock | Form::Transcript, _) if claim.kind == Kind::Exit => {
            inline::of_exit(wrong)
        }
        (Form::OutputBlock | Form::Transcript | Form::RawOutput, _) => of_block(wrong)?,
        (Form::OutputComment, Subject::Line(lead)) if text[claim.span.clone()] != claim.text => {
            of_comment_lines(wrong, *lead)?
        }
        (form, _) if is_comment(form) => match claim.kind {
            kind if storage::is_storage(kind) => of_storage(wrong)?,
            Kind::Exit => inline::of_exit(wrong),
            Kind::Stdout => inline::of_comment(wrong)?,
            _ => inline::of_word(wrong),
        },
        (Form::OutputComment, _) => inline::of_comment(wrong)?,
        _ => return Err("claims of this form are not rewritten".to_owned()),
    };
    match proposals.is_empty() {
        true => Err("there is no place to write it".to_owned()),
        false => Ok(proposals),
    }
}

/// Why a claim is not rewritten whatever its form; `None` if it can be.
fn out_of_reach(wrong: &Wrong) -> Option<String> {
    let claim = wrong.claim;
    let reason = match claim.kind {
        _ if claim.subject == Subject::Tests => "listings of `go test` are not rewritten",
        _ if claim.form == Form::Prose => "prose is not rewritten",
        Kind::Stdout
            if claim.expected.is_empty()
                || claim.expected.starts_with("× ")
                || compares(&claim.expected, "").is_some() =>
        {
            "that takes other words"
        }
        Kind::Stdout | Kind::Order if wrong.observed.trim().is_empty() => {
            "nothing is printed any more"
        }
        Kind::Stdout | Kind::Order => return None,
        Kind::Panic | Kind::Fatal | Kind::Deadlock
            if is_listing(claim)
                && is_heading(wrong.observed)
                && !differs_below(&claim.expected, wrong.observed) =>
        {
            return None;
        }
        Kind::Value | Kind::Type | Kind::Panic | Kind::Fatal if inline::has_word(wrong) => {
            return None;
        }
        Kind::Exit if is_listing(claim) || is_comment(claim.form) => return None,
        kind if storage::is_storage(kind) && is_comment(claim.form) => return None,
        _ => "that takes other words",
    };
    Some(reason.to_owned())
}

/// Whether a crash report differs not in its messages but in what stands below, which is shown in part.
fn differs_below(expected: &str, observed: &str) -> bool {
    headings(expected) == headings(observed)
}

fn is_listing(claim: &Claim) -> bool {
    matches!(claim.form, Form::OutputBlock | Form::Transcript)
}

/// Whether a form is a comment that stands on one line.
pub(super) fn is_comment(form: Form) -> bool {
    matches!(
        form,
        Form::TrailingComment | Form::WhatIf | Form::OwnLineComment
    )
}

/// A comment that says where a value lives.
fn of_storage(wrong: &Wrong) -> Result<Vec<Vec<Edit>>, String> {
    let Wrong { note, claim, .. } = *wrong;
    let text = &note.text[claim.span.clone()];
    let turned = storage::opposite(claim.kind, text).ok_or("that takes other words")?;
    let edit = Edit::minimal(&note.text, claim.span.clone(), &turned);
    Ok(edit.map(|edit| vec![vec![edit]]).unwrap_or_default())
}

/// `// Output:` and the comment lines below it.
fn of_comment_lines(wrong: &Wrong, lead: usize) -> Result<Vec<Vec<Edit>>, String> {
    let Wrong {
        note,
        claim,
        snippet,
        ..
    } = *wrong;
    let lines = comment_lines(note, snippet, claim, lead)
        .ok_or("its lines stand in the note in another way than they read")?;
    if claim.kind == Kind::Order {
        let observed = in_old_order(&claim.expected, wrong.observed);
        return Ok(both(&note.text, &lines, &observed));
    }
    Ok(both(&note.text, &lines, wrong.observed))
}

/// Ways to write the output into these lines, best first. Who writes on one line what Go prints on several keeps to
/// one line, as long as there are as many values as before.
fn both(text: &str, lines: &[Line], observed: &str) -> Vec<Vec<Edit>> {
    let joined = || {
        let [line] = lines else { return None };
        let old = &text[line.content.clone()];
        let several = observed.trim().contains('\n');
        if !several || words::count(old) != words::count(observed) {
            return None;
        }
        let new = words::respell(old, observed.trim());
        (!new.contains('\n')).then(|| listing::edits(text, lines, &new, Fidelity::Plain))?
    };
    let fidelities = [Fidelity::Styled, Fidelity::Plain].into_iter();
    joined()
        .into_iter()
        .chain(fidelities.filter_map(|fidelity| listing::edits(text, lines, observed, fidelity)))
        .filter(|edits| !edits.is_empty())
        .collect()
}

/// The lines of a claim's expected text in the comments from line `lead` of the code on.
fn comment_lines(note: &Note, snippet: &Snippet, claim: &Claim, lead: usize) -> Option<Vec<Line>> {
    let code = &note.blocks[claim.block].code;
    let own: Vec<_> = comment::comments(&snippet.syntax)
        .into_iter()
        .filter(|comment| !comment.trailing && comment.line >= lead)
        .collect();
    let expected: Vec<&str> = claim.expected.lines().collect();
    // The first line of output stands behind the lead word or below it.
    let first = own.first()?;
    let behind = first.text.ends_with(expected.first()?) && first.text != *expected.first()?;
    let skipped = if behind { 0 } else { 1 };
    let mut lines = Vec::new();
    for (nth, (comment, expected)) in own.iter().skip(skipped).zip(&expected).enumerate() {
        let length = expected.len();
        if !comment.text.ends_with(expected) {
            return None;
        }
        let body = code.note_offset(comment.body.start);
        let end = body + comment.body.len();
        (note.text[end - length..end] == **expected).then_some(())?;
        // Blanks behind the marker but for one are the output's own.
        let own = body - blanks_before(&note.text, body);
        let start = if end - length == body {
            own
        } else {
            end - length
        };
        let mut line = Line::at(&note.text, start..end);
        line.prefix.end = own.min(body);
        line.shared = behind && nth == 0;
        lines.push(line);
    }
    (lines.len() == expected.len()).then_some(lines)
}

/// How many of the blanks before a comment's text are more than the one that sets it apart from its marker.
fn blanks_before(text: &str, at: usize) -> usize {
    let before = &text[..at];
    let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
    let marker = before.trim_end_matches([' ', '\t']).ends_with("//");
    if marker { blanks.saturating_sub(1) } else { 0 }
}

/// Lines in no certain order: those that stay keep their places, the others fill the gaps.
fn in_old_order(old: &str, observed: &str) -> String {
    let mut left: Vec<&str> = observed.trim_end().lines().map(str::trim).collect();
    let mut rows: Vec<Option<&str>> = old
        .lines()
        .map(|line| {
            let at = left.iter().position(|found| *found == line.trim())?;
            Some(left.remove(at))
        })
        .collect();
    for row in &mut rows {
        if row.is_none() && !left.is_empty() {
            *row = Some(left.remove(0));
        }
    }
    rows.into_iter()
        .flatten()
        .chain(left)
        .collect::<Vec<_>>()
        .join("\n")
}

/// An output block or a transcript: its commands, and what stands behind a crash's message, stay.
fn of_block(wrong: &Wrong) -> Result<Vec<Vec<Edit>>, String> {
    let Wrong {
        note,
        claim,
        observed,
        ..
    } = *wrong;
    let block = match claim.form {
        Form::RawOutput => Some(&note.blocks[claim.block]),
        _ => note.blocks.iter().find(|block| block.span == claim.span),
    };
    let block = block.ok_or("its block is not found")?;
    let mut all =
        listing::of_block(&note.text, block).ok_or("its characters are written as entities")?;
    // Where output stands below the code of the same block, the code is none of it.
    all.retain(|line| line.next > claim.span.start && line.prefix.start < claim.span.end);
    if block.origin == Origin::Html && observed.contains(['<', '&']) {
        return Err("its characters would have to be written as entities".to_owned());
    }
    let output = output_lines(&note.text, &all, &claim.expected)
        .ok_or("several commands with output of their own stand in the block")?;
    let old = &claim.expected;
    let lines = &all[output];
    not_a_session(old)?;
    let content = |line: &Line| note.text[line.content.clone()].to_owned();
    let is_exit = |line: &Line| content(line).trim_start().starts_with("exit status ");
    let crashed = old.lines().any(is_heading);
    let cut = if claim.kind != Kind::Stdout || observed.lines().any(is_heading) {
        lines.iter().position(|line| is_trace(&content(line)))
    } else {
        // `go run`'s last word is a claim of its own.
        lines.iter().position(is_exit).filter(|_| !crashed)
    };
    let kept = cut.unwrap_or(lines.len());
    let is_message = |line: &Line| is_heading(content(line).trim_start());
    let part = part::edits(&note.text, &lines[..kept], observed);
    let part = part.filter(|_| claim.kind == Kind::Stdout);
    if part.is_none() {
        not_a_program_s(old, observed)?;
    }
    let mut proposals = if let Some(edits) = part {
        vec![edits]
    } else if claim.kind == Kind::Stdout {
        both(&note.text, &lines[..kept], observed)
    } else {
        // Only the crash's message is known to be wrong, or those of nested panics.
        let first = lines.iter().position(is_message);
        let first = first.ok_or("no message stands in it")?;
        let count = lines[first..]
            .iter()
            .take_while(|line| is_message(line))
            .count();
        both(
            &note.text,
            &lines[first..first + count],
            &headings(observed).join("\n"),
        )
    };
    if block.origin == Origin::Fence {
        for edits in &mut proposals {
            edits.extend(listing::lengthen_fence(&note.text, block, observed));
        }
    }
    Ok(proposals)
}

/// Where a goroutine's trace or `go run`'s last word starts.
fn is_trace(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("goroutine ") && line.contains('[') || line.starts_with("exit status ")
}

/// The lines that hold the expected text: all but the commands, in a row.
fn output_lines(text: &str, lines: &[Line], expected: &str) -> Option<Range<usize>> {
    let wanted: Vec<&str> = expected.lines().map(str::trim_end).collect();
    let found = |at: usize| text[lines[at].content.clone()].trim_end();
    (0..=lines.len().checked_sub(wanted.len())?)
        .find(|start| {
            wanted
                .iter()
                .enumerate()
                .all(|(nth, line)| found(start + nth) == *line)
        })
        .map(|start| start..start + wanted.len())
}

/// An error if a line starts like a debugger's or a shell's prompt.
fn not_a_session(old: &str) -> Result<(), String> {
    const PROMPTS: [&str; 6] = ["(dlv)", "(gdb)", "❯", ">>>", "➜", "λ "];
    if old.lines().any(|line| {
        PROMPTS
            .iter()
            .any(|prompt| line.trim_start().starts_with(prompt))
    }) {
        return Err("a session with a shell or debugger is not rewritten".to_owned());
    }
    Ok(())
}

/// An error if what stands in the block is no output of this program that changed.
///
/// The rules: a wrapped line (`\` at its end) that is right when it is joined is right; and of a text of
/// another length at least a third must be what the program prints, numbers and the trace of a crash aside.
fn not_a_program_s(old: &str, observed: &str) -> Result<(), String> {
    let joined = old.replace("\\\n", "");
    if joined != old && crate::verdict::text::compare(&joined, observed).is_some() {
        return Err("only its line breaks differ: the note wraps lines with `\\`".to_owned());
    }
    let (was, is) = (old.lines().count(), observed.lines().count());
    let long = was.max(is) > 3 || old.len() > 120;
    let far = was > 2 * is + 2 || is > 2 * was + 2 || long && was != is;
    let untraced = match old.trim_start().lines().next().is_some_and(is_heading) {
        true => headings(old).join("\n"),
        false => old.to_owned(),
    };
    if far && words::likeness(&untraced, observed) < 0.33 {
        return Err("it has little in common with what the program prints".to_owned());
    }
    Ok(())
}
