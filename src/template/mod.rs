//! A CloudFormation document, as far as avm has to understand one.
//!
//! Reads YAML 1.1 as CloudFormation does, and JSON. Never changes a template: the one addition that is sent to
//! AWS beside the file's bytes is the output that carries the digest ([`Template::body`]).

mod adoptable;
mod capability;
mod deployed;
mod digest;
mod divergence;
mod faults;
mod function;
mod insert;
mod limits;
mod long_form;
mod parse;
mod references;
mod replacement;
mod resolve;
mod section;
mod shape;
mod subset;

pub use adoptable::{Adoptable, AdoptableType, KEY_IDENTIFIER, KEY_TYPE, Takeover};
pub use capability::Capability;
pub use deployed::{Deployed, DeployedResource};
pub use digest::{DIGEST_OUTPUT, Digest};
pub use divergence::Divergence;
pub use function::{call, called, mentions, variables};
pub use limits::{MAX_BODY_BYTES, MAX_TEMPLATE_BYTES};
pub use parse::{Template, tree};
pub use replacement::CreateOnly;
pub use resolve::Deployment;
pub use section::{Parameter, Resource};
pub use subset::Subset;
