//! `src/history/library.txt` says what Go's own `api` files say. `GOSNIP_BLESS_TESTS=1 cargo test --test library` makes it
//! anew from those of the Go that the tests use.

mod go_support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

/// The first version that is in the list: languages begin there.
const FIRST: u32 = 13;

/// What few notes use, and what is for one system only.
const LEFT_OUT: [&str; 4] = ["syscall", "debug/", "go/", "runtime/metrics"];

/// `pkg strings, func Lines(string) iter.Seq[string] #61901`.
static LINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^pkg ([^ ,]+), (func|type|var|const|method) (.*)").unwrap());
static METHOD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\(\*?(\w+)(?:\[.*?\])?\) (\w+)").unwrap());
static MEMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(\w+)(?:\[.*?\])? (?:struct, (?:embedded )?|interface, )(\w+)").unwrap()
});
static NAME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\w+").unwrap());

/// Package and name of a line.
fn parse(line: &str) -> Option<(String, String)> {
    let line = line.split(" #").next()?.trim_end();
    let found = LINE.captures(line)?;
    let (package, kind, rest) = (&found[1], &found[2], &found[3]);
    if LEFT_OUT.iter().any(|start| package.starts_with(start)) || line.contains("//deprecated") {
        return None;
    }
    let member = match kind {
        "method" => METHOD.captures(rest),
        "type" => MEMBER.captures(rest),
        _ => None,
    };
    let name = match member {
        Some(found) => format!("{}.{}", &found[1], &found[2]),
        None => NAME.find(rest)?.as_str().to_owned(),
    };
    Some((package.to_owned(), name))
}

/// The list up to 1.`last`; `None` where this Go has no such files.
fn list(api: &Path, last: u32) -> Option<String> {
    let read = |minor: u32| {
        let name = match minor {
            0 => "go1.txt".to_owned(),
            minor => format!("go1.{minor}.txt"),
        };
        fs::read_to_string(api.join(name)).ok()
    };
    let mut packages: BTreeSet<String> = BTreeSet::new();
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    for minor in 0..FIRST {
        let text = read(minor)?;
        let words = text.lines().filter_map(|line| line.strip_prefix("pkg "));
        packages.extend(words.filter_map(|line| Some(line.split([' ', ',']).next()?.to_owned())));
        seen.extend(text.lines().filter_map(parse));
    }
    let mut list = String::new();
    for minor in FIRST..=last {
        let mut added: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (package, name) in read(minor)?.lines().filter_map(parse) {
            if seen.insert((package.clone(), name.clone())) {
                added.entry(package).or_default().insert(name);
            }
        }
        for (package, names) in added {
            let mark = if packages.insert(package.clone()) {
                "+"
            } else {
                ""
            };
            let names: Vec<String> = names.into_iter().collect();
            writeln!(list, "1.{minor} {mark}{package} {}", names.join(" ")).unwrap();
        }
    }
    Some(list)
}

#[test]
fn the_list_of_the_library_is_what_go_says() {
    let toolchain = go_support::toolchain();
    let last = toolchain.language.minor;
    let Some(expected) = list(toolchain.goroot.join("api").as_std_path(), last) else {
        println!(
            "skipped: {} comes without its `api` files",
            toolchain.version
        );
        return;
    };
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/history/library.txt");
    if std::env::var_os("GOSNIP_BLESS_TESTS").is_some_and(|value| value == "1") {
        fs::write(&place, &expected).unwrap();
    }
    let text = fs::read_to_string(place).unwrap();
    // A newer Go than the one it was made from has more to say, an older one less.
    let both = |text: &str| -> Vec<String> {
        let listed = text.lines().map(str::to_owned);
        let known = |line: &String| {
            let minor = line.split(['.', ' ']).nth(1).and_then(|it| it.parse().ok());
            minor.is_some_and(|minor: u32| minor <= last.min(26))
        };
        listed.filter(known).collect()
    };
    let (listed, said) = (both(&text), both(&expected));
    // All of it would be thousands of words.
    if let Some((listed, said)) = listed.iter().zip(&said).find(|(one, other)| one != other) {
        panic!("library.txt has `{listed}`, Go `{said}`");
    }
    assert_eq!(listed.len(), said.len());
}
