//! The repository's own `expected/` and `snippets/` are what its notes give. `gosnip bless` makes them so.

use std::process::Command;

#[test]
fn what_the_notes_do_is_what_is_recorded() {
    let output = Command::new(env!("CARGO_BIN_EXE_gosnip"))
        .args([
            "verify",
            "--locked",
            "--fail-on",
            "drift",
            "--report",
            "concise",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env(
            "GOSNIP_CACHE_DIR",
            concat!(env!("CARGO_TARGET_TMPDIR"), "/gosnip-cache"),
        )
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "run `gosnip bless`:\n{stdout}\n{stderr}"
    );
}
