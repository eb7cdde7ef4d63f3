//! `gosnip extract`: every program as a complete `.go` file that `go run` accepts.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

use super::PipelineError;
use super::engine::Engine;
use super::reading::{NoteRead, Reading};
use super::settled::Settled;
use crate::exit::DRIFT_RULE;
use crate::report::{Event, Finding, Severity};
use crate::settings::Settings;
use crate::snippet::{Draft, needs};
use crate::temporary::Folder;
use crate::toolchain::modules::is_foreign;

/// What `gosnip extract` wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extracted {
    /// The files, in the order of the notes.
    pub files: Vec<Utf8PathBuf>,
    /// `note:line: reason` of each block that gave no program.
    pub left_out: Vec<String>,
}

/// Write the programs below `folder`: `<note>/L<line>.go`, with `-2` and so on for a block's others.
pub fn write(
    reading: &Reading,
    programs: &[Settled],
    engine: &Engine,
    folder: &Utf8Path,
) -> Result<Extracted, PipelineError> {
    let mut extracted = Extracted {
        files: Vec::new(),
        left_out: Vec::new(),
    };
    let mut numbers: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut foreign: BTreeSet<&String> = BTreeSet::new();
    let mut texts: Vec<String> = Vec::new();
    for program in programs {
        let read = &reading.notes[program.planned.note];
        let block = &read.note.blocks[program.block()];
        if !program.compiles() {
            let first = program.compiled.diagnostics.first();
            extracted.left_out.push(format!(
                "{}:{}: {}",
                read.note.path,
                block.line,
                first.map_or("it does not compile", |first| first.message.as_str())
            ));
            continue;
        }
        if program.planned.draft.snippet.items.is_empty() {
            // Comments alone are no program.
            continue;
        }
        let number = numbers
            .entry((program.planned.note, program.block()))
            .or_default();
        *number += 1;
        let name = match *number {
            1 => format!("L{:04}", block.line),
            more => format!("L{:04}-{more}", block.line),
        };
        let tested = program.planned.draft.tests.is_some();
        let name = name + if tested { "_test.go" } else { ".go" };
        let path = folder.join(note_folder(&read.note.path)).join(name);
        foreign.extend(
            program
                .compiled
                .linkage
                .imports
                .iter()
                .filter(|path| is_foreign(path)),
        );
        texts.push(head(read, program, engine, &path, folder));
        extracted.files.push(path);
    }
    format_go(engine, &mut texts)
        .map_err(|error| PipelineError::Environment(format!("gofmt was not run: {error}")))?;
    for (path, text) in extracted.files.iter().zip(&texts) {
        write_file(path, text)?;
    }
    let foreign: Vec<&str> = foreign.into_iter().map(String::as_str).collect();
    if !foreign.is_empty() {
        let notice = |notice| engine.listener.event(Event::Notice(notice));
        let files = engine.builder.modules().files(&foreign, &notice);
        let files = files.map_err(|error| PipelineError::Environment(error.to_string()))?;
        for (name, text) in [("go.mod", &files.go_mod), ("go.sum", &files.go_sum)] {
            write_file(&folder.join(name), text)?;
            extracted.files.push(folder.join(name));
        }
    }
    Ok(extracted)
}

/// The folder that `verify --locked` checks, beside `verify.toml`.
pub const FOLDER: &str = "snippets";

/// What in `snippets/` is not what `extract` would write now, if there is such a folder.
pub fn stale(
    settings: &Settings,
    reading: &Reading,
    engine: &Engine,
) -> Result<Vec<Finding>, PipelineError> {
    let folder = settings.folder.join(FOLDER);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    if settings.current != settings.folder {
        return Err(PipelineError::Usage(format!(
            "the programs in {folder} name their notes from {}; run `gosnip verify --locked` there",
            settings.folder
        )));
    }
    let environment = |error: String| PipelineError::Environment(error);
    let fresh = Folder::new().map_err(|error| environment(error.to_string()))?;
    let fresh = Utf8Path::from_path(fresh.path())
        .ok_or_else(|| environment("TMPDIR is not UTF-8".to_owned()))?;
    let programs = engine.settle(super::plan::plain(reading), reading);
    let written = write(reading, &programs, engine, fresh)?;
    let names = |root: &Utf8Path, files: &[Utf8PathBuf]| -> BTreeSet<Utf8PathBuf> {
        files
            .iter()
            .filter_map(|file| Some(file.strip_prefix(root).ok()?.to_owned()))
            .collect()
    };
    let mut present = Vec::new();
    if settings.is_everything() {
        super::drifting::files(&folder, &mut present);
        let of_modules = |path: &Utf8PathBuf| matches!(path.file_name(), Some("go.mod" | "go.sum"));
        present.retain(|path| path.extension() == Some("go") || of_modules(path));
    }
    let (wanted, present) = (names(fresh, &written.files), names(&folder, &present));
    let text = |root: &Utf8Path, name: &Utf8Path| std::fs::read(root.join(name)).ok();
    Ok(wanted
        .union(&present)
        .filter(|name| text(fresh, name) != text(&folder, name))
        .map(|name| Finding {
            rule: DRIFT_RULE.to_owned(),
            severity: Severity::Error,
            note: format!("{FOLDER}/{name}"),
            line: 1,
            column: 1,
            message: "this is not what the notes give now; run `gosnip bless` or `gosnip extract`"
                .to_owned(),
            excerpt: String::new(),
        })
        .collect())
}

/// The folder of a note's programs: its path without the extension, and without `..`.
fn note_folder(path: &Utf8Path) -> Utf8PathBuf {
    path.with_extension("")
        .components()
        .filter_map(|component| match component {
            camino::Utf8Component::Normal(name) => Some(name),
            _ => None,
        })
        .collect()
}

/// The source with where it came from, and how it is run where that takes more than `go run` and its name.
fn head(
    read: &NoteRead,
    program: &Settled,
    engine: &Engine,
    path: &Utf8Path,
    folder: &Utf8Path,
) -> String {
    let block = &read.note.blocks[program.block()];
    let draft = &program.planned.draft;
    let how = how_to_run(draft);
    let mut head = format!(
        "// From {}, lines {} to {}.{how}\n",
        read.note.path, block.line, block.end_line
    );
    let mut imports = program.compiled.linkage.imports.iter();
    if imports.any(|path| is_foreign(path)) {
        let inside = path.strip_prefix(folder).unwrap_or(path);
        head.push_str(&format!(
            "//\n// It needs modules, which go.mod in this folder's root names: go run ./{inside}, there.\n"
        ));
    }
    // `go run` on one file must not take it for part of a package.
    head.push('\n');
    match draft.tests {
        Some(_) => {
            let file = draft.as_test_file();
            head + &file.render(&read.context, engine.packages()).text
        }
        None if draft.is_compiled_only() || draft.yields => {
            let calls = match draft.is_compiled_only() {
                // What is not to be run calls nothing.
                true => Vec::new(),
                false => draft.calls.clone(),
            };
            // What helps to observe it is none of its author's.
            let plain = Draft {
                calls,
                yields: false,
                ..draft.clone()
            };
            let text = plain.render(&read.context, engine.packages()).text;
            head + &draft.stand_ins.readable(&for_everybody(&text))
        }
        None => {
            head + &draft
                .stand_ins
                .readable(&for_everybody(&program.source.text))
        }
    }
}

/// The source without what the go command takes from cgo alone: directives for the linker.
fn for_everybody(text: &str) -> String {
    text.replace("//go:cgo_", "// go:cgo_")
}

/// What its reader must know who wants to run it; empty for `go run`.
fn how_to_run(draft: &Draft) -> String {
    const NOT_RUN: &str = "it compiles, and is not to be run";
    if let Some(name) = &draft.assembled {
        format!(" What {name} is stands in assembly: without that {NOT_RUN}.")
    } else if draft.left_out || draft.of_elided {
        format!(" Something is left out of it: {NOT_RUN}.")
    } else if !draft.stand_ins.is_empty() {
        let names: Vec<&str> = draft.stand_ins.names().collect();
        let fitting = if draft.has_refused(&names) {
            " as it is needed here"
        } else {
            ""
        };
        let names = names.join(", ");
        format!(" Its note does not declare {names}{fitting}: with stand-ins {NOT_RUN}.")
    } else if !draft.of_unknown_value().is_empty() {
        let names = draft.of_unknown_value().join(", ");
        format!(" What {names} may hold stands elsewhere in its note: {NOT_RUN}.")
    } else if let Some(reach) = needs::network(draft) {
        format!(" To be run, it needs the network: {}.", reach.call)
    } else if let Some(needs) = draft.needs.as_ref() {
        format!(" To be run, {needs}.")
    } else if draft.tests.is_some() {
        " Run it with `go test -v -bench . -benchtime 1x` and its name.".to_owned()
    } else {
        String::new()
    }
}

/// The texts as gofmt would have them, or as they are if gofmt is not there. All at once: starting it takes longer than
/// what it does.
fn format_go(engine: &Engine, texts: &mut [String]) -> std::io::Result<()> {
    let gofmt = engine.toolchain().goroot.join("bin/gofmt");
    let folder = Folder::new()?;
    let file = |at: usize| folder.path().join(format!("{at}.go"));
    for (at, text) in texts.iter().enumerate() {
        std::fs::write(file(at), text)?;
    }
    // What gofmt breaks into lines it may align another way when it sees it again.
    for _ in 0..2 {
        let formatted = Command::new(&gofmt)
            .arg("-w")
            .arg(folder.path())
            .stdin(Stdio::null())
            .output();
        if formatted.is_err() {
            return Ok(());
        }
    }
    for (at, text) in texts.iter_mut().enumerate() {
        *text = std::fs::read_to_string(file(at))?;
    }
    Ok(())
}

fn write_file(path: &Utf8Path, text: &str) -> Result<(), PipelineError> {
    let write = || -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(Utf8Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        std::io::Write::write_all(&mut file, text.as_bytes())?;
        file.persist(path)?;
        Ok(())
    };
    write()
        .map_err(|error| PipelineError::Environment(format!("{path} cannot be written: {error}")))
}
