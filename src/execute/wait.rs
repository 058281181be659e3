//! Waiting for AWS: looking again and again, less and less often, never for ever.
//!
//! This is not retrying: a call that could succeed is sent again below the ports. Here AWS has answered, and the
//! answer is "not yet".

use std::time::Duration;

use tokio::time::Instant;

use super::report::StepError;
use crate::cloud::CloudError;

/// What a look found.
pub(super) enum Look<T> {
    /// What was waited for.
    There(T),
    /// Not yet; what was seen instead.
    NotYet(String),
}

/// How often to look, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    first: Duration,
    longest: Duration,
    deadline: Duration,
}

impl Pace {
    /// Account creation takes one to three minutes as a rule; five at a time share a rate of two looks a second.
    pub(super) const ACCOUNT_CREATION: Self = Self::new(3, 15, 30 * 60);
    /// A new account answers within five minutes as a rule.
    pub(super) const READINESS: Self = Self::new(2, 30, 30 * 60);
    /// CloudFormation: its own waiters look every 30 s, which is too slow when most stacks take one minute.
    pub(super) const STACK: Self = Self::new(2, 10, 3 * 60 * 60);
    /// A change set is made in seconds, and of a big template in a minute or two.
    pub(super) const CHANGE_SET: Self = Self::new(1, 10, 15 * 60);
    /// A change set or an empty stack goes in seconds. Others wait for it, so that nobody waits for long.
    pub(super) const REMOVAL: Self = Self::new(1, 10, 2 * 60);
    /// What was just written may not be read at once.
    pub(super) const READ_BACK: Self = Self::new(1, 5, 60);

    const fn new(first: u64, longest: u64, deadline: u64) -> Self {
        Self {
            first: Duration::from_secs(first),
            longest: Duration::from_secs(longest),
            deadline: Duration::from_secs(deadline),
        }
    }
}

/// Looks until the thing is there, an error comes, or the time is over; `what` says what then did not happen.
pub(super) async fn poll<T>(
    pace: Pace,
    what: &str,
    mut look: impl AsyncFnMut() -> Result<Look<T>, StepError>,
) -> Result<T, StepError> {
    let started = Instant::now();
    let mut pause = pace.first;
    loop {
        let last = match look().await? {
            Look::There(found) => return Ok(found),
            Look::NotYet(seen) => seen,
        };
        if started.elapsed() + pause > pace.deadline {
            let seconds = started.elapsed().as_secs();
            return Err(StepError::Deadline { what: what.to_owned(), seconds, last });
        }
        #[expect(clippy::disallowed_methods, reason = "this is the one place where a run waits")]
        tokio::time::sleep(pause).await;
        pause = (pause * 3 / 2).min(pace.longest);
    }
}

/// Reads back what was written, for as long as AWS may take to show it.
pub(super) async fn until_seen(
    what: &str,
    mut look: impl AsyncFnMut() -> Result<Result<(), String>, CloudError>,
) -> Result<(), StepError> {
    poll(Pace::READ_BACK, what, async || {
        Ok(match look().await? {
            Ok(()) => Look::There(()),
            Err(seen) => Look::NotYet(seen),
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn waiting_ends_with_what_was_last_seen() {
        let error = until_seen("the thing did not show", async || Ok(Err("nothing".to_owned())))
            .await
            .unwrap_err();
        let StepError::Deadline { seconds, last, .. } = error else { panic!("{error}") };
        assert_eq!(last, "nothing");
        assert!(seconds <= 60, "waited {seconds} s");
    }
}
