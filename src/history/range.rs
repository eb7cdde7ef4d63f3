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
    fn an_undecided_version_ends_the_range() {
        let gap = [(21, Holds, None), (24, Unknown, None), (26, Holds, None)];
        assert_eq!(range(&gap), "go1.26");
        assert_eq!(range(&[(21, Fails, None), (26, Unknown, None)]), "nowhere");
    }
}
