//! The ports on a simulated AWS, in memory and in virtual time.
//!
//! Everything runs on tokio's clock: with the clock paused, hours pass as soon as all futures wait. The
//! simulation refuses what AWS refuses (reference: AWS's service models and guides), also where emulators
//! accept it, and its asynchronous things take their time: accounts, readiness, stacks.
//!
//! - [`world`] is the state, and nothing but state: it can be saved and read back.
//! - `client` is the near side of the wire, and does what `src/aws` and the SDK do around a call: a session in the
//!   account (`session`), the pace of the quotas ([`crate::pace`]), and sending again. So an effect may happen twice,
//!   as in AWS, and what AWS answers to the second time is what the effect answers.
//! - `wire` is the far side: latency, faults (`fault`, `random_faults`, `lag`), quotas (`quotas`), admission, effect.
//!   Every attempt is logged there.
//! - [`Simulation`] is the handle that tests arrange and inspect; [`Sandbox`] keeps a world in a file.

mod account_settings;
mod accounts;
mod administration;
mod call;
mod client;
mod cloudformation;
mod cloudwatch;
mod ebs;
mod ec2;
mod existing;
mod fault;
mod guardduty;
mod iam;
mod inspection;
mod key_policy;
mod kms;
mod lag;
mod leases;
mod opt_in;
mod organizations;
mod policy;
mod ports;
mod quotas;
mod random_faults;
mod refusal;
mod region_settings;
mod s3;
mod sandbox;
mod scenario;
mod session;
mod settings;
mod simulation;
mod wire;
pub mod world;

pub use call::Call;
pub use fault::{Fault, FaultKind};
pub use ports::SimulatedCloud;
pub use random_faults::RandomFaults;
pub use sandbox::Sandbox;
pub use settings::SimulationSettings;
pub use simulation::Simulation;
