//! `gosnip baseline`: record today's findings, so that CI fails on new ones only.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::flags::Flags;
use super::{Error, bless, interrupt};
use crate::exit::ExitCode;
use crate::expected::baseline::{Baseline, FILE_NAME};
use crate::expected::write;
use crate::report::{Report, progress::Progress, text};
use crate::settings::{Format, ReportSettings, Settings, Verbosity};

/// What `baseline` takes.
#[derive(Debug, Clone, Args)]
pub struct BaselineArgs {
    /// Notes and folders [default: what verify.toml includes, else the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<Utf8PathBuf>,

    /// Write also where CI=true
    #[arg(long)]
    pub force: bool,
}

/// Verify, and record what is wrong as known.
pub fn run(arguments: &BaselineArgs, flags: &Flags) -> Result<ExitCode, Error> {
    bless::refuse_in_ci(arguments.force, "baseline")?;
    let settings = super::settings(flags, &arguments.paths)?;
    let path = settings.folder.join(FILE_NAME);
    let old = Baseline::load(&path)?.unwrap_or_default();
    let cancelled = interrupt::flag()?;
    let progress = Progress::new(settings.report.verbosity);
    let report = crate::pipeline::verify(&settings, &progress, &cancelled);
    progress.finish();
    let report = report?;
    if cancelled.load(Ordering::Relaxed) {
        bless::notice("interrupted: nothing was written");
        return Ok(ExitCode::Interrupted);
    }
    let mut new = Baseline::of(&report, &settings.report, &naming(&settings));
    keep_unseen(&mut new, &old, &report, &settings);
    let prints = |baseline: &Baseline| -> BTreeSet<String> {
        baseline
            .known
            .iter()
            .map(|it| it.fingerprint.clone())
            .collect()
    };
    let (before, after) = (prints(&old), prints(&new));
    let rendered = new.render().map_err(anyhow::Error::from)?;
    write::replace_file(&path, &rendered).map_err(anyhow::Error::from)?;
    if settings.report.verbosity != Verbosity::Quiet {
        super::print(&format!(
            "{}: {} known: {} new, {} dropped out",
            settings.in_folder(&path),
            text::count(new.known.len() as u32, "finding"),
            after.difference(&before).count(),
            before.difference(&after).count(),
        ))?;
    }
    Ok(ExitCode::Success)
}

/// Notes are named from the folder of `verify.toml`, beside which the file lies.
fn naming(settings: &Settings) -> impl Fn(&str) -> String {
    |note| settings.in_folder(Utf8Path::new(note)).to_string()
}

/// What is known of notes that were not verified this time stays known.
fn keep_unseen(new: &mut Baseline, old: &Baseline, report: &Report, settings: &Settings) {
    if settings.is_everything() {
        return;
    }
    let blocks = report.blocks.iter().map(|block| block.note.as_str());
    let findings = report.findings.iter().map(|finding| finding.note.as_str());
    let seen: BTreeSet<String> = blocks.chain(findings).map(naming(settings)).collect();
    new.known.extend(
        old.known
            .iter()
            .filter(|it| !seen.contains(&it.note))
            .cloned(),
    );
    new.known.sort_by(|one, other| one.note.cmp(&other.note));
}

/// What is delivered and judged in the place of `report`, if there is a baseline: to people only what is new,
/// to programs everything.
pub fn apply(report: &Report, settings: &Settings) -> Result<Option<Report>, Error> {
    let path = settings.folder.join(FILE_NAME);
    let Some(baseline) = Baseline::load(&path)? else {
        return Ok(None);
    };
    let fresh = baseline.fresh(report, &settings.report, &naming(settings));
    if let Some(left) = fresh.left.as_ref().filter(|_| !bless::is_ci()) {
        let rendered = left.render().map_err(anyhow::Error::from)?;
        write::replace_file(&path, &rendered).map_err(anyhow::Error::from)?;
        bless::notice(&format!(
            "{} dropped out of {FILE_NAME}: their words are gone",
            text::count((baseline.known.len() - left.known.len()) as u32, "finding")
        ));
    }
    if fresh.known > 0 && settings.report.verbosity != Verbosity::Quiet {
        bless::notice(&format!(
            "{} known ({FILE_NAME}); `--strict` shows them",
            text::count(fresh.known as u32, "finding")
        ));
    }
    if fresh.fixed > 0 && settings.report.verbosity != Verbosity::Quiet {
        bless::notice(&format!(
            "{} of {FILE_NAME} hold now: `gosnip baseline` drops them",
            text::count(fresh.fixed as u32, "finding")
        ));
    }
    Ok(Some(fresh.report))
}

/// The report settings with only the outputs that people read, or only the others.
pub fn outputs(settings: &ReportSettings, for_people: bool) -> ReportSettings {
    let is_for_people = |format| {
        matches!(
            format,
            Format::Terminal | Format::Concise | Format::Github | Format::Markdown | Format::Junit
        )
    };
    let mut settings = settings.clone();
    settings
        .outputs
        .retain(|output| is_for_people(output.format) == for_people);
    settings
}
