//! The calls about stacks.

use std::collections::BTreeMap;

use super::check::{self, invalid};
use super::deployment::differs;
use super::scope::Site;
use super::{engine, state};
use crate::cloud::{
    self, ErrorKind, ResourceFailure, Result, StackInput, StackParameter, StackState, UpdateOutcome,
};
use crate::model::{StackName, Target};
use crate::sim::call::Call;
use crate::sim::ports::SimulatedCloud;
use crate::sim::refusal::{Answer, Refusal};
use crate::sim::world::{Deployment, OperationKind, Stack, TemplateId, World, uuid};

/// A region of an account may have so many stacks (CloudFormation quotas).
const MAX_STACKS: usize = 2_000;

pub(in crate::sim) async fn stacks(
    aws: &SimulatedCloud,
    target: &Target,
) -> Result<Vec<cloud::Stack>> {
    aws.call_at(target, Call::read("cloudformation:DescribeStacks"), |world| {
        let names: Vec<_> =
            world.cell(target).into_iter().flat_map(|cell| cell.stacks.keys().cloned()).collect();
        Ok(names.iter().filter_map(|name| describe(world, target, name)).collect())
    })
    .await
}

pub(in crate::sim) async fn stack(
    aws: &SimulatedCloud,
    target: &Target,
    name: &StackName,
) -> Result<Option<cloud::Stack>> {
    let call = Call::read("cloudformation:DescribeStacks");
    aws.call_at(target, call, |world| Ok(describe(world, target, name))).await
}

pub(in crate::sim) async fn template(
    aws: &SimulatedCloud,
    target: &Target,
    name: &StackName,
) -> Result<String> {
    aws.call_at(target, Call::read("cloudformation:GetTemplate"), |world| {
        let stack = find(world, target, name)?;
        let text = world.templates.text(&stack.deployed.template);
        // A stack of which there is only a change set has no template yet.
        let text = text.filter(|_| stack.state != StackState::ReviewInProgress);
        text.map(ToOwned::to_owned)
            .ok_or_else(|| invalid(format!("Template for stack {name} is not available")))
    })
    .await
}

pub(in crate::sim) async fn failures(
    aws: &SimulatedCloud,
    target: &Target,
    name: &StackName,
    token: &str,
) -> Result<Vec<ResourceFailure>> {
    aws.call_at(target, Call::read("cloudformation:DescribeStackEvents"), |world| {
        // A stack that is gone has told nothing.
        let operations = find(world, target, name).map_or(&[][..], |stack| &stack.operations);
        let ours = operations.iter().filter(|operation| operation.token == token);
        Ok(ours.flat_map(|operation| operation.failures.clone()).collect())
    })
    .await
}

pub(in crate::sim) async fn has_resources(
    aws: &SimulatedCloud,
    target: &Target,
    name: &StackName,
) -> Result<bool> {
    aws.call_at(target, Call::read("cloudformation:ListStackResources"), |world| {
        Ok(find(world, target, name).is_ok_and(|stack| !stack.resources.is_empty()))
    })
    .await
}

pub(in crate::sim) async fn create(
    aws: &SimulatedCloud,
    target: &Target,
    input: &StackInput,
) -> Result<()> {
    aws.call_at(target, Call::write("cloudformation:CreateStack"), |world| {
        start_creation(world, target, input)
    })
    .await
}

/// What `CreateStack` does; the scenario begins its stacks in the same way.
pub(in crate::sim) fn start_creation(
    world: &mut World,
    target: &Target,
    input: &StackInput,
) -> Answer<()> {
    let name = &input.name;
    let (deployment, _) = check::deployment(world, target, input)?;
    if let Ok(stack) = find(world, target, name) {
        if repeated(stack, OperationKind::Create, &input.token)? {
            return Ok(());
        }
        return Err(Refusal::new(
            ErrorKind::Conflict,
            "AlreadyExistsException",
            format!("Stack [{name}] already exists"),
        ));
    }
    let stack = new_stack(world, target, name, deployment.template.clone())?;
    let id = stack.id.clone();
    let site = Site { target, name, id: &id };
    let none = BTreeMap::new();
    engine::begin(world, site, stack, OperationKind::Create, &input.token, deployment, none);
    Ok(())
}

/// A stack that has nothing in it yet, if there is room for one.
pub(super) fn new_stack(
    world: &mut World,
    target: &Target,
    name: &StackName,
    template: TemplateId,
) -> Answer<Stack> {
    if world.cell(target).is_some_and(|cell| cell.stacks.len() >= MAX_STACKS) {
        return Err(Refusal::new(
            ErrorKind::Refused,
            "LimitExceededException",
            format!("Limit for stack has been exceeded: {MAX_STACKS}"),
        ));
    }
    let serial = world.fresh("stack", 32);
    let Target { account, region } = target;
    Ok(Stack {
        id: format!(
            "arn:{}:cloudformation:{region}:{account}:stack/{name}/{}",
            region.partition(),
            uuid(&[&serial])
        ),
        state: StackState::CreateInProgress,
        reason: None,
        protected: true,
        deployed: Deployment { template, parameters: BTreeMap::new() },
        resources: Vec::new(),
        outputs: BTreeMap::new(),
        operations: Vec::new(),
        under_way: None,
        phase: 0,
        change_sets: Vec::new(),
    })
}

pub(in crate::sim) async fn update(
    aws: &SimulatedCloud,
    target: &Target,
    input: &StackInput,
) -> Result<UpdateOutcome> {
    aws.call_at(target, Call::write("cloudformation:UpdateStack"), |world| {
        let name = &input.name;
        let mut stack = find(world, target, name)?.clone();
        if repeated(&stack, OperationKind::Update, &input.token)? {
            return Ok(UpdateOutcome::Started);
        }
        if !state::updatable(stack.state) {
            return Err(busy(&stack, "updated"));
        }
        let (deployment, read) = check::deployment(world, target, input)?;
        check::same_types(&stack, &read.template)?;
        let id = stack.id.clone();
        let site = Site { target, name, id: &id };
        // "No updates are to be performed."
        if !differs(world, site, &stack, &deployment) {
            return Ok(UpdateOutcome::NoChange);
        }
        // They were made for the stack as it was.
        stack.change_sets.clear();
        let none = BTreeMap::new();
        engine::begin(world, site, stack, OperationKind::Update, &input.token, deployment, none);
        Ok(UpdateOutcome::Started)
    })
    .await
}

pub(in crate::sim) async fn delete(
    aws: &SimulatedCloud,
    target: &Target,
    name: &StackName,
    token: &str,
) -> Result<()> {
    aws.call_at(target, Call::write("cloudformation:DeleteStack"), |world| {
        let Ok(stack) = find(world, target, name).cloned() else { return Ok(()) };
        if repeated(&stack, OperationKind::Delete, token)?
            || stack.state == StackState::DeleteInProgress
        {
            return Ok(());
        }
        if stack.protected {
            return Err(invalid(format!(
                "Stack [{name}] cannot be deleted while TerminationProtection is enabled"
            )));
        }
        if !state::deletable(stack.state) {
            return Err(busy(&stack, "deleted"));
        }
        let deployment = stack.deployed.clone();
        let id = stack.id.clone();
        let site = Site { target, name, id: &id };
        let none = BTreeMap::new();
        engine::begin(world, site, stack, OperationKind::Delete, token, deployment, none);
        Ok(())
    })
    .await
}

pub(in crate::sim) async fn protect(
    aws: &SimulatedCloud,
    target: &Target,
    name: &StackName,
    protect: bool,
) -> Result<()> {
    aws.call_at(target, Call::write("cloudformation:UpdateTerminationProtection"), |world| {
        find(world, target, name)?;
        if let Some(stack) = world.cell_mut(target).stacks.get_mut(name) {
            stack.protected = protect;
        }
        Ok(())
    })
    .await
}

pub(super) fn find<'a>(world: &'a World, target: &Target, name: &StackName) -> Answer<&'a Stack> {
    let stack = world.cell(target).and_then(|cell| cell.stacks.get(name));
    stack.map(Box::as_ref).ok_or_else(|| does_not_exist(name))
}

pub(super) fn does_not_exist(name: &StackName) -> Refusal {
    let message = format!("Stack with id {name} does not exist");
    Refusal::new(ErrorKind::NotFound, "ValidationError", message)
}

/// Whether the token says that this very request was taken before.
fn repeated(stack: &Stack, kind: OperationKind, token: &str) -> Answer<bool> {
    match stack.operations.iter().find(|operation| operation.token == token) {
        Some(operation) if operation.kind == kind => Ok(true),
        Some(_) => Err(Refusal::new(
            ErrorKind::Conflict,
            "TokenAlreadyExistsException",
            format!("Token {token} was used for another operation"),
        )),
        None => Ok(false),
    }
}

pub(super) fn busy(stack: &Stack, verb: &str) -> Refusal {
    let kind = if stack.state.in_progress() { ErrorKind::Conflict } else { ErrorKind::Refused };
    let message = format!("Stack:{} is in {} state and can not be {verb}.", stack.id, stack.state);
    Refusal::new(kind, "ValidationError", message)
}

/// A stack as `DescribeStacks` tells: values of `NoEcho` parameters are masked.
fn describe(world: &mut World, target: &Target, name: &StackName) -> Option<cloud::Stack> {
    let deployed = world.cell(target)?.stacks.get(name)?.deployed.template.clone();
    let read = world.templates.get(&deployed).ok();
    let stack = world.cell(target)?.stacks.get(name)?;
    let hidden = |name: &str| {
        let parameter = read.as_ref().and_then(|read| read.template.parameters().get(name));
        parameter.is_some_and(|parameter| parameter.no_echo)
    };
    let parameter = |(name, value): (&String, &String)| {
        let value = if hidden(name) { "****".to_owned() } else { value.clone() };
        (name.clone(), StackParameter { value })
    };
    Some(cloud::Stack {
        name: name.clone(),
        id: stack.id.clone(),
        state: stack.state,
        state_reason: stack.reason.clone(),
        parameters: stack.deployed.parameters.iter().map(parameter).collect(),
        outputs: stack.outputs.clone(),
        protected: stack.protected,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::super::fixture::{Setup, input, world};
    use super::*;
    use crate::cloud::{
        CloudReader as _, CloudWriter as _, ParameterInput, Secret, TemplateLocation,
    };

    const TOPIC: &str = "
Parameters:
  Name: {Type: String, Default: alarms}
  Secret: {Type: String, Default: hush, NoEcho: true}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Name}}
Outputs:
  Arn: {Value: !GetAtt Topic.TopicArn}
";

    #[tokio::test(start_paused = true)]
    async fn a_stack_is_in_progress_until_its_time_has_come() {
        let setup = Setup::new();
        setup.aws.create_stack(&setup.target, &input("alarms", TOPIC, &[])).await.unwrap();
        let stack = setup.stack("alarms").await.unwrap();
        assert_eq!((stack.state, stack.protected), (StackState::CreateInProgress, true));
        assert!(stack.outputs.is_empty());
        advance(Duration::from_mins(1)).await;
        let stack = setup.stack("alarms").await.unwrap();
        assert_eq!(stack.state, StackState::CreateComplete);
        assert!(stack.outputs["Arn"].ends_with(":alarms"), "{:?}", stack.outputs);
        let name = "alarms".parse().unwrap();
        assert_eq!(setup.aws.stack_template(&setup.target, &name).await.unwrap(), TOPIC);
    }

    #[tokio::test(start_paused = true)]
    async fn hidden_values_are_masked_and_defaults_are_shown() {
        let setup = Setup::new();
        setup.create(&input("alarms", TOPIC, &[])).await;
        let parameters = setup.stack("alarms").await.unwrap().parameters;
        assert_eq!(parameters["Name"].value, "alarms");
        assert_eq!(parameters["Secret"].value, "****");
    }

    #[tokio::test(start_paused = true)]
    async fn a_hidden_value_stays_or_changes_the_stack() {
        let setup = Setup::new();
        let stack = |value| {
            let stack = input("alarms", TOPIC, &[]);
            StackInput { parameters: [("Secret".to_owned(), value)].into(), ..stack }
        };
        let previous = stack(ParameterInput::Previous);
        let error = setup.aws.create_stack(&setup.target, &previous).await.unwrap_err();
        assert!(error.message.contains("Cannot specify usePreviousValue"), "{error}");

        let secret = |text: &str| stack(ParameterInput::Secret(Secret::new(text.to_owned())));
        setup.create(&secret("correct-horse")).await;
        let update = async |stack: StackInput, token: &str| {
            let stack = StackInput { token: token.to_owned(), ..stack };
            setup.aws.update_stack(&setup.target, &stack).await.unwrap()
        };
        assert_eq!(update(previous, "b").await, UpdateOutcome::NoChange);
        assert_eq!(update(secret("correct-horse"), "c").await, UpdateOutcome::NoChange);
        assert_eq!(update(secret("another"), "d").await, UpdateOutcome::Started);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stack_takes_one_operation_at_a_time() {
        let setup = Setup::new();
        let stack = input("alarms", TOPIC, &[]);
        setup.aws.create_stack(&setup.target, &stack).await.unwrap();
        let update = StackInput { token: "second".into(), ..stack };
        let error = setup.aws.update_stack(&setup.target, &update).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict);
        assert!(error.message.ends_with("is in CREATE_IN_PROGRESS state and can not be updated."));
    }

    #[tokio::test(start_paused = true)]
    async fn the_same_token_is_the_same_operation() {
        let setup = Setup::new();
        let stack = input("alarms", TOPIC, &[]);
        setup.create(&stack).await;
        setup.aws.create_stack(&setup.target, &stack).await.unwrap();
        let other = StackInput { token: "other".into(), ..stack.clone() };
        let error = setup.aws.create_stack(&setup.target, &other).await.unwrap_err();
        assert_eq!(error.code, "AlreadyExistsException");
        let error = setup.aws.update_stack(&setup.target, &stack).await.unwrap_err();
        assert_eq!(error.code, "TokenAlreadyExistsException");

        let renamed = input("alarms", TOPIC, &[("Name", "alerts")]);
        setup.update(&renamed, "update").await;
        let again = StackInput { token: "update".into(), ..renamed };
        let outcome = setup.aws.update_stack(&setup.target, &again).await.unwrap();
        assert_eq!(outcome, UpdateOutcome::Started);
        assert_eq!(setup.stack("alarms").await.unwrap().state, StackState::UpdateComplete);
    }

    #[tokio::test(start_paused = true)]
    async fn an_update_that_changes_nothing_is_none() {
        let setup = Setup::new();
        setup.create(&input("alarms", TOPIC, &[])).await;
        let outcome = async |token: &str, template: &str, parameters: &[(&str, &str)]| {
            let token = token.to_owned();
            let stack = StackInput { token, ..input("alarms", template, parameters) };
            setup.aws.update_stack(&setup.target, &stack).await.unwrap()
        };
        assert_eq!(outcome("same", TOPIC, &[]).await, UpdateOutcome::NoChange);
        let described = format!("Description: alarms for all\n{TOPIC}");
        assert_eq!(outcome("described", &described, &[]).await, UpdateOutcome::NoChange);
        let digested = format!("{TOPIC}  AvmTemplateDigest: {{Value: abc}}\n");
        assert_eq!(outcome("digested", &digested, &[]).await, UpdateOutcome::Started);
    }

    #[tokio::test(start_paused = true)]
    async fn a_protected_stack_is_not_deleted_and_a_deleted_one_is_gone() {
        let setup = Setup::new();
        setup.create(&input("alarms", TOPIC, &[])).await;
        let name = "alarms".parse().unwrap();
        let error = setup.aws.delete_stack(&setup.target, &name, "d").await.unwrap_err();
        assert!(error.message.contains("TerminationProtection"), "{error}");
        assert_eq!(setup.delete("alarms").await, None);
        assert_eq!(setup.aws.stacks(&setup.target).await.unwrap(), []);
        setup.aws.delete_stack(&setup.target, &name, "e").await.unwrap();
        let update = input("alarms", TOPIC, &[]);
        let error = setup.aws.update_stack(&setup.target, &update).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
        setup.create(&update).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_big_template_comes_out_of_a_bucket() {
        let setup = Setup::on(world().with_bucket("dev", "eu-west-1", "artifacts"));
        let big = format!("{TOPIC}{}", "# padding\n".repeat(6_000));
        let stack = input("alarms", &big, &[]);
        let error = setup.aws.create_stack(&setup.target, &stack).await.unwrap_err();
        assert!(error.message.contains("51200"), "{error}");
        let nowhere = setup.aws.upload_template("nowhere", "key", &big).await.unwrap_err();
        assert_eq!(nowhere.code, "NoSuchBucket");

        let url = setup.aws.upload_template("artifacts", "alarms/1.yaml", &big).await.unwrap();
        let missing = StackInput { template: TemplateLocation::Url(format!("{url}x")), ..stack };
        let error = setup.aws.create_stack(&setup.target, &missing).await.unwrap_err();
        assert!(error.message.contains("does not exist"), "{error}");
        let stack = StackInput { template: TemplateLocation::Url(url), ..missing };
        assert_eq!(setup.create(&stack).await, StackState::CreateComplete);
    }
}
