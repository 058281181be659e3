//! The parts of a template that avm reads.

mod mappings;
mod outputs;
mod parameters;
mod resources;

use std::ops::Range;

use serde_json::Value;

pub(super) use self::mappings::check as check_mappings;
pub(super) use self::outputs::{Outputs, read as read_outputs};
pub(super) use self::parameters::read as read_parameters;
pub(super) use self::resources::read as read_resources;
use super::faults::{Faults, did_you_mean};
use super::function;
use crate::document::{Node, Scalar};
use crate::model::Region;

/// A parameter of a template.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its type: `String`, `Number`, `CommaDelimitedList`, ...
    pub parameter_type: String,
    /// Its default, as text.
    pub default: Option<String>,
    /// Whether AWS hides its value.
    pub no_echo: bool,
    /// The values that it may have; empty means any.
    pub allowed_values: Vec<String>,
    /// Its name's bytes in the file.
    pub span: Range<usize>,
}

impl Parameter {
    /// Whether its value is the name of a parameter of Systems Manager, and what it stands for is stored there.
    pub fn is_stored(&self) -> bool {
        self.parameter_type.starts_with("AWS::SSM::Parameter::Value<")
    }
}

/// A resource of a template.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Its type: `AWS::KMS::Key`.
    pub resource_type: String,
    /// Everything about it, in long form. Two resources of equal value are one to the digest, too.
    pub value: Value,
}

impl Resource {
    /// Whether the template says that AWS does not offer the resource in `region`.
    ///
    /// It says so for readers, in `Metadata: {avm: {absent-in: [REGION, ...]}}`; its `Condition` does the work.
    pub fn is_absent_in(&self, region: &Region) -> bool {
        let regions = self.value.pointer("/Metadata/avm/absent-in").and_then(Value::as_array);
        regions.is_some_and(|regions| regions.iter().any(|known| known == region.as_str()))
    }
}

/// A document in long form, by its sections.
pub(super) struct Sections<'a> {
    /// The document.
    pub(super) root: &'a Node,
    /// Whether a transform or a macro will rewrite it, so that what it refers to may not be there yet.
    pub(super) macros: bool,
}

impl<'a> Sections<'a> {
    /// The sections of a document.
    pub(super) fn new(root: &'a Node) -> Self {
        let mut calls = Vec::new();
        function::calls(root, "Fn::Transform", &mut calls);
        Self { root, macros: root.get("Transform").is_some() || !calls.is_empty() }
    }

    /// A section's entries: name, the name's node, the value. Calls of macros and loops are not among them.
    pub(super) fn entries(
        &self,
        section: &str,
    ) -> impl Iterator<Item = (&'a str, &'a Node, &'a Node)> + use<'a> {
        let macros = self.macros;
        let entries = self.root.get(section).map_or(&[][..], Node::entries);
        entries
            .iter()
            .filter_map(|(key, value)| Some((key.text()?, key, value)))
            .filter(move |(name, ..)| !(macros && name.starts_with("Fn::")))
    }
}

/// Refuses keys of a mapping that are not among `known`.
fn check_keys(what: &str, node: &Node, known: &[&str], faults: &mut Faults<'_>) {
    for (key, _) in node.entries() {
        let Some(name) = key.text() else { continue };
        if !known.contains(&name) {
            let help = did_you_mean(name, known.iter().copied());
            faults.add_at(&key.span, "unknown-key", format!("{what} has no `{name}`"), help);
        }
    }
}

/// A scalar as the text that CloudFormation makes of it: `yes` without quotes is `true`.
fn text(node: &Node) -> Option<String> {
    match node.scalar()? {
        Scalar::Null => None,
        Scalar::Bool(boolean) => Some(boolean.to_string()),
        Scalar::Int(_) | Scalar::Float(_) | Scalar::Text(_) => node.text().map(str::to_owned),
    }
}
