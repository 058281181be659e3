//! The state of the simulated AWS: an organization, its accounts, and what is in their regions.
//!
//! Only deviations are stored: a region that nobody has touched, default VPC included, takes no memory.
//! Ids are derived from the counter or from the place, so that a world is the same in every run.

mod account;
mod agenda;
mod cell;
mod id;
mod network;
mod organization;
mod stack;
mod template;
mod time;

pub use account::{Account, Readiness, Request};
pub use agenda::{Agenda, Due};
pub use cell::{Cell, Claims, Ebs, Export, StoredKey};
pub(super) use id::{hex, uuid};
pub use network::{Gateway, Network, Subnet, Vpc};
pub use organization::{Bucket, Unit, World};
pub use stack::{
    DeployedResource, Deployment, Failing, FailingOn, Operation, OperationKind, Stack, UnderWay,
};
pub(super) use template::ReadTemplate;
pub use template::{TemplateId, Templates};
pub use time::Moment;
pub(super) use time::milliseconds;
