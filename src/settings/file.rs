//! `verify.toml` as it is written: every key, with serde saying what may stand where.
//!
//! Unknown keys and bad values are errors at their place in the file. What the keys mean together
//! with the command line is decided in [`super::resolve`].

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use camino::Utf8Path;
use schemars::JsonSchema;
use serde::Deserialize;

use super::modules::modules;
use super::rules::{BlockRule, NoteRule};
use super::values::{duration, jobs, size};
use super::{Failure, GoChoice, Pattern, SandboxMode, SettingsError, suggest};
use crate::claim::Confidence;
use crate::position::LineIndex;

/// The name of the configuration file.
pub const FILE_NAME: &str = "verify.toml";

/// Everything that `verify.toml` can say; what it leaves out is `None` or empty.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct File {
    /// Which notes, as patterns relative to the file's folder; all Markdown below it if left out.
    #[schemars(with = "Vec<String>")]
    pub include: Vec<Pattern>,
    /// Which of them not.
    #[schemars(with = "Vec<String>")]
    pub exclude: Vec<Pattern>,
    /// `[go]`
    pub go: GoTable,
    /// `[run]`
    pub run: RunTable,
    /// `[report]`
    pub report: ReportTable,
    /// `[modules]`: module path = version, such as `"v1.2.3"`.
    #[serde(deserialize_with = "modules")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub modules: BTreeMap<String, String>,
    /// `[[note]]`
    #[schemars(with = "Vec<super::rules::NoteTable>")]
    pub note: Vec<NoteRule>,
    /// `[[block]]`
    #[schemars(with = "Vec<super::rules::BlockTable>")]
    pub block: Vec<BlockRule>,
}

/// `[go]`: which toolchain.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct GoTable {
    /// A version, `stable`, `oldstable`, or the path of an installation.
    #[schemars(with = "Option<String>")]
    pub version: Option<GoChoice>,
    /// Versions to verify with in one run; the newest decides, and the older ones say since when a claim holds.
    #[schemars(with = "Vec<String>")]
    pub versions: Vec<GoChoice>,
    /// Whether a missing toolchain, and the modules of `[modules]`, may be downloaded.
    pub download: Option<bool>,
}

/// `[run]`: how programs are run.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct RunTable {
    /// How long a program may take, such as `"10s"`.
    #[serde(deserialize_with = "duration")]
    #[schemars(with = "Option<String>")]
    pub timeout: Option<Duration>,
    /// How many programs run at the same time.
    #[serde(deserialize_with = "jobs")]
    #[schemars(range(min = 1))]
    pub jobs: Option<usize>,
    /// `auto`, `require` or `off`.
    pub sandbox: Option<SandboxMode>,
    /// Whether programs are built with the race detector.
    pub race: Option<bool>,
    /// How much memory a program may use, such as `"1GiB"`.
    #[serde(deserialize_with = "size")]
    #[schemars(with = "Option<String>")]
    pub memory: Option<u64>,
}

/// `[report]`: what is reported and what fails.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct ReportTable {
    /// Claims that are less certain are neither shown nor do they fail.
    #[schemars(schema_with = "crate::report::schema::confidence")]
    pub min_confidence: Option<Confidence>,
    /// What makes `gosnip verify` exit with 1.
    pub fail_on: Option<BTreeSet<Failure>>,
}

impl File {
    /// Parse the text of a `verify.toml`; `path` is named in errors.
    pub fn parse(path: &Utf8Path, text: &str) -> Result<Self, SettingsError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            SettingsError::Invalid {
                path: path.to_owned(),
                position: LineIndex::new(text).position(text, offset),
                message: with_suggestion(error.message()),
            }
        })
    }
}

/// Serde's message with a suggestion. Serde words an unknown key or value as
/// ``unknown field `x`, expected one of `a`, `b` ``: the quoted words are what was written and what is
/// known. Any other message, but for those about types, is kept as it is.
fn with_suggestion(message: &str) -> String {
    let what = [
        ("unknown field", "unknown key"),
        ("unknown variant", "unknown value"),
    ]
    .into_iter()
    .find(|(serde, _)| message.starts_with(serde));
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match (what, quoted.split_first()) {
        (Some((_, what)), Some((word, known))) => {
            format!("{what} `{word}`{}", suggest::hint(word, known))
        }
        _ => of_type(message).unwrap_or_else(|| message.trim_end().replace('\n', " ")),
    }
}

/// How a value of a wrong type is to be written. Serde says ``invalid type: integer `5`, expected a string``, and
/// quotes texts with `"`.
fn of_type(message: &str) -> Option<String> {
    let (found, expected) = message
        .trim_end()
        .strip_prefix("invalid type: ")?
        .split_once(", expected ")?;
    let written = found.split_once(['`', '"'])?.1;
    let written = written.trim_end_matches(['`', '"']);
    let is_text = found.starts_with("string");
    Some(match expected {
        "a string" => format!("`{written}` has to stand in quotes: `\"{written}\"`"),
        "a sequence" if is_text => format!("this has to be a list: `[\"{written}\"]`"),
        "a sequence" => format!("this has to be a list: `[{written}]`"),
        "a boolean" => {
            format!("`{written}` is neither `true` nor `false`, which stand without quotes")
        }
        "usize" | "u32" | "u64" if is_text => {
            format!("`{written}` has to be a whole number, without quotes")
        }
        "usize" | "u32" | "u64" => format!("`{written}` has to be a whole number"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::BlockName;

    fn error(text: &str) -> String {
        File::parse(Utf8Path::new("verify.toml"), text)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn every_documented_key_is_read() {
        let file = File::parse(
            Utf8Path::new("verify.toml"),
            r#"
            include = ["notes", "*.md"]
            exclude = ["drafts"]
            [go]
            version = "1.22"
            versions = ["1.21", "./go"]
            download = false
            [run]
            timeout = "10s"
            jobs = 4
            sandbox = "require"
            race = true
            memory = "1GiB"
            [report]
            min-confidence = "weak"
            fail-on = ["refuted", "unverified"]
            [modules]
            "example.com/m" = "v1.2.3"
            [[note]]
            path = "old/**"
            go = "<1.22"
            timeout = "1m"
            [[block]]
            note = "old/a.md"
            line = 12
            skip = true
            reason = "pseudo code"
            [[block]]
            note = "old/a.md"
            id = "closures/2"
            output = "0\n1\n"
            panic = "close of nil channel"
            compile-error = "declared and not used"
            "#,
        )
        .unwrap();
        assert_eq!(file.include.len(), 2);
        assert_eq!(file.run.timeout, Some(Duration::from_secs(10)));
        assert_eq!(file.run.memory, Some(1 << 30));
        assert_eq!(file.note[0].go.unwrap().before, Some(22));
        assert_eq!(file.block[0].skip.as_deref(), Some("pseudo code"));
        assert_eq!(file.block[1].block, BlockName::Id("closures/2".to_owned()));
        assert_eq!(file.block[1].output.as_deref(), Some("0\n1\n"));
    }

    #[test]
    fn an_unknown_key_is_named_with_its_place_and_the_nearest_key() {
        assert_eq!(
            error("[run]\njobs = 2\n  tmeout = \"10s\"\n"),
            "verify.toml:3:3: unknown key `tmeout`; did you mean `timeout`?"
        );
        assert_eq!(
            error("inclde = []\n"),
            "verify.toml:1:1: unknown key `inclde`; did you mean `include`?"
        );
        assert_eq!(
            error("[[block]]\nnote = \"a.md\"\nline = 1\ncompile_error = \"x\"\n"),
            "verify.toml:4:1: unknown key `compile_error`; did you mean `compile-error`?"
        );
    }

    #[test]
    fn a_key_that_is_like_no_other_gets_the_list() {
        assert_eq!(
            error("[go]\nxyz = 1\n"),
            "verify.toml:2:1: unknown key `xyz`; known: version, versions, download"
        );
    }

    #[test]
    fn bad_values_are_reported_at_the_value() {
        assert_eq!(
            error("[run]\ntimeout = \"soon\"\n"),
            "verify.toml:2:11: `soon` is no duration; write it like `10s`, `500ms` or `1m30s`"
        );
        assert_eq!(
            error("[run]\nsandbox = \"on\"\n"),
            "verify.toml:2:11: unknown value `on`; known: auto, require, off"
        );
        assert_eq!(
            error("[report]\nfail-on = [\"stale\", \"refutd\"]\n"),
            "verify.toml:2:21: unknown value `refutd`; did you mean `refuted`?"
        );
        assert_eq!(
            error("[run]\njobs = 0\n"),
            "verify.toml:2:8: at least one job is needed"
        );
        assert_eq!(
            error("[run]\njobs = \"two\"\n"),
            "verify.toml:2:8: `two` has to be a whole number, without quotes"
        );
        assert_eq!(
            error("include = [\"a[\"]\n"),
            "verify.toml:1:11: `a[` is no pattern: unclosed character class; missing ']'"
        );
    }

    #[test]
    fn a_block_rule_names_its_block_in_exactly_one_way() {
        assert_eq!(
            error("\n[[block]]\nnote = \"a.md\"\nskip = true\n"),
            "verify.toml:2:1: which block? give its `line` or its `id`"
        );
        assert_eq!(
            error("[[block]]\nnote = \"a.md\"\nline = 1\nid = \"x\"\n"),
            "verify.toml:1:1: both `line` and `id`; give one of them"
        );
        assert_eq!(
            error("[[note]]\npath = \"a.md\"\nreason = \"x\"\n"),
            "verify.toml:1:1: a `reason` without `skip = true`"
        );
    }

    #[test]
    fn columns_count_characters_and_syntax_errors_have_a_place_too() {
        assert_eq!(
            error("include = [\"模块\", 3]\n"),
            "verify.toml:1:18: `3` has to stand in quotes: `\"3\"`"
        );
        assert_eq!(
            error("include = \"*.md\"\n"),
            "verify.toml:1:11: this has to be a list: `[\"*.md\"]`"
        );
        assert_eq!(
            error("[go]\nversion = 1.22\n"),
            "verify.toml:2:11: `1.22` has to stand in quotes: `\"1.22\"`"
        );
        assert_eq!(
            error("[run]\nrace = \"yes\"\n"),
            "verify.toml:2:8: `yes` is neither `true` nor `false`, which stand without quotes"
        );
        assert!(error("a = \n").starts_with("verify.toml:1:"));
    }
}
