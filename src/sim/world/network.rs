//! The VPCs of an account's region.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::id::hex;
use crate::cloud::{NetworkInterface, VpcUse};
use crate::model::{Target, VpcId};

/// The VPCs of an account's region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Network(pub BTreeMap<VpcId, Vpc>);

/// A VPC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Vpc {
    /// Whether it is the default VPC of its region.
    pub is_default: bool,
    /// Its subnets.
    pub subnets: Vec<Subnet>,
    /// The internet gateways that were attached to it.
    pub gateways: Vec<Gateway>,
    /// What else is in it or attached to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<VpcUse>,
}

/// A subnet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Subnet {
    /// Its id.
    pub id: String,
    /// Its address range.
    pub cidr: String,
    /// Whether it is the default subnet of its availability zone.
    pub default_for_az: bool,
    /// The network interfaces in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interfaces: Vec<NetworkInterface>,
    /// How many public addresses are mapped to them.
    #[serde(default)]
    pub public_addresses: usize,
}

/// An internet gateway.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Gateway {
    /// Its id.
    pub id: String,
    /// Whether it is still attached.
    pub attached: bool,
    /// Whether a tag says that it is being deleted with its VPC.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tagged: bool,
}

impl Network {
    /// The network with which every region of every account is born: the default VPC `172.31.0.0/16`, a `/20`
    /// subnet in each of three zones, and an attached internet gateway.
    pub fn born(target: &Target) -> Self {
        let id = |kind: &str, part: &str| {
            let (account, region) = (target.account.as_str(), target.region.as_str());
            format!("{kind}-0{}", hex(&[kind, part, account, region], 16))
        };
        let subnet = |zone: u8| Subnet {
            id: id("subnet", &zone.to_string()),
            cidr: format!("172.31.{}.0/20", zone * 16),
            default_for_az: true,
            interfaces: Vec::new(),
            public_addresses: 0,
        };
        let vpc = Vpc {
            is_default: true,
            subnets: (0..3).map(subnet).collect(),
            gateways: vec![Gateway { id: id("igw", ""), attached: true, tagged: false }],
            uses: Vec::new(),
        };
        let name = id("vpc", "").parse().expect("vpc- and hexadecimal digits");
        Self(BTreeMap::from([(name, vpc)]))
    }

    /// The default VPC, if it is still there.
    pub fn default_vpc(&self) -> Option<&VpcId> {
        self.0.iter().find(|(_, vpc)| vpc.is_default).map(|(id, _)| id)
    }
}
