//! The system calls with which one process answers for the system calls of another (`seccomp_unotify(2)`).

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use seccompiler::BpfProgram;

/// A system call that waits for an answer.
pub(super) struct Asked {
    id: u64,
    /// Who makes it.
    pub(super) pid: i32,
    /// Its number.
    pub(super) call: i64,
    /// Its arguments.
    pub(super) arguments: [u64; 6],
}

/// What is to become of it.
pub(super) enum Answer {
    /// It goes on, as if nobody had asked.
    Continue,
    /// It fails with this error number.
    Refuse(libc::c_int),
}

/// Puts a filter on this process, and gives back where it asks.
pub(super) fn listen_with_filter(program: &BpfProgram) -> io::Result<OwnedFd> {
    let filter = libc::sock_fprog {
        len: program.len().try_into().map_err(io::Error::other)?,
        filter: program.as_ptr().cast_mut().cast(),
    };
    // Go interrupts its threads with signals all the time; a call that was heard is not to be made again for that.
    let flags =
        libc::SECCOMP_FILTER_FLAG_NEW_LISTENER | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    // SAFETY: the filter and the program that it points to live through the call, which changes neither.
    let fd = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            flags,
            std::ptr::from_ref(&filter),
        )
    };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    let fd = i32::try_from(fd).map_err(io::Error::other)?;
    // SAFETY: the descriptor is new, nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Takes the next call that waits; `None` if its process has gone meanwhile.
pub(super) fn next(listener: &OwnedFd) -> Option<Asked> {
    let mut asked = MaybeUninit::<libc::seccomp_notif>::zeroed();
    // SAFETY: the pointer is to a zeroed structure of the kind that the call fills in.
    let done = unsafe {
        libc::ioctl(
            listener.as_raw_fd(),
            libc::SECCOMP_IOCTL_NOTIF_RECV,
            asked.as_mut_ptr(),
        )
    };
    // SAFETY: zeroes are a valid structure, and the call has filled it in.
    let asked = (done == 0).then(|| unsafe { asked.assume_init() })?;
    Some(Asked {
        id: asked.id,
        pid: asked.pid.cast_signed(),
        call: asked.data.nr.into(),
        arguments: asked.data.args,
    })
}

/// Answers; whether the caller was still there to hear it.
pub(super) fn answer(listener: &OwnedFd, asked: &Asked, answer: &Answer) -> bool {
    let (error, flags) = match answer {
        Answer::Continue => (0, libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32),
        Answer::Refuse(number) => (-number, 0),
    };
    let mut response = libc::seccomp_notif_resp {
        id: asked.id,
        val: 0,
        error,
        flags,
    };
    // SAFETY: the pointer is to a structure of the kind that the call reads.
    let done = unsafe {
        libc::ioctl(
            listener.as_raw_fd(),
            libc::SECCOMP_IOCTL_NOTIF_SEND,
            &raw mut response,
        )
    };
    done == 0
}

/// Bytes of another process's memory, at most as many.
pub(super) fn memory(pid: i32, address: u64, most: usize) -> Vec<u8> {
    let mut bytes = vec![0_u8; most];
    let local = libc::iovec {
        iov_base: bytes.as_mut_ptr().cast(),
        iov_len: most,
    };
    let remote = libc::iovec {
        iov_base: std::ptr::without_provenance_mut(usize::try_from(address).unwrap_or(0)),
        iov_len: most,
    };
    // SAFETY: the local pointer is to `most` bytes of this process; the remote one is looked up by the kernel
    // only, in the other process.
    let count =
        unsafe { libc::process_vm_readv(pid, &raw const local, 1, &raw const remote, 1, 0) };
    bytes.truncate(usize::try_from(count).unwrap_or(0));
    bytes
}

/// A text in another process's memory up to and with its NUL, if that comes within `most` bytes.
pub(super) fn text(pid: i32, address: u64, most: usize) -> Vec<u8> {
    // So far a read never crosses into a page that may not be there.
    const STEP: u64 = 256;
    let mut text = Vec::new();
    while text.len() < most && !text.contains(&0) {
        let at = address.saturating_add(text.len() as u64);
        let part = memory(pid, at, usize::try_from(STEP - at % STEP).unwrap_or(1));
        if part.is_empty() {
            break;
        }
        text.extend(part);
    }
    text
}
