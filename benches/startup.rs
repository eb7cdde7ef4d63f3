//! What starting a process costs at each level of the sandbox: `cargo bench --bench startup`.

#[path = "../tests/run_support/mod.rs"]
mod run_support;

use std::num::NonZeroUsize;
use std::process::Command;
use std::time::{Duration, Instant};

use gosnip::run::sandbox::{Level, Policy};
use gosnip::run::{End, Runner};
use run_support::{Lazy, Program, options};

static PROGRAM: Lazy =
    Lazy::new(|| Program::build("package main\n\nfunc main() { println(\"hello\") }\n", &[]));

/// How many processes are started at each level.
const TIMES: usize = 200;

/// The least and the median, as text.
fn summary(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    format!("least {:?}, median {:?}", times[0], times[times.len() / 2])
}

fn runner(level: Level) -> Runner {
    let mut options = options(level);
    if level == Level::Off {
        options.policy = Policy::Off;
    }
    let start = Instant::now();
    let runner = Runner::new(&options, NonZeroUsize::MIN).unwrap();
    println!(
        "{:>12}: finding the level took {:?}",
        runner.level().name(),
        start.elapsed()
    );
    runner
}

fn main() {
    let Some(job) = PROGRAM.job("") else {
        return;
    };
    let runners = [Level::Off, Level::Limits, Level::Base, Level::Namespaces].map(runner);
    let mut direct = Vec::new();
    let mut times = runners.each_ref().map(|_| Vec::new());
    // In turns, so that a busy moment of the machine hits all alike.
    for _ in 0..TIMES {
        let start = Instant::now();
        Command::new(&job.executable.binary)
            .env_clear()
            .output()
            .unwrap();
        direct.push(start.elapsed());
        for (runner, times) in runners.iter().zip(&mut times) {
            let start = Instant::now();
            let execution = runner.run(std::slice::from_ref(&job), |_| {}).remove(0);
            assert_eq!(execution.end, End::Exited(0));
            times.push(start.elapsed());
        }
    }
    println!("{:>12}: {}", "direct", summary(direct));
    for (runner, times) in runners.iter().zip(times) {
        println!("{:>12}: {}", runner.level().name(), summary(times));
    }
}
