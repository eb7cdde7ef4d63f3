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

use crate::build::{Compiled, Unit};
use crate::run::{CrashKind, End, Execution};
use crate::snippet::loops;
use crate::toolchain::Mode;

use super::engine::Engine;
use super::running::Task;

/// How long each program is run at first. Most end in milliseconds.
pub(super) const GLANCE: Duration = Duration::from_secs(1);
/// How long a program may take with the clock that jumps, where nothing but computing takes time.
const JUMPING_TAKES: Duration = Duration::from_secs(3);
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

impl Engine<'_> {
    /// Decide which of the waiting programs are done, and what is pending for the others.
    pub(super) fn settle_waiting(&self, tasks: &mut [Task<'_>]) {
        let mut open = Vec::new();
        for (at, task) in tasks.iter_mut().enumerate() {
            match task.runs.first().map(|run| &run.end) {
                _ if task.settled.mode() != Mode::Plain => {}
                // It had all its time.
                _ if task.timeout() <= GLANCE => {}
                Some(End::TimedOut { busy: true }) if matters(task) && may_end(task) => {
                    task.pending = Some(task.timeout());
                }
                Some(End::TimedOut { busy: false }) => open.push(at),
                _ => {}
            }
        }
        for &at in &open {
            tasks[at].pending = matters(&tasks[at]).then(|| tasks[at].timeout());
        }
        let sound = |&at: &usize| {
            let source = &tasks[at].settled.source.text;
            !UNSOUND.iter().any(|word| source.contains(word))
        };
        let candidates: Vec<usize> = open.into_iter().filter(sound).collect();
        // They wait at the same time, but each ties up memory and a place.
        let waiting: Duration = candidates
            .iter()
            .map(|&at| tasks[at].timeout() - GLANCE)
            .sum();
        if candidates.is_empty() || waiting <= WORTH_BUILDING || self.is_cancelled() {
            return;
        }
        let candidates = self.build_jumping(tasks, &candidates);
        let jobs = candidates
            .iter()
            .filter_map(|&at| Some((at, tasks[at].jump()?)))
            .collect();
        for (at, jumped) in self.executions("skipping waits", tasks, jobs) {
            self.decide(&mut tasks[at], jumped);
        }
    }

    /// Build these for the clock that jumps; gives those for which that was possible.
    fn build_jumping(&self, tasks: &mut [Task<'_>], candidates: &[usize]) -> Vec<usize> {
        let units: Vec<Unit> = candidates
            .iter()
            .map(|&at| {
                let settled = tasks[at].settled;
                self.unit(&settled.source, false, &settled.conditions, Mode::FakeTime)
            })
            .collect();
        let compiled = self.builder.compile(&units);
        let references: Vec<&Compiled> = compiled.iter().collect();
        let linked = self.builder.link(&references);
        let mut built = Vec::new();
        for (&at, linked) in candidates.iter().zip(linked) {
            if let Ok(executable) = linked {
                tasks[at].jumping = Some(executable);
                built.push(at);
            }
        }
        built
    }

    /// What follows from a run with the clock that jumps.
    fn decide(&self, task: &mut Task<'_>, jumped: Execution) {
        let Some(glance) = task.runs.first() else {
            return;
        };
        let at = jumped.fake_time.unwrap_or_default();
        match conclusion(glance, &jumped, task.timeout()) {
            Conclusion::Believed => {
                task.pending = None;
                task.runs = vec![jumped];
                return;
            }
            // Nobody outside can wake it up where nobody outside is reached.
            Conclusion::WaitsForEver if self.runner.level().contains() => {
                let needed = at + AFTERWARDS;
                task.pending = (needed > GLANCE).then(|| needed.min(task.timeout()));
            }
            Conclusion::WaitsForEver | Conclusion::Unknown => {}
        }
        task.jumping = None;
    }
}

/// Whether a claim, a record or a finding of a complete program depends on what becomes of a program that is not
/// done within a second. A fragment that nobody asks about is shown as it is then.
fn matters(task: &Task<'_>) -> bool {
    let planned = &task.settled.planned;
    planned.asked || planned.draft.is_complete()
}

/// How long it may take with the clock that jumps. A ticker that nobody stops uses all of it.
pub(super) fn jumping_takes(task: &Task<'_>) -> Duration {
    match matters(task) {
        true => JUMPING_TAKES,
        false => GLANCE,
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
