//! `gosnip bless`, `review` and `baseline` as a shell sees them, on real files and with a real Go.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A repository of its own; the cache is shared by all tests, as it is by all repositories.
struct Notes {
    folder: tempfile::TempDir,
}

impl Notes {
    fn new(note: &str) -> Self {
        Self::with(&[("a.md", note.as_bytes())])
    }

    fn with(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gosnip"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env(
                "GOSNIP_CACHE_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("gosnip-cache"),
            )
            .env("NO_COLOR", "1")
            .env_remove("CI")
            .env_remove("EDITOR")
            .env_remove("VISUAL");
        command
    }

    /// Run it, expect the exit code, and give back stdout and stderr.
    #[track_caller]
    fn expect(&self, code: i32, arguments: &[&str]) -> (String, String) {
        expect(code, &self.command(arguments).output().unwrap())
    }

    /// The same with answers on stdin.
    #[track_caller]
    fn answer(&self, arguments: &[&str], answers: &str) -> (String, String) {
        let mut child = self
            .command(arguments)
            .env("EDITOR", "cp edited")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(answers.as_bytes())
            .unwrap();
        expect(0, &child.wait_with_output().unwrap())
    }
}

#[track_caller]
fn expect(code: i32, output: &Output) -> (String, String) {
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{stdout}\n{stderr}");
    (stdout, stderr)
}

/// What bless makes of a note, which must then verify, and stay as it is.
#[track_caller]
fn blessed(note: &str) -> String {
    let notes = Notes::new(note);
    notes.expect(0, &["bless", "--notes-only"]);
    let new = notes.read("a.md");
    notes.expect(0, &["verify", "--fail-on", "refuted,stale"]);
    notes.expect(0, &["bless", "--notes-only"]);
    assert_eq!(notes.read("a.md"), new, "twice is not the same as once");
    new
}

/// `tests/bless/styles.md` with what is true (0) or what a note says instead (1) of each `«true¦wrong»`.
fn styles(which: usize) -> String {
    let template = include_str!("bless/styles.md");
    let mut parts = template.split(['«', '»']);
    let mut note = parts.next().unwrap().to_owned();
    while let (Some(pair), Some(after)) = (parts.next(), parts.next()) {
        note.push_str(pair.split('¦').nth(which).unwrap());
        note.push_str(after);
    }
    note
}

#[test]
fn wrong_claims_become_what_their_author_would_have_written() {
    let bytes =
        |text: &str| format!("\u{feff}{}", text.trim_end().replace('\n', "\r\n")).into_bytes();
    let (right, wrong) = (styles(0), styles(1));
    let (right_bytes, wrong_bytes) = (bytes(&right), bytes(&wrong));
    let notes = Notes::with(&[("a.md", wrong.as_bytes()), ("b.md", &wrong_bytes)]);
    notes.expect(0, &["bless", "--notes-only"]);
    let new = notes.read("a.md");
    let differing: Vec<_> = new
        .lines()
        .zip(right.lines())
        .filter(|(new, right)| new != right)
        .collect();
    assert!(new == right, "{differing:#?}");
    assert!(fs::read(notes.path("b.md")).unwrap() == right_bytes);
}

#[test]
fn only_the_wrong_words_change() {
    let note = "# 输出\n\n```go\nx := []int{1, 2, 3}\nfmt.Println(x[0])    // 输出: 7\nfmt.Println(x)       // [1, 2]，切片\nfmt.Println(len(x))  // => 3\nfmt.Println(cap(x) )\t// \"4\"\nfmt.Println(x[0])    // 输出: 1\n// fmt.Println(x[1]) // 5（第二个）\n```\n\n说明：x[0] 输出 7 吗？\n";
    let right = note
        .replacen("// 输出: 7", "// 输出: 1", 1)
        .replace("[1, 2]，切片", "[1, 2, 3]，切片")
        .replace("\"4\"", "\"3\"")
        .replace("5（第二个）", "2（第二个）");
    assert_eq!(blessed(note), right);
}

#[test]
fn values_types_and_messages_among_words_change_alone() {
    let note = "```go\ns := make([]int, 2, 5) // len=2 cap=2\nt := s[1:]             // 长度为2，容量为4的切片\nu := t                 // u: [0]，切片\nx := 'a'               // int64\n_, _ = u, x\nfmt.Println(len(s), cap(s)) // len=3, cap=5\n```\n\n```go\nvar m map[string]int\nm[\"a\"] = 1 // panic: index out of range\n```\n\n```go\nvar p *int\n*p = 1 // panic: integer divide by zero\n```\n";
    let right = note
        .replace("len=2 cap=2", "len=2 cap=5")
        .replace("长度为2", "长度为1")
        .replace("// int64", "// int32")
        .replace("len=3, cap=5", "len=2, cap=5")
        .replace(
            "integer divide by zero",
            "invalid memory address or nil pointer dereference",
        )
        .replace(
            "panic: index out of range",
            "panic: assignment to entry in nil map",
        );
    assert_eq!(blessed(note), right);
}

#[test]
fn what_stands_below_a_statement_is_corrected_there() {
    let note = "```go\ns := make([]int, 1, 4)\n// len(s) = 4  // 元素个数\n// cap(s) = 1  // 容量\n\ns = s[:3]\n// len(s) == 4 (of four)\n\n_ = s\n```\n";
    let right = note
        .replace("len(s) = 4", "len(s) = 1")
        .replace("cap(s) = 1", "cap(s) = 4")
        .replace("len(s) == 4", "len(s) == 3");
    assert_eq!(blessed(note), right);
}

#[test]
fn separators_line_breaks_quotes_and_the_missing_final_newline_stay() {
    let note = "- item\r\n\r\n  ```go\r\n  for i := range 3 {\r\n  \tfmt.Println(i)\r\n  }\r\n  // Output:\r\n  // 0\r\n  // 2\r\n  ```\r\n\r\n> ```go\r\n> fmt.Println(1)\r\n> fmt.Println(2)\r\n> ```\r\n>\r\n> 输出：\r\n>\r\n> ```\r\n> 1\r\n> 3\r\n> 4\r\n> ```";
    let right = note
        .replace("  // 0\r\n  // 2\r\n", "  // 0\r\n  // 1\r\n  // 2\r\n")
        .replace("> 3\r\n> 4\r\n", "> 2\r\n");
    assert_eq!(blessed(note), right);
}

#[test]
fn a_part_of_the_output_stays_a_part() {
    let note = "```go\nfor i := range 6 {\n\tfmt.Println(\"step\", i, \"total\", i*i)\n}\nfmt.Println(\"done\")\n```\n\nOutput:\n\n```\nstep 2 total 4\nstep 3 total 8\n```\n";
    assert_eq!(
        blessed(note),
        note.replace("step 3 total 8", "step 3 total 9")
    );
}

#[test]
fn output_that_is_written_on_one_line_stays_on_one_line() {
    let note =
        "```go\nfor i := range 4 {\n\tfmt.Println(i)\n}\n```\n\n输出：\n\n```\n0 1 2 4\n```\n";
    assert_eq!(blessed(note), note.replace("2 4", "2 3"));
}

#[test]
fn panics_within_panics_are_written_as_go_shows_them_now() {
    let raised = |with: &str| {
        format!(
            "```go\nfunc main() {{\n\tdefer func() {{\n\t\tr := recover()\n\t\tpanic({with})\n\t}}()\n\tpanic(\"late\")\n}}\n```\n\nOutput:\n\n"
        )
    };
    let (again, other) = (raised("r"), raised("fmt.Sprint(\"not \", r)"));
    let note = format!(
        "{again}```\npanic: late [recovered]\n\tpanic: late\n\ngoroutine 1 [running]:\n```\n\n{again}```\npanic: late [recovered]\n```\n\n{other}```\npanic: late [recovered]\n\tpanic: not early\n\nexit status 2\n```\n\n```go\nfunc main() {{\n\tdefer func() {{ panic(\"second\") }}()\n\tpanic(\"first\")\n}}\n// Output:\n// panic: first\n// \tpanic: third\n```\n"
    );
    let right = note
        .replace(
            "panic: late [recovered]\n\tpanic: late\n",
            "panic: late [recovered, repanicked]\n",
        )
        .replace(
            "```\npanic: late [recovered]\n```",
            "```\npanic: late [recovered, repanicked]\n```",
        )
        .replace("not early", "not late")
        .replace("third", "second");
    assert_eq!(blessed(&note), right);
}

#[test]
fn output_below_code_in_one_block_changes_and_the_code_does_not() {
    let note = "```go\nfunc main() {\n\tn := 10\n\tfmt.Println(n)\n\tfmt.Println(\"n is\", n)\n}\n\n$ go run main.go\n10\nn is 11\n```\n\n```go\nfmt.Println(7)\n// 输出结果\n8\n```\n";
    let right = note.replace("n is 11", "n is 10").replace("\n8\n", "\n7\n");
    assert_eq!(blessed(note), right);
}

#[test]
fn exit_codes_and_what_stands_before_them_are_two_claims() {
    let note = "```go\nfunc main() {\n\tfmt.Println(1)\n\tos.Exit(3)\n}\n```\n\n```console\n$ go run main.go\n2\nexit status 4\n```\n";
    let right = note.replace("2\nexit status 4", "1\nexit status 3");
    assert_eq!(blessed(note), right);
}

#[test]
fn quotes_within_lists_and_marks_that_the_output_has_stay() {
    let note = "```go\nfmt.Println([]string{\"a\", \"b\"}) // [\"a\", \"c\"]\nfmt.Println(fmt.Sprint(65) + \"!\") // 67!\nfmt.Println(len(\"abc\")) // 4!\n```\n";
    let right = note
        .replace("\"c\"", "\"b\"")
        .replace("67!", "65!")
        .replace("4!", "3!");
    assert_eq!(blessed(note), right);
}

#[test]
fn remarks_behind_lines_of_a_listing_stay() {
    let note = "```go\ns := []int{1, 2}\nfmt.Println(\"s\", s)\nfmt.Println(\"len\", len(s))\n```\n\nOutput:\n\n```\ns [1 2]   ← as it was made\nlen 3     // one for each\n```\n";
    assert_eq!(blessed(note), note.replace("len 3", "len 2"));
}

#[test]
fn a_fence_grows_with_the_output() {
    let note = "```go\nfmt.Println(\"a\")\nfmt.Println(\"```\")\nfmt.Println(\"b\")\n```\n\nOutput:\n\n```\na\nb\n```\n";
    let new = blessed(note);
    assert!(new.ends_with("\n````\na\n```\nb\n````\n"), "{new}");
}

#[test]
fn wildcards_stay_where_they_match() {
    let note = "```go\nfor i := range 5 {\n\tfmt.Println(\"line\", i)\n}\nfmt.Println(\"took 3 ms\")\n```\n\nOutput:\n\n```\nline 0\n...\nline 3\ntook [..] ms\n```\n";
    assert_eq!(blessed(note), note.replace("line 3\n", "line 4\n"));
}

#[test]
fn a_stale_claim_is_replaced_or_given_its_range() {
    let loop_note = "# 闭包\n\n```go\nvar fs []func()\nfor i := 0; i < 3; i++ {\n\tfs = append(fs, func() { fmt.Println(i) })\n}\nfor _, f := range fs {\n\tf() // 输出: 3, 3, 3\n}\n```\n";
    assert_eq!(blessed(loop_note), loop_note.replace("3, 3, 3", "0, 1, 2"));
    let notes = Notes::new(loop_note);
    notes.expect(0, &["bless", "--notes-only", "--stale=range"]);
    let new = notes.read("a.md");
    assert!(
        new.contains("// 输出: 0, 1, 2（Go 1.22 起；之前：3, 3, 3）\n"),
        "{new}"
    );
    notes.expect(0, &["verify"]);
}

#[test]
fn a_dry_run_prints_a_diff_that_patch_takes_and_writes_nothing() {
    let note = "```go\nfmt.Println(1) // 2\n```\n";
    let notes = Notes::new(note);
    let (diff, _) = notes.expect(0, &["bless", "-n", "--notes-only"]);
    assert_eq!(
        diff,
        "--- a/a.md\n+++ b/a.md\n@@ -1,3 +1,3 @@\n ```go\n-fmt.Println(1) // 2\n+fmt.Println(1) // 1\n ```\n"
    );
    assert_eq!(notes.read("a.md"), note);
    assert!(!notes.path("expected").exists());
}

#[test]
fn what_differs_from_run_to_run_is_listed_and_not_written() {
    let note = "```go\nm := map[int]bool{}\nfor i := range 64 {\n\tm[i] = true\n}\nfor k := range m {\n\tfmt.Println(k) // 99\n\tbreak\n}\n```\n";
    let notes = Notes::new(note);
    notes.expect(0, &["bless", "--notes-only"]);
    assert_eq!(notes.read("a.md"), note);
}

#[test]
fn bless_refuses_in_ci_unless_forced() {
    let notes = Notes::new("```go\nfmt.Println(1) // 2\n```\n");
    let refused = notes
        .command(&["bless"])
        .env("CI", "true")
        .output()
        .unwrap();
    let (_, stderr) = expect(2, &refused);
    assert!(stderr.contains("--force"), "{stderr}");
    assert!(notes.read("a.md").contains("// 2"));
    expect(
        0,
        &notes
            .command(&["bless", "--force"])
            .env("CI", "true")
            .output()
            .unwrap(),
    );
    assert!(notes.read("a.md").contains("// 1"));
}

#[test]
fn a_gbk_note_stays_gbk_and_a_byte_order_mark_stays() {
    let text = "# 输出\n\n```go\nfmt.Println(1) // 输出: 2，结果\n```\n";
    let right = text.replace("2，结果", "1，结果");
    let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
    let bom = |text: &str| format!("\u{feff}{text}").into_bytes();
    let wide = |text: &str| -> Vec<u8> {
        std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(u16::to_be_bytes)
            .collect()
    };
    let notes = Notes::with(&[
        ("g.md", &gbk(text)),
        ("b.md", &bom(text)),
        ("w.md", &wide(text)),
    ]);
    notes.expect(0, &["bless", "--notes-only"]);
    assert_eq!(fs::read(notes.path("g.md")).unwrap(), gbk(&right));
    assert_eq!(fs::read(notes.path("b.md")).unwrap(), bom(&right));
    assert_eq!(fs::read(notes.path("w.md")).unwrap(), wide(&right));
}

#[cfg(unix)]
#[test]
fn modes_and_links_stay() {
    use std::os::unix::fs::PermissionsExt as _;
    let notes = Notes::with(&[]);
    let target = notes.path("real.txt.orig");
    fs::write(&target, "```go\nfmt.Println(1) // 2\n```\n").unwrap();
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("real.txt.orig", notes.path("a.md")).unwrap();
    notes.expect(0, &["bless", "--notes-only", "a.md"]);
    assert!(
        fs::symlink_metadata(notes.path("a.md"))
            .unwrap()
            .is_symlink()
    );
    assert!(fs::read_to_string(&target).unwrap().contains("// 1"));
    assert_eq!(
        fs::metadata(&target).unwrap().permissions().mode() & 0o777,
        0o640
    );
}

#[test]
fn what_was_recorded_is_what_verify_expects() {
    let notes = Notes::new(
        "# A\n\n```go\nfmt.Println(1)\n```\n\n## B\n\n```go\nfmt.Println(\"two\")\n```\n",
    );
    notes.expect(0, &["bless"]);
    let record = notes.read("expected/a.md.toml");
    assert!(
        record.contains("block = \"a/b#1\"") && record.contains("'''\ntwo\n'''"),
        "{record}"
    );
    notes.expect(0, &["bless"]);
    assert_eq!(
        notes.read("expected/a.md.toml"),
        record,
        "twice is not the same as once"
    );
    notes.expect(0, &["verify", "--locked"]);

    // Moved under another heading, it is found again by its content; a comment does not matter.
    let moved =
        "# C\n\n```go\nfmt.Println(\"two\") // two\n```\n\n# A\n\n```go\nfmt.Println(1)\n```\n";
    fs::write(notes.path("a.md"), moved).unwrap();
    notes.expect(0, &["verify", "--locked"]);

    fs::write(
        notes.path("a.md"),
        moved.replace("Println(1)", "Println(2)"),
    )
    .unwrap();
    let (stdout, _) = notes.expect(1, &["verify"]);
    assert!(
        stdout.contains("drift") && stdout.contains("-1") && stdout.contains("+2"),
        "{stdout}"
    );

    // A deleted block is reported, and forgotten by bless.
    fs::write(
        notes.path("a.md"),
        "# C\n\n```go\nfmt.Println(\"two\")\n```\n",
    )
    .unwrap();
    notes.expect(1, &["verify", "--locked"]);
    notes.expect(0, &["bless"]);
    notes.expect(0, &["verify", "--locked"]);
    assert!(!notes.read("expected/a.md.toml").contains("\n1\n"));
}

#[test]
fn nothing_unstable_is_recorded_as_fact() {
    let note = "```go\nx := new(int)\nfmt.Println(x)\n```\n\n```go\nfor k := range map[int]bool{1: true, 2: true} {\n\tfmt.Println(k)\n}\n```\n\n```go\nfmt.Println(rand.Int63())\n```\n";
    let notes = Notes::new(note);
    notes.expect(0, &["bless"]);
    let record = notes.read("expected/a.md.toml");
    assert!(record.contains("'''\n[..]\n'''"), "{record}");
    assert!(record.contains("any_order = true"), "{record}");
    assert!(record.contains("does = \"varied\""), "{record}");
    notes.expect(0, &["verify", "--locked"]);
}

#[test]
fn snippets_are_checked_to_be_fresh() {
    let notes = Notes::new("```go\nfmt.Println(1)\n```\n");
    notes.expect(0, &["extract"]);
    notes.expect(0, &["bless"]);
    notes.expect(0, &["verify", "--locked"]);
    fs::write(notes.path("snippets/old.go"), "package main\n").unwrap();
    let (stdout, _) = notes.expect(1, &["verify", "--locked"]);
    assert!(stdout.contains("old.go"), "{stdout}");
    notes.expect(0, &["bless"]);
    notes.expect(0, &["verify", "--locked"]);
    assert!(!notes.path("snippets/old.go").exists());
}

#[test]
fn a_baseline_lets_only_new_findings_fail() {
    let notes = Notes::new("```go\nfmt.Println(1) // 2\n```\n");
    notes.expect(1, &["verify"]);
    notes.expect(0, &["baseline"]);
    let (_, stderr) = notes.expect(0, &["verify"]);
    assert!(stderr.contains("1 finding known"), "{stderr}");
    notes.expect(1, &["verify", "--strict"]);
    // Edits elsewhere do not make it new; a second one is new.
    fs::write(
        notes.path("a.md"),
        "# New\n\nText.\n\n```go\nfmt.Println(1) // 2\n```\n",
    )
    .unwrap();
    notes.expect(0, &["verify"]);
    fs::write(
        notes.path("a.md"),
        "```go\nfmt.Println(1) // 2\nfmt.Println(1) // 3\n```\n",
    )
    .unwrap();
    let (stdout, _) = notes.expect(1, &["verify"]);
    assert!(
        stdout.contains("// 3") && stdout.contains("1 refuted"),
        "{stdout}"
    );
    // What is mended drops out by itself, but not in CI.
    fs::write(notes.path("a.md"), "```go\nfmt.Println(1) // 1\n```\n").unwrap();
    let mut in_ci = notes.command(&["verify"]);
    expect(0, &in_ci.env("CI", "true").output().unwrap());
    assert!(notes.read("gosnip-baseline.json").contains("refuted"));
    let (_, stderr) = notes.expect(0, &["verify"]);
    assert!(stderr.contains("1 finding dropped out"), "{stderr}");
    assert!(!notes.read("gosnip-baseline.json").contains("refuted"));
    // What is wrong again is new.
    fs::write(notes.path("a.md"), "```go\nfmt.Println(1) // 2\n```\n").unwrap();
    notes.expect(1, &["verify"]);
}

const FOUR: &str = "```go\nfmt.Println(1) // 2\nfmt.Println(2) // 3\nfmt.Println(11) // 12\nfmt.Println(4) // 5\n```\n";

#[test]
fn review_takes_its_answers_from_a_pipe() {
    let notes = Notes::with(&[
        ("a.md", FOUR.as_bytes()),
        ("edited", b"fmt.Println(91) // 11\n"),
    ]);
    let (stdout, _) = notes.answer(&["review"], "a\nr\ne\ns\n");
    assert!(
        stdout.contains("2 accepted, 1 rejected, 0 not looked at"),
        "{stdout}"
    );
    let right = FOUR
        .replace("// 2", "// 1")
        .replace("fmt.Println(11) // 12", "fmt.Println(91) // 11");
    assert_eq!(notes.read("a.md"), right);
    // What was rejected is not proposed again; quitting leaves the rest.
    let notes = Notes::new(FOUR);
    notes.answer(&["review"], "r\nq\n");
    let (stdout, _) = notes.answer(&["review"], "s\nf\n");
    assert!(stdout.contains("2 accepted, 0 rejected"), "{stdout}");
    assert_eq!(
        notes.read("a.md"),
        FOUR.replace("// 12", "// 11").replace("// 5", "// 4")
    );
}

#[test]
fn a_note_that_was_changed_meanwhile_is_not_overwritten() {
    // The program sleeps, so there is time to write.
    let note = "```go\ntime.Sleep(300 * time.Millisecond)\nfmt.Println(1) // 2\n```\n";
    let notes = Notes::new(note);
    let mut child = notes
        .command(&["review"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It asks only after everything was read.
    let mut stdout = child.stdout.take().unwrap();
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains("[q]uit?") {
        let mut byte = [0];
        assert_eq!(
            std::io::Read::read(&mut stdout, &mut byte).unwrap(),
            1,
            "it ended"
        );
        seen.push(byte[0]);
    }
    fs::write(notes.path("a.md"), "mine\n").unwrap();
    child.stdin.take().unwrap().write_all(b"a\n").unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("changed on disk"));
    assert_eq!(notes.read("a.md"), "mine\n");
}

/// Five kills; `GOSNIP_TEST_KILLS=50` for more.
#[cfg(unix)]
#[test]
fn whenever_it_is_killed_each_note_is_the_old_one_or_the_new_one() {
    const NOTES: usize = 16;
    let padding = "words of prose, line after line\n".repeat(300);
    let old = format!("{padding}\n```go\nfmt.Println(1) // 2\n```\n\n{padding}");
    let new = old.replace("// 2", "// 1");
    let names: Vec<String> = (0..NOTES).map(|nth| format!("n{nth:02}.md")).collect();
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), old.as_bytes()))
        .collect();
    let notes = Notes::with(&files);
    let kills = std::env::var("GOSNIP_TEST_KILLS")
        .ok()
        .and_then(|it| it.parse().ok())
        .unwrap_or(5);
    let mut halfway = 0;
    for kill in 0..kills {
        for name in &names {
            fs::write(notes.path(name), &old).unwrap();
        }
        let mut child = notes
            .command(&["bless", "-q", "--notes-only"])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // The first note's new text says that it is writing now.
        while fs::read_to_string(notes.path(&names[0])).unwrap() == old {
            assert!(
                child.try_wait().unwrap().is_none(),
                "it ended without writing"
            );
            std::thread::sleep(std::time::Duration::from_micros(100));
        }
        std::thread::sleep(std::time::Duration::from_micros(kill * 379 % 7000));
        child.kill().unwrap();
        child.wait().unwrap();
        let texts: Vec<String> = names.iter().map(|name| notes.read(name)).collect();
        assert!(
            texts.iter().all(|text| *text == old || *text == new),
            "a note is neither"
        );
        halfway += usize::from(texts.contains(&old) && texts.contains(&new));
    }
    assert!(halfway > 0, "no kill came while it was writing");
}

#[test]
fn a_comment_about_storage_is_turned_into_its_opposite() {
    let note = "# 逃逸\n\n```go\nfunc f() *int {\n\tx := 1 // x在栈上\n\treturn &x\n}\n\nfunc g() int {\n\ty := 2 // y逃逸到堆上\n\treturn y\n}\n\nfunc h() int {\n\tz := 2 // z 可能会逃逸\n\treturn z\n}\n```\n";
    let right = note
        .replace("z 可能会逃逸", "z 没有逃逸")
        .replace("x在栈上", "x在堆上")
        .replace("y逃逸到堆上", "y没有逃逸到堆上");
    assert_eq!(blessed(note), right);
}
