//! How `[modules]` is written: module paths and exact versions.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use toml_edit::{Document, DocumentMut, Item, Table};

/// `[modules]`.
pub fn modules<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    from.deserialize_map(Modules)
}

/// Reads pair by pair, so that what is wrong with one is found in its place.
struct Modules;

impl<'de> Visitor<'de> for Modules {
    type Value = BTreeMap<String, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Self::Value, A::Error> {
        let mut modules = BTreeMap::new();
        while let Some(Path(path)) = pairs.next_key()? {
            let version = pairs.next_value_seed(VersionOf(&path))?;
            modules.insert(path, version);
        }
        Ok(modules)
    }
}

/// The exact version of a module with this path.
struct VersionOf<'p>(&'p str);

impl<'de> DeserializeSeed<'de> for VersionOf<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<String, D::Error> {
        let version = String::deserialize(from)?;
        check_version(&version)
            .and_then(|()| check_major(self.0, &version))
            .map_err(D::Error::custom)?;
        Ok(version)
    }
}

/// The path of a module that can be fetched.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Path(String);

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let path = String::deserialize(from)?;
        check_path(&path).map_err(D::Error::custom)?;
        Ok(Self(path))
    }
}

fn check_path(path: &str) -> Result<(), String> {
    let sound = |element: &str| {
        !element.is_empty()
            && element
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte))
    };
    let has_host = path
        .split('/')
        .next()
        .is_some_and(|host| host.contains('.'));
    match path.split('/').all(sound) && has_host && !path.starts_with(['-', '.']) {
        true => Ok(()),
        false => Err(format!(
            "`{path}` is no module path; it begins with a host, such as `golang.org/x/sync`"
        )),
    }
}

fn check_version(version: &str) -> Result<(), String> {
    match version.strip_prefix('v').map(semver::Version::parse) {
        Some(Ok(_)) => Ok(()),
        _ if semver::Version::parse(version).is_ok() => Err(format!(
            "`{version}` is no version of a module; write `v{version}`"
        )),
        _ => Err(format!(
            "`{version}` is no exact version such as `v1.2.3`; without the line, `gosnip modules --write` writes \
             it with the newest"
        )),
    }
}

/// Go's own rule: from the second on, the major version is part of a module's path.
fn check_major(path: &str, version: &str) -> Result<(), String> {
    let incompatible = version.ends_with("+incompatible");
    let major = version[1..].split('.').next().unwrap_or_default();
    let (base, separator) = match path.starts_with("gopkg.in/") {
        true => (path, ".v"),
        false => (path, "/v"),
    };
    let in_path = base.rsplit_once(separator).map(|(_, number)| number);
    let in_path =
        in_path.filter(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()));
    let fits = match in_path {
        Some(number) => number == major || number == "1" && major == "0",
        None => matches!(major, "0" | "1") || incompatible,
    };
    let bare = match in_path {
        Some(number) => &path[..path.len() - separator.len() - number.len()],
        None => path,
    };
    match (fits, path.starts_with("gopkg.in/")) {
        (true, _) => Ok(()),
        (false, false) if matches!(major, "0" | "1") => Err(format!(
            "`{version}` is no version of `{path}`: those before v2 are versions of `{bare}`"
        )),
        (false, _) => Err(format!(
            "`{version}` is no version of `{path}`: it is one of `{bare}{separator}{major}`, or written \
             `{version}+incompatible` if it has no go.mod"
        )),
    }
}

/// On which line (from 1) of a `verify.toml` each module is declared.
pub fn lines(text: &str) -> BTreeMap<String, usize> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Ok(document) = Document::parse(text) else {
        return BTreeMap::new();
    };
    let Some(table) = document.get("modules").and_then(Item::as_table_like) else {
        return BTreeMap::new();
    };
    let line = |start: usize| 1 + text[..start].matches('\n').count();
    let keys = table.iter().filter_map(|(name, _)| table.key(name));
    keys.filter_map(|key| Some((key.get().to_owned(), line(key.span()?.start))))
        .collect()
}

/// The text of a `verify.toml` with these modules (path and version) declared as well, or in these versions. Everything else stays,
/// byte for byte; where the modules stand in alphabetical order, they still do.
pub fn declare(text: &str, modules: &BTreeMap<&str, &str>) -> Result<String, String> {
    let (mark, plain) = match text.strip_prefix('\u{feff}') {
        Some(plain) => ("\u{feff}", plain),
        None => ("", text),
    };
    let mut document: DocumentMut = plain.parse().map_err(|error| format!("{error}"))?;
    let root = document.as_table_mut();
    if !root.contains_key("modules") {
        root.insert("modules", Item::Table(Table::new()));
    }
    let table = root["modules"]
        .as_table_like_mut()
        .ok_or("`modules` is no table")?;
    let keys: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
    let sorted = keys.is_sorted();
    for (module, version) in modules {
        let mut value = toml_edit::Value::from(*version);
        if let Some(old) = table.get(module).and_then(Item::as_value) {
            // With the comment behind it.
            *value.decor_mut() = old.decor().clone();
        }
        table.insert(module, Item::Value(value));
    }
    if sorted {
        table.sort_values();
    }
    let declared = document.to_string();
    Ok(match plain.contains("\r\n") {
        true => format!(
            "{mark}{}",
            declared.replace("\r\n", "\n").replace('\n', "\r\n")
        ),
        false => format!("{mark}{declared}"),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use camino::Utf8Path;

    use super::declare;

    use crate::settings::file::File;

    fn error(text: &str) -> String {
        File::parse(Utf8Path::new("verify.toml"), text)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn exact_versions_in_all_of_gos_forms_are_taken() {
        let text = "[modules]\n\"a.b/c\" = \"v1.2.3\"\n\"a.b/d\" = \"v0.0.0-20200101000000-abcdef012345\"\n\
            \"a.b/e\" = \"v2.0.0+incompatible\"\n\"a.b/F~x/v3\" = \"v3.0.0-rc.1\"\n";
        let file = File::parse(Utf8Path::new("verify.toml"), text).unwrap();
        assert_eq!(file.modules.len(), 4);
        assert_eq!(file.modules["a.b/c"], "v1.2.3");
    }

    #[test]
    fn what_is_no_exact_version_is_refused_with_what_to_write() {
        assert_eq!(
            error("[modules]\n\"a.b/c\" = \"1.2.3\"\n"),
            "verify.toml:2:11: `1.2.3` is no version of a module; write `v1.2.3`"
        );
        for version in ["latest", "v1", "v1.2", ">=v1.0.0", "", "v1.2.3 -x"] {
            let said = error(&format!("[modules]\n\"a.b/c\" = \"{version}\"\n"));
            assert!(said.contains("is no exact version"), "{said}");
        }
    }

    #[test]
    fn the_major_version_is_part_of_the_path() {
        let parses = |path: &str, version: &str| {
            let text = format!("[modules]\n\"{path}\" = \"{version}\"\n");
            File::parse(Utf8Path::new("verify.toml"), &text).is_ok()
        };
        for (path, version) in [
            ("a.b/c", "v0.9.0"),
            ("a.b/c", "v1.0.0"),
            ("a.b/c", "v3.0.0+incompatible"),
            ("a.b/c/v2", "v2.0.1"),
            ("a.b/v/c", "v1.0.0"),
            ("gopkg.in/yaml.v3", "v3.0.1"),
            ("gopkg.in/a/b.v1", "v1.0.1"),
            ("gopkg.in/a/b.v1", "v0.0.0-20200101000000-abcdef012345"),
        ] {
            assert!(parses(path, version), "{path} {version}");
        }
        for (path, version) in [
            ("a.b/c/v2", "v3.0.1"),
            ("a.b/c/v2", "v1.0.0"),
            ("gopkg.in/yaml.v3", "v2.4.0"),
        ] {
            assert!(!parses(path, version), "{path} {version}");
        }
        let said = error("[modules]\n\n\"a.b/c\" = \"v2.0.0\"\n");
        assert!(said.starts_with("verify.toml:3:11: "), "{said}");
        assert!(said.contains("it is one of `a.b/c/v2`"), "{said}");
    }

    #[test]
    fn a_module_is_found_on_its_line() {
        let text = "# é\r\n[run]\r\njobs = 2\r\n[modules]\r\n# c\r\n\"a.b/c\" = \"v1.0.0\"\r\n'd.e/f' = \"v1.0.0\"\r\n";
        let lines = super::lines(text);
        assert_eq!((lines["a.b/c"], lines["d.e/f"]), (6, 7));
        assert!(super::lines("[run]\njobs = 2\n").is_empty());
        assert!(super::lines("[modules\n").is_empty());
    }

    #[test]
    fn what_is_no_module_path_is_refused() {
        for path in ["sync", "", "-x.y/z", "a.b//c", "a.b/c d", "https://a.b/c"] {
            let said = error(&format!("[modules]\n\"{path}\" = \"v1.0.0\"\n"));
            assert!(said.starts_with("verify.toml:2:1: "), "{said}");
            assert!(said.contains("is no module path"), "{said}");
        }
    }

    #[test]
    fn modules_are_declared_and_nothing_else_changes() {
        let modules = BTreeMap::from([("a.b/m", "v1.2.3"), ("z.b/m", "v0.1.0")]);
        let said = |text: &str| declare(text, &modules).unwrap();
        assert_eq!(
            said("# Mine.\ninclude = [ \"x\" ] # all\n\n[run]\njobs = 2\n"),
            "# Mine.\ninclude = [ \"x\" ] # all\n\n[run]\njobs = 2\n\n[modules]\n\"a.b/m\" = \"v1.2.3\"\n\"z.b/m\" = \"v0.1.0\"\n"
        );
        // In order, with the comments of its neighbours.
        assert_eq!(
            said("[modules]\n# Needed by c.\n\"c.d/e\" = \"v1.0.0\" # old\n\n[run]\njobs = 2\n"),
            "[modules]\n\"a.b/m\" = \"v1.2.3\"\n# Needed by c.\n\"c.d/e\" = \"v1.0.0\" # old\n\"z.b/m\" = \"v0.1.0\"\n\n[run]\njobs = 2\n"
        );
        // Or at the end, where there is no order.
        assert_eq!(
            said("[modules]\n\"y.d/e\" = \"v1.0.0\"\n\"c.d/e\" = \"v1.0.0\"\n"),
            "[modules]\n\"y.d/e\" = \"v1.0.0\"\n\"c.d/e\" = \"v1.0.0\"\n\"a.b/m\" = \"v1.2.3\"\n\"z.b/m\" = \"v0.1.0\"\n"
        );
        // In another version than before.
        assert_eq!(
            said("[modules]\n\"a.b/m\" = \"v1.0.0\" # ours\n"),
            "[modules]\n\"a.b/m\" = \"v1.2.3\" # ours\n\"z.b/m\" = \"v0.1.0\"\n"
        );
        assert_eq!(
            said("\u{feff}[modules]\r\n"),
            "\u{feff}[modules]\r\n\"a.b/m\" = \"v1.2.3\"\r\n\"z.b/m\" = \"v0.1.0\"\r\n"
        );
        assert_eq!(
            said(""),
            "[modules]\n\"a.b/m\" = \"v1.2.3\"\n\"z.b/m\" = \"v0.1.0\"\n"
        );
    }
}
