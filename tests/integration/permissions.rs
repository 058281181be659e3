//! The table of calls in `src/policy/` against the calls in `src/aws/`, both read off the sources; and the policies
//! that come from it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use avm::desired::{DesiredState, load};
use avm::document::Diagnostics;
use avm::policy::{
    By, MAX_CHARACTERS, MAX_POLICIES, Origin, Policy, Purpose, Role, policies, table,
};
use serde_json::Value;

use crate::landing_zone::LandingZone;
use crate::switches::with_all_options;

const PURPOSES: [Purpose; 3] = [Purpose::Plan, Purpose::Preview, Purpose::Apply];
const ROLES: [Role; 2] = [Role::Management, Role::Member];

#[test]
fn every_call_of_the_table_is_made() {
    let made = calls_of_sources();
    let missing: Vec<_> =
        operations().into_iter().filter(|operation| !made.contains(&squashed(operation))).collect();
    assert!(missing.is_empty(), "in the table, and nowhere in src/aws: {missing:?}");
}

#[test]
fn every_call_that_is_made_is_in_the_table() {
    let table: BTreeSet<_> = operations().into_iter().map(squashed).collect();
    let made = calls_of_sources();
    assert!(made.len() > 80, "only {} calls were found", made.len());
    let missing: Vec<_> = made.difference(&table).collect();
    assert!(missing.is_empty(), "in src/aws, and not in the table: {missing:?}");
}

#[test]
fn every_operation_that_an_error_would_name_is_an_action_of_the_table() {
    // What a refusal says and what the policies have are the same words, or nobody finds one by the other.
    let actions: BTreeSet<_> =
        table().flat_map(|group| group.calls).flat_map(|call| call.actions()).collect();
    let operations = operations();
    for named in operations_in_errors() {
        let free = named == "sts:GetCallerIdentity";
        let named = named.as_str();
        assert!(free || actions.contains(named) || operations.contains(named), "{named}");
    }
}

#[test]
fn only_the_changing_groups_have_calls_that_write() {
    // The Python tests hold the policies against AWS's own access levels; this is the table's own order.
    for group in table().filter(|group| group.by == By::Looking) {
        for action in group.calls.iter().flat_map(|call| call.actions()) {
            let (_, word) = action.split_once(':').unwrap();
            let reads = ["Describe", "Get", "List"].iter().any(|start| word.starts_with(start));
            assert!(reads || action == "sts:AssumeRole", "{} has {action}", group.sid);
        }
    }
}

#[test]
fn reasons_are_words_that_iam_takes_and_each_is_there_once() {
    let sids: Vec<_> = table().map(|group| group.sid).collect();
    assert!(sids.iter().all(|sid| sid.chars().all(|c| c.is_ascii_alphanumeric())));
    assert_eq!(sids.iter().collect::<BTreeSet<_>>().len(), sids.len());
    for desired in [acme(), everything()] {
        for (purpose, role) in all_policies() {
            for policy in policies(&desired, purpose, role) {
                let sids = policy.document.statements.iter().map(|one| &one.sid);
                let sids: BTreeSet<_> = sids.collect();
                assert_eq!(sids.len(), policy.document.statements.len(), "{}", policy.name);
                assert!(sids.iter().all(|sid| sid.chars().all(|c| c.is_ascii_alphanumeric())));
            }
        }
    }
}

#[test]
fn every_document_fits_into_a_managed_policy_and_all_on_one_role() {
    for (purpose, role) in all_policies() {
        let policies = policies(&everything(), purpose, role);
        assert!(policies.len() <= MAX_POLICIES, "{}", policies.len());
        for policy in policies {
            assert!(policy.characters <= MAX_CHARACTERS, "{}", policy.name);
            let text = serde_json::to_string(&policy.document).unwrap();
            assert_eq!(policy.characters, text.chars().filter(|c| !c.is_whitespace()).count());
        }
    }
}

#[test]
fn who_looks_needs_no_more_than_who_changes() {
    for role in ROLES {
        let plan = actions(&policies(&everything(), Purpose::Plan, role));
        for more in [Purpose::Preview, Purpose::Apply] {
            let more = actions(&policies(&everything(), more, role));
            let missing: Vec<_> = plan.difference(&more).collect();
            assert!(missing.is_empty(), "{missing:?}");
        }
    }
}

#[test]
fn a_folder_that_wants_less_gets_less() {
    let zone = LandingZone::acme();
    let before = actions(&policies(&state(&zone.path("")), Purpose::Apply, Role::Member));
    assert!(before.contains("ec2:DeleteVpc") && before.contains("cloudtrail:CreateTrail"));
    for baseline in ["standard", "security", "shared-services", "log-archive"] {
        let file = format!("baselines/{baseline}.yaml");
        zone.edit(&file, "default-vpc: delete", "default-vpc: keep");
    }
    let trusted = "trail: organization\ntrusted-services: [cloudtrail.amazonaws.com] ";
    zone.edit("landing-zone.yaml", "trail: per-account ", trusted);
    let desired = state(&zone.path(""));
    let after = actions(&policies(&desired, Purpose::Apply, Role::Member));
    assert!(!after.contains("ec2:DeleteVpc"), "nobody asks for it any more");
    assert!(!after.contains("cloudtrail:CreateTrail"), "the trail is the management account's");
    let of_management = actions(&policies(&desired, Purpose::Apply, Role::Management));
    assert!(of_management.contains("cloudtrail:CreateTrail"));
}

#[test]
fn what_is_known_beforehand_narrows_the_policies() {
    let text = |purpose, role| {
        let policies = policies(&acme(), purpose, role);
        serde_json::to_value(policies.iter().map(|one| &one.document).collect::<Vec<_>>()).unwrap()
    };
    let of = |document: &Value, sid: &str| -> Value {
        let statements = document.as_array().unwrap().iter();
        let mut statements = statements.flat_map(|one| one["Statement"].as_array().unwrap());
        statements.find(|one| one["Sid"] == sid).unwrap_or_else(|| panic!("no {sid}")).clone()
    };
    let plan = text(Purpose::Plan, Role::Management);
    let enter = of(&plan, "EnterAccounts");
    assert_eq!(enter["Resource"][0], "arn:aws:iam::*:role/OrganizationAccountAccessRole");
    assert_eq!(enter["Condition"]["StringEquals"]["aws:ResourceOrgID"][0], "o-exampleorg1");

    let apply = text(Purpose::Apply, Role::Member);
    let stacks = of(&apply, "DeployStacks");
    let name = "arn:aws:cloudformation:*:*:stack/avm-kms-keys/*";
    assert!(stacks["Resource"].as_array().unwrap().iter().any(|arn| arn == name), "{stacks}");
    let regions = &stacks["Condition"]["StringEquals"]["aws:RequestedRegion"];
    assert_eq!(*regions, serde_json::json!(["eu-west-1", "us-east-1"]));
    let linked = &of(&apply, "MakeLinkedRoles")["Condition"]["StringEquals"]["iam:AWSServiceName"];
    assert_eq!(*linked, serde_json::json!(["config.amazonaws.com"]));
    let passed = &of(&apply, "PassRolesToServices")["Condition"]["StringEquals"];
    let services = serde_json::json!(["cloudtrail.amazonaws.com", "config.amazonaws.com"]);
    assert_eq!(passed["iam:PassedToService"], services);
    let roles = of(&apply, "DeployRoles");
    let trails = "arn:aws:iam::*:role/avm-cloudtrail-to-logs";
    assert!(roles["Resource"].as_array().unwrap().iter().any(|arn| arn == trails), "{roles}");
    for sid in ["DeployResources1", "DeployRoles"] {
        let called = &of(&apply, sid)["Condition"]["ForAnyValue:StringEquals"]["aws:CalledVia"];
        assert_eq!(*called, serde_json::json!(["cloudformation.amazonaws.com"]), "{sid}");
    }
}

#[test]
fn plans_enter_by_their_own_role_and_changes_by_the_other() {
    let zone = LandingZone::acme();
    zone.edit(
        "landing-zone.yaml",
        "  access-role: OrganizationAccountAccessRole",
        "  access-role: OrganizationAccountAccessRole\n  plan-role: avm-plan",
    );
    let desired = state(&zone.path(""));
    let entered = |purpose| {
        let policies = policies(&desired, purpose, Role::Management);
        let statements = policies.iter().flat_map(|policy| &policy.document.statements);
        let mut enter = statements.filter(|statement| statement.sid == "EnterAccounts");
        enter.next().unwrap().resources.iter().cloned().collect::<Vec<_>>()
    };
    let (looks, changes) =
        ("arn:aws:iam::*:role/avm-plan", "arn:aws:iam::*:role/OrganizationAccountAccessRole");
    assert_eq!(entered(Purpose::Plan), [looks]);
    assert_eq!(entered(Purpose::Preview), [changes, looks]);
    assert_eq!(entered(Purpose::Apply), [changes]);
}

#[test]
fn the_runner_roles_have_what_every_plan_needs_and_nothing_besides() {
    let template = |name: &str| template(&format!("templates/{name}.yaml"));
    let desired = everything();
    let wanted = |role| {
        let mut wanted = actions(&policies(&desired, Purpose::Plan, role));
        wanted.remove("sts:AssumeRole");
        wanted
    };
    let roles = template("runner-roles");
    let read = strings(&roles["Resources"]["Read"]["Properties"]["PolicyDocument"]);
    let member = template("runner-member");
    let member = strings(&member["Resources"]["Role"]["Properties"]["Policies"]);
    // The management account may have whatever a member may have, and the organization besides.
    let mut both = wanted(Role::Management);
    both.extend(wanted(Role::Member));
    assert_same(&read, &both, "the policy Read of runner-roles.yaml");
    assert_same(&member, &wanted(Role::Member), "the role of runner-member.yaml");
}

#[test]
fn the_role_that_changes_may_call_what_avm_calls_in_the_management_account() {
    let roles = template("templates/runner-roles.yaml");
    let mut may = strings(&roles["Resources"]["Read"]["Properties"]["PolicyDocument"]);
    may.extend(strings(&roles["Resources"]["ApplyRole"]["Properties"]["Policies"]));
    // Change sets are asked for by the role that makes them: `avm update --dry-run --change-sets`.
    let purposes = [Purpose::Apply, Purpose::Preview];
    let mut policies: Vec<_> = purposes
        .into_iter()
        .flat_map(|purpose| policies(&everything(), purpose, Role::Management))
        .collect();
    for policy in &mut policies {
        // What handlers of resource types want of AWS is more than the stacks of this account come to.
        let handlers = |sid: &str| {
            ["DeployResources", "DeployRoles", "ReadResources"]
                .iter()
                .any(|one| sid.starts_with(one))
        };
        policy.document.statements.retain(|one| !handlers(&one.sid));
    }
    let wanted = actions(&policies);
    let missing: Vec<_> = wanted.difference(&may).collect();
    assert!(missing.is_empty(), "runner-roles.yaml lacks {missing:#?}");
}

#[track_caller]
fn assert_same(template: &BTreeSet<String>, wanted: &BTreeSet<String>, what: &str) {
    let missing: Vec<_> = wanted.difference(template).collect();
    let superfluous: Vec<_> = template.difference(wanted).collect();
    assert!(missing.is_empty(), "{what} lacks {missing:#?}");
    assert!(superfluous.is_empty(), "{what} has {superfluous:#?}, which no call needs");
}

/// The table's operations: `s3control:GetPublicAccessBlock`.
fn operations() -> BTreeSet<&'static str> {
    let calls = table().flat_map(|group| group.calls);
    let operations = calls.filter_map(|call| match call.origin {
        Origin::Avm(operation) => Some(operation),
        Origin::Service(_) => None,
    });
    operations.collect()
}

/// `organizations:EnableAWSServiceAccess` as `enableawsserviceaccess`: how the SDK cuts it into words is its own
/// affair.
fn squashed(operation: &str) -> String {
    let (_, name) = operation.split_once(':').unwrap();
    name.to_lowercase()
}

/// The calls that the sources of `src/aws/` make, by the names of the SDK's methods. A call begins with a client:
/// `cloud.ec2(target).describe_vpcs()`, `client.delete_vpc()`, `.organizations().list_accounts()`.
fn calls_of_sources() -> BTreeSet<String> {
    const CLIENTS: [&str; 12] = [
        "account",
        "cloudcontrol",
        "cloudformation",
        "ec2",
        "guardduty",
        "iam",
        "kms",
        "organizations",
        "s3",
        "s3control",
        "securityhub",
        "sts",
    ];
    let mut made = BTreeSet::new();
    for code in sources_of_aws() {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let mut starts: Vec<String> = ["client.", ".sts.", "request."].map(str::to_owned).to_vec();
        starts.extend(CLIENTS.iter().flat_map(|service| {
            ["()", "(target)", "(&target)", "(&management)"].map(|of| format!(".{service}{of}."))
        }));
        for start in starts {
            for rest in code.split(&start).skip(1) {
                let name: String =
                    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                if rest[name.len()..].starts_with("()") && name.contains('_') {
                    made.insert(name.replace('_', ""));
                }
            }
        }
    }
    made
}

/// The operations that errors of `src/aws/` name: texts such as `"ec2:DescribeVpcs"`.
fn operations_in_errors() -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for code in sources_of_aws() {
        for text in code.split('"').skip(1).step_by(2) {
            let is_word = |word: &str| {
                !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            };
            if let Some((service, operation)) = text.split_once(':')
                && is_word(service)
                && is_word(operation)
                && operation.starts_with(|c: char| c.is_ascii_uppercase())
            {
                named.insert(text.to_owned());
            }
        }
    }
    assert!(named.len() > 80, "only {} were found", named.len());
    named
}

fn sources_of_aws() -> Vec<String> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(root().join("src/aws")).unwrap() {
        let path = entry.unwrap().path();
        let is_fake = path.file_name().is_some_and(|name| name == "fake.rs");
        if !is_fake {
            let text = fs::read_to_string(&path).unwrap();
            let (code, _) = text.split_once("#[cfg(test)]\nmod tests").unwrap_or((&text, ""));
            let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            sources.push(code.collect::<Vec<_>>().join("\n"));
        }
    }
    sources
}

fn actions(policies: &[Policy]) -> BTreeSet<String> {
    let statements = policies.iter().flat_map(|policy| &policy.document.statements);
    statements.flat_map(|statement| statement.actions.clone()).collect()
}

fn all_policies() -> Vec<(Purpose, Role)> {
    PURPOSES.iter().flat_map(|purpose| ROLES.map(|role| (*purpose, role))).collect()
}

fn acme() -> DesiredState {
    state(&root().join("examples/acme"))
}

/// The example with everything on that its files have a place for, and what they leave out.
fn everything() -> DesiredState {
    let zone = LandingZone::acme();
    with_all_options(&zone);
    let services = "\ntrusted-services: [cloudtrail.amazonaws.com]\norganizational-units:";
    zone.edit("landing-zone.yaml", "\norganizational-units:", services);
    for baseline in ["standard", "security", "shared-services", "log-archive", "management"] {
        let file = format!("baselines/{baseline}.yaml");
        zone.edit(&file, "\nsettings:\n", "\nsettings:\n  region-opt-in: enable\n");
        let text = fs::read_to_string(zone.path(&file)).unwrap();
        let text = text.replace("    when: {trail: per-account}\n", "");
        let text = text.replace("    when: {trail: organization}\n", "");
        fs::write(zone.path(&file), text).unwrap();
    }
    state(&zone.path(""))
}

fn state(folder: &Path) -> DesiredState {
    let faults =
        |faults: Diagnostics| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    load(folder).map_err(faults).unwrap_or_else(|faults| panic!("{faults}")).state
}

fn template(file: &str) -> Value {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let source = avm::document::Source::new(file, &text);
    avm::template::Template::parse(&source).unwrap().value().clone()
}

/// The actions of a policy.
fn strings(policy: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(policy, &mut found);
    found
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::Array(actions) if key == "Action" => {
                        found.extend(actions.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    Value::String(action) if key == "Action" => {
                        found.insert(action.clone());
                    }
                    Value::Null
                    | Value::Bool(_)
                    | Value::Number(_)
                    | Value::String(_)
                    | Value::Array(_)
                    | Value::Object(_) => collect(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

#[test]
fn a_call_has_one_set_of_actions_wherever_it_is_made() {
    let mut known: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for call in table().flat_map(|group| group.calls) {
        if let Origin::Avm(operation) = call.origin {
            let actions = known.entry(operation).or_insert_with(|| call.actions());
            assert_eq!(*actions, call.actions(), "{operation}");
        }
    }
}
