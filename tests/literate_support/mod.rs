//! What the literate notes cover: each form × each kind of claim, in which variants.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;

const HEAD: &str = "\
# What the literate notes cover

Each form and kind of claim that the notes in `tests/literate` hold, and the variants in which they hold it: **T**rue and \
**F**alse claims (`stale` ones among these), **N**egated ones, **H**edged ones, **U**ndecided ones (unverified or unstable). \
`GOSNIP_BLESS_TESTS=1 cargo test --test literate` writes this file; what is missing in it is worth a note.

| form | kind | variants |
| --- | --- | --- |
";

/// The table of a report on all notes, without the claims on those lines of notes that luck decides.
pub fn table(report: &Value, lucky: impl Fn(&str, u64) -> bool) -> String {
    let mut rows: BTreeMap<(&str, &str), BTreeSet<usize>> = BTreeMap::new();
    for claim in report["claims"].as_array().into_iter().flatten() {
        let word = |key: &str| claim[key].as_str().unwrap_or_default();
        if lucky(word("note"), claim["line"].as_u64().unwrap_or_default()) {
            continue;
        }
        let variants = rows.entry((word("form"), word("kind"))).or_default();
        variants.insert(match word("verdict") {
            "confirmed" => 0,
            "refuted" | "stale" => 1,
            _ => 4,
        });
        variants.extend((claim["negated"] == true).then_some(2));
        variants.extend((claim["hedged"] == true).then_some(3));
    }
    let mut table = HEAD.to_owned();
    for ((form, kind), variants) in rows {
        let cells: Vec<&str> = (0..5)
            .map(|at| {
                if variants.contains(&at) {
                    ["T", "F", "N", "H", "U"][at]
                } else {
                    "·"
                }
            })
            .collect();
        writeln!(table, "| {form} | {kind} | {} |", cells.join(" ")).unwrap();
    }
    table
}
