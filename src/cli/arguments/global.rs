//! Options that every command has.

use std::path::PathBuf;

use clap::Args;

use super::words::{ColorWhen, LogFormat};
use crate::cli::arguments::Arguments;
use crate::cli::printer::Verbosity;

/// Options that every command has.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(in crate::cli) struct GlobalArguments {
    /// The folder of the landing zone
    #[arg(short = 'C', long, value_name = "DIR", default_value = ".", global = true)]
    pub(in crate::cli) directory: PathBuf,

    /// Use a simulated AWS that is kept in FILE [default: .avm/sandbox.json in DIR]
    #[expect(clippy::option_option, reason = "clap: no option, an option, an option with a value")]
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, global = true)]
    sandbox: Option<Option<PathBuf>>,

    /// Show every account and value, and log: -v information, -vv details, -vvv everything
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(in crate::cli) verbose: u8,

    /// The form of the log that -v asks for
    #[arg(long, value_name = "FORM", value_enum, default_value_t, global = true)]
    pub(in crate::cli) log_format: LogFormat,

    /// Save a timeline of accounts, steps and calls in FILE, for ui.perfetto.dev
    #[arg(long, value_name = "FILE", global = true)]
    pub(in crate::cli) trace: Option<PathBuf>,

    /// Print results and errors only
    #[arg(short, long, conflicts_with = "verbose", global = true)]
    quiet: bool,

    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true)]
    pub(in crate::cli) color: ColorWhen,
}

impl GlobalArguments {
    /// The file of the simulated AWS, if it is to be used.
    pub(in crate::cli) fn sandbox_file(&self) -> Option<PathBuf> {
        let file = self.sandbox.as_ref()?;
        Some(file.clone().unwrap_or_else(|| self.directory.join(".avm").join("sandbox.json")))
    }

    /// The options that another command needs to mean the same landing zone and the same cloud.
    pub(in crate::cli) fn repeated(&self) -> Vec<String> {
        let mut words = Vec::new();
        if self.directory.as_os_str() != "." {
            words.extend(["-C".to_owned(), self.directory.display().to_string()]);
        }
        match &self.sandbox {
            None => {}
            Some(None) => words.push("--sandbox".to_owned()),
            Some(Some(file)) => words.push(format!("--sandbox={}", file.display())),
        }
        words
    }

    /// How much is printed.
    pub(in crate::cli) fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (false, 0) => Verbosity::Normal,
            (false, _) => Verbosity::Verbose,
        }
    }
}

impl Arguments {
    /// The file of the simulated AWS, if that is to be used and not AWS itself.
    pub fn sandbox_file(&self) -> Option<PathBuf> {
        self.global.sandbox_file()
    }
}
