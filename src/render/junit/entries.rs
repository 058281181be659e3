//! The outline of one place as lines of text.

use crate::render::outline::{Entry, Mark};

/// Entries, a line each, what is beneath them indented.
pub(super) fn text(entries: &[Entry]) -> String {
    let mut text = String::new();
    for entry in entries {
        write(&mut text, entry, 0);
    }
    text.trim_end().to_owned()
}

fn write(text: &mut String, entry: &Entry, depth: usize) {
    let mark = match entry.mark {
        Mark::Action(action) => action.symbol(),
        Mark::MayReplace => "~",
        Mark::Blocked => "!",
        Mark::Note => "note:",
        Mark::Detail => "",
    };
    text.extend(std::iter::repeat_n(' ', 2 * depth));
    text.push_str(mark);
    if !mark.is_empty() {
        text.push(' ');
    }
    text.push_str(&entry.line.to_string());
    text.push('\n');
    for child in &entry.children {
        write(text, child, depth + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Action;
    use crate::render::outline::{Line, Part, Various};

    #[test]
    fn what_is_beneath_is_indented_and_values_are_counted() {
        let entry = |mark, line, children| Entry { mark, line: Line(line), children };
        let few = Various::Few(vec![("a".into(), 3), ("b".into(), 1)]);
        let value =
            entry(Mark::Detail, vec![Part::Words("Key: ".into()), Part::Value(few)], vec![]);
        let stack = vec![Part::Words("stack avm-kms".into())];
        let shown = text(&[entry(Mark::Action(Action::Update), stack, vec![value])]);
        assert_eq!(shown, "~ stack avm-kms\n  Key: a (3), b (1)");
    }
}
