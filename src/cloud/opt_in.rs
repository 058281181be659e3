//! Regions that an account can opt in to.

use serde::{Deserialize, Serialize};

/// Whether an account has a region (`account:ListRegions`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegionOptState {
    /// It has, by itself or since somebody opted in.
    Enabled,
    /// AWS is at it: minutes, at times hours.
    Enabling,
    /// AWS is taking it away.
    Disabling,
    /// It has not.
    Disabled,
}
