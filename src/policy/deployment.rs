//! What CloudFormation does with avm's credentials for the templates of a folder.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::handlers;
use super::needs::templates;
use super::roles::{ROLE, roles};
use super::scope::Bounds;
use super::statement::Statement;
use crate::desired::{DesiredAccount, DesiredState};
use crate::template::{AdoptableType, Resource, Template};

const PASS_ROLE: &str = "iam:PassRole";
const LINKED_ROLE: &str = "iam:CreateServiceLinkedRole";

/// Types that hand a role to a service: the property that names the role, and the service. Where the property is
/// absent nothing is passed.
const PASSED: &[(&str, &str, &str)] = &[
    ("AWS::CloudTrail::Trail", "CloudWatchLogsRoleArn", "cloudtrail.amazonaws.com"),
    ("AWS::Config::ConfigurationAggregator", "RoleArn", "config.amazonaws.com"),
    ("AWS::Config::ConfigurationRecorder", "RoleARN", "config.amazonaws.com"),
    ("AWS::Lambda::Function", "Role", "lambda.amazonaws.com"),
    ("AWS::S3::Bucket", "ReplicationConfiguration", "s3.amazonaws.com"),
    ("AWS::SNS::Subscription", "SubscriptionRoleArn", "sns.amazonaws.com"),
    ("AWS::SNS::Topic", "DeliveryStatusLogging", "sns.amazonaws.com"),
    ("AWS::ServiceCatalog::LaunchRoleConstraint", "RoleArn", "servicecatalog.amazonaws.com"),
];

/// Types with which a service makes its own role, in the services' user guides on service-linked roles.
const LINKED: &[(&str, &[&str])] = &[
    ("AWS::AccessAnalyzer::Analyzer", &["access-analyzer.amazonaws.com"]),
    ("AWS::CloudTrail::Trail", &["cloudtrail.amazonaws.com"]),
    (
        "AWS::GuardDuty::Detector",
        &["guardduty.amazonaws.com", "malware-protection.guardduty.amazonaws.com"],
    ),
    ("AWS::SecurityHub::Hub", &["securityhub.amazonaws.com"]),
];

/// The statements for making, changing and deleting what the templates have.
pub(super) fn deploying<'a>(
    desired: &'a DesiredState,
    accounts: impl Iterator<Item = &'a DesiredAccount> + Clone,
    bounds: &Bounds<'_>,
) -> Vec<Statement> {
    let templates = &templates(desired, accounts.clone());
    let resources = by_type(templates);
    let mut actions = BTreeSet::new();
    let mut of_roles = BTreeSet::new();
    let mut others_pass = BTreeSet::new();
    let mut others_link = BTreeSet::new();
    for resource_type in resources.keys() {
        let mut of_type = handlers::deploying(resource_type);
        let known = |table: &[&str]| table.contains(resource_type);
        if of_type.remove(PASS_ROLE) && !known(&PASSED.iter().map(|row| row.0).collect::<Vec<_>>())
        {
            others_pass.insert(*resource_type);
        }
        if of_type.remove(LINKED_ROLE)
            && !known(&LINKED.iter().map(|row| row.0).collect::<Vec<_>>())
        {
            others_link.insert(*resource_type);
        }
        if *resource_type == ROLE { of_roles = of_type } else { actions.extend(of_type) }
    }
    let why = format!("the handlers of {}", list(resources.keys()));
    let everything = BTreeSet::from([PASS_ROLE.to_owned()]);
    let mut statements = vec![
        Statement::new("DeployResources", &why, actions).by_cloudformation(),
        Statement::new("DeployRoles", "the roles of the templates, by their names", of_roles)
            .on(roles(desired, accounts).iter().map(|role| bounds.iam_role(role)))
            .by_cloudformation(),
        passed(&resources, bounds),
        linked(&resources, bounds),
    ];
    if !others_pass.is_empty() {
        let why = format!("{} may pass a role; avm knows not to whom", list(others_pass.iter()));
        statements.push(Statement::new("PassRoles", &why, everything).by_cloudformation());
    }
    if !others_link.is_empty() {
        let why = format!("{} may need a service's own role", list(others_link.iter()));
        let action = BTreeSet::from([LINKED_ROLE.to_owned()]);
        let statement = Statement::new("RolesOfServices", &why, action);
        statements.push(statement.on([bounds.iam_role("aws-service-role/*")]).by_cloudformation());
    }
    statements.retain(|one| !one.actions.is_empty() && !one.resources.is_empty());
    // The key may be named without a value by then: nobody to pass to, nothing to allow.
    statements
        .retain(|one| one.conditions.values().flat_map(BTreeMap::values).all(|v| !v.is_empty()));
    statements
}

/// The statement for reading what the templates have, as CloudFormation does for a change set: it validates that
/// names are free, and compares with reality where it is asked to.
pub(super) fn previewing(templates: &[&Template]) -> Statement {
    let resources = by_type(templates);
    let actions = resources.keys().flat_map(|resource_type| {
        let mut both = handlers::reading(resource_type);
        both.extend(handlers::listing(resource_type));
        both
    });
    let why = format!("the read and list handlers of {}", list(resources.keys()));
    Statement::new("ReadResources", &why, actions.collect()).by_cloudformation()
}

/// The statement for looking, by Cloud Control, for what is there before its stack.
pub(super) fn looking(templates: &[&Template]) -> Statement {
    let known: BTreeMap<_, _> = by_type(templates)
        .into_keys()
        .filter_map(|resource_type| Some((resource_type, AdoptableType::of(resource_type)?)))
        .collect();
    let actions = known.values().flat_map(|known| {
        // One that there can be no second of is listed, any other read by its name.
        if known.once {
            handlers::listing(known.resource_type)
        } else {
            handlers::reading(known.resource_type)
        }
    });
    let why = format!("what Cloud Control asks about {}", list(known.keys()));
    Statement::new("ReadExistingResources", &why, actions.collect())
}

fn by_type<'a>(templates: &[&'a Template]) -> BTreeMap<&'a str, Vec<&'a Resource>> {
    let mut by_type: BTreeMap<&str, Vec<&Resource>> = BTreeMap::new();
    for resource in templates.iter().flat_map(|template| template.resources().values()) {
        by_type.entry(&resource.resource_type).or_default().push(resource);
    }
    by_type
}

fn passed(resources: &BTreeMap<&str, Vec<&Resource>>, bounds: &Bounds<'_>) -> Statement {
    let services = PASSED.iter().filter(|(resource_type, property, _)| {
        let of_type = resources.get(resource_type).into_iter().flatten();
        of_type.into_iter().any(|resource| {
            resource.value.get("Properties").is_some_and(|value| has_key(value, property))
        })
    });
    let services: BTreeSet<_> = services.map(|(.., service)| (*service).to_owned()).collect();
    let action = BTreeSet::from([PASS_ROLE.to_owned()]);
    Statement::new("PassRolesToServices", "templates hand roles to these services", action)
        .on([bounds.iam_role("*")])
        .only_if("StringEquals", "iam:PassedToService", services)
}

fn linked(resources: &BTreeMap<&str, Vec<&Resource>>, bounds: &Bounds<'_>) -> Statement {
    let of_types = LINKED.iter().filter(|(resource_type, _)| resources.contains_key(resource_type));
    let services: BTreeSet<_> =
        of_types.flat_map(|(_, services)| *services).map(|&service| service.to_owned()).collect();
    let action = BTreeSet::from([LINKED_ROLE.to_owned()]);
    Statement::new("RolesOfKnownServices", "services make roles of their own", action)
        .on([bounds.iam_role("aws-service-role/*")])
        .only_if("StringEquals", "iam:AWSServiceName", services)
}

/// Whether a property is there, also inside of another one or of a function.
fn has_key(value: &Value, key: &str) -> bool {
    match value {
        Value::Object(members) => {
            members.contains_key(key) || members.values().any(|value| has_key(value, key))
        }
        Value::Array(items) => items.iter().any(|item| has_key(item, key)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn list<'a>(words: impl Iterator<Item = &'a &'a str>) -> String {
    words.copied().collect::<Vec<_>>().join(", ")
}
