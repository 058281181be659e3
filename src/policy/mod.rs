//! What the roles that run avm must be allowed: IAM policies for one folder, from one table of calls.
//!
//! [`table()`] has every call that avm makes; [`policies()`] takes from it what a folder needs, narrows it, adds what
//! CloudFormation does with avm's credentials for the folder's resource types, and packs it into documents that IAM
//! takes.

mod call;
mod deployment;
mod destructive;
mod document;
mod handlers;
mod needs;
mod policies;
mod roles;
mod scope;
mod statement;
mod table;

pub use call::{By, Call, Group, Origin, Place, Purpose, Reach, Role, Scope, When};
pub use destructive::destructive;
pub use document::{Document, MAX_CHARACTERS, MAX_POLICIES, Policy};
pub use policies::policies;
pub use statement::Statement;
pub use table::table;
