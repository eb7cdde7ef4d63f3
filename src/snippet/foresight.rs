//! What a draft lacks, seen in the syntax tree: carried in before the compiler is asked.
//!
//! The compiler names what is missing, but each round of asking costs a compilation, and a chain of declarations
//! that need each other costs a round for each link. So the names that the code needs from outside are looked up
//! at once, then those which what is carried in needs, and the methods that may be called on carried types. Where the
//! tree can't tell (methods that an interface asks for, a name that is also a local one) the compiler still does.

mod along;

use std::collections::BTreeSet;

use super::Snippet;
use super::context::{Context, Declaration};
use super::continuing::following;
use super::draft::Draft;
use super::fitting;
use super::item::ItemKind;
use super::names::{self, Packages};
use super::variable::Variable;

/// How long a chain of variables may be that stand in for one.
const LONGEST_CHAIN: usize = 4;

impl Draft {
    /// Carry in what the code is seen to need. Where the note speaks of errors that may be missing names, the compiler is
    /// asked first.
    pub fn foresee(&mut self, context: &Context, packages: &dyn Packages) {
        if self.may_lack_names() || self.is_complete() {
            return;
        }
        self.provide_all(context, packages);
        if self.kept.is_empty() {
            self.silence_unused(context);
        }
    }

    /// Carry in what is needed, and what that needs.
    pub(super) fn provide_all(&mut self, context: &Context, packages: &dyn Packages) {
        loop {
            let before = self.carried.len() + self.borrowed.len() + self.modules.len();
            for (name, home) in self.needed(context) {
                if !self.is_package(&name, context, packages) {
                    self.provide(&name, home, context, packages);
                }
            }
            self.provide_methods(context);
            let completed = self.complete_structs(context);
            let after = self.carried.len() + self.borrowed.len() + self.modules.len();
            if !completed && after == before {
                return;
            }
        }
    }

    /// Find `name` for code that stands in block `home`, and carry it in.
    pub(super) fn provide(
        &mut self,
        name: &str,
        home: usize,
        context: &Context,
        packages: &dyn Packages,
    ) -> bool {
        let own = self.snippet.block;
        if self.carries(name, context)
            || self.borrowed.contains_key(name)
            || self.is_switched_off(name, context)
        {
            return false;
        }
        let mut passed = self.refused.clone();
        while let Some(found) = context.find(name, own, home, &passed).cloned() {
            if !self.early && !self.can_call(&found, home, context) {
                self.refused.insert(found.clone());
            }
            let comes_later = self.early && found.block > own;
            let fits = !comes_later
                && !self.needs_own_locals(&found, context)
                && !self.is_another_program(found.block, context)
                && self.is_of_its_package(&found, home, context);
            if fits && self.carry(self.placed(&found, home, context), context) {
                return true;
            }
            passed.insert(found);
        }
        if self.is_needed_outside(name, home, context)
            && let Some(found) = context.package_variable(name, own, &self.refused).cloned()
            && self.carry(self.placed(&found, home, context), context)
        {
            return true;
        }
        if !self.selected_from(name, context).is_empty()
            && self.join_called(name, home, context, packages)
        {
            return true;
        }
        if !self.selected_from(name, context).is_empty()
            && !self.modules.contains_key(name)
            && let Some(import) = context.module(name, home)
        {
            self.modules.insert(name.to_owned(), import.to_owned());
            return true;
        }
        if home != own || self.may_lack_names() || self.is_complete() || self.early {
            return false;
        }
        let fits = |variable: &Variable| {
            !self.unfit_variables.contains(&variable.text)
                && self.is_provided(variable, context, packages, LONGEST_CHAIN)
        };
        let Some(variable) = context.variable(name, own, fits).cloned() else {
            return false;
        };
        self.borrowed.insert(name.to_owned(), variable).is_none()
    }

    /// Whether a statement of another block needs a variable that this block declares among its statements: those come
    /// after it.
    fn needs_own_locals(&self, found: &Declaration, context: &Context) -> bool {
        let snippet = context.snippet(found.block);
        found.local
            && snippet.is_some_and(|it| {
                let mut needs = it.needs[found.item].iter();
                needs.any(|name| self.declares_locally(name))
            })
    }

    /// Whether this block declares a variable among its statements.
    fn declares_locally(&self, name: &str) -> bool {
        let items = &self.snippet.items;
        let mut body = self.body.iter();
        body.any(|&at| items[at].names.iter().any(|declared| declared == name))
    }

    /// Whether the code in block `home` can call the function that a declaration declares. Asked only where there are
    /// other versions, and nothing is said of errors: else the compiler says what is wrong.
    fn can_call(&self, found: &Declaration, home: usize, context: &Context) -> bool {
        let Some(snippet) = context.snippet(found.block) else {
            return true;
        };
        let ItemKind::Func(signature) = &snippet.items[found.item].kind else {
            return true;
        };
        if context.versions(&found.name) < 2 || !self.kept.is_empty() {
            return true;
        }
        if home == self.snippet.block {
            let pieces = self.top.iter().chain(&self.body).copied();
            return fitting::can_call(&self.snippet, pieces, &found.name, signature);
        }
        let of_home = self.carried.iter().filter(|it| it.block == home);
        let pieces = of_home.map(|it| it.item);
        context
            .snippet(home)
            .is_none_or(|home| fitting::can_call(home, pieces, &found.name, signature))
    }

    /// Where a declaration is carried to: a variable that a function needs stands outside of `main`, if it stands alone.
    /// A function that is not there yet may come along later, so every one of the note counts, unless statements go on with
    /// the variable.
    fn placed(&self, found: &Declaration, home: usize, context: &Context) -> Declaration {
        let alone = found.local && context.stands_alone(found.block);
        let outside = alone
            && (self.is_needed_outside(&found.name, home, context)
                || context.is_needed_by_functions(&found.name)
                    && following(context, found, self.snippet.block).is_empty());
        Declaration {
            local: found.local && !outside,
            ..found.clone()
        }
    }

    /// Whether a piece of block `home` needs a name outside of `main`.
    fn is_needed_outside(&self, name: &str, home: usize, context: &Context) -> bool {
        let own = home == self.snippet.block;
        let by_own = |at: &usize| self.snippet.needs[*at].contains(name);
        let by_carried = |carried: &Declaration| {
            let snippet = context.snippet(carried.block);
            carried.block == home
                && !carried.local
                && snippet.is_some_and(|it| it.needs[carried.item].contains(name))
        };
        own && self.top.iter().any(by_own) || self.carried.iter().any(by_carried)
    }

    /// Import the module that the note's text names and the code calls so: where nothing else makes it type-check, that
    /// is what is missing.
    pub(super) fn import_named(&mut self, name: &str, context: &Context) -> bool {
        let selected = self.selected_from(name, context);
        let exported = |name: &String| name.starts_with(char::is_uppercase);
        if selected.is_empty() || !selected.iter().all(exported) || self.modules.contains_key(name)
        {
            return false;
        }
        let Some(path) = context.named_module(name) else {
            return false;
        };
        let import = format!("\"{path}\"");
        self.modules.insert(name.to_owned(), import).is_none()
    }

    /// The path of the standard library's package that the code means by a name: of several, the one that the
    /// note itself imports.
    pub(super) fn package(
        &self,
        name: &str,
        selected: &[&str],
        context: &Context,
        packages: &dyn Packages,
    ) -> Option<String> {
        let imported = context.imported(name, self.snippet.block);
        let imported = imported.filter(|path| packages.has(path, selected));
        imported
            .map(str::to_owned)
            .or_else(|| packages.resolve(name, selected))
    }

    /// Whether both are complete programs: with a `main` each they are no files of one.
    fn is_another_program(&self, block: usize, context: &Context) -> bool {
        let other = context.snippet(block);
        self.is_complete() && other.is_some_and(|other| other.has_main())
    }

    /// The names that the draft's pieces need and nothing in it declares, with the block of each piece: first
    /// those of its own code.
    fn needed(&self, context: &Context) -> Vec<(String, usize)> {
        let own = self.snippet.block;
        let mut declared: BTreeSet<&str> = self.declared();
        let imported = self.imported();
        declared.extend(imported.iter().map(String::as_str));
        declared.extend(self.test_body.map(|body| body.parameter()));
        declared.extend(self.borrowed.keys().map(String::as_str));
        declared.extend(self.stand_ins.names());
        declared.extend(self.modules.keys().map(String::as_str));
        declared.extend(self.joined.keys().map(String::as_str));
        let of_joined = self.of_joined(context);
        let by_joined = of_joined.values().flatten();
        let pieces = self.top.iter().chain(&self.body);
        let by_own = pieces.flat_map(|&at| &self.snippet.needs[at]);
        let by_borrowed = self.borrowed.values().flat_map(|variable| &variable.needs);
        let rests = self.rests.values().flat_map(|rest| &rest.needs);
        let by_rests = rests.map(|(name, home)| (name, *home));
        let by_carried = self.carried.iter().flat_map(|carried| {
            let snippet = context.snippet(carried.block);
            let needs = snippet.map(|snippet| &snippet.needs[carried.item]);
            let names = needs.into_iter().flatten();
            names.map(|name| (name, carried.block))
        });
        let mut seen = BTreeSet::new();
        by_own
            .chain(by_borrowed)
            .chain(by_joined)
            .map(|name| (name, own))
            .chain(by_carried)
            .chain(by_rests)
            .filter(|(name, _)| !declared.contains(name.as_str()) && !self.carries(name, context))
            .filter(|(name, _)| seen.insert(*name))
            .map(|(name, home)| (name.clone(), home))
            .collect()
    }

    /// Whether the block declares `name` on a line that the note says does not compile: nothing makes up for that.
    fn is_switched_off(&self, name: &str, context: &Context) -> bool {
        let declares = |snippet: &Snippet| {
            let mut items = snippet.items.iter();
            items.any(|item| item.names.iter().any(|declared| declared == name))
                || names::declares_variable(&snippet.syntax, name)
        };
        let as_written = context.snippet(self.snippet.block);
        as_written.is_some_and(|snippet| declares(snippet)) && !declares(&self.snippet)
    }

    /// Whether all that a variable's declaration needs is there or can be carried in.
    fn is_provided(
        &self,
        variable: &Variable,
        context: &Context,
        packages: &dyn Packages,
        chain: usize,
    ) -> bool {
        let own = self.snippet.block;
        let declared = self.declared();
        variable.needs.iter().all(|name| {
            if self.declares_locally(name) {
                return false;
            }
            let of_package = variable.qualified.get(name).is_some_and(|selected| {
                let selected: Vec<&str> = selected.iter().map(String::as_str).collect();
                packages.resolve(name, &selected).is_some()
            });
            of_package
                || variable.qualified.contains_key(name) && context.module(name, own).is_some()
                || declared.contains(name.as_str())
                || context.find(name, own, own, &self.refused).is_some()
                || chain > 0
                    && context
                        .variable(name, own, |it| {
                            !self.unfit_variables.contains(&it.text)
                                && self.is_provided(it, context, packages, chain - 1)
                        })
                        .is_some()
        })
    }

    /// Whether the name is that of a package which will be imported.
    fn is_package(&self, name: &str, context: &Context, packages: &dyn Packages) -> bool {
        let selected = self.selected_from(name, context);
        let selected: Vec<&str> = selected.iter().map(String::as_str).collect();
        !selected.is_empty() && packages.resolve(name, &selected).is_some()
    }

    /// The names selected from `name` anywhere in the draft.
    pub(super) fn selected_from(&self, name: &str, context: &Context) -> Vec<String> {
        let pieces = self.top.iter().chain(&self.body);
        let own = pieces.filter_map(|&at| self.snippet.qualified[at].get(name));
        let carried = self.carried.iter().filter_map(|carried| {
            context.snippet(carried.block)?.qualified[carried.item].get(name)
        });
        let borrowed = self.borrowed.values();
        let borrowed = borrowed.filter_map(|variable| variable.qualified.get(name));
        let rests = self.rests.values();
        let rests = rests.filter_map(|rest| rest.qualified.get(name));
        let all = own.chain(carried).chain(borrowed).chain(rests);
        all.flatten().cloned().collect()
    }

    /// The names of the packages that the block imports itself.
    fn imported(&self) -> BTreeSet<String> {
        let imports = names::imports(&self.snippet.syntax).into_iter();
        imports.map(|import| import.name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snippet::tests::{Fmt, note_of};

    /// What the last block's draft is seen to need: what is carried, and which variables stand in.
    fn foreseen(blocks: &[&str]) -> (Vec<(usize, String)>, Vec<String>) {
        let (snippets, context) = note_of(blocks);
        let mut draft = Draft::of(snippets.last().unwrap()).remove(0);
        draft.foresee(&context, &Fmt);
        let carried = draft.carried.iter();
        (
            carried.map(|it| (it.block, it.name.clone())).collect(),
            draft.borrowed.keys().cloned().collect(),
        )
    }

    #[test]
    fn a_chain_of_declarations_is_carried_at_once() {
        let (carried, _) = foreseen(&[
            "type Shape interface{ Area() int }\n",
            "type Square struct{ side int }\n\nfunc (s Square) Area() int { return square(s.side) }\n\nfunc (s Square) Name() string { return \"\" }\n",
            "func square(n int) int { return n * n }\n",
            "func show(s Shape) { fmt.Println(s.Area()) }\n",
            "show(Square{2})\n",
        ]);
        let expected = [
            (0, "Shape"),
            (1, "Square"),
            (1, "Area"),
            (2, "square"),
            (3, "show"),
        ];
        assert_eq!(carried, expected.map(|(at, name)| (at, name.to_owned())));
    }

    #[test]
    fn a_name_that_the_code_declares_itself_is_not_carried() {
        let (carried, borrowed) = foreseen(&[
            "func size() int { return 1 }\nvar name = 2\n",
            "type T struct{ name string }\nfunc f(size int) T { return T{name: \"a\"} }\n",
        ]);
        assert!(
            carried.is_empty() && borrowed.is_empty(),
            "{carried:?} {borrowed:?}"
        );
    }

    #[test]
    fn a_later_group_takes_the_place_of_its_parts() {
        let (carried, _) = foreseen(&[
            "const red = 1\n",
            "const (\n\tred = 1\n\tblue = 2\n)\n",
            "fmt.Println(blue, red)\n",
        ]);
        assert_eq!(carried, [(1, "blue".to_owned())]);
    }

    #[test]
    fn a_variable_of_a_function_stands_in() {
        let (carried, borrowed) = foreseen(&[
            "type Conn struct{}\n",
            "func dial() *Conn { return nil }\n",
            "func serve(addr string) {\n\tconn := dial()\n\tconn.Close()\n}\n",
            "fmt.Println(conn, addr)\n",
        ]);
        assert_eq!(borrowed, ["addr", "conn"]);
        assert_eq!(carried, [(0, "Conn".to_owned()), (1, "dial".to_owned())]);
    }

    #[test]
    fn what_packages_call_comes_along() {
        let blocks = [
            "type Point struct{ x, y int }\n",
            "func (p Point) String() string { return \"\" }\n",
            "fmt.Println(Point{1, 2})\n",
        ];
        let (carried, _) = foreseen(&blocks);
        assert_eq!(carried, [(0, "Point".to_owned()), (1, "String".to_owned())]);
        // What comes later is not there yet.
        let (carried, _) = foreseen(&[blocks[0], blocks[2]]);
        assert_eq!(carried, [(0, "Point".to_owned())]);
        // Nothing that is used calls it.
        let (carried, _) = foreseen(&[blocks[0], blocks[1], "println(Point{1, 2}.x)\n"]);
        assert_eq!(carried, [(0, "Point".to_owned())]);
    }

    #[test]
    fn what_functions_need_stands_outside_wherever_the_note_declares_it() {
        let get = "func get() error { return errNone }\n";
        let (carried, borrowed) = foreseen(&[get, "var errNone = error(nil)\n", "get()\n"]);
        assert!(borrowed.is_empty(), "{borrowed:?}");
        assert_eq!(carried, [(0, "get".to_owned()), (1, "errNone".to_owned())]);
        let (snippets, context) = note_of(&[get, "var errNone = error(nil)\n"]);
        let mut draft = Draft::of(&snippets[0]).remove(0);
        draft.foresee(&context, &Fmt);
        assert!(!draft.carried[0].local && !draft.is_compiled_only());
        // Statements may mean another one.
        let (snippets, context) = note_of(&["print(errNone)\n", "var errNone = error(nil)\n"]);
        let mut draft = Draft::of(&snippets[0]).remove(0);
        draft.foresee(&context, &Fmt);
        assert!(draft.carried.is_empty());
    }

    #[test]
    fn a_variable_brings_the_functions_that_fill_it() {
        let (carried, _) = foreseen(&[
            "var codes = map[string]int{}\n\nfunc init() {\n\tcodes[\"a\"] = 1\n}\n\nfunc init() {\n\tfmt.Println()\n}\n",
            "func init() {\n\tfmt.Println(codes)\n}\n\nfunc main() {\n\tfmt.Println(codes)\n}\n",
        ]);
        assert_eq!(carried, [(0, "codes".to_owned()), (0, "init".to_owned())]);
    }
}
