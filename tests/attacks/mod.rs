//! Hostile programs, and what the report says of them.

/// A hostile program.
pub struct Attack {
    /// What it does.
    pub name: &'static str,
    /// The packages that it imports.
    pub imports: &'static [&'static str],
    /// The body of its `main`.
    pub body: &'static str,
    /// What the report says of it with namespaces.
    pub named: &'static str,
    /// What it says without, if that differs.
    pub named_without: Option<&'static str>,
}

/// What the report says where a program cannot even start another one.
const NO_PROCESS: Option<&str> =
    Some("starts other processes, which the sandbox does not let it: `clone`");

/// What it says where there are no sockets.
const NO_SOCKET: Option<&str> =
    Some("opens network sockets, which the sandbox does not let it: `socket`");

/// Those that end say `contained`, which the note claims of them. No literal says what they are after.
pub const ATTACKS: &[Attack] = &[
    Attack {
        name: "child that leaves the session",
        imports: &["os/exec", "syscall"],
        body: "command := exec.Command(\"/bin/sleep\", \"987653\")\ncommand.SysProcAttr = &syscall.SysProcAttr{Setsid: true}\ncommand.Start()\nprintln(\"contained\") // contained",
        named: "leaves processes behind, which were ended with it",
        named_without: NO_PROCESS,
    },
    Attack {
        name: "memory bomb",
        imports: &[],
        body: "var all [][]byte\nfor {\n\tall = append(all, make([]byte, 64<<20))\n}",
        named: "memory",
        named_without: None,
    },
    Attack {
        name: "deep recursion",
        imports: &[],
        body: "var deeper func(int) int\ndeeper = func(n int) int { return deeper(n+1) + 1 }\ndeeper(0)",
        // On a crowded machine its time may be up before its stack is too deep.
        named: "the program ",
        named_without: None,
    },
    Attack {
        name: "reading keys",
        imports: &["os", "path/filepath"],
        body: "_, err := os.ReadFile(filepath.Join(HOME, \".s\"+\"sh\", \"id_\"+\"ed25519\"))\nverdict := \"contained\"\nif err == nil {\n\tverdict = \"leaked\"\n}\nprintln(verdict) // contained",
        named: "reads files that hold secrets, which the sandbox does not let it: `HOME/.ssh/id_ed25519`",
        named_without: None,
    },
    Attack {
        name: "reading passwords by a link",
        imports: &["os"],
        body: "os.Symlink(\"/et\"+\"c/sha\"+\"dow\", \"link\")\n_, err := os.ReadFile(\"link\")\nverdict := \"contained\"\nif err == nil {\n\tverdict = \"leaked\"\n}\nprintln(verdict) // contained",
        named: "reads files that hold secrets, which the sandbox does not let it: `/etc/shadow`",
        named_without: None,
    },
    Attack {
        name: "reading the notes",
        imports: &["os"],
        body: "_, err := os.ReadFile(NOTES + string(os.PathSeparator) + \"secret\" + \".md\")\nverdict := \"contained\"\nif err == nil {\n\tverdict = \"leaked\"\n}\nprintln(verdict) // contained",
        named: "reads your files, which the sandbox does not let it: `NOTES/secret.md`",
        named_without: None,
    },
    Attack {
        name: "writing outside",
        imports: &["os"],
        body: "verdict := \"contained\"\nfor _, folder := range []string{NOTES, \"/\", \"/usr/\", \"/etc/\", \"/dev/\"} {\n\tif os.WriteFile(folder+\"/gosnip-was-\"+\"here\", nil, 0o666) == nil {\n\t\tverdict = \"wrote in \" + folder\n\t}\n}\nprintln(verdict) // contained",
        // Where the notes lie decides which of the paths comes first.
        named: "`/dev/gosnip-was-here`",
        named_without: None,
    },
    Attack {
        name: "deleting the notes",
        imports: &["os"],
        body: "os.RemoveAll(NOTES + \"\")\nprintln(\"contained\") // contained",
        named: "writes or deletes outside of its own folder, which the sandbox does not let it: `NOTES`",
        named_without: None,
    },
    Attack {
        name: "deleting the working folder",
        imports: &["os"],
        body: "folder, _ := os.Getwd()\nos.RemoveAll(folder)\nprintln(\"contained\") // contained",
        named: "deletes the folder that it works in",
        named_without: None,
    },
    Attack {
        name: "TCP",
        imports: &["fmt", "net", "time"],
        body: "_, err := net.DialTimeout(\"tcp\", fmt.Sprint(\"192.0.\", 2, \".1:\", 9), time.Second)\nverdict := \"contained\"\nif err == nil {\n\tverdict = \"reached\"\n}\nprintln(verdict) // contained",
        named: "connects to other machines, which the sandbox does not let it: `192.0.2.1:9`",
        named_without: NO_SOCKET,
    },
    Attack {
        name: "UDP",
        imports: &["net"],
        body: "verdict := \"contained\"\npacket, err := net.ListenPacket(\"udp\", \":0\")\nif err == nil {\n\t_, err = packet.WriteTo([]byte(\"x\"), &net.UDPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 9})\n}\nif err == nil {\n\tverdict = \"reached\"\n}\nprintln(verdict) // contained",
        named: "connects to other machines, which the sandbox does not let it: `192.0.2.1:9`",
        named_without: NO_SOCKET,
    },
    Attack {
        name: "ptrace",
        imports: &["os", "syscall"],
        body: "_, _, err := syscall.RawSyscall6(syscall.SYS_PTRACE, syscall.PTRACE_ATTACH, uintptr(os.Getppid()), 0, 0, 0, 0)\nverdict := \"contained\"\nif err == 0 {\n\tverdict = \"granted\"\n}\nprintln(verdict) // contained",
        named: "asks the kernel for what a note needs not, which the sandbox does not let it: `ptrace`",
        named_without: None,
    },
    Attack {
        name: "mount",
        imports: &["syscall", "unsafe"],
        body: "kind, place := []byte(\"tmpfs\\x00\"), []byte(\"/\\x00\")\n_, _, err := syscall.RawSyscall6(syscall.SYS_MOUNT, uintptr(unsafe.Pointer(&kind[0])), uintptr(unsafe.Pointer(&place[0])), uintptr(unsafe.Pointer(&kind[0])), 0, 0, 0)\nverdict := \"contained\"\nif err == 0 {\n\tverdict = \"granted\"\n}\nprintln(verdict) // contained",
        named: "asks the kernel for what a note needs not, which the sandbox does not let it: `mount`",
        named_without: None,
    },
    Attack {
        name: "killing its parent and everybody",
        imports: &["os", "syscall", "time"],
        body: "kill := syscall.Kill\nkill(os.Getppid(), 9)\nkill(-1, 9)\ntime.Sleep(50 * time.Millisecond)\nprintln(\"contained\") // contained",
        named: "sends signals to other processes, which the sandbox does not let it: `kill`",
        named_without: None,
    },
    Attack {
        name: "its parent's memory",
        imports: &["fmt", "os"],
        body: "verdict := \"contained\"\nfor _, pid := range []int{1, os.Getppid()} {\n\tfile, err := os.OpenFile(fmt.Sprintf(\"/pr\"+\"oc/%d/mem\", pid), os.O_RDWR, 0)\n\tif err == nil {\n\t\tfile.Close()\n\t\tverdict = \"opened\"\n\t}\n}\nprintln(verdict) // contained",
        named: "`/proc/1/mem`",
        named_without: None,
    },
    Attack {
        name: "memory that is shared, so that no limit counts it",
        imports: &["syscall"],
        body: "_, err := syscall.Mmap(-1, 0, 64<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED|syscall.MAP_ANON)\nverdict := \"contained\"\nif err == nil {\n\tverdict = \"granted\"\n}\nprintln(verdict) // contained",
        named: "takes memory that no limit counts, which the sandbox does not let it: `mmap`",
        named_without: None,
    },
    Attack {
        name: "watching the home",
        imports: &["syscall"],
        body: "watcher, _ := syscall.InotifyInit()\n_, err := syscall.InotifyAddWatch(watcher, HOME, syscall.IN_ALL_EVENTS)\nverdict := \"contained\"\nif err == nil {\n\tverdict = \"watching\"\n}\nprintln(verdict) // contained",
        named: "reads your files, which the sandbox does not let it: `HOME`",
        named_without: None,
    },
    Attack {
        name: "a processor for itself",
        imports: &["syscall", "unsafe"],
        body: "priority, verdict := [1]int32{50}, \"contained\"\n_, _, err := syscall.RawSyscall(syscall.SYS_SCHED_SETSCHEDULER, 0, 1, uintptr(unsafe.Pointer(&priority)))\nif err == 0 || syscall.Setpriority(syscall.PRIO_PROCESS, 0, -20) == nil {\n\tverdict = \"granted\"\n}\nprintln(verdict) // contained",
        named: "asks for more of the processor than others get, which the sandbox does not let it: `sched_setscheduler`, `setpriority`",
        named_without: None,
    },
    Attack {
        name: "a link that changes while it is read",
        imports: &["os", "time"],
        body: "secret, verdict := \"/et\"+\"c/sha\"+\"dow\", \"contained\"\nos.WriteFile(\"own\", []byte(\"own\"), 0o600)\ngo func() {\n\tfor {\n\t\tfor _, target := range []string{secret, \"own\"} {\n\t\t\tos.Remove(\"link\")\n\t\t\tos.Symlink(target, \"link\")\n\t\t}\n\t}\n}()\nfor end := time.Now().Add(200 * time.Millisecond); time.Now().Before(end); {\n\ttext, err := os.ReadFile(\"link\")\n\tif err == nil && len(text) > 3 {\n\t\tverdict = \"leaked\"\n\t}\n}\nprintln(verdict) // contained",
        named: "reads files that hold secrets, which the sandbox does not let it: `/etc/shadow`",
        named_without: None,
    },
    Attack {
        name: "io_uring",
        imports: &["syscall", "unsafe"],
        body: "parameters, verdict := [32]uint32{}, \"contained\"\n_, _, err := syscall.RawSyscall(425, 8, uintptr(unsafe.Pointer(&parameters)), 0)\nif err == 0 {\n\tverdict = \"granted\"\n}\nprintln(verdict) // contained",
        named: "asks for a way to the kernel that no filter sees, which the sandbox does not let it: `io_uring_setup`",
        named_without: None,
    },
    Attack {
        name: "a socket of the machine",
        imports: &["net", "os"],
        body: "verdict := \"contained\"\n_, err := net.Dial(\"un\"+\"ix\", NOTES+string(os.PathSeparator)+\"service\")\nif err == nil {\n\tverdict = \"reached\"\n}\nprintln(verdict) // contained",
        named: "talks to other programs of this machine, which the sandbox does not let it: `NOTES/service`",
        named_without: NO_SOCKET,
    },
    Attack {
        name: "a socket without a file",
        imports: &["net"],
        body: "verdict := \"contained\"\nown, err := net.Listen(\"un\"+\"ix\", \"@own-\"+\"service\")\nif err == nil {\n\tnet.Dial(\"un\"+\"ix\", own.Addr().String())\n}\n_, err = net.Dial(\"un\"+\"ix\", \"@gosnip-\"+\"test-service\")\nif err == nil {\n\tverdict = \"reached\"\n}\nprintln(verdict) // contained",
        named: "talks to other programs of this machine, which the sandbox does not let it: `@gosnip-test-service`\n",
        named_without: NO_SOCKET,
    },
    Attack {
        name: "its parent's environment",
        imports: &["fmt", "os"],
        body: "verdict := \"contained\"\nos.ReadFile(fmt.Sprintf(\"/pr\"+\"oc/%d/environ\", os.Getpid()))\n_, err := os.ReadFile(fmt.Sprintf(\"/pr\"+\"oc/%d/environ\", 1))\nif err == nil {\n\tverdict = \"leaked\"\n}\nprintln(verdict) // contained",
        named: "looks into other processes, which the sandbox does not let it: `/proc/1/environ`\n",
        named_without: None,
    },
    Attack {
        name: "reading from another folder",
        imports: &["os"],
        body: "verdict := \"contained\"\nfolder, file := \"/e\"+\"tc\", \"sha\"+\"dow\"\nos.Chdir(folder)\n_, err := os.ReadFile(file)\nif err == nil {\n\tverdict = \"leaked\"\n}\nprintln(verdict) // contained",
        named: "reads files that hold secrets, which the sandbox does not let it: `/etc/shadow`",
        named_without: None,
    },
    Attack {
        name: "reading from an open folder",
        imports: &["syscall"],
        body: "verdict := \"contained\"\nfolder, file := \"/\"+\"\", \"etc/sha\"+\"dow\"\nroot, _ := syscall.Open(folder, 0x200000, 0)\n_, err := syscall.Openat(root, file, 0, 0)\nif err == nil {\n\tverdict = \"leaked\"\n}\nprintln(verdict) // contained",
        named: "reads files that hold secrets, which the sandbox does not let it: `/etc/shadow`",
        named_without: None,
    },
    Attack {
        name: "reading by a newer call",
        imports: &["syscall", "unsafe"],
        body: "how, path, verdict := [3]uint64{}, []byte(\"/etc/sha\"+\"dow\\x00\"), \"contained\"\n_, _, err := syscall.RawSyscall6(437, ^uintptr(99), uintptr(unsafe.Pointer(&path[0])), uintptr(unsafe.Pointer(&how)), 24, 0, 0)\nif err == 0 {\n\tverdict = \"leaked\"\n}\nprintln(verdict) // contained",
        named: "reads files that hold secrets, which the sandbox does not let it: `/etc/shadow`",
        named_without: None,
    },
    Attack {
        name: "memory that grows like a stack",
        imports: &["syscall"],
        body: "verdict := \"contained\"\n_, err := syscall.Mmap(-1, 0, 64<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON|0x100)\nif err == nil {\n\tverdict = \"granted\"\n}\nprintln(verdict) // contained",
        named: "takes memory that no limit counts, which the sandbox does not let it: `mmap`",
        named_without: None,
    },
    Attack {
        name: "messages that the kernel keeps",
        imports: &["syscall"],
        body: "verdict := \"contained\"\n_, _, err := syscall.RawSyscall(MSGGET, 0, 0o1600, 0)\nif err == 0 {\n\tverdict = \"granted\"\n}\nprintln(verdict) // contained",
        named: "takes memory that no limit counts, which the sandbox does not let it: `msgget`",
        named_without: None,
    },
];

/// Those that never end, or are stopped. They have a note of their own, for their time is to be up soon.
pub const ENDLESS: &[Attack] = &[
    Attack {
        name: "fork bomb",
        imports: &["os/exec", "time"],
        body: "for {\n\texec.Command(\"/bin/sleep\", \"987653\").Start()\n\ttime.Sleep(time.Millisecond)\n}",
        named: "leaves processes behind, which were ended with it",
        named_without: NO_PROCESS,
    },
    Attack {
        name: "endless output",
        imports: &["fmt", "strings"],
        body: "for {\n\tfmt.Println(strings.Repeat(\"again and \", 1000))\n}",
        // On a crowded machine its time may be up before it has written too much.
        named: "the program was ",
        named_without: None,
    },
    Attack {
        name: "endless loop",
        imports: &[],
        body: "for i := 0; ; i++ {\n}",
        named: "the program was still ",
        named_without: None,
    },
    Attack {
        name: "very many goroutines",
        imports: &[],
        body: "for i := 0; i < 1<<31; i++ {\n\tgo func() { select {} }()\n}",
        // Which limit it reaches first is a question of the machine's speed.
        named: "the program ",
        named_without: None,
    },
    Attack {
        name: "files where no path leads",
        imports: &["strings", "syscall", "time"],
        body: "block := make([]byte, 1<<20)\nfor depth := 0; depth < 30; depth++ {\n\tfolder := strings.Repeat(\"d\", 200)\n\tsyscall.Mkdir(folder, 0o700)\n\tsyscall.Chdir(folder)\n}\nfor number := 0; number < 10; number++ {\n\tfile, _ := syscall.Open(\"file\"+string(rune('a'+number)), syscall.O_RDWR|syscall.O_CREAT, 0o600)\n\tfor part := 0; part < 60; part++ {\n\t\tsyscall.Write(file, block)\n\t}\n\tsyscall.Close(file)\n}\nfor end := time.Now().Add(time.Second); time.Now().Before(end); {\n}",
        named: "fills all the space that it has for files",
        named_without: Some("the program was stopped because it wrote too much"),
    },
    Attack {
        name: "files in a folder that shows none",
        imports: &["syscall", "time"],
        body: "block := make([]byte, 1<<20)\nsyscall.Mkdir(\"d\", 0o300)\nsyscall.Chdir(\"d\")\nfor number := 0; number < 10; number++ {\n\tfile, _ := syscall.Open(\"file\"+string(rune('a'+number)), syscall.O_RDWR|syscall.O_CREAT, 0o600)\n\tfor part := 0; part < 60; part++ {\n\t\tsyscall.Write(file, block)\n\t}\n\tsyscall.Close(file)\n}\nfor end := time.Now().Add(time.Second); time.Now().Before(end); {\n}",
        named: "fills all the space that it has for files",
        named_without: Some("the program was stopped because it wrote too much"),
    },
    Attack {
        name: "files that are only in memory",
        imports: &["syscall", "time"],
        body: "block := make([]byte, 1<<20)\nfor number := 0; number < 10; number++ {\n\tfile, _ := syscall.Open(\"file\"+string(rune('a'+number)), syscall.O_RDWR|syscall.O_CREAT, 0o600)\n\tfor part := 0; part < 60; part++ {\n\t\tsyscall.Write(file, block)\n\t}\n\tsyscall.Mmap(file, 0, 4096, syscall.PROT_READ, syscall.MAP_SHARED)\n\tsyscall.Close(file)\n\tsyscall.Unlink(\"file\" + string(rune('a'+number)))\n}\nfor end := time.Now().Add(time.Second); time.Now().Before(end); {\n}",
        named: "fills all the space that it has for files",
        named_without: Some("the program was stopped because it wrote too much"),
    },
    Attack {
        name: "files that are under way",
        imports: &["syscall", "time"],
        body: "block := make([]byte, 1<<20)\nends, _ := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_DGRAM, 0)\nfor number := 0; number < 10; number++ {\n\tfile, _ := syscall.Open(\"file\"+string(rune('a'+number)), syscall.O_RDWR|syscall.O_CREAT, 0o600)\n\tfor part := 0; part < 60; part++ {\n\t\tsyscall.Write(file, block)\n\t}\n\tsyscall.Sendmsg(ends[0], []byte{1}, syscall.UnixRights(file), nil, 0)\n\tsyscall.Close(file)\n\tsyscall.Unlink(\"file\" + string(rune('a'+number)))\n}\nfor end := time.Now().Add(time.Second); time.Now().Before(end); {\n}",
        named: "fills all the space that it has for files",
        named_without: Some(
            "puts open files where no limit counts them, which the sandbox does not let it: `sendmsg`",
        ),
    },
];

/// Programs that never become one: their notes, and what the report says of them.
pub const NEVER_RUN: &[(&str, &str, &str)] = &[
    (
        "C",
        "package main\n\n// #include <stdlib.h>\nimport \"C\"\n\nfunc main() {\n\tC.abort()\n}",
        "cgo",
    ),
    (
        "embedding a file of the system",
        "package main\n\nimport (\n\t_ \"embed\"\n\t\"fmt\"\n)\n\n//go:embed /etc/passwd\nvar text string\n\nfunc main() {\n\tfmt.Println(text)\n}",
        "embed",
    ),
    (
        "blaming another file",
        "package main\n\n//line /etc/passwd:1\nfunc main() {\n\tpanic(\"here\")\n}",
        "here",
    ),
];
