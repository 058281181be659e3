//! What the user wants: the folder, read, checked as a whole, and narrowed to a selection.
//!
//! Knows nothing of AWS as it is. Every fault of every file is found in one go, and none costs a call.

mod check;
mod decode;
mod edit;
mod files;
#[cfg(test)]
mod fixture;
mod folder;
mod insertion;
mod library;
mod nearest;
mod patterns;
mod quote;
mod read;
mod schema;
mod selection;
mod shape;
mod starter;
mod state;

pub use edit::{NewAccountEntry, add_account};
pub use folder::{Folder, load, load_with};
pub use nearest::nearest;
pub use read::sources;
pub use schema::schemas;
pub use selection::{Selection, SelectionError};
pub use starter::write_starter;
pub use state::{
    AccountFact, AdministeredService, Adopt, ChangeLimits, DesiredAccount, DesiredConditions,
    DesiredGate, DesiredKey, DesiredStack, DesiredState, DesiredValue, OrganizationPin,
    OutputRegion, OutputSource, SecretSource,
};
