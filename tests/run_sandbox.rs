//! Attacks on the sandbox, each really made by a Go program. No attack sends anything anywhere: the
//! addresses are documentation addresses, and the sandbox must refuse before a packet exists.
#![cfg(target_os = "linux")]

mod run_support;

use std::fs;
use std::num::NonZeroUsize;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use gosnip::run::sandbox::{Level, Policy};
use gosnip::run::{End, RunError, Runner};
use run_support::{Lazy, Program, containing_runners, options, run_among_neighbours, runner};

static PROGRAM: Lazy = Lazy::new(|| Program::build(SOURCE, &[]));

const SOURCE: &str = r#"package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

func try(what string, err error) {
	if err != nil {
		fmt.Println(what, "refused:", err)
	} else {
		fmt.Println(what, "DONE")
	}
}

func call(what string, number uintptr, arguments ...uintptr) {
	var all [6]uintptr
	copy(all[:], arguments)
	_, _, errno := syscall.RawSyscall6(number, all[0], all[1], all[2], all[3], all[4], all[5])
	if errno != 0 {
		try(what, errno)
	} else {
		try(what, nil)
	}
}

func main() {
	what, argument, _ := strings.Cut(os.Args[1], ":")
	switch what {
	case "hello":
		fmt.Println("hello")
	case "read":
		_, err := os.ReadFile(argument)
		try("read", err)
		_, err = os.ReadDir(filepath.Dir(argument))
		try("list", err)
		os.Symlink(argument, "link")
		_, err = os.ReadFile("link")
		try("read by link", err)
		_, err = os.ReadFile("/proc/1/root" + argument)
		try("read by /proc/1/root", err)
		_, err = os.ReadFile("/proc/self/root/../.." + argument)
		try("read by /proc/self/root", err)
		try("hard link", os.Link(argument, "hard"))
	case "write":
		try("write", os.WriteFile(argument, []byte("attacked"), 0o600))
		try("create", os.WriteFile(filepath.Dir(argument)+"/new", nil, 0o600))
		try("truncate", os.Truncate(argument, 0))
		try("chmod", os.Chmod(argument, 0o777))
		try("touch", os.Chtimes(argument, time.Unix(0, 0), time.Unix(0, 0)))
		try("remove", os.Remove(argument))
		try("rename", os.Rename(argument, argument+"-moved"))
		try("folder", os.Mkdir(filepath.Dir(argument)+"/folder", 0o700))
		try("system", os.WriteFile("/usr/gosnip-test", nil, 0o600))
		try("etc", os.WriteFile("/etc/gosnip-test", nil, 0o600))
		try("program", os.WriteFile("/proc/self/exe", nil, 0o600))
	case "net":
		for _, address := range []string{"192.0.2.1:9", "[2001:db8::1]:9"} {
			_, err := net.DialTimeout("tcp", address, 5*time.Second)
			try("tcp", err)
			connection, err := net.Dial("udp", address)
			if err == nil {
				_, err = connection.Write([]byte("x"))
			}
			try("udp", err)
		}
		packet, err := net.ListenPacket("udp", ":0")
		if err == nil {
			_, err = packet.WriteTo([]byte("x"), &net.UDPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 9})
		}
		try("unconnected udp", err)
		_, err = syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW, 0)
		try("packet socket", err)
		_, err = syscall.Socket(syscall.AF_INET, syscall.SOCK_RAW, syscall.IPPROTO_ICMP)
		try("raw socket", err)
	case "loopback":
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		try("listen", err)
		go func() {
			connection, _ := listener.Accept()
			io.WriteString(connection, "hello")
			connection.Close()
		}()
		connection, err := net.Dial("tcp", strings.Replace(listener.Addr().String(), "127.0.0.1", "localhost", 1))
		try("dial", err)
		said, _ := io.ReadAll(connection)
		fmt.Println(string(said))
		a, _ := net.ListenPacket("udp", "127.0.0.1:0")
		b, _ := net.Dial("udp", a.LocalAddr().String())
		b.Write([]byte("datagram"))
		buffer := make([]byte, 100)
		n, _, _ := a.ReadFrom(buffer)
		fmt.Println(string(buffer[:n]))
	case "unix":
		_, err := net.Dial("unix", argument)
		try("unix socket", err)
	case "kernel":
		root, none := []byte("/\x00"), []byte("none\x00tmpfs\x00")
		p := func(b []byte) uintptr { return uintptr(unsafe.Pointer(&b[0])) }
		call("ptrace", syscall.SYS_PTRACE, syscall.PTRACE_ATTACH, uintptr(os.Getppid()))
		call("traceme", syscall.SYS_PTRACE, syscall.PTRACE_TRACEME)
		call("mount", syscall.SYS_MOUNT, p(none), p(root), p(none[5:]))
		call("umount", syscall.SYS_UMOUNT2, p(root), syscall.MNT_DETACH)
		call("chroot", syscall.SYS_CHROOT, p(root))
		call("unshare", syscall.SYS_UNSHARE, syscall.CLONE_NEWUSER)
		call("clone", syscall.SYS_CLONE, syscall.CLONE_NEWUSER|uintptr(syscall.SIGCHLD))
		call("clone3", 435, 0, 0)
		call("setns", 308, 0, 0)
		call("bpf", 321, 0, 0, 0)
		call("io_uring", 425, 1, 0)
		call("userfaultfd", 323, 1)
		call("x32", 0x40000000+39)
		call("setuid", syscall.SYS_SETUID, 1234)
		call("sethostname", syscall.SYS_SETHOSTNAME, p(root), 1)
	case "kill":
		fmt.Println("hello")
		for _, pid := range []int{os.Getppid(), -1} {
			err := syscall.Kill(pid, syscall.SIGKILL)
			fmt.Println("kill", err)
		}
		time.Sleep(100 * time.Millisecond)
		fmt.Println("alive")
	case "kill-pid":
		own := os.Getpid()
		for pid := 2; pid < own+1<<10; pid++ {
			if pid > 1<<10 && pid < own-1<<10 {
				continue
			}
			if _, err := os.Stat(fmt.Sprint("/proc/self/task/", pid)); err != nil {
				if err := syscall.Kill(pid, 0); err == nil {
					fmt.Println("DONE", pid)
				}
			}
		}
	case "disk":
		file, _ := os.Create("file")
		block := make([]byte, 1<<20)
		var err error
		n := 0
		for ; err == nil && n < 1000; n++ {
			_, err = file.Write(block)
		}
		fmt.Println(n < 1000)
	case "uncounted":
		name := []byte("x\x00")
		call("shared memory", syscall.SYS_MMAP, 0, 1<<20, syscall.PROT_READ, syscall.MAP_SHARED|syscall.MAP_ANON, ^uintptr(0), 0)
		call("memfd", 319, uintptr(unsafe.Pointer(&name[0])), 0)
		call("shm", 29, 0, 1<<20, 0o1600)
	case "device":
		device, _ := syscall.Open("/dev/zero", syscall.O_RDWR, 0)
		for n := 0; n < 32; n++ {
			memory, err := syscall.Mmap(device, 0, 16<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
			for at := 0; err == nil && at < len(memory); at += 4096 {
				memory[at] = 1
			}
		}
		time.Sleep(8 * time.Second)
		fmt.Println("DONE")
	case "files":
		block := make([]byte, 1<<20)
		for n := 0; n < 100; n++ {
			file, err := os.Create(fmt.Sprint("file", n))
			if argument == "unnamed" {
				os.Remove(fmt.Sprint("file", n))
			}
			for k := 0; k < 8 && err == nil; k++ {
				_, err = file.Write(block)
			}
			if err != nil {
				try("files", err)
				return
			}
		}
		time.Sleep(5 * time.Second)
		try("files", nil)
	case "children":
		if argument == "child" {
			block := make([]byte, 100<<20)
			for at := range block {
				block[at] = 1
			}
			time.Sleep(8 * time.Second)
			fmt.Println(len(block))
			return
		}
		for n := 0; n < 4; n++ {
			exec.Command("/proc/self/exe", "children:child").Start()
		}
		time.Sleep(8 * time.Second)
		fmt.Println("DONE")
	case "exec":
		out, err := exec.Command("echo", "from a child").CombinedOutput()
		fmt.Print(string(out))
		try("exec", err)
	case "look":
		text, err := os.ReadFile(argument)
		fmt.Println(string(text), err)
		try("write", os.WriteFile(argument, nil, 0o600))
	case "descriptors":
		entries, _ := os.ReadDir("/proc/self/fd")
		for _, entry := range entries {
			target, _ := os.Readlink("/proc/self/fd/" + entry.Name())
			if strings.Contains(target, "Cargo.toml") {
				fmt.Println("DONE", target)
			}
		}
		fmt.Println("refused")
	case "whoami":
		status, _ := os.ReadFile("/proc/self/status")
		for _, line := range strings.Split(string(status), "\n") {
			if strings.HasPrefix(line, "CapEff") || strings.HasPrefix(line, "CapPrm") || strings.HasPrefix(line, "NoNewPrivs") {
				fmt.Println(line)
			}
		}
	}
}
"#;

/// Runs an attack at each containing level that can be had.
fn attack(selector: &str, mut check: impl FnMut(Level, &str, End)) {
    let (Some(mut job), Some(neighbour)) = (PROGRAM.job(selector), PROGRAM.job("hello")) else {
        return;
    };
    // An attack that ends takes no time; a crowded machine takes its own.
    job.timeout = Duration::from_secs(60);
    for runner in containing_runners() {
        let execution = run_among_neighbours(&runner, &neighbour, job.clone());
        let all = format!("{}{}", execution.stdout.text, execution.stderr.text);
        check(runner.level(), &all, execution.end);
    }
}

/// Everything must be refused, and said so.
fn all_refused(selector: &str) {
    attack(selector, |level, said, end| {
        assert_eq!(end, End::Exited(0), "{level}: {said}");
        assert!(!said.contains("DONE"), "{level}: {selector}: {said}");
        assert!(said.contains("refused"), "{level}: {said}");
    });
}

#[test]
fn in_namespaces_other_files_are_not_even_there() {
    // What Landlock refuses exists; what does not exist is kept away by the mount namespace alone.
    let (Some(job), Some(runner)) = (PROGRAM.job("read:/etc/shadow"), runner(Level::Namespaces))
    else {
        return;
    };
    let said = runner.run(&[job], |_| {}).remove(0).stdout.text;
    assert!(
        said.starts_with("read refused: open /etc/shadow: no such file or directory\n"),
        "{said}"
    );
}

#[test]
fn secrets_are_not_read() {
    let home = tempfile::tempdir().unwrap();
    let key = home.path().join(".ssh/id_ed25519");
    fs::create_dir(home.path().join(".ssh")).unwrap();
    fs::write(&key, "secret").unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    all_refused(&format!("read:{}", key.display()));
    if let Ok(home) = std::env::var("HOME") {
        all_refused(&format!("read:{home}/.ssh/id_ed25519"));
    }
    // The repository that the note stands in.
    all_refused(&format!("read:{}/Cargo.toml", env!("CARGO_MANIFEST_DIR")));
}

#[test]
fn the_system_s_passwords_are_not_read() {
    attack("read:/etc/shadow", |level, said, _| {
        assert!(!said.contains("read DONE"), "{level}: {said}");
        assert!(!said.contains("root DONE"), "{level}: {said}");
    });
}

#[test]
fn nothing_outside_is_written() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    let before = fs::metadata(&file).unwrap();
    all_refused(&format!("write:{}", file.display()));
    let after = fs::metadata(&file).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    assert_eq!(before.permissions(), after.permissions());
    assert_eq!(before.modified().unwrap(), after.modified().unwrap());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(!std::path::Path::new("/usr/gosnip-test").exists());
}

#[test]
fn the_network_is_not_reached() {
    all_refused("net");
}

#[test]
fn without_a_network_of_its_own_a_program_opens_no_socket_at_all() {
    let Some(job) = PROGRAM.job("net") else {
        return;
    };
    let job = gosnip::run::Job {
        network: false,
        ..job
    };
    let loopback = gosnip::run::Job {
        network: false,
        ..PROGRAM.job("loopback").unwrap()
    };
    for runner in containing_runners() {
        let said = runner.run(&[job.clone(), loopback.clone()], |_| {});
        let text = &said[0].stdout.text;
        assert!(!text.contains("DONE") && text.contains("refused"), "{text}");
        assert!(said[1].stdout.text.contains("listen refused"), "{said:?}");
    }
}

#[test]
fn sockets_of_the_system_are_not_reached() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let path = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
    all_refused(&format!("unix:{}", path.display()));
    all_refused("unix:@gosnip-test-abstract");
}

#[test]
fn loopback_works_where_there_are_namespaces() {
    let (Some(job), Some(runner)) = (PROGRAM.job("loopback"), runner(Level::Namespaces)) else {
        return;
    };
    let execution = runner.run(&[job], |_| {}).remove(0);
    assert_eq!(
        execution.stdout.text, "listen DONE\ndial DONE\nhello\ndatagram\n",
        "{execution:?}"
    );
}

#[test]
fn the_kernel_is_not_talked_into_anything() {
    all_refused("kernel");
}

#[test]
fn nobody_else_is_killed() {
    attack("kill", |level, said, end| {
        assert_eq!(end, End::Exited(0), "{level}: {said}");
        assert!(
            said.starts_with("hello\n") && said.ends_with("alive\n"),
            "{level}: {said}"
        );
    });
    attack("kill-pid", |level, said, end| {
        assert_eq!((said, end), ("", End::Exited(0)), "{level}");
    });
}

#[test]
fn the_disk_is_not_filled() {
    attack("disk", |level, said, end| {
        // The file's limit ends it, or who counts the files: on a crowded machine he looks while it still writes.
        let limited = said == "true\n" && end == End::Exited(0);
        assert!(
            limited || end == End::OutputLimit,
            "{level}: {said} {end:?}"
        );
    });
}

#[test]
fn other_programs_are_started_only_in_namespaces() {
    attack("exec", |level, said, _| match level {
        Level::Namespaces => assert_eq!(said, "from a child\nexec DONE\n"),
        _ => assert!(said.starts_with("exec refused"), "{said}"),
    });
}

#[test]
fn what_is_declared_readable_is_readable_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let file = folder.path().join("zones");
    fs::write(&file, "UTC").unwrap();
    let Some(job) = PROGRAM.job(&format!("look:{}", file.display())) else {
        return;
    };
    for level in [Level::Base, Level::Namespaces] {
        for readable in [folder.path(), &file] {
            let mut options = options(level);
            options.readable.push(readable.to_owned());
            let runner = Runner::new(&options, NonZeroUsize::MIN).unwrap();
            let execution = runner.run(std::slice::from_ref(&job), |_| {}).remove(0);
            assert!(
                execution
                    .stdout
                    .text
                    .starts_with("UTC <nil>\nwrite refused"),
                "{level}: {execution:?}"
            );
        }
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "UTC");
}

#[test]
fn a_binary_that_only_its_owner_may_run_is_run() {
    let Some(mut job) = PROGRAM.job("hello") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let copy = camino::Utf8PathBuf::from_path_buf(folder.path().join("mine")).unwrap();
    fs::copy(&job.executable.binary, &copy).unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o700)).unwrap();
    job.executable.binary = copy;
    for runner in containing_runners() {
        let execution = runner.run(std::slice::from_ref(&job), |_| {}).remove(0);
        assert_eq!(execution.stdout.text, "hello\n", "{execution:?}");
    }
}

#[test]
fn files_that_gosnip_inherited_are_not_passed_on() {
    let file = fs::File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    rustix::io::fcntl_setfd(&file, rustix::io::FdFlags::empty()).unwrap();
    all_refused("descriptors");
}

#[test]
fn no_capability_is_left() {
    attack("whoami", |level, said, _| {
        let zero = "0000000000000000";
        assert_eq!(
            said,
            format!("CapPrm:\t{zero}\nCapEff:\t{zero}\nNoNewPrivs:\t1\n"),
            "{level}"
        );
    });
}

#[test]
fn a_required_sandbox_that_cannot_be_had_is_an_error() {
    let mut options = options(Level::Limits);
    options.policy = Policy::Require;
    let error = Runner::new(&options, NonZeroUsize::MIN).unwrap_err();
    assert!(matches!(error, RunError::NoSandbox(_)), "{error}");
}

#[test]
fn less_than_all_is_said() {
    let Some(limits) = runner(Level::Limits) else {
        return;
    };
    assert!(
        limits
            .notices()
            .iter()
            .any(|notice| notice.contains("read and write your files"))
    );
    let Some(base) = runner(Level::Base) else {
        return;
    };
    assert!(
        base.notices()
            .iter()
            .any(|notice| notice.contains("no sockets"))
    );
    let Some(namespaces) = runner(Level::Namespaces) else {
        return;
    };
    assert_eq!(namespaces.notices(), [""; 0]);
}

#[test]
fn memory_that_no_limit_counts_is_not_given() {
    all_refused("uncounted");
}

#[test]
fn many_files_are_too_much_like_one() {
    for selector in ["files", "files:unnamed"] {
        attack(selector, |level, said, end| {
            assert!(!said.contains("DONE"), "{level}: {selector}: {said}");
            match level {
                // They are in a file system of that size.
                Level::Namespaces => assert!(said.contains("files refused"), "{said}"),
                _ => assert_eq!(end, End::OutputLimit, "{selector}: {said}"),
            }
        });
    }
}

/// Whether it runs into a limit on memory that is soon reached, at this level.
fn is_stopped_for_its_memory(selector: &str, level: Level) {
    let (Some(job), Some(_)) = (PROGRAM.job(selector), runner(level)) else {
        return;
    };
    let mut options = options(level);
    options.limits.memory = 256 << 20;
    let runner = Runner::new(&options, NonZeroUsize::MIN).unwrap();
    let execution = runner.run(&[job], |_| {}).remove(0);
    assert_eq!(execution.end, End::MemoryLimit, "{level}: {execution:?}");
}

#[test]
fn the_memory_of_all_children_is_added_up() {
    is_stopped_for_its_memory("children", Level::Namespaces);
}

#[test]
fn the_memory_of_a_device_is_memory_too() {
    for level in [Level::Namespaces, Level::Base, Level::Limits] {
        is_stopped_for_its_memory("device", level);
    }
}
