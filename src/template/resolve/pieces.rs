//! A text that is known in part.

use serde_json::{Map, Value, json};

use super::text_of;
use crate::template::function::called;

/// A text in pieces: what `Fn::Sub` and `Fn::Join` make.
#[derive(Debug, Default)]
pub(super) struct Pieces(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    /// What is known.
    Text(String),
    /// A value that nobody can know yet, in long form.
    Unknown(Value),
}

impl Pieces {
    pub(super) fn push_text(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.0.push(Piece::Text(text.to_owned())),
        }
    }

    /// Adds a value that is worked out as far as it can be. One that is itself a text in pieces adds these.
    pub(super) fn push(&mut self, value: Value) {
        if let Some(text) = text_of(&value) {
            return self.push_text(&text);
        }
        match called(&value) {
            Some(("Fn::Sub", Value::String(text))) => self.push_substitution(text),
            Some(("Fn::Join", Value::Array(arguments))) => match arguments.as_slice() {
                [Value::String(delimiter), Value::Array(items)] if delimiter.is_empty() => {
                    for item in items {
                        self.push(item.clone());
                    }
                }
                _ => self.0.push(Piece::Unknown(value)),
            },
            _ => self.0.push(Piece::Unknown(value)),
        }
    }

    fn push_substitution(&mut self, text: &str) {
        for part in parts(text) {
            match part {
                Part::Text(text) => self.push_text(text),
                Part::Literal(text) => self.push_text(&format!("${{{text}}}")),
                Part::Variable(name) => self.0.push(Piece::Unknown(reference(name))),
            }
        }
    }

    /// The text, or the shortest call that makes it.
    pub(super) fn into_value(mut self) -> Value {
        match self.0.as_slice() {
            [] => return Value::String(String::new()),
            [_] => match self.0.remove(0) {
                Piece::Text(text) => return Value::String(text),
                Piece::Unknown(value) => return value,
            },
            _ => {}
        }
        let written = self.0.iter().map(Piece::written).collect::<Option<String>>();
        written.map_or_else(
            || {
                let items = self.0.into_iter().map(|piece| match piece {
                    Piece::Text(text) => Value::String(text),
                    Piece::Unknown(value) => value,
                });
                json!({"Fn::Join": ["", items.collect::<Value>()]})
            },
            |text| json!({"Fn::Sub": text}),
        )
    }
}

impl Piece {
    /// The piece as `Fn::Sub` writes it, if it can.
    fn written(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.replace("${", "${!")),
            Self::Unknown(value) => match called(value)? {
                ("Ref", Value::String(name)) => Some(format!("${{{name}}}")),
                ("Fn::GetAtt", Value::Array(names)) => {
                    let [resource, attribute] = names.as_slice() else { return None };
                    Some(format!("${{{}.{}}}", resource.as_str()?, attribute.as_str()?))
                }
                _ => None,
            },
        }
    }
}

/// A part of a text for `Fn::Sub`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// What stands there as it is.
    Text(&'a str),
    /// `${!name}`, which means `${name}`.
    Literal(&'a str),
    /// `${name}`.
    Variable(&'a str),
}

/// The parts of a text for `Fn::Sub`.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${") {
        let Some((name, behind)) = behind.split_once('}') else { break };
        parts.push(Part::Text(before));
        parts.push(match name.strip_prefix('!') {
            Some(literal) => Part::Literal(literal),
            None => Part::Variable(name),
        });
        rest = behind;
    }
    parts.push(Part::Text(rest));
    parts
}

/// What `${name}` stands for in long form.
pub(super) fn reference(name: &str) -> Value {
    let (function, argument) = match name.split_once('.') {
        Some((resource, attribute)) => ("Fn::GetAtt", json!([resource, attribute])),
        None => ("Ref", name.into()),
    };
    Value::Object(Map::from_iter([(function.to_owned(), argument)]))
}
