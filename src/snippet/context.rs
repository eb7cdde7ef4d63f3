//! The declarations of a whole note, and of the notes beside it: where a name that a block lacks can be found.
//!
//! The nearest declaration wins, and near is, in this order:
//! 1. the block's own section, before it; only there a variable of other statements still has its value;
//! 2. the note before the block, the sections with the most headings in common first;
//! 3. the block's own section, after it, then the note after it;
//!    What stands before and does not fit is the older state of something that changes: then what comes after the
//!    block is nearer than still older states;
//! 4. the other notes of the folder, as chapters of a book: the one before first, then the others by their distance.
//!    A name of one word means something else in each of them, so only exported types and names of several words
//!    are looked for there.

mod nearest;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::Utf8PathBuf;

use crate::note::Note;
use crate::report::Shape;

use self::text::{named_modules, sections};
use super::Snippet;
use super::assembly;
use super::draft::import_name;
use super::item::{Item, ItemKind};
use super::names;
use super::quote;
use super::variable::Variables;

/// A declaration of some block that can be carried into another one's program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Declaration {
    /// Index of the block in the note; what lies beyond the note's blocks is of another note.
    pub block: usize,
    /// Index of the item in its snippet.
    pub item: usize,
    /// The name it was carried for.
    pub name: String,
    /// Whether it stands in `main` (a variable of a statement block) and so has a value that statements
    /// between may have changed.
    pub local: bool,
}

/// A block of another note.
#[derive(Debug, Clone)]
pub struct Neighbour {
    /// The note.
    pub note: Utf8PathBuf,
    /// The note's line on which each item of the snippet starts.
    pub lines: Vec<u32>,
    /// How far the note is: chapters before count as nearer than those behind.
    distance: usize,
}

/// A note, its snippets and its context.
pub type Parts<'n> = (&'n Note, &'n [Arc<Snippet>], &'n Context);

/// Every snippet of a note, and what each declares.
#[derive(Debug, Clone, Default)]
pub struct Context {
    snippets: BTreeMap<usize, Arc<Snippet>>,
    /// For each block, the headings above it: where each stands among the note's parts, and its text.
    sections: Vec<Vec<(usize, String)>>,
    declarations: BTreeMap<String, Vec<Declaration>>,
    /// By receiver and name.
    methods: BTreeMap<(String, String), Vec<Declaration>>,
    variables: Variables,
    /// Packages of modules that blocks import: by the name they are used by, the block and the import.
    modules: BTreeMap<String, Vec<(usize, String)>>,
    /// Packages of the standard library that the note's blocks import: by name, the block and the path.
    imported: BTreeMap<String, Vec<(usize, String)>>,
    /// Modules that the note's text names: by the name they are used by, the path.
    named: BTreeMap<String, String>,
    /// The package that each block with a package clause is of; an external test's is that which it tests.
    packages: BTreeMap<usize, String>,
    neighbours: Vec<Neighbour>,
    /// The blocks that quote Go's own source.
    quotes: BTreeSet<usize>,
    /// What the note defines in assembly.
    assembled: BTreeSet<String>,
}

/// Notes of a folder that are further away than this many places are not looked at.
pub const FURTHEST: usize = 20;

impl Context {
    /// Index the snippets of a note.
    pub fn new(note: &Note, snippets: &[Arc<Snippet>]) -> Self {
        let mut context = Self {
            sections: sections(note),
            named: named_modules(&note.text),
            assembled: assembly::symbols(note),
            ..Self::default()
        };
        for snippet in snippets {
            context.snippets.insert(snippet.block, Arc::clone(snippet));
            context.index(snippet.block, snippet, |_| true);
            context.variables.add(snippet);
        }
        let quotes = snippets
            .iter()
            .filter(|snippet| quote::is_runtime_source(snippet, &context));
        context.quotes = quotes.map(|snippet| snippet.block).collect();
        context
    }

    /// Take note of what the other notes of the folder declare: the place of each in the folder's order, and
    /// its note and snippets. `own` is this note's place.
    pub fn adopt<'n>(&mut self, own: usize, others: impl Iterator<Item = (usize, Parts<'n>)>) {
        for (place, (note, snippets, theirs)) in others {
            let distance = if place < own {
                2 * (own - place) - 1
            } else {
                2 * (place - own)
            };
            for snippet in snippets.iter().filter(|snippet| snippet.is_go()) {
                let code = &note.blocks[snippet.block].code;
                let line = |item: &Item| note.position(code.note_offset(item.span.start)).line;
                let block = self.sections.len() + self.neighbours.len();
                if theirs.is_quote(snippet.block) {
                    continue;
                }
                self.neighbours.push(Neighbour {
                    note: note.path.clone(),
                    lines: snippet.items.iter().map(line).collect(),
                    distance,
                });
                self.snippets.insert(block, Arc::clone(snippet));
                self.index(block, snippet, is_distinctive);
            }
        }
    }

    /// Index those declarations of a block that satisfy `fits`.
    fn index(&mut self, block: usize, snippet: &Snippet, fits: fn(&Item) -> bool) {
        if snippet.shape == Shape::NotGo {
            return;
        }
        for import in names::imports(&snippet.syntax) {
            if import.is_module() {
                let found = self.modules.entry(import.name).or_default();
                found.push((block, import.spec));
            } else if import_name(&import.path) == import.name {
                let found = self.imported.entry(import.name).or_default();
                found.push((block, import.path));
            }
        }
        let clause = snippet.items.iter().find_map(|item| match &item.kind {
            ItemKind::Package(name) => Some(name.strip_suffix("_test").unwrap_or(name)),
            _ => None,
        });
        if let Some(clause) = clause {
            self.packages.insert(block, clause.to_owned());
        }
        let foreign = block >= self.sections.len();
        for (at, item) in snippet.items.iter().enumerate() {
            if !fits(item) || snippet.shape == Shape::Pseudo && !snippet.parses(at) {
                continue;
            }
            let declaration = |name: &String, local| Declaration {
                block,
                item: at,
                name: name.clone(),
                local,
            };
            let local = match &item.kind {
                ItemKind::ShortVar => true,
                ItemKind::Var => matches!(snippet.shape, Shape::Statements | Shape::Pseudo),
                ItemKind::Func(signature) if signature.body => false,
                ItemKind::Type | ItemKind::Const => false,
                ItemKind::Method { receiver } => {
                    for name in &item.names {
                        let key = (receiver.clone(), name.clone());
                        let found = self.methods.entry(key).or_default();
                        found.push(declaration(name, false));
                    }
                    continue;
                }
                _ => continue,
            };
            if local && foreign {
                continue;
            }
            let names = item.names.iter();
            for name in names.filter(|name| !matches!(name.as_str(), "main" | "_" | "init")) {
                let found = self.declarations.entry(name.clone()).or_default();
                found.push(declaration(name, local));
            }
        }
    }

    /// The snippet of a block, if it is Go.
    pub fn snippet(&self, block: usize) -> Option<&Arc<Snippet>> {
        self.snippets.get(&block)
    }

    /// The declarations of `name`, in the order of the note.
    pub(super) fn declared(&self, name: &str) -> &[Declaration] {
        self.declarations.get(name).map_or(&[], Vec::as_slice)
    }

    /// How many declarations of `name` the note has.
    pub fn versions(&self, name: &str) -> usize {
        self.declared(name).len()
    }

    /// Whether the note declares `name`, and all its declarations are so.
    pub fn all_of(&self, name: &str, fits: impl Fn(&Snippet, &Item) -> bool) -> bool {
        let found = self.declarations.get(name);
        found.is_some_and(|found| found.iter().all(|it| self.is_so(it, &fits)))
    }

    /// Whether the note declares methods called `name`, and all of them are so.
    pub fn all_methods(&self, name: &str, fits: impl Fn(&Snippet, &Item) -> bool) -> bool {
        let named = self.methods.iter().filter(|((_, of), _)| of == name);
        let mut found = named.flat_map(|(_, found)| found).peekable();
        found.peek().is_some() && found.all(|it| self.is_so(it, &fits))
    }

    fn is_so(&self, declaration: &Declaration, fits: impl Fn(&Snippet, &Item) -> bool) -> bool {
        let snippet = self.snippet(declaration.block);
        snippet.is_some_and(|snippet| fits(snippet, &snippet.items[declaration.item]))
    }

    /// The other note that a block is of, if it is not of this one.
    pub fn neighbour(&self, block: usize) -> Option<&Neighbour> {
        self.neighbours.get(block.checked_sub(self.sections.len())?)
    }

    /// Whether a block of the note declares `name`.
    pub fn declares(&self, name: &str) -> bool {
        let found = self.declarations.get(name);
        found.is_some_and(|found| found.iter().any(|it| self.neighbour(it.block).is_none()))
    }

    /// The path of the module that the note's text names and code calls so.
    pub fn named_module(&self, name: &str) -> Option<&str> {
        self.named.get(name).map(String::as_str)
    }

    /// The path of the package called `name` that the nearest block of the note imports which imports one.
    pub fn imported(&self, name: &str, block: usize) -> Option<&str> {
        let found = self.imported.get(name)?;
        let own = found.iter().filter(|(at, _)| self.neighbour(*at).is_none());
        let nearest = own.min_by_key(|(at, _)| (*at > block, at.abs_diff(block)));
        nearest.map(|(_, path)| path.as_str())
    }

    /// The package whose clause the block has.
    pub fn package_of(&self, block: usize) -> Option<&str> {
        self.packages.get(&block).map(String::as_str)
    }

    /// Whether a block is of a package that can be imported by this name.
    pub fn has_package(&self, name: &str) -> bool {
        name != "main" && self.packages.values().any(|package| package == name)
    }

    /// Whether a block of the package stands in the section of this one.
    pub fn is_beside_package(&self, block: usize, package: &str) -> bool {
        let mut packages = self.packages.iter();
        packages.any(|(&other, its)| its == package && self.same_section(block, other))
    }

    /// Whether a block stands in this note, and no block of the note is of another package, except `main`.
    pub fn is_only_package(&self, block: usize, package: &str) -> bool {
        let own = |block: usize| self.neighbour(block).is_none();
        let mut packages = self.packages.iter().filter(|(at, _)| own(**at));
        let mut others = packages.clone();
        own(block)
            && packages.any(|(_, its)| its == package)
            && others.all(|(_, its)| its == package || its == "main")
    }

    /// Whether the block quotes the source of Go's runtime or standard library.
    pub fn is_quote(&self, block: usize) -> bool {
        self.quotes.contains(&block)
    }

    /// Whether the note defines `name` in assembly.
    pub fn is_of_assembly(&self, name: &str) -> bool {
        self.assembled.contains(name)
    }

    /// Whether a declaration is that of a type whose name can't mean several things, and the only one of that name
    /// in the note.
    pub fn is_only(&self, declaration: &Declaration) -> bool {
        let own = |it: &&Declaration| self.neighbour(it.block).is_none();
        let found = self.declarations.get(&declaration.name);
        let count = found.map_or(0, |found| found.iter().filter(own).count());
        let snippet = self.snippet(declaration.block);
        let item = snippet.map(|snippet| &snippet.items[declaration.item]);
        count == 1 && item.is_some_and(|it| it.kind == ItemKind::Type && is_distinctive(it))
    }

    /// Whether two blocks stand under the same heading, or under two of the same words.
    fn alike(&self, one: usize, other: usize) -> bool {
        let words = |block: usize| {
            let section = self.sections.get(block);
            section.map(|it| it.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>())
        };
        words(one).is_some() && words(one) == words(other)
    }

    /// Whether two blocks stand under the same heading.
    pub fn same_section(&self, one: usize, other: usize) -> bool {
        let section = |block| self.sections.get(block);
        section(one).is_some() && section(one) == section(other)
    }
}

/// Whether what an item declares means the same in every note of a folder: its names are those of an exported
/// type, or made of several words.
fn is_distinctive(item: &Item) -> bool {
    let several = |name: &str| name.chars().skip(1).any(char::is_uppercase);
    match &item.kind {
        ItemKind::Method { receiver } => is_exported(receiver) || several(receiver),
        ItemKind::Type => item
            .names
            .iter()
            .all(|name| is_exported(name) || several(name)),
        _ => item.names.iter().all(|name| several(name)),
    }
}

/// Whether a name is exported, and longer than a type parameter's.
fn is_exported(name: &str) -> bool {
    name.len() > 1 && name.starts_with(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::snippet::tests::{note_of, read};

    use super::*;

    fn found(context: &Context, name: &str, block: usize) -> Option<usize> {
        let found = context.find(name, block, block, &BTreeSet::new());
        found.map(|it| it.block)
    }

    #[test]
    fn the_section_comes_first_then_the_note_before_then_what_comes_after() {
        let block = |code: &str| format!("```go\n{code}\n```\n\n");
        let text = format!(
            "# A\n\n{0}## B\n\n{1}## C\n\n{2}{3}{0}",
            block("func area() int { return 1 }\nfunc only() {}"),
            block("func area() int { return 2 }"),
            block("func area() int { return 3 }"),
            block("area()\nonly()"),
        );
        let (_, _, context) = read("a.md", &text);
        assert_eq!(found(&context, "area", 3), Some(2));
        assert_eq!(found(&context, "only", 3), Some(0));
        assert_eq!(found(&context, "area", 2), Some(1));
        assert_eq!(found(&context, "none", 3), None);
    }

    #[test]
    fn two_sections_of_one_name_are_two() {
        let block = |code: &str| format!("```go\n{code}\n```\n\n");
        let text = format!(
            "# A\n\n## Step\n\n{}## Other\n\n{}## Step\n\n{}",
            block("func area() int { return 1 }"),
            block("func area() int { return 2 }"),
            block("area()"),
        );
        let (_, _, context) = read("a.md", &text);
        assert_eq!(found(&context, "area", 2), Some(1));
        assert!(!context.same_section(0, 2));
    }

    #[test]
    fn after_a_state_that_does_not_fit_comes_the_next_one() {
        let version = |n: u32| format!("func area() int {{ return {n} }}\n");
        let (one, two, three) = (version(1), version(2), version(3));
        let (_, context) = note_of(&[&one, &two, "area()\n", &three]);
        let mut refused = BTreeSet::new();
        let mut order = Vec::new();
        while let Some(next) = context.find("area", 2, 2, &refused) {
            order.push(next.block);
            refused.insert(next.clone());
        }
        assert_eq!(order, [1, 3, 0]);
    }

    #[test]
    fn a_variable_means_something_in_its_own_section_only() {
        let text = "# A\n\n```go\ntotal := 1\n```\n\n```go\nprint(total)\n```\n\n# B\n\n```go\nprint(total)\n```\n";
        let (_, _, context) = read("a.md", text);
        assert_eq!(found(&context, "total", 1), Some(0));
        assert_eq!(found(&context, "total", 2), None);
        let stands_in = context.variable("total", 2, |_| true);
        assert_eq!(stands_in.map(|it| it.text.as_str()), Some("var total = 1"));
    }

    #[test]
    fn other_chapters_give_types_and_names_of_several_words() {
        let (note, snippets, theirs) = read(
            "1.md",
            "```go\ntype Node struct{}\n\nfunc printAll() {}\n\nfunc work() {}\n```\n",
        );
        let (_, _, mut context) = read("2.md", "```go\nwork(Node{})\nprintAll()\n```\n");
        context.adopt(1, [(0, (&note, snippets.as_slice(), &theirs))].into_iter());
        let node = found(&context, "Node", 0).unwrap();
        let neighbour = context.neighbour(node).unwrap();
        assert_eq!((neighbour.note.as_str(), neighbour.lines[0]), ("1.md", 2));
        assert_eq!(found(&context, "printAll", 0), Some(node));
        assert_eq!(found(&context, "work", 0), None);
        assert!(!context.declares("Node"));
    }

    #[test]
    fn what_go_itself_declares_is_carried_into_quotes_only() {
        let quote = "type hchan struct {\n\tlock mutex\n}\n\ntype mutex struct{}\n";
        let (_, context) = note_of(&[
            quote,
            "var m mutex\n",
            "type sudog struct {\n\tm mutex\n}\n",
        ]);
        assert_eq!(found(&context, "mutex", 1), None);
        assert_eq!(found(&context, "mutex", 2), Some(0));
    }

    #[test]
    fn what_stands_for_a_type_is_no_function() {
        let (_, context) = note_of(&[
            "type Server struct{}\n",
            "func Server() {}\n",
            "var s Server\n",
        ]);
        assert_eq!(found(&context, "Server", 2), Some(0));
    }
}
