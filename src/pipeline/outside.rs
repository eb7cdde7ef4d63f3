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
    let file = NO_FILE.captures(&said).filter(|_| failed)?;
    Some(format!(
        "it needs the file `{}`, which it does not get here",
        &file[1]
    ))
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
        let run = Execution {
            stdout: Output {
                text: text.to_owned(),
                omitted: 0,
            },
            stderr: Output::default(),
            end: End::Exited(code),
            crash: None,
            duration: Duration::ZERO,
            fake_time: None,
            attempts: Vec::new(),
        };
        lacked_by(&run, "")
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
