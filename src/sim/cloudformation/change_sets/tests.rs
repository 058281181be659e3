use std::collections::BTreeSet;

use tokio::time::advance;

use super::super::fixture::{Setup, input, world};
use super::*;
use crate::cloud::{CloudError, CloudReader as _, CloudWriter as _, ResourceToImport, StackInput};

const DETECTOR: &str = "
Resources:
  Detector: {Type: AWS::GuardDuty::Detector, DeletionPolicy: Retain, Properties: {Enable: true}}
";
const GROUP: &str = "
Parameters: {Days: {Type: Number, Default: 30}}
Resources:
  Group: {Type: AWS::Logs::LogGroup, DeletionPolicy: Retain, Properties: {LogGroupName: trail, RetentionInDays: !Ref Days}}
Outputs: {Group: {Value: !Ref Group}}
";

fn stack(name: &str) -> StackName {
    name.parse().unwrap()
}

fn detector(id: &str) -> ResourceToImport {
    ResourceToImport {
        logical_id: "Detector".into(),
        resource_type: "AWS::GuardDuty::Detector".into(),
        identifier: BTreeMap::from([("Id".to_owned(), id.to_owned())]),
    }
}

fn import(resources: impl IntoIterator<Item = ResourceToImport>) -> ChangeSetKind {
    ChangeSetKind::Import(resources.into_iter().collect::<BTreeSet<_>>())
}

impl Setup {
    async fn propose(
        &self,
        name: &str,
        kind: ChangeSetKind,
        wanted: StackInput,
    ) -> std::result::Result<ChangeSetState, CloudError> {
        let stack_name = wanted.name.clone();
        let change_set = ChangeSetInput {
            name: name.into(),
            kind,
            imports_existing: true,
            reverts_drift: false,
            stack: wanted,
        };
        self.aws.create_change_set(&self.target, &change_set).await?;
        assert_eq!(self.told(&stack_name, name).await, Some(ChangeSetState::Pending));
        advance(Duration::from_secs(5)).await;
        Ok(self.told(&stack_name, name).await.unwrap())
    }

    async fn told(&self, stack: &StackName, name: &str) -> Option<ChangeSetState> {
        self.aws.change_set(&self.target, stack, name).await.unwrap()
    }

    async fn execute(&self, stack_name: &str, name: &str) -> StackState {
        let (stack, token) = (stack(stack_name), format!("execute-{name}"));
        for _ in 0..2 {
            self.aws.execute_change_set(&self.target, &stack, name, &token).await.unwrap();
        }
        self.settled(stack_name).await.unwrap()
    }

    async fn failed(&self, kind: ChangeSetKind, wanted: StackInput) -> String {
        let state = self.propose("c1", kind, wanted).await.unwrap();
        let ChangeSetState::Failed { reason, findings } = state else { panic!("{state:?}") };
        std::iter::once(reason).chain(findings).collect::<Vec<_>>().join("; ")
    }

    async fn refused(&self, kind: ChangeSetKind, wanted: StackInput) -> String {
        self.propose("c1", kind, wanted).await.unwrap_err().message
    }
}

fn ready(imports: &[&str]) -> ChangeSetState {
    ChangeSetState::Ready { imports: imports.iter().map(ToString::to_string).collect() }
}

fn with_detector() -> Setup {
    Setup::on(world().with_unmanaged("dev", "eu-west-1", "AWS::GuardDuty::Detector", "d1"))
}

#[tokio::test(start_paused = true)]
async fn an_imported_resource_keeps_its_id_and_a_later_update_leaves_it_alone() {
    let setup = with_detector();
    let proposed =
        setup.propose("c1", import([detector("d1")]), input("guard", DETECTOR, &[])).await;
    assert_eq!(proposed.unwrap(), ready(&["Detector"]));
    let review = setup.stack("guard").await.unwrap();
    assert_eq!((review.state, review.protected), (StackState::ReviewInProgress, false));
    assert_eq!(setup.execute("guard", "c1").await, StackState::ImportComplete);
    assert_eq!(setup.told(&stack("guard"), "c1").await, None);

    let changed = format!(
        "{}Outputs: {{Id: {{Value: !Ref Detector}}}}\n",
        DETECTOR.replace("Enable: true", "Enable: true, FindingPublishingFrequency: SIX_HOURS")
    );
    let state = setup.update(&input("guard", &changed, &[]), "u1").await;
    assert_eq!(state, StackState::UpdateComplete);
    assert_eq!(setup.stack("guard").await.unwrap().outputs["Id"], "d1");
    let found = setup.aws.existing_resource(&setup.target, "AWS::GuardDuty::Detector", None).await;
    let owner = found.unwrap().unwrap().owner;
    assert_eq!(owner, crate::cloud::ResourceOwner::Stack(stack("guard")));
}

#[tokio::test(start_paused = true)]
async fn an_import_takes_what_is_there_and_belongs_to_no_stack() {
    let setup = Setup::new();
    let guard = || input("guard", DETECTOR, &[]);
    let reason = setup.failed(import([detector("d1")]), guard()).await;
    assert!(reason.contains("'d1' was not found"), "{reason}");

    let setup = with_detector();
    let reason = setup.failed(import([detector("d2")]), guard()).await;
    assert!(reason.contains("'d2' was not found"), "{reason}");

    setup.create(&input("first", DETECTOR, &[])).await;
    let setup = Setup::new();
    setup.create(&input("first", DETECTOR, &[])).await;
    let kind = "AWS::GuardDuty::Detector";
    let there = setup.aws.existing_resource(&setup.target, kind, None).await.unwrap().unwrap();
    let reason = setup.failed(import([detector(&there.identifier)]), guard()).await;
    assert!(reason.ends_with("already belongs to stack first"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn an_import_does_nothing_else() {
    let setup = with_detector();
    let import = || import([detector("d1")]);
    let more = format!("{DETECTOR}  Group: {{Type: AWS::Logs::LogGroup}}\n");
    let reason = setup.failed(import(), input("more", &more, &[])).await;
    assert_eq!(reason, "Resources [Group] is missing from ResourceToImport list");
    let output = format!("{DETECTOR}Outputs: {{Id: {{Value: !Ref Detector}}}}\n");
    let reason = setup.failed(import(), input("output", &output, &[])).await;
    assert_eq!(reason, "As part of the import operation, you cannot modify or add [Outputs]");

    setup.create(&input("guard", GROUP, &[])).await;
    let both = GROUP.replace("Resources:", DETECTOR.trim());
    let reason = setup.failed(import(), input("guard", &both, &[("Days", "90")])).await;
    assert!(reason.starts_with("You have modified resources [Group]"), "{reason}");
    let state = setup.propose("c2", import(), input("guard", &both, &[])).await.unwrap();
    assert_eq!(state, ready(&["Detector"]));
    assert_eq!(setup.execute("guard", "c2").await, StackState::ImportComplete);
    assert_eq!(setup.told(&stack("guard"), "c1").await, None, "an old change set is left");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_imported_is_refused_at_once() {
    let setup = with_detector();
    let guard = |text: &str| input("guard", text, &[]);
    let unsafe_ = DETECTOR.replace(" DeletionPolicy: Retain,", "");
    let message = setup.refused(import([detector("d1")]), guard(&unsafe_)).await;
    assert!(message.contains("must have DeletionPolicy"), "{message}");
    let message = setup.refused(import([]), guard(DETECTOR)).await;
    assert!(message.contains("ResourcesToImport"), "{message}");
    let named = BTreeMap::from([("Name".to_owned(), "d1".to_owned())]);
    let wrong = ResourceToImport { identifier: named, ..detector("d1") };
    let message = setup.refused(import([wrong]), guard(DETECTOR)).await;
    assert!(message.ends_with("expected [Id]"), "{message}");
    let kind = ResourceToImport { resource_type: "AWS::IAM::Policy".into(), ..detector("d1") };
    let message = setup.refused(import([kind]), guard(DETECTOR)).await;
    assert_eq!(message, "ResourceTypes [AWS::IAM::Policy] are not supported for Import");
}

#[tokio::test(start_paused = true)]
async fn a_new_stack_imports_what_has_a_plain_name_and_is_retained() {
    let setup =
        Setup::on(world().with_unmanaged("dev", "eu-west-1", "AWS::Logs::LogGroup", "trail"));
    let state = setup.propose("c1", ChangeSetKind::Create, input("logs", GROUP, &[])).await;
    assert_eq!(state.unwrap(), ready(&["Group"]));
    assert_eq!(setup.execute("logs", "c1").await, StackState::CreateComplete);
    assert_eq!(setup.stack("logs").await.unwrap().outputs["Group"], "trail");
    let deleted = setup.delete("logs").await;
    assert_eq!(deleted, None);
    let kind = "AWS::Logs::LogGroup";
    let left = setup.aws.existing_resource(&setup.target, kind, Some("trail")).await.unwrap();
    assert_eq!(left.unwrap().owner, crate::cloud::ResourceOwner::Nobody);

    let lost = GROUP.replace(" DeletionPolicy: Retain,", "");
    let reason = setup.failed(ChangeSetKind::Create, input("lost", &lost, &[])).await;
    assert!(
        reason.ends_with("The affected resources are Group ({LogGroupName=trail})"),
        "{reason}"
    );

    // A name that is worked out is no plain name: nothing is imported, and the name is taken.
    let worked_out = GROUP.replace("LogGroupName: trail", "LogGroupName: !Sub trail");
    let wanted = input("worked-out", &worked_out, &[]);
    let reason = setup.failed(ChangeSetKind::Create, wanted).await;
    assert!(reason.contains("with identifier 'trail' already exists"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn a_change_set_without_a_change_is_empty_and_cannot_be_executed() {
    let setup = Setup::new();
    setup.create(&input("logs", GROUP, &[])).await;
    let state = setup.propose("c1", ChangeSetKind::Update, input("logs", GROUP, &[])).await;
    assert_eq!(state.unwrap(), ChangeSetState::Empty);
    let logs = stack("logs");
    let refused = setup.aws.execute_change_set(&setup.target, &logs, "c1", "t").await.unwrap_err();
    assert_eq!(refused.code, "InvalidChangeSetStatus");
    for _ in 0..2 {
        setup.aws.delete_change_set(&setup.target, &logs, "c1").await.unwrap();
    }
    assert_eq!(setup.told(&logs, "c1").await, None);
    let gone = setup.aws.execute_change_set(&setup.target, &logs, "c1", "t").await.unwrap_err();
    assert_eq!(gone.code, "ChangeSetNotFound");

    let wanted = input("logs", GROUP, &[("Days", "90")]);
    let state = setup.propose("c2", ChangeSetKind::Update, wanted).await.unwrap();
    assert_eq!(state, ready(&[]));
    assert_eq!(setup.execute("logs", "c2").await, StackState::UpdateComplete);
    assert_eq!(setup.stack("logs").await.unwrap().parameters["Days"].value, "90");
}

#[tokio::test(start_paused = true)]
async fn the_same_name_is_the_same_change_set_only_with_the_same_token() {
    let setup = Setup::new();
    let change_set = |token: &str| ChangeSetInput {
        name: "c1".into(),
        kind: ChangeSetKind::Create,
        imports_existing: true,
        reverts_drift: false,
        stack: StackInput { token: token.into(), ..input("logs", GROUP, &[]) },
    };
    for _ in 0..2 {
        setup.aws.create_change_set(&setup.target, &change_set("one")).await.unwrap();
    }
    let other = setup.aws.create_change_set(&setup.target, &change_set("two")).await.unwrap_err();
    assert_eq!((other.kind, other.code.as_str()), (ErrorKind::Conflict, "AlreadyExistsException"));
}

#[tokio::test(start_paused = true)]
async fn a_change_set_fits_the_state_of_its_stack() {
    let setup = Setup::new();
    let message = setup.refused(ChangeSetKind::Update, input("logs", GROUP, &[])).await;
    assert_eq!(message, "Stack with id logs does not exist");
    setup.create(&input("logs", GROUP, &[])).await;
    let message = setup.refused(ChangeSetKind::Create, input("logs", GROUP, &[])).await;
    assert!(message.contains("cannot be created again with the changeSet [c1]"), "{message}");
    let bad = ChangeSetInput {
        name: "1st".into(),
        kind: ChangeSetKind::Update,
        imports_existing: true,
        reverts_drift: false,
        stack: input("logs", GROUP, &[]),
    };
    let error = setup.aws.create_change_set(&setup.target, &bad).await.unwrap_err();
    assert!(error.message.contains("changeSetName"), "{error}");

    // A stack that was never made is deleted like any other.
    setup
        .propose(
            "c1",
            ChangeSetKind::Create,
            input("review", GROUP.replace("trail", "x").as_str(), &[]),
        )
        .await
        .unwrap();
    assert_eq!(setup.delete("review").await, None);
}

#[tokio::test(start_paused = true)]
async fn a_change_set_cannot_be_deleted_while_it_is_made() {
    let setup = Setup::new();
    let change_set = ChangeSetInput {
        name: "c1".into(),
        kind: ChangeSetKind::Create,
        imports_existing: true,
        reverts_drift: false,
        stack: input("logs", GROUP, &[]),
    };
    setup.aws.create_change_set(&setup.target, &change_set).await.unwrap();
    let delete = async || setup.aws.delete_change_set(&setup.target, &stack("logs"), "c1").await;
    assert_eq!(delete().await.unwrap_err().code, "InvalidChangeSetStatus");
    advance(Duration::from_secs(5)).await;
    delete().await.unwrap();
    assert_eq!(setup.told(&stack("logs"), "c1").await, None);
}

#[tokio::test(start_paused = true)]
async fn change_sets_are_listed_with_their_age_until_the_stack_is_updated() {
    let setup = Setup::new();
    setup.create(&input("logs", GROUP, &[])).await;
    let wanted = input("logs", GROUP, &[("Days", "90")]);
    setup.propose("c1", ChangeSetKind::Update, wanted.clone()).await.unwrap();
    advance(Duration::from_hours(1)).await;
    let list = async || setup.aws.change_sets(&setup.target, &stack("logs")).await.unwrap();
    let listed = list().await;
    assert_eq!(listed[0].name, "c1");
    assert!(listed[0].age >= Duration::from_hours(1), "{listed:?}");
    setup.update(&wanted, "u1").await;
    assert_eq!(list().await, []);
}

#[tokio::test(start_paused = true)]
async fn an_empty_stack_has_no_resources_and_another_has() {
    let setup = Setup::new();
    setup.create(&input("logs", GROUP, &[])).await;
    let group = GROUP.replace("trail", "x");
    setup.propose("c1", ChangeSetKind::Create, input("review", &group, &[])).await.unwrap();
    for (name, has) in [("logs", true), ("review", false), ("absent", false)] {
        let found = setup.aws.has_resources(&setup.target, &stack(name)).await;
        assert_eq!(found, Ok(has), "{name}");
    }
}
