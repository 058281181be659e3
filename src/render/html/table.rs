//! Entries, each said once.
//!
//! A thousand accounts with the same change have the same entries: in the page's data, an entry is a number, and so
//! are the texts that it is made of. What is beneath an entry has a smaller number than the entry itself. Where a text
//! names the account or the region that it is about, a sign stands for it, or no two places would have the same.

use serde_json::{Value, json};

use super::entry::{MARKS, look, parts};
use super::numbered::Numbered;
use crate::model::{AccountId, AccountName, Region};
use crate::render::outline::Entry;

/// Stands for the id of the account that a text is about. No text has it: what is harmless has no control characters.
const ACCOUNT: &str = "\u{1}";

/// Stands for the region that a text is about.
const REGION: &str = "\u{2}";

/// What entries are about.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place<'a> {
    /// The account; `None` for the organization.
    pub(super) account: Option<&'a AccountName>,
    /// The account's id, once known.
    pub(super) id: Option<&'a AccountId>,
    /// The region; `None` for the account as a whole.
    pub(super) region: Option<&'a Region>,
}

/// Entries and texts by number.
#[derive(Debug, Default)]
pub(super) struct Table {
    texts: Numbered<String>,
    entries: Numbered<Row>,
}

/// An entry: its kind, its parts (a text's number times four, plus the tone), what is beneath.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    mark: usize,
    parts: Vec<usize>,
    children: Vec<usize>,
}

impl Table {
    /// The entries' numbers.
    pub(super) fn of(&mut self, entries: &[Entry], place: Place<'_>) -> Vec<usize> {
        entries.iter().map(|entry| self.number(entry, place)).collect()
    }

    fn number(&mut self, entry: &Entry, place: Place<'_>) -> usize {
        let children = self.of(&entry.children, place);
        let mark = MARKS.iter().position(|mark| *mark == entry.mark).unwrap_or(MARKS.len() - 1);
        let parts = parts(&entry.line)
            .into_iter()
            .map(|(tone, text)| self.texts.of(signed(text, place)) * 4 + tone as usize)
            .collect();
        self.entries.of(Row { mark, parts, children })
    }

    /// The looks of the kinds, for a page's data.
    pub(super) fn marks() -> Value {
        MARKS
            .iter()
            .map(|mark| look(*mark))
            .map(|it| json!([it.symbol, it.class, it.word]))
            .collect()
    }

    /// The texts and the entries, for a page's data.
    pub(super) fn into_values(self) -> (Value, Value) {
        let entries = self.entries.into_things();
        let rows = entries.into_iter().map(|row| json!([row.mark, row.parts, row.children]));
        (json!(self.texts.into_things()), rows.collect())
    }
}

/// The text with signs for what it is about.
fn signed(text: String, place: Place<'_>) -> String {
    let own =
        [(place.id.map(AccountId::as_str), ACCOUNT), (place.region.map(Region::as_str), REGION)];
    own.into_iter().fold(text, |text, (own, sign)| match own {
        Some(own) if text.contains(own) => text.replace(own, sign),
        _ => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::outline::{Line, Mark, Part};

    #[test]
    fn the_same_entry_is_said_once_and_what_is_beneath_comes_first() {
        let words = |text: &str| Line(vec![Part::Words(text.into())]);
        let beneath = Entry { mark: Mark::Detail, line: words("b"), children: Vec::new() };
        let above = Entry { mark: Mark::Note, line: words("a"), children: vec![beneath.clone()] };
        let mut table = Table::default();
        let place = Place::default();
        assert_eq!(table.of(&[above.clone(), beneath], place), [1, 0]);
        assert_eq!(table.of(&[above], place), [1]);
        let (texts, entries) = table.into_values();
        assert_eq!(texts, json!(["b", "a"]));
        assert_eq!(entries, json!([[9, [0], []], [8, [4], [0]]]));
    }

    #[test]
    fn places_that_differ_in_nothing_but_their_names_have_the_same_entry() {
        let mut table = Table::default();
        let mut number = |id: &str, region: &str| {
            let text = format!("arn:aws:kms:{region}:{id}:key/1");
            let line = Line(vec![Part::Words(text)]);
            let entry = Entry { mark: Mark::Detail, line, children: Vec::new() };
            let (id, region) = (id.parse().unwrap(), region.parse().unwrap());
            table.of(&[entry], Place { account: None, id: Some(&id), region: Some(&region) })
        };
        assert_eq!(number("111111111111", "eu-west-1"), number("222222222222", "us-east-1"));
        assert_eq!(table.into_values().0, json!(["arn:aws:kms:\u{2}:\u{1}:key/1"]));
    }
}
