//! What is kept between runs: nothing is done twice, and nothing that is kept makes a verdict wrong.

mod engine_support;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use engine_support::{Bench, block, claim};
use gosnip::report::{Report, Verdict};

/// Blocks on lines 1, 5, 9, 13 and 19.
const NOTE: &str = "\
```go
fmt.Println(1 + 1) // 2
```

```go
fmt.Println(2 + 2) // 5
```

```go
fmt.Println(strings.Repeat(\"a\", 3)) // aaa
```

```go
var m map[string]int
m[\"a\"] = 1 // panic
fmt.Println(m)
```

```go
ch := make(chan int)
<-ch // deadlock
```
";

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let entries = entries.flatten().map(|entry| entry.path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// The report without what may differ between runs that found the same.
fn comparable(mut report: Report) -> Report {
    let summary = &mut report.summary;
    summary.seconds = 0.0;
    // What was not run again is counted apart.
    summary.merged = summary.programs();
    (summary.not_merged, summary.replayed) = (0, 0);
    for block in &mut report.blocks {
        block.cached = false;
    }
    report
}

#[test]
fn where_nothing_changed_nothing_is_compiled_linked_or_run() {
    let Some(bench) = Bench::new(&[("a.md", NOTE)]) else {
        return;
    };
    let first = bench.verify(&[]);
    assert_eq!(claim(&first, 6).verdict, Verdict::Refuted);
    assert!(first.blocks.iter().all(|block| !block.cached));
    // What is not there can only have been made again.
    fs::remove_dir_all(bench.path("cache/binaries")).unwrap();
    fs::remove_dir_all(bench.path("cache/reports")).unwrap();
    let before = files(&bench.path("cache/objects")).len();
    let second = bench.verify(&[]);
    assert!(second.blocks.iter().all(|block| block.cached), "{second:?}");
    assert!(!bench.path("cache/binaries").exists());
    assert_eq!(files(&bench.path("cache/objects")).len(), before);
    assert_eq!(comparable(first), comparable(second));
}

#[test]
fn where_nothing_at_all_changed_the_report_is_told_again() {
    let Some(bench) = Bench::new(&[("a.md", NOTE)]) else {
        return;
    };
    let first = bench.verify(&[]);
    // Without these, all would have to be compiled and run.
    for part in ["objects", "runs", "binaries"] {
        fs::remove_dir_all(bench.path("cache").join(part)).unwrap();
    }
    let second = bench.verify(&[]);
    assert!(second.blocks.iter().all(|block| block.cached));
    assert!(files(&bench.path("cache/objects")).is_empty());
    assert_eq!(comparable(first), comparable(second));
}

#[test]
fn whatever_a_report_depends_on_makes_it_anew() {
    let Some(bench) = Bench::new(&[
        ("a.md", "```go\nfmt.Println(one()) // 1\n```\n"),
        ("b.md", "```go\nfunc one() int { return 1 }\n```\n"),
    ]) else {
        return;
    };
    let verify = || {
        bench.command(&["verify", "a.md", "-q"]).output().unwrap();
        files(&bench.path("cache/reports"))
    };
    verify();
    let anew = |what: &str, change: &dyn Fn()| {
        let before = verify();
        assert_eq!(verify(), before, "before {what}");
        change();
        assert_ne!(verify(), before, "{what}");
    };
    anew("a setting", &|| {
        bench.write("verify.toml", "[run]\ntimeout = \"9s\"\n");
    });
    anew("a record", &|| {
        let mut bless = bench.command(&["bless", "a.md"]);
        bless.env_remove("CI").output().unwrap();
        assert!(bench.path("notes/expected").exists());
    });
    anew("what a neighbour declares", &|| {
        bench.write("b.md", "```go\nfunc one() int { return 2 }\n```\n");
    });
    anew("the note", &|| {
        bench.write("a.md", "```go\nfmt.Println(one()) // 2\n```\n");
    });
}

#[test]
fn an_edit_does_that_block_again_and_no_other() {
    let Some(bench) = Bench::new(&[("a.md", NOTE)]) else {
        return;
    };
    bench.verify(&[]);
    bench.write("a.md", &NOTE.replace("2 + 2", "2 + 3"));
    let second = bench.verify(&[]);
    assert_eq!(claim(&second, 6).verdict, Verdict::Confirmed);
    let cached = |line| block(&second, line).cached;
    assert_eq!(
        [1, 5, 9, 13, 19].map(cached),
        [true, false, true, true, true]
    );
    // The one that was linked alone can share a binary as before.
    let anew = bench.verify(&["--no-cache"]);
    let again = &second.summary;
    assert_eq!(anew.summary.merged, again.merged + again.replayed);
    assert!(again.replayed > 0);
    assert_eq!(second.summary.not_merged, 0);
}

#[test]
fn with_no_cache_everything_is_done_again() {
    let Some(bench) = Bench::new(&[("a.md", NOTE)]) else {
        return;
    };
    let first = bench.verify(&[]);
    let second = bench.verify(&["--no-cache"]);
    assert!(second.blocks.iter().all(|block| !block.cached));
    assert_eq!(comparable(first), comparable(second));
}

#[test]
fn other_limits_are_other_runs() {
    let Some(bench) = Bench::new(&[("a.md", NOTE)]) else {
        return;
    };
    bench.verify(&[]);
    let other = bench.verify(&["--timeout", "9s"]);
    assert!(other.blocks.iter().all(|block| !block.cached));
}

#[test]
fn damaged_entries_are_made_again_and_change_no_verdict() {
    let Some(bench) = Bench::new(&[("a.md", NOTE)]) else {
        return;
    };
    let whole = comparable(bench.verify(&[]));
    for damage in [cut as fn(&Path), flip, empty] {
        for part in ["objects", "runs", "binaries", "reports"] {
            for file in files(&bench.path("cache").join(part)) {
                damage(&file);
            }
        }
        assert_eq!(comparable(bench.verify(&[])), whole);
    }
}

fn cut(file: &Path) {
    let content = fs::read(file).unwrap();
    fs::write(file, &content[..content.len() / 2]).unwrap();
}

fn flip(file: &Path) {
    let mut content = fs::read(file).unwrap();
    let middle = content.len() / 2;
    if let Some(byte) = content.get_mut(middle) {
        *byte ^= 0x20;
    }
    fs::write(file, content).unwrap();
}

fn empty(file: &Path) {
    fs::write(file, "").unwrap();
}

#[test]
fn several_at_once_report_the_same() {
    let Some(bench) = Bench::new(&[("a.md", NOTE)]) else {
        return;
    };
    let expected = comparable(bench.verify(&["--no-cache"]));
    let reports: Vec<PathBuf> = (0..3).map(|n| bench.path(&format!("{n}.json"))).collect();
    let running: Vec<_> = reports
        .iter()
        .map(|place| {
            let report = format!("json={}", place.display());
            let mut command = bench.command(&["verify", ".", "-q", "--report", &report]);
            command.stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut one in running {
        one.wait().unwrap();
    }
    for place in reports {
        let report = serde_json::from_str(&fs::read_to_string(place).unwrap()).unwrap();
        assert_eq!(comparable(report), expected);
    }
}

#[test]
fn killed_fifty_times_it_reports_as_if_never_killed() {
    let Some(bench) = Bench::new(&[("a.md", NOTE)]) else {
        return;
    };
    let started = Instant::now();
    let expected = comparable(bench.verify(&["--no-cache"]));
    let whole = started.elapsed();
    for kill in 0..50_u32 {
        // Moments spread over the whole run in an order that jumps about; every fifth with an empty cache.
        if kill % 5 == 0 {
            for part in ["objects", "runs", "binaries", "reports"] {
                let _ = fs::remove_dir_all(bench.path("cache").join(part));
            }
        }
        let mut running = bench.command(&["verify", ".", "-q"]);
        let mut running = running
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(whole * (kill * 29 % 50) / 50);
        // It may have ended already.
        let _ = running.kill();
        running.wait().unwrap();
    }
    assert_eq!(comparable(bench.verify(&[])), expected);
}

#[test]
fn a_program_that_never_ends_costs_its_time_once() {
    let endless = "```go\nfor {\n\ttime.Sleep(time.Hour)\n}\n```\n";
    let Some(bench) = Bench::new(&[("a.md", endless)]) else {
        return;
    };
    bench.verify(&["--timeout", "2s"]);
    for part in ["binaries", "reports"] {
        fs::remove_dir_all(bench.path("cache").join(part)).unwrap();
    }
    let second = bench.verify(&["--timeout", "2s"]);
    assert!(block(&second, 1).cached);
    assert!(!bench.path("cache/binaries").exists());
    // Under another limit it might have ended.
    assert!(!block(&bench.verify(&["--timeout", "1s"]), 1).cached);
}

#[test]
fn where_the_cache_is_full_every_verdict_stands() {
    let Some(bench) = Bench::new(&[("a.md", NOTE)]) else {
        return;
    };
    let expected = comparable(bench.verify(&["--no-cache"]));
    // A device that takes nothing: a file where the folders should be.
    for part in ["objects", "runs", "binaries", "reports"] {
        let _ = fs::remove_dir_all(bench.path("cache").join(part));
        fs::write(bench.path("cache").join(part), "").unwrap();
    }
    assert_eq!(comparable(bench.verify(&[])), expected);
}

/// Verifies where the disk of the cache and that of temporary files have these sizes; `None` where no file system can be
/// mounted, not even for this process alone. Also what was said to stderr.
#[cfg(target_os = "linux")]
fn verify_on_small_disks(
    bench: &Bench,
    cache: &str,
    tmp: &str,
) -> Option<(Option<Report>, String)> {
    const SCRIPT: &str = r#"
        shared=$(readlink "$1/std") && home=$(readlink "$1/home") || exit 77
        mount -t tmpfs -o "size=$2" none "$1" && mount -t tmpfs -o "size=$4" none "$3" || exit 77
        ln -s "$shared" "$1/std" && ln -s "$home" "$1/home" || exit 77
        shift 4
        exec "$@"
    "#;
    let place = bench.path("report.json");
    let _ = fs::remove_file(&place);
    let report = format!("json={}", place.display());
    let gosnip = bench.command(&["verify", ".", "-q", "--report", &report]);
    let root = rustix::process::geteuid().is_root();
    let mut command = Command::new("unshare");
    command
        .args(if root { &["-m"][..] } else { &["-r", "-m"] })
        .args(["sh", "-c", SCRIPT, "sh"])
        .args([bench.path("cache").as_os_str(), cache.as_ref()])
        .args([bench.path("tmp").as_os_str(), tmp.as_ref()])
        .arg(gosnip.get_program())
        .args(gosnip.get_args())
        .envs(
            gosnip
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .current_dir(bench.path("notes"));
    let output = command.output().ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.code() == Some(77) {
        return None;
    }
    let report = fs::read_to_string(place).ok();
    Some((
        report.map(|text| serde_json::from_str(&text).unwrap()),
        said,
    ))
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_full_disk_no_verdict_is_wrong_and_the_disk_is_named() {
    let Some(bench) = Bench::new(&[("a.md", NOTE)]) else {
        return;
    };
    let expected = bench.verify(&["--no-cache"]);
    let mut named = 0;
    // Full at once; full when programs are compiled, when they are linked, when what they did is kept; full for programs.
    let disks = [
        ("64k", "100m"),
        ("300k", "100m"),
        ("2m", "100m"),
        ("6m", "100m"),
        ("100m", "64k"),
        ("100m", "2m"),
        ("100m", "100m"),
    ];
    for (cache, tmp) in disks {
        let Some((report, said)) = verify_on_small_disks(&bench, cache, tmp) else {
            println!("skipped: no file system can be mounted here");
            return;
        };
        let Some(report) = report else {
            assert!(said.contains("No space left"), "{cache}, {tmp}: {said}");
            named += 1;
            continue;
        };
        let lacking = (report.claims.iter()).any(|it| it.verdict == Verdict::Unverified);
        let told = (report.findings.iter()).any(|it| it.rule == "environment");
        assert!(
            told || !lacking,
            "{cache}, {tmp}: {:?} {:?}",
            report.claims,
            report.findings
        );
        // A guess that nothing proves is no claim: there may be fewer.
        for claim in &report.claims {
            let mut right = expected.claims.iter();
            let right = right.find(|it| it.line == claim.line && it.kind == claim.kind);
            let right = right.unwrap_or_else(|| panic!("{cache}, {tmp}: {claim:?}"));
            let undecided = claim.verdict == Verdict::Unverified;
            assert!(
                undecided || claim.verdict == right.verdict,
                "{cache}, {tmp}: {claim:?}"
            );
            if undecided {
                named += 1;
                assert!(
                    claim.reason.to_lowercase().contains("no space left"),
                    "{cache}, {tmp}: {claim:?}"
                );
            }
        }
        if (cache, tmp) == ("100m", "100m") {
            assert_eq!(comparable(report), comparable(expected.clone()));
        }
    }
    assert!(named > 0, "no disk was full");
}

#[test]
fn the_cache_can_be_weighed_and_cleaned() {
    let Some(bench) = Bench::new(&[("a.md", NOTE)]) else {
        return;
    };
    bench.verify(&[]);
    let said = |arguments: &[&str]| {
        let output = bench.command(arguments).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(said(&["cache"]).contains("what programs did"));
    said(&["cache", "clean", "--older-than", "30d"]);
    assert!(bench.path("cache/runs").exists());
    assert!(bench.verify(&[]).blocks.iter().all(|block| block.cached));
    // The standard library is the other tests' too.
    for shared in ["std", "home"] {
        fs::remove_file(bench.path("cache").join(shared)).unwrap();
    }
    said(&["cache", "clean"]);
    assert!(
        files(&bench.path("cache/objects"))
            .iter()
            .all(|file| file.ends_with("tidied"))
    );
}

#[test]
fn a_cache_that_cannot_be_written_is_no_success() {
    let Some(bench) = Bench::new(&[("a.md", NOTE)]) else {
        return;
    };
    let file = bench.path("file");
    fs::write(&file, "").unwrap();
    let output = bench
        .command(&["verify", "a.md"])
        .env("GOSNIP_CACHE_DIR", &file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error[environment]"), "{said}");
    assert!(said.contains("set GOSNIP_CACHE_DIR"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_link_to_what_never_ends_is_no_note() {
    let Some(bench) = Bench::new(&[("a.md", NOTE)]) else {
        return;
    };
    std::os::unix::fs::symlink("/dev/zero", bench.path("notes/zero.md")).unwrap();
    let named = bench.command(&["verify", "zero.md"]).output().unwrap();
    let said = String::from_utf8_lossy(&named.stderr);
    assert_eq!(named.status.code(), Some(4), "{said}");
    assert!(said.contains("zero.md is larger than 16 MiB"), "{said}");
}

#[test]
fn what_a_killed_gosnip_leaves_is_removed_by_the_next_one() {
    let Some(bench) = Bench::new(&[("a.md", "```go\nfmt.Println(1) // 1\n```\n")]) else {
        return;
    };
    let left = || fs::read_dir(bench.path("tmp")).unwrap().count();
    // It is there before the report of events begins to say what the environment is.
    let arguments = ["verify", ".", "-q", "--report", "jsonl"];
    let mut running = bench
        .command(&arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut events = BufReader::new(running.stdout.take().unwrap()).lines();
    assert!(events.any(|line| line.unwrap().contains("\"environment\"")));
    running.kill().unwrap();
    running.wait().unwrap();
    assert_eq!(left(), 1);
    assert_eq!(claim(&bench.verify(&[]), 2).verdict, Verdict::Confirmed);
    assert_eq!(left(), 0);
}
