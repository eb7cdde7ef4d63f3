//! Since when a claim holds: with one toolchain that plays the past, and with several, where they are there.
//!
//! The second needs a Go 1.21 and a Go 1.24 on the machine or in the cache (`gosnip toolchain install 1.21
//! 1.24`), or `GOSNIP_TEST_NETWORK=1` to obtain them; else it says that it was skipped.

mod go_support;

use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use gosnip::toolchain::places::Places;
use gosnip::toolchain::{Toolchain, Version, find, obtain};
use serde_json::Value;

/// What `gosnip verify` reports of a note, with these flags.
fn report(note: &str, flags: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), note).unwrap();
    let here = format!("--go={}", go_support::toolchain().goroot);
    let flags = if flags.is_empty() {
        &[here.as_str()]
    } else {
        flags
    };
    let output = Command::new(env!("CARGO_BIN_EXE_gosnip"))
        .current_dir(folder.path())
        .args([
            "verify",
            "a.md",
            "--report",
            "json",
            "--config",
            "/dev/null",
        ])
        .args(flags)
        .env("GOSNIP_CACHE_DIR", go_support::cache())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Verdict and range of each claim of a block.
fn claims(code: &str, flags: &[&str]) -> Vec<(String, String)> {
    let report = report(&format!("```go\n{code}\n```\n"), flags);
    let text = |claim: &Value, field: &str| claim[field].as_str().unwrap_or_default().to_owned();
    let claims = report["claims"].as_array().unwrap();
    claims
        .iter()
        .map(|claim| (text(claim, "verdict"), text(claim, "holds")))
        .collect()
}

#[track_caller]
fn expect(code: &str, flags: &[&str], verdict: &str, holds: &str) {
    assert_eq!(
        claims(code, flags),
        [(verdict.to_owned(), holds.to_owned())],
        "{code}"
    );
}

/// The same for a whole note.
#[track_caller]
fn expect_of_note(note: &str, verdict: &str, holds: &str) {
    let report = report(note, &[]);
    let claims = report["claims"].as_array().unwrap();
    let [claim] = claims.as_slice() else {
        panic!("{note}: {claims:?}");
    };
    assert_eq!(
        (&claim["verdict"], &claim["holds"]),
        (&verdict.into(), &holds.into()),
        "{note}"
    );
}

const SHARED: &str =
    "for i := 5; i < 8; i++ {\n\tdefer func() { fmt.Print(i, \" \") }()\n}\n// Output: 8 8 8";
const OWN: &str =
    "for i := 5; i < 8; i++ {\n\tdefer func() { fmt.Print(i, \" \") }()\n}\n// Output: 7 6 5";
const NEVER: &str =
    "for i := 5; i < 8; i++ {\n\tdefer func() { fmt.Print(i, \" \") }()\n}\n// Output: 5 6 7";

/// Whether the Go of these tests has this language version: what changed later cannot be seen with it.
fn has(minor: u32) -> bool {
    let there = go_support::toolchain().language.minor >= minor;
    if !there {
        println!("skipped: it needs Go 1.{minor}");
    }
    there
}

#[test]
fn a_toolchain_plays_the_past_of_its_language() {
    if has(22) {
        expect(SHARED, &[], "stale", "go<1.22");
        expect(NEVER, &[], "refuted", "");
        expect(OWN, &[], "confirmed", "");
    }
}

#[test]
fn a_toolchain_plays_the_past_of_its_runtime() {
    if has(24) {
        let seeded = "rand.Seed(42)\nfmt.Println(rand.Intn(100), rand.Intn(100)) // 5 87";
        expect(seeded, &[], "stale", "go<1.24");
        let unseeded = "fmt.Println(rand.Intn(100), rand.Intn(100), rand.Intn(100)) // 81 87 47";
        expect(unseeded, &[], "stale", "go<1.20");
        let nothing = "defer func() { fmt.Println(recover()) }() // <nil>\npanic(nil)";
        expect(nothing, &[], "stale", "go<1.21");
    }
}

#[test]
fn a_toolchain_plays_the_past_of_its_compiler() {
    if has(25) {
        let grows = |caps: &str| {
            format!(
                "var s []int\nfor i := 0; i < 5; i++ {{\n\ts = append(s, i)\n\tfmt.Print(cap(s), \" \")\n}}\n// Output: {caps}"
            )
        };
        expect(&grows("1 2 4 4 8"), &[], "stale", "go<1.25");
        expect(&grows("2 2 4 4 8"), &[], "refuted", "");
    }
}

#[test]
fn what_did_not_compile_before_a_feature_came_is_stale() {
    if has(22) {
        expect(
            "x := min(3, 4) // compile error\nfmt.Println(x)",
            &[],
            "stale",
            "go<1.21",
        );
        expect(
            "x := 3 // compile error\nfmt.Println(x)",
            &[],
            "refuted",
            "",
        );
    }
}

#[test]
fn the_words_of_older_compilers_are_known_by_what_they_lack() {
    if has(26) {
        let given = "p := new(42) // compile error: 42 is not a type\nfmt.Println(*p)";
        expect(given, &[], "stale", "go<1.26");
        let other = "p := new(42) // compile error: undefined: q\nfmt.Println(*p)";
        expect(other, &[], "refuted", "");
    }
}

#[test]
fn what_the_library_lacked_was_undefined() {
    if has(24) {
        let code = |comment: &str| {
            format!(
                "for part := range strings.SplitSeq(\"a\", \",\") {{ // {comment}\n\tfmt.Println(part)\n}}"
            )
        };
        let undefined = code("compile error: undefined: strings.SplitSeq");
        expect(&undefined, &[], "stale", "go<1.24");
        let limited = code("compile error before Go 1.24: undefined: strings.SplitSeq");
        expect(&limited, &[], "confirmed", "go<1.24");
        let too_late = code("compile error before Go 1.25: undefined: strings.SplitSeq");
        let [(verdict, _)] = claims(&too_late, &[]).try_into().unwrap();
        assert_ne!(verdict, "confirmed");
    }
}

#[test]
fn what_the_library_did_is_not_refuted_by_playing_the_past_of_the_language() {
    if has(22) {
        let limited = "s := html.EscapeString(\"1\")\nfmt.Println(s) // before Go 1.22: 2";
        expect(limited, &[], "unverified", "");
        let played =
            "s := []int{1, 1, 2}\nslices.Compact(s)\nfmt.Println(s) // before Go 1.22: [1 2 2]";
        expect(played, &[], "confirmed", "go<1.22");
        let of_language = "fmt.Println(1 + 1) // before Go 1.22: 3";
        expect(of_language, &[], "refuted", "");
    }
}

#[test]
fn what_the_library_wrote_is_worked_out_from_what_it_writes() {
    if has(25) {
        let context = "ctx := context.WithValue(context.Background(), \"user\", \"bob\")\nfmt.Println(ctx) // context.Background.WithValue(type string, val bob)";
        expect(context, &[], "stale", "go<1.23");
        let named = "_, err := regexp.Compile(`(?<year>x)`)\nfmt.Println(err) // error parsing regexp: invalid or unsupported Perl syntax: `(?<`";
        expect(named, &[], "stale", "go<1.22");
        let grown =
            "s := make([]int64, 2048)\ns = append(s, 1)\nfmt.Println(cap(s)) // 2560，多了四分之一";
        expect(grown, &[], "stale", "go<1.18");
        let waits = "```go\npackage main\n\nimport (\n\t\"fmt\"\n\t\"sync\"\n)\n\nfunc main() {\n\tvar wg sync.WaitGroup\n\twg.Add(1)\n\tfmt.Println(\"one\")\n\twg.Wait()\n}\n```\n\n```\none\nfatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [semacquire]:\n```\n";
        expect_of_note(waits, "stale", "go<1.24");
        let mutex = "var m sync.Mutex\nfmt.Println(m) // before Go 1.24: {0 0}";
        expect(mutex, &[], "confirmed", "go<1.24");
        let raised = "```go\npackage main\n\nfunc main() {\n\tdefer func() { panic(recover()) }()\n\tpanic(\"oops\")\n}\n```\n\n```\npanic: oops [recovered]\n\tpanic: oops\n\ngoroutine 1 [running]:\n```\n";
        expect_of_note(raised, "stale", "go<1.25");
    }
}

#[test]
fn a_heading_makes_true_what_was_true_then() {
    if has(22) {
        let note = |heading: &str, claim: &str| format!("## {heading}\n\n```go\n{claim}\n```\n");
        let then = note("Before Go 1.22", SHARED);
        expect_of_note(&then, "confirmed", "go<1.22");
        // What is true now is not made wrong, and what never was is not made true.
        let now = note("Before Go 1.22", OWN);
        expect_of_note(&now, "confirmed", "");
        expect_of_note(&note("Before Go 1.22", NEVER), "refuted", "");
        // It lasted no longer than that.
        let too_long = note("Before Go 1.24", SHARED);
        expect_of_note(&too_long, "stale", "go<1.22");
    }
}

#[test]
fn a_range_begins_with_what_the_program_needs() {
    if has(22) {
        let generic = "func id[T any](x T) T { return x }\n\nfunc main() {\n\tfor i := 0; i < 2; i++ {\n\t\tdefer func() { fmt.Print(id(i)) }()\n\t}\n}\n// Output: 22";
        expect(generic, &[], "stale", "go>=1.18 <1.22");
        let cut = "for i := 0; i < 2; i++ {\n\tdefer func() { fmt.Print(strings.CutPrefix(\"ab\", \"a\")) }()\n\tdefer func() { fmt.Print(i) }()\n}\n// Output: 2btrue2btrue";
        expect(cut, &[], "stale", "go>=1.20 <1.22");
    }
}

/// Toolchains of these versions, if all can be had.
fn several(versions: &[&str]) -> Option<Vec<Toolchain>> {
    let cache = go_support::cache();
    // What is installed for the user counts as well.
    let users = std::env::var("GOSNIP_CACHE_DIR").map_or_else(|_| cache.clone(), Utf8PathBuf::from);
    let places = [&cache, &users].map(|cache| Places::of_this_machine(Some(cache)));
    let network = std::env::var("GOSNIP_TEST_NETWORK").as_deref() == Ok("1");
    let get = |version: &&str| {
        let there = places.iter().find_map(|places| {
            let wanted = Some((*version).to_owned());
            let places = places.clone();
            find::find(&find::Request { wanted, places }).ok()
        });
        there.or_else(|| {
            let version = Version::parse(version).filter(|_| network)?;
            obtain::obtain(version, &cache, Some(go_support::toolchain()), &|_| ()).ok()
        })
    };
    let found: Option<Vec<Toolchain>> = versions.iter().map(get).collect();
    if found.is_none() {
        println!("skipped: {versions:?} are not all here; GOSNIP_TEST_NETWORK=1 obtains them");
    }
    found
}

fn go_flag(toolchains: &[Toolchain]) -> String {
    let roots: Vec<&Utf8Path> = toolchains.iter().map(|it| it.goroot.as_path()).collect();
    let roots: Vec<&str> = roots.iter().map(|root| root.as_str()).collect();
    format!("--go={}", roots.join(","))
}

#[test]
fn several_toolchains_give_ranges_that_were_measured_or_have_a_reason() {
    let Some(toolchains) = several(&["1.21", "1.24"]) else {
        return;
    };
    let go = go_flag(&toolchains);
    let flags = [go.as_str()];
    expect(SHARED, &flags, "stale", "go<1.22");
    expect(OWN, &flags, "confirmed", "go>=1.22");
    expect(NEVER, &flags, "refuted", "");
    expect(
        "fmt.Println(1 + 1) // 2",
        &flags,
        "confirmed",
        "go>=1.21 <=1.24",
    );
    expect(
        "var m sync.Mutex\nfmt.Println(m) // {0 0}",
        &flags,
        "stale",
        "go<1.24",
    );
    let timer = "t := time.NewTimer(time.Millisecond)\ntime.Sleep(30 * time.Millisecond)\nfmt.Println(len(t.C)) // 1";
    expect(timer, &flags, "stale", "go<1.23");
    // What looks like one change and is another.
    let once = "var once sync.Once\nonce.Do(func() {})\nfmt.Println(once) // {1 {0 0}}";
    expect(once, &flags, "stale", "go<1.22");
    // What only the library did, and when what a claim is limited to began.
    let zeroed = "s := []int{1, 2, 3, 4}\n_ = slices.Delete(s, 1, 2)\nfmt.Println(s) // [1 3 4 4]";
    expect(zeroed, &flags, "stale", "go>=1.21 <1.22");
    let now = SHARED.replace("// Output: 8 8 8", "// Output since Go 1.22: 7 6 5");
    expect(&now, &flags, "confirmed", "go>=1.22");
    let undefined = "for part := range strings.SplitSeq(\"a\", \",\") { // compile error: undefined: strings.SplitSeq\n\tfmt.Println(part)\n}";
    expect(undefined, &flags, "stale", "go<1.24");
    // It changed between the two, and nothing in the table says why: the versions between are left open.
    let sizes = "fmt.Println(runtime.Version()[:6]) // go1.21";
    expect(sizes, &flags, "stale", "go1.21");
}
