//! What has to hold after a wave before the next one begins. Whoever approves a plan approves it, too.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{AccountId, AccountName, FailureTolerance, Region, SoakTime};

/// What has to hold after a wave before the next one begins.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct WaveConditions {
    /// The accounts that may fail.
    #[serde(default)]
    pub failure_tolerance: FailureTolerance,
    /// How long the wave is left alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soak: Option<SoakTime>,
    /// The alarm that must be OK.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<AlarmGate>,
}

/// A CloudWatch alarm that must be OK.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct AlarmGate {
    /// Its name.
    pub alarm: String,
    /// The account that has it.
    pub account: AccountName,
    /// That account's id; `None` while the account is still to be made.
    pub account_id: Option<AccountId>,
    /// The region that it is in.
    pub region: Region,
}

impl WaveConditions {
    /// Whether they are those of a wave of which the files say nothing: no account may fail, and the next wave
    /// begins at once.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for WaveConditions {
    /// `failure tolerance 5%, soak 30m, gate alarm canary in security eu-west-1`; nothing if they are the default.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tolerance = self.failure_tolerance;
        let tolerance = (tolerance != FailureTolerance::default())
            .then(|| format!("failure tolerance {tolerance}"));
        let soak = self.soak.map(|soak| format!("soak {soak}"));
        let gate = self.gate.as_ref().map(|gate| format!("gate {gate}"));
        let parts: Vec<_> = [tolerance, soak, gate].into_iter().flatten().collect();
        f.write_str(&parts.join(", "))
    }
}

impl fmt::Display for AlarmGate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "alarm {} in {} {}", self.alarm, self.account, self.region)
    }
}
