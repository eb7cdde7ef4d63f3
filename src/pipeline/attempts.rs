//! What programs reached for that is not for them, as findings: whoever reads the report is to see it.
//!
//! Code that names its goal is pointed at where it does; what was only seen when it ran is told of its block.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::reading::NoteRead;
use crate::observation::Observation;
use crate::program::Role;
use crate::report::{Finding, Severity};
use crate::run::Attempt;
use crate::snippet::needs::{self, Goal, Reach};

/// How many things of a kind are named.
const NAMED: usize = 3;

const SECRETS: &str = "reads files that hold secrets";
const WRITES: &str = "writes or deletes outside of its own folder";
const PEEKS: &str = "looks into other processes";
const KERNEL: &str = "asks the kernel for what a note needs not";

/// The findings about what the programs of a block reach for.
pub fn find(
    read: &NoteRead,
    block: usize,
    observations: &[Observation],
    contained: bool,
) -> Vec<Finding> {
    let plain: Vec<&Observation> = observations
        .iter()
        .filter(|observation| observation.program.role == Role::Plain && observation.ran())
        .collect();
    let Some(first) = plain.first() else {
        return Vec::new();
    };
    let reaches = needs::reaches(&first.program.draft);
    let code = &read.note.blocks[block].code;
    let result = match contained {
        true => "which the sandbox does not let it",
        false => "and at this level of the sandbox nothing stops it",
    };
    let finding = |what: &str, offset: usize| {
        let at = read.note.position(code.note_offset(offset));
        let message = format!("the program {what}");
        read.finding("sandbox", Severity::Warning, at, message)
    };
    let named = reaches.iter().filter_map(|reach| {
        let what = match reach.goal {
            // Those are not run.
            Goal::Network => return None,
            Goal::Secret => SECRETS,
            Goal::Write => WRITES,
            Goal::Kernel => KERNEL,
        };
        let what = format!("{what}, {result}: `{}`", reach.call);
        Some(finding(&what, reach.offset))
    });
    let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let tried = plain.iter().flat_map(|it| &it.runs);
    for attempt in tried.flat_map(|run| &run.attempts) {
        let Some((what, name)) = in_words(attempt) else {
            continue;
        };
        if !is_named(name, &reaches) {
            seen.entry(what).or_default().insert(name);
        }
    }
    let seen = seen.into_iter().map(|(what, names)| {
        let names = list(&names.into_iter().collect::<Vec<_>>());
        let what = match names.as_str() {
            "" => what.to_owned(),
            names => format!("{what}, {result}: {names}"),
        };
        finding(&what, 0)
    });
    named.chain(seen).collect()
}

/// What a program did, and to what; without a name it is what nobody keeps it from. `None` for what many a
/// harmless program does.
fn in_words(attempt: &Attempt) -> Option<(&'static str, &str)> {
    Some(match attempt {
        Attempt::Read(path) if needs::is_secret(path) => (SECRETS, path),
        Attempt::Read(path) if is_the_users(Path::new(path)) => ("reads your files", path),
        Attempt::Read(path) if is_anothers(path) => (PEEKS, path),
        Attempt::Read(_) => return None,
        Attempt::Write(path) => (WRITES, path),
        Attempt::Unsettle => ("deletes the folder that it works in", ""),
        Attempt::Connect(address) => ("connects to other machines", address),
        Attempt::Talk(socket) => ("talks to other programs of this machine", socket),
        Attempt::Call(name) => (purpose(name), name),
        Attempt::Leave => ("leaves processes behind, which were ended with it", ""),
        Attempt::Fill => ("fills all the space that it has for files", ""),
    })
}

/// What a system call is for.
fn purpose(call: &str) -> &'static str {
    match call {
        "clone" | "fork" | "vfork" => "starts other processes",
        "socket" => "opens network sockets",
        "mmap" | "memfd_create" | "memfd_secret" | "shmget" | "shmat" | "msgget" | "mq_open" => {
            "takes memory that no limit counts"
        }
        "sendmsg" | "sendmmsg" | "close_range" => "puts open files where no limit counts them",
        "io_uring_setup" | "io_uring_enter" | "io_uring_register" => {
            "asks for a way to the kernel that no filter sees"
        }
        "setpriority" | "ioprio_set" | "sched_setscheduler" | "sched_setparam"
        | "sched_setattr" => "asks for more of the processor than others get",
        "kill" | "tkill" | "tgkill" | "pidfd_send_signal" | "rt_sigqueueinfo"
        | "rt_tgsigqueueinfo" => "sends signals to other processes",
        _ => KERNEL,
    }
}

/// The user's home, and the folder that gosnip was started in: where the notes are.
pub fn users_folders() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let here = std::env::current_dir().ok();
    // In a container, either may be the root of everything.
    let folders = home.into_iter().chain(here);
    folders.filter(|folder| folder.parent().is_some()).collect()
}

/// Whether a path shows what only another process itself knows: its memory, its environment, its files.
fn is_anothers(path: &str) -> bool {
    const WITHIN: [&str; 9] = [
        "environ", "mem", "maps", "smaps", "pagemap", "auxv", "cwd", "root", "fd",
    ];
    let mut parts = path.split('/').skip(1);
    let number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    parts.next() == Some("proc")
        && parts.next().is_some_and(number)
        && parts.next().is_some_and(|part| WITHIN.contains(&part))
}

fn is_the_users(path: &Path) -> bool {
    let mut folders = users_folders().into_iter();
    folders.any(|folder| path.starts_with(folder))
}

/// Whether code was pointed at that says what was seen: a path, or a system call by Go's name for it.
fn is_named(name: &str, reaches: &[Reach]) -> bool {
    !name.is_empty()
        && reaches.iter().any(|reach| {
            let call = &reach.call;
            call.contains(name) || call.to_lowercase().contains(&format!("syscall.{name}"))
        })
}

/// The first few names.
fn list(names: &[&str]) -> String {
    let first = names.iter().take(NAMED).filter(|name| !name.is_empty());
    let first: Vec<String> = first.map(|name| format!("`{name}`")).collect();
    let first = first.join(", ");
    match names.len().checked_sub(NAMED) {
        Some(more @ 1..) => format!("{first} and {more} more"),
        _ => first,
    }
}
