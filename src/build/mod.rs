//! From programs to executables: compile each program directly, link all of one kind once.
//!
//! `go build` links every program by itself, and linking is most of the cost (measured: a program
//! compiled costs a tenth of `go run`). Here each source is compiled as a package of its own by the
//! toolchain's compiler; a small dispatcher calls the `main` of the one that a process is to run.

mod builder;
mod cache;
mod compile;
pub mod diagnostics;
mod dispatch;
pub mod escape;
mod link;
mod map_order;
mod object;
pub(crate) mod parallel;
mod scan;

pub use builder::{Builder, Notice, Options};
pub use compile::SOURCE_FILE;
pub use dispatch::{DISPATCHER_FILE, STACK_LIMIT};
pub use map_order::MapOrder;

use camino::Utf8PathBuf;

use crate::toolchain::{Language, Mode};

/// What the compiler is to compile: one complete Go file of package `main`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unit {
    /// The whole source text. Everything that the result depends on is in the unit, so that its hash
    /// can be a cache key.
    pub source: String,
    /// The language version for `-lang`.
    pub language: Language,
    /// What `-d` tells the compiler, if anything: so it can be made to do what older ones did.
    pub debug: Option<&'static str>,
    /// Whether the escape report (`-m`) is wanted.
    pub escapes: bool,
    /// Whether inlining is off (`-l`), for escape claims made with `-gcflags=-l`.
    pub no_inline: bool,
    /// What standard library it is compiled against.
    pub mode: Mode,
}

/// What came of compiling one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// The object (an archive as `compile -pack` writes it); `None` if it does not compile.
    pub object: Option<Utf8PathBuf>,
    /// The package path it was compiled under; unique for the unit, and never to be shown: output has
    /// `main` put back in its place.
    pub package: String,
    /// Everything the compiler complained of.
    pub diagnostics: Vec<Diagnostic>,
    /// The escape report, when the unit asked for one.
    pub escapes: Vec<Escape>,
    /// The compiler itself failed (time, memory, crash): the reason. Then nothing else is meaningful.
    pub failure: Option<String>,
    /// What linking needs to know.
    pub linkage: Linkage,
    /// Whether the result came from the cache.
    pub cached: bool,
}

/// What linking needs to know of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Linkage {
    /// The mode it was compiled for.
    pub mode: Mode,
    /// The packages it imports.
    pub imports: Vec<String>,
    /// Why it must not share a binary with other programs, if so.
    pub alone: Option<String>,
    /// Whether it declares `func main`; without, it can be compiled but not linked.
    pub main: bool,
}

/// A complaint of the compiler, in the coordinates of [`Unit::source`].
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Diagnostic {
    /// Line of the source, from 1.
    pub line: u32,
    /// Column in bytes, from 1.
    pub column: u32,
    /// The message, without position and code; continuation lines are joined with `\n`.
    pub message: String,
    /// The code from `-errorurl`, such as `UnusedVar`; syntax errors have none.
    pub code: Option<String>,
}

/// One line of the escape report, in the coordinates of [`Unit::source`].
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Escape {
    /// Line of the source, from 1.
    pub line: u32,
    /// Column in bytes, from 1.
    pub column: u32,
    /// The message as the compiler words it, such as `moved to heap: x`.
    pub message: String,
}

/// Something that can be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executable {
    /// The binary.
    pub binary: Utf8PathBuf,
    /// What to pass as the first argument so that a shared binary runs this program; the program
    /// itself sees `os.Args` with one element, as if it had been started alone.
    pub selector: Option<String>,
    /// Whether the order of its maps can be chosen, by the argument after that ([`MapOrder`]).
    pub steerable: bool,
    /// The package path to replace by `main` in what it prints.
    pub package: String,
    /// Whether it shares its binary with others.
    pub merged: bool,
}
