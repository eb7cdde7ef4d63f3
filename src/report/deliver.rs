//! Bringing reports to where they are wanted: rendered, coloured or not, to stdout or into a file.

use std::fs::{self, File};
use std::io::{self, ErrorKind, IsTerminal as _, Write};

use anyhow::Context as _;
use camino::{Utf8Path, Utf8PathBuf};

use super::links::Links;
use super::paths::Paths;
use super::{Report, concise, github, gitlab, html, json, junit, markdown, sarif, terminal};
use crate::settings::{ColorMode, Format, Output, ReportSettings, Target};

/// The width for which `terminal` is written where there is no terminal, as rustc does.
const WIDTH: usize = 140;

/// GitHub names the file to which a step appends its part of the job's summary.
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Check before the work that every file can probably be written: its folder is there.
pub fn check_folders(outputs: &[Output]) -> Result<(), String> {
    for output in outputs {
        let Target::File(file) = &output.target else {
            continue;
        };
        if file.is_dir() {
            return Err(format!(
                "the report `{output}` can't go there: it is a folder"
            ));
        }
        let folder = folder(file);
        if !folder.is_dir() {
            return Err(format!(
                "the report `{output}` can't be written: there is no folder `{folder}`"
            ));
        }
    }
    Ok(())
}

/// Deliver every report that is wanted. One that can't be delivered does not keep back the others;
/// the first error is given back.
pub fn deliver(report: &Report, settings: &ReportSettings) -> anyhow::Result<()> {
    let current = std::env::current_dir().unwrap_or_default();
    let paths = Utf8Path::from_path(&current).map_or_else(Paths::default, Paths::of);
    let mut result = Ok(());
    // Lines of JSON were written while the work went on.
    let wanted = settings.outputs.iter();
    for output in wanted.filter(|it| it.format != Format::Jsonl) {
        let delivered = deliver_one(report, output, settings, &paths)
            .with_context(|| format!("can't write the report `{output}`"));
        result = result.and(delivered);
    }
    let on_github = settings
        .outputs
        .iter()
        .any(|it| it.format == Format::Github);
    if let Some(file) = std::env::var_os(SUMMARY).filter(|file| on_github && !file.is_empty()) {
        let written = append(file.as_ref(), &markdown::render(report, settings))
            .with_context(|| format!("can't write the job's summary into {SUMMARY}"));
        result = result.and(written);
    }
    result
}

/// Append `text` to `file`.
fn append(file: &std::path::Path, text: &str) -> io::Result<()> {
    let mut file = File::options().append(true).create(true).open(file)?;
    file.write_all(text.as_bytes())
}

fn deliver_one(
    report: &Report,
    output: &Output,
    settings: &ReportSettings,
    paths: &Paths,
) -> anyhow::Result<()> {
    let text = render(report, output, settings, paths)?;
    let styled = output.format == Format::Terminal;
    match &output.target {
        Target::Stdout if styled => to_stdout(&text)?,
        // Only `terminal` has colours; in the others, whatever looks like one is data.
        Target::Stdout => write_all(io::stdout().lock(), &text)?,
        Target::File(file) if styled && settings.color != ColorMode::Always => {
            replace(file, &anstream::adapter::strip_str(&text).to_string())?;
        }
        Target::File(file) => replace(file, &text)?,
    }
    Ok(())
}

fn render(
    report: &Report,
    output: &Output,
    settings: &ReportSettings,
    paths: &Paths,
) -> serde_json::Result<String> {
    match output.format {
        Format::Terminal => {
            let links = links(&output.target);
            let width = width(&output.target);
            let text = terminal::render(report, settings, width.unwrap_or(WIDTH), &links);
            Ok(match width {
                Some(width) => terminal::wrap::lines(&text, width),
                None => text,
            })
        }
        Format::Concise => Ok(concise::render(report, settings)),
        Format::Json => json::document(report),
        Format::Jsonl => Ok(String::new()),
        Format::Junit => Ok(junit::render(report, settings, paths)),
        Format::Sarif => sarif::render(report, settings, paths),
        Format::Github => Ok(github::render(report, settings, paths)),
        Format::Gitlab => gitlab::render(report, settings, paths),
        Format::Markdown => Ok(markdown::render(report, settings)),
        Format::Html => Ok(html::render(report, settings)),
    }
}

/// The links that the reader's terminal has.
fn links(target: &Target) -> Links {
    let current = std::env::current_dir().unwrap_or_default();
    match Utf8Path::from_path(&current) {
        Some(current) if *target == Target::Stdout => Links::of_stdout(current),
        _ => Links::default(),
    }
}

/// How many columns the terminal has that is written to, if it is one.
fn width(target: &Target) -> Option<usize> {
    let stdout = io::stdout();
    if *target != Target::Stdout || !stdout.is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// Bring text without colours to where it is wanted.
pub fn put(text: &str, target: &Target) -> anyhow::Result<()> {
    match target {
        Target::Stdout => Ok(write_all(io::stdout().lock(), text)?),
        Target::File(file) => replace(file, text),
    }
}

/// Write to stdout, with the text's colours if they are wanted there.
pub fn to_stdout(text: &str) -> io::Result<()> {
    write_all(anstream::stdout().lock(), text)
}

/// Write and flush. A reader that has closed its end, as `head` does, has got all it wanted.
fn write_all(mut writer: impl Write, text: &str) -> io::Result<()> {
    let written = writer
        .write_all(text.as_bytes())
        .and_then(|()| writer.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Replace `file` by one with this text, in one step: readers see the old or the new one, and nothing
/// is lost if the machine stops in between.
fn replace(file: &Utf8Path, text: &str) -> anyhow::Result<()> {
    // A link stays a link; what it points to is replaced.
    let target = match fs::canonicalize(file) {
        Ok(target) => Utf8PathBuf::try_from(target).context("the path is not UTF-8")?,
        Err(error) if error.kind() == ErrorKind::NotFound => file.to_owned(),
        Err(error) => return Err(error.into()),
    };
    let existing = fs::metadata(&target).ok();
    if existing
        .as_ref()
        .is_some_and(|existing| !existing.is_file())
    {
        // Devices and pipes, such as `/dev/stderr`, are written to.
        File::options()
            .write(true)
            .open(&target)?
            .write_all(text.as_bytes())?;
        return Ok(());
    }
    let mut aside = aside(folder(&target))?;
    aside.write_all(text.as_bytes())?;
    if let Some(existing) = existing {
        aside.as_file().set_permissions(existing.permissions())?;
    }
    aside.persist(&target)?;
    Ok(())
}

/// A temporary file in `folder` that is as readable as a new file of the user's is.
fn aside(folder: &Utf8Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gosnip-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

fn folder(file: &Utf8Path) -> &Utf8Path {
    match file.parent() {
        Some(folder) if !folder.as_str().is_empty() => folder,
        _ => Utf8Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn scratch() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        (folder, path)
    }

    fn settings(outputs: &[String]) -> ReportSettings {
        ReportSettings {
            outputs: outputs
                .iter()
                .map(|it| Output::parse(it).unwrap())
                .collect(),
            ..ReportSettings::default()
        }
    }

    #[test]
    fn files_are_replaced_as_a_whole_and_nothing_is_left_beside_them() {
        let (_folder, path) = scratch();
        let file = path.join("report.json");
        fs::write(&file, "x".repeat(1 << 20)).unwrap();
        deliver(&fixture::full(), &settings(&[format!("json={file}")])).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(text, json::document(&fixture::full()).unwrap());
        assert_eq!(fs::read_dir(&path).unwrap().count(), 1);
    }

    #[test]
    fn a_terminal_report_in_a_file_has_no_colours() {
        let (_folder, path) = scratch();
        let file = path.join("report.txt");
        deliver(&fixture::full(), &settings(&[format!("terminal={file}")])).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains("refuted[stdout]") && !text.contains('\x1b'));
    }

    #[test]
    fn a_report_that_cannot_be_written_does_not_keep_back_the_others() {
        let (_folder, path) = scratch();
        let good = path.join("good.json");
        let outputs = [format!("json={path}/no/bad.json"), format!("json={good}")];
        let error = deliver(&fixture::full(), &settings(&outputs)).unwrap_err();
        assert!(error.to_string().contains("bad.json"), "{error}");
        assert!(good.is_file());
    }

    #[test]
    fn a_missing_folder_is_named_before_the_work() {
        let (_folder, path) = scratch();
        let outputs = [Output::parse(&format!("json={path}/no/a.json")).unwrap()];
        let message = check_folders(&outputs).unwrap_err();
        assert!(
            message.ends_with(&format!("there is no folder `{path}/no`")),
            "{message}"
        );
        assert_eq!(
            check_folders(&[Output::parse("json=a.json").unwrap()]),
            Ok(())
        );
    }

    #[test]
    fn a_summary_is_appended_to_what_other_steps_wrote() {
        let (_folder, path) = scratch();
        let file = path.join("summary.md");
        fs::write(&file, "before\n").unwrap();
        append(file.as_std_path(), "after\n").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "before\nafter\n");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_survive() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let (_folder, path) = scratch();
        let (file, link) = (path.join("real.json"), path.join("link.json"));
        fs::write(&file, "").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&file, &link).unwrap();
        deliver(&fixture::small(), &settings(&[format!("json={link}")])).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let metadata = fs::metadata(&file).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o640);
        assert!(metadata.len() > 0);
    }
}
