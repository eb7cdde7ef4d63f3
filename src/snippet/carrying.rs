//! Names that a block lacks: moved out of `main`, imported, carried in from other blocks, or stood in for.

use std::collections::BTreeSet;

use super::context::Declaration;
use super::item::ItemKind;
use super::joining;
use super::names::words;
use super::repair::{Answer, Repairer, Trouble};
use super::source::{Edit, Place};
use super::stand_in::{self, StandIns};
use super::syntax::Syntax;

/// How many rounds of compiling may tell more about stand-ins: each goes one step further into the types, and
/// code needs few.
const MOST_ROUNDS: usize = 16;

impl Repairer<'_> {
    pub(super) fn undefined(&mut self, name: &str, place: Option<Place>) -> Answer {
        let block = place.map_or(self.draft.snippet.block, |place| place.block);
        if self.promote(name, place) {
            return Answer::Repaired;
        }
        let selected = self.draft.selected_from(name, self.context);
        let selected: Vec<&str> = selected.iter().map(String::as_str).collect();
        if !selected.is_empty()
            && let Some(path) = (self.draft).package(name, &selected, self.context, self.packages)
            // The compiler says so wherever the package is used.
            && (self.draft.imports.insert(path) || self.changed)
        {
            return Answer::Repaired;
        }
        if self.draft.provide(name, block, self.context, self.packages) {
            return Answer::Repaired;
        }
        Answer::Missing(name.to_owned())
    }

    /// A function needs a variable that stands among the statements, or the variables of one declaration need each
    /// other: let it stand outside.
    fn promote(&mut self, name: &str, place: Option<Place>) -> bool {
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
        let itself = place.is_some_and(|place| {
            place.block == self.draft.snippet.block
                && items[at].kind == ItemKind::Var
                && items[at].span.contains(&place.offset)
        });
        if !(needed || itself) || self.draft.nests.contains(&at) {
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
        let span = items[at].span.clone();
        let block = self.draft.snippet.block;
        if items[at].kind == ItemKind::ShortVar {
            let Some(sign) = self.draft.snippet.code()[span.clone()].find(":=") else {
                return false;
            };
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
        // Outside of functions nothing is unused, and a statement that uses it cannot stand there.
        let uses = |edit: &Edit| {
            edit.insert.contains("_ = ") && (span.contains(&edit.at) || edit.at == span.end)
        };
        if let Some(edits) = self.draft.edits.get_mut(&block) {
            edits.retain(|edit| !uses(edit));
        }
        self.draft.body.remove(position);
        self.draft.top.push(at);
        self.draft.top.sort_unstable();
        true
    }

    /// What was carried in does not fit: another function of the same name, another version of a type.
    /// Then it is not what the author meant; the next one of that name is tried.
    pub(super) fn refuse(&mut self) -> bool {
        if self.draft.early {
            return false;
        }
        let (mut unfit, mut variables) = (BTreeSet::new(), self.unfit_variables());
        if variables.is_empty() {
            unfit = self.unfit();
        }
        if unfit.is_empty() && variables.is_empty() && !self.errors.is_empty() {
            let borrowed = self.draft.borrowed.values();
            variables = borrowed.map(|variable| variable.text.clone()).collect();
        }
        if unfit.is_empty() && variables.is_empty() {
            return false;
        }
        if self.draft.nearest.is_none() {
            let mut errors = self.errors.iter();
            self.draft.nearest =
                errors.find_map(|(error, place)| Some(((*place)?, error.message.clone())));
        }
        self.draft.refused.extend(unfit);
        self.draft.unfit_variables.extend(variables);
        self.start_again();
        true
    }

    /// Look anew for what is carried in.
    pub(super) fn start_again(&mut self) {
        let draft = &mut self.draft;
        let refused = &draft.refused;
        draft
            .carried
            .retain(|it| it.name == "main" && !refused.contains(it));
        draft.borrowed.clear();
        let pieces: Vec<usize> = (0..draft.snippet.items.len()).collect();
        let own = joining::within(&draft.snippet, &pieces);
        draft.joined.retain(|name, _| own.contains_key(name));
        draft.rests.clear();
        (draft.of_elided, draft.of_other_notes) = (false, false);
        draft.foresee(self.context, self.packages);
    }

    /// The variables that stand in for others and are named in a complaint.
    fn unfit_variables(&self) -> Vec<String> {
        let named = |name: &str| {
            let mut errors = self.errors.iter();
            errors.any(|(error, _)| mentions(&error.message, name))
        };
        let borrowed = self.draft.borrowed.iter();
        borrowed
            .filter(|(name, _)| named(name))
            .map(|(_, variable)| variable.text.clone())
            .collect()
    }

    /// The carried declarations that are to give way: those that have another version first.
    ///
    /// Of the ones that a complaint names or stands in, it is the oldest: a later state of something fits with
    /// what comes later. What is of another note or section gives way before that.
    fn unfit(&self) -> BTreeSet<Declaration> {
        let own = self.draft.snippet.block;
        let carried = || self.draft.carried.iter();
        let mut unfit = BTreeSet::new();
        for (error, place) in &self.errors {
            let suspects = carried().filter(|carried| {
                mentions(&error.message, &carried.name)
                    || place.is_some_and(|place| self.stands_in(place, carried))
            });
            let mut suspects: Vec<&Declaration> = suspects.collect();
            suspects.sort_by_key(|it| (self.context.neighbour(it.block).is_none(), it.block));
            let changing = suspects.iter().find(|it| self.has_another(it));
            unfit.extend(changing.map(|it| (*it).clone()));
        }
        if unfit.is_empty() && !self.errors.is_empty() {
            // What a complaint calls by a variable's name, may be of a type that has changed since.
            let is_type = |it: &&Declaration| {
                let snippet = self.context.snippet(it.block);
                snippet.is_some_and(|snippet| snippet.items[it.item].kind == ItemKind::Type)
            };
            let mut types = carried().filter(is_type);
            unfit.extend(types.find(|it| self.has_another(it)).cloned());
        }
        if !unfit.is_empty() || self.errors.is_empty() {
            return unfit;
        }
        let named = |it: &Declaration| {
            let mut errors = self.errors.iter();
            errors.any(|(error, _)| mentions(&error.message, &it.name))
        };
        let erring = |it: &Declaration| {
            let mut places = self.errors.iter().filter_map(|(_, place)| *place);
            places.any(|place| self.stands_in(place, it))
        };
        let foreign = |it: &Declaration| self.context.neighbour(it.block).is_some();
        let elsewhere = |it: &Declaration| !self.context.same_section(it.block, own);
        // A type that the note has but once is meant, whatever is wrong with it.
        let meant = |it: &Declaration| !foreign(it) && self.context.is_only(it);
        let orders: [&dyn Fn(&Declaration) -> bool; 6] = [
            &|it| named(it) && foreign(it),
            &|it| named(it) && elsewhere(it) && !meant(it),
            &|it| named(it) && !meant(it),
            &erring,
            &foreign,
            &|it| elsewhere(it) && !meant(it),
        ];
        let mut groups = orders
            .into_iter()
            .map(|fits| -> BTreeSet<_> { carried().filter(|it| fits(it)).cloned().collect() });
        groups.find(|group| !group.is_empty()).unwrap_or_default()
    }

    /// Whether there is another version of a declaration that was not refused.
    fn has_another(&self, it: &Declaration) -> bool {
        let own = self.draft.snippet.block;
        let mut refused = self.draft.refused.clone();
        refused.insert(it.clone());
        let snippet = self.context.snippet(it.block);
        match snippet.map(|snippet| &snippet.items[it.item].kind) {
            Some(ItemKind::Method { receiver }) => {
                let context = self.context;
                let found = context.method(receiver, &it.name, own, it.block, &refused);
                found.is_some()
            }
            _ => self.context.find(&it.name, own, own, &refused).is_some(),
        }
    }

    /// Whether a place is within a carried declaration.
    fn stands_in(&self, place: Place, carried: &Declaration) -> bool {
        let snippet = self.context.snippet(carried.block);
        place.block == carried.block
            && snippet.is_some_and(|it| it.items[carried.item].span.contains(&place.offset))
    }

    /// Only names are missing: stand-ins derived from their use may make it type-check.
    pub(super) fn stand_in(&mut self, trouble: &Trouble) -> bool {
        if self.draft.no_stand_ins
            || self.draft.is_complete()
            || trouble.missing.is_empty()
            || !trouble.errors.is_empty()
        {
            return false;
        }
        self.add_stand_ins(&trouble.missing)
    }

    /// Names are missing that only modules can have which the note's text names.
    pub(super) fn import_named(&mut self, trouble: &Trouble) -> bool {
        let mut names = trouble.missing.iter();
        names.any(|name| self.draft.import_named(name, self.context))
    }

    fn add_stand_ins(&mut self, missing: &[String]) -> bool {
        let mut stand_ins = self.draft.stand_ins.clone();
        let added = missing.iter().all(|name| {
            let blocks = self.blocks();
            let mut used: Vec<Syntax> = blocks
                .into_iter()
                .filter_map(|block| self.syntax(block))
                .collect();
            // Where it is a type says more than where it is called, which may be a conversion.
            used.sort_by_key(|syntax| !stand_in::is_type(syntax, name));
            used.iter()
                .any(|syntax| stand_ins.add(name, syntax).is_some())
        });
        if added {
            self.draft.stand_ins = stand_ins;
        }
        added
    }

    /// With stand-ins in place, each complaint tells more about their types. If one round of compiling tells
    /// nothing, they are taken back, and the names stay missing.
    pub(super) fn learn(&mut self, trouble: &Trouble) -> bool {
        if self.draft.stand_ins.is_empty() {
            return false;
        }
        let mut stand_ins = self.draft.stand_ins.clone();
        let mut learned = false;
        for (error, place) in &self.errors {
            let block = place.map_or(self.draft.snippet.block, |place| place.block);
            if let Some(syntax) = self.syntax(block) {
                let at = place.map(|place| place.offset);
                learned |= stand_ins.learn(&error.message, at, &syntax);
            }
        }
        self.draft.stand_ins = stand_ins;
        self.draft.stand_in_rounds += 1;
        let added = !trouble.missing.is_empty() && self.add_stand_ins(&trouble.missing);
        if self.draft.stand_in_rounds > MOST_ROUNDS {
            self.draft.stand_ins = StandIns::default();
            self.draft.no_stand_ins = true;
        } else if !(learned || added) {
            // They may contradict what was carried in, which then is not what the author meant.
            self.draft.stand_ins = StandIns::default();
            self.draft.no_stand_ins = !self.refuse();
        }
        true
    }

    /// The blocks whose code is part of the draft, its own first.
    fn blocks(&self) -> Vec<usize> {
        let mut blocks = vec![self.draft.snippet.block];
        for carried in &self.draft.carried {
            if !blocks.contains(&carried.block) {
                blocks.push(carried.block);
            }
        }
        blocks
    }

    /// A method of a type stands in another block.
    pub(super) fn method(&mut self, receiver: &str, method: &str, place: Place) -> bool {
        let own = self.draft.snippet.block;
        let carried = &self.draft.carried;
        let home = carried
            .iter()
            .find(|carried| carried.name == receiver)
            .map_or(place.block, |carried| carried.block);
        if self.draft.has_method(receiver, method) {
            return false;
        }
        let refused = &self.draft.refused;
        let found = self.context.method(receiver, method, own, home, refused);
        // One that comes later has not been there yet.
        found
            .filter(|it| !self.draft.early || it.block <= own)
            .cloned()
            .is_some_and(|found| self.draft.carry(found, self.context))
    }
}

fn mentions(message: &str, name: &str) -> bool {
    words(message).any(|word| word == name)
}
