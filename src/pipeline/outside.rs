//! Programs that want something from outside: declined, and no claim is refuted by what they do without it.

use std::sync::LazyLock;

use regex::Regex;

use crate::observation::{Observation, transcript};
use crate::run::{CrashKind, End, Execution};
use crate::snippet::needs;

/// How Go words that a file could not be used.
static NO_FILE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:open|stat|lstat|read|mkdir|remove|chdir) (\S+): (?:no such file or directory|permission denied)")
        .expect("a constant")
});

/// Code that opens a file by its name, and code that may have made it.
static OPENS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\bos\.(?:Open|ReadFile|ReadDir)\("([^"]+)"\)"#).expect("a constant")
});
static MAKES_FILES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:Create|CreateTemp|WriteFile|OpenFile|MkdirAll?|Symlink|Rename)\(")
        .expect("a constant")
});

/// How Go words that a host could not be reached: whom it dialled, if it says so.
static NO_HOST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"dial (?:tcp|udp|ip)[46]?(?: (\S+))?:|\blookup (?:(\S+\.\S+)(?: on \S+)?|(\S+) on [\d\[]\S*): ")
        .expect("a constant")
});

/// How package `sql` says that the driver of a database is not imported.
static NO_DRIVER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"sql: unknown driver "([^"]+)""#).expect("a constant"));

/// The variables of its environment that code reads.
static ENVIRONMENT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"\bos\.(?:Getenv|LookupEnv)\("([^"]+)"\)"#).expect("a constant"));

/// Code that counts its arguments, and what a program says that wants some.
static COUNTS_ARGUMENTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\blen\((?:os\.Args|flag\.Args\(\))|\bflag\.NArg\(").expect("a constant")
});
static USAGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\busage\b|用法").expect("a constant"));

/// Code that is about what happens if a file is not there.
static EXPECTS_NO_FILE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\bErrNotExist\b|\bIsNotExist\b|\bPathError\b").expect("a constant")
});

/// Why a program is not run at all.
pub fn declines(observation: &Observation) -> Option<String> {
    let reach = needs::network(&observation.program.draft)?;
    Some(format!(
        "it needs the network, which programs here don't get: `{}`",
        reach.call
    ))
}

/// What a program lacked that ran: not what its author had.
pub fn lacked(observation: &Observation) -> Option<String> {
    let draft = &observation.program.draft;
    let code = draft.snippet.code();
    let mut runs = observation.runs.iter();
    runs.find_map(|run| lacked_by(run, code))
        .or_else(|| draft.results.and_then(|_| unopened(code)))
}

/// The file that statements open which return their errors: nobody sees that it is not there.
fn unopened(code: &str) -> Option<String> {
    if MAKES_FILES.is_match(code) {
        return None;
    }
    let file = OPENS.captures(code)?;
    Some(format!(
        "it needs the file `{}`, which it does not get here",
        &file[1]
    ))
}

fn lacked_by(run: &Execution, code: &str) -> Option<String> {
    let said = transcript(run);
    let mut hosts = NO_HOST.captures_iter(&said);
    if hosts.any(|found| {
        let host = (1..=3).find_map(|group| found.get(group));
        is_elsewhere(host.map_or("", |host| host.as_str()))
    }) {
        return Some("it needs the network, which programs here don't get".to_owned());
    }
    let panics = run
        .crash
        .as_ref()
        .filter(|crash| crash.kind == CrashKind::Panic);
    if panics.is_some_and(|crash| crash.message.contains("out of range"))
        && code.contains("os.Args[")
    {
        return Some("it needs arguments on its command line".to_owned());
    }
    let failed = panics.is_some() || matches!(run.end, End::Exited(code) if code != 0);
    if COUNTS_ARGUMENTS.is_match(code) && (failed || USAGE.is_match(&said)) {
        return Some("it needs arguments on its command line".to_owned());
    }
    if waits_for_signal(run, code) {
        return Some("it waits for a signal, which nobody sends here: `signal.Notify`".to_owned());
    }
    if let Some(driver) = NO_DRIVER.captures(&said) {
        return Some(format!(
            "it needs a driver of the database `{}`, which it does not import",
            &driver[1]
        ));
    }
    if said.contains("plugin: not implemented") {
        return Some("it loads a plugin, which programs here cannot".to_owned());
    }
    let mut variables = ENVIRONMENT.captures_iter(code);
    if failed && let Some(variable) = variables.find(|it| said.contains(&it[1])) {
        return Some(format!(
            "it needs the environment variable `{}`, which is not set here",
            &variable[1]
        ));
    }
    let file = NO_FILE.captures(&said)?;
    let wanted = || {
        let mut opened = OPENS.captures_iter(code);
        opened.any(|it| it[1] == file[1])
            && !MAKES_FILES.is_match(code)
            && !EXPECTS_NO_FILE.is_match(code)
    };
    (failed || wanted()).then(|| {
        format!(
            "it needs the file `{}`, which it does not get here",
            &file[1]
        )
    })
}

/// Whether a program that is no server waits when its time is up, and has asked for signals.
pub(super) fn waits_for_signal(run: &Execution, code: &str) -> bool {
    let serves = ["ListenAndServe", ".Serve(", ".Accept("];
    matches!(run.end, End::TimedOut { busy: false })
        && code.contains("signal.Notify")
        && !serves.iter().any(|word| code.contains(word))
}

/// Whether a host that was dialled is another than this one. The resolver's own address is one of this host:
/// the name that it was asked for decides.
fn is_elsewhere(host: &str) -> bool {
    let host = host.trim_start_matches('[');
    !["127.", "::1", "localhost", "/", "@"]
        .iter()
        .any(|here| host.starts_with(here))
}

/// Why what a block's programs did decides nothing against a claim, if it does not.
pub fn excuse(observations: &[Observation]) -> Option<String> {
    let alone = |observation: &Observation| {
        let refused = |run: &Execution| {
            let said = transcript(run);
            said.contains("connect: connection refused") && said.contains("dial ")
        };
        let serves = ["Listen(", "ListenAndServe", "httptest."];
        let code = observation.program.draft.snippet.code();
        let serves = serves.iter().any(|word| code.contains(word));
        (!serves && observation.runs.iter().any(refused))
            .then(|| "it asks a server that does not run here".to_owned())
    };
    observations
        .iter()
        .find_map(|observation| lacked(observation).or_else(|| alone(observation)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::run::Output;

    fn lacks(text: &str, code: i32) -> Option<String> {
        lacks_of("", text, End::Exited(code))
    }

    fn lacks_of(code: &str, text: &str, end: End) -> Option<String> {
        let run = Execution {
            stdout: Output {
                text: text.to_owned(),
                omitted: 0,
            },
            stderr: Output::default(),
            end,
            crash: None,
            duration: Duration::ZERO,
            fake_time: None,
            attempts: Vec::new(),
        };
        lacked_by(&run, code)
    }

    #[test]
    fn what_a_program_asks_for_and_does_not_get_is_named() {
        let lacks = |code: &str, said: &str, end: i32, word: &str| {
            let lacked = lacks_of(code, said, End::Exited(end));
            assert!(lacked.unwrap_or_default().contains(word), "{code}");
        };
        let sql = "db, _ := sql.Open(\"pgx\", dsn)";
        lacks(
            sql,
            "sql: unknown driver \"pgx\" (forgotten import?)",
            1,
            "`pgx`",
        );
        lacks(
            "plugin.Open(\"a.so\")",
            "plugin: not implemented",
            1,
            "plugin",
        );
        let token = "if os.Getenv(\"TOKEN\") == \"\" {\n\tlog.Fatal(\"no TOKEN\")\n}";
        lacks(token, "no TOKEN", 1, "variable `TOKEN`");
        let count = "if len(os.Args) != 2 {\n\tfmt.Println(\"Usage: f N\")\n\treturn\n}";
        lacks(count, "Usage: f N", 0, "arguments");
        lacks(count, "", 3, "arguments");
        let open = "f, err := os.Open(\"a.csv\")\nfmt.Println(err)";
        let none = "open a.csv: no such file or directory";
        lacks(open, none, 0, "`a.csv`");
        // These are about the error.
        let checks = format!("{open}\nfmt.Println(errors.Is(err, fs.ErrNotExist))");
        assert_eq!(lacks_of(&checks, none, End::Exited(0)), None);
        assert_eq!(
            lacks_of(
                open,
                "open b.csv: no such file or directory",
                End::Exited(0)
            ),
            None
        );
        assert_eq!(lacks_of(token, "bye", End::Exited(0)), None);
        assert_eq!(lacks_of(count, "2 arguments", End::Exited(0)), None);
    }

    #[test]
    fn a_signal_is_waited_for_by_what_is_no_server() {
        let waits = |code: &str, end: End| lacks_of(code, "", end).is_some();
        let code = "signal.Notify(c, os.Interrupt)\n<-c";
        assert!(waits(code, End::TimedOut { busy: false }));
        assert!(!waits(code, End::Exited(0)));
        assert!(!waits("<-c", End::TimedOut { busy: false }));
        let server = format!("go http.ListenAndServe(\":80\", nil)\n{code}");
        assert!(!waits(&server, End::TimedOut { busy: false }));
    }

    #[test]
    fn hosts_elsewhere_and_files_that_made_it_fail_were_lacking() {
        for said in [
            "Get \"https://example.com\": dial tcp: lookup example.com on 127.0.0.1:53: read udp: connection refused",
            "dial tcp 192.0.2.1:80: connect: network is unreachable",
            "lookup example.com: no such host",
        ] {
            assert!(lacks(said, 0).unwrap().contains("network"), "{said}");
        }
        assert!(
            lacks("open a.json: no such file or directory", 1)
                .unwrap()
                .contains("`a.json`")
        );
    }

    #[test]
    fn a_file_that_statements_open_is_lacking() {
        let code = "data, err := os.ReadFile(\"a.txt\")\nif err != nil {\n\treturn err\n}\n";
        assert!(unopened(code).unwrap().contains("`a.txt`"));
        assert_eq!(
            unopened(&format!("os.WriteFile(\"a.txt\", nil, 0o600)\n{code}")),
            None
        );
        assert_eq!(unopened("data, err := os.ReadFile(name)\n"), None);
    }

    #[test]
    fn what_happens_to_any_reader_was_not_lacking() {
        for said in [
            "dial tcp 127.0.0.1:1: connect: connection refused",
            "dial tcp [::1]:1: connect: connection refused",
            "dial unix /tmp/x: no such file or directory",
            "lookup failed: no key",
            "open a.json: no such file or directory",
            "all fine",
        ] {
            assert_eq!(lacks(said, 0), None, "{said}");
        }
    }
}
