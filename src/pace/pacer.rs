//! Places in the queue of every quota.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::back_off::back_off;
use super::lane::Lane;
use super::place::{Places, Rhythm};
use super::quota::{Basis, Bucket, Quota, Scope, bucket_of, is_serial, quota};
use crate::model::Target;

/// What a run takes of a quota, at most. Others draw on the same one: people in the console, AWS's own services, other
/// tools; and the network brings attempts closer together than they were sent.
const SHARE: f64 = 0.8;
/// What an operation is held to of which avm knows nothing but that it was throttled.
const UNKNOWN: Quota = Quota {
    per_second: 10.0,
    burst: 10.0,
    scope: Scope::Cell,
    shared: None,
    basis: Basis::Assumed,
};
/// How many buckets are kept before those are looked for that are full again.
const FEW: usize = 1024;

/// What is asked of whom: the quotas that one attempt of a call counts against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The service and operation: `cloudformation:CreateStack`.
    pub operation: String,
    /// The account whose quota it counts against, and the region that is asked: for services that are global, the home
    /// region; for Organizations and STS, the management account.
    pub target: Target,
}

/// What AWS said to an attempt, as far as pace is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Anything but a throttle: success, refusal, failure.
    Served,
    /// Too many calls.
    Throttled,
}

/// The pace of a run. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Pacer {
    state: Arc<Mutex<State>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug)]
struct State {
    /// Buckets that are not full.
    places: BTreeMap<Bucket, Places>,
    /// How many of them there may be before those are dropped that have filled.
    enough: usize,
    /// Lanes that have been throttled, by service.
    lanes: BTreeMap<Target, BTreeMap<String, Lane>>,
    rng: fastrand::Rng,
}

impl Default for State {
    fn default() -> Self {
        Self {
            places: BTreeMap::new(),
            enough: FEW,
            lanes: BTreeMap::new(),
            rng: fastrand::Rng::with_seed(0),
        }
    }
}

impl Pacer {
    /// A pace that has learnt nothing yet. `seed` decides its jitter.
    pub fn new(seed: u64) -> Self {
        let state = State { rng: fastrand::Rng::with_seed(seed), ..State::default() };
        Self { state: Arc::new(Mutex::new(state)), turn: Arc::default() }
    }

    /// Takes the next free place of an attempt, and tells how long to wait for it. A place that is taken and not used
    /// is lost.
    pub fn reserve(&self, asked: &Asked, now: Instant) -> Duration {
        self.state().reserve(asked, now)
    }

    /// Learns what AWS said.
    pub fn learn(&self, asked: &Asked, answer: Answer, now: Instant) {
        let mut state = self.state();
        match answer {
            Answer::Served => state.served(asked, now),
            Answer::Throttled => state.throttled(asked, now),
        }
    }

    /// How long to wait before the attempt after `attempt` (counted from one) that failed: full jitter below a
    /// limit that doubles. `None` if there shall be no other.
    pub fn back_off(&self, attempt: u32) -> Option<Duration> {
        back_off(attempt, &mut self.state().rng)
    }

    /// The turn that an attempt needs beside its place, where AWS lets one in at a time ([`is_serial`]): to be locked
    /// when its place has come, and held until AWS has answered. `None` for all others.
    ///
    /// A run has one organization, so there is one turn.
    pub fn turn(&self, asked: &Asked) -> Option<Arc<tokio::sync::Mutex<()>>> {
        is_serial(&asked.operation).then(|| Arc::clone(&self.turn))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves at worst a place that nobody uses.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn reserve(&mut self, asked: &Asked, now: Instant) -> Duration {
        let quota = quota(&asked.operation);
        let share = self.share(asked, now);
        if quota.is_none() && share >= 1.0 {
            return Duration::ZERO;
        }
        self.forget_full(now);
        let places = self.places.entry(bucket_of(asked, quota)).or_insert(Places::full(now));
        places.take(rhythm(quota, share), now)
    }

    fn throttled(&mut self, asked: &Asked, now: Instant) {
        let services = self.lanes.entry(asked.target.clone()).or_default();
        services
            .entry(service(asked).to_owned())
            .and_modify(|lane| lane.throttled(now))
            .or_insert(Lane::cut(now));
        let quota = quota(&asked.operation);
        let rhythm = rhythm(quota, self.share(asked, now));
        let places = self.places.entry(bucket_of(asked, quota)).or_insert(Places::full(now));
        places.empty(rhythm, now);
    }

    fn served(&mut self, asked: &Asked, now: Instant) {
        let Some(services) = self.lanes.get_mut(&asked.target) else { return };
        if let Some(lane) = services.get_mut(service(asked)) {
            lane.answered(now);
        }
        services.retain(|_, lane| !lane.at_rest(now));
        if services.is_empty() {
            self.lanes.remove(&asked.target);
        }
    }

    /// What the lane of an attempt has left of its rate.
    fn share(&self, asked: &Asked, now: Instant) -> f64 {
        let lane = self.lanes.get(&asked.target).and_then(|services| services.get(service(asked)));
        lane.filter(|lane| !lane.at_rest(now)).map_or(1.0, |lane| lane.share(now))
    }

    /// Drops the buckets that have filled, each time that there are twice as many as there were left.
    fn forget_full(&mut self, now: Instant) {
        if self.places.len() >= self.enough {
            self.places.retain(|_, places| !places.at_rest(now));
            self.lanes.retain(|_, services| {
                services.retain(|_, lane| !lane.at_rest(now));
                !services.is_empty()
            });
            self.enough = FEW.max(2 * self.places.len());
        }
    }
}

fn rhythm(quota: Option<Quota>, share: f64) -> Rhythm {
    let Quota { per_second, burst, .. } = quota.unwrap_or(UNKNOWN);
    Rhythm::new(per_second * SHARE, burst * SHARE, share)
}

/// `cloudformation:CreateStack` is CloudFormation's.
fn service(asked: &Asked) -> &str {
    asked.operation.split(':').next().unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the numbers are sums of powers of two, which are exact")]
mod tests {
    use super::*;

    fn asked(operation: &str, account: &str) -> Asked {
        let target =
            Target { account: account.parse().unwrap(), region: "eu-west-1".parse().unwrap() };
        Asked { operation: operation.into(), target }
    }

    fn one(operation: &str) -> Asked {
        asked(operation, "111111111111")
    }

    fn other(operation: &str) -> Asked {
        asked(operation, "222222222222")
    }

    /// The places of so many attempts at once, in seconds.
    fn places(pacer: &Pacer, asked: &Asked, now: Instant, count: usize) -> Vec<f64> {
        (0..count).map(|_| pacer.reserve(asked, now).as_secs_f64()).collect()
    }

    fn last(pacer: &Pacer, asked: &Asked, now: Instant, count: usize) -> f64 {
        places(pacer, asked, now, count).pop().unwrap()
    }

    #[test]
    fn a_run_stays_below_what_aws_grants() {
        let (pacer, now) = (Pacer::new(1), Instant::now());
        // Eight in a second and twelve at once: for us 6.4 and 9.6.
        let places = places(&pacer, &one("organizations:ListAccounts"), now, 640);
        assert_eq!(places.iter().filter(|place| **place == 0.0).count(), 9);
        let end = places.last().unwrap();
        assert!((98.0..100.0).contains(end), "{end}");
    }

    #[test]
    fn account_creations_go_one_in_twelve_seconds() {
        let (pacer, now) = (Pacer::new(1), Instant::now());
        let places = places(&pacer, &one("organizations:CreateAccount"), now, 4);
        assert_eq!(places, [0.0, 0.0, 7.5, 20.0]);
    }

    #[test]
    fn accounts_and_operations_do_not_wait_for_each_other() {
        let (pacer, now) = (Pacer::new(1), Instant::now());
        places(&pacer, &one("cloudformation:CreateStack"), now, 100);
        assert_eq!(pacer.reserve(&other("cloudformation:CreateStack"), now), Duration::ZERO);
        assert_eq!(pacer.reserve(&one("cloudformation:DescribeStacks"), now), Duration::ZERO);
        assert_ne!(pacer.reserve(&one("cloudformation:DeleteStack"), now), Duration::ZERO);
    }

    #[test]
    fn a_throttle_slows_its_lane_and_no_other() {
        let (pacer, now) = (Pacer::new(1), Instant::now());
        pacer.learn(&one("ec2:DescribeVpcs"), Answer::Throttled, now);
        // Twenty in a second are sixteen for us, and eight after a throttle.
        assert_eq!(places(&pacer, &one("ec2:DescribeVpcs"), now, 2), [0.125, 0.25]);
        let slow = last(&pacer, &one("ec2:DescribeSubnets"), now, 160);
        let fast = last(&pacer, &other("ec2:DescribeSubnets"), now, 160);
        assert!(slow > 14.0 && fast < 6.0, "{slow} {fast}");
        let of_other_service = last(&pacer, &one("kms:ListKeys"), now, 7);
        assert_eq!(of_other_service, 0.0);
    }

    #[test]
    fn a_lane_recovers() {
        let (pacer, now) = (Pacer::new(1), Instant::now());
        let asked = one("ec2:DescribeVpcs");
        pacer.learn(&asked, Answer::Throttled, now);
        let served = now + Duration::from_secs(2);
        pacer.learn(&asked, Answer::Served, served);
        let recovered = served + Duration::from_secs(30);
        pacer.learn(&asked, Answer::Served, recovered);
        assert!(pacer.state().lanes.is_empty());
        assert!(last(&pacer, &asked, recovered, 160) < 6.0);
    }

    #[test]
    fn a_service_without_quota_is_held_back_only_once_it_is_throttled() {
        let (pacer, now) = (Pacer::new(1), Instant::now());
        let asked = one("new:Thing");
        assert_eq!(last(&pacer, &asked, now, 1000), 0.0);
        pacer.learn(&asked, Answer::Throttled, now);
        assert_eq!(places(&pacer, &asked, now, 2), [0.25, 0.5]);
    }

    #[test]
    fn ten_thousand_accounts_leave_nothing_behind() {
        let pacer = Pacer::new(1);
        let mut now = Instant::now();
        let mut most = 0;
        for account in 0..10_000 {
            let asked = asked("cloudformation:DescribeStacks", &format!("{account:012}"));
            pacer.reserve(&asked, now);
            if account % 100 == 0 {
                pacer.learn(&asked, Answer::Throttled, now);
            }
            now += Duration::from_millis(100);
            most = most.max(pacer.state().places.len());
        }
        assert!(most <= FEW, "{most}");
        now += Duration::from_hours(1);
        places(&pacer, &one("cloudformation:DescribeStacks"), now, 1);
        pacer.state().enough = 0;
        places(&pacer, &one("cloudformation:DescribeStacks"), now, 1);
        let state = pacer.state();
        assert_eq!((state.places.len(), state.lanes.len()), (1, 0));
    }

    #[test]
    fn only_serial_operations_have_a_turn_and_all_have_the_same() {
        let pacer = Pacer::new(1);
        let turn = pacer.turn(&one("organizations:MoveAccount")).unwrap();
        let held = turn.try_lock().unwrap();
        let next = pacer.clone().turn(&one("organizations:TagResource")).unwrap();
        assert!(next.try_lock().is_err());
        drop(held);
        assert!(next.try_lock().is_ok());
        assert!(pacer.turn(&one("organizations:ListRoots")).is_none());
    }
}
