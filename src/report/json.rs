//! `--report json`: the report for programs, in the contract's words.

use super::Report;

/// The whole report as one indented document.
pub fn document(report: &Report) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn the_document_has_the_shape_of_the_contract() {
        insta::assert_snapshot!(document(&fixture::small()).unwrap());
    }

    #[test]
    fn a_document_that_is_read_again_is_the_same_report() {
        let report = fixture::full();
        let text = document(&report).unwrap();
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    }
}
