//! How long a call waits before it is sent again, and how often it is.

use std::time::Duration;

/// How often a call is sent at most. Fifteen waits below 1, 2, 4, 8, 16 and then 20 seconds come to 115 seconds on
/// average, so that a throttle of a minute is outlasted 998 times in 1,000, and to less than four minutes always.
pub const MAX_ATTEMPTS: u32 = 16;
/// What the wait before the second attempt stays below.
pub const FIRST_LIMIT: Duration = Duration::from_secs(1);
/// What every wait stays below.
pub const LONGEST_LIMIT: Duration = Duration::from_secs(20);

/// How long to wait after `attempt` (counted from one): any time below a limit that doubles. `None` after the last.
///
/// The whole of the limit is open to chance ("full jitter"), so that calls that were refused together do not come
/// back together.
pub(super) fn back_off(attempt: u32, rng: &mut fastrand::Rng) -> Option<Duration> {
    (attempt < MAX_ATTEMPTS).then(|| limit(attempt).mul_f64(rng.f64()))
}

fn limit(attempt: u32) -> Duration {
    let doubled = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
    FIRST_LIMIT.saturating_mul(doubled).min(LONGEST_LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(seed: u64) -> Vec<Duration> {
        let mut rng = fastrand::Rng::with_seed(seed);
        (1..).map_while(|attempt| back_off(attempt, &mut rng)).collect()
    }

    #[test]
    fn waits_stay_below_a_limit_that_doubles() {
        let limits: Vec<_> = (1..=7).map(|attempt| limit(attempt).as_secs()).collect();
        assert_eq!(limits, [1, 2, 4, 8, 16, 20, 20]);
        for seed in 0..100 {
            for (attempt, wait) in (1..).zip(waits(seed)) {
                assert!(wait < limit(attempt), "seed {seed}, attempt {attempt}: {wait:?}");
            }
        }
    }

    #[test]
    fn there_is_an_end() {
        assert_eq!(waits(1).len() + 1, usize::try_from(MAX_ATTEMPTS).unwrap());
        assert_eq!(back_off(u32::MAX, &mut fastrand::Rng::with_seed(1)), None);
    }

    #[test]
    fn a_throttle_of_a_minute_is_outlasted() {
        let minute = Duration::from_mins(1);
        let short = (0..10_000).filter(|seed| waits(*seed).iter().sum::<Duration>() < minute);
        let short = short.count();
        assert!(short <= 30, "{short} of 10,000 calls give up within the minute");
    }

    #[test]
    fn a_seed_decides_all_waits() {
        assert_eq!(waits(7), waits(7));
        assert_ne!(waits(7), waits(8));
    }
}
