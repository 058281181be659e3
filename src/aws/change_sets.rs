//! How change sets stand.

use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types::{
    Change, ChangeAction, ChangeSetStatus, EventFilter, ExecutionStatus, OperationEvent,
};

use super::cloud::AwsCloud;
use super::error::{Explain as _, unexpected};
use super::stack_changes::NO_CHANGE;
use crate::cloud::{ChangeSetState, ErrorKind, Result};
use crate::model::{StackName, Target};

const DESCRIBE: &str = "cloudformation:DescribeChangeSet";
const EVENTS: &str = "cloudformation:DescribeEvents";

pub(super) async fn change_set(
    cloud: &AwsCloud,
    target: &Target,
    stack: &StackName,
    name: &str,
) -> Result<Option<ChangeSetState>> {
    let pages = describe(cloud, target, stack, name).await?;
    let Some(answer) = pages.first() else { return Ok(None) };
    let status = answer.status().map_or("", ChangeSetStatus::as_str);
    let reason = answer.status_reason().unwrap_or("AWS gave no reason");
    Ok(Some(match status {
        "CREATE_PENDING" | "CREATE_IN_PROGRESS" => ChangeSetState::Pending,
        "CREATE_COMPLETE" => match answer.execution_status().map_or("", ExecutionStatus::as_str) {
            // Executing it again is safe while it is executed, and after.
            "AVAILABLE" | "EXECUTE_IN_PROGRESS" | "EXECUTE_COMPLETE" => {
                let changes = pages.iter().flat_map(DescribeChangeSetOutput::changes);
                let imports = changes.filter_map(imported).map(str::to_owned).collect();
                ChangeSetState::Ready { imports }
            }
            "OBSOLETE" => ChangeSetState::Failed(
                "the change set is obsolete: the stack has changed since it was made".to_owned(),
            ),
            // UNAVAILABLE, EXECUTE_FAILED
            word => ChangeSetState::Failed(format!("{word}: {reason}")),
        },
        "FAILED" if NO_CHANGE.iter().any(|words| reason.contains(words)) => ChangeSetState::Empty,
        "FAILED" if reason.contains("Validation failure detected") => {
            let causes = validation_failures(cloud, target, stack, name).await;
            let all = std::iter::once(reason.to_owned()).chain(causes);
            ChangeSetState::Failed(all.collect::<Vec<_>>().join("; "))
        }
        "FAILED" | "DELETE_FAILED" => ChangeSetState::Failed(reason.to_owned()),
        "DELETE_PENDING" | "DELETE_IN_PROGRESS" | "DELETE_COMPLETE" => return Ok(None),
        word => {
            return Err(unexpected(DESCRIBE, target, format!("the change set state {word:?}")));
        }
    }))
}

/// Every page: how the change set stands is on each, and each has some of its changes. None if there is no change set.
pub(super) async fn describe(
    cloud: &AwsCloud,
    target: &Target,
    stack: &StackName,
    name: &str,
) -> Result<Vec<DescribeChangeSetOutput>> {
    let call = cloud.cloudformation(target).describe_change_set();
    let pages = call
        .stack_name(stack.as_str())
        .change_set_name(name)
        .into_paginator()
        .send()
        .collect::<std::result::Result<Vec<_>, _>>()
        .await;
    match pages.explain(DESCRIBE, target) {
        Ok(pages) => Ok(pages),
        // ChangeSetNotFound, or a ValidationError that says that the stack does not exist.
        Err(error) if error.kind == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// The logical id of a resource that is taken over.
fn imported(change: &Change) -> Option<&str> {
    let resource = change.resource_change()?;
    resource.logical_resource_id().filter(|_| resource.action() == Some(&ChangeAction::Import))
}

/// What CloudFormation found before it started: it tells the causes nowhere but here.
async fn validation_failures(
    cloud: &AwsCloud,
    target: &Target,
    stack: &StackName,
    name: &str,
) -> Vec<String> {
    let events = cloud
        .cloudformation(target)
        .describe_events()
        .stack_name(stack.as_str())
        .change_set_name(name)
        .filters(EventFilter::builder().failed_events(true).build())
        .into_paginator()
        .items()
        .send()
        .collect::<std::result::Result<Vec<_>, _>>()
        .await;
    match events.explain(EVENTS, target) {
        Ok(events) => events.iter().filter_map(validation_failure).collect(),
        // That the change set has failed is known, and must not be lost because the causes cannot be had.
        Err(error) => vec![format!("the causes cannot be told: {error}")],
    }
}

fn validation_failure(event: &OperationEvent) -> Option<String> {
    let reason = event.validation_status_reason()?;
    let id = event.logical_resource_id().unwrap_or("the template");
    let place = event.validation_path().unwrap_or_default();
    Some(format!("{id} {place}: {reason}").replace(" :", ":"))
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, refusal, target};
    use super::*;
    use crate::cloud::CloudReader as _;

    fn stack() -> StackName {
        "guardduty".parse().unwrap()
    }

    fn described(status: &str, execution: &str, reason: &str) -> Reply {
        Reply::xml(&format!(
            "<DescribeChangeSetResponse><DescribeChangeSetResult><Status>{status}</Status>\
             <ExecutionStatus>{execution}</ExecutionStatus><StatusReason>{reason}</StatusReason>\
             </DescribeChangeSetResult></DescribeChangeSetResponse>"
        ))
    }

    #[tokio::test(start_paused = true)]
    async fn each_status_has_its_state() {
        let ready = || Ok(Some(ChangeSetState::Ready { imports: [].into() }));
        let failed = |reason: &str| Ok(Some(ChangeSetState::Failed(reason.to_owned())));
        let no_change =
            "The submitted information didn't contain changes. Submit different information";
        for (reply, state) in [
            (described("CREATE_PENDING", "UNAVAILABLE", ""), Ok(Some(ChangeSetState::Pending))),
            (described("CREATE_IN_PROGRESS", "UNAVAILABLE", ""), Ok(Some(ChangeSetState::Pending))),
            (described("CREATE_COMPLETE", "AVAILABLE", ""), ready()),
            (described("CREATE_COMPLETE", "EXECUTE_IN_PROGRESS", ""), ready()),
            (
                described("CREATE_COMPLETE", "OBSOLETE", ""),
                failed("the change set is obsolete: the stack has changed since it was made"),
            ),
            (
                described("CREATE_COMPLETE", "EXECUTE_FAILED", "quota"),
                failed("EXECUTE_FAILED: quota"),
            ),
            (described("FAILED", "UNAVAILABLE", no_change), Ok(Some(ChangeSetState::Empty))),
            (
                described("FAILED", "UNAVAILABLE", "No updates are to be performed."),
                Ok(Some(ChangeSetState::Empty)),
            ),
            (described("FAILED", "UNAVAILABLE", "no such bucket"), failed("no such bucket")),
            (described("DELETE_COMPLETE", "UNAVAILABLE", ""), Ok(None)),
            (described("CREATED", "", ""), Err(ErrorKind::Refused)),
            (refusal(404, "ChangeSetNotFound", "does not exist"), Ok(None)),
            (refusal(400, "ValidationError", "Stack [guardduty] does not exist"), Ok(None)),
            (refusal(403, "AccessDenied", "no"), Err(ErrorKind::Denied)),
        ] {
            let what = format!("{reply:?}");
            let fake = Fake::new().answer("DescribeChangeSet", [reply]);
            let found = fake.cloud().change_set(&target(), &stack(), "avm-abc").await;
            assert_eq!(found.map_err(|error| error.kind), state, "{what}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_imported_is_told_on_every_page() {
        let page = |action: &str, id: &str, more: &str| {
            Reply::xml(&format!(
                "<DescribeChangeSetResponse><DescribeChangeSetResult><Status>CREATE_COMPLETE</Status>\
                 <ExecutionStatus>AVAILABLE</ExecutionStatus><Changes><member><Type>Resource</Type>\
                 <ResourceChange><Action>{action}</Action><LogicalResourceId>{id}</LogicalResourceId>\
                 </ResourceChange></member></Changes>{more}</DescribeChangeSetResult>\
                 </DescribeChangeSetResponse>"
            ))
        };
        let (more, last) = ("<NextToken>more</NextToken>", "<NextToken>last</NextToken>");
        let pages = [
            page("Import", "Role", more),
            page("Add", "Topic", last),
            page("Import", "Bucket", ""),
        ];
        let fake = Fake::new().answer("DescribeChangeSet", pages);
        let found = fake.cloud().change_set(&target(), &stack(), "avm-abc").await.unwrap();
        let imports = ["Bucket", "Role"].map(str::to_owned).into();
        assert_eq!(found, Some(ChangeSetState::Ready { imports }));
    }

    async fn failure(events: Reply) -> String {
        let reason = "Validation failure detected. See DescribeEvents";
        let fake = Fake::new()
            .answer("DescribeChangeSet", [described("FAILED", "UNAVAILABLE", reason)])
            .answer("DescribeEvents", [events]);
        let found = fake.cloud().change_set(&target(), &stack(), "avm-abc").await.unwrap();
        let body = &fake.calls("DescribeEvents")[0].body;
        assert!(body.contains("Filters.FailedEvents=true"), "{body}");
        let Some(ChangeSetState::Failed(reason)) = found else { panic!("{found:?}") };
        reason
    }

    #[tokio::test(start_paused = true)]
    async fn what_validation_found_is_told() {
        let events = Reply::xml(
            "<DescribeEventsResponse><DescribeEventsResult><OperationEvents>\
             <member><EventType>STACK_EVENT</EventType></member>\
             <member><EventType>VALIDATION_ERROR</EventType><LogicalResourceId>Key</LogicalResourceId>\
             <ValidationPath>/Resources/Key/Properties/Oops</ValidationPath>\
             <ValidationStatusReason>unsupported property</ValidationStatusReason></member>\
             <member><EventType>VALIDATION_ERROR</EventType><LogicalResourceId>Bucket</LogicalResourceId>\
             <ValidationStatusReason>the name is taken</ValidationStatusReason></member>\
             </OperationEvents></DescribeEventsResult></DescribeEventsResponse>",
        );
        assert_eq!(
            failure(events).await,
            "Validation failure detected. See DescribeEvents; \
             Key /Resources/Key/Properties/Oops: unsupported property; Bucket: the name is taken"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn causes_that_may_not_be_read_do_not_hide_the_failure() {
        let reason = failure(refusal(403, "AccessDenied", "no")).await;
        assert!(reason.starts_with("Validation failure detected"), "{reason}");
        assert!(reason.contains("cloudformation:DescribeEvents"), "{reason}");
    }
}
