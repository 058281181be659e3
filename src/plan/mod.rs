//! The plan: the difference between desired and observed, as data.
//!
//! [`plan`] is pure. It never fails and never waits: what cannot be done is a [`Blocked`] in the plan. The
//! executor has no choice left but one, which is none either: to look up a value that a step before it made.

mod action;
mod approval;
mod conditions;
mod costs;
mod difference;
mod guardrails;
mod planner;
mod preview;
mod reason;
mod rules;
mod step;
mod summary;
mod tree;
mod value;

pub use action::Action;
pub use approval::{Approved, approve};
pub use conditions::{AlarmGate, WaveConditions};
pub use costs::{CostDriver, CostShape, costs};
pub use difference::{PropertyChange, Replacement};
pub use guardrails::{Violation, check};
pub use planner::{plan, plan_account};
pub use preview::{Answer, Preview, PreviewedChange, PreviewedDetail};
pub use reason::Reason;
pub use rules::differences_of;
pub use step::{ImportedResource, ParameterChange, ResourceChange, StackChange, Step};
pub use summary::Summary;
pub use tree::{AccountPlan, AccountStatus, Blocked, FORMAT_VERSION, Lane, Plan, WavePlan};
pub use value::{PlannedValue, artifact_key};
