//! What to write into verify.toml for an import that no declared module provides.
//!
//! Without asking anybody: the module is known where a module cache on this machine has it; elsewhere the
//! sites' rules say how much of a path names a repository. The version is the newest in those caches.

use camino::{Utf8Path, Utf8PathBuf};
use semver::Version;

/// What is said in the place of the compiler's complaint.
pub fn undeclared(path: &str, fetched: &Utf8Path) -> String {
    let caches: Vec<Utf8PathBuf> = std::iter::once(fetched.to_owned())
        .chain(users_cache(|name| std::env::var(name).ok()))
        .collect();
    let known = prefixes(path).find_map(|module| {
        let versions = caches.iter().flat_map(|cache| versions(cache, module));
        Some((module, versions.max()?))
    });
    match known {
        Some((module, version)) => format!(
            "no required module provides package {path}; add `\"{module}\" = \"v{version}\"` below [modules] in \
             verify.toml (`gosnip modules --write` does that)"
        ),
        None => format!(
            "no required module provides package {path}; add `\"{}\" = \"vX.Y.Z\"` below [modules] in verify.toml \
             (`gosnip modules --write` looks up the version and does that)",
            guess(path)
        ),
    }
}

/// The path and its ancestors, the longest first.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| Some(path.rsplit_once('/')?.0))
}

/// The module cache of the user's go command.
fn users_cache(variable: impl Fn(&str) -> Option<String>) -> Option<Utf8PathBuf> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    if let Some(cache) = set("GOMODCACHE") {
        return Some(cache.into());
    }
    let first = |path: String| path.split(':').next().map(Utf8PathBuf::from);
    let gopath = set("GOPATH").and_then(first);
    let gopath = gopath.or_else(|| Some(Utf8PathBuf::from(set("HOME")?).join("go")));
    Some(gopath?.join("pkg/mod"))
}

/// The released versions of a module in a module cache.
fn versions(cache: &Utf8Path, module: &str) -> Vec<Version> {
    let folder = cache
        .join("cache/download")
        .join(escaped(module))
        .join("@v");
    let entries = folder.read_dir_utf8().into_iter().flatten();
    entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let version = entry.file_name().strip_suffix(".zip")?.strip_prefix('v')?;
            Version::parse(version).ok()
        })
        .filter(|version| version.pre.is_empty())
        .collect()
}

/// A module's path as module caches write it: capitals as `!` and the small letter.
fn escaped(module: &str) -> String {
    let mut escaped = String::new();
    for letter in module.chars() {
        if letter.is_ascii_uppercase() {
            escaped.push('!');
        }
        escaped.push(letter.to_ascii_lowercase());
    }
    escaped
}

/// How many elements of a path name a repository, on the sites where that is a rule; the major version
/// belongs to the module's path as well.
fn guess(path: &str) -> String {
    let elements: Vec<&str> = path.split('/').collect();
    let repository = match elements[0] {
        "github.com" | "gitlab.com" | "bitbucket.org" | "gitee.com" | "codeberg.org" => 3,
        "golang.org" => 3,
        // gopkg.in/yaml.v3, gopkg.in/user/name.v1
        "gopkg.in" if elements.get(1).is_some_and(|name| !name.contains(".v")) => 3,
        _ => 2,
    };
    let is_major = |element: &&str| {
        let number = element.strip_prefix('v').unwrap_or_default();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    let major = usize::from(elements.get(repository).is_some_and(is_major));
    elements[..elements.len().min(repository + major)].join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_and_the_major_version_are_the_module() {
        for (path, module) in [
            ("github.com/a/b", "github.com/a/b"),
            ("github.com/a/b/c/d", "github.com/a/b"),
            ("github.com/a/b/v3/c", "github.com/a/b/v3"),
            ("golang.org/x/sync/errgroup", "golang.org/x/sync"),
            ("gopkg.in/yaml.v3", "gopkg.in/yaml.v3"),
            ("gopkg.in/a/b.v1/c", "gopkg.in/a/b.v1"),
            ("go.uber.org/zap/zapcore", "go.uber.org/zap"),
            ("k8s.io", "k8s.io"),
        ] {
            assert_eq!(guess(path), module);
        }
    }

    #[test]
    fn what_a_module_cache_has_is_named_with_its_newest_release() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Utf8Path::from_path(folder.path()).unwrap();
        let versions = cache.join("cache/download/example.com/!deep/mod/@v");
        std::fs::create_dir_all(&versions).unwrap();
        for name in [
            "v1.9.0.zip",
            "v1.10.0.zip",
            "v2.0.0-rc.1.zip",
            "v3.0.0.mod",
            "list",
        ] {
            std::fs::write(versions.join(name), "").unwrap();
        }
        let said = undeclared("example.com/Deep/mod/pkg", cache);
        assert!(
            said.contains("`\"example.com/Deep/mod\" = \"v1.10.0\"`"),
            "{said}"
        );
        let said = undeclared("example.com/other/pkg", cache);
        assert!(
            said.contains("`\"example.com/other\" = \"vX.Y.Z\"`"),
            "{said}"
        );
    }

    #[test]
    fn the_users_module_cache_is_where_the_go_command_has_it() {
        let set = |pairs: &'static [(&str, &str)]| {
            users_cache(|name| {
                let pair = pairs.iter().find(|(key, _)| *key == name)?;
                Some(pair.1.to_owned())
            })
        };
        assert_eq!(set(&[("GOMODCACHE", "/m")]).unwrap(), "/m");
        assert_eq!(set(&[("GOPATH", "/a:/b")]).unwrap(), "/a/pkg/mod");
        assert_eq!(
            set(&[("HOME", "/h"), ("GOPATH", "")]).unwrap(),
            "/h/go/pkg/mod"
        );
        assert_eq!(set(&[]), None);
    }
}
