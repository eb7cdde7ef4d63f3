//! Packages of a small module that the note itself shows: joined to the program that imports them.
//!
//! ```text
//! // greet/greet.go            // main.go
//! package greet                package main
//!                              import "example.com/hello/greet"
//! func Hello() string {…}      func main() { fmt.Println(greet.Hello()) }
//! ```
//! A program here is one file, so what is used of the package is carried in, and is called without the package's
//! name. That is the author's program as long as no name means two things: one that is declared in two of the
//! packages, or that the importing code uses without a package's name, is a reason not to join. What the program
//! says of its types then begins with `main.`: claims about that are left undecided.

use std::collections::{BTreeMap, BTreeSet};

use super::Snippet;
use super::context::{Context, Declaration};
use super::draft::{Draft, import_name};
use super::item::ItemKind;
use super::names::{self, Packages};
use super::source::Edit;

/// The packages that pieces of one block import of each other, by the name they are called: the block shows a program of
/// several packages.
pub(super) fn within(snippet: &Snippet, pieces: &[usize]) -> BTreeMap<String, String> {
    let clauses = pieces
        .iter()
        .filter_map(|&at| match &snippet.items[at].kind {
            ItemKind::Package(name) => Some(name.as_str()),
            _ => None,
        });
    let clauses: BTreeSet<&str> = clauses.collect();
    if clauses.len() < 2 {
        return BTreeMap::new();
    }
    let imports = names::imports(&snippet.syntax).into_iter();
    imports
        .filter(|import| clauses.contains(import_name(&import.path)))
        .map(|import| (import.name, import_name(&import.path).to_owned()))
        .collect()
}

impl Draft {
    /// Join the package of the note that is imported as `path`.
    pub(super) fn join_import(
        &mut self,
        path: &str,
        context: &Context,
        packages: &dyn Packages,
    ) -> bool {
        let mut imports = names::imports(&self.snippet.syntax).into_iter();
        let Some(import) = imports.find(|import| import.path == path) else {
            return false;
        };
        // The folder of a package may be called otherwise; then its imports name it.
        let package = match context.has_package(&import.name) {
            true => import.name.as_str(),
            false => import_name(path),
        };
        self.join(&import.name, package, context, packages)
    }

    /// Join the package of the note that code of the block `home` calls by this name.
    pub(super) fn join_called(
        &mut self,
        qualifier: &str,
        home: usize,
        context: &Context,
        packages: &dyn Packages,
    ) -> bool {
        let imported = context.snippet(home).and_then(|snippet| {
            let mut imports = names::imports(&snippet.syntax).into_iter();
            imports.find(|import| import.name == qualifier)
        });
        let package = imported.map(|import| import_name(&import.path).to_owned());
        let package = package.filter(|_| !context.has_package(qualifier));
        let package = package.as_deref().unwrap_or(qualifier);
        self.join(qualifier, package, context, packages)
    }

    /// All of it or nothing: a program with half of a package is not its author's.
    fn join(
        &mut self,
        qualifier: &str,
        package: &str,
        context: &Context,
        packages: &dyn Packages,
    ) -> bool {
        if !context.has_package(package) || self.joined.contains_key(qualifier) {
            return false;
        }
        let mut with = self.clone();
        with.joined.insert(qualifier.to_owned(), package.to_owned());
        with.provide_all(context, packages);
        if with.is_one_meaning(context) {
            *self = with;
            true
        } else {
            false
        }
    }

    /// What is used of each joined package: its name, and the names.
    pub(super) fn of_joined(&self, context: &Context) -> BTreeMap<&str, BTreeSet<String>> {
        let mut used: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (qualifier, package) in &self.joined {
            let selected = self.selected_from(qualifier, context);
            used.entry(package).or_default().extend(selected);
        }
        used
    }

    /// Whether a declaration that code of block `home` needs is of the package that it means, as far as the blocks
    /// say.
    pub(super) fn is_of_its_package(
        &self,
        declaration: &Declaration,
        home: usize,
        context: &Context,
    ) -> bool {
        if self.joined.is_empty() {
            return true;
        }
        let of_joined = self.of_joined(context);
        let mut selected = of_joined.iter();
        let selected = selected.find(|(_, names)| names.contains(&declaration.name));
        match (selected, context.package_of(declaration.block)) {
            (Some((package, _)), _) => self.may_be_of(declaration, package, context),
            (None, Some(clause)) => context.package_of(home).is_none_or(|its| its == clause),
            (None, None) => true,
        }
    }

    /// Whether a declaration may be one of the package's: its block says so, or says nothing and stands in a section
    /// with a block of the package, or with the program, or in a note that has no other package.
    fn may_be_of(&self, declaration: &Declaration, package: &str, context: &Context) -> bool {
        let block = declaration.block;
        match context.package_of(block) {
            Some(clause) => clause == package,
            None => {
                context.same_section(block, self.snippet.block)
                    || context.is_beside_package(block, package)
                    || context.is_only_package(block, package)
            }
        }
    }

    /// Whether every name means the same in the joined program as in its packages.
    fn is_one_meaning(&self, context: &Context) -> bool {
        let used = self.of_joined(context);
        let own = self.declared();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let of_packages = used.iter().all(|(package, names)| {
            !names.is_empty()
                && names.iter().all(|name| {
                    let provider = self.provider(name, context);
                    let right = provider.is_some_and(|it| self.may_be_of(it, package, context));
                    right
                        && seen.insert(name)
                        && !own.contains(name.as_str())
                        && !names::declares_variable(&self.snippet.syntax, name)
                        && !self.snippet.needs.iter().any(|needs| needs.contains(name))
                })
        });
        let pieces = self.carried.iter().filter_map(|it| {
            let snippet = context.snippet(it.block)?;
            Some((context.package_of(it.block)?, &snippet.needs[it.item]))
        });
        let clause = context.package_of(self.snippet.block);
        let own_needs = self.top.iter().chain(&self.body);
        let own_needs = own_needs.filter_map(|&at| Some((clause?, &self.snippet.needs[at])));
        // What a piece of one package calls by its bare name stands in that package.
        let mut all = pieces.chain(own_needs);
        of_packages
            && all.all(|(clause, needs)| {
                let mut providers = needs.iter().filter_map(|name| self.provider(name, context));
                providers.all(|it| context.package_of(it.block).is_none_or(|its| its == clause))
            })
    }

    /// The carried declaration that declares `name`.
    fn provider(&self, name: &str, context: &Context) -> Option<&Declaration> {
        self.carried.iter().find(|carried| {
            context.snippet(carried.block).is_some_and(|snippet| {
                let item = &snippet.items[carried.item];
                !matches!(item.kind, ItemKind::Method { .. })
                    && item.names.iter().any(|declared| declared == name)
            })
        })
    }

    /// The edits that take the names of joined packages off an item of a block.
    pub(super) fn unqualified(&self, snippet: &Snippet, item: usize) -> Vec<Edit> {
        let of_joined = |name: &str| self.joined.contains_key(name);
        if !snippet.qualified[item].keys().any(|name| of_joined(name)) {
            return Vec::new();
        }
        let syntax = &snippet.syntax;
        let Some(node) = syntax.at(snippet.items[item].span.clone()) else {
            return Vec::new();
        };
        let qualifiers = syntax.walk(node).filter_map(|node| {
            let (qualifier, name) = match node.kind() {
                "selector_expression" => (
                    node.child_by_field_name("operand")
                        .filter(|operand| operand.kind() == "identifier")?,
                    node.child_by_field_name("field")?,
                ),
                "qualified_type" => (
                    node.child_by_field_name("package")?,
                    node.child_by_field_name("name")?,
                ),
                _ => return None,
            };
            of_joined(syntax.of(qualifier)).then(|| Edit {
                at: qualifier.start_byte(),
                remove: name.start_byte() - qualifier.start_byte(),
                insert: String::new(),
            })
        });
        qualifiers.collect()
    }

    /// The edits that take the imports of joined packages out of an import declaration; `None` if nothing of it
    /// is left.
    pub(super) fn not_joined(&self, item: usize) -> Option<Vec<Edit>> {
        let syntax = &self.snippet.syntax;
        let Some(node) = syntax.at(self.snippet.items[item].span.clone()) else {
            return Some(Vec::new());
        };
        let (joined, left): (Vec<_>, Vec<_>) = syntax
            .walk(node)
            .filter(|spec| spec.kind() == "import_spec")
            .partition(|spec| {
                names::Import::read(syntax, *spec)
                    .is_some_and(|import| self.joined.contains_key(&import.name))
            });
        if !joined.is_empty() && left.is_empty() {
            return None;
        }
        let out = joined.iter().map(|spec| Edit {
            at: spec.start_byte(),
            remove: spec.byte_range().len(),
            insert: String::new(),
        });
        Some(out.collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::snippet::Draft;
    use crate::snippet::tests::{Fmt, note_of};

    const GREET: &str = "package greet\n\ntype Guest struct{ Name string }\n\n\
        func Hello(g Guest) string { return prefix + g.Name }\n\nconst prefix = \"hello, \"\n";

    /// The program of the last block with the package `greet` joined, if it can be.
    fn joined(blocks: &[&str]) -> Option<String> {
        let (snippets, context) = note_of(blocks);
        let mut draft = Draft::of(snippets.last().unwrap()).remove(0);
        draft
            .join_import("example.com/app/greet", &context, &Fmt)
            .then(|| draft.render(&context, &Fmt).text)
    }

    #[test]
    fn what_is_used_of_an_imported_package_of_the_note_is_carried_in() {
        let main = "package main\n\nimport (\n\t\"fmt\"\n\n\t\"example.com/app/greet\"\n)\n\n\
            func main() {\n\tg := greet.Guest{Name: \"Ada\"}\n\tfmt.Println(greet.Hello(g))\n}\n";
        let text = joined(&[GREET, main]).unwrap();
        assert!(text.contains("func Hello(g Guest)"), "{text}");
        assert!(text.contains("const prefix"), "{text}");
        assert!(text.contains("g := Guest{Name: \"Ada\"}"), "{text}");
        assert!(text.contains("fmt.Println(Hello(g))"), "{text}");
        assert!(!text.contains("greet"), "{text}");
    }

    #[test]
    fn a_package_is_joined_whole_or_not_at_all() {
        let main = |body: &str| {
            format!(
                "package main\n\nimport \"example.com/app/greet\"\n\nfunc main() {{\n\t{body}\n}}\n"
            )
        };
        assert!(joined(&[GREET, &main("greet.Hello(greet.Guest{})")]).is_some());
        // Not all of it is there.
        assert!(joined(&[GREET, &main("greet.Bye()")]).is_none());
        // The program has a `Hello` of its own.
        let own = main("greet.Hello(greet.Guest{})") + "\nfunc Hello() {}\n";
        assert!(joined(&[GREET, &own]).is_none());
        // The note shows no such package.
        assert!(joined(&["func Hello() {}\n", &main("greet.Hello()")]).is_none());
    }

    #[test]
    fn what_a_package_calls_by_its_bare_name_is_its_own() {
        let other = "package main\n\nconst prefix = \"bye, \"\n";
        let greet = GREET.replace("const prefix = \"hello, \"\n", "");
        let main = "package main\n\nimport \"example.com/app/greet\"\n\nfunc main() {\n\tgreet.Hello(greet.Guest{})\n}\n";
        let with = ["package greet\n\nconst prefix = \"hi, \"\n", other];
        let text = joined(&[&greet, with[0], with[1], main]).unwrap();
        assert!(
            text.contains("\"hi, \"") && !text.contains("\"bye, \""),
            "{text}"
        );
    }

    #[test]
    fn a_block_may_show_a_program_of_several_packages() {
        let block = "// main.go\npackage main\n\nimport (\n\t\"fmt\"\n\n\t\"example.com/calc/op\"\n)\n\n\
            func main() {\n\tfmt.Println(op.Add(1, 2))\n}\n\n\
            // op/op.go\npackage op\n\nimport \"fmt\"\n\n\
            func Add(a, b int) int {\n\tfmt.Println(a)\n\treturn a + b\n}\n";
        let of = |block: &str| {
            let (snippets, context) = note_of(&[block]);
            let drafts = Draft::of(&snippets[0]);
            let texts = drafts.iter().map(|it| it.render(&context, &Fmt).text);
            texts.collect::<Vec<_>>()
        };
        let [text] = of(block).try_into().unwrap();
        assert!(text.contains("fmt.Println(Add(1, 2))"), "{text}");
        assert_eq!(text.matches("\"fmt\"").count(), 1, "{text}");
        assert!(!text.contains("calc/op"), "{text}");
        // Nothing imports the second one: two files.
        assert_eq!(of(&block.replace("calc/op", "calc/ops")).len(), 2);
    }

    #[test]
    fn a_file_without_main_runs_in_the_program_that_uses_it() {
        let main = "package main\n\nfunc main() {\n\tgreet(name)\n}\n\nconst name = \"Ada\"\n";
        let file = "package main\n\nfunc greet(name string) { println(name) }\n";
        let (snippets, context) = note_of(&[main, file]);
        let main_of = context.main_of(&snippets[1]).unwrap();
        let mut draft = Draft::of_with_main(&snippets[1], &main_of).remove(0);
        draft.foresee(&context, &Fmt);
        let text = draft.render(&context, &Fmt).text;
        assert!(draft.executes() && text.contains("const name"), "{text}");
        assert_eq!(text.matches("func main()").count(), 1, "{text}");
        assert_eq!(context.main_of(&snippets[0]), None);
        // A program that does not use it is another one.
        let other = "package main\n\nfunc bye() {}\n";
        let (snippets, context) = note_of(&[main, other]);
        assert_eq!(context.main_of(&snippets[1]), None);
    }
}
