//! Go's own test files: the recipe on their first line (`// errorcheck -0 -m -l`, `// run`), and `// ERROR "re"`
//! behind the lines that the compiler is to complain of.
//!
//! The rules are those of the runner of Go's own tests (`cmd/internal/testdir`): a recipe holds for a whole file,
//! and every message of the compiler must be asked for, on its line, and every one asked for must be there.

use std::ops::Range;

use crate::note::{Block, Note, Origin};
use crate::snippet::Snippet;

use super::{Claim, Confidence, Form, Kind, Subject};

mod constraint;
pub mod wanted;

use wanted::Wanted;

/// What is to be done with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Compile it with these flags, and look at every message.
    ErrorCheck {
        /// Whether it must not compile.
        fails: bool,
        /// The flags.
        flags: Vec<String>,
    },
    /// It must compile with these flags, whatever the compiler says.
    Compile(Vec<String>),
    /// It must run, exit with 0 and print what the `.out` file holds, or nothing.
    Run,
    /// It needs more than one file, other tools or other settings: why it is left alone.
    Declined(String),
}

/// The recipe of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// What is to be done.
    pub action: Action,
    /// Its line in the code, from 0; `None` where `// ERROR` comments in a whole file stand for it.
    pub line: Option<usize>,
    /// Bytes of the code.
    pub span: Range<usize>,
}

/// The recipe of a block, if it has one.
///
/// A file has what its first line says. A fence may be a whole file too; but `// run` above a fence is what
/// people write, so there it is no recipe. A whole file with `// ERROR` comments has one without saying so.
pub fn of(block: &Block) -> Option<Recipe> {
    let code = &block.code.text;
    let is_file = block.origin == Origin::File;
    let stated = stated(code).filter(|recipe| match recipe.action {
        Action::ErrorCheck { .. } => true,
        Action::Run | Action::Compile(_) | Action::Declined(_) => is_file,
    });
    stated.or_else(|| implied(code))
}

/// The recipe that the first line gives, build constraints aside.
fn stated(code: &str) -> Option<Recipe> {
    let mut start = 0;
    for (number, line) in code.split('\n').enumerate() {
        let text = line.trim();
        let constraint = text.starts_with("//go:build") || text.starts_with("// +build");
        if !constraint && !text.is_empty() {
            let words = text.strip_prefix("//")?.trim();
            let action = action(words)?;
            let from = start + line.find("//")?;
            return Some(Recipe {
                action: match unmet(code) {
                    Some(constraint) => Action::Declined(constraint),
                    None => action,
                },
                line: Some(number),
                span: from..start + line.trim_end().len(),
            });
        }
        start += line.len() + 1;
    }
    None
}

fn action(words: &str) -> Option<Action> {
    let mut words = words.split_whitespace();
    let name = words.next()?;
    let mut rest: Vec<&str> = words.collect();
    let (mut flags, mut arguments) = (Vec::new(), Vec::new());
    let mut fails = matches!(name, "errorcheck" | "errorcheckwithauto");
    let mut settings = None;
    rest.reverse();
    while let Some(word) = rest.pop() {
        match word {
            "-0" => fails = false,
            "-1" => fails = true,
            "-s" => {}
            "-t" => drop(rest.pop()),
            "-goexperiment" | "-godebug" | "-gomodversion" => {
                settings = Some(format!("{word} {}", rest.pop().unwrap_or_default()));
            }
            _ if word.starts_with('-') && arguments.is_empty() => flags.push(word.to_owned()),
            _ => arguments.push(word),
        }
    }
    let known = matches!(
        name,
        "errorcheck" | "errorcheckwithauto" | "run" | "compile" | "build"
    );
    let foreign = [
        ("errorcheckdir", "several files"),
        ("errorcheckandrundir", "several files"),
        ("errorcheckoutput", "a program that writes another program"),
        ("runoutput", "a program that writes another program"),
        ("rundir", "several files"),
        ("runindir", "a module of its own"),
        ("compiledir", "several files"),
        ("builddir", "several files"),
        ("buildrundir", "several files"),
        ("buildrun", "`go build` with flags of its own"),
        ("asmcheck", "the assembly that the compiler makes"),
        ("skip", "nothing at all: it is to be skipped"),
    ];
    // Prose may start with the same words: `// run the program twice`.
    if !arguments.is_empty() && name != "runoutput" {
        return None;
    }
    if let Some((_, what)) = foreign.iter().find(|(other, _)| *other == name) {
        return Some(Action::Declined(format!(
            "its recipe is `{name}`, which is about {what}"
        )));
    }
    if !known {
        return None;
    }
    if let Some(settings) = settings {
        return Some(Action::Declined(format!(
            "its recipe asks for `{settings}`, which gosnip does not set"
        )));
    }
    Some(match name {
        "errorcheck" | "errorcheckwithauto" => {
            let has_debug = flags.iter().position(|flag| flag.starts_with("-d="));
            match has_debug {
                Some(at) => flags[at].push_str(",ssa/check/on"),
                None => flags.push("-d=ssa/check/on".to_owned()),
            }
            Action::ErrorCheck { fails, flags }
        }
        "run" if !flags.is_empty() => Action::Declined(format!(
            "its recipe is run with `{}`, which gosnip does not do",
            flags.join(" ")
        )),
        "run" => Action::Run,
        _ => Action::Compile(flags),
    })
}

/// A whole file with `// ERROR` comments: what Go's runner would be told of it. Where they all speak of
/// escapes and inlining, it compiles.
fn implied(code: &str) -> Option<Recipe> {
    let whole = code
        .lines()
        .find(|line| !line.trim().is_empty() && !line.trim_start().starts_with("//"))
        .is_some_and(|line| line.starts_with("package "));
    let wanted = wanted::all(code);
    if !whole || wanted.is_empty() {
        return None;
    }
    let fails = !wanted.iter().all(Wanted::is_of_escapes);
    Some(Recipe {
        action: Action::ErrorCheck {
            fails,
            flags: if fails { vec![] } else { vec!["-m".to_owned()] },
        },
        line: None,
        span: wanted[0].span.clone(),
    })
}

/// The build constraint that is not met here, as a reason.
fn unmet(code: &str) -> Option<String> {
    let head = code.split("\npackage ").next().unwrap_or_default();
    head.lines()
        .filter_map(|line| line.trim().strip_prefix("//go:build "))
        .find(|expression| !constraint::holds(expression))
        .map(|expression| format!("its build constraint is not met here: {expression}"))
}

/// The claims of a block's recipe.
pub fn claims(note: &Note, snippet: &Snippet, recipe: &Recipe) -> Vec<Claim> {
    let code = &note.blocks[snippet.block].code.text;
    let claim = |span: Range<usize>, kind, subject, expected: &str| Claim {
        block: snippet.block,
        text: code[span.clone()].trim_start_matches('/').trim().to_owned(),
        span,
        form: Form::Expectation,
        kind,
        subject,
        expected: expected.to_owned(),
        hedged: false,
        negated: false,
        confidence: Confidence::Certain,
        versions: None,
        stream: None,
    };
    let mut claims = Vec::new();
    let head = |kind, expected: &str| claim(recipe.span.clone(), kind, Subject::Block, expected);
    match &recipe.action {
        Action::ErrorCheck { fails, .. } => {
            if recipe.line.is_some() {
                claims.push(Claim {
                    negated: !fails,
                    ..head(Kind::CompileError, "")
                });
            }
            for wanted in wanted::all(code) {
                let kind = if wanted.is_of_escapes() && !fails {
                    Kind::Escape
                } else {
                    Kind::CompileError
                };
                let subject = Subject::Line(wanted.line);
                claims.push(claim(wanted.span, kind, subject, &wanted.pattern));
            }
        }
        Action::Compile(_) => claims.push(Claim {
            negated: true,
            ..head(Kind::CompileError, "")
        }),
        Action::Run => claims.push(head(
            Kind::Stdout,
            note.output.as_deref().unwrap_or_default(),
        )),
        Action::Declined(_) => {}
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action_of(code: &str) -> Option<Action> {
        stated(code).map(|recipe| recipe.action)
    }

    fn flags(text: &[&str]) -> Vec<String> {
        text.iter().map(|flag| (*flag).to_owned()).collect()
    }

    #[test]
    fn the_first_line_is_the_recipe() {
        assert_eq!(
            action_of("// errorcheck -0 -m -l\n\npackage p\n"),
            Some(Action::ErrorCheck {
                fails: false,
                flags: flags(&["-m", "-l", "-d=ssa/check/on"])
            })
        );
        assert_eq!(
            action_of("//go:build gc\n\n// errorcheck -d=panic\npackage p\n"),
            Some(Action::ErrorCheck {
                fails: true,
                flags: flags(&["-d=panic,ssa/check/on"])
            })
        );
        assert_eq!(action_of("// run\n\npackage main\n"), Some(Action::Run));
        assert!(matches!(
            action_of("// rundir\n\npackage ignored\n"),
            Some(Action::Declined(_))
        ));
    }

    #[test]
    fn prose_on_the_first_line_is_no_recipe() {
        for code in [
            "// run the program twice\npackage main\n",
            "// Copyright\npackage main\n",
            "// compile error: undefined\nx := y\n",
            "package main\n// run\n",
        ] {
            assert_eq!(action_of(code), None, "{code}");
        }
    }
}
