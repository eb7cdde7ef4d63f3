//! Where each piece of a snippet stands in its program: outside of functions or in `main`, and in which scope there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::report::Shape;
use crate::snippet::Snippet;
use crate::snippet::item::{Item, ItemKind};
use crate::snippet::joining;
use crate::snippet::probe::Probes;
use crate::snippet::stand_in::StandIns;

use super::{Blame, Draft};

impl Draft {
    /// Put each item of one alternative where it belongs.
    pub(super) fn place(snippet: &Arc<Snippet>, alternative: &[usize]) -> Draft {
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
                || top_level && hoists(item, at, alternative, snippet, &locals);
            if hoisted { &mut top } else { &mut body }.push(at);
        }
        let nests = nests(&body, items);
        let left_out = snippet.is_elided_in(&[&top[..], &body].concat(), !body.is_empty());
        Draft {
            snippet: Arc::clone(snippet),
            top,
            body,
            nests,
            calls: Vec::new(),
            arguments: BTreeMap::new(),
            tests: None,
            test_body: None,
            edits: BTreeMap::new(),
            carried: Vec::new(),
            rests: BTreeMap::new(),
            as_shown: false,
            of_other_notes: false,
            of_elided: false,
            assembled: None,
            refused: BTreeSet::new(),
            nearest: None,
            borrowed: BTreeMap::new(),
            unfit_variables: BTreeSet::new(),
            stand_ins: StandIns::default(),
            stand_in_rounds: 0,
            no_stand_ins: false,
            imports: BTreeSet::new(),
            modules: BTreeMap::new(),
            joined: joining::within(snippet, alternative),
            not_imported: BTreeSet::new(),
            one_of_several: false,
            results: None,
            kept: BTreeMap::new(),
            blame: Blame::default(),
            keeps_unused: false,
            rejected: Vec::new(),
            needs: None,
            declined: false,
            left_out,
            yields: false,
            early: false,
            probes: Probes::default(),
            verbatim: false,
        }
    }
}

/// Whether a declaration among statements stands outside of `main`, because a function needs it: a
/// type or constant declared once, or a variable that a function mentions and whose initialiser
/// needs no local variable.
fn hoists(
    item: &Item,
    at: usize,
    alternative: &[usize],
    snippet: &Snippet,
    locals: &BTreeSet<&String>,
) -> bool {
    if !item.is_declaration() {
        return false;
    }
    let items = &snippet.items;
    // A parameter of the same name is another one.
    let mentioned = alternative.iter().any(|&other| {
        items[other].is_top_level_only()
            && (item
                .names
                .iter()
                .any(|name| snippet.needs[other].contains(name))
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
