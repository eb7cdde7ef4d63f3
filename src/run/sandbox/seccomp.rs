//! Which system calls a program may make: all but those that only an attacker, or a program that no
//! note has, would make.

use std::collections::BTreeMap;
use std::io;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, sock_filter,
};

use super::Level;
use super::launcher::{Failed, Step};

/// Rules per system call: it is refused if any rule matches, or if there is none at all.
type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Refused at every level that has a filter (`EPERM`).
const NEVER: &[i64] = &[
    // Other processes' memory and execution.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_kcmp,
    libc::SYS_pidfd_getfd,
    // The view of the file system.
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_open_by_handle_at,
    libc::SYS_name_to_handle_at,
    libc::SYS_quotactl,
    libc::SYS_fanotify_init,
    // New namespaces.
    libc::SYS_unshare,
    libc::SYS_setns,
    // The kernel itself.
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_kexec_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_syslog,
    // The machine's clock and name.
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
];

/// Refused as if the kernel were too old (`ENOSYS`), for which callers have a second way: a filter
/// cannot look into `clone3`'s arguments, and io_uring makes system calls that no filter sees.
const UNKNOWN: &[i64] = &[
    libc::SYS_clone3,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
];

/// Refused where there are no namespaces (`EPERM`): what Landlock does not see (modes, owners and times
/// of files anywhere) and ways to other processes of the same user.
const NOT_WITHOUT_NAMESPACES: &[i64] = &[
    libc::SYS_fchmodat,
    libc::SYS_fchmodat2,
    libc::SYS_fchownat,
    libc::SYS_utimensat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_msgget,
    libc::SYS_semget,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    libc::SYS_tkill,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_pidfd_send_signal,
    libc::SYS_setpriority,
    libc::SYS_ioprio_set,
    libc::SYS_sched_setaffinity,
    libc::SYS_sched_setscheduler,
    libc::SYS_sched_setparam,
    libc::SYS_sched_setattr,
    libc::SYS_migrate_pages,
    libc::SYS_move_pages,
    libc::SYS_inotify_add_watch,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_chmod,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_chown,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_lchown,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_utime,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_utimes,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_futimesat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_fork,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_vfork,
];

/// `setxattrat` and `removexattrat` (Linux 6.13), the same number on every architecture.
const XATTR_AT: [i64; 2] = [463, 466];

/// The `clone` flags that make a new namespace.
const NEW_NAMESPACE: &[libc::c_int] = &[
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWNS,
    libc::CLONE_NEWNET,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWUTS,
    libc::CLONE_NEWCGROUP,
];

/// Puts the filters of the level on this process, for good; without a network, no sockets can be opened.
pub(super) fn restrict(level: Level, network: bool) -> Result<(), Failed> {
    filters(level, network)
        .and_then(|filters| {
            filters
                .iter()
                .try_for_each(|filter| Ok(seccompiler::apply_filter(filter)?))
        })
        .map_err(io::Error::other)
        .step("seccomp")
}

/// The filters of the level.
fn filters(
    level: Level,
    network: bool,
) -> Result<Vec<BpfProgram>, Box<dyn std::error::Error + Send + Sync>> {
    let contained_by_filter = level < Level::Namespaces;
    let mut refused: Rules = NEVER.iter().map(|&call| (call, Vec::new())).collect();
    let mut clone = new_namespaces()?;
    if contained_by_filter {
        refused.extend(
            NOT_WITHOUT_NAMESPACES
                .iter()
                .chain(&XATTR_AT)
                .map(|&call| (call, Vec::new())),
        );
        refused.extend(signals_to_others()?);
        // Anything but a thread of its own.
        clone.push(SeccompRule::new(vec![masked(0, libc::CLONE_THREAD, 0)?])?);
    }
    refused.insert(libc::SYS_clone, clone);
    let unknown = UNKNOWN.iter().map(|&call| (call, Vec::new())).collect();
    let none = contained_by_filter || !network;
    let sockets = Rules::from([(libc::SYS_socket, refused_sockets(none)?)]);
    let mut filters = vec![
        filter(refused, libc::EPERM)?,
        filter(unknown, libc::ENOSYS)?,
        filter(sockets, libc::EACCES)?,
    ];
    if cfg!(target_arch = "x86_64") {
        filters.push(no_second_abi());
    }
    Ok(filters)
}

/// Compiles rules to a program that refuses with the error number what matches.
fn filter(
    rules: Rules,
    errno: i32,
) -> Result<BpfProgram, Box<dyn std::error::Error + Send + Sync>> {
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let refuse = SeccompAction::Errno(errno.cast_unsigned());
    Ok(SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch)?.try_into()?)
}

/// A rule for each kind of namespace that `clone` could make.
fn new_namespaces() -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    NEW_NAMESPACE
        .iter()
        .map(|&flag| SeccompRule::new(vec![masked(0, flag, flag)?]))
        .collect()
}

/// Signals and limits for anyone but the process itself (0, or its own number).
fn signals_to_others() -> Result<Rules, seccompiler::BackendError> {
    let own = u64::from(std::process::id());
    let others = || SeccompRule::new(vec![differs(0, 0)?, differs(0, own)?]);
    Ok(Rules::from([
        (libc::SYS_kill, vec![others()?]),
        (libc::SYS_tgkill, vec![others()?]),
        (libc::SYS_prlimit64, vec![others()?]),
    ]))
}

/// The sockets that are refused: with a network of its own only the exotic families, otherwise all
/// (a filter cannot see to which address a socket connects, nor Landlock to which UDP port).
fn refused_sockets(all: bool) -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    if all {
        return Ok(Vec::new());
    }
    let allowed = [
        libc::AF_UNIX,
        libc::AF_INET,
        libc::AF_INET6,
        libc::AF_NETLINK,
    ];
    let none_of_them = allowed
        .iter()
        .map(|family| differs(0, u64::from(family.unsigned_abs())))
        .collect::<Result<_, _>>()?;
    Ok(vec![SeccompRule::new(none_of_them)?])
}

/// Argument ≠ value.
fn differs(argument: u8, value: u64) -> Result<SeccompCondition, seccompiler::BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, value)
}

/// Argument & mask = value.
fn masked(
    argument: u8,
    mask: libc::c_int,
    value: libc::c_int,
) -> Result<SeccompCondition, seccompiler::BackendError> {
    let bits = |flags: libc::c_int| u64::from(flags.cast_unsigned());
    SeccompCondition::new(
        argument,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::MaskedEq(bits(mask)),
        bits(value),
    )
}

/// On x86-64 every system call has a second number (the x32 ABI, from 0x4000_0000 on), which the other
/// filters don't know. No program here is x32: refuse the whole range with `ENOSYS`.
fn no_second_abi() -> BpfProgram {
    const LOAD_NUMBER: u16 = 0x20;
    const JUMP_IF_AT_LEAST: u16 = 0x35;
    const RETURN: u16 = 0x06;
    let step = |code, jt, jf, k| sock_filter { code, jt, jf, k };
    let refuse = u32::from(SeccompAction::Errno(libc::ENOSYS.cast_unsigned()));
    vec![
        step(LOAD_NUMBER, 0, 0, 0),
        step(JUMP_IF_AT_LEAST, 0, 1, 0x4000_0000),
        step(RETURN, 0, 0, refuse),
        step(RETURN, 0, 0, u32::from(SeccompAction::Allow)),
    ]
}
