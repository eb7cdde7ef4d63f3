//! The same attacks wherever gosnip may find itself: with namespaces and without, as root and as an ordinary
//! user. Each attack is contained, named in the report though its code hides what it is after, and harms no
//! other block's verdict.
#![cfg(target_os = "linux")]

mod attacks;
mod engine_support;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use attacks::{ATTACKS, Attack, ENDLESS, NEVER_RUN};
use engine_support::Bench;
use gosnip::report::{BlockReport, Report, Status, Verdict};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};

/// Where gosnip runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting {
    /// As the test does.
    Here,
    /// Where nobody may make namespaces, as in many a container.
    WithoutNamespaces,
    /// As somebody who is not root.
    OrdinaryUser,
    /// Both.
    OrdinaryUserWithoutNamespaces,
}

/// Where the notes lie.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// Among what is built.
    Target,
    /// Where everybody's temporary files are.
    Temporary,
}

/// Notes that are not read, and what the report says of them.
const TOO_MUCH: [(&str, &str); 2] = [
    (
        "huge.md",
        "huge.md is larger than 16 MiB: split it, or exclude it",
    ),
    (
        "fences.md",
        "fences.md has more than 200000 code blocks: split it, or exclude it",
    ),
];

/// A harmless block.
const NEIGHBOUR: &str = "```go\nfmt.Println(\"unharmed\") // unharmed\n```\n\n";

/// A note with these attacks, a neighbour behind each.
fn note(bench: &Bench, attacks: &[Attack]) -> String {
    let notes = bench.path("notes").display().to_string();
    let home = bench.path("home").display().to_string();
    let mut note = String::from(NEIGHBOUR);
    for attack in attacks {
        let imports: String = attack
            .imports
            .iter()
            .map(|path| format!("import \"{path}\"\n"))
            .collect();
        let body = attack
            .body
            .replace("NOTES", &format!("{notes:?}"))
            .replace("HOME", &format!("{home:?}"))
            .replace("MSGGET", &libc::SYS_msgget.to_string());
        let program = format!("package main\n\n{imports}\nfunc main() {{\n{body}\n}}");
        note.push_str(&section(attack.name, &program));
    }
    note
}

fn section(name: &str, code: &str) -> String {
    format!("# {name}\n\n```go\n{code}\n```\n\n# After it\n\n{NEIGHBOUR}")
}

/// What never becomes a program, and a bomb for the compiler.
fn never_run() -> String {
    let sections = NEVER_RUN.iter();
    let mut note: String = sections
        .map(|(name, code, _)| section(name, code))
        .collect();
    // Each type has twice the fields of the one before: the size is beyond any machine.
    let mut types = String::from("type t0 [1 << 20]int\n");
    for n in 1..60 {
        types.push_str(&format!("type t{n} struct{{ a, b t{} }}\n", n - 1));
    }
    let bomb = format!("package main\n\n{types}\nvar x t59\n\nfunc main() {{\n\t_ = x\n}}");
    note.push_str(&section("compile bomb", &bomb));
    note
}

/// A bench with secrets for the taking: no permission keeps anybody from them.
fn bench(place: Place) -> Option<Bench> {
    // Among the temporary files, where a program has a folder of its own, and elsewhere it must be the same.
    let folder = match place {
        Place::Target => tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")),
        Place::Temporary => tempfile::tempdir(),
    };
    let folder = folder.unwrap();
    let bench = Bench::within(folder, &[("secret.md", "the password is swordfish\n")])?;
    fs::create_dir(bench.path("home/.ssh")).unwrap();
    fs::write(bench.path("home/.ssh/id_ed25519"), "swordfish").unwrap();
    bench.write("a.md", &format!("{}{}", note(&bench, ATTACKS), never_run()));
    bench.write("endless.md", &note(&bench, ENDLESS));
    let source = format!("var x = \"{}\"", "a".repeat(100 << 20));
    bench.write("huge.md", &section("100 MB", &source));
    bench.write("fences.md", &"```go\n```\n".repeat(1_000_000));
    bench.write(
        "verify.toml",
        "[[note]]\npath = \"endless.md\"\ntimeout = \"3s\"\n",
    );
    Some(bench)
}

/// Verifies the note in this setting; `None` where that cannot be had, which is said.
fn verify(bench: &Bench, setting: Setting) -> Option<Report> {
    let place = bench.path("report.json");
    let report = format!("json={}", place.display());
    let mut command = bench.command(&[
        "verify",
        "a.md",
        "endless.md",
        "huge.md",
        "fences.md",
        "-q",
        "--timeout",
        "10s",
        "--report",
        &report,
    ]);
    command.env("HOME", bench.path("home"));
    let user = matches!(
        setting,
        Setting::OrdinaryUser | Setting::OrdinaryUserWithoutNamespaces
    );
    if user && !become_ordinary(&mut command, bench) {
        return None;
    }
    if matches!(
        setting,
        Setting::WithoutNamespaces | Setting::OrdinaryUserWithoutNamespaces
    ) {
        forbid_namespaces(&mut command);
    }
    let output = command.output().unwrap();
    let text = fs::read_to_string(&place)
        .unwrap_or_else(|_| panic!("no report: {}", String::from_utf8_lossy(&output.stderr)));
    Some(serde_json::from_str(&text).unwrap())
}

/// Lets the command run as somebody who is not root; whether that can be.
fn become_ordinary(command: &mut Command, bench: &Bench) -> bool {
    const NOBODY: u32 = 65_534;
    if !rustix::process::geteuid().is_root() {
        return true;
    }
    // Everything on the way to the binary and to Go must be open to all.
    let binary = Path::new(env!("CARGO_BIN_EXE_gosnip"));
    let open = binary.ancestors().skip(1).all(|folder| {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(folder).is_ok_and(|it| it.permissions().mode() & 0o005 == 0o005)
    });
    if !open {
        eprintln!("skipped: {} is for its owner only", binary.display());
        return false;
    }
    // What tests share is root's: it can be read, but not added to.
    let shared = bench.path("cache/std");
    let original = fs::canonicalize(&shared).unwrap();
    fs::remove_file(&shared).unwrap();
    link_all(&original, &shared);
    fs::remove_file(bench.path("cache/home")).unwrap();
    give(&bench.path(""), NOBODY);
    command.uid(NOBODY).gid(NOBODY);
    true
}

/// Gives a folder and all in it to a user; what links lead to stays whose it is.
fn give(path: &Path, user: u32) {
    if path.is_symlink() {
        return;
    }
    // What is linked is others' too.
    let shared = fs::metadata(path).is_ok_and(|it| it.is_file() && it.nlink() > 1);
    if !shared {
        chown(path, Some(user), Some(user)).unwrap();
    }
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        give(&entry.path(), user);
    }
}

/// The same folders, with links to the same files.
fn link_all(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        match from.is_dir() {
            true => link_all(&from, &to),
            // Whoever takes a lock opens it for writing.
            false if from.ends_with("lock") => drop(fs::write(to, "")),
            // What another test is just making may go away.
            false => drop(fs::hard_link(from, to)),
        }
    }
}

/// Lets the command run where no namespaces can be made, neither by `unshare` nor with a new process, as the
/// usual filter of containers has it.
fn forbid_namespaces(command: &mut Command) {
    let kinds = [
        libc::CLONE_NEWUSER,
        libc::CLONE_NEWPID,
        libc::CLONE_NEWNS,
        libc::CLONE_NEWNET,
        libc::CLONE_NEWIPC,
        libc::CLONE_NEWUTS,
    ];
    let asks_for = |kind: libc::c_int| {
        let bit = u64::from(kind.cast_unsigned());
        let is_set = SeccompCmpOp::MaskedEq(bit);
        let condition = SeccompCondition::new(0, SeccompCmpArgLen::Dword, is_set, bit);
        SeccompRule::new(vec![condition.unwrap()]).unwrap()
    };
    let filter = SeccompFilter::new(
        BTreeMap::from([
            (libc::SYS_unshare, Vec::new()),
            (libc::SYS_clone, kinds.map(asks_for).to_vec()),
        ]),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EPERM.cast_unsigned()),
        TargetArch::try_from(std::env::consts::ARCH).unwrap(),
    );
    let filter: BpfProgram = filter.unwrap().try_into().unwrap();
    let apply = move || seccompiler::apply_filter(&filter).map_err(std::io::Error::other);
    // SAFETY: two system calls, no allocation where they succeed.
    unsafe { command.pre_exec(apply) };
}

/// Everything that the report says of a block.
fn said(report: &Report, block: &BlockReport) -> String {
    let lines = block.line..=block.end_line;
    let findings = report
        .findings
        .iter()
        .filter(|found| found.note == block.note && lines.contains(&found.line));
    let findings = findings.map(|found| format!("{}: {}\n", found.rule, found.message));
    format!(
        "{:?} {}\n{}",
        block.status,
        block.reason,
        findings.collect::<String>()
    )
}

fn check(setting: Setting, level: &str) {
    // One after the other: two fork bombs at once are hard on a small machine.
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    // Each of the two places with namespaces and without.
    let place = match setting {
        Setting::Here | Setting::OrdinaryUserWithoutNamespaces => Place::Temporary,
        Setting::WithoutNamespaces | Setting::OrdinaryUser => Place::Target,
    };
    let Some(bench) = bench(place) else { return };
    let Some(report) = verify(&bench, setting) else {
        return;
    };
    if report.sandbox.level != level {
        eprintln!("skipped: {setting:?} reaches {}", report.sandbox.level);
        assert_ne!(report.sandbox.level, "off");
        // What was to be kept from it must not be there: else this would test nothing.
        let kept_from = level != "namespaces" && report.sandbox.level == "namespaces";
        assert!(!kept_from, "{setting:?} has namespaces all the same");
        return;
    }
    for claim in &report.claims {
        assert_eq!(claim.verdict, Verdict::Confirmed, "{setting:?}: {claim:?}");
    }
    let hostile = |note: &'static str| {
        let blocks = report.blocks.iter();
        let mine = blocks.filter(move |block| block.note == note);
        mine.skip(1).step_by(2)
    };
    let (mut ending, endless) = (hostile("a.md"), hostile("endless.md"));
    let run = ATTACKS
        .iter()
        .zip(ending.by_ref())
        .chain(ENDLESS.iter().zip(endless));
    for (attack, block) in run {
        let said = said(&report, block);
        let named = attack.named_without.filter(|_| level == "base");
        let named = named
            .unwrap_or(attack.named)
            .replace("NOTES", &bench.path("notes").display().to_string())
            .replace("HOME", &bench.path("home").display().to_string());
        assert_eq!(
            block.status,
            Status::Ran,
            "{setting:?}: {}: {said}",
            attack.name
        );
        assert!(
            said.contains(&named),
            "{setting:?}: {}: {said}",
            attack.name
        );
    }
    for (name, _, named) in NEVER_RUN {
        let said = said(&report, ending.next().unwrap());
        assert!(said.contains(named), "{setting:?}: {name}: {said}");
        assert!(!said.contains("root:"), "{setting:?}: {name}: {said}");
    }
    let bomb = ending.next().unwrap();
    assert!(
        matches!(bomb.status, Status::Broken | Status::Declined),
        "{setting:?}: {}",
        said(&report, bomb)
    );
    assert_eq!(
        report
            .claims
            .iter()
            .filter(|claim| claim.text == "unharmed")
            .count(),
        ATTACKS.len() + ENDLESS.len() + NEVER_RUN.len() + 3
    );
    for (note, named) in TOO_MUCH {
        let mut findings = report.findings.iter().filter(|found| found.note == note);
        let found = findings.next();
        let said = found.map_or("", |found| found.message.as_str());
        assert!(said.contains(named), "{setting:?}: {note}: {said}");
    }
    assert!(bench.path("notes/secret.md").exists());
    for folder in [&bench.path("notes"), Path::new("/dev"), Path::new("/usr")] {
        assert!(
            !folder.join("gosnip-was-here").exists(),
            "{setting:?}: {folder:?}"
        );
    }
    assert!(!is_alive("987653"), "{setting:?}");
}

/// Whether a process with this argument is alive.
fn is_alive(argument: &str) -> bool {
    fs::read_dir("/proc").unwrap().flatten().any(|entry| {
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0)
            .any(|it| it == argument.as_bytes())
    })
}

#[test]
fn attacks_are_contained_and_named_here() {
    check(Setting::Here, "namespaces");
}

#[test]
fn attacks_are_contained_and_named_without_namespaces() {
    check(Setting::WithoutNamespaces, "base");
}

#[test]
fn attacks_are_contained_and_named_for_an_ordinary_user() {
    check(Setting::OrdinaryUser, "namespaces");
}

#[test]
fn attacks_are_contained_and_named_for_an_ordinary_user_without_namespaces() {
    check(Setting::OrdinaryUserWithoutNamespaces, "base");
}
