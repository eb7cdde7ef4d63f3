//! JSON Schemas: of the report, and of `verify.toml`. They are made from the types, and shipped in
//! `schemas/`.
//!
//! The words of claims and notes are listed here, so that those rooms need to know nothing of schemas.

use std::fmt::Write as _;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::Value;

use super::Report;
use super::problem::kind_name;
use super::rules::KINDS;
use crate::claim::{Confidence, Form};
use crate::note::Origin;
use crate::settings::file::File;

/// What a schema is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Subject {
    /// The JSON report
    Report,
    /// verify.toml
    Config,
    /// verify.toml, as the Markdown of docs/verify-toml.md
    Reference,
}

/// The schema, as it is shipped.
pub fn document(subject: Subject) -> String {
    let config = || of::<File>("verify.toml, the configuration of gosnip", false);
    let schema = match subject {
        Subject::Reference => return reference(config().as_value()),
        Subject::Report => of::<Report>("gosnip's JSON report, schema version 1", true),
        Subject::Config => config(),
    };
    // A schema is plain JSON; there is nothing in it that can't be written.
    let text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    format!("{text}\n")
}

fn of<T: JsonSchema>(title: &str, written: bool) -> Schema {
    let settings = SchemaSettings::draft2020_12();
    let settings = if written {
        settings.for_serialize()
    } else {
        settings.for_deserialize()
    };
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema
}

/// The keys of `verify.toml` as Markdown: a table for each of its tables.
fn reference(schema: &Value) -> String {
    let mut text = String::from(
        "# verify.toml\n\n\
         <!-- Generated from the schema by `gosnip schema reference`; a test keeps it fresh. -->\n\n\
         Everything is optional. Unknown keys and bad values are errors that name their line. A flag goes \
         before the same key; `gosnip config` shows what is in effect and where it comes from. Editors that \
         know JSON Schema can use `schemas/config.schema.json`.\n",
    );
    let tables = schema["properties"].as_object().into_iter().flatten();
    let (tables, plain): (Vec<_>, Vec<_>) =
        tables.partition(|(_, key)| inner(schema, key).is_some());
    text.push_str("\n## At the top\n\n");
    text.push_str(&keys(
        schema,
        plain.iter().map(|(name, key)| (name.as_str(), *key)),
    ));
    for (name, key) in tables {
        let several = key["type"] == "array";
        let heading = if several {
            format!("[[{name}]]")
        } else {
            format!("[{name}]")
        };
        let about = inner(schema, key).map_or(&Value::Null, |table| table);
        let _ = write!(text, "\n## `{heading}`\n\n");
        let properties = about["properties"].as_object().into_iter().flatten();
        text.push_str(&keys(
            schema,
            properties.map(|(name, key)| (name.as_str(), key)),
        ));
    }
    text
}

/// The table that a key stands for, if it is one.
fn inner<'s>(schema: &'s Value, key: &'s Value) -> Option<&'s Value> {
    let reference = key["$ref"]
        .as_str()
        .or_else(|| key["items"]["$ref"].as_str())?;
    let table = schema.pointer(reference.strip_prefix('#')?)?;
    table["properties"].is_object().then_some(table)
}

fn keys<'s>(schema: &Value, keys: impl Iterator<Item = (&'s str, &'s Value)>) -> String {
    let mut text = String::from("| key | value | meaning |\n| --- | --- | --- |\n");
    for (name, key) in keys {
        let about = key["description"]
            .as_str()
            .unwrap_or_default()
            .replace('\n', " ");
        let _ = writeln!(
            text,
            "| `{name}` | {} | {} |",
            value(schema, key),
            about.replace('|', "\\|")
        );
    }
    text
}

/// What a key may be, in words.
fn value(schema: &Value, key: &Value) -> String {
    let resolve = |key: &Value| {
        let reference = key["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
        reference
            .and_then(|it| schema.pointer(it))
            .unwrap_or(key)
            .clone()
    };
    let options = key["anyOf"].as_array();
    let key = options
        .and_then(|all| all.first())
        .map_or_else(|| resolve(key), resolve);
    let words: Vec<String> = key["enum"]
        .as_array()
        .or_else(|| key["oneOf"].as_array())
        .into_iter()
        .flatten()
        .filter_map(|word| word.as_str().or_else(|| word["const"].as_str()))
        .map(|word| format!("`\"{word}\"`"))
        .collect();
    if !words.is_empty() {
        return words.join(", ");
    }
    let types = match &key["type"] {
        Value::Array(types) => types.first().cloned().unwrap_or_default(),
        single => single.clone(),
    };
    match types.as_str() {
        Some("array") => format!("list of {}", value(schema, &key["items"])),
        Some("object") => format!("table of {}", value(schema, &key["additionalProperties"])),
        Some("boolean") => "`true` or `false`".to_owned(),
        Some("integer") => "number".to_owned(),
        Some("string") => "text".to_owned(),
        _ => String::new(),
    }
}

/// The words for what a claim is about.
pub fn kind(_: &mut SchemaGenerator) -> Schema {
    let words: Vec<_> = KINDS.iter().map(|page| kind_name(page.kind)).collect();
    json_schema!({"type": "string", "enum": words})
}

/// The words for how surely it is a claim.
pub fn confidence(_: &mut SchemaGenerator) -> Schema {
    words([Confidence::Weak, Confidence::Likely, Confidence::Certain])
}

/// The words for how a claim is written.
pub fn form(_: &mut SchemaGenerator) -> Schema {
    words(FORMS)
}

/// The words for how a block is written.
pub fn origin(_: &mut SchemaGenerator) -> Schema {
    words([Origin::Fence, Origin::Indented, Origin::Html, Origin::File])
}

const FORMS: [Form; 11] = [
    Form::TrailingComment,
    Form::OwnLineComment,
    Form::OutputComment,
    Form::RawOutput,
    Form::OutputBlock,
    Form::Transcript,
    Form::Prose,
    Form::WhatIf,
    Form::Expectation,
    Form::Choice,
    Form::Directive,
];

fn words<T: Serialize, const N: usize>(all: [T; N]) -> Schema {
    let words: Vec<_> = all
        .iter()
        .filter_map(|word| serde_json::to_value(word).ok())
        .collect();
    json_schema!({"type": "string", "enum": words})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_schemas_are_fresh() {
        for (subject, name) in [(Subject::Report, "report"), (Subject::Config, "config")] {
            let path = format!("{}/schemas/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
            let written = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                written == document(subject),
                "write it anew: cargo run -- schema {name} > schemas/{name}.schema.json"
            );
        }
    }

    #[test]
    fn the_reference_of_verify_toml_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/verify-toml.md");
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            written == document(Subject::Reference),
            "write it anew: cargo run -- schema reference > docs/verify-toml.md"
        );
    }

    #[test]
    fn every_form_has_its_word() {
        // A form that is added has to be added to FORMS: this match is what notices it.
        let place = |form| match form {
            Form::TrailingComment => 0,
            Form::OwnLineComment => 1,
            Form::OutputComment => 2,
            Form::RawOutput => 3,
            Form::OutputBlock => 4,
            Form::Transcript => 5,
            Form::Prose => 6,
            Form::WhatIf => 7,
            Form::Expectation => 8,
            Form::Choice => 9,
            Form::Directive => 10,
        };
        assert!(
            FORMS
                .iter()
                .enumerate()
                .all(|(at, form)| place(*form) == at)
        );
    }

    #[test]
    fn unknown_keys_of_verify_toml_are_none() {
        let schema: serde_json::Value = serde_json::from_str(&document(Subject::Config)).unwrap();
        assert_eq!(schema["additionalProperties"], false);
        assert!(schema["properties"]["run"].is_object());
        let all = schema.to_string();
        assert!(all.contains("min-confidence") && all.contains("compile-error"));
    }
}
