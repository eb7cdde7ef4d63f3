//! Finding out which level this machine allows, by really trying: gosnip is run in its own sandbox and
//! attacks what the level promises. A level counts as reached only if the attack fails.

use std::fs::{self, File};
use std::io;
use std::net::UdpSocket;
use std::path::{Path, PathBuf};

use super::plan::PROBE;
use super::{Level, Options, Policy};
use crate::temporary::Folder;

/// What the probe says when the sandbox holds.
const HOLDS: &str = "holds";

/// What was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reached {
    /// The level.
    pub(crate) level: Level,
    /// Whether programs become another user (gosnip is root) rather than live in a user namespace.
    pub(crate) other_user: bool,
    /// What the user should know: why not more, and what follows from it.
    pub(crate) notices: Vec<String>,
}

/// Why a level was not reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missed {
    /// The level.
    pub(crate) level: Level,
    /// The reason.
    pub(crate) reason: String,
}

/// Tries the levels from the best down. `attempt` runs the launcher with these arguments at this level
/// (as another user or not) and gives back what it wrote to stdout, or why it could not be started.
///
/// `Err` has the reasons why the policy cannot be met.
pub(crate) fn reach(
    options: &Options,
    mut attempt: impl FnMut(Level, bool, Vec<String>) -> Result<String, String>,
) -> Result<Reached, Vec<Missed>> {
    if options.policy == Policy::Off {
        let notices =
            vec!["the sandbox is off: the notes' programs can do whatever you can".to_owned()];
        return Ok(Reached {
            level: Level::Off,
            other_user: false,
            notices,
        });
    }
    let mut missed = Vec::new();
    for (level, other_user) in candidates(options) {
        match try_level(level, |arguments| attempt(level, other_user, arguments)) {
            Ok(()) => {
                let notices = notices(level, &missed);
                return Ok(Reached {
                    level,
                    other_user,
                    notices,
                });
            }
            Err(reason) => missed.push(Missed { level, reason }),
        }
    }
    Err(missed)
}

/// What to try, best first: root gives up its rights, others make a user namespace.
fn candidates(options: &Options) -> Vec<(Level, bool)> {
    let least = match options.policy {
        Policy::Require => Level::Base,
        Policy::Auto | Policy::Off => Level::Limits,
    };
    let root = rustix::process::geteuid().is_root();
    [
        (Level::Namespaces, true),
        (Level::Namespaces, false),
        (Level::Base, false),
        (Level::Limits, false),
    ]
    .into_iter()
    .filter(|&(level, other_user)| {
        (least..=options.ceiling).contains(&level) && (root || !other_user)
    })
    .collect()
}

/// Tries one level, with a file that must not be readable and a folder that must not be writable.
fn try_level(
    level: Level,
    attempt: impl FnOnce(Vec<String>) -> Result<String, String>,
) -> Result<(), String> {
    let folder = Folder::new().map_err(|error| format!("no temporary folder: {error}"))?;
    fs::write(folder.path().join("secret"), "secret")
        .map_err(|error| format!("no temporary file: {error}"))?;
    let arguments = vec![
        PROBE.to_owned(),
        level.name().to_owned(),
        folder.path().to_string_lossy().into_owned(),
    ];
    let said = attempt(arguments)?;
    let traces = fs::read_dir(folder.path()).map_or(0, Iterator::count);
    match said.trim() {
        HOLDS if traces == 1 => Ok(()),
        HOLDS => Err("it wrote where it must not".to_owned()),
        "" => Err("the probe said nothing".to_owned()),
        leak => Err(leak.to_owned()),
    }
}

/// What the user should know at this level.
fn notices(level: Level, missed: &[Missed]) -> Vec<String> {
    let mut notices = Vec::new();
    if let Some(Missed { level, reason }) = missed.iter().rfind(|missed| missed.level > level) {
        notices.push(format!(
            "sandbox level {level} is not available here: {reason}"
        ));
    }
    match level {
        Level::Base => notices.push(
            "sandbox level base: programs have no sockets (not even on loopback) and cannot start other programs"
                .to_owned(),
        ),
        Level::Limits | Level::Off => notices.push(
            "sandbox level limits: the notes' programs can read and write your files and use the network".to_owned(),
        ),
        Level::Namespaces => {}
    }
    notices
}

/// The attack: run inside the sandbox, says [`HOLDS`] or what it could do. Returns the exit code.
pub(super) fn attack(mut arguments: impl Iterator<Item = String>) -> i32 {
    let level = arguments.next().unwrap_or_default();
    let folder = PathBuf::from(arguments.next().unwrap_or_default());
    let leak = work_at_home().err().or_else(|| {
        if level == Level::Limits.name() {
            return None;
        }
        touch_outside(&folder).or_else(|| use_network(&level))
    });
    println!("{}", leak.as_deref().unwrap_or(HOLDS));
    0
}

/// What every program may do.
fn work_at_home() -> Result<(), String> {
    let could =
        |what: &str, result: io::Result<()>| result.map_err(|error| format!("{what}: {error}"));
    could(
        "cannot write in the working folder",
        fs::write("probe", "probe"),
    )?;
    could(
        "cannot read in the working folder",
        fs::read("probe").map(drop),
    )?;
    could("cannot read /dev/null", File::open("/dev/null").map(drop))
}

/// Reading and writing where nothing may be read or written.
fn touch_outside(folder: &Path) -> Option<String> {
    if fs::read(folder.join("secret")).is_ok() {
        return Some("files outside can be read".to_owned());
    }
    if fs::write(folder.join("trace"), "trace").is_ok()
        || fs::write(folder.join("secret"), "").is_ok()
    {
        return Some("files outside can be written".to_owned());
    }
    None
}

/// Reaching a network. Connecting a UDP socket only looks for a route; nothing is ever sent.
fn use_network(level: &str) -> Option<String> {
    let loopback = UdpSocket::bind("127.0.0.1:0");
    match (level == Level::Namespaces.name(), loopback) {
        (true, Err(error)) => Some(format!("no loopback network: {error}")),
        (true, Ok(socket)) => {
            let anywhere = UdpSocket::bind("0.0.0.0:0").unwrap_or(socket);
            let route = anywhere.connect("192.0.2.1:9").is_ok();
            route.then(|| "the network can be reached".to_owned())
        }
        (false, Ok(_)) => Some("sockets can be opened".to_owned()),
        (false, Err(_)) => None,
    }
}
