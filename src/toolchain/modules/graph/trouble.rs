//! Why a module cannot be had: the go command's words, where it is declared, and what to do.

use std::process::Command;
use std::sync::PoisonError;

use semver::Version;

use super::{Graph, LIMITS};
use crate::toolchain::process;

/// What kind of trouble the go command's words tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    /// The proxy or the site is not reached.
    Network,
    /// The user's own settings forbid to fetch anything.
    Off,
    /// There is no such version.
    NoVersion,
    /// Its go.mod wants a newer Go.
    NewerGo,
    /// It is not what the lock has.
    NotLocked,
    /// It is not what the checksum database has.
    NotKnown,
    /// Something else.
    Other,
}

impl Trouble {
    /// The first row that fits decides.
    fn of(words: &str) -> Self {
        const SIGNS: [(Trouble, &[&str]); 6] = [
            (Trouble::NotLocked, &["checksum mismatch", "go.sum:"]),
            (Trouble::NotKnown, &["checksum mismatch"]),
            (Trouble::NewerGo, &[" requires go >= "]),
            (Trouble::Off, &["GOPROXY=off"]),
            (Trouble::NoVersion, &["unknown revision"]),
            (Trouble::NoVersion, &["invalid version"]),
        ];
        const UNREACHED: [&str; 8] = [
            "dial tcp",
            "no such host",
            "i/o timeout",
            "connection refused",
            "TLS handshake",
            "Could not resolve host",
            "network is unreachable",
            "context deadline exceeded",
        ];
        const REFUSED: [&str; 4] = [
            "404 Not Found",
            "410 Gone",
            "403 Forbidden",
            "no such file or directory",
        ];
        let any = |signs: &[&str]| signs.iter().any(|sign| words.contains(sign));
        if any(&UNREACHED) {
            return Self::Network;
        }
        let mut rows = SIGNS.iter();
        let fits = rows.find(|(_, signs)| signs.iter().all(|sign| words.contains(sign)));
        match fits {
            Some((trouble, _)) => *trouble,
            None if any(&REFUSED) => Self::NoVersion,
            None => Self::Other,
        }
    }
}

impl Graph {
    /// The go command's words, shortened, and what to do.
    pub(super) fn explain(&self, output: &str) -> String {
        let words = self.words(output);
        let advice = self.advice(&words);
        match advice.is_empty() {
            true => words,
            false => format!("{}; {advice}", words.trim_end_matches('.')),
        }
    }

    /// What is said of a declared module that is used in another version: the highest that any module of the graph
    /// requires, which is Go's rule.
    pub fn raised(&self, module: &str, used: &str) -> Option<String> {
        let declared = self.requirements.versions.get(module)?;
        let place = self.requirements.places.get(module);
        let place = place.map_or("verify.toml", String::as_str);
        (declared != used).then(|| {
            format!(
                "{place} declares {module} {declared}, and {used} is used: another module requires that \
                 (`gosnip modules --write` declares it)"
            )
        })
    }

    fn advice(&self, words: &str) -> String {
        let culprit = self.culprit(words);
        // What others require is not declared anywhere that the reader could change.
        let declared = culprit.map(|module| {
            let places = &self.requirements.places;
            let place = places.get(module).map_or("verify.toml", String::as_str);
            (module, place)
        });
        match (Trouble::of(words), declared) {
            (Trouble::Network, _) => {
                "check the network and GOPROXY (`go env GOPROXY`), and run again".to_owned()
            }
            (Trouble::Off, _) if self.requirements.download => {
                "your GOPROXY is off: it has to be fetched once with another (`go env GOPROXY`)"
                    .to_owned()
            }
            (Trouble::NotLocked, _) => {
                "it is not what verify.sum has locked; if you mean the new one, delete the module's lines in \
                 verify.sum and run `gosnip modules --write`"
                    .to_owned()
            }
            (Trouble::NotKnown, _) => {
                "it is not what the checksum database knows; do not use it, and look whom you fetch from \
                 (`go env GOPROXY`)"
                    .to_owned()
            }
            (Trouble::NewerGo, declared) => {
                let older = declared.map_or(String::new(), |(_, place)| {
                    format!("declare an older version in {place}, or ")
                });
                format!(
                    "{older}verify with a newer Go (`gosnip toolchain install`, then `--go`)"
                )
            }
            (Trouble::NoVersion, Some((module, place))) => match self.nearest(module) {
                Some(nearest) => format!(
                    "{place} declares that version, and the nearest that can be had is v{nearest}"
                ),
                None => format!("check the version that {place} declares"),
            },
            (Trouble::Other, Some((_, place))) => format!("it is declared in {place}"),
            (Trouble::Off | Trouble::NoVersion | Trouble::Other, _) => String::new(),
        }
    }

    /// The declared module that the words are about: they name it with its version.
    fn culprit<'g>(&'g self, words: &str) -> Option<&'g str> {
        let versions = self.requirements.versions.iter();
        let named = versions.filter(|(module, version)| {
            [
                format!("{module}@{version}"),
                format!("{module}: version {version:?}"),
            ]
            .iter()
            .any(|name| words.contains(name))
        });
        let longest = named.max_by_key(|(module, _)| module.len());
        longest.map(|(module, _)| module.as_str())
    }

    /// The version nearest to the one that is declared.
    fn nearest(&self, module: &str) -> Option<Version> {
        let declared = self.requirements.versions.get(module)?;
        let declared = Version::parse(declared.strip_prefix('v')?).ok()?;
        nearest(&declared, self.served(module))
    }

    /// The versions that there are of a module.
    fn served(&self, module: &str) -> Vec<Version> {
        let mut served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(versions) = served.get(module) {
            return versions.clone();
        }
        let versions = self.ask_versions(module).unwrap_or_default();
        served.insert(module.to_owned(), versions.clone());
        versions
    }

    fn ask_versions(&self, module: &str) -> Option<Vec<Version>> {
        // Beside the graph's own go.mod: that one requires what cannot be had.
        let elsewhere = tempfile::tempdir().ok()?;
        let mut command: Command = self.go(&["list", "-m", "-versions"]);
        command.current_dir(elsewhere.path()).arg("--").arg(module);
        std::fs::write(elsewhere.path().join("go.mod"), "module snippets\n").ok()?;
        let finished = process::run(command, LIMITS).ok()?;
        let mut words = finished.output.split_whitespace();
        let listed = finished.status.success() && words.any(|word| word == module);
        listed.then(|| {
            words
                .filter_map(|word| Version::parse(word.strip_prefix('v')?).ok())
                .collect()
        })
    }
}

/// Of these versions the newest that is not newer than the one that is wanted, or else the oldest; a release if
/// there is one.
fn nearest(wanted: &Version, mut versions: Vec<Version>) -> Option<Version> {
    if versions.iter().any(|version| version.pre.is_empty()) {
        versions.retain(|version| version.pre.is_empty());
    }
    let older = versions.iter().filter(|version| *version < wanted).max();
    older.or_else(|| versions.iter().min()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_version_is_the_one_before_or_else_the_first() {
        let near = |wanted: &str, all: &[&str]| {
            let all = all.iter().map(|it| Version::parse(it).unwrap()).collect();
            nearest(&Version::parse(wanted).unwrap(), all).map(|it| it.to_string())
        };
        let all = ["0.8.0", "0.9.1", "1.0.0", "0.9.5-rc.1"];
        assert_eq!(near("0.9.9", &all).unwrap(), "0.9.1");
        assert_eq!(near("3.0.0", &all).unwrap(), "1.0.0");
        assert_eq!(near("0.1.0", &all).unwrap(), "0.8.0");
        assert_eq!(near("0.1.0", &["0.2.0-rc.1"]).unwrap(), "0.2.0-rc.1");
        assert_eq!(near("0.1.0", &[]), None);
    }

    #[test]
    fn the_go_commands_words_tell_the_kind_of_trouble() {
        for (words, trouble) in [
            (
                "a.b/c@v1.0.0: Get \"http://x\": dial tcp 127.0.0.1:9: connect: connection refused",
                Trouble::Network,
            ),
            (
                "fatal: unable to access 'https://a.b/c/': Could not resolve host: a.b",
                Trouble::Network,
            ),
            (
                "verifying a.b/c@v1.0.0: checksum mismatch downloaded: h1:x= go.sum:     h1:y=",
                Trouble::NotLocked,
            ),
            (
                "verifying a.b/c@v1.0.0: checksum mismatch downloaded: h1:x= sum.golang.org: h1:y=",
                Trouble::NotKnown,
            ),
            (
                "a.b/c@v1.0.0 requires go >= 1.99 (running go 1.26.8; GOTOOLCHAIN=local)",
                Trouble::NewerGo,
            ),
            ("module lookup disabled by GOPROXY=off", Trouble::Off),
            (
                "a.b/c@v1.0.0: invalid version: unknown revision v1.0.0",
                Trouble::NoVersion,
            ),
            (
                "a.b/c@v1.0.0: reading https://p/a.b/c/@v/v1.0.0.mod: 404 Not Found",
                Trouble::NoVersion,
            ),
            ("a.b/c@v1.0.0: parsing go.mod: line 3", Trouble::Other),
        ] {
            assert_eq!(Trouble::of(words), trouble, "{words}");
        }
    }
}
