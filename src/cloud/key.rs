//! KMS keys, as they cross the ports.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{KeyArn, Region};

/// How a file or a stack speaks of a key: `alias/uat/ec2`, or a key's ARN.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct KeyReference(pub String);

impl fmt::Display for KeyReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A key, as `DescribeKey` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its ARN.
    pub arn: KeyArn,
    /// AWS's `KeyState`: only `Enabled` keys can encrypt.
    pub state: String,
    /// AWS's `KeySpec`: EBS takes `SYMMETRIC_DEFAULT` only.
    pub spec: String,
}

impl Key {
    /// Why EBS could not encrypt with this key in `region`; `None` if it could.
    ///
    /// EC2 checks the key later than it answers, so a bad key appears to be accepted and fails afterwards
    /// (`ModifyEbsDefaultKmsKeyId`). That is why avm looks first.
    pub fn unusable_for_ebs(&self, region: &Region) -> Option<String> {
        if self.state != "Enabled" {
            return Some(format!("its state is {}", self.state));
        }
        if self.spec != "SYMMETRIC_DEFAULT" {
            return Some(format!("it is not symmetric but {}", self.spec));
        }
        match self.arn.region() {
            Some(home) if home != *region => Some(format!("it lives in {home}")),
            _ => None,
        }
    }
}
