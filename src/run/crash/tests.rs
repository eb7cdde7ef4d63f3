//! The form of crash reports; the texts that Go really produces are tried in `tests/run_crashes.rs`.
