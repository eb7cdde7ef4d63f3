//! The claims of a note, found by their block without looking at all the others: a note may have very many of both.

use std::ops::Deref;

use crate::claim::Claim;

/// Claims in the order of the note.
#[derive(Debug, Clone, Default)]
pub struct Claims {
    all: Vec<Claim>,
    /// For each block, the places of its claims.
    places: Vec<Vec<usize>>,
}

impl Claims {
    /// Keep those that satisfy `wanted`.
    pub fn retain(&mut self, wanted: impl FnMut(&Claim) -> bool) {
        self.all.retain(wanted);
        *self = Self::from(std::mem::take(&mut self.all));
    }

    /// Those about a block.
    pub fn of(&self, block: usize) -> impl Iterator<Item = &Claim> + Clone {
        let places = self.places.get(block).map_or(&[][..], Vec::as_slice);
        places.iter().map(|&place| &self.all[place])
    }
}

impl From<Vec<Claim>> for Claims {
    fn from(all: Vec<Claim>) -> Self {
        let blocks = all.iter().map(|claim| claim.block + 1).max().unwrap_or(0);
        let mut places = vec![Vec::new(); blocks];
        for (place, claim) in all.iter().enumerate() {
            places[claim.block].push(place);
        }
        Self { all, places }
    }
}

impl Deref for Claims {
    type Target = [Claim];

    fn deref(&self) -> &[Claim] {
        &self.all
    }
}
