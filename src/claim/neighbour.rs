//! Output in a block of its own: after the code ("输出：" and a fence), as a shell transcript, as a
//! compiler's or runtime's listing.

mod shown;

use std::sync::LazyLock;

use regex::Regex;

use crate::note::{Block, Note, Part, Prose};
use crate::report::Shape;
use crate::snippet::Snippet;

use super::prose::{ASKS, HEADS_ANSWER, HEADS_OUTPUT, SUMMARY};
use super::{
    Claim, Confidence, Form, Kind, Stream, Subject, outcome, spelled, value, version, what_if,
};
use shown::{Listing, Shown, kind, listing, of_tests};

static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:输出|结果|打印|运行|执行|得到|显示|标准错误|\bstd(?:out|err)\b|\bstandard error\b|\boutputs?\b|\bprints?\b|\bprinted\b|\bresults?\b|\bgives\b|\bproduces\b|\bwe get\b|\byou(?:'ll| will| should)? (?:see|get)\b|\brun(?:ning)? (?:it|this)\b)[^。.!?\n]{0,24}$")
        .expect("a constant")
});
static ONLY_BUILDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^go build\b[^&|;]*$").expect("a constant"));
// What the compiler says, without the place where it says it.
static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:constant \S+ overflows \w+|cannot use .+ as .+|invalid operation: .+|undefined: [\w.]+|declared and not used: \w+|\w+ declared (?:and|but) not used|missing return|assignment mismatch: .+|non-name .+ on left side of :=|no new variables on left side of :=|.+ redeclared in this block|.+ does not implement .+)$")
        .expect("a constant")
});
static NOT_OUTPUT: LazyLock<Regex> = LazyLock::new(|| {
    // Benchmarks, test runs, trees, diagrams and the linker's words: nothing a program's output can be compared with.
    Regex::new(r"(?m)ns/op|missing Go type information|relocation target \S+ not defined|undefined reference to|^\s*\((?:dlv|gdb|lldb|pprof)\)|^(?:ok|FAIL|---\s+(?:FAIL|PASS)|PASS)\b|[├└│┌┐┘┬┴┼]|^\s*[↓⬇①-⑳]").expect("a constant")
});
static VET: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\bgo vet\b").expect("a constant"));
// `go run` says so of a program that exits with something else than 0. A crash's is no claim of its own.
static EXIT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^exit status (?P<code>\d{1,3})\s*\z").expect("a constant"));
/// How many paragraphs and items of lists may stand between a program and its output. With more than two, it is output
/// only if it proves true.
const MOST_BETWEEN: usize = 6;
/// The tags under which notes show output.
const OUTPUT_TAGS: [&str; 14] = [
    "",
    "text",
    "txt",
    "plain",
    "plaintext",
    "output",
    "out",
    "console",
    "log",
    "bash",
    "sh",
    "shell",
    "go",
    "golang",
];
/// The tags of data that programs print: output only where words before the fence say so.
const DATA_TAGS: [&str; 7] = ["json", "jsonc", "xml", "yaml", "csv", "html", "ini"];
/// Those of them that mean a shell: what is in there may be commands only.
const SHELL_TAGS: [&str; 3] = ["bash", "sh", "shell"];

// What is to come, announced before the code: `目标效果：`, `Expected output:`.
static AHEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:目标|期望|预期|要求|想要)(?:的)?(?:效果|输出|结果)|(?:运行|最终|实现)效果|要求(?:程序)?(?:输出|打印)|\b(?:expected|desired|target) (?:output|result)\b|\bshould (?:print|output)\b|\bwe want (?:it )?to (?:print|output)\b")
        .expect("a constant")
});
// Nothing but the announcement of output: `输出：`, `运行结果如下：`, `This prints:`.
static ALONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:程序|代码|它|这段代码|上面的?代码)?(?:会|将)?(?:最终|运行|执行|打印|输出)*(?:输出|结果|打印)(?:内容|结果)?(?:如下|为|是)?\s*[:：]$|^(?:(?:the |its )?(?:expected )?(?:outputs?|result)(?: is)?|(?:this|it|which|the program)(?: will)? (?:prints?|outputs?))\s*:$")
        .expect("a constant")
});
// Others will see something else.
pattern!(
    OTHERS,
    r"(?i)\bwill (?:\w+ )?(?:differ|vary|be different)\b|因人而异|各不相同"
);
// A heading that says that it is run now: `## Try to run the test`, `### 运行`. Commands may follow as well as what they
// print.
pattern!(
    HEADS_RUN,
    r"(?i)^(?:now )?(?:try to |let's |try )?(?:run(?:ning)?|compil(?:e|ing)|build(?:ing)?)(?: it| (?:the |all )?(?:tests?|program|code|example))?\s*[:：]?$|^(?:运行|执行|编译)(?:程序|代码|测试)?\s*[:：]?$"
);
// The output of this program and of the one before it.
static BOTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\bboth\b|两(?:个|段|种|者|份)|(?:都|均)(?:会|将)?(?:输出|打印|是|得到)")
        .expect("a constant")
});

// What is shown is a part of the output, by the words that announce it: `其中循环的输出为：`, `the loop prints:`.
static PART: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)循环|其中|(?:最后|前|后)(?:面)?(?:[一二两三四五几\d]+)(?:行|次)|部分(?:输出|结果)|\bloop\b|\bthe (?:first|last)\b[^.\n]{0,16}\blines?\b|\b(?:part|end|rest) of (?:the|its) output\b|\boutput (?:includes|contains|ends with|starts with)\b")
        .expect("a constant")
});

/// The claims made by blocks that stand around Go blocks.
pub fn claims(note: &Note, snippets: &[Option<&Snippet>]) -> Vec<Claim> {
    let mut found = Vec::new();
    // The Go blocks of the section, the last of which a following block may speak of, and the prose since then.
    let mut code: Vec<usize> = Vec::new();
    let mut between: Vec<&Prose> = Vec::new();
    let mut answered = false;
    // Whether it is asked what the last of them prints: what stands right behind it is the answer.
    let mut asks = false;
    let mut asked = false;
    // A heading that announces it: `## 目标效果`.
    let mut announces = false;
    // A heading under which the output of the code above stands.
    let mut headed = false;
    // Output that was announced before the code.
    let mut ahead: Option<usize> = None;
    for part in &note.parts {
        match part {
            Part::Heading { text, .. } => {
                let open = !code.is_empty() && !answered;
                let text = text.trim();
                headed = open && HEADS_OUTPUT.is_match(text);
                let runs = open && HEADS_RUN.is_match(text);
                let answers = open && code.len() == 1 && HEADS_ANSWER.is_match(text);
                asked |= answers;
                if !(headed || runs || answers) {
                    code.clear();
                }
                between.clear();
                ahead = None;
                announces = AHEAD.is_match(text);
                asks = ASKS.is_match(text);
            }
            Part::Html { text, .. } => asked |= SUMMARY.is_match(text),
            Part::Prose(prose) => {
                let said = code.last().and_then(|&program| {
                    let shown = Shown::of_prose(prose)?;
                    let claims = of_listing(&shown, program, &between, answered, false, headed);
                    (!claims.is_empty()).then_some(claims)
                });
                match said {
                    Some(claims) => {
                        found.extend(claims);
                        answered = true;
                        between.clear();
                    }
                    None => between.push(prose),
                }
                asks = ASKS.is_match(&prose.text());
            }
            Part::Block(at) => {
                let go = snippets.get(*at).copied().flatten();
                let headed = std::mem::take(&mut headed);
                let shown = !code.is_empty()
                    && !answered
                    && go.is_some_and(|go| is_shown(&note.blocks[*at], go, &between, headed));
                if go.is_some_and(Snippet::is_go) && !shown {
                    if headed {
                        code.clear();
                    }
                    if let Some(output) = ahead.take() {
                        found.extend(announced(&note.blocks[output], *at));
                    }
                    code.push(*at);
                    answered = false;
                    asked = std::mem::take(&mut asks);
                } else if (is_ahead(&between) || announces && code.is_empty())
                    && (code.is_empty() || answered)
                {
                    announces = false;
                    ahead = Some(*at);
                } else if let Some(&program) = code.last() {
                    let written = snippets[program].map_or("", |snippet| snippet.code());
                    let answers = asked
                        && between.is_empty()
                        && !answered
                        && is_answer(&note.blocks[*at].code.text, written);
                    let shown = Shown::of_block(&note.blocks[*at]);
                    let mut claims =
                        of_listing(&shown, program, &between, answered, answers, headed);
                    // The compiler's words, of which the code has not even the first, are hardly what it prints.
                    for claim in &mut claims {
                        let first = claim.text.split(&[' ', ':'][..]).next().unwrap_or_default();
                        if claim.kind != Kind::CompileError || claim.confidence > Confidence::Weak {
                            continue;
                        }
                        match written.contains(first) {
                            true => claim.kind = Kind::Stdout,
                            false => claim.confidence = Confidence::Likely,
                        }
                    }
                    if let (Some(go), [claim]) = (snippets[program], &mut claims[..]) {
                        remarked(claim, go);
                    }
                    answered |= !claims.is_empty();
                    let lead = between.last().map_or(String::new(), |prose| prose.text());
                    if let [.., earlier, _] = code[..]
                        && BOTH.is_match(&lead)
                    {
                        let same = claims.clone().into_iter();
                        found.extend(same.map(|claim| Claim {
                            block: earlier,
                            ..claim
                        }));
                    }
                    found.extend(claims);
                }
                between.clear();
            }
        }
    }
    found
}

/// A line of its author's in place of output says what becomes of the program: `Runtime panic`, `编译错误`,
/// `Deadlock!`. A program that spells how it begins may print such words itself, and where lines are commented out,
/// it may be said of one of them.
fn remarked(claim: &mut Claim, snippet: &Snippet) {
    let said = claim.text.trim();
    if claim.kind != Kind::Stdout || claim.form != Form::OutputBlock || said.lines().count() != 1 {
        return;
    }
    let first = |text: &str| {
        let word = text.split(|c: char| !c.is_alphanumeric()).next();
        word.unwrap_or_default().to_lowercase()
    };
    let spelled = spelled::literals(&snippet.syntax, None);
    if spelled.iter().any(|literal| first(literal) == first(said)) {
        return;
    }
    let Some(kind) = outcome::ending(said) else {
        return;
    };
    claim.kind = kind;
    claim.expected = String::new();
    if what_if::has_switched_off(snippet) {
        claim.confidence = Confidence::Weak;
    }
}

/// Whether a block is output, though it happens to parse as Go: "输出：" and nothing else leads to it, and it is a value
/// (`true`), or carries no tag that says it is Go and does not look like a program.
fn is_shown(block: &Block, snippet: &Snippet, between: &[&Prose], headed: bool) -> bool {
    let lead = between.last().map(|prose| prose.text()).unwrap_or_default();
    let value = snippet.shape == Shape::Expression && !block.code.text.contains('(');
    let untagged = !matches!(block.language().as_str(), "go" | "golang")
        && matches!(snippet.shape, Shape::Expression | Shape::Statements)
        && block.code.text.trim().lines().count() <= 12;
    let leads = headed && between.is_empty() || ALONE.is_match(lead.trim());
    leads && (value || untagged)
}

fn is_ahead(between: &[&Prose]) -> bool {
    between
        .last()
        .is_some_and(|prose| AHEAD.is_match(&prose.text()))
}

/// What was announced before the program `program`.
fn announced(block: &Block, program: usize) -> Option<Claim> {
    let text = block.code.text.trim_end();
    let output = OUTPUT_TAGS.contains(&block.language().as_str())
        && !text.trim().is_empty()
        && !NOT_OUTPUT.is_match(text)
        && matches!(listing(text), Listing::Output(_));
    output.then(|| {
        let form = Form::OutputBlock;
        let shown = Shown::of_block(block);
        listed(&shown, program, form, kind(text), text, Confidence::Likely)
    })
}

fn listed(
    shown: &Shown,
    program: usize,
    form: Form,
    kind: Kind,
    text: &str,
    confidence: Confidence,
) -> Claim {
    Claim {
        block: program,
        span: shown.span.clone(),
        form,
        kind,
        subject: Subject::Block,
        text: text.to_owned(),
        expected: text.to_owned(),
        hedged: false,
        negated: false,
        confidence,
        versions: None,
        stream: None,
    }
}

/// Whether a block can be the answer to what the code prints: values, and what the code spells. Options and
/// explanations stand in blocks, too.
fn is_answer(text: &str, code: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.all(|line| value::is_values(line) || code.contains(line))
}

fn of_listing(
    shown: &Shown,
    program: usize,
    between: &[&Prose],
    answered: bool,
    answers: bool,
    headed: bool,
) -> Vec<Claim> {
    let language = &shown.language;
    let data = DATA_TAGS.contains(&language.as_str());
    if !(data || OUTPUT_TAGS.contains(&language.as_str())) || between.len() > MOST_BETWEEN {
        return Vec::new();
    }
    let far = between.len() > 2;
    let lead_text = between.last().map(|prose| prose.text()).unwrap_or_default();
    let lead_text = lead_text.trim();
    let announced = answers || headed || shown.is_output || LEAD.is_match(lead_text);
    // `输出（顺序不定）：` allows other orders, too, and "Output (yours will differ):" other output.
    let hedged = super::lexicon::HEDGED.is_match(lead_text)
        || super::nature::varies(lead_text)
        || OTHERS.is_match(lead_text);
    let versions = version::label(lead_text);
    // A second block after the same code is its output only under a label ("Go 1.21："), or if it shows one stream.
    let half = shown.text.lines().next().and_then(Stream::shown_by);
    if answered && versions.is_none() && !announced && half.is_none() {
        return Vec::new();
    }
    if let Some(text) = of_tests(shown.text) {
        if far {
            return Vec::new();
        }
        return vec![Claim {
            subject: Subject::Tests,
            hedged,
            versions,
            ..listed(
                shown,
                program,
                match shown.form {
                    Form::Prose => Form::Prose,
                    _ => Form::Transcript,
                },
                Kind::Stdout,
                &text,
                Confidence::Certain,
            )
        }];
    }
    let (text, command) = match listing(shown.text) {
        Listing::Output(text) => (text, None),
        Listing::Transcript(command, text) => (text, Some(command)),
        Listing::Other => return Vec::new(),
    };
    let vets = command
        .as_deref()
        .is_some_and(|command| VET.is_match(command));
    let text = text.trim_end();
    if text.trim().is_empty() && !vets || NOT_OUTPUT.is_match(text) {
        return Vec::new();
    }
    let refused = REFUSED.is_match(text.trim()) && text.trim().lines().count() == 1;
    let silent = (data || SHELL_TAGS.contains(&language.as_str())) && !refused;
    if data && command.is_none() && !announced
        || far && (command.is_some() || kind(text) != Kind::Stdout)
    {
        return Vec::new();
    }
    // Below a command that only builds, the rest may be commands, too.
    let builds = command
        .as_deref()
        .is_some_and(|it| ONLY_BUILDS.is_match(it));
    let guessed =
        far || silent && !announced && command.is_none() || builds && kind(text) == Kind::Stdout;
    let confidence = if guessed {
        Confidence::Weak
    } else if announced && lead_text.ends_with([':', '：']) || command.is_some() {
        Confidence::Certain
    } else if announced || versions.is_some() || kind(text) != Kind::Stdout {
        Confidence::Likely
    } else {
        Confidence::Weak
    };
    // The compiler's words alone; a program may print such words, too.
    if refused && command.is_none() && kind(text) == Kind::Stdout {
        let form = shown.form;
        let refusal = listed(
            shown,
            program,
            form,
            Kind::CompileError,
            text.trim(),
            Confidence::Weak,
        );
        return vec![refusal];
    }
    let form = match command {
        Some(_) => Form::Transcript,
        None => shown.form,
    };
    let kind = if vets { Kind::Vet } else { kind(text) };
    let stream = match &command {
        Some(command) => Stream::shown_by(command),
        None => Stream::of(lead_text).filter(|_| announced),
    };
    let claim = Claim {
        hedged,
        versions,
        stream: stream.filter(|_| kind == Kind::Stdout),
        // After `go vet`, silence is what is claimed.
        negated: vets && text.trim().is_empty(),
        ..listed(shown, program, form, kind, text, confidence)
    };
    // Dots stand for any lines.
    let part = kind == Kind::Stdout && command.is_none() && announced && PART.is_match(lead_text);
    let claim = match part {
        true => Claim {
            expected: format!("...\n{text}\n..."),
            ..claim
        },
        false => claim,
    };
    let exit = EXIT.captures(text).filter(|_| kind == Kind::Stdout);
    let exit = exit.map(|found| Claim {
        kind: Kind::Exit,
        text: found[0].trim().to_owned(),
        expected: found["code"].to_owned(),
        ..claim.clone()
    });
    std::iter::once(claim).chain(exit).collect()
}
