//! Whether it is a block that is wrong, or what was carried into its program: another state of something, of which no state
//! that the note shows fits.

use crate::observation::Complaint;
use crate::snippet::Draft;
use crate::snippet::context::{Context, Declaration};

/// The declarations of other blocks that all complaints are about: they stand in them, or name one of which the note has
/// several versions. Then it is not the block that is wrong.
pub fn unfit(context: &Context, complaints: &[&Complaint], draft: &Draft) -> Vec<String> {
    let own = draft.snippet.block;
    let mut names = Vec::new();
    for complaint in complaints {
        let stands_in = |carried: &&Declaration| {
            let snippet = context.snippet(carried.block);
            complaint.place.is_some_and(|place| {
                place.block == carried.block
                    && snippet.is_some_and(|it| it.items[carried.item].span.contains(&place.offset))
            })
        };
        let words = || {
            let message = complaint.diagnostic.message.as_str();
            message.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        };
        let named = |carried: &&Declaration| {
            complaint.place.is_none_or(|place| place.block == own)
                && context.versions(&carried.name) > 1
                && words().any(|word| word == carried.name)
        };
        let found = draft.carried.iter().find(stands_in);
        let Some(found) = found.or_else(|| draft.carried.iter().find(named)) else {
            return Vec::new();
        };
        if !names.contains(&found.name) {
            names.push(found.name.clone());
        }
    }
    names
}
