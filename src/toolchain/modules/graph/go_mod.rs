//! The go.mod of somebody else, as the go command reads it.

use std::collections::BTreeMap;

use camino::Utf8Path;
use serde::Deserialize;

use super::{Graph, LIMITS, ModuleError};
use crate::toolchain::process;

/// What a go.mod says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GoMod {
    /// The module's own path.
    pub path: String,
    /// The version of each module that it requires.
    pub versions: BTreeMap<String, String>,
    /// By what it replaces modules.
    pub replaced: BTreeMap<String, String>,
}

impl Graph {
    /// What the go.mod at this path says.
    pub fn read(&self, file: &Utf8Path) -> Result<GoMod, ModuleError> {
        let _lock = self.prepare()?;
        let mut command = self.go(&["mod", "edit", "-json"]);
        command.arg(file);
        let finished = process::run(command, LIMITS)?;
        let parsed = finished
            .status
            .success()
            .then(|| parse(&finished.output))
            .flatten();
        parsed.ok_or_else(|| ModuleError::Go(self.words(&finished.output)))
    }
}

fn parse(text: &str) -> Option<GoMod> {
    let written: Written = serde_json::from_str(text).ok()?;
    let required = written.require.unwrap_or_default().into_iter();
    let replaced = written.replace.unwrap_or_default().into_iter();
    Some(GoMod {
        path: written.module.path,
        versions: required.map(|it| (it.path, it.version)).collect(),
        replaced: replaced
            .map(|it| {
                let by = format!("{} {}", it.new.path, it.new.version);
                (it.old.path, by.trim_end().to_owned())
            })
            .collect(),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    module: Module,
    require: Option<Vec<Module>>,
    replace: Option<Vec<Replacement>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Replacement {
    old: Module,
    new: Module,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Module {
    path: String,
    #[serde(default)]
    version: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_required_and_replaced_is_read() {
        let text = r#"{
            "Module": {"Path": "a.b/book"}, "Go": "1.24",
            "Require": [{"Path": "c.d/e", "Version": "v1.2.3"}, {"Path": "c.d/f", "Version": "v0.1.0", "Indirect": true}],
            "Exclude": null,
            "Replace": [{"Old": {"Path": "c.d/e"}, "New": {"Path": "../e"}},
                {"Old": {"Path": "c.d/f", "Version": "v0.1.0"}, "New": {"Path": "x.y/f", "Version": "v0.1.1"}}]
        }"#;
        let read = parse(text).unwrap();
        assert_eq!(read.path, "a.b/book");
        assert_eq!(read.versions["c.d/e"], "v1.2.3");
        assert_eq!(read.versions["c.d/f"], "v0.1.0");
        assert_eq!(read.replaced["c.d/e"], "../e");
        assert_eq!(read.replaced["c.d/f"], "x.y/f v0.1.1");
        let bare = parse(r#"{"Module": {"Path": "a.b/book"}, "Require": null}"#).unwrap();
        assert!(bare.versions.is_empty());
        assert_eq!(parse("go: no such file"), None);
    }
}
