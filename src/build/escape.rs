//! The escape report (`-m`), read from the compiler's output.
