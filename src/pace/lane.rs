//! What one account, region and service has been cut to.

use std::time::Duration;

use tokio::time::Instant;

/// The least that a lane is cut to, as a share of its full rate.
const LEAST: f64 = 1.0 / 32.0;
/// How long a lane takes from nothing to its full rate. It recovers by time and not by calls, so that a lane of one
/// call in ten seconds and one of five hundred in a second recover alike.
const RECOVERY: Duration = Duration::from_mins(1);
/// What was under way when a lane was cut may still be throttled, or served: for so long that says nothing new.
const SETTLING: Duration = Duration::from_secs(1);
/// How long a throttle is remembered by a lane that nothing has been served in since.
const MEMORY: Duration = Duration::from_mins(10);

/// A lane that has been throttled. It is halved by a throttle, and recovers evenly from the first answer on that is
/// none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lane {
    /// The share of the full rate that the last cut has left.
    share: f64,
    cut: Instant,
    /// Since when the lane recovers.
    served: Option<Instant>,
}

impl Lane {
    /// A lane of full rate, cut for the first time.
    pub(super) fn cut(now: Instant) -> Self {
        Self { share: 0.5, cut: now, served: None }
    }

    /// The share of its full rate that the lane has now.
    pub(super) fn share(&self, now: Instant) -> f64 {
        let recovered = self.served.map_or(0.0, |since| {
            now.saturating_duration_since(since).as_secs_f64() / RECOVERY.as_secs_f64()
        });
        (self.share + recovered).min(1.0)
    }

    /// AWS has throttled a call of the lane once more.
    pub(super) fn throttled(&mut self, now: Instant) {
        if self.has_settled(now) {
            *self = Self { share: (self.share(now) / 2.0).max(LEAST), cut: now, served: None };
        }
    }

    /// AWS has answered a call of the lane.
    pub(super) fn answered(&mut self, now: Instant) {
        if self.served.is_none() && self.has_settled(now) {
            self.served = Some(now);
        }
    }

    /// Whether the lane is as any other again.
    pub(super) fn at_rest(&self, now: Instant) -> bool {
        self.share(now) >= 1.0 || now.saturating_duration_since(self.cut) > MEMORY
    }

    fn has_settled(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.cut) >= SETTLING
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the numbers are sums of powers of two, which are exact")]
mod tests {
    use super::*;

    fn share(lane: &Lane, now: Instant) -> f64 {
        (lane.share(now) * 1000.0).round() / 1000.0
    }

    #[test]
    fn a_throttle_halves_and_what_was_under_way_does_not_count_again() {
        let start = Instant::now();
        let mut lane = Lane::cut(start);
        lane.throttled(start + Duration::from_millis(300));
        assert_eq!(share(&lane, start), 0.5);
        lane.throttled(start + Duration::from_secs(2));
        assert_eq!(share(&lane, start), 0.25);
    }

    #[test]
    fn there_is_a_least_rate() {
        let start = Instant::now();
        let mut lane = Lane::cut(start);
        for second in 1..100 {
            lane.throttled(start + Duration::from_secs(second));
        }
        assert_eq!(lane.share(start), LEAST);
    }

    #[test]
    fn a_lane_recovers_evenly_once_aws_answers() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut lane = Lane::cut(start);
        assert_eq!(share(&lane, at(5)), 0.5);
        lane.answered(at(5));
        assert_eq!(share(&lane, at(20)), 0.75);
        assert!(!lane.at_rest(at(34)));
        assert_eq!(share(&lane, at(35)), 1.0);
        assert!(lane.at_rest(at(35)));
    }

    #[test]
    fn a_lane_that_is_not_asked_any_more_is_forgotten() {
        let start = Instant::now();
        let lane = Lane::cut(start);
        assert!(!lane.at_rest(start + MEMORY));
        assert!(lane.at_rest(start + MEMORY + SETTLING));
    }
}
