//! What is odd in a note before anything of it is run: as findings.

use camino::Utf8Path;

use crate::note::Note;
use crate::report::{Finding, Severity, text};
use crate::settings::{BlockName, Settings, suggest};

use super::NoteRead;

/// A note or folder that could not be read.
pub fn problem(note: &str, line: u32, message: String) -> Finding {
    Finding {
        rule: "unreadable".to_owned(),
        severity: Severity::Error,
        note: note.to_owned(),
        line,
        column: 1,
        message,
        excerpt: String::new(),
    }
}

/// A note that was not read any more, nor so many others, since the user had had enough.
pub fn unread(note: &Utf8Path, others: usize) -> Finding {
    let others = match others {
        0 => String::new(),
        count => format!(", and {} after it", text::count(count as u32, "note")),
    };
    let message = format!("gosnip was interrupted before this note was read{others}");
    Finding {
        rule: "interrupted".to_owned(),
        ..problem(note.as_str(), 1, message)
    }
}

/// What was odd in a note that could be read all the same.
pub fn note_problems(note: &Note) -> Vec<Finding> {
    note.problems
        .iter()
        .map(|problem| Finding {
            rule: "encoding".to_owned(),
            severity: Severity::Warning,
            note: note.path.to_string(),
            line: problem.position.line,
            column: problem.position.column,
            message: problem.message.clone(),
            excerpt: note
                .lines
                .text(&note.text, problem.position.line)
                .to_owned(),
        })
        .collect()
}

/// Directives that could not be understood: errors, since what they ask for does not happen.
pub fn directive_problems(read: &NoteRead) -> Vec<Finding> {
    read.directives
        .iter()
        .flat_map(|directives| &directives.problems)
        .map(|(span, message)| {
            let at = read.note.position(span.start);
            read.finding("directive", Severity::Error, at, message.clone())
        })
        .collect()
}

/// Rules of `verify.toml` for blocks that the note does not have (any more): what they ask for does not
/// happen.
pub fn lost_rules(read: &NoteRead, settings: &Settings) -> Vec<Finding> {
    let note = &read.note;
    let rules = settings.block_rules_of(&note.path);
    let lost = rules.filter(|rule| {
        let mut blocks = note.blocks.iter();
        !blocks.any(|block| rule.block.is(&block.id, block.line..=block.end_line))
    });
    let ids: Vec<&str> = note.blocks.iter().map(|block| block.id.as_str()).collect();
    lost.map(|rule| {
        let (line, message) = match &rule.block {
            BlockName::Line(line) => (*line, format!("there is no block on line {line}")),
            BlockName::Id(id) => (1, no_such_id(id, &ids)),
        };
        Finding {
            rule: "directive".to_owned(),
            severity: Severity::Error,
            note: note.path.to_string(),
            line: line.min(note.lines.count()),
            column: 1,
            message: format!("verify.toml has a [[block]] for this note, but {message}"),
            excerpt: String::new(),
        }
    })
    .collect()
}

fn no_such_id(id: &str, known: &[&str]) -> String {
    let meant = suggest::nearest(id, known);
    let hint = meant.map_or_else(
        || "; the JSON report has the ids".to_owned(),
        |meant| format!("; did you mean `{meant}`?"),
    );
    format!("no block has the id `{id}`{hint}")
}
