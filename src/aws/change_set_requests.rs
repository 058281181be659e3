//! What CloudFormation is asked to do with change sets: its way to take resources into a stack that are there already,
//! and to say what it would do.

use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types::{
    ChangeSetType, DeploymentMode, ExecutionStatus, ResourceToImport as AwsResource,
};

use super::change_sets::{Values, describe};
use super::cloud::AwsCloud;
use super::error::Explain as _;
use super::stack_changes::{capabilities, is_ours, parameters, template};
use crate::cloud::{ChangeSetInput, ChangeSetKind, ErrorKind, ResourceToImport, Result};
use crate::model::{StackName, Target};

const CREATE: &str = "cloudformation:CreateChangeSet";
const EXECUTE: &str = "cloudformation:ExecuteChangeSet";
const DELETE: &str = "cloudformation:DeleteChangeSet";

pub(super) async fn create_change_set(
    cloud: &AwsCloud,
    target: &Target,
    change_set: &ChangeSetInput,
) -> Result<()> {
    let stack = &change_set.stack;
    let (body, url) = template(&stack.template);
    let (kind, resources) = match &change_set.kind {
        ChangeSetKind::Create => (ChangeSetType::Create, None),
        ChangeSetKind::Update => (ChangeSetType::Update, None),
        ChangeSetKind::Import(resources) => (ChangeSetType::Import, Some(resources)),
    };
    let created = cloud
        .cloudformation(target)
        .create_change_set()
        .stack_name(stack.name.as_str())
        .change_set_name(&change_set.name)
        .change_set_type(kind)
        // An import change set names what it imports; the others may find it by the names in the template.
        .set_import_existing_resources(resources.is_none().then_some(change_set.imports_existing))
        .set_deployment_mode(change_set.reverts_drift.then_some(DeploymentMode::RevertDrift))
        .set_resources_to_import(resources.map(|all| all.iter().map(aws_resource).collect()))
        .set_template_body(body)
        .set_template_url(url)
        .set_parameters(Some(parameters(stack)))
        .set_capabilities(Some(capabilities(stack)))
        .client_token(&stack.token)
        .include_nested_stacks(false)
        .send()
        .await
        .explain(CREATE, target);
    match created {
        Ok(_) => Ok(()),
        // The name is ours, and made of what goes in: a request that had arrived before.
        Err(error) if error.code == "AlreadyExistsException" => Ok(()),
        Err(error) => Err(error),
    }
}

pub(super) async fn execute_change_set(
    cloud: &AwsCloud,
    target: &Target,
    stack: &StackName,
    name: &str,
    token: &str,
) -> Result<()> {
    let executed = cloud
        .cloudformation(target)
        .execute_change_set()
        .stack_name(stack.as_str())
        .change_set_name(name)
        .client_request_token(token)
        // Said, because AWS's documents name two different defaults.
        .disable_rollback(false)
        // As for a stack that is created: what a failed first attempt has made shall not stay behind.
        .retain_except_on_create(true)
        .send()
        .await
        .explain(EXECUTE, target);
    match executed {
        Ok(_) => Ok(()),
        Err(error) if is_ours(&error) => Ok(()),
        Err(error) if error.code == "InvalidChangeSetStatus" => {
            // What AWS says of one that is being executed as well: an answer was lost.
            let answer = describe(cloud, target, stack, name, Values::Names).await?;
            let status = answer.first().and_then(DescribeChangeSetOutput::execution_status);
            match status {
                Some(ExecutionStatus::ExecuteInProgress | ExecutionStatus::ExecuteComplete) => {
                    Ok(())
                }
                _ => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn delete_change_set(
    cloud: &AwsCloud,
    target: &Target,
    stack: &StackName,
    name: &str,
) -> Result<()> {
    let call = cloud.cloudformation(target).delete_change_set();
    let call = call.stack_name(stack.as_str()).change_set_name(name);
    match call.send().await.explain(DELETE, target) {
        Ok(_) => Ok(()),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn aws_resource(resource: &ResourceToImport) -> AwsResource {
    AwsResource::builder()
        .logical_resource_id(&resource.logical_id)
        .resource_type(&resource.resource_type)
        .set_resource_identifier(Some(resource.identifier.clone().into_iter().collect()))
        .build()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::fake::{Fake, Reply, refusal, target};
    use super::*;
    use crate::cloud::{CloudWriter as _, StackInput, TemplateLocation};
    use crate::template::Capability;

    fn stack() -> StackName {
        "guardduty".parse().unwrap()
    }

    fn input(kind: ChangeSetKind) -> ChangeSetInput {
        ChangeSetInput {
            name: "avm-abc".into(),
            kind,
            imports_existing: true,
            reverts_drift: false,
            stack: StackInput {
                name: stack(),
                template: TemplateLocation::Body("Resources: {}".into()),
                parameters: BTreeMap::from([("Environment".to_owned(), "uat".into())]),
                capabilities: BTreeSet::from([Capability::CapabilityNamedIam]),
                token: "avm-run1-abc".into(),
            },
        }
    }

    fn import() -> ChangeSetKind {
        ChangeSetKind::Import(BTreeSet::from([ResourceToImport {
            logical_id: "Detector".into(),
            resource_type: "AWS::GuardDuty::Detector".into(),
            identifier: BTreeMap::from([("Id".to_owned(), "d-1".to_owned())]),
        }]))
    }

    fn described(status: &str, execution: &str, reason: &str) -> Reply {
        Reply::xml(&format!(
            "<DescribeChangeSetResponse><DescribeChangeSetResult><Status>{status}</Status>\
             <ExecutionStatus>{execution}</ExecutionStatus><StatusReason>{reason}</StatusReason>\
             </DescribeChangeSetResult></DescribeChangeSetResponse>"
        ))
    }

    fn done(operation: &str) -> Reply {
        Reply::xml(&format!("<{operation}Response><{operation}Result/></{operation}Response>"))
    }

    async fn create(kind: ChangeSetKind) -> String {
        requested(&input(kind)).await
    }

    async fn requested(input: &ChangeSetInput) -> String {
        let fake = Fake::new().answer("CreateChangeSet", [done("CreateChangeSet")]);
        fake.cloud().create_change_set(&target(), input).await.unwrap();
        fake.calls("CreateChangeSet")[0].body.clone()
    }

    #[tokio::test(start_paused = true)]
    async fn a_stack_that_is_made_or_updated_finds_what_to_import_by_name() {
        for (kind, word) in [(ChangeSetKind::Create, "CREATE"), (ChangeSetKind::Update, "UPDATE")] {
            let body = create(kind).await;
            for part in [
                "StackName=guardduty",
                "ChangeSetName=avm-abc",
                &format!("ChangeSetType={word}"),
                "ImportExistingResources=true",
                "TemplateBody=Resources",
                "Parameters.member.1.ParameterValue=uat",
                "Capabilities.member.1=CAPABILITY_NAMED_IAM",
                "ClientToken=avm-run1-abc",
                "IncludeNestedStacks=false",
            ] {
                assert!(body.contains(part), "{part} is not in {body}");
            }
            assert!(!body.contains("ResourcesToImport"), "{body}");
            assert!(!body.contains("DeploymentMode"), "{body}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_question_imports_nothing_and_may_compare_with_what_is_really_there() {
        let question = ChangeSetInput {
            imports_existing: false,
            reverts_drift: true,
            ..input(ChangeSetKind::Update)
        };
        let body = requested(&question).await;
        for part in ["ImportExistingResources=false", "DeploymentMode=REVERT_DRIFT"] {
            assert!(body.contains(part), "{part} is not in {body}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_import_names_its_resources_by_their_identifiers() {
        let body = create(import()).await;
        for part in [
            "ChangeSetType=IMPORT",
            "ResourcesToImport.member.1.LogicalResourceId=Detector",
            "ResourcesToImport.member.1.ResourceType=AWS%3A%3AGuardDuty%3A%3ADetector",
            "ResourcesToImport.member.1.ResourceIdentifier.entry.1.key=Id",
            "ResourcesToImport.member.1.ResourceIdentifier.entry.1.value=d-1",
        ] {
            assert!(body.contains(part), "{part} is not in {body}");
        }
        assert!(!body.contains("ImportExistingResources"), "{body}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_set_that_is_there_was_asked_for_before() {
        for (refusal, outcome) in [
            (refusal(400, "AlreadyExistsException", "already exists"), Ok(())),
            (
                refusal(400, "ValidationError", "Stack:x is in CREATE_IN_PROGRESS state"),
                Err(ErrorKind::Conflict),
            ),
            (refusal(400, "InsufficientCapabilitiesException", "IAM"), Err(ErrorKind::Refused)),
        ] {
            let fake = Fake::new().answer("CreateChangeSet", [refusal]);
            let input = input(ChangeSetKind::Create);
            let created = fake.cloud().create_change_set(&target(), &input).await;
            assert_eq!(created.map_err(|error| error.kind), outcome);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn executing_says_what_happens_on_failure() {
        let fake = Fake::new().answer("ExecuteChangeSet", [done("ExecuteChangeSet")]);
        let cloud = fake.cloud();
        cloud.execute_change_set(&target(), &stack(), "avm-abc", "t-1").await.unwrap();
        let body = &fake.calls("ExecuteChangeSet")[0].body;
        for part in [
            "StackName=guardduty",
            "ChangeSetName=avm-abc",
            "ClientRequestToken=t-1",
            "DisableRollback=false",
            "RetainExceptOnCreate=true",
        ] {
            assert!(body.contains(part), "{part} is not in {body}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_set_that_is_being_executed_was_sent_before() {
        let invalid = || refusal(400, "InvalidChangeSetStatus", "cannot be executed");
        let token = refusal(400, "TokenAlreadyExistsException", "known");
        for (refusal, execution, outcome) in [
            (token, "", Ok(())),
            (invalid(), "EXECUTE_IN_PROGRESS", Ok(())),
            (invalid(), "EXECUTE_COMPLETE", Ok(())),
            (invalid(), "OBSOLETE", Err(ErrorKind::Refused)),
        ] {
            let fake = Fake::new()
                .answer("ExecuteChangeSet", [refusal])
                .answer("DescribeChangeSet", [described("CREATE_COMPLETE", execution, "")]);
            let cloud = fake.cloud();
            let executed = cloud.execute_change_set(&target(), &stack(), "avm-abc", "t").await;
            assert_eq!(executed.map_err(|error| error.kind), outcome, "{execution}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_set_that_is_gone_has_been_deleted() {
        for (reply, outcome) in [
            (done("DeleteChangeSet"), Ok(())),
            (refusal(404, "ChangeSetNotFound", "does not exist"), Ok(())),
            (refusal(400, "ValidationError", "Stack [x] does not exist"), Ok(())),
            (refusal(400, "InvalidChangeSetStatus", "in progress"), Err(ErrorKind::Refused)),
        ] {
            let fake = Fake::new().answer("DeleteChangeSet", [reply]);
            let deleted = fake.cloud().delete_change_set(&target(), &stack(), "avm-abc").await;
            assert_eq!(deleted.map_err(|error| error.kind), outcome);
        }
    }
}
