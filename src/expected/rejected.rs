//! Changes that were rejected in `gosnip review`, so that neither `review` nor `bless` proposes them again.

use std::io::ErrorKind;

use anyhow::Context as _;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::edit::Edit;
use super::record::FOLDER;

/// The file in `expected/`.
const FILE_NAME: &str = "rejected.json";

/// The rejected changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rejected {
    /// One for each change.
    pub changes: Vec<Rejection>,
}

/// A rejected change: these words of this note are not to become those.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rejection {
    /// The note.
    pub note: String,
    /// Its words.
    pub text: String,
    /// What they were to become, piece by piece.
    pub becomes: Vec<String>,
}

impl Rejection {
    /// The change of `text` in `note` by `edits`.
    pub fn new(note: &str, text: &str, edits: &[Edit]) -> Self {
        Self {
            note: note.to_owned(),
            text: text.to_owned(),
            becomes: edits.iter().map(|edit| edit.text.clone()).collect(),
        }
    }
}

impl Rejected {
    /// The file, in the folder of `verify.toml`.
    pub fn file(folder: &Utf8Path) -> Utf8PathBuf {
        folder.join(FOLDER).join(FILE_NAME)
    }

    /// Read the file; nothing is rejected if there is none.
    pub fn load(path: &Utf8Path) -> anyhow::Result<Self> {
        match crate::bounded::text(path) {
            Ok(text) => serde_json::from_str(&text).with_context(|| {
                format!("{path} is not what `gosnip review` writes; correct or delete it")
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("{path} cannot be read")),
        }
    }

    /// Whether a change was rejected.
    pub fn contains(&self, change: &Rejection) -> bool {
        self.changes.contains(change)
    }

    /// The file's text.
    pub fn render(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }
}
