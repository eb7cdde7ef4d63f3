//! Programs that wait: told apart with a clock that jumps as soon as every goroutine waits.
//!
//! A program built with `-tags=faketime` sleeps five seconds in five milliseconds. Where the clock is
//! all that it waits for, it does exactly what it does in real time:
//!
//! | with the clock that jumps | then |
//! | --- | --- |
//! | it ends (exit or panic) | that is believed, and the report says by which clock |
//! | it goes on past the time-out on that clock | what it wrote until then is believed |
//! | deadlock after `t` | nothing more can happen after `t`: what real time shows half a second later is final |
//! | anything else | real time up to the time-out decides |
//!
//! A deadlock itself is never believed: in real time the same program may wait for the network, which the
//! clock knows nothing of. And whatever is believed has to begin with what the first second of real time
//! showed.

use std::time::Duration;

use crate::build::{Compiled, Executable, Unit};
use crate::chance::asks_the_clock;
use crate::run::{CrashKind, End, Execution};
use crate::snippet::loops;
use crate::toolchain::Mode;

use super::conducting::Task;
use super::engine::Engine;
use super::settled::Settled;

/// How long each program is run at first. Most end in milliseconds.
pub(super) const GLANCE: Duration = Duration::from_secs(1);
/// The same of a program with an endless loop that does nothing, and without a clock.
const GLANCE_AT_LOOPS: Duration = Duration::from_millis(400);
/// How long a program may take with the clock that jumps, where nothing but computing takes time.
const JUMPING_TAKES: Duration = Duration::from_secs(3);
/// The same of a program that nobody asks about: some hundred times what one takes that waits a few times.
const JUMPING_TAKES_UNASKED: Duration = Duration::from_millis(300);
/// How much waiting is worth a standard library of its own (12 to 25 processor seconds, once).
const WORTH_BUILDING: Duration = Duration::from_secs(2);
/// How long after a program's last possible act it is watched.
const AFTERWARDS: Duration = Duration::from_millis(500);

/// Words of programs that wait for more than the clock, or ask it again and again: they hang with a clock
/// that jumps.
const UNSOUND: [&str; 6] = [
    "signal.Notify",
    "os/exec",
    "os.StartProcess",
    "syscall.",
    "runtime.Gosched",
    "time.Since(",
];

/// What comes after the first look at a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// It is known what it does.
    Decided,
    /// It has to be run up to its time-out.
    Full,
    /// It may be that it waits: then the clock that jumps spares that.
    Jump,
}

/// What a first look shows.
pub(super) fn after_glance(task: &Task<'_>) -> Next {
    match task.runs.first().map(|run| &run.end) {
        // It had all its time.
        _ if task.timeout() <= GLANCE => Next::Decided,
        Some(End::TimedOut { busy: false }) => Next::Jump,
        Some(End::TimedOut { busy: true }) if !matters(task) || !may_end(task) => Next::Decided,
        // On a crowded machine standing in line looks like computing.
        Some(End::TimedOut { busy: true }) if asks_the_clock(&task.settled.source.text) => {
            Next::Jump
        }
        Some(End::TimedOut { busy: true }) => Next::Full,
        _ => Next::Decided,
    }
}

/// Whether the clock is all that it can wait for, as far as its words tell.
pub(super) fn is_sound(task: &Task<'_>) -> bool {
    let source = &task.settled.source.text;
    !UNSOUND.iter().any(|word| source.contains(word))
}

/// Whether what these would wait together is worth building for the clock that jumps. (They wait at the same time, but
/// each ties up memory and a place.)
pub(super) fn is_worth_building<'t, 's: 't>(
    candidates: impl Iterator<Item = &'t Task<'s>>,
) -> bool {
    let waiting: Duration = candidates.map(|task| task.timeout() - GLANCE).sum();
    waiting > WORTH_BUILDING
}

impl Engine<'_> {
    /// Build these for the clock that jumps; gives those for which that was possible.
    pub(super) fn build_jumping(&self, programs: &[&Settled]) -> Vec<Option<Executable>> {
        let units: Vec<Unit> = programs
            .iter()
            .map(|it| self.unit(&it.source, false, &it.conditions, Mode::FakeTime))
            .collect();
        let compiled = self.builder.compile(&units);
        let references: Vec<&Compiled> = compiled.iter().collect();
        let linked = self.builder.link(&references);
        linked.into_iter().map(Result::ok).collect()
    }

    /// What follows from a run with the clock that jumps: how long the program is to be run in real time, if that is
    /// still needed. What is believed takes the place of what was seen before.
    pub(super) fn after_jump(&self, task: &mut Task<'_>, jumped: Execution) -> Option<Duration> {
        let glance = task.runs.first()?;
        let at = jumped.fake_time.unwrap_or_default();
        let needed = match conclusion(glance, &jumped, task.timeout()) {
            Conclusion::Believed => {
                task.runs = vec![jumped];
                return None;
            }
            // Nobody outside can wake it up where nobody outside is reached.
            Conclusion::WaitsForEver if self.contains() => (at + AFTERWARDS).min(task.timeout()),
            Conclusion::WaitsForEver | Conclusion::Unknown => task.timeout(),
        };
        task.jumping = None;
        (needed > GLANCE && matters(task)).then_some(needed)
    }
}

/// Whether a claim, a record or a finding of a complete program depends on what becomes of a program that is not
/// done within a second. A fragment that nobody asks about is shown as it is then.
pub(super) fn matters(task: &Task<'_>) -> bool {
    let planned = &task.settled.planned;
    planned.asked || planned.draft.is_complete()
}

/// How long it may take with the clock that jumps. A ticker that nobody stops uses all of it.
pub(super) fn jumping_takes(task: &Task<'_>) -> Duration {
    match matters(task) {
        true => JUMPING_TAKES,
        false => JUMPING_TAKES_UNASKED,
    }
}

/// Whether a look at what it does at first can spare something: waiting for the clock or for somebody outside (what waits
/// for itself alone is a deadlock, which the runtime reports), or a run up to the time-out that nothing depends on.
pub(super) fn is_to_be_glanced_at(task: &Task<'_>) -> bool {
    let source = &task.settled.source.text;
    let waits = asks_the_clock(source) || task.settled.needs_network() || !is_sound(task);
    waits || !matters(task) || !may_end(task)
}

/// How long it is run at first. Where nothing is left to wait for beside a loop that never ends, whatever else happens
/// is over in a fraction of a second.
pub(super) fn glance(task: &Task<'_>) -> Duration {
    match asks_the_clock(&task.settled.source.text) || may_end(task) {
        true => GLANCE.min(task.timeout()),
        false => GLANCE_AT_LOOPS.min(task.timeout()),
    }
}

/// Whether something may still become of a program that has been computing for a second: not of one with a loop that
/// nothing leaves and that does nothing. One that writes or takes memory runs into a limit.
fn may_end(task: &Task<'_>) -> bool {
    !loops::idle_for_ever(&task.settled.planned.draft.snippet.syntax)
}

/// What a run with the clock that jumps proves.
#[derive(Debug, PartialEq, Eq)]
enum Conclusion {
    /// The program does the same in real time.
    Believed,
    /// Nothing happens any more after its last write.
    WaitsForEver,
    /// Nothing.
    Unknown,
}

fn conclusion(glance: &Execution, jumped: &Execution, timeout: Duration) -> Conclusion {
    let crash = jumped.crash.as_ref().map(|crash| crash.kind);
    let late = jumped.fake_time.is_some_and(|last| last > timeout);
    let agrees = jumped.stdout.text.starts_with(&glance.stdout.text);
    match (&jumped.end, crash) {
        (End::Exited(_), Some(CrashKind::Deadlock)) => Conclusion::WaitsForEver,
        (End::Exited(_), None | Some(CrashKind::Panic)) if agrees => Conclusion::Believed,
        (End::TimedOut { busy: false }, None) if agrees && late => Conclusion::Believed,
        _ => Conclusion::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Crash, Output};

    fn run(text: &str, end: End, fake_time: Option<u64>) -> Execution {
        let output = |text: &str| Output {
            text: text.to_owned(),
            omitted: 0,
        };
        Execution {
            stdout: output(text),
            stderr: output(""),
            end,
            crash: None,
            duration: Duration::ZERO,
            fake_time: fake_time.map(Duration::from_secs),
            attempts: Vec::new(),
        }
    }

    fn crashed(kind: CrashKind) -> Execution {
        let crash = Crash {
            kind,
            message: String::new(),
            report: String::new(),
            wait: None,
            frames: Vec::new(),
            signal: None,
        };
        Execution {
            crash: Some(crash),
            ..run("a\n", End::Exited(2), Some(3))
        }
    }

    #[test]
    fn only_what_the_clock_alone_explains_is_believed() {
        let glance = run("a\n", End::TimedOut { busy: false }, None);
        let timeout = Duration::from_secs(10);
        let conclude = |jumped: &Execution| conclusion(&glance, jumped, timeout);
        let waiting = End::TimedOut { busy: false };
        assert_eq!(
            conclude(&run("a\nb\n", End::Exited(0), Some(3))),
            Conclusion::Believed
        );
        assert_eq!(
            conclude(&run("b\n", End::Exited(0), Some(3))),
            Conclusion::Unknown
        );
        assert_eq!(
            conclude(&run("a\nb\n", waiting.clone(), Some(11))),
            Conclusion::Believed
        );
        assert_eq!(
            conclude(&run("a\nb\n", waiting, Some(3))),
            Conclusion::Unknown
        );
        assert_eq!(conclude(&crashed(CrashKind::Panic)), Conclusion::Believed);
        assert_eq!(
            conclude(&crashed(CrashKind::Deadlock)),
            Conclusion::WaitsForEver
        );
        assert_eq!(conclude(&crashed(CrashKind::Fatal)), Conclusion::Unknown);
    }
}
