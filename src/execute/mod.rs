//! A plan, carried out.
//!
//! Runs waves one after the other, accounts and regions side by side under limits, steps of a lane in order.
//! Decides nothing: the plan has. Says everything that happens as an [`Event`], and sums up in a [`Report`].
//! Before that, [`preview()`] can ask CloudFormation what it would do, with change sets that it removes again.

mod account;
mod administration;
mod artifacts;
mod change_set;
mod event;
mod gate;
mod import;
mod lane;
mod lease;
mod limits;
mod mask;
mod outlook;
mod preview;
mod report;
mod rollout;
mod run;
mod settings;
mod shell;
mod stack;
mod steps;
mod values;
mod vpc;
mod wait;

pub use event::{Event, Location, Outcome};
pub use lease::{Claim, Holder, Lease, Loss, Taken, take};
pub use limits::Limits;
pub use preview::{Inquiry, Ledger, Leftover, Questions, preview};
pub use report::{AccountReport, DoneStep, FailedStep, Report, SkippedStep, StepError};
pub use rollout::execute;
pub use run::{Replan, Templates};
