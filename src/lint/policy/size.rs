//! How large a policy is at least.

use std::collections::BTreeMap;

use super::kind;
use crate::document::Node;
use crate::lint::finding::Finding;
use crate::lint::intrinsic::{self, HOLE, text};
use crate::lint::subject::{ResourceNode, Subject, first_word};
use crate::template::call;

const RULE: &str = "policy-size";

/// Characters of a managed policy, white space not counted (IAM user guide, "IAM and AWS STS quotas").
const MANAGED: usize = 6_144;
/// Characters of all inline policies of a role together, likewise.
const ROLE: usize = 10_240;
/// Characters of all inline policies of a group together, likewise.
const GROUP: usize = 5_120;
/// Characters of all inline policies of a user together, likewise.
const USER: usize = 2_048;
/// Characters of a role's trust policy, likewise; AWS raises it on request.
const TRUST: usize = 2_048;
/// Bytes of a key policy (KMS developer guide, "Resource quotas").
const KEY: usize = 32_768;
/// Bytes of a bucket policy (S3 user guide, "Bucket policies").
const BUCKET: usize = 20_480;

/// The policies that are too large, whatever CloudFormation fills in.
pub(super) fn findings(subject: &Subject) -> Vec<Finding> {
    let mut inline: BTreeMap<&str, Vec<&Node>> = BTreeMap::new();
    let mut found = Vec::new();
    for resource in subject.resources() {
        let own = kind::inline(&resource);
        if !own.is_empty() {
            inline.entry(resource.id).or_default().extend(own);
        }
        let Some(policy) = resource.property("PolicyDocument").or(resource.property("KeyPolicy"))
        else {
            continue;
        };
        let max = match resource.resource_type {
            "AWS::IAM::ManagedPolicy" => MANAGED,
            "AWS::KMS::Key" | "AWS::KMS::ReplicaKey" => KEY,
            "AWS::S3::BucketPolicy" => BUCKET,
            "AWS::IAM::Policy"
            | "AWS::IAM::RolePolicy"
            | "AWS::IAM::GroupPolicy"
            | "AWS::IAM::UserPolicy" => {
                for owner in owners(&resource) {
                    inline.entry(owner).or_default().push(policy);
                }
                continue;
            }
            _ => continue,
        };
        found.extend(too_large(&subject.root, resource.id, &[policy], max, "the policy has"));
    }
    for resource in subject.resources() {
        let max = match resource.resource_type {
            "AWS::IAM::Role" => ROLE,
            "AWS::IAM::Group" => GROUP,
            "AWS::IAM::User" => USER,
            _ => continue,
        };
        let policies = inline.remove(resource.id).unwrap_or_default();
        let what = "the inline policies together have";
        found.extend(too_large(&subject.root, resource.id, &policies, max, what));
        let trust = resource.property("AssumeRolePolicyDocument");
        let trust = trust.map(|trust| {
            too_large(&subject.root, resource.id, &[trust], TRUST, "the trust policy has")
        });
        found.extend(trust.flatten());
    }
    found
}

/// The roles, groups and users of this template that a policy is made for.
fn owners<'a>(resource: &ResourceNode<'a>) -> Vec<&'a str> {
    ["Groups", "Roles", "Users", "GroupName", "RoleName", "UserName"]
        .into_iter()
        .filter_map(|name| resource.property(name))
        .flat_map(
            |node| if node.items().is_empty() { std::slice::from_ref(node) } else { node.items() },
        )
        .filter_map(|node| call(node).filter(|(name, _)| *name == "Ref")?.1.text())
        .collect()
}

fn too_large(
    root: &Node,
    resource: &str,
    policies: &[&Node],
    max: usize,
    what: &str,
) -> Option<Finding> {
    let size: usize = policies.iter().filter_map(|policy| least(root, policy)).sum();
    (size > max).then(|| Finding {
        rule: RULE.into(),
        resource: Some(resource.to_owned()),
        span: policies.first().map_or(0..0, |policy| first_word(policy)),
        message: format!("{what} at least {size} characters, and AWS takes {max}"),
        help: Some(
            "take wildcards and conditions instead of one entry each, or split it".to_owned(),
        ),
    })
}

/// The characters of a value as JSON without white space, where all that CloudFormation fills in is empty; `None` if
/// the value may vanish.
fn least(root: &Node, node: &Node) -> Option<usize> {
    match call(node) {
        Some(("Ref", name)) if name.text() == Some("AWS::NoValue") => return None,
        Some(("Fn::If", arguments)) => {
            let [_, values @ ..] = arguments.items() else { return None };
            return values.iter().map(|value| least(root, value)).min().flatten();
        }
        Some(("Fn::FindInMap", _)) => {
            let items = intrinsic::items(root, node);
            let is_found = items.iter().all(|item| call(item.node).is_none());
            let of = |item: &intrinsic::Item<'_>| least(root, item.node);
            return Some(if is_found { sequence(items.iter().filter_map(of)) } else { quoted("") });
        }
        Some(_) => return Some(quoted(&text(node).shown)),
        None => {}
    }
    if node.text().is_some() {
        return Some(quoted(&text(node).shown));
    }
    if !node.items().is_empty() {
        return Some(sequence(node.items().iter().filter_map(|item| least(root, item))));
    }
    let entries = node.entries().iter();
    Some(sequence(entries.filter_map(|(key, value)| {
        Some(quoted(key.text().unwrap_or_default()) + 1 + least(root, value)?)
    })))
}

/// Brackets, commas, and what is between them.
fn sequence(sizes: impl Iterator<Item = usize>) -> usize {
    let (count, sum) = sizes.fold((0, 0), |(count, sum), size| (count + 1, sum + size));
    2 + sum + usize::saturating_sub(count, 1)
}

/// Quotes and what is between them. A number or a boolean may go without quotes, and is at most two too large.
fn quoted(text: &str) -> usize {
    2 + text.chars().filter(|c| *c != HOLE && !c.is_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Source;
    use crate::lint::policy::fixture::found;
    use crate::template::tree;

    fn size(value: &str) -> Option<usize> {
        let text = format!("Mappings: {{M: {{a: {{b: [x, y]}}}}}}\nV: {value}\n");
        let root = tree(&Source::new("t", &text)).unwrap();
        least(&root, root.get("V").unwrap())
    }

    #[test]
    fn the_size_is_that_of_the_json_with_nothing_filled_in() {
        assert_eq!(size("{A: [b, 'c d'], E: {}}"), Some(r#"{"A":["b","cd"],"E":{}}"#.len()));
        assert_eq!(size("!Sub 'a${B}c'"), Some(4));
        assert_eq!(
            size("[!If [C, aaaa, b], !If [C, d, !Ref AWS::NoValue]]"),
            Some(r#"["b"]"#.len())
        );
        assert_eq!(size("!FindInMap [M, a, b]"), Some(r#"["x","y"]"#.len()));
    }

    #[test]
    fn all_inline_policies_of_a_role_count_together() {
        let arn = |count: usize| "x".repeat(count);
        let template = |own: usize, other: usize| {
            format!(
                "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Version: '2012-10-17'}}
      Policies: [{{PolicyName: a, PolicyDocument: {{Resource: '{}'}}}}]
  Other:
    Type: AWS::IAM::RolePolicy
    Properties: {{RoleName: !Ref Role, PolicyName: b, PolicyDocument: {{Resource: '{}'}}}}
",
                arn(own),
                arn(other)
            )
        };
        assert_eq!(found(RULE, &template(5000, 5000)), [""; 0]);
        assert_eq!(found(RULE, &template(6000, 5000)), ["Resource"]);
    }
}
