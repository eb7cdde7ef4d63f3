//! How long a job may take, said while it runs: who starts it early does not know yet how much is needed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// A time limit that can be changed while the job runs; clones are the same limit.
#[derive(Debug, Clone)]
pub struct Leash {
    limit: Arc<watch::Sender<Duration>>,
}

impl Leash {
    /// A limit that is counted from when the job starts.
    pub fn new(limit: Duration) -> Self {
        Self {
            limit: Arc::new(watch::Sender::new(limit)),
        }
    }

    /// Makes it so long. A job that has had as much already ends at once.
    pub fn change(&self, limit: Duration) {
        self.limit.send_replace(limit);
    }

    /// Ends the job: nobody wants to know any more what it does.
    pub fn let_go(&self) {
        self.change(Duration::ZERO);
    }

    /// How long it is now.
    pub(super) fn limit(&self) -> Duration {
        *self.limit.borrow()
    }

    /// Waits until a job that began then has had its time.
    pub(super) async fn is_over(&self, began: Instant) {
        let mut limit = self.limit.subscribe();
        loop {
            let until = began + *limit.borrow_and_update();
            tokio::select! {
                () = sleep_until(until) => return,
                // The sender lives as long as `self`.
                _changed = limit.changed() => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shortened_ends_though_it_had_begun_with_more() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let leash = Leash::new(Duration::from_secs(3600));
            let other = leash.clone();
            tokio::join!(leash.is_over(Instant::now()), async move { other.let_go() });
            assert_eq!(leash.limit(), Duration::ZERO);
        });
    }
}
