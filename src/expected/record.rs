//! The files in `expected/`: one for each note, TOML, one table for each program.
//!
//! ```toml
//! go = "1.26"
//!
//! [[program]]
//! block = "闭包/循环变量#1"
//! content = "0f3a…"
//! does = "ran"
//! output = '''
//! 0
//! 1
//! '''
//! ```
//!
//! TOML, because people have to read and merge it: an output is shown as it is, line by line, tables are
//! set apart by an empty line, and nothing counts across tables (no line numbers, no indexes), so that an
//! edit in one place of a note changes one place of the file. It is written by hand here because
//! serializers don't choose the multi-line literal form.

use std::fmt::Write as _;
use std::io::ErrorKind;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

/// The folder, beside `verify.toml`.
pub const FOLDER: &str = "expected";

/// What the programs of one note did when they were last blessed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The language version of the Go they ran on.
    #[serde(default)]
    pub go: String,
    /// The programs, in the note's order.
    #[serde(default, rename = "program")]
    pub programs: Vec<Entry>,
}

/// What one program did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The block's id: heading path and ordinal.
    pub block: String,
    /// Which of the block's programs, from 1.
    #[serde(default = "first")]
    pub part: u32,
    /// The hash of the block's code without its comments.
    pub content: String,
    /// What became of it.
    pub does: Does,
    /// What it wrote to stdout and stderr, in order; `[..]` stands for what differs from run to run.
    #[serde(default)]
    pub output: String,
    /// Whether the lines come in any order.
    #[serde(default)]
    pub any_order: bool,
    /// The first line of its crash.
    #[serde(default)]
    pub crash: String,
    /// Its exit code, if it is not 0 and no crash.
    #[serde(default)]
    pub exit: i32,
    /// Why it does not compile: names that nothing provides, or the compiler's first words.
    #[serde(default)]
    pub errors: Vec<String>,
    /// The escape report, in the code's order, where the note speaks of storage.
    #[serde(default)]
    pub escapes: Vec<String>,
}

fn first() -> u32 {
    1
}

/// What became of a program, as far as it is the same in every run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Does {
    /// It ran to its end, or crashed.
    Ran,
    /// It ran, and what it does differs from run to run, or from machine to machine.
    Varied,
    /// It was stopped at a limit of time, memory or output.
    NeverEnded,
    /// It compiles, and there is nothing to run.
    Compiled,
    /// It lacks names or modules.
    Incomplete,
    /// It does not compile.
    #[default]
    Broken,
}

impl Does {
    fn word(self) -> &'static str {
        match self {
            Self::Ran => "ran",
            Self::Varied => "varied",
            Self::NeverEnded => "never-ended",
            Self::Compiled => "compiled",
            Self::Incomplete => "incomplete",
            Self::Broken => "broken",
        }
    }
}

/// Why a record can't be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The file system refuses.
    #[error("{path} cannot be read: {source}")]
    Io {
        /// The file.
        path: Utf8PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is no record.
    #[error(
        "{path} is no record of gosnip: {message}; correct it, or delete it and run `gosnip bless`"
    )]
    Invalid {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong.
        message: String,
    },
}

/// The file of a note's record; `note` is relative to `folder`, the folder of `verify.toml`. `None` for a
/// note outside of it.
pub fn file(folder: &Utf8Path, note: &Utf8Path) -> Option<Utf8PathBuf> {
    let inside = note
        .components()
        .all(|part| matches!(part, camino::Utf8Component::Normal(_)));
    inside.then(|| folder.join(FOLDER).join(format!("{note}.toml")))
}

/// Read a record; `None` if there is none.
pub fn load(path: &Utf8Path) -> Result<Option<Record>, RecordError> {
    match crate::bounded::text(path) {
        Ok(text) => toml::from_str(&text)
            .map(Some)
            .map_err(|error| RecordError::Invalid {
                path: path.to_owned(),
                message: error.message().to_owned(),
            }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(RecordError::Io {
            path: path.to_owned(),
            source,
        }),
    }
}

impl Record {
    /// The file's text.
    pub fn render(&self, note: &Utf8Path) -> String {
        let mut text = format!(
            "# What the Go programs of {} did when they were last blessed. `gosnip bless` writes this file.\ngo = {}\n",
            note.as_str().replace(['\n', '\r'], " "),
            quoted(&self.go)
        );
        for entry in &self.programs {
            entry.render(&mut text);
        }
        text
    }
}

impl Entry {
    // Writing to a String does not fail.
    fn render(&self, text: &mut String) {
        let _ = writeln!(text, "\n[[program]]\nblock = {}", quoted(&self.block));
        if self.part != 1 {
            let _ = writeln!(text, "part = {}", self.part);
        }
        let _ = writeln!(
            text,
            "content = {}\ndoes = \"{}\"",
            quoted(&self.content),
            self.does.word()
        );
        if self.any_order {
            text.push_str("any_order = true\n");
        }
        if !self.output.is_empty() {
            let _ = writeln!(text, "output = {}", lines(&self.output));
        }
        if !self.crash.is_empty() {
            let _ = writeln!(text, "crash = {}", quoted(&self.crash));
        }
        if self.exit != 0 {
            let _ = writeln!(text, "exit = {}", self.exit);
        }
        list(text, "errors", &self.errors);
        list(text, "escapes", &self.escapes);
    }
}

fn list(text: &mut String, key: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    let _ = writeln!(text, "{key} = [");
    for item in items {
        let _ = writeln!(text, "  {},", quoted(item));
    }
    text.push_str("]\n");
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Several lines as they are, if TOML's literal form can hold them.
fn lines(text: &str) -> String {
    let literal = text
        .chars()
        .all(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        && !text.contains("'''")
        && !text.ends_with('\'');
    if literal {
        format!("'''\n{text}'''")
    } else {
        escaped(text)
    }
}

/// A basic string of several lines, with an escape for everything that needs one.
fn escaped(text: &str) -> String {
    let mut out = String::from("\"\"\"\n");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push_str("\"\"\"");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_record_reads_back_as_it_was_written(
            output in any::<String>(),
            block in any::<String>(),
            errors in proptest::collection::vec(any::<String>(), 0..3),
            part in 1u32..4,
        ) {
            let entry = Entry { block, part, output, errors, content: "ab".into(), ..Entry::default() };
            let record = Record { go: "1.26".into(), programs: vec![entry.clone(), entry] };
            let text = record.render(Utf8Path::new("a.md"));
            let again: Record = toml::from_str(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            prop_assert_eq!(again, record);
        }
    }

    #[test]
    fn an_output_is_shown_line_by_line() {
        let entry = Entry {
            block: "闭包#1".into(),
            part: 1,
            does: Does::Ran,
            output: "0\n1\n".into(),
            ..Entry::default()
        };
        let record = Record {
            go: "1.26".into(),
            programs: vec![entry],
        };
        insta::assert_snapshot!(record.render(Utf8Path::new("a.md")), @r#"
        # What the Go programs of a.md did when they were last blessed. `gosnip bless` writes this file.
        go = "1.26"

        [[program]]
        block = "闭包#1"
        content = ""
        does = "ran"
        output = '''
        0
        1
        '''
        "#);
    }
}
