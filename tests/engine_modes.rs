//! The kinds of build: a clock that jumps for programs that wait, the race detector for claims about races.

mod engine_support;

use std::process::Command;

use engine_support::{Bench, block, claim};
use gosnip::report::{Severity, Verdict};

#[test]
fn sleeping_programs_are_not_waited_for_and_real_time_refutes() {
    let sleeping = "\
```go
for i := 0; i < 3; i++ {
\ttime.Sleep(40 * time.Second)
\tfmt.Println(i)
}
```

输出：

```
0
1
2
```

```go
time.Sleep(3 * time.Second)
fmt.Println(1) // 2
```
";
    let Some(bench) = Bench::new(&[("a.md", sleeping)]) else {
        return;
    };
    let report = bench.verify(&["--timeout", "5s"]);
    let claims: Vec<_> = report
        .claims
        .iter()
        .map(|claim| (claim.verdict, claim.reason.as_str()))
        .collect();
    assert_eq!(claims[0].0, Verdict::Confirmed, "{claims:?}");
    assert!(claims[0].1.contains("clock"), "{claims:?}");
    assert_eq!(claims[1].0, Verdict::Refuted, "{claims:?}");
}

#[test]
fn a_clock_that_skips_waits_makes_no_deadlock_of_a_server() {
    let server = "\
```go
package main

import (
\t\"fmt\"
\t\"net\"
)

func main() {
\tlistener, err := net.Listen(\"tcp\", \"127.0.0.1:0\")
\tif err != nil {
\t\tpanic(err)
\t}
\tfmt.Println(\"listening\")
\tlistener.Accept()
}
```
";
    let Some(bench) = Bench::new(&[("a.md", server)]) else {
        return;
    };
    let report = bench.verify(&["--timeout", "5s"]);
    let rules: Vec<_> = report.findings.iter().map(|it| it.rule.as_str()).collect();
    assert!(rules.is_empty(), "{rules:?}");
    let block = block(&report, 1);
    assert_eq!(block.status, gosnip::report::Status::Ran);
    assert!(block.reason.contains("a server"), "{}", block.reason);
}

/// Claims on lines 10 and 21; the third program makes none.
const RACES: &str = "\
```go
var wg sync.WaitGroup
n := 0
for i := 0; i < 2; i++ {
\twg.Add(1)
\tgo func() {
\t\tdefer wg.Done()
\t\tfor j := 0; j < 1000; j++ {
\t\t\tn++
\t\t\t_ = n // data race
\t\t}
\t}()
}
wg.Wait()
```

```go
done := make(chan int)
n := 0
go func() {
\tn++ // 没有数据竞争
\tclose(done)
}()
<-done
n++
```

```go
package main

import \"time\"

var shared int

func main() {
\tgo func() { shared++ }()
\tshared++
\ttime.Sleep(10 * time.Millisecond)
}
```
";

/// Whether the race detector can't be had: it needs a C compiler, and nothing else is an excuse.
fn without_detector(reason: &str) -> bool {
    if !reason.contains("race detector cannot be used here") {
        return false;
    }
    let compiler = ["gcc", "cc", "clang"].iter().any(|name| {
        let asked = Command::new(name).arg("--version").output();
        asked.is_ok_and(|output| output.status.success())
    });
    assert!(!compiler, "there is a C compiler: {reason}");
    eprintln!("skipped: {reason}");
    true
}

#[test]
fn a_single_racing_program_needs_no_company() {
    let alone = RACES.split_inclusive("```\n").next().unwrap();
    let Some(bench) = Bench::new(&[("a.md", alone)]) else {
        return;
    };
    let race = claim(&bench.verify(&[]), 10).clone();
    if without_detector(&race.reason) {
        return;
    }
    assert_eq!(race.verdict, Verdict::Confirmed, "{race:?}");
}

#[test]
fn claims_about_races_are_judged_by_the_race_detector() {
    let Some(bench) = Bench::new(&[("a.md", RACES)]) else {
        return;
    };
    let report = bench.verify(&[]);
    let (race, none) = (claim(&report, 10), claim(&report, 21));
    if without_detector(&race.reason) {
        return;
    }
    assert_eq!(race.verdict, Verdict::Confirmed, "{race:?}");
    assert!(race.observed.starts_with("WARNING: DATA RACE"), "{race:?}");
    assert_eq!(none.verdict, Verdict::Confirmed, "{none:?}");
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[test]
fn asked_for_the_race_detector_watches_every_program_with_goroutines() {
    let Some(bench) = Bench::new(&[("a.md", RACES)]) else {
        return;
    };
    let report = bench.verify(&["--race"]);
    if without_detector(&claim(&report, 10).reason) {
        return;
    }
    let [found] = report.findings.as_slice() else {
        panic!("{:?}", report.findings);
    };
    assert_eq!(
        (found.rule.as_str(), found.severity),
        ("unclaimed-race", Severity::Error)
    );
    // Which of the two accesses comes first is up to the scheduler.
    assert!(matches!(found.line, 36 | 37), "{found:?}");
}

#[test]
fn a_denied_race_that_is_seen_is_refuted() {
    let denied = RACES.replace("// data race", "// no data race");
    let Some(bench) = Bench::new(&[("a.md", &denied)]) else {
        return;
    };
    let report = bench.verify(&[]);
    let race = claim(&report, 10);
    if without_detector(&race.reason) {
        return;
    }
    assert_eq!(race.verdict, Verdict::Refuted, "{race:?}");
}

#[test]
fn the_order_of_goroutines_that_nothing_orders_is_no_fact() {
    // In practice the last one runs first and the others follow, run after run.
    let notes = "\
```go
var wg sync.WaitGroup
for _, name := range []string{\"a\", \"b\", \"c\", \"d\", \"e\"} {
\twg.Add(1)
\tgo func() {
\t\tdefer wg.Done()
\t\tfmt.Println(name)
\t}()
}
wg.Wait()
```

Output:

```
e
a
b
c
d
```

Each waits for the one before:

```go
done := make(chan bool)
for _, name := range []string{\"a\", \"b\", \"c\"} {
\tgo func() {
\t\tfmt.Println(name)
\t\tdone <- true
\t}()
\t<-done
}
```

Output:

```
a
b
c
```

```go
runtime.GOMAXPROCS(1)
var wg sync.WaitGroup
for i := range 3 {
\twg.Add(1)
\tgo func() {
\t\tdefer wg.Done()
\t\tfmt.Println(i)
\t}()
}
wg.Wait()
```

Output:

```
2
0
1
```
";
    let Some(bench) = Bench::new(&[("a.md", notes)]) else {
        return;
    };
    let verdicts: Vec<Verdict> = bench
        .verify(&[])
        .claims
        .iter()
        .map(|claim| claim.verdict)
        .collect();
    let (loose, others) = verdicts.split_first().unwrap();
    assert!(
        matches!(loose, Verdict::Unstable | Verdict::Unverified),
        "{loose:?}"
    );
    assert_eq!(others, [Verdict::Confirmed, Verdict::Confirmed]);
}
