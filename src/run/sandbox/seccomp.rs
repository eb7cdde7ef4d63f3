//! The filters for system calls, as the kernel takes them.
//!
//! What is refused is refused by way of the witness, who notes it down; where there cannot be one, by the kernel.

use std::collections::BTreeMap;
use std::io;
use std::os::fd::OwnedFd;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, sock_filter,
};

use super::Level;
use super::calls::{Call, NEVER, NOT_WITHOUT_NAMESPACES, UNKNOWN, UNSEEN, XATTR_AT};
use super::launcher::{Failed, Step};
use super::{notify, passing, witness};

/// Rules per system call: it is refused if any rule matches, or if there is none at all.
type Rules = BTreeMap<i64, Vec<SeccompRule>>;

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
/// Gives back what the witness listens to, where the kernel has that.
pub(super) fn restrict(level: Level, network: bool) -> Result<Option<OwnedFd>, Failed> {
    put_on(level, network)
        .map_err(io::Error::other)
        .step("seccomp")
}

fn put_on(
    level: Level,
    network: bool,
) -> Result<Option<OwnedFd>, Box<dyn std::error::Error + Send + Sync>> {
    let errno = |number: libc::c_int| SeccompAction::Errno(number.cast_unsigned());
    seccompiler::apply_filter(&filter(whole(UNKNOWN), errno(libc::ENOSYS))?)?;
    if cfg!(target_arch = "x86_64") {
        seccompiler::apply_filter(&no_second_abi())?;
    }
    let refused = refused(level)?;
    let sockets = refused_sockets(level < Level::Namespaces || !network)?;
    let sockets = Rules::from([(libc::SYS_socket, sockets)]);
    let mut all = watched()?;
    all.extend(whole(UNSEEN));
    all.extend(refused.clone());
    all.extend(sockets.clone());
    // The listener itself has yet to be sent to the witness.
    let not_own = differs(2, u64::from(passing::OWN.bits()))?;
    all.insert(libc::SYS_sendmsg, vec![SeccompRule::new(vec![not_own])?]);
    if let Ok(listener) = notify::listen_with_filter(&witnessed(all)?) {
        return Ok(Some(listener));
    }
    // A kernel, or a sandbox around this one, that knows no witnesses.
    seccompiler::apply_filter(&filter(whole(UNSEEN), errno(libc::ENOSYS))?)?;
    seccompiler::apply_filter(&filter(refused, errno(libc::EPERM))?)?;
    seccompiler::apply_filter(&filter(sockets, errno(libc::EACCES))?)?;
    Ok(None)
}

/// When the witness has been sent all he needs: refuses where there are no namespaces what was let through for that.
pub(super) fn send_no_more(level: Level) -> Result<(), Failed> {
    if level >= Level::Namespaces {
        return Ok(());
    }
    put_off_sending()
        .map_err(io::Error::other)
        .step("seccomp: sending")
}

fn put_off_sending() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let own = equals(2, u64::from(passing::OWN.bits()))?;
    let rules = Rules::from([(libc::SYS_sendmsg, vec![SeccompRule::new(vec![own])?])]);
    let refuse = SeccompAction::Errno(libc::EPERM.cast_unsigned());
    Ok(seccompiler::apply_filter(&filter(rules, refuse)?)?)
}

/// The calls, whatever their arguments.
fn whole(calls: &[Call]) -> Rules {
    let calls = calls.iter();
    calls.map(|&(_, call)| (call, Vec::new())).collect()
}

/// What is refused at the level, sockets apart.
fn refused(level: Level) -> Result<Rules, seccompiler::BackendError> {
    let mut refused = whole(NEVER);
    let mut clone = new_namespaces()?;
    if level < Level::Namespaces {
        refused.extend(whole(NOT_WITHOUT_NAMESPACES));
        refused.extend(whole(XATTR_AT));
        refused.extend(signals_to_others()?);
        // Anything but a thread of its own that has the same open files: the guard looks at those.
        for needed in [libc::CLONE_THREAD, libc::CLONE_FILES] {
            clone.push(SeccompRule::new(vec![masked(0, needed, 0)?])?);
        }
        let unshare = libc::CLOSE_RANGE_UNSHARE.cast_signed();
        let apart = SeccompRule::new(vec![masked(2, unshare, unshare)?])?;
        refused.insert(libc::SYS_close_range, vec![apart]);
    } else {
        refused.insert(libc::SYS_kill, signals_to_all()?);
    }
    refused.insert(libc::SYS_clone, clone);
    refused.insert(libc::SYS_mmap, uncounted_memory()?);
    Ok(refused)
}

/// What the witness is to see though it is let through.
fn watched() -> Result<Rules, seccompiler::BackendError> {
    let mut rules: Rules = witness::watched().map(|call| (call, Vec::new())).collect();
    // Only with an address: everything else goes to whom `connect` named.
    let addressed = SeccompCondition::new(4, SeccompCmpArgLen::Qword, SeccompCmpOp::Ne, 0)?;
    rules.insert(libc::SYS_sendto, vec![SeccompRule::new(vec![addressed])?]);
    Ok(rules)
}

/// Compiles rules to a program that does this with what matches.
fn filter(
    rules: Rules,
    action: SeccompAction,
) -> Result<BpfProgram, Box<dyn std::error::Error + Send + Sync>> {
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    Ok(SeccompFilter::new(rules, SeccompAction::Allow, action, arch)?.try_into()?)
}

/// Compiles rules to a program that asks the witness. `seccompiler` has no word for that action: it is put in
/// the place of one that is used nowhere else.
fn witnessed(rules: Rules) -> Result<BpfProgram, Box<dyn std::error::Error + Send + Sync>> {
    const RETURN: u16 = 0x06;
    let placeholder = SeccompAction::Trace(1);
    let mut program = filter(rules, placeholder.clone())?;
    let placeholder = u32::from(placeholder);
    for step in &mut program {
        if step.code == RETURN && step.k == placeholder {
            step.k = libc::SECCOMP_RET_USER_NOTIF;
        }
    }
    Ok(program)
}

/// A rule for each kind of namespace that `clone` could make.
fn new_namespaces() -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    NEW_NAMESPACE
        .iter()
        .map(|&flag| SeccompRule::new(vec![masked(0, flag, flag)?]))
        .collect()
}

/// Memory that `RLIMIT_DATA` does not count: without a file, but to be shared with other processes, and what
/// grows like a stack.
fn uncounted_memory() -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    [libc::MAP_SHARED | libc::MAP_ANONYMOUS, libc::MAP_GROWSDOWN]
        .into_iter()
        .map(|flags| SeccompRule::new(vec![masked(3, flags, flags)?]))
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

/// Signals to the first process of the namespace, which is the witness, and to everybody: only an attacker
/// sends those, and the kernel would let some of them through or say nothing.
fn signals_to_all() -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    let everybody = u64::from((-1_i32).cast_unsigned());
    [1, everybody]
        .into_iter()
        .map(|pid| SeccompRule::new(vec![equals(0, pid)?]))
        .collect()
}

/// The sockets that are refused: with a network of its own only the exotic families, and those to any part of
/// the kernel but the one that lists the network's interfaces; otherwise all (a filter cannot see to which
/// address a socket connects, nor Landlock to which UDP port).
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
    let netlink = equals(0, u64::from(libc::AF_NETLINK.unsigned_abs()))?;
    let not_routes = differs(2, u64::from(libc::NETLINK_ROUTE.unsigned_abs()))?;
    Ok(vec![
        SeccompRule::new(none_of_them)?,
        SeccompRule::new(vec![netlink, not_routes])?,
    ])
}

/// Argument ≠ value.
fn differs(argument: u8, value: u64) -> Result<SeccompCondition, seccompiler::BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, value)
}

/// Argument = value.
fn equals(argument: u8, value: u64) -> Result<SeccompCondition, seccompiler::BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value)
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
