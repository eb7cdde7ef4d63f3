//! The comments of a block.

use std::ops::Range;

use crate::snippet::Syntax;

use super::lexicon::ARROW;

/// A `//` comment, or one line of a `/* … */` comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The line of the code (from 0).
    pub line: usize,
    /// Bytes of the code: the comment with its markers.
    pub span: Range<usize>,
    /// Bytes of the code: what it says.
    pub body: Range<usize>,
    /// What it says, trimmed.
    pub text: String,
    /// Whether code stands before it on its line.
    pub trailing: bool,
    /// Whether it is `/* … */`.
    pub general: bool,
}

impl Comment {
    /// What it says behind an arrow (`=> 3`), if it starts with one, as a comment of its own.
    pub fn behind_arrow(&self) -> Option<Self> {
        let arrow = ARROW.find(&self.text)?;
        Some(self.piece(&self.text[arrow.end()..]))
    }

    /// A piece of what it says as a comment of its own.
    pub fn piece(&self, text: &str) -> Self {
        // A slice of the text is where it is: `1` stands in `Go 1.21` as well.
        let slice = (text.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize);
        let slice = slice.filter(|at| self.text.get(*at..*at + text.len()) == Some(text));
        let at = slice.or_else(|| self.text.find(text)).unwrap_or_default();
        let start = self.body.start + at;
        Self {
            body: start..start + text.len(),
            text: text.to_owned(),
            ..self.clone()
        }
    }
}

/// The comments of a block in source order; a `/* … */` over several lines gives one entry each.
pub fn comments(syntax: &Syntax) -> Vec<Comment> {
    let mut found = Vec::new();
    for node in syntax.walk(syntax.root()) {
        if node.kind() != "comment" {
            continue;
        }
        let text = syntax.of(node);
        let general = text.starts_with("/*");
        let mut start = node.start_byte();
        for (nth, line) in text.split('\n').enumerate() {
            let row = node.start_position().row + nth;
            let line_start = syntax.text[..node.start_byte()]
                .rfind('\n')
                .map_or(0, |at| at + 1);
            let trailing =
                nth == 0 && !syntax.text[line_start..node.start_byte()].trim().is_empty();
            let body = body(line, general, nth == 0);
            let range = start + body.start..start + body.end;
            found.push(Comment {
                line: row,
                span: start..start + line.trim_end().len(),
                text: syntax.text[range.clone()].to_owned(),
                body: range,
                trailing,
                general,
            });
            start += line.len() + 1;
        }
    }
    found
}

/// What a comment's line says, without markers and surrounding blanks.
fn body(line: &str, general: bool, first: bool) -> Range<usize> {
    let mut start = 0;
    let mut end = line.len();
    if general {
        if first {
            start = 2;
        }
        if line.trim_end().ends_with("*/") {
            end = line.trim_end().len() - 2;
        }
    } else {
        start = 2;
    }
    let inner = &line[start..end.max(start)];
    let leading = inner.len() - inner.trim_start().len();
    let trailing = inner.len() - inner.trim_end().len();
    let start = (start + leading).min(end);
    start..(end - trailing).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_know_their_place() {
        let code = "x := 1 // 一\n// own\n/* a\n b */\n";
        let syntax = Syntax::parse(code);
        let found = comments(&syntax);
        let texts: Vec<_> = found
            .iter()
            .map(|comment| (comment.line, comment.text.as_str(), comment.trailing))
            .collect();
        assert_eq!(
            texts,
            [
                (0, "一", true),
                (1, "own", false),
                (2, "a", false),
                (3, "b", false)
            ]
        );
        assert_eq!(&code[found[0].body.clone()], "一");
    }
}
