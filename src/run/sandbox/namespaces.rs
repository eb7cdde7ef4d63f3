//! Namespaces: a world with only what the program may see in it.
//!
//! ```text
//! /            tmpfs, read-only          /dev      null, zero, full, random, urandom
//! /usr, /lib…  the system's, read-only   /proc     of its own processes, where allowed
//! /etc         a few files, read-only    /tmp      tmpfs, the only place to write: home, tmp, work
//! /program     the binary, read-only
//! ```
//!
//! There is no way to the old root, and no network but loopback, or none at all.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};

use rustix::process::{Gid, Uid};
use rustix::thread::UnshareFlags;

use super::files::{DEVICES, SETTINGS, SYSTEM};
use super::launcher::{Failed, Step};
use super::plan::{FOLDERS, Plan};
use super::{MOST_FILES, sys};

/// The user that a user namespace shows to the program.
const USER_INSIDE: u32 = 1000;

/// Where things are for the program.
pub(super) struct Inside {
    /// The program.
    pub(super) binary: PathBuf,
    /// The folder that it may write to.
    pub(super) scratch: PathBuf,
}

/// The namespaces that a program gets.
///
/// Root has them by right, and the program becomes another user; anybody else has them by way of a user
/// namespace.
pub(super) fn of(plan: &Plan) -> UnshareFlags {
    let mut flags =
        UnshareFlags::NEWPID | UnshareFlags::NEWNS | UnshareFlags::NEWIPC | UnshareFlags::NEWUTS;
    // Without a network of its own it has no sockets (see `seccomp`), so the machine's is out of reach.
    if plan.network {
        flags |= UnshareFlags::NEWNET;
    }
    if plan.become_user.is_none() {
        flags |= UnshareFlags::NEWUSER;
    }
    flags
}

/// Makes `user`, whom gosnip runs as, a user of the new user namespace, if there is one.
pub(super) fn settle(plan: &Plan, (user, group): (Uid, Gid)) -> Result<(), Failed> {
    if plan.become_user.is_some() {
        return Ok(());
    }
    fs::write("/proc/self/setgroups", "deny").step("closing the list of groups")?;
    let map = |id: u32| format!("{USER_INSIDE} {id} 1");
    fs::write("/proc/self/uid_map", map(user.as_raw())).step("mapping the user")?;
    fs::write("/proc/self/gid_map", map(group.as_raw())).step("mapping the group")
}

/// Furnishes the new world and moves in. Called by the first process of the pid namespace.
pub(super) fn furnish(plan: &Plan) -> Result<Inside, Failed> {
    let root = &plan.scratch;
    let none = Path::new("none");
    let flags = libc::MS_NOSUID | libc::MS_NODEV;
    if plan.network {
        sys::loopback_up().step("the loopback interface")?;
    }
    sys::mount(
        none,
        Path::new("/"),
        c"",
        libc::MS_PRIVATE | libc::MS_REC,
        "",
    )
    .step("a private view of the mounts")?;
    sys::mount(none, root, c"tmpfs", flags, "size=16m,mode=755").step("a new root")?;
    system(root).step("the system's files")?;
    settings(root).step("settings")?;
    devices(root).step("devices")?;
    program(plan, &root.join("program")).step("the program's file")?;
    processes(root).step("/proc")?;
    writable(plan, &root.join("tmp")).step("the temporary folder")?;
    // Last, for they may lie in any of the others.
    for path in &plan.readable {
        show(root, path).step("readable files")?;
    }
    std::env::set_current_dir(root).step("the new root")?;
    sys::pivot_here().step("moving to the new root")?;
    sys::seal_only(Path::new("/")).step("sealing the new root")?;
    Ok(Inside {
        binary: PathBuf::from("/program"),
        scratch: PathBuf::from("/tmp"),
    })
}

/// Shows the system's files: links as they are (`/lib` → `usr/lib`), folders read-only.
fn system(root: &Path) -> io::Result<()> {
    for path in SYSTEM.iter().map(Path::new) {
        match fs::read_link(path) {
            Ok(target) => symlink(target, below(root, path))?,
            Err(_) => show(root, path)?,
        }
    }
    Ok(())
}

/// Shows the settings, and names for the user and for localhost.
fn settings(root: &Path) -> io::Result<()> {
    for path in SETTINGS.iter().map(Path::new) {
        show(root, path)?;
    }
    let etc = root.join("etc");
    fs::create_dir_all(&etc)?;
    fs::write(
        etc.join("passwd"),
        format!("gopher:x:{USER_INSIDE}:{USER_INSIDE}::/tmp/home:/bin/sh\n"),
    )?;
    fs::write(etc.join("group"), format!("gopher:x:{USER_INSIDE}:\n"))?;
    fs::write(etc.join("hosts"), "127.0.0.1 localhost\n::1 localhost\n")?;
    fs::write(etc.join("nsswitch.conf"), "hosts: files\n")
}

/// Shows the harmless devices, writable as devices are.
fn devices(root: &Path) -> io::Result<()> {
    for path in DEVICES.iter().map(Path::new) {
        bind(path, &below(root, path))?;
    }
    symlink("/proc/self/fd", root.join("dev/fd"))
}

/// Mounts `/proc` of the new pid namespace. Inside some containers that is forbidden; Go does without.
fn processes(root: &Path) -> io::Result<()> {
    let proc = root.join("proc");
    fs::create_dir(&proc)?;
    let flags = libc::MS_NOSUID | libc::MS_NODEV | libc::MS_NOEXEC | libc::MS_RDONLY;
    let _done_without = sys::mount(Path::new("proc"), &proc, c"proc", flags, "");
    Ok(())
}

/// Puts the program in place. If only gosnip's user may run it, the new user gets a copy.
fn program(plan: &Plan, target: &Path) -> io::Result<()> {
    let mode = fs::metadata(&plan.binary)?.permissions().mode();
    if plan.become_user.is_some() && mode & 0o005 != 0o005 {
        fs::copy(&plan.binary, target)?;
        return fs::set_permissions(target, fs::Permissions::from_mode(0o555));
    }
    bind(&plan.binary, target)?;
    sys::seal(target)
}

/// Makes the one place to write, of limited size, with the three folders.
fn writable(plan: &Plan, tmp: &Path) -> io::Result<()> {
    fs::create_dir(tmp)?;
    let options = format!("size={},nr_inodes={MOST_FILES},mode=755", plan.limits.files);
    sys::mount(
        Path::new("none"),
        tmp,
        c"tmpfs",
        libc::MS_NOSUID | libc::MS_NODEV,
        &options,
    )?;
    let give = |folder: &Path| match plan.become_user {
        Some(user) => chown(folder, Some(user), Some(user)),
        None => Ok(()),
    };
    for folder in FOLDERS.map(|name| tmp.join(name)) {
        fs::create_dir(&folder)?;
        give(&folder)?;
    }
    give(tmp)
}

/// Shows a file or folder of the old root read-only at the same place; one that is not there is not shown.
fn show(root: &Path, path: &Path) -> io::Result<()> {
    let Ok(real) = path.canonicalize() else {
        return Ok(());
    };
    let target = below(root, path);
    bind(&real, &target)?;
    sys::seal(&target)
}

/// Binds a file or folder to a place that is made for it.
fn bind(source: &Path, target: &Path) -> io::Result<()> {
    if source.is_dir() {
        fs::create_dir_all(target)?;
    } else {
        fs::create_dir_all(target.parent().unwrap_or(target))?;
        if !target.exists() {
            fs::File::create(target)?;
        }
    }
    sys::mount(source, target, c"", libc::MS_BIND | libc::MS_REC, "")
}

/// The place below the new root that an absolute path stands for.
fn below(root: &Path, path: &Path) -> PathBuf {
    root.join(path.strip_prefix("/").unwrap_or(path))
}
