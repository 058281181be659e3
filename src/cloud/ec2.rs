//! Default VPCs and EBS, as they cross the ports.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{KeyArn, VpcId};

/// Everything that is in a VPC or attached to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VpcContents {
    /// The VPC.
    pub vpc: VpcId,
    /// Whether EC2 says that it is the region's default VPC.
    pub is_default: bool,
    /// The parts that every default VPC is born with: subnets, internet gateways, and the VPC itself.
    pub parts: Vec<VpcPart>,
    /// The network interfaces in it, hidden and managed ones included. Anything that runs has one.
    pub network_interfaces: Vec<NetworkInterface>,
    /// What else speaks of use.
    pub uses: Vec<VpcUse>,
}

/// A network interface.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NetworkInterface {
    /// Its id.
    pub id: String,
    /// What AWS or its maker says of it.
    pub description: String,
}

/// Something in or at a VPC that nobody would have if the VPC were unused: an endpoint, a NAT gateway, a
/// peering connection, a subnet, route table, network ACL or security group that is not the default one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct VpcUse {
    /// AWS's name of the kind: `security group`, `VPC endpoint`.
    pub kind: String,
    /// Its id.
    pub id: String,
}

/// A part of a default VPC. Their order is the one in which avm deletes them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VpcPart {
    /// A default subnet.
    Subnet(String),
    /// An internet gateway, which is detached and then deleted.
    InternetGateway(String),
    /// The VPC itself; its main route table, default security group and default network ACL go with it.
    Vpc(VpcId),
}

impl VpcPart {
    /// The part's id.
    pub fn id(&self) -> &str {
        match self {
            Self::Subnet(id) | Self::InternetGateway(id) => id,
            Self::Vpc(id) => id.as_str(),
        }
    }
}

/// How EBS encrypts new volumes in a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EbsEncryption {
    /// Whether encryption by default is on.
    pub enabled: bool,
    /// The default key. AWS answers what was set, or its own: a key ARN, an alias ARN, or `alias/aws/ebs`.
    /// Not asked for, and `None`, while encryption by default is off.
    pub key: Option<String>,
}

impl EbsEncryption {
    /// Whether new volumes are encrypted with exactly this key.
    pub fn uses(&self, key: &KeyArn) -> bool {
        self.enabled && self.key.as_deref() == Some(key.as_str())
    }
}

impl VpcContents {
    /// Why this VPC must not be deleted, a line for each reason; empty only for an unused default VPC.
    pub fn evidence_of_use(&self) -> Vec<String> {
        let mut evidence = Vec::new();
        if !self.is_default {
            evidence.push(format!("{} is not a default VPC", self.vpc));
        }
        let interfaces = self.network_interfaces.iter().map(|interface| {
            if interface.description.is_empty() {
                format!("network interface {}", interface.id)
            } else {
                format!("network interface {} ({})", interface.id, interface.description)
            }
        });
        evidence.extend(interfaces);
        evidence.extend(self.uses.iter().map(|other| format!("{} {}", other.kind, other.id)));
        evidence
    }
}
