//! The ports on the AWS SDK: the only room that names an SDK crate.
//!
//! Owns sessions, retries and the words of AWS's errors. Decides nothing: a method of a port is a call or a few,
//! and what comes back is in avm's own types. Never waits for AWS to finish anything, and never prints.
//!
//! | file | owns |
//! |---|---|
//! | `provider` | [`Aws`]: configuration from the environment, and the proof that credentials are there |
//! | `cloud` | [`AwsCloud`]: the two ports, one line per method |
//! | `session`, `clients`, `http` | whose credentials a call carries, and how it gets to AWS |
//! | `retry`, `answer`, `error`, `trace` | what is tried again, and what is said of a call |
//! | all others | one area of AWS each |

mod accounts;
mod answer;
mod artifacts;
mod clients;
mod cloud;
mod ebs;
mod error;
#[cfg(test)]
mod fake;
mod http;
mod keys;
mod organizations;
mod provider;
mod readiness;
mod retry;
mod session;
mod stack_changes;
mod stacks;
mod trace;
mod vpc;
mod vpc_contents;
mod vpc_uses;

pub use cloud::AwsCloud;
pub use provider::Aws;
