//! Colours for Go, line by line: enough of its lexical grammar to tell comments, strings, numbers and
//! keywords apart. It takes whatever stands in a block, Go or not.

use super::markup::Markup;

/// Go's keywords and predeclared names.
const WORDS: [&str; 66] = [
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
    "any",
    "append",
    "bool",
    "byte",
    "cap",
    "clear",
    "close",
    "comparable",
    "complex64",
    "complex128",
    "copy",
    "delete",
    "error",
    "false",
    "float32",
    "float64",
    "int",
    "int8",
    "int16",
    "int32",
    "int64",
    "iota",
    "len",
    "make",
    "max",
    "min",
    "new",
    "nil",
    "panic",
    "print",
    "println",
    "recover",
    "rune",
    "string",
    "true",
    "uint",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "uintptr",
];

/// What is still open at the end of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Open {
    /// Nothing.
    #[default]
    Code,
    /// A `/*` comment.
    Comment,
    /// A raw string.
    Raw,
}

/// Write one line, which starts within `open`; gives back within what it ends.
pub fn line(markup: &mut Markup, line: &str, mut open: Open) -> Open {
    let mut rest = line;
    while !rest.is_empty() {
        let (length, tag, next) = token(rest, open);
        let (token, after) = rest.split_at(length);
        match tag {
            Some(tag) => markup.element(tag, &[], token),
            None => markup.text(token),
        };
        (rest, open) = (after, next);
    }
    open
}

/// The length of the token at the start of `text`, its element, and within what the text goes on.
fn token(text: &str, open: Open) -> (usize, Option<&'static str>, Open) {
    let until = |from: usize, mark: &str| {
        text.get(from..)
            .and_then(|rest| rest.find(mark))
            .map(|at| from + at + mark.len())
    };
    let closing = |from: usize, mark: &str, tag, within| match until(from, mark) {
        Some(end) => (end, Some(tag), Open::Code),
        None => (text.len(), Some(tag), within),
    };
    match open {
        Open::Comment => return closing(0, "*/", "i", Open::Comment),
        Open::Raw => return closing(0, "`", "u", Open::Raw),
        Open::Code => {}
    }
    let first = text.chars().next().unwrap_or(' ');
    match first {
        _ if text.starts_with("//") => (text.len(), Some("i"), Open::Code),
        _ if text.starts_with("/*") => closing(2, "*/", "i", Open::Comment),
        '`' => closing(1, "`", "u", Open::Raw),
        '"' | '\'' => (quoted(text, first), Some("u"), Open::Code),
        '0'..='9' => (
            run(text, |c| c.is_alphanumeric() || matches!(c, '.' | '_')),
            Some("var"),
            Open::Code,
        ),
        c if c.is_alphabetic() || c == '_' => {
            let end = run(text, |c| c.is_alphanumeric() || c == '_');
            let known = WORDS.contains(&text.get(..end).unwrap_or_default());
            (end, known.then_some("b"), Open::Code)
        }
        _ => {
            // As far as nothing interesting starts.
            let plain =
                |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '/' | '`' | '"' | '\''));
            (run(text, plain).max(first.len_utf8()), None, Open::Code)
        }
    }
}

/// The length of the quoted text at the start; it ends with the line at the latest.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

fn run(text: &str, within: impl Fn(char) -> bool) -> usize {
    text.find(|c| !within(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut markup = Markup::default();
        let mut open = Open::default();
        for one in text.lines() {
            open = line(&mut markup, one, open);
            markup.raw("\n");
        }
        markup.finish()
    }

    #[test]
    fn tokens_are_told_apart() {
        assert_eq!(
            shown("for i := 0; i < 3; i++ { // 输出\n"),
            "<b>for</b> i := <var>0</var>; i &lt; <var>3</var>; i++ { <i>// 输出</i>\n"
        );
        assert_eq!(
            shown("s := \"a\\\"b\" + 'c'"),
            "s := <u>&quot;a\\&quot;b&quot;</u> + <u>&#39;c&#39;</u>\n"
        );
    }

    #[test]
    fn comments_and_raw_strings_go_on_over_lines() {
        assert_eq!(shown("a /* b\nc */ d"), "a <i>/* b</i>\n<i>c */</i> d\n");
        assert_eq!(shown("`<x>\n` + y"), "<u>`&lt;x&gt;</u>\n<u>`</u> + y\n");
    }

    #[test]
    fn anything_is_taken_and_nothing_lost() {
        for text in [
            "世界 → \"unclosed",
            "'",
            "/",
            "0x1p-2",
            "_",
            "a/b",
            "🙂'🙂'",
        ] {
            let html = shown(text);
            let plain: String = html
                .split('<')
                .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
                .collect();
            let plain = plain.replace("&quot;", "\"").replace("&#39;", "'");
            assert_eq!(plain.trim_end(), text);
        }
    }
}
