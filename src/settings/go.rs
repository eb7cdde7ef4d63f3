//! Go versions as people write them.

use camino::Utf8PathBuf;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::claim::Versions;

/// Which Go is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum GoChoice {
    /// A version, without the `go` in front: `1.22`, `1.22.3`, `1.24rc1`.
    Version(String),
    /// A GOROOT, or the `go` command in its `bin`.
    Path(Utf8PathBuf),
    /// `stable`, the newest release on the machine, or `oldstable`, the newest of the version before it.
    Stable {
        /// How many minor versions before the newest.
        back: usize,
    },
}

impl GoChoice {
    /// Parse what `--go` or `go.version` says. What has a `/` or `\` in it, or starts with a dot, is a
    /// path; anything else must be a version.
    pub fn parse(text: &str) -> Result<Self, String> {
        for (back, word) in ["stable", "oldstable"].into_iter().enumerate() {
            if text == word {
                return Ok(Self::Stable { back });
            }
        }
        if text.contains(['/', '\\']) || text.starts_with('.') {
            return Ok(Self::Path(text.into()));
        }
        let version = text.strip_prefix("go").unwrap_or(text);
        if is_version(version) {
            Ok(Self::Version(version.to_owned()))
        } else {
            Err(format!(
                "`{text}` is neither a Go version, such as `1.22`, `go1.22.3` or `stable`, nor a path"
            ))
        }
    }
}

impl<'de> Deserialize<'de> for GoChoice {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// `1.N`, `1.N.P`, or `1.N` with `rcN` or `betaN`.
fn is_version(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("1.") else {
        return false;
    };
    let parts = ["rc", "beta", "."]
        .into_iter()
        .find_map(|mark| rest.split_once(mark))
        .unwrap_or((rest, "0"));
    [parts.0, parts.1]
        .into_iter()
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Parse a range of Go versions: `<1.22`, `<=1.21`, `>=1.18`, `>1.17`, `1.21` (just that), or two
/// of them separated by a space or comma.
pub fn parse_range(text: &str) -> Result<Versions, String> {
    let wrong =
        || format!("`{text}` is no range of Go versions; write it like `<1.22` or `>=1.18 <1.22`");
    let mut range = Versions::default();
    let mut any = false;
    for part in text.split([' ', ',']).filter(|part| !part.is_empty()) {
        let at = part
            .find(|c| !matches!(c, '<' | '>' | '='))
            .ok_or_else(wrong)?;
        let (operator, version) = part.split_at(at);
        let minor = minor(version).ok_or_else(wrong)?;
        let (since, before) = match operator {
            "<" => (None, Some(minor)),
            "<=" => (None, Some(minor + 1)),
            ">=" => (Some(minor), None),
            ">" => (Some(minor + 1), None),
            "" | "=" | "==" => (Some(minor), Some(minor + 1)),
            _ => return Err(wrong()),
        };
        range.since = range.since.max(since);
        range.before = match (range.before, before) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        any = true;
    }
    match (range.since, range.before) {
        (Some(since), Some(before)) if since >= before => {
            Err(format!("no Go version is in the range `{text}`"))
        }
        _ if any => Ok(range),
        _ => Err(wrong()),
    }
}

/// The minor number of `1.22` or `go1.22`.
fn minor(version: &str) -> Option<u32> {
    version
        .strip_prefix("go")
        .unwrap_or(version)
        .strip_prefix("1.")?
        .parse()
        .ok()
        // Keeps `minor + 1` from overflowing.
        .filter(|minor| *minor < 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_paths_are_told_apart() {
        for version in ["1.22", "1.22.3", "1.24rc1", "1.5beta2"] {
            let choice = GoChoice::Version(version.to_owned());
            assert_eq!(GoChoice::parse(version), Ok(choice.clone()));
            assert_eq!(GoChoice::parse(&format!("go{version}")), Ok(choice));
        }
        for path in ["/usr/local/go", "./go", "sdk/go1.22", r"C:\Go"] {
            assert_eq!(GoChoice::parse(path), Ok(GoChoice::Path(path.into())));
        }
        assert_eq!(GoChoice::parse("stable"), Ok(GoChoice::Stable { back: 0 }));
        assert_eq!(
            GoChoice::parse("oldstable"),
            Ok(GoChoice::Stable { back: 1 })
        );
        for wrong in ["", "go", "latest", "2.0", "1.", "1.x", "1.22.", "1.22.3.4"] {
            assert!(GoChoice::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ranges_are_bounds_on_the_minor_version() {
        let range = |since, before| Ok(Versions { since, before });
        assert_eq!(parse_range("<1.22"), range(None, Some(22)));
        assert_eq!(parse_range("<=1.21"), range(None, Some(22)));
        assert_eq!(parse_range(">1.17"), range(Some(18), None));
        assert_eq!(parse_range(">=go1.18, <1.22"), range(Some(18), Some(22)));
        assert_eq!(parse_range("1.21"), range(Some(21), Some(22)));
    }

    #[test]
    fn an_empty_or_senseless_range_is_an_error() {
        for wrong in ["", "1", "<", "!1.22", ">=1.22 <1.20", "<1.22 x"] {
            assert!(parse_range(wrong).is_err(), "{wrong}");
        }
    }
}
