//! Policies: what IAM, KMS, S3 and others refuse when a stack is deployed, or take and do not do.
//!
//! What CloudFormation fills in later is opaque: a rule speaks only where the answer does not depend on it.

mod alias;
mod condition;
mod document;
mod element;
mod empty;
#[cfg(test)]
mod fixture;
mod kind;
mod lockout;
mod open;
mod principal;
mod rules;
mod size;

pub(super) use rules::{RULES, findings};
