//! A writer for XML, as far as reports need it: elements, attributes and text, always well-formed.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A document that is being written.
pub struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    /// An empty document.
    pub fn new() -> Self {
        Self {
            text: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"),
            open: Vec::new(),
        }
    }

    /// Open an element; what follows is in it until [`Xml::close`].
    pub fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.text.push_str(">\n");
        self.open.push(name);
    }

    /// Close the element that was opened last.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            let _ = writeln!(self.text, "</{name}>");
        }
    }

    /// An element without children: with `text`, or empty.
    pub fn leaf(&mut self, name: &'static str, attributes: &[(&str, &str)], text: &str) {
        self.start(name, attributes);
        if text.is_empty() {
            self.text.push_str("/>\n");
        } else {
            let _ = writeln!(self.text, ">{}</{name}>", escape(text, false));
        }
    }

    /// The document, with everything closed.
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.indent();
        let _ = write!(self.text, "<{name}");
        for (key, value) in attributes {
            let _ = write!(self.text, " {key}=\"{}\"", escape(value, true));
        }
    }

    fn indent(&mut self) {
        self.text.push_str(&"  ".repeat(self.open.len()));
    }
}

/// `text` as it can stand between tags and in attributes. Characters that XML 1.0 can't hold, not even
/// escaped, become `�`; in an attribute, line breaks and tabs are written so that they are kept.
fn escape(text: &str, attribute: bool) -> Cow<'_, str> {
    let blank = |c| attribute && matches!(c, '\n' | '\t');
    let plain = |c: char| !matches!(c, '&' | '<' | '>' | '"' | '\r') && !blank(c) && is_char(c);
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' if attribute => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' if attribute => escaped.push_str("&#9;"),
            c if is_char(c) => escaped.push(c),
            _ => escaped.push('\u{fffd}'),
        }
    }
    Cow::Owned(escaped)
}

/// Whether XML 1.0 has the character.
fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_written_the_document_is_well_formed() {
        let mut xml = Xml::new();
        xml.open("a", &[("k", "\"<&>\n\u{1b}")]);
        xml.leaf("b", &[], "]]>\n\u{ffff} 世界");
        xml.leaf("c", &[], "");
        assert_eq!(
            xml.finish(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <a k=\"&quot;&lt;&amp;&gt;&#10;\u{fffd}\">\n  <b>]]&gt;\n\u{fffd} 世界</b>\n  <c/>\n</a>\n"
        );
    }
}
