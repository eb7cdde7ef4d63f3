//! Names that a block lacks: moved out of `main`, imported, carried in from other blocks, or stood in for.

use super::context::Declaration;
use super::item::ItemKind;
use super::repair::{Answer, Repairer, Trouble};
use super::source::{Edit, Place};
use super::stand_in;

impl Repairer<'_> {
    pub(super) fn undefined(&mut self, name: &str, place: Option<Place>) -> Answer {
        let block = place.map_or(self.draft.snippet.block, |place| place.block);
        if self.promote(name) {
            return Answer::Repaired;
        }
        let selected = self.selected(name);
        let selected: Vec<&str> = selected.iter().map(String::as_str).collect();
        if !selected.is_empty()
            && let Some(path) = self.packages.resolve(name, &selected)
            && self.draft.imports.insert(path)
        {
            return Answer::Repaired;
        }
        if let Some(declaration) = self.context.find(name, block, &self.draft.refused)
            && self.carry(declaration.clone())
        {
            return Answer::Repaired;
        }
        Answer::Missing(name.to_owned())
    }

    /// The names selected from `name` anywhere in the draft.
    fn selected(&self, name: &str) -> Vec<String> {
        let draft = &self.draft;
        let own = draft
            .top
            .iter()
            .chain(&draft.body)
            .filter_map(|&at| draft.snippet.qualified[at].get(name));
        let carried = draft.carried.iter().filter_map(|carried| {
            self.context.snippet(carried.block)?.qualified[carried.item].get(name)
        });
        own.chain(carried).flatten().cloned().collect()
    }

    /// A function needs a variable that stands among the statements: let it stand outside.
    fn promote(&mut self, name: &str) -> bool {
        let items = &self.draft.snippet.items;
        let Some(position) = self.draft.body.iter().position(|&at| {
            matches!(
                items[at].kind,
                ItemKind::ShortVar | ItemKind::Var | ItemKind::Const | ItemKind::Type
            ) && items[at].names.iter().any(|declared| declared == name)
        }) else {
            return false;
        };
        let needed = self
            .draft
            .top
            .iter()
            .any(|&at| items[at].mentions.contains(name));
        let at = self.draft.body[position];
        if !needed || self.draft.nests.contains(&at) {
            return false;
        }
        let local = self.draft.body.iter().any(|&other| {
            other != at
                && matches!(items[other].kind, ItemKind::ShortVar)
                && items[other]
                    .names
                    .iter()
                    .any(|name| items[at].mentions.contains(name))
        });
        if local {
            return false;
        }
        if items[at].kind == ItemKind::ShortVar {
            let span = items[at].span.clone();
            let Some(sign) = self.draft.snippet.code()[span.clone()].find(":=") else {
                return false;
            };
            let block = self.draft.snippet.block;
            self.draft.edit(block, Edit::insert(span.start, "var "));
            self.draft.edit(
                block,
                Edit {
                    at: span.start + sign,
                    remove: 1,
                    insert: String::new(),
                },
            );
        }
        self.draft.body.remove(position);
        self.draft.top.push(at);
        self.draft.top.sort_unstable();
        true
    }

    fn carry(&mut self, declaration: Declaration) -> bool {
        if declaration.block == self.draft.snippet.block
            || self.draft.refused.contains(&declaration)
        {
            return false;
        }
        let same = |carried: &Declaration| {
            carried.block == declaration.block && carried.item == declaration.item
        };
        let Some(snippet) = self.context.snippet(declaration.block) else {
            return false;
        };
        let names = &snippet.items[declaration.item].names;
        let own = &self.draft.snippet.items;
        let is_method = matches!(
            snippet.items[declaration.item].kind,
            ItemKind::Method { .. }
        );
        let clashes = !is_method
            && self
                .draft
                .top
                .iter()
                .chain(&self.draft.body)
                .any(|&at| own[at].names.iter().any(|name| names.contains(name)));
        if clashes || self.draft.carried.iter().any(same) {
            return false;
        }
        self.draft.carried.push(declaration);
        self.draft.carried.sort();
        true
    }

    /// What was carried in does not fit: another function of the same name, another version of a type.
    /// Then it is not what the author meant; the next one of that name is tried.
    pub(super) fn refuse(&mut self, trouble: &Trouble) -> bool {
        let own = self.draft.snippet.block;
        let mut unfit: Vec<Declaration> = self
            .draft
            .carried
            .iter()
            .filter(|carried| {
                trouble
                    .errors
                    .iter()
                    .any(|error| mentions(&error.message, &carried.name))
            })
            .cloned()
            .collect();
        if unfit.is_empty() && !trouble.errors.is_empty() {
            unfit = self
                .draft
                .carried
                .iter()
                .filter(|carried| !self.context.same_section(carried.block, own))
                .cloned()
                .collect();
        }
        if unfit.is_empty() {
            return false;
        }
        self.draft.carried.clear();
        self.draft.refused.extend(unfit);
        true
    }

    /// Only names are missing: stand-ins derived from their use may make it type-check. If they do not,
    /// they are taken back, and the names stay missing.
    pub(super) fn stand_in(&mut self, trouble: &Trouble) -> bool {
        if self.draft.no_stand_ins {
            return false;
        }
        if !self.draft.stand_ins.is_empty() {
            // Whatever is wrong now, it is with stand-ins.
            self.draft.stand_ins.clear();
            self.draft.no_stand_ins = true;
            return true;
        }
        if trouble.missing.is_empty() || !trouble.errors.is_empty() || self.draft.is_complete() {
            return false;
        }
        let syntax = &self.draft.snippet.syntax;
        let derived: Option<Vec<(String, String)>> = trouble
            .missing
            .iter()
            .map(|name| stand_in::derive(syntax, name).map(|text| (name.clone(), text)))
            .collect();
        let Some(derived) = derived else {
            return false;
        };
        for (_, text) in &derived {
            self.draft
                .imports
                .extend(stand_in::imports(text).map(str::to_owned));
        }
        self.draft.stand_ins = derived.into_iter().collect();
        true
    }

    pub(super) fn method(&mut self, receiver: &str, method: &str, place: Place) -> bool {
        let home = self
            .draft
            .carried
            .iter()
            .find(|carried| carried.name == receiver)
            .map_or(place.block, |carried| carried.block);
        self.context
            .methods(receiver, home)
            .into_iter()
            .filter(|declaration| declaration.name == method)
            .any(|declaration| self.carry(declaration))
    }
}

fn mentions(message: &str, name: &str) -> bool {
    message
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .any(|word| word == name)
}
