//! avm, an account vending machine for AWS Organizations.
//!
//! The folders are the sentence: a user's folder is read into what is **desired**; AWS is **observed**;
//! the **plan** is the difference, as data; **execute** carries it out; **render** shows both.
//!
//! | room | owns |
//! |---|---|
//! | [`model`] | the nouns: account ids, e-mails, paths, regions; parse, don't validate |
//! | [`document`] | YAML and JSON text as a tree that knows its places, and diagnostics that point there |
//! | [`template`] | a CloudFormation document: parameters, resources, outputs, capabilities, digest |
//! | [`desired`] | the user's folder, checked as a whole |
//! | [`lint`] | the rules that a careful reviewer would hold templates against |
//! | [`cloud`] | the two ports, reader and writer, and the values that cross them |
//! | [`pace`] | how fast AWS may be asked: published quotas, back-off |
//! | [`observed`] | AWS as it is now |
//! | [`plan`] | the planner (pure), its rules, and the plan |
//! | [`policy`] | every call that avm makes, and the IAM policies that it needs for a folder |
//! | [`execute`] | a plan, a writer and limits, turned into events and a report |
//! | [`render`] | plans and reports as text, JSON, Markdown |
//! | [`aws`] | the ports on the AWS SDK |
//! | [`sim`] | the ports on a simulated AWS, in memory and in virtual time |
//! | [`cli`] | the commands, and everything that is printed |

pub mod aws;
pub mod cli;
pub mod cloud;
pub mod desired;
pub mod document;
pub mod execute;
pub mod lint;
pub mod model;
pub mod observed;
pub mod pace;
pub mod plan;
pub mod policy;
pub mod render;
pub mod sim;
pub mod template;
