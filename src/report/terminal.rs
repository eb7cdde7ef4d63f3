//! The terminal report: diagnostics with the note's line, and a summary.
