//! Where a list takes one more item.

use crate::document::{Kind, Node};

/// How an item is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// In braces, on one line.
    Flow,
    /// One line for each key.
    Block,
}

/// A place for a new item, and what has to stand around it.
#[derive(Debug)]
pub(super) struct Insertion {
    /// The bytes that give way: `[]`, or none.
    replaced: std::ops::Range<usize>,
    /// What stands before the item's first line.
    before: String,
    /// What stands between its lines.
    between: String,
    /// What stands behind it.
    after: String,
    /// How the item is to be written.
    pub(super) style: Style,
}

impl Insertion {
    /// The place behind the last item of the list under `key`, which is made if it is not there.
    pub(super) fn at_the_end(text: &str, root: &Node, key: &str) -> Self {
        let entry = root.entries().iter().find(|(name, _)| name.text() == Some(key));
        let Some((name, value)) = entry else {
            return Self::new_key(text, key);
        };
        match (&value.kind, value.items().last()) {
            (Kind::Sequence(_), Some(last)) if text[value.span.start..].starts_with('[') => {
                Self::in_brackets(text, last)
            }
            (Kind::Sequence(_), Some(last)) => Self::behind(text, last),
            (Kind::Sequence(_), None) => Self::first(text, name, value.span.clone()),
            (Kind::Scalar { .. } | Kind::Mapping(_), _) => {
                let end = name.span.end;
                let colon = text[end..].find(':').map_or(end, |colon| end + colon + 1);
                Self::first(text, name, colon..colon)
            }
        }
    }

    /// The text with the item in its place.
    pub(super) fn apply(&self, text: &str, lines: &[String]) -> String {
        let (before, after) = (&text[..self.replaced.start], &text[self.replaced.end..]);
        format!("{before}{}{}{}{after}", self.before, lines.join(&self.between), self.after)
    }

    /// On the line below the last item of a block list.
    fn behind(text: &str, last: &Node) -> Self {
        let line_start = text[..last.span.start].rfind('\n').map_or(0, |newline| newline + 1);
        let line = &text[line_start..];
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        let flow = text[last.span.start..].starts_with('{');
        let newline = newline(text);
        let at = line_end(text, end(text, last));
        Self {
            replaced: at..at,
            before: format!("{newline}{indent}- "),
            between: format!("{newline}{indent}  "),
            after: String::new(),
            style: if flow { Style::Flow } else { Style::Block },
        }
    }

    /// Behind the last item of a list in brackets: on a line of its own where the last one has one.
    fn in_brackets(text: &str, last: &Node) -> Self {
        let line_start = text[..last.span.start].rfind('\n').map_or(0, |newline| newline + 1);
        let lead = &text[line_start..last.span.start];
        let own_line = line_start > 0 && lead.trim().is_empty();
        let before = if own_line { format!(",{}{lead}", newline(text)) } else { ", ".into() };
        Self {
            replaced: last.span.end..last.span.end,
            before,
            between: String::new(),
            after: String::new(),
            style: Style::Flow,
        }
    }

    /// Below a key without items: `[]` gives way to a block list.
    fn first(text: &str, name: &Node, mut list: std::ops::Range<usize>) -> Self {
        let newline = newline(text);
        let line_start = text[..name.span.start].rfind('\n').map_or(0, |newline| newline + 1);
        let indent = " ".repeat(name.span.start - line_start + 2);
        // One blank less is left where the brackets stood.
        list.start -= usize::from(!list.is_empty() && text[..list.start].ends_with(' '));
        let end = line_end(text, list.end);
        let rest = &text[list.end..end];
        Self {
            before: format!("{rest}{newline}{indent}- "),
            replaced: list.start..end,
            between: String::new(),
            after: String::new(),
            style: Style::Flow,
        }
    }

    /// A new key at the end of the file.
    fn new_key(text: &str, key: &str) -> Self {
        let newline = newline(text);
        let open = if text.ends_with('\n') || text.is_empty() { "" } else { newline };
        Self {
            replaced: text.len()..text.len(),
            before: format!("{open}{key}:{newline}  - "),
            between: String::new(),
            after: newline.to_owned(),
            style: Style::Flow,
        }
    }
}

/// The end of a node's content, without the blank lines and comments that a block collection may span.
fn end(text: &str, node: &Node) -> usize {
    if text[node.span.start..].starts_with(['{', '[']) {
        return node.span.end;
    }
    let last = node.items().last().or_else(|| node.entries().last().map(|(_, value)| value));
    let end = last.map_or(node.span.end, |last| end(text, last));
    text[..end].trim_end().len()
}

/// The end of the line on which `at` stands, before its line end.
fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    if text[at..end].ends_with('\r') { end - 1 } else { end }
}

fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}
