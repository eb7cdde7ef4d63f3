//! Patterns for notes, with the meaning they have in `.gitignore`.

use camino::Utf8Path;
use globset::{GlobBuilder, GlobMatcher};
use serde::{Deserialize, Deserializer, de::Error as _};

/// A pattern for paths relative to the folder of `verify.toml`. `*` stops at `/`, `**` does not; a
/// pattern without `/` matches at any depth; a pattern that matches a folder matches all in it.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    matcher: GlobMatcher,
}

impl Pattern {
    /// Parse a pattern.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bare = text.trim_end_matches('/').trim_start_matches("./");
        let anchored = match bare.strip_prefix('/') {
            Some(rest) => rest.to_owned(),
            None if bare.contains('/') => bare.to_owned(),
            None => format!("**/{bare}"),
        };
        let glob = GlobBuilder::new(&anchored)
            .literal_separator(true)
            .build()
            .map_err(|error| format!("`{text}` is no pattern: {}", error.kind()))?;
        Ok(Self {
            text: text.to_owned(),
            matcher: glob.compile_matcher(),
        })
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it matches `path`, which is relative to the folder of `verify.toml`.
    pub fn matches(&self, path: &Utf8Path) -> bool {
        path.ancestors()
            .any(|part| self.matcher.is_match(part.as_std_path()))
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        Pattern::parse(pattern)
            .unwrap()
            .matches(Utf8Path::new(path))
    }

    #[test]
    fn patterns_mean_what_they_mean_in_gitignore() {
        assert!(matches("*.md", "a.md"));
        assert!(matches("*.md", "deep/er/a.md"));
        assert!(matches("/*.md", "a.md"));
        assert!(!matches("/*.md", "deep/a.md"));
        assert!(matches("notes/*.md", "notes/a.md"));
        assert!(!matches("notes/*.md", "notes/old/a.md"));
        assert!(matches("notes/**", "notes/old/a.md"));
        assert!(matches("./notes/", "notes/old/a.md"));
        assert!(matches("{a,b}.md", "x/b.md"));
        assert!(!matches("notes", "notesx/a.md"));
    }
}
