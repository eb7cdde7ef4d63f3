//! Programs that do not end: what is said of one whose time was up.

use std::time::Duration;

use crate::chance;
use crate::observation::Observation;
use crate::run::{End, Execution};
use crate::snippet::loops;

use super::super::outside;
use super::super::waiting::GLANCE;

/// Rule, message and line of a run whose time was up, if that is trouble.
pub(super) fn trouble(
    observation: &Observation,
    run: &Execution,
    busy: bool,
) -> Option<(&'static str, String, Option<usize>)> {
    // What was looked at for a moment only, and sleeps or sets timers, may just be slow.
    let just_slow = !busy
        && run.fake_time.is_none()
        && is_a_glance(run.duration, observation.program.timeout)
        && chance::asks_the_clock(&observation.program.source.text);
    let code = observation.program.draft.snippet.code();
    if serves(observation)
        || waits_in_a_module(observation)
        || outside::waits_for_signal(run, code)
        || just_slow
    {
        return None;
    }
    let endless = loops::has_endless(&observation.program.draft.snippet.syntax);
    let advice = match busy && !endless {
        true => "; if it is only slow, give it more time (`timeout`)",
        false => "",
    };
    // With a clock that jumps, all the time that there was has passed.
    let watched = match run.fake_time {
        Some(_) => observation.program.timeout,
        None => run.duration,
    };
    let message = format!(
        "the program was still {} after {} s, and the note does not say so{advice}",
        pastime(busy, run.duration),
        seconds(watched)
    );
    Some(("never-ends", message, None))
}

/// Whether so long a run was no more than a look, and did not use the time that it had.
fn is_a_glance(duration: Duration, timeout: Duration) -> bool {
    duration < GLANCE * 2 && duration < timeout * 9 / 10
}

/// Whether a program is a server: it listens, and waits when its time is up. That it never ends is what it is for, and nobody
/// who writes one says so.
pub fn serves(observation: &Observation) -> bool {
    const LISTENS: [&str; 4] = ["ListenAndServe", ".Serve(", "net.Listen", ".Accept("];
    let code = &observation.program.source.text;
    waits(observation) && LISTENS.iter().any(|word| code.contains(word))
}

/// Whether it waits when its time is up, and imports packages of third parties: frameworks serve requests under names
/// of their own (`r.Run()`, `app.Listen(":3000")`), and whether that is what it waits for, its words do not tell.
pub fn waits_in_a_module(observation: &Observation) -> bool {
    waits(observation) && chance::uses_modules(&observation.program.source.text)
}

/// Whether all its runs wait when their time is up.
fn waits(observation: &Observation) -> bool {
    let waits = |run: &Execution| matches!(run.end, End::TimedOut { busy: false });
    !observation.runs.is_empty() && observation.runs.iter().all(waits)
}

/// What a program did when its time was up.
fn pastime(busy: bool, watched: Duration) -> &'static str {
    if busy {
        "computing (a busy loop)"
    } else if watched < GLANCE * 2 {
        "waiting"
    } else {
        "waiting (it blocks for ever)"
    }
}

/// So many seconds, rounded, but never to none.
fn seconds(time: Duration) -> String {
    match time.as_secs_f64() {
        few if few < 0.95 => format!("{:.1}", few.max(0.1)),
        many => many.round().to_string(),
    }
}
