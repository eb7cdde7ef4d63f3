//! What is known of the types of stand-ins, and adding to it.

use super::super::names::words;
use super::super::stand_in::{Method, PREFIX, Shape, StandIn, StandIns, by_convention};
use super::messages::{NAMED, QUALIFIED};

/// What the names of fields begin with of which only a value is known.
pub(super) const NAMELESS: &str = "field";

impl StandIns {
    /// The type of a variable or field of this name.
    pub(super) fn kind_of(&self, name: &str) -> Option<String> {
        if let Some(StandIn::Variable(kind)) = self.names.get(name) {
            return Some(kind.clone());
        }
        self.types.values().find_map(|shape| match shape {
            Shape::Struct { fields, .. } => fields.get(name).cloned(),
            Shape::Interface(_) | Shape::Text(_) => None,
        })
    }

    /// The variables, each with its type.
    pub(super) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names
            .iter()
            .filter_map(|(name, stand_in)| match stand_in {
                StandIn::Variable(kind) => Some((name.as_str(), kind.as_str())),
                _ => None,
            })
    }

    /// The results of a function or method of this name.
    pub(super) fn results_of(&mut self, name: &str) -> Option<&mut Vec<String>> {
        if let Some(StandIn::Function(results)) = self.names.get_mut(name) {
            return Some(results);
        }
        self.types.values_mut().find_map(|shape| match shape {
            Shape::Struct { methods, .. } | Shape::Interface(methods) => {
                methods.get_mut(name).map(|method| &mut method.results)
            }
            Shape::Text(_) => None,
        })
    }

    pub(super) fn set_results(&mut self, callee: &str, wanted: usize) -> bool {
        let types = self.results(&vec![String::new(); wanted]);
        match self.results_of(callee) {
            Some(results) if results.len() < wanted => {
                // What is known of the first ones stays.
                for (old, new) in results.iter_mut().zip(types.clone()) {
                    if old.is_empty() {
                        *old = new;
                    }
                }
                let known = results.len();
                results.extend(types.into_iter().skip(known));
                true
            }
            _ => false,
        }
    }

    /// Two operands are to be of the same type.
    pub(super) fn equal(&mut self, kind: &str, other: &str) -> bool {
        match other.strip_prefix("untyped ") {
            Some("nil") => {
                let pointer = self.fresh();
                self.set(kind, &format!("*{pointer}"))
            }
            Some(constant) => self.set(kind, default_type(constant)),
            None => self.set(kind, other),
        }
    }

    /// `kind` is known to be `text`, unless something else is known of it already.
    pub(super) fn set(&mut self, kind: &str, text: &str) -> bool {
        let (kind, text) = (plain(kind), plain(text));
        // `*standIn1` used as `*T`.
        let (kind, text) = match (kind.strip_prefix('*'), text.strip_prefix('*')) {
            (Some(kind), Some(text)) => (kind, text),
            _ => (kind, text),
        };
        if kind == text || words(&self.resolved(text)).any(|word| word == kind) {
            return false;
        }
        let is_ours = kind.starts_with(PREFIX);
        match self.types.get_mut(kind) {
            Some(shape @ Shape::Struct { .. }) if !is_ours && !is_basic(text) => {
                // Another type is used as it.
                let Shape::Struct {
                    fields,
                    embedded,
                    methods,
                } = &*shape
                else {
                    return false;
                };
                let methods = methods.clone();
                let free = fields.is_empty() && embedded.is_empty();
                if free {
                    *shape = Shape::Interface(methods);
                }
                free
            }
            Some(shape @ Shape::Struct { .. }) => {
                if *shape != Shape::unknown() {
                    return false;
                }
                *shape = Shape::Text(text.to_owned());
                true
            }
            _ => false,
        }
    }

    pub(super) fn add_field(&mut self, owner: &str, field: &str) -> bool {
        let kind = by_convention(field).map_or_else(|| self.fresh(), str::to_owned);
        match self.types.get_mut(owner) {
            Some(Shape::Struct { fields, .. }) if !fields.contains_key(field) => {
                // One that was there for its value only has a name now.
                let nameless = fields.keys().find(|known| {
                    known
                        .strip_prefix(NAMELESS)
                        .is_some_and(|nth| nth.parse::<u32>().is_ok())
                });
                let kind = match nameless.cloned() {
                    Some(known) if !field.starts_with(NAMELESS) => fields.remove(&known),
                    _ => None,
                }
                .unwrap_or(kind);
                fields.insert(field.to_owned(), kind);
                true
            }
            _ => false,
        }
    }

    /// It is to have all methods of an interface.
    pub(super) fn embed(&mut self, owner: &str, interface: &str) -> bool {
        let interface = plain(interface);
        match self.types.get_mut(owner) {
            Some(Shape::Struct { embedded, .. }) if NAMED.is_match(interface) => {
                embedded.insert(interface.to_owned())
            }
            _ => false,
        }
    }

    pub(super) fn add_method(&mut self, owner: &str, method: &str, results: Vec<String>) -> bool {
        match self.types.get_mut(owner) {
            Some(Shape::Struct { methods, .. } | Shape::Interface(methods))
                if !methods.contains_key(method) =>
            {
                let signature = None;
                methods.insert(method.to_owned(), Method { results, signature });
                true
            }
            _ => false,
        }
    }

    /// The packages that the stand-ins need, each with what is taken from it.
    pub fn packages(&self) -> Vec<(String, String)> {
        let text = self.declarations().join("\n");
        QUALIFIED
            .captures_iter(&text)
            .map(|found| (found[1].to_owned(), found[2].to_owned()))
            .collect()
    }

    pub(super) fn set_signature(&mut self, owner: &str, method: &str, signature: &str) -> bool {
        let signature = signature.trim();
        let nothing = signature.ends_with(')') && !signature.contains(") (");
        let methods = match self.types.get_mut(owner) {
            Some(Shape::Struct { methods, .. } | Shape::Interface(methods)) => methods,
            _ => return false,
        };
        methods.get_mut(method).is_some_and(|known| {
            let new = known.signature.is_none();
            known.signature = Some(signature.to_owned());
            known.results = if nothing {
                Vec::new()
            } else {
                vec![String::new()]
            };
            new
        })
    }
}

/// A type as the compiler names it, without the package that the program is.
fn plain(kind: &str) -> &str {
    kind.trim().strip_prefix("main.").unwrap_or(kind.trim())
}

pub(super) fn default_type(constant: &str) -> &'static str {
    match constant {
        "string" => "string",
        "float" => "float64",
        "rune" => "rune",
        "bool" => "bool",
        "complex" => "complex128",
        _ => "int",
    }
}

/// Whether a type that has a name in the note can be declared as this one: what has a name itself is another
/// type.
fn is_basic(text: &str) -> bool {
    matches!(text, "int" | "string" | "float64" | "bool" | "rune")
        || ["map[", "[]", "chan ", "func("]
            .iter()
            .any(|start| text.starts_with(start))
}
