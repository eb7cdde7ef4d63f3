//! The package that probes call. It lies on the shelf beside the standard library: a program with probes imports it
//! instead of carrying its functions, which took the compiler three times as long as the program itself.

use std::sync::LazyLock;

/// Its source.
pub const SOURCE: &str = include_str!("probe.go");

/// The name that programs import it under.
pub const NAME: &str = "gosnipprobe";

/// Its import path. It tells the source, so that a program is compiled against the very package that it was
/// rendered for, whatever lies in a cache.
pub static PATH: LazyLock<String> = LazyLock::new(|| {
    let hash = blake3::hash(SOURCE.as_bytes()).to_hex();
    format!("gosnip/probe-{}", &hash[..8])
});

/// What it imports.
pub const IMPORTS: [&str; 4] = ["fmt", "os", "reflect", "runtime"];

/// Whether an import is of this package.
pub fn is_own(path: &str) -> bool {
    path == *PATH
}
