//! Third-party modules, fetched by the real go command from a proxy that is a folder the test has made.

mod engine_support;

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::process::Output;

use engine_support::{Bench, block, claim};
use gosnip::report::{Report, Severity, Status, Verdict};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// Notes, and a proxy with a few modules.
struct Modules {
    bench: Bench,
}

const HELLO: (&str, &str) = (
    "hello.go",
    "// Package hello greets.\npackage hello\n\nimport \"strings\"\n\nfunc To(name string) string { return \"hello, \" + strings.ToUpper(name) }\n",
);
const LOUD: (&str, &str) = (
    "loud.go",
    "package loud\n\nimport (\n\t\"fmt\"\n\n\t\"example.com/hello\"\n)\n\nfunc init() { fmt.Println(\"loud is here\") }\n\n\
     func To(name string) string { return hello.To(name) + \"!\" }\n",
);
const WITH_C: (&str, &str) = (
    "withc.go",
    "package withc\n\n// int seven() { return 7; }\nimport \"C\"\n\nfunc Seven() int { return int(C.seven()) }\n",
);

impl Modules {
    fn new(notes: &[(&str, &str)]) -> Option<Self> {
        let modules = Self {
            bench: Bench::new(notes)?,
        };
        modules.publish("example.com/hello", "v1.0.0", "", &[HELLO]);
        modules.publish("example.com/hello", "v1.1.0", "", &[HELLO]);
        modules.publish(
            "example.com/loud",
            "v0.3.0",
            "require example.com/hello v1.0.0\n",
            &[LOUD],
        );
        modules.publish("example.com/withc", "v1.0.0", "", &[WITH_C]);
        Some(modules)
    }

    /// Put a version of a module on the proxy: the files that the protocol asks for.
    fn publish(&self, module: &str, version: &str, requirements: &str, files: &[(&str, &str)]) {
        let folder = self.bench.path("proxy").join(module).join("@v");
        fs::create_dir_all(&folder).unwrap();
        let go = match requirements.starts_with("go ") {
            true => "",
            false => "go 1.21\n\n",
        };
        let go_mod = format!("module {module}\n\n{go}{requirements}");
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        for (name, text) in files.iter().copied().chain([("go.mod", go_mod.as_str())]) {
            zip.start_file(format!("{module}@{version}/{name}"), options)
                .unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        let file = |ending: &str| folder.join(format!("{version}.{ending}"));
        fs::write(file("zip"), zip.finish().unwrap().into_inner()).unwrap();
        fs::write(file("mod"), go_mod).unwrap();
        let info = format!("{{\"Version\":\"{version}\",\"Time\":\"2024-01-01T00:00:00Z\"}}");
        fs::write(file("info"), info).unwrap();
        let list = folder.join("list");
        let known = fs::read_to_string(&list).unwrap_or_default();
        fs::write(list, format!("{known}{version}\n")).unwrap();
    }

    fn gosnip(&self, arguments: &[&str]) -> Output {
        let proxy = format!("file://{}", self.bench.path("proxy").display());
        let mut command = self.bench.command(arguments);
        // What a user sets for a private proxy. Nothing else of the user's may have a say.
        command.env("GOPROXY", proxy).env("GONOSUMDB", "*");
        command
            .env("GOMODCACHE", self.bench.path("no"))
            .env("GOFLAGS", "-mod=vendor");
        command.output().unwrap()
    }

    #[track_caller]
    fn verify(&self, arguments: &[&str]) -> (Report, String, Option<i32>) {
        let place = self.bench.path("report.json");
        let _ = fs::remove_file(&place);
        let report = format!("json={}", place.display());
        let output = self.gosnip(&[&["verify", ".", "--report", &report], arguments].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let text = fs::read_to_string(&place).unwrap_or_else(|_| panic!("no report: {said}"));
        (
            serde_json::from_str(&text).unwrap(),
            said,
            output.status.code(),
        )
    }

    fn declare(&self, modules: &str) {
        self.bench
            .write("verify.toml", &format!("[modules]\n{modules}"));
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.bench.path("notes").join(name)).unwrap()
    }
}

/// Blocks on lines 1, 6, 15 and 20.
const NOTE: &str = "\
```go
import \"example.com/hello\"
fmt.Println(len(hello.To(\"you\"))) // 10
```

```go
import \"example.com/loud\"

fmt.Println(loud.To(\"you\"))
// Output:
// loud is here
// hello, YOU!
```

```go
import \"example.com/hello\"
fmt.Println(len(hello.To(\"me\"))) // 10
```

```go
fmt.Println(\"no module\") // no module
```
";

const DECLARED: &str = "\"example.com/hello\" = \"v1.0.0\"\n\"example.com/loud\" = \"v0.3.0\"\n";

#[test]
fn what_is_not_declared_makes_a_block_incomplete_with_the_line_to_add() {
    let Some(modules) = Modules::new(&[("a.md", NOTE)]) else {
        return;
    };
    let (report, _, code) = modules.verify(&[]);
    let lacking = block(&report, 1);
    assert_eq!(lacking.status, Status::Incomplete);
    assert_eq!(lacking.missing, ["example.com/hello"]);
    assert!(
        lacking.reason.contains("\"example.com/hello\" = \""),
        "{}",
        lacking.reason
    );
    assert!(
        lacking.reason.contains("[modules] in verify.toml"),
        "{}",
        lacking.reason
    );
    assert_eq!(claim(&report, 21).verdict, Verdict::Confirmed);
    assert_eq!(code, Some(0));
    // Nothing was asked for or fetched.
    assert!(!modules.bench.path("cache/modules").exists());
}

#[test]
fn declared_modules_are_fetched_once_and_programs_with_them_are_judged_like_others() {
    let Some(modules) = Modules::new(&[("a.md", NOTE)]) else {
        return;
    };
    modules.declare(DECLARED);
    let (report, _, code) = modules.verify(&[]);
    assert_eq!(claim(&report, 3).verdict, Verdict::Confirmed, "{report:?}");
    assert_eq!(claim(&report, 10).verdict, Verdict::Confirmed, "{report:?}");
    assert_eq!(claim(&report, 17).verdict, Verdict::Refuted, "{report:?}");
    assert_eq!(claim(&report, 17).observed, "9");
    // A module that prints when it is initialised is heard in the programs that import it only.
    assert_eq!(claim(&report, 21).verdict, Verdict::Confirmed, "{report:?}");
    assert_eq!(code, Some(1));
    // The two that import the same share a binary.
    assert!(block(&report, 1).merged && block(&report, 15).merged);

    // From then on no proxy is needed, even if everything is compiled anew.
    fs::remove_dir_all(modules.bench.path("proxy")).unwrap();
    let (again, said, _) = modules.verify(&["--no-cache", "--no-download"]);
    assert_eq!(claim(&again, 10).verdict, Verdict::Confirmed, "{said}");
    assert!(!said.contains("modules"), "{said}");
}

#[test]
fn modules_are_listed_and_written_into_verify_toml() {
    let Some(modules) = Modules::new(&[("a.md", NOTE)]) else {
        return;
    };
    modules
        .bench
        .write("verify.toml", "# Mine.\n[run]\ntimeout = '9s' # enough\n");
    let listed = String::from_utf8(modules.gosnip(&["modules"]).stdout).unwrap();
    assert!(
        listed.contains(
            "example.com/hello v1.1.0, not declared\n    example.com/hello  (a.md:2, a.md:16)"
        ),
        "{listed}"
    );
    assert!(
        listed.contains("\"example.com/loud\" = \"v0.3.0\""),
        "{listed}"
    );
    assert_eq!(
        modules.read("verify.toml"),
        "# Mine.\n[run]\ntimeout = '9s' # enough\n"
    );

    let written = modules.gosnip(&["modules", "--write"]);
    assert!(written.status.success(), "{written:?}");
    assert_eq!(
        modules.read("verify.toml"),
        "# Mine.\n[run]\ntimeout = '9s' # enough\n\n[modules]\n\"example.com/hello\" = \"v1.1.0\"\n\"example.com/loud\" = \"v0.3.0\"\n"
    );
    let lock = modules.read("verify.sum");
    assert!(lock.contains("example.com/hello v1.1.0 h1:"), "{lock}");
    let (report, _, _) = modules.verify(&[]);
    assert_eq!(claim(&report, 10).verdict, Verdict::Confirmed);

    let again = String::from_utf8(modules.gosnip(&["modules", "--write"]).stdout).unwrap();
    assert!(
        again.contains("example.com/hello v1.1.0, declared"),
        "{again}"
    );
    assert!(again.contains("nothing to write"), "{again}");
    assert_eq!(modules.read("verify.sum"), lock);
}

#[test]
fn a_module_that_cannot_be_had_is_an_error_and_harms_no_other_block() {
    let Some(modules) = Modules::new(&[("a.md", NOTE)]) else {
        return;
    };
    modules.declare("\"example.com/hello\" = \"v1.9.9\"\n");
    let (report, _, code) = modules.verify(&[]);
    assert_eq!(block(&report, 1).status, Status::Declined);
    let reason = &block(&report, 1).reason;
    assert!(
        reason.contains(
            "verify.toml:2 declares that version, and the nearest that can be had is v1.1.0"
        ),
        "{reason}"
    );
    let found = report.findings.iter().find(|found| found.rule == "module");
    assert_eq!(
        found.map(|found| found.severity),
        Some(Severity::Error),
        "{report:?}"
    );
    // Once for the two blocks that import it.
    assert_eq!(report.findings.len(), 1, "{report:?}");
    assert!(
        found.is_some_and(|it| it.message.contains("and in one other was verified")),
        "{report:?}"
    );
    assert_eq!(claim(&report, 3).verdict, Verdict::Unverified);
    assert_eq!(claim(&report, 21).verdict, Verdict::Confirmed);
    assert_eq!(code, Some(1));

    modules.declare("\"example.com/hello\" = \"v1.0.0\"\n");
    let (report, _, code) = modules.verify(&["--no-download"]);
    assert!(
        block(&report, 1).reason.contains("--no-download"),
        "{}",
        block(&report, 1).reason
    );
    assert_eq!(code, Some(1));
    // It was not the last word.
    let (report, _, _) = modules.verify(&[]);
    assert_eq!(claim(&report, 3).verdict, Verdict::Confirmed);
}

#[test]
fn a_module_that_is_not_what_was_locked_is_refused() {
    let Some(modules) = Modules::new(&[("a.md", NOTE)]) else {
        return;
    };
    assert!(modules.gosnip(&["modules", "--write"]).status.success());
    fs::remove_dir_all(modules.bench.path("cache/modules")).unwrap();
    let evil = HELLO.1.replace("hello, ", "give me your keys, ");
    modules.publish("example.com/hello", "v1.1.0", "", &[("hello.go", &evil)]);
    let (report, _, code) = modules.verify(&[]);
    let refused = block(&report, 1);
    assert_eq!(refused.status, Status::Declined);
    assert!(
        refused.reason.contains("checksum mismatch"),
        "{}",
        refused.reason
    );
    assert!(
        refused
            .reason
            .contains("delete the module's lines in verify.sum"),
        "{}",
        refused.reason
    );
    assert_eq!(code, Some(1));
}

#[test]
fn what_needs_cgo_or_does_not_exist_is_named() {
    let note = "```go\nimport \"example.com/withc\"\nfmt.Println(withc.Seven()) // 7\n```\n\n\
        ```go\nimport \"example.com/hello/nothing\"\nfmt.Println(nothing.X) // 7\n```\n";
    let Some(modules) = Modules::new(&[("a.md", note)]) else {
        return;
    };
    modules.declare("\"example.com/hello\" = \"v1.0.0\"\n\"example.com/withc\" = \"v1.0.0\"\n");
    let (report, _, code) = modules.verify(&[]);
    assert_eq!(block(&report, 1).status, Status::Declined);
    assert!(
        block(&report, 1).reason.contains("needs cgo"),
        "{}",
        block(&report, 1).reason
    );
    assert_eq!(block(&report, 6).status, Status::Incomplete);
    let reason = &block(&report, 6).reason;
    assert!(
        reason.contains("does not contain package example.com/hello/nothing"),
        "{reason}"
    );
    assert_eq!(code, Some(0), "{report:?}");
}

#[test]
fn a_module_gets_nothing_executed_outside_of_the_sandbox() {
    let note = "```go\nimport \"example.com/hostile\"\nfmt.Println(hostile.X) // 1\n```\n\n\
        ```go\nfmt.Println(1) // 1\n```\n";
    let Some(modules) = Modules::new(&[("a.md", note)]) else {
        return;
    };
    let trace = modules.bench.path("trace");
    let hostile = format!(
        "package hostile\n\nimport \"os\"\n\n//go:generate touch {0}\n\nvar X = 1\n\nfunc init() {{ os.WriteFile({0:?}, nil, 0o666) }}\n",
        trace.display().to_string()
    );
    modules.publish(
        "example.com/hostile",
        "v1.0.0",
        "",
        &[("hostile.go", &hostile)],
    );
    modules.declare("\"example.com/hostile\" = \"v1.0.0\"\n");
    let (report, _, _) = modules.verify(&[]);
    assert_eq!(claim(&report, 3).verdict, Verdict::Confirmed, "{report:?}");
    if matches!(report.sandbox.level.as_str(), "base" | "namespaces") {
        assert!(!Path::new(&trace).exists());
    }
}

#[test]
fn extracted_programs_with_modules_run_with_the_ordinary_go_command() {
    let Some(modules) = Modules::new(&[("a.md", NOTE)]) else {
        return;
    };
    modules.declare(DECLARED);
    let extracted = modules.gosnip(&["extract", "a.md"]);
    assert!(extracted.status.success(), "{extracted:?}");
    let folder = modules.bench.path("notes/snippets");
    let head = fs::read_to_string(folder.join("a/L0001.go")).unwrap();
    assert!(head.contains("go run ./a/L0001.go"), "{head}");
    assert!(
        fs::read_to_string(folder.join("go.mod"))
            .unwrap()
            .contains("example.com/loud v0.3.0")
    );
    let ran = std::process::Command::new(engine_support::go())
        .args(["run", "./a/L0006.go"])
        .current_dir(&folder)
        .env("GOMODCACHE", modules.bench.path("cache/modules/fetched"))
        .env("GOPROXY", "off")
        .env("GOFLAGS", "")
        .env("GOWORK", "off")
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&ran.stdout),
        "loud is here\nhello, YOU!\n",
        "{ran:?}"
    );
}

#[test]
fn waiting_programs_with_modules_are_run_with_a_clock_that_skips_waits() {
    let note = "```go\nimport \"example.com/hello\"\ntime.Sleep(5 * time.Second)\nfmt.Println(hello.To(\"you\")) // hello, YOU\n```\n";
    let Some(modules) = Modules::new(&[("a.md", note)]) else {
        return;
    };
    modules.declare("\"example.com/hello\" = \"v1.0.0\"\n");
    let (report, _, _) = modules.verify(&[]);
    let judged = claim(&report, 4);
    assert_eq!(judged.verdict, Verdict::Confirmed, "{report:?}");
    assert!(
        judged.reason.contains("a clock that skips waits"),
        "{judged:?}"
    );
}

/// A block that prints what a call gives, from line 1 on.
fn note_of(module: &str, call: &str, claim: &str) -> String {
    format!("```go\nimport \"example.com/{module}\"\nfmt.Println({call}) // {claim}\n```\n")
}

#[test]
fn what_chance_decides_inside_of_a_module_is_open() {
    let note = note_of(
        "keys",
        "keys.Of(map[string]int{\"a\": 1, \"b\": 2})",
        "[a b]",
    );
    let Some(modules) = Modules::new(&[("a.md", &note)]) else {
        return;
    };
    let keys = "package keys\n\nfunc Of(m map[string]int) (all []string) {\n\tfor k := range m {\n\t\tall = append(all, k)\n\t}\n\treturn all\n}\n";
    modules.publish("example.com/keys", "v1.0.0", "", &[("keys.go", keys)]);
    modules.declare("\"example.com/keys\" = \"v1.0.0\"\n");
    let (report, _, _) = modules.verify(&[]);
    assert_eq!(claim(&report, 3).verdict, Verdict::Unstable, "{report:?}");
}

#[test]
fn what_waits_in_a_module_may_be_a_server() {
    let note =
        "```go\npackage main\n\nimport \"example.com/app\"\n\nfunc main() {\n\tapp.Run()\n}\n```\n";
    let Some(modules) = Modules::new(&[("a.md", note)]) else {
        return;
    };
    let app = "package app\n\nimport \"os/signal\"\nimport \"os\"\n\nfunc Run() {\n\tc := make(chan os.Signal, 1)\n\tsignal.Notify(c)\n\t<-c\n}\n";
    modules.publish("example.com/app", "v1.0.0", "", &[("app.go", app)]);
    modules.bench.write(
        "verify.toml",
        "[run]\ntimeout = '1s'\n[modules]\n\"example.com/app\" = \"v1.0.0\"\n",
    );
    let (report, _, code) = modules.verify(&[]);
    assert_eq!(block(&report, 1).status, Status::Ran, "{report:?}");
    assert!(
        block(&report, 1).reason.contains("maybe for requests"),
        "{report:?}"
    );
    assert_eq!((report.findings.len(), code), (0, Some(0)), "{report:?}");
}

#[test]
fn a_module_that_another_one_requires_in_a_newer_version_is_told_of() {
    let Some(modules) = Modules::new(&[("a.md", NOTE)]) else {
        return;
    };
    modules.publish("example.com/hello", "v0.9.0", "", &[HELLO]);
    modules
        .declare("\"example.com/hello\" = \"v0.9.0\" # ours\n\"example.com/loud\" = \"v0.3.0\"\n");
    let (report, said, _) = modules.verify(&[]);
    assert_eq!(claim(&report, 10).verdict, Verdict::Confirmed, "{report:?}");
    assert!(
        said.contains("verify.toml:2 declares example.com/hello v0.9.0, and v1.0.0 is used"),
        "{said}"
    );
    let written = modules.gosnip(&["modules", "--write"]);
    let listed = String::from_utf8_lossy(&written.stdout);
    assert!(
        listed.contains("example.com/hello v1.0.0, declared as v0.9.0"),
        "{listed}"
    );
    let file = modules.read("verify.toml");
    assert!(
        file.contains("\"example.com/hello\" = \"v1.0.0\" # ours"),
        "{file}"
    );
}

#[test]
fn the_versions_of_the_repositorys_own_go_mod_are_taken() {
    let Some(modules) = Modules::new(&[("a.md", NOTE)]) else {
        return;
    };
    modules.bench.write(
        "go.mod",
        "module example.com/book\n\ngo 1.21\n\nrequire example.com/hello v1.0.0\n\nreplace example.com/loud => ../loud\n",
    );
    let listed = String::from_utf8(modules.gosnip(&["modules", "--write"]).stdout).unwrap();
    assert!(
        listed.contains("example.com/hello v1.0.0, not declared, the version of go.mod"),
        "{listed}"
    );
    assert!(
        listed.contains("example.com/loud v0.3.0, not declared; go.mod replaces it by ../loud"),
        "{listed}"
    );
    assert_eq!(
        modules.read("verify.toml"),
        format!("[modules]\n{DECLARED}")
    );
    // What nobody has does not keep the rest from being found.
    let own = "```go\nimport \"example.com/book/chapter\"\nchapter.One()\n```\n";
    modules.bench.write("b.md", own);
    modules.bench.write(
        "go.mod",
        "module example.com/book\n\ngo 1.21\n\nrequire example.com/gone v0.7.0\n",
    );
    let listed = String::from_utf8(modules.gosnip(&["modules"]).stdout).unwrap();
    assert!(
        listed.contains("example.com/hello v1.0.0, declared"),
        "{listed}"
    );
    assert!(
        listed.contains("example.com/book/chapter  (b.md:2)\n      it is of this repository's own"),
        "{listed}"
    );
}

#[test]
fn a_module_for_a_newer_go_is_named_with_what_to_do() {
    let note = note_of("newer", "newer.X", "1");
    let Some(modules) = Modules::new(&[("a.md", &note)]) else {
        return;
    };
    let newer = ("newer.go", "package newer\n\nvar X = 1\n");
    modules.publish("example.com/newer", "v1.0.0", "go 1.999\n", &[newer]);
    modules.declare("\n\"example.com/newer\" = \"v1.0.0\"\n");
    let (report, _, _) = modules.verify(&[]);
    let reason = &block(&report, 1).reason;
    assert!(reason.contains("requires go >= 1.999"), "{reason}");
    assert!(
        reason.contains("declare an older version in verify.toml:3"),
        "{reason}"
    );
}

#[test]
fn a_package_is_found_by_its_path_whatever_its_name() {
    // A major version in the path, a folder below the module, a name that is not the folder's.
    let note = "```go\nimport \"example.com/big/v2/go-deep\"\n\nfmt.Println(deep.X) // 7\n```\n";
    let Some(modules) = Modules::new(&[("a.md", note)]) else {
        return;
    };
    let deep = ("go-deep/x.go", "package deep\n\nvar X = 7\n");
    modules.publish("example.com/big/v2", "v2.1.0", "", &[deep]);
    assert!(modules.gosnip(&["modules", "--write"]).status.success());
    assert_eq!(
        modules.read("verify.toml"),
        "[modules]\n\"example.com/big/v2\" = \"v2.1.0\"\n"
    );
    let (report, _, _) = modules.verify(&[]);
    assert_eq!(claim(&report, 4).verdict, Verdict::Confirmed, "{report:?}");
}

#[test]
fn a_module_that_does_not_compile_is_named_with_what_the_compiler_says() {
    let note = note_of("upper", "upper.X", "1");
    let Some(modules) = Modules::new(&[("a.md", &note)]) else {
        return;
    };
    let broken = ("broken.go", "package broken\n\nvar X int = \"one\"\n");
    modules.publish("example.com/broken", "v1.0.0", "", &[broken]);
    let upper = "package upper\n\nimport \"example.com/broken\"\n\nvar X = broken.X\n";
    modules.publish(
        "example.com/upper",
        "v1.0.0",
        "require example.com/broken v1.0.0\n",
        &[("upper.go", upper)],
    );
    modules.declare("\"example.com/upper\" = \"v1.0.0\"\n");
    let (report, _, code) = modules.verify(&[]);
    let reason = &block(&report, 1).reason;
    assert_eq!(block(&report, 1).status, Status::Declined);
    assert!(
        reason.contains("example.com/broken does not compile with go1."),
        "{reason}"
    );
    assert!(reason.contains("cannot use \"one\""), "{reason}");
    assert_eq!(code, Some(1));
}

#[test]
fn compiled_modules_that_are_damaged_are_compiled_anew() {
    let Some(modules) = Modules::new(&[("a.md", NOTE)]) else {
        return;
    };
    modules.declare(DECLARED);
    modules.verify(&[]);
    let built = modules.bench.path("cache/modules/built");
    let shelf = fs::read_dir(built).unwrap().next().unwrap().unwrap().path();
    let archive = shelf.join("packages/example.com/hello.a");
    let whole = fs::read(&archive).unwrap();
    fs::write(&archive, &whole[..whole.len() / 2]).unwrap();
    let (report, said, _) = modules.verify(&["--no-cache"]);
    assert_eq!(claim(&report, 3).verdict, Verdict::Confirmed, "{said}");
}
