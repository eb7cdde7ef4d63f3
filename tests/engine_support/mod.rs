//! What the tests of the whole engine share: the real binary on notes of their own, with a cache of their
//! own in which only the compiled standard library is shared.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Once;

#[path = "../go_support/mod.rs"]
mod go_support;

use gosnip::report::{BlockReport, ClaimReport, Report};

/// A folder with notes, a cache and a place for temporary files.
pub struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    /// One with `notes` (name and text) in it; `None` where there is no Go.
    #[allow(dead_code, reason = "some tests want it elsewhere")]
    pub fn new(notes: &[(&str, &str)]) -> Option<Self> {
        Self::within(tempfile::tempdir().unwrap(), notes)
    }

    /// The same, in this folder.
    pub fn within(folder: tempfile::TempDir, notes: &[(&str, &str)]) -> Option<Self> {
        let bench = Self { folder };
        for folder in ["notes/.git", "cache", "tmp", "home"] {
            fs::create_dir_all(bench.path(folder)).unwrap();
        }
        for shared in ["std", "home"] {
            let place = shared_cache().join(shared);
            fs::create_dir_all(&place).unwrap();
            symlink(place, bench.path("cache").join(shared)).unwrap();
        }
        for (name, text) in notes {
            bench.write(name, text);
        }
        Some(bench)
    }

    /// A path in its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Write a note.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path("notes").join(name), text).unwrap();
    }

    /// `gosnip` with these arguments, to be started in the notes' folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gosnip"));
        command
            .args(arguments)
            .current_dir(self.path("notes"))
            .env("GOSNIP_CACHE_DIR", self.path("cache"))
            // Its cache is empty: without this, a machine without Go would fetch one for each test.
            .env("GOROOT", go_support::toolchain().goroot.as_str())
            .env("TMPDIR", self.path("tmp"))
            .env("NO_COLOR", "1")
            .stdin(Stdio::null());
        command
    }

    /// Verify all notes and give back the report.
    #[allow(dead_code, reason = "some tests set more than arguments")]
    #[track_caller]
    pub fn verify(&self, arguments: &[&str]) -> Report {
        let place = self.path("report.json");
        // A report of an earlier run must not be taken for this one's.
        let _ = fs::remove_file(&place);
        let report = format!("json={}", place.display());
        let output = self
            .command(&[&["verify", ".", "-q", "--report", &report], arguments].concat())
            .output()
            .unwrap();
        let text = fs::read_to_string(&place).unwrap_or_else(|_| {
            panic!("no report: {}", String::from_utf8_lossy(&output.stderr));
        });
        serde_json::from_str(&text).unwrap()
    }
}

/// The cache whose standard library all tests share; filled once in each test binary.
fn shared_cache() -> PathBuf {
    static WARM: Once = Once::new();
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gosnip-cache");
    WARM.call_once(|| {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(&cache).unwrap();
        fs::write(folder.path().join("a.md"), "```go\nfmt.Println(1)\n```\n").unwrap();
        let status = Command::new(env!("CARGO_BIN_EXE_gosnip"))
            .args(["-q", "a.md"])
            .current_dir(folder.path())
            .env("GOSNIP_CACHE_DIR", &cache)
            .env("GOROOT", go_support::toolchain().goroot.as_str())
            .status();
        status.unwrap();
    });
    cache
}

/// The `go` command that [`Bench`]'s gosnip uses.
#[allow(dead_code, reason = "only some test binaries run it themselves")]
pub fn go() -> PathBuf {
    go_support::toolchain().go().into()
}

/// The block that starts on this line.
#[allow(dead_code, reason = "some tests look at the whole report")]
#[track_caller]
pub fn block(report: &Report, line: u32) -> &BlockReport {
    let block = report.blocks.iter().find(|block| block.line == line);
    block.unwrap_or_else(|| panic!("no block on line {line}: {:?}", report.blocks))
}

/// The claim on this line.
#[allow(dead_code, reason = "some tests look at the whole report")]
#[track_caller]
pub fn claim(report: &Report, line: u32) -> &ClaimReport {
    let claim = report.claims.iter().find(|claim| claim.line == line);
    claim.unwrap_or_else(|| panic!("no claim on line {line}: {:?}", report.claims))
}
