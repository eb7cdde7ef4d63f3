//! The standard library: which package a name comes from, and where its export data lies.
