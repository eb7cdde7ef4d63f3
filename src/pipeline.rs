//! The pipeline: settings → notes → programs → report. (A placeholder until it is plugged in.)

use std::sync::atomic::AtomicBool;

use camino::{Utf8Path, Utf8PathBuf};

use crate::report::{Listener, Report, Sandbox, Summary, Tool};
use crate::settings::Settings;
use crate::toolchain::Toolchain;

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// What was asked for makes no sense: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// The machine lacks something: exit code 3.
    #[error("{0}")]
    Environment(String),
    /// There is nothing to verify: exit code 4.
    #[error("{0}")]
    Nothing(String),
}

/// What `gosnip extract` wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extracted {
    /// The files, in the order of the notes.
    pub files: Vec<Utf8PathBuf>,
    /// `note:line: reason` of each block that gave no program.
    pub left_out: Vec<String>,
}

/// Verify what `settings` name. If `cancelled` becomes true, the report holds what was finished.
pub fn verify(
    _settings: &Settings,
    _listener: &dyn Listener,
    _cancelled: &AtomicBool,
) -> Result<Report, PipelineError> {
    Ok(Report {
        schema: 1,
        tool: Tool {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        go: Vec::new(),
        sandbox: Sandbox {
            level: "off".to_owned(),
            notices: Vec::new(),
        },
        blocks: Vec::new(),
        claims: Vec::new(),
        findings: Vec::new(),
        summary: Summary::default(),
    })
}

/// Write every program of the notes to `folder`.
pub fn extract(
    _settings: &Settings,
    _folder: &Utf8Path,
    _listener: &dyn Listener,
    _cancelled: &AtomicBool,
) -> Result<Extracted, PipelineError> {
    Err(not_plugged_in())
}

/// All about the block or claim at `line` of `note`, as text for a person.
pub fn explain(
    _settings: &Settings,
    _note: &Utf8Path,
    _line: u32,
    _listener: &dyn Listener,
    _cancelled: &AtomicBool,
) -> Result<String, PipelineError> {
    Err(not_plugged_in())
}

/// The toolchains that can be used, best first.
pub fn toolchains(_settings: &Settings) -> Result<Vec<Toolchain>, PipelineError> {
    Err(not_plugged_in())
}

/// Obtain the toolchain of `version` into gosnip's cache.
pub fn install_toolchain(
    _settings: &Settings,
    _version: &str,
    _listener: &dyn Listener,
) -> Result<Toolchain, PipelineError> {
    Err(not_plugged_in())
}

fn not_plugged_in() -> PipelineError {
    PipelineError::Environment("the pipeline is not plugged in".to_owned())
}
