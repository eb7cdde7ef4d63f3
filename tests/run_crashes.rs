//! Crash reports that Go really writes, taken apart.
#![cfg(unix)]

mod run_support;

use gosnip::run::crash::{Crash, CrashKind};
use gosnip::run::sandbox::Level;
use gosnip::run::{Capture, End, Execution};
use run_support::{Lazy, Program, runner};

static PROGRAM: Lazy = Lazy::new(|| Program::build(SOURCE, &[]));

const SOURCE: &str = r#"package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
	"time"
)

type T struct{ A int }
type M int
type S struct{}

func (S) String() string { return "I am S" }

func boom() { panic("boom") }

func over(n int) int { return over(n+1) + 1 }

func main() {
	fmt.Println("out")
	switch os.Args[1] {
	case "panic":
		boom()
	case "after-own-text":
		fmt.Fprint(os.Stderr, "mine")
		panic("boom")
	case "nested":
		defer func() { panic("b") }()
		panic("a")
	case "recovered":
		defer func() { recover(); panic("b\nc") }()
		panic("a")
	case "repanicked":
		defer func() { panic(recover()) }()
		panic(fmt.Errorf("x: %w", errors.New("y")))
	case "error":
		panic(errors.New("an error"))
	case "stringer":
		panic(S{})
	case "struct":
		panic(T{1})
	case "named":
		panic(M(3))
	case "multi-line":
		panic("l1\n\nl2\n")
	case "tricky":
		panic("goroutine 1 [running]:\npanic: not this")
	case "nil-pointer":
		var p *T
		fmt.Println(p.A)
	case "index":
		s := []int{1}
		fmt.Println(s[len(os.Args)+3])
	case "goroutine":
		go boom()
		select {}
	case "deadlock":
		var ch chan int
		<-ch
	case "goexit":
		runtime.Goexit()
	case "overflow":
		debug.SetMaxStack(256 << 20)
		fmt.Fprintln(os.Stderr, "mine")
		over(0)
	case "unlock":
		var mu sync.Mutex
		mu.Unlock()
	case "map":
		m := map[int]int{}
		for range 8 {
			go func() {
				for i := 0; ; i++ {
					m[i%10] = i
				}
			}()
		}
		time.Sleep(20 * time.Second)
	case "memory":
		var all [][]byte
		for {
			all = append(all, make([]byte, 64<<20))
			for i := 0; i < len(all[len(all)-1]); i += 4096 {
				all[len(all)-1][i] = 1
			}
		}
	case "all":
		debug.SetTraceback("all")
		go func() { select {} }()
		time.Sleep(time.Millisecond)
		panic("boom")
	case "abort":
		syscall.Kill(syscall.Getpid(), syscall.SIGABRT)
		time.Sleep(20 * time.Second)
	case "printed-and-fine":
		fmt.Fprintln(os.Stderr, "panic: not really")
	case "printed-and-exit-2":
		fmt.Fprintln(os.Stderr, "panic: not really")
		os.Exit(2)
	case "recovered-and-shown":
		func() {
			defer func() { fmt.Fprintf(os.Stderr, "panic: %v\n\n%s", recover(), debug.Stack()) }()
			panic("first")
		}()
	case "recovered-and-shown-then-panic":
		func() {
			defer func() { fmt.Fprintf(os.Stderr, "panic: %v\n\n%s", recover(), debug.Stack()) }()
			panic("first")
		}()
		fmt.Fprintln(os.Stderr, "went on")
		panic("second")
	}
}
"#;

fn run(selector: &str, capture: Capture) -> Option<Execution> {
    let mut job = PROGRAM.job(selector)?;
    job.capture = capture;
    let runner = runner(Level::Limits)?;
    runner.run(&[job], |_| {}).pop()
}

/// Runs it both ways; the crash must be the same but for what differs from run to run.
fn crash(selector: &str) -> Option<(Execution, Crash)> {
    let apart = run(selector, Capture::Apart)?;
    let together = run(selector, Capture::Together)?;
    let crash = apart
        .crash
        .clone()
        .unwrap_or_else(|| panic!("no crash: {apart:?}"));
    let other = together
        .crash
        .clone()
        .unwrap_or_else(|| panic!("no crash: {together:?}"));
    assert_eq!(apart.end, together.end);
    assert_eq!(crash.kind, other.kind);
    // Which thread a signal from outside meets, and so what the goroutine is at, is the kernel's choice.
    if !crash.message.starts_with("SIG") {
        assert_eq!(crash.wait, other.wait);
    }
    assert_eq!(apart.stdout.text, "out\n");
    assert_eq!(together.stdout.text, format!("out\n{}", apart.stderr.text));
    assert_eq!(together.stderr.text, "");
    Some((apart, crash))
}

fn functions(crash: &Crash) -> Vec<&str> {
    crash
        .frames
        .iter()
        .map(|frame| frame.function.as_str())
        .collect()
}

#[test]
fn a_panic_has_its_message_and_its_frames() {
    let Some((execution, crash)) = crash("panic") else {
        return;
    };
    assert_eq!(execution.end, End::Exited(2));
    assert_eq!(execution.stderr.text, "");
    assert_eq!(
        (crash.kind, crash.message.as_str()),
        (CrashKind::Panic, "boom")
    );
    assert_eq!(functions(&crash), ["main.boom", "main.main"]);
    let line = SOURCE
        .lines()
        .position(|line| line.starts_with("func boom"))
        .unwrap()
        + 1;
    assert_eq!(crash.frames[0].line as usize, line);
    assert_eq!(crash.wait.as_deref(), Some("running"));
    assert!(
        crash
            .report
            .starts_with("panic: boom\n\ngoroutine 1 [running]:\n"),
        "{}",
        crash.report
    );
}

#[test]
fn what_the_program_wrote_itself_stays_even_on_the_same_line() {
    let Some((execution, crash)) = crash("after-own-text") else {
        return;
    };
    assert_eq!(execution.stderr.text, "mine");
    assert_eq!(crash.message, "boom");
}

#[test]
fn the_last_of_several_panics_is_the_message_and_none_is_lost() {
    for (selector, panics) in [
        ("nested", vec!["a", "b"]),
        ("recovered", vec!["a", "b\nc"]),
        ("repanicked", vec!["x: y"]),
    ] {
        let Some((_, crash)) = crash(selector) else {
            return;
        };
        // Before Go 1.25 a value that is raised again counts twice.
        let mut found = crash.panics();
        found.dedup();
        assert_eq!(found, panics, "{}", crash.report);
        assert_eq!(crash.message, *panics.last().unwrap());
        assert_eq!(crash.kind, CrashKind::Panic);
    }
}

#[test]
fn panic_values_are_shown_as_the_runtime_shows_them() {
    for (selector, message) in [
        ("error", "an error"),
        ("stringer", "main.S{}"),
        ("named", "main.M(3)"),
        ("multi-line", "l1\n\nl2\n"),
        ("tricky", "goroutine 1 [running]:\npanic: not this"),
        (
            "index",
            "runtime error: index out of range [5] with length 1",
        ),
    ] {
        let Some((_, crash)) = crash(selector) else {
            return;
        };
        if selector == "stringer" {
            assert!(
                crash.message.contains("main.S") || crash.message == "I am S",
                "{crash:?}"
            );
            continue;
        }
        if selector == "tricky" {
            // The indented second line looks like a nested panic; both readings keep the text.
            assert_eq!(crash.panics().join("\npanic: "), message);
            continue;
        }
        assert_eq!(crash.message, message, "{}", crash.report);
    }
    let Some((_, crash)) = crash("struct") else {
        return;
    };
    assert!(crash.message.starts_with("(main.T) "), "{}", crash.message);
}

#[test]
fn a_signal_is_kept_apart_from_the_message() {
    let Some((_, crash)) = crash("nil-pointer") else {
        return;
    };
    assert_eq!(
        crash.message,
        "runtime error: invalid memory address or nil pointer dereference"
    );
    assert!(
        crash
            .signal
            .unwrap()
            .starts_with("signal SIGSEGV: segmentation violation")
    );
}

#[test]
fn a_panic_in_another_goroutine_has_no_frame_of_its_creator() {
    let Some((_, crash)) = crash("goroutine") else {
        return;
    };
    assert_eq!(functions(&crash), ["main.boom"]);
    assert!(crash.report.contains("created by main.main"));
}

#[test]
fn deadlocks_have_a_kind_of_their_own_and_say_what_they_wait_for() {
    let Some((_, crash)) = crash("deadlock") else {
        return;
    };
    assert_eq!(crash.kind, CrashKind::Deadlock);
    assert_eq!(crash.message, "all goroutines are asleep - deadlock!");
    assert_eq!(crash.wait.as_deref(), Some("chan receive (nil chan)"));
    let Some((_, crash)) = self::crash("goexit") else {
        return;
    };
    assert_eq!(crash.kind, CrashKind::Deadlock);
    assert_eq!(
        crash.message,
        "no goroutines (main called runtime.Goexit) - deadlock!"
    );
}

#[test]
fn a_stack_overflow_shows_the_limit_that_go_itself_has() {
    let Some((execution, crash)) = crash("overflow") else {
        return;
    };
    assert_eq!(execution.stderr.text, "mine\n");
    assert_eq!(
        (crash.kind, crash.message.as_str()),
        (CrashKind::Fatal, "stack overflow")
    );
    assert!(
        crash
            .report
            .starts_with("runtime: goroutine stack exceeds 1000000000-byte limit\n"),
        "{}",
        crash.report
    );
    assert_eq!(crash.frames[0].function, "main.over");
}

#[test]
fn fatal_errors_are_not_panics() {
    for (selector, message) in [
        ("unlock", "sync: unlock of unlocked mutex"),
        ("map", "concurrent map writes"),
    ] {
        let Some((execution, crash)) = crash(selector) else {
            return;
        };
        assert_eq!(execution.end, End::Exited(2));
        assert_eq!(
            (crash.kind, crash.message.as_str()),
            (CrashKind::Fatal, message)
        );
    }
}

#[test]
fn running_out_of_memory_is_an_end_of_its_own() {
    // The runtime notices at different places, and once in a while does not.
    for capture in [Capture::Apart, Capture::Together].repeat(4) {
        let Some(execution) = run("memory", capture) else {
            return;
        };
        assert_eq!(execution.end, End::MemoryLimit, "{execution:?}");
        assert_eq!(
            (&*execution.stdout.text, &*execution.stderr.text),
            ("out\n", "")
        );
        assert!(execution.crash.is_some(), "{execution:?}");
    }
}

#[test]
fn the_first_goroutine_listed_is_the_one_that_crashed() {
    let Some((execution, crash)) = crash("all") else {
        return;
    };
    assert_eq!(execution.stderr.text, "");
    assert_eq!(functions(&crash), ["main.main"]);
}

#[test]
fn a_fatal_signal_is_a_crash_with_registers_and_all() {
    let Some((execution, crash)) = crash("abort") else {
        return;
    };
    assert_eq!(execution.stderr.text, "");
    assert_eq!(
        (crash.kind, crash.message.as_str()),
        (CrashKind::Fatal, "SIGABRT: abort")
    );
}

#[test]
fn a_program_that_only_prints_panic_has_not_crashed() {
    for selector in [
        "printed-and-fine",
        "printed-and-exit-2",
        "recovered-and-shown",
    ] {
        let Some(execution) = run(selector, Capture::Apart) else {
            return;
        };
        assert_eq!(execution.crash, None, "{selector}");
        assert!(execution.stderr.text.starts_with("panic: "), "{selector}");
    }
}

#[test]
fn of_a_shown_panic_and_a_real_one_the_real_one_is_the_crash() {
    let Some((execution, crash)) = crash("recovered-and-shown-then-panic") else {
        return;
    };
    assert_eq!(crash.message, "second");
    assert!(execution.stderr.text.starts_with("panic: first\n"));
    assert!(
        execution.stderr.text.ends_with("went on\n"),
        "{}",
        execution.stderr.text
    );
}

static RACE: Lazy = Lazy::new(|| Program::build(RACE_SOURCE, &["-race"]));

const RACE_SOURCE: &str = r#"package main

import (
	"fmt"
	"os"
	"sync"
)

func main() {
	var n int
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 1000 {
				n++
			}
		}()
	}
	wg.Wait()
	fmt.Println("done")
	fmt.Fprintln(os.Stderr, "mine")
	if os.Args[1] == "panic" {
		panic("boom")
	}
}
"#;

#[test]
fn race_reports_are_cut_out_and_the_program_goes_on() {
    let Some(mut job) = RACE.job("") else { return };
    let Some(runner) = runner(Level::Limits) else {
        return;
    };
    for capture in [Capture::Apart, Capture::Together] {
        job.capture = capture;
        let execution = runner.run(&[job.clone()], |_| {}).remove(0);
        assert_eq!(execution.end, End::Exited(66), "{execution:?}");
        let crash = execution.crash.unwrap();
        assert_eq!(
            (crash.kind, crash.message.as_str()),
            (CrashKind::Race, "DATA RACE")
        );
        assert!(crash.report.contains("WARNING: DATA RACE\n"));
        assert_eq!(functions(&crash), ["main.main.func1"]);
        match capture {
            Capture::Apart => assert_eq!(
                (&*execution.stdout.text, &*execution.stderr.text),
                ("done\n", "mine\n")
            ),
            Capture::Together | Capture::FakeTime(_) => {
                assert_eq!(execution.stdout.text, "done\nmine\n");
            }
        }
    }
}

#[test]
fn a_panic_after_a_race_is_the_crash_and_the_race_is_not_lost() {
    let Some(job) = RACE.job("panic") else { return };
    let Some(runner) = runner(Level::Limits) else {
        return;
    };
    let execution = runner.run(&[job], |_| {}).remove(0);
    let crash = execution.crash.unwrap();
    assert_eq!(
        (crash.kind, crash.message.as_str()),
        (CrashKind::Panic, "boom")
    );
    assert!(crash.has_race());
    assert_eq!(crash.panics(), ["boom"]);
}
