//! One file for each kind of thing that a plan can be about. A rule is a pure function from desired and observed
//! to steps, blocked things and notes.

mod account;
mod context;
mod ebs;
mod lane;
mod network;
mod resources;
mod stack;
mod values;

pub(super) use account::account_steps;
pub(super) use context::Context;
pub(super) use lane::region_lane;
