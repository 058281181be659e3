//! Resources that may be there before the stack that has them.

use super::Template;
use super::function::called;
use super::resolve::{Deployment, Resolver};

/// How CloudFormation takes over a resource (aws-behaviour §6.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takeover {
    /// By the name that the template gives it, in a change set that makes or updates the stack
    /// (`ImportExistingResources`). The name has to be a plain text: CloudFormation works none out for this.
    ByName,
    /// By its identifier, in a change set that does nothing else: the identifier is AWS's own, or a name that is
    /// worked out, or the resource comes together with another one.
    ByIdentifier,
}

/// What there is to know about a type whose resources may be there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdoptableType {
    /// AWS's type.
    pub resource_type: &'static str,
    /// The property that is its primary identifier.
    pub identifier: &'static str,
    /// Whether a region has at most one, whatever its name.
    pub once: bool,
    /// Whether the identifier is a name that a template can choose.
    pub named: bool,
    /// Whether it can be taken over by that name.
    by_name: bool,
    /// The properties without which CloudFormation refuses a resource of the type (`required` in its schema).
    required: &'static [&'static str],
}

/// The type of key that is taken over together with its alias: left behind, the alias would point elsewhere.
pub const KEY_TYPE: &str = "AWS::KMS::Key";
/// The property that is a key's primary identifier.
pub const KEY_IDENTIFIER: &str = "KeyId";

const TYPES: &[AdoptableType] = &[
    once("AWS::GuardDuty::Detector", "Id", false, &["Enable"]),
    once("AWS::SecurityHub::Hub", "ARN", false, &[]),
    once("AWS::Config::ConfigurationRecorder", "Name", true, &["RoleARN"]),
    once("AWS::Config::DeliveryChannel", "Name", true, &["S3BucketName"]),
    named("AWS::CloudTrail::Trail", "TrailName", true, &["S3BucketName", "IsLogging"]),
    named("AWS::IAM::Role", "RoleName", true, &["AssumeRolePolicyDocument"]),
    named("AWS::KMS::Alias", "AliasName", false, &["TargetKeyId"]),
    named("AWS::Logs::LogGroup", "LogGroupName", true, &[]),
    named(STANDARD_TYPE, "StandardsSubscriptionArn", false, &["StandardsArn"]),
];

/// The type of a Security Hub standard that is on. A hub that is there has some as a rule.
const STANDARD_TYPE: &str = "AWS::SecurityHub::Standard";

/// The identifier of a standard that is on in an account: `arn:aws:securityhub:REGION:ACCOUNT:subscription/NAME/v/1.0.0`
/// for `arn:aws:securityhub:REGION::standards/NAME/v/1.0.0`, and for `arn:aws:securityhub:::ruleset/NAME/v/1.2.0`.
fn subscription_arn(standard: &str, deployment: Deployment<'_>) -> Option<String> {
    let (_, name) = standard.split_once(":standards/").or(standard.split_once(":ruleset/"))?;
    let Deployment { account, region, .. } = deployment;
    let partition = region.partition();
    Some(format!("arn:{partition}:securityhub:{region}:{}:subscription/{name}", account?))
}

const fn once(
    resource_type: &'static str,
    identifier: &'static str,
    named: bool,
    required: &'static [&'static str],
) -> AdoptableType {
    AdoptableType { resource_type, identifier, once: true, named, by_name: named, required }
}

const fn named(
    resource_type: &'static str,
    identifier: &'static str,
    by_name: bool,
    required: &'static [&'static str],
) -> AdoptableType {
    AdoptableType { resource_type, identifier, once: false, named: true, by_name, required }
}

/// Whether a resource of the type cannot be taken over without the property: its name, or one that its schema wants.
pub(super) fn import_needs(resource_type: &str, property: &str) -> bool {
    // Keys need nothing; of types that nobody knows here, everything is kept.
    AdoptableType::of(resource_type).map_or(resource_type != KEY_TYPE, |known| {
        known.identifier == property || known.required.contains(&property)
    })
}

impl AdoptableType {
    /// What is known of a type; `None` for one whose resources are not looked for.
    pub fn of(resource_type: &str) -> Option<&'static Self> {
        TYPES.iter().find(|known| known.resource_type == resource_type)
    }
}

/// A resource of a template that may be there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoptable {
    /// Its name in the template.
    pub logical_id: String,
    /// What is known of its type.
    pub adoptable_type: &'static AdoptableType,
    /// The name that the template gives it, as far as it can be worked out. Without one, only a resource of which
    /// there can be no second is looked for.
    pub name: Option<String>,
}

impl Template {
    /// The resources that a deployment would make and that may be there already, by their logical ids. A resource
    /// whose condition is known not to hold is not among them, nor one whose name nobody can know yet.
    pub fn adoptable(&self, deployment: Deployment<'_>) -> Vec<Adoptable> {
        let resolver = Resolver::new(self, deployment);
        self.resources()
            .iter()
            .filter_map(|(logical_id, resource)| {
                let adoptable_type = AdoptableType::of(&resource.resource_type)?;
                if !resolver.may_make(resource) {
                    return None;
                }
                let property = |name: &str| resource.value.get("Properties")?.get(name);
                let name = if adoptable_type.resource_type == STANDARD_TYPE {
                    property("StandardsArn")
                        .and_then(|standard| resolver.text(standard))
                        .and_then(|standard| subscription_arn(&standard, deployment))
                } else {
                    property(adoptable_type.identifier)
                        .filter(|_| adoptable_type.named)
                        .and_then(|name| resolver.text(name))
                };
                (adoptable_type.once || name.is_some()).then(|| Adoptable {
                    logical_id: logical_id.clone(),
                    adoptable_type,
                    name,
                })
            })
            .collect()
    }

    /// How a resource of the template is taken over.
    pub fn takeover(&self, logical_id: &str) -> Takeover {
        let by_name = self.resources().get(logical_id).is_some_and(|resource| {
            AdoptableType::of(&resource.resource_type).filter(|known| known.by_name).is_some_and(
                |known| {
                    let properties = resource.value.get("Properties");
                    properties.and_then(|all| all.get(known.identifier)?.as_str()).is_some()
                },
            )
        });
        if by_name { Takeover::ByName } else { Takeover::ByIdentifier }
    }

    /// Whether a deployment makes a resource of that type, as far as can be known.
    pub fn may_make_any(&self, resource_type: &str, deployment: Deployment<'_>) -> bool {
        let mut resources = self.resources().values();
        let resolver = Resolver::new(self, deployment);
        resources
            .any(|resource| resource.resource_type == resource_type && resolver.may_make(resource))
    }

    /// The logical id of the key behind an alias, if the template has the key, too.
    pub fn key_of_alias(&self, alias: &str) -> Option<&str> {
        let target = self.resources().get(alias)?.value.get("Properties")?.get("TargetKeyId")?;
        let key = match called(target)? {
            ("Ref", key) => key.as_str()?,
            ("Fn::GetAtt", attribute) => attribute.get(0)?.as_str()?,
            _ => return None,
        };
        let (key, resource) = self.resources().get_key_value(key)?;
        (resource.resource_type == KEY_TYPE).then_some(key.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::document::Source;

    fn template(resources: &str) -> Template {
        let text = format!(
            "Parameters: {{Make: {{Type: String, Default: 'yes'}}, Name: {{Type: String, Default: given}}}}\n\
             Conditions: {{Makes: !Equals [!Ref Make, 'yes']}}\nResources:\n{resources}"
        );
        Template::parse(&Source::new("t", &text)).unwrap()
    }

    fn deployed<T>(
        parameters: &[(&str, Option<&str>)],
        look: impl FnOnce(Deployment<'_>) -> T,
    ) -> T {
        let stack = "avm-x".parse().unwrap();
        let account = "222222222222".parse().unwrap();
        let region = "eu-west-1".parse().unwrap();
        let parameters: BTreeMap<_, _> = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.map(str::to_owned)))
            .collect();
        look(Deployment {
            stack: &stack,
            account: Some(&account),
            region: &region,
            parameters: &parameters,
        })
    }

    fn found(resources: &str, parameters: &[(&str, Option<&str>)]) -> Vec<String> {
        let template = template(resources);
        let found = deployed(parameters, |deployment| template.adoptable(deployment));
        let line =
            |one: &Adoptable| format!("{} {}", one.logical_id, one.name.as_deref().unwrap_or("?"));
        found.iter().map(line).collect()
    }

    const ALL: &str = "  Detector: {Type: 'AWS::GuardDuty::Detector', Properties: {Enable: true}}\n  \
        Hub: {Type: 'AWS::SecurityHub::Hub'}\n  \
        Recorder: {Type: 'AWS::Config::ConfigurationRecorder', Properties: {Name: !Ref Name}}\n  \
        Channel: {Type: 'AWS::Config::DeliveryChannel', Properties: {S3BucketName: b}}\n  \
        Trail: {Type: 'AWS::CloudTrail::Trail', Properties: {TrailName: !Ref Name}}\n  \
        Alias: {Type: 'AWS::KMS::Alias', Properties: {AliasName: !Sub 'alias/${Name}/ec2', TargetKeyId: !Ref Key}}\n  \
        Key: {Type: 'AWS::KMS::Key'}\n  \
        Role: {Type: 'AWS::IAM::Role', Properties: {RoleName: !Join ['-', [!Ref Name, role]]}}\n  \
        Logs: {Type: 'AWS::Logs::LogGroup', Properties: {LogGroupName: /x}}\n  \
        Topic: {Type: 'AWS::SNS::Topic', Properties: {TopicName: x}}\n  \
        Unnamed: {Type: 'AWS::IAM::Role', Properties: {Path: /}}\n";

    #[test]
    fn what_can_be_there_once_is_looked_for_by_type_and_the_rest_by_name() {
        assert_eq!(
            found(ALL, &[]),
            [
                "Alias alias/given/ec2",
                "Channel ?",
                "Detector ?",
                "Hub ?",
                "Logs /x",
                "Recorder given",
                "Role given-role",
                "Trail given",
            ]
        );
    }

    #[test]
    fn a_name_that_comes_later_is_not_looked_for() {
        assert_eq!(
            found(ALL, &[("Name", None)]),
            ["Channel ?", "Detector ?", "Hub ?", "Logs /x", "Recorder ?"]
        );
    }

    #[test]
    fn a_resource_whose_condition_does_not_hold_is_not_looked_for() {
        let text = "  D: {Type: 'AWS::GuardDuty::Detector', Condition: Makes}\n";
        assert_eq!(found(text, &[]), ["D ?"]);
        assert_eq!(found(text, &[("Make", None)]), ["D ?"]);
        assert_eq!(found(text, &[("Make", Some("no"))]), [""; 0]);
        let made = |value| {
            let template = template(text);
            deployed(&[("Make", Some(value))], |deployment| {
                template.may_make_any("AWS::GuardDuty::Detector", deployment)
            })
        };
        assert!(made("yes") && !made("no"));
    }

    #[test]
    fn the_key_behind_an_alias_is_the_templates_own_or_none() {
        let text = "  Key: {Type: 'AWS::KMS::Key'}\n  \
            A: {Type: 'AWS::KMS::Alias', Properties: {AliasName: alias/a, TargetKeyId: !Ref Key}}\n  \
            B: {Type: 'AWS::KMS::Alias', Properties: {AliasName: alias/b, TargetKeyId: !GetAtt Key.Arn}}\n  \
            C: {Type: 'AWS::KMS::Alias', Properties: {AliasName: alias/c, TargetKeyId: !Ref Name}}\n  \
            D: {Type: 'AWS::KMS::Alias', Properties: {AliasName: alias/d, TargetKeyId: literal}}\n";
        let template = template(text);
        let keys = ["A", "B", "C", "D"].map(|alias| template.key_of_alias(alias));
        assert_eq!(keys, [Some("Key"), Some("Key"), None, None]);
    }

    #[test]
    fn only_a_plain_name_is_enough_to_be_taken_over_by() {
        let template = template(ALL);
        let by_name: Vec<_> = template
            .resources()
            .keys()
            .filter(|logical_id| template.takeover(logical_id) == Takeover::ByName)
            .collect();
        assert_eq!(by_name, ["Logs"]);
        let alias =
            "  A: {Type: 'AWS::KMS::Alias', Properties: {AliasName: alias/a, TargetKeyId: x}}\n";
        assert_eq!(self::template(alias).takeover("A"), Takeover::ByIdentifier);
    }
}
