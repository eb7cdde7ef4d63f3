//! Modules that can't be had: told once for all blocks that import them.

use std::collections::BTreeMap;

use crate::report::Finding;

/// The rule of such findings.
const RULE: &str = "module";
/// How the message of one that speaks for its block alone begins.
const ALONE: &str = "nothing in this block was verified: ";

/// What is said of a block, and so many others, whose module cannot be had for this reason.
pub(super) fn message(others: usize, reason: &str) -> String {
    match others {
        0 => format!("{ALONE}{reason}"),
        1 => format!("nothing in this block and in one other was verified: {reason}"),
        more => format!("nothing in this block and in {more} others was verified: {reason}"),
    }
}

/// The same findings with one for each reason, at the first block that has it.
pub(super) fn once(findings: Vec<Finding>) -> Vec<Finding> {
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for finding in findings.iter().filter(|it| it.rule == RULE) {
        *numbers.entry(finding.message.clone()).or_default() += 1;
    }
    let mut told = Vec::new();
    for mut finding in findings {
        if finding.rule == RULE {
            // The first one takes the number with it.
            let Some(number) = numbers.remove(&finding.message) else {
                continue;
            };
            let reason = finding.message.strip_prefix(ALONE);
            finding.message = message(number - 1, reason.unwrap_or(&finding.message));
        }
        told.push(finding);
    }
    told
}
