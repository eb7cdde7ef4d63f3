//! Finding a Go toolchain without running unknown binaries.
