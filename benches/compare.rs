//! What verifying costs, beside what else could be done with the same programs.
//!
//! ```text
//! cargo bench --bench compare -- [--rounds N] [FOLDER…]      default: 3 rounds, this repository
//! ```
//!
//! Every way is measured once in each round, one after the other, so that a busy machine disturbs all
//! alike. Shown are medians: of the seconds on the clock and on processors (children's included), and of the
//! ratios to gosnip without a cache in the same round. `go run`, doccmd and the other tools are measured on another
//! sample of the programs in each round, and scaled. What cannot be used here is left out with a word. It measures
//! and prints; whether the figures are good is for the reader to say.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How many programs `go run` and doccmd are measured with at most in a round; the time is scaled to all.
const SAMPLE: usize = 40;
/// When a program that never ends is stopped under `go run`, as gosnip does by default.
const TIMEOUT: Duration = Duration::from_secs(10);

fn main() {
    let mut folders = Vec::new();
    let mut rounds = 3;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // What cargo adds by itself.
            "--bench" => {}
            "--rounds" => {
                rounds = arguments
                    .next()
                    .and_then(|n| n.parse().ok())
                    .unwrap_or(rounds)
            }
            folder => folders.push(PathBuf::from(folder)),
        }
    }
    if folders.is_empty() {
        folders.push(env!("CARGO_MANIFEST_DIR").into());
    }
    for folder in folders {
        println!("\n{} ({rounds} rounds)", folder.display());
        compare(&folder, rounds);
    }
    println!("\nlinearity and memory (made-up notes, once each)");
    linearity();
}

/// What a command took.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    wall: Duration,
    /// Processor time, with that of all processes it waited for.
    cpu: Duration,
    /// The most memory that the process itself had, in MB.
    own: u64,
    /// The most memory that it or any process below it had, in MB.
    largest: u64,
}

impl Cost {
    fn and(self, other: Self) -> Self {
        Self {
            wall: self.wall + other.wall,
            cpu: self.cpu + other.cpu,
            own: self.own.max(other.own),
            largest: self.largest.max(other.largest),
        }
    }

    fn times(self, factor: f64) -> Self {
        Self {
            wall: self.wall.mul_f64(factor),
            cpu: self.cpu.mul_f64(factor),
            ..self
        }
    }
}

/// Runs a command to its end, or to `limit`; then all of its process group is killed.
#[expect(
    clippy::zombie_processes,
    reason = "wait4 waits for it, and tells what it used"
)]
fn measure(command: &mut Command, limit: Duration) -> Cost {
    let started = Instant::now();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let id = child.id().cast_signed();
    let mut own = 0;
    loop {
        own = own.max(peak(&child));
        // SAFETY: zeros are a valid `rusage`, and both pointers are to variables of ours.
        let (ended, usage) = unsafe {
            let mut usage: libc::rusage = std::mem::zeroed();
            (
                libc::wait4(id, &mut 0, libc::WNOHANG, &mut usage) != 0,
                usage,
            )
        };
        if ended {
            return Cost {
                wall: started.elapsed(),
                cpu: duration(usage.ru_utime) + duration(usage.ru_stime),
                own,
                largest: usage.ru_maxrss.unsigned_abs() / 1024,
            };
        }
        if started.elapsed() > limit {
            // SAFETY: it is a group of its own, which exists until it is waited for.
            unsafe { libc::kill(-id, libc::SIGKILL) };
        }
        thread::sleep(Duration::from_millis(1));
    }
}

fn duration(time: libc::timeval) -> Duration {
    Duration::from_secs(time.tv_sec.unsigned_abs())
        + Duration::from_micros(time.tv_usec.unsigned_abs())
}

/// The most memory a process had so far, in MB; 0 where the system does not tell.
fn peak(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}

const LONG: Duration = Duration::from_secs(3600);

/// A copy of a folder's notes, with a cache of its own.
struct Bench {
    _guard: tempfile::TempDir,
    notes: PathBuf,
    cache: PathBuf,
    programs: PathBuf,
}

impl Bench {
    fn new(source: &Path) -> Self {
        let guard = tempfile::tempdir().expect("a temporary folder");
        let bench = Self {
            notes: guard.path().join("notes"),
            cache: guard.path().join("cache"),
            programs: guard.path().join("programs"),
            _guard: guard,
        };
        fs::create_dir_all(bench.notes.join(".git")).expect("a folder");
        copy_notes(source, &bench.notes);
        bench
    }

    fn gosnip(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gosnip"));
        command
            .args(arguments)
            .current_dir(&self.notes)
            .env("GOSNIP_CACHE_DIR", &self.cache);
        command
    }

    fn verify(&self) -> Cost {
        measure(&mut self.gosnip(&["verify", ".", "-q"]), LONG)
    }

    /// Forgets all but the standard library.
    fn forget(&self) {
        const KEPT: [&str; 3] = ["std", "home", "other-go-build"];
        let parts = fs::read_dir(&self.cache).expect("the cache");
        for part in parts.map(|part| part.expect("a part of the cache")) {
            if !KEPT.iter().any(|kept| part.file_name() == *kept) && part.path().is_dir() {
                fs::remove_dir_all(part.path()).expect("a folder that can go");
            }
        }
    }

    /// Edits the first Go block.
    fn edit(&self, round: usize) {
        for note in notes(&self.notes) {
            let text = fs::read_to_string(&note).unwrap_or_default();
            if let Some((before, after)) = text.split_once("```go\n") {
                let edited = format!("{before}```go\n// edit {round}\n{after}");
                fs::write(note, edited).expect("a note");
                return;
            }
        }
    }

    /// The programs as Go modules have them: one in each folder.
    fn extract(&self) -> Vec<PathBuf> {
        let folder = self.programs.to_string_lossy().into_owned();
        measure(
            &mut self.gosnip(&["extract", ".", "-q", "-o", &folder]),
            LONG,
        );
        let mut folders = Vec::new();
        for (number, file) in files(&self.programs).into_iter().enumerate() {
            let text = fs::read_to_string(&file).unwrap_or_default();
            fs::remove_file(&file).expect("an extracted program");
            if text.contains("func main()") && text.contains("\npackage main") {
                let folder = self.programs.join(format!("p{number:05}"));
                fs::create_dir_all(&folder).expect("a folder");
                fs::write(folder.join("main.go"), text).expect("a program");
                folders.push(folder);
            }
        }
        let version = self.go(&["env", "GOVERSION"]).output().expect("go env");
        let version = String::from_utf8_lossy(&version.stdout)
            .trim()
            .replacen("go", "go ", 1);
        let module = format!("module programs\n\n{version}\n");
        fs::write(self.programs.join("go.mod"), module).expect("go.mod");
        folders
    }

    /// The `go` command, with a build cache of its own that has the standard library.
    fn go(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("go");
        command
            .args(arguments)
            .current_dir(&self.programs)
            .env("CGO_ENABLED", "0")
            .env("GOFLAGS", "")
            .env("GOWORK", "off")
            .env("GOCACHE", self.cache.join("other-go-build"));
        command
    }
}

fn compare(folder: &Path, rounds: usize) {
    let bench = Bench::new(folder);
    println!("  building the standard library and extracting the programs …");
    bench.verify();
    let programs = bench.extract();
    let bound = LowerBound::new(&bench, &programs);
    // With the slash it is a folder.
    let output = format!("{}/bin/", bench.programs.display());
    measure(&mut bench.go(&["build", "-o", &output, "./..."]), LONG);
    let mut costs: BTreeMap<(u8, String), Vec<Cost>> = BTreeMap::new();
    let mut note = |order: u8, way: &str, cost| {
        costs.entry((order, way.to_owned())).or_default().push(cost);
    };
    for round in 0..rounds {
        bench.forget();
        note(0, "gosnip, nothing cached", bench.verify());
        note(1, "gosnip, everything cached", bench.verify());
        bench.edit(round);
        note(2, "gosnip, after one edit", bench.verify());
        touch(&programs, round);
        note(
            3,
            "lower bound: compile all, link once",
            bound.run(&bench, &programs),
        );
        let build = measure(&mut bench.go(&["build", "-o", &output, "./..."]), LONG);
        note(4, "go build -o dir ./...", build);
        touch(&programs, rounds + round);
        let (sample, scale) = sample(&programs, round);
        note(
            5,
            "go run, one by one",
            go_run(&bench, &sample).times(scale),
        );
        if let Some(cost) = doccmd(&bench, &sample) {
            note(6, "doccmd -c 'go run'", cost.times(scale));
        }
        for (number, tool) in (7..).zip(OTHERS) {
            touch(&programs, rounds * usize::from(number) + round);
            if let Some(cost) = other(&bench, tool, &sample) {
                note(
                    number,
                    &format!("{} with go run", tool.0),
                    cost.times(scale),
                );
            }
        }
    }
    print(&costs, programs.len());
}

fn print(costs: &BTreeMap<(u8, String), Vec<Cost>>, programs: usize) {
    println!("  {programs} complete programs");
    println!(
        "  {:<40} {:>9} {:>8} {:>9} {:>8} {:>7} {:>8}",
        "", "seconds", "ratio", "CPU s", "ratio", "own MB", "any MB"
    );
    let unit = costs.values().next().expect("gosnip itself");
    for ((_, way), costs) in costs {
        let seconds =
            |of: fn(&Cost) -> Duration| median(costs.iter().map(|it| of(it).as_secs_f64()));
        // In pairs of the same round.
        let ratio = |of: fn(&Cost) -> Duration| {
            let pairs = costs.iter().zip(unit);
            median(pairs.map(|(it, unit)| of(it).as_secs_f64() / of(unit).as_secs_f64()))
        };
        let most = |of: fn(&Cost) -> u64| costs.iter().map(of).max().unwrap_or(0);
        println!(
            "  {way:<40} {:>9.3} {:>8.2} {:>9.3} {:>8.2} {:>7} {:>8}",
            seconds(|it| it.wall),
            ratio(|it| it.wall),
            seconds(|it| it.cpu),
            ratio(|it| it.cpu),
            most(|it| it.own),
            most(|it| it.largest),
        );
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Makes every program new to the go command.
fn touch(programs: &[PathBuf], round: usize) {
    for program in programs {
        let file = program.join("main.go");
        let text = fs::read_to_string(&file).unwrap_or_default();
        fs::write(file, format!("{text}\n// round {round}\n")).expect("a program");
    }
}

/// Some of the programs, others in each round, and how many times as many there are in all.
fn sample(programs: &[PathBuf], round: usize) -> (Vec<&PathBuf>, f64) {
    let step = programs.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<_> = programs.iter().skip(round % step).step_by(step).collect();
    let scale = programs.len() as f64 / sample.len().max(1) as f64;
    (sample, scale)
}

/// `go run` on each, one after the other.
fn go_run(bench: &Bench, sample: &[&PathBuf]) -> Cost {
    let one =
        |program: &&PathBuf| measure(bench.go(&["run", "main.go"]).current_dir(program), TIMEOUT);
    sample.iter().map(one).fold(Cost::default(), Cost::and)
}

/// doccmd with `go run`, on a note with a fence for each program. It has no time-out of its own.
fn doccmd(bench: &Bench, sample: &[&PathBuf]) -> Option<Cost> {
    if Command::new("doccmd").arg("--version").output().is_err() {
        println!("  doccmd is not installed: left out");
        return None;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let fence = "`".repeat(6);
    let texts = sample
        .iter()
        .map(|program| fs::read_to_string(program.join("main.go")).unwrap_or_default());
    let note: String = texts
        .map(|text| format!("{fence}go\n{text}\n{fence}\n\n"))
        .collect();
    let place = folder.path().join("programs.md");
    fs::write(&place, note).expect("a note");
    let mut command = Command::new("doccmd");
    command
        .args(["--language=go", "--temporary-file-extension=.go"])
        .args(["--no-pad-file", "--no-write-to-file"])
        // Many a program fails, as its note says, and doccmd leaves a file where something fails.
        .arg(format!(
            "--command=sh -c 'timeout {} go run \"$0\"; true'",
            TIMEOUT.as_secs()
        ))
        .arg(&place)
        .env("GOCACHE", bench.cache.join("other-go-build"))
        .env("CGO_ENABLED", "0")
        .env("GOFLAGS", "");
    Some(measure(&mut command, LONG))
}

/// How a tool is told to run a program. That its output is another than expected costs it no time.
type Told = fn(usize, &str) -> String;

/// Other tools for the same purpose, with that.
const OTHERS: [(&str, Told); 2] = [
    ("txm", |number, program| {
        format!(
            "<!-- !test program xargs timeout {0} go run -->\n<!-- !test in {number} -->\n\n    {program}\n\n\
             <!-- !test out {number} -->\n\n    -\n\n",
            TIMEOUT.as_secs()
        )
    }),
    ("mdoctest", |_, program| {
        format!(
            "```console\n$ timeout {} go run {program}\n```\n\n",
            TIMEOUT.as_secs()
        )
    }),
];

/// One of the other tools on a note that tells it to run each program, where it is installed.
fn other(bench: &Bench, (tool, told): (&str, Told), sample: &[&PathBuf]) -> Option<Cost> {
    if Command::new(tool).arg("--help").output().is_err() {
        println!("  {tool} is not installed: left out");
        return None;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let programs = sample.iter().enumerate();
    let note: String = programs
        .map(|(number, program)| told(number, &program.join("main.go").to_string_lossy()))
        .collect();
    let place = folder.path().join("programs.md");
    fs::write(&place, note).expect("a note");
    let mut command = Command::new(tool);
    command
        .arg(&place)
        .env("GOCACHE", bench.cache.join("other-go-build"))
        .env("CGO_ENABLED", "0")
        .env("GOFLAGS", "");
    Some(measure(&mut command, LONG))
}

/// Every program compiled directly, two at a time, and one link: nothing that builds them can cost less.
struct LowerBound {
    configuration: PathBuf,
    packages: Vec<String>,
}

impl LowerBound {
    fn new(bench: &Bench, programs: &[PathBuf]) -> Self {
        let format = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}";
        let listed = bench
            .go(&["list", "-e", "-export", "-deps", "-f", format, "./..."])
            .output()
            .expect("go list");
        let text = String::from_utf8_lossy(&listed.stdout);
        let standard: Vec<&str> = text
            .lines()
            .filter(|line| {
                line.starts_with("packagefile ") && !line.contains("packagefile programs")
            })
            .collect();
        let configuration = bench.programs.join("importcfg");
        fs::write(&configuration, standard.join("\n") + "\n").expect("importcfg");
        let imported = |path: &str| {
            let import = format!("\"{path}\"");
            programs.iter().any(|program| {
                fs::read_to_string(program.join("main.go")).is_ok_and(|text| text.contains(&import))
            })
        };
        let packages = standard
            .iter()
            .filter_map(|line| line.strip_prefix("packagefile ")?.split('=').next())
            .filter(|path| !path.contains("internal") && !path.contains("vendor") && imported(path))
            .map(str::to_owned)
            .collect();
        Self {
            configuration,
            packages,
        }
    }

    fn run(&self, bench: &Bench, programs: &[PathBuf]) -> Cost {
        let tool = |name: &str| {
            let output = bench.go(&["tool", "-n", name]).output().expect("go tool");
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        };
        let (compiler, linker) = (tool("compile"), tool("link"));
        let one = |folder: &Path| {
            let mut command = Command::new(&compiler);
            command
                .current_dir(folder)
                .args(["-o", "main.a", "-p", "main", "-importcfg"]);
            command.arg(&self.configuration).args(["-pack", "main.go"]);
            measure(&mut command, LONG)
        };
        let all = bench.programs.join("all");
        fs::create_dir_all(&all).expect("a folder");
        let imports: String = self
            .packages
            .iter()
            .map(|path| format!("import _ {path:?}\n"))
            .collect();
        fs::write(
            all.join("main.go"),
            format!("package main\n\n{imports}\nfunc main() {{}}\n"),
        )
        .expect("a program");
        let started = Instant::now();
        let half = |half: usize| {
            let programs = programs.iter().skip(half).step_by(2);
            programs.map(|it| one(it)).fold(Cost::default(), Cost::and)
        };
        let compiled = thread::scope(|scope| {
            let other = scope.spawn(|| half(1));
            half(0).and(other.join().expect("the other half"))
        });
        let dispatcher = one(&all);
        let mut command = Command::new(linker);
        command
            .current_dir(&all)
            .args(["-o", "program", "-w", "-importcfg"]);
        let linked = measure(command.arg(&self.configuration).arg("main.a"), LONG);
        let cost = Cost {
            wall: started.elapsed(),
            ..compiled.and(dispatcher).and(linked)
        };
        // The go command must not take it for one of the programs.
        fs::remove_dir_all(all).expect("the folder made before");
        cost
    }
}

/// Ten times the blocks, and what 3,000 blocks take of memory.
fn linearity() {
    let mut first = None;
    for blocks in [100, 1000, 3000] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut text = String::new();
        for block in 0..blocks {
            text.push_str(&format!(
                "# {block}\n\n```go\nx := []int{{{block}, 2}}\nfmt.Println(len(x), x[0]) // 2 {block}\n```\n\n"
            ));
        }
        fs::write(folder.path().join("notes.md"), text).expect("a note");
        let bench = Bench::new(folder.path());
        measure(&mut bench.gosnip(&["verify", ".", "-q"]), LONG);
        bench.forget();
        let cold = bench.verify();
        let warm = bench.verify();
        let base = *first.get_or_insert(cold.wall.as_secs_f64());
        println!(
            "  {blocks:>5} blocks: {:>8.3} s ({:.1} ×, {} MB), cached {:.3} s ({} MB)",
            cold.wall.as_secs_f64(),
            cold.wall.as_secs_f64() / base,
            cold.own,
            warm.wall.as_secs_f64(),
            warm.own
        );
    }
}

fn is_note(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "md" || extension == "txt")
}

fn notes(folder: &Path) -> Vec<PathBuf> {
    files(folder)
        .into_iter()
        .filter(|path| is_note(path))
        .collect()
}

/// All files below a folder that is not hidden and no build's, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut children: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    children.sort();
    let skipped = |path: &Path| {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        name.starts_with('.') || name == "target"
    };
    children
        .into_iter()
        .filter(|path| !skipped(path))
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

fn copy_notes(from: &Path, to: &Path) {
    for note in notes(from) {
        let place = to.join(note.strip_prefix(from).expect("a note below the folder"));
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        let text = fs::read(&note).expect("a note");
        fs::write(place, text).expect("a copy");
    }
}
