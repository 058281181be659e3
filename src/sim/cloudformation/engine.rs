//! Stacks moving through their states.

use std::collections::BTreeMap;

use super::deployment::{Fault, deploy, failure, properties_before};
use super::scope::Site;
use super::{effects, state};
use crate::cloud::{ResourceFailure, StackState};
use crate::model::{StackName, Target};
use crate::sim::world::{
    DeployedResource, Deployment, Due, Operation, OperationKind, Stack, UnderWay, World,
};

/// The state that comes next, and why.
type Next = (StackState, Option<String>);

/// Begins an operation on a stack.
pub(super) fn begin(
    world: &mut World,
    site: Site<'_>,
    mut stack: Stack,
    kind: OperationKind,
    token: &str,
    to: Deployment,
    imports: BTreeMap<String, String>,
) {
    stack.operations.push(Operation { kind, token: token.to_owned(), failures: Vec::new() });
    stack.under_way = Some(Box::new(UnderWay {
        to,
        imports,
        made: Vec::new(),
        changed: Vec::new(),
        obsolete: Vec::new(),
    }));
    let state = match kind {
        OperationKind::Create => StackState::CreateInProgress,
        OperationKind::Update => StackState::UpdateInProgress,
        OperationKind::Import => StackState::ImportInProgress,
        OperationKind::Delete => StackState::DeleteInProgress,
    };
    enter(world, site, stack, (state, None));
}

/// The time of a phase is over.
pub(in crate::sim) fn phase_ends(world: &mut World, target: &Target, name: &StackName, phase: u64) {
    let there = world.cell_mut(target).stacks.get(name);
    if there.is_none_or(|stack| stack.phase != phase) {
        return;
    }
    let Some(mut stack) = take(world, target, name) else { return };
    let id = stack.id.clone();
    let site = Site { target, name, id: &id };
    if let Some(next) = next(world, site, &mut stack) {
        enter(world, site, stack, next);
    }
}

/// Does what the phase was for. `None`: the stack is gone.
fn next(world: &mut World, site: Site<'_>, stack: &mut Stack) -> Option<Next> {
    let next = match stack.state {
        StackState::CreateInProgress => match deploy(world, site, stack) {
            Ok(()) => (StackState::CreateComplete, None),
            Err(fault) => faulted(stack, StackState::RollbackInProgress, "create", fault),
        },
        StackState::RollbackInProgress => match roll_back(world, site, stack) {
            None => (StackState::RollbackComplete, stack.reason.clone()),
            reason => (StackState::RollbackFailed, reason),
        },
        StackState::UpdateInProgress => match deploy(world, site, stack) {
            Ok(()) => (StackState::UpdateCompleteCleanupInProgress, None),
            Err(fault) => faulted(stack, StackState::UpdateRollbackInProgress, "update", fault),
        },
        StackState::UpdateCompleteCleanupInProgress => {
            // What cannot be deleted any more is left behind: the update is a success all the same.
            if let Some(work) = &mut stack.under_way {
                destroy(world, site, std::mem::take(&mut work.obsolete));
            }
            (StackState::UpdateComplete, None)
        }
        StackState::UpdateRollbackInProgress => match roll_back(world, site, stack) {
            None => (StackState::UpdateRollbackCompleteCleanupInProgress, stack.reason.clone()),
            reason => (StackState::UpdateRollbackFailed, reason),
        },
        StackState::UpdateRollbackCompleteCleanupInProgress => {
            (StackState::UpdateRollbackComplete, stack.reason.clone())
        }
        StackState::DeleteInProgress => delete(world, site, stack)?,
        StackState::ImportInProgress => match deploy(world, site, stack) {
            Ok(()) => (StackState::ImportComplete, None),
            Err(fault) => faulted(stack, StackState::ImportRollbackInProgress, "import", fault),
        },
        StackState::ImportRollbackInProgress => match roll_back(world, site, stack) {
            None => (StackState::ImportRollbackComplete, stack.reason.clone()),
            reason => (StackState::ImportRollbackFailed, reason),
        },
        StackState::CreateFailed
        | StackState::CreateComplete
        | StackState::RollbackFailed
        | StackState::RollbackComplete
        | StackState::DeleteFailed
        | StackState::DeleteComplete
        | StackState::UpdateComplete
        | StackState::UpdateFailed
        | StackState::UpdateRollbackFailed
        | StackState::UpdateRollbackComplete
        | StackState::ReviewInProgress
        | StackState::ImportComplete
        | StackState::ImportRollbackFailed
        | StackState::ImportRollbackComplete => (stack.state, stack.reason.clone()),
    };
    Some(next)
}

/// Puts a stack into a state, which begins a phase if the state does not last.
fn enter(world: &mut World, site: Site<'_>, mut stack: Stack, (state, reason): Next) {
    stack.state = state;
    stack.reason = reason;
    stack.phase += 1;
    let Site { target, name, .. } = site;
    match state::lasts(state, &world.settings) {
        Some(time) => {
            let due = Due::Stack { target: target.clone(), name: name.clone(), phase: stack.phase };
            world.agenda.add(world.clock.after(time), due);
        }
        None => stack.under_way = None,
    }
    world.cell_mut(target).stacks.insert(name.clone(), Box::new(stack));
}

/// Puts a stack whose creation has just begun into `state`: the scenario's way in.
///
/// # Panics
///
/// Panics if the stack does not deploy.
pub(in crate::sim) fn arrange(
    world: &mut World,
    target: &Target,
    name: &StackName,
    state: StackState,
) {
    if state == StackState::CreateInProgress {
        return;
    }
    let Some(mut stack) = take(world, target, name) else { return };
    if state == StackState::DeleteComplete {
        return;
    }
    let id = stack.id.clone();
    let site = Site { target, name, id: &id };
    let empty = [
        StackState::RollbackComplete,
        StackState::RollbackInProgress,
        StackState::ReviewInProgress,
        StackState::CreateFailed,
    ];
    if !empty.contains(&state)
        && let Err(fault) = deploy(world, site, &mut stack)
    {
        panic!("the arranged stack {name} does not deploy: {fault:?}");
    }
    stack.under_way = None;
    enter(world, site, stack, (state, None));
}

fn take(world: &mut World, target: &Target, name: &StackName) -> Option<Stack> {
    world.cell_mut(target).stacks.remove(name).map(|stack| *stack)
}

fn faulted(stack: &mut Stack, to: StackState, verb: &str, fault: Fault) -> Next {
    match fault {
        Fault::Resource(failure) => failed(stack, to, verb, vec![failure]),
        Fault::Stack(reason) => (to, Some(reason)),
    }
}

fn failed(stack: &mut Stack, to: StackState, verb: &str, failures: Vec<ResourceFailure>) -> Next {
    let names: Vec<_> = failures.iter().map(|failure| failure.logical_id.as_str()).collect();
    let reason = format!("The following resource(s) failed to {verb}: [{}]. ", names.join(", "));
    remember(stack, failures);
    (to, Some(reason))
}

fn remember(stack: &mut Stack, failures: Vec<ResourceFailure>) {
    if let Some(operation) = stack.operations.last_mut() {
        operation.failures.extend(failures);
    }
}

/// Changes back what the failed operation has changed, and deletes what it has made, also what would be retained:
/// `RetainExceptOnCreate` is on. Answers what could not be done.
fn roll_back(world: &mut World, site: Site<'_>, stack: &mut Stack) -> Option<String> {
    let work = stack.under_way.take()?;
    let mut failures = Vec::new();
    for id in &work.changed {
        let before = stack.resources.iter().find(|resource| resource.logical_id == *id);
        let Some(before) = before.cloned() else { continue };
        let changed = properties_before(world, site, stack, id)
            .and_then(|properties| effects::modify(world, site, &before, &properties));
        failures.extend(changed.err().map(|reason| failure(id, &before.resource_type, reason)));
    }
    failures.extend(destroy(world, site, work.made));
    let reason = failures.first().map(ToString::to_string);
    remember(stack, failures);
    reason
}

fn delete(world: &mut World, site: Site<'_>, stack: &mut Stack) -> Option<Next> {
    let resources = std::mem::take(&mut stack.resources);
    let (retained, doomed): (Vec<_>, Vec<_>) =
        resources.into_iter().partition(|resource| resource.retained);
    let failures = destroy(world, site, doomed.clone());
    if failures.is_empty() {
        world.cell_mut(site.target).exports.retain(|_, export| export.stack != *site.name);
        return None;
    }
    let left = |resource: &DeployedResource| {
        failures.iter().any(|failure| failure.logical_id == resource.logical_id)
    };
    stack.resources = doomed.into_iter().filter(left).chain(retained).collect();
    Some(failed(stack, StackState::DeleteFailed, "delete", failures))
}

/// Deletes resources, the last one first, and answers those that stay.
fn destroy(
    world: &mut World,
    site: Site<'_>,
    resources: Vec<DeployedResource>,
) -> Vec<ResourceFailure> {
    let mut failures = Vec::new();
    for resource in resources.into_iter().rev() {
        if let Err(reason) = effects::destroy(world, site, &resource) {
            failures.push(failure(&resource.logical_id, &resource.resource_type, reason));
        }
    }
    failures
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::super::fixture::{Setup, input, world};
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _, KeyReference, StackInput};
    use crate::sim::world::{Failing, FailingOn};

    const GROUPS: &str = "
Parameters:
  Group: {Type: String}
  KeyIsOn: {Type: String, Default: 'true'}
Resources:
  First: {Type: AWS::Logs::LogGroup, DeletionPolicy: Retain, Properties: {LogGroupName: !Ref Group}}
  Key: {Type: AWS::KMS::Key, Properties: {Enabled: !Ref KeyIsOn}}
  Last: {Type: AWS::SSM::Parameter, DependsOn: [First, Key], Properties: {Value: !Ref First}}
Outputs:
  Key: {Value: !GetAtt Key.Arn}
";

    fn groups(setup: &Setup) -> Vec<&'static str> {
        let world = setup.simulation.world();
        let claims = &world.cell(&setup.target).unwrap().claims;
        ["one", "two"].into_iter().filter(|n| claims.has("AWS::Logs::LogGroup", n)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_creation_that_fails_leaves_nothing_and_says_why() {
        let setup = Setup::on(world().with_failing_resource("Last", "out of luck", 1));
        let stack = input("groups", GROUPS, &[("Group", "one")]);
        assert_eq!(setup.create(&stack).await, StackState::RollbackComplete);
        let failures = setup.failures("groups", "create-groups").await;
        let expected = failure("Last", "AWS::SSM::Parameter", "out of luck".into());
        assert_eq!(failures, [expected]);
        assert!(groups(&setup).is_empty());

        let update = StackInput { token: "update".into(), ..stack.clone() };
        let error = setup.aws.update_stack(&setup.target, &update).await.unwrap_err();
        assert!(error.message.contains("is in ROLLBACK_COMPLETE state"), "{error}");
        assert_eq!(setup.delete("groups").await, None);
        assert_eq!(setup.create(&stack).await, StackState::CreateComplete);
        assert_eq!(groups(&setup), ["one"]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_update_that_fails_leaves_everything_as_it_was() {
        let setup = Setup::new();
        setup.create(&input("groups", GROUPS, &[("Group", "one")])).await;
        let before = setup.simulation.stack("dev", "eu-west-1", "groups").unwrap();
        let setup = Setup::on(setup.simulation.clone().with_failing_resource("Last", "no", 1));
        let changed = input("groups", GROUPS, &[("Group", "two"), ("KeyIsOn", "false")]);
        assert_eq!(setup.update(&changed, "u1").await, StackState::UpdateRollbackComplete);
        let after = setup.simulation.stack("dev", "eu-west-1", "groups").unwrap();
        assert_eq!((&after.resources, &after.deployed), (&before.resources, &before.deployed));
        assert_eq!(groups(&setup), ["one"]);
        let key = KeyReference(after.outputs["Key"].clone());
        let key = async || setup.aws.key(&setup.target, &key).await.unwrap().unwrap().state;
        assert_eq!(key().await, "Enabled");

        assert_eq!(setup.update(&changed, "u2").await, StackState::UpdateComplete);
        assert_eq!(key().await, "Disabled");
        assert_eq!(groups(&setup), ["two"]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_update_goes_through_its_cleanup() {
        let setup = Setup::new();
        setup.create(&input("groups", GROUPS, &[("Group", "one")])).await;
        let changed = input("groups", GROUPS, &[("Group", "two")]);
        let changed = StackInput { token: "update".into(), ..changed };
        setup.aws.update_stack(&setup.target, &changed).await.unwrap();
        let mut states = Vec::new();
        for _ in 0..40 {
            let state = setup.stack("groups").await.unwrap().state;
            if states.last() != Some(&state) {
                states.push(state);
            }
            advance(Duration::from_secs(2)).await;
        }
        let expected = [
            StackState::UpdateInProgress,
            StackState::UpdateCompleteCleanupInProgress,
            StackState::UpdateComplete,
        ];
        assert_eq!(states, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn what_cannot_be_deleted_keeps_the_stack() {
        let failing = Failing {
            subject: "AWS::SSM::Parameter".into(),
            on: FailingOn::Delete,
            reason: "in use".into(),
            account: None,
            region: None,
            times: 1,
        };
        let setup = Setup::on(world().with_failing(failing));
        setup.create(&input("groups", GROUPS, &[("Group", "one")])).await;
        assert_eq!(setup.delete("groups").await, Some(StackState::DeleteFailed));
        let failures = setup.failures("groups", "delete-groups").await;
        assert_eq!(failures[0].reason, "in use");
        let name = "groups".parse().unwrap();
        setup.aws.delete_stack(&setup.target, &name, "again").await.unwrap();
        assert_eq!(setup.settled("groups").await, None);
        assert_eq!(groups(&setup), ["one"], "a retained resource has gone");
    }

    #[tokio::test(start_paused = true)]
    async fn a_rollback_that_fails_is_stuck() {
        let on = |subject: &str, on| Failing {
            subject: subject.into(),
            on,
            reason: "stuck".into(),
            account: None,
            region: None,
            times: 1,
        };
        let setup = Setup::on(
            world()
                .with_failing(on("Last", FailingOn::Deploy))
                .with_failing(on("First", FailingOn::Delete)),
        );
        let stack = input("groups", GROUPS, &[("Group", "one")]);
        assert_eq!(setup.create(&stack).await, StackState::RollbackFailed);
    }

    #[tokio::test(start_paused = true)]
    async fn every_state_can_be_arranged_and_those_in_progress_come_to_rest() {
        for (state, word) in StackState::ALL {
            let stack = input("groups", GROUPS, &[("Group", "one")]);
            let setup = Setup::on(world().with_stack("dev", "eu-west-1", &stack, state));
            let now = setup.stack("groups").await.map(|stack| stack.state);
            assert_eq!(now, Some(state).filter(|state| *state != StackState::DeleteComplete));
            let rest = match setup.stack("groups").await {
                Some(_) => setup.settled("groups").await,
                None => None,
            };
            assert_eq!(rest == now, !state.in_progress(), "{word}");
        }
    }
}
