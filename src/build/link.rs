//! Linking: as many programs as possible into one binary, because a link costs as much as three compiles,
//! however many programs it takes in.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::BufWriter;
use std::process::Command;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::dispatch::{self, DISPATCHER_FILE};
use super::object::{Merger, ObjectError};
use super::{Compiled, Doors, doors};
use crate::toolchain::Mode;
use crate::toolchain::modules::is_foreign;
use crate::toolchain::process::{self, Limits};
use crate::toolchain::tools;

/// How many programs share a binary at most: beyond that, a broken link costs more than another link.
const PROGRAMS_PER_BINARY: usize = 400;

/// Linking 400 programs takes a second and 400 MB.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(120),
    memory: 6 << 30,
};

/// Packages whose mere import can be noticed, by these rules, because they or what they import register
/// something for the whole process: hashes (`crypto.SHA256.Available`), image formats, HTTP handlers,
/// variables, time zones. Programs share a binary only with programs that import the same of these.
fn is_noticeable(path: &str) -> bool {
    const NOT: [&str; 6] = [
        "crypto/rand",
        "crypto/subtle",
        "image/color",
        "image/draw",
        "net/netip",
        "net/url",
    ];
    let registers = ["crypto/", "image/", "net/"]
        .iter()
        .any(|family| path.starts_with(family))
        || matches!(path, "expvar" | "go/importer" | "time/tzdata")
        // What others' packages do when they are initialised is unknown.
        || is_foreign(path);
    registers && !NOT.contains(&path)
}

/// Sorts programs into groups that may share a binary; a group is a list of positions in `programs`.
pub fn groups(programs: &[&Compiled]) -> Vec<Vec<usize>> {
    let mut groups: std::collections::BTreeMap<_, Vec<usize>> = std::collections::BTreeMap::new();
    for (position, program) in programs.iter().enumerate() {
        let linkage = &program.linkage;
        let noticeable: BTreeSet<_> = linkage
            .imports
            .iter()
            .filter(|path| is_noticeable(path))
            .collect();
        // A position is unique, so a program that must be alone gets a group of its own.
        let alone = linkage.alone.as_ref().map(|_| position);
        groups
            .entry((linkage.mode, alone, noticeable))
            .or_default()
            .push(position);
    }
    let chunks = groups
        .values()
        .flat_map(|group| group.chunks(PROGRAMS_PER_BINARY));
    chunks.map(<[usize]>::to_vec).collect()
}

/// The hash of everything that a binary of `programs` depends on; its objects are known by their package
/// paths, which are hashes of theirs.
pub fn key(programs: &[&Compiled], identity: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("binary-{}\0{identity}", dispatch::REVISION).as_bytes());
    for program in programs {
        hasher.update(b"\0").update(program.package.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// Compiler and linker, ready to use.
#[derive(Debug)]
pub struct Linker<'a> {
    /// The compiler's binary, for the dispatcher.
    pub compiler: &'a Utf8Path,
    /// The linker's binary.
    pub linker: &'a Utf8Path,
    /// The import configuration; it covers all that the programs import.
    pub import_configuration: &'a Utf8Path,
    /// The GOROOT, for the standard library's files in stack traces.
    pub goroot: &'a Utf8Path,
    /// The home folder for tools.
    pub home: &'a Utf8Path,
    /// The mode that the programs were compiled for.
    pub mode: Mode,
    /// The archive of a runtime whose scheduler can be made to shuffle.
    pub shuffling: Option<&'a Utf8Path>,
}

impl Linker<'_> {
    /// Links `programs` into `binary`, working in `folder`, which is made for it alone.
    /// Gives the doors that it has, as the toolchain allows.
    pub fn link(
        &self,
        programs: &[&Compiled],
        folder: &Utf8Path,
        binary: &Utf8Path,
    ) -> Result<Doors, String> {
        let result = self.steps(programs, folder, binary);
        // Left-overs go with the work folder at the latest.
        let _ = fs::remove_dir_all(folder);
        result
    }

    fn steps(
        &self,
        programs: &[&Compiled],
        folder: &Utf8Path,
        binary: &Utf8Path,
    ) -> Result<Doors, String> {
        let unwritable = |error: std::io::Error| format!("{folder} cannot be written: {error}");
        let text = |error: ObjectError| error.to_string();
        fs::create_dir_all(folder).map_err(unwritable)?;
        let (doors, for_linking) =
            doors::prepare(self.import_configuration, self.shuffling, folder, self.mode)
                .map_err(unwritable)?;
        fs::write(
            folder.join(DISPATCHER_FILE),
            dispatch::source(programs, doors.maps),
        )
        .map_err(unwritable)?;
        self.tool(
            self.compiler,
            self.import_configuration,
            folder,
            &[
                "-o",
                "dispatch.a",
                "-p",
                "main",
                "-trimpath",
                folder.as_str(),
            ],
            &["-lang=go1.21", "-pack", DISPATCHER_FILE],
        )?;

        let dispatcher = fs::read(folder.join("dispatch.a"))
            .map_err(|error| format!("the dispatcher's object cannot be read: {error}"))?;
        let all = File::create(folder.join("all.a")).map_err(unwritable)?;
        // Hundreds of programs are dozens of megabytes: one at a time is enough.
        let mut merger = Merger::begin(BufWriter::new(all), &dispatcher).map_err(text)?;
        for program in programs {
            merger.take(&read_object(program)?).map_err(text)?;
        }
        merger.finish().map_err(text)?;
        // -w: no debugger information; stack traces don't need it, and it is a third of the work.
        self.tool(
            self.linker,
            &for_linking,
            folder,
            &["-o", "program", "-w", "-buildid=gosnip"],
            &["all.a"],
        )?;
        fs::rename(folder.join("program"), binary)
            .map_err(|error| format!("{binary} cannot be written: {error}"))?;
        Ok(doors)
    }

    /// Runs a tool with the arguments common to both between `first` and `last`.
    fn tool(
        &self,
        tool: &Utf8Path,
        import_configuration: &Utf8Path,
        folder: &Utf8Path,
        first: &[&str],
        last: &[&str],
    ) -> Result<(), String> {
        let mut command = Command::new(tool);
        tools::isolate(&mut command, self.home);
        command
            .current_dir(folder)
            .env("TMPDIR", folder)
            .env("GOROOT", self.goroot);
        command
            .args(first)
            .args(["-importcfg", import_configuration.as_str()]);
        if self.mode == Mode::Race {
            command.env("CGO_ENABLED", "1").arg("-race");
        }
        command.args(last);
        let finished = process::run(command, LIMITS).map_err(|error| error.to_string())?;
        if finished.status.success() {
            return Ok(());
        }
        let output: Vec<_> = finished.output.lines().take(5).collect();
        let name = tool.file_name().unwrap_or("the tool");
        Err(format!(
            "{name} failed ({}): {}",
            finished.status,
            output.join("\n")
        ))
    }
}

fn read_object(program: &Compiled) -> Result<Vec<u8>, String> {
    let object: &Utf8PathBuf = program.object.as_ref().ok_or("it does not compile")?;
    fs::read(object).map_err(|error| format!("{object} cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::Linkage;

    fn program(imports: &[&str], mode: Mode, alone: bool) -> Compiled {
        Compiled {
            inspected: None,
            object: None,
            package: "g0".to_owned(),
            diagnostics: Vec::new(),
            escapes: Vec::new(),
            failure: None,
            linkage: Linkage {
                mode,
                imports: imports.iter().map(|&import| import.to_owned()).collect(),
                alone: alone.then(|| "for a reason".to_owned()),
                main: true,
                goroutines: false,
            },
            cached: false,
        }
    }

    #[test]
    fn programs_share_a_binary_unless_one_could_notice_the_other() {
        let programs = [
            program(&["fmt"], Mode::Plain, false),
            program(
                &["fmt", "strings", "net/url", "crypto/rand"],
                Mode::Plain,
                false,
            ),
            program(&["fmt", "crypto/sha256"], Mode::Plain, false),
            program(&["os", "crypto/sha256"], Mode::Plain, false),
            program(&["fmt"], Mode::Race, false),
            program(&["fmt"], Mode::Plain, true),
            program(&["fmt"], Mode::Plain, true),
        ];
        let mut groups = groups(&programs.iter().collect::<Vec<_>>());
        groups.sort();
        assert_eq!(groups, [vec![0, 1], vec![2, 3], vec![4], vec![5], vec![6]]);
    }

    #[test]
    fn large_groups_are_cut() {
        let one = program(&[], Mode::Plain, false);
        let groups = groups(&vec![&one; PROGRAMS_PER_BINARY + 1]);
        assert_eq!(
            groups.iter().map(Vec::len).collect::<Vec<_>>(),
            [PROGRAMS_PER_BINARY, 1]
        );
    }
}
