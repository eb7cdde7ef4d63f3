//! Starting the toolchain's own commands in an environment that the user's settings do not reach.

use std::process::Command;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::Toolchain;
use super::process::{self, Limits, ProcessError};

/// A toolchain cannot do what it should.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// A tool is neither in its place nor known to the `go` command.
    #[error(
        "{goroot} ({version}) has no {tool}: there is no {path}, and `go tool -n {tool}` says {said:?}; \
         install the complete Go distribution, or choose another with --go"
    )]
    Missing {
        /// The GOROOT.
        goroot: Utf8PathBuf,
        /// Its version.
        version: String,
        /// The tool.
        tool: &'static str,
        /// Where it was expected.
        path: Utf8PathBuf,
        /// What the `go` command says.
        said: String,
    },
    /// The `go` command cannot be run.
    #[error(transparent)]
    Process(#[from] ProcessError),
}

/// Where `tool` (`compile`, `link`) of the toolchain is: in its usual place or where `go` says.
pub fn locate(
    toolchain: &Toolchain,
    tool: &'static str,
    home: &Utf8Path,
) -> Result<Utf8PathBuf, ToolError> {
    let path = toolchain
        .tool(tool)
        .with_extension(std::env::consts::EXE_EXTENSION);
    if path.is_file() {
        return Ok(path);
    }
    let mut command = go(toolchain, home);
    command.args(["tool", "-n", tool]);
    let finished = process::run(
        command,
        Limits {
            time: Duration::from_secs(60),
            memory: 4 << 30,
        },
    )?;
    let said = finished.output.trim();
    if finished.status.success() && Utf8Path::new(said).is_file() {
        return Ok(Utf8PathBuf::from(said));
    }
    Err(ToolError::Missing {
        goroot: toolchain.goroot.clone(),
        version: toolchain.version.clone(),
        tool,
        path,
        said: said.to_owned(),
    })
}

/// The `go` command in an environment of its own: see [`isolate`].
pub fn go(toolchain: &Toolchain, home: &Utf8Path) -> Command {
    let mut command = Command::new(toolchain.go());
    isolate(&mut command, home);
    command.env("GOROOT", &toolchain.goroot);
    command
}

/// Takes every Go setting of the user out of the command's environment (flags, experiments, module
/// proxies, workspaces, another toolchain) and puts its home, build cache and module cache below `home`,
/// so that neither the user's settings change results nor anything of the user's is changed.
pub fn isolate(command: &mut Command, home: &Utf8Path) {
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("GO") || name.starts_with("CGO_") || name.starts_with("XDG_") {
            command.env_remove(name.as_ref());
        }
    }
    for (name, value) in [
        ("GOENV", "off"),
        ("GOFLAGS", ""),
        ("GOTOOLCHAIN", "local"),
        ("GOPROXY", "off"),
        ("GOWORK", "off"),
        ("GOTELEMETRY", "off"),
        ("CGO_ENABLED", "0"),
        ("LC_ALL", "C"),
    ] {
        command.env(name, value);
    }
    command.env("HOME", home);
    command.env("GOPATH", home.join("go"));
    command.env("GOCACHE", home.join("go-build"));
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use super::*;
    use crate::toolchain::Language;

    /// A toolchain without tools, whose `go` command is a script.
    fn toolchain(folder: &tempfile::TempDir, script: &str) -> Toolchain {
        let goroot = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        fs::create_dir_all(goroot.join("bin")).unwrap();
        // Written by another process: a file that this one has open for writing may be inherited by what
        // other tests start meanwhile, and then it cannot be run ("text file busy").
        let write = "printf '#!/bin/sh\\n%s\\n' \"$2\" > \"$1\" && chmod 755 \"$1\"";
        let mut writer = Command::new("sh");
        writer.args(["-c", write, "sh", goroot.join("bin/go").as_str(), script]);
        assert!(writer.status().unwrap().success());
        Toolchain {
            goroot,
            version: "go1.26.8".to_owned(),
            language: Language { minor: 26 },
            source: "made for a test".to_owned(),
        }
    }

    #[test]
    fn a_tool_in_another_place_is_found_through_the_go_command() {
        let folder = tempfile::tempdir().unwrap();
        let toolchain = toolchain(&folder, "[ \"$*\" = 'tool -n compile' ] && echo /bin/sh");
        assert_eq!(
            locate(&toolchain, "compile", &toolchain.goroot).unwrap(),
            "/bin/sh"
        );
    }

    #[test]
    fn a_missing_tool_is_named_with_what_the_go_command_says() {
        let folder = tempfile::tempdir().unwrap();
        let toolchain = toolchain(&folder, "echo 'no such tool' >&2; exit 2");
        let error = locate(&toolchain, "link", &toolchain.goroot)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("has no link") && error.contains("no such tool"),
            "{error}"
        );
    }

    #[test]
    fn the_users_go_settings_do_not_reach_a_tool() {
        let mut command = Command::new("go");
        isolate(&mut command, Utf8Path::new("/nowhere"));
        let set = |name: &str| {
            command
                .get_envs()
                .find(|(key, _)| *key == name)
                .and_then(|(_, value)| value)
        };
        assert_eq!(set("GOTOOLCHAIN").unwrap(), "local");
        assert_eq!(set("GOFLAGS").unwrap(), "");
        assert_eq!(set("HOME").unwrap(), "/nowhere");
    }
}
