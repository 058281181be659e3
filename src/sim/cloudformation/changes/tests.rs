use std::time::Duration;

use tokio::time::advance;

use super::super::fixture::{Setup, input, world};
use super::*;
use crate::cloud::{
    ChangeSetInput, ChangeSetKind, ChangeSetState, CloudReader as _, CloudWriter as _, StackInput,
};

const LOGS: &str = "
Parameters: {Name: {Type: String}, Days: {Type: Number, Default: 30}}
Resources:
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Ref Name, RetentionInDays: !Ref Days}}
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt Group.Arn}}
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub 'writes-${Group}', AssumeRolePolicyDocument: {}}}
";

impl Setup {
    /// Makes a change set and answers what it would do, or what speaks against it.
    async fn changes(
        &self,
        kind: ChangeSetKind,
        stack: StackInput,
    ) -> Result<Vec<ChangedResource>, ChangeSetState> {
        let name = stack.name.clone();
        let change_set = ChangeSetInput {
            name: "c1".into(),
            kind,
            imports_existing: false,
            reverts_drift: false,
            stack,
        };
        self.aws.create_change_set(&self.target, &change_set).await.unwrap();
        advance(Duration::from_secs(5)).await;
        let state = self.aws.change_set(&self.target, &name, "c1").await.unwrap().unwrap();
        if !matches!(state, ChangeSetState::Ready { .. }) {
            return Err(state);
        }
        Ok(self.aws.change_set_contents(&self.target, &name, "c1").await.unwrap().changes)
    }
}

/// `Modify Topic Never: /Properties/DisplayName a -> b Never`, a line for each resource.
fn lines(changes: &[ChangedResource]) -> Vec<String> {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let line = |change: &ChangedResource| {
        let details = change.details.iter().map(|detail| {
            let ChangedValue { path, before, after, recreation } = detail;
            format!("; {path} {} -> {} {recreation:?}", value(before), value(after))
        });
        let ChangedResource { action, logical_id, recreation, .. } = change;
        let policy = change.policy_action.as_deref().unwrap_or("");
        format!("{action:?} {logical_id} {recreation:?} {policy}").trim_end().to_owned()
            + &details.collect::<String>()
    };
    changes.iter().map(line).collect()
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_is_made_adds_its_resources() {
    let setup = Setup::new();
    let stack = input("logs", LOGS, &[("Name", "one")]);
    let changes = setup.changes(ChangeSetKind::Create, stack).await.unwrap();
    assert_eq!(lines(&changes), ["Add Group Never", "Add Role Never", "Add Topic Never"]);
    assert!(changes.iter().all(|change| change.physical_id.is_none()));
}

#[tokio::test(start_paused = true)]
async fn a_property_that_cannot_change_makes_its_resource_anew_and_what_refers_to_it_follows() {
    let setup = Setup::new();
    setup.create(&input("logs", LOGS, &[("Name", "one")])).await;
    let stack = input("logs", LOGS, &[("Name", "two"), ("Days", "7")]);
    let changes = setup.changes(ChangeSetKind::Update, stack).await.unwrap();
    let lines = lines(&changes);
    assert_eq!(
        lines[0],
        "Modify Group Always ReplaceAndDelete; /Properties/LogGroupName one -> two Always; \
         /Properties/RetentionInDays 30 -> 7 Never"
    );
    // What the name will be is not known before the group is made.
    assert!(
        lines[1].starts_with(
            "Modify Role Conditionally; /Properties/RoleName writes-one -> writes-{{changeSet:"
        ),
        "{lines:?}"
    );
    assert!(lines[2].starts_with("Modify Topic Never; /Properties/DisplayName arn:"), "{lines:?}");
    assert_eq!(changes[0].physical_id.as_deref(), Some("one"));
    assert_eq!(changes[0].scope, ["Properties"]);
}

#[tokio::test(start_paused = true)]
async fn what_leaves_the_template_is_deleted_or_retained() {
    let setup = Setup::new();
    let kept = LOGS.replace("Topic: {", "Topic: {DeletionPolicy: Retain, ");
    setup.create(&input("logs", &kept, &[("Name", "one")])).await;
    let less = LOGS.lines().filter(|line| !line.contains("Topic:") && !line.contains("Role:"));
    let less: Vec<_> = less.collect();
    let stack = input("logs", &less.join("\n"), &[("Name", "one")]);
    let changes = setup.changes(ChangeSetKind::Update, stack).await.unwrap();
    assert_eq!(lines(&changes), ["Remove Role Never Delete", "Remove Topic Never Retain"]);
}

#[tokio::test(start_paused = true)]
async fn a_name_that_somebody_has_is_found_before_anything_is_made() {
    let setup = Setup::on(world().with_unmanaged("dev", "eu-west-1", "AWS::Logs::LogGroup", "one"));
    let stack = input("logs", LOGS, &[("Name", "one")]);
    let state = setup.changes(ChangeSetKind::Create, stack).await.unwrap_err();
    let ChangeSetState::Failed { reason, findings } = state else { panic!("{state:?}") };
    assert!(reason.starts_with("Validation failure detected"), "{reason}");
    assert_eq!(
        findings,
        [
            "Group /Resources/Group/Properties/LogGroupName: Resource of type 'AWS::Logs::LogGroup' with \
          identifier 'one' already exists."
        ]
    );
}
