//! Settings: `verify.toml` and the command line, made into what they mean.
