//! What is wrong with a template, while it is read.

use std::ops::Range;

use crate::document::{Diagnostic, Node, Source};

/// The faults found so far.
pub(super) struct Faults<'a> {
    /// The template's text.
    pub(super) source: &'a Source,
    found: Vec<Diagnostic>,
}

impl<'a> Faults<'a> {
    /// No faults yet.
    pub(super) fn new(source: &'a Source) -> Self {
        Self { source, found: Vec::new() }
    }

    /// A fault of a value.
    pub(super) fn add(&mut self, node: &Node, code: &'static str, message: impl Into<String>) {
        self.add_at(&node.span, code, message, None);
    }

    /// A fault of a value, and what to do about it.
    pub(super) fn add_with_help(
        &mut self,
        node: &Node,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add_at(&node.span, code, message, Some(help.into()));
    }

    /// A fault at a place.
    pub(super) fn add_at(
        &mut self,
        span: &Range<usize>,
        code: &'static str,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let fault = Diagnostic::new(self.source, span, code, message);
        self.found.push(match help {
            Some(help) => fault.help(help),
            None => fault,
        });
    }

    /// Everything that was found.
    pub(super) fn into_vec(self) -> Vec<Diagnostic> {
        self.found
    }
}

/// The longest word that is compared, in bytes: comparing takes the product of two lengths.
const LONGEST: usize = 256;

/// "did you mean ...?", if one of `known` is near to `word`.
pub(super) fn did_you_mean<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    if word.len() > LONGEST {
        return None;
    }
    // One slip in three letters: more is another word.
    let most = (word.chars().count() / 3).max(1);
    known
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (strsim::osa_distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}
