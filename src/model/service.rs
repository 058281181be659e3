//! AWS services, as policies and Organizations name them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text::{checked_text, expect, made_of};

checked_text! {
    /// A service principal: `config.amazonaws.com`.
    ServicePrincipal, "a service principal", r"^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$",
    |text| expect(
        (text.ends_with(".amazonaws.com") || text.ends_with(".amazonaws.com.cn"))
            && made_of(text, 15, 128, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c)),
        "expected the name of a service, such as config.amazonaws.com",
    )
}

/// A service whose administrator is appointed region by region, by a call of its own.
///
/// The others are appointed once, by `organizations:RegisterDelegatedAdministrator`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SecurityService {
    /// Amazon GuardDuty (`guardduty:EnableOrganizationAdminAccount`).
    GuardDuty,
    /// AWS Security Hub CSPM (`securityhub:EnableOrganizationAdminAccount`).
    SecurityHub,
}

impl SecurityService {
    /// The resource type that there is once per region while the service is on.
    pub fn resource_type(self) -> &'static str {
        match self {
            Self::GuardDuty => "AWS::GuardDuty::Detector",
            Self::SecurityHub => "AWS::SecurityHub::Hub",
        }
    }
}

impl fmt::Display for SecurityService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GuardDuty => "GuardDuty",
            Self::SecurityHub => "Security Hub",
        })
    }
}
