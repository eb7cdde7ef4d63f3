//! What a program made from a snippet consists of, and its rendering as Go source.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::report::Shape;

use super::alternative::alternatives;
use super::item::{Item, ItemKind};
use super::needs::Need;
use super::probe::Probes;
use super::source::Edit;
use super::stand_in::StandIns;
use super::testing::{self, Tests};
use super::variable::Variable;
use super::{Snippet, context::Declaration};

/// Functions that nothing calls are called one program each, up to this many; the rest share one.
const MOST_DRIVEN: usize = 8;

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
    /// Changes to the code of each block that is copied.
    pub edits: BTreeMap<usize, Vec<Edit>>,
    /// Declarations carried in from other blocks.
    pub carried: Vec<Declaration>,
    /// Something is carried in from another note.
    pub of_other_notes: bool,
    /// Something is carried in of which its author left a part out.
    pub of_elided: bool,
    /// Declarations that are not carried in, because they do not fit.
    pub refused: BTreeSet<Declaration>,
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
    /// Packages that are not imported although a qualified name seems to ask for them.
    pub not_imported: BTreeSet<String>,
    /// A name was carried in of which the note has several versions.
    pub one_of_several: bool,
    /// The body stands in a function with this many results, because it returns them.
    pub results: Option<usize>,
    /// Lines of the code (from 0) whose errors the note claims: never repaired. Whether that goes for
    /// unused names too: those are a fragment's form, unless the note speaks of them.
    pub kept: BTreeMap<usize, bool>,
    /// What it needs that is not there.
    pub needs: Option<Need>,
    /// It is not run because of that: nothing is claimed that a run could confirm nevertheless.
    pub declined: bool,
    /// Bodies were left out and end in a `panic` of ours: never run.
    pub left_out: bool,
    /// What is observed besides output.
    pub probes: Probes,
    /// It is the code as it stands, with nothing put in order: a whole file.
    pub verbatim: bool,
}

impl Draft {
    /// The programs a snippet gives: one per alternative and per driven function.
    pub fn of(snippet: &Arc<Snippet>) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for alternative in alternatives(&snippet.items) {
            let draft = Draft::place(snippet, &alternative);
            drafts.extend(draft.driven());
        }
        drafts
    }

    /// The programs a snippet gives with the tests of another block.
    pub fn of_with_tests(snippet: &Arc<Snippet>, other: &Arc<Snippet>) -> Vec<Draft> {
        let is_part = |item: &Item| {
            testing::is_test(item) || item.names.iter().any(|name| name.starts_with("Example"))
        };
        let carried: Vec<Declaration> = (0..other.items.len())
            .filter(|&item| is_part(&other.items[item]))
            .map(|item| Declaration {
                block: other.block,
                item,
                name: other.items[item].names[0].clone(),
                local: false,
            })
            .collect();
        let pieces = carried
            .iter()
            .map(|declaration| (&other.syntax, &other.items[declaration.item]));
        let Some(tests) = Tests::among(pieces) else {
            return Vec::new();
        };
        let with_tests = |alternative: Vec<usize>| {
            let mut draft = Draft::place(snippet, &alternative);
            draft.run_tests(tests.clone());
            draft.carried.clone_from(&carried);
            draft
        };
        alternatives(&snippet.items)
            .into_iter()
            .map(with_tests)
            .collect()
    }

    /// Put each item of one alternative where it belongs.
    fn place(snippet: &Arc<Snippet>, alternative: &[usize]) -> Draft {
        let items = &snippet.items;
        let packaged = alternative
            .iter()
            .any(|&at| matches!(items[at].kind, ItemKind::Package(_)));
        let code = || {
            alternative
                .iter()
                .copied()
                .filter(|&at| items[at].is_code())
        };
        let statements = code().any(|at| !items[at].is_declaration());
        let top_level = code().any(|at| items[at].is_top_level_only());
        let all_top =
            packaged || !statements && (top_level || snippet.shape == Shape::Declarations);
        let locals: BTreeSet<&String> = code()
            .filter(|&at| matches!(items[at].kind, ItemKind::ShortVar))
            .flat_map(|at| &items[at].names)
            .collect();
        let mut top = Vec::new();
        let mut body = Vec::new();
        for at in code() {
            let item = &items[at];
            let hoisted = all_top
                || item.is_top_level_only()
                || top_level && hoists(item, at, alternative, items, &locals);
            if hoisted { &mut top } else { &mut body }.push(at);
        }
        let nests = nests(&body, items);
        Draft {
            snippet: Arc::clone(snippet),
            top,
            body,
            nests,
            calls: Vec::new(),
            arguments: BTreeMap::new(),
            tests: None,
            edits: BTreeMap::new(),
            carried: Vec::new(),
            of_other_notes: false,
            of_elided: false,
            refused: BTreeSet::new(),
            borrowed: BTreeMap::new(),
            unfit_variables: BTreeSet::new(),
            stand_ins: StandIns::default(),
            stand_in_rounds: 0,
            no_stand_ins: false,
            imports: BTreeSet::new(),
            modules: BTreeMap::new(),
            not_imported: BTreeSet::new(),
            one_of_several: false,
            results: None,
            kept: BTreeMap::new(),
            needs: None,
            declined: false,
            left_out: snippet.elided,
            probes: Probes::default(),
            verbatim: false,
        }
    }

    /// This draft once for its tests, if it has some, and once for each function that nothing calls and
    /// that can be called.
    fn driven(self) -> Vec<Draft> {
        let tested = self.tested();
        if self.has_main() {
            return [self].into_iter().chain(tested).collect();
        }
        let uncalled = self.uncalled();
        if tested.is_some() && self.body.is_empty() && uncalled.is_empty() {
            return tested.into_iter().collect();
        }
        if self.body.is_empty() && uncalled.len() > 1 && uncalled.len() <= MOST_DRIVEN {
            return uncalled
                .into_iter()
                .map(|name| Draft {
                    calls: vec![name],
                    ..self.clone()
                })
                .chain(tested)
                .collect();
        }
        [Draft {
            calls: uncalled,
            ..self
        }]
        .into_iter()
        .chain(tested)
        .collect()
    }

    /// The functions that nothing calls and that can be called.
    fn uncalled(&self) -> Vec<String> {
        let items = &self.snippet.items;
        let mut uncalled: Vec<String> = Vec::new();
        for &at in &self.top {
            let ItemKind::Func(signature) = &items[at].kind else {
                continue;
            };
            let name = &items[at].names[0];
            let callable = signature.parameters == 0
                && !signature.generic
                && signature.body
                && name != "init"
                && name != "_";
            let called = self
                .top
                .iter()
                .chain(&self.body)
                .any(|&other| other != at && items[other].mentions.contains(name));
            if callable && !called {
                uncalled.push(name.clone());
            }
        }
        uncalled
    }

    /// This draft once for each of its functions that `arguments` finds arguments for, if there is nothing else to
    /// execute.
    pub fn called_with(
        self,
        mut arguments: impl FnMut(&Draft, &Item) -> Option<String>,
    ) -> Vec<Draft> {
        if self.executes() {
            return vec![self];
        }
        let snippet = Arc::clone(&self.snippet);
        let found: Vec<(String, String)> = self
            .top
            .iter()
            .map(|&at| &snippet.items[at])
            .filter(|item| matches!(&item.kind, ItemKind::Func(signature) if signature.body && signature.parameters > 0))
            .filter_map(|item| Some((item.names[0].clone(), arguments(&self, item)?)))
            .take(MOST_DRIVEN)
            .collect();
        if found.is_empty() {
            return vec![self];
        }
        found
            .into_iter()
            .map(|(name, arguments)| Draft {
                calls: vec![name.clone()],
                arguments: BTreeMap::from([(name, arguments)]),
                ..self.clone()
            })
            .collect()
    }

    /// This draft with its tests run, if it has some.
    fn tested(&self) -> Option<Draft> {
        let snippet = &self.snippet;
        let items = || self.top.iter().map(|&at| &snippet.items[at]);
        let tests = Tests::among(items().map(|item| (&snippet.syntax, item)))?;
        let mut draft = self.clone();
        draft.run_tests(tests);
        Some(draft)
    }

    /// Run `tests` instead of `main`.
    fn run_tests(&mut self, tests: Tests) {
        self.body.clear();
        self.nests.clear();
        let snippet = Arc::clone(&self.snippet);
        let mut own = self.top.iter().map(|&at| &snippet.items[at]);
        let main = own.find(|item| is_main(item));
        if let Some(edit) = main.and_then(|main| testing::rename_main(&snippet.syntax, main)) {
            self.edit(snippet.block, edit);
        }
        self.tests = Some(tests);
    }

    /// This draft as a file for `go test`, which brings its own `main`.
    pub fn as_test_file(&self) -> Draft {
        let mut draft = self.clone();
        if let Some(tests) = &mut draft.tests {
            tests.file = true;
        }
        let mains = self.top.iter().map(|&at| &self.snippet.items[at]);
        let renamed: Vec<Edit> = mains
            .filter(|item| is_main(item))
            .filter_map(|main| testing::rename_main(&self.snippet.syntax, main))
            .collect();
        if let Some(edits) = draft.edits.get_mut(&self.snippet.block) {
            edits.retain(|edit| !renamed.contains(edit));
        }
        draft
    }

    /// Whether the snippet itself has a `main`.
    pub fn has_main(&self) -> bool {
        self.top.iter().any(|&at| is_main(&self.snippet.items[at]))
    }

    /// Whether it is there to be type-checked only: something is left out or stood in for, or it needs something.
    pub fn is_compiled_only(&self) -> bool {
        self.left_out
            || self.of_elided
            || self.declined
            || !self.stand_ins.is_empty()
            || !self.borrowed.is_empty()
    }

    /// Whether running it executes anything of the note.
    pub fn executes(&self) -> bool {
        self.has_main()
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

    /// Whether the item at byte `offset` of the code is part of it.
    pub fn covers(&self, offset: usize) -> bool {
        self.top.iter().chain(&self.body).any(|&at| {
            let extent = &self.snippet.items[at].extent;
            extent.start <= offset && offset <= extent.end
        })
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

    /// Whether what it does may differ from what its author's whole program does: values of variables of
    /// another block are carried in, or declarations of another note.
    pub fn carries_values(&self) -> bool {
        self.of_other_notes
            || !self.borrowed.is_empty()
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

/// Whether a declaration among statements stands outside of `main`, because a function needs it: a
/// type or constant declared once, or a variable that a function mentions and whose initialiser
/// needs no local variable.
fn hoists(
    item: &Item,
    at: usize,
    alternative: &[usize],
    items: &[Item],
    locals: &BTreeSet<&String>,
) -> bool {
    if !item.is_declaration() {
        return false;
    }
    let mentioned = alternative.iter().any(|&other| {
        items[other].is_top_level_only()
            && (item
                .names
                .iter()
                .any(|name| items[other].mentions.contains(name))
                || matches!(&items[other].kind, ItemKind::Method { receiver } if item.names.contains(receiver)))
    });
    let again = alternative.iter().any(|&other| {
        other != at
            && items[other]
                .names
                .iter()
                .any(|name| item.names.contains(name))
    });
    match item.kind {
        ItemKind::Type => mentioned,
        ItemKind::Const => mentioned && !again,
        _ => mentioned && !again && !item.mentions.iter().any(|name| locals.contains(name)),
    }
}

/// The items of `body` that declare a name again and so need a scope of their own.
///
/// `:=` may declare names again as long as one is new; `var`, `const` and `type` may not at all. The
/// scope stays open to the end, so that every earlier name stays visible.
fn nests(body: &[usize], items: &[Item]) -> BTreeSet<usize> {
    let mut declared: BTreeSet<&str> = BTreeSet::new();
    let mut nests = BTreeSet::new();
    for &at in body {
        let item = &items[at];
        let mut names = item
            .names
            .iter()
            .map(String::as_str)
            .filter(|name| *name != "_")
            .peekable();
        if names.peek().is_none() {
            continue;
        }
        let again = match item.kind {
            ItemKind::ShortVar => names.clone().all(|name| declared.contains(name)),
            _ => names.clone().any(|name| declared.contains(name)),
        };
        if again {
            nests.insert(at);
            declared.clear();
        }
        declared.extend(names);
    }
    nests
}
