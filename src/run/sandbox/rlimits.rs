//! Limits that any process may put on itself (`setrlimit`).

use std::io;

use rustix::process::{Resource, Rlimit, setrlimit};

use super::Level;
use super::plan::Plan;

/// Puts the plan's limits on this process and whatever it becomes.
pub(super) fn apply(plan: &Plan) -> io::Result<()> {
    let limits = &plan.limits;
    set(Resource::Core, 0, 0)?;
    set(Resource::Data, limits.memory, limits.memory)?;
    set(Resource::Fsize, limits.files, limits.files)?;
    set(Resource::Nofile, limits.open_files, limits.open_files)?;
    // No SIGXCPU before SIGKILL: Go's runtime would ignore it.
    set(Resource::Cpu, plan.cpu_seconds, plan.cpu_seconds)?;
    if plan.level >= Level::Namespaces {
        // Elsewhere it would count all processes of the user, and gosnip's neighbours would decide
        // how many threads a program may have.
        set(Resource::Nproc, limits.processes, limits.processes)?;
    }
    Ok(())
}

/// Sets a limit, lowering it to what is already the most that is allowed.
fn set(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let most = rustix::process::getrlimit(resource).maximum;
    let within = |wanted: u64| Some(most.map_or(wanted, |most| most.min(wanted)));
    let new = Rlimit {
        current: within(soft),
        maximum: within(hard),
    };
    Ok(setrlimit(resource, new)?)
}
