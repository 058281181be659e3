//! Text of others, as Markdown and HTML take it.

use crate::render::harmless::harmless;

/// Text that Markdown takes as it is: no markup, no table cell, no HTML, no mention of a person.
pub(super) fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in html(text).chars() {
        if r"\`*_[]|~".contains(character) {
            shown.push('\\');
        }
        shown.push(character);
    }
    shown
}

/// Text that HTML takes as it is, also outside of Markdown's reach.
///
/// GitHub and GitLab look for mentions in what a reader sees, in which `&#64;` is `@` again: only a character without
/// width behind it keeps a name from being one. An address, whose `@` follows a letter, is no mention, and stays one
/// that can be copied.
pub(super) fn html(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut last = ' ';
    let text = harmless(text);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '@' if last.is_ascii_alphanumeric() => shown.push_str("&#64;"),
            '@' => shown.push_str("&#64;&#8203;"),
            // Of an issue, which would be told that it was mentioned here.
            '#' if characters.peek().is_some_and(char::is_ascii_digit) => {
                shown.push_str("#&#8203;");
            }
            ordinary => shown.push(ordinary),
        }
        last = character;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_mark_up_or_mention_anybody() {
        assert_eq!(plain("@org/team <b> | `x`"), r"&#64;&#8203;org/team &lt;b&gt; \| \`x\`");
        assert_eq!(plain("org/repo#12, #x"), "org/repo#&#8203;12, #x");
        assert_eq!(plain("to:@all _@all"), r"to:&#64;&#8203;all \_&#64;&#8203;all");
    }

    #[test]
    fn an_address_stays_one() {
        assert_eq!(plain("aws+shop@example.com"), "aws+shop&#64;example.com");
    }
}
