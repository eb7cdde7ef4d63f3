//! Drafts → Go source.
//!
//! The order is that of a Go file: the package clause, imports, what is carried in, the block's own
//! declarations, `main`, and last what probes need. Everything of the note keeps its way back to it.

use std::collections::BTreeSet;

use crate::report::Shape;

use super::Snippet;
use super::context::{Context, Declaration};
use super::draft::{Draft, import_name};
use super::item::ItemKind;
use super::names::{Import, Packages, Qualified};
use super::source::{Edit, Source};
use super::testing::Tests;

/// What the driver ends with where a function it calls has started goroutines: in its author's program more would
/// follow, and whether they come to run is not to be a matter of luck.
const YIELDS: &str =
    "\tfor range [100]int{} {\n\t\tgosnipyield.Gosched() // what was started gets its turn\n\t}\n";

impl Draft {
    /// Whether there is a driver that calls functions of a block that starts goroutines, and it is asked what those do.
    fn leaves_goroutines(&self) -> bool {
        let drives = self.tests.is_none() && !self.has_main() && !self.carries_main();
        let syntax = &self.snippet.syntax;
        let starts = |node: tree_sitter::Node| {
            node.kind() == "go_statement" && self.covers(node.start_byte())
        };
        drives && self.yields && !self.calls.is_empty() && syntax.walk(syntax.root()).any(starts)
    }

    /// The Go source.
    pub fn render(&self, context: &Context, packages: &dyn Packages) -> Source {
        let mut source = Source::default();
        if self.verbatim && self.probes.is_empty() {
            let code = self.snippet.code();
            source.push_code(self.snippet.block, code, 0..code.len(), &[]);
            return source;
        }
        source.push("package main\n\n");
        self.render_imports(&mut source, context, packages);
        for declaration in self.carried.iter().filter(|carried| !carried.local) {
            self.render_carried(&mut source, context, declaration);
            source.push("\n");
        }
        let borrowed = self.borrowed.values().map(|variable| variable.text.clone());
        for stand_in in borrowed.chain(self.stand_ins.declarations()) {
            source.push(&stand_in);
            source.push("\n\n");
        }
        for &at in &self.top {
            self.render_item(&mut source, at);
            source.push("\n\n");
        }
        if let Some(body) = self.test_body {
            source.push(&body.opening());
            self.render_body(&mut source, context);
            source.push("}\n\n");
        }
        match &self.tests {
            Some(tests) if !tests.file => source.push(&tests.main()),
            Some(_) => {}
            None if self.has_main() || self.carries_main() => {}
            None => self.render_main(&mut source, context),
        }
        source
    }

    fn render_main(&self, source: &mut Source, context: &Context) {
        let idle = self.body.is_empty() && self.calls.is_empty() && self.results.is_none();
        if idle && !self.carried.iter().any(|carried| carried.local) {
            source.push("func main() {}\n");
            return;
        }
        match self.results {
            Some(count) => {
                let results = vec!["any"; count].join(", ");
                source.push(&format!(
                    "func main() {{\n\tfragment()\n}}\n\nfunc fragment() ({results}) {{\n"
                ));
            }
            None => source.push("func main() {\n"),
        }
        self.render_body(source, context);
        for call in &self.calls {
            let arguments = self.arguments.get(call).map_or("", String::as_str);
            source.push(&self.probes.call(call, arguments));
        }
        if self.leaves_goroutines() {
            source.push(YIELDS);
        }
        if let Some(count) = self.results {
            let nils = vec!["nil"; count].join(", ");
            source.push(&format!("return {nils}\n"));
        }
        source.push("}\n");
    }

    /// The statements, behind those of other blocks that they go on from.
    fn render_body(&self, source: &mut Source, context: &Context) {
        for declaration in self.carried.iter().filter(|carried| carried.local) {
            self.render_carried(source, context, declaration);
        }
        let mut open = 0;
        for &at in &self.body {
            if self.nests.contains(&at) {
                source.push("{\n");
                open += 1;
            }
            let item = &self.snippet.items[at];
            if item.expression && self.snippet.shape == Shape::Expression {
                source.push("_ = ");
            }
            self.render_item(source, at);
            source.push("\n");
        }
        source.push(&"}\n".repeat(open));
    }

    fn render_item(&self, source: &mut Source, at: usize) {
        let item = &self.snippet.items[at];
        let block = self.snippet.block;
        let edits = self.edits_of(block, &self.snippet, at);
        source.push_code(block, self.snippet.code(), item.extent.clone(), &edits);
    }

    /// The edits of a block that an item of it is rendered with.
    fn edits_of(&self, block: usize, snippet: &Snippet, item: usize) -> Vec<Edit> {
        let mut edits = self.edits.get(&block).cloned().unwrap_or_default();
        edits.extend(self.unqualified(snippet, item));
        if let Some(rest) = self.rests.get(&(block, item)) {
            edits.push(Edit::insert(rest.at, rest.text.clone()));
        }
        edits
    }

    fn render_carried(&self, source: &mut Source, context: &Context, carried: &Declaration) {
        let Some(snippet) = context.snippet(carried.block) else {
            return;
        };
        let edits = self.edits_of(carried.block, snippet, carried.item);
        let item = &snippet.items[carried.item];
        // With the comment behind it, but not with those above, which speak of its place in the note.
        let range = item.span.start..item.extent.end;
        source.push_code(carried.block, snippet.code(), range, &edits);
        source.push("\n");
    }

    fn render_imports(&self, source: &mut Source, context: &Context, packages: &dyn Packages) {
        let block = self.snippet.block;
        let mut imported: BTreeSet<String> = BTreeSet::new();
        let mut written: Vec<(usize, Vec<Edit>)> = Vec::new();
        for (at, item) in self.snippet.items.iter().enumerate() {
            if let ItemKind::Import(paths) = &item.kind {
                if paths.iter().all(|path| imported.contains(path)) && !paths.is_empty() {
                    continue;
                }
                let Some(joined) = self.not_joined(at) else {
                    continue;
                };
                let again = self.imported_again(at, &imported);
                imported.extend(paths.iter().cloned());
                let mut edits = self.edits.get(&block).cloned().unwrap_or_default();
                edits.extend(joined);
                edits.extend(again);
                written.push((at, edits));
            }
        }
        let missing = self.missing_imports(&imported, context, packages);
        let group = match written.as_mut_slice() {
            [(only, edits)] => self.opening(*only).map(|opening| (opening, edits)),
            _ => None,
        };
        match (group, missing.as_slice()) {
            (Some((opening, edits)), missing) => {
                let missing = missing.iter().map(|import| format!("\n\t{import}"));
                edits.push(Edit::insert(opening, missing.collect::<String>()));
            }
            (None, []) => {}
            (None, [only]) => source.push(&format!("import {only}\n")),
            (None, several) => {
                source.push(&format!("import (\n\t{}\n)\n", several.join("\n\t")));
            }
        }
        for (at, edits) in written {
            let item = &self.snippet.items[at];
            source.push_code(block, self.snippet.code(), item.extent.clone(), &edits);
            source.push("\n");
        }
        if self.leaves_goroutines() {
            source.push("import gosnipyield \"runtime\"\n");
        }
        if let Some(import) = self.probes.import() {
            source.push(&import);
        }
        for line in self
            .tests
            .iter()
            .filter(|tests| !tests.file)
            .flat_map(Tests::imports)
        {
            source.push(line);
        }
        source.push("\n");
        if self.probes.prints {
            // Its author imports it for calls that are marked.
            source.push("var _ = fmt.Print\n\n");
        }
    }

    /// The edits that take out of an import declaration what another file of the program imports, too.
    fn imported_again(&self, item: usize, imported: &BTreeSet<String>) -> Vec<Edit> {
        let syntax = &self.snippet.syntax;
        let node = syntax.at(self.snippet.items[item].span.clone());
        let specs = node.into_iter().flat_map(|node| syntax.walk(node));
        specs
            .filter(|spec| spec.kind() == "import_spec")
            .filter(|spec| {
                let import = Import::read(syntax, *spec);
                import.is_some_and(|import| imported.contains(&import.path))
            })
            .map(|spec| Edit {
                at: spec.start_byte(),
                remove: spec.byte_range().len(),
                insert: String::new(),
            })
            .collect()
    }

    /// Where the list of an import declaration begins, if it is one in parentheses.
    fn opening(&self, item: usize) -> Option<usize> {
        let span = self.snippet.items[item].span.clone();
        let after = self.snippet.code()[span.clone()].strip_prefix("import")?;
        let list = after.trim_start().strip_prefix('(')?;
        Some(span.end - list.len())
    }

    /// What has to be imported beside what the author imports.
    fn missing_imports(
        &self,
        imported: &BTreeSet<String>,
        context: &Context,
        packages: &dyn Packages,
    ) -> Vec<String> {
        let declared = self.declared();
        let mut paths: BTreeSet<String> = self.imports.clone();
        for (base, selected) in &self.wanted_packages(context) {
            let given = self.modules.contains_key(base)
                || self.joined.contains_key(base)
                || self.not_imported.contains(base);
            if declared.contains(base.as_str()) || given {
                continue;
            }
            let by_author = imported
                .iter()
                .any(|path| path.rsplit('/').next() == Some(base) || import_name(path) == base);
            if by_author {
                continue;
            }
            let selected: Vec<&str> = selected.iter().map(String::as_str).collect();
            paths.extend(self.package(base, &selected, context, packages));
        }
        let standard = paths.difference(imported).map(|path| format!("\"{path}\""));
        standard.chain(self.modules.values().cloned()).collect()
    }

    /// What the code selects from names that may be those of packages.
    fn wanted_packages(&self, context: &Context) -> Qualified {
        // A complete program is compiled as it stands first: what it fails to import is a mistake of its own,
        // unless the note speaks of another one.
        let as_it_stands =
            self.is_complete() && !self.left_out && self.kept.is_empty() && !self.keeps_unused;
        let own = self.top.iter().chain(&self.body);
        let own = own.filter(|_| !as_it_stands);
        let own = own.map(|&at| &self.snippet.qualified[at]);
        let carried = self.carried.iter().filter_map(|carried| {
            let snippet = context.snippet(carried.block)?;
            Some(&snippet.qualified[carried.item])
        });
        let borrowed = self.borrowed.values().map(|variable| &variable.qualified);
        let rests = self.rests.values().map(|rest| &rest.qualified);
        let mut wanted = Qualified::new();
        for (base, selected) in own.chain(carried).chain(borrowed).chain(rests).flatten() {
            let names = wanted.entry(base.clone()).or_default();
            names.extend(selected.iter().cloned());
        }
        for (base, selected) in self.stand_ins.packages() {
            wanted.entry(base).or_default().insert(selected);
        }
        for (base, selected) in self.probes.packages() {
            wanted.entry(base).or_default().insert(selected);
        }
        wanted
    }

    /// The names declared at the top level or in the body, which no package name can mean.
    pub(super) fn declared(&self) -> BTreeSet<&str> {
        self.top
            .iter()
            .chain(&self.body)
            .flat_map(|&at| &self.snippet.items[at].names)
            .map(String::as_str)
            .collect()
    }
}
