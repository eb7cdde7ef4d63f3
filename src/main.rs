//! The `gosnip` command: arguments → settings → command → exit code.

fn main() {}
