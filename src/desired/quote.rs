//! A text as a YAML scalar.

use std::fmt::Write as _;

/// The text as it is if YAML reads it as that text, else in double quotes. `flow`: inside of braces or brackets.
pub(super) fn quote(text: &str, flow: bool) -> String {
    if is_plain(text, flow) { text.to_owned() } else { quoted(text) }
}

fn is_plain(text: &str, flow: bool) -> bool {
    !text.is_empty()
        && text.trim() == text
        && !text.starts_with(|c: char| "-?:,[]{}#&*!|>'\"%@`=<".contains(c))
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !text.contains(is_invisible)
        && !(flow && text.contains([',', '[', ']', '{', '}']))
        && !means_something_else(text)
}

/// Whether YAML 1.1 or 1.2 reads the word as a number, a date, a boolean or nothing.
fn means_something_else(text: &str) -> bool {
    const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"];
    let number = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
        && text.chars().all(|c| c.is_ascii_hexdigit() || "+-._:xoTZ ".contains(c));
    let special = matches!(text.to_ascii_lowercase().as_str(), ".inf" | "+.inf" | ".nan");
    number || special || WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// What a file must not hold as it is: control characters, and what ends a line for some readers only.
fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            // Writing to a string cannot fail.
            c if is_invisible(c) => drop(write!(quoted, "\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{Source, parse};

    #[test]
    fn only_what_yaml_would_misread_is_quoted() {
        for plain in ["Workloads/UAT", "aws+a@example.com", "a:b", "x#y", "2nd try", "nobody"] {
            assert_eq!(quote(plain, true), plain);
        }
        for other in
            ["", " a", "on", "NULL", "0042", "1e3", "2026-11-22", "a: b", "a #b", "-", "a,b"]
        {
            assert_eq!(quote(other, true), format!("\"{other}\""));
        }
        assert_eq!(quote("a,b", false), "a,b");
        assert_eq!(quote("a\u{2028}b", false), "\"a\\u2028b\"");
    }

    proptest! {
        #[test]
        fn what_was_quoted_reads_back(text in "\\PC{0,12}", flow: bool) {
            let document = if flow {
                format!("{{k: {}}}", quote(&text, true))
            } else {
                format!("k: {}", quote(&text, false))
            };
            let root = parse(&Source::new("a.yaml", &document)).unwrap();
            prop_assert_eq!(root.get("k").and_then(|node| node.text()), Some(text.as_str()));
        }
    }
}
