//! What is to be found in raw HTML: comments, `<pre>` blocks, and the text of such a block.

use std::ops::Range;

use super::verbatim::Verbatim;
use crate::note::Code;

/// Something in a piece of HTML that is more than decoration.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// `<!-- … -->`.
    Comment {
        /// Bytes of the HTML, from `<!--` through `-->`.
        span: Range<usize>,
        /// What stands between, trimmed.
        body: Range<usize>,
    },
    /// `<pre>…</pre>`, with or without a `<code>` in it.
    Pre {
        /// Bytes of the HTML, from `<pre` through `</pre>`.
        span: Range<usize>,
        /// The code, still with entities.
        content: Range<usize>,
        /// The language that `lang="…"` or `class="language-…"` names; empty for none.
        language: String,
        /// Whether there is a `</pre>`.
        closed: bool,
    },
}

impl Piece {
    /// Bytes of the HTML.
    pub(super) fn span(&self) -> &Range<usize> {
        match self {
            Self::Comment { span, .. } | Self::Pre { span, .. } => span,
        }
    }
}

/// The comments and `<pre>` blocks of `html`, in order. What is in a comment is not looked at.
pub(super) fn pieces(html: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut from = 0;
    while let Some(at) = html[from..].find('<').map(|at| from + at) {
        let piece = comment(html, at).or_else(|| pre(html, at));
        from = piece.as_ref().map_or(at + 1, |piece| piece.span().end);
        pieces.extend(piece);
    }
    pieces
}

/// The comment that starts at `at`, if one does. One that nothing closes goes on to the end.
fn comment(html: &str, at: usize) -> Option<Piece> {
    let start = at + "<!--".len();
    let rest = html[at..].strip_prefix("<!--")?;
    let (end, after) = match rest.find("-->") {
        Some(length) => (start + length, start + length + "-->".len()),
        None => (html.len(), html.len()),
    };
    Some(Piece::Comment {
        span: at..after,
        body: trimmed(html, start..end),
    })
}

/// The `<pre>` that starts at `at`, if one does. One that nothing closes goes on to the end.
fn pre(html: &str, at: usize) -> Option<Piece> {
    let opening = tag(&html[at..], "pre")?;
    let mut start = at + opening.len();
    let mut language = language(opening);
    let lead = html[start..].len() - html[start..].trim_start().len();
    if let Some(code) = tag(&html[start + lead..], "code") {
        start += lead + code.len();
        if language.is_empty() {
            language = self::language(code);
        }
    }
    // HTML takes no notice of a line break right after the opening tag.
    start += usize::from(html[start..].starts_with('\n'));
    let closing = find_closing_pre(&html[start..]).map(|length| start + length);
    let mut end = closing.unwrap_or(html.len());
    let trimmed = html[start..end].trim_end();
    if let Some(code) = trimmed.strip_suffix("</code>") {
        end = start + code.len();
    } else if closing.is_none() {
        end = start + trimmed.len();
    }
    let after = closing.map_or(html.len(), |at| {
        html[at..].find('>').map_or(html.len(), |gt| at + gt + 1)
    });
    Some(Piece::Pre {
        span: at..after,
        content: start..end,
        language,
        closed: closing.is_some(),
    })
}

/// The opening tag `<name …>` at the start of `html`, on one line or several.
fn tag<'h>(html: &'h str, name: &str) -> Option<&'h str> {
    let rest = html.strip_prefix('<')?;
    let (found, rest) = rest.split_at_checked(name.len())?;
    let named = found.eq_ignore_ascii_case(name)
        && rest.starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'));
    if !named {
        return None;
    }
    tag_end(rest).map(|end| &html[..end + '<'.len_utf8() + found.len() + 1])
}

/// Where the `>` of a tag stands. A `<` before it means that there is none; this also keeps the
/// search short in a text of many `<`.
fn tag_end(inner: &str) -> Option<usize> {
    let end = inner.find(['<', '>'])?;
    inner[end..].starts_with('>').then_some(end)
}

/// Where `</pre` starts, in whatever case.
fn find_closing_pre(html: &str) -> Option<usize> {
    html.match_indices("</").map(|(at, _)| at).find(|at| {
        let name = html.as_bytes().get(at + 2..at + 5);
        let next = html.as_bytes().get(at + 5);
        name.is_some_and(|name| name.eq_ignore_ascii_case(b"pre"))
            && !next.is_some_and(u8::is_ascii_alphanumeric)
    })
}

/// The language an opening tag names: `lang="go"`, `class="language-go"`, `class="lang-go"`.
fn language(tag: &str) -> String {
    let class = attribute(tag, "class").unwrap_or("");
    let by_class = class.split_ascii_whitespace().find_map(|class| {
        class
            .strip_prefix("language-")
            .or_else(|| class.strip_prefix("lang-"))
    });
    let language = attribute(tag, "lang").or(by_class).unwrap_or("");
    language.trim().to_owned()
}

/// The value of an attribute of an opening tag.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    tag.match_indices(name).find_map(|(at, _)| {
        let starts = tag[..at].ends_with(|c: char| c.is_ascii_whitespace());
        let value = tag[at + name.len()..].trim_start().strip_prefix('=')?;
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = match quote {
            Some(quote) => value[1..].split(quote).next(),
            None => value.split([' ', '\t', '\n', '>', '/']).next(),
        };
        value.filter(|_| starts)
    })
}

/// The code in the `content` of a `<pre>`: entities are decoded, tags that only decorate
/// (`<span …>`, `<b>`) are left out, `<br>` is a line break, and everything else is kept as written,
/// since `ch <-v` and `a<b` are Go.
pub(super) fn decoded(html: &Code, content: Range<usize>) -> Code {
    let mut decoded = Verbatim::default();
    let mut utf8 = [0; 4];
    let mut at = content.start;
    while at < content.end {
        let rest = &html.text[at..content.end];
        let plain = rest.find(['&', '<', '\n']).unwrap_or(rest.len());
        let (text, length) = match rest.as_bytes()[0] {
            b'&' => {
                entity(rest).map_or(("&", 1), |(c, length)| (&*c.encode_utf8(&mut utf8), length))
            }
            b'<' => decoration(rest).unwrap_or(("<", 1)),
            b'\n' => ("\n", 1),
            _ => (&rest[..plain], plain),
        };
        decoded.append(text, html.note_offset(at));
        at += length;
    }
    decoded.code
}

/// The character of the entity at the start of `html`, and the entity's length.
fn entity(html: &str) -> Option<(char, usize)> {
    /// `&#x10FFFF;` is the longest that is looked for.
    const LONGEST: usize = 10;
    let end = html.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = html.get(1..end)?;
    let c = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']);
            let code = match hex {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control() || matches!(c, '\t' | '\n'))?
        }
    };
    Some((c, end + 1))
}

/// What a tag that only decorates stands for in code, and the tag's length.
fn decoration(html: &str) -> Option<(&'static str, usize)> {
    const NAMES: [&str; 10] = [
        "a", "b", "br", "code", "em", "font", "i", "mark", "span", "strong",
    ];
    let inner = html.strip_prefix('<')?;
    let end = tag_end(inner)?;
    let inner = inner[..end].strip_prefix('/').unwrap_or(&inner[..end]);
    let name = inner.split([' ', '\t', '\n', '/']).next()?;
    let name = NAMES
        .iter()
        .find(|known| known.eq_ignore_ascii_case(name))?;
    Some((if *name == "br" { "\n" } else { "" }, end + 2))
}

/// `range` of `text` without white space at its ends.
pub(super) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = &text[range.clone()];
    let start = range.start + (inner.len() - inner.trim_start().len());
    start..start + inner.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(html: &str) -> Vec<(String, String)> {
        let mut lines = Verbatim::default();
        lines.push(html, html, 0..html.len());
        pieces(html)
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Pre {
                    content, language, ..
                } => Some((language, decoded(&lines.code, content).text)),
                Piece::Comment { .. } => None,
            })
            .collect()
    }

    #[test]
    fn entities_and_decoration_are_decoded_and_go_is_kept() {
        let html = "<pre><code class=\"hl language-go\">\n<span class=\"k\">if</span> a &lt; b &amp;&amp; i<n { ch <- &#39;x&#x27; }\n&bad; <b>x</b><br/>y\n</code></pre>";
        let code = "if a < b && i<n { ch <- 'x' }\n&bad; x\ny\n";
        assert_eq!(code_of(html), [("go".to_owned(), code.to_owned())]);
    }

    #[test]
    fn attributes_name_the_language_and_case_does_not_matter() {
        assert_eq!(code_of("<PRE lang=go>x</Pre>"), [("go".into(), "x".into())]);
        assert_eq!(
            code_of("<pre data-lang='c'>x</pre>"),
            [("".into(), "x".into())]
        );
    }

    #[test]
    fn pre_in_a_comment_is_a_comment_and_an_unclosed_one_ends_with_the_html() {
        assert!(code_of("<!-- <pre>a</pre> -->").is_empty());
        assert_eq!(code_of("<div><pre>a\nb"), [("".into(), "a\nb".into())]);
        assert_eq!(code_of("<prefix>a</prefix>"), []);
    }
}
