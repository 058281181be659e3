//! A comment, which holds no more than GitHub takes.

use super::escape::html;
use crate::render::count::{count, grouped};

/// GitHub refuses comments of more characters. Bytes are counted, of which there are never fewer; the rest is for
/// what surrounds the plan there and for the counts of what is left out.
const MOST: usize = 65_536 - 2_048;

/// Text that grows until it is full.
#[derive(Debug)]
pub(super) struct Comment {
    text: String,
    /// The details that found no place.
    left_out: usize,
    /// The accounts that found no place.
    accounts_left_out: usize,
}

impl Comment {
    /// A comment that begins like this.
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), left_out: 0, accounts_left_out: 0 }
    }

    /// Adds what is short in any plan.
    pub(super) fn paragraph(&mut self, text: &str) {
        self.text.extend(["\n", text, "\n"]);
    }

    /// Adds a list in no more than half of the room that is left, and counts the rest of it.
    pub(super) fn list(&mut self, title: &str, items: impl Iterator<Item = String>) {
        let mut items = items.peekable();
        if items.peek().is_some() {
            self.text.extend(["\n#### ", title, "\n\n"]);
            let left_out = self.share(items);
            if left_out > 0 {
                self.text.extend(["- and ", &grouped(left_out), " more\n"]);
            }
        }
    }

    /// Adds a table in no more than half of the room that is left, and counts the rest of it.
    pub(super) fn table(&mut self, head: &str, rows: Vec<String>) {
        if !rows.is_empty() {
            self.text.extend(["\n", head, "\n"]);
            let left_out = self.share(rows.into_iter());
            if left_out > 0 {
                self.text.extend(["\nAnd ", &count(left_out, "more row"), ".\n"]);
            }
        }
    }

    /// Adds something that a reader unfolds, if there is room for it.
    pub(super) fn details(&mut self, title: &str, text: &str) {
        if !self.unfolds(title, text) {
            self.left_out += 1;
        }
    }

    /// Adds the title and the text of an account, unless something found no place before it.
    pub(super) fn account(&mut self, account: impl FnOnce() -> (String, String)) {
        if self.left_out > 0 || self.accounts_left_out > 0 {
            self.accounts_left_out += 1;
            return;
        }
        let (title, text) = account();
        if !self.unfolds(&title, &text) {
            self.accounts_left_out += 1;
        }
    }

    /// The comment, which says what it left out and where that is to be found.
    pub(super) fn finish(mut self) -> String {
        let left_out = [(self.left_out, "group"), (self.accounts_left_out, "account")]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, noun)| count(number, noun))
            .collect::<Vec<_>>()
            .join(" and ");
        if !left_out.is_empty() {
            self.paragraph(&format!(
                "The details of {left_out} are left out, since a comment holds no more. The saved plan has them: \
                 `avm show plan.json --format html`."
            ));
        }
        self.text
    }

    fn share(&mut self, blocks: impl Iterator<Item = String>) -> usize {
        let most = self.text.len() + MOST.saturating_sub(self.text.len()) / 2;
        let mut left_out = 0;
        for block in blocks {
            // What comes first matters most: nothing that is smaller slips in behind it.
            if left_out > 0 || self.text.len() + block.len() > most {
                left_out += 1;
            } else {
                self.text.push_str(&block);
            }
        }
        left_out
    }

    fn unfolds(&mut self, title: &str, text: &str) -> bool {
        // A fence has to be longer than any run of backticks inside.
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        let block = format!(
            "\n<details><summary>{}</summary>\n\n{fence}diff\n{text}{fence}\n\n</details>\n",
            html(title)
        );
        let has_room = self.text.len() + block.len() <= MOST;
        if has_room {
            self.text.push_str(&block);
        }
        has_room
    }
}
