//! The system calls that are refused: those that only an attacker, or a program that no note has, would make.

/// System calls with their names, for whoever reports that one was refused.
macro_rules! calls {
    ($($(#[$attribute:meta])* $name:ident,)*) => {
        &[$($(#[$attribute])* (stringify!($name), libc::$name)),*]
    };
}

/// A system call.
pub(super) type Call = (&'static str, i64);

/// Refused at every level that has a filter (`EPERM`).
pub(super) const NEVER: &[Call] = calls![
    // Other processes' memory and execution.
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_process_madvise,
    SYS_kcmp,
    SYS_pidfd_getfd,
    // The view of the file system.
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_mount_setattr,
    SYS_move_mount,
    SYS_open_tree,
    SYS_fsopen,
    SYS_fsconfig,
    SYS_fsmount,
    SYS_fspick,
    SYS_open_by_handle_at,
    SYS_name_to_handle_at,
    SYS_quotactl,
    SYS_fanotify_init,
    // New namespaces.
    SYS_unshare,
    SYS_setns,
    // The kernel itself.
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_kexec_load,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_reboot,
    SYS_swapon,
    SYS_swapoff,
    SYS_acct,
    SYS_syslog,
    // Memory that no limit counts.
    SYS_memfd_create,
    SYS_memfd_secret,
    SYS_shmget,
    SYS_shmat,
    SYS_shmctl,
    SYS_msgget,
    SYS_semget,
    SYS_mq_open,
    SYS_mq_unlink,
    // A processor for itself.
    SYS_setpriority,
    SYS_ioprio_set,
    SYS_sched_setscheduler,
    SYS_sched_setparam,
    SYS_sched_setattr,
    // The machine's clock and name.
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_clock_adjtime,
    SYS_adjtimex,
    SYS_sethostname,
    SYS_setdomainname,
];

/// Refused as if the kernel were too old (`ENOSYS`), for which callers have a second way: a filter
/// cannot look into its arguments. Many a harmless program asks for it first.
pub(super) const UNKNOWN: &[Call] = calls![SYS_clone3,];

/// Refused the same way, and noted down: io_uring makes system calls that no filter sees.
pub(super) const UNSEEN: &[Call] = calls![
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
];

/// Refused where there are no namespaces (`EPERM`): what Landlock does not see (modes, owners and times
/// of files anywhere), ways to other processes of the same user, and sending open files away, where the guard
/// does not find them.
pub(super) const NOT_WITHOUT_NAMESPACES: &[Call] = calls![
    SYS_fchmodat,
    SYS_fchmodat2,
    SYS_fchownat,
    SYS_utimensat,
    SYS_setxattr,
    SYS_lsetxattr,
    SYS_removexattr,
    SYS_lremovexattr,
    SYS_sendmsg,
    SYS_sendmmsg,
    SYS_tkill,
    SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo,
    SYS_pidfd_send_signal,
    SYS_sched_setaffinity,
    SYS_migrate_pages,
    SYS_move_pages,
    SYS_inotify_add_watch,
    #[cfg(target_arch = "x86_64")]
    SYS_chmod,
    #[cfg(target_arch = "x86_64")]
    SYS_chown,
    #[cfg(target_arch = "x86_64")]
    SYS_lchown,
    #[cfg(target_arch = "x86_64")]
    SYS_utime,
    #[cfg(target_arch = "x86_64")]
    SYS_utimes,
    #[cfg(target_arch = "x86_64")]
    SYS_futimesat,
    #[cfg(target_arch = "x86_64")]
    SYS_fork,
    #[cfg(target_arch = "x86_64")]
    SYS_vfork,
];

/// `setxattrat` and `removexattrat` (Linux 6.13), the same number on every architecture.
pub(super) const XATTR_AT: &[Call] = &[("SYS_setxattrat", 463), ("SYS_removexattrat", 466)];

/// Refused in part: what makes another process or a namespace, reaches other processes, opens a network, or takes
/// memory that no limit counts.
const IN_PART: &[Call] = calls![
    SYS_clone,
    SYS_kill,
    SYS_tgkill,
    SYS_prlimit64,
    SYS_socket,
    SYS_mmap,
    SYS_close_range,
];

/// The name of a call that a filter here refuses, for a reader.
pub(super) fn name(call: i64) -> Option<&'static str> {
    let all = [NEVER, UNSEEN, NOT_WITHOUT_NAMESPACES, XATTR_AT, IN_PART];
    let mut all = all.into_iter().flatten();
    let (name, _) = all.find(|(_, number)| *number == call)?;
    name.strip_prefix("SYS_")
}
