//! Rules: everything that gosnip reports has a stable id, and a page that says what it means and what to
//! do. `gosnip rule` prints the pages, `docs/rules.md` holds all of them, SARIF carries them along.
//!
//! A claim's id is its verdict and its kind, `refuted-stdout`: its page is made of what the two mean.

mod claims;
mod findings;

use std::fmt::Write as _;
use std::sync::LazyLock;

use super::problem::{kind_name, severity_name, verdict_name};
use super::{Severity, Verdict};
use crate::claim::Kind;

pub use claims::{KINDS, VERDICTS};

/// Something that can be reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its stable id, such as `refuted-stdout` or `unclaimed-panic`.
    pub id: String,
    /// What it is about, in a few words.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// What it means and what to do, in Markdown, without a heading.
    pub text: String,
}

impl Rule {
    /// The page as Markdown.
    pub fn page(&self) -> String {
        format!(
            "# {}\n\n{} (severity: {})\n\n{}\n",
            self.id,
            self.title,
            severity_name(self.severity),
            self.text
        )
    }
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let claims = VERDICTS
        .iter()
        .flat_map(|verdict| KINDS.iter().map(move |kind| claims::rule(verdict, kind)));
    claims.chain(findings::rules()).collect()
});

/// Every rule: first those of claims, then the others.
pub fn all() -> &'static [Rule] {
    &RULES
}

/// The id of the rule for a claim of this kind with this verdict.
pub fn claim_id(verdict: Verdict, kind: Kind) -> String {
    format!("{}-{}", verdict_name(verdict), kind_name(kind))
}

/// The rule with this id.
pub fn get(id: &str) -> Option<&'static Rule> {
    all().iter().find(|rule| rule.id == id)
}

/// The page for `name`: a rule's id, also as other reports write it (`refuted[stdout]`,
/// `error[unclaimed-panic]`), or just a verdict or a kind.
pub fn page(name: &str) -> Option<String> {
    let name = name.trim();
    let bare = name
        .split_once('[')
        .and_then(|(before, rest)| Some((before, rest.strip_suffix(']')?)))
        .map_or_else(
            || name.to_owned(),
            |(before, inner)| match before {
                "error" | "warning" | "note" => inner.to_owned(),
                verdict => format!("{verdict}-{inner}"),
            },
        );
    if let Some(rule) = get(&bare) {
        return Some(rule.page());
    }
    let verdict = VERDICTS.iter().find(|it| verdict_name(it.verdict) == bare);
    let kind = KINDS.iter().find(|it| kind_name(it.kind) == bare);
    let text = match (verdict, kind) {
        (Some(verdict), _) => verdict.text.to_owned(),
        (_, Some(kind)) => kind.text(),
        _ => return None,
    };
    Some(format!("# {bare}\n\n{text}\n"))
}

/// Every name that [`page`] knows: for lists and suggestions.
pub fn names() -> Vec<&'static str> {
    let verdicts = VERDICTS.iter().map(|it| verdict_name(it.verdict));
    let kinds = KINDS.iter().map(|it| kind_name(it.kind));
    let rules = all().iter().map(|rule| rule.id.as_str());
    rules.chain(verdicts).chain(kinds).collect()
}

/// All rules on one page: `docs/rules.md`.
pub fn document() -> String {
    let mut text = String::from(
        "# Rules\n\n\
         <!-- Generated from src/report/rules by `gosnip rule --all`; a test keeps it fresh. -->\n\n\
         Everything gosnip reports has a stable id. `gosnip rule ID` prints what it means and what to do.\n\n\
         A claim's id is its verdict and its kind: `refuted-stdout`, `stale-order`, `unstable-value`. \
         Reports for people write it `refuted[stdout]`.\n\n\
         ## Verdicts\n",
    );
    for verdict in &VERDICTS {
        // Writing to a String does not fail.
        let _ = write!(
            text,
            "\n### {}\n\nSeverity: {}.\n\n{}\n",
            verdict_name(verdict.verdict),
            severity_name(verdict.severity),
            verdict.text
        );
    }
    text.push_str("\n## Kinds of claims\n");
    for kind in &KINDS {
        let _ = write!(text, "\n### {}\n\n{}\n", kind_name(kind.kind), kind.text());
    }
    text.push_str("\n## Findings: trouble that no claim is about\n");
    for rule in findings::rules() {
        let _ = write!(
            text,
            "\n### {}\n\n{}. Severity: {}.\n\n{}\n",
            rule.id,
            rule.title,
            severity_name(rule.severity),
            rule.text
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn every_verdict_but_confirmed_has_a_rule_for_every_kind() {
        for verdict in fixture::VERDICTS {
            for kind in fixture::KINDS {
                let found = get(&claim_id(verdict, kind)).is_some();
                assert_eq!(found, verdict != Verdict::Confirmed, "{verdict:?} {kind:?}");
            }
        }
    }

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<_> = all().iter().map(|rule| &rule.id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all().len());
    }

    #[test]
    fn a_page_is_found_by_every_way_its_name_is_written() {
        for (name, heading) in [
            ("refuted-stdout", "# refuted-stdout\n"),
            ("refuted[stdout]", "# refuted-stdout\n"),
            ("error[unclaimed-panic]", "# unclaimed-panic\n"),
            ("stale", "# stale\n"),
            ("no-escape", "# no-escape\n"),
        ] {
            assert!(
                page(name).is_some_and(|page| page.starts_with(heading)),
                "{name}"
            );
        }
        assert_eq!(page("refuted-nonsense"), None);
        assert!(names().iter().all(|name| page(name).is_some()));
    }

    #[test]
    fn every_rule_that_is_reported_has_a_page() {
        // The ids stand as literals where findings are made.
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/pipeline");
        let mut found = Vec::new();
        for entry in ignore::Walk::new(folder) {
            let entry = entry.unwrap();
            if entry.path().is_dir() {
                continue;
            }
            let source = std::fs::read_to_string(entry.path()).unwrap();
            let after = source.split("rule: \"").skip(1);
            let named = after.filter_map(|rest| rest.split('"').next());
            let unclaimed = source.split('"').filter(|it| it.starts_with("unclaimed-"));
            found.extend(named.chain(unclaimed).map(str::to_owned));
        }
        assert!(found.len() > 5, "{found:?}");
        let unknown: Vec<_> = found.iter().filter(|id| get(id).is_none()).collect();
        assert!(unknown.is_empty(), "no page for {unknown:?}");
        assert!(get(crate::exit::DRIFT_RULE).is_some());
    }

    #[test]
    fn the_page_of_all_rules_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md");
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            written == document(),
            "docs/rules.md is not what the rules say; write it anew: cargo run -- rule --all > docs/rules.md"
        );
    }
}
