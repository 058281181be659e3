//! What clap does not know about a wrong command line.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, ColorChoice, Command, Id, ValueEnum as _};

use super::words::ColorWhen;

/// The colours of clap's own messages: they are printed before there are arguments to look into.
pub(super) fn color(words: &[OsString]) -> ColorChoice {
    let mut words = words.iter().filter_map(|word| word.to_str());
    let mut found = ColorChoice::Auto;
    while let Some(word) = words.next() {
        let when = match word {
            "--" => break,
            "--color" => words.next(),
            _ => word.strip_prefix("--color="),
        };
        found = match when.map(|when| ColorWhen::from_str(when, false)) {
            Some(Ok(ColorWhen::Always)) => ColorChoice::Always,
            Some(Ok(ColorWhen::Never)) => ColorChoice::Never,
            Some(Ok(ColorWhen::Auto)) => ColorChoice::Auto,
            Some(Err(_)) | None => found,
        };
    }
    found
}

/// A word after `--sandbox` is no file: the option takes one behind an equals sign only, as it can do without.
pub(super) fn with_tip(mut error: clap::Error, words: &[OsString]) -> clap::Error {
    let wrong = [ContextKind::InvalidSubcommand, ContextKind::InvalidArg]
        .into_iter()
        .find_map(|kind| error.get(kind));
    let Some(ContextValue::String(wrong)) = wrong else { return error };
    let after_sandbox =
        words.windows(2).any(|pair| pair[0] == "--sandbox" && pair[1] == wrong.as_str());
    if after_sandbox {
        let tip = StyledStr::from(format!("the sandbox's file is given as --sandbox={wrong}"));
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}

/// A saved plan has its selection. As a conflict of clap's, all fourteen selectors would be named and not the one
/// that was given.
pub(super) fn refuse_selection_of_saved_plan(
    command: &mut Command,
    matches: &ArgMatches,
) -> Result<(), clap::Error> {
    let Some(("update", matches)) = matches.subcommand() else { return Ok(()) };
    let Some(given) = matches.get_many::<Id>("SelectorArguments") else { return Ok(()) };
    if !matches.contains_id("plan") {
        return Ok(());
    }
    let given: Vec<_> = given.collect();
    let Some(update) = command.find_subcommand_mut("update") else { return Ok(()) };
    let options: Vec<_> = update
        .get_arguments()
        .filter(|argument| given.contains(&argument.get_id()))
        .map(|argument| format!("'{argument}'"))
        .collect();
    let message = format!(
        "the argument '--plan <FILE>' cannot be used with {}: a saved plan has its selection",
        options.join(", ")
    );
    Err(update.error(ErrorKind::ArgumentConflict, message))
}
