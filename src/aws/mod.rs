//! The ports on the AWS SDK: the only room that names an SDK crate.
//!
//! Owns sessions, retries and the words of AWS's errors. Decides nothing: a method of a port is a call or a few,
//! and what comes back is in avm's own types. Never waits for AWS to finish anything, and never prints.
//!
//! | file | owns |
//! |---|---|
//! | `provider` | [`Aws`]: configuration from the environment, and the proof that credentials are there |
//! | `cloud` | [`AwsCloud`]: the two ports, one line per method |
//! | `session`, `clients`, `endpoint`, `http` | whose credentials a call carries, and how it gets to AWS |
//! | `pacing`, `retry`, `answer`, `error`, `trace` | when a call is sent, what is tried again, and what is said of it |
//! | `pages` | lists, whole or an error |
//! | all others | one area of AWS each |

mod account_alias;
mod account_settings;
mod accounts;
mod administration;
mod alarms;
mod answer;
mod artifacts;
mod caller;
mod change_set_contents;
mod change_set_requests;
mod change_sets;
mod clients;
mod cloud;
mod cloud_control;
mod contacts;
mod ebs;
mod endpoint;
mod error;
mod existing;
#[cfg(test)]
mod fake;
mod guardduty;
#[cfg(test)]
mod hostile;
mod http;
mod keys;
mod lease;
mod opt_in;
mod organization_trails;
mod organizations;
mod ownership;
mod pacing;
mod pages;
mod password_policy;
mod provider;
mod public_access;
mod readiness;
mod region_settings;
mod retry;
mod service_linked_roles;
mod session;
mod stack_changes;
mod stacks;
mod trace;
mod validation;
mod vpc;
mod vpc_contents;
mod vpc_uses;

pub use cloud::AwsCloud;
pub use provider::Aws;
