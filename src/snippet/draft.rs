//! What a program made from a snippet consists of.

mod driving;
mod overwriting;
mod placing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::report::Shape;

use super::item::{Item, ItemKind};
use super::needs::Need;
use super::partial::Rest;
use super::probe::Probes;
use super::repair::line_of;
use super::source::{Edit, Place};
use super::stand_in::StandIns;
use super::testing::{self, Tests};
use super::variable::Variable;
use super::{Snippet, context::Declaration};

/// What a note says is wrong with lines that do not compile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Blame {
    /// It does not say.
    #[default]
    Unsaid,
    /// A name that is not there, or can't be seen.
    Name,
    /// Something else.
    Other,
}

/// A program in the making.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The snippet it is made from.
    pub snippet: Arc<Snippet>,
    /// The items that stand outside of functions, in source order.
    pub top: Vec<usize>,
    /// The items that stand in `main`, in source order.
    pub body: Vec<usize>,
    /// Items of `body` before which a nested scope opens, because they declare names again.
    pub nests: BTreeSet<usize>,
    /// Functions that `main` calls after the body.
    pub calls: Vec<String>,
    /// With which arguments those of them are called that have parameters, as the note has it elsewhere.
    pub arguments: BTreeMap<String, String>,
    /// Tests that are run instead of a `main`.
    pub tests: Option<Tests>,
    /// What the body is the body of, if a function that only `go test` calls.
    pub test_body: Option<testing::Body>,
    /// Changes to the code of each block that is copied.
    pub edits: BTreeMap<usize, Vec<Edit>>,
    /// Declarations carried in from other blocks.
    pub carried: Vec<Declaration>,
    /// The other fields of structs that are shown in part, by block and item.
    pub rests: BTreeMap<(usize, usize), Rest>,
    /// Such structs stay as they are shown: what elsewhere belongs to them needs names that nothing declares.
    pub as_shown: bool,
    /// Something is carried in from another note.
    pub of_other_notes: bool,
    /// Something is carried in of which its author left a part out.
    pub of_elided: bool,
    /// What it declares and the note defines in assembly, which is not built here.
    pub assembled: Option<String>,
    /// Declarations that are not carried in, because they do not fit.
    pub refused: BTreeSet<Declaration>,
    /// What the compiler has against the nearest versions of what is carried in, if others were tried after it.
    pub nearest: Option<(Place, String)>,
    /// Variables of the note that stand in for those of the same names, whose values are not known.
    pub borrowed: BTreeMap<String, Variable>,
    /// The declarations of such variables that do not fit.
    pub unfit_variables: BTreeSet<String>,
    /// What stands in for names that nothing declares: enough to type-check, nothing to run.
    pub stand_ins: StandIns,
    /// How often the compiler told more about stand-ins.
    pub stand_in_rounds: usize,
    /// Stand-ins were tried and did not fit.
    pub no_stand_ins: bool,
    /// Packages that are imported although no qualified name asks for them.
    pub imports: BTreeSet<String>,
    /// Packages of modules that another block imports: by name, the import specification.
    pub modules: BTreeMap<String, String>,
    /// Packages of the note itself whose declarations are carried in: by the name they are called, the package.
    pub joined: BTreeMap<String, String>,
    /// Packages that are not imported although a qualified name seems to ask for them.
    pub not_imported: BTreeSet<String>,
    /// A name was carried in of which the note has several versions.
    pub one_of_several: bool,
    /// The body stands in a function with this many results, because it returns them.
    pub results: Option<usize>,
    /// Lines of the code (from 0) whose errors the note claims: never repaired. Whether that goes for
    /// unused names too: those are a fragment's form, unless the note speaks of them.
    pub kept: BTreeMap<usize, bool>,
    /// What the note says is wrong with those lines.
    pub blame: Blame,
    /// Names that are not used stay errors: the note says that the block does not compile.
    pub keeps_unused: bool,
    /// What the compiler has against a complete program as it stands, though it is mended: unused names, and
    /// packages that are not imported. With the place in the note.
    pub rejected: Vec<(Place, String)>,
    /// What it needs that is not there.
    pub needs: Option<Need>,
    /// It is not run because of that: nothing is claimed that a run could confirm nevertheless.
    pub declined: bool,
    /// Bodies were left out and end in a `panic` of ours: never run.
    pub left_out: bool,
    /// Nothing is carried in from behind the block, or stood in for: what a reader has who follows the note.
    pub early: bool,
    /// A claim asks what it does: goroutines that the driver's end would cut off get their turn.
    pub yields: bool,
    /// What is observed besides output.
    pub probes: Probes,
    /// It is the code as it stands, with nothing put in order: a whole file.
    pub verbatim: bool,
}

impl Draft {
    /// Whether the snippet itself has a `main`.
    pub fn has_main(&self) -> bool {
        self.top.iter().any(|&at| is_main(&self.snippet.items[at]))
    }

    /// Whether the `main` of another file of the same program is carried in.
    pub fn carries_main(&self) -> bool {
        self.carried.iter().any(|carried| carried.name == "main")
    }

    /// Whether it is there to be type-checked only: something is left out or stood in for, or it needs something.
    pub fn is_compiled_only(&self) -> bool {
        self.left_out
            || self.of_elided
            || self.assembled.is_some()
            || self.declined
            || !self.stand_ins.is_empty()
            || !self.of_unknown_value().is_empty()
    }

    /// The variables of the note that stand in for those of the code, and of which the code needs the value. It does not
    /// where the first thing it does with one is to give it another: `words = words2[1:]`.
    pub fn of_unknown_value(&self) -> Vec<&str> {
        let names = self.borrowed.iter();
        names
            .filter(|(name, variable)| !(variable.is_idle() && overwriting::overwrites(self, name)))
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// Whether running it executes anything of the note.
    pub fn executes(&self) -> bool {
        self.has_main()
            || self.carries_main()
            || !self.body.is_empty()
            || !self.calls.is_empty()
            || self.tests.is_some()
            || !self.probes.values.is_empty()
            || self
                .top
                .iter()
                .any(|&at| self.snippet.items[at].names == ["init"])
    }

    /// Whether it is a whole file as its author would run it.
    pub fn is_complete(&self) -> bool {
        self.snippet.shape == Shape::Program && self.has_main()
    }

    /// Whether a missing name may be the error that the note speaks of: then the compiler is asked first.
    pub fn may_lack_names(&self) -> bool {
        !self.kept.is_empty() && self.blame != Blame::Other
    }

    /// Whether the item at byte `offset` of the code is part of it.
    pub fn covers(&self, offset: usize) -> bool {
        self.top.iter().chain(&self.body).any(|&at| {
            let extent = &self.snippet.items[at].extent;
            extent.start <= offset && offset <= extent.end
        })
    }

    /// The same with nothing but what stands before the block in its note.
    pub fn early(self) -> Self {
        Self {
            early: true,
            no_stand_ins: true,
            ..self
        }
    }

    /// Keep the errors of a line (from 0), because the note claims them. With `again`, that includes those of
    /// declaring a name again, and then the line gets no scope of its own.
    pub fn keep(&mut self, line: usize, with_unused: bool, again: bool) {
        self.kept.insert(line, with_unused);
        if again {
            let snippet = Arc::clone(&self.snippet);
            self.nests.retain(|&at| {
                let span = &snippet.items[at].span;
                let lines = line_of(snippet.code(), span.start)..=line_of(snippet.code(), span.end);
                !lines.contains(&line)
            });
        }
    }

    /// Add an edit to a block's code, unless it is there already.
    pub fn edit(&mut self, block: usize, edit: Edit) -> bool {
        let edits = self.edits.entry(block).or_default();
        let new = !edits.contains(&edit);
        if new {
            edits.push(edit);
        }
        new
    }

    /// Whether the note declares one of these names, and not as it is needed here.
    pub fn has_refused(&self, names: &[&str]) -> bool {
        let mut refused = self.refused.iter();
        refused.any(|declaration| names.contains(&declaration.name.as_str()))
    }

    /// Whether packages of the note are put into one: types that it names are of another package then.
    pub fn joins_packages(&self) -> bool {
        !self.joined.is_empty()
    }

    /// Whether what it does may differ from what its author's whole program does: values of variables of
    /// another block are carried in, or declarations of another note.
    pub fn carries_values(&self) -> bool {
        self.of_other_notes
            || !self.of_unknown_value().is_empty()
            || self.carried.iter().any(|declaration| declaration.local)
    }
}

fn is_main(item: &Item) -> bool {
    matches!(item.kind, ItemKind::Func(_)) && item.names == ["main"]
}

/// The name a package is used by: the last part of its path, or the one before a version (`/v2`).
pub fn import_name(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let last = parts.next().unwrap_or(path);
    let version = last.len() > 1
        && last.starts_with('v')
        && last[1..].bytes().all(|byte| byte.is_ascii_digit());
    if version {
        parts.next().unwrap_or(last)
    } else {
        last
    }
}
