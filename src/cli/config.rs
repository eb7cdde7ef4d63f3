//! `gosnip config`: the settings in effect, and where each comes from. What is printed is a valid
//! `verify.toml`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde::Serialize;
use toml::Value;
use toml::de::{DeTable, DeValue};

use super::Error;
use super::flags::Flags;
use crate::exit::ExitCode;
use crate::position::LineIndex;
use crate::report::text;
use crate::settings::{GoChoice, Pattern, Settings};

/// What `config` takes: nothing but the flags, which it explains like the file.
#[derive(Debug, Clone, Args)]
pub struct ConfigArgs {}

/// Print the settings.
pub fn run(flags: &Flags) -> Result<ExitCode, Error> {
    let settings = Settings::from_process(flags, &[])?;
    let file = match &settings.file {
        None => String::new(),
        Some(path) => std::fs::read_to_string(settings.current.join(path))
            .with_context(|| format!("can't read {path}"))?,
    };
    super::print(&text::lines(&shown(flags, &settings, &file)))?;
    Ok(ExitCode::Success)
}

/// One setting.
struct Row {
    /// Its key in verify.toml, with its table.
    key: &'static str,
    /// Its value; `None` if nothing is set.
    value: Option<Value>,
    /// The flag that set it, if one did.
    flag: Option<&'static str>,
}

impl Row {
    fn new(key: &'static str, value: impl Into<Option<Value>>) -> Self {
        Self {
            key,
            value: value.into(),
            flag: None,
        }
    }

    /// The flag goes before the file, if it was typed.
    fn or_flag(self, typed: bool, flag: &'static str) -> Self {
        Self {
            flag: typed.then_some(flag),
            ..self
        }
    }
}

fn shown(flags: &Flags, settings: &Settings, file: &str) -> String {
    let name = settings.file.as_ref().map_or("", |path| {
        path.strip_prefix(&settings.current)
            .unwrap_or(path)
            .as_str()
    });
    let lines = key_lines(file);
    let mut text = match name {
        "" => "# There is no verify.toml.\n".to_owned(),
        name => format!("# {name}\n"),
    };
    let rows = rows(flags, settings);
    let written: Vec<(String, String)> = rows
        .iter()
        .map(|row| {
            let source = match (row.flag, lines.get(row.key)) {
                (Some(flag), _) => flag.to_owned(),
                (None, Some(line)) => format!("{name}:{line}"),
                (None, None) => "default".to_owned(),
            };
            match &row.value {
                Some(value) => (format!("{} = {value}", row.key), source),
                None => (format!("# {} is not set", row.key), source),
            }
        })
        .collect();
    let width = written
        .iter()
        .map(|(row, _)| row.chars().count())
        .max()
        .unwrap_or(0);
    for (row, source) in written {
        // Writing to a String does not fail.
        let _ = writeln!(text, "{row:width$}  # {source}");
    }
    if let Some(folder) = &settings.cache.folder {
        let results = if settings.cache.results {
            ""
        } else {
            ", results not used (--no-cache)"
        };
        let _ = writeln!(text, "# cache: {folder}{results}");
    }
    text + &rules(settings, file)
}

/// `[modules]` and the rules, as the file has them.
fn rules(settings: &Settings, file: &str) -> String {
    let mut text = String::new();
    if !settings.modules.is_empty() {
        text.push_str("\n[modules]\n");
        for (module, version) in &settings.modules {
            let _ = writeln!(text, "{} = {}", string(module), string(version));
        }
    }
    let index = LineIndex::new(file);
    let table = DeTable::parse(file).ok();
    for name in ["note", "block"] {
        let rules = table.as_ref().and_then(|table| table.get_ref().get(name));
        let Some(DeValue::Array(rules)) = rules.map(|rules| rules.get_ref()) else {
            continue;
        };
        let lines: Vec<String> = rules
            .iter()
            .map(|rule| index.line(rule.span().start).to_string())
            .collect();
        let _ = writeln!(
            text,
            "# {} [[{name}]] rules, in lines {}",
            lines.len(),
            lines.join(", ")
        );
    }
    text
}

/// The line of each key of the file, by the key with its table: `run.timeout`.
fn key_lines(file: &str) -> BTreeMap<String, u32> {
    let mut lines = BTreeMap::new();
    let index = LineIndex::new(file);
    let Ok(table) = DeTable::parse(file) else {
        return lines;
    };
    for (key, value) in table.get_ref() {
        if let DeValue::Table(inner) = value.get_ref() {
            for (name, _) in inner {
                let place = format!("{}.{}", key.get_ref(), name.get_ref());
                lines.insert(place, index.line(name.span().start));
            }
        } else {
            lines.insert(key.get_ref().to_string(), index.line(key.span().start));
        }
    }
    lines
}

fn rows(flags: &Flags, settings: &Settings) -> Vec<Row> {
    let Settings {
        go, run, report, ..
    } = settings;
    vec![
        Row::new("include", patterns(&settings.include)),
        Row::new("exclude", patterns(&settings.exclude)),
        Row::new("go.version", go.version.as_ref().map(choice))
            .or_flag(flags.go.len() == 1, "--go"),
        Row::new("go.versions", array(go.versions.iter().map(choice)))
            .or_flag(flags.go.len() > 1, "--go"),
        Row::new("go.download", Value::from(go.download))
            .or_flag(flags.no_download, "--no-download"),
        Row::new("run.timeout", duration(run.timeout))
            .or_flag(flags.timeout.is_some(), "--timeout"),
        Row::new("run.jobs", Value::from(run.jobs.get() as i64))
            .or_flag(flags.jobs.is_some(), "--jobs"),
        Row::new("run.sandbox", word(run.sandbox)).or_flag(flags.sandbox.is_some(), "--sandbox"),
        Row::new("run.race", Value::from(run.race)).or_flag(flags.race, "--race"),
        Row::new(
            "run.memory",
            run.memory.map(|bytes| string(&format!("{bytes}B"))),
        ),
        Row::new("report.min-confidence", serialized(report.min_confidence))
            .or_flag(flags.min_confidence.is_some(), "--min-confidence"),
        Row::new(
            "report.fail-on",
            array(report.fail_on.iter().map(|it| word(*it))),
        )
        .or_flag(!flags.fail_on.is_empty(), "--fail-on"),
    ]
}

fn string(text: &str) -> Value {
    Value::from(text)
}

fn array(values: impl Iterator<Item = Value>) -> Value {
    Value::Array(values.collect())
}

fn patterns(patterns: &[Pattern]) -> Value {
    array(patterns.iter().map(|pattern| string(pattern.as_str())))
}

fn choice(choice: &GoChoice) -> Value {
    match choice {
        GoChoice::Version(version) => string(version),
        GoChoice::Path(path) => string(path.as_str()),
        GoChoice::Stable { back: 0 } => string("stable"),
        GoChoice::Stable { .. } => string("oldstable"),
    }
}

fn duration(duration: Duration) -> Value {
    let milliseconds = duration.as_millis();
    string(&match milliseconds % 1000 {
        0 => format!("{}s", milliseconds / 1000),
        _ => format!("{milliseconds}ms"),
    })
}

/// The word that flags and verify.toml have for it.
fn word(value: impl ValueEnum) -> Value {
    let name = value.to_possible_value();
    string(name.as_ref().map_or("", |name| name.get_name()))
}

fn serialized(value: impl Serialize) -> Option<Value> {
    Value::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::*;
    use crate::settings::file::{FILE_NAME, File};

    const FILE: &str = "include = [\"notes\"]\n[run]\ntimeout = \"3s\"\njobs = 2\n[modules]\n\"a.b/c\" = \"v1.0.0\"\n\
                        [[note]]\npath = \"x\"\n";

    fn of(flags: &Flags, file: &str) -> String {
        let parsed = File::parse(Utf8Path::new(FILE_NAME), file).unwrap();
        let path = Some(FILE_NAME.into());
        let settings = Settings::resolve(flags, &[], parsed, path, Utf8Path::new("/n")).unwrap();
        shown(flags, &settings, file)
    }

    #[test]
    fn each_setting_says_where_it_comes_from() {
        let flags = Flags {
            race: true,
            jobs: std::num::NonZeroUsize::new(7),
            ..Flags::default()
        };
        let text = of(&flags, FILE);
        let line = |key: &str| {
            let line = text.lines().find(|line| line.starts_with(key)).unwrap();
            line.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(line("include"), "include = [\"notes\"] # verify.toml:1");
        assert_eq!(line("run.timeout"), "run.timeout = \"3s\" # verify.toml:3");
        assert_eq!(line("run.jobs"), "run.jobs = 7 # --jobs");
        assert_eq!(line("run.race"), "run.race = true # --race");
        assert_eq!(line("go.download"), "go.download = true # default");
        assert!(text.ends_with("# 1 [[note]] rules, in lines 7\n"), "{text}");
    }

    #[test]
    fn what_is_printed_means_the_same_as_a_file() {
        let printed = of(&Flags::default(), FILE);
        let again = File::parse(Utf8Path::new(FILE_NAME), &printed).unwrap();
        let read = File::parse(Utf8Path::new(FILE_NAME), FILE).unwrap();
        assert_eq!(again.include, read.include);
        assert_eq!(again.run.timeout, read.run.timeout);
        assert_eq!(again.modules, read.modules);
    }

    #[test]
    fn every_key_of_the_file_is_shown() {
        use crate::report::schema::{Subject, document};
        let schema: serde_json::Value = serde_json::from_str(&document(Subject::Config)).unwrap();
        let text = of(&Flags::default(), "");
        for (key, property) in schema["properties"].as_object().unwrap() {
            let table = property["$ref"]
                .as_str()
                .and_then(|it| it.strip_prefix("#/$defs/"));
            let keys: Vec<String> = match table {
                Some(table) => {
                    let properties = schema["$defs"][table]["properties"].as_object().unwrap();
                    properties
                        .keys()
                        .map(|name| format!("{key}.{name}"))
                        .collect()
                }
                // Lists of rules and modules are shown where there are some.
                None if matches!(key.as_str(), "note" | "block" | "modules") => continue,
                None => vec![key.clone()],
            };
            for key in keys {
                assert!(text.contains(&key), "{key} is missing in\n{text}");
            }
        }
    }
}
