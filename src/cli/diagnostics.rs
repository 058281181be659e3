//! Faults of the folder, with the lines that they are in.

mod quote;
mod sarif;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};
use quote::Quote;
pub(super) use sarif::log;
use serde::Serialize;

use super::failure::Failure;
use super::printer::Printer;
use crate::document::{Diagnostic, Diagnostics};
use crate::render::{Paint, count, harmless, short};

/// How many faults are shown to people: who has more has made one mistake in many places.
const MOST_SHOWN: usize = 100;

/// Prints the faults, and answers the failure that they are.
pub(super) fn show(printer: &Printer, faults: &Diagnostics) -> Failure {
    let theme = match printer.err_paint() {
        Paint::Plain => GraphicalTheme::unicode_nocolor(),
        Paint::Ansi => GraphicalTheme::unicode(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(100).without_cause_chain();
    let mut told = BTreeSet::new();
    let shown = usize::min(faults.len(), MOST_SHOWN);
    for fault in faults.iter().take(shown) {
        let mut shown = Shown::of(fault);
        // One slip may be at fault in many places: what to do about it is said at the first.
        shown.help = shown.help.filter(|help| told.insert((fault.message.as_str(), help.clone())));
        let mut text = String::new();
        if handler.render_report(&mut text, &shown).is_err() {
            text = format!("{}\n", short(&fault.to_string()));
        }
        printer.complain(&text);
    }
    let failure = failure(faults);
    match faults.len() - shown {
        0 => failure,
        more => {
            printer.complain(&format!("... and {} more\n", count(more, "fault")));
            failure.hint("`avm validate --format json` lists them all")
        }
    }
}

/// The faults for programs.
pub(super) fn list(faults: &Diagnostics) -> Vec<Fault<'_>> {
    faults.iter().map(Fault::of).collect()
}

/// The faults in numbers.
pub(super) fn failure(faults: &Diagnostics) -> Failure {
    let files: BTreeSet<_> = faults.iter().map(|fault| fault.source.name()).collect();
    let (faults, files) = (count(faults.len(), "fault"), count(files.len(), "file"));
    Failure::new(format!("{faults} in {files}"))
}

/// A fault for programs.
#[derive(Debug, Serialize)]
pub(super) struct Fault<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    code: &'a str,
    message: &'a str,
    help: Option<&'a str>,
}

impl<'a> Fault<'a> {
    fn of(fault: &'a Diagnostic) -> Self {
        let place = fault.source.place(&fault.span);
        Self {
            file: fault.source.name(),
            line: place.line,
            column: place.column,
            code: &fault.code,
            message: &fault.message,
            help: fault.help.as_deref(),
        }
    }
}

/// A fault for people.
#[derive(Debug)]
struct Shown {
    message: String,
    help: Option<String>,
    code: Cow<'static, str>,
    /// The lines and the place in them; `None` for a fault of a file as a whole, and if there is too much to quote.
    quote: Option<(Quote, LabeledSpan)>,
}

impl Shown {
    fn of(fault: &Diagnostic) -> Self {
        let message = short(&fault.message);
        let file = harmless(fault.source.name());
        let whole = fault.span.is_empty() && fault.span.start == 0;
        let quote = if whole { None } else { Quote::of(&fault.source, &fault.span) };
        Self {
            message: match &quote {
                Some(_) => message.into_owned(),
                None if whole => format!("{file}: {message}"),
                None => format!("{file}:{}: {message}", fault.source.place(&fault.span)),
            },
            help: fault.help.as_ref().map(|help| short(help).into_owned()),
            code: fault.code.clone(),
            quote: quote.map(|(quote, span)| (quote, LabeledSpan::at(span, "here"))),
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Shown {}

impl miette::Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code.as_ref()))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.quote.as_ref().map(|(source, _)| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (_, label) = self.quote.as_ref()?;
        Some(Box::new(std::iter::once(label.clone())))
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::cli::captured::Captured;
    use crate::cli::printer::Verbosity;
    use crate::document::Source;

    fn shown(fault: &Diagnostic) -> String {
        let mut text = String::new();
        GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
            .without_cause_chain()
            .render_report(&mut text, &Shown::of(fault))
            .unwrap();
        text
    }

    #[test]
    fn a_fault_quotes_its_line_and_names_its_place() {
        let source = Source::new("landing-zone.yaml", "version: 1\nwaves: [core,\u{1b}[2J core]\n");
        let fault = Diagnostic::new(&source, &(18..22), "duplicate-wave", "core stands here twice")
            .help("remove one");
        insta::assert_snapshot!(shown(&fault));
    }

    #[test]
    fn a_fault_of_a_whole_file_names_the_file() {
        let source = Source::new("landing-zone.yaml", "");
        let fault = Diagnostic::new(&source, &(0..0), "missing-file", "there is no such file");
        insta::assert_snapshot!(shown(&fault));
    }

    #[test]
    fn a_fault_in_two_places_quotes_both_and_says_once_what_helps() {
        let source = Source::new("a.yaml", "x: bus\ny: bus\n");
        let fault = |at| Diagnostic::new(&source, &at, "unknown-word", "no bus").help("walk");
        let faults = Diagnostics::from(vec![fault(3..6), fault(10..13)]);
        let err = Captured::default();
        let nowhere = Box::new(io::sink());
        show(&Printer::new(nowhere, Box::new(err.clone()), Verbosity::Normal), &faults);
        let text = err.text();
        assert_eq!(
            (text.matches("no bus").count(), text.matches("walk").count()),
            (2, 1),
            "{text}"
        );
    }

    #[test]
    fn of_very_many_faults_a_hundred_are_shown_and_the_others_counted() {
        let source = Source::new("a.yaml", &"x: bus\n".repeat(5_000));
        let fault = |line: usize| Diagnostic::new(&source, &(line * 7..line * 7 + 1), "c", "bad");
        let faults = Diagnostics::from((0..5_000).map(fault).collect::<Vec<_>>());
        let err = Captured::default();
        let nowhere = Box::new(io::sink());
        let printer = Printer::new(nowhere, Box::new(err.clone()), Verbosity::Normal);
        let failure = show(&printer, &faults);
        let text = err.text();
        assert_eq!(text.matches("bad").count(), MOST_SHOWN);
        assert!(text.ends_with("... and 4,900 faults more\n"), "{text}");
        assert!(failure.hints[0].contains("--format json"), "{failure:?}");
    }

    #[test]
    fn the_sum_counts_files_once() {
        let (one, two) = (Source::new("a.yaml", "x: 1"), Source::new("b.yaml", "x: 1"));
        let fault = |source, at: usize| Diagnostic::new(source, &(at..at + 1), "c", "bad");
        let faults = Diagnostics::from(vec![fault(&one, 0), fault(&one, 3), fault(&two, 0)]);
        assert_eq!(failure(&faults).message, "3 faults in 2 files");
    }
}
