//! The templates that stacks were deployed with, each stored and read once.

use std::collections::BTreeMap;
use std::rc::Rc;

use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::id::hex;
use crate::document::{self, Diagnostic, Node, Source};
use crate::template::{DIGEST_OUTPUT, Template};

/// A template's text, named by its hash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct TemplateId(Rc<str>);

impl From<String> for TemplateId {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<TemplateId> for String {
    fn from(id: TemplateId) -> Self {
        id.0.as_ref().to_owned()
    }
}

/// The templates of all stacks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Templates {
    texts: BTreeMap<TemplateId, String>,
    /// Read on first use.
    #[serde(skip)]
    read: BTreeMap<TemplateId, Rc<ReadTemplate>>,
}

impl Templates {
    /// Takes a template in, if it is one; AWS's message otherwise.
    pub(in crate::sim) fn add(
        &mut self,
        text: &str,
    ) -> Result<(TemplateId, Rc<ReadTemplate>), String> {
        let name = hex(&[text], 40);
        let id = match self.texts.get_key_value(name.as_str()) {
            Some((id, _)) => id.clone(),
            None => TemplateId(name.into()),
        };
        let template = match self.read.get(&id) {
            Some(template) => Rc::clone(template),
            None => Rc::new(read(text)?),
        };
        self.texts.entry(id.clone()).or_insert_with(|| text.to_owned());
        self.read.insert(id.clone(), Rc::clone(&template));
        Ok((id, template))
    }

    /// The text, as it was sent.
    pub fn text(&self, id: &TemplateId) -> Option<&str> {
        self.texts.get(id).map(String::as_str)
    }

    /// The template, read.
    pub(in crate::sim) fn get(&mut self, id: &TemplateId) -> Result<Rc<ReadTemplate>, String> {
        if let Some(template) = self.read.get(id) {
            return Ok(Rc::clone(template));
        }
        let text = self.texts.get(id).ok_or("the sandbox's file has lost a template")?;
        let template = Rc::new(read(text)?);
        self.read.insert(id.clone(), Rc::clone(&template));
        Ok(template)
    }
}

impl std::borrow::Borrow<str> for TemplateId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Templates {
    fn eq(&self, other: &Self) -> bool {
        self.texts == other.texts
    }
}

/// A template as CloudFormation understands it.
#[derive(Clone, Debug)]
pub(in crate::sim) struct ReadTemplate {
    /// The template, without the output that carries avm's digest.
    pub(in crate::sim) template: Template,
    /// The value of that output, which to CloudFormation is an output like any other.
    pub(in crate::sim) digest: Option<String>,
    /// The parameters' `AllowedPattern`s. Those that only Java's regular expressions know are left out.
    pub(in crate::sim) patterns: BTreeMap<String, Regex>,
}

fn read(text: &str) -> Result<ReadTemplate, String> {
    let source = Source::new("template", text);
    let error = |faults: &[Diagnostic]| {
        let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
        format!("Template format error: {}", faults.join("; "))
    };
    // A user may not write the digest's output; avm sends it.
    let mut faults = Template::parse(&source).err().unwrap_or_default();
    faults.retain(|fault| fault.code != "reserved-output");
    if !faults.is_empty() {
        return Err(error(&faults));
    }
    let document = document::parse(&source).map_err(|faults| error(&faults))?;
    let output = document.get("Outputs").and_then(|outputs| outputs.get(DIGEST_OUTPUT));
    let digest = output.and_then(|output| output.get("Value")).and_then(Node::text);
    let template = Template::parse_deployed(&source).map_err(|faults| error(&faults))?;
    let digest = digest.map(ToOwned::to_owned);
    Ok(ReadTemplate { patterns: patterns(&template), template, digest })
}

/// A pattern has to fit the whole value.
fn patterns(template: &Template) -> BTreeMap<String, Regex> {
    let parameters = template.value().get("Parameters").and_then(Value::as_object);
    let pattern = |(name, parameter): (&String, &Value)| {
        let pattern = parameter.get("AllowedPattern")?.as_str()?;
        Some((name.clone(), Regex::new(&format!("^(?:{pattern})$")).ok()?))
    };
    parameters.into_iter().flatten().filter_map(pattern).collect()
}
