//! Text as a tree that knows its places, and what there is to say about a place.
//!
//! Owns YAML and JSON (through parsers of their own crates) and the [`Diagnostic`]. Knows nothing of what a
//! landing zone or a template is, and never prints.

mod characters;
mod diagnostic;
mod file;
mod json;
mod keys;
mod node;
mod parse;
mod scalar;
mod source;
mod yaml;

pub use diagnostic::{Diagnostic, Diagnostics};
pub use file::{FileError, read_file, read_text};
pub use node::{Kind, Node};
pub use parse::parse;
pub use scalar::Scalar;
pub use source::{Place, Source};
