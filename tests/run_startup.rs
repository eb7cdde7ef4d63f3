//! What starting a process costs at each level. Measures and prints; asserts nothing about time.
#![cfg(target_os = "linux")]

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

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[test]
#[ignore = "measures and asserts nothing about time: run it with --ignored --nocapture"]
fn what_starting_a_process_costs() {
    let Some(job) = PROGRAM.job("") else { return };
    let direct = (0..TIMES).map(|_| {
        let start = Instant::now();
        Command::new(&job.executable.binary)
            .env_clear()
            .output()
            .unwrap();
        start.elapsed()
    });
    println!("{:>12} {:?}", "direct", median(direct.collect()));
    for level in [Level::Off, Level::Limits, Level::Base, Level::Namespaces] {
        let mut options = options(level);
        if level == Level::Off {
            options.policy = Policy::Off;
        }
        let start = Instant::now();
        let runner = Runner::new(&options, NonZeroUsize::MIN).unwrap();
        let probing = start.elapsed();
        let times = (0..TIMES).map(|_| {
            let start = Instant::now();
            let execution = runner.run(std::slice::from_ref(&job), |_| {}).remove(0);
            assert_eq!(execution.end, End::Exited(0));
            start.elapsed()
        });
        println!(
            "{:>12} {:?} (finding the level took {probing:?})",
            runner.level(),
            median(times.collect())
        );
    }
    let runner = Runner::new(&options(Level::Namespaces), NonZeroUsize::new(2).unwrap()).unwrap();
    let start = Instant::now();
    runner.run(&vec![job; TIMES], |_| {});
    println!(
        "two at once, {:?} each",
        start.elapsed() / u32::try_from(TIMES).unwrap()
    );
}
