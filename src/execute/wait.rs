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
    /// Yes, but it has to be seen again by parts of AWS that are slower to hear of it; what was seen.
    Almost(String),
}

/// After so long, a change should be known in all parts of AWS; its services publish no number.
const HEARSAY: Duration = Duration::from_secs(10);

/// How often to look, and for how long.
///
/// The pause grows with the time that was waited: a twenty-fourth of it, so that what takes a minute is seen at
/// most three seconds late and what takes an hour not looked at a thousand times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    shortest: Duration,
    longest: Duration,
    deadline: Duration,
}

impl Pace {
    /// Account creation takes one to three minutes as a rule; five at a time share a rate of two looks a second.
    pub(super) const ACCOUNT_CREATION: Self = Self::new(3, 15, 30 * 60);
    /// A new account answers within five minutes as a rule.
    pub(super) const READINESS: Self = Self::new(2, 30, 30 * 60);
    /// CloudFormation: its own waiters look every 30 s, which is too slow when most stacks take one minute.
    pub(super) const STACK: Self = Self::new(3, 30, 3 * 60 * 60);
    /// A change set is made in seconds, and of a big template in a minute or two.
    pub(super) const CHANGE_SET: Self = Self::new(1, 10, 15 * 60);
    /// A change set or an empty stack goes in seconds. Others wait for it, so that nobody waits for long.
    pub(super) const REMOVAL: Self = Self::new(1, 10, 2 * 60);
    /// What was just written may not be read at once.
    pub(super) const READ_BACK: Self = Self::new(1, 5, 60);

    const fn new(shortest: u64, longest: u64, deadline: u64) -> Self {
        Self {
            shortest: Duration::from_secs(shortest),
            longest: Duration::from_secs(longest),
            deadline: Duration::from_secs(deadline),
        }
    }

    /// How long to wait for the next look, so long after the first one.
    fn pause(self, waited: Duration) -> Duration {
        (waited / 24).clamp(self.shortest, self.longest)
    }
}

/// Looks until the thing is there, an error comes, or the time is over; `what` says what then did not happen.
pub(super) async fn poll<T>(
    pace: Pace,
    what: &str,
    mut look: impl AsyncFnMut() -> Result<Look<T>, StepError>,
) -> Result<T, StepError> {
    let started = Instant::now();
    loop {
        let (last, pause) = match look().await? {
            Look::There(found) => return Ok(found),
            Look::NotYet(seen) => (seen, pace.pause(started.elapsed())),
            Look::Almost(seen) => (seen, HEARSAY),
        };
        if started.elapsed() + pause > pace.deadline {
            let seconds = started.elapsed().as_secs();
            return Err(StepError::Deadline { what: what.to_owned(), seconds, last });
        }
        #[expect(clippy::disallowed_methods, reason = "this is the one place where a run waits")]
        tokio::time::sleep(pause).await;
    }
}

/// Waits for `time`, unless the run is told to stop: then the answer is `false`, at once for a person.
pub(super) async fn pause(time: Duration, stopped: impl Fn() -> bool) -> bool {
    const GLANCE: Duration = Duration::from_millis(250);
    let end = Instant::now() + time;
    loop {
        if stopped() {
            return false;
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return true;
        }
        #[expect(clippy::disallowed_methods, reason = "this is the one place where a run waits")]
        tokio::time::sleep(left.min(GLANCE)).await;
    }
}

/// Waits for a moment, which may have passed.
pub(super) async fn until(moment: Instant) {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where a run waits")]
    tokio::time::sleep(moment.saturating_duration_since(Instant::now())).await;
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
    async fn what_takes_longer_is_seen_later_and_looked_at_less_often() {
        for (takes, late, looks) in [(10, 3, 5), (60, 3, 21), (600, 25, 80), (7_200, 30, 310)] {
            let (started, mut looked) = (Instant::now(), 0);
            let found = poll(Pace::STACK, "it did not come", async || {
                looked += 1;
                let there = started.elapsed() >= Duration::from_secs(takes);
                Ok(if there { Look::There(()) } else { Look::NotYet("not yet".to_owned()) })
            });
            found.await.unwrap();
            let overshoot = started.elapsed().as_secs() - takes;
            assert!(
                overshoot <= late && looked <= looks,
                "{takes} s: {overshoot} s, {looked} looks"
            );
        }
    }

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
