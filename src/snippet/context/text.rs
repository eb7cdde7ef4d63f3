//! What a note's headings and words tell of its code.

use std::collections::BTreeMap;

use crate::note::{Note, Part};
use crate::snippet::draft::import_name;

/// The headings above each block. Two of the same words are two: a book that goes on step by step calls each of its
/// steps alike.
pub fn sections(note: &Note) -> Vec<Vec<(usize, String)>> {
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sections = vec![Vec::new(); note.blocks.len()];
    for (at, part) in note.parts.iter().enumerate() {
        match part {
            Part::Heading { text, .. } => {
                last.insert(text, at);
            }
            Part::Block(block) => {
                let headings = note.blocks[*block].headings.iter();
                let place = |text: &String| last.get(text.as_str()).copied().unwrap_or_default();
                sections[*block] = headings.map(|text| (place(text), text.clone())).collect();
            }
            Part::Prose(_) | Part::Html { .. } => {}
        }
    }
    sections
}

// An import path with a domain, written as one: no part of a link.
pattern!(
    MODULE,
    r#"(?m)(?:^|[\s`"'(])((?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[A-Za-z0-9_.~-]+)+)"#
);

/// The modules that a text names, as in `go get github.com/gorilla/websocket`.
pub fn named_modules(text: &str) -> BTreeMap<String, String> {
    MODULE
        .captures_iter(text)
        .map(|found| found[1].trim_end_matches('.').to_owned())
        .map(|path| (import_name(&path).to_owned(), path))
        .collect()
}
