//! What the go command answers about packages.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;

use super::super::is_foreign;
use super::{Found, Graph};

/// Starts each line of the go command's answer that is one.
pub(super) const ANSWER: &str = "gosnip-answer\t";

impl Graph {
    /// What the go command answered about `paths`.
    pub(super) fn answers(&self, output: &str, paths: &[&str]) -> BTreeMap<String, Found> {
        let packages: BTreeMap<&str, Package> = output.lines().filter_map(Package::parse).collect();
        let found = |path: &&str| {
            let Some(package) = packages.get(path) else {
                return Found::Failed("the go command says nothing of it".to_owned());
            };
            if !package.error.is_empty() {
                return self.trouble(&package.error);
            }
            let dependencies = || {
                package
                    .dependencies
                    .iter()
                    .filter_map(|path| Some((*path, packages.get(path)?)))
            };
            if let Some((other, broken)) = dependencies().find(|(_, it)| !it.error.is_empty()) {
                let words = self.explain(&broken.error);
                return Found::Failed(format!("{other}, which it imports: {words}"));
            }
            let by = if package.cgo {
                Some(*path)
            } else {
                dependencies().find(|(_, it)| it.cgo).map(|(path, _)| path)
            };
            Found::Package {
                module: package.module.to_owned(),
                version: package.version.to_owned(),
                cgo: by.map(str::to_owned),
            }
        };
        paths
            .iter()
            .map(|path| ((*path).to_owned(), found(path)))
            .collect()
    }

    /// An error about a package: it is not there, or it cannot be had now.
    fn trouble(&self, error: &str) -> Found {
        const NOT_THERE: [&str; 3] = [
            "does not contain package",
            "malformed import path",
            "is not a package path",
        ];
        if NOT_THERE.iter().any(|words| error.contains(words)) {
            Found::Absent(self.words(error))
        } else {
            Found::Failed(self.explain(error))
        }
    }

    /// The go command's words, shortened.
    pub(super) fn words(&self, output: &str) -> String {
        if !self.requirements.download && output.contains("GOPROXY=off") {
            return "it is not in gosnip's cache, and --no-download (or `go.download` in verify.toml) forbids to \
                    fetch it; run once without"
                .to_owned();
        }
        let progress = ["go: downloading ", "go: finding ", ANSWER];
        let lines = output.lines().map(str::trim).filter(|line| {
            !line.is_empty() && !progress.iter().any(|start| line.starts_with(start))
        });
        let words = lines.take(3).collect::<Vec<_>>().join(" ");
        words.strip_prefix("go: ").unwrap_or(&words).to_owned()
    }
}

/// What the go command has compiled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Built {
    /// Each package with its archive.
    pub archives: Vec<(String, Utf8PathBuf)>,
    /// Packages that do not compile, with the first words about each.
    pub failed: BTreeMap<String, String>,
}

impl Built {
    pub(super) fn of(output: &str) -> Self {
        let archives = output
            .lines()
            .filter_map(|line| line.strip_prefix("packagefile ")?.split_once('='))
            .map(|(path, archive)| (path.to_owned(), Utf8PathBuf::from(archive)));
        let failed = output.lines().filter_map(|line| {
            let (path, words) = line.strip_prefix("gosnip-failed\t")?.split_once('\t')?;
            let words = unquoted(words);
            // The first line is no more than the package's path.
            let words = words.strip_prefix(&format!("# {path} ")).unwrap_or(&words);
            Some((path.to_owned(), words.trim().to_owned()))
        });
        Self {
            archives: archives.collect(),
            failed: failed.collect(),
        }
    }
}

/// One answer of the go command.
struct Package<'a> {
    module: &'a str,
    version: &'a str,
    cgo: bool,
    dependencies: BTreeSet<&'a str>,
    error: String,
}

impl<'a> Package<'a> {
    fn parse(line: &'a str) -> Option<(&'a str, Self)> {
        let mut fields = line.strip_prefix(ANSWER)?.split('\t');
        let path = fields.next()?;
        let package = Self {
            module: fields.next()?,
            version: fields.next()?,
            cgo: fields.next()? != "0",
            dependencies: fields
                .next()?
                .split(',')
                .filter(|path| is_foreign(path))
                .collect(),
            error: unquoted(fields.next()?),
        };
        Some((path, package))
    }
}

/// Text that Go's `%q` wrote. Only what messages hold is undone.
fn unquoted(text: &str) -> String {
    let inner = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    let inner = inner.unwrap_or(text);
    inner
        .replace("\\n", " ")
        .replace("\\t", " ")
        .replace("\\\"", "\"")
        .replace("\\\\", "\\")
}
