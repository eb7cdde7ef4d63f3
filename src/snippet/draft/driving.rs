//! The programs a snippet gives: one per alternative, and what each executes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::snippet::Snippet;
use crate::snippet::alternative::alternatives;
use crate::snippet::context::Declaration;
use crate::snippet::item::{Item, ItemKind};
use crate::snippet::source::Edit;
use crate::snippet::testing::{self, Tests};

use super::{Draft, is_main};

/// Functions that nothing calls are called one program each, up to this many; the rest share one.
const MOST_DRIVEN: usize = 8;

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
        let is_part = |item: &Item| testing::is_test(item) || testing::is_example(item);
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

    /// The program that a file without `main` is part of, with the `main` of another block.
    pub fn of_with_main(snippet: &Arc<Snippet>, main: &Declaration) -> Vec<Draft> {
        let with_main = |alternative: Vec<usize>| Draft {
            carried: vec![main.clone()],
            ..Draft::place(snippet, &alternative)
        };
        alternatives(&snippet.items)
            .into_iter()
            .map(with_main)
            .collect()
    }

    /// This draft once for its tests, if it has some, and once for each function that nothing calls and
    /// that can be called.
    fn driven(self) -> Vec<Draft> {
        let tested = self.tested();
        if self.has_main() {
            return [self].into_iter().chain(tested).collect();
        }
        if tested.is_none()
            && let Some(body) = testing::Body::of(&self.snippet, &self.body)
        {
            return vec![Draft {
                tests: Some(Tests::of_body(body)),
                test_body: Some(body),
                imports: BTreeSet::from(["testing".to_owned()]),
                ..self
            }];
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
}
