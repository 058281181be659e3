//! JSON.

use std::ops::Range;

use jsonc_parser::ast::{ObjectPropName, StringLit, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::keys::Keys;
use super::node::{Kind, Node};
use super::parse::{MAX_DEPTH, empty, too_deep};
use super::{Diagnostic, Source};

/// Whether a text is meant as JSON: `{`, and then a quoted key, the other brace or nothing. A YAML file that
/// starts with a brace has its keys without quotes.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start()
        .strip_prefix('{')
        .is_some_and(|rest| matches!(rest.trim_start().chars().next(), None | Some('"' | '}')))
}

/// Reads the text from the byte `start` on, strictly: no comments, no trailing commas.
pub(super) fn parse(source: &Source, start: usize) -> Result<Node, Vec<Diagnostic>> {
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let text = &source.text()[start..];
    let root = match parse_to_ast(text, &CollectOptions::default(), &strict) {
        Ok(document) => document.value.ok_or_else(|| empty(source))?,
        Err(error) => {
            let span = start + error.range().start..start + error.range().end;
            if matches!(error.kind(), ParseErrorKind::NestingDepthExceeded) {
                return Err(vec![too_deep(source, span.start)]);
            }
            let message = format!("not valid JSON: {}", lowercase_first(&error.kind().to_string()));
            return Err(vec![Diagnostic::new(source, &span, "json-syntax", message)]);
        }
    };
    let mut reader = Reader { source, start, faults: Vec::new() };
    let node = reader.node(&root, 0);
    if reader.faults.is_empty() { Ok(node) } else { Err(reader.faults) }
}

struct Reader<'a> {
    source: &'a Source,
    start: usize,
    faults: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn node(&mut self, value: &Value<'_>, depth: usize) -> Node {
        let span = self.span(value);
        let is_collection = matches!(value, Value::Object(_) | Value::Array(_));
        let kind = if is_collection && depth >= MAX_DEPTH {
            self.faults.push(too_deep(self.source, span.start));
            Kind::Sequence(Vec::new())
        } else {
            match value {
                Value::Object(object) => {
                    let mut keys = Keys::default();
                    let mut entries = Vec::with_capacity(object.properties.len());
                    for property in &object.properties {
                        let key = self.key(&property.name);
                        self.faults.extend(keys.add(self.source, &key));
                        entries.push((key, self.node(&property.value, depth + 1)));
                    }
                    Kind::Mapping(entries)
                }
                Value::Array(array) => Kind::Sequence(
                    array.elements.iter().map(|item| self.node(item, depth + 1)).collect(),
                ),
                Value::StringLit(string) => self.string(string),
                Value::NumberLit(number) => plain(number.value),
                Value::BooleanLit(boolean) => plain(if boolean.value { "true" } else { "false" }),
                Value::NullKeyword(_) => plain("null"),
            }
        };
        Node { span, tag: None, kind }
    }

    fn key(&mut self, name: &ObjectPropName<'_>) -> Node {
        let kind = match name {
            ObjectPropName::String(string) => self.string(string),
            ObjectPropName::Word(word) => plain(word.value),
        };
        Node { span: self.span(name), tag: None, kind }
    }

    /// A string. The parser lets line ends and tabs through between quotes, where JSON wants escapes.
    fn string(&mut self, string: &StringLit<'_>) -> Kind {
        let span = self.span(string);
        if let Some(index) = self.source.text()[span.clone()].find(char::is_control) {
            let place = span.start + index..span.start + index + 1;
            let message = "not valid JSON: a line end or a tab between quotes";
            let fault = Diagnostic::new(self.source, &place, "json-syntax", message);
            self.faults
                .push(fault.help("write it as \\n, \\r or \\t; or the closing quote is missing"));
        }
        Kind::Scalar { text: string.value.clone().into_owned(), plain: false }
    }

    fn span(&self, value: &impl Ranged) -> Range<usize> {
        self.start + value.range().start..self.start + value.range().end
    }
}

fn plain(text: &str) -> Kind {
    Kind::Scalar { text: text.to_owned(), plain: true }
}

fn lowercase_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Scalar, parse};

    fn faults(text: &str) -> Vec<String> {
        let faults = parse(&Source::new("a.json", text)).unwrap_err();
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn values_keep_their_kinds_and_their_places() {
        let text = "{\r\n\t\"a\": [1, true, null, \"1\\u00e9\\ud83d\\ude00\"],\n\t\"b\": {}}";
        let root = parse(&Source::new("a.json", text)).unwrap();
        let items = root.get("a").unwrap().items();
        let scalars: Vec<_> = items.iter().map(|item| item.scalar().unwrap()).collect();
        assert_eq!(
            scalars,
            [Scalar::Int(1), Scalar::Bool(true), Scalar::Null, Scalar::Text("1\u{e9}\u{1f600}")]
        );
        assert_eq!(&text[items[3].span.clone()], "\"1\\u00e9\\ud83d\\ude00\"");
        assert_eq!(&text[root.get("b").unwrap().span.clone()], "{}");
        assert_eq!(root.span, 0..text.len());
    }

    #[test]
    fn comments_trailing_commas_and_second_values_are_refused_at_their_place() {
        assert_eq!(
            faults("{\"a\": // x\n1}"),
            ["a.json:1:7: not valid JSON: comments are not allowed"]
        );
        assert_eq!(
            faults("{\"a\": 1,\n}"),
            ["a.json:1:8: not valid JSON: trailing commas are not allowed"]
        );
        assert!(
            faults("{\"a\": 1} {}")[0]
                .starts_with("a.json:1:10: not valid JSON: text cannot contain")
        );
        assert!(
            faults("{\"a\": 1 \"b\": 2}")[0]
                .starts_with("a.json:1:8: not valid JSON: expected comma")
        );
        assert!(faults("{\"a\": \"\\ud800\"}")[0].contains("unpaired high surrogate"));
    }

    #[test]
    fn all_duplicate_keys_and_raw_line_ends_are_reported_together() {
        assert_eq!(
            faults("{\"a\": 1,\n\"a\": 2,\n\"b\": {\"c\": 1, \"c\": \"x\ty\"}}"),
            [
                "a.json:2:1: the key `a` appears twice in this mapping",
                "a.json:3:15: the key `c` appears twice in this mapping",
                "a.json:3:22: not valid JSON: a line end or a tab between quotes",
            ]
        );
    }

    #[test]
    fn nesting_ends_at_sixty_four_levels() {
        let nested = |levels: usize| {
            format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1))
        };
        assert!(parse(&Source::new("a.json", &nested(64))).is_ok());
        for levels in [65, 600, 100_000] {
            assert!(faults(&nested(levels))[0].contains("more than 64 levels"), "{levels}");
        }
    }
}
