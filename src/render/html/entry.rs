//! An entry as a list item, and the looks of its kinds: symbol, class and word. Never by colour alone.

use super::escape::html;
use crate::plan::Action;
use crate::render::harmless::harmless;
use crate::render::outline::{Entry, Line, Mark, Part};

/// How a kind of entry looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// Its symbol.
    pub(super) symbol: &'static str,
    /// Its class in the style sheet.
    pub(super) class: &'static str,
    /// What a screen reader says for the symbol.
    pub(super) word: &'static str,
}

/// The kinds, the most serious first.
pub(super) const MARKS: [Mark; 10] = [
    Mark::Blocked,
    Mark::Action(Action::Delete),
    Mark::Action(Action::Replace),
    Mark::MayReplace,
    Mark::Action(Action::Import),
    Mark::Action(Action::Update),
    Mark::Action(Action::Create),
    Mark::Action(Action::Wait),
    Mark::Note,
    Mark::Detail,
];

/// How a kind looks.
pub(super) fn look(mark: Mark) -> Look {
    let (symbol, class, word) = match mark {
        Mark::Blocked => ("!", "blocked", "blocked"),
        Mark::MayReplace => ("~", "may-replace", "update, may be replaced"),
        Mark::Note => ("i", "note", "note"),
        Mark::Detail => ("", "detail", ""),
        Mark::Action(action) => {
            let (class, word) = match action {
                Action::Create => ("create", "create"),
                Action::Update => ("update", "update"),
                Action::Replace => ("replace", "replace"),
                Action::Delete => ("delete", "delete"),
                Action::Import => ("import", "import"),
                Action::Wait => ("wait", "wait"),
            };
            (action.symbol(), class, word)
        }
    };
    Look { symbol, class, word }
}

/// What a part of a line is, seen from the change that the line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tone {
    /// Words.
    Words,
    /// A value.
    Value,
    /// A value that goes.
    Before,
    /// A value that comes.
    After,
}

/// The parts of a line: a value before an arrow goes, the one behind it comes.
pub(super) fn parts(line: &Line) -> Vec<(Tone, String)> {
    let is_words = |part: Option<&Part>, test: fn(&str) -> bool| matches!(part, Some(Part::Words(words)) if test(words.trim()));
    let tone = |index: usize| {
        let before = index.checked_sub(1).and_then(|index| line.0.get(index));
        if is_words(before, |words| words.ends_with("->")) {
            Tone::After
        } else if is_words(line.0.get(index + 1), |words| words.starts_with("->")) {
            Tone::Before
        } else {
            Tone::Value
        }
    };
    let shown = |(index, part): (usize, &Part)| match part {
        Part::Words(words) => (Tone::Words, harmless(words).into_owned()),
        Part::Value(various) => (tone(index), harmless(&various.to_string()).into_owned()),
    };
    line.0.iter().enumerate().map(shown).collect()
}

/// Entries as a list, with the lists beneath them.
pub(super) fn list(entries: &[Entry]) -> String {
    let mut shown = String::new();
    write(&mut shown, entries);
    shown
}

fn write(shown: &mut String, entries: &[Entry]) {
    if entries.is_empty() {
        return;
    }
    shown.push_str("<ul class=\"entries\">");
    for entry in entries {
        shown.extend(["<li class=\"", look(entry.mark).class, "\">"]);
        shown.push_str(&line(entry));
        write(shown, &entry.children);
        shown.push_str("</li>");
    }
    shown.push_str("</ul>");
}

/// One entry without what is beneath it.
pub(super) fn line(entry: &Entry) -> String {
    let look = look(entry.mark);
    let mut shown = String::new();
    if !look.symbol.is_empty() {
        let symbol = html(look.symbol);
        shown.extend(["<span class=\"mark\" aria-hidden=\"true\">", &symbol, "</span> "]);
        shown.extend(["<span class=\"unseen\">", look.word, ": </span>"]);
    }
    for (tone, text) in parts(&entry.line) {
        let (begin, end) = match tone {
            Tone::Words => ("", ""),
            Tone::Value => ("<code>", "</code>"),
            Tone::Before => ("<del>", "</del>"),
            Tone::After => ("<ins>", "</ins>"),
        };
        shown.extend([begin, &html(&text), end]);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::outline::Various;

    fn entry(mark: Mark, parts: Vec<Part>, children: Vec<Entry>) -> Entry {
        Entry { mark, line: Line(parts), children }
    }

    fn one(value: &str) -> Part {
        Part::Value(Various::One(value.into()))
    }

    #[test]
    fn what_goes_and_what_comes_are_told_apart() {
        let line = vec![
            Part::Words("Tags[owner]: ".into()),
            one("\"<old>\""),
            Part::Words(" -> ".into()),
            one("new"),
        ];
        assert_eq!(
            list(&[entry(Mark::Action(Action::Update), line, Vec::new())]),
            "<ul class=\"entries\"><li class=\"update\">\
             <span class=\"mark\" aria-hidden=\"true\">~</span> <span class=\"unseen\">update: </span>\
             Tags[owner]: <del>&quot;&lt;old&gt;&quot;</del> -&gt; <ins>new</ins></li></ul>"
        );
    }

    #[test]
    fn every_kind_has_a_look_of_its_own() {
        let classes: std::collections::BTreeSet<_> =
            MARKS.iter().map(|mark| look(*mark).class).collect();
        assert_eq!(classes.len(), MARKS.len());
    }
}
