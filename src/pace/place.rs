//! The queue of one bucket of tokens.

use std::time::Duration;

use tokio::time::Instant;

/// How fast one bucket is taken from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rhythm {
    /// The time between two places once the burst is used up.
    pub(super) interval: Duration,
    /// How far ahead of that rhythm a burst may be: no time at all allows a burst of one.
    pub(super) ahead: Duration,
}

impl Rhythm {
    /// Of a bucket of `burst` tokens (at least one) that is filled by `per_second`, in a lane that has been cut to
    /// `share` of that.
    pub(super) fn new(per_second: f64, burst: f64, share: f64) -> Self {
        let interval = Duration::from_secs_f64(1.0 / per_second);
        // `ahead` does not grow with the interval: a lane that is cut to half its rate has half its burst as well.
        Self { interval: interval.div_f64(share), ahead: interval.mul_f64((burst - 1.0).max(0.0)) }
    }
}

/// Places in one bucket, kept as the time at which the bucket will be full again: if nothing is taken until then,
/// nothing needs to be known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Places {
    full: Instant,
}

impl Places {
    /// A full bucket.
    pub(super) fn full(now: Instant) -> Self {
        Self { full: now }
    }

    /// Whether the bucket is full, so that it can be forgotten.
    pub(super) fn at_rest(self, now: Instant) -> bool {
        self.full <= now
    }

    /// Takes the next place, and tells when its time is. Nobody who comes later gets an earlier one, also when the
    /// rhythm has changed in between.
    pub(super) fn take(&mut self, rhythm: Rhythm, now: Instant) -> Duration {
        let place = self.full.checked_sub(rhythm.ahead).unwrap_or(now).max(now);
        self.full = self.full.max(now) + rhythm.interval;
        place - now
    }

    /// AWS's bucket is empty, whatever ours is: the next place is one interval away.
    pub(super) fn empty(&mut self, rhythm: Rhythm, now: Instant) {
        self.full = self.full.max(now + rhythm.ahead + rhythm.interval);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(places: &mut Places, rhythm: Rhythm, now: Instant, count: usize) -> Vec<f64> {
        (0..count).map(|_| places.take(rhythm, now).as_secs_f64()).collect()
    }

    #[test]
    fn a_burst_goes_at_once_and_all_others_stand_in_line() {
        let now = Instant::now();
        let mut places = Places::full(now);
        let rhythm = Rhythm::new(2.0, 3.0, 1.0);
        assert_eq!(seconds(&mut places, rhythm, now, 6), [0.0, 0.0, 0.0, 0.5, 1.0, 1.5]);
    }

    #[test]
    fn a_bucket_fills_again() {
        let now = Instant::now();
        let mut places = Places::full(now);
        let rhythm = Rhythm::new(2.0, 3.0, 1.0);
        seconds(&mut places, rhythm, now, 3);
        let later = now + Duration::from_secs(1);
        assert!(!places.at_rest(later));
        assert_eq!(seconds(&mut places, rhythm, later, 3), [0.0, 0.0, 0.5]);
        assert!(places.at_rest(later + Duration::from_secs(2)));
    }

    #[test]
    fn a_full_bucket_delays_nobody() {
        let now = Instant::now();
        for burst in [0.4, 1.0, 2.4] {
            let mut places = Places::full(now);
            assert_eq!(places.take(Rhythm::new(0.1, burst, 1.0), now), Duration::ZERO);
        }
    }

    #[test]
    fn nobody_overtakes_when_the_rhythm_changes() {
        let now = Instant::now();
        let mut places = Places::full(now);
        let mut last = Duration::ZERO;
        for share in [1.0, 1.0, 1.0, 0.5, 0.25, 0.25, 0.3, 0.6, 1.0, 1.0] {
            let place = places.take(Rhythm::new(2.0, 3.0, share), now);
            assert!(place >= last, "{place:?} after {last:?}");
            last = place;
        }
    }

    #[test]
    fn an_empty_bucket_has_its_next_place_an_interval_away() {
        let now = Instant::now();
        let mut places = Places::full(now);
        let rhythm = Rhythm::new(2.0, 10.0, 0.5);
        places.empty(rhythm, now);
        places.empty(rhythm, now);
        assert_eq!(seconds(&mut places, rhythm, now, 2), [1.0, 2.0]);
    }
}
