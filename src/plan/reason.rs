//! Why something cannot be done.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cloud::{CloudError, ResourceOwner, StackState};
use crate::desired::OutputSource;
use crate::model::AccountId;

/// Why something cannot be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The default VPC is in use; the evidence, one line each.
    VpcInUse(Vec<String>),
    /// The key cannot be EBS's default key.
    KeyUnusable(String),
    /// The stack is in a state that needs a person: AWS's state and the command that helps.
    StackStuck {
        /// The state.
        state: StackState,
        /// What helps.
        help: String,
    },
    /// A governed region is not enabled in the account.
    RegionNotEnabled,
    /// The region could not be read.
    Unreadable(CloudError),
    /// A value comes out of a stack that is not there and that this plan does not make.
    MissingOutput(OutputSource),
    /// Something that the stack would make is there already, and the baseline says not to import it, or it cannot
    /// be imported.
    AlreadyThere {
        /// Its type.
        #[serde(rename = "type")]
        resource_type: String,
        /// Its identifier.
        identifier: String,
        /// Who governs it.
        owner: ResourceOwner,
        /// What helps.
        help: String,
    },
    /// AWS is opting in to the region: what belongs there comes with a later run.
    RegionBeingEnabled,
    /// Another account administers the service.
    OtherAdministrator(AccountId),
    /// It is the management account, and AWS lets no management account administer the service.
    ManagementAccount,
    /// The step would destroy something in a protected account.
    Protected,
    /// The account is declared as the management account, and no account of the organization has its e-mail
    /// address.
    NoManagementAccount,
}

/// In a few words, for the report of a run; a plan shows more.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::VpcInUse(evidence) => write!(f, "it is in use: {}", evidence.join(", ")),
            Self::KeyUnusable(why) => f.write_str(why),
            Self::StackStuck { state, help } => write!(f, "it is {state}: {help}"),
            Self::RegionNotEnabled => f.write_str("the region is not enabled in the account"),
            Self::Unreadable(error) => write!(f, "{error}"),
            Self::MissingOutput(source) => write!(
                f,
                "no output {} of stack {} in {} {}",
                source.key, source.stack, source.account, source.region
            ),
            Self::AlreadyThere { resource_type, identifier, owner, help } => {
                write!(f, "there is {resource_type} {identifier} already")?;
                if *owner != ResourceOwner::Nobody {
                    write!(f, ", which belongs to {owner}")?;
                }
                write!(f, ": {help}")
            }
            Self::RegionBeingEnabled => f.write_str("AWS is still opting in to the region"),
            Self::OtherAdministrator(id) => write!(f, "account {id} is the administrator"),
            Self::ManagementAccount => f.write_str("the management account cannot administer it"),
            Self::Protected => f.write_str("the account is protected"),
            Self::NoManagementAccount => f.write_str("it is not the management account"),
        }
    }
}
