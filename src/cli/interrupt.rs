//! Ctrl-C: the first one asks for an orderly end, the second one ends at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag::{register, register_conditional_shutdown};

use crate::exit::ExitCode;
use crate::toolchain::process;

/// Whether the process was interrupted, or asked to end.
pub fn has_come() -> bool {
    process::interrupted().load(Ordering::Relaxed)
}

/// A flag that becomes true when the process is interrupted (SIGINT) or asked to end (SIGTERM, as CI
/// services send it). When it is true already, the process exits with [`ExitCode::Interrupted`].
pub fn flag() -> anyhow::Result<Arc<AtomicBool>> {
    let flag = Arc::clone(process::interrupted());
    for signal in [SIGINT, SIGTERM] {
        // The order matters: the exit has to see the flag as the previous signal left it.
        let code = i32::from(ExitCode::Interrupted.code());
        register_conditional_shutdown(signal, code, Arc::clone(&flag))
            .and_then(|_| register(signal, Arc::clone(&flag)))
            .with_context(|| format!("can't listen for signal {signal}"))?;
    }
    Ok(flag)
}
