//! What is expected: recorded observations, and the claims of a note rewritten where they are wrong.
//!
//! | question | file |
//! | --- | --- |
//! | how is a wrong claim written as its author would have? | [`rewrite`], [`place`], [`words`], [`listing`], [`align`] |
//! | does the note still read as it did? | [`check`] |
//! | what changes in its bytes? | [`edit`] |
//! | how do they get to disk without ever being half there? | [`write`] |
//!
//! All but [`write`] and the `load` and `save` functions is pure.

pub mod align;
pub mod baseline;
pub mod check;
pub mod drift;
pub mod edit;
pub mod listing;
pub mod place;
#[cfg(test)]
mod properties;
pub mod record;
pub mod recording;
pub mod rejected;
pub mod rewrite;
pub mod words;
pub mod write;
