//! What avm does as a whole, on the simulated AWS and on the sources themselves. One binary: each one links the
//! AWS crates once more.
#![expect(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod adoption;
mod architecture;
mod budget;
mod central_keys;
mod command_line;
mod convergence;
mod differences;
mod examples;
mod existing_resources;
mod failures;
mod honesty;
mod invalid;
mod key_policies;
mod kits;
mod landing_zone;
mod permissions;
mod previews;
mod properties;
mod questions;
mod saved_plans;
mod scenarios;
mod settings;
mod strict;
mod switches;
mod terminal;
