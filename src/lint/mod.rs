//! Templates, held against what a careful reviewer would ask: `avm validate --strict`.
//!
//! Two engines look at every template: CloudFormation Guard with the rules of `tests/guard/` and those of the user's
//! folder `guard/`, and a parser of policies, which knows what AWS refuses only when a stack is deployed. Knows
//! nothing of AWS as it is, and never prints.

mod finding;
mod guard;
mod intrinsic;
mod policy;
mod review;
mod secrets;
mod subject;
mod suppression;

pub use review::{Review, built_in_rules, review};
