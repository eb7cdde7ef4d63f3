//! What is expected: recorded observations, and the claims of a note rewritten where they are wrong.
//!
//! | question | file |
//! | --- | --- |
//! | how is a wrong claim written as its author would have? | [`rewrite`], [`inline`], [`place`], [`words`], [`labels`], [`listing`], [`part`], [`align`], [`storage`] |
//! | does the note still read as it did? | [`check`] |
//! | what changes in its bytes? | [`edit`] |
//! | how do they get to disk without ever being half there? | [`mod@write`] |
//! | what did each program do when it was last blessed? | [`record`], [`recording`] |
//! | what does it do else now? | [`drift`] |
//! | which findings are known, which changes unwanted? | [`baseline`], [`rejected`] |
//!
//! All but [`mod@write`] and the `load` and `save` functions is pure.

pub mod align;
pub mod baseline;
pub mod check;
pub mod drift;
pub mod edit;
pub mod inline;
pub mod labels;
pub mod listing;
pub mod part;
pub mod place;
#[cfg(test)]
mod properties;
pub mod record;
pub mod recording;
pub mod rejected;
pub mod rewrite;
pub mod storage;
#[cfg(test)]
mod word_properties;
pub mod words;
pub mod write;
