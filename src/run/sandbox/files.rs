//! Which files a program may touch, and Landlock, which sees to it.

use std::io;
use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreated, RulesetCreatedAttr, RulesetStatus, Scope,
};

use super::Level;
use super::launcher::{Failed, Step};
use super::plan::Plan;

/// The system's own files: programs, libraries, time zones. Nobody keeps secrets there.
pub(super) const SYSTEM: &[&str] = &[
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/bin",
    "/sbin",
    "/nix/store",
];

/// What a program may need of `/etc`; private keys lie next to the certificates, not among them.
pub(super) const SETTINGS: &[&str] = &[
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/protocols",
    "/etc/services",
    "/etc/ssl/certs",
];

/// The harmless devices.
pub(super) const DEVICES: &[&str] = &[
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
];

/// The least Landlock that keeps its promise: before, files anywhere could be truncated.
const LEAST: ABI = ABI::V3;

/// The newest Landlock whose additions are used where there are any.
const NEWEST: ABI = ABI::V6;

/// Restricts this process to the files it may touch.
///
/// With namespaces the others are not there anyway, so a kernel without Landlock will do.
pub(super) fn restrict(plan: &Plan, binary: &Path, scratch: &Path) -> Result<(), Failed> {
    let restricted = try_restrict(plan, binary, scratch);
    match restricted {
        Err(_) if plan.level >= Level::Namespaces => Ok(()),
        other => other
            .map_err(io::Error::other)
            .step("Landlock (it needs Linux 6.2)"),
    }
}

/// Puts the Landlock rules on.
fn try_restrict(
    plan: &Plan,
    binary: &Path,
    scratch: &Path,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let read = AccessFs::from_read(LEAST);
    let write = AccessFs::from_all(NEWEST) & !(AccessFs::MakeChar | AccessFs::MakeBlock);
    let device = AccessFs::ReadFile | AccessFs::WriteFile;
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(LEAST))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))?
        .scope(Scope::Signal | Scope::AbstractUnixSocket)?
        .create()?;
    for path in visible(plan) {
        rules = allow(rules, path, read)?;
    }
    for path in DEVICES {
        rules = allow(rules, Path::new(path), device)?;
    }
    rules = allow(rules, binary, read)?;
    rules = rules.add_rule(PathBeneath::new(PathFd::new(scratch)?, write))?;
    match rules.restrict_self()?.ruleset {
        RulesetStatus::NotEnforced => Err("not enforced by this kernel".into()),
        RulesetStatus::PartiallyEnforced | RulesetStatus::FullyEnforced => Ok(()),
    }
}

/// What may be read: in namespaces whatever there is, elsewhere a chosen few, and of `/proc` only what is
/// about this very process.
fn visible(plan: &Plan) -> Vec<&Path> {
    if plan.level >= Level::Namespaces {
        return vec![Path::new("/")];
    }
    let few = [SYSTEM, SETTINGS, &["/proc/self"]].concat();
    let few = few.into_iter().map(Path::new);
    few.chain(plan.readable.iter().map(AsRef::as_ref)).collect()
}

/// Allows what lies at and below a path, if there is anything.
fn allow(
    rules: RulesetCreated,
    path: &Path,
    access: impl Into<landlock::BitFlags<AccessFs>>,
) -> Result<RulesetCreated, Box<dyn std::error::Error + Send + Sync>> {
    let Ok(fd) = PathFd::new(path) else {
        return Ok(rules);
    };
    let of_files = AccessFs::from_file(NEWEST);
    let access = access.into();
    let access = if path.is_dir() {
        access
    } else {
        access & of_files
    };
    Ok(rules.add_rule(PathBeneath::new(fd, access))?)
}
