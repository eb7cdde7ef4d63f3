//! gosnip checks what Go notes claim.
//!
//! The data goes one way: note → block → snippet → program → observation → verdict → report.

/// A regular expression that is compiled once.
macro_rules! pattern {
    ($(#[$doc:meta])* $visible:vis $name:ident, $text:expr) => {
        $(#[$doc])*
        $visible static $name: ::std::sync::LazyLock<::regex::Regex> =
            ::std::sync::LazyLock::new(|| ::regex::Regex::new($text).expect("a constant"));
    };
}

mod bounded;
pub mod build;
pub mod chance;
pub mod claim;
pub mod cli;
pub mod exit;
pub mod expected;
pub mod history;
pub mod note;
pub mod observation;
pub mod pipeline;
pub mod position;
pub mod program;
pub mod report;
pub mod run;
pub mod settings;
pub mod snippet;
mod temporary;
pub mod toolchain;
pub mod verdict;
