//! The door through which commands print. Only what draws for itself goes past it: bars, the question for consent,
//! the log, and the help.
//!
//! What was asked for goes to standard output; progress, questions, hints and errors go to standard error.

use std::cell::RefCell;
use std::fmt;
use std::io::{self, ErrorKind, IsTerminal as _, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use super::arguments::{Arguments, ColorWhen};
use super::failure::Failure;
use crate::render::{Detail, Paint, harmless};

/// How much is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Results and errors.
    Quiet,
    /// Progress and hints, too.
    Normal,
    /// And a log, which leaves no place for anything that moves.
    Verbose,
}

/// Prints.
pub struct Printer {
    out: RefCell<Box<dyn Write>>,
    err: RefCell<Box<dyn Write>>,
    verbosity: Verbosity,
    out_paint: Paint,
    err_paint: Paint,
    interactive: bool,
    live: bool,
}

impl Printer {
    /// A printer on the program's own output.
    pub fn standard(arguments: &Arguments) -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        let verbosity = arguments.global.verbosity();
        let when = arguments.global.color;
        let (of_out, of_err) =
            (choice(when, AutoStream::choice(&out)), choice(when, AutoStream::choice(&err)));
        Self {
            verbosity,
            out_paint: paint(of_out),
            err_paint: paint(of_err),
            interactive: io::stdin().is_terminal() && err.is_terminal(),
            // A log and lines that move cannot share a terminal.
            live: err.is_terminal()
                && verbosity == Verbosity::Normal
                && std::env::var_os("AVM_LOG").is_none(),
            out: RefCell::new(Box::new(AutoStream::new(out, of_out))),
            err: RefCell::new(Box::new(AutoStream::new(err, of_err))),
        }
    }

    /// A printer without terminal and colours.
    pub fn new(out: Box<dyn Write>, err: Box<dyn Write>, verbosity: Verbosity) -> Self {
        Self {
            out: RefCell::new(out),
            err: RefCell::new(err),
            verbosity,
            out_paint: Paint::Plain,
            err_paint: Paint::Plain,
            interactive: false,
            live: false,
        }
    }

    /// How much of a plan is shown.
    pub(super) fn detail(&self) -> Detail {
        if self.verbosity == Verbosity::Verbose { Detail::Everything } else { Detail::Grouped }
    }

    /// Prints what was asked for, as it is.
    ///
    /// # Errors
    ///
    /// If nobody takes it. A reader that has gone away (`avm plan | head -1`) has all that it wanted: that is no failure,
    /// and the exit code goes on to speak of AWS.
    pub(super) fn data(&self, text: &str) -> Result<(), Failure> {
        let mut out = self.out.borrow_mut();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(Failure::new("standard output takes no more").cause(error)),
        }
    }

    /// Prints a line about what is going on.
    pub(super) fn say(&self, line: &str) {
        if self.verbosity > Verbosity::Quiet {
            self.complain(&format!("{line}\n"));
        }
    }

    /// Prints what somebody is about to be asked about: also if little is to be printed, unless nobody is asked.
    pub(super) fn before_asking(&self, line: &str, asked: bool) {
        if asked {
            self.complain(&format!("{line}\n"));
        } else {
            self.say(line);
        }
    }

    /// Prints a hint.
    pub(super) fn hint(&self, hint: &str) {
        let label = label(self.err_paint, AnsiColor::Cyan, "hint");
        self.say(&format!("{label}: {}", harmless(hint)));
    }

    /// Prints why a command failed.
    pub fn failure(&self, failure: &Failure) {
        if !failure.message.is_empty() {
            let label = label(self.err_paint, AnsiColor::Red, "error");
            self.complain(&format!("{label}: {}\n", harmless(&failure.message)));
        }
        for cause in &failure.causes {
            // A cause may have lines of its own, such as the places where credentials were looked for.
            for (number, line) in cause.lines().enumerate() {
                let label = if number == 0 { "  caused by: " } else { "             " };
                self.complain(&format!("{label}{}\n", harmless(line)));
            }
        }
        for hint in &failure.hints {
            let label = label(self.err_paint, AnsiColor::Cyan, "hint");
            self.complain(&format!("{label}: {}\n", harmless(hint)));
        }
    }

    /// Prints what a run could not do beside its work, and what fails nothing.
    #[cfg(feature = "otlp")]
    pub(super) fn warn(&self, text: &str) {
        let label = label(self.err_paint, AnsiColor::Yellow, "warning");
        self.complain(&format!("{label}: {}\n", harmless(text)));
    }

    /// Prints lines that are part of an error, whatever the verbosity.
    pub(super) fn complain(&self, text: &str) {
        let mut err = self.err.borrow_mut();
        // Whom should one tell that standard error is gone?
        drop(err.write_all(text.as_bytes()).and_then(|()| err.flush()));
    }

    /// Whether what goes to standard output is coloured.
    pub(super) fn out_paint(&self) -> Paint {
        self.out_paint
    }

    /// Whether what goes to standard error is coloured.
    pub(super) fn err_paint(&self) -> Paint {
        self.err_paint
    }

    /// Whether somebody sits there who can be asked.
    pub(super) fn is_interactive(&self) -> bool {
        self.interactive
    }

    /// Whether standard error is a terminal that lines may be drawn on again and again.
    pub(super) fn is_live(&self) -> bool {
        self.live
    }

    /// Whether everything is wanted that there is to say.
    pub(super) fn is_verbose(&self) -> bool {
        self.verbosity == Verbosity::Verbose
    }
}

impl fmt::Debug for Printer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Printer").field("verbosity", &self.verbosity).finish_non_exhaustive()
    }
}

fn choice(when: ColorWhen, automatic: ColorChoice) -> ColorChoice {
    match when {
        ColorWhen::Auto => automatic,
        ColorWhen::Always => ColorChoice::AlwaysAnsi,
        ColorWhen::Never => ColorChoice::Never,
    }
}

fn paint(choice: ColorChoice) -> Paint {
    if choice == ColorChoice::Never { Paint::Plain } else { Paint::Ansi }
}

fn label(paint: Paint, colour: AnsiColor, word: &str) -> String {
    let style = match paint {
        Paint::Plain => Style::new(),
        Paint::Ansi => colour.on_default().bold(),
    };
    format!("{style}{word}{style:#}")
}
