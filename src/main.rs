//! The `gosnip` command: arguments → settings → command → exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    // A process of a note's program starts as gosnip, which sets up the sandbox and becomes it.
    gosnip::run::sandbox::launch_if_asked();
    gosnip::cli::run(std::env::args_os()).into()
}
