//! How long things take, and how much is allowed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long things take in the simulated AWS, and how much it allows. Times are virtual.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct SimulationSettings {
    /// From a call to its answer.
    #[serde(with = "milliseconds")]
    pub latency: Duration,
    /// From `CreateAccount` to `SUCCEEDED` or `FAILED`: one to three minutes in AWS.
    #[serde(with = "milliseconds")]
    pub account_creation: Duration,
    /// From `SUCCEEDED` until the access role can be assumed.
    #[serde(with = "milliseconds")]
    pub role_readiness: Duration,
    /// From then on until EC2, CloudFormation and KMS serve the account.
    #[serde(with = "milliseconds")]
    pub service_readiness: Duration,
    /// Every phase of a stack operation that makes, changes or deletes resources.
    #[serde(with = "milliseconds")]
    pub stack: Duration,
    /// The cleanup phases of an update.
    #[serde(with = "milliseconds")]
    pub cleanup: Duration,
    /// Until a change set is made.
    #[serde(with = "milliseconds")]
    pub change_set: Duration,
    /// Until a region is enabled: minutes to hours in AWS.
    #[serde(with = "milliseconds")]
    pub region_opt_in: Duration,
    /// Until a new block of public machine images is told: up to ten minutes in AWS.
    #[serde(with = "milliseconds")]
    pub image_block: Duration,
    /// Until GuardDuty has made members of the accounts that it is to: minutes to a day in AWS.
    #[serde(with = "milliseconds")]
    pub guardduty_members: Duration,
    /// How long the caller's own credentials last, until whoever gives them out is asked for others.
    #[serde(with = "milliseconds")]
    pub credential_life: Duration,
    /// Whether AWS's quotas hold: calls beyond their rate are throttled, and Organizations takes one change at a time.
    pub throttles: bool,
    /// How many accounts the organization may have. AWS starts with ten and raises it on request.
    pub account_quota: usize,
    /// Whether `ListAccounts` says where an account stands (`Account.Paths`, which AWS added in 2026).
    pub account_paths: bool,
    /// Whether every call is remembered. Scale runs count only.
    pub keep_calls: bool,
}

impl Default for SimulationSettings {
    fn default() -> Self {
        Self {
            latency: Duration::from_millis(100),
            account_creation: Duration::from_mins(2),
            role_readiness: Duration::from_secs(30),
            service_readiness: Duration::from_secs(20),
            stack: Duration::from_mins(1),
            cleanup: Duration::from_secs(5),
            change_set: Duration::from_secs(5),
            region_opt_in: Duration::from_mins(20),
            image_block: Duration::from_secs(20),
            guardduty_members: Duration::from_secs(30),
            credential_life: Duration::from_hours(1),
            throttles: false,
            account_quota: 1_000,
            account_paths: true,
            keep_calls: true,
        }
    }
}

mod milliseconds {
    use std::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use crate::sim::world::milliseconds;

    pub(super) fn serialize<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
        milliseconds(*time).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_millis)
    }
}
