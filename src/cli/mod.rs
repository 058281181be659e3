//! The command line: what a person asks for, and everything that is printed.
//!
//! Works against any cloud and names none: the program hands one in. Owns the terminal, the environment, the
//! files that are written besides AWS, and the exit code. Does not decide what an account gets.

mod agreed;
mod arguments;
#[cfg(test)]
mod captured;
mod change_limits;
mod commands;
mod diagnostics;
mod difference;
mod exit;
mod failure;
mod file;
mod lease;
mod logging;
mod observing;
mod open_files;
mod previews;
mod printer;
mod progress;
mod prompt;
mod protection;
mod replan;
mod retry;
mod rollout;
mod run;
mod saved;
mod secrets;
mod selector;
mod session;
mod show;
mod signals;
mod survey;

pub use arguments::{Arguments, parse};
pub use exit::Exit;
pub use failure::Failure;
pub use logging::{Logging, start_logging};
pub use printer::{Printer, Verbosity};
pub use run::run;
