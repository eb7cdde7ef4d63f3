//! Processes that misbehave: each ends as what it is, and its neighbours don't notice.
#![cfg(target_os = "linux")]

mod run_support;

use std::num::NonZeroUsize;
use std::time::Duration;

use gosnip::run::sandbox::Level;
use gosnip::run::{Cancellation, Capture, End, Event, Runner};
use run_support::{Lazy, Program, is_alive, options, run_among_neighbours, runner};

static PROGRAM: Lazy = Lazy::new(|| Program::build(SOURCE, &[]));

const SOURCE: &str = r#"package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	what, argument, _ := strings.Cut(os.Args[1], ":")
	switch what {
	case "hello":
		fmt.Println("hello")
	case "exit":
		code, _ := strconv.Atoi(argument)
		os.Exit(code)
	case "signal":
		number, _ := strconv.Atoi(argument)
		syscall.Kill(os.Getpid(), syscall.Signal(number))
		time.Sleep(time.Hour)
	case "busy":
		fmt.Println("hello")
		for {
		}
	case "wait":
		fmt.Println("hello")
		time.Sleep(time.Hour)
	case "serve":
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		fmt.Println(err)
		listener.Accept()
	case "endless":
		line := strings.Repeat("x", 999) + "\n"
		for {
			os.Stdout.WriteString(line)
		}
	case "much":
		fmt.Println("first")
		for range 3 << 10 {
			os.Stdout.WriteString(strings.Repeat("x", 1023) + "\n")
		}
		fmt.Println("last")
	case "both":
		for i := range 100 {
			fmt.Println("out", i)
			fmt.Fprintln(os.Stderr, "err", i)
		}
	case "memory":
		var all [][]byte
		for {
			block := make([]byte, 64<<20)
			for i := 0; i < len(block); i += 4096 {
				block[i] = 1
			}
			all = append(all, block)
		}
	case "goroutines":
		for range 100_000 {
			go func() { select {} }()
		}
		fmt.Println(runtime.NumGoroutine() > 100_000)
	case "forks":
		for {
			exec.Command("/proc/self/exe", "forks").Start()
		}
	case "escape":
		child := exec.Command("/proc/self/exe", "linger:"+argument)
		child.Stdout, child.Stderr = os.Stdout, os.Stderr
		child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		fmt.Println(child.Start())
	case "linger":
		time.Sleep(time.Hour)
	case "environment":
		os.WriteFile("file", nil, 0o600)
		entries, _ := os.ReadDir(".")
		fmt.Println(len(entries), os.Getenv("TZ"), os.Getenv("GOMAXPROCS"), os.Getenv("GODEBUG"), os.Getenv("PATH"))
		for _, folder := range []string{os.Getenv("HOME"), os.TempDir()} {
			entries, err := os.ReadDir(folder)
			fmt.Println(len(entries), err)
		}
		for _, variable := range os.Environ() {
			name, _, _ := strings.Cut(variable, "=")
			fmt.Print(name, " ")
		}
		n, err := os.Stdin.Read(make([]byte, 1))
		fmt.Println(n, err)
	case "close":
		os.MkdirAll("a/b", 0o700)
		os.Chmod("a/b", 0)
		os.Chmod("a", 0)
		os.Chmod(".", 0)
		fmt.Println("hello")
	case "remove":
		fmt.Println(os.RemoveAll(os.Getenv("HOME") + "/../work"))
	case "quiet":
		os.Stdout.Close()
		os.Stderr.Close()
		time.Sleep(50 * time.Millisecond)
		os.Exit(7)
	}
}
"#;

/// The best runner of this machine.
fn best() -> Runner {
    Runner::new(&options(Level::Namespaces), NonZeroUsize::new(2).unwrap()).unwrap()
}

/// Runs it at each level that can be had, two harmless neighbours beside it.
fn at_each_level(
    selector: &str,
    timeout: u64,
    mut check: impl FnMut(Level, gosnip::run::Execution),
) {
    let (Some(mut job), Some(neighbour)) = (PROGRAM.job(selector), PROGRAM.job("hello")) else {
        return;
    };
    job.timeout = Duration::from_secs(timeout);
    for level in [Level::Limits, Level::Base, Level::Namespaces] {
        let Some(runner) = runner(level) else {
            continue;
        };
        check(
            level,
            run_among_neighbours(&runner, &neighbour, job.clone()),
        );
    }
}

#[test]
fn exit_codes_and_signals_come_through_exactly() {
    for code in [0, 1, 2, 66, 125, 255] {
        at_each_level(&format!("exit:{code}"), 60, |level, execution| {
            assert_eq!(execution.end, End::Exited(code), "{level}");
        });
    }
    at_each_level("signal:9", 60, |level, execution| {
        assert_eq!(execution.end, End::Signaled(9), "{level}")
    });
    at_each_level("signal:15", 60, |level, execution| {
        assert_eq!(execution.end, End::Signaled(15), "{level}")
    });
}

#[test]
fn a_busy_loop_is_told_from_waiting() {
    at_each_level("busy", 4, |level, execution| {
        assert_eq!(execution.end, End::TimedOut { busy: true }, "{level}");
        assert_eq!(execution.stdout.text, "hello\n");
    });
    at_each_level("wait", 4, |level, execution| {
        assert_eq!(execution.end, End::TimedOut { busy: false }, "{level}");
        assert_eq!(execution.stdout.text, "hello\n");
    });
}

#[test]
fn a_server_waits_rather_than_computes() {
    let (Some(mut job), Some(runner)) = (PROGRAM.job("serve"), runner(Level::Namespaces)) else {
        return;
    };
    job.timeout = Duration::from_secs(6);
    let execution = runner.run(&[job], |_| {}).remove(0);
    assert_eq!(execution.stdout.text, "<nil>\n", "loopback works");
    assert_eq!(execution.end, End::TimedOut { busy: false });
}

#[test]
fn endless_output_is_stopped_and_head_and_tail_are_kept() {
    at_each_level("endless", 60, |level, execution| {
        assert_eq!(execution.end, End::OutputLimit, "{level}");
        assert!(execution.stdout.omitted > 8 << 20);
        assert!(execution.stdout.text.len() < 2 << 20);
    });
    at_each_level("much", 60, |level, execution| {
        assert_eq!(execution.end, End::Exited(0), "{level}");
        assert_eq!(execution.stdout.omitted, (3 << 20) + 11 - (1 << 20));
        assert!(execution.stdout.text.starts_with("first\n"));
        assert!(execution.stdout.text.ends_with("\nlast\n"));
    });
}

#[test]
fn together_keeps_the_order_of_both_streams() {
    let Some(mut job) = PROGRAM.job("both") else {
        return;
    };
    job.capture = Capture::Together;
    let execution = best().run(&[job], |_| {}).remove(0);
    let expected: String = (0..100).map(|i| format!("out {i}\nerr {i}\n")).collect();
    assert_eq!(execution.stdout.text, expected);
    assert_eq!(execution.stderr.text, "");
}

#[test]
fn a_memory_bomb_is_stopped_by_its_limit() {
    at_each_level("memory", 60, |level, execution| {
        assert_eq!(execution.end, End::MemoryLimit, "{level}")
    });
}

#[test]
fn many_goroutines_are_no_problem() {
    at_each_level("goroutines", 60, |level, execution| {
        assert_eq!(
            (&*execution.stdout.text, execution.end),
            ("true\n", End::Exited(0)),
            "{level}"
        );
    });
}

#[test]
fn a_fork_bomb_is_contained() {
    let (Some(mut job), Some(neighbour)) = (PROGRAM.job("forks"), PROGRAM.job("hello")) else {
        return;
    };
    job.timeout = Duration::from_secs(2);
    for level in [Level::Base, Level::Namespaces] {
        let Some(runner) = runner(level) else {
            continue;
        };
        let execution = run_among_neighbours(&runner, &neighbour, job.clone());
        // It may time out, or be refused threads by its own limit and crash.
        assert_ne!(execution.end, End::Exited(0), "{level}");
        assert!(!is_alive("\0forks"), "{level}");
    }
}

#[test]
fn a_child_that_left_the_session_does_not_outlive_the_program() {
    for level in [Level::Off, Level::Limits, Level::Namespaces] {
        let selector = format!("escape:{level}-{}", std::process::id());
        let (Some(job), Some(neighbour)) = (PROGRAM.job(&selector), PROGRAM.job("hello")) else {
            return;
        };
        let mut options = options(level);
        if level == Level::Off {
            options.policy = gosnip::run::sandbox::Policy::Off;
        }
        let runner = Runner::new(&options, NonZeroUsize::new(2).unwrap()).unwrap();
        let execution = run_among_neighbours(&runner, &neighbour, job);
        assert_eq!(
            (&*execution.stdout.text, execution.end),
            ("<nil>\n", End::Exited(0)),
            "{level}"
        );
        assert!(
            !is_alive(&format!("linger:{level}-{}", std::process::id())),
            "{level}"
        );
    }
}

#[test]
fn the_environment_is_small_and_the_folders_are_fresh() {
    let Some(mut job) = PROGRAM.job("environment") else {
        return;
    };
    job.max_procs = Some(3);
    job.godebug = Some("randautoseed=0".to_owned());
    for level in [Level::Limits, Level::Base, Level::Namespaces] {
        let Some(runner) = runner(level) else {
            continue;
        };
        for execution in runner.run(&[job.clone(), job.clone()], |_| {}) {
            let mut lines = execution.stdout.text.lines();
            assert_eq!(
                lines.next(),
                Some("1 UTC 3 randautoseed=0 /usr/bin:/bin"),
                "{level} {execution:?}"
            );
            assert_eq!(lines.next(), Some("0 <nil>"));
            assert_eq!(lines.next(), Some("0 <nil>"));
            let mut words: Vec<&str> = lines.next().unwrap().split(' ').collect();
            assert_eq!(words.split_off(words.len() - 2), ["0", "EOF"]);
            words.sort_unstable();
            let expected = [
                "GODEBUG",
                "GOMAXPROCS",
                "GORACE",
                "HOME",
                "LANG",
                "PATH",
                "TMPDIR",
                "TZ",
            ];
            assert_eq!(words, expected);
        }
    }
}

#[test]
fn a_program_may_wreck_its_own_folders() {
    at_each_level("close", 60, |level, execution| {
        assert_eq!(execution.end, End::Exited(0), "{level}")
    });
    at_each_level("remove", 60, |level, execution| {
        assert_eq!(execution.end, End::Exited(0), "{level}")
    });
}

#[test]
fn a_program_that_closes_its_streams_is_still_waited_for() {
    at_each_level("quiet", 60, |level, execution| {
        assert_eq!(execution.end, End::Exited(7), "{level}")
    });
}

#[test]
fn a_binary_that_is_not_there_is_said_to_be_not_there() {
    let Some(mut job) = PROGRAM.job("hello") else {
        return;
    };
    job.executable.binary = "/nonexistent/program".into();
    let End::NotStarted(reason) = best().run(&[job], |_| {}).remove(0).end else {
        panic!("it ran")
    };
    assert!(reason.contains("No such file"), "{reason}");
}

#[test]
fn results_stand_in_the_order_of_the_jobs_and_each_is_announced() {
    let jobs: Option<Vec<_>> = (0..20)
        .map(|code| PROGRAM.job(&format!("exit:{code}")))
        .collect();
    let Some(jobs) = jobs else { return };
    let mut finished = Vec::new();
    let results = best().run(&jobs, |event| {
        if let Event::Finished(index, _) = event {
            finished.push(*index);
        }
    });
    let ends: Vec<End> = results.into_iter().map(|execution| execution.end).collect();
    assert_eq!(ends, (0..20).map(End::Exited).collect::<Vec<_>>());
    finished.sort_unstable();
    assert_eq!(finished, (0..20).collect::<Vec<_>>());
}

#[test]
fn cancelling_keeps_what_is_finished() {
    let (Some(quick), Some(long)) = (PROGRAM.job("hello"), PROGRAM.job("wait")) else {
        return;
    };
    let runner = Runner::new(&options(Level::Namespaces), NonZeroUsize::MIN).unwrap();
    let results = runner.run(&[quick.clone(), long, quick], |event| {
        if matches!(event, Event::Finished(0, _)) {
            runner.cancellation().cancel();
        }
    });
    assert_eq!(results[0].stdout.text, "hello\n");
    for unfinished in &results[1..] {
        assert_eq!(unfinished.end, End::NotStarted("interrupted".to_owned()));
    }
}

#[test]
fn the_first_ctrl_c_stops_the_jobs_but_not_gosnip() {
    let Some(job) = PROGRAM.job("wait") else {
        return;
    };
    let cancellation = Cancellation::default();
    cancellation.on_ctrl_c(130).unwrap();
    let runner = best().with_cancellation(cancellation);
    rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::INT).unwrap();
    let execution = runner.run(&[job], |_| {}).remove(0);
    assert_eq!(execution.end, End::NotStarted("interrupted".to_owned()));
}

#[test]
fn the_package_path_is_main_again_in_all_output() {
    let Some(mut job) = PROGRAM.job("both") else {
        return;
    };
    job.executable.package = "out".to_owned();
    let execution = best().run(&[job], |_| {}).remove(0);
    assert!(execution.stdout.text.starts_with("main 0\nmain 1\n"));
}
