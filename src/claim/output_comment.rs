//! `// Output:` with the lines after it, `/* Output: … */`, and own-line comments such as
//! `// 输出: 3, 3, 3` or `// 输出顺序: Third, Second, First`.

use std::sync::LazyLock;

use regex::Regex;

use crate::snippet::probe::is_print;
use crate::snippet::raw_output::RawOutput;
use crate::snippet::{Snippet, Syntax};

use super::comment::Comment;
use super::lexicon::{ARROW, LEAD_MARKED};
use super::trailing::{Builder, has_cjk_literal};
use super::{Claim, Confidence, Form, Kind, Subject, lexicon, spelled, value, version};

static UNORDERED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^unordered output\s*:\s*").expect("a constant"));
// A lead that stands alone on its line needs no colon: `// 结果`, `// 输出`.
static LEAD_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:程序)?(?:运行|执行|打印|输出)?(?:结果|输出)(?:如下|为|是)?[:：]?$|^outputs?[:：]?$|^prints[:：]$|^(?:вывод|результат):$")
        .expect("a constant")
});

/// Whether a comment is a call that prints, switched off.
fn prints_if_on(text: &str) -> bool {
    let syntax = Syntax::parse(text);
    syntax.error_bytes() == 0
        && syntax
            .walk(syntax.root())
            .any(|node| is_print(&syntax, node))
}

/// The claims of the own-line comments of a block.
pub fn claims(snippet: &Snippet, comments: &[Comment]) -> Vec<Claim> {
    let own: Vec<&Comment> = comments
        .iter()
        .filter(|comment| !comment.trailing)
        .collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < own.len() {
        let first = at;
        let lead = own[at];
        at += 1;
        let arrow = ARROW.find(&lead.text).map_or(0, |arrow| arrow.end());
        let (text, versions) = version::strip(&lead.text[arrow..]);
        let unordered = UNORDERED.find(text);
        let start = match unordered.or_else(|| LEAD_MARKED.find(text)) {
            Some(matched) => matched.end(),
            None if LEAD_ALONE.is_match(text) => text.len(),
            None if let Some(at) = closing(snippet, &own, lead, text) => at,
            // A version in front makes a value of what looks like one: `// since Go 1.22: 1 0`.
            None if versions.is_some() && value::starts_with_value(text) => 0,
            None => continue,
        };
        let rest = text[start..].trim();
        let mut lines = Vec::new();
        if !rest.is_empty() {
            lines.push(rest.to_owned());
        }
        let mut last = lead;
        while let Some(next) = own.get(at) {
            let follows = next.line == last.line + 1;
            if !follows || LEAD_MARKED.is_match(&next.text) || LEAD_ALONE.is_match(&next.text) {
                break;
            }
            // `// 输出: 3` with a remark on the next line: only a lead that stands alone, or Go's own
            // `Output:`, is followed by more lines of output.
            if !rest.is_empty() && !text.to_lowercase().starts_with("output:") {
                break;
            }
            lines.push(undrawn(snippet, &next.text).to_owned());
            last = next;
            at += 1;
        }
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        if lines.is_empty() {
            found.extend(raw(snippet, lead));
            continue;
        }
        // `// 4 (5 before Go 1.20)` among other lines: what this one is now.
        let several = lines.len() > 1;
        let now = |line: &String| match version::by_version(line).first() {
            Some((now, _)) if several => (*now).to_owned(),
            _ => line.clone(),
        };
        let expected = lines.iter().map(now).collect::<Vec<_>>().join("\n");
        let comment = Comment {
            body: lead.body.start..last.body.end,
            text: if lines.len() == 1 && !rest.is_empty() {
                lead.text.clone()
            } else {
                expected.clone()
            },
            ..lead.clone()
        };
        let said = |comment: &Comment, expected: &str| {
            let builder = Builder {
                snippet,
                comment,
                form: Form::OutputComment,
                subject: Subject::Line(lead.line),
            };
            let mut claim = builder.claim(Kind::Stdout, expected, confidence(snippet, expected));
            if unordered.is_some() {
                claim.kind = Kind::Order;
            }
            // Below a call that is switched off, it may speak of that.
            let above = own[..first].iter().find(|it| it.line + 1 == lead.line);
            if above.is_some_and(|it| prints_if_on(&it.text)) {
                claim.confidence = Confidence::Weak;
            }
            claim
        };
        let pieces = for_versions(&own[first..at], &expected);
        for (comment, expected, versions) in &pieces {
            found.push(Claim {
                versions: *versions,
                ..said(comment, expected)
            });
        }
        if pieces.is_empty() {
            found.push(Claim {
                versions: versions.or_else(|| version::limits(text)),
                ..said(&comment, &expected)
            });
        }
    }
    found.extend(by_command(snippet));
    found
}

/// A line of output without the arrow in front of it, unless the code itself draws one.
fn undrawn<'t>(snippet: &Snippet, line: &'t str) -> &'t str {
    let Some(arrow) = ARROW.find(line) else {
        return line;
    };
    let literals = spelled::literals(&snippet.syntax, None);
    match literals.iter().any(|it| it.contains(arrow.as_str().trim())) {
        true => line,
        false => &line[arrow.end()..],
    }
}

/// What is given for several versions: in one line ([`version::by_version`]), or line by line
/// (`// 3 3 3 (before Go 1.22)`, `// 0 1 2 (since Go 1.22)`).
fn for_versions(
    comments: &[&Comment],
    expected: &str,
) -> Vec<(Comment, String, Option<version::Versions>)> {
    let [.., last] = comments else {
        return Vec::new();
    };
    if !expected.contains('\n') {
        let pieces = version::by_version(expected).into_iter();
        let piece = |(piece, versions): (&str, _)| (last.piece(piece), piece.to_owned(), versions);
        return pieces.map(piece).collect();
    }
    let lines = &comments[comments.len() - expected.lines().count().min(comments.len())..];
    let pieces: Vec<_> = lines
        .iter()
        .filter_map(|line| {
            let (piece, versions) = version::behind(&line.text)?;
            Some((line.piece(piece), piece.to_owned(), Some(versions)))
        })
        .collect();
    let all = pieces.len() == expected.lines().count();
    let differ = pieces.windows(2).any(|pair| pair[0].2 != pair[1].2);
    if all && differ { pieces } else { Vec::new() }
}

// `Prints 3 3 3`, `输出 1 2`, `goroutines print: three, three`: said of the code above.
static SAID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:(?:the )?(?:goroutines?|program|code|loop|above|this|it|which|they|both|all)(?: code| program| loop)? )?(?:will )?(?:prints?|outputs?)(?: out)?\s*[:：]?\s+|^(?:程序|代码|循环|上面|这里|最终|最后|结果|会|将|依次)*(?:输出|打印)(?:的)?(?:结果|顺序)?(?:都|均)?(?:是|为|出)?\s*")
        .expect("a constant")
});

/// Where the output starts in a comment that closes a function or a block and says what the code above prints.
///
/// The rule: with nothing but closing braces behind it, it cannot speak of code that comes; and what it gives
/// looks like values, so it does not describe.
fn closing(snippet: &Snippet, own: &[&Comment], lead: &Comment, text: &str) -> Option<usize> {
    let lines: Vec<&str> = snippet.code().lines().map(str::trim).collect();
    let is_own = |line: usize| own.iter().any(|comment| comment.line == line);
    let next = (lead.line + 1..lines.len()).find(|&line| !lines[line].is_empty() && !is_own(line));
    let closes = next.is_none_or(|line| lines[line].starts_with(['}', ')']));
    let alone = !is_own(lead.line + 1);
    let follows = lead.line > 0 && !is_own(lead.line - 1);
    let start = said(snippet, text)?;
    (closes && alone && follows && !lexicon::CONDITIONAL.is_match(text)).then_some(start)
}

/// Where the values start in a text that says of code what it prints: `prints 3 3 3`, `输出 one two`.
pub(super) fn said(snippet: &Snippet, text: &str) -> Option<usize> {
    let found = SAID.find(text)?;
    let rest = text[found.end()..].trim();
    let spelled = || {
        let literals = spelled::literals(&snippet.syntax, None);
        let pieces = value::pieces(rest.trim_end_matches(['.', '。']));
        pieces.len() > 1
            && pieces
                .iter()
                .all(|piece| value::is_value(piece) || literals.contains(piece))
    };
    (value::starts_with_value(rest) || spelled()).then_some(found.end())
}

/// The output that stands as it is under the lead.
fn raw(snippet: &Snippet, lead: &Comment) -> Option<Claim> {
    let output = snippet.raw_output.as_ref()?;
    let follows = snippet.code()[lead.span.end.min(output.span.start)..output.span.start]
        .trim()
        .is_empty();
    (lead.span.end <= output.span.start && follows).then(|| Claim {
        hedged: lexicon::HEDGED.is_match(&lead.text),
        versions: version::limits(&lead.text),
        ..of_raw(snippet, output)
    })
}

/// The output that stands as it is under the command that runs the block.
fn by_command(snippet: &Snippet) -> Option<Claim> {
    let output = snippet.raw_output.as_ref()?;
    output.by_command.then(|| of_raw(snippet, output))
}

fn of_raw(snippet: &Snippet, output: &RawOutput) -> Claim {
    Claim {
        block: snippet.block,
        span: output.span.clone(),
        form: Form::RawOutput,
        kind: Kind::Stdout,
        subject: Subject::Block,
        text: output.text.clone(),
        expected: output.text.clone(),
        hedged: false,
        negated: false,
        confidence: Confidence::Certain,
        versions: None,
        stream: None,
    }
}

/// Free Chinese text behind a lead word may describe; see [`super::trailing`].
fn confidence(snippet: &Snippet, expected: &str) -> Confidence {
    let approximate = lexicon::APPROXIMATE.is_match(expected) || value::is_fleeting(expected);
    // `输出：321（后进先出）` gives a value, whatever is said of it.
    let gives = !expected.contains('\n')
        && value::starts_with_value(expected)
        && !value::is_count(expected);
    let chinese = expected.chars().any(lexicon::is_cjk) && !gives;
    if approximate || chinese && !has_cjk_literal(&snippet.syntax) {
        Confidence::Weak
    } else {
        Confidence::Certain
    }
}
