//! Go version numbers: `1.24`, `go1.24.3`, `go1.25rc1`, as `VERSION` files and people write them.

use std::fmt;

use super::Language;

/// A version of Go, ordered as releases are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The number after `1.`.
    pub minor: u32,
    /// The patch number; `None` if only the minor version was said (`1.24`).
    pub patch: Option<u32>,
    /// Whether it is a beta, release candidate or development version; those come before releases.
    stage: Stage,
}

/// How finished a version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Stage {
    Preview,
    Release,
}

impl Version {
    /// Reads `1.24`, `go1.24.3`, `go1.25rc1`; anything after a space (`go1.24.3 X:foo`) is ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.split_whitespace().next()?;
        let rest = text.strip_prefix("go").unwrap_or(text).strip_prefix("1.")?;
        let (minor, rest) = number(rest)?;
        if rest.is_empty() {
            return Some(Self {
                minor,
                patch: None,
                stage: Stage::Release,
            });
        }
        if let Some(patch) = rest.strip_prefix('.') {
            // Distributions append to it: `1.22.10-1ubuntu1`, `1.23.3.1`.
            let (patch, _) = number(patch)?;
            return Some(Self {
                minor,
                patch: Some(patch),
                stage: Stage::Release,
            });
        }
        let preview = ["rc", "beta", "-"]
            .iter()
            .any(|mark| rest.starts_with(mark));
        preview.then_some(Self {
            minor,
            patch: None,
            stage: Stage::Preview,
        })
    }

    /// The language version that this version of Go brings.
    pub fn language(self) -> Language {
        Language { minor: self.minor }
    }

    /// Whether it is no preview.
    pub fn is_release(self) -> bool {
        self.stage == Stage::Release
    }

    /// Whether a toolchain of version `other` is what somebody who asks for `self` means: `1.24` is any
    /// 1.24, `1.24.3` only that one.
    pub fn accepts(self, other: Self) -> bool {
        self.minor == other.minor && (self.patch.is_none() || self.patch == other.patch)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.minor)?;
        match self.patch {
            Some(patch) => write!(f, ".{patch}"),
            None => Ok(()),
        }
    }
}

/// The number at the start of `text`, and what follows it.
fn number(text: &str) -> Option<(u32, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    Some((text[..digits].parse().ok()?, &text[digits..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Version {
        Version::parse(text).unwrap_or_else(|| panic!("{text} is a version"))
    }

    #[test]
    fn the_usual_spellings_are_understood() {
        assert_eq!(parsed("1.24").to_string(), "1.24");
        assert_eq!(parsed("go1.24.3").to_string(), "1.24.3");
        assert_eq!(parsed("go1.26.8 X:boringcrypto").to_string(), "1.26.8");
        assert_eq!(parsed("go1.22.10-1ubuntu1").to_string(), "1.22.10");
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in ["", "go", "2.0", "latest", "1.x", "go1.", "1.24.", "1.24foo"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    #[test]
    fn versions_order_as_released() {
        assert!(parsed("1.9.7") < parsed("1.21.0"));
        assert!(parsed("1.24.3") < parsed("1.24.11"));
        assert!(parsed("1.25rc1") < parsed("1.25.0"));
    }

    #[test]
    fn a_minor_version_accepts_any_of_its_patches() {
        assert!(parsed("1.24").accepts(parsed("1.24.3")));
        assert!(parsed("1.24.3").accepts(parsed("1.24.3")));
        assert!(!parsed("1.24.3").accepts(parsed("1.24.4")));
        assert!(!parsed("1.2").accepts(parsed("1.24.3")));
    }
}
