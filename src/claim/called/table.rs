//! Tables with a column of calls, or of statements that print, and right behind it one whose head says that it has
//! their results.

use crate::note::{Prose, Run};

use super::super::{Claim, Confidence, value};
use super::{Said, Sites, claim};

pattern!(
    RESULT,
    r"(?i)^\s*(?:the )?(?:results?|returns?|return(?:ed)? values?|values?|gives|outputs?|prints?|返回值?|返回结果|结果|值|(?:输出|打印|运行)(?:结果)?)\s*$"
);

/// The claims of a table.
pub(super) fn claims(prose: &Prose, sites: &mut Sites) -> Vec<Claim> {
    let rows = rows(prose);
    let Some((head, body)) = rows.split_first() else {
        return Vec::new();
    };
    let is_result = |column: usize| {
        head.get(column)
            .is_some_and(|cell| RESULT.is_match(&text_of(cell)))
    };
    let mut found = Vec::new();
    for row in body {
        for (column, pair) in row.windows(2).enumerate() {
            let ([call], true) = (pair[0].as_slice(), is_result(column + 1)) else {
                continue;
            };
            let value = text_of(&pair[1]);
            // In code marks, a word is what it gives, too.
            let quoted = matches!(pair[1].as_slice(), [run] if run.code);
            if !call.code || !quoted && !value::is_values(&value) || value.trim().is_empty() {
                continue;
            }
            let Some(site) = sites.of_cell(&call.text) else {
                continue;
            };
            let said = Said {
                call: &call.text,
                value: value.trim().to_owned(),
                span: call.span.start..pair[1].last().map_or(call.span.end, |run| run.span.end),
                confidence: Confidence::Likely,
            };
            found.push(claim(&site, &said, prose));
        }
    }
    found
}

/// The cells of a table, row by row, each with its runs that are not empty.
fn rows(prose: &Prose) -> Vec<Vec<Vec<&Run>>> {
    let mut rows = vec![vec![Vec::new()]];
    for run in &prose.runs {
        let new_row = run.text == "\n";
        if new_row {
            rows.push(vec![Vec::new()]);
        }
        let Some(row) = rows.last_mut() else { break };
        if run.text == "\t" {
            row.push(Vec::new());
        } else if !new_row
            && !run.text.trim().is_empty()
            && let Some(cell) = row.last_mut()
        {
            cell.push(run);
        }
    }
    rows
}

fn text_of(cell: &[&Run]) -> String {
    cell.iter().map(|run| run.text.as_str()).collect()
}
