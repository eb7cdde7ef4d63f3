//! Alternatives: several versions of one thing in a block, each of which makes a program of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::import_name;
use super::item::{Item, ItemKind};

/// Split a block into alternatives: each has one version of every function, method and hoisted type.
///
/// Several package clauses make as many files, unless those are of one program. Otherwise, when the block declares something again that
/// can stand only outside of functions, the nth program has the nth version of each such name, with the
/// statements that stand before the next version. A block with both a `main` and statements gives one
/// program for each.
pub fn alternatives(items: &[Item]) -> Vec<Vec<usize>> {
    let starts: Vec<usize> = (0..items.len())
        .filter(|&at| matches!(items[at].kind, ItemKind::Package(_)))
        .collect();
    if starts.len() > 1 && !is_one_package(items, &starts) && !is_one_program(items, &starts) {
        return starts
            .iter()
            .enumerate()
            .map(|(nth, &start)| {
                let from = if nth == 0 { 0 } else { start };
                let to = starts.get(nth + 1).copied().unwrap_or(items.len());
                (from..to).collect()
            })
            .collect();
    }
    let versions = versions(items);
    let most = versions.values().map(Vec::len).max().unwrap_or(1).max(1);
    let mut found: Vec<Vec<usize>> = (0..most)
        .map(|nth| alternative(items, &versions, nth, most))
        .collect();
    let is_main = |at: &usize| items[*at].names == ["main"] && items[*at].is_top_level_only();
    let is_statement = |at: &usize| items[*at].is_code() && !items[*at].is_declaration();
    for at in 0..found.len() {
        let alternative = &found[at];
        if alternative.iter().any(is_main) && alternative.iter().any(is_statement) {
            let statements = alternative.iter().copied().filter(|at| !is_main(at));
            let statements: Vec<usize> = statements.collect();
            found[at].retain(|at| !is_statement(at));
            found.push(statements);
        }
    }
    found
}

/// Whether several package clauses are the files of one program: of one package, with nothing declared twice.
fn is_one_package(items: &[Item], starts: &[usize]) -> bool {
    let same = starts
        .iter()
        .all(|&at| items[at].kind == items[starts[0]].kind);
    same && versions(items).values().all(|found| found.len() == 1)
}

/// Whether several package clauses are the packages of one program: one `main`, and what is imported, with nothing
/// declared twice.
fn is_one_program(items: &[Item], starts: &[usize]) -> bool {
    let clauses: BTreeSet<&str> = starts
        .iter()
        .filter_map(|&at| match &items[at].kind {
            ItemKind::Package(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let imported: BTreeSet<&str> = items
        .iter()
        .filter_map(|item| match &item.kind {
            ItemKind::Import(paths) => Some(paths),
            _ => None,
        })
        .flat_map(|paths| paths.iter().map(|path| import_name(path)))
        .collect();
    let versions = versions(items);
    versions.contains_key("main")
        && clauses.contains("main")
        && clauses
            .iter()
            .all(|name| *name == "main" || imported.contains(name))
        && versions.values().all(|found| found.len() == 1)
}

/// Where each name that may stand only once outside of functions is declared.
fn versions(items: &[Item]) -> BTreeMap<String, Vec<usize>> {
    // Among statements, a declaration can be repeated in a scope of its own.
    let outside = items.iter().any(Item::is_top_level_only)
        || !items
            .iter()
            .any(|item| item.is_code() && !item.is_declaration());
    let mut versions: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        match &item.kind {
            ItemKind::Func(_) if item.names != ["init"] && item.names != ["_"] => {
                versions.entry(item.names[0].clone()).or_default().push(at);
            }
            ItemKind::Method { receiver } => {
                let key = format!("{receiver}.{}", item.names.join(","));
                versions.entry(key).or_default().push(at);
            }
            ItemKind::Type | ItemKind::Var | ItemKind::Const if outside => {
                for name in item.names.iter().filter(|name| *name != "_") {
                    versions.entry(name.clone()).or_default().push(at);
                }
            }
            _ => {}
        }
    }
    versions
}

fn alternative(
    items: &[Item],
    versions: &BTreeMap<String, Vec<usize>>,
    nth: usize,
    most: usize,
) -> Vec<usize> {
    let starts = |nth: usize| {
        versions
            .values()
            .filter_map(|found| found.get(nth))
            .min()
            .copied()
            .unwrap_or(items.len())
    };
    // Statements before the second version belong to the first program, and so on.
    let from = if nth == 0 { 0 } else { starts(nth) };
    let to = if nth + 1 < most {
        starts(nth + 1)
    } else {
        items.len()
    };
    let chosen = |at: usize| {
        versions
            .values()
            .filter(|found| found.contains(&at))
            .all(|found| found[nth.min(found.len() - 1)] == at)
    };
    (0..items.len())
        .filter(|&at| {
            let item = &items[at];
            if item.is_code() && !item.is_declaration() {
                most == 1 || (from..to).contains(&at)
            } else {
                chosen(at)
            }
        })
        .collect()
}
