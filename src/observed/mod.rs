//! AWS as it is: read with a [`CloudReader`](crate::cloud::CloudReader), side by side under a limit.
//!
//! Decides nothing and changes nothing. What cannot be read is recorded as such; one account that does not
//! answer keeps no other from being seen.

mod account;
mod administration;
mod existing;
mod listing;
mod newborn;
mod observe;
mod organization;
mod outputs;
mod reading;
mod region;
mod settings;
mod shared;
mod state;

pub use observe::{Depth, ObserveLimits, observe, observe_account};
pub use shared::Shared;
pub use state::{
    DeployedTemplate, FoundResource, ObservedAccount, ObservedKey, ObservedRegion,
    ObservedSettings, ObservedStack, ObservedState, PresentAccount,
};
