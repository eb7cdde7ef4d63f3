//! The nearest declaration of a name, in the order that the head of `context.rs` states.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::report::Shape;
use crate::snippet::Snippet;
use crate::snippet::draft::import_name;
use crate::snippet::item::ItemKind;
use crate::snippet::names;
use crate::snippet::testing;
use crate::snippet::variable::Variable;

use super::{Context, Declaration, is_distinctive};

impl Context {
    /// The nearest declaration of `name` for the program of `block`, where it is needed by code of the block
    /// `home`. Those in `refused` are passed over.
    ///
    /// What stands in the block's own section before it is the newest state; else code is best served by what
    /// stands beside it.
    pub fn find(
        &self,
        name: &str,
        block: usize,
        home: usize,
        refused: &BTreeSet<Declaration>,
    ) -> Option<&Declaration> {
        let found: Vec<&Declaration> = self
            .declarations
            .get(name)?
            .iter()
            .filter(|declaration| self.can_be(declaration, name, home))
            .collect();
        let nearest = self.nearest(found.iter().copied(), block, refused)?;
        if self.same_section(nearest.block, block) && nearest.block < block {
            return Some(nearest);
        }
        beside(found.iter().copied(), home, refused)
            .filter(|beside| beside.block != block)
            .map(|old| self.newer(old, &found, block, refused).unwrap_or(old))
            .or(Some(nearest))
    }

    /// What takes the place of a variable before the block: a block of the note that is nothing but that variable again. A name
    /// of one word may mean something else there.
    fn newer<'d>(
        &'d self,
        old: &Declaration,
        found: &[&'d Declaration],
        block: usize,
        refused: &BTreeSet<Declaration>,
    ) -> Option<&'d Declaration> {
        let is_it = |it: &&&'d Declaration| {
            let items = self.snippet(it.block).map(|snippet| &snippet.items);
            old.block < it.block
                && it.block < block
                && self.neighbour(it.block).is_none()
                && self.stands_alone(it.block)
                && items.is_some_and(|items| items.len() == 1 && is_distinctive(&items[it.item]))
                && !refused.contains(**it)
        };
        let newer = found.iter().filter(is_it).max_by_key(|it| it.block);
        newer.copied()
    }

    /// Whether a declaration is of the kind that the code of block `home` needs: what stands for a type there
    /// can't be a function or a variable.
    fn can_be(&self, declaration: &Declaration, name: &str, home: usize) -> bool {
        let as_type = self
            .snippet(home)
            .is_some_and(|snippet| snippet.types.contains(name));
        let is_type = self
            .snippet(declaration.block)
            .is_some_and(|snippet| snippet.items[declaration.item].kind == ItemKind::Type);
        is_type || !as_type
    }

    /// The nearest declaration of a method of a type that stands in the block `home`.
    pub fn method(
        &self,
        receiver: &str,
        name: &str,
        block: usize,
        home: usize,
        refused: &BTreeSet<Declaration>,
    ) -> Option<&Declaration> {
        let key = (receiver.to_owned(), name.to_owned());
        let found = self.methods.get(&key)?;
        beside(found.iter(), home, refused)
            .filter(|beside| beside.block != block)
            .or_else(|| self.nearest(found.iter(), block, refused))
    }

    /// The methods of a type that the note shows and package `rpc` finds if it is told to serve a value of it: exported,
    /// and of the form `func (t T) M(arguments A, reply *R) error`.
    pub fn served_methods(&self, receiver: &str) -> impl Iterator<Item = &str> {
        let serves = |it: &Declaration| {
            let snippet = self.snippet(it.block)?;
            let syntax = &snippet.syntax;
            let node = syntax.at(snippet.items[it.item].span.clone())?;
            let parameters = syntax.of(node.child_by_field_name("parameters")?);
            let result = syntax.of(node.child_by_field_name("result")?);
            Some(result == "error" && parameters.matches(',').count() == 1)
        };
        let of = (receiver.to_owned(), String::new());
        self.methods
            .range(of..)
            .take_while(move |((of, _), _)| *of == receiver)
            .filter(|((_, name), _)| name.starts_with(char::is_uppercase))
            .filter(move |(_, found)| found.iter().any(|it| serves(it) == Some(true)))
            .map(|((_, name), _)| name.as_str())
    }

    /// The import of a module's package called `name`, as the nearest block has it.
    pub fn module(&self, name: &str, block: usize) -> Option<&str> {
        let near = |at: usize| match self.neighbour(at) {
            Some(neighbour) => (2, neighbour.distance),
            None => (usize::from(at > block), at.abs_diff(block)),
        };
        let found = self.modules.get(name)?;
        let nearest = found.iter().min_by_key(|(at, _)| near(*at));
        nearest.map(|(_, import)| import.as_str())
    }

    /// The nearest variable called `name` in a function of the note, or among the statements of a block
    /// whose values mean nothing in `block`.
    pub fn variable(
        &self,
        name: &str,
        block: usize,
        fits: impl Fn(&Variable) -> bool,
    ) -> Option<&Variable> {
        let near = |variable: &&Variable| {
            let same = self.same_section(variable.block, block);
            // A short name, or one that every function has, means something else in each section, unless sections are
            // steps of one name.
            let common = name.len() < 3 || matches!(name, "err" | "ctx");
            (self.alike(variable.block, block) || !common).then_some(())?;
            Some((
                !same,
                variable.block > block,
                variable.block.abs_diff(block),
                Reverse(variable.offset),
            ))
        };
        let mut found: Vec<_> = self
            .variables
            .of(name)
            .filter(|variable| variable.block != block)
            .filter_map(|variable| Some((near(&variable)?, variable)))
            .collect();
        found.sort_by_key(|(near, _)| *near);
        found
            .into_iter()
            .map(|(_, variable)| variable)
            .find(|variable| fits(variable))
    }

    /// The `main` of the program that a file without one is part of: of the nearest block that is a program, uses what
    /// the file declares, and declares none of it.
    pub fn main_of(&self, file: &Snippet) -> Option<Declaration> {
        let is_part = file.shape == Shape::File
            && self.package_of(file.block) == Some("main")
            && !file.items.iter().any(testing::is_test);
        if !is_part {
            return None;
        }
        let declared: BTreeSet<&String> = file.items.iter().flat_map(|item| &item.names).collect();
        let mains = self.packages.iter().filter_map(|(&block, package)| {
            let other = self.snippet(block)?;
            let mut items = other.items.iter();
            let item = items.position(|item| item.names == ["main"] && item.is_top_level_only())?;
            let mut needs = other.needs.iter().flatten();
            let mut names = other.items.iter().flat_map(|item| &item.names);
            let uses = needs.any(|name| declared.contains(name))
                && !names.any(|name| declared.contains(name));
            let imports = names::imports(&other.syntax);
            // What else it needs can be there: the standard library, and packages of the note.
            let provided = imports.iter().all(|it| {
                it.path != "C" && (!it.is_module() || self.has_package(import_name(&it.path)))
            });
            (package == "main" && self.neighbour(block).is_none() && uses && provided).then(|| {
                Declaration {
                    block,
                    item,
                    name: "main".to_owned(),
                    local: false,
                }
            })
        });
        mains.min_by_key(|main| (main.block > file.block, main.block.abs_diff(file.block)))
    }

    /// The variable of that name which stands alone in a block, be it behind `block`: functions that need it can mean no
    /// other, if it is of their section or the only one of that name.
    pub fn package_variable(
        &self,
        name: &str,
        block: usize,
        refused: &BTreeSet<Declaration>,
    ) -> Option<&Declaration> {
        let only = self.versions(name) == 1 && name.len() > 2;
        let means = |it: &&Declaration| {
            it.local
                && it.block != block
                && !refused.contains(*it)
                && (only || self.same_section(it.block, block))
                && self.stands_alone(it.block)
        };
        let found = self.declared(name).iter().filter(means);
        found.min_by_key(|it| (it.block > block, it.block.abs_diff(block)))
    }

    /// Whether a function of the note needs a name that it does not declare itself.
    pub fn is_needed_by_functions(&self, name: &str) -> bool {
        self.snippets.iter().any(|(&block, snippet)| {
            let items = snippet.items.iter().zip(&snippet.needs);
            self.neighbour(block).is_none()
                && items
                    .filter(|(item, _)| item.is_top_level_only())
                    .any(|(_, needs)| needs.contains(name))
        })
    }

    /// Whether a block is nothing but declarations of variables.
    pub fn stands_alone(&self, block: usize) -> bool {
        self.snippet(block).is_some_and(|snippet| {
            let mut items = snippet.items.iter().filter(|item| item.is_code());
            items.all(|item| item.kind == ItemKind::Var)
        })
    }

    fn nearest<'d>(
        &'d self,
        found: impl Iterator<Item = &'d Declaration>,
        block: usize,
        refused: &BTreeSet<Declaration>,
    ) -> Option<&'d Declaration> {
        let ranked = found
            .filter(|declaration| declaration.block != block)
            .filter_map(|declaration| Some((self.rank(declaration, block)?, declaration)));
        let (left, passed): (Vec<_>, Vec<_>) = ranked.partition(|(_, it)| !refused.contains(*it));
        // If the newest state does not fit, the block speaks of the next one rather than of an older one.
        let outdated = passed.iter().any(|(_, it)| it.block < block);
        let older = |it: &Declaration| outdated && it.block < block;
        // One of which a part is left out that nothing shows is there to show the rest.
        let partial = |it: &Declaration| {
            let snippet = self.snippet(it.block);
            snippet.is_some_and(|snippet| {
                snippet.is_partial(it.item)
                    && (self.neighbour(it.block).is_some() || self.rest(snippet, it.item).is_none())
            })
        };
        left.into_iter()
            .min_by_key(|(rank, it)| (partial(it), older(it), *rank))
            .map(|(_, declaration)| declaration)
    }

    /// How near a declaration is to a block, in the order that the head of this file states; `None` for a
    /// variable whose value means nothing there, and for what Go's own source declares.
    fn rank(&self, declaration: &Declaration, block: usize) -> Option<impl Ord + Copy + use<>> {
        let Declaration {
            block: at, item, ..
        } = *declaration;
        let same = self.same_section(at, block);
        let before = at < block;
        let foreign_to_quote = self.is_quote(at) && !self.is_quote(block);
        if declaration.local && !(same && before) || foreign_to_quote {
            return None;
        }
        let (place, distance) = match self.neighbour(at) {
            Some(neighbour) => (4, neighbour.distance),
            None if before => (if same { 0 } else { 1 }, self.apart(at, block)),
            None => (if same { 2 } else { 3 }, self.apart(at, block)),
        };
        // Of what stands before, the last is the nearest; of what comes after, the first. In other notes, the
        // last is the state at which the chapter ends.
        let (last, first) = if before || place == 4 {
            (Reverse((at, item)), (0, 0))
        } else {
            (Reverse((0, 0)), (at, item))
        };
        Some((place, distance, last, first))
    }

    /// How many headings of the block's path the other one does not stand under.
    fn apart(&self, other: usize, block: usize) -> usize {
        let (Some(other), Some(own)) = (self.sections.get(other), self.sections.get(block)) else {
            return usize::MAX;
        };
        let shared = own.iter().zip(other).take_while(|(a, b)| a == b).count();
        own.len() - shared
    }
}

/// The one that stands in block `home`.
fn beside<'d>(
    found: impl Iterator<Item = &'d Declaration>,
    home: usize,
    refused: &BTreeSet<Declaration>,
) -> Option<&'d Declaration> {
    found
        .filter(|it| it.block == home && !it.local && !refused.contains(*it))
        .last()
}
