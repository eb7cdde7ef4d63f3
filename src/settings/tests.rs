//! What flags and `verify.toml` mean together.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Parser;

use super::file::File;
use super::*;
use crate::cli::flags::Flags;

#[derive(Parser)]
struct Typed {
    #[command(flatten)]
    flags: Flags,
    paths: Vec<Utf8PathBuf>,
}

fn settings(arguments: &str, file: &str) -> Settings {
    let typed = Typed::try_parse_from(format!("gosnip {arguments}").split_whitespace()).unwrap();
    let path = Utf8PathBuf::from("/repo/verify.toml");
    let file = File::parse(&path, file).unwrap();
    let current = Utf8Path::new("/repo/docs");
    Settings::resolve(&typed.flags, &typed.paths, file, Some(path), current).unwrap()
}

#[test]
fn without_anything_said_the_defaults_are_those_of_the_guide() {
    let settings = settings("", "");
    assert_eq!(settings.run.timeout, Duration::from_secs(10));
    assert_eq!(settings.run.sandbox, SandboxMode::Auto);
    assert_eq!(settings.report, ReportSettings::default());
    assert!(settings.go.download && settings.cache.results && !settings.run.race);
}

#[test]
fn a_flag_goes_before_the_same_key_of_the_file() {
    let file = "
        [go]
        version = '1.20'
        [run]
        timeout = '20s'
        jobs = 3
        sandbox = 'off'
        [report]
        min-confidence = 'weak'
        fail-on = ['unstable']
    ";
    let written = settings("", file);
    assert_eq!(
        written.go.version,
        Some(GoChoice::Version("1.20".to_owned()))
    );
    assert_eq!(written.run.timeout, Duration::from_secs(20));
    assert_eq!(written.run.jobs.get(), 3);
    assert_eq!(written.run.sandbox, SandboxMode::Off);
    assert_eq!(written.report.min_confidence, Confidence::Weak);
    assert_eq!(written.report.fail_on, BTreeSet::from([Failure::Unstable]));

    let typed = settings(
        "--go 1.22 --timeout 5s -j 7 --sandbox=require --min-confidence certain \
         --fail-on refuted,stale --no-download",
        file,
    );
    assert_eq!(typed.go.version, Some(GoChoice::Version("1.22".to_owned())));
    assert!(!typed.go.download);
    assert_eq!(typed.run.timeout, Duration::from_secs(5));
    assert_eq!(typed.run.jobs.get(), 7);
    assert_eq!(typed.run.sandbox, SandboxMode::Require);
    assert_eq!(typed.report.min_confidence, Confidence::Certain);
    assert_eq!(
        typed.report.fail_on,
        BTreeSet::from([Failure::Refuted, Failure::Stale])
    );
}

#[test]
fn paths_to_go_are_relative_to_where_they_are_written() {
    let path = |path: &str| Some(GoChoice::Path(path.into()));
    let file = "go.version = '../sdk/go'";
    assert_eq!(settings("", file).go.version, path("/sdk/go"));
    assert_eq!(
        settings("--go ./go", file).go.version,
        path("/repo/docs/go")
    );
}

#[test]
fn rules_are_matched_from_the_folder_of_the_file() {
    let settings = settings(
        "",
        "
        exclude = ['drafts']
        [[note]]
        path = 'docs/*.md'
        go = '<1.22'
        timeout = '1s'
        [[note]]
        path = 'slow.md'
        timeout = '1m'
        [[block]]
        note = './docs/slow.md'
        line = 12
        skip = true
        ",
    );
    let slow = settings.note(Utf8Path::new("slow.md"));
    assert_eq!(slow.timeout, Some(Duration::from_secs(60)));
    assert_eq!(slow.go.and_then(|go| go.before), Some(22));
    assert_eq!(settings.note(Utf8Path::new("../slow.md")).go, None);
    let block = |note: &str, lines| settings.block(Utf8Path::new(note), "id", lines);
    assert!(block("slow.md", 10..=12).is_some());
    assert!(block("slow.md", 13..=20).is_none());
    assert!(block("../slow.md", 10..=12).is_none());
    assert!(settings.covers(Utf8Path::new("a.md")));
    assert!(!settings.covers(Utf8Path::new("../drafts/a.md")));
}
