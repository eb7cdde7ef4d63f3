//! What is shown when a mark is clicked: the claim, what Go did, the difference; and a block's programs.
//!
//! All of it stands in `<noscript>`: to a browser with scripts that is a single text, which the page's script makes
//! elements of when it is opened. A page of thousands of blocks opens much sooner for it, and one without scripts has all.

use super::markup::Markup;
use super::note::inline;
use crate::report::diff::ChangeTag;
use crate::report::problem::{Problem, verdict_name};
use crate::report::text::{line, shorten};
use crate::report::wording::Wording;
use crate::report::{ClaimReport, ProgramText, Verdict};

/// The most lines of an output or a difference that are shown.
const LINES: usize = 200;

/// The widest line of an output.
const WIDEST: usize = 400;

/// Programs longer than this (in bytes) are not shown; `gosnip extract` writes them.
const PROGRAM: usize = 20_000;

/// The evidence for one claim or finding.
pub fn write(markup: &mut Markup, problem: &Problem<'_>, href: &str) {
    markup.raw("<div class=\"ev\"><p>");
    match problem {
        Problem::Claim(claim) => {
            let verdict = verdict_name(claim.verdict);
            markup
                .open("b", &[("class", verdict)])
                .label(verdict, verdict)
                .raw("</b> ");
        }
        Problem::Finding(_) => {
            markup
                .raw("<b class=\"finding\">")
                .label("finding", "finding")
                .raw("</b> ");
        }
    }
    markup.element("code", &[], &problem.rule()).raw(" ");
    let (row, column) = problem.position();
    let place = format!("{row}:{column}");
    markup.element("a", &[("href", href)], &place).raw("</p>");
    match problem {
        Problem::Claim(claim) => of_claim(markup, claim),
        Problem::Finding(finding) => {
            markup.raw("<p data-s>");
            said(markup, &line(&finding.message));
            markup.raw("</p>");
        }
    }
    markup.raw("</div>");
}

fn of_claim(markup: &mut Markup, claim: &ClaimReport) {
    let wording = Wording::new(claim);
    markup.raw("<dl>");
    if claim.shared {
        let line = format!("line {}", claim.block_line);
        pair(markup, ("block", "block"), &line, true);
    }
    if !wording.needs_diff() {
        pair(markup, ("says", "the note says"), &claim.text, false);
    }
    if wording.needs_diff() {
        markup
            .raw("<dt>")
            .label("difference", "difference")
            .raw("</dt><dd>");
        difference(markup, &wording);
        markup.raw("</dd>");
    } else if !claim.observed.trim().is_empty() {
        pair(
            markup,
            ("observed", "Go does"),
            &claim.observed,
            wording.is_own_sentence(),
        );
    } else if !matches!(claim.verdict, Verdict::Unverified | Verdict::Confirmed) {
        let instead = match claim.reason.as_str() {
            "" => "—",
            reason => reason,
        };
        pair(markup, ("observed", "Go does"), instead, true);
    }
    if claim.verdict == Verdict::Unverified || claim.verdict == Verdict::Confirmed {
        let held = wording
            .held()
            .filter(|_| claim.verdict == Verdict::Confirmed);
        if let Some(versions) = held {
            pair(markup, ("holds", "holds"), &versions, true);
        }
        if !claim.reason.is_empty() {
            pair(markup, ("why", "why"), &claim.reason, true);
        }
    } else {
        for (name, text) in wording.details() {
            match name {
                "since" => pair(markup, ("since", "since"), &text, true),
                "fix" => pair(markup, ("fix", "fix"), &text, true),
                "see" => pair(markup, ("see", "see"), &text, false),
                _ => pair(markup, ("why", "why"), &text, true),
            }
        }
    }
    markup.raw("</dl>");
}

/// A term and its text; `sentence`: it is gosnip's own words, which the page has in Chinese too.
fn pair(
    markup: &mut Markup,
    (key, english): (&'static str, &'static str),
    text: &str,
    sentence: bool,
) {
    markup.raw("<dt>").label(key, english).raw("</dt><dd>");
    if sentence {
        markup.raw("<p data-s>");
        said(markup, &line(text));
        markup.raw("</p></dd>");
    } else {
        markup.raw("<pre tabindex=\"0\">");
        output(markup, text);
        markup.raw("</pre></dd>");
    }
}

/// A sentence of gosnip, with what it quotes as code. A quoted text with backticks of its own does not show where it ends:
/// then all of them stay. The page's script does the same with what it translates.
pub fn said(markup: &mut Markup, sentence: &str) {
    let ambiguous = sentence.matches('`').count() % 2 == 1 || sentence.contains("``");
    if ambiguous {
        markup.text(sentence);
    } else {
        inline(markup, sentence);
    }
}

/// Text of any length, cut where it is too much to look at.
fn output(markup: &mut Markup, text: &str) {
    let text = text.trim_end();
    for (at, one) in text.lines().take(LINES).enumerate() {
        if at > 0 {
            markup.raw("\n");
        }
        markup.text(&shorten(one, WIDEST));
    }
    if text.lines().count() > LINES {
        markup.raw("\n…");
    }
}

fn difference(markup: &mut Markup, wording: &Wording<'_>) {
    markup.raw("<pre class=\"diff\" tabindex=\"0\">");
    let lines = wording.difference();
    for changed in lines.iter().take(LINES) {
        let Some((tag, text)) = changed else {
            markup.raw("<span>…</span>\n");
            continue;
        };
        let (element, sign) = match tag {
            ChangeTag::Delete => ("del", "-"),
            ChangeTag::Insert => ("ins", "+"),
            ChangeTag::Equal => ("span", " "),
        };
        markup
            .open(element, &[])
            .raw(sign)
            .text(&shorten(text, WIDEST));
        markup.close(element).raw("\n");
    }
    if lines.len() > LINES {
        markup.raw("…");
    }
    markup.raw("</pre>");
}

/// The programs that a block became.
pub fn programs(markup: &mut Markup, programs: Option<&Vec<&ProgramText>>) {
    let shown = |program: &&&ProgramText| program.source.len() <= PROGRAM;
    for program in programs.into_iter().flatten().filter(shown) {
        markup
            .raw("<details class=\"program\"><summary>")
            .label("program", "program");
        markup.raw(" <small>— ");
        markup.element("span", &[("data-s", "")], &program.role);
        markup.raw("</small></summary><noscript>");
        markup.raw("<button type=\"button\" class=\"copy\" data-t=\"copy\">Copy</button><pre tabindex=\"0\">");
        markup.lines(&program.source).raw("\n</pre>");
        if !program.ending.is_empty() {
            markup.raw("<p class=\"ending\" data-s>");
            said(markup, &line(&program.ending));
            markup.raw("</p>");
        }
        if !program.output.trim().is_empty() {
            markup.raw("<pre class=\"output\" tabindex=\"0\">");
            output(markup, &program.output);
            markup.raw("</pre>");
        }
        markup.raw("</noscript></details>\n");
    }
}
