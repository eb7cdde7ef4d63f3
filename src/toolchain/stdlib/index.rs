//! Which package of the standard library an identifier in code means.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};

use super::{has_go_files, is_internal, scan};
use crate::toolchain::Toolchain;

/// The packages that programs may import, and their exported names.
#[derive(Debug)]
pub struct Index {
    packages: BTreeMap<String, Package>,
    /// Import paths by package name, the preferred first.
    by_name: BTreeMap<String, Vec<String>>,
}

/// A package's exported names; read from its source when first asked for, unless a list was at hand.
#[derive(Debug)]
struct Package {
    names: OnceLock<BTreeSet<String>>,
    folder: Utf8PathBuf,
}

/// Of packages with the same name, those that come after all others when the names used leave a choice:
/// in notes `rand.Intn` is meant far more often than `crypto/rand`, `template.New` is `text/template`, and
/// so on. `/v2` packages have a rule of their own.
const SECOND_CHOICE: [&str; 4] = [
    "crypto/rand",
    "html/template",
    "go/scanner",
    "net/http/pprof",
];

impl Index {
    /// Reads the index of a toolchain: from the list that it carries since 1.23 for its own use, or else
    /// from the folders of its source.
    pub fn load(toolchain: &Toolchain) -> Self {
        let source = toolchain.goroot.join("src");
        let manifest = source.join("cmd/vendor/golang.org/x/tools/internal/stdlib/manifest.go");
        let mut packages = BTreeMap::new();
        collect_folders(&source, "", &mut packages);
        if let Ok(text) = std::fs::read_to_string(manifest) {
            for (path, names) in read_manifest(&text) {
                if let Some(package) = packages.get(path) {
                    // It cannot be set already: the lists are read once, before anyone can ask.
                    let _ = package.names.set(names);
                }
            }
        }
        Self::new(packages)
    }

    fn new(packages: BTreeMap<String, Package>) -> Self {
        let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for path in packages.keys() {
            by_name
                .entry(package_name(path).to_owned())
                .or_default()
                .push(path.clone());
        }
        for paths in by_name.values_mut() {
            paths.sort_by_key(|path| {
                (
                    is_second_version(path),
                    SECOND_CHOICE.contains(&path.as_str()),
                )
            });
        }
        Self { packages, by_name }
    }

    /// The import paths of the packages called `package`, the preferred first.
    pub fn candidates(&self, package: &str) -> &[String] {
        self.by_name.get(package).map_or(&[], Vec::as_slice)
    }

    /// The import path that code means which selects `names` from the identifier `package`: the first
    /// candidate with the most of them. `None` if no package is called so, or if none has any of the names
    /// (then the identifier is something else, or the note's own invention).
    pub fn resolve(&self, package: &str, names: &[&str]) -> Option<&str> {
        let having = |path: &str| {
            names
                .iter()
                .filter(|name| self.has_name(path, name))
                .count()
        };
        let candidates = self.candidates(package);
        let best = candidates.iter().map(|path| having(path)).max()?;
        if best == 0 && !names.is_empty() {
            // The toolchain's list leaves a few names out, `testing.TB` among them; the source does not.
            return candidates
                .iter()
                .find(|path| {
                    self.packages.get(*path).is_some_and(|package| {
                        let declared = scan::exported_names(&package.folder);
                        names.iter().any(|name| declared.contains(*name))
                    })
                })
                .map(String::as_str);
        }
        candidates
            .iter()
            .find(|path| having(path) == best)
            .map(String::as_str)
    }

    /// Whether `path` is a package that programs may import.
    pub fn contains(&self, path: &str) -> bool {
        self.packages.contains_key(path)
    }

    /// Whether the package at `path` exports `name`.
    pub fn has_name(&self, path: &str, name: &str) -> bool {
        self.packages
            .get(path)
            .is_some_and(|package| package.names().contains(name))
    }
}

impl Package {
    fn names(&self) -> &BTreeSet<String> {
        self.names
            .get_or_init(|| scan::exported_names(&self.folder))
    }
}

/// Adds every importable package below `folder`, whose import path is `prefix`.
fn collect_folders(folder: &Utf8Path, prefix: &str, packages: &mut BTreeMap<String, Package>) {
    let Ok(entries) = folder.read_dir_utf8() else {
        return;
    };
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        let own = matches!(name, "cmd" | "vendor" | "testdata" | "builtin")
            || name.starts_with(['_', '.']);
        if own || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let path = if prefix.is_empty() {
            name.to_owned()
        } else {
            format!("{prefix}/{name}")
        };
        if is_internal(&path) {
            continue;
        }
        collect_folders(entry.path(), &path, packages);
        if has_go_files(entry.path()) {
            packages.insert(
                path,
                Package {
                    names: OnceLock::new(),
                    folder: entry.path().to_owned(),
                },
            );
        }
    }
}

/// Reads the toolchain's list, a Go map literal, one line a name (a signature follows since 1.25):
///
/// ```text
///     "archive/tar": {
///         {"ErrHeader", Var, 0, ""},
/// ```
///
/// Methods and fields (`(*Header).FileInfo`, `Header.Name`) are left out.
fn read_manifest(text: &str) -> BTreeMap<&str, BTreeSet<String>> {
    let mut packages: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut path = "";
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("\t\t{\"") {
            if let Some((name, _)) = name.split_once('"')
                && !name.contains('.')
            {
                packages.entry(path).or_default().insert(name.to_owned());
            }
        } else if let Some(header) = line.strip_prefix("\t\"") {
            path = header.split('"').next().unwrap_or_default();
        }
    }
    packages
}

/// The name that a package's clause gives it: the path's last element, unless that is a version.
fn package_name(path: &str) -> &str {
    let mut elements = path.rsplit('/');
    let last = elements.next().unwrap_or(path);
    if is_second_version(path) {
        elements.next().unwrap_or(last)
    } else {
        last
    }
}

fn is_second_version(path: &str) -> bool {
    path.rsplit_once("/v").is_some_and(|(_, digits)| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An index of the packages whose names are easily confused.
    fn index() -> Index {
        let lists: &[(&str, &[&str])] = &[
            ("crypto/rand", &["Read", "Reader", "Int", "Text"]),
            (
                "math/rand",
                &["Intn", "Int", "Seed", "New", "NewSource", "Read"],
            ),
            ("math/rand/v2", &["IntN", "Int", "New", "NewPCG"]),
            ("html/template", &["New", "FuncMap", "HTML", "Must"]),
            ("text/template", &["New", "FuncMap", "Must"]),
            ("runtime/pprof", &["StartCPUProfile", "Lookup"]),
            ("net/http/pprof", &["Handler", "Index"]),
            ("go/scanner", &["Scanner", "ErrorList"]),
            ("text/scanner", &["Scanner", "EOF"]),
            ("fmt", &["Println"]),
        ];
        let packages = lists.iter().map(|(path, names)| {
            let names = OnceLock::from(
                names
                    .iter()
                    .map(|&name| name.to_owned())
                    .collect::<BTreeSet<_>>(),
            );
            (
                (*path).to_owned(),
                Package {
                    names,
                    folder: Utf8PathBuf::new(),
                },
            )
        });
        Index::new(packages.collect())
    }

    #[test]
    fn the_names_used_decide_between_packages_of_one_name() {
        let index = index();
        assert_eq!(index.resolve("rand", &["Intn", "Seed"]), Some("math/rand"));
        assert_eq!(index.resolve("rand", &["Reader"]), Some("crypto/rand"));
        assert_eq!(index.resolve("rand", &["IntN"]), Some("math/rand/v2"));
        assert_eq!(
            index.resolve("template", &["FuncMap", "HTML"]),
            Some("html/template")
        );
        assert_eq!(index.resolve("pprof", &["Handler"]), Some("net/http/pprof"));
        assert_eq!(index.resolve("scanner", &["ErrorList"]), Some("go/scanner"));
    }

    #[test]
    fn where_the_names_leave_a_choice_the_usual_package_is_taken() {
        let index = index();
        assert_eq!(index.resolve("rand", &["Int"]), Some("math/rand"));
        assert_eq!(index.resolve("rand", &[]), Some("math/rand"));
        assert_eq!(
            index.resolve("template", &["New", "Must"]),
            Some("text/template")
        );
        assert_eq!(index.resolve("scanner", &["Scanner"]), Some("text/scanner"));
        assert_eq!(index.resolve("pprof", &[]), Some("runtime/pprof"));
    }

    #[test]
    fn a_name_that_no_candidate_has_resolves_to_nothing() {
        assert_eq!(index().resolve("fmt", &["Foo"]), None);
        assert_eq!(index().resolve("y", &["Foo"]), None);
        assert_eq!(index().resolve("fmt", &["Println", "Foo"]), Some("fmt"));
    }

    #[test]
    fn the_toolchains_list_is_read_with_and_without_signatures() {
        let text = "var PackageSymbols = map[string][]Symbol{\n\
            \t\"archive/tar\": {\n\
            \t\t{\"(*Header).FileInfo\", Method, 1, \"\"},\n\
            \t\t{\"ErrHeader\", Var, 0, \"\"},\n\
            \t\t{\"Header.Name\", Field, 0, \"\"},\n\t},\n\
            \t\"fmt\": {\n\t\t{\"Println\", Func, 0},\n\t},\n}\n";
        let packages = read_manifest(text);
        assert_eq!(
            packages["archive/tar"],
            BTreeSet::from(["ErrHeader".to_owned()])
        );
        assert_eq!(packages["fmt"], BTreeSet::from(["Println".to_owned()]));
    }
}
