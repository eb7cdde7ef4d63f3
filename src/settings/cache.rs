//! Where gosnip keeps what it can make again: compiled programs, observations, toolchains.

use camino::Utf8PathBuf;

/// The cache folder on `os` (a [`std::env::consts::OS`]), where `variable` reads the environment:
/// `GOSNIP_CACHE_DIR`, else `gosnip` in the user's cache folder; `None` if there is no such thing.
pub fn folder(os: &str, variable: impl Fn(&str) -> Option<String>) -> Option<Utf8PathBuf> {
    let set = |name| {
        variable(name)
            .filter(|value| !value.is_empty())
            .map(Utf8PathBuf::from)
    };
    if let Some(folder) = set("GOSNIP_CACHE_DIR") {
        return Some(folder);
    }
    let users = match os {
        "windows" => set("LOCALAPPDATA"),
        "macos" => set("HOME").map(|home| home.join("Library/Caches")),
        // The XDG specification has relative paths ignored.
        _ => set("XDG_CACHE_HOME")
            .filter(|folder| folder.is_absolute())
            .or_else(|| set("HOME").map(|home| home.join(".cache"))),
    };
    users.map(|folder| folder.join("gosnip"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(os: &str, variables: &[(&str, &str)]) -> Option<String> {
        let variable = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        folder(os, variable).map(|folder| folder.into_string().replace('\\', "/"))
    }

    #[test]
    fn each_system_has_its_own_cache_folder() {
        let home = ("HOME", "/home/g");
        let xdg = ("XDG_CACHE_HOME", "/big/cache");
        let local = ("LOCALAPPDATA", "/local");
        let cases = [
            ("linux", vec![home], Some("/home/g/.cache/gosnip")),
            ("linux", vec![home, xdg], Some("/big/cache/gosnip")),
            (
                "macos",
                vec![home, xdg],
                Some("/home/g/Library/Caches/gosnip"),
            ),
            ("windows", vec![local], Some("/local/gosnip")),
            ("linux", vec![], None),
        ];
        for (os, variables, expected) in cases {
            assert_eq!(folder_with(os, &variables).as_deref(), expected, "{os}");
        }
    }

    #[test]
    fn gosnip_cache_dir_goes_before_all_unless_empty() {
        let xdg = ("XDG_CACHE_HOME", "/big/cache");
        let own = folder_with("linux", &[xdg, ("GOSNIP_CACHE_DIR", "/mine")]);
        assert_eq!(own.as_deref(), Some("/mine"));
        let empty = folder_with("linux", &[xdg, ("GOSNIP_CACHE_DIR", "")]);
        assert_eq!(empty.as_deref(), Some("/big/cache/gosnip"));
    }
}
