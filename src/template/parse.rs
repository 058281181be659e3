//! A template, read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::capability::{self, Capability};
use super::digest::{DIGEST_OUTPUT, Digest};
use super::faults::Faults;
use super::limits::MAX_TEMPLATE_BYTES;
use super::section::{self, Outputs, Parameter, Resource, Sections};
use super::{function, insert, long_form, references, shape};
use crate::document::{self, Diagnostic, Kind, Node, Source};

/// A CloudFormation template that avm has read and understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    source: Source,
    value: Value,
    digest: Digest,
    body: String,
    parameters: BTreeMap<String, Parameter>,
    resources: BTreeMap<String, Resource>,
    outputs: Outputs,
    conditions: BTreeSet<String>,
    transforms: Vec<Value>,
    imports: Vec<Value>,
    capabilities: BTreeSet<Capability>,
}

impl Template {
    /// Reads a template that a user wrote; all its faults at once.
    pub fn parse(source: &Source) -> Result<Self, Vec<Diagnostic>> {
        let mut faults = Faults::new(source);
        let root = read(source, &mut faults)?;
        let sections = Sections::new(&root);
        shape::check(&sections, &mut faults);
        section::check_mappings(&sections, &mut faults);
        references::check(&sections, &mut faults);
        let mut template = Self::build(source, &sections, &mut faults);
        let faults = faults.into_vec();
        if !faults.is_empty() {
            return Err(faults);
        }
        template.body = body(source, &root, &template)?;
        Ok(template)
    }

    /// Reads a template that AWS has: one that avm sent, with the digest's output, or anybody else's.
    ///
    /// CloudFormation has taken it, so nothing is checked that is not needed to understand it. The digest's output
    /// is ignored: what avm sent has the digest of the file that it came from.
    pub fn parse_deployed(source: &Source) -> Result<Self, Vec<Diagnostic>> {
        let mut faults = Faults::new(source);
        let root = read(source, &mut faults)?;
        let known = faults.into_vec();
        if !known.is_empty() {
            return Err(known);
        }
        let mut ignored = Faults::new(source);
        Ok(Self::build(source, &Sections::new(&root), &mut ignored))
    }

    fn build(source: &Source, sections: &Sections<'_>, faults: &mut Faults<'_>) -> Self {
        let mut value = long_form::value(sections.root);
        remove_digest(&mut value);
        let parameters = section::read_parameters(sections, faults);
        let resources = section::read_resources(sections, faults);
        let outputs = section::read_outputs(sections, faults);
        let mut imports = Vec::new();
        function::calls(sections.root, "Fn::ImportValue", &mut imports);
        Self {
            source: source.clone(),
            digest: Digest::of(&value),
            body: source.text().to_owned(),
            capabilities: capability::needed(&resources, sections.macros),
            parameters,
            resources,
            outputs,
            conditions: sections.entries("Conditions").map(|(name, ..)| name.to_owned()).collect(),
            transforms: match value.get("Transform") {
                None => Vec::new(),
                Some(Value::Array(transforms)) => transforms.clone(),
                Some(transform) => vec![transform.clone()],
            },
            imports: imports.into_iter().map(long_form::value).collect(),
            value,
        }
    }

    /// The file it was read from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The digest of what the template means; the digest output itself does not count.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Its parameters, by name.
    pub fn parameters(&self) -> &BTreeMap<String, Parameter> {
        &self.parameters
    }

    /// Its resources, by logical id. What a macro or a loop will make is not among them.
    pub fn resources(&self) -> &BTreeMap<String, Resource> {
        &self.resources
    }

    /// The names of its outputs, the digest's excluded.
    pub fn outputs(&self) -> &BTreeSet<String> {
        &self.outputs.names
    }

    /// The names under which it exports outputs, by output, in long form: `{"Fn::Sub": "${AWS::StackName}-id"}`.
    pub fn exports(&self) -> &BTreeMap<String, Value> {
        &self.outputs.exports
    }

    /// The names of the exports of other stacks that it imports, in long form and in the order of the file.
    pub fn imports(&self) -> &[Value] {
        &self.imports
    }

    /// The names of its conditions.
    pub fn conditions(&self) -> &BTreeSet<String> {
        &self.conditions
    }

    /// The transforms of its `Transform` section: names, or objects with a `Name`.
    pub fn transforms(&self) -> &[Value] {
        &self.transforms
    }

    /// The capabilities it needs.
    pub fn capabilities(&self) -> &BTreeSet<Capability> {
        &self.capabilities
    }

    /// The whole document in long form: `{"Fn::Sub": ...}` for `!Sub`, key order of the file lost, the digest's
    /// output excluded.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// What is sent to AWS: the file's bytes, plus the output that carries the digest. Of a deployed template, the
    /// text as it is.
    pub fn body(&self) -> String {
        self.body.clone()
    }

    /// The size of what is sent to AWS, in bytes.
    pub fn size(&self) -> usize {
        self.body.len()
    }
}

/// Reads a template's document in long form, `{Fn::Sub: x}` for `!Sub x`, with the places of everything in it, and
/// nothing of what it means.
pub fn tree(source: &Source) -> Result<Node, Vec<Diagnostic>> {
    let mut faults = Faults::new(source);
    let root = read(source, &mut faults)?;
    let faults = faults.into_vec();
    if faults.is_empty() { Ok(root) } else { Err(faults) }
}

/// The document in long form.
fn read(source: &Source, faults: &mut Faults<'_>) -> Result<Node, Vec<Diagnostic>> {
    let root = document::parse(source)?;
    if root.tag.is_some() || !matches!(root.kind, Kind::Mapping(_)) {
        let message = format!("a template is a mapping, this is {}", root.describe());
        return Err(vec![Diagnostic::new(source, &root.span, "template", message)]);
    }
    Ok(long_form::expand(root, faults))
}

/// Takes the digest's output out, and the section with it if there is no other.
fn remove_digest(value: &mut Value) {
    let Some(document) = value.as_object_mut() else { return };
    let Some(outputs) = document.get_mut("Outputs").and_then(Value::as_object_mut) else { return };
    outputs.remove(DIGEST_OUTPUT);
    if outputs.is_empty() {
        document.remove("Outputs");
    }
}

/// The text to send, proven to mean what the file means and to carry its digest.
fn body(source: &Source, root: &Node, template: &Template) -> Result<String, Vec<Diagnostic>> {
    let body = insert::digest_output(source, root, &template.digest);
    let sent = Source::new(source.name(), &body);
    let mut faults = Faults::new(&sent);
    let carried = read(&sent, &mut faults).ok().map(|root| long_form::value(&root));
    let is_sound = carried.is_some_and(|mut carried| {
        let digest = carried["Outputs"][DIGEST_OUTPUT]["Value"].take();
        remove_digest(&mut carried);
        digest.as_str() == Some(template.digest.as_str()) && carried == template.value
    });
    if !is_sound {
        let span = root.get("Outputs").map_or(0..0, |outputs| outputs.span.clone());
        let message = format!("avm cannot add its output `{DIGEST_OUTPUT}` here");
        let fault = Diagnostic::new(source, &span, "outputs", message);
        return Err(vec![fault.help("write `Outputs` as a plain mapping, one output per line")]);
    }
    if body.len() > MAX_TEMPLATE_BYTES {
        let message = format!(
            "a template of more than {MAX_TEMPLATE_BYTES} bytes, the digest's output included"
        );
        return Err(vec![Diagnostic::new(source, &(0..0), "limit", message)]);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn template(text: &str) -> Template {
        Template::parse(&Source::new("t.yaml", text)).unwrap()
    }

    const YAML: &str = "AWSTemplateFormatVersion: 2010-09-09\n# a comment\nParameters:\n  Name: {Type: String}\n\
                        Conditions: {IsX: !Equals [!Ref Name, x]}\nResources:\n  Role:\n    Type: AWS::IAM::Role\n    \
                        Condition: IsX\n    Properties:\n      RoleName: !Sub '${Name}-role'\n      MaxSessionDuration: 3600\n      \
                        Path: !ImportValue path\nOutputs:\n  Arn:\n    Condition: IsX\n    Value: !GetAtt Role.Arn\n    \
                        Export: {Name: !Sub '${AWS::StackName}-arn'}\n";

    const JSON: &str = r#"{
        "Outputs": {"Arn": {
            "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-arn"}},
            "Condition": "IsX", "Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
        "Resources": {"Role": {"Type": "AWS::IAM::Role", "Condition": "IsX", "Properties": {
            "Path": {"Fn::ImportValue": "path"},
            "RoleName": {"Fn::Sub": "${Name}-role"}, "MaxSessionDuration": 3600}}},
        "Conditions": {"IsX": {"Fn::Equals": [{"Ref": "Name"}, "x"]}},
        "Parameters": {"Name": {"Type": "String"}},
        "AWSTemplateFormatVersion": "2010-09-09"
    }"#;

    #[test]
    fn everything_that_a_template_says_is_there() {
        let template = template(YAML);
        assert_eq!(template.parameters()["Name"].parameter_type, "String");
        let role = &template.resources()["Role"];
        assert_eq!(role.resource_type, "AWS::IAM::Role");
        assert_eq!(role.value["Properties"]["RoleName"], json!({"Fn::Sub": "${Name}-role"}));
        assert_eq!(template.value()["AWSTemplateFormatVersion"], json!("2010-09-09"));
        assert_eq!(template.outputs(), &["Arn".to_owned()].into());
        assert_eq!(template.exports()["Arn"], json!({"Fn::Sub": "${AWS::StackName}-arn"}));
        assert_eq!(template.imports(), [json!("path")]);
        assert_eq!(template.conditions(), &["IsX".to_owned()].into());
        assert_eq!(template.capabilities(), &[Capability::CapabilityNamedIam].into());
        assert_eq!(template.size(), template.body().len());
        assert!(template.transforms().is_empty());
    }

    #[test]
    fn yaml_and_json_that_mean_the_same_have_one_digest_and_equal_resources() {
        let (yaml, json) = (template(YAML), template(JSON));
        assert_eq!(yaml.value(), json.value());
        assert_eq!(yaml.digest(), json.digest());
        assert_eq!(yaml.resources(), json.resources());
    }

    #[test]
    fn a_comment_leaves_the_digest_and_another_value_does_not() {
        let digest = |text: &str| template(text).digest().clone();
        assert_eq!(digest(YAML), digest(&YAML.replace("# a comment", "# another\n")));
        assert_ne!(digest(YAML), digest(&YAML.replace("3600", "7200")));
        assert_ne!(digest(YAML), digest(&YAML.replace("3600", "'3600'")));
        assert_ne!(digest(YAML), digest(&YAML.replace("[!Ref Name, x]", "[x, !Ref Name]")));
    }

    #[test]
    fn a_transform_is_kept_and_asks_for_every_capability() {
        let template = template(
            "Transform: [AWS::LanguageExtensions, {Name: Own}]\nResources:\n  Fn::ForEach::Topics:\n    - T\n    \
             - [a, b]\n    - '${T}': {Type: AWS::SNS::Topic}\n  A: {Type: AWS::SNS::Topic, DependsOn: Later}\n",
        );
        assert_eq!(
            template.transforms(),
            [json!("AWS::LanguageExtensions"), json!({"Name": "Own"})]
        );
        assert_eq!(template.capabilities().len(), 2);
        assert_eq!(template.resources().keys().collect::<Vec<_>>(), ["A"]);
    }

    #[test]
    fn the_digests_output_is_reserved_in_a_file_and_ignored_in_what_aws_has() {
        let body = template(YAML).body();
        let faults = Template::parse(&Source::new("t", &body)).unwrap_err();
        assert_eq!(faults[0].message, "the output `AvmTemplateDigest` is reserved: avm adds it");
        let deployed = Template::parse_deployed(&Source::new("t", &body)).unwrap();
        assert_eq!(deployed.digest(), template(YAML).digest());
        assert_eq!(deployed.value(), template(YAML).value());
        assert_eq!(deployed.outputs(), template(YAML).outputs());
        assert_eq!(deployed.body(), body);
    }

    #[test]
    fn what_aws_has_is_read_even_if_avm_would_refuse_it_in_a_file() {
        let text =
            "Resources:\n  A: {Type: AWS::New::Thing, NewAttribute: 1, DependsOn: Unknown}\n";
        assert!(Template::parse(&Source::new("t", text)).is_err());
        let deployed = Template::parse_deployed(&Source::new("t", text)).unwrap();
        assert_eq!(deployed.resources()["A"].resource_type, "AWS::New::Thing");
    }

    /// Pieces of templates in any order.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "Resources:",
            "Outputs:",
            "Parameters:",
            "Conditions:",
            "Mappings:",
            "Transform:",
            "  A:",
            "    B:",
            "Type: ",
            "Value: ",
            "Default: ",
            "DependsOn: ",
            "Condition: ",
            "AWS::S3::Bucket",
            "String",
            " x",
            " {}",
            " []",
            " [x, y]",
            " {x: y}",
            " !Sub '${x.y}${!z}${}'",
            " !GetAtt a.b",
            " !If [a]",
            " !Ref",
            " !GetAtt {}",
            " !Sub []",
            "Fn::Sub: ",
            "Fn::GetAtt: ",
            "Ref: ",
            "{\"Resources\": {",
            "\"Outputs\": ",
            "}",
            "\"\u{e9}\"",
            " |\n",
            "\n",
            "\n",
            "\n",
            "- ",
            "012345670123",
        ]);
        prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn no_text_makes_it_panic(text in pieces()) {
            let source = Source::new("t", &text);
            if let Err(faults) = Template::parse(&source) {
                prop_assert!(faults.iter().all(|fault| text.get(fault.span.clone()).is_some()));
            } else {
                prop_assert!(Template::parse_deployed(&source).is_ok());
            }
        }
    }
}
