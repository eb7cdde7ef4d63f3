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
