//! Stopping early: Ctrl-C, or whoever else wants the runner to return.

use std::io;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// A switch that can be thrown once, from any thread; clones are the same switch.
#[derive(Debug, Clone)]
pub struct Cancellation {
    thrown: Arc<watch::Sender<bool>>,
}

impl Default for Cancellation {
    fn default() -> Self {
        Self {
            thrown: Arc::new(watch::Sender::new(false)),
        }
    }
}

impl Cancellation {
    /// Throws it: running jobs are killed, no more are started.
    pub fn cancel(&self) {
        self.thrown.send_replace(true);
    }

    /// Whether it was thrown.
    pub fn is_cancelled(&self) -> bool {
        *self.thrown.borrow()
    }

    /// Throws it at the first Ctrl-C (or SIGTERM); the second ends gosnip on the spot with `code`.
    ///
    /// # Errors
    ///
    /// If the signals cannot be caught or the thread that listens cannot be started.
    pub fn on_ctrl_c(&self, code: i32) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        // Caught from now on, not from when the thread gets to it.
        let (mut interrupt, mut terminate) = {
            let _inside = runtime.enter();
            (
                signal(SignalKind::interrupt())?,
                signal(SignalKind::terminate())?,
            )
        };
        let cancellation = self.clone();
        let listen = async move {
            for code in [None, Some(code)] {
                tokio::select! {
                    _caught = interrupt.recv() => {}
                    _caught = terminate.recv() => {}
                }
                match code {
                    None => cancellation.cancel(),
                    Some(code) => std::process::exit(code),
                }
            }
        };
        let thread = std::thread::Builder::new().name("ctrl-c".to_owned());
        thread.spawn(move || runtime.block_on(listen)).map(drop)
    }

    /// Waits until it is thrown.
    pub(super) async fn cancelled(&self) {
        let mut receiver = self.thrown.subscribe();
        // The sender lives as long as `self`, so this ends only when the value is true.
        let _thrown = receiver.wait_for(|&thrown| thrown).await;
    }
}
