//! Go's own words behind a line of any block: `// ERROR "re"` for the compiler, `// want "re"` for `go vet`.

use std::sync::LazyLock;

use regex::Regex;

use crate::snippet::Snippet;

use super::comment::Comment;
use super::{Claim, Confidence, Form, Kind, Subject, recipe};

// Only what starts like this and is quoted: a log line may say `ERROR` too.
static ERROR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("^(?:GC_)?ERROR [\"`]").expect("a constant"));
static WANT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("^want (?P<patterns>(?:[\"`].*))$").expect("a constant"));
static PATTERN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("\"((?:[^\"\\\\]|\\\\.)*)\"|`([^`]*)`").expect("a constant"));

/// The claims of a comment behind code, if it is one of these.
pub fn claims(snippet: &Snippet, comment: &Comment) -> Vec<Claim> {
    let claim = |kind, expected: &str| Claim {
        block: snippet.block,
        span: comment.body.clone(),
        form: Form::Expectation,
        kind,
        subject: Subject::Line(comment.line),
        text: comment.text.clone(),
        expected: expected.to_owned(),
        hedged: false,
        negated: false,
        confidence: Confidence::Certain,
        versions: None,
        stream: None,
    };
    if ERROR.is_match(&comment.text) {
        let line = format!("// {}", comment.text);
        return recipe::wanted::all(&line)
            .iter()
            .map(|wanted| {
                let kind = if wanted.is_of_escapes() {
                    Kind::Escape
                } else {
                    Kind::CompileError
                };
                claim(kind, &wanted.pattern)
            })
            .collect();
    }
    let Some(found) = WANT.captures(&comment.text) else {
        return Vec::new();
    };
    PATTERN
        .captures_iter(&found["patterns"])
        .map(|pattern| match (pattern.get(1), pattern.get(2)) {
            // As a Go string: a backslash is written twice.
            (Some(quoted), _) => claim(
                Kind::Vet,
                &quoted.as_str().replace("\\\\", "\\").replace("\\\"", "\""),
            ),
            (_, Some(raw)) => claim(Kind::Vet, raw.as_str()),
            (None, None) => claim(Kind::Vet, ""),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::comment::comments;
    use crate::snippet::Syntax;

    fn read(code: &str) -> Vec<(Kind, String)> {
        let block = crate::note::markdown::parse(
            "a.md".into(),
            format!("```go\n{code}\n```\n"),
            crate::note::Encoding::Utf8,
        );
        let snippet = Snippet::read(0, &block.blocks[0]);
        comments(&Syntax::parse(code))
            .iter()
            .flat_map(|comment| claims(&snippet, comment))
            .map(|claim| (claim.kind, claim.expected))
            .collect()
    }

    #[test]
    fn each_quoted_pattern_is_a_claim_of_its_own() {
        assert_eq!(
            read("x := f() // ERROR \"declared\" \"not used\""),
            [
                (Kind::CompileError, "declared".to_owned()),
                (Kind::CompileError, "not used".to_owned())
            ]
        );
        assert_eq!(
            read("p := &x // ERROR \"moved to heap: x\""),
            [(Kind::Escape, "moved to heap: x".to_owned())]
        );
        assert_eq!(
            read("fmt.Printf(\"%d\", s) // want `format %d` \"wrong \\\\w+\""),
            [
                (Kind::Vet, "format %d".to_owned()),
                (Kind::Vet, "wrong \\w+".to_owned())
            ]
        );
    }

    #[test]
    fn other_comments_with_these_words_are_left_alone() {
        for code in [
            "log.Println(x) // ERROR disk full",
            "f() // want this to work",
            "f() // see ERROR \"x\"",
        ] {
            assert_eq!(read(code), [], "{code}");
        }
    }
}
