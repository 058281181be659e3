//! What is wrong with a file, and where.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::source::Source;

/// One fault of one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// The file.
    pub source: Source,
    /// The bytes at fault; an empty range at 0 for a fault of the file as a whole.
    pub span: Range<usize>,
    /// A stable, searchable name of the rule: `unknown-key`, `duplicate-email`, or the name of a user's own rule.
    pub code: Cow<'static, str>,
    /// What is wrong: a sentence fragment without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A fault at `span` of `source`.
    pub fn new(
        source: &Source,
        span: &Range<usize>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            source: source.clone(),
            span: span.clone(),
            code: code.into(),
            message: message.into(),
            help: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// `file:line:column: message`, one line, for logs and editors.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.source.name(), self.source.place(&self.span), self.message)
    }
}

/// All faults of a run, ordered by file and place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// The faults, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<Diagnostic>> for Diagnostics {
    fn from(mut faults: Vec<Diagnostic>) -> Self {
        faults.sort_by(|a, b| {
            (a.source.name(), a.span.start, &a.code, &a.message).cmp(&(
                b.source.name(),
                b.span.start,
                &b.code,
                &b.message,
            ))
        });
        faults.dedup();
        Self(faults)
    }
}
