//! What is refused in YAML, in words.

use std::ops::Range;

use saphyr_parser::ScanError;

use crate::document::parse::too_deep;
use crate::document::{Diagnostic, Source};

/// What the parser did not understand at the byte `start`.
pub(super) fn syntax(source: &Source, start: usize, error: &ScanError) -> Diagnostic {
    let text = source.text();
    // At the end of the file there is nothing to point at but the end of the content.
    let start = if start == text.len() { text.trim_end().len() } else { start };
    let span = start..text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
    let info = error.info();
    if info.contains("recursion limit") {
        return too_deep(source, start);
    }
    if info.contains("unknown anchor") {
        return alias(source, &span);
    }
    // The parser's messages: "while scanning a quoted scalar, found unexpected end of stream".
    let what = match info.split_once(", ") {
        Some((context, what)) if context.starts_with("while ") => what,
        _ => info,
    };
    let message = format!("not valid YAML: {what}");
    let fault = Diagnostic::new(source, &span, "yaml-syntax", message);
    match () {
        () if info.contains("anchor or alias") => {
            fault.help("quote a text that starts with `*` or `&`")
        }
        () if info.contains("tab") => fault.help("indent with spaces"),
        () if info.contains("mapping values are not allowed") => {
            fault.help("quote a text that contains `: `, or correct the indentation")
        }
        () => fault,
    }
}

/// An alias.
pub(super) fn alias(source: &Source, span: &Range<usize>) -> Diagnostic {
    let message = "aliases are not supported: CloudFormation templates and avm files have none";
    Diagnostic::new(source, &word(source, span, '*'), "alias", message)
        .help("write the value out; quote a text that starts with `*`")
}

/// The anchor of the value at `span`.
pub(super) fn anchor(source: &Source, span: &Range<usize>) -> Diagnostic {
    let message = "anchors are not supported: CloudFormation templates and avm files have none";
    Diagnostic::new(source, &word(source, span, '&'), "anchor", message)
        .help("write the value out; quote a text that starts with `&`")
}

/// A tag that is not a short `!Name`: what a value is, its quotes say, and not `!!str`.
pub(super) fn tag(source: &Source, span: &Range<usize>) -> Diagnostic {
    let word = word(source, span, '!');
    let message = format!("the tag `{}` is not supported", &source.text()[word.clone()]);
    Diagnostic::new(source, &word, "tag", message)
        .help("quote a value to make it text, leave it plain to make it a number")
}

/// A document behind the first one.
pub(super) fn second_document(source: &Source, span: &Range<usize>) -> Diagnostic {
    Diagnostic::new(source, span, "documents", "a second document in one file")
        .help("a file holds one document: remove the `---`, or split the file")
}

/// The word that starts with `first` at or behind the start of `span`, else the span itself.
fn word(source: &Source, span: &Range<usize>, first: char) -> Range<usize> {
    let text = source.text();
    let Some(index) = text[span.start..].find(first) else { return span.clone() };
    let start = span.start + index;
    let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}');
    start..text[start..].find(is_end).map_or(text.len(), |length| start + length)
}
