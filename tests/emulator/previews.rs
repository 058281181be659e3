//! What CloudFormation itself says of a plan (`--change-sets`), and that nothing is left of the question.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::{Member, Run, Speed, World, wait_until};

const EMAIL: &str = "aws+payments-uat@example.com";
const HOME: &str = "eu-west-1";
const REGIONS: [&str; 2] = [HOME, "us-east-1"];
const PREVIEW: [&str; 4] = ["plan", "--account", "payments-uat", "--change-sets"];
/// Of which stack there is nothing yet, and which is there and edited.
const QUESTIONS: [(&str, &[&str]); 2] = [
    ("avm-news", &["avm-news is REVIEW_IN_PROGRESS", "avm-news has CREATE_PENDING"]),
    ("avm-kms-keys", &["avm-kms-keys has CREATE_PENDING"]),
];

const NEWS: &str = "\
Resources:
  Paper: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /acme/news, RetentionInDays: 30}}
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Paper}}
";

/// An account with its keys. Since then their template was edited, and a second stack was added.
fn world(speed: Speed) -> World {
    let world = World::new(speed);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    world.avm(&["create", "payments-uat", "--yes"]).expect_code(0);
    world.edit("templates/kms-keys.yaml", "/${Environment}/rds", "/${Environment}/databases");
    world.edit("templates/kms-keys.yaml", ": EBS volumes, snapshots and images", ": volumes");
    world.write("templates/news.yaml", NEWS);
    let news = "stacks:\n  - {name: avm-news, template: news.yaml, regions: governed}\n";
    world.edit("baselines/standard.yaml", "stacks:\n", news);
    world
}

#[test]
fn cloudformation_says_what_a_plan_does_and_nothing_is_left_of_the_question() {
    let world = world(Speed::LikeAws);
    let run = world.avm(&[&PREVIEW[..], &["--format", "json"]].concat()).expect_code(0);

    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let answers = answers(&document);
    assert_eq!(answers.len(), 4, "two stacks in two regions");
    for region in REGIONS {
        let keys = &answers[&(region, "avm-kms-keys")]["changes"];
        assert_eq!(told(keys), ["update Ec2Key never", "replace RdsAlias always"], "{region}");
        assert_eq!(keys[1]["physical-id"], "alias/uat/rds");
        assert_eq!(keys[1]["policy-action"], "ReplaceAndRetain");
        assert_eq!(keys[1]["scope"][0], "Properties");
        let name = &keys[1]["details"][0];
        assert_eq!(name["path"], "/Properties/AliasName");
        assert_eq!(
            [&name["before"], &name["after"]],
            ["alias/uat/rds", "alias/uat/databases"],
            "{region}"
        );
        let news = &answers[&(region, "avm-news")]["changes"];
        assert_eq!(told(news), ["create Paper never", "create Topic never"], "{region}");
    }
    // What avm reckons of itself, from the two templates, is the same.
    for ((region, stack), answer) in &answers {
        let mut reckoned = told(resources(&document, region, stack));
        let mut told = told(&answer["changes"]);
        reckoned.sort_unstable();
        told.sort_unstable();
        assert_eq!(told, reckoned, "{region} {stack}");
    }
    assert!(run.stderr.contains("asked about 4 stacks: 4 would change"), "{}", run.stderr);
    assert_nothing_left(&world.aws.member(EMAIL));
}

#[test]
fn what_cloudformation_finds_before_it_deploys_is_told() {
    let world = world(Speed::AtOnce);
    world.edit("templates/news.yaml", "{DisplayName:", "{Headline: war, DisplayName:");
    let run = world.avm(&[&PREVIEW[..], &["--stack", "avm-news"], &["--format", "json"]].concat());

    let document: Value = serde_json::from_str(&run.expect_code(0).stdout).unwrap();
    for region in REGIONS {
        let refused = &answers(&document)[&(region, "avm-news")]["refused"];
        assert!(refused["reason"].as_str().unwrap().contains("Validation failure"), "{refused}");
        let finding = refused["findings"][0].as_str().unwrap();
        assert!(finding.starts_with("Topic /Resources/Topic/Properties/Headline: "), "{finding}");
    }
    assert_nothing_left(&world.aws.member(EMAIL));
}

#[test]
fn a_preview_needs_what_its_policies_allow() {
    let world = world(Speed::AtOnce);
    let allowed = world.printed_policies("preview");
    world.allow_only(&allowed);
    let run = world.avm(&PREVIEW).expect_code(0);
    assert!(run.stderr.contains("asked about 4 stacks: 4 would change"), "{}", run.text());
    assert!(!run.text().contains("not authorized"), "{}", run.text());
    world.allow_everything();
    let account = world.aws.member(EMAIL);
    assert_nothing_left(&account);

    let (stack, _) = QUESTIONS[0];
    let mut less = allowed;
    assert!(less.sessions.remove("cloudformation:DeleteStack"));
    world.allow_only(&less);
    let said = world.avm(&[&PREVIEW[..], &["--stack", stack]].concat()).text();
    world.allow_everything();
    assert!(said.contains("not authorized to perform: cloudformation:DeleteStack"), "{said}");
    for region in REGIONS {
        let command =
            format!("aws cloudformation delete-stack --region {region} --stack-name {stack}");
        assert!(said.contains(&command), "{said}");
        let left =
            [format!("{stack} is REVIEW_IN_PROGRESS"), format!("{stack} has CREATE_COMPLETE")];
        assert_eq!(account.unexecuted(region), left);
    }
}

#[test]
fn a_preview_that_is_stopped_in_the_middle_leaves_nothing() {
    let world = world(Speed::AtOnce);
    for (signal, (stack, pending)) in ["INT", "TERM"].into_iter().zip(QUESTIONS) {
        let run = stopped(&world, signal, stack, pending);
        assert!(run.stderr.contains("no change set is left behind"), "{}", run.stderr);
        assert_nothing_left(&world.aws.member(EMAIL));
    }
}

#[test]
fn what_a_killed_preview_has_left_goes_with_the_next_one_or_with_an_update() {
    let world = world(Speed::AtOnce);
    for (stack, pending) in QUESTIONS {
        killed(&world, stack, pending);
        world.let_change_sets_grow_old();
        let run = world.avm(&[&PREVIEW[..], &["--stack", stack]].concat()).expect_code(0);
        let removed = "Removed what an earlier run had left behind";
        assert_eq!(run.stderr.matches(removed).count(), REGIONS.len(), "{}", run.stderr);
        assert!(run.stderr.contains("asked about 2 stacks: 2 would change"), "{}", run.stderr);
        assert_nothing_left(&world.aws.member(EMAIL));
    }

    // However new it is: the stack is made in its place.
    let (stack, pending) = QUESTIONS[0];
    killed(&world, stack, pending);
    world.avm(&["update", "--account", "payments-uat", "--yes"]).expect_code(0);

    let account = world.aws.member(EMAIL);
    assert_nothing_left(&account);
    for region in REGIONS {
        assert_eq!(account.stacks(region)[stack].status, "CREATE_COMPLETE");
    }
    world.avm(&["plan", "--account", "payments-uat", "--detailed-exitcode"]).expect_code(0);
}

/// A preview of one stack that gets a signal while CloudFormation has its change sets in hand.
fn stopped(world: &World, signal: &str, stack: &str, pending: &[&str]) -> Run {
    let account = world.aws.member(EMAIL);
    let arguments = [&PREVIEW[..], &["--stack", stack]].concat();
    world.keep_change_sets_pending();
    let run = world.start(&arguments);
    wait_until_left(&account, pending);
    run.signal(signal);
    run.wait_until_said("Stopping");
    world.look_at_change_sets();
    run.finish().expect_code(1)
}

/// The same, killed.
fn killed(world: &World, stack: &str, pending: &[&str]) {
    let account = world.aws.member(EMAIL);
    let arguments = [&PREVIEW[..], &["--stack", stack]].concat();
    world.keep_change_sets_pending();
    let run = world.start(&arguments);
    wait_until_left(&account, pending);
    run.kill();
    world.look_at_change_sets();
}

/// Waits until this is there in both regions.
#[track_caller]
fn wait_until_left(account: &Member<'_>, what: &[&str]) {
    wait_until("the change sets are pending", || {
        REGIONS.iter().all(|region| account.unexecuted(region) == what)
    });
}

#[track_caller]
fn assert_nothing_left(account: &Member<'_>) {
    for region in REGIONS {
        assert_eq!(account.unexecuted(region), [""; 0], "{region}");
    }
}

/// The answer to each question, by region and stack.
fn answers(document: &Value) -> BTreeMap<(&str, &str), &Value> {
    let previews = document["previews"].as_array().unwrap().iter();
    let answers = previews.map(|preview| {
        let at = (preview["region"].as_str().unwrap(), preview["stack"].as_str().unwrap());
        (at, &preview["answer"])
    });
    answers.collect()
}

/// What the plan itself says of a stack's resources.
fn resources<'a>(document: &'a Value, region: &str, stack: &str) -> &'a Value {
    let waves = document["plan"]["waves"].as_array().unwrap().iter();
    let accounts = waves.flat_map(|wave| wave["accounts"].as_object().unwrap().values());
    let mut steps =
        accounts.flat_map(|account| account["regions"][region]["steps"].as_array().unwrap());
    &steps.find(|step| step["stack"] == stack).unwrap()["resources"]
}

/// `update Ec2Key never`: a line for each resource.
fn told(changes: &Value) -> Vec<String> {
    let changes = changes.as_array().unwrap_or_else(|| panic!("{changes}")).iter();
    let line = |change: &Value| {
        let word = |key: &str| change[key].as_str();
        let replacement = word("replacement").unwrap_or("never");
        format!("{} {} {replacement}", word("action").unwrap(), word("logical-id").unwrap())
    };
    changes.map(line).collect()
}
