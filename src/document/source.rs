//! A file's text, with its name.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// How many bytes lie between two places that are remembered.
const STRIDE: usize = 1024;

/// The mark that some editors put first. It takes no column.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A text and the name under which messages speak of it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    /// The place at about every [`STRIDE`] bytes, made when the first place is asked for. Without it, a file of a
    /// hundred thousand faults would be read a hundred thousand times.
    marks: Arc<OnceLock<Vec<(usize, Place)>>>,
}

/// A place in a file, counted from one, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Source {
    /// A source called `name`, a path relative to the landing zone's folder with forward slashes.
    pub fn new(name: &str, text: &str) -> Self {
        Self { name: name.into(), text: text.into(), marks: Arc::default() }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, byte-order mark included if it has one.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line and column at which `span` starts.
    pub fn place(&self, span: &Range<usize>) -> Place {
        let end = self.text.floor_char_boundary(span.start.min(self.text.len()));
        let marks = self.marks.get_or_init(|| marks(&self.text));
        let (start, place) = match marks.partition_point(|(at, _)| *at <= end).checked_sub(1) {
            Some(index) => marks[index],
            None => (0, Place { line: 1, column: 1 }),
        };
        self.text[start..end].chars().fold(place, Place::behind)
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.text == other.text
    }
}

impl Eq for Source {}

impl Place {
    /// The place behind a character that stands at this one.
    fn behind(self, character: char) -> Self {
        match character {
            '\n' => Self { line: self.line + 1, column: 1 },
            BYTE_ORDER_MARK => self,
            _ => Self { column: self.column + 1, ..self },
        }
    }
}

fn marks(text: &str) -> Vec<(usize, Place)> {
    let mut place = Place { line: 1, column: 1 };
    let mut marks = Vec::new();
    let mut next = STRIDE;
    for (at, character) in text.char_indices() {
        if at >= next {
            marks.push((at, place));
            next = at + STRIDE;
        }
        place = place.behind(character);
    }
    marks
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_far_into_a_file_is_the_one_that_counting_finds() {
        let text = "\u{feff}a\u{e9}: \u{1f600}\r\n".repeat(500) + &"x".repeat(5_000);
        let source = Source::new("a.yaml", &text);
        for at in (0..text.len() + 3).step_by(7) {
            let before = &text[..text.floor_char_boundary(at)];
            let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
            let place = source.place(&(at..at));
            assert_eq!(place.line, before.matches('\n').count() + 1);
            let columns = before[line_start..].chars().filter(|c| *c != BYTE_ORDER_MARK).count();
            assert_eq!(place.column, columns + 1);
        }
    }
}
