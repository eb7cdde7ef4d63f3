//! A declaration is carried in, with what comes along: what fills a variable, the methods of a type.

use std::collections::BTreeSet;

use crate::snippet::Snippet;
use crate::snippet::context::{Context, Declaration};
use crate::snippet::continuing;
use crate::snippet::draft::Draft;
use crate::snippet::item::{Item, ItemKind};
use crate::snippet::names;

/// What packages call of values that have it, without the compiler's asking for it.
const CALLED_BY: [(&str, &[&str]); 9] = [
    ("fmt", SHOWING),
    ("log", SHOWING),
    ("slog", &["LogValue", "Error", "String"]),
    ("errors", &["Unwrap", "Is", "As"]),
    (
        "json",
        &[
            "MarshalJSON",
            "UnmarshalJSON",
            "MarshalText",
            "UnmarshalText",
        ],
    ),
    (
        "xml",
        &["MarshalXML", "UnmarshalXML", "MarshalText", "UnmarshalText"],
    ),
    ("gob", &["GobEncode", "GobDecode"]),
    ("io", &["WriteTo", "ReadFrom", "WriteString"]),
    ("template", &["String", "Error"]),
];

/// How a value is shown.
const SHOWING: &[&str] = &["String", "Error", "Format", "GoString"];

impl Draft {
    /// Carry a declaration in, if the draft has nothing of that name.
    pub(in crate::snippet) fn carry(
        &mut self,
        declaration: Declaration,
        context: &Context,
    ) -> bool {
        let Some(snippet) = context.snippet(declaration.block) else {
            return false;
        };
        if declaration.block == self.snippet.block || self.refused.contains(&declaration) {
            return false;
        }
        let item = &snippet.items[declaration.item];
        let is_method = matches!(item.kind, ItemKind::Method { .. });
        let own = self.declared();
        let clashes = !is_method
            && !is_init(item)
            && item.names.iter().any(|name| own.contains(name.as_str()));
        let there = self.carried.iter().any(|carried| {
            (carried.block, carried.item) == (declaration.block, declaration.item)
                || is_other_version(carried, &declaration, context)
                    && !is_within(carried, &declaration, context)
        });
        if clashes || there {
            return false;
        }
        self.carried
            .retain(|carried| !is_within(carried, &declaration, context));
        // A body of which something is left out does not do what its author's does.
        self.of_elided |= snippet.is_elided_in(&[declaration.item], declaration.local);
        self.one_of_several |= context.versions(&declaration.name) > 1;
        self.of_other_notes |= context.neighbour(declaration.block).is_some();
        let initialisers = initialisers(snippet, &declaration);
        let following = match declaration.local && item.is_variable() {
            true => continuing::following(context, &declaration, self.snippet.block),
            false => Vec::new(),
        };
        self.carried.push(declaration);
        for along in initialisers.into_iter().chain(following) {
            self.carry(along, context);
        }
        self.carried.sort();
        true
    }

    /// Whether something that is carried in declares `name`.
    pub(super) fn carries(&self, name: &str, context: &Context) -> bool {
        self.carried.iter().any(|carried| {
            context.snippet(carried.block).is_some_and(|snippet| {
                let item = &snippet.items[carried.item];
                !matches!(item.kind, ItemKind::Method { .. })
                    && item.names.iter().any(|declared| declared == name)
            })
        })
    }

    /// Carry in the methods of its types that its code may call.
    pub(super) fn provide_methods(&mut self, context: &Context) {
        let own = self.snippet.block;
        let mut types: Vec<(String, usize)> = Vec::new();
        for &at in self.top.iter().chain(&self.body) {
            types.extend(receivers(&self.snippet, at).map(|name| (name, own)));
        }
        let mut selected: BTreeSet<String> = self.snippet.selected.clone();
        for variable in self.borrowed.values() {
            selected.extend(variable.selected.iter().cloned());
        }
        // What only the text calls.
        let called = self.probes.packages().into_iter();
        selected.extend(called.map(|(_, method)| method));
        for carried in &self.carried {
            let Some(snippet) = context.snippet(carried.block) else {
                continue;
            };
            let item = &snippet.items[carried.item];
            let named = receivers(snippet, carried.item);
            types.extend(named.map(|name| (name, carried.block)));
            if let Some(node) = snippet.syntax.at(item.span.clone()) {
                selected.extend(names::selected(&snippet.syntax, node));
            }
        }
        let by_packages = self.called_by_packages(context);
        let serves = !self.selected_from("rpc", context).is_empty();
        for (receiver, home) in types {
            let served = context.served_methods(&receiver);
            let served = served.filter(|_| serves).map(|name| (name, true));
            let by_packages = by_packages.iter().map(|name| (*name, true));
            let selected = selected.iter().map(|name| (name.as_str(), false));
            for (name, unasked) in by_packages.chain(served).chain(selected) {
                if self.has_method(&receiver, name) {
                    continue;
                }
                let found = context.method(&receiver, name, own, home, &self.refused);
                let there = found.filter(|it| match unasked {
                    // A method that comes later has not been there yet.
                    true => {
                        (it.block < own || it.block == home)
                            && context.neighbour(it.block).is_none()
                    }
                    false => !self.early || it.block <= own,
                });
                if let Some(found) = there.cloned() {
                    self.carry(found, context);
                }
            }
        }
    }

    /// The methods that packages which the code uses call where a value has them.
    fn called_by_packages(&self, context: &Context) -> Vec<&'static str> {
        let uses = |package: &str| !self.selected_from(package, context).is_empty();
        let used = CALLED_BY.iter().filter(|(package, _)| uses(package));
        used.flat_map(|(_, methods)| methods.iter().copied())
            .collect()
    }

    /// Whether the draft's own code has the method.
    pub(in crate::snippet) fn has_method(&self, receiver: &str, name: &str) -> bool {
        let items = &self.snippet.items;
        self.top.iter().any(|&at| {
            matches!(&items[at].kind, ItemKind::Method { receiver: of } if of == receiver)
                && items[at].names.iter().any(|it| it == name)
        })
    }
}

fn is_init(item: &Item) -> bool {
    matches!(item.kind, ItemKind::Func(_)) && item.names == ["init"]
}

/// The `init` functions beside a variable that speak of it: without them it has another value.
fn initialisers(snippet: &Snippet, of: &Declaration) -> Vec<Declaration> {
    let variable = &snippet.items[of.item];
    if variable.kind != ItemKind::Var || of.local {
        return Vec::new();
    }
    let speaks = |item: &Item| {
        let mut names = variable.names.iter();
        is_init(item) && names.any(|name| item.mentions.contains(name))
    };
    let items = snippet.items.iter().enumerate();
    items
        .filter(|(_, item)| speaks(item))
        .map(|(at, _)| Declaration {
            item: at,
            name: "init".to_owned(),
            ..of.clone()
        })
        .collect()
}

/// The types that an item declares and that can have methods: not interfaces.
fn receivers(snippet: &Snippet, item: usize) -> impl Iterator<Item = String> {
    let syntax = &snippet.syntax;
    let item = &snippet.items[item];
    let node = (item.kind == ItemKind::Type)
        .then(|| syntax.at(item.span.clone()))
        .flatten();
    let specs = node.into_iter().flat_map(|node| syntax.walk(node));
    specs
        .filter(|spec| spec.kind() == "type_spec")
        .filter(|spec| {
            let kind = spec.child_by_field_name("type");
            kind.is_none_or(|kind| kind.kind() != "interface_type")
        })
        .filter_map(|spec| spec.child_by_field_name("name"))
        .map(|name| syntax.of(name).to_owned())
}

/// Whether all that a declaration declares is declared by another as well: a later group of constants holds those
/// that once stood alone.
fn is_within(one: &Declaration, other: &Declaration, context: &Context) -> bool {
    let item = |it: &Declaration| Some(&context.snippet(it.block)?.items[it.item]);
    let (Some(one), Some(other)) = (item(one), item(other)) else {
        return false;
    };
    let groups = matches!(one.kind, ItemKind::Const | ItemKind::Var | ItemKind::Type);
    groups && one.kind == other.kind && one.names.iter().all(|name| other.names.contains(name))
}

/// Whether two declarations can't stand in one program: the same name, or the same method of a type.
fn is_other_version(one: &Declaration, other: &Declaration, context: &Context) -> bool {
    let item = |it: &Declaration| Some(&context.snippet(it.block)?.items[it.item]);
    let (Some(one), Some(other)) = (item(one), item(other)) else {
        return false;
    };
    let shared = || one.names.iter().any(|name| other.names.contains(name));
    match (&one.kind, &other.kind) {
        (ItemKind::Method { receiver: a }, ItemKind::Method { receiver: b }) => a == b && shared(),
        (ItemKind::Method { .. }, _) | (_, ItemKind::Method { .. }) => false,
        _ if is_init(one) => false,
        // `:=` may declare a name again beside a new one.
        (ItemKind::ShortVar, ItemKind::ShortVar) => one.names == other.names,
        _ => shared(),
    }
}
