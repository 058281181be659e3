//! Imports of both ways, and what may get between.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::str::FromStr;
use std::sync::atomic::AtomicBool;

use super::fake::FakeCloud;
use super::*;
use crate::cloud::TemplateLocation;
use crate::desired::OrganizationPin;
use crate::execute::{Limits, Templates};
use crate::plan::{FORMAT_VERSION, Plan, PlannedValue};

const TEMPLATE: &str = "Parameters: {Frequency: {Type: String}, Name: {Type: String}}\nResources:\n  \
    Detector: {Type: 'AWS::GuardDuty::Detector', DeletionPolicy: Retain, Properties: {FindingPublishingFrequency: !Ref Frequency}}\n  \
    Role: {Type: 'AWS::IAM::Role', DeletionPolicy: Retain, Properties: {RoleName: r, Path: !Ref Name}}\n  \
    Topic: {Type: 'AWS::SNS::Topic'}\nOutputs: {Id: {Value: !GetAtt Detector.Id}}\n";

fn word<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn detector() -> ImportedResource {
    imported("Detector", "AWS::GuardDuty::Detector", "Id", "d-1")
}

fn role() -> ImportedResource {
    imported("Role", "AWS::IAM::Role", "RoleName", "r")
}

fn imported(
    logical_id: &str,
    resource_type: &str,
    property: &str,
    value: &str,
) -> ImportedResource {
    ImportedResource {
        logical_id: logical_id.to_owned(),
        resource_type: resource_type.to_owned(),
        identifier: BTreeMap::from([(property.to_owned(), value.to_owned())]),
    }
}

async fn importing(
    cloud: &FakeCloud,
    imports: &[ImportedResource],
    replaces: Option<StackState>,
) -> StepResult {
    importing_of(TEMPLATE, cloud, imports, replaces).await
}

async fn importing_of(
    template: &str,
    cloud: &FakeCloud,
    imports: &[ImportedResource],
    replaces: Option<StackState>,
) -> StepResult {
    let change = StackChange {
        stack: word("avm-guardduty"),
        template: word("guardduty.yaml"),
        digest: Digest::of_text(template),
        parameters: ["Frequency", "Name"]
            .map(|name| (name.to_owned(), PlannedValue::Known(name.to_lowercase())))
            .into(),
        capabilities: BTreeSet::new(),
        resources: Vec::new(),
        parameter_changes: Vec::new(),
    };
    let templates = Templates {
        bodies: BTreeMap::from([(word("guardduty.yaml"), template.to_owned())]),
        ..Templates::default()
    };
    let plan = Plan {
        format_version: FORMAT_VERSION.to_owned(),
        organization: OrganizationPin {
            id: word("o-exampleorg1"),
            management_account: word("111111111111"),
            access_role: word("Access"),
        },
        organization_steps: Vec::new(),
        organization_blocked: Vec::new(),
        waves: Vec::new(),
    };
    let stop = AtomicBool::new(false);
    let run =
        Run::new(cloud, &plan, &templates, Limits::default(), "1a2b3c4d", &(), &stop, &|_| {});
    let target = Target { account: word("222222222222"), region: word("eu-west-1") };
    let at = Location { account: Some(word("uat")), region: Some(word("eu-west-1")) };
    import(&run, &at, &target, &change, imports, replaces).await
}

#[tokio::test(start_paused = true)]
async fn what_has_a_plain_name_is_imported_while_the_stack_is_made() {
    let cloud = FakeCloud::default();
    assert_eq!(importing(&cloud, &[role()], None).await, Ok(Done::Changed));
    assert_eq!(
        *cloud.asked.borrow(),
        ["a change set that creates", "its execution", "protection: true"]
    );
    let inputs = cloud.inputs.borrow();
    assert_eq!(inputs[0].stack.template, TemplateLocation::Body(TEMPLATE.to_owned()));
    assert_eq!(inputs[0].stack.parameters.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_only_aws_has_named_is_imported_alone_and_the_rest_comes_as_an_update() {
    let cloud = FakeCloud::default();
    assert_eq!(importing(&cloud, &[detector()], None).await, Ok(Done::Changed));
    assert_eq!(
        *cloud.asked.borrow(),
        [
            "a change set that imports Detector",
            "its execution",
            "protection: true",
            "an update, with outputs: true"
        ]
    );
    let inputs = cloud.inputs.borrow();
    let ChangeSetKind::Import(resources) = &inputs[0].kind else { panic!("{:?}", inputs[0]) };
    let identifier = BTreeMap::from([("Id".to_owned(), "d-1".to_owned())]);
    assert_eq!(resources.first().unwrap().identifier, identifier);
    // CloudFormation refuses values for parameters that a template does not have, and the import needs none.
    assert_eq!(inputs[0].stack.parameters, BTreeMap::new());
    let TemplateLocation::Body(body) = &inputs[0].stack.template else { panic!("{:?}", inputs[0]) };
    assert!(body.contains("Detector") && !body.contains("Topic") && !body.contains("Outputs"));
}

#[tokio::test(start_paused = true)]
async fn where_there_are_both_the_import_takes_all_so_that_the_update_finds_nothing_in_its_way() {
    let cloud = FakeCloud::default();
    assert_eq!(importing(&cloud, &[detector(), role()], None).await, Ok(Done::Changed));
    assert_eq!(
        *cloud.asked.borrow(),
        [
            "a change set that imports Detector, Role",
            "its execution",
            "protection: true",
            "an update, with outputs: true"
        ]
    );
    let inputs = cloud.inputs.borrow();
    let [input] = &inputs[..] else { panic!("{inputs:?}") };
    assert!(input.name.starts_with("avm-1a2b3c4d-") && input.name.len() <= 128);
    assert!(input.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
}

#[tokio::test(start_paused = true)]
async fn a_change_set_that_fails_leaves_nothing_behind_and_tells_why() {
    let cloud = FakeCloud { refusal: Some("d-1 does not exist"), ..FakeCloud::default() };
    let error = importing(&cloud, &[detector()], None).await.unwrap_err();
    assert!(error.to_string().contains("d-1 does not exist"), "{error}");
    assert_eq!(
        *cloud.asked.borrow(),
        ["a change set that imports Detector", "the deletion of the stack"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_stack_of_which_somebody_else_has_a_change_set_stays() {
    let failing = FakeCloud { refusal: Some("d-1 does not exist"), ..FakeCloud::default() };
    let cloud = FakeCloud { others: Some("avm-0a0a0a0a-000000000001"), ..failing };
    importing(&cloud, &[detector()], None).await.unwrap_err();
    assert_eq!(
        *cloud.asked.borrow(),
        ["a change set that imports Detector", "the deletion of the change set"]
    );
}

#[tokio::test(start_paused = true)]
async fn what_fails_while_the_stack_is_made_is_the_steps_failure() {
    let cloud = FakeCloud { rolls_back: true, ..FakeCloud::default() };
    let error = importing(&cloud, &[role()], None).await.unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("ROLLBACK_COMPLETE") && text.contains("of avm-1a2b3c4d-create-"),
        "{text}"
    );
    assert_eq!(*cloud.asked.borrow(), ["a change set that creates", "its execution"]);
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_failed_is_deleted_first_if_the_plan_says_so() {
    let failed = || {
        let cloud = FakeCloud::default();
        cloud.state.set(Some(StackState::RollbackComplete));
        cloud.protected.set(true);
        cloud
    };
    let cloud = failed();
    let replaces = Some(StackState::RollbackComplete);
    assert_eq!(importing(&cloud, &[role()], replaces).await, Ok(Done::Changed));
    assert_eq!(
        cloud.asked.borrow()[..3],
        ["protection: false", "the deletion of the stack", "a change set that creates"]
    );

    for other in [None, Some(StackState::CreateFailed)] {
        let cloud = failed();
        let error = importing(&cloud, &[role()], other).await.unwrap_err();
        let why = "not as planned: stack avm-guardduty is ROLLBACK_COMPLETE now";
        assert_eq!(error.to_string(), why);
        assert!(cloud.asked.borrow().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn what_cloudformation_finds_beyond_the_plan_is_not_taken_over() {
    let cloud = FakeCloud { finds: &["Role"], ..FakeCloud::default() };
    assert_eq!(importing(&cloud, &[role()], None).await, Ok(Done::Changed));

    let cloud = FakeCloud { finds: &["Role", "Topic"], ..FakeCloud::default() };
    let error = importing(&cloud, &[role()], None).await.unwrap_err().to_string();
    assert!(error.contains("would take over Topic as well"), "{error}");
    assert_eq!(*cloud.asked.borrow(), ["a change set that creates", "the deletion of the stack"]);
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_never_begins_is_no_success() {
    let cloud = FakeCloud { forgets: true, ..FakeCloud::default() };
    let error = importing(&cloud, &[detector()], None).await.unwrap_err().to_string();
    assert!(error.starts_with("the execution of the change set did not begin"), "{error}");
    assert!(error.ends_with("REVIEW_IN_PROGRESS"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_was_never_made_is_used_and_one_that_is_there_is_not_touched() {
    let cloud = FakeCloud::default();
    cloud.state.set(Some(StackState::ReviewInProgress));
    assert_eq!(importing(&cloud, &[detector()], None).await, Ok(Done::Changed));
    assert_eq!(cloud.asked.borrow()[0], "a change set that imports Detector");

    for replaces in [None, Some(StackState::RollbackComplete)] {
        let cloud = FakeCloud::default();
        cloud.state.set(Some(StackState::CreateComplete));
        assert!(importing(&cloud, &[role()], replaces).await.is_err());
        assert!(cloud.asked.borrow().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_that_is_worked_out_is_as_good_as_an_id() {
    let template = TEMPLATE.replace("RoleName: r,", "RoleName: !Ref Name,");
    let cloud = FakeCloud::default();
    assert_eq!(importing_of(&template, &cloud, &[role()], None).await, Ok(Done::Changed));
    assert_eq!(cloud.asked.borrow()[0], "a change set that imports Role");
}
