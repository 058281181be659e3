//! A plan as a large company has it: 1,000 accounts x 17 regions x 8 stacks, of which one has a changed template, and
//! what is special here and there. As JSON, so that whoever includes this file reads it with the types at hand.

use serde_json::{Map, Value, json};

/// The regions that are enabled by default.
const REGIONS: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// The plan document.
pub(super) fn thousand() -> Value {
    let mut waves = [("canary", Map::new()), ("rest", Map::new())];
    for number in 0..1_000 {
        let wave = usize::from(number >= 50);
        waves[wave].1.insert(name(number), account(number));
    }
    let waves: Vec<_> = waves
        .into_iter()
        .map(|(name, accounts)| json!({ "name": name, "accounts": accounts }))
        .collect();
    json!({
        "format-version": "1.2",
        "folder": "0".repeat(64),
        "selection": {},
        "deep": false,
        "summary": { "create": 0, "update": 0, "replace": 0, "delete": 0, "wait": 0, "blocked": 0, "accounts": 1_000,
                     "changed-accounts": 0, "unreachable-accounts": 0, "not-active-accounts": 0 },
        "plan": {
            "format-version": "1.2",
            "organization": { "id": "o-exampleorg1", "management-account": "111111111111",
                              "access-role": "OrganizationAccountAccessRole" },
            "organization-steps": [],
            "waves": waves,
        },
    })
}

fn name(number: usize) -> String {
    let (team, environment) = (number / 3, ["dev", "uat", "prod"][number % 3]);
    format!("team-{team:03}-{environment}")
}

fn account(number: usize) -> Value {
    let id = format!("{:012}", 200_000_000_000 + number);
    let is_new = number >= 995;
    let (mut steps, mut blocked) = (Vec::new(), Vec::new());
    if is_new {
        steps.push(json!({ "kind": "create-account", "name": name(number), "role": "OrganizationAccountAccessRole",
                           "email": format!("aws+{}@example.com", name(number)), "tags": {} }));
    }
    if (100..112).contains(&number) {
        steps.push(json!({ "kind": "tag-account", "set": { "owner": format!("team-{number}") },
                           "before": { "owner": "platform" } }));
    }
    if [107, 420, 911].contains(&number) {
        blocked.push(json!({ "subject": "delegated administrator for GuardDuty",
                             "reason": { "other-administrator": "999999999999" } }));
    }
    let regions: Map<_, _> = REGIONS
        .iter()
        .map(|region| ((*region).to_owned(), lane(number, &id, region, is_new)))
        .collect();
    json!({
        "id": (!is_new).then_some(&id), "ou": "Workloads", "protected": false,
        "status": if is_new { "new" } else { "active" }, "steps": steps, "blocked": blocked, "regions": regions,
        "notes": [],
    })
}

fn lane(number: usize, id: &str, region: &str, is_new: bool) -> Value {
    let (mut steps, mut blocked) = (Vec::new(), Vec::new());
    if is_new {
        steps.push(json!({ "kind": "delete-default-vpc", "vpc": null, "parts": [] }));
    }
    if [300, 600].contains(&number) && region == "us-east-1" {
        blocked.push(json!({ "subject": format!("default VPC vpc-0{number:07x}"), "reason": {
            "vpc-in-use": [format!("network interface eni-0{number:07x} (ELB app/legacy)")] } }));
    }
    let is_broken = (500..504).contains(&number) && region.starts_with("eu-west");
    let mut step = change(id, region, is_new, is_new || is_broken);
    step["kind"] = match (is_new, is_broken) {
        (true, _) => "create-stack",
        (_, true) => "recreate-stack",
        _ => "update-stack",
    }
    .into();
    if is_broken {
        let change = step;
        step = json!({ "kind": "recreate-stack", "state": "ROLLBACK_COMPLETE", "change": change });
    }
    steps.push(step);
    json!({ "steps": steps, "blocked": blocked, "notes": [] })
}

/// One of the eight stacks: the others are as the files say.
fn change(id: &str, region: &str, is_new: bool, is_made: bool) -> Value {
    let arn = format!("arn:aws:iam::{id}:role/backup");
    let administrators =
        if is_new { json!("own-account-id") } else { json!({ "known": arn.clone() }) };
    let properties = json!([
        { "path": "EnableKeyRotation", "before": false, "after": true },
        { "path": "KeyPolicy.Statement[AllowBackup]", "after": {
            "Sid": "AllowBackup", "Effect": "Allow", "Principal": { "AWS": arn },
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "*",
            "Condition": { "StringEquals": { "kms:ViaService": format!("backup.{region}.amazonaws.com") } } } },
        { "path": "KeyPolicy.Statement[AllowUse].Action[]", "before": "kms:*" },
        { "path": "KeyPolicy.Statement[AllowUse].Action[]", "after": "kms:Decrypt" },
        { "path": "KeyPolicy.Statement[AllowUse].Action[]", "after": "kms:Encrypt" },
    ]);
    let (action, properties) = if is_made { ("create", json!([])) } else { ("update", properties) };
    json!({
        "stack": "avm-kms-keys", "template": "kms-keys.yaml", "digest": "0123456789abcdef".repeat(4),
        "parameters": { "Administrators": administrators }, "capabilities": [],
        "resources": [
            { "logical-id": "Key", "type": "AWS::KMS::Key", "action": action, "properties": properties },
            { "logical-id": "BackupAlias", "type": "AWS::KMS::Alias", "action": "create" },
        ],
        "parameter-changes": [],
    })
}
