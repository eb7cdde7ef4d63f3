//! Comments behind code: `fmt.Println(x) // 3`, `m["k"] = 1 // panic`, `p := &v // v 逃逸到堆上`.

use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use crate::snippet::probe::{print_calls, statement_on};
use crate::snippet::syntax::is_string_literal;
use crate::snippet::{Snippet, Syntax};

use super::comment::Comment;
use super::lexicon::{self, APPROXIMATE, Behaviour, HEDGED, LEAD_BARE, LEAD_MARKED, Phrase};
use super::{
    Claim, Confidence, Form, Kind, Stream, Subject, nature, raising, reached, refusal, spelled,
    storage, value, valued, version,
};

// "Not always": true if it is so once.
static UNSURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)不一定|不总|不都|往往|大概率|not (?:always|necessarily)|\boften\b")
        .expect("a constant")
});

// `类型是 int`, `type: *main.T`
static TYPE_LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:动态|静态|具体|底层|实际)?(?:类型|type)\s*(?:是|为|is|[:：])\s*(?P<type>(?:[*\[\]]|map\[|func\(|chan |<-chan |struct\s*\{|interface\s*\{|\w[\w.]*(?:[{}\[(]|$))[\w.*\[\]{}() ]*)$")
        .expect("a constant")
});

/// Whether a statement prints the type of something.
fn shows_type(syntax: &Syntax, statement: Node) -> bool {
    let text = syntax.of(statement);
    text.contains("%T") || text.contains("reflect.TypeOf(")
}

/// The claims of a comment behind code.
pub fn claims(snippet: &Snippet, comment: &Comment) -> Vec<Claim> {
    let behind = comment.behind_arrow();
    let comment = behind.as_ref().unwrap_or(comment);
    let line = Subject::Line(comment.line);
    if let Some(argument) = valued::argument::on(&snippet.syntax, comment.line) {
        let builder = Builder {
            snippet,
            comment,
            form: Form::TrailingComment,
            subject: line,
        };
        let claim = valued::argument::read(&builder, &snippet.syntax, argument);
        return claim.into_iter().collect();
    }
    let Some(statement) = statement_on(&snippet.syntax, comment.line) else {
        return Vec::new();
    };
    let said = |comment: &Comment| {
        let builder = Builder {
            snippet,
            comment,
            form: Form::TrailingComment,
            subject: line.clone(),
        };
        read(&builder, &snippet.syntax, Some(statement), comment.line)
    };
    let mut pieces = version::by_version(&comment.text);
    let of_one = || version::of_one(&comment.text).map(|(said, of)| (said, Some(of)));
    if pieces.is_empty() {
        pieces.extend(of_one());
    }
    if pieces.is_empty() {
        return said(comment);
    }
    let mut claims = Vec::new();
    for (piece, versions) in pieces {
        let of_piece = said(&comment.piece(piece));
        claims.extend(of_piece.into_iter().map(|it| Claim { versions, ..it }));
    }
    claims
}

/// What is the same for all claims of one comment.
pub struct Builder<'a> {
    /// The block.
    pub snippet: &'a Snippet,
    /// The comment.
    pub comment: &'a Comment,
    /// How it is written.
    pub form: Form,
    /// What it speaks of.
    pub subject: Subject,
}

impl Builder<'_> {
    /// A claim of this comment.
    pub fn claim(&self, kind: Kind, expected: &str, confidence: Confidence) -> Claim {
        let text = &self.comment.text;
        Claim {
            block: self.snippet.block,
            span: self.comment.body.clone(),
            form: self.form,
            kind,
            subject: self.subject.clone(),
            text: text.clone(),
            expected: expected.trim().to_owned(),
            hedged: HEDGED.is_match(text) || kind == Kind::Stdout && nature::varies(text),
            negated: false,
            confidence,
            versions: version::limits(text),
            stream: Stream::of(text).filter(|_| kind == Kind::Stdout),
        }
    }

    /// A claim of what a phrase says.
    pub(super) fn phrase(&self, phrase: &Phrase, confidence: Confidence) -> Claim {
        Claim {
            negated: phrase.negated,
            hedged: phrase.hedged,
            ..self.claim(phrase.behaviour.kind(), &phrase.message, confidence)
        }
    }
}

/// The claims of a comment that speaks of `statement` on `line` of `syntax`.
pub fn read(
    builder: &Builder,
    syntax: &Syntax,
    statement: Option<Node>,
    line: usize,
) -> Vec<Claim> {
    let text = builder.comment.text.as_str();
    if text.is_empty() || is_directive(text) {
        return Vec::new();
    }
    let what_if = matches!(builder.subject, Subject::WhatIf { .. });
    if let Some(claim) = reached::read(builder, syntax, statement) {
        return vec![claim];
    }
    let output = output(builder, syntax, statement, line);
    let raised = || raising::read(builder, syntax, statement, line);
    let mut claims: Vec<Claim> = output.into_iter().collect();
    // `// 0, 不会panic`: a value and a remark that claims something too.
    // Text that may or may not be output gives way to words that certainly say something else.
    let weak = claims
        .iter()
        .all(|claim| claim.confidence == Confidence::Weak);
    // `fmt.Println(recover()) // runtime error: …`: what is caught is printed, not raised.
    if let Some(statement) = statement
        && text.to_lowercase().starts_with("runtime error: ")
        && prints(syntax, statement, line)
        && (calls(syntax, statement, "recover") || !raising::may_fail(syntax, statement, line))
    {
        return vec![builder.claim(Kind::Stdout, text, Confidence::Likely)];
    }
    // A condition reigns over the whole comment: `如果已满，这里会阻塞`.
    let remarks = std::iter::once(text).chain(
        remark(text)
            .into_iter()
            .chain(last_word(text))
            .filter(|_| !lexicon::CONDITIONAL.is_match(text)),
    );
    let phrase = remarks
        .filter_map(lexicon::phrase)
        .find(|phrase| weak || phrase.negated);
    if let Some(phrase) = phrase {
        if weak {
            claims.clear();
        }
        let calls_panic = statement.is_some_and(|statement| calls(syntax, statement, "panic"));
        let confidence = match phrase.behaviour {
            // On a line that stands alone, an error is what switching it on gives.
            Behaviour::Fails if what_if => Confidence::Likely,
            Behaviour::Fails => {
                return refusal::read(builder, syntax, statement).map_or(claims, |it| vec![it]);
            }
            // Where it is not so, they describe.
            _ if phrase.descriptive && !what_if => Confidence::Weak,
            // Where nothing runs beside it and no clock ticks, what blocks never goes on.
            Behaviour::Blocks if !phrase.negated && !what_if && !is_alone(syntax) => {
                Confidence::Weak
            }
            // `panic(x) // panic` describes the call.
            Behaviour::Panic if calls_panic && phrase.message.is_empty() => Confidence::Weak,
            _ => Confidence::Certain,
        };
        claims.push(builder.phrase(&phrase, confidence));
        return claims;
    }
    if weak && let Some(claim) = raised() {
        return vec![claim];
    }
    if weak
        && !what_if
        && let Some(claim) = refusal::read(builder, syntax, statement)
    {
        return vec![claim];
    }
    if weak
        && let Some(statement) = statement
        && let Some(claim) = storage::read(builder, syntax, statement)
    {
        return vec![claim];
    }
    if weak
        && !what_if
        && let Some(statement) = statement
        && !prints(syntax, statement, line)
    {
        let valued = valued::read(builder, syntax, statement, line);
        let sure = valued.iter().any(|it| it.confidence > Confidence::Weak);
        if sure || claims.is_empty() {
            return valued;
        }
        claims.extend(valued);
    }
    claims
}

/// Whether the code has nothing that runs beside it, waits for a clock or asks the system.
pub(super) fn is_alone(syntax: &Syntax) -> bool {
    const OTHERS: [&str; 8] = [
        "go ", ".Go(", "time.", "context.", "signal.", "net.", "http.", "os.",
    ];
    !OTHERS.iter().any(|word| syntax.text.contains(word))
}

/// Directives to tools are no claims: `//nolint`, `//go:noinline`, `// +build`.
fn is_directive(text: &str) -> bool {
    text.starts_with("go:") || text.starts_with("nolint") || text.starts_with("+build")
}

/// What a comment ends in, if that is just a word of what happens: `阻塞，没有接收者，死锁`.
fn last_word(text: &str) -> Option<&str> {
    const DENIED: [&str; 6] = ["避免", "防止", "否则", "以免", "avoid", "prevent"];
    let last = text.rsplit(['，', ',', '；', ';']).next()?.trim();
    let plain = matches!(
        last.trim_end_matches(['!', '！', '.', '。']),
        "死锁" | "会死锁" | "deadlock" | "panic" | "会 panic" | "永远阻塞" | "永久阻塞"
    );
    (plain && last != text && !DENIED.iter().any(|word| text.contains(word))).then_some(last)
}

/// The part of a comment after its first delimiter.
fn remark(text: &str) -> Option<&str> {
    text.find(['，', ',', '；', ';', '（', '('])
        .map(|at| text[at..].trim_start_matches(['，', ',', '；', ';', '（', '(', ' ']))
}

/// The claim about what the line prints, if the comment is one.
///
/// The rules: behind a marked lead word (`输出：`) everything is output. Behind a bare one
/// (`打印`, `prints`), and without one on a line that prints, it is output if it starts with a value, or
/// is a single word of a string of the code (`打印 map` speaks of the map); other text is weak: it
/// describes more often than it quotes.
fn output(
    builder: &Builder,
    syntax: &Syntax,
    statement: Option<Node>,
    line: usize,
) -> Option<Claim> {
    let text = builder.comment.text.as_str();
    let statement = statement?;
    let prints = prints(syntax, statement, line);
    let runs = prints
        || matches!(
            statement.kind(),
            "for_statement" | "if_statement" | "go_statement" | "defer_statement"
        )
        || (statement.kind() == "expression_statement" && has_call(syntax, statement));
    if !runs {
        return None;
    }
    let (behind, limit) = version::strip(text);
    // `Go 1.22 起: x` announces what is printed, as `打印 x` does.
    let label = &text[..text.find(behind).unwrap_or(0)];
    let labelled = limit.is_some() && label.trim_end().ends_with([':', '：']);
    let text = said_behind(behind).unwrap_or(behind);
    let approximate = APPROXIMATE.is_match(text) || is_of_one_run(syntax, text);
    let (rest, lead) = match (LEAD_MARKED.find(text), LEAD_BARE.find(text)) {
        (Some(lead), _) => (&text[lead.end()..], Lead::Marked),
        (None, Some(lead)) => (&text[lead.end()..], Lead::Bare),
        (None, None) if labelled && prints => (text, Lead::Bare),
        (None, None) => (text, Lead::None),
    };
    let rest = rest.trim();
    // `动态类型：main.T` where a type is printed.
    let rest = match TYPE_LABEL.captures(rest) {
        Some(found) if shows_type(syntax, statement) => {
            found.name("type").map_or(rest, |it| it.as_str())
        }
        _ => rest,
    };
    let rest = without_argument(syntax, statement, rest).unwrap_or(rest);
    if prints && let Some(comparison) = value::compared(rest).or_else(|| value::compared(text)) {
        let claim = builder.claim(Kind::Stdout, &comparison, Confidence::Likely);
        let hedged = claim.hedged || UNSURE.is_match(text);
        return Some(Claim { hedged, ..claim });
    }
    // `// ...` stands for nothing in particular.
    if !rest.chars().any(char::is_alphanumeric) && !value::is_values(rest) {
        return None;
    }
    let looks = value::starts_with_value(rest)
        || names_arguments(syntax, statement, rest)
        || (TYPE_LABEL.is_match(text) || valued::is_own_type(rest))
            && shows_type(syntax, statement);
    let confidence = match lead {
        _ if approximate => Confidence::Weak,
        Lead::Marked if looks => Confidence::Certain,
        Lead::Marked if rest.chars().next().is_some_and(lexicon::is_cjk) => {
            // "输出：变量的值" describes; only a program that has Chinese text can print it.
            if has_cjk_literal(syntax) {
                Confidence::Likely
            } else {
                Confidence::Weak
            }
        }
        Lead::Marked => Confidence::Certain,
        Lead::Bare if looks => Confidence::Certain,
        Lead::Bare
            if value::candidates(rest)
                .iter()
                .any(|it| value::is_word(it) && is_spelled(syntax, it))
                && !is_english_phrase(rest) =>
        {
            Confidence::Likely
        }
        Lead::Bare => Confidence::Weak,
        Lead::None if !prints && repeats_label(syntax, rest) => Confidence::Likely,
        // `f() // 3 3 3` may as well speak of what f changes.
        Lead::None if !prints => Confidence::Weak,
        Lead::None if looks || quotes(syntax, statement, rest) => Confidence::Likely,
        Lead::None => Confidence::Weak,
    };
    let mut claim = builder.claim(Kind::Stdout, rest, confidence);
    claim.versions = limit.or(claim.versions);
    Some(claim)
}

/// The part of a comment that gives the output behind a remark: `不会越界，输出 3`, `只能和 nil 比较，这里是 false`.
///
/// The rule: the comment does not start with a value itself, and the part starts with a lead word or a word that
/// says "here it is", and then a value.
fn said_behind(text: &str) -> Option<&str> {
    let parts = valued::parts(text);
    let led = |part: &str| {
        let lead = LEAD_MARKED.find(part).or_else(|| LEAD_BARE.find(part));
        lead.is_some_and(|lead| value::starts_with_value(&part[lead.end()..]))
            || value::behind_words(part).is_some()
    };
    let (first, rest) = parts.split_first()?;
    if value::starts_with_value(first) || led(first) || lexicon::CONDITIONAL.is_match(text) {
        return None;
    }
    rest.iter().find(|part| led(part)).copied()
}

/// Whether a text is a label that the code spells, and values: `f() // i = 3` where there is a `"i ="` to be printed.
fn repeats_label(syntax: &Syntax, text: &str) -> bool {
    literals(syntax).any(|literal| {
        let label = literal.trim_matches(['"', '`', ' ']);
        let values = text.strip_prefix(label).unwrap_or_default();
        label.ends_with(['=', ':']) && label.len() > 1 && value::is_values(values.trim())
    })
}

/// Whether a comment without a lead word quotes what the code spells.
fn quotes(syntax: &Syntax, statement: Node, text: &str) -> bool {
    spelled::values(syntax, statement, text)
        || spelled::joins(syntax, statement, text)
        || spelled::formats(syntax, text)
        || spelled::cuts(syntax, statement, text)
}

/// Whether a comment gives an address, or a time of a program that asks for the time.
fn is_of_one_run(syntax: &Syntax, text: &str) -> bool {
    let asks = ["Now(", "Since(", "Until(", "Local", "Tick", "After("];
    value::is_fleeting(text)
        && (value::is_address(text) || asks.iter().any(|word| syntax.text.contains(word)))
}

/// Whether the statement prints.
fn prints(syntax: &Syntax, statement: Node, line: usize) -> bool {
    !print_calls(syntax, statement, line).is_empty()
        || ["println", "print", "log.Println", "log.Printf", "log.Print"]
            .iter()
            .any(|name| calls(syntax, statement, name))
}

/// What a comment says behind the expression that is printed: `v.name, "Ann"` behind `fmt.Println(v.name)`.
///
/// The rule: the expression is more than a name, which may be a text that is printed, and the line does not spell it
/// as a text.
fn without_argument<'t>(syntax: &Syntax, statement: Node, text: &'t str) -> Option<&'t str> {
    let arguments = syntax
        .walk(statement)
        .filter(|node| node.kind() == "argument_list")
        .flat_map(|list| {
            let mut cursor = list.walk();
            list.named_children(&mut cursor).collect::<Vec<_>>()
        })
        .filter(|node| !is_string_literal(*node))
        .map(|node| syntax.of(node))
        .filter(|argument| argument.contains(['.', '(', '[']));
    let spelled = |argument: &str| {
        let mut literals = syntax
            .walk(statement)
            .filter(|node| is_string_literal(*node));
        literals.any(|literal| syntax.of(literal).contains(argument))
    };
    let mut behind = arguments.filter_map(|argument| {
        let rest = text.strip_prefix(argument)?.trim_start();
        let rest = rest.strip_prefix([',', ':', '，', '：'])?.trim_start();
        (!spelled(argument)).then_some(rest)
    });
    behind.find(|rest| !rest.is_empty())
}

/// Whether a comment gives a value with a name for each argument that the line prints: `len=3 cap=6` behind
/// `fmt.Println(len(s), cap(s))`.
fn names_arguments(syntax: &Syntax, statement: Node, text: &str) -> bool {
    let Some((labels, _)) = value::labelled(text) else {
        return false;
    };
    let arguments: Vec<&str> = syntax
        .walk(statement)
        .find(|node| node.kind() == "argument_list")
        .map(|list| {
            let mut cursor = list.walk();
            list.named_children(&mut cursor)
                .map(|it| syntax.of(it))
                .collect()
        })
        .unwrap_or_default();
    let of = |label: &str, argument: &str| match label {
        "长度" | "len" | "length" => argument.starts_with("len("),
        "容量" | "cap" | "capacity" => argument.starts_with("cap("),
        label => label == argument,
    };
    labels.len() == arguments.len()
        && labels
            .iter()
            .zip(arguments)
            .all(|(label, argument)| of(label, argument))
}

enum Lead {
    Marked,
    Bare,
    None,
}

/// Two and more words in lower case: "prints the address" describes.
fn is_english_phrase(text: &str) -> bool {
    let mut words = text.split(' ');
    let first = words.next().unwrap_or_default();
    words
        .next()
        .is_some_and(|second| second.starts_with(|c: char| c.is_ascii_lowercase()))
        && first.chars().all(|c| c.is_ascii_lowercase())
}

/// Whether a string literal of the code holds Chinese text.
pub fn has_cjk_literal(syntax: &Syntax) -> bool {
    literals(syntax).any(|text| text.chars().any(lexicon::is_cjk))
}

/// Whether a string literal of the code holds `word`, and is no label of what is printed behind it: `prints sum` behind
/// `fmt.Println("sum:", x)` says what the line is for.
fn is_spelled(syntax: &Syntax, word: &str) -> bool {
    let is_label = |text: &str| {
        text.trim_matches(['"', '`', ' '])
            .ends_with([':', '=', '：'])
    };
    literals(syntax).any(|text| text.contains(word) && !is_label(text))
}

/// The string literals of the code, as written.
fn literals(syntax: &Syntax) -> impl Iterator<Item = &str> {
    syntax
        .walk(syntax.root())
        .filter(|node| is_string_literal(*node))
        .map(|node| syntax.of(node))
}

fn has_call(syntax: &Syntax, statement: Node) -> bool {
    syntax
        .walk(statement)
        .any(|node| node.kind() == "call_expression")
}

/// Whether the statement calls `function`.
pub(super) fn calls(syntax: &Syntax, statement: Node, function: &str) -> bool {
    syntax.walk(statement).any(|node| {
        node.kind() == "call_expression"
            && node
                .child_by_field_name("function")
                .is_some_and(|callee| syntax.of(callee) == function)
    })
}
