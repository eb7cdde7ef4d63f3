//! The `gosnip` command: arguments → settings → command → exit code.

fn main() {
    gosnip::run::sandbox::launch_if_asked();
}
