//! What a template may do: CloudFormation wants to be told.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::section::Resource;

/// A capability that CloudFormation asks for before it takes a template.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Capability {
    /// The template makes IAM resources.
    CapabilityIam,
    /// The template makes IAM resources with names of its own.
    CapabilityNamedIam,
    /// The template has macros or nested stacks.
    CapabilityAutoExpand,
}

impl Capability {
    /// AWS's word.
    pub fn as_aws(self) -> &'static str {
        match self {
            Self::CapabilityIam => "CAPABILITY_IAM",
            Self::CapabilityNamedIam => "CAPABILITY_NAMED_IAM",
            Self::CapabilityAutoExpand => "CAPABILITY_AUTO_EXPAND",
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_aws())
    }
}

/// The properties with which a resource gets a name of its own, by type.
const NAMES: &[(&str, &str)] = &[
    ("AWS::IAM::Group", "GroupName"),
    ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::User", "UserName"),
];

/// The capabilities of a template with these resources; `macros` says whether it has a transform.
///
/// What a macro, a module or a nested stack will make is not in the template: they are given every capability.
/// Who deploys a nested stack has put it in the template; a capability that turns out not to be needed is no error.
pub(super) fn needed(resources: &BTreeMap<String, Resource>, macros: bool) -> BTreeSet<Capability> {
    let expands = |resource: &Resource| {
        resource.resource_type == "AWS::CloudFormation::Stack"
            || resource.resource_type.ends_with("::MODULE")
    };
    if macros || resources.values().any(expands) {
        return [Capability::CapabilityNamedIam, Capability::CapabilityAutoExpand].into();
    }
    if resources.values().any(is_named) {
        // It includes CAPABILITY_IAM.
        return [Capability::CapabilityNamedIam].into();
    }
    if resources.values().any(|resource| resource.resource_type.starts_with("AWS::IAM::")) {
        return [Capability::CapabilityIam].into();
    }
    BTreeSet::new()
}

fn is_named(resource: &Resource) -> bool {
    let properties = &resource.value["Properties"];
    NAMES.iter().any(|(resource_type, name)| {
        *resource_type == resource.resource_type && properties.get(name).is_some()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn capabilities(resources: &[(&str, serde_json::Value)]) -> Vec<&'static str> {
        let resources = resources.iter().enumerate().map(|(index, (resource_type, properties))| {
            let value = json!({"Type": resource_type, "Properties": properties});
            (format!("R{index}"), Resource { resource_type: (*resource_type).to_owned(), value })
        });
        needed(&resources.collect(), false).into_iter().map(Capability::as_aws).collect()
    }

    #[test]
    fn iam_asks_for_more_if_it_chooses_names() {
        assert_eq!(capabilities(&[("AWS::S3::Bucket", json!({"BucketName": "x"}))]), [""; 0]);
        let policy = ("AWS::IAM::Policy", json!({"PolicyName": "x"}));
        let role = ("AWS::IAM::Role", json!({"RoleName": {"Ref": "x"}}));
        assert_eq!(capabilities(std::slice::from_ref(&policy)), ["CAPABILITY_IAM"]);
        assert_eq!(capabilities(&[policy, role]), ["CAPABILITY_NAMED_IAM"]);
    }

    #[test]
    fn what_cannot_be_seen_gets_all_capabilities() {
        let all = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"];
        assert_eq!(capabilities(&[("AWS::CloudFormation::Stack", json!({}))]), all);
        assert_eq!(capabilities(&[("My::S3::Bucket::MODULE", json!({}))]), all);
        assert_eq!(needed(&BTreeMap::new(), true).len(), 2);
    }
}
