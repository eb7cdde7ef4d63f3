//! What verifying costs, beside what else could be done with the same programs.
//!
//! ```text
//! cargo bench --bench compare -- [--rounds N] [FOLDER…]      default: 3 rounds, this repository
//! ```
//!
//! Every way is measured once in each round, one after the other, so that a busy machine disturbs all
//! alike; the medians are shown, and their ratios to gosnip without a cache. What cannot be used here is
//! left out with a word. It measures and prints; whether the figures are good is for the reader to say.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How many programs `go run` is measured with at most; the time is scaled to all.
const GO_RUN_SAMPLE: usize = 40;
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
    /// The most memory that the process itself had, in MB (its children's are not in it).
    memory: u64,
}

/// Runs a command to its end, or to `limit`.
fn measure(command: &mut Command, limit: Duration) -> Cost {
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut memory = 0;
    loop {
        memory = memory.max(peak(&child));
        match child.try_wait() {
            Ok(None) if started.elapsed() < limit => thread::sleep(Duration::from_millis(1)),
            Ok(None) => drop(child.kill().and_then(|()| child.wait())),
            _ => break,
        }
    }
    Cost {
        wall: started.elapsed(),
        memory,
    }
}

/// The most memory a process had so far, in MB; 0 where the system does not tell.
fn peak(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1000
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
        for part in ["objects", "binaries", "runs"] {
            // It may not be there.
            let _ = fs::remove_dir_all(self.cache.join(part));
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
        let lower = Cost {
            wall: bound.run(&bench, &programs),
            memory: 0,
        };
        note(3, "lower bound: compile all, link once", lower);
        let build = measure(&mut bench.go(&["build", "-o", &output, "./..."]), LONG);
        note(4, "go build -o dir ./...", build);
        if round == 0 {
            touch(&programs, rounds);
            note(5, "go run, one by one", go_run(&bench, &programs));
            others(&bench, &mut note);
        }
    }
    print(&costs, programs.len());
}

fn print(costs: &BTreeMap<(u8, String), Vec<Cost>>, programs: usize) {
    let medians: Vec<(&str, Cost)> = costs
        .iter()
        .map(|((_, way), costs)| (way.as_str(), median(costs)))
        .collect();
    let unit = medians[0].1.wall.as_secs_f64();
    println!("  {programs} complete programs");
    println!(
        "  {:<40} {:>9} {:>10} {:>8}",
        "", "seconds", "× gosnip", "MB"
    );
    for (way, Cost { wall, memory }) in medians {
        let seconds = wall.as_secs_f64();
        let memory = if memory == 0 {
            String::new()
        } else {
            memory.to_string()
        };
        println!(
            "  {way:<40} {seconds:>9.3} {:>10.2} {memory:>8}",
            seconds / unit
        );
    }
}

fn median(costs: &[Cost]) -> Cost {
    let middle = |mut values: Vec<_>| {
        values.sort();
        values[values.len() / 2]
    };
    Cost {
        wall: middle(
            costs
                .iter()
                .map(|cost| cost.wall.as_nanos() as u64)
                .collect(),
        )
        .pipe(Duration::from_nanos),
        memory: middle(costs.iter().map(|cost| cost.memory).collect()),
    }
}

/// Reading from left to right.
trait Pipe: Sized {
    fn pipe<R>(self, function: impl FnOnce(Self) -> R) -> R {
        function(self)
    }
}

impl Pipe for u64 {}

/// Makes every program new to the go command.
fn touch(programs: &[PathBuf], round: usize) {
    for program in programs {
        let file = program.join("main.go");
        let text = fs::read_to_string(&file).unwrap_or_default();
        fs::write(file, format!("{text}\n// round {round}\n")).expect("a program");
    }
}

/// `go run` on each of a sample, one after the other, scaled to all.
fn go_run(bench: &Bench, programs: &[PathBuf]) -> Cost {
    let step = programs.len().div_ceil(GO_RUN_SAMPLE).max(1);
    let sample: Vec<_> = programs.iter().step_by(step).collect();
    let mut wall = Duration::ZERO;
    for program in &sample {
        let mut command = bench.go(&["run", "main.go"]);
        wall += measure(command.current_dir(program), TIMEOUT).wall;
    }
    let scale = programs.len() as f64 / sample.len().max(1) as f64;
    Cost {
        wall: wall.mul_f64(scale),
        memory: 0,
    }
}

/// Other tools for the same purpose, where they are installed.
fn others(bench: &Bench, note: &mut impl FnMut(u8, &str, Cost)) {
    let ways: [(&str, &[&str]); 3] = [
        (
            "doccmd",
            &[
                "--language=go",
                "--temporary-file-extension=.go",
                "--command=go run",
            ],
        ),
        ("txm", &[]),
        ("mdoctest", &[]),
    ];
    for (number, (tool, arguments)) in (6..).zip(ways) {
        if Command::new(tool).arg("--help").output().is_err() {
            println!("  {tool} is not installed: left out");
            continue;
        }
        let mut wall = Duration::ZERO;
        for file in notes(&bench.notes) {
            let mut command = Command::new(tool);
            command
                .args(arguments)
                .arg(file)
                .env("GOCACHE", bench.cache.join("other-go-build"));
            wall += measure(&mut command, LONG).wall;
        }
        note(number, tool, Cost { wall, memory: 0 });
    }
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

    fn run(&self, bench: &Bench, programs: &[PathBuf]) -> Duration {
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
            measure(&mut command, LONG);
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
        thread::scope(|scope| {
            for half in 0..2 {
                let one = &one;
                scope.spawn(move || programs.iter().skip(half).step_by(2).for_each(|it| one(it)));
            }
        });
        one(&all);
        let mut command = Command::new(linker);
        command
            .current_dir(&all)
            .args(["-o", "program", "-w", "-importcfg"]);
        measure(command.arg(&self.configuration).arg("main.a"), LONG);
        let wall = started.elapsed();
        // The go command must not take it for one of the programs.
        fs::remove_dir_all(all).expect("the folder made before");
        wall
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
            cold.memory,
            warm.wall.as_secs_f64(),
            warm.memory
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
