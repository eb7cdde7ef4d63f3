//! What code reaches for beyond its own process: networks, secrets, the kernel. Read off the syntax tree, from
//! calls that name their goal in a literal; what code hides is seen when it runs.

use tree_sitter::Node;

use super::executed;
use crate::snippet::Draft;
use crate::snippet::syntax::{Syntax, is_string_literal};

/// One thing reached for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// What for.
    pub goal: Goal,
    /// The call as it is written, on one line.
    pub call: String,
    /// Where it stands in the code.
    pub offset: usize,
}

/// What code reaches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// A host that is not this one.
    Network,
    /// Files that hold keys or passwords.
    Secret,
    /// Writing or deleting outside of its own folders.
    Write,
    /// What only administrators and attackers ask of the kernel.
    Kernel,
}

/// Functions that connect to, or ask for, the host in one of their arguments.
const CONNECTS: [&str; 13] = [
    "http.Get",
    "http.Head",
    "http.Post",
    "http.PostForm",
    "net.Dial",
    "net.DialTimeout",
    "net.LookupAddr",
    "net.LookupCNAME",
    "net.LookupHost",
    "net.LookupIP",
    "net.LookupMX",
    "net.LookupTXT",
    "tls.Dial",
];

/// Whether nothing but secrets lie at such a path.
pub fn is_secret(path: &str) -> bool {
    SECRETS.iter().any(|secret| path.contains(secret))
}

/// Parts of paths that nothing but secrets have.
const SECRETS: [&str; 9] = [
    ".ssh",
    "/etc/shadow",
    "/etc/sudoers",
    "id_rsa",
    "id_ed25519",
    ".aws/credentials",
    ".netrc",
    ".gnupg",
    ".kube/config",
];

/// Packages whose functions take paths.
const OF_FILES: [&str; 4] = ["os.", "ioutil.", "filepath.", "path."];

/// Functions that change what their first argument names.
const WRITES: [&str; 10] = [
    "os.Chmod",
    "os.Create",
    "os.Mkdir",
    "os.MkdirAll",
    "os.Remove",
    "os.RemoveAll",
    "os.Rename",
    "os.Truncate",
    "os.WriteFile",
    "ioutil.WriteFile",
];

/// System calls that no program of a note needs.
const PRIVILEGED: [&str; 11] = [
    "syscall.Chroot",
    "syscall.Mount",
    "syscall.PivotRoot",
    "syscall.PtraceAttach",
    "syscall.Reboot",
    "syscall.Setgid",
    "syscall.Sethostname",
    "syscall.Setuid",
    "syscall.Unmount",
    "syscall.Unshare",
    "syscall.Settimeofday",
];

/// Everything that the executed code reaches for, in its order.
pub fn reaches(draft: &Draft) -> Vec<Reach> {
    let syntax = &draft.snippet.syntax;
    let nodes = executed(draft)
        .into_iter()
        .flat_map(|piece| syntax.walk(piece));
    nodes
        .filter(|node| node.kind() == "call_expression")
        .filter_map(|call| {
            Some(Reach {
                goal: goal(syntax, call)?,
                call: one_line(syntax.of(call)),
                offset: call.start_byte(),
            })
        })
        .collect()
}

/// The first call that needs a network other than loopback.
pub fn network(draft: &Draft) -> Option<Reach> {
    let mut reaches = reaches(draft).into_iter();
    reaches.find(|reach| reach.goal == Goal::Network)
}

fn goal(syntax: &Syntax, call: Node) -> Option<Goal> {
    let callee = syntax.of(call.child_by_field_name("function")?);
    let arguments = call.child_by_field_name("arguments")?;
    let literals = || {
        let nodes = syntax.walk(arguments);
        nodes.filter_map(|node| literal(syntax, node))
    };
    let first = arguments.named_child(0);
    if CONNECTS.contains(&callee) || asks_by_client(syntax, callee) {
        let looks_up = callee.starts_with("net.Lookup");
        let mut own = (0..arguments.named_child_count())
            .filter_map(|at| literal(syntax, arguments.named_child(at as _)?));
        let remote = own.any(|text| is_remote(text) || looks_up && !is_here(text));
        return remote.then_some(Goal::Network);
    }
    if OF_FILES.iter().any(|package| callee.starts_with(package)) && literals().any(is_secret) {
        return Some(Goal::Secret);
    }
    if WRITES.contains(&callee) {
        let path = literal(syntax, first?)?;
        return (path.starts_with('/') && !path.starts_with("/tmp/")).then_some(Goal::Write);
    }
    let kills_others = callee == "syscall.Kill"
        && first.is_some_and(|first| matches!(syntax.of(first), "os.Getppid()" | "-1" | "1"));
    (kills_others || PRIVILEGED.contains(&callee)).then_some(Goal::Kernel)
}

/// Whether a function is a method of a client of `http` that takes the address it asks: `client.Get`, where
/// `client := &http.Client{…}`.
fn asks_by_client(syntax: &Syntax, callee: &str) -> bool {
    const ASKS: [&str; 4] = ["Get", "Head", "Post", "PostForm"];
    const CLIENTS: [&str; 2] = ["http.Client", "http.DefaultClient"];
    let Some((client, method)) = callee.rsplit_once('.') else {
        return false;
    };
    let is_client = || {
        let mut nodes = syntax.walk(syntax.root());
        nodes.any(|node| {
            let name = match node.kind() {
                "var_spec" | "parameter_declaration" => node.child_by_field_name("name"),
                "short_var_declaration" => node.child_by_field_name("left"),
                _ => None,
            };
            name.is_some_and(|name| syntax.of(name) == client)
                && CLIENTS.iter().any(|of| syntax.of(node).contains(of))
        })
    };
    ASKS.contains(&method) && (CLIENTS.contains(&client) || is_client())
}

/// The text of a string literal.
fn literal<'s>(syntax: &'s Syntax, node: Node) -> Option<&'s str> {
    is_string_literal(node).then(|| syntax.of(node).trim_matches(['"', '`']))
}

/// Whether a URL or an address with a port names another host.
fn is_remote(text: &str) -> bool {
    const SCHEMES: [&str; 4] = ["http", "https", "ws", "wss"];
    let authority = match text.split_once("://") {
        Some((scheme, rest)) if SCHEMES.contains(&scheme) => {
            rest.split(['/', '?', '#']).next().unwrap_or_default()
        }
        Some(_) => return false,
        None if text.contains(':') && !text.contains(['/', ' ']) => text,
        None => return false,
    };
    let host = match authority.rsplit_once(':') {
        // The colons of an address in brackets are its own.
        Some((host, port)) if !port.ends_with(']') => host,
        _ => authority,
    };
    // Where a name is to be filled in, nobody knows which.
    !host.contains(['%', '{', '<', '$']) && !is_here(host)
}

/// Whether a host is this one.
fn is_here(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    matches!(host, "" | "localhost" | "::1" | "0.0.0.0" | "::") || host.starts_with("127.")
}

fn one_line(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goals(code: &str) -> Vec<Goal> {
        let note = format!("```go\n{code}\n```\n");
        let (_, snippets, _) = crate::snippet::tests::read("a.md", &note);
        Draft::of(&snippets[0])
            .iter()
            .flat_map(reaches)
            .map(|reach| reach.goal)
            .collect()
    }

    #[test]
    fn other_hosts_are_the_network_and_this_one_is_not() {
        for code in [
            "resp, err := http.Get(\"https://example.com/a\")",
            "conn, err := net.DialTimeout(\"tcp\", \"192.0.2.1:9\", time.Second)",
            "conn, err := net.Dial(\"udp\", \"[2001:db8::1]:53\")",
            "addrs, err := net.LookupHost(\"example.com\")",
            "func f() {\n\thttp.Get(`http://example.com`)\n}",
            "c := &http.Client{Timeout: time.Second}\nc.Head(\"https://example.org/x\")",
            "http.DefaultClient.Get(\"https://example.org\")",
        ] {
            assert_eq!(goals(code), [Goal::Network], "{code}");
        }
        for code in [
            "http.Get(\"http://localhost:8080/a\")",
            "http.Get(\"http://127.0.0.1/a\")",
            "http.Get(server.URL)",
            "http.Get(\"http://%s/\")",
            "net.Dial(\"tcp\", \"[::1]:80\")",
            "net.Dial(\"tcp\", \":8080\")",
            "net.Dial(\"unix\", \"/tmp/socket\")",
            "net.LookupHost(\"localhost\")",
            "store := newStore()\nstore.Get(\"https://example.org\")",
            "c := http.Client{}\nc.Get(\"http://localhost:1/\")",
            "http.Handle(\"https://example.com/\", h)",
            "// http.Get(\"https://example.com\")\nx := 1",
            "req := httptest.NewRequest(\"GET\", \"http://example.com/\", nil)",
        ] {
            assert_eq!(goals(code), [], "{code}");
        }
    }

    #[test]
    fn a_function_that_nobody_can_call_reaches_for_nothing() {
        let idle = "func fetch(n int) {\n\thttp.Get(\"https://example.com\")\n}\n";
        assert_eq!(goals(idle), []);
        assert_eq!(
            goals(&format!("{idle}\nfunc g() {{\n\tfetch(1)\n}}\n")),
            [Goal::Network]
        );
    }

    #[test]
    fn secrets_writes_and_the_kernel_are_told_apart() {
        let code = "os.ReadFile(filepath.Join(home, \".ssh/id_ed25519\"))\nos.RemoveAll(\"/home\")\n\
            os.WriteFile(\"/tmp/mine\", nil, 0o600)\nos.WriteFile(\"here\", nil, 0o600)\n\
            syscall.Kill(os.Getppid(), syscall.SIGKILL)\nsyscall.Kill(os.Getpid(), syscall.SIGTERM)\n\
            syscall.Mount(\"none\", \"/\", \"tmpfs\", 0, \"\")\n";
        // The path is joined inside the call that reads it: both name it.
        assert_eq!(
            goals(code),
            [
                Goal::Secret,
                Goal::Secret,
                Goal::Write,
                Goal::Kernel,
                Goal::Kernel
            ]
        );
    }
}
