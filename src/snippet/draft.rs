//! What a program made from a snippet consists of, and its rendering as Go source.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::report::Shape;

use super::alternative::alternatives;
use super::item::{Item, ItemKind};
use super::probe::Probes;
use super::source::Edit;
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
    /// Go declarations that stand in for names nothing declares, by name: enough to type-check, nothing
    /// to run.
    pub stand_ins: BTreeMap<String, String>,
    /// Stand-ins were tried and did not fit.
    pub no_stand_ins: bool,
    /// Packages that are imported although no qualified name asks for them.
    pub imports: BTreeSet<String>,
    /// Packages of modules that another block imports: by name, the import specification.
    pub modules: BTreeMap<String, String>,
    /// Packages that are not imported although a qualified name seems to ask for them.
    pub not_imported: BTreeSet<String>,
    /// The body stands in a function with this many results, because it returns them.
    pub results: Option<usize>,
    /// Lines of the code (from 0) whose errors the note claims: never repaired. Whether that goes for
    /// unused names too: those are a fragment's form, unless the note speaks of them.
    pub kept: BTreeMap<usize, bool>,
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
            edits: BTreeMap::new(),
            carried: Vec::new(),
            of_other_notes: false,
            of_elided: false,
            refused: BTreeSet::new(),
            borrowed: BTreeMap::new(),
            unfit_variables: BTreeSet::new(),
            stand_ins: BTreeMap::new(),
            no_stand_ins: false,
            imports: BTreeSet::new(),
            modules: BTreeMap::new(),
            not_imported: BTreeSet::new(),
            results: None,
            kept: BTreeMap::new(),
            left_out: snippet.elided,
            probes: Probes::default(),
            verbatim: false,
        }
    }

    /// This draft once for each function that nothing calls and that can be called.
    fn driven(self) -> Vec<Draft> {
        if self.has_main() {
            return vec![self];
        }
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
        if self.body.is_empty() && uncalled.len() > 1 && uncalled.len() <= MOST_DRIVEN {
            return uncalled
                .into_iter()
                .map(|name| Draft {
                    calls: vec![name],
                    ..self.clone()
                })
                .collect();
        }
        vec![Draft {
            calls: uncalled,
            ..self
        }]
    }

    /// Whether the snippet itself has a `main`.
    pub fn has_main(&self) -> bool {
        self.top.iter().any(|&at| {
            let item = &self.snippet.items[at];
            matches!(item.kind, ItemKind::Func(_)) && item.names == ["main"]
        })
    }

    /// Whether it is there to be type-checked only: something is left out or stood in for.
    pub fn is_compiled_only(&self) -> bool {
        self.left_out || self.of_elided || !self.stand_ins.is_empty() || !self.borrowed.is_empty()
    }

    /// Whether running it executes anything of the note.
    pub fn executes(&self) -> bool {
        self.has_main()
            || !self.body.is_empty()
            || !self.calls.is_empty()
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
