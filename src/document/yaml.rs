//! YAML.

mod places;
mod refusal;

use std::ops::{ControlFlow, Range};

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use self::places::Places;
use super::keys::Keys;
use super::node::{Kind, Node};
use super::parse::{MAX_DEPTH, empty, too_deep};
use super::{Diagnostic, Source};

/// Reads the text from the byte `start` on.
pub(super) fn parse(source: &Source, start: usize) -> Result<Node, Vec<Diagnostic>> {
    let places = Places::new(source, start);
    let mut reader = Reader { source, places, open: Vec::new(), root: None, faults: Vec::new() };
    for event in Parser::new_from_str(&source.text()[start..]) {
        let flow = match event {
            Ok((event, span)) => reader.event(event, span),
            Err(error) => {
                let place = reader.places.offset(error.marker().index());
                reader.faults.push(refusal::syntax(source, place, &error));
                ControlFlow::Break(())
            }
        };
        if flow.is_break() {
            break;
        }
    }
    match reader.root {
        _ if !reader.faults.is_empty() => Err(reader.faults),
        Some(root) if root.tag.is_some() || root.describe() != "nothing" => Ok(root),
        _ => Err(empty(source)),
    }
}

/// Builds the tree from the parser's events.
struct Reader<'a> {
    source: &'a Source,
    places: Places<'a>,
    open: Vec<Collection>,
    root: Option<Node>,
    faults: Vec<Diagnostic>,
}

/// A list or a mapping that is not closed yet.
struct Collection {
    start: usize,
    tag: Option<String>,
    children: Children,
}

enum Children {
    Items(Vec<Node>),
    Entries { entries: Vec<(Node, Node)>, keys: Keys, key: Option<Node> },
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> ControlFlow<()> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                let is_there = !plain || !text.is_empty() || tag.is_some() || anchor > 0;
                let span = match is_there {
                    true => self.places.scalar(span, style),
                    false if self.expects_key() => self.places.no_key(span),
                    false => self.places.no_value(),
                };
                self.refuse_anchor(anchor, &span);
                let tag = self.tag(tag.as_deref(), &span);
                self.places.advance(span.end);
                let kind = Kind::Scalar { text: text.into_owned(), plain };
                self.place(Node { span, tag, kind });
            }
            Event::Alias(_) => {
                let span = self.places.bytes(span);
                self.faults.push(refusal::alias(self.source, &span));
                self.places.advance(span.end);
                let kind = Kind::Scalar { text: String::new(), plain: false };
                self.place(Node { span, tag: None, kind });
            }
            Event::SequenceStart(anchor, tag) => {
                let start = self.places.list_start(span);
                return self.open(start, anchor, tag.as_deref(), Children::Items(Vec::new()));
            }
            Event::MappingStart(anchor, tag) => {
                let start = self.places.bytes(span).start;
                let children =
                    Children::Entries { entries: Vec::new(), keys: Keys::default(), key: None };
                return self.open(start, anchor, tag.as_deref(), children);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::DocumentStart(_) if self.root.is_some() => {
                let span = self.places.bytes(span);
                self.faults.push(refusal::second_document(self.source, &span));
                return ControlFlow::Break(());
            }
            Event::DocumentStart(true) => {
                let marker = self.places.bytes(span);
                self.places.advance(marker.end);
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(false)
            | Event::DocumentEnd => {}
        }
        ControlFlow::Continue(())
    }

    fn open(
        &mut self,
        start: usize,
        anchor: usize,
        tag: Option<&Tag>,
        children: Children,
    ) -> ControlFlow<()> {
        if self.open.len() >= MAX_DEPTH {
            self.faults.push(too_deep(self.source, start));
            return ControlFlow::Break(());
        }
        self.refuse_anchor(anchor, &(start..start));
        let tag = self.tag(tag, &(start..start));
        self.places.advance(start);
        self.open.push(Collection { start, tag, children });
        ControlFlow::Continue(())
    }

    fn close(&mut self, span: Span) {
        let Some(Collection { start, tag, children }) = self.open.pop() else { return };
        self.places.advance(self.places.collection_end(span));
        let kind = match children {
            Children::Items(items) => Kind::Sequence(items),
            Children::Entries { entries, .. } => Kind::Mapping(entries),
        };
        self.place(Node { span: start..self.places.content_end(), tag, kind });
    }

    /// Puts a finished value where it belongs.
    fn place(&mut self, node: Node) {
        match self.open.last_mut().map(|collection| &mut collection.children) {
            None => self.root = Some(node),
            Some(Children::Items(items)) => items.push(node),
            Some(Children::Entries { entries, keys, key }) => {
                if let Some(name) = key.take() {
                    entries.push((name, node));
                } else {
                    self.faults.extend(keys.add(self.source, &node));
                    *key = Some(node);
                }
            }
        }
    }

    fn expects_key(&self) -> bool {
        let collection = self.open.last();
        collection.is_some_and(|c| matches!(c.children, Children::Entries { key: None, .. }))
    }

    fn tag(&mut self, tag: Option<&Tag>, span: &Range<usize>) -> Option<String> {
        let tag = tag?;
        if tag.handle == "!" && !tag.suffix.is_empty() {
            return Some(tag.suffix.clone());
        }
        self.faults.push(refusal::tag(self.source, span));
        None
    }

    fn refuse_anchor(&mut self, anchor: usize, span: &Range<usize>) {
        if anchor > 0 {
            self.faults.push(refusal::anchor(self.source, span));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Scalar, parse};

    fn read(text: &str) -> Node {
        parse(&Source::new("a.yaml", text)).unwrap()
    }

    fn faults(text: &str) -> Vec<String> {
        let faults = parse(&Source::new("a.yaml", text)).unwrap_err();
        faults.iter().map(ToString::to_string).collect()
    }

    /// The bytes of the value at `path`, whose parts are keys or positions.
    fn slice<'a>(text: &'a str, path: &str) -> &'a str {
        let mut node = read(text);
        for part in path.split('.').filter(|part| !part.is_empty()) {
            let child = part
                .parse()
                .map_or_else(|_| node.get(part), |index: usize| node.items().get(index));
            node = child.unwrap().clone();
        }
        &text[node.span]
    }

    #[test]
    fn spans_hold_a_value_from_its_first_to_its_last_byte() {
        let text = "# f\u{fc}r\r\nk\u{e9}y: v\u{e4}lue # c\r\nlist:\r\n- 'one'\r\n- \"t\\\"wo\" # c\r\n\r\n# c\r\nmap:\r\n  \
                    a: [1, 2 ] # c\r\n  b: {x: y,\r\n    z: }\r\n  c: |\r\n    one\r\n    two\r\n\r\n# c\r\nlast: two\r\n  \
                    lines\r\nend:\r\n";
        assert_eq!(slice(text, "k\u{e9}y"), "v\u{e4}lue");
        assert_eq!(slice(text, "list"), "- 'one'\r\n- \"t\\\"wo\"");
        assert_eq!(slice(text, "list.1"), "\"t\\\"wo\"");
        assert_eq!(slice(text, "map.a"), "[1, 2 ]");
        assert_eq!(slice(text, "map.b"), "{x: y,\r\n    z: }");
        assert_eq!(slice(text, "map.c"), "|\r\n    one\r\n    two");
        assert!(slice(text, "map").ends_with("two") && slice(text, "map").starts_with("a: ["));
        assert_eq!(slice(text, "last"), "two\r\n  lines");
        assert_eq!(slice(text, "end"), "");
        assert_eq!(read(text).span, text.find('k').unwrap()..text.trim_end().len());
        assert_eq!(read(text).get("last").unwrap().text(), Some("two lines"));
        assert_eq!(read(text).get("map").unwrap().get("c").unwrap().text(), Some("one\ntwo\n"));
    }

    #[test]
    fn a_value_that_is_not_there_stands_behind_its_key_or_dash() {
        let text = "a:   # c\n\nb:\n  -   # c\n  - x\n";
        assert_eq!(read(text).get("a").unwrap().span, 2..2);
        assert_eq!(slice(text, "b"), "-   # c\n  - x");
        assert_eq!(read(text).get("b").unwrap().items()[0].scalar(), Some(Scalar::Null));
    }

    #[test]
    fn a_tag_is_part_of_its_value() {
        let text =
            "a: !Sub 'x-${y}'\nb: !GetAtt a.b\nc: !If\n  - x\n  - !Ref yes\n  - {k: !Ref z}\n";
        let root = read(text);
        assert_eq!(root.get("a").unwrap().tag.as_deref(), Some("Sub"));
        assert_eq!(slice(text, "a"), "!Sub 'x-${y}'");
        assert_eq!(slice(text, "c"), "!If\n  - x\n  - !Ref yes\n  - {k: !Ref z}");
        assert_eq!(root.get("c").unwrap().items()[1].scalar(), Some(Scalar::Text("yes")));
        assert_eq!(root.get("c").unwrap().items()[2].get("k").unwrap().tag.as_deref(), Some("Ref"));
    }

    #[test]
    fn everything_that_is_not_syntax_is_reported_together() {
        let text = "a: &x 1\nb: *x\na: 2\nc:\n  <<: {d: 1}\n  [e]: 1\n  : 2\n  !Ref f: 1\ng: !!str 1\nh: !<y> 1\n";
        assert_eq!(
            faults(text),
            [
                "a.yaml:1:4: anchors are not supported: CloudFormation templates and avm files have none",
                "a.yaml:2:4: aliases are not supported: CloudFormation templates and avm files have none",
                "a.yaml:3:1: the key `a` appears twice in this mapping",
                "a.yaml:5:3: merge keys are not supported",
                "a.yaml:6:3: a key must be a single value, this one is a list",
                "a.yaml:7:3: a value without a key",
                "a.yaml:8:3: a key cannot have a tag, this one has `!Ref`",
                "a.yaml:9:4: the tag `!!str` is not supported",
                "a.yaml:10:4: the tag `!<y>` is not supported",
            ]
        );
        let help =
            parse(&Source::new("a.yaml", "x:\n  a: 1\n  'a': 2\n")).unwrap_err().remove(0).help;
        assert_eq!(help.as_deref(), Some("the first one is on line 2"));
    }

    #[test]
    fn syntax_errors_and_second_documents_are_reported_at_their_place() {
        assert!(
            faults("a: 1\nb: [1, 2\nc: 3\n")[0].starts_with("a.yaml:3:"),
            "{:?}",
            faults("a: 1\nb: [1, 2\nc: 3\n")
        );
        assert_eq!(
            faults("a: b: c\n"),
            ["a.yaml:1:5: not valid YAML: mapping values are not allowed in this context"]
        );
        assert!(faults("a:\n\tb: 1\n")[0].starts_with("a.yaml:2:"));
        assert_eq!(faults("a: 1\n---\nb: 1\n"), ["a.yaml:2:1: a second document in one file"]);
        assert!(faults("a: *none\n")[0].starts_with("a.yaml:1:4: aliases are not supported"));
        assert_eq!(
            faults("a: *\n"),
            ["a.yaml:1:4: not valid YAML: did not find expected alphabetic or numeric character"]
        );
        assert!(faults("a: 'open\n")[0].contains("not valid YAML: found unexpected end of stream"));
    }

    #[test]
    fn an_explicit_document_start_and_end_are_fine() {
        assert_eq!(slice("%YAML 1.1\n---\na: 1\n...\n", "a"), "1");
    }

    #[test]
    fn nesting_ends_at_sixty_four_levels() {
        assert!(parse(&Source::new("a", &format!("{}{}", "[".repeat(64), "]".repeat(64)))).is_ok());
        for levels in [65, 100_000] {
            assert!(
                faults(&"[".repeat(levels))[0].ends_with("nested more than 64 levels deep"),
                "{levels}"
            );
        }
        assert!(faults(&"- ".repeat(70))[0].contains("more than 64 levels"));
    }
}
