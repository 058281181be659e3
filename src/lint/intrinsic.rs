//! What can be known of a value before CloudFormation has filled it in.

use crate::document::{Kind, Node, Scalar};
use crate::template::{call, variables};

/// Stands for what only a deployment knows.
pub(super) const HOLE: char = '\u{fffc}';

/// A single value, and on which conditions it is there.
#[derive(Clone, Debug)]
pub(super) struct Word<'a> {
    /// Where it stands.
    pub(super) node: &'a Node,
    /// The text, as far as it is known.
    pub(super) text: Text,
    /// The conditions of the `Fn::If`s around it.
    pub(super) conditions: Vec<&'a str>,
}

/// A text with a [`HOLE`] for each reference; the partition is taken for `aws`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Text {
    /// The text.
    pub(super) shown: String,
    /// What stands in each hole: a parameter, `AWS::AccountId`, `Resource.Attribute`; empty if it is no reference.
    pub(super) references: Vec<String>,
}

impl Text {
    /// The text, if all of it is known.
    pub(super) fn literal(&self) -> Option<&str> {
        (!self.shown.contains(HOLE)).then_some(&self.shown)
    }

    /// The text as a person would write it: `${Name}` for a reference.
    pub(super) fn named(&self) -> String {
        let mut references = self.references.iter();
        let fill = |c: char| match c {
            HOLE => format!("${{{}}}", references.next().map_or("", String::as_str)),
            other => other.to_string(),
        };
        self.shown.chars().map(fill).collect()
    }

    /// Something of which nothing is known.
    fn unknown() -> Self {
        Self { shown: HOLE.to_string(), references: vec![String::new()] }
    }

    fn reference(name: &str) -> Self {
        if name == "AWS::Partition" {
            return Self { shown: "aws".to_owned(), references: Vec::new() };
        }
        Self { shown: HOLE.to_string(), references: vec![name.to_owned()] }
    }

    fn push(&mut self, other: Self) {
        self.shown.push_str(&other.shown);
        self.references.extend(other.references);
    }
}

/// Something that a list may hold, and on which conditions it does.
#[derive(Clone, Debug)]
pub(super) struct Item<'a> {
    pub(super) node: &'a Node,
    pub(super) conditions: Vec<&'a str>,
}

/// A list's items, or the one value that stands where a list may stand. Of an `Fn::If` both values are among them, of
/// an `Fn::FindInMap` what it finds, if the map is plain to see; `AWS::NoValue` is not there.
pub(super) fn items<'a>(root: &'a Node, node: &'a Node) -> Vec<Item<'a>> {
    let mut found = Vec::new();
    flatten(root, node, &mut Vec::new(), &mut found);
    found
}

fn flatten<'a>(
    root: &'a Node,
    node: &'a Node,
    conditions: &mut Vec<&'a str>,
    found: &mut Vec<Item<'a>>,
) {
    if let Kind::Sequence(items) = &node.kind {
        for item in items {
            flatten(root, item, conditions, found);
        }
        return;
    }
    match call(node) {
        Some(("Ref", name)) if name.text() == Some("AWS::NoValue") => {}
        Some(("Fn::If", arguments)) => {
            let [condition, values @ ..] = arguments.items() else { return };
            conditions.push(condition.text().unwrap_or_default());
            for value in values {
                flatten(root, value, conditions, found);
            }
            conditions.pop();
        }
        Some(("Fn::FindInMap", arguments)) if let Some(value) = in_map(root, arguments) => {
            flatten(root, value, conditions, found);
        }
        _ => found.push(Item { node, conditions: conditions.clone() }),
    }
}

/// The single values of a list, or the one that stands where a list may stand.
pub(super) fn words<'a>(root: &'a Node, node: &'a Node) -> Vec<Word<'a>> {
    let word = |Item { node, conditions }| Word { node, text: text(node), conditions };
    items(root, node).into_iter().map(word).collect()
}

/// A value as text.
pub(super) fn text(node: &Node) -> Text {
    if let Some(written) = node.text() {
        // CloudFormation makes `true` of `yes` before a policy sees it.
        let shown = match node.scalar() {
            Some(Scalar::Bool(boolean)) => boolean.to_string(),
            _ => written.to_owned(),
        };
        return Text { shown, references: Vec::new() };
    }
    match call(node) {
        Some(("Ref", name)) => Text::reference(name.text().unwrap_or_default()),
        Some(("Fn::GetAtt", arguments)) => {
            let parts: Vec<_> = arguments.items().iter().filter_map(Node::text).collect();
            Text::reference(&parts.join("."))
        }
        Some(("Fn::Sub", argument)) => match (argument.text(), argument.items()) {
            (Some(pattern), _) => substituted(pattern, None),
            (None, [pattern, map]) => {
                pattern.text().map_or_else(Text::unknown, |pattern| substituted(pattern, Some(map)))
            }
            _ => Text::unknown(),
        },
        Some(("Fn::Join", arguments)) => joined(arguments.items()),
        _ => Text::unknown(),
    }
}

fn substituted(pattern: &str, map: Option<&Node>) -> Text {
    let mut whole = Text::default();
    let mut rest = pattern;
    for name in variables(pattern) {
        let Some((before, behind)) = rest.split_once(&format!("${{{name}}}")) else { break };
        whole.shown.push_str(before);
        whole.push(map.and_then(|map| map.get(name)).map_or_else(|| Text::reference(name), text));
        rest = behind;
    }
    whole.shown.push_str(rest);
    // `${!name}` is how a policy's own variable is written.
    whole.shown = whole.shown.replace("${!", "${");
    whole
}

fn joined(arguments: &[Node]) -> Text {
    let [delimiter, list] = arguments else { return Text::unknown() };
    let (Some(delimiter), items) = (delimiter.text(), list.items()) else { return Text::unknown() };
    if items.is_empty() {
        return Text::unknown();
    }
    let mut whole = Text::default();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            whole.shown.push_str(delimiter);
        }
        whole.push(text(item));
    }
    whole
}

/// What `Fn::FindInMap` finds, if both keys are written out.
fn in_map<'a>(root: &'a Node, arguments: &'a Node) -> Option<&'a Node> {
    let [map, first, second] = arguments.items() else { return None };
    root.get("Mappings")?.get(map.text()?)?.get(first.text()?)?.get(second.text()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Source;
    use crate::template::tree;

    fn shown(value: &str) -> Vec<(String, Vec<String>, Vec<String>)> {
        let text = format!("Mappings: {{M: {{a: {{b: [x, y]}}}}}}\nV: {value}\n");
        let root = tree(&Source::new("t", &text)).unwrap();
        words(&root, root.get("V").unwrap())
            .into_iter()
            .map(|word| {
                let conditions = word.conditions.iter().map(ToString::to_string).collect();
                (word.text.shown, word.text.references, conditions)
            })
            .collect()
    }

    fn one(value: &str) -> (String, Vec<String>) {
        let mut words = shown(value);
        let (text, references, _) = words.pop().unwrap();
        assert!(words.is_empty(), "{words:?}");
        (text.replace(HOLE, "?"), references)
    }

    #[test]
    fn references_are_holes_in_a_text() {
        let arn = ("arn:aws:iam::?:root".to_owned(), vec!["AWS::AccountId".to_owned()]);
        assert_eq!(one("!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'"), arn);
        let join = "!Join [':', [arn, !Ref AWS::Partition, iam, '', !Ref AWS::AccountId, root]]";
        assert_eq!(one(join), arn);
        assert_eq!(one("!Sub ['arn:${P}:iam::${A}:root', {P: aws, A: !Ref AWS::AccountId}]"), arn);
        assert_eq!(one("!GetAtt Key.Arn"), ("?".to_owned(), vec!["Key.Arn".to_owned()]));
        assert_eq!(one("!Sub 'a/${!aws:username}'"), ("a/${aws:username}".to_owned(), vec![]));
        assert_eq!(one("a/${aws:username}"), ("a/${aws:username}".to_owned(), vec![]));
        assert_eq!(one("!ImportValue x"), ("?".to_owned(), vec![String::new()]));
    }

    #[test]
    fn both_values_of_a_choice_are_there_with_their_condition() {
        let words = shown("[a, !If [C, [b, !If [D, c, !Ref AWS::NoValue]], d]]");
        let brief: Vec<_> = words
            .iter()
            .map(|(text, _, conditions)| (text.as_str(), conditions.join(",")))
            .collect();
        assert_eq!(
            brief,
            [("a", ""), ("b", "C"), ("c", "C,D"), ("d", "C")].map(|(a, b)| (a, b.to_owned()))
        );
    }

    #[test]
    fn a_map_is_looked_up_if_its_keys_are_plain() {
        let words = |value| shown(value).into_iter().map(|(text, ..)| text).collect::<Vec<_>>();
        assert_eq!(words("!FindInMap [M, a, b]"), ["x", "y"]);
        assert_eq!(words("!FindInMap [M, !Ref AWS::Region, b]"), [HOLE.to_string()]);
    }
}
