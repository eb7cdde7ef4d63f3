//! Aligning what a note expects with what Go printed: which old item became which new one.

/// What an old item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// It stands for itself.
    Plain,
    /// It stands for any number of new items: `...` among lines, `[..]` among words.
    Wild,
    /// It need not stand for anything: an empty line that sets output apart.
    Optional,
}

/// One step of an alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The old item became the new one (or is the same).
    Pair(usize, usize),
    /// The old item stays without a counterpart: a wildcard, or an optional item.
    Stay(usize),
    /// The old item is gone.
    Gone(usize),
    /// The new item was added.
    Added(usize),
}

/// Costs, in an order that makes the alignment that a reader would: equal items first, then an item
/// replaced by another, then items gone and added. A wildcard swallows new items almost for nothing, but
/// an item that is there by name is preferred.
const REPLACED: u32 = 100;
const GONE: u32 = 120;
const ADDED: u32 = 120;
const SWALLOWED: u32 = 1;
const STAYS: u32 = 2;

/// Align `old` items with `new` ones (by count); `same(old, new)` says which are equal.
pub fn align(old: &[Item], new: usize, same: impl Fn(usize, usize) -> bool) -> Vec<Step> {
    let width = new + 1;
    // cost[i * width + j]: the cheapest way to align old[i..] with new[j..].
    let mut cost = vec![0u32; (old.len() + 1) * width];
    for i in (0..=old.len()).rev() {
        for j in (0..=new).rev() {
            if i == old.len() && j == new {
                continue;
            }
            cost[i * width + j] = options(old, new, i, j, &same)
                .map(|(_, price, (i, j))| price + cost[i * width + j])
                .min()
                .unwrap_or_default();
        }
    }
    let mut steps = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new {
        let Some((step, _, next)) = options(old, new, i, j, &same)
            .min_by_key(|(_, price, (i, j))| price + cost[i * width + j])
        else {
            break;
        };
        steps.extend(step);
        (i, j) = next;
    }
    steps
}

type Choice = (Option<Step>, u32, (usize, usize));

/// What can be done at `old[i]`, `new[j]`: the step, its price, and where it leads. Swallowing is no step.
fn options<'a>(
    old: &'a [Item],
    new: usize,
    i: usize,
    j: usize,
    same: &'a impl Fn(usize, usize) -> bool,
) -> impl Iterator<Item = Choice> + 'a {
    let here = old.get(i).copied();
    let pair = (j < new)
        .then(|| match here? {
            Item::Plain if same(i, j) => Some(0),
            Item::Plain => Some(REPLACED),
            Item::Optional if same(i, j) => Some(0),
            Item::Optional | Item::Wild => None,
        })
        .flatten()
        .map(|price| (Some(Step::Pair(i, j)), price, (i + 1, j + 1)));
    let leave = here.map(|item| match item {
        Item::Plain => (Some(Step::Gone(i)), GONE, (i + 1, j)),
        Item::Wild => (Some(Step::Stay(i)), 0, (i + 1, j)),
        Item::Optional => (Some(Step::Stay(i)), STAYS, (i + 1, j)),
    });
    let swallow = (here == Some(Item::Wild) && j < new).then_some((None, SWALLOWED, (i, j + 1)));
    let add = (j < new).then_some((Some(Step::Added(j)), ADDED, (i, j + 1)));
    pair.into_iter().chain(swallow).chain(leave).chain(add)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aligned(old: &[&str], new: &[&str]) -> Vec<Step> {
        let items: Vec<Item> = old
            .iter()
            .map(|text| match *text {
                "..." => Item::Wild,
                "" => Item::Optional,
                _ => Item::Plain,
            })
            .collect();
        align(&items, new.len(), |i, j| old[i] == new[j])
    }

    #[test]
    fn equal_items_stay_and_others_are_replaced_where_they_stand() {
        use Step::*;
        assert_eq!(aligned(&["a", "b"], &["a", "c"]), [Pair(0, 0), Pair(1, 1)]);
        assert_eq!(aligned(&["a", "b"], &["b"]), [Gone(0), Pair(1, 0)]);
        assert_eq!(aligned(&["b"], &["a", "b"]), [Added(0), Pair(0, 1)]);
        assert_eq!(
            aligned(&["a", "", "b"], &["a", "c"]),
            [Pair(0, 0), Stay(1), Pair(2, 1)]
        );
    }

    #[test]
    fn a_wildcard_stays_and_swallows_what_it_must() {
        use Step::*;
        assert_eq!(
            aligned(&["a", "...", "d"], &["a", "b", "c", "e"]),
            [Pair(0, 0), Stay(1), Pair(2, 3)]
        );
        assert_eq!(
            aligned(&["a", "...", "d"], &["a", "d"]),
            [Pair(0, 0), Stay(1), Pair(2, 1)]
        );
    }
}
