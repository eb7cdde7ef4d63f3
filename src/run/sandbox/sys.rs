//! The system calls that no safe wrapper at hand offers, each wrapped here and nowhere else.

use std::ffi::{CStr, CString};
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal};
use rustix::thread::{CapabilitySet, CapabilitySets, UnshareFlags};

/// Turns a C return value into a result.
fn check(value: libc::c_int) -> io::Result<libc::c_int> {
    if value < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(value)
}

/// Turns a path into a C string.
fn c_path(path: &Path) -> io::Result<CString> {
    Ok(CString::new(path.as_os_str().as_bytes())?)
}

/// Which side of a fork one is on.
pub(super) enum Fork {
    /// The parent, with the child's id.
    Parent(Pid),
    /// The child.
    Child,
}

/// Forks. The launcher has one thread only, so the child may do whatever the parent may.
pub(super) fn fork() -> io::Result<Fork> {
    // SAFETY: the launcher is single-threaded: no lock can be held by a thread that the child lacks.
    let pid = check(unsafe { libc::fork() })?;
    Ok(Pid::from_raw(pid).map_or(Fork::Child, Fork::Parent))
}

/// Forks into new namespaces: the child is the first process of a pid namespace, if one is asked for.
pub(super) fn fork_into(namespaces: UnshareFlags) -> io::Result<Fork> {
    let flags = libc::c_long::from(namespaces.bits()) | libc::c_long::from(libc::SIGCHLD);
    // SAFETY: as for `fork`; without a stack of its own the child goes on with a copy of this one.
    let pid = unsafe { libc::syscall(libc::SYS_clone, flags, 0, 0, 0, 0) };
    if pid < 0 {
        return Err(io::Error::last_os_error());
    }
    let pid = libc::pid_t::try_from(pid).map_err(io::Error::other)?;
    Ok(Pid::from_raw(pid).map_or(Fork::Child, Fork::Parent))
}

/// Ends the process at once, without running exit handlers twice in forked copies.
pub(super) fn exit_now(code: i32) -> ! {
    // SAFETY: `_exit` has no preconditions.
    unsafe { libc::_exit(code) }
}

/// A file descriptor that becomes readable when the process ends.
pub(super) fn pidfd(pid: Pid) -> io::Result<OwnedFd> {
    Ok(rustix::process::pidfd_open(pid, PidfdFlags::empty())?)
}

/// What a descriptor is ready for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ready {
    /// There is something to read.
    Readable,
    /// The other side has gone.
    Closed,
    /// Nothing.
    Not,
}

/// Blocks until one of the descriptors is readable or closed on the other side, but no longer than this, and says
/// what each is ready for.
pub(super) fn wait_readable(fds: &[RawFd], longest: Duration) -> io::Result<Vec<Ready>> {
    let mut polled: Vec<libc::pollfd> = fds
        .iter()
        .map(|&fd| libc::pollfd {
            fd,
            events: libc::POLLIN,
            revents: 0,
        })
        .collect();
    let count = libc::nfds_t::try_from(polled.len()).map_err(io::Error::other)?;
    // Rounded up: less than a millisecond is no reason to ask again and again.
    let longest = libc::c_int::try_from(longest.as_millis() + 1).map_err(io::Error::other)?;
    loop {
        // SAFETY: the pointer and the count describe `polled`, which lives through the call.
        match check(unsafe { libc::poll(polled.as_mut_ptr(), count, longest) }) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            Ok(_) => break,
        }
    }
    let ready = |polled: &libc::pollfd| match polled.revents {
        0 => Ready::Not,
        events if events & libc::POLLIN != 0 => Ready::Readable,
        _ => Ready::Closed,
    };
    Ok(polled.iter().map(ready).collect())
}

/// A process that has been waited for.
pub(super) struct Reaped {
    /// Its id.
    pub(super) pid: i32,
    /// Its status.
    pub(super) status: i32,
    /// CPU time of it and of the children that it waited for.
    pub(super) cpu_micros: u64,
}

/// Waits for any child; `None` if there is none left.
pub(super) fn wait_any() -> io::Result<Option<Reaped>> {
    let mut status = 0;
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    loop {
        // SAFETY: both pointers are valid for writing.
        match check(unsafe { libc::wait4(-1, &mut status, libc::__WALL, usage.as_mut_ptr()) }) {
            Ok(pid) => {
                // SAFETY: zeroes are a valid rusage, and wait4 has filled it in.
                let usage = unsafe { usage.assume_init() };
                let cpu_micros = micros(usage.ru_utime) + micros(usage.ru_stime);
                return Ok(Some(Reaped {
                    pid,
                    status,
                    cpu_micros,
                }));
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.raw_os_error() == Some(libc::ECHILD) => return Ok(None),
            Err(error) => return Err(error),
        }
    }
}

/// Forgets the children that have ended, and waits for none.
pub(super) fn bury_ended() {
    // SAFETY: plain system call; nobody asks for the status.
    while unsafe { libc::waitpid(-1, ptr::null_mut(), libc::WNOHANG) } > 0 {}
}

/// A C time value in microseconds.
fn micros(time: libc::timeval) -> u64 {
    let part = |value: i64| u64::try_from(value).unwrap_or(0);
    part(time.tv_sec) * 1_000_000 + part(time.tv_usec)
}

/// SIGKILL for every process that this one may signal, itself excepted. Only for the first process
/// of a pid namespace: anywhere else that is the whole machine.
pub(super) fn kill_everyone_else() {
    if std::process::id() != 1 {
        return;
    }
    // SAFETY: plain system call; in a pid namespace -1 means everyone in it.
    unsafe { libc::kill(-1, libc::SIGKILL) };
}

/// SIGKILL for a process; it may be gone already.
pub(super) fn kill(pid: Pid) {
    let _gone = rustix::process::kill_process(pid, Signal::KILL);
}

/// SIGKILL for a process group; it may be gone already.
pub(super) fn kill_group(pid: Pid) {
    let _gone = rustix::process::kill_process_group(pid, Signal::KILL);
}

/// The children of this process, as far as `/proc` tells.
pub(super) fn children() -> Vec<Pid> {
    let own = std::process::id();
    let list =
        std::fs::read_to_string(format!("/proc/self/task/{own}/children")).unwrap_or_default();
    list.split_whitespace()
        .filter_map(|pid| Pid::from_raw(pid.parse().ok()?))
        .collect()
}

/// Marks every descriptor from 3 on to be closed at exec: some may have been inherited from whoever
/// started gosnip.
pub(super) fn close_all_on_exec() -> io::Result<()> {
    const CLOSE_RANGE_CLOEXEC: libc::c_uint = 4;
    // SAFETY: plain system call, no pointers.
    let done = unsafe {
        libc::syscall(
            libc::SYS_close_range,
            3,
            libc::c_uint::MAX,
            CLOSE_RANGE_CLOEXEC,
        )
    };
    if done < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

/// A copy of the descriptor, from 3 on, closed at exec.
pub(super) fn duplicate(fd: RawFd) -> io::Result<OwnedFd> {
    // SAFETY: plain system call, no pointers.
    let copy = check(unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 3) })?;
    // SAFETY: the descriptor is new, nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(copy) })
}

/// Makes descriptor `to` mean what `from` means.
pub(super) fn redirect(from: RawFd, to: RawFd) -> io::Result<()> {
    // SAFETY: plain system call, no pointers; only the standard streams are replaced.
    check(unsafe { libc::dup2(from, to) }).map(drop)
}

/// Mounts a file system, or changes how one is mounted.
pub(super) fn mount(
    source: &Path,
    target: &Path,
    kind: &CStr,
    flags: libc::c_ulong,
    data: &str,
) -> io::Result<()> {
    let (source, target) = (c_path(source)?, c_path(target)?);
    let data = CString::new(data)?;
    // SAFETY: all pointers are NUL-terminated strings that live through the call.
    check(unsafe {
        libc::mount(
            source.as_ptr(),
            target.as_ptr(),
            kind.as_ptr(),
            flags,
            data.as_ptr().cast(),
        )
    })
    .map(drop)
}

/// Makes a mount and all below it read-only and without set-user-id, leaving its other flags alone
/// (a plain remount must repeat flags that a user namespace cannot know).
pub(super) fn seal(target: &Path) -> io::Result<()> {
    mount_setattr(target, libc::AT_RECURSIVE)
}

/// The same for this one mount only.
pub(super) fn seal_only(target: &Path) -> io::Result<()> {
    mount_setattr(target, 0)
}

/// Sets the two flags of a mount.
fn mount_setattr(target: &Path, flags: libc::c_int) -> io::Result<()> {
    let target = c_path(target)?;
    let attributes = libc::mount_attr {
        attr_set: libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID,
        attr_clr: 0,
        propagation: 0,
        userns_fd: 0,
    };
    // SAFETY: the pointers are valid for the sizes given.
    let done = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            libc::AT_FDCWD,
            target.as_ptr(),
            flags,
            ptr::from_ref(&attributes),
            size_of::<libc::mount_attr>(),
        )
    };
    if done < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

/// Makes the current folder the root, and lets go of the old one.
pub(super) fn pivot_here() -> io::Result<()> {
    let here = c".";
    // SAFETY: the pointers are NUL-terminated strings.
    let done = unsafe { libc::syscall(libc::SYS_pivot_root, here.as_ptr(), here.as_ptr()) };
    if done < 0 {
        return Err(io::Error::last_os_error());
    }
    // The old root is now stacked on the new one; take it off.
    // SAFETY: the pointer is a NUL-terminated string.
    check(unsafe { libc::umount2(here.as_ptr(), libc::MNT_DETACH) })?;
    std::env::set_current_dir("/")
}

/// Becomes another user and group, for good.
pub(super) fn become_user(id: u32) -> io::Result<()> {
    // SAFETY: plain system calls; the null pointer goes with the length 0.
    unsafe {
        check(libc::setgroups(0, ptr::null()))?;
        check(libc::setresgid(id, id, id))?;
        check(libc::setresuid(id, id, id))?;
    }
    Ok(())
}

/// Switches the loopback interface on.
pub(super) fn loopback_up() -> io::Result<()> {
    // SAFETY: plain system call, no pointers.
    let socket =
        check(unsafe { libc::socket(libc::AF_INET, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, 0) })?;
    // SAFETY: the descriptor is new, nobody else owns it.
    let _closed_at_the_end = unsafe { OwnedFd::from_raw_fd(socket) };
    // SAFETY: zeroes are a valid ifreq.
    let mut request: libc::ifreq = unsafe { MaybeUninit::zeroed().assume_init() };
    for (to, from) in request.ifr_name.iter_mut().zip(b"lo") {
        *to = (*from).cast_signed() as libc::c_char;
    }
    request.ifr_ifru.ifru_flags = (libc::IFF_UP | libc::IFF_RUNNING) as libc::c_short;
    // SAFETY: the request is what SIOCSIFFLAGS takes.
    check(unsafe { libc::ioctl(socket, libc::SIOCSIFFLAGS, &request) }).map(drop)
}

/// Makes sure that no exec brings a capability back.
pub(super) fn bound_capabilities() -> io::Result<()> {
    for capability in CapabilitySet::all().iter() {
        match rustix::thread::remove_capability_from_bounding_set(capability) {
            Ok(()) | Err(Errno::INVAL) => {}
            // Who may not has none, and with `no_new_privs` gets none.
            Err(Errno::PERM) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Gives up every capability.
pub(super) fn drop_capabilities() -> io::Result<()> {
    let none = CapabilitySets {
        effective: CapabilitySet::empty(),
        permitted: CapabilitySet::empty(),
        inheritable: CapabilitySet::empty(),
    };
    Ok(rustix::thread::set_capabilities(None, none)?)
}

/// How long the process's threads have stood in line for a processor, as far as `/proc` tells.
pub(super) fn queued_micros(pid: Pid) -> u64 {
    let tasks = std::fs::read_dir(format!("/proc/{}/task", pid.as_raw_nonzero()));
    // The second number of `schedstat`, in nanoseconds.
    let queued = |task: std::fs::DirEntry| {
        let line = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    tasks
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(queued)
        .sum::<u64>()
        / 1000
}
