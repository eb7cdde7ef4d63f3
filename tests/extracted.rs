//! The programs in `snippets/`, which `gosnip extract` wrote from gosnip's own notes: a Go programmer finds nothing odd
//! in them, and they do without gosnip what `expected/` says.

mod go_support;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::process::{Command, Output, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use gosnip::expected::record::{self, Does, Entry};
use gosnip::note::{Encoding, markdown};

fn root() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A program in a package of its own.
struct Extracted {
    file: Utf8PathBuf,
    package: String,
    text: String,
}

/// All of them as packages of one module in `folder`.
fn module(folder: &Utf8Path) -> Vec<Extracted> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("snippets")];
    while let Some(next) = folders.pop() {
        for entry in next.read_dir_utf8().unwrap() {
            let path = entry.unwrap().into_path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension() == Some("go") {
                found.push(path);
            }
        }
    }
    found.sort();
    fs::write(folder.join("go.mod"), "module extracted\n\ngo 1.26\n").unwrap();
    let programs = found.into_iter().enumerate().map(|(number, file)| {
        let text = fs::read_to_string(&file).unwrap();
        let package = format!("p{number:04}");
        let test = file.as_str().ends_with("_test.go");
        let name = if test { "main_test.go" } else { "main.go" };
        fs::create_dir(folder.join(&package)).unwrap();
        fs::write(folder.join(&package).join(name), &text).unwrap();
        Extracted {
            file,
            package,
            text,
        }
    });
    programs.collect()
}

fn go(folder: &Utf8Path, arguments: &[&str]) -> Output {
    let toolchain = go_support::toolchain();
    Command::new(toolchain.goroot.join("bin/go"))
        .args(arguments)
        .current_dir(folder)
        .envs([
            ("GOFLAGS", ""),
            ("GOWORK", "off"),
            ("GOTOOLCHAIN", "local"),
            ("CGO_ENABLED", "0"),
        ])
        .output()
        .unwrap()
}

/// The note of a program, the line of its block and which of the block's programs it is.
fn origin(program: &Extracted) -> (Utf8PathBuf, u32, u32) {
    let head = program.text.lines().next().unwrap();
    let (note, lines) = head
        .strip_prefix("// From ")
        .unwrap()
        .split_once(", lines ")
        .unwrap();
    let line = lines.split(' ').next().unwrap().parse().unwrap();
    let stem = program.file.file_stem().unwrap().trim_end_matches("_test");
    let part = stem
        .split_once('-')
        .map_or(1, |(_, part)| part.parse().unwrap());
    (note.into(), line, part)
}

#[test]
fn they_read_as_their_author_would_have_written_them() {
    let folder = tempfile::tempdir().unwrap();
    let folder = Utf8Path::from_path(folder.path()).unwrap();
    let programs = module(folder);
    assert!(programs.len() > 200, "{}", programs.len());
    let gofmt = Command::new(go_support::toolchain().goroot.join("bin/gofmt"))
        .args(["-l", folder.as_str()])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&gofmt.stdout), "");
    for program in &programs {
        for ours in ["gosnip", "StandIn", "fragment()"] {
            // What stands in for a type that the note does not declare has no other name, and the head says so.
            let head = program.text.lines().next().unwrap();
            let told = ours == "StandIn" && head.contains("it compiles, and is not to be run");
            let shown = program.text.contains(ours);
            assert!(!shown || told, "{}: {ours}", program.file);
        }
    }
    // What `go vet` dislikes stands so in the note.
    let vet = go(folder, &["vet", "./..."]);
    for line in String::from_utf8_lossy(&vet.stderr).lines() {
        let Some((package, rest)) = line.trim_start_matches("./").split_once('/') else {
            continue;
        };
        let Some(program) = programs.iter().find(|program| program.package == package) else {
            continue;
        };
        let number: usize = rest.split(':').nth(1).unwrap().parse().unwrap();
        let code = program.text.lines().nth(number - 1).unwrap().trim();
        let note = fs::read_to_string(root().join(origin(program).0)).unwrap();
        assert!(note.contains(code), "{}: {line}", program.file);
    }
}

#[test]
fn they_do_by_themselves_what_is_expected_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let folder = Utf8Path::from_path(folder.path()).unwrap();
    let programs = module(folder);
    let built = go(folder, &["build", "-ldflags=-w", "-o", "bin/", "./..."]);
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    let mut expected: BTreeMap<Utf8PathBuf, Vec<Entry>> = BTreeMap::new();
    let mut compared = 0;
    for program in &programs {
        let (note, line, part) = origin(program);
        let entries = expected.entry(note.clone()).or_insert_with(|| {
            let file = record::file(root(), &note).unwrap();
            record::load(&file).unwrap().unwrap_or_default().programs
        });
        let text = fs::read_to_string(root().join(&note)).unwrap();
        let read = markdown::parse(note.as_str().into(), text, Encoding::Utf8);
        let block = read.blocks.iter().find(|block| block.line == line).unwrap();
        let is_it = |entry: &&Entry| entry.block == block.id && entry.part == part;
        let Some(entry) = entries.iter().find(is_it) else {
            continue;
        };
        let plain = entry.does == Does::Ran && entry.crash.is_empty() && !entry.any_order;
        // Goroutines leave open what comes first, and whether they meet at all, however often it was the same.
        let concurrent = program.text.contains("go ");
        if !plain
            || concurrent
            || entry.output.contains("[..]")
            || program.file.as_str().ends_with("_test.go")
        {
            continue;
        }
        let output = folder.join("output");
        let written = File::create(&output).unwrap();
        let status = Command::new(folder.join("bin").join(&program.package))
            .stdin(Stdio::null())
            .stderr(written.try_clone().unwrap())
            .stdout(written)
            .status()
            .unwrap();
        let output = fs::read_to_string(output).unwrap();
        assert_eq!(
            output.trim_end(),
            entry.output.trim_end(),
            "{}",
            program.file
        );
        assert_eq!(status.code(), Some(entry.exit), "{}", program.file);
        compared += 1;
    }
    assert!(compared > 150, "{compared}");
}
