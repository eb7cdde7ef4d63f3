//! Where in the code a call can be made that only the text makes.
//!
//! A call of a function with nothing but values can be made anywhere. A call that names variables of the block above
//! (`s.Len()`, `len(s)`) speaks of what they hold, and that is known where the block ends. It need not be what its
//! author means: he may speak of an earlier moment, or of one after what he says next. So such a claim is explicit
//! only if it is a call, in the paragraphs right behind the block, as the first that the text says of the variable once something may
//! have changed it, and where the block itself does not show the same call; otherwise it is a weak guess.

use std::collections::{BTreeMap, BTreeSet};

use crate::note::{Note, Part};
use crate::snippet::Snippet;
use crate::snippet::calling::{self, held};
use crate::snippet::item::{Item, ItemKind};
use crate::snippet::probe::{Glance, Look};
use crate::snippet::repair::line_of;

use super::super::{Confidence, Kind, Subject};
use super::is_print;

/// How many paragraphs right behind a block speak of what its variables hold.
const PARAGRAPHS: usize = 2;

/// Where a call is made.
#[derive(Debug)]
pub(super) struct Site<'s> {
    /// The block.
    pub snippet: &'s Snippet,
    /// What is looked at.
    pub subject: Subject,
    /// How sure it is that this is what is meant.
    pub confidence: Confidence,
    /// Whether what it gives may be another at another moment.
    pub passes: bool,
}

impl Site<'_> {
    /// What the claim is about: of a line of the block, what it prints.
    pub fn kind(&self) -> Kind {
        match self.subject {
            Subject::Line(_) => Kind::Stdout,
            _ => Kind::Value,
        }
    }
}

/// The Go blocks that the prose at one place can speak of.
pub(super) struct Sites<'n, 's> {
    note: &'n Note,
    snippets: &'n [Option<&'s Snippet>],
    at: usize,
    /// Variables that a call in the text may have changed, with the index of their block.
    changed: BTreeSet<(usize, String)>,
    /// How often the text has made a call of this block.
    made: BTreeMap<(usize, String), usize>,
}

impl<'n, 's> Sites<'n, 's> {
    pub fn of(note: &'n Note, snippets: &'n [Option<&'s Snippet>]) -> Self {
        Self {
            note,
            snippets,
            at: 0,
            changed: BTreeSet::new(),
            made: BTreeMap::new(),
        }
    }

    /// From now on, the prose is the part at `at`.
    pub fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Where a call in a text can be made; with `gives`, only if it gives something.
    pub fn of_call(&mut self, call: &str, gives: bool) -> Option<Site<'s>> {
        if is_print(call) {
            return self.line_of(call).or_else(|| self.at_end(call));
        }
        let functions = self.section();
        let found = functions
            .iter()
            .find_map(|it| Some((*it, calling::called(call, it, gives)?)));
        match found {
            Some((snippet, function)) => Some(beside(snippet, function, call)),
            None => self.at_end(call),
        }
    }

    /// Where what stands in the cell of a table can be evaluated.
    pub fn of_cell(&mut self, call: &str) -> Option<Site<'s>> {
        if let Some(site) = self.of_call(call, true) {
            return Some(site);
        }
        let text = as_text(call);
        let (above, below) = self.note.parts.split_at(self.at);
        let blocks = above.iter().rev().chain(below);
        let go = blocks.filter_map(|part| self.go_block(part));
        let mut hosts = go.filter_map(|it| Some((it, calling::beside(&text, it)?)));
        let (snippet, function) = hosts.next()?;
        Some(beside(snippet, function, call))
    }

    fn go_block(&self, part: &Part) -> Option<&'s Snippet> {
        match part {
            Part::Block(block) => self
                .snippets
                .get(*block)
                .copied()
                .flatten()
                .filter(|it| it.is_go()),
            _ => None,
        }
    }

    /// The Go blocks of the section above the prose, the nearest first.
    fn above(&self) -> impl Iterator<Item = &'s Snippet> {
        let above = self.note.parts[..self.at].iter().rev();
        let above = above.take_while(|part| !matches!(part, Part::Heading { .. }));
        above.filter_map(|part| self.go_block(part))
    }

    /// The Go blocks of the section: those above, the nearest first, then those below.
    fn section(&self) -> Vec<&'s Snippet> {
        let below = self.note.parts[self.at..].iter();
        let below = below.take_while(|part| !matches!(part, Part::Heading { .. }));
        self.above()
            .chain(below.filter_map(|part| self.go_block(part)))
            .collect()
    }

    /// The line of the block above that is this statement, if there is just one.
    fn line_of(&self, statement: &str) -> Option<Site<'s>> {
        let snippet = self.above().next()?;
        let mut lines = snippet.code().lines().enumerate().filter(|(_, line)| {
            let code = line.split(" //").next().unwrap_or_default();
            code.trim() == statement.trim()
        });
        let (line, _) = lines.next().filter(|_| lines.next().is_none())?;
        Some(Site {
            snippet,
            subject: Subject::Line(line),
            confidence: Confidence::Likely,
            passes: false,
        })
    }

    /// What a call gives at the end of the block above.
    fn at_end(&mut self, call: &str) -> Option<Site<'s>> {
        let text = as_text(call);
        let (snippet, held) =
            self.above()
                .find_map(|snippet| match held::held(&text, snippet) {
                    Some(held) => Some(Some((snippet, held))),
                    // It speaks of the name, and what it is there is not known.
                    None => held::mentions(&text, snippet).then_some(None),
                })??;
        let before = self.note.parts[..self.at].iter().rev();
        let behind = before
            .take_while(|part| matches!(part, Part::Prose(_)))
            .count();
        let follows = behind < PARAGRAPHS
            && self.note.parts.get(self.at - behind - 1) == Some(&Part::Block(snippet.block));
        let key = |name: &String| (snippet.block, name.clone());
        let changed = held.names.iter().any(|it| self.changed.contains(&key(it)));
        let shown = snippet.code().contains(call.trim());
        if held.acts {
            self.changed.extend(held.names.iter().map(key));
        }
        // Made again, it is another call: blanks tell it from the first.
        let made = self.made.entry((snippet.block, text)).or_default();
        let again = " ".repeat(*made);
        *made += 1;
        Some(Site {
            snippet,
            subject: Subject::Value(Glance {
                line: held.line,
                expression: expression(call) + &again,
                look: Look::AtEnd,
            }),
            confidence: match follows && !changed && !shown && held.calls {
                true => Confidence::Likely,
                false => Confidence::Weak,
            },
            passes: true,
        })
    }
}

/// A call that can be made beside a function.
fn beside<'s>(snippet: &'s Snippet, function: &Item, call: &str) -> Site<'s> {
    // What is given may depend on variables that other code has changed by then.
    let own = |name: &String| call.contains(name.as_str());
    let is_variable = |name: &String| {
        let mut items = snippet.items.iter();
        items.any(|item| item.kind == ItemKind::Var && item.names.contains(name))
    };
    let depends = function.names.iter().any(own) && function.mentions.iter().any(is_variable);
    Site {
        snippet,
        subject: Subject::Value(Glance {
            line: line_of(snippet.code(), function.span.end),
            expression: expression(call),
            look: Look::Called,
        }),
        confidence: match depends {
            true => Confidence::Weak,
            false => Confidence::Certain,
        },
        passes: false,
    }
}

/// What is evaluated for a call: of a statement that prints, what it prints.
fn expression(call: &str) -> String {
    calling::printed(call).unwrap_or_else(|| call.trim().to_owned())
}

/// A statement that prints as a call that gives its text.
fn as_text(call: &str) -> String {
    match is_print(call) {
        true => call
            .trim()
            .replacen("fmt.", "fmt.S", 1)
            .replacen("SP", "Sp", 1),
        false => call.trim().to_owned(),
    }
}
