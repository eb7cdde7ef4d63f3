//! `--report html`: one page for a browser, with everything in it: the notes with marks at their
//! claims, what Go really did, the programs.
//!
//! Nothing is loaded from anywhere, and a Content-Security-Policy says so to the browser. Script and
//! style are allowed by a nonce that is the hash of the page's body: no text in the body can know it.

mod evidence;
mod go;
mod markup;
mod note;
mod overview;

use std::collections::{HashMap, HashSet};

use self::markup::Markup;
use super::problem::Problem;
use super::text::line;
use super::{BlockReport, NoteText, ProgramText, Report};
use crate::settings::ReportSettings;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = concat!(include_str!("chinese.js"), include_str!("page.js"));

/// `report` as a page.
pub fn render(report: &Report, settings: &ReportSettings) -> String {
    let notes = notes(report, settings);
    let mut body = Markup::default();
    overview::write(&mut body, report, &notes, settings);
    body.raw("<main id=\"notes\">\n");
    for note in &notes {
        note::write(&mut body, note);
    }
    body.raw("</main>\n");
    overview::write_end(&mut body, report);
    assemble(&body.finish())
}

/// The body with what belongs around it.
fn assemble(body: &str) -> String {
    let nonce = blake3::hash(body.as_bytes()).to_hex();
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; \
         img-src data:; base-uri 'none'; form-action 'none'"
    );
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>gosnip</title>\n<style nonce=\"{nonce}\">\n{STYLE}</style>\n</head>\n<body>\n\
         {body}<script nonce=\"{nonce}\">\n{SCRIPT}</script>\n</body>\n</html>\n"
    )
}

/// One note with everything the page says of it.
struct NoteView<'r> {
    /// Its path.
    path: &'r str,
    /// What its places in the page are called by: unique, without blanks.
    anchor: String,
    /// Its text, if it is known.
    text: Option<&'r str>,
    /// Its blocks, in order.
    blocks: Vec<&'r BlockReport>,
    /// Its claims, findings and what is wrong with them, by line.
    problems: Vec<Problem<'r>>,
    /// Its programs, by block.
    programs: HashMap<&'r str, Vec<&'r ProgramText>>,
}

fn notes<'r>(report: &'r Report, settings: &ReportSettings) -> Vec<NoteView<'r>> {
    let mut views: Vec<NoteView> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut anchors = HashSet::new();
    let paths = report
        .notes
        .iter()
        .map(|it| it.note.as_str())
        .chain(report.blocks.iter().map(|it| it.note.as_str()))
        .chain(report.claims.iter().map(|it| it.note.as_str()))
        .chain(report.findings.iter().map(|it| it.note.as_str()));
    for path in paths {
        if places.contains_key(path) {
            continue;
        }
        places.insert(path, views.len());
        views.push(NoteView {
            path,
            anchor: anchor(path, &mut anchors),
            text: None,
            blocks: Vec::new(),
            problems: Vec::new(),
            programs: HashMap::new(),
        });
    }
    for NoteText {
        note,
        text,
        programs,
    } in &report.notes
    {
        let view = &mut views[places[note.as_str()]];
        view.text = Some(text);
        for program in programs {
            view.programs
                .entry(&program.block)
                .or_default()
                .push(program);
        }
    }
    for block in &report.blocks {
        views[places[block.note.as_str()]].blocks.push(block);
    }
    let certain = |it: &&super::ClaimReport| it.confidence >= settings.min_confidence;
    let claims = report.claims.iter().filter(certain).map(Problem::Claim);
    let findings = report.findings.iter().map(Problem::Finding);
    for problem in claims.chain(findings) {
        views[places[problem.note()]].problems.push(problem);
    }
    for view in &mut views {
        view.problems.sort_by_key(|problem| problem.position());
    }
    views
}

/// A name for the note that can stand in an id and behind `#`, unlike those that are taken.
fn anchor(path: &str, taken: &mut HashSet<String>) -> String {
    let shown = line(path);
    let mut anchor: String = shown
        .chars()
        .map(|c| if c.is_whitespace() { '_' } else { c })
        .collect();
    while !taken.insert(anchor.clone()) {
        anchor.push('_');
    }
    anchor
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Confidence;
    use crate::report::{Severity, Verdict, fixture};

    fn rendered(report: &Report) -> String {
        render(report, &ReportSettings::default())
    }

    /// The page without its style and script, for snapshots.
    fn body(page: &str) -> &str {
        let (_, rest) = page.split_once("<body>\n").unwrap();
        rest.split_once("<script").unwrap().0
    }

    #[test]
    fn the_body_of_the_page() {
        insta::assert_snapshot!(body(&rendered(&fixture::with_texts())));
    }

    #[test]
    fn text_from_outside_never_becomes_markup() {
        const HOSTILE: &str = "</script></style></pre><script>alert(1)</script><img src=x \
                               onerror=alert(1)>\"'><svg onload=alert(1)>{{7*7}}";
        let mut report = fixture::empty();
        let mut claim = fixture::claim(HOSTILE, 2, Verdict::Refuted, Confidence::Certain);
        claim.text = HOSTILE.to_owned();
        claim.expected = format!("{HOSTILE}\n{HOSTILE}");
        claim.observed = format!("{HOSTILE}\nx");
        claim.reason = HOSTILE.to_owned();
        claim.holds = HOSTILE.to_owned();
        claim.block = HOSTILE.to_owned();
        let mut finding = fixture::finding(HOSTILE, Severity::Error);
        finding.message = HOSTILE.to_owned();
        let mut block = fixture::block(HOSTILE, 1, crate::report::Status::Broken, HOSTILE);
        block.id = HOSTILE.to_owned();
        block.info = HOSTILE.to_owned();
        report.sandbox.level = HOSTILE.to_owned();
        report.notes = vec![NoteText {
            note: HOSTILE.to_owned(),
            text: format!("# {HOSTILE}\n{HOSTILE}\n`{HOSTILE}`\n{HOSTILE}\n\n{HOSTILE}\n"),
            programs: vec![ProgramText {
                block: HOSTILE.to_owned(),
                role: HOSTILE.to_owned(),
                source: HOSTILE.to_owned(),
                ending: HOSTILE.to_owned(),
                output: HOSTILE.to_owned(),
            }],
        }];
        (report.claims, report.findings, report.blocks) = (vec![claim], vec![finding], vec![block]);
        let page = rendered(&report);
        let body = body(&page);
        for markup in [
            "<script",
            "<img",
            "</script",
            "</style",
            "<svg onload",
            " onerror=alert(1)>\"",
        ] {
            assert!(!body.contains(markup), "{markup}");
        }
        // Every attribute is one of ours: no tag has an event handler.
        for tag in body.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap();
            let names = tag.split('"').step_by(2);
            assert!(
                !names
                    .clone()
                    .any(|name| name.trim_start().starts_with("on")),
                "{tag}"
            );
        }
        assert!(body.contains("&lt;script&gt;alert(1)"));
    }

    #[test]
    fn nothing_is_loaded_from_anywhere() {
        let page = rendered(&fixture::with_texts());
        for loader in ["http://", "https://", "url(", "@import", "<link", "src="] {
            assert!(!page.contains(loader), "{loader}");
        }
    }

    #[test]
    fn every_word_of_the_interface_has_its_chinese() {
        let page = rendered(&fixture::with_texts());
        for attribute in ["data-t=\"", "data-tl=\"", "data-tp=\""] {
            let keys = body(&page)
                .split(attribute)
                .skip(1)
                .filter_map(|it| it.split('"').next());
            for key in keys {
                assert!(
                    SCRIPT.contains(&format!("'{key}': ")),
                    "{key} is missing in page.js"
                );
            }
        }
    }

    #[test]
    fn ids_are_unique() {
        let page = rendered(&fixture::with_texts());
        let ids: Vec<_> = page
            .split(" id=\"")
            .skip(1)
            .filter_map(|it| it.split('"').next())
            .collect();
        let unique: HashSet<_> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len());
        assert!(ids.iter().all(|id| !id.contains(char::is_whitespace)));
    }

    /// With `GOSNIP_TEST_PAGE=FILE` the page is kept there, for `tests/browser/speed.mjs`.
    #[test]
    fn three_thousand_blocks_stay_below_ten_megabytes() {
        let page = rendered(&fixture::large(3000));
        if let Some(file) = std::env::var_os("GOSNIP_TEST_PAGE") {
            std::fs::write(file, &page).unwrap();
        }
        assert!(page.len() < 10_000_000, "{}", page.len());
    }
}
