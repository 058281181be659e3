//! How often AWS lets itself be called.

use std::collections::BTreeMap;

use super::world::Moment;
use crate::pace::{self, Asked, Bucket, Quota};

/// The token buckets that somebody has drawn from.
#[derive(Debug, Default)]
pub(super) struct Quotas {
    levels: BTreeMap<Bucket, Level>,
    /// How many buckets there may be before the full ones are thrown away.
    room: usize,
}

/// How full a bucket was when somebody last drew from it.
#[derive(Clone, Copy, Debug)]
struct Level {
    tokens: f64,
    at: Moment,
    quota: Quota,
}

impl Quotas {
    /// Draws a token for a call, if there is one.
    pub(super) fn take(&mut self, asked: &Asked, now: Moment) -> bool {
        // What AWS does not publish is taken to be what avm allows itself.
        let Some(quota) = pace::quota(&asked.operation) else { return true };
        self.tidy(now);
        let full = Level { tokens: quota.burst, at: now, quota };
        let level = self.levels.entry(pace::bucket(asked)).or_insert(full);
        *level = level.refilled(now);
        let there = level.tokens >= 1.0;
        if there {
            level.tokens -= 1.0;
        }
        there
    }

    /// Throws full buckets away: they are as if nobody had drawn from them.
    fn tidy(&mut self, now: Moment) {
        if self.levels.len() > self.room {
            self.levels.retain(|_, level| !level.refilled(now).is_full());
            self.room = (2 * self.levels.len()).max(1_000);
        }
    }
}

impl Level {
    #[expect(clippy::cast_precision_loss, reason = "a run has fewer than 2^52 milliseconds")]
    fn refilled(self, now: Moment) -> Self {
        let seconds = now.0.saturating_sub(self.at.0) as f64 / 1_000.0;
        let tokens = (self.tokens + seconds * self.quota.per_second).min(self.quota.burst);
        Self { tokens, at: now, ..self }
    }

    fn is_full(self) -> bool {
        self.tokens >= self.quota.burst
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(operation: &str, account: &str) -> Asked {
        let (account, region) = (account.parse().unwrap(), "eu-west-1".parse().unwrap());
        Asked { operation: operation.into(), target: crate::model::Target { account, region } }
    }

    #[test]
    fn a_bucket_is_empty_after_its_burst_and_fills_at_its_rate() {
        let mut quotas = Quotas::default();
        let here = asked("organizations:ListRoots", "111111111111");
        let mut draw = |seconds: u64| quotas.take(&here, Moment(1_000 * seconds));
        let drawn = [draw(0), draw(0), draw(0), draw(1), draw(1), draw(9), draw(9), draw(9)];
        assert_eq!(drawn, [true, true, false, true, false, true, true, false]);
    }

    #[test]
    fn full_buckets_take_no_memory() {
        let mut quotas = Quotas::default();
        for number in 0..20_000 {
            let there = asked("ec2:DescribeVpcs", &format!("{number:012}"));
            assert!(quotas.take(&there, Moment(1_000 * number)));
        }
        assert!(quotas.levels.len() <= 1_001, "{}", quotas.levels.len());
    }
}
