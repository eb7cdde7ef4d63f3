//! The range of Go versions in which something holds, as far as that is known.
//!
//! Two kinds of bounds are kept apart. A bound is *exact* where two neighbouring versions were tried, or where
//! a known change of Go was seen to be the reason. Otherwise the range ends at the last version that was
//! tried: of those between, nothing is known and nothing is said.

use std::fmt;

/// One end of a range (minor numbers of 1.x).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Bound {
    /// There is none.
    #[default]
    Open,
    /// The first version with the other behaviour: the lower end is in the range, the upper is not.
    Exact(u32),
    /// The last version that was tried and is in the range.
    Tried(u32),
}

/// A range of Go versions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Range {
    /// Where it begins.
    pub lower: Bound,
    /// Where it ends.
    pub upper: Bound,
}

impl Range {
    /// What ended with 1.`until`, and began with 1.`from`; 0 for what always was.
    pub fn until(until: u32, from: u32) -> Self {
        Self {
            lower: match from {
                0 => Bound::Open,
                from => Bound::Exact(from),
            },
            upper: Bound::Exact(until),
        }
    }

    /// Whether all versions of another range, as a note gives it, are in this one, as far as they were tried: its ends
    /// must not lie beyond what is known to be the end here.
    pub fn covers(&self, since: Option<u32>, before: Option<u32>) -> bool {
        let begins = match self.lower {
            Bound::Exact(lower) => since.is_some_and(|since| since >= lower),
            Bound::Open | Bound::Tried(_) => true,
        };
        let ends = match self.upper {
            Bound::Exact(upper) => before.is_some_and(|before| before <= upper),
            Bound::Tried(upper) => before.is_some_and(|before| before <= upper + 1),
            Bound::Open => true,
        };
        begins && ends
    }
}

impl fmt::Display for Range {
    /// `go<1.22`, `go>=1.22`, `go>=1.18 <1.22`, `go1.21` (just that), `go>=1.21 <=1.24`; empty if it is not
    /// limited.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lower = match self.lower {
            Bound::Open => String::new(),
            Bound::Exact(minor) | Bound::Tried(minor) => format!(">=1.{minor}"),
        };
        let upper = match (self.lower, self.upper) {
            (Bound::Exact(from) | Bound::Tried(from), Bound::Tried(to)) if from == to => {
                return write!(f, "go1.{to}");
            }
            (_, Bound::Open) => String::new(),
            (_, Bound::Exact(minor)) => format!("<1.{minor}"),
            (_, Bound::Tried(minor)) => format!("<=1.{minor}"),
        };
        match (lower.is_empty(), upper.is_empty()) {
            (true, true) => Ok(()),
            (false, false) => write!(f, "go{lower} {upper}"),
            _ => write!(f, "go{lower}{upper}"),
        }
    }
}

/// Whether something holds under one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Holds,
    /// It does not.
    Fails,
    /// That could not be decided.
    Unknown,
}

/// A version that was tried, and what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The minor number.
    pub minor: u32,
    /// Whether it holds there.
    pub standing: Standing,
    /// The first version that does what this one does, if it is known exactly where that began: the boundary
    /// to the point before.
    pub since: Option<u32>,
    /// If it is also known what changed there: the first version that did what ended; 0 for what Go always did.
    pub former: Option<u32>,
}

/// The range around the newest point that holds; `None` if none does. `points` are in ascending order.
pub fn around_newest(points: &[Point]) -> Option<Range> {
    let newest = points
        .iter()
        .rposition(|point| point.standing == Standing::Holds)?;
    let oldest = points[..newest]
        .iter()
        .rposition(|point| point.standing != Standing::Holds)
        .map_or(0, |other| other + 1);
    let next = points.get(newest + 1);
    let tried = Bound::Tried(points[newest].minor);
    let upper = match next {
        None => Bound::Open,
        Some(next) => match next.since {
            Some(since) if next.standing == Standing::Fails => Bound::Exact(since),
            _ => tried,
        },
    };
    let lower = match points[oldest].since {
        Some(since) => Bound::Exact(since),
        // What holds until a known change is what Go did before it, also where nothing older was tried.
        None => match next.and_then(|next| next.former).filter(|_| oldest == 0) {
            Some(0) => Bound::Open,
            Some(former) if former <= points[oldest].minor => Bound::Exact(former),
            _ => Bound::Tried(points[oldest].minor),
        },
    };
    let upper = match (lower, upper) {
        (Bound::Tried(_), Bound::Open) => tried,
        _ => upper,
    };
    Some(Range { lower, upper })
}

#[cfg(test)]
mod tests {
    use super::Standing::{Fails, Holds, Unknown};
    use super::*;

    fn range(points: &[(u32, Standing, Option<u32>)]) -> String {
        let points: Vec<Point> = points
            .iter()
            .map(|&(minor, standing, since)| Point {
                minor,
                standing,
                since,
                former: since.map(|_| 0),
            })
            .collect();
        around_newest(&points).map_or_else(|| "nowhere".to_owned(), |range| range.to_string())
    }

    #[test]
    fn what_held_until_a_known_change_holds_before_it() {
        let found = range(&[(21, Holds, None), (26, Fails, Some(22))]);
        assert_eq!(found, "go<1.22");
        let found = range(&[(21, Holds, None), (24, Holds, None), (26, Fails, Some(25))]);
        assert_eq!(found, "go<1.25");
    }

    #[test]
    fn what_came_to_hold_with_a_known_change_holds_since() {
        assert_eq!(
            range(&[(21, Fails, None), (26, Holds, Some(22))]),
            "go>=1.22"
        );
        let both = [
            (19, Fails, None),
            (21, Holds, Some(20)),
            (26, Fails, Some(22)),
        ];
        assert_eq!(range(&both), "go>=1.20 <1.22");
    }

    #[test]
    fn nothing_is_said_of_versions_between_that_were_not_tried() {
        assert_eq!(range(&[(21, Holds, None), (24, Fails, None)]), "go1.21");
        let two = [(21, Holds, None), (22, Holds, None), (24, Fails, None)];
        assert_eq!(range(&two), "go>=1.21 <=1.22");
        let since = [(21, Fails, None), (24, Holds, None), (26, Holds, None)];
        assert_eq!(range(&since), "go>=1.24 <=1.26");
    }

    #[test]
    fn without_an_explanation_nothing_is_said_of_what_is_older_than_all_that_was_tried() {
        let mut points =
            [(21, Holds, None), (22, Fails, Some(22))].map(|(minor, standing, since)| Point {
                minor,
                standing,
                since,
                former: None,
            });
        assert_eq!(
            around_newest(&points).unwrap().to_string(),
            "go>=1.21 <1.22"
        );
        points[1].former = Some(0);
        assert_eq!(around_newest(&points).unwrap().to_string(), "go<1.22");
        points[1].former = Some(18);
        assert_eq!(
            around_newest(&points).unwrap().to_string(),
            "go>=1.18 <1.22"
        );
    }

    #[test]
    fn what_always_held_holds_where_it_was_tried() {
        let always = [(21, Holds, None), (24, Holds, None), (26, Holds, None)];
        assert_eq!(range(&always), "go>=1.21 <=1.26");
        assert_eq!(range(&[(26, Holds, None)]), "go1.26");
    }

    #[test]
    fn what_a_note_is_limited_to_lies_in_a_range_or_not() {
        let until = Range {
            lower: Bound::Tried(21),
            upper: Bound::Exact(25),
        };
        assert!(until.covers(None, Some(25)));
        assert!(until.covers(Some(18), Some(23)));
        assert!(!until.covers(None, Some(26)));
        assert!(!until.covers(Some(21), None));
        let since = Range {
            lower: Bound::Exact(20),
            upper: Bound::Open,
        };
        assert!(since.covers(Some(21), None));
        assert!(!since.covers(None, Some(22)));
        assert_eq!(Range::until(24, 20).to_string(), "go>=1.20 <1.24");
        assert_eq!(Range::until(24, 0).to_string(), "go<1.24");
    }

    #[test]
    fn an_undecided_version_ends_the_range() {
        let gap = [(21, Holds, None), (24, Unknown, None), (26, Holds, None)];
        assert_eq!(range(&gap), "go1.26");
        assert_eq!(range(&[(21, Fails, None), (26, Unknown, None)]), "nowhere");
    }
}
