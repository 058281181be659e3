//! Text that cannot break out of where it stands.

use serde_json::Value;

use crate::render::harmless::harmless_json;

/// Text for an element's content or an attribute's value in quotes.
pub(super) fn html(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            plain => shown.push(plain),
        }
    }
    shown
}

/// JSON for a `script` element, whose end HTML finds without knowing JSON.
///
/// All of these characters can only stand inside of strings, where `\u` means the same.
pub(super) fn data(value: &Value) -> String {
    let json = harmless_json(&value.to_string());
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// Text as a value in the part of an address that begins with `#`.
pub(super) fn fragment(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            shown.push(char::from(byte));
        } else {
            shown.extend(['%', hexadecimal(byte >> 4), hexadecimal(byte & 15)]);
        }
    }
    shown
}

fn hexadecimal(digit: u8) -> char {
    char::from_digit(digit.into(), 16).unwrap_or('0').to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_script_early_and_the_value_stays() {
        let value =
            serde_json::json!(["</script>", "<!--", "]]>", "a & \"b\"", "\u{2028}\u{202e}"]);
        let shown = data(&value);
        assert!(!shown.contains(['<', '>', '&', '\u{2028}', '\u{202e}']), "{shown}");
        assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), value);
    }

    #[test]
    fn nothing_ends_an_attribute_or_begins_an_element() {
        assert_eq!(html("<b a=\"1\" b='2'>&"), "&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;");
    }

    #[test]
    fn an_address_has_only_what_addresses_may_have() {
        assert_eq!(fragment("a-b.c|<é\""), "a-b.c%7C%3C%C3%A9%22");
    }
}
