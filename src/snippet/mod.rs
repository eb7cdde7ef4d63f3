//! Snippets: which blocks are Go, what shape they have, and the programs they become.
//!
//! A [`Snippet`] is a block that was parsed. A [`Draft`] says what a program made from it consists of;
//! rendered, it is a [`Source`] that the compiler can read. What the compiler complains of is
//! answered, where it is the fragment's form and not its author's mistake, by [`repair`].
//!
//! Programs with one line switched on or off are made from a *variant* of the code with the same
//! length, so that every place in it stays a place of the note.

pub mod alternative;
mod assembly;
pub mod calling;
mod carrying;
mod completing;
pub mod context;
mod continuing;
pub mod draft;
pub mod elision;
mod fitting;
mod foresight;
mod infer;
pub mod item;
mod joining;
pub mod loops;
pub mod names;
pub mod needs;
mod partial;
mod pieces;
pub mod probe;
pub mod quote;
pub mod raw_output;
mod render;
pub mod repair;
pub mod shape;
pub mod silence;
pub mod source;
pub mod stand_in;
pub mod syntax;
pub mod testing;
pub mod variable;

use std::collections::BTreeSet;

use crate::note::{Block, Origin};
use crate::report::Shape;

pub use context::Context;
pub use draft::Draft;
pub use item::{Item, ItemKind};
pub use names::Packages;
pub use source::{Edit, Place, Source};
pub use syntax::Syntax;

/// A block that was read as Go.
#[derive(Debug, Clone)]
pub struct Snippet {
    /// Index of the block in its note.
    pub block: usize,
    /// Its code as it is compiled; as long as the block's code, with the same lines.
    pub syntax: Syntax,
    /// Its top-level pieces.
    pub items: Vec<Item>,
    /// The qualified names of each item, in the items' order.
    pub qualified: Vec<names::Qualified>,
    /// The names that each item needs from outside.
    pub needs: Vec<BTreeSet<String>>,
    /// The names that stand for types in it.
    pub types: BTreeSet<String>,
    /// What its code selects from anything: fields, methods, names of packages.
    pub selected: BTreeSet<String>,
    /// Its shape.
    pub shape: Shape,
    /// Where something was left out by the author (and blanked by us).
    pub gaps: Vec<elision::Gap>,
    /// The output that stands in the block as it is (and is blanked in the code).
    pub raw_output: Option<raw_output::RawOutput>,
}

/// Whether code starts with a shell's prompt and a command.
fn is_command(code: &str) -> bool {
    code.trim_start().starts_with("$ ")
}

impl Snippet {
    /// Read block number `block` of a note.
    pub fn read(block: usize, source: &Block) -> Self {
        let tag = shape::tag(&source.language());
        let (output, without) = match raw_output::find(&source.code.text) {
            Some((output, without)) if tag != shape::Tag::Other => (Some(output), Some(without)),
            _ => (None, None),
        };
        let code = without.as_ref().unwrap_or(&source.code.text);
        let mended = match tag {
            // Go's own test files are wrong on purpose.
            _ if source.origin == Origin::File => None,
            shape::Tag::Go => elision::mend(code),
            // What has no tag is no Go because something of it would be.
            shape::Tag::None => elision::mend_dots(code),
            shape::Tag::Other => None,
        };
        let syntax = Syntax::parse(mended.as_ref().map_or(code, |mended| &mended.text));
        let gaps = mended.map_or_else(Vec::new, |mended| mended.gaps);
        let items = item::items(&syntax);
        let shape = match shape::shape(tag, &syntax, &items) {
            // A Go file is Go, however broken.
            Shape::NotGo if source.origin == Origin::File => Shape::Pseudo,
            // Bare words and values under a command are what the command writes.
            _ if is_command(code) && items.iter().all(|item| item.expression) => Shape::NotGo,
            shape => shape,
        };
        Self {
            raw_output: output,
            ..Self::assemble(block, syntax, items, shape, gaps)
        }
    }

    /// The same block with other code of the same length: a line switched on or off.
    pub fn variant(&self, code: &str) -> Self {
        let syntax = Syntax::parse(code);
        let items = item::items(&syntax);
        let shape = shape::of_code(&syntax, &items);
        Self::assemble(self.block, syntax, items, shape, self.gaps.clone())
    }

    fn assemble(
        block: usize,
        syntax: Syntax,
        items: Vec<Item>,
        shape: Shape,
        gaps: Vec<elision::Gap>,
    ) -> Self {
        let nodes: Vec<_> = items
            .iter()
            .map(|item| syntax.at(item.span.clone()))
            .collect();
        let qualified = nodes
            .iter()
            .map(|node| node.map_or_else(Default::default, |it| names::qualified(&syntax, it)))
            .collect();
        let needs = nodes
            .iter()
            .map(|node| node.map_or_else(Default::default, |it| names::free(&syntax, it)))
            .collect();
        let selected = names::selected(&syntax, syntax.root());
        let types = names::types(&syntax, syntax.root());
        Self {
            block,
            syntax,
            items,
            qualified,
            needs,
            types,
            selected,
            shape,
            gaps,
            raw_output: None,
        }
    }

    /// Whether there is no syntax error in the item.
    fn parses(&self, item: usize) -> bool {
        let node = self.syntax.at(self.items[item].span.clone());
        node.is_some_and(|node| !node.has_error())
    }

    /// Whether the item is a type of which members are left out, as dots or a comment say.
    fn is_partial(&self, item: usize) -> bool {
        let item = &self.items[item];
        let mut gaps = self.gaps.iter();
        item.kind == ItemKind::Type
            && (gaps.any(|gap| item.span.contains(&gap.at))
                || elision::is_partial(&self.code()[item.span.clone()]))
    }

    /// Whether code is left out that the block would execute.
    pub fn is_elided(&self) -> bool {
        self.gaps.iter().any(|gap| !gap.of_members)
    }

    /// Whether code is left out of these items, or between them where they are statements.
    fn is_elided_in(&self, items: &[usize], with_statements: bool) -> bool {
        let within = |item: &Item, gap: &elision::Gap| {
            item.extent.start <= gap.at && gap.at <= item.extent.end
        };
        let mut gaps = self.gaps.iter().filter(|gap| !gap.of_members);
        gaps.any(|gap| {
            let mut chosen = items.iter().map(|&at| &self.items[at]);
            let mut all = self.items.iter();
            chosen.any(|item| within(item, gap))
                || with_statements && !all.any(|item| within(item, gap))
        })
    }

    /// The code.
    pub fn code(&self) -> &str {
        &self.syntax.text
    }

    /// Whether something is left out, or a comment says so: then what it does is not certainly what its
    /// author's whole code does.
    pub fn leaves_out(&self) -> bool {
        !self.gaps.is_empty()
            || self
                .syntax
                .walk(self.syntax.root())
                .any(|node| node.kind() == "comment" && elision::is_left_out(self.syntax.of(node)))
    }

    /// Whether it declares a `main`.
    pub fn has_main(&self) -> bool {
        let mut items = self.items.iter();
        items.any(|item| matches!(item.kind, ItemKind::Func(_)) && item.names == ["main"])
    }

    /// Whether it is Go.
    pub fn is_go(&self) -> bool {
        self.shape != Shape::NotGo
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Context, Packages, Snippet};
    use crate::note::{Encoding, Note, markdown};

    /// Only `fmt` is a package.
    pub struct Fmt;

    impl Packages for Fmt {
        fn resolve(&self, name: &str, _: &[&str]) -> Option<String> {
            (name == "fmt").then(|| "fmt".to_owned())
        }

        fn has(&self, path: &str, _: &[&str]) -> bool {
            path == "fmt"
        }
    }

    /// A note with these Go blocks, each below its own paragraph, as snippets and context.
    pub fn note_of(blocks: &[&str]) -> (Vec<Arc<Snippet>>, Context) {
        let text: String = blocks
            .iter()
            .map(|code| format!("text\n\n```go\n{code}```\n\n"))
            .collect();
        let (_, snippets, context) = read("a.md", &text);
        (snippets, context)
    }

    /// A note with this text.
    pub fn read(name: &str, text: &str) -> (Note, Vec<Arc<Snippet>>, Context) {
        let note = markdown::parse(name.into(), text.to_owned(), Encoding::Utf8);
        let snippets: Vec<Arc<Snippet>> = note
            .blocks
            .iter()
            .enumerate()
            .map(|(at, block)| Arc::new(Snippet::read(at, block)))
            .collect();
        let context = Context::new(&note, &snippets);
        (note, snippets, context)
    }
}
