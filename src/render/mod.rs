//! Plans and reports, shown: as text, as JSON, as Markdown.
//!
//! Pure: takes data, gives a `String`, and neither prints nor asks. Whatever comes from AWS or from a file passes
//! through `harmless.rs` before a person sees it. Colours appear only where the caller paints.

mod conditions;
mod costs;
mod count;
mod detail;
mod harmless;
pub mod html;
pub mod json;
pub mod junit;
mod lines;
pub mod markdown;
mod outcome;
pub mod outline;
mod paint;
mod reason;
mod setting;
mod sums;
pub mod text;
mod timeline;
mod undone;

#[cfg(test)]
mod fixtures;

pub use count::{count, is_or_are};
pub use detail::Detail;
pub use harmless::{harmless, same_length, short};
pub use paint::Paint;
pub use sums::{headline, sentence};
pub use undone::{Undone, UndoneThing};
