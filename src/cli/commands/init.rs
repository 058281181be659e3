//! `avm init`: a folder to start from.

use std::io::ErrorKind;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::Context;
use crate::desired::write_starter;
use crate::render::count;

pub(in crate::cli) fn init<P>(context: &Context<'_, P>) -> Result<Exit, Failure> {
    let directory = &context.global.directory;
    let written = write_starter(directory).map_err(|error| {
        let there = error.kind() == ErrorKind::AlreadyExists;
        let failure =
            Failure::new(format!("cannot write a landing zone to {}", directory.display()))
                .cause(error);
        if there { failure.hint("nothing was written; -C names another folder") } else { failure }
    })?;
    let mut lines = format!("Wrote {} to {}\n", count(written.len(), "file"), directory.display());
    for path in written {
        lines.extend(["  ", &path.display().to_string(), "\n"]);
    }
    let place = match directory.to_str() {
        Some(".") => String::new(),
        _ => format!(" -C {}", directory.display()),
    };
    lines.extend(["\nNext:\n  avm", &place, " validate\n  avm", &place, " plan --sandbox\n"]);
    context.printer.data(&lines)?;
    Ok(Exit::Done)
}
