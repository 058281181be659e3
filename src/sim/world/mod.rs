//! The state of the simulated AWS: an organization, its accounts, and what is in their regions.
//!
//! Only deviations are stored: a region that nobody has touched, default VPC included, takes no memory.
//! Ids are derived from the counter or from the place, so that a world is the same in every run.

mod account;
mod administration;
mod agenda;
mod cell;
mod claims;
mod id;
mod network;
mod organization;
mod settings;
mod shared;
mod stack;
mod template;
mod time;

pub use account::{Account, Readiness, Request};
pub use administration::{Administration, OrganizationPolicy};
pub use agenda::{Agenda, Due};
pub use cell::{Audience, Cell, Ebs, Export, KeySharing, StoredKey};
pub use claims::{Claims, Owners};
pub(super) use id::{hex, uuid};
pub use network::{Gateway, Network, Subnet, Vpc};
pub use organization::{Bucket, Lease, Unit, World};
pub use settings::{AccountSettings, RegionSettings};
pub use shared::Shared;
pub use stack::{
    ChangeSet, ChangeSetPurpose, ChangeSetStatus, DeployedResource, Deployment, Failing, FailingOn,
    Operation, OperationKind, Stack, UnderWay,
};
pub(super) use template::ReadTemplate;
pub use template::{TemplateId, Templates};
pub use time::Moment;
pub(super) use time::milliseconds;
