//! Short-form tags in long form, and the document as a JSON value.

use serde_json::{Map, Number, Value};

use super::faults::{Faults, did_you_mean};
use super::function::{self, EXTENSIONS, FUNCTIONS};
use crate::document::{Kind, Node, Scalar};

/// The tree with every `!Sub x` as `Fn::Sub: x`, and every `Fn::GetAtt` with its two parts as a list.
///
/// The places stay true: the key that stands for a tag lies on the tag.
pub(super) fn expand(node: Node, faults: &mut Faults<'_>) -> Node {
    let Node { span, tag, kind } = node;
    let kind = match kind {
        Kind::Sequence(items) => {
            Kind::Sequence(items.into_iter().map(|item| expand(item, faults)).collect())
        }
        Kind::Mapping(entries) => Kind::Mapping(
            entries.into_iter().map(|(key, value)| entry(key, expand(value, faults))).collect(),
        ),
        // The argument of a function is what its text says: `!Sub 12` is no number.
        Kind::Scalar { text, plain } => Kind::Scalar { text, plain: plain && tag.is_none() },
    };
    let Some(tag) = tag else { return Node { span, tag: None, kind } };
    let tag_span = span.start..(span.start + 1 + tag.len()).min(span.end);
    let Some(function) = function::of_tag(&tag) else {
        let known = FUNCTIONS
            .iter()
            .map(|name| name.trim_start_matches("Fn::"))
            .chain(["Ref", "Condition"]);
        let help = did_you_mean(&tag, known);
        faults.add_at(&tag_span, "unknown-tag", format!("unknown tag `!{tag}`"), help);
        return Node { span, tag: None, kind };
    };
    let key = Node {
        span: tag_span.clone(),
        tag: None,
        kind: Kind::Scalar { text: function.to_owned(), plain: false },
    };
    let behind = faults.source.text().get(tag_span.end..span.end).unwrap_or_default();
    let argument_start = span.end - behind.trim_start().len();
    let argument = Node { span: argument_start..span.end, tag: None, kind };
    Node { span, tag: None, kind: Kind::Mapping(vec![entry(key, argument)]) }
}

/// An entry whose value is a list if the key is `Fn::GetAtt`: AWS takes `resource.attribute` as well.
fn entry(key: Node, value: Node) -> (Node, Node) {
    let parts = match value.text().and_then(|text| text.split_once('.')) {
        Some((resource, attribute)) if key.text() == Some("Fn::GetAtt") => [resource, attribute],
        _ => return (key, value),
    };
    let part = |text: &str| Node {
        span: value.span.clone(),
        tag: None,
        kind: Kind::Scalar { text: text.to_owned(), plain: false },
    };
    let list =
        Node { span: value.span.clone(), tag: None, kind: Kind::Sequence(parts.map(part).into()) };
    (key, list)
}

/// A tree in long form as a JSON value.
pub(super) fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::Sequence(items) => items.iter().map(value).collect(),
        Kind::Mapping(entries) => entries
            .iter()
            .map(|(key, entry)| (key.text().unwrap_or_default().to_owned(), value(entry)))
            .collect::<Map<_, _>>()
            .into(),
        Kind::Scalar { text, .. } => match node.scalar() {
            None | Some(Scalar::Null) => Value::Null,
            Some(Scalar::Bool(boolean)) => boolean.into(),
            Some(Scalar::Int(number)) => number.into(),
            Some(Scalar::Float(number)) => {
                Number::from_f64(number).map_or_else(|| text.as_str().into(), Value::Number)
            }
            Some(Scalar::Text(text)) => text.into(),
        },
    }
}

/// Whether a function of `AWS::LanguageExtensions` is meant.
pub(super) fn is_extension(name: &str) -> bool {
    EXTENSIONS.contains(&name) || name.starts_with("Fn::ForEach::")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::{Source, parse};

    fn long(text: &str) -> (Value, Vec<String>) {
        let source = Source::new("t.yaml", text);
        let mut faults = Faults::new(&source);
        let node = expand(parse(&source).unwrap(), &mut faults);
        (value(&node), faults.into_vec().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn every_short_form_has_its_long_form() {
        let (value, faults) = long(
            "a: !Ref x\nb: !GetAtt r.a.b\nc: !GetAtt [r, a.b]\nd: !Sub ['${x}', {x: !If [c, 1, !Ref y]}]\n\
             e: !Condition z\nf: !GetAZs\ng: !Select [0, !Split [',', 'a,b']]\nh: {Fn::GetAtt: r.a}\n\
             i: !Transform {Name: AWS::Include}\nj: !Not [!Equals [yes, 'yes']]\n",
        );
        assert_eq!(faults, [""; 0]);
        assert_eq!(
            value,
            json!({
                "a": {"Ref": "x"},
                "b": {"Fn::GetAtt": ["r", "a.b"]},
                "c": {"Fn::GetAtt": ["r", "a.b"]},
                "d": {"Fn::Sub": ["${x}", {"x": {"Fn::If": ["c", 1, {"Ref": "y"}]}}]},
                "e": {"Condition": "z"},
                "f": {"Fn::GetAZs": ""},
                "g": {"Fn::Select": [0, {"Fn::Split": [",", "a,b"]}]},
                "h": {"Fn::GetAtt": ["r", "a"]},
                "i": {"Fn::Transform": {"Name": "AWS::Include"}},
                "j": {"Fn::Not": [{"Fn::Equals": [true, "yes"]}]},
            })
        );
    }

    #[test]
    fn an_unknown_tag_is_refused_at_its_place_with_the_nearest_one() {
        assert_eq!(long("a:\n  - !Sup x\n").1, ["t.yaml:2:5: unknown tag `!Sup`"]);
    }

    #[test]
    fn dates_and_account_ids_stay_text() {
        let (value, _) =
            long("v: 2010-09-09\ni: 012345678901\nn: 1.10\no: 0777\nq: '0777'\nt: !Ref 012\n");
        assert_eq!(
            value,
            json!({"v": "2010-09-09", "i": "012345678901", "n": 1.1, "o": 511, "q": "0777", "t": {"Ref": "012"}})
        );
    }
}
