//! Comments on lines of their own that claim something without a lead word: `// 3` below a print call,
//! `// panic: …` or `// 编译错误：…` at a line, `// x 逃逸到堆上` above it, `// len(s) = 3` below one.
//!
//! The rule: a comment speaks of the code it touches. With code right above and blank space (or the end of a
//! block) below, it speaks of what stands above; the other way round, of what stands below. Where it touches
//! both, only what proves true is a claim.

mod stated;

use tree_sitter::Node;

use crate::snippet::probe::{is_print, print_calls, statement_on};
use crate::snippet::{Snippet, Syntax};

use super::comment::Comment;
use super::lexicon::{self, Behaviour};
use super::trailing::Builder;
use super::valued::Speech;
use super::{Claim, Confidence, Form, Kind, Subject, change, storage, value, valued, version};

/// The claims of the own-line comments on which nothing else has a claim.
pub fn claims(snippet: &Snippet, comments: &[Comment], taken: &[Claim]) -> Vec<Claim> {
    let is_taken = |comment: &Comment| {
        taken.iter().any(|claim| {
            claim.span.start <= comment.body.start && comment.body.start < claim.span.end
        })
    };
    let own: Vec<&Comment> = comments.iter().filter(|it| !it.trailing).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < own.len() {
        let mut end = at + 1;
        while end < own.len() && own[end].line == own[end - 1].line + 1 {
            end += 1;
        }
        let behind: Vec<Option<Comment>> =
            own[at..end].iter().map(|it| it.behind_arrow()).collect();
        let mut run: Vec<&Comment> = behind.iter().flatten().collect();
        // `// => 3` and a remark on the next line.
        let led = run.len() == behind.len() || run.len() == 1 && behind[0].is_some();
        if !led {
            run = own[at..end].to_vec();
        }
        at = end;
        if run.iter().any(|comment| is_taken(comment)) {
            continue;
        }
        let mut place = Place::of(&snippet.syntax, run[0].line, run[run.len() - 1].line);
        // An arrow points from the code above.
        if led && place.above.is_some() {
            (place.below, place.code_below) = (None, false);
        }
        let sizes: Vec<Claim> = (run.iter())
            .flat_map(|comment| sizes(snippet, comment, &place))
            .collect();
        if !sizes.is_empty() {
            found.extend(sizes);
            continue;
        }
        match run.as_slice() {
            [comment] => found.extend(read(snippet, comment, &place)),
            _ => {
                let stated = run.iter().flat_map(|it| stated(snippet, it, &place));
                let before = found.len();
                found.extend(stated);
                // Behind arrows, and behind all of the code, output may stand apart.
                let last = at == own.len() && ends_with(snippet, run[run.len() - 1]);
                if found.len() == before && (place.above.is_some() || led || last) {
                    found.push(output(snippet, &run));
                }
            }
        }
    }
    found
}

/// Whether nothing stands behind a comment.
fn ends_with(snippet: &Snippet, comment: &Comment) -> bool {
    snippet.code()[comment.span.end..].trim().is_empty()
}

/// The code that a comment touches.
struct Place<'a> {
    /// The statement that ends on the line above.
    above: Option<Node<'a>>,
    /// The statement that starts on the line below.
    below: Option<Node<'a>>,
    /// Whether there is code on the line below at all (a closing brace is none).
    code_below: bool,
}

impl<'a> Place<'a> {
    fn of(syntax: &'a Syntax, first: usize, last: usize) -> Self {
        let lines: Vec<&str> = syntax.text.lines().collect();
        let line = |at: usize| lines.get(at).map_or("", |line| line.trim());
        let above = first
            .checked_sub(1)
            .filter(|&at| !line(at).is_empty() && !line(at).starts_with("//"))
            .and_then(|at| statement_on(syntax, at));
        let below = line(last + 1);
        let code_below =
            !(below.is_empty() || below.starts_with("//") || below.starts_with(['}', ')']));
        Self {
            above,
            below: code_below.then(|| starting_on(syntax, last + 1)).flatten(),
            code_below,
        }
    }

    /// The statement it speaks of, with whether that is sure.
    fn subject(&self) -> Option<(Node<'a>, bool)> {
        match (self.above, self.below) {
            (Some(above), None) => Some((above, !self.code_below)),
            (None, Some(below)) => Some((below, true)),
            (Some(above), Some(_)) => Some((above, false)),
            (None, None) => None,
        }
    }
}

/// The outermost statement that starts on `line`.
fn starting_on(syntax: &Syntax, line: usize) -> Option<Node<'_>> {
    syntax.walk(syntax.root()).find(|node| {
        // Asking for a parent is the dear part.
        node.start_position().row == line && node.is_named() && node.parent().is_some()
    })
}

// `其长度和容量都是 5 个元素`, `Its length is 2, its capacity 4`.
pattern!(
    OF_SIZES,
    r"(?i)^(?:其|它的?|该切片的?|这个切片的?|切片的?|its |the )?(?:长度|容量|length|capacity|len|cap)(?:\s|[=为是和与、:：])"
);

/// How long a comment right above a declaration says that the variable is.
fn sizes(snippet: &Snippet, comment: &Comment, place: &Place) -> Vec<Claim> {
    let text = comment.text.as_str();
    let Some(statement) = place.below.filter(|it| {
        matches!(it.kind(), "short_var_declaration" | "var_declaration")
            && place.above.is_none()
            && OF_SIZES.is_match(text)
            && !lexicon::CONDITIONAL.is_match(text)
    }) else {
        return Vec::new();
    };
    let line = statement.end_position().row;
    let builder = builder(snippet, comment, line);
    let syntax = &snippet.syntax;
    let speech = Speech {
        builder: &builder,
        syntax,
        statement,
        line,
        assigned: valued::assigned(syntax, statement, line),
    };
    let claims = valued::sizes(&speech, text).into_iter();
    claims
        .map(|claim| Claim {
            confidence: claim.confidence.min(Confidence::Likely),
            ..claim
        })
        .collect()
}

/// Claims of a comment on a line of its own that speaks of the code on `line`.
fn builder<'a>(snippet: &'a Snippet, comment: &'a Comment, line: usize) -> Builder<'a> {
    Builder {
        snippet,
        comment,
        form: Form::OwnLineComment,
        subject: Subject::Line(line),
    }
}

/// What a line of comments states of the code above it.
fn stated(snippet: &Snippet, comment: &Comment, place: &Place) -> Vec<Claim> {
    let said = comment.text.split("//").next().unwrap_or_default();
    let above = place.above.filter(|_| !is_code(said));
    let Some((above, line)) = above.map(|it| (it, it.end_position().row)) else {
        return Vec::new();
    };
    let speech = Speech {
        builder: &builder(snippet, comment, line),
        syntax: &snippet.syntax,
        statement: above,
        line,
        assigned: None,
    };
    stated::read(&speech, said, !place.code_below)
}

fn read(snippet: &Snippet, comment: &Comment, place: &Place) -> Vec<Claim> {
    let stated = stated(snippet, comment, place);
    if stated.iter().any(|it| it.confidence > Confidence::Weak) {
        return stated;
    }
    read_one(snippet, comment, place).map_or(stated, |claim| vec![claim])
}

fn read_one(snippet: &Snippet, comment: &Comment, place: &Place) -> Option<Claim> {
    let syntax = &snippet.syntax;
    let (statement, sure) = place.subject()?;
    let text = comment.text.as_str();
    let line = statement.end_position().row;
    let builder = builder(snippet, comment, line);
    let guessed = |claim: Claim| Claim {
        confidence: if sure {
            claim.confidence.min(Confidence::Likely)
        } else {
            Confidence::Weak
        },
        ..claim
    };
    if is_code(text) {
        return None;
    }
    if let Some(phrase) = lexicon::phrase(text) {
        let explicit = !phrase.message.is_empty() && !phrase.negated;
        let told = matches!(
            phrase.behaviour,
            Behaviour::CompileError | Behaviour::Panic | Behaviour::Fatal
        );
        let deadlock = phrase.behaviour == Behaviour::Deadlock && text.contains("fatal error");
        let mut claim = guessed(builder.phrase(&phrase, Confidence::Likely));
        if phrase.descriptive {
            claim.confidence = Confidence::Weak;
        }
        // Under all of the code, the runtime's error is what the program ends in, wherever that happens.
        if claim.kind == Kind::Fatal && !place.code_below {
            claim.subject = Subject::Block;
        }
        return (explicit && told || deadlock).then_some(claim);
    }
    if let Some(claim) = storage::read(&builder, syntax, statement) {
        let named = !claim.expected.is_empty();
        return named.then(|| guessed(claim));
    }
    let above = place.above?;
    let speech = Speech {
        builder: &builder,
        syntax,
        statement: above,
        line: above.end_position().row,
        assigned: None,
    };
    if let Some(claim) = change::read(&speech, text).into_iter().next() {
        return Some(claim);
    }
    let prints = !print_calls(syntax, above, above.end_position().row).is_empty();
    // `// In Go 1.22 it was 1.` speaks of what stands above, as a value alone does.
    if let Some((said, versions)) = version::of_one(text).filter(|_| prints) {
        let confidence = if sure {
            Confidence::Likely
        } else {
            Confidence::Weak
        };
        return Some(Claim {
            versions: Some(versions),
            ..builder.claim(Kind::Stdout, said, confidence)
        });
    }
    let values = value::is_values(text);
    // Behind a loop that prints, values are all that it prints. A single one may be what comes of it.
    let loops =
        above.kind() == "for_statement" && syntax.walk(above).any(|node| is_print(syntax, node));
    // Below a call of a function that prints, a text in quotes may be what that prints.
    let quoted = text.len() > 2 && text.starts_with('"') && text.ends_with('"');
    let calls = above.kind() == "expression_statement" && quoted;
    if !prints && sure && (calls || loops && values && value::pieces(text).len() > 1) {
        let builder = Builder {
            form: Form::OutputComment,
            subject: Subject::Line(comment.line),
            ..builder
        };
        return Some(builder.claim(Kind::Stdout, text, Confidence::Weak));
    }
    (prints && (values || text.chars().count() < 120)).then(|| {
        let confidence = if values && sure {
            Confidence::Likely
        } else {
            Confidence::Weak
        };
        builder.claim(Kind::Stdout, text, confidence)
    })
}

/// Several lines below code: the output, if they are what is printed.
fn output(snippet: &Snippet, run: &[&Comment]) -> Claim {
    let (first, last) = (run[0], run[run.len() - 1]);
    let lines: Vec<&str> = run.iter().map(|comment| comment.text.as_str()).collect();
    let text = lines.join("\n");
    let comment = Comment {
        body: first.body.start..last.body.end,
        text: text.clone(),
        ..first.clone()
    };
    let builder = Builder {
        snippet,
        comment: &comment,
        form: Form::OutputComment,
        subject: Subject::Line(first.line),
    };
    builder.claim(Kind::Stdout, &text, Confidence::Weak)
}

/// Whether a comment is code that is switched off.
fn is_code(text: &str) -> bool {
    let syntax = Syntax::parse(text);
    let statement = syntax.root().named_child(0);
    let left = statement.and_then(|it| it.child_by_field_name("left"));
    // To the grammar `len(s) = 3` is an assignment; to Go it is none.
    let to_a_call = left.is_some_and(|left| syntax.of(left).ends_with(')'));
    syntax.error_bytes() == 0
        && !to_a_call
        && statement.is_some_and(|node| node.kind() != "expression_statement")
}
