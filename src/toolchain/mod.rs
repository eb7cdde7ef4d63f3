//! Go toolchains: finding one, obtaining one, and what gosnip knows of its standard library.

pub mod archives;
pub mod find;
pub mod lock;
mod mode;
pub mod modules;
pub mod obtain;
pub mod places;
pub mod process;
pub mod stdlib;
pub mod tools;
pub mod version;

use camino::Utf8PathBuf;

pub use mode::Mode;
pub use version::Version;

/// A Go language version, such as 1.22.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language {
    /// The number after `1.`.
    pub minor: u32,
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "1.{}", self.minor)
    }
}

/// A Go installation that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolchain {
    /// Its GOROOT.
    pub goroot: Utf8PathBuf,
    /// What its `VERSION` file says, for example `go1.26.8`.
    pub version: String,
    /// Its language version.
    pub language: Language,
    /// How it was found, for a person to read ("on PATH", "in gosnip's cache").
    pub source: String,
}

impl Language {
    /// The oldest language version that gosnip works with.
    pub const OLDEST: Self = Self { minor: 21 };
}

impl Toolchain {
    /// The `go` command.
    pub fn go(&self) -> Utf8PathBuf {
        self.goroot.join("bin/go")
    }

    /// A tool of the toolchain, `compile` or `link`.
    pub fn tool(&self, name: &str) -> Utf8PathBuf {
        self.goroot
            .join("pkg/tool")
            .join(format!("{}_{}", go_os(), go_arch()))
            .join(name)
    }
}

/// GOOS of this machine.
pub fn go_os() -> &'static str {
    match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    }
}

/// GOARCH of this machine.
pub fn go_arch() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    }
}
