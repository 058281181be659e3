//! The ports on a simulated AWS, in memory and in virtual time.
//!
//! Everything runs on tokio's clock: with the clock paused, hours pass as soon as all futures wait. The
//! simulation refuses what AWS refuses (reference: AWS's service models and guides), also where emulators
//! accept it, and its asynchronous things take their time: accounts, readiness, stacks.
//!
//! - [`world`] is the state, and nothing but state: it can be saved and read back.
//! - `gate` is the one door: every call pays latency there, is logged, meets its fault, and is let in or not.
//!   Limits on how often may be called belong there too.
//! - [`Simulation`] is the handle that tests arrange and inspect; [`Sandbox`] keeps a world in a file.

mod account_settings;
mod accounts;
mod administration;
mod cloudformation;
mod ebs;
mod ec2;
mod existing;
mod fault;
mod gate;
mod guardduty;
mod iam;
mod inspection;
mod key_policy;
mod kms;
mod opt_in;
mod organizations;
mod policy;
mod ports;
mod refusal;
mod region_settings;
mod s3;
mod sandbox;
mod scenario;
mod settings;
mod simulation;
pub mod world;

pub use fault::{Fault, FaultKind};
pub use gate::Call;
pub use ports::SimulatedCloud;
pub use sandbox::Sandbox;
pub use settings::SimulationSettings;
pub use simulation::Simulation;
