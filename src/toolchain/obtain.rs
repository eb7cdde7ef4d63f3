//! Obtaining a Go toolchain when the machine has none.
