//! JSON Schemas: of the report, and of `verify.toml`. They are made from the types, and shipped in
//! `schemas/`.
//!
//! The words of claims and notes are listed here, so that those rooms need to know nothing of schemas.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

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
}

/// The schema, as it is shipped.
pub fn document(subject: Subject) -> String {
    let schema = match subject {
        Subject::Report => of::<Report>("gosnip's JSON report, schema version 1", true),
        Subject::Config => of::<File>("verify.toml, the configuration of gosnip", false),
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
    words([Origin::Fence, Origin::Indented, Origin::Html])
}

const FORMS: [Form; 10] = [
    Form::TrailingComment,
    Form::OwnLineComment,
    Form::OutputComment,
    Form::RawOutput,
    Form::OutputBlock,
    Form::Transcript,
    Form::Prose,
    Form::WhatIf,
    Form::Expectation,
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
            Form::Directive => 9,
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
