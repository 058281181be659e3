//! One file for each kind of thing that a plan can be about. A rule is a pure function from desired and observed
//! to steps, blocked things and notes.

mod account;
mod administration;
mod adoption;
mod availability;
mod context;
mod ebs;
#[cfg(test)]
mod fixture;
mod lane;
mod left_over;
mod network;
mod opt_in;
mod resources;
mod settings;
mod stack;
mod stack_change;
mod strictness;
mod trails;
mod values;

pub(super) use account::account_steps;
pub(super) use administration::trusted_access;
pub(super) use context::Context;
pub(super) use lane::{missing_region, region_lane};
pub use resources::differences_of;
pub(super) use trails::{OrganizationTrail, billed_twice, organization_trail};

#[cfg(test)]
mod tests;
