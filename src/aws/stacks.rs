//! What CloudFormation tells of stacks.

use aws_sdk_cloudformation::types::{
    ResourceStatus, Stack as AwsStack, StackEvent, StackStatus, TemplateStage,
};

use super::cloud::AwsCloud;
use super::error::{Explain as _, read, unexpected};
use super::pages::all;
use crate::cloud::{ErrorKind, ResourceFailure, Result, Stack, StackParameter, StackState};
use crate::model::{StackName, Target};

const DESCRIBE: &str = "cloudformation:DescribeStacks";
const TEMPLATE: &str = "cloudformation:GetTemplate";
const EVENTS: &str = "cloudformation:DescribeStackEvents";
const RESOURCES: &str = "cloudformation:ListStackResources";

/// Nested stacks are their parent's affair, and deleted ones are nobody's.
pub(super) async fn stacks(cloud: &AwsCloud, target: &Target) -> Result<Vec<Stack>> {
    let stacks = all!(cloud.cloudformation(target).describe_stacks(), DESCRIBE, target)?;
    stacks
        .iter()
        .filter(|stack| stack.parent_id().is_none())
        .filter(|stack| stack.stack_status() != Some(&StackStatus::DeleteComplete))
        .map(|stack| read_stack(stack, target))
        .collect()
}

pub(super) async fn stack(
    cloud: &AwsCloud,
    target: &Target,
    name: &StackName,
) -> Result<Option<Stack>> {
    let call = cloud.cloudformation(target).describe_stacks().stack_name(name.as_str());
    let answer = match call.send().await.explain(DESCRIBE, target) {
        Ok(answer) => answer,
        // A ValidationError that says "does not exist": CloudFormation has no code of its own for it.
        Err(error) if error.kind == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let there = |stack: &&AwsStack| stack.stack_status() != Some(&StackStatus::DeleteComplete);
    answer.stacks().iter().find(there).map(|stack| read_stack(stack, target)).transpose()
}

/// The template as it was sent: the processed one has its macros and transforms applied.
pub(super) async fn stack_template(
    cloud: &AwsCloud,
    target: &Target,
    name: &StackName,
) -> Result<String> {
    let answer = cloud
        .cloudformation(target)
        .get_template()
        .stack_name(name.as_str())
        .template_stage(TemplateStage::Original)
        .send()
        .await
        .explain(TEMPLATE, target)?;
    read(answer.template_body(), TEMPLATE, target)
}

/// CloudFormation tells the newest event first, and stamps each with the token of its operation.
pub(super) async fn stack_failures(
    cloud: &AwsCloud,
    target: &Target,
    name: &StackName,
    token: &str,
) -> Result<Vec<ResourceFailure>> {
    let events = all!(
        cloud.cloudformation(target).describe_stack_events().stack_name(name.as_str()),
        EVENTS,
        target
    );
    match events {
        Ok(events) => Ok(events
            .iter()
            .rev()
            .filter(|event| event.client_request_token() == Some(token))
            .filter_map(failure)
            .collect()),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Also resources that are deleted are told, for as long as the stack is: they count, as something was there.
pub(super) async fn has_resources(
    cloud: &AwsCloud,
    target: &Target,
    name: &StackName,
) -> Result<bool> {
    let resources = all!(
        cloud.cloudformation(target).list_stack_resources().stack_name(name.as_str()),
        RESOURCES,
        target
    );
    match resources {
        Ok(resources) => Ok(!resources.is_empty()),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// The failure that an event tells of. Not the stack's own, which only says that a resource failed; and not those
/// of resources that CloudFormation gave up on because another had failed.
fn failure(event: &StackEvent) -> Option<ResourceFailure> {
    let failed = event.resource_status().map(ResourceStatus::as_str)?.ends_with("_FAILED");
    let of_stack = event.physical_resource_id() == event.stack_id();
    let reason = event.resource_status_reason().unwrap_or("AWS gave no reason");
    let cascade = reason.starts_with("Resource ") && reason.contains(" cancelled");
    (failed && !of_stack && !cascade).then(|| ResourceFailure {
        logical_id: event.logical_resource_id().unwrap_or_default().to_owned(),
        resource_type: event.resource_type().unwrap_or_default().to_owned(),
        reason: reason.to_owned(),
    })
}

fn read_stack(stack: &AwsStack, target: &Target) -> Result<Stack> {
    let state = stack.stack_status().map_or("", StackStatus::as_str);
    let parameter = |parameter: &aws_sdk_cloudformation::types::Parameter| {
        let value = parameter.parameter_value().unwrap_or_default().to_owned();
        Some((parameter.parameter_key()?.to_owned(), StackParameter { value }))
    };
    let output = |output: &aws_sdk_cloudformation::types::Output| {
        Some((output.output_key()?.to_owned(), output.output_value()?.to_owned()))
    };
    Ok(Stack {
        name: read(stack.stack_name(), DESCRIBE, target)?,
        id: read(stack.stack_id(), DESCRIBE, target)?,
        state: StackState::from_aws(state)
            .ok_or_else(|| unexpected(DESCRIBE, target, format!("the stack state {state:?}")))?,
        state_reason: stack.stack_status_reason().map(str::to_owned),
        parameters: stack.parameters().iter().filter_map(parameter).collect(),
        outputs: stack.outputs().iter().filter_map(output).collect(),
        protected: stack.enable_termination_protection() == Some(true),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, refusal, stacks, target};
    use crate::cloud::{CloudReader as _, ErrorKind, StackState};

    const STACK: &str = "<member><StackName>avm-kms-keys</StackName><StackId>arn:stack</StackId>\
        <StackStatus>UPDATE_ROLLBACK_COMPLETE</StackStatus><StackStatusReason>why</StackStatusReason>\
        <EnableTerminationProtection>true</EnableTerminationProtection>\
        <Parameters><member><ParameterKey>Environment</ParameterKey><ParameterValue>uat</ParameterValue>\
        </member></Parameters>\
        <Outputs><member><OutputKey>Key</OutputKey><OutputValue>k-1</OutputValue></member></Outputs></member>";

    fn member(name: &str, more: &str) -> String {
        format!("<member><StackName>{name}</StackName><StackId>arn</StackId>{more}</member>")
    }

    #[tokio::test(start_paused = true)]
    async fn a_stack_comes_with_state_parameters_and_outputs() {
        let fake = Fake::new().answer("DescribeStacks", [stacks(STACK)]);
        let name = "avm-kms-keys".parse().unwrap();
        let stack = fake.cloud().stack(&target(), &name).await.unwrap().unwrap();
        assert_eq!(stack.state, StackState::UpdateRollbackComplete);
        assert_eq!(stack.state_reason.as_deref(), Some("why"));
        assert_eq!(stack.parameters["Environment"].value, "uat");
        assert_eq!(stack.outputs["Key"], "k-1");
        assert!(stack.protected);
    }

    #[tokio::test(start_paused = true)]
    async fn nested_and_deleted_stacks_are_left_out_on_every_page() {
        let done = "<StackStatus>CREATE_COMPLETE</StackStatus>";
        let pages = [
            stacks(&member("one", done)).with("</Stacks>", "</Stacks><NextToken>1</NextToken>"),
            stacks("").with("</Stacks>", "</Stacks><NextToken>2</NextToken>"),
            stacks(
                &[
                    member("nested", &format!("{done}<ParentId>arn</ParentId>")),
                    member("gone", "<StackStatus>DELETE_COMPLETE</StackStatus>"),
                    member("two", done),
                ]
                .concat(),
            ),
        ];
        let fake = Fake::new().answer("DescribeStacks", pages);
        let found = fake.cloud().stacks(&target()).await.unwrap();
        let names: Vec<_> = found.iter().map(|stack| stack.name.as_str()).collect();
        assert_eq!(names, ["one", "two"]);
        assert!(fake.calls("DescribeStacks")[2].body.contains("NextToken=2"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_state_that_avm_does_not_know_is_an_error() {
        let state = "<StackStatus>CREATE_COMPLETED</StackStatus>";
        let fake = Fake::new().answer("DescribeStacks", [stacks(&member("one", state))]);
        let error = fake.cloud().stacks(&target()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Refused);
        assert!(error.message.contains("CREATE_COMPLETED"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_stack_that_does_not_exist_is_none_and_any_other_refusal_an_error() {
        let name = "avm-kms-keys".parse().unwrap();
        let gone = refusal(400, "ValidationError", "Stack with id avm-kms-keys does not exist");
        let fake = Fake::new().answer("DescribeStacks", [gone]);
        assert_eq!(fake.cloud().stack(&target(), &name).await.unwrap(), None);
        let fake = Fake::new().answer("DescribeStacks", [refusal(403, "AccessDenied", "no")]);
        let error = fake.cloud().stack(&target(), &name).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Denied);
    }

    #[tokio::test(start_paused = true)]
    async fn the_original_template_is_asked_for() {
        let fake = Fake::new().answer(
            "GetTemplate",
            [Reply::xml(
                "<GetTemplateResponse><GetTemplateResult><TemplateBody>Resources: {}</TemplateBody>\
                 </GetTemplateResult></GetTemplateResponse>",
            )],
        );
        let name = "avm-kms-keys".parse().unwrap();
        let template = fake.cloud().stack_template(&target(), &name).await.unwrap();
        assert_eq!(template, "Resources: {}");
        assert!(fake.calls("GetTemplate")[0].body.contains("TemplateStage=Original"));
    }

    fn event(token: &str, id: &str, status: &str, reason: &str) -> String {
        format!(
            "<member><StackId>arn:stack</StackId><LogicalResourceId>{id}</LogicalResourceId>\
             <PhysicalResourceId>{}</PhysicalResourceId><ResourceType>AWS::KMS::Key</ResourceType>\
             <ResourceStatus>{status}</ResourceStatus>\
             <ResourceStatusReason>{reason}</ResourceStatusReason>\
             <ClientRequestToken>{token}</ClientRequestToken></member>",
            if id == "the-stack" { "arn:stack" } else { "" },
        )
    }

    #[tokio::test(start_paused = true)]
    async fn failures_are_those_of_the_operation_first_one_first_without_cascades() {
        let events = [
            event("mine", "the-stack", "UPDATE_ROLLBACK_FAILED", "resources failed"),
            event("mine", "Cancelled", "CREATE_FAILED", "Resource creation cancelled"),
            event("mine", "Later", "CREATE_FAILED", "quota"),
            event("mine", "Fine", "CREATE_COMPLETE", ""),
            event("mine", "First", "CREATE_FAILED", "denied"),
            event("other", "Old", "CREATE_FAILED", "last week"),
        ];
        let fake = Fake::new().answer(
            "DescribeStackEvents",
            [Reply::xml(&format!(
                "<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents>{}</StackEvents>\
                 </DescribeStackEventsResult></DescribeStackEventsResponse>",
                events.concat()
            ))],
        );
        let name = "avm-kms-keys".parse().unwrap();
        let failures = fake.cloud().stack_failures(&target(), &name, "mine").await.unwrap();
        let told: Vec<_> = failures.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["First (AWS::KMS::Key): denied", "Later (AWS::KMS::Key): quota"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stack_has_resources_if_any_page_tells_of_one() {
        let page = |resources: &str, more: &str| {
            Reply::xml(&format!(
                "<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>\
                 {resources}</StackResourceSummaries>{more}</ListStackResourcesResult>\
                 </ListStackResourcesResponse>"
            ))
        };
        let one = "<member><LogicalResourceId>Key</LogicalResourceId></member>";
        let gone = || refusal(400, "ValidationError", "Stack [x] does not exist");
        for (pages, outcome) in [
            (vec![page("", "<NextToken>1</NextToken>"), page(one, "")], Ok(true)),
            (vec![page("", "")], Ok(false)),
            (vec![gone()], Ok(false)),
            (vec![refusal(403, "AccessDenied", "no")], Err(ErrorKind::Denied)),
        ] {
            let fake = Fake::new().answer("ListStackResources", pages);
            let name = "avm-kms-keys".parse().unwrap();
            let found = fake.cloud().has_resources(&target(), &name).await;
            assert_eq!(found.map_err(|error| error.kind), outcome);
        }
    }
}
