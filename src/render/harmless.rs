//! Text of others, made harmless: names and messages must not be able to steer a terminal or to hide.

use std::borrow::Cow;

use super::count::count;

/// The most characters of one message that are shown.
const MOST: usize = 400;

/// The most characters of one value that are shown: as many as a parameter of CloudFormation's may have. The actions of
/// a statement are fewer, so that none is hidden at their end.
const MOST_OF_VALUE: usize = 4_096;

/// The text with every character escaped that a terminal might act upon or that nobody could see: control
/// characters, escapes, changes of the writing direction, characters without width. Line ends become `\n`.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => shown.extend(character.escape_default()),
            harmful if is_harmful(harmful) => shown.extend(harmful.escape_unicode()),
            plain => shown.push(plain),
        }
    }
    Cow::Owned(shown)
}

/// The text made [`harmless`], and shortened if nobody would read all of it.
pub fn short(text: &str) -> Cow<'_, str> {
    cut(text, MOST)
}

/// A value that somebody has to judge: the text made [`harmless`], and shortened if it is longer than values are.
pub(super) fn value(text: &str) -> Cow<'_, str> {
    cut(text, MOST_OF_VALUE)
}

/// Whether [`value()`] shortens the text.
pub(super) fn is_cut(text: &str) -> bool {
    text.char_indices().nth(MOST_OF_VALUE).is_some()
}

fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => harmless(text),
        Some((end, _)) => {
            let all = text.chars().count();
            Cow::Owned(format!("{}… ({} in all)", harmless(&text[..end]), count(all, "character")))
        }
    }
}

/// Lines of a file made harmless, every byte that stays at its place: what points into the file still does.
pub fn same_length(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => shown.push(character),
            '\r' => shown.push(' '),
            harmful if is_harmful(harmful) => {
                shown.extend(std::iter::repeat_n('?', harmful.len_utf8()));
            }
            plain => shown.push(plain),
        }
    }
    shown
}

/// JSON text with the characters escaped that JSON allows and terminals act upon.
///
/// All of them can only stand inside of strings, where `\u` means the same.
pub(super) fn harmless_json(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for character in json.chars() {
        if character != '\n' && is_harmful(character) {
            shown.push_str("\\u");
            shown.push_str(&hexadecimal(character));
        } else {
            shown.push(character);
        }
    }
    shown
}

fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}'
                | '\u{feff}'
        )
}

/// The four digits of a character of the basic plane, which all harmful ones are.
fn hexadecimal(character: char) -> String {
    format!("{:04x}", u32::from(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_escape_is_shown_instead_of_obeyed() {
        assert_eq!(harmless("a\u{1b}[2Jb\u{9b}31m"), r"a\u{1b}[2Jb\u{9b}31m");
        assert_eq!(harmless("two\nlines"), r"two\nlines");
        assert_eq!(harmless("abc\u{202e}fed"), r"abc\u{202e}fed");
    }

    #[test]
    fn ordinary_text_of_any_language_stays_as_it_is() {
        assert!(matches!(harmless("Zürich 東京 $ä{}"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_long_message_says_how_long_it_is() {
        let shown = short(&"é".repeat(5000)).into_owned();
        assert!(shown.ends_with("… (5,000 characters in all)"), "{shown}");
        assert!(shown.starts_with(&"é".repeat(400)));
    }

    #[test]
    fn a_file_keeps_the_places_of_its_bytes() {
        let text = "a: \u{1b}[1m\r\nb: \u{202e}x\tä\n";
        let shown = same_length(text);
        assert_eq!(shown, "a: ?[1m \nb: ???x\tä\n");
        assert_eq!(shown.len(), text.len());
    }

    #[test]
    fn json_stays_the_same_value() {
        let value = serde_json::json!({ "message": "a\u{1b}[2J\u{9b}\u{202e}\n" });
        let shown = harmless_json(&serde_json::to_string_pretty(&value).unwrap());
        assert!(!shown.replace('\n', "").contains(is_harmful), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }
}
