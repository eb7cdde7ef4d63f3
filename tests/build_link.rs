//! Building with the Go toolchain of this machine: what compiles, what is complained of, and that programs
//! sharing a binary do not notice each other.

mod go_support;

use std::num::NonZeroUsize;
use std::process::{Command, Output};
use std::sync::{Arc, LazyLock, Mutex};

use camino::{Utf8Path, Utf8PathBuf};
use gosnip::build::{Builder, Compiled, Executable, Options, STACK_LIMIT, Task, Unit};
use gosnip::toolchain::modules::Requirements;
use gosnip::toolchain::{Language, Mode, Toolchain, tools};
use regex::Regex;

/// The toolchain under test.
static TOOLCHAIN: LazyLock<Toolchain> = LazyLock::new(|| go_support::toolchain().clone());

/// A cache that the tests of this file share and that stays below `target`, so that the standard library is
/// built once. Objects are reused only where a test says so, with a cache of its own.
static CACHE: LazyLock<Utf8PathBuf> = LazyLock::new(go_support::cache);

fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
    (folder, path)
}

/// A builder with its work folder.
struct Bench {
    builder: Builder<'static>,
    notices: Arc<Mutex<Vec<String>>>,
    _work: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        Self::with_cache(&CACHE, false)
    }

    fn with_cache(cache: &Utf8Path, reuse: bool) -> Self {
        let (guard, work) = folder();
        let notices = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&notices);
        let options = Options {
            work,
            cache: cache.to_owned(),
            reuse,
            jobs: NonZeroUsize::new(2).unwrap(),
            modules: Requirements::default(),
        };
        let notice = Box::new(move |text| heard.lock().unwrap().push(text));
        Self {
            builder: Builder::new(TOOLCHAIN.clone(), options, notice),
            notices,
            _work: guard,
        }
    }

    fn compile_one(&self, unit: Unit) -> Compiled {
        self.builder.compile(&[unit]).remove(0)
    }

    fn link_all(&self, units: &[Unit]) -> Vec<Executable> {
        let compiled = self.builder.compile(units);
        for one in &compiled {
            assert_eq!((&one.diagnostics[..], &one.failure), (&[][..], &None));
        }
        let linked = self.builder.link(&compiled.iter().collect::<Vec<_>>());
        linked
            .into_iter()
            .map(|one| one.expect("it links"))
            .collect()
    }

    fn run_all(&self, sources: &[&str]) -> Vec<Output> {
        let units: Vec<_> = sources.iter().map(|source| unit(source)).collect();
        self.link_all(&units).iter().map(run).collect()
    }
}

fn unit(source: &str) -> Unit {
    Unit {
        source: source.to_owned(),
        language: TOOLCHAIN.language,
        debug: None,
        escapes: false,
        no_inline: false,
        mode: Mode::Plain,
        task: Task::Object,
    }
}

fn run(executable: &Executable) -> Output {
    Command::new(&executable.binary)
        .args(&executable.selector)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// Line, column and code of each complaint.
fn complaints(compiled: &Compiled) -> Vec<(u32, u32, &str)> {
    let code = |code: &Option<String>| code.as_deref().unwrap_or("").to_owned();
    compiled
        .diagnostics
        .iter()
        .map(|found| {
            (
                found.line,
                found.column,
                Box::leak(code(&found.code).into_boxed_str()) as &str,
            )
        })
        .collect()
}

const HELLO: &str = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\") }\n";

#[test]
fn type_names_are_those_of_package_main() {
    let source = "package main\nimport \"fmt\"\ntype T struct{ A int }\n\
        func main() { fmt.Printf(\"%T %#v\\n\", T{1}, &T{2}) }\n";
    let outputs = Bench::new().run_all(&[source, HELLO]);
    assert_eq!(stdout(&outputs[0]), "main.T &main.T{A:2}\n");
    assert_eq!(stdout(&outputs[1]), "hello\n");
}

#[test]
fn an_initialiser_runs_in_its_own_program_only_and_all_share_one_binary() {
    let noisy = "package main\nimport (\"fmt\"; \"os\")\nvar x = say(\"variable\")\n\
        var table = map[string]int{\"a\": 1, \"b\": 2}\n\
        func say(s string) int { fmt.Println(s); return 7 }\n\
        func init() { say(\"init\") }\nfunc init() { say(\"second init\") }\n\
        func main() { fmt.Println(x, table[\"b\"], len(os.Args)) }\n";
    let other = "package main\nvar y = make(map[int]int)\nfunc init() { y[1] = 2; println(\"other\") }\n\
        func main() { println(y[1]) }\n";
    let bare = "package main\nfunc main() { println(\"bare\") }\n";
    let bench = Bench::new();
    let executables = bench.link_all(&[unit(noisy), unit(other), unit(bare), unit(HELLO)]);
    assert!(
        executables
            .iter()
            .all(|one| one.merged && one.binary == executables[0].binary)
    );
    let outputs: Vec<_> = executables.iter().map(run).collect();
    assert_eq!(stdout(&outputs[0]), "variable\ninit\nsecond init\n7 2 1\n");
    assert_eq!(
        (stdout(&outputs[1]), stderr(&outputs[1])),
        ("", "other\n2\n")
    );
    assert_eq!((stdout(&outputs[2]), stderr(&outputs[2])), ("", "bare\n"));
    assert_eq!((stdout(&outputs[3]), stderr(&outputs[3])), ("hello\n", ""));
}

#[test]
fn a_program_alone_runs_without_selector() {
    let bench = Bench::new();
    let executables = bench.link_all(&[unit(HELLO)]);
    assert_eq!(
        (&executables[0].selector, executables[0].merged),
        (&None, false)
    );
    assert_eq!(stdout(&run(&executables[0])), "hello\n");
}

#[test]
fn panics_exits_and_deadlocks_are_as_if_the_program_were_alone() {
    let outputs = Bench::new().run_all(&[
        "package main\n\nfunc main() {\n\tpanic(\"boom\")\n}\n",
        "package main\nimport \"os\"\nfunc main() { defer println(\"not run\"); os.Exit(3) }\n",
        "package main\nfunc main() {\n\tvar c chan int\n\t<-c\n}\n",
        "package main\nimport \"runtime\"\nfunc main() { runtime.Goexit() }\n",
        "package main\nfunc main() {\n\tdefer func() { r := recover(); println(\"again\"); panic(r) }()\n\tpanic(1)\n}\n",
        "package main\nfunc init() { panic(\"early\") }\nfunc main() {}\n",
        "package main\nvar p *int\nfunc main() { println(*p) }\n",
    ]);
    let first_lines = |number: usize| stderr(&outputs[number]).to_owned();
    assert!(
        first_lines(0).starts_with("panic: boom\n\ngoroutine 1 [running]:\ng"),
        "{}",
        first_lines(0)
    );
    assert!(
        first_lines(0).contains("\tmain.go:4 +0x"),
        "{}",
        first_lines(0)
    );
    assert_eq!(outputs[0].status.code(), Some(2));
    assert_eq!(
        (outputs[1].status.code(), stderr(&outputs[1])),
        (Some(3), "")
    );
    assert!(
        first_lines(2).starts_with(
            "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive (nil chan)]:"
        ),
        "{}",
        first_lines(2)
    );
    assert!(
        first_lines(3)
            .starts_with("fatal error: no goroutines (main called runtime.Goexit) - deadlock!"),
        "{}",
        first_lines(3)
    );
    assert!(
        first_lines(4).starts_with("again\npanic: 1 [recovered"),
        "{}",
        first_lines(4)
    );
    assert!(
        first_lines(5).starts_with("panic: early\n\ngoroutine 1 [running"),
        "{}",
        first_lines(5)
    );
    assert!(
        first_lines(6).contains("[signal SIGSEGV: segmentation violation"),
        "{}",
        first_lines(6)
    );
}

#[test]
fn the_dispatchers_frame_is_known_by_its_file() {
    let output =
        &Bench::new().run_all(&["package main\nfunc f() { panic(1) }\nfunc main() { f() }\n"])[0];
    let trace: Vec<_> = stderr(output).lines().skip(3).collect();
    let files: Vec<_> = trace
        .iter()
        .filter_map(|line| line.strip_prefix('\t')?.split(':').next())
        .collect();
    assert_eq!(
        files.last(),
        Some(&gosnip::build::DISPATCHER_FILE),
        "{trace:?}"
    );
    assert_eq!(
        files
            .iter()
            .filter(|file| file.starts_with("gosnip"))
            .count(),
        1,
        "{trace:?}"
    );
}

#[test]
fn endless_recursion_ends_soon_and_a_deep_one_ends_well() {
    let outputs = Bench::new().run_all(&[
        "package main\nfunc f(n int) int { return f(n+1) + 1 }\nfunc main() { println(f(0)) }\n",
        "package main\nfunc f(n int) int { if n == 0 { return 0 }; return f(n-1) + 1 }\n\
         func main() { println(f(1000000)) }\n",
    ]);
    let expected = format!("runtime: goroutine stack exceeds {STACK_LIMIT}-byte limit\n");
    assert!(
        stderr(&outputs[0]).starts_with(&expected),
        "{:.200}",
        stderr(&outputs[0])
    );
    assert!(stderr(&outputs[0]).contains("fatal error: stack overflow"));
    assert_eq!(stderr(&outputs[1]), "1000000\n");
}

#[test]
fn every_error_comes_with_line_column_and_code() {
    let source = "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc main() {\n\tx := 1\n\t\
        var s string = 2\n\tfmt.Println(s, nothing)\n\treturn 1\n}\n\nfunc f() {}\nfunc f() {}\n";
    let compiled = Bench::new().compile_one(unit(source));
    assert_eq!(compiled.object, None);
    assert_eq!(
        complaints(&compiled),
        [
            (5, 2, "UnusedImport"),
            (9, 2, "UnusedVar"),
            (10, 17, "IncompatibleAssign"),
            (11, 17, "UndeclaredName"),
            (12, 9, "WrongResultCount"),
            (16, 6, "DuplicateDecl"),
        ]
    );
    assert!(
        compiled.diagnostics[5]
            .message
            .contains("\nmain.go:15:6: other declaration of f")
    );
}

#[test]
fn a_syntax_error_has_a_position_and_no_code() {
    let compiled = Bench::new().compile_one(unit("package main\n\nfunc main() {\n\tx := \n}\n"));
    assert_eq!(complaints(&compiled), [(5, 1, "")]);
    assert!(
        compiled.diagnostics[0]
            .message
            .starts_with("syntax error: "),
        "{compiled:?}"
    );
}

#[test]
fn imports_are_refused_as_the_go_command_does_and_the_rest_is_still_checked() {
    let source = "package main\n\nimport (\n\t\"C\"\n\t\"fmt\"\n\t\"internal/abi\"\n\tuuid \"github.com/x/y\"\n)\n\n\
        func main() {\n\tfmt.Println(abi.FuncPCABI0(main), uuid.New(), C.x)\n\tlost()\n}\n";
    let compiled = Bench::new().compile_one(unit(source));
    assert_eq!(compiled.object, None);
    assert_eq!(
        complaints(&compiled),
        [
            (4, 2, "BrokenImport"),
            (6, 2, "BrokenImport"),
            (7, 7, "BrokenImport"),
            (12, 2, "UndeclaredName"),
        ]
    );
    let messages: Vec<_> = compiled
        .diagnostics
        .iter()
        .map(|found| found.message.as_str())
        .collect();
    assert_eq!(
        messages[1],
        "use of internal package internal/abi not allowed"
    );
    assert_eq!(
        messages[2],
        "no required module provides package github.com/x/y; add `\"github.com/x/y\" = \"vX.Y.Z\"` below [modules] in \
         verify.toml (`gosnip modules --write` looks up the version and does that)"
    );
}

#[test]
fn a_program_that_does_not_compile_drops_out() {
    let bench = Bench::new();
    let broken = unit("package main\nfunc main() { x }\n");
    let compiled = bench.builder.compile(&[unit(HELLO), broken, unit(HELLO)]);
    let linked = bench.builder.link(&compiled.iter().collect::<Vec<_>>());
    assert_eq!(stdout(&run(linked[0].as_ref().unwrap())), "hello\n");
    assert!(linked[1].is_err());
    assert_eq!(linked[0], linked[2]);
}

#[test]
fn a_program_that_does_not_link_does_not_take_the_others_along() {
    let bench = Bench::new();
    let body_less = "package main\nimport _ \"unsafe\"\n//go:linkname nowhere nowhere.at.all\n\
        func nowhere()\nfunc main() { nowhere() }\n";
    let compiled = bench.builder.compile(&[unit(HELLO), unit(body_less)]);
    assert_eq!(
        compiled[1].linkage.alone.as_deref(),
        Some("it uses //go:linkname")
    );
    let linked = bench.builder.link(&compiled.iter().collect::<Vec<_>>());
    assert_eq!(stdout(&run(linked[0].as_ref().unwrap())), "hello\n");
    assert!(
        linked[1].as_ref().unwrap_err().contains("nowhere.at.all"),
        "{linked:?}"
    );
}

#[test]
fn a_damaged_object_is_found_by_halving() {
    let bench = Bench::new();
    let sources = ["a", "b", "c", "d", "e"].map(|name| {
        unit(&format!(
            "package main\nfunc main() {{ println(\"{name}\") }}\n"
        ))
    });
    let compiled = bench.builder.compile(&sources);
    std::fs::write(compiled[3].object.as_ref().unwrap(), "!<arch>\nnonsense").unwrap();
    let linked = bench.builder.link(&compiled.iter().collect::<Vec<_>>());
    for (number, name) in ["a\n", "b\n", "c\n", "d\n", "e\n"].iter().enumerate() {
        match &linked[number] {
            Ok(executable) => assert_eq!(stderr(&run(executable)), *name),
            Err(reason) => assert!(
                number == 3 && reason.contains("archive"),
                "{number}: {reason}"
            ),
        }
    }
}

#[test]
fn language_versions_share_a_binary_and_keep_their_meaning() {
    let source = "package main\nfunc main() {\n\tvar fs []func()\n\tfor i := 0; i < 3; i++ {\n\t\t\
        fs = append(fs, func() { print(i, \" \") })\n\t}\n\tfor _, f := range fs {\n\t\tf()\n\t}\n}\n";
    if TOOLCHAIN.language < (Language { minor: 22 }) {
        println!("skipped: {} knows only the old meaning", TOOLCHAIN.version);
        return;
    }
    let at = |minor| Unit {
        language: Language { minor },
        ..unit(source)
    };
    let bench = Bench::new();
    let executables = bench.link_all(&[at(21), at(22)]);
    assert_eq!(executables[0].binary, executables[1].binary);
    assert_eq!(stderr(&run(&executables[0])), "3 3 3 ");
    assert_eq!(stderr(&run(&executables[1])), "0 1 2 ");
}

#[test]
fn a_language_newer_than_the_toolchain_is_a_failure_with_a_reason() {
    let compiled = Bench::new().compile_one(Unit {
        language: Language { minor: 99 },
        ..unit(HELLO)
    });
    let reason = compiled.failure.unwrap();
    assert!(reason.contains("does not know Go 1.99"), "{reason}");
}

#[test]
fn the_escape_report_has_the_programs_lines() {
    let source = "package main\n\nfunc f() *int {\n\tx := 1\n\treturn &x\n}\n\nfunc main() {\n\ty := 2\n\t\
        _ = &y\n\tprintln(*f())\n}\n";
    let with = |no_inline| Unit {
        escapes: true,
        no_inline,
        ..unit(source)
    };
    let compiled = Bench::new()
        .builder
        .compile(&[with(true), with(false), unit(source)]);
    let lines = |number: usize| -> Vec<(u32, &str)> {
        compiled[number]
            .escapes
            .iter()
            .map(|found| (found.line, found.message.as_str()))
            .collect()
    };
    assert_eq!(lines(0), [(4, "moved to heap: x")]);
    assert!(lines(1).contains(&(3, "can inline f")), "{:?}", lines(1));
    assert!(
        lines(1).contains(&(11, "inlining call to f")),
        "{:?}",
        lines(1)
    );
    assert_eq!(lines(2), []);
    assert!(compiled.iter().all(|one| one.object.is_some()));
}

#[test]
fn a_snippets_line_directives_have_no_effect() {
    let source =
        "package main\n//line evil.go:100\nfunc main() {\n\t/*line other.go:7:7*/ x := 1\n}\n";
    let compiled = Bench::new().compile_one(unit(source));
    assert_eq!(complaints(&compiled), [(4, 24, "UnusedVar")]);
}

#[test]
fn a_missing_body_is_an_error_as_in_go_build() {
    let compiled = Bench::new().compile_one(unit("package main\nfunc f()\nfunc main() { f() }\n"));
    assert_eq!(compiled.diagnostics[0].message, "missing function body");
}

#[test]
fn a_file_without_main_compiles_and_is_not_linked() {
    let bench = Bench::new();
    let compiled = bench.compile_one(unit(
        "package main\n\ntype T struct{}\n\nfunc (T) main() {}\n",
    ));
    assert!(compiled.object.is_some());
    let linked = bench.builder.link(&[&compiled]);
    assert_eq!(
        linked[0],
        Err("function main is undeclared in the main package".to_owned())
    );
}

#[test]
fn an_embedded_file_is_missed_rather_than_taken_for_empty() {
    let source = "package main\nimport _ \"embed\"\n//go:embed x.txt\nvar s string\nfunc main() { print(s) }\n";
    let compiled = Bench::new().compile_one(unit(source));
    assert!(
        compiled.diagnostics[0].message.contains("go:embed"),
        "{compiled:?}"
    );
}

#[test]
fn a_huge_source_is_compiled() {
    let mut source = String::from("package main\n");
    for number in 0..5000 {
        source.push_str(&format!(
            "func f{number}(x int) int {{ return x + {number} }}\n"
        ));
    }
    source.push_str("func main() { println(f4999(1)) }\n");
    assert_eq!(stderr(&Bench::new().run_all(&[&source])[0]), "5000\n");
}

#[test]
fn noticeable_imports_are_not_seen_by_others() {
    let asks =
        "package main\nimport \"crypto\"\nfunc main() { println(crypto.SHA256.Available()) }\n";
    let has = "package main\nimport (\"crypto\"; _ \"crypto/sha256\")\n\
        func main() { println(crypto.SHA256.Available()) }\n";
    let outputs = Bench::new().run_all(&[asks, has]);
    assert_eq!(
        (stderr(&outputs[0]), stderr(&outputs[1])),
        ("false\n", "true\n")
    );
}

#[test]
fn a_second_run_takes_everything_from_the_cache_even_without_toolchain_work() {
    let (_guard, cache) = folder();
    let units = [
        unit(HELLO),
        unit("package main\nfunc main() { println(1) }\n"),
        unit("package main\nfunc x"),
    ];
    let first = Bench::with_cache(&cache, true);
    let compiled = first.builder.compile(&units);
    assert!(compiled.iter().all(|one| !one.cached));
    assert_eq!(
        first
            .builder
            .link(&compiled.iter().collect::<Vec<_>>())
            .iter()
            .flatten()
            .count(),
        2
    );
    assert!(first.notices.lock().unwrap()[0].starts_with("building the standard library for go1."));
    // Without it nothing could be compiled or linked anew, except after building it again.
    std::fs::remove_dir_all(cache.join("std")).unwrap();

    let second = Bench::with_cache(&cache, true);
    let again = second.builder.compile(&units);
    assert!(again.iter().all(|one| one.cached));
    assert_eq!(again[2].diagnostics, compiled[2].diagnostics);
    let linked = second.builder.link(&again.iter().collect::<Vec<_>>());
    assert_eq!(stdout(&run(linked[0].as_ref().unwrap())), "hello\n");
    assert!(second.notices.lock().unwrap().is_empty());
}

#[test]
fn a_damaged_cache_is_noticed_and_mended() {
    let (_guard, cache) = folder();
    let objects = |bench: &Bench| bench.compile_one(unit(HELLO));
    let object = objects(&Bench::with_cache(&cache, true));
    assert!(!object.cached);
    let object = objects(&Bench::with_cache(&cache, true)).object.unwrap();
    let mut content = std::fs::read(&object).unwrap();
    let middle = content.len() / 2;
    content[middle] ^= 0xff;
    std::fs::write(&object, content).unwrap();
    let bench = Bench::with_cache(&cache, true);
    let mended = objects(&bench);
    assert!(!mended.cached);
    let linked = bench.builder.link(&[&mended]);
    assert_eq!(stdout(&run(linked[0].as_ref().unwrap())), "hello\n");
    assert!(objects(&Bench::with_cache(&cache, true)).cached);
}

#[test]
fn the_standard_librarys_archives_may_vanish() {
    let (_guard, cache) = folder();
    let run_hello = || {
        let bench = Bench::with_cache(&cache, false);
        assert_eq!(stdout(&bench.run_all(&[HELLO])[0]), "hello\n");
    };
    // Two at once, as two processes would.
    std::thread::scope(|scope| [(); 2].map(|()| drop(scope.spawn(run_hello))));
    std::fs::remove_dir_all(cache.join("home")).unwrap();
    run_hello();
    let std = cache
        .join("std")
        .read_dir_utf8()
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .into_path();
    std::fs::remove_file(std.join("packages/fmt.a")).unwrap();
    run_hello();
    std::fs::remove_dir_all(cache.join("home")).unwrap();
    std::fs::remove_dir_all(std.join("packages")).unwrap();
    run_hello();
}

#[test]
fn the_race_detector_reports_and_programs_still_share() {
    let racy = "package main\nimport \"sync\"\nfunc main() {\n\tn := 0\n\tvar wg sync.WaitGroup\n\t\
        for i := 0; i < 2; i++ {\n\t\twg.Add(1)\n\t\tgo func() {\n\t\t\tdefer wg.Done()\n\t\t\tn++\n\t\t}()\n\t}\n\t\
        wg.Wait()\n}\n";
    let calm = "package main\nvar x = f()\nfunc f() int { return 4 }\nfunc main() { println(x) }\n";
    let units = [racy, calm].map(|source| Unit {
        mode: Mode::Race,
        ..unit(source)
    });
    let bench = Bench::new();
    let compiled = bench.builder.compile(&units);
    if let Some(reason) = compiled[0]
        .failure
        .as_ref()
        .filter(|reason| reason.contains("C compiler"))
    {
        println!("skipped: {reason}");
        return;
    }
    let linked = bench.builder.link(&compiled.iter().collect::<Vec<_>>());
    let outputs: Vec<_> = linked
        .iter()
        .map(|one| run(one.as_ref().unwrap()))
        .collect();
    assert!(
        stderr(&outputs[0]).contains("WARNING: DATA RACE"),
        "{}",
        stderr(&outputs[0])
    );
    assert_eq!(outputs[0].status.code(), Some(66));
    assert_eq!(stderr(&outputs[1]), "4\n");
}

/// What `go build` makes of a source, run in `folder`: the yardstick.
fn alone(source: &str, folder: &Utf8Path) -> Output {
    std::fs::write(folder.join("main.go"), source).unwrap();
    let mut build = tools::go(&TOOLCHAIN, &CACHE.join("home"));
    build
        .current_dir(folder)
        .args(["build", "-o", "program", "main.go"]);
    let built = build.output().unwrap();
    assert!(built.status.success(), "{}", stderr(&built));
    Command::new(folder.join("program")).output().unwrap()
}

/// A stream without what differs from build to build: addresses, and the traces of merging that those who
/// show a trace put right.
fn comparable(stream: &str, package: &str) -> String {
    let frame = format!(
        r"main\.main\(\)\n\t{}:\d+ \+0x[0-9a-f]+\n",
        gosnip::build::DISPATCHER_FILE
    );
    let text = Regex::new(&frame)
        .unwrap()
        .replace_all(stream, "")
        .replace(package, "main");
    let text = Regex::new("0x[0-9a-f]+")
        .unwrap()
        .replace_all(&text, "0x")
        .into_owned();
    // Numbers of goroutines other than the first depend on what the packages linked in do, and on luck.
    let other = Regex::new("goroutine ([0-9]{2,}|[2-9])").unwrap();
    let text = other.replace_all(&text, "goroutine N");
    text.replace("command-line-arguments/", "")
        .replace("./main.go", "main.go")
}

#[test]
fn a_merged_program_does_what_go_build_would_have_made_of_it() {
    let sources = [
        // Initialisation in order of dependency, and a panic in a deep call.
        "package main\nimport \"fmt\"\nvar a = b + 1\nvar b = f()\nfunc f() int { fmt.Println(\"f\"); return 1 }\n\
         func init() { fmt.Println(a, b) }\nfunc g(n int) { if n == 0 { panic(fmt.Errorf(\"deep %d\", n)) }; g(n - 1) }\n\
         func main() { g(2) }\n",
        // A panic during initialisation.
        "package main\nvar m map[string]int\nvar x = set()\nfunc set() int { m[\"a\"] = 1; return 1 }\n\
         func main() { println(x) }\n",
        // A panic in another goroutine, and one in a deferred function.
        "package main\nfunc main() {\n\tgo func() { panic(\"other\") }()\n\tselect {}\n}\n",
        "package main\nfunc main() {\n\tdefer func() { panic(\"second\") }()\n\tpanic(\"first\")\n}\n",
        // Deadlocks.
        "package main\nimport \"sync\"\nfunc main() {\n\tvar mu sync.Mutex\n\tmu.Lock()\n\tmu.Lock()\n}\n",
        "package main\nfunc main() {\n\tc := make(chan int)\n\tgo func() { c <- 1 }()\n\t<-c\n\t<-c\n}\n",
        // Names of types and functions, generic ones too; the arguments; a custom error.
        "package main\nimport (\"fmt\"; \"os\"; \"reflect\"; \"runtime\")\ntype T[P any] struct{ x P }\ntype I int\n\
         func (I) Error() string { return \"custom\" }\n\
         func main() {\n\tfmt.Printf(\"%T %T %v\\n\", I(1), T[I]{}, reflect.TypeOf(I(1)).PkgPath())\n\t\
         pc, file, line, _ := runtime.Caller(0)\n\tfmt.Println(runtime.FuncForPC(pc).Name(), file, line, len(os.Args))\n\t\
         panic(I(3))\n}\n",
        // Leaving in other ways.
        "package main\nimport \"log\"\nfunc main() { log.SetFlags(0); defer println(\"no\"); log.Fatal(\"bye\") }\n",
        "package main\nimport \"os\"\nfunc init() { os.Exit(7) }\nfunc main() { println(\"no\") }\n",
    ];
    let bench = Bench::new();
    let executables = bench.link_all(&sources.map(unit));
    for (source, executable) in sources.iter().zip(&executables) {
        let (_guard, folder) = folder();
        let (expected, merged) = (alone(source, &folder), run(executable));
        assert!(executable.merged);
        let seen = |output: &Output| {
            let stream = |text: &str| {
                comparable(
                    &text.replace(&format!("{folder}/"), ""),
                    &executable.package,
                )
            };
            (
                output.status.code(),
                stream(stdout(output)),
                stream(stderr(output)),
            )
        };
        assert_eq!(seen(&merged), seen(&expected), "{source}");
    }
}
