//! What no single file can know: whether the files agree with one another, and with AWS's rules.
//!
//! Every check adds its faults to one list and goes on. What comes out, if the list stays empty, is the desired
//! state. A check that finds a value missing is silent, because whoever lost the value has already said why.

mod account;
mod accounts;
mod alias;
mod baseline;
mod catalog;
mod circles;
mod environments;
mod key;
mod outputs;
mod parameters;
mod purpose;
mod regions;
mod services;
mod settings;
mod state;
mod templates;
mod units;
mod waves;
mod zone;

pub(super) use state::check;
