//! The witness: notes down what a program tries that is not for it.
//!
//! System calls that are refused, and the few that name files and addresses, ask here first. What is refused stays
//! so, and nothing is ever allowed here that the kernel would refuse: files and networks are kept from the
//! program by other means, here they are only seen. So it does not matter that a program can change a path
//! after it was read. A program that makes no such call never waits.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStringExt;
use std::path::{Component, Path, PathBuf};

use super::super::attempt::Attempt;
use super::Level;
use super::calls::{self, NOT_WITHOUT_NAMESPACES, UNSEEN};
use super::files::{DEVICES, SETTINGS, SYSTEM};
use super::notify::{self, Answer, Asked};
use super::plan::{FOLDERS, Plan};

/// How many different attempts are noted: enough to name what it is after.
const NOTED: usize = 64;

/// The longest path there is.
const LONGEST_PATH: usize = 4096;

/// Files that Go's own runtime and library look for.
const GO_LOOKS_FOR: &[&str] = &[
    "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size",
    "/sys/fs/cgroup",
    "/proc/self/cgroup",
    "/proc/self/mountinfo",
    "/proc/sys/net/core/somaxconn",
    "/etc/hosts",
    "/etc/resolv.conf",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/etc/group",
    "/etc/ssl",
    "/etc/pki",
    "/etc/apache",
    "/etc/apache2",
    "/etc/httpd",
];

/// What an argument of a call is.
#[derive(Debug, Clone, Copy)]
enum Argument {
    /// A path to be opened, and which argument has the flags.
    Opened { path: usize, flags: usize },
    /// The same, with an argument that points to the flags.
    OpenedAs { path: usize, how: usize },
    /// A path that something is to be made at, changed at or removed from.
    Changed(usize),
    /// A path that another one is to lead to.
    LedTo(usize),
    /// An address to send something to.
    Address(usize),
    /// An address that is to be the program's own.
    Bound(usize),
    /// A message with an address and open files.
    Message(usize),
}

use Argument::{Address, Bound, Changed, LedTo, Message, Opened, OpenedAs};

/// The calls that name what they are after.
const NAMING: &[(i64, Argument)] = &[
    (libc::SYS_openat, Opened { path: 1, flags: 2 }),
    (libc::SYS_openat2, OpenedAs { path: 1, how: 2 }),
    (libc::SYS_truncate, Changed(0)),
    (libc::SYS_mknodat, Changed(1)),
    (libc::SYS_mkdirat, Changed(1)),
    (libc::SYS_unlinkat, Changed(1)),
    (libc::SYS_renameat2, Changed(1)),
    (libc::SYS_renameat2, Changed(3)),
    (libc::SYS_renameat, Changed(1)),
    (libc::SYS_renameat, Changed(3)),
    (libc::SYS_linkat, LedTo(1)),
    (libc::SYS_linkat, Changed(3)),
    (libc::SYS_symlinkat, LedTo(0)),
    (libc::SYS_symlinkat, Changed(2)),
    (libc::SYS_fchmodat, Changed(1)),
    (libc::SYS_fchownat, Changed(1)),
    (libc::SYS_utimensat, Changed(1)),
    (libc::SYS_inotify_add_watch, LedTo(1)),
    (libc::SYS_connect, Address(1)),
    (libc::SYS_sendto, Address(4)),
    (libc::SYS_sendmsg, Message(1)),
    (libc::SYS_bind, Bound(1)),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_open, Opened { path: 0, flags: 1 }),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_creat, Changed(0)),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_link, LedTo(0)),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_link, Changed(1)),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_symlink, LedTo(0)),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_symlink, Changed(1)),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_mknod, Changed(0)),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_unlink, Changed(0)),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_rmdir, Changed(0)),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_mkdir, Changed(0)),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_rename, Changed(0)),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_rename, Changed(1)),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_chmod, Changed(0)),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_chown, Changed(0)),
];

/// The calls that name what they are after, whatever their arguments; of `sendto` only some are of interest.
pub(super) fn watched() -> impl Iterator<Item = i64> {
    let calls = NAMING.iter().map(|&(call, _)| call);
    calls.filter(|&call| call != libc::SYS_sendto)
}

/// Who notes it down.
pub(super) struct Witness {
    listener: Option<OwnedFd>,
    level: Level,
    /// The folder that the program works in.
    work: PathBuf,
    /// Where it may do anything.
    own: PathBuf,
    /// What it may read besides.
    readable: Vec<PathBuf>,
    /// The user's folders.
    hidden: Vec<PathBuf>,
    /// The names of sockets that are its own.
    bound: BTreeSet<String>,
    seen: BTreeSet<Attempt>,
}

impl Witness {
    /// One that listens there, for a program with this folder.
    pub(super) fn new(plan: &Plan, scratch: &Path, listener: Option<OwnedFd>) -> Self {
        let few = [SYSTEM, SETTINGS, DEVICES, GO_LOOKS_FOR].concat();
        let few = few.into_iter().map(PathBuf::from);
        Self {
            listener,
            level: plan.level,
            work: scratch.join("work"),
            own: scratch.to_owned(),
            readable: few.chain(plan.readable.iter().cloned()).collect(),
            hidden: hidden(plan, scratch),
            bound: BTreeSet::new(),
            seen: BTreeSet::new(),
        }
    }

    /// Where to wait for it.
    pub(super) fn listens_to(&self) -> Option<RawFd> {
        self.listener.as_ref().map(AsRawFd::as_raw_fd)
    }

    /// Nobody is left to listen to.
    pub(super) fn close(&mut self) {
        self.listener = None;
    }

    /// Hears one call and answers it.
    pub(super) fn hear(&mut self) {
        let Some(listener) = &self.listener else {
            return;
        };
        let Some(asked) = notify::next(listener) else {
            return;
        };
        let attempts = self.attempts(&asked);
        let bound = self.bound(&asked);
        let answer = self.answer(asked.call);
        // Who has gone meanwhile may have been another than whose memory was read.
        if notify::answer(listener, &asked, &answer) && self.seen.len() < NOTED {
            self.seen.extend(attempts);
        }
        self.bound.extend(bound);
    }

    /// Notes whether processes were left running.
    pub(super) fn left(&mut self, any: bool) {
        if any {
            self.seen.insert(Attempt::Leave);
        }
    }

    /// Notes whether there was no room left for its files.
    pub(super) fn filled(&mut self, full: bool) {
        if full {
            self.seen.insert(Attempt::Fill);
        }
    }

    /// What was seen, in a fixed order.
    pub(super) fn seen(self) -> Vec<Attempt> {
        self.seen.into_iter().collect()
    }

    /// Who names what he is after goes on to the kernel, but for what is refused at this level; everybody else
    /// is here because he is refused.
    fn answer(&self, call: i64) -> Answer {
        let names = NAMING.iter().any(|&(naming, _)| naming == call);
        let refused = NOT_WITHOUT_NAMESPACES.iter().any(|&(_, it)| it == call);
        let unseen = UNSEEN.iter().any(|&(_, it)| it == call);
        match call {
            _ if unseen => Answer::Refuse(libc::ENOSYS),
            libc::SYS_socket => Answer::Refuse(libc::EACCES),
            _ if names && (self.level >= Level::Namespaces || !refused) => Answer::Continue,
            _ => Answer::Refuse(libc::EPERM),
        }
    }

    /// What a call is after that is not for the program.
    fn attempts(&self, asked: &Asked) -> Vec<Attempt> {
        let mut named = NAMING
            .iter()
            .filter(|(call, _)| *call == asked.call)
            .peekable();
        if named.peek().is_none() {
            let name = calls::name(asked.call);
            return name
                .map(|name| Attempt::Call(name.to_owned()))
                .into_iter()
                .collect();
        }
        named
            .filter_map(|(_, argument)| self.attempt(asked, *argument))
            .collect()
    }

    fn attempt(&self, asked: &Asked, argument: Argument) -> Option<Attempt> {
        match argument {
            Opened { path, flags } => self.opening(asked, path, asked.arguments[flags]),
            OpenedAs { path, how } => {
                let flags = notify::memory(asked.pid, asked.arguments[how], 8);
                let flags = u64::from_ne_bytes(flags.try_into().ok()?);
                self.opening(asked, path, flags)
            }
            Changed(path) => self.change(path_at(asked, path)?),
            LedTo(path) => self.reading(path_at(asked, path)?),
            Address(at) => self.sending(asked, asked.arguments[at], asked.arguments[at + 1]),
            Bound(_) => None,
            Message(_) if self.level < Level::Namespaces => {
                calls::name(asked.call).map(|name| Attempt::Call(name.to_owned()))
            }
            Message(at) => {
                // A `msghdr` begins with the address and its length.
                let start = notify::memory(asked.pid, asked.arguments[at], 12);
                let (place, length) = start.split_first_chunk::<8>()?;
                let length = u32::from_ne_bytes(length.try_into().ok()?);
                self.sending(asked, u64::from_ne_bytes(*place), length.into())
            }
        }
    }

    fn opening(&self, asked: &Asked, path: usize, flags: u64) -> Option<Attempt> {
        let path = path_at(asked, path)?;
        match is_for_writing(flags) {
            true => self.change(path),
            // Its own process by its number is its own process.
            false if is_about_itself(asked, &path) => None,
            false => self.reading(path),
        }
    }

    /// The socket that a call makes the program's own.
    fn bound(&self, asked: &Asked) -> Option<String> {
        let mut naming = NAMING.iter().filter(|(call, _)| *call == asked.call);
        let at = naming.find_map(|(_, argument)| match argument {
            Bound(at) => Some(*at),
            _ => None,
        })?;
        self.socket(&address(
            asked,
            asked.arguments[at],
            asked.arguments[at + 1],
        ))
    }

    /// What is after another machine, or another program of this one.
    fn sending(&self, asked: &Asked, place: u64, length: u64) -> Option<Attempt> {
        let address = address(asked, place, length);
        match self.socket(&address) {
            Some(name) => {
                let own = self.bound.contains(&name) || self.is_own(Path::new(&name));
                (!own).then_some(Attempt::Talk(name))
            }
            None => elsewhere(&address),
        }
    }

    /// The name of the socket that an address of this machine's programs leads to: a path, or `@` and a name.
    fn socket(&self, address: &[u8]) -> Option<String> {
        let (family, name) = address.split_first_chunk::<2>()?;
        if i32::from(u16::from_ne_bytes(*family)) != libc::AF_UNIX {
            return None;
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match name {
            [] => None,
            [0, name @ ..] => Some(format!("@{}", text(name))),
            path => {
                let path = path.split(|&byte| byte == 0).next()?;
                let path = self.absolute(Path::new(&text(path)));
                Some(path.to_string_lossy().into_owned())
            }
        }
    }

    fn reading(&self, path: PathBuf) -> Option<Attempt> {
        let path = self.absolute(&path);
        let usual = self.is_own(&path) || self.readable.iter().any(|it| path.starts_with(it));
        (!usual).then(|| Attempt::Read(path.to_string_lossy().into_owned()))
    }

    fn change(&self, path: PathBuf) -> Option<Attempt> {
        let path = self.absolute(&path);
        if path == self.work {
            return Some(Attempt::Unsettle);
        }
        let devices = DEVICES.iter().any(|it| path == Path::new(it));
        // Where everybody's temporary files are, many a program puts its own; here it has another place for them.
        let shared = path.starts_with("/tmp") && !self.is_hidden(&path);
        let usual = self.is_own(&path) || shared || devices;
        (!usual).then(|| Attempt::Write(path.to_string_lossy().into_owned()))
    }

    fn is_own(&self, path: &Path) -> bool {
        path.starts_with(&self.own) && !self.is_hidden(path)
    }

    fn is_hidden(&self, path: &Path) -> bool {
        self.hidden.iter().any(|it| path.starts_with(it))
    }

    /// The path from the root on. One that is not absolute is taken to begin where the program began.
    fn absolute(&self, path: &Path) -> PathBuf {
        let mut absolute = self.work.clone();
        for part in path.components() {
            match part {
                Component::RootDir => absolute = PathBuf::from("/"),
                Component::ParentDir => {
                    absolute.pop();
                }
                Component::Normal(name) => absolute.push(name),
                Component::CurDir | Component::Prefix(_) => {}
            }
        }
        absolute
    }
}

/// The user's folders that a program can only mean as the user's: not those that its own folder lies in, or that
/// are called like one of its own.
fn hidden(plan: &Plan, scratch: &Path) -> Vec<PathBuf> {
    let own = FOLDERS.map(|name| scratch.join(name));
    let is_own = |folder: &Path| own.iter().any(|own| folder.starts_with(own));
    let private = plan.private.iter();
    let hidden = private.filter(|it| !scratch.starts_with(it) && !is_own(it));
    hidden.cloned().collect()
}

/// The path that an argument points to, from the root on where the system tells what it begins at.
fn path_at(asked: &Asked, argument: usize) -> Option<PathBuf> {
    let mut text = notify::text(asked.pid, asked.arguments[argument], LONGEST_PATH);
    let end = text.iter().position(|&byte| byte == 0)?;
    text.truncate(end);
    let path = PathBuf::from(OsString::from_vec(text));
    if path.is_absolute() || path.as_os_str().is_empty() {
        return path.is_absolute().then_some(path);
    }
    let folder = argument
        .checked_sub(1)
        .map(|at| asked.arguments[at] as u32)
        .filter(|&folder| folder != libc::AT_FDCWD.cast_unsigned());
    let folder = match folder {
        None => "cwd".to_owned(),
        Some(folder) => format!("fd/{folder}"),
    };
    let begin = fs::read_link(format!("/proc/{}/{folder}", asked.pid)).ok();
    // Without it, it is taken to begin where the program began.
    Some(match begin.filter(|begin| begin.is_absolute()) {
        Some(begin) => begin.join(path),
        None => path,
    })
}

/// Whether a path is about the process that names it, by its number.
fn is_about_itself(asked: &Asked, path: &Path) -> bool {
    let number = path
        .strip_prefix("/proc")
        .ok()
        .and_then(|path| path.components().next());
    number.is_some_and(|number| {
        let threads = Path::new("/proc").join(number).join("task");
        threads.join(asked.pid.to_string()).exists()
    })
}

/// The bytes of an address.
fn address(asked: &Asked, place: u64, length: u64) -> Vec<u8> {
    let length = usize::try_from(length).unwrap_or(LONGEST_ADDRESS);
    notify::memory(asked.pid, place, length.min(LONGEST_ADDRESS))
}

/// The address in these bytes of a `sockaddr`, if it is not one of this machine's.
fn elsewhere(bytes: &[u8]) -> Option<Attempt> {
    let family = u16::from_ne_bytes(bytes.get(..2)?.try_into().ok()?);
    let port = u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?);
    let ip = match i32::from(family) {
        libc::AF_INET => {
            let bytes: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
            IpAddr::from(bytes)
        }
        libc::AF_INET6 => {
            let bytes: [u8; 16] = bytes.get(8..24)?.try_into().ok()?;
            IpAddr::from(bytes).to_canonical()
        }
        _ => return None,
    };
    let here = ip.is_loopback() || ip.is_unspecified();
    (!here).then(|| Attempt::Connect(SocketAddr::new(ip, port).to_string()))
}

/// Whether these flags of `open` are for changing something.
fn is_for_writing(flags: u64) -> bool {
    let changing = libc::O_WRONLY | libc::O_RDWR | libc::O_CREAT | libc::O_TRUNC;
    flags & u64::from(changing.cast_unsigned()) != 0
}

/// The longest address.
const LONGEST_ADDRESS: usize = size_of::<libc::sockaddr_un>();
