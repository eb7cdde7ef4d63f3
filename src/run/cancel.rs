//! Stopping early: Ctrl-C, or whoever else wants the runner to return.

use std::io;
use std::sync::Arc;

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

    /// Throws it at the first Ctrl-C; the second ends gosnip on the spot with `code`.
    ///
    /// # Errors
    ///
    /// If the thread that listens cannot be started.
    pub fn on_ctrl_c(&self, code: i32) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let cancellation = self.clone();
        std::thread::Builder::new()
            .name("ctrl-c".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    if tokio::signal::ctrl_c().await.is_ok() {
                        cancellation.cancel();
                    }
                    if tokio::signal::ctrl_c().await.is_ok() {
                        std::process::exit(code);
                    }
                });
            })?;
        Ok(())
    }

    /// Waits until it is thrown.
    pub(super) async fn cancelled(&self) {
        let mut receiver = self.thrown.subscribe();
        // The sender lives as long as `self`, so this ends only when the value is true.
        let _thrown = receiver.wait_for(|&thrown| thrown).await;
    }
}
