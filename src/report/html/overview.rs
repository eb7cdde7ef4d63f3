//! The page's head (counts, filters, the table of notes) and its end.

use super::NoteView;
use super::markup::Markup;
use crate::report::paths::uri;
use crate::report::problem::{Problem, kind_name, problems, verdict_name};
use crate::report::rules::KINDS;
use crate::report::{Report, Severity, Status, Verdict};
use crate::settings::ReportSettings;

/// The most problems that are listed above the notes.
const LISTED: usize = 100;

/// The verdicts in the order in which they are shown: the worst first.
const VERDICTS: [(Verdict, &str); 5] = [
    (Verdict::Refuted, "refuted"),
    (Verdict::Stale, "stale"),
    (Verdict::Unstable, "unstable"),
    (Verdict::Unverified, "unverified"),
    (Verdict::Confirmed, "confirmed"),
];

/// Write everything above the notes.
pub fn write(markup: &mut Markup, report: &Report, notes: &[NoteView], settings: &ReportSettings) {
    markup.raw("<a class=\"skip\" href=\"#notes\" data-t=\"skip\">Skip to the notes</a>\n<header>\n<h1>gosnip</h1>\n");
    controls(markup, report, notes);
    markup.raw("</header>\n<section class=\"overview\" aria-labelledby=\"overview\">\n");
    markup.raw("<h2 id=\"overview\" data-t=\"overview\">Overview</h2>\n");
    counts(markup, report);
    wrong(markup, report, notes, settings);
    table(markup, notes);
    markup.raw("</section>\n<p id=\"found\" role=\"status\"></p>\n");
}

fn controls(markup: &mut Markup, report: &Report, notes: &[NoteView]) {
    markup.raw("<div class=\"bar\" role=\"search\">\n");
    markup.raw(
        "<input id=\"search\" type=\"search\" placeholder=\"Search\" data-tp=\"search\" aria-label=\"Search\" \
         data-tl=\"search\">\n<select id=\"kind\" aria-label=\"Kind of claim\" data-tl=\"kind\">\
         <option value=\"\" data-t=\"every-kind\">every kind</option>",
    );
    for kind in KINDS {
        let name = kind_name(kind.kind);
        if report.claims.iter().any(|claim| claim.kind == kind.kind) {
            let key = format!("kind-{name}");
            markup.element("option", &[("value", name), ("data-t", &key)], name);
        }
    }
    markup.raw("</select>\n<span class=\"chips\" role=\"group\" aria-label=\"Verdicts\" data-tl=\"verdicts\">\n");
    let all = || notes.iter().flat_map(|note| &note.problems);
    for (verdict, name) in VERDICTS {
        let number = all()
            .filter(|it| matches!(it, Problem::Claim(claim) if claim.verdict == verdict))
            .count();
        chip(markup, name, number);
    }
    let findings = all().filter(|it| matches!(it, Problem::Finding(_))).count();
    chip(markup, "finding", findings);
    markup.raw(
        "</span>\n<span class=\"tools\">\
         <button id=\"theme\" type=\"button\" aria-label=\"Light or dark\" data-tl=\"theme\">◐</button>\
         <button id=\"language\" type=\"button\" lang=\"zh-CN\">中文</button>\
         <button id=\"help\" type=\"button\" aria-label=\"Keys\" data-tl=\"keys\">?</button></span>\n</div>\n",
    );
}

fn chip(markup: &mut Markup, name: &'static str, number: usize) {
    if number == 0 {
        return;
    }
    let class = format!("chip {name}");
    let attributes = [
        ("type", "button"),
        ("class", class.as_str()),
        ("data-v", name),
        ("aria-pressed", "false"),
    ];
    markup
        .open("button", &attributes)
        .label(name, name)
        .raw(" ");
    markup.number(number as f64).raw("</button>\n");
}

fn counts(markup: &mut Markup, report: &Report) {
    let summary = &report.summary;
    markup.raw("<ul class=\"counts\">");
    for (number, key, english) in [
        (summary.notes, "notes", "notes"),
        (summary.blocks, "blocks", "blocks"),
        (summary.ran, "ran", "ran"),
        (summary.claims, "claims", "claims"),
        (summary.confirmed, "confirmed", "confirmed"),
        (summary.refuted, "refuted", "refuted"),
        (summary.stale, "stale", "stale"),
        (summary.unstable, "unstable", "unstable"),
        (summary.unverified, "unverified", "unverified"),
    ] {
        markup
            .open("li", &[("class", key)])
            .raw("<b>")
            .number(number)
            .raw("</b> ");
        markup.label(key, english).raw("</li>");
    }
    markup.raw("</ul>\n");
}

/// What is wrong, each with a link to its line, in the order of the other reports.
fn wrong(markup: &mut Markup, report: &Report, notes: &[NoteView], settings: &ReportSettings) {
    let wrong: Vec<Problem> = problems(report, settings)
        .into_iter()
        .filter(|it| it.severity() != Severity::Note)
        .collect();
    if wrong.is_empty() {
        return;
    }
    markup.raw("<h3 data-t=\"problems\">What is wrong</h3>\n<ul class=\"wrong\">\n");
    for problem in wrong.iter().take(LISTED) {
        let note = notes.iter().find(|note| note.path == problem.note());
        let anchor = note.map_or("", |note| note.anchor.as_str());
        let (line, _) = problem.position();
        let href = format!("#{}", uri(&format!("{anchor}-{line}")));
        let class = match problem {
            Problem::Claim(claim) => verdict_name(claim.verdict),
            Problem::Finding(_) => "finding",
        };
        markup.raw("<li>").open("b", &[("class", class)]);
        markup.label(class, class).raw("</b> ");
        let place = format!("{}:{line}", problem.note());
        markup.element("a", &[("href", &href)], &place).raw(" ");
        markup.raw("<span data-s>");
        super::evidence::said(markup, &problem.message());
        markup.raw("</span>");
        markup.raw("</li>\n");
    }
    if wrong.len() > LISTED {
        markup
            .raw("<li>… ")
            .label("more", "more below")
            .raw("</li>\n");
    }
    markup.raw("</ul>\n");
}

fn table(markup: &mut Markup, notes: &[NoteView]) {
    markup.raw(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of notes\" data-tl=\"table\"><table>\n<thead><tr>\
         <th scope=\"col\" data-t=\"note\">note</th><th scope=\"col\" data-t=\"coverage\">blocks that ran or \
         compiled</th><th scope=\"col\" data-t=\"of-claims\">claims</th></tr></thead>\n<tbody>\n",
    );
    for note in notes {
        let href = format!("#{}", uri(&note.anchor));
        markup.raw("<tr><th scope=\"row\">");
        markup
            .element("a", &[("href", &href)], note.path)
            .raw("</th><td>");
        blocks_bar(markup, note);
        markup.raw("</td><td>");
        claims_bar(markup, note);
        markup.raw("</td></tr>\n");
    }
    markup.raw("</tbody></table></div>\n");
}

fn blocks_bar(markup: &mut Markup, note: &NoteView) {
    let count = |wanted: &[Status]| {
        let of = |it: &&&crate::report::BlockReport| wanted.contains(&it.status);
        note.blocks.iter().filter(of).count()
    };
    let good = count(&[Status::Ran, Status::Compiled]);
    let not = note.blocks.len() - good - count(&[Status::NotGo, Status::Skipped]);
    bar(markup, &[(good, "confirmed"), (not, "unverified")]);
    markup
        .raw(" ")
        .number(good as f64)
        .raw(" / ")
        .number((good + not) as f64);
}

fn claims_bar(markup: &mut Markup, note: &NoteView) {
    let count = |verdict| {
        let of = |it: &&Problem| matches!(it, Problem::Claim(claim) if claim.verdict == verdict);
        note.problems.iter().filter(of).count()
    };
    let parts = VERDICTS.map(|(verdict, _)| (count(verdict), verdict_name(verdict)));
    bar(markup, &parts);
    let mut first = true;
    for (number, name) in parts.into_iter().filter(|(number, _)| *number > 0) {
        markup
            .raw(if first { " " } else { ", " })
            .number(number as f64)
            .raw(" ");
        markup.label(name, name);
        first = false;
    }
}

/// A bar with parts of these sizes. It repeats what the numbers beside it say, so it is decoration.
fn bar(markup: &mut Markup, parts: &[(usize, &'static str)]) {
    let all: usize = parts.iter().map(|(number, _)| number).sum();
    markup.raw("<svg class=\"meter\" aria-hidden=\"true\" viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\">");
    let mut before = 0.0;
    for (number, name) in parts.iter().filter(|(number, _)| *number > 0) {
        let width = 100.0 * *number as f64 / all as f64;
        let (x, width_text) = (format!("{before:.2}"), format!("{width:.2}"));
        markup.open(
            "rect",
            &[
                ("class", name),
                ("x", &x),
                ("width", &width_text),
                ("height", "6"),
            ],
        );
        markup.close("rect");
        before += width;
    }
    markup.raw("</svg>");
}

/// Write everything below the notes.
pub fn write_end(markup: &mut Markup, report: &Report) {
    markup.raw("<footer><p>");
    markup
        .text(&report.tool.name)
        .raw(" ")
        .text(&report.tool.version);
    for go in &report.go {
        markup.raw(" · ").text(&go.version);
    }
    markup
        .raw(" · ")
        .label("sandbox", "sandbox")
        .raw(": ")
        .text(&report.sandbox.level);
    markup
        .raw(" · ")
        .text(&format!("{:.1} s", report.summary.seconds));
    markup.raw("</p></footer>\n");
    markup.raw(
        "<dialog id=\"keys\" aria-labelledby=\"keys-title\"><h2 id=\"keys-title\" data-t=\"keys\">Keys</h2><dl>\
         <dt><kbd>j</kbd> <kbd>k</kbd></dt><dd data-t=\"key-jk\">next, previous problem or match</dd>\
         <dt><kbd>Enter</kbd></dt><dd data-t=\"key-enter\">show or hide the evidence</dd>\
         <dt><kbd>/</kbd></dt><dd data-t=\"key-search\">search</dd>\
         <dt><kbd>Esc</kbd></dt><dd data-t=\"key-esc\">everything again</dd>\
         <dt><kbd>t</kbd> <kbd>l</kbd></dt><dd data-t=\"key-tl\">light or dark, language</dd>\
         <dt><kbd>?</kbd></dt><dd data-t=\"key-help\">this list</dd></dl>\
         <form method=\"dialog\"><button data-t=\"close\">Close</button></form></dialog>\n",
    );
}
