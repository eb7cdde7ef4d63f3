//! The headings above a place, and the block ids that are made of them.

use std::collections::HashMap;

/// No heading needs more characters than this to name a place; what is longer is a paragraph that
/// happens to be underlined.
const LONGEST_NAME: usize = 120;

/// The headings above the current place of a note, and how many blocks stand under each path.
#[derive(Debug, Default)]
pub(super) struct Outline {
    path: Vec<(u8, String)>,
    slug: String,
    blocks: HashMap<String, u32>,
}

impl Outline {
    /// Enter the section of a heading: it ends the sections of its own level and below.
    pub(super) fn enter(&mut self, level: u8, text: &str) {
        self.path.retain(|(above, _)| *above < level);
        let name: String = text.chars().take(LONGEST_NAME).collect();
        if !name.trim().is_empty() {
            self.path.push((level, name));
        }
        let slugs: Vec<String> = self.path.iter().map(|(_, text)| slug(text)).collect();
        self.slug = slugs.join("/");
    }

    /// The headings above, outermost first.
    pub(super) fn headings(&self) -> Vec<String> {
        self.path.iter().map(|(_, text)| text.clone()).collect()
    }

    /// The id of the next block here. Sections with equal heading paths count on, so that no two
    /// blocks of a note share an id.
    pub(super) fn next_id(&mut self) -> String {
        let count = self.blocks.entry(self.slug.clone()).or_insert(0);
        *count += 1;
        format!("{}#{count}", self.slug)
    }
}

/// A heading as part of an id: lower case, white space as `-`, without punctuation (as in the
/// links that code hosts make of headings), so that it holds neither `/` nor `#`.
fn slug(heading: &str) -> String {
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            c if c.is_whitespace() => Some('-'),
            c if c.is_alphanumeric() || matches!(c, '-' | '_') => Some(c),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_heading_path_and_an_ordinal() {
        let mut outline = Outline::default();
        assert_eq!(outline.next_id(), "#1");
        outline.enter(2, "Context 相关");
        outline.enter(3, "Q: context/结构 #1 是什么样的？");
        assert_eq!(
            outline.next_id(),
            "context-相关/q-context结构-1-是什么样的#1"
        );
        assert_eq!(
            outline.next_id(),
            "context-相关/q-context结构-1-是什么样的#2"
        );
        outline.enter(2, "snake_case 与 C++");
        assert_eq!(outline.next_id(), "snake_case-与-c#1");
        assert_eq!(outline.headings(), ["snake_case 与 C++"]);
    }

    #[test]
    fn equal_heading_paths_count_on() {
        let mut outline = Outline::default();
        for expected in ["a#1", "a#2"] {
            outline.enter(1, "A");
            assert_eq!(outline.next_id(), expected);
        }
    }

    #[test]
    fn an_empty_heading_ends_sections_and_opens_none() {
        let mut outline = Outline::default();
        outline.enter(1, "a");
        outline.enter(2, "b");
        outline.enter(2, "");
        assert_eq!(outline.headings(), ["a"]);
    }
}
