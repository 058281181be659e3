//! Entries of an outline, a line each.

use crate::render::lines::Lines;
use crate::render::outline::{Entry, Mark};
use crate::render::paint::Paint;

/// Entries with what is beneath them.
pub(super) fn entries(lines: &mut Lines, depth: usize, entries: &[Entry], paint: Paint) {
    for entry in entries {
        lines.line(depth, &marked(entry, paint));
        self::entries(lines, depth + 4, &entry.children, paint);
    }
}

/// The entry's own line, all of which begin as far from the left.
pub(in crate::render) fn marked(entry: &Entry, paint: Paint) -> String {
    let line = &entry.line;
    match entry.mark {
        Mark::Action(action) => format!("{} {line}", paint.symbol(action)),
        Mark::MayReplace => format!("{} {line}", paint.may_replace()),
        Mark::Blocked => format!("{} {line}", paint.alarm()),
        Mark::Note => paint.faint(&format!("    note: {line}")),
        Mark::Detail => format!("    {line}"),
    }
}
