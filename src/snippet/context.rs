//! The declarations of a whole note: where a name that a block lacks can be found.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::note::Note;
use crate::report::Shape;

use super::Snippet;
use super::item::ItemKind;

/// A declaration of some block that can be carried into another one's program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Declaration {
    /// Index of the block in the note.
    pub block: usize,
    /// Index of the item in its snippet.
    pub item: usize,
    /// The name it was carried for.
    pub name: String,
    /// Whether it stands in `main` (a variable of a statement block) and so has a value that statements
    /// between may have changed.
    pub local: bool,
}

/// Every snippet of a note, and what each declares.
#[derive(Debug, Clone, Default)]
pub struct Context {
    snippets: BTreeMap<usize, Arc<Snippet>>,
    /// For each block, its heading path.
    sections: Vec<Vec<String>>,
    declarations: BTreeMap<String, Vec<Declaration>>,
}

impl Context {
    /// Index the snippets of a note.
    pub fn new(note: &Note, snippets: &[Arc<Snippet>]) -> Self {
        let mut context = Self {
            sections: note
                .blocks
                .iter()
                .map(|block| block.headings.clone())
                .collect(),
            ..Self::default()
        };
        for snippet in snippets {
            context.snippets.insert(snippet.block, Arc::clone(snippet));
            if matches!(snippet.shape, Shape::NotGo | Shape::Pseudo) {
                continue;
            }
            for (item, piece) in snippet.items.iter().enumerate() {
                let local = match &piece.kind {
                    ItemKind::ShortVar => true,
                    ItemKind::Var => matches!(snippet.shape, Shape::Statements),
                    ItemKind::Func(signature) if signature.body => false,
                    ItemKind::Type | ItemKind::Const => false,
                    _ => continue,
                };
                for name in &piece.names {
                    if name == "main" || name == "_" || name == "init" {
                        continue;
                    }
                    context
                        .declarations
                        .entry(name.clone())
                        .or_default()
                        .push(Declaration {
                            block: snippet.block,
                            item,
                            name: name.clone(),
                            local,
                        });
                }
            }
        }
        context
    }

    /// The snippet of a block, if it is Go.
    pub fn snippet(&self, block: usize) -> Option<&Arc<Snippet>> {
        self.snippets.get(&block)
    }

    /// Whether a block of the note declares `name`.
    pub fn declares(&self, name: &str) -> bool {
        self.declarations.contains_key(name)
    }

    /// Whether two blocks stand under the same heading.
    pub fn same_section(&self, one: usize, other: usize) -> bool {
        self.sections.get(one) == self.sections.get(other)
    }

    /// The nearest declaration of `name` for `block`: in its section before it, then in the note
    /// before it, then (what is no local variable) after it, in the section first. Those in `refused` are
    /// passed over.
    pub fn find(
        &self,
        name: &str,
        block: usize,
        refused: &BTreeSet<Declaration>,
    ) -> Option<&Declaration> {
        let found: Vec<&Declaration> = self
            .declarations
            .get(name)?
            .iter()
            .filter(|declaration| !refused.contains(declaration))
            .collect();
        let before = |declaration: &Declaration| declaration.block < block;
        let after = |declaration: &Declaration| declaration.block > block && !declaration.local;
        let same = |declaration: &Declaration| self.same_section(declaration.block, block);
        // A variable's value means something in its own section only.
        let anywhere = |declaration: &Declaration| !declaration.local;
        let last = |fits: &dyn Fn(&Declaration) -> bool| {
            found.iter().rfind(|declaration| fits(declaration)).copied()
        };
        let first = |fits: &dyn Fn(&Declaration) -> bool| {
            found.iter().find(|declaration| fits(declaration)).copied()
        };
        last(&|d| before(d) && same(d))
            .or_else(|| last(&|d| before(d) && anywhere(d)))
            .or_else(|| first(&|d| after(d) && same(d)))
            .or_else(|| first(&after))
    }

    /// The methods of `receiver` that stand in `block` or nearest to it: all that come with a type.
    pub fn methods(&self, receiver: &str, block: usize) -> Vec<Declaration> {
        let mut found: BTreeMap<&str, Declaration> = BTreeMap::new();
        let mut blocks: Vec<usize> = self.snippets.keys().copied().collect();
        blocks.sort_by_key(|&other| {
            let same = self.sections.get(other) == self.sections.get(block);
            (!same, other.abs_diff(block))
        });
        for other in blocks {
            let snippet = &self.snippets[&other];
            if snippet.shape == Shape::Pseudo
                || self.sections.get(other) != self.sections.get(block)
            {
                continue;
            }
            for (item, piece) in snippet.items.iter().enumerate() {
                if let ItemKind::Method { receiver: of } = &piece.kind
                    && of == receiver
                    && let Some(name) = piece.names.first()
                {
                    found.entry(name).or_insert(Declaration {
                        block: other,
                        item,
                        name: name.clone(),
                        local: false,
                    });
                }
            }
        }
        found.into_values().collect()
    }
}
