//! How append grew slices before Go 1.18, and how it does since: enough of it to tell from two outputs whether the
//! first is what Go made then of what it makes now.
//!
//! A slice that has no room for one more element gets twice its room while it is small, and a quarter more when it is
//! large; and then as much as the next size of memory that there is holds. Since 1.18 small ends at 256 elements and
//! not at 1024, and passes over smoothly.

use super::changes::numbers;

/// The sizes of memory that there are between 1 KB and 32 KB; above, it is given in pages. (Smaller ones do not matter:
/// nothing changed below 256 elements, and those of one byte that are concerned grow beyond 512 bytes.)
const SIZES: [u64; 41] = [
    512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200,
    3456, 4096, 4864, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568,
    14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672,
];
const LARGEST: u64 = 32768;
const PAGE: u64 = 8192;

/// What is grown: the size of an element, and what a piece of memory that has pointers in it keeps for itself (since Go
/// 1.22). Numbers are without; pointers, strings, interfaces and slices have them.
const ELEMENTS: [(u64, u64); 9] = [
    (1, 0),
    (2, 0),
    (4, 0),
    (8, 0),
    (16, 0),
    (24, 0),
    (8, 8),
    (16, 8),
    (24, 8),
];

/// Until this capacity a slice has always doubled when it grew.
pub(super) const ALWAYS_DOUBLES: u64 = 256;

/// The largest capacity that is looked at.
const LARGEST_CAPACITY: u64 = 1 << 20;

/// The capacity that a slice of so much room gets when one more element comes.
type Rule = fn(u64) -> u64;

fn then(capacity: u64) -> u64 {
    match capacity {
        ..1024 => capacity * 2,
        _ => capacity + capacity / 4,
    }
}

fn now(capacity: u64) -> u64 {
    match capacity {
        ..=ALWAYS_DOUBLES => capacity * 2,
        _ => capacity + (capacity + 3 * ALWAYS_DOUBLES) / 4,
    }
}

/// What a slice of elements of so many bytes gets, where a piece of memory keeps some for itself.
fn grown(capacity: u64, (element, kept): (u64, u64), rule: Rule) -> u64 {
    let bytes = rule(capacity) * element + kept;
    let sizes = SIZES.into_iter().chain([LARGEST]);
    let given = match sizes.into_iter().find(|size| *size >= bytes) {
        Some(size) => size - kept,
        None => (bytes - kept).next_multiple_of(PAGE),
    };
    given / element
}

/// The same before Go 1.18.
fn grew((element, _): (u64, u64), capacity: u64) -> u64 {
    grown(capacity, (element, 0), then)
}

/// Whether the first text is the second one as it was before Go 1.18.
pub fn was(before: &str, after: &str) -> bool {
    let (old, new) = (numbers(before), numbers(after));
    let same = old
        .iter()
        .zip(&new)
        .take_while(|(old, new)| old == new)
        .count();
    let (Some(_), Some(_)) = (old.get(same), new.get(same)) else {
        return false;
    };
    ELEMENTS.into_iter().any(|element| {
        // Step by step from the last capacity that both have, as far as both go.
        let steps = |of: &[u64], rule: &dyn Fn(u64) -> u64| {
            let mut steps = of[same.saturating_sub(1)..].windows(2);
            same > 0 && steps.all(|pair| pair[1] == rule(pair[0]))
        };
        let ends = match (old.as_slice(), new.as_slice()) {
            ([.., old_last_but_one, old_last], [.., new_last_but_one, new_last]) => {
                old_last_but_one.max(new_last_but_one) < old_last.min(new_last)
            }
            _ => false,
        };
        let grows = |capacity| grown(capacity, element, now);
        steps(&old, &|capacity| grew(element, capacity)) && steps(&new, &grows) && ends
    }) || old.len() == new.len()
        && old
            .iter()
            .zip(&new)
            .all(|(old, new)| old == new || grows_to(*old, *new))
}

/// Whether there is a slice that grew to the first capacity then and grows to the second now.
fn grows_to(old: u64, new: u64) -> bool {
    ELEMENTS.into_iter().any(|element| {
        let from = ALWAYS_DOUBLES..new.min(LARGEST_CAPACITY);
        // What a new slice grows to is a size of memory itself; the rule is monotonous.
        let mut from = from.filter(|from| grown(*from, element, now) == new);
        from.any(|from| grew(element, from) == old)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step() {
        assert!(was("1024", "848"));
        assert!(was("513 1024", "513 848"));
        assert!(was("1025 1280", "1025 1536"));
        assert!(was("1280", "1024"));
        assert!(was("1696", "1216"));
        assert!(!was("1600", "1216"));
        // Strings, since Go 1.22.
        assert!(was("1280", "1535"));
        assert!(was("1024", "847"));
        assert!(!was("1000", "848"));
        assert!(!was("1024", "1536"));
        assert!(!was("16", "12"));
        assert!(!was("1281", "1536"));
        assert!(!was("1280", "2048"));
        assert!(!was("848", "848"));
        assert!(!was("", "848"));
    }

    #[test]
    fn step_by_step() {
        let now = "1 2 4 8 16 32 64 128 256 512 848 1280 1792 2560";
        assert!(was("1 2 4 8 16 32 64 128 256 512 1024 1280 1696 2304", now));
        assert!(!was(
            "1 2 4 8 16 32 64 128 256 512 1024 1280 1700 2304",
            now
        ));
        assert!(!was("1 2 4 8 16 32 64 128 256 512 1024 2048", now));
        // Until 1000 elements; then one listing does not stop where the other goes on.
        let now = "1 2 4 8 16 32 64 128 256 512 848 1280";
        assert!(was("1 2 4 8 16 32 64 128 256 512 1024", now));
        assert!(!was(
            "1 2 4 8 16 32 64 128 256 512 1024 1280 1696 2304",
            now
        ));
    }
}
