//! The `gosnip` command: arguments → settings → command → exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    gosnip::cli::run(std::env::args_os()).into()
}
