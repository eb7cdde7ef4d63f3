//! What is shown when a mark is clicked: the claim, what Go did, the difference; and a block's programs.

use super::markup::Markup;
use crate::report::diff::{self, ChangeTag};
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
            markup.element("p", &[("data-s", "")], &line(&finding.message));
        }
    }
    markup.raw("</div>");
}

fn of_claim(markup: &mut Markup, claim: &ClaimReport) {
    let wording = Wording::new(claim);
    markup.raw("<dl>");
    if !wording.needs_diff() {
        pair(markup, ("says", "the note says"), &claim.text, false);
    }
    if wording.needs_diff() {
        markup
            .raw("<dt>")
            .label("difference", "difference")
            .raw("</dt><dd>");
        difference(markup, claim);
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
    markup
        .raw("<dt>")
        .label(key, english)
        .raw("</dt><dd>")
        .raw(if sentence {
            "<pre data-s tabindex=\"0\">"
        } else {
            "<pre tabindex=\"0\">"
        });
    output(markup, text);
    markup.raw("</pre></dd>");
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

fn difference(markup: &mut Markup, claim: &ClaimReport) {
    markup.raw("<pre class=\"diff\" tabindex=\"0\">");
    let lines = diff::lines(&claim.expected, &claim.observed);
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
        markup.raw("</small></summary>");
        markup.raw("<button type=\"button\" class=\"copy\" data-t=\"copy\">Copy</button><pre tabindex=\"0\">");
        markup.lines(&program.source).raw("\n</pre>");
        if !program.ending.is_empty() {
            let attributes = [("class", "ending"), ("data-s", "")];
            markup.element("p", &attributes, &program.ending);
        }
        if !program.output.trim().is_empty() {
            markup.raw("<pre class=\"output\" tabindex=\"0\">");
            output(markup, &program.output);
            markup.raw("</pre>");
        }
        markup.raw("</details>\n");
    }
}
