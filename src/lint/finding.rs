//! What a rule says of a template.

use std::borrow::Cow;
use std::ops::Range;

use crate::document::{Diagnostic, Source};

/// A rule that a template breaks, and where.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Finding {
    /// The rule's name.
    pub(super) rule: Cow<'static, str>,
    /// The logical id of the resource that breaks it; `None` for what stands outside of resources.
    pub(super) resource: Option<String>,
    /// The bytes of the file that are at fault.
    pub(super) span: Range<usize>,
    /// What is wrong.
    pub(super) message: String,
    /// What to do about it.
    pub(super) help: Option<String>,
}

impl Finding {
    /// The finding as a fault of the file, with the name of the resource in front.
    pub(super) fn into_diagnostic(self, source: &Source) -> Diagnostic {
        let message = match &self.resource {
            Some(resource) => format!("{resource}: {}", self.message),
            None => self.message,
        };
        let fault = Diagnostic::new(source, &self.span, self.rule, message);
        Diagnostic { help: self.help, ..fault }
    }
}
