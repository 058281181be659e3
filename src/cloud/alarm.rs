//! CloudWatch alarms.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The state of an alarm, metric or composite (CloudWatch `StateValue`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AlarmState {
    /// It is as it should be.
    Ok,
    /// It is not.
    Alarm,
    /// Nobody can tell yet: the alarm is new, or its metric has no data.
    InsufficientData,
}

impl fmt::Display for AlarmState {
    /// CloudWatch's word.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "OK",
            Self::Alarm => "ALARM",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        })
    }
}
