//! A log on standard error, for whoever asks for one.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

use super::arguments::{Arguments, ColorWhen};
use super::failure::Failure;

/// Starts the log that `-v` or `AVM_LOG` asks for.
///
/// # Errors
///
/// If `AVM_LOG` is not a filter.
pub fn start_logging(arguments: &Arguments) -> Result<(), Failure> {
    #[expect(clippy::disallowed_methods, reason = "this is cli, which reads the environment")]
    let wanted = std::env::var("AVM_LOG").ok().filter(|words| !words.is_empty());
    let Some(words) = wanted.or_else(|| by_verbosity(arguments.global.verbose)) else {
        return Ok(());
    };
    let filter = EnvFilter::try_new(&words).map_err(|error| {
        Failure::new(format!("AVM_LOG={words} is not a filter"))
            .cause(error)
            .hint("such as AVM_LOG=avm=debug")
    })?;
    let colours = match arguments.global.color {
        ColorWhen::Auto => io::stderr().is_terminal(),
        ColorWhen::Always => true,
        ColorWhen::Never => false,
    };
    let started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(colours)
        .try_init();
    started.map_err(|error| Failure::new("the log cannot be started").cause(error))
}

fn by_verbosity(verbose: u8) -> Option<String> {
    let words = match verbose {
        0 => return None,
        1 => "avm=info",
        2 => "avm=debug",
        _ => "debug",
    };
    Some(words.to_owned())
}
