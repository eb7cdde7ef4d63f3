//! The notes of a folder, as chapters of a book: each may need what the others declare.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use camino::{Utf8Path, Utf8PathBuf};

use crate::note::{Note, discover, read};
use crate::settings::Settings;
use crate::snippet::context::{FURTHEST, Parts};
use crate::snippet::{Context, Snippet};

use super::reading::{Reading, snippets};

/// Let the notes of each folder know of each other's declarations, also of those that are not verified now:
/// what a note's programs are must not depend on what else was asked for.
pub fn acquaint(reading: &mut Reading, settings: &Settings, cancelled: &AtomicBool) {
    let mut folders: BTreeMap<Utf8PathBuf, Vec<usize>> = BTreeMap::new();
    for (at, read) in reading.notes.iter().enumerate() {
        let folder = read.note.path.parent().unwrap_or(Utf8Path::new(""));
        folders.entry(folder.to_owned()).or_default().push(at);
    }
    let mut contexts = Vec::new();
    for (folder, members) in folders {
        let known = known(&folder, &members, reading, settings, cancelled);
        for (own, one) in known.iter().enumerate() {
            let Known::Asked(at) = *one else {
                continue;
            };
            let others = known.iter().enumerate();
            let others = others
                .filter(|(place, _)| *place != own && place.abs_diff(own) <= FURTHEST)
                .filter_map(|(place, other)| Some((place, other.parts(reading)?)));
            let mut context = reading.notes[at].context.clone();
            context.adopt(own, others);
            contexts.push((at, context));
        }
    }
    for (at, context) in contexts {
        reading.notes[at].context = context;
    }
}

/// A note of a folder.
enum Known {
    /// One that is verified: its place in the reading.
    Asked(usize),
    /// Another one.
    Read(Box<(Note, Vec<Arc<Snippet>>, Context)>),
    /// One that is too far from those that are verified, or can't be read.
    Unknown,
}

impl Known {
    fn parts<'k>(&'k self, reading: &'k Reading) -> Option<Parts<'k>> {
        match self {
            Self::Asked(at) => {
                let read = &reading.notes[*at];
                Some((&read.note, &read.snippets, &read.context))
            }
            Self::Read(read) => Some((&read.0, &read.1, &read.2)),
            Self::Unknown => None,
        }
    }
}

/// The notes of a folder in the order of their names.
fn known(
    folder: &Utf8Path,
    members: &[usize],
    reading: &Reading,
    settings: &Settings,
    cancelled: &AtomicBool,
) -> Vec<Known> {
    let mut asked: BTreeMap<Utf8PathBuf, Option<usize>> = members
        .iter()
        .map(|&at| (reading.notes[at].note.path.clone(), Some(at)))
        .collect();
    for path in discover::notes_in(&settings.current.join(folder)) {
        let shown = folder.join(path.file_name().unwrap_or_default());
        if settings.covers(&shown) {
            asked.entry(shown).or_insert(None);
        }
    }
    let all: Vec<(Utf8PathBuf, Option<usize>)> = asked.into_iter().collect();
    let is_near = |place: usize| {
        let from = place.saturating_sub(FURTHEST);
        let to = (place + FURTHEST + 1).min(all.len());
        all[from..to].iter().any(|(_, asked)| asked.is_some())
    };
    let entries = all.iter().enumerate();
    entries
        .map(|(place, (shown, asked))| match asked {
            Some(at) => Known::Asked(*at),
            None if is_near(place) => other(shown, settings, cancelled),
            None => Known::Unknown,
        })
        .collect()
}

fn other(shown: &Utf8Path, settings: &Settings, cancelled: &AtomicBool) -> Known {
    if cancelled.load(Ordering::Relaxed) {
        return Known::Unknown;
    }
    match read::read(&settings.current.join(shown), shown.to_owned()) {
        Ok(note) => match snippets(&note, settings, cancelled) {
            Some((snippets, context)) => Known::Read(Box::new((note, snippets, context))),
            None => Known::Unknown,
        },
        Err(_) => Known::Unknown,
    }
}
