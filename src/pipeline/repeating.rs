//! Running programs again, to see whether they do the same each time.
//!
//! First as other machines would: with other numbers of processors, with some of the orders that maps may have, and
//! with a scheduler that shuffles. If all of these runs are the same and chance may still decide something
//! ([`crate::chance`]), until the odds leave no doubt:
//!
//! | chance | runs | seen the same though it differs |
//! | --- | --- | --- |
//! | where a range over a map of up to eight entries starts | one for each of the eight slots, one in turn | never |
//! | the same, where the start cannot be chosen; two entries, so seven starts of eight look alike | 104 more | (7/8)^104 < 1 in a million |
//! | one of two ready channels, one of two numbers | 20 more | (1/2)^20 < 1 in a million |
//! | which of two ready goroutines runs first | 6 more, shuffled as three before | (1/2)^9 = 1 in 512 |
//!
//! Larger maps are in another order in every process, since their hashes have other seeds: the first runs
//! show that. Of goroutines there are mostly more than two, so that the odds are far better.

use std::time::Duration;

use crate::build::{Chosen, Doors, MapOrder};
use crate::chance::{Chance, is_scheduled, may_vary};
use crate::observation::transcript;
use crate::run::{End, Execution, Job};
use crate::toolchain::Mode;

use super::conducting::Task;

/// How often a program is run whose output may differ from run to run: with these `GOMAXPROCS`, and where that matters
/// and can be chosen, with these orders of maps, and shuffled or not. One run stays as it comes: with a chosen order a
/// program may never end.
const VARIED_RUNS: [(Option<u32>, Option<MapOrder>, bool); 5] = [
    (Some(1), Some(MapOrder::InTurn), false),
    (None, None, false),
    (Some(4), Some(MapOrder::From(0)), true),
    (Some(2), Some(MapOrder::From(1)), true),
    (None, Some(MapOrder::From(2)), true),
];
/// Programs slower than this are run again only once to see whether they vary.
const REPEATABLE: Duration = Duration::from_millis(700);
/// How long a program that ended at once may take when it is run again.
const AGAIN_TAKES: Duration = Duration::from_secs(2);
/// What a crowded machine may add to the time of a program.
const SLOWER: Duration = Duration::from_millis(500);
/// Slots of a small map.
const SLOTS: u8 = 8;
/// Runs that settle where a range over a map starts, if that cannot be chosen.
const MAP_RUNS: usize = 104;
/// Runs that settle one of two.
const DRAW_RUNS: usize = 20;
/// Shuffled runs that settle which of two goroutines runs first.
const SHUFFLED_RUNS: usize = 6;
/// How much time the runs of one slow program that settle the odds may take together.
const PATIENCE: Duration = Duration::from_secs(8);

/// In what one more run differs from an ordinary one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Variation {
    max_procs: Option<u32>,
    chosen: Chosen,
}

/// How far a program's repetitions are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Stage {
    /// It was run once at most.
    #[default]
    Once,
    /// It was run as on other machines.
    Varied,
    /// It was run until the odds leave no doubt.
    Settled,
}

impl Task<'_> {
    /// The jobs that show whether it does the same each time: those of the next stage.
    pub(super) fn repetitions(&mut self) -> Vec<Job> {
        let Some(first) = self.runs.first() else {
            return Vec::new();
        };
        let timeout = self.again_takes(first);
        // One that is slow is run as rarely as will do.
        let slow = first.duration > REPEATABLE;
        let (stage, variations) = match self.stage {
            Stage::Once if slow => {
                let once_more = self.varied(first);
                let settling = match once_more.is_empty() {
                    true => Vec::new(),
                    false => self.settling(first),
                };
                // Those that settle the odds are runs like any other.
                match settling.is_empty() {
                    true => (Stage::Settled, once_more),
                    false => (Stage::Varied, settling),
                }
            }
            // With what was chosen none of them may have ended ([`counts`]).
            Stage::Varied if slow && self.runs.len() < 2 => (Stage::Settled, self.varied(first)),
            Stage::Varied if slow => (Stage::Settled, Vec::new()),
            Stage::Once => (Stage::Varied, self.varied(first)),
            Stage::Varied => (Stage::Settled, self.settling(first)),
            Stage::Settled => (Stage::Settled, Vec::new()),
        };
        self.stage = stage;
        let orders = variations.iter().filter_map(|it| it.chosen.map_order);
        self.orders.extend(orders);
        let job = |variation: &Variation| {
            let job = match self.jump() {
                Some(job) => job,
                None => self.job(timeout),
            };
            Job {
                max_procs: variation.max_procs,
                chosen: variation.chosen,
                ..job
            }
        };
        variations.iter().map(job).collect()
    }

    /// How long a run takes at most that shows whether it does the same as at first.
    fn again_takes(&self, first: &Execution) -> Duration {
        match first.duration < REPEATABLE {
            true => self.timeout().min(AGAIN_TAKES),
            // One that takes twice as long only computes more slowly: it tells nothing ([`tells`]).
            false => self.timeout().min(first.duration * 2 + SLOWER),
        }
    }

    /// The runs as on other machines. What has nothing that could make it vary is seen once.
    fn varied(&self, first: &Execution) -> Vec<Variation> {
        let again = match first.end {
            // Whether a race is found is a matter of luck.
            _ if self.settled.mode() == Mode::Race && first.duration < REPEATABLE => true,
            End::NotStarted(_) | End::TimedOut { .. } | End::OutputLimit => false,
            // Whether a failure is worth a finding is a question too.
            End::Exited(0) if !self.settled.planned.asked => false,
            _ => may_vary(&self.settled.source.text),
        };
        let runs = match again {
            false => &[],
            // As it comes: on one processor, goroutines that spin while they wait for each other take for ever.
            true if first.duration > REPEATABLE => &VARIED_RUNS[1..2],
            true => &VARIED_RUNS[..],
        };
        let orders = again && self.orders_maps(Chance::of(&self.settled.source.text));
        let shuffles = again && self.shuffles();
        let variation = |&(max_procs, map_order, shuffled): &(_, Option<MapOrder>, _)| Variation {
            max_procs,
            chosen: Chosen {
                map_order: map_order.filter(|_| orders),
                shuffled: shuffled && shuffles,
            },
        };
        runs.iter().map(variation).collect()
    }

    /// Whether where it ranges over maps can be, and is to be, chosen.
    fn orders_maps(&self, chance: Chance) -> bool {
        self.doors().maps && chance.maps
    }

    /// Whether its goroutines can be, and are to be, shuffled.
    fn shuffles(&self) -> bool {
        self.doors().scheduler && is_scheduled(&self.settled.source.text)
    }

    /// What is chosen in its runs: nothing if nobody asks what it does.
    fn doors(&self) -> Doors {
        let executable = self.jumping.as_ref().unwrap_or(&self.executable);
        match self.settled.planned.asked && self.settled.mode() != Mode::Race {
            true => executable.doors,
            false => Doors::default(),
        }
    }

    /// The runs that settle the odds, if nothing has differed yet.
    fn settling(&self, first: &Execution) -> Vec<Variation> {
        let ended = matches!(first.end, End::Exited(_));
        let asked = self.settled.planned.asked;
        let plain = self.settled.mode() != Mode::Race;
        if !asked || !plain || !ended || !self.is_the_same_each_time() {
            return Vec::new();
        }
        let chance = Chance::of(&self.settled.source.text);
        let mut variations = Vec::new();
        if self.orders_maps(chance) {
            let orders = (0..SLOTS).map(MapOrder::From).chain([MapOrder::InTurn]);
            let open = orders.filter(|order| !self.orders.contains(order));
            variations.extend(open.map(|order| Variation {
                max_procs: None,
                chosen: Chosen {
                    map_order: Some(order),
                    shuffled: false,
                },
            }));
        } else if chance.maps {
            variations.resize(MAP_RUNS, Variation::default());
        }
        if chance.draws {
            let times = variations.len().max(DRAW_RUNS);
            variations.resize(times, Variation::default());
        }
        if self.shuffles() {
            // Those that there are anyhow are shuffled too.
            let times = variations.len().max(SHUFFLED_RUNS);
            variations.resize(times, Variation::default());
            variations
                .iter_mut()
                .for_each(|variation| variation.chosen.shuffled = true);
        }
        if first.duration > REPEATABLE {
            // What computes much longer when shuffled tells nothing, and takes all the time it is given.
            let times = PATIENCE.as_millis() / self.again_takes(first).as_millis().max(1);
            variations.truncate(usize::try_from(times).unwrap_or(usize::MAX));
        }
        variations
    }

    fn is_the_same_each_time(&self) -> bool {
        let mut seen = self.runs.iter().map(|run| (transcript(run), &run.end));
        let first = seen.next();
        seen.all(|run| Some(&run) == first.as_ref())
    }
}

/// Whether another run tells something. One that still computes long after the first one had ended does the same, only
/// slower: goroutines that spin while they wait for each other take hundreds of times as long on one processor.
pub(super) fn tells(first: Option<&Execution>, again: &Execution) -> bool {
    let ended = first.is_some_and(|first| matches!(first.end, End::Exited(_)));
    !(ended && again.end == End::TimedOut { busy: true })
}

/// Whether a run counts. With what was chosen a program may never end that waits for another order: nobody
/// will see that.
pub(super) fn counts(job: &Job, execution: &Execution) -> bool {
    !job.chosen.any() || matches!(execution.end, End::Exited(_))
}
