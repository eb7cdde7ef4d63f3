//! The compiler's complaints, read from its output.
