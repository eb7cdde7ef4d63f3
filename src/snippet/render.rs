//! Drafts → Go source.
//!
//! The order is that of a Go file: the package clause, imports, what is carried in, the block's own
//! declarations, `main`, and last what probes need. Everything of the note keeps its way back to it.

use std::collections::BTreeSet;

use crate::report::Shape;

use super::context::{Context, Declaration};
use super::draft::{Draft, import_name};
use super::item::ItemKind;
use super::names::{Packages, Qualified};
use super::source::Source;
use super::testing::Tests;

impl Draft {
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
        match &self.tests {
            Some(tests) if !tests.file => source.push(&tests.main()),
            Some(_) => {}
            None if self.has_main() => {}
            None => self.render_main(&mut source, context),
        }
        source.push(&self.probes.support(&self.declared()));
        source
    }

    fn render_main(&self, source: &mut Source, context: &Context) {
        match self.results {
            Some(count) => {
                let results = vec!["any"; count].join(", ");
                source.push(&format!(
                    "func main() {{\n\tfragment()\n}}\n\nfunc fragment() ({results}) {{\n"
                ));
            }
            None => source.push("func main() {\n"),
        }
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
        for call in &self.calls {
            let arguments = self.arguments.get(call).map_or("", String::as_str);
            source.push(&self.probes.call(call, arguments));
        }
        if let Some(count) = self.results {
            let nils = vec!["nil"; count].join(", ");
            source.push(&format!("return {nils}\n"));
        }
        source.push("}\n");
    }

    fn render_item(&self, source: &mut Source, at: usize) {
        let item = &self.snippet.items[at];
        let block = self.snippet.block;
        let edits = self.edits.get(&block).map_or(&[][..], Vec::as_slice);
        source.push_code(block, self.snippet.code(), item.extent.clone(), edits);
    }

    fn render_carried(&self, source: &mut Source, context: &Context, carried: &Declaration) {
        let Some(snippet) = context.snippet(carried.block) else {
            return;
        };
        let edits = self
            .edits
            .get(&carried.block)
            .map_or(&[][..], Vec::as_slice);
        let item = &snippet.items[carried.item];
        source.push_code(carried.block, snippet.code(), item.span.clone(), edits);
        source.push("\n");
    }

    fn render_imports(&self, source: &mut Source, context: &Context, packages: &dyn Packages) {
        let block = self.snippet.block;
        let edits = self.edits.get(&block).map_or(&[][..], Vec::as_slice);
        let mut imported: BTreeSet<String> = BTreeSet::new();
        for item in &self.snippet.items {
            if let ItemKind::Import(paths) = &item.kind {
                if paths.iter().all(|path| imported.contains(path)) && !paths.is_empty() {
                    continue;
                }
                imported.extend(paths.iter().cloned());
                source.push_code(block, self.snippet.code(), item.extent.clone(), edits);
                source.push("\n");
            }
        }
        let declared = self.declared();
        let mut wanted = Qualified::new();
        let used = self
            .top
            .iter()
            .chain(&self.body)
            .map(|&at| &self.snippet.qualified[at])
            .chain(self.carried.iter().filter_map(|carried| {
                context
                    .snippet(carried.block)
                    .map(|snippet| &snippet.qualified[carried.item])
            }))
            .chain(self.borrowed.values().map(|variable| &variable.qualified));
        for qualified in used {
            for (base, selected) in qualified {
                wanted
                    .entry(base.clone())
                    .or_default()
                    .extend(selected.iter().cloned());
            }
        }
        for (base, selected) in self.stand_ins.packages() {
            wanted.entry(base).or_default().insert(selected);
        }
        let mut paths: BTreeSet<String> = self.imports.clone();
        for (base, selected) in &wanted {
            let given = self.modules.contains_key(base) || self.not_imported.contains(base);
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
            paths.extend(packages.resolve(base, &selected));
        }
        for path in paths.difference(&imported) {
            source.push(&format!("import \"{path}\"\n"));
        }
        for import in self.modules.values() {
            source.push(&format!("import {import}\n"));
        }
        for line in self.probes.imports() {
            source.push(line);
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
