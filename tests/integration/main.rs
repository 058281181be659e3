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
mod fuzz;
mod honesty;
mod hostile;
mod invalid;
mod key_policies;
mod kits;
mod landing_zone;
mod lease;
mod long_runs;
mod permissions;
mod previews;
mod properties;
mod questions;
mod reliability;
mod saved_plans;
mod scale;
mod scenarios;
mod secrets;
mod settings;
mod strict;
mod switches;
mod terminal;
mod two_runs;
mod waves;
