//! What the compiler (with any flags) and `go vet` say of a source, without making anything of it.
//!
//! A check is what Go's own test runner does for `// errorcheck`: the source as it stands, its flags, and no
//! columns in what the compiler says. Foreign code is hostile, so only flags are passed on that write nothing.

use std::fs;
use std::process::Command;
use std::sync::LazyLock;

use camino::Utf8Path;
use regex::Regex;

use super::compile::{Compiler, Prepared, SOURCE_FILE};
use super::diagnostics::positioned;
use super::{Compiled, Diagnostic, Inspected, Task};
use crate::toolchain::process::Finished;
use crate::toolchain::tools;

/// Flags that change what the compiler says or how it compiles, and take no file.
static HARMLESS: LazyLock<Regex> = LazyLock::new(|| {
    let debug = r"(?:[a-z]\w*|ssa/\w+/\w+)(?:=\d+)?";
    Regex::new(&format!(
        r"^-(?:[+BCEKLNeljmwtv]|[lmcv]=\d+|live|race|std|complete|smallframes|dwarf(?:=\w+)?|lang=go1\.\d+|wb=(?:true|false)|d={debug}(?:,{debug})*)$"
    ))
    .expect("a constant")
});

/// The first of the flags that is not passed on to the compiler.
pub fn refused(flags: &[String]) -> Option<&str> {
    flags
        .iter()
        .map(String::as_str)
        .find(|flag| !HARMLESS.is_match(flag))
}

/// The command of a check, as Go's test runner starts the compiler.
pub fn check(
    compiler: &Compiler<'_>,
    prepared: &Prepared<'_>,
    folder: &Utf8Path,
    flags: &[String],
    file: &str,
) -> Command {
    let mut command = Command::new(&compiler.tool);
    tools::isolate(&mut command, compiler.home);
    command.current_dir(folder).env("TMPDIR", folder);
    command.args(["-p=p", "-d=panic", "-C", "-e", "-o", "object.a"]);
    command.args(["-trimpath", folder.as_str()]);
    command.args(["-importcfg", compiler.import_configuration.as_str()]);
    command.arg(format!("-lang=go{}", prepared.unit.language));
    command.args(flags.iter().filter(|flag| HARMLESS.is_match(flag)));
    command.arg(file);
    command
}

/// The command that vets the source, the way the go command starts the tool: with a file that says what
/// to look at.
pub fn vet(
    compiler: &Compiler<'_>,
    prepared: &Prepared<'_>,
    folder: &Utf8Path,
) -> Result<Command, String> {
    let tool = compiler.vet.as_ref().map_err(Clone::clone)?;
    let archives = fs::read_to_string(&compiler.import_configuration)
        .map_err(|error| format!("{} cannot be read: {error}", compiler.import_configuration))?;
    let packages: serde_json::Map<String, serde_json::Value> = archives
        .lines()
        .filter_map(|line| line.strip_prefix("packagefile ")?.split_once('='))
        .map(|(path, archive)| (path.to_owned(), archive.into()))
        .collect();
    let imports: serde_json::Map<_, _> = packages
        .keys()
        .map(|path| (path.clone(), path.clone().into()))
        .collect();
    let configuration = serde_json::json!({
        "ID": "main",
        "Compiler": "gc",
        "Dir": folder.as_str(),
        "ImportPath": "main",
        "GoVersion": format!("go{}", prepared.unit.language),
        "GoFiles": [SOURCE_FILE],
        "ImportMap": imports,
        "PackageFile": packages,
        "PackageVetx": {},
        "VetxOnly": false,
        "VetxOutput": "facts",
        "SucceedOnTypecheckFailure": false,
    });
    let path = folder.join("vet.cfg");
    fs::write(&path, configuration.to_string())
        .map_err(|error| format!("{path} cannot be written: {error}"))?;
    let mut command = Command::new(tool);
    tools::isolate(&mut command, compiler.home);
    command.current_dir(folder).env("TMPDIR", folder);
    command.arg("vet.cfg");
    Ok(command)
}

/// What was said, and whether the tool was content.
pub fn judge(prepared: &Prepared<'_>, finished: &Finished) -> Compiled {
    let accepted = finished.status.success();
    let file = match &prepared.unit.task {
        Task::Check { file, .. } => file,
        Task::Object | Task::Vet => SOURCE_FILE,
    };
    let messages = messages(&finished.output, file);
    let speaks = |line: &str| line.contains(".go:");
    if !accepted && messages.is_empty() && !finished.output.lines().any(speaks) {
        let output: Vec<&str> = finished.output.lines().take(5).collect();
        return prepared.failed(format!(
            "the tool failed ({}): {}",
            finished.status,
            output.join("\n")
        ));
    }
    Compiled {
        inspected: Some(Inspected {
            accepted,
            file: file.to_owned(),
            messages,
        }),
        ..prepared.blank()
    }
}

/// Every message about the source; lines that start with a tab go on with the message before them. What is
/// said of other files is left out.
fn messages(output: &str, file: &str) -> Vec<Diagnostic> {
    let mut messages: Vec<Diagnostic> = Vec::new();
    let mut open = false;
    for line in output.lines() {
        let line = line.trim_end_matches('\r');
        if line.starts_with('\t') {
            if let Some(last) = messages.last_mut().filter(|_| open) {
                last.message.push('\n');
                last.message.push_str(line);
            }
            continue;
        }
        // `//line` may give the file a folder.
        let line = match line.find(&format!("/{file}:")) {
            Some(at) if !line[..at].contains(' ') && line.starts_with(|c: char| c != '/') => {
                &line[at + 1..]
            }
            _ => line,
        };
        let generated = line
            .strip_prefix("<autogenerated>:")
            .and_then(|rest| rest.split_once(' '));
        let found = match (positioned(line, file), generated) {
            (Some(found), _) => Some(Diagnostic {
                line: found.line,
                column: found.column,
                message: found.message.to_owned(),
                code: None,
            }),
            (None, Some((_, message))) => Some(Diagnostic {
                line: 0,
                column: 1,
                message: message.to_owned(),
                code: None,
            }),
            (None, None) => None,
        };
        open = found.is_some();
        messages.extend(found);
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_flags_that_write_nothing_are_passed_on() {
        let flags = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        for fine in [
            "-m -l",
            "-m=2",
            "-d=ssa/check_bce/debug=1",
            "-d=panic,escapealias=1",
            "-lang=go1.17",
            "-N -race",
        ] {
            assert_eq!(refused(&flags(fine)), None, "{fine}");
        }
        for (bad, flag) in [
            ("-m -o=x", "-o=x"),
            ("-d=dumpinlfuncprops=/tmp/x", "-d=dumpinlfuncprops=/tmp/x"),
            ("-cpuprofile=x", "-cpuprofile=x"),
            ("-importcfg=x", "-importcfg=x"),
        ] {
            assert_eq!(refused(&flags(bad)), Some(flag));
        }
    }

    #[test]
    fn messages_have_lines_and_continuations() {
        let output = "main.go:3: cannot use x\n\thave a\n\twant b\n\
            <autogenerated>:1: inlining call to T.M\n\
            /go/src/fmt/print.go:5: y escapes\n\tmore of it\nmain.go:4:2: unreachable code\n";
        let found: Vec<_> = messages(output, "main.go")
            .into_iter()
            .map(|message| (message.line, message.message))
            .collect();
        assert_eq!(
            found,
            [
                (3, "cannot use x\n\thave a\n\twant b".to_owned()),
                (0, "inlining call to T.M".to_owned()),
                (4, "unreachable code".to_owned()),
            ]
        );
    }
}
