//! Plans and reports, shown: as text, as JSON, as Markdown.
//!
//! Pure: takes data, gives a `String`, and neither prints nor asks. Whatever comes from AWS or from a file passes
//! through `harmless.rs` before a person sees it. Colours appear only where the caller paints.

mod costs;
mod count;
mod harmless;
pub mod json;
mod lines;
pub mod markdown;
mod paint;
mod reason;
mod setting;
mod sums;
pub mod text;
mod undone;

#[cfg(test)]
mod fixtures;

pub use count::{count, is_or_are};
pub use harmless::{harmless, same_length, short};
pub use paint::Paint;
pub use sums::{headline, sentence};
pub use undone::{Undone, UndoneThing};
