//! Paths as services that show reports want them: from the root of the repository, with `/`.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

/// Turns paths as they are shown to the user into paths from the root of the repository.
#[derive(Debug, Clone, Default)]
pub struct Paths {
    /// The current folder, from the root; empty at the root.
    current: Utf8PathBuf,
}

impl Paths {
    /// For a process that was started in `current`: the root is the nearest folder upwards that has a
    /// `.git`, else `current` itself.
    pub fn of(current: &Utf8Path) -> Self {
        let root = current
            .ancestors()
            .find(|folder| folder.join(".git").exists());
        let below = root.and_then(|root| current.strip_prefix(root).ok());
        Self {
            current: below.map_or_else(Utf8PathBuf::new, Utf8Path::to_owned),
        }
    }

    /// `note` (relative to the current folder) from the root. What lies outside stays as it is.
    pub fn from_root(&self, note: &str) -> String {
        let path = Utf8Path::new(note);
        if path.is_absolute() {
            return slashes(note);
        }
        self.below_root(path).unwrap_or_else(|| slashes(note))
    }

    /// `path` without `.` and `..`; `None` if it leaves the root.
    fn below_root(&self, path: &Utf8Path) -> Option<String> {
        let mut parts: Vec<&str> = Vec::new();
        for component in self.current.components().chain(path.components()) {
            match component {
                Utf8Component::ParentDir => drop(parts.pop()?),
                Utf8Component::Normal(part) => parts.push(part),
                _ => {}
            }
        }
        Some(parts.join("/"))
    }
}

fn slashes(path: &str) -> String {
    if cfg!(windows) {
        path.replace('\\', "/")
    } else {
        path.to_owned()
    }
}

/// `path` as a relative URI reference: every byte that may not stand in one is percent-encoded.
pub fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte);
        if plain {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_counted_from_the_repository_s_root() {
        let paths = Paths {
            current: "docs/go".into(),
        };
        assert_eq!(paths.from_root("a.md"), "docs/go/a.md");
        assert_eq!(paths.from_root("../b/./c.md"), "docs/b/c.md");
        assert_eq!(paths.from_root("../../../out.md"), "../../../out.md");
        assert_eq!(paths.from_root("/abs/a.md"), "/abs/a.md");
        assert_eq!(Paths::default().from_root("a.md"), "a.md");
    }

    #[test]
    fn the_root_is_where_git_is() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let deep = root.join("notes/zh");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::create_dir(root.join(".git")).unwrap();
        assert_eq!(Paths::of(&deep).from_root("a.md"), "notes/zh/a.md");
    }

    #[test]
    fn a_uri_holds_no_byte_that_needs_escaping() {
        assert_eq!(uri("a b/闭.md"), "a%20b/%E9%97%AD.md");
        assert_eq!(uri("50%#?:.md"), "50%25%23%3F%3A.md");
    }
}
