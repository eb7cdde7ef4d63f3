//! A writer for HTML in which text can't become markup: tags, attribute names and fixed markup are
//! `&'static str`, so they can only come from gosnip's own source; whatever else is written is escaped.
//!
//! That is why the page is made by plain Rust and not by a template engine: there is no way in that is
//! not escaped, the borrow checker keeps it so, and 3,000 blocks are written in one pass.

use std::fmt::Write as _;

use crate::report::text::pictured;

/// HTML that is being written.
#[derive(Debug, Default)]
pub struct Markup {
    html: String,
}

impl Markup {
    /// Fixed markup.
    pub fn raw(&mut self, html: &'static str) -> &mut Self {
        self.html.push_str(html);
        self
    }

    /// Text of one line. Control characters and those that reorder text are shown as pictures.
    pub fn text(&mut self, text: &str) -> &mut Self {
        escape(&mut self.html, &pictured(text));
        self
    }

    /// Text of several lines.
    pub fn lines(&mut self, text: &str) -> &mut Self {
        for (at, line) in text.lines().enumerate() {
            if at > 0 {
                self.html.push('\n');
            }
            self.text(line);
        }
        self
    }

    /// A number.
    pub fn number(&mut self, number: impl Into<f64>) -> &mut Self {
        // Writing to a String does not fail.
        let _ = write!(self.html, "{}", number.into());
        self
    }

    /// An opening tag.
    pub fn open(&mut self, name: &'static str, attributes: &[(&'static str, &str)]) -> &mut Self {
        let _ = write!(self.html, "<{name}");
        for (key, value) in attributes {
            let _ = write!(self.html, " {key}=\"");
            escape(&mut self.html, &pictured(value));
            self.html.push('"');
        }
        self.html.push('>');
        self
    }

    /// A closing tag.
    pub fn close(&mut self, name: &'static str) -> &mut Self {
        let _ = write!(self.html, "</{name}>");
        self
    }

    /// An element with text of one line.
    pub fn element(
        &mut self,
        name: &'static str,
        attributes: &[(&'static str, &str)],
        text: &str,
    ) -> &mut Self {
        self.open(name, attributes).text(text).close(name)
    }

    /// Words of the interface: English, and a key by which the page finds them in Chinese.
    pub fn label(&mut self, key: &'static str, english: &'static str) -> &mut Self {
        self.open("span", &[("data-t", key)])
            .raw(english)
            .close("span")
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.html
    }
}

fn escape(html: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        let (plain, special) = rest.split_at(at);
        html.push_str(plain);
        html.push_str(match special.as_bytes()[0] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &special[1..];
    }
    html.push_str(rest);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_escaped_and_nothing_is_lost(text in any::<String>()) {
            let mut markup = Markup::default();
            markup.text(&text);
            let html = markup.finish();
            prop_assert!(!html.contains(['<', '>', '"', '\'']));
            let read = html
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
            prop_assert_eq!(read, pictured(&text));
        }
    }

    #[test]
    fn text_and_attributes_are_escaped() {
        let mut markup = Markup::default();
        markup.element(
            "p",
            &[("title", "\"><script>")],
            "</p><img src=x onerror='a()'>&\u{1b}",
        );
        assert_eq!(
            markup.finish(),
            "<p title=\"&quot;&gt;&lt;script&gt;\">\
             &lt;/p&gt;&lt;img src=x onerror=&#39;a()&#39;&gt;&amp;␛</p>"
        );
    }
}
