//! How the values of `verify.toml` that are written as text, or limited, are read.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de::Error as _};

use super::{go, units};
use crate::claim::Versions;

/// A duration, such as `"10s"`.
pub fn duration<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    parsed(from, units::duration)
}

/// A size, such as `"1GiB"`.
pub fn size<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    parsed(from, units::size)
}

/// A range of Go versions, such as `"<1.22"`.
pub fn range<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Versions>, D::Error> {
    parsed(from, go::parse_range)
}

fn parsed<'de, D: Deserializer<'de>, T>(
    from: D,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(from)?;
    parse(&text).map(Some).map_err(D::Error::custom)
}

/// How many jobs: at least one.
pub fn jobs<'de, D: Deserializer<'de>>(from: D) -> Result<Option<usize>, D::Error> {
    match usize::deserialize(from)? {
        0 => Err(D::Error::custom("at least one job is needed")),
        jobs => Ok(Some(jobs)),
    }
}
