//! Stand-ins as Go declarations.

use std::collections::BTreeSet;

use crate::snippet::names::words;

use super::{Method, PREFIX, Shape, StandIn, StandIns};

impl StandIns {
    /// The Go declarations, one for each name, and those that they need.
    pub fn declarations(&self) -> Vec<String> {
        let mut declarations: Vec<String> = self
            .names
            .iter()
            .map(|(name, stand_in)| match stand_in {
                StandIn::Variable(kind) => format!("var {name} {}", self.resolved(kind)),
                StandIn::Function(results) => format!(
                    "func {name}(...any){} {}",
                    self.result_list(results),
                    body(results)
                ),
                StandIn::Constant => format!("const {name} = 1"),
                StandIn::Type => self.declaration(name),
            })
            .collect();
        // Of our own types only those that something speaks of, found by following the names.
        let mut written: BTreeSet<String> = BTreeSet::new();
        let mut at = 0;
        while at < declarations.len() {
            let ours: Vec<String> = words(&declarations[at])
                .filter(|name| name.starts_with(PREFIX) && self.types.contains_key(*name))
                .map(str::to_owned)
                .collect();
            for name in ours {
                if !written.contains(&name) {
                    declarations.push(self.declaration(&name));
                    written.insert(name);
                }
            }
            at += 1;
        }
        declarations
    }

    /// Go as its reader is to see it: our own types have the names of what they are found by, as `NewLogger` gives a
    /// `NewLoggerStandIn`.
    pub fn readable(&self, go: &str) -> String {
        let mut text = go.to_owned();
        if self.is_empty() {
            return text;
        }
        let mut named: BTreeSet<String> = BTreeSet::new();
        let lines = self.declarations().join("\n");
        for line in lines.lines() {
            let of_method = line
                .strip_prefix("func (")
                .and_then(|it| it.split_once(") "));
            let spoken = of_method.map_or(line, |(_, method)| method);
            let mut found = words(spoken);
            let by = found.find(|word| !matches!(*word, "var" | "func" | "type" | "const"));
            let Some(by) = by else { continue };
            for ours in found.filter(|word| word.starts_with(PREFIX)) {
                let name = (1..).map(|nth| match nth {
                    1 => format!("{by}StandIn"),
                    nth => format!("{by}StandIn{nth}"),
                });
                let free = |name: &String| !named.contains(name);
                if let Some(name) = name
                    .take(99)
                    .find(free)
                    .filter(|_| named.insert(ours.to_owned()))
                {
                    text = replace_word(&text, ours, &name);
                    named.insert(name);
                }
            }
        }
        text
    }

    fn declaration(&self, name: &str) -> String {
        match self.types.get(name) {
            Some(Shape::Text(text)) => format!("type {name} {}", self.resolved(text)),
            Some(Shape::Struct {
                fields,
                embedded,
                methods,
            }) => {
                let named = fields
                    .iter()
                    .map(|(field, kind)| format!("{field} {}", self.resolved(kind)));
                let fields: Vec<String> = embedded.iter().cloned().chain(named).collect();
                let mut text = match fields.as_slice() {
                    [] => format!("type {name} struct{{}}"),
                    fields => format!("type {name} struct {{\n\t{}\n}}", fields.join("\n\t")),
                };
                for (method, known) in methods {
                    let signature = self.signature(known);
                    let body = body(&known.results);
                    text.push_str(&format!("\n\nfunc ({name}) {method}{signature} {body}"));
                }
                text
            }
            Some(Shape::Interface(methods)) => {
                let methods: Vec<String> = methods
                    .iter()
                    .map(|(method, known)| format!("\t{method}{}\n", self.signature(known)))
                    .collect();
                format!("type {name} interface {{\n{}}}", methods.concat())
            }
            None => String::new(),
        }
    }

    fn signature(&self, method: &Method) -> String {
        match &method.signature {
            Some(signature) => self.resolved(signature),
            None => format!("(...any){}", self.result_list(&method.results)),
        }
    }

    fn result_list(&self, results: &[String]) -> String {
        let types: Vec<String> = results.iter().map(|kind| self.resolved(kind)).collect();
        match types.as_slice() {
            [] => String::new(),
            [one] => format!(" {one}"),
            several => format!(" ({})", several.join(", ")),
        }
    }

    /// A type with those of our own in it replaced by what they are known to be.
    pub(in crate::snippet) fn resolved(&self, kind: &str) -> String {
        let mut text = kind.to_owned();
        // Each step replaces a name by something that was found out later; a circle would be a mistake.
        for _ in 0..16 {
            let known = words(&text).find_map(|name| match self.types.get(name) {
                Some(Shape::Text(known)) if name.starts_with(PREFIX) => {
                    Some((name.to_owned(), known.clone()))
                }
                _ => None,
            });
            let Some((name, known)) = known else {
                break;
            };
            text = replace_word(&text, &name, &known);
        }
        text
    }
}

/// The body of a function that is never called.
fn body(results: &[String]) -> &'static str {
    if results.is_empty() {
        "{}"
    } else {
        "{ panic(\"a stand-in\") }"
    }
}

fn replace_word(text: &str, word: &str, by: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let end = at + word.len();
        let part = |c: char| c.is_alphanumeric() || c == '_';
        let whole = !rest[..at].ends_with(part) && !rest[end..].starts_with(part);
        result.push_str(&rest[..at]);
        result.push_str(if whole { by } else { word });
        rest = &rest[end..];
    }
    result + rest
}
