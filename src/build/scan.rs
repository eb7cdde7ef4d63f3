//! The little that must be known of a Go source before it is compiled: its imports, and the comments that
//! are orders to the compiler. This is a scanner, not a parser: it tells comments and strings from the
//! rest, which is all that these two questions need. On broken sources it stops early; the compiler will
//! say what is wrong.

use std::borrow::Cow;
use std::ops::Range;

/// One import of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The name it is given; empty if none.
    pub name: String,
    /// The path, without quotes.
    pub path: String,
    /// The line of the path, from 1.
    pub line: u32,
    /// The column of its opening quote in bytes, from 1.
    pub column: u32,
}

/// The imports of a source, in its order.
pub fn imports(source: &str) -> Vec<Import> {
    let mut tokens = Scanner::new(source)
        .filter(|token| token.kind != Kind::Comment)
        .peekable();
    let mut imports = Vec::new();
    if tokens
        .next()
        .is_none_or(|token| token.text(source) != "package")
        || tokens.next().is_none()
    {
        return imports;
    }
    loop {
        while tokens.next_if(|token| token.text(source) == ";").is_some() {}
        if tokens
            .next_if(|token| token.text(source) == "import")
            .is_none()
        {
            return imports;
        }
        let group = tokens.next_if(|token| token.text(source) == "(").is_some();
        loop {
            while tokens.next_if(|token| token.text(source) == ";").is_some() {}
            if group && tokens.next_if(|token| token.text(source) == ")").is_some() {
                break;
            }
            // The name: `_`, `.` or an identifier.
            let name =
                tokens.next_if(|token| token.kind == Kind::Word || token.text(source) == ".");
            let name = name.map_or("", |token| token.text(source));
            let Some(path) = tokens.next_if(|token| token.kind == Kind::String) else {
                return imports;
            };
            imports.push(import(source, name, &path));
            if !group {
                break;
            }
        }
    }
}

fn import(source: &str, name: &str, token: &Token) -> Import {
    let before = &source[..token.range.start];
    let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1) + 1;
    let line = before.matches('\n').count() + 1;
    let saturated = |number| u32::try_from(number).unwrap_or(u32::MAX);
    Import {
        name: name.to_owned(),
        path: token.text(source).trim_matches(['"', '`']).to_owned(),
        line: saturated(line),
        column: saturated(column),
    }
}

/// The source with those comments made powerless that would make the compiler speak of other files and
/// lines (`//line`, `/*line`) or pass words to the linker (`//go:cgo_…`). One letter of each becomes a
/// capital, so that every position stays true.
pub fn neutralise(source: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(source);
    for comment in comments(source) {
        if ["//line ", "/*line ", "//go:cgo_"]
            .iter()
            .any(|order| comment.text(source).starts_with(order))
        {
            let letter = comment.range.start + 2;
            let capital = source[letter..=letter].to_ascii_uppercase();
            text.to_mut().replace_range(letter..=letter, &capital);
        }
    }
    text
}

/// Whether the source reaches for symbols of other packages by name (`//go:linkname`): what it defines so
/// could get in the way of other programs in the same binary.
pub fn has_linkname(source: &str) -> bool {
    comments(source).any(|comment| comment.text(source).starts_with("//go:linkname "))
}

/// Whether the source declares a function `main`.
pub fn has_main(source: &str) -> bool {
    let mut depth = 0_i32;
    let mut before = "";
    for token in Scanner::new(source).filter(|token| token.kind != Kind::Comment) {
        match token.text(source) {
            "main" if depth == 0 && before == "func" => return true,
            "{" | "(" => depth += 1,
            "}" | ")" => depth -= 1,
            _ => {}
        }
        before = token.text(source);
    }
    false
}

/// Whether the source starts goroutines: by a statement, a method that is called so (`WaitGroup.Go`), or a timer.
pub fn starts_goroutines(source: &str) -> bool {
    let tokens = Scanner::new(source).filter(|token| token.kind == Kind::Word);
    let mut words = tokens.map(|token| token.text(source));
    words.any(|word| matches!(word, "go" | "Go" | "AfterFunc"))
}

fn comments(source: &str) -> impl Iterator<Item = Token> {
    Scanner::new(source).filter(|token| token.kind == Kind::Comment)
}

/// What a token is, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Comment,
    /// A string or rune literal.
    String,
    /// An identifier, keyword or number.
    Word,
    /// Any other single byte.
    Mark,
}

/// A piece of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Token {
    kind: Kind,
    range: Range<usize>,
}

impl Token {
    fn text<'a>(&self, source: &'a str) -> &'a str {
        // Ranges end at ASCII bytes or at the source's end; a lone mark may be a byte of a larger
        // character only in broken sources, and words take those in.
        source.get(self.range.clone()).unwrap_or_default()
    }
}

/// Splits a source into tokens.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            bytes: source.as_bytes(),
            at: 0,
        }
    }

    /// The end of what starts at `from` and goes on while `keep` says so.
    fn while_bytes(&self, from: usize, keep: impl Fn(u8) -> bool) -> usize {
        let rest = &self.bytes[from..];
        from + rest
            .iter()
            .position(|&byte| !keep(byte))
            .unwrap_or(rest.len())
    }

    /// The end of a comment that `mark` closes.
    fn after(&self, from: usize, mark: &[u8]) -> usize {
        let rest = &self.bytes[from..];
        let found = rest.windows(mark.len()).position(|window| window == mark);
        found.map_or(self.bytes.len(), |position| from + position + mark.len())
    }

    /// The end of a literal that may hold `\"`, or of its line: it cannot go on over a line's end.
    fn after_quoted(&self, quote: u8) -> usize {
        let mut at = self.at + 1;
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'\n' => return at,
                b'\\' if self.bytes.get(at + 1).is_some_and(|&next| next != b'\n') => at += 2,
                byte if byte == quote => return at + 1,
                _ => at += 1,
            }
        }
        self.bytes.len()
    }
}

impl Iterator for Scanner<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let start = self.while_bytes(self.at, |byte| byte.is_ascii_whitespace());
        self.at = start;
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
        let (kind, end) = match *self.bytes.get(start)? {
            b'/' if self.bytes.get(start + 1) == Some(&b'/') => {
                (Kind::Comment, self.while_bytes(start, |byte| byte != b'\n'))
            }
            b'/' if self.bytes.get(start + 1) == Some(&b'*') => {
                (Kind::Comment, self.after(start + 2, b"*/"))
            }
            b'`' => (Kind::String, self.after(start + 1, b"`")),
            quote @ (b'"' | b'\'') => (Kind::String, self.after_quoted(quote)),
            byte if is_word(byte) => (Kind::Word, self.while_bytes(start, is_word)),
            _ => (Kind::Mark, start + 1),
        };
        self.at = end;
        Some(Token {
            kind,
            range: start..end,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn imports_are_found_in_every_form() {
        let source = "// Package comment: import \"no\"\npackage main\n\nimport \"fmt\"; import `os`\n\
            import (\n\t_ \"embed\" // why\n\t. \"strings\"\n\n\tj \"encoding/json\"; \"math\"\n)\n\
            func f() { _ = \"import\" }\nimport \"late\"\n";
        let found = imports(source);
        let paths: Vec<_> = found.iter().map(|import| import.path.as_str()).collect();
        assert_eq!(
            paths,
            ["fmt", "os", "embed", "strings", "encoding/json", "math"]
        );
        assert_eq!((found[0].line, found[0].column), (4, 8));
        assert_eq!((found[2].line, found[2].column), (6, 4));
    }

    #[test]
    fn a_source_without_imports_or_without_package_clause_has_none() {
        assert_eq!(imports("package main\nfunc main() {}\n"), []);
        assert_eq!(imports("import \"fmt\"\n"), []);
        assert_eq!(imports(""), []);
    }

    #[test]
    fn orders_about_lines_lose_their_power_and_keep_their_length() {
        let source = "package main\n//line evil.go:1\nvar a = /*line x.go:9:9*/ 1 //go:cgo_ldflag \"-x\"\n\
            var s = \"//line kept\" + `\n//line kept too`\n// line is a word here\n";
        let safe = neutralise(source);
        assert_eq!(safe.len(), source.len());
        assert!(safe.contains("//Line evil.go:1\n"));
        assert!(safe.contains("/*Line x.go:9:9*/"));
        assert!(safe.contains("//Go:cgo_ldflag"));
        assert!(safe.contains("\"//line kept\" + `\n//line kept too`\n// line is a word here\n"));
    }

    #[test]
    fn quotes_in_runes_and_escapes_do_not_hide_a_comment() {
        let source = "package main\nvar r = '\"' //line a:1\nvar s = \"\\\"\" //line b:2\n";
        assert_eq!(neutralise(source).matches("//Line").count(), 2);
    }

    #[test]
    fn linkname_is_noticed_in_comments_only() {
        assert!(has_linkname(
            "package main\n//go:linkname now time.now\nfunc now()\n"
        ));
        assert!(!has_linkname(
            "package main\nvar s = `\n//go:linkname a b`\n"
        ));
    }

    #[test]
    fn goroutines_are_started_by_code_and_not_by_words() {
        for source in ["go f()", "wg.Go(func() {})", "time.AfterFunc(1, f)"] {
            assert!(starts_goroutines(source), "{source}");
        }
        for source in ["// go on", "s := \"go f()\"", "gopher.going()"] {
            assert!(!starts_goroutines(source), "{source}");
        }
    }

    #[test]
    fn main_is_a_function_at_the_top_level() {
        assert!(has_main("package main\nfunc f() { g() }\nfunc main() {}\n"));
        for source in [
            "func (t T) main() {}",
            "// func main() {}",
            "var main = 1",
            "func mainly() {}",
        ] {
            assert!(!has_main(&format!("package main\n{source}\n")), "{source}");
        }
    }

    proptest! {
        #[test]
        fn no_source_makes_the_scanner_fail(source in "(package main\n)?[ -~\n\t\u{4e2d}\u{e9}`'\"/*\\\\]{0,60}") {
            let _ = imports(&source);
            prop_assert_eq!(neutralise(&source).len(), source.len());
            prop_assert_eq!(neutralise(&source).to_lowercase(), source.to_lowercase());
        }
    }
}
