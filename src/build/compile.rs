//! Compiling one program, as the go command would: with its checks of imports, and nothing of the user's
//! settings.

use std::borrow::Cow;
use std::fs;
use std::process::Command;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::scan::{self, Import};
use super::{Compiled, Diagnostic, Linkage, Task, Unit, diagnostics, escape, inspect};
use crate::toolchain::modules::{Problem, Provided, is_foreign};
use crate::toolchain::process::{self, Finished, Limits};
use crate::toolchain::stdlib::{is_internal, is_standard, own};
use crate::toolchain::{Mode, Toolchain, tools};

/// The file name under which every program is compiled; positions and stack traces show it.
pub const SOURCE_FILE: &str = "main.go";

/// The code of complaints about imports, as the compiler's own.
const BROKEN_IMPORT: &str = "BrokenImport";

/// Compiling an ordinary program takes 40 ms and 100 MB.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(30),
    memory: 2 << 30,
};

/// How the compiler itself runs: several are at work at the same time, and none lives long enough for collecting its
/// garbage to be worth it. A tenth of its processor time.
const LEAN: [(&str, &str); 3] = [
    ("GOMAXPROCS", "1"),
    ("GOGC", "off"),
    ("GOMEMLIMIT", "256MiB"),
];

/// The compiler, ready to use.
#[derive(Debug)]
pub struct Compiler<'a> {
    /// The toolchain it belongs to.
    pub toolchain: &'a Toolchain,
    /// Its binary.
    pub tool: Utf8PathBuf,
    /// The binary of `go vet`, or why there is none.
    pub vet: Result<Utf8PathBuf, String>,
    /// The import configuration; it covers all that the programs may import.
    pub import_configuration: Utf8PathBuf,
    /// What is known of the third-party packages that the programs import.
    pub provided: Provided,
    /// The home folder for tools.
    pub home: &'a Utf8Path,
}

/// A unit with what was found out before compiling it.
#[derive(Debug)]
pub struct Prepared<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// The hash of everything the result depends on, in hexadecimal.
    pub key: String,
    /// What it imports.
    pub imports: Vec<Import>,
}

impl<'a> Prepared<'a> {
    /// Prepares `unit` to be compiled against packages that `identity` names, given what it imports.
    pub fn new(unit: &'a Unit, identity: impl FnOnce(&[String]) -> String) -> Self {
        let imports = scan::imports(&unit.source);
        Self {
            unit,
            key: key(unit, &identity(&paths(&imports))),
            imports,
        }
    }

    /// The package path: unique for the key, and something that no note contains by chance.
    pub fn package(&self) -> String {
        format!("g{}", &self.key[..16])
    }

    /// A result with nothing in it yet.
    pub fn blank(&self) -> Compiled {
        let mut imports = paths(&self.imports);
        imports.sort();
        imports.dedup();
        let alone =
            scan::has_linkname(&self.unit.source).then(|| "it uses //go:linkname".to_owned());
        Compiled {
            object: None,
            package: self.package(),
            diagnostics: Vec::new(),
            escapes: Vec::new(),
            inspected: None,
            failure: None,
            linkage: Linkage {
                mode: self.unit.mode,
                imports,
                alone,
                main: scan::has_main(&self.unit.source),
                goroutines: scan::starts_goroutines(&self.unit.source),
            },
            cached: false,
        }
    }

    /// A result that says only that the compiler could not do its work.
    pub fn failed(&self, reason: impl Into<String>) -> Compiled {
        Compiled {
            failure: Some(reason.into()),
            ..self.blank()
        }
    }

    /// The imports that lie on the shelf of the standard library: its own, internal ones included, and what probes call.
    pub fn standard_imports(&self, goroot: &Utf8Path) -> impl Iterator<Item = &str> {
        let paths = self.imports.iter().map(|import| import.path.as_str());
        paths.filter(move |path| is_standard(goroot, path) || own::is_own(path))
    }

    /// The imports that only a module can have.
    pub fn foreign_imports(&self) -> impl Iterator<Item = &str> {
        let paths = self.imports.iter().map(|import| import.path.as_str());
        paths.filter(|path| is_foreign(path) && !is_internal(path))
    }
}

fn paths(imports: &[Import]) -> Vec<String> {
    imports.iter().map(|import| import.path.clone()).collect()
}

/// Everything that a result depends on, hashed. The first word changes when what gosnip does with a source
/// changes.
fn key(unit: &Unit, identity: &str) -> String {
    let Unit {
        source,
        language,
        debug,
        escapes,
        no_inline,
        mode,
        task,
    } = unit;
    let (mode, debug) = (mode.suffix(), debug.unwrap_or_default());
    let mut settings =
        format!("object-6\0{identity}\0{language}\0{debug}\0{escapes}\0{no_inline}\0{mode}\0");
    if *task != Task::Object {
        settings.push_str(&format!("{task:?}\0"));
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(settings.as_bytes()).update(source.as_bytes());
    hasher.finalize().to_hex().to_string()
}

impl Compiler<'_> {
    /// Compiles a unit in `folder`, which nobody else uses meanwhile, into the file `object`.
    pub fn compile(
        &self,
        prepared: &Prepared<'_>,
        folder: &Utf8Path,
        object: &Utf8Path,
    ) -> Compiled {
        let unit = prepared.unit;
        if unit.language > self.toolchain.language {
            return prepared.failed(format!(
                "{} does not know Go {}; a newer toolchain is needed",
                self.toolchain.version, unit.language
            ));
        }
        if let Some(reason) = self.unavailable(&prepared.imports) {
            return prepared.failed(reason);
        }
        let source = match unit.task {
            // Nothing is linked, and Go's tests of `//line` are about these very comments.
            Task::Check { .. } => Cow::Borrowed(unit.source.as_str()),
            Task::Object | Task::Vet => scan::neutralise(&unit.source),
        };
        let prepare = || {
            let file = match &unit.task {
                Task::Check { file, .. } => file,
                Task::Object | Task::Vet => SOURCE_FILE,
            };
            fs::create_dir_all(folder).and_then(|()| fs::write(folder.join(file), &*source))
        };
        if let Err(error) = prepare() {
            return prepared.failed(format!("{folder} cannot be written: {error}"));
        }
        let command = match &unit.task {
            Task::Object => Ok(self.command(prepared, folder)),
            Task::Check { flags, file, .. } => {
                Ok(inspect::check(self, prepared, folder, flags, file))
            }
            Task::Vet => inspect::vet(self, prepared, folder),
        };
        let command = match command {
            Ok(command) => command,
            Err(reason) => return prepared.failed(reason),
        };
        match process::run(command, LIMITS) {
            Ok(finished) if unit.task == Task::Object => {
                self.judge(prepared, &finished, folder, object)
            }
            Ok(finished) => inspect::judge(prepared, &finished),
            Err(error) => prepared.failed(error.to_string()),
        }
    }

    fn command(&self, prepared: &Prepared<'_>, folder: &Utf8Path) -> Command {
        let unit = prepared.unit;
        let mut command = Command::new(&self.tool);
        tools::isolate(&mut command, self.home);
        command.current_dir(folder).env("TMPDIR", folder);
        command.envs(LEAN);
        command.args([
            "-o",
            "object.a",
            "-p",
            &prepared.package(),
            "-trimpath",
            folder.as_str(),
        ]);
        command.args(["-importcfg", self.import_configuration.as_str()]);
        command.arg(format!("-lang=go{}", unit.language));
        command.args(unit.debug.map(|settings| format!("-d={settings}")));
        // Without what only debuggers read: a tenth of the time.
        command.args(["-pack", "-complete", "-e", "-errorurl", "-dwarf=false"]);
        let flags = [
            (unit.escapes, "-m"),
            (unit.no_inline, "-l"),
            (unit.mode == Mode::Race, "-race"),
        ];
        command.args(
            flags
                .into_iter()
                .filter(|(wanted, _)| *wanted)
                .map(|(_, flag)| flag),
        );
        command.arg(SOURCE_FILE);
        command
    }

    fn judge(
        &self,
        prepared: &Prepared<'_>,
        finished: &Finished,
        folder: &Utf8Path,
        object: &Utf8Path,
    ) -> Compiled {
        let mut compiled = prepared.blank();
        let refused = self.refused_imports(&prepared.imports);
        if prepared.unit.escapes {
            compiled.escapes = escape::parse(&finished.output, &compiled.package);
        }
        if !finished.status.success() {
            compiled.diagnostics = diagnostics::parse(&finished.output, &compiled.package);
            escape::leave_complaints(&mut compiled.diagnostics);
            if let Some(reason) = breakdown(&compiled.diagnostics, finished) {
                return prepared.failed(reason);
            }
        }
        if !refused.is_empty() {
            replace_import_complaints(&mut compiled.diagnostics, refused);
        } else if finished.status.success() {
            match fs::rename(folder.join("object.a"), object) {
                Ok(()) => compiled.object = Some(object.to_owned()),
                Err(error) => {
                    return prepared.failed(format!("{object} cannot be written: {error}"));
                }
            }
        }
        compiled
    }

    /// The reason, if an import should be there and could not be had.
    fn unavailable(&self, imports: &[Import]) -> Option<&str> {
        imports
            .iter()
            .find_map(|import| match self.provided.problems.get(&import.path)? {
                Problem::Failed(reason) => Some(reason.as_str()),
                Problem::Absent(_) => None,
            })
    }

    /// What the go command refuses before it starts the compiler.
    fn refused_imports(&self, imports: &[Import]) -> Vec<Diagnostic> {
        let problem = |import: &Import| {
            let path = import.path.as_str();
            if path == "C" {
                Some("import \"C\" needs cgo, which is not available here".to_owned())
            } else if is_internal(path) && !is_test_support(import) {
                Some(format!("use of internal package {path} not allowed"))
            } else if let Some(Problem::Absent(text)) = self.provided.problems.get(path) {
                Some(text.clone())
            } else if self.provided.archives.contains_key(path)
                || is_standard(&self.toolchain.goroot, path)
                || own::is_own(path) && import.name == own::NAME
            {
                None
            } else {
                let beside = match path.starts_with('.') {
                    true => ": it is a folder beside the program, which is not here",
                    false => "",
                };
                Some(format!("package {path} is not in std{beside}"))
            }
        };
        let complaint = |import: &Import| {
            Some(Diagnostic {
                line: import.line,
                column: import.column,
                message: problem(import)?,
                code: Some(BROKEN_IMPORT.to_owned()),
            })
        };
        imports.iter().filter_map(complaint).collect()
    }
}

/// What the `main` that `go test` generates imports, and so does ours.
fn is_test_support(import: &Import) -> bool {
    import.path == "testing/internal/testdeps" && import.name == "gosniptestdeps"
}

/// Puts the go command's complaints about imports in the place of the compiler's, which say only that a
/// file is missing.
fn replace_import_complaints(diagnostics: &mut Vec<Diagnostic>, refused: Vec<Diagnostic>) {
    diagnostics.retain(|found| {
        let same_place =
            |other: &Diagnostic| (other.line, other.column) == (found.line, found.column);
        found.code.as_deref() != Some(BROKEN_IMPORT) || !refused.iter().any(same_place)
    });
    diagnostics.extend(refused);
    diagnostics.sort_by_key(|found| (found.line, found.column));
}

/// Whether a package could not be read that the import configuration promises: somebody cleaned the cache, or
/// the disk is damaged. (One that it does not have is `file not found`, or a file without a name.)
fn is_lost_package(found: &Diagnostic) -> bool {
    let Some((_, why)) =
        (found.message.strip_prefix("could not import ")).and_then(|rest| rest.split_once(" ("))
    else {
        return false;
    };
    // Some paths nobody may import, whatever there is.
    let refused = why.starts_with("import path ") || why.starts_with("cannot import ");
    !refused && why != "file not found)" && !why.starts_with("open : ")
}

/// The reason, if the compiler itself came to grief rather than the program.
fn breakdown(diagnostics: &[Diagnostic], finished: &Finished) -> Option<String> {
    let internal = |found: &&Diagnostic| found.message.starts_with("internal compiler error");
    if let Some(found) = diagnostics.iter().find(internal) {
        return Some(format!("the compiler failed: {}", found.message));
    }
    if let Some(found) = diagnostics.iter().find(|found| is_lost_package(found)) {
        return Some(format!(
            "the cache changed meanwhile, run again: {}",
            found.message
        ));
    }
    if !diagnostics.is_empty() {
        return None;
    }
    let output: Vec<_> = finished.output.lines().take(5).collect();
    Some(format!(
        "the compiler failed ({}): {}",
        finished.status,
        output.join("\n")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_vanished_from_the_cache_is_no_fault_of_the_program() {
        let complaint = |message: &str| Diagnostic {
            line: 1,
            column: 1,
            message: message.to_owned(),
            code: Some(BROKEN_IMPORT.to_owned()),
        };
        let vanished = "could not import fmt (open /cache/std/fmt.a: no such file or directory)";
        assert!(is_lost_package(&complaint(vanished)));
        for unknown in [
            "(file not found)",
            "(open : no such file or directory)",
            "(import path cannot be absolute path)",
            "(cannot import \"main\")",
        ] {
            let message = format!("could not import a/b {unknown}");
            assert!(!is_lost_package(&complaint(&message)));
        }
        assert!(!is_lost_package(&complaint(
            "\"fmt\" imported and not used"
        )));
    }
}
