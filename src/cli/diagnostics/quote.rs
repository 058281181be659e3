//! The lines around a fault.

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::document::Source;
use crate::render::{harmless, same_length};

/// The most bytes of a file that are quoted for one fault. A line may have megabytes.
const MOST: usize = 4_000;

/// Some lines of a file, harmless, that know where in the file they stand.
#[derive(Debug)]
pub(super) struct Quote {
    file: String,
    lines: String,
    /// The byte of the file with which the lines begin.
    start: usize,
    /// How many lines of the file stand before them.
    before: usize,
}

impl Quote {
    /// The lines of `span` and those next to them, and what of the span is pointed at; `None` if that would be too
    /// much to read.
    pub(super) fn of(source: &Source, span: &Range<usize>) -> Option<(Self, Range<usize>)> {
        let text = source.text();
        let first = line_start(text, span.start);
        let span = match text.get(span.clone())? {
            long if long.len() > MOST / 2 => span.start..line_end(text, span.start),
            _ => span.clone(),
        };
        let start = line_start(text, first.saturating_sub(1));
        let end = line_end(text, usize::min(line_end(text, span.end) + 1, text.len()));
        let lines = text.get(start..end).filter(|lines| lines.len() <= MOST)?;
        let quote = Self {
            file: harmless(source.name()).into_owned(),
            lines: same_length(lines),
            start,
            before: source.place(&(start..start)).line - 1,
        };
        Some((quote, span))
    }
}

impl SourceCode for Quote {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_lines_before: usize,
        context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let at = span.offset().checked_sub(self.start).ok_or(MietteError::OutOfBounds)?;
        let within = SourceSpan::from((at, span.len()));
        let found = self.lines.read_span(&within, context_lines_before, context_lines_after)?;
        let place = SourceSpan::from((found.span().offset() + self.start, found.span().len()));
        Ok(Box::new(MietteSpanContents::new_named(
            self.file.clone(),
            found.data(),
            place,
            found.line() + self.before,
            found.column(),
            found.line_count(),
        )))
    }
}

/// The start of the line that the byte `at` is in.
fn line_start(text: &str, at: usize) -> usize {
    let before = &text.as_bytes()[..usize::min(at, text.len())];
    before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1)
}

/// The end of the line that the byte `at` is in, its line end excluded.
fn line_end(text: &str, at: usize) -> usize {
    let at = usize::min(at, text.len());
    let behind = &text.as_bytes()[at..];
    behind.iter().position(|byte| *byte == b'\n').map_or(text.len(), |newline| at + newline)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_the_line_and_its_neighbours() {
        let source = Source::new("a.yaml", "one\ntwo\nthree\n\u{1b}four\nfive\n");
        let (quote, span) = Quote::of(&source, &(8..13)).unwrap();
        assert_eq!((quote.lines.as_str(), quote.before, span), ("two\nthree\n?four", 1, 8..13));
        let (quote, _) = Quote::of(&source, &(0..1)).unwrap();
        assert_eq!((quote.lines.as_str(), quote.before), ("one\ntwo", 0));
    }

    #[test]
    fn a_line_that_nobody_would_read_is_not_quoted() {
        let source = Source::new("a.yaml", &"x".repeat(10_000_000));
        assert!(Quote::of(&source, &(5_000_000..5_000_001)).is_none());
    }

    #[test]
    fn of_a_fault_of_many_lines_the_first_one_is_quoted() {
        let source = Source::new("a.yaml", &"word\n".repeat(10_000));
        let (quote, span) = Quote::of(&source, &(5..40_000)).unwrap();
        assert_eq!((quote.lines.as_str(), span), ("word\nword\nword", 5..9));
    }
}
