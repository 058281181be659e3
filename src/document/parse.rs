//! From text to tree, whichever of the two languages it is in.

use super::{Diagnostic, Node, Source, characters, json, yaml};

/// The deepest nesting of lists and mappings. No honest file comes near; a file that does would only exhaust
/// the stack of whoever walks the tree.
pub(super) const MAX_DEPTH: usize = 64;

/// The byte-order mark that some editors put first.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Reads a document into its tree: JSON if the text starts with `{` and then a quoted key or nothing, else YAML.
///
/// Refused with their places: syntax errors, more than one document, aliases and anchors, merge keys, duplicate
/// keys, keys that are not single values, characters that nobody sees, and nesting deeper than any honest file.
/// A syntax error ends the reading; the other faults are all reported at once.
pub fn parse(source: &Source) -> Result<Node, Vec<Diagnostic>> {
    let text = source.text();
    let start = text.len() - text.trim_start_matches(BYTE_ORDER_MARK).len();
    if start > BYTE_ORDER_MARK.len_utf8() {
        let span = BYTE_ORDER_MARK.len_utf8()..start;
        return Err(vec![Diagnostic::new(source, &span, "character", "a second byte-order mark")]);
    }
    let faults = characters::check(source, start);
    if !faults.is_empty() {
        return Err(faults);
    }
    if json::is_json(&text[start..]) {
        json::parse(source, start)
    } else {
        yaml::parse(source, start)
    }
}

/// A document in which there is nothing at all.
pub(super) fn empty(source: &Source) -> Vec<Diagnostic> {
    vec![Diagnostic::new(source, &(0..0), "empty-file", "the file is empty")]
}

/// A list or mapping at `start` that is nested too deep.
pub(super) fn too_deep(source: &Source, start: usize) -> Diagnostic {
    let message = format!("lists and mappings nested more than {MAX_DEPTH} levels deep");
    let end = source.text()[start..].chars().next().map_or(start, |c| start + c.len_utf8());
    Diagnostic::new(source, &(start..end), "too-deep", message)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::Kind;

    #[test]
    fn a_brace_and_a_quoted_key_is_json_and_a_brace_and_a_bare_key_is_yaml() {
        let json = parse(&Source::new("a", "{\"a\": 1,}")).unwrap_err();
        assert_eq!(json[0].code, "json-syntax");
        assert!(parse(&Source::new("a", "{a: 1,}")).is_ok());
    }

    #[test]
    fn a_file_of_blanks_and_comments_is_empty() {
        for text in ["", " \n\r\n", "# nothing\n", "---\n", "\u{feff}", "\u{feff}# x"] {
            let faults = parse(&Source::new("a", text)).unwrap_err();
            assert_eq!(faults.len(), 1, "{text:?}");
            assert_eq!(
                (faults[0].span.clone(), faults[0].message.as_str()),
                (0..0, "the file is empty")
            );
        }
    }

    #[test]
    fn places_are_true_behind_a_byte_order_mark() {
        for text in [
            "\u{feff}k\u{e9}y: v\u{e4}l\r\nb: [x]\r\n",
            "\u{feff}{\"k\u{e9}y\": v, \"b\": [\"x\"]}",
        ] {
            let text = text.replace(": v,", ": \"v\u{e4}l\",");
            let root = parse(&Source::new("a", &text)).unwrap();
            let value = root.get("k\u{e9}y").unwrap();
            assert_eq!(text[value.span.clone()].trim_matches('"'), "v\u{e4}l");
            assert_eq!(root.span.start, 3);
        }
    }

    /// Text that is more often near to a document than chance would make it.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("a: ".to_owned()),
            Just("- ".to_owned()),
            Just("\n".to_owned()),
            Just("\r\n".to_owned()),
            Just("  ".to_owned()),
            Just("\t".to_owned()),
            Just("{".to_owned()),
            Just("}".to_owned()),
            Just("[".to_owned()),
            Just("]".to_owned()),
            Just("\"".to_owned()),
            Just("'".to_owned()),
            Just("|\n".to_owned()),
            Just(">-\n".to_owned()),
            Just("!Sub ".to_owned()),
            Just("&a ".to_owned()),
            Just("*a".to_owned()),
            Just("<<: ".to_owned()),
            Just("# c".to_owned()),
            Just("---\n".to_owned()),
            Just("...\n".to_owned()),
            Just("? ".to_owned()),
            Just(":".to_owned()),
            Just(",".to_owned()),
            Just("\\u00e9".to_owned()),
            Just("%YAML 1.1\n".to_owned()),
            Just("!<x> ".to_owned()),
            Just("\u{feff}".to_owned()),
            Just("{\"a\": ".to_owned()),
            Just("\u{1f600}".to_owned()),
            "[a-z0-9]{1,3}",
            any::<String>(),
        ];
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    fn spans_are_sound(text: &str, node: &Node) {
        let slice = text.get(node.span.clone()).expect("a span lies on the borders of characters");
        if let Kind::Scalar { text: value, plain } = &node.kind
            && node.tag.is_none()
        {
            if *plain && !value.contains(char::is_whitespace) {
                assert_eq!(slice, value);
            } else if !plain && slice.starts_with(['"', '\'']) {
                assert!(slice.len() > 1 && slice.ends_with(&slice[..1]), "{slice:?}");
            }
        }
        let children =
            node.entries().iter().flat_map(|(key, value)| [key, value]).chain(node.items());
        for child in children {
            assert!(
                node.span.start <= child.span.start && child.span.end <= node.span.end,
                "{node:?}"
            );
            spans_are_sound(text, child);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn no_text_makes_it_panic_and_every_span_is_true(text in text()) {
            match parse(&Source::new("a", &text)) {
                Ok(root) => spans_are_sound(&text, &root),
                Err(faults) => {
                    prop_assert!(!faults.is_empty());
                    for fault in faults {
                        prop_assert!(text.get(fault.span.clone()).is_some(), "{fault:?}");
                    }
                }
            }
        }
    }
}
