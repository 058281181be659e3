//! A plan as every form of it shows it: what is the same is said once, with its places.

mod cell;
mod change;
mod entry;
mod group;
mod identifier;
mod merge;
mod places;
mod preview;
mod property;
mod stack;
mod statement;
mod step;
mod told;
mod value;

pub use cell::{Cells, cell};
pub use entry::{Entry, Line, Mark, Part, Various};
pub(super) use entry::{value, words};
pub use group::{Group, Outline, outline};
pub use places::{PlaceWords, Places};

#[cfg(test)]
mod tests;
