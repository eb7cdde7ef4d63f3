//! The READMEs keep their word: the example and its picture are what gosnip really says, the commands are
//! the same in both languages, and the configuration is accepted. `GOSNIP_BLESS_TESTS=1` writes the example
//! and the picture anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn readme(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap()
}

/// What stands in the first fence that opens with `fence` after `mark`.
#[track_caller]
fn fenced<'t>(text: &'t str, mark: &str, fence: &str) -> &'t str {
    let (_, text) = text.split_once(mark).expect(mark);
    let (_, text) = text.split_once(&format!("\n{fence}")).expect(fence);
    let (_, text) = text.split_once('\n').unwrap();
    let ticks: String = fence.chars().take_while(|&c| c == '`').collect();
    let end = text.find(&format!("\n{ticks}\n")).expect("a closing fence");
    &text[..=end]
}

/// The last line of a report tells of the machine.
fn without_machine(report: &str) -> Vec<&str> {
    report
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.starts_with("go1."))
        .collect()
}

fn is_blessing() -> bool {
    std::env::var_os("GOSNIP_BLESS_TESTS").is_some_and(|value| value == "1")
}

/// What gosnip says of the example, with these colours.
fn said(text: &str, color: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    fs::write(
        folder.path().join("defer.md"),
        fenced(text, "`defer.md`", "````markdown"),
    )
    .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_gosnip"))
        .current_dir(folder.path())
        .env(
            "GOSNIP_CACHE_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("gosnip-cache"),
        )
        .arg(format!("--color={color}"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn example_is_real(name: &str, picture: &str) {
    let text = readme(name);
    picture_is_real(picture, &text);
    let real = said(&text, "never");
    let shown = fenced(&text, "<!-- example -->", "```text");
    if is_blessing() {
        if without_machine(shown) != without_machine(&real) {
            fs::write(path(name), text.replacen(shown, &real, 1)).unwrap();
        }
    } else {
        assert_eq!(
            without_machine(shown),
            without_machine(&real),
            "GOSNIP_BLESS_TESTS=1 writes what is real into {name}"
        );
    }
}

/// A picture of the terminal: the same example in colours, drawn.
#[track_caller]
fn picture_is_real(name: &str, readme: &str) {
    let colored = said(readme, "always").replace('\t', "    ");
    let real = anstyle_svg::Term::new().render_svg(&format!("$ gosnip\n{colored}"));
    let shown = fs::read_to_string(path(name)).unwrap_or_default();
    let without_machine = |svg: &str| -> Vec<String> {
        let lines = svg.lines().filter(|line| !line.contains("go1."));
        lines.map(str::to_owned).collect()
    };
    if without_machine(&shown) == without_machine(&real) {
        return;
    }
    assert!(is_blessing(), "GOSNIP_BLESS_TESTS=1 draws {name} anew");
    fs::write(path(name), real).unwrap();
}

#[test]
fn the_example_is_what_gosnip_says() {
    example_is_real("README.md", "docs/example.svg");
}

#[test]
fn the_chinese_example_is_what_gosnip_says() {
    example_is_real("README.zh-CN.md", "docs/example.zh-CN.svg");
}

#[test]
fn both_readmes_have_the_same_commands() {
    let commands = |name: &str| -> Vec<String> {
        let text = readme(name);
        let fences = text.split("\n```console\n").skip(1);
        fences
            .flat_map(|fence| fence.split("\n```\n").next().unwrap().lines())
            .map(|line| line.split('#').next().unwrap().trim_end().to_owned())
            .collect()
    };
    let english = commands("README.md");
    assert_eq!(english, commands("README.zh-CN.md"));
    assert_eq!(english[..2], ["cargo run", "cargo test"]);
}

#[test]
fn the_configuration_in_the_readmes_is_accepted() {
    for name in ["README.md", "README.zh-CN.md"] {
        let text = readme(name);
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        fs::write(
            folder.path().join("verify.toml"),
            fenced(&text, "## verify.toml", "```toml"),
        )
        .unwrap();
        fs::write(
            folder.path().join("a.md"),
            "```go\nfmt.Println(1) // 1\n```\n",
        )
        .unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_gosnip"))
            .current_dir(folder.path())
            .env(
                "GOSNIP_CACHE_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("gosnip-cache"),
            )
            .output()
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
