//! Entries as the text of a `diff`, which GitHub colours by the first character of a line.

use crate::plan::Action;
use crate::render::outline::{Entry, Mark};
use crate::render::paint::Paint;
use crate::render::text::marked;

/// Entries with what is beneath them.
pub(super) fn diff(entries: &[Entry]) -> String {
    let mut text = String::new();
    add(&mut text, 0, entries);
    text
}

fn add(text: &mut String, depth: usize, entries: &[Entry]) {
    for entry in entries {
        text.push(colour(entry.mark));
        text.extend(std::iter::repeat_n(' ', depth + 1));
        text.extend([&marked(entry, Paint::Plain), "\n"]);
        add(text, depth + 4, &entry.children);
    }
}

/// `+` is shown in green, `-` in red, `!` in orange.
fn colour(mark: Mark) -> char {
    match mark {
        Mark::Action(Action::Create | Action::Import) => '+',
        Mark::Action(Action::Delete | Action::Replace) => '-',
        Mark::Action(Action::Update) | Mark::MayReplace | Mark::Blocked => '!',
        Mark::Action(Action::Wait) | Mark::Note | Mark::Detail => ' ',
    }
}
