//! Where values stand, in bytes.

use std::ops::Range;

use saphyr_parser::{ScalarStyle, Span};

use crate::document::Source;

/// Corrects the parser's places: it counts in characters, ends most values behind the blanks and comments that
/// follow them, and starts some behind the sign that announces them.
pub(super) struct Places<'a> {
    text: &'a str,
    /// The byte at which each character starts.
    offsets: Vec<usize>,
    /// Where the content that was read so far ends.
    content_end: usize,
}

impl<'a> Places<'a> {
    /// The places of a text of which the parser sees what is behind the byte `start`.
    pub(super) fn new(source: &'a Source, start: usize) -> Self {
        let text = source.text();
        let indices = text[start..].char_indices().map(|(index, _)| start + index);
        Self { text, offsets: indices.chain([text.len()]).collect(), content_end: start }
    }

    /// The bytes of a span as the parser has it.
    pub(super) fn bytes(&self, span: Span) -> Range<usize> {
        let start = self.offset(span.start.index());
        start..self.offset(span.end.index()).max(start)
    }

    /// The byte of a character's index.
    pub(super) fn offset(&self, index: usize) -> usize {
        self.offsets.get(index).copied().unwrap_or(self.text.len())
    }

    /// Where the content that was read so far ends: the end of a block list or mapping that ends here.
    pub(super) fn content_end(&self) -> usize {
        self.content_end
    }

    /// Notes that the content up to `end` is read.
    pub(super) fn advance(&mut self, end: usize) {
        self.content_end = self.content_end.max(end);
    }

    /// A scalar: its tag and its quotes or its `|` included, blank lines behind it not.
    pub(super) fn scalar(&self, span: Span, style: ScalarStyle) -> Range<usize> {
        let Range { start, end } = self.bytes(span);
        let text = &self.text[..end];
        match style {
            ScalarStyle::Plain => start..start + text[start..].trim_end().len(),
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let start = self.start_of(start, ['|', '>']);
                start..start + text[start..].trim_end().len()
            }
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let value = skip_properties(text, start);
                start..value + quoted_length(&text[value..])
            }
        }
    }

    /// A value that is not there: behind the `:` or the `-` that announces it.
    pub(super) fn no_value(&self) -> Range<usize> {
        let next = skip_blanks(self.text, self.content_end);
        let is_announced = self.text[next..].starts_with([':', '-']);
        let place = if is_announced { next + 1 } else { self.content_end };
        place..place
    }

    /// A key that is not there: before its `:`.
    pub(super) fn no_key(&self, span: Span) -> Range<usize> {
        let place = self.bytes(span).start;
        place..place
    }

    /// The start of a list.
    pub(super) fn list_start(&self, span: Span) -> usize {
        let start = self.bytes(span).start;
        if self.text[start..].starts_with('[') { start } else { self.start_of(start, ['-', '-']) }
    }

    /// The end of a list or mapping, at the event that ends it.
    pub(super) fn collection_end(&self, span: Span) -> usize {
        let span = self.bytes(span);
        if self.text[span.clone()].starts_with([']', '}']) {
            span.start + 1
        } else {
            self.content_end
        }
    }

    /// Where a value starts whose start the parser reports behind the header of a block scalar, or behind the
    /// first `-` of a list that is not indented. Without a tag, such a value starts with one of `firsts`.
    fn start_of(&self, reported: usize, firsts: [char; 2]) -> usize {
        let is_at = |start: usize, chars: &[char]| self.text[start..].starts_with(chars);
        if is_at(reported, &firsts) || is_at(reported, &['!', '&']) {
            return reported;
        }
        let mut start = skip_blanks(self.text, self.content_end);
        while start < reported {
            if is_at(start, &firsts) {
                return start;
            }
            // What may stand between the last content and a value: `a:`, `?`, `-`, `---` and `...`.
            if !is_at(start, &[':', '?', '-', '.']) {
                break;
            }
            start = skip_blanks(self.text, start + 1);
        }
        reported
    }
}

/// The first byte at or behind `start` that is neither blank nor in a comment.
fn skip_blanks(text: &str, mut start: usize) -> usize {
    loop {
        start = text.len() - text[start..].trim_start().len();
        if !text[start..].starts_with('#') {
            return start;
        }
        start = text[start..].find('\n').map_or(text.len(), |length| start + length);
    }
}

/// The first byte of a value behind its tag and its anchor.
fn skip_properties(text: &str, mut start: usize) -> usize {
    while text[start..].starts_with(['!', '&']) {
        let end =
            text[start..].find(char::is_whitespace).map_or(text.len(), |length| start + length);
        start = skip_blanks(text, end);
    }
    start
}

/// How many bytes a quoted scalar has, its quotes included, that `text` starts with.
fn quoted_length(text: &str) -> usize {
    let double = text.starts_with('"');
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((index, c)) = chars.next() {
        match c {
            '\\' if double => {
                chars.next();
            }
            '"' if double => return index + 1,
            '\'' if !double && chars.next_if(|(_, next)| *next == '\'').is_none() => {
                return index + 1;
            }
            _ => {}
        }
    }
    text.len()
}
