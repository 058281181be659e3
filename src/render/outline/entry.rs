//! One thing to say, and what is beneath it.

use std::fmt;

use crate::plan::Action;
use crate::render::count::grouped;
use crate::render::harmless::{self, harmless};

/// A line with the lines beneath it. Made harmless: it can be printed as it is, apart from a form's own escapes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// What kind of thing it says.
    pub mark: Mark,
    /// What it says.
    pub line: Line,
    /// What is beneath.
    pub children: Vec<Self>,
}

/// What kind of thing an entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Something is done.
    Action(Action),
    /// Something is changed, and may have to be made anew for that.
    MayReplace,
    /// Something cannot be done.
    Blocked,
    /// Something that a reader should know.
    Note,
    /// More about the entry above.
    Detail,
}

/// What an entry says, in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line(pub Vec<Part>);

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Words that are the same wherever the same thing is done.
    Words(String),
    /// A value, which may be another one elsewhere.
    Value(Various),
}

/// A value, or what it is in several places.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Various {
    /// It is the same everywhere.
    One(String),
    /// A few values, each with the number of places that have it, the most frequent one first.
    Few(Vec<(String, usize)>),
    /// More values than anybody would read: how many.
    Many(usize),
}

impl Entry {
    /// An entry without anything beneath it, made harmless.
    pub(in crate::render) fn new(mark: Mark, parts: impl IntoIterator<Item = Part>) -> Self {
        let parts = parts.into_iter().map(Part::harmless).collect();
        Self { mark, line: Line(parts), children: Vec::new() }
    }

    /// More about the entry above.
    pub(super) fn detail(parts: impl IntoIterator<Item = Part>) -> Self {
        Self::new(Mark::Detail, parts)
    }

    /// The entry with what is beneath it.
    pub(super) fn with(self, children: impl IntoIterator<Item = Self>) -> Self {
        Self { children: children.into_iter().collect(), ..self }
    }
}

/// Words that are the same wherever the same thing is done.
pub(in crate::render) fn words(text: impl Into<String>) -> Part {
    Part::Words(text.into())
}

/// A value that may be another one elsewhere.
pub(in crate::render) fn value(text: impl Into<String>) -> Part {
    Part::Value(Various::One(text.into()))
}

/// A value that is to be seen even if it is empty.
pub(super) fn visible(text: &str) -> Part {
    if text.is_empty() { value("\"\"") } else { value(text) }
}

impl Part {
    fn harmless(self) -> Self {
        match self {
            Self::Words(text) => Self::Words(harmless(&text).into_owned()),
            Self::Value(Various::One(text)) => value(harmless::value(&text)),
            various @ Self::Value(Various::Few(_) | Various::Many(_)) => various,
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| part.fmt(f))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(text) => f.write_str(text),
            Self::Value(various) => various.fmt(f),
        }
    }
}

/// `dev (3), uat (2)`, and `(87 values)` where nobody would read them.
impl fmt::Display for Various {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(text) => f.write_str(text),
            Self::Few(values) => {
                for (index, (text, places)) in values.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}{text} ({})", grouped(*places))?;
                }
                Ok(())
            }
            Self::Many(number) => write!(f, "({} values)", grouped(*number)),
        }
    }
}
