//! CloudFormation Guard: AWS's own engine, on AWS's own rule language.

mod message;
mod record;
mod rule_file;

pub(super) use rule_file::{RuleFile, built_in};
