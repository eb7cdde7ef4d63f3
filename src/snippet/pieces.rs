//! The declarations of a Go file, by its tokens alone.
//!
//! The grammar may not know all that the compiler takes. A block that begins with a package clause, whose brackets are
//! balanced and which consists of nothing but declarations is a Go file whatever the grammar makes of it: it is
//! not cut up by the grammar's errors, and the compiler has the last word.

use std::ops::Range;

/// The words that a declaration can begin with.
const KEYWORDS: [&str; 6] = ["package", "import", "func", "type", "var", "const"];

/// The bytes of each top-level declaration of `code`, the package clause among them, if it is a Go file.
pub fn of_file(code: &str) -> Option<Vec<Range<usize>>> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let (mut depth, mut open, mut last) = (0usize, false, "");
    let mut at = 0;
    while at < code.len() {
        let token = token(&code[at..])?;
        let (start, text) = (at, token.text);
        at += text.len();
        match token.kind {
            Kind::Space if !text.contains('\n') => continue,
            Kind::Space => {
                open &= depth > 0 || !ends_statement(last);
                continue;
            }
            Kind::Comment => continue,
            Kind::Sign if text == ";" && depth == 0 => open = false,
            Kind::Sign => depth = depth_after(text, depth)?,
            Kind::Word | Kind::Literal => {}
        }
        if text == "..." && stands_alone(last, &code[at..]) {
            return None;
        }
        last = text;
        if open || text == ";" {
            if let Some(piece) = pieces.last_mut().filter(|_| text != ";" || depth > 0) {
                piece.end = at;
            }
            continue;
        }
        if !KEYWORDS.contains(&text) || (text == "package") != pieces.is_empty() {
            return None;
        }
        pieces.push(start..at);
        open = true;
    }
    (depth == 0 && !pieces.is_empty()).then_some(pieces)
}

fn depth_after(sign: &str, depth: usize) -> Option<usize> {
    match sign {
        "(" | "[" | "{" => Some(depth + 1),
        ")" | "]" | "}" => depth.checked_sub(1),
        _ => Some(depth),
    }
}

/// Whether a line that ends with this token ends a statement, by Go's rule for semicolons.
fn ends_statement(last: &str) -> bool {
    const OPEN_WORDS: [&str; 12] = [
        "package", "import", "func", "type", "var", "const", "case", "if", "for", "go", "defer",
        "switch",
    ];
    let word = last.chars().next_back();
    let ends = word.is_some_and(|c| {
        c.is_alphanumeric() || matches!(c, '_' | '"' | '`' | '\'' | ')' | ']' | '}')
    });
    ends && !OPEN_WORDS.contains(&last)
}

/// Whether `...` is neither before a type nor behind a slice that is passed: then it stands for what is left out.
fn stands_alone(before: &str, after: &str) -> bool {
    let behind_value = before.ends_with(|c: char| c.is_alphanumeric() || "_)]}\"`".contains(c));
    let closes = after
        .trim_start_matches([' ', '\t', ',', '\n'])
        .starts_with(')');
    let before_type = after
        .starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '*' | '[' | '(' | ']' | '<'));
    !(behind_value && closes || before_type)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Space,
    Comment,
    Word,
    Literal,
    Sign,
}

struct Token<'c> {
    kind: Kind,
    text: &'c str,
}

/// The token that `code` begins with; `None` for what no Go file has outside of comments and strings.
fn token(code: &str) -> Option<Token<'_>> {
    let first = code.chars().next()?;
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let run = |fits: &dyn Fn(char) -> bool| code.find(|c| !fits(c)).unwrap_or(code.len());
    let (kind, len) = match first {
        c if c.is_ascii_whitespace() => (Kind::Space, run(&|c| c.is_ascii_whitespace())),
        '/' if code.starts_with("//") => (Kind::Comment, code.find('\n').unwrap_or(code.len())),
        '/' if code.starts_with("/*") => (Kind::Comment, code.find("*/")? + 2),
        '`' => (Kind::Literal, code[1..].find('`')? + 2),
        '"' | '\'' => (Kind::Literal, quoted(code, first)?),
        c if is_word(c) => (Kind::Word, run(&is_word)),
        '.' if code.starts_with("...") => (Kind::Sign, 3),
        '@' | '#' | '$' | '?' | '\\' => return None,
        c if c.is_ascii() && !c.is_ascii_control() => (Kind::Sign, 1),
        _ => return None,
    };
    Some(Token {
        kind,
        text: &code[..len],
    })
}

/// The length of the literal in quotes that `code` begins with; it ends on its line.
fn quoted(code: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in code.char_indices().skip(1) {
        match c {
            '\n' => return None,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(code: &str) -> Option<Vec<&str>> {
        let found = of_file(code)?.into_iter();
        Some(found.map(|range| &code[range]).collect())
    }

    #[test]
    fn a_file_is_cut_between_its_declarations() {
        let code = "// head\npackage main // here\n\nimport \"fmt\"\n\n\
            func (s *S) M[P any](p P) {\n\tx := `}` + \"}\" // }\n\t_ = '}'\n}\n\n\
            var a,\n\tb = f(s...)\n\ntype (\n\tA[P any] = []P\n); const c = 1 +\n\t2\n";
        let found = pieces(code).unwrap();
        assert_eq!(found.len(), 6, "{found:?}");
        assert_eq!(found[0], "package main");
        assert!(found[2].starts_with("func (s") && found[2].ends_with('}'));
        assert_eq!(found[3], "var a,\n\tb = f(s...)");
        assert_eq!(found[5], "const c = 1 +\n\t2");
    }

    #[test]
    fn what_is_no_file_is_not_cut() {
        for code in [
            "func f() {}\n",
            "package a\n\nx := 1\n",
            "package a\n\nfunc f() {\n",
            "package a\n\nfunc f() {}}\n",
            "package a\n\nfunc f() {\n\t...\n}\n",
            "package a\n\nvar x = g(...)\n",
            "package a\n\nfunc f() {\n\tfmt.Println（1）\n}\n",
            "package a\n\nvar s = \"open\n",
            "package a\n\npackage b\n",
            "",
        ] {
            assert_eq!(pieces(code), None, "{code}");
        }
    }
}
