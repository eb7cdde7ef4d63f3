//! What programs need of the language and the library, and since when there is that: a claim holds in no version that
//! lacks it.

use std::collections::{BTreeMap, BTreeSet};

use crate::claim::{Claim, Kind};
use crate::history;
use crate::history::features::{self, Needed};
use crate::history::range::{Bound, Range};
use crate::observation::Observation;
use crate::program::{Conditions, Role};
use crate::toolchain::Language;

use super::judging::Judged;
use super::matrix::Trial;
use super::ranging::Question;

/// A language so old that it lacks everything that came to it since there are modules: compilers say of each
/// thing in which version it came.
const ANCIENT: Language = Language { minor: 12 };

/// A block of a note with one of the toolchains: indices of toolchain, note and block.
pub type Block = (usize, usize, usize);

/// Give the claims their ranges, without the versions that lack what their programs need.
pub fn limit(questions: &[Question], judged: &mut [(Judged, Option<Range>)], trials: &[Trial]) {
    let Some(newest) = trials.len().checked_sub(1) else {
        return;
    };
    let reaches = |(question, (_, range)): (&Question, &(Judged, Option<Range>))| {
        range
            .filter(|range| may_reach(question.claim, *range))
            .map(|_| (newest, question.note, question.claim.block))
    };
    let blocks: BTreeSet<Block> = questions
        .iter()
        .zip(judged.iter())
        .filter_map(reaches)
        .collect();
    let plain = |it: &&Observation| it.program.role == Role::Plain && it.compiled;
    let needed = came_with(&blocks, trials, plain);
    for (question, (judged, range)) in questions.iter().zip(judged) {
        let Some(mut range) = *range else {
            continue;
        };
        let block = (newest, question.note, question.claim.block);
        if may_reach(question.claim, range) {
            let observations = trials[newest].work.of(block.1, block.2).iter();
            let library = observations.filter(plain).map(history::least_library).max();
            let language = needed.get(&block).and_then(|needed| needed.first());
            let least = language.map(|needed| needed.since).max(library);
            range = reaching(range, least.unwrap_or(0));
        }
        judged.holds = range.to_string();
    }
}

/// A range that ends with a known change, without the versions that lack what the programs need: 1.`least` is the first
/// one that has it. If that is all of the range, it was meant of the language: a newer Go can be told to take an older
/// one.
fn reaching(range: Range, least: u32) -> Range {
    match (lower_end(range), range.upper) {
        (Some(lower), Bound::Exact(upper)) if (lower + 1..upper).contains(&least) => {
            Range::until(upper, least)
        }
        _ => range,
    }
}

/// Whether it is of interest what the programs need, for the range of a claim.
fn may_reach(claim: &Claim, range: Range) -> bool {
    let known = lower_end(range).is_some() && matches!(range.upper, Bound::Exact(_));
    known && claim.kind != Kind::CompileError
}

/// The first version of a range that does not just begin where versions were tried.
fn lower_end(range: Range) -> Option<u32> {
    match range.lower {
        Bound::Open => Some(0),
        Bound::Exact(lower) => Some(lower),
        Bound::Tried(_) => None,
    }
}

/// What programs of these blocks use that older languages lack, the newest first; all blocks of a toolchain at once.
///
/// What an old language lacks hides what came later, so after each round the next one asks for the newest
/// language that was named.
pub fn came_with(
    blocks: &BTreeSet<Block>,
    trials: &[Trial],
    counts: impl Fn(&&Observation) -> bool,
) -> BTreeMap<Block, Vec<Needed>> {
    let mut found: BTreeMap<Block, Vec<Needed>> = BTreeMap::new();
    for (number, trial) in trials.iter().enumerate() {
        let own = blocks.iter().filter(|block| block.0 == number);
        let mut asked: BTreeMap<Block, Language> = own.map(|block| (*block, ANCIENT)).collect();
        while !asked.is_empty() {
            let (mut owners, mut programs) = (Vec::new(), Vec::new());
            for (block, language) in &asked {
                let observations = trial.work.of(block.1, block.2).iter();
                for observation in observations.filter(|it| it.compiled && counts(it)) {
                    owners.push(*block);
                    programs.push((observation, Conditions::plain(*language)));
                }
            }
            for (block, settled) in owners.iter().zip(trial.engine.recompile(&programs)) {
                let complaints = settled.compiled.diagnostics.iter();
                let needed = complaints.filter_map(|it| features::required(&it.message));
                found.entry(*block).or_default().extend(needed);
            }
            asked = asked
                .into_iter()
                .filter_map(|(block, language)| {
                    let named = found.get(&block)?.iter().map(|needed| needed.since);
                    let minor = named.max().filter(|newest| *newest > language.minor)?;
                    Some((block, Language { minor }))
                })
                .collect();
        }
    }
    for needed in found.values_mut() {
        needed.sort_by_key(|needed| (std::cmp::Reverse(needed.since), needed.what.is_empty()));
        needed.dedup_by_key(|needed| needed.since);
    }
    found
}
