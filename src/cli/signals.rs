//! Ctrl-C: once to stop in good order, twice to stop at once; at once where nothing is changed.

use std::sync::atomic::{AtomicBool, Ordering};

use super::exit::Exit;
use super::failure::Failure;

/// Does work that changes nothing, unless it is interrupted: then it is dropped where it stands.
///
/// For a command that asks nobody anything afterwards: from here on, a signal ends the program by way of this alone.
pub(super) async fn until_interrupted<T>(
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let Ok(mut interruptions) = Interruptions::listen() else { return work.await };
    tokio::select! {
        biased;
        exit = interruptions.next() => {
            Err(Failure { exit, ..Failure::new("interrupted; nothing was changed") })
        }
        done = work => done,
    }
}

/// Does the work, unless it is interrupted twice: then it is dropped where it stands, and the answer is `None`.
///
/// The first interruption sets `cancel`, so that nothing new begins.
pub(super) async fn interruptible<T>(
    work: impl Future<Output = T>,
    cancel: &AtomicBool,
    on_first: impl Fn(),
) -> Option<T> {
    let Ok(mut interruptions) = Interruptions::listen() else { return Some(work.await) };
    let interrupted = async || {
        interruptions.next().await;
    };
    interruptible_by(interrupted, work, cancel, on_first).await
}

async fn interruptible_by<T>(
    mut interrupted: impl AsyncFnMut(),
    work: impl Future<Output = T>,
    cancel: &AtomicBool,
    on_first: impl Fn(),
) -> Option<T> {
    let twice = async {
        interrupted().await;
        cancel.store(true, Ordering::SeqCst);
        on_first();
        interrupted().await;
    };
    tokio::select! {
        biased;
        done = work => Some(done),
        () = twice => None,
    }
}

/// What a person or a machine sends to end the program: SIGINT and SIGTERM, or Ctrl-C where there are no signals.
#[cfg(unix)]
struct Interruptions {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Interruptions {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for the next one, and answers how a program ends that ends by it.
    async fn next(&mut self) -> Exit {
        tokio::select! {
            _ = self.interrupt.recv() => Exit::Interrupted,
            _ = self.terminate.recv() => Exit::Terminated,
        }
    }
}

#[cfg(not(unix))]
struct Interruptions;

#[cfg(not(unix))]
impl Interruptions {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Exit {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Exit::Interrupted
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn one_interruption_asks_and_the_work_ends_in_its_own_time() {
        let (cancel, asked) = (AtomicBool::new(false), Notify::new());
        let told = Cell::new(0);
        let mut left = 1;
        let interrupted = async || {
            if left == 0 {
                std::future::pending::<()>().await;
            }
            left -= 1;
        };
        let work = async {
            asked.notified().await;
            cancel.load(Ordering::SeqCst)
        };
        let on_first = || {
            told.set(told.get() + 1);
            asked.notify_one();
        };
        assert_eq!(interruptible_by(interrupted, work, &cancel, on_first).await, Some(true));
        assert_eq!(told.get(), 1);
    }

    #[tokio::test]
    async fn two_interruptions_end_work_that_does_not_end() {
        let cancel = AtomicBool::new(false);
        let work = std::future::pending::<()>();
        assert_eq!(interruptible_by(async || {}, work, &cancel, || {}).await, None);
        assert!(cancel.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn work_that_is_not_interrupted_is_done() {
        let cancel = AtomicBool::new(false);
        assert_eq!(interruptible(async { 7 }, &cancel, || {}).await, Some(7));
        assert!(!cancel.load(Ordering::SeqCst));
    }
}
