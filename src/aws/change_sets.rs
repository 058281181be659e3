//! How change sets stand, and which there are.

use std::time::{Duration, SystemTime};

use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types::{
    Change, ChangeAction, ChangeSetStatus, ChangeSetSummary as AwsSummary, ExecutionStatus,
};

use super::cloud::AwsCloud;
use super::error::unexpected;
use super::pages::{all, pages};
use super::stack_changes::NO_CHANGE;
use super::validation::findings;
use crate::cloud::{ChangeSetState, ChangeSetSummary, ErrorKind, Result};
use crate::model::{StackName, Target};

pub(super) const DESCRIBE: &str = "cloudformation:DescribeChangeSet";
const LIST: &str = "cloudformation:ListChangeSets";

pub(super) async fn change_set(
    cloud: &AwsCloud,
    target: &Target,
    stack: &StackName,
    name: &str,
) -> Result<Option<ChangeSetState>> {
    let pages = describe(cloud, target, stack, name, Values::Names).await?;
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
            "OBSOLETE" => {
                failed("the change set is obsolete: the stack has changed since it was made")
            }
            // UNAVAILABLE, EXECUTE_FAILED
            word => failed(&format!("{word}: {reason}")),
        },
        "FAILED" if NO_CHANGE.iter().any(|words| reason.contains(words)) => ChangeSetState::Empty,
        "FAILED" if reason.contains("Validation failure detected") => {
            let findings = findings(cloud, target, stack, name).await;
            ChangeSetState::Failed { reason: reason.to_owned(), findings }
        }
        "FAILED" | "DELETE_FAILED" => failed(reason),
        "DELETE_PENDING" | "DELETE_IN_PROGRESS" | "DELETE_COMPLETE" => return Ok(None),
        word => {
            return Err(unexpected(DESCRIBE, target, format!("the change set state {word:?}")));
        }
    }))
}

fn failed(reason: &str) -> ChangeSetState {
    ChangeSetState::Failed { reason: reason.to_owned(), findings: Vec::new() }
}

/// How much is told of what would change.
#[derive(Clone, Copy, Debug)]
pub(super) enum Values {
    /// The names of the values that differ.
    Names,
    /// The values as well (`IncludePropertyValues`).
    BeforeAndAfter,
}

/// Every page: how the change set stands is on each, and each has some of its changes. None if there is no change set.
pub(super) async fn describe(
    cloud: &AwsCloud,
    target: &Target,
    stack: &StackName,
    name: &str,
    values: Values,
) -> Result<Vec<DescribeChangeSetOutput>> {
    let call = cloud.cloudformation(target).describe_change_set();
    let pages = pages!(
        call.stack_name(stack.as_str())
            .change_set_name(name)
            .include_property_values(matches!(values, Values::BeforeAndAfter)),
        DESCRIBE,
        target
    );
    match pages {
        Ok(pages) => Ok(pages),
        // ChangeSetNotFound, or a ValidationError that says that the stack does not exist.
        Err(error) if error.kind == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Every change set of the stack. CloudFormation keeps them until somebody deletes them or updates the stack.
pub(super) async fn change_sets(
    cloud: &AwsCloud,
    target: &Target,
    stack: &StackName,
) -> Result<Vec<ChangeSetSummary>> {
    let listed = all!(
        cloud.cloudformation(target).list_change_sets().stack_name(stack.as_str()),
        LIST,
        target
    );
    match listed {
        Ok(listed) => {
            let now = SystemTime::now();
            Ok(listed.iter().filter_map(|summary| read_summary(summary, now)).collect())
        }
        Err(error) if error.kind == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn read_summary(summary: &AwsSummary, now: SystemTime) -> Option<ChangeSetSummary> {
    let created = summary.creation_time().and_then(|at| SystemTime::try_from(*at).ok());
    // One whose time AWS does not tell, or that comes from the future by our clock, is taken to be made just now:
    // nobody then takes it for an old one.
    let age = created.and_then(|created| now.duration_since(created).ok());
    let name = summary.change_set_name()?.to_owned();
    Some(ChangeSetSummary { name, age: age.unwrap_or(Duration::ZERO) })
}

/// The logical id of a resource that is taken over.
fn imported(change: &Change) -> Option<&str> {
    let resource = change.resource_change()?;
    resource.logical_resource_id().filter(|_| resource.action() == Some(&ChangeAction::Import))
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
        let told = |reason: &str| Ok(Some(failed(reason)));
        let no_change =
            "The submitted information didn't contain changes. Submit different information";
        for (reply, state) in [
            (described("CREATE_PENDING", "UNAVAILABLE", ""), Ok(Some(ChangeSetState::Pending))),
            (described("CREATE_IN_PROGRESS", "UNAVAILABLE", ""), Ok(Some(ChangeSetState::Pending))),
            (described("CREATE_COMPLETE", "AVAILABLE", ""), ready()),
            (described("CREATE_COMPLETE", "EXECUTE_IN_PROGRESS", ""), ready()),
            (
                described("CREATE_COMPLETE", "OBSOLETE", ""),
                told("the change set is obsolete: the stack has changed since it was made"),
            ),
            (
                described("CREATE_COMPLETE", "EXECUTE_FAILED", "quota"),
                told("EXECUTE_FAILED: quota"),
            ),
            (described("FAILED", "UNAVAILABLE", no_change), Ok(Some(ChangeSetState::Empty))),
            (
                described("FAILED", "UNAVAILABLE", "No updates are to be performed."),
                Ok(Some(ChangeSetState::Empty)),
            ),
            (described("FAILED", "UNAVAILABLE", "no such bucket"), told("no such bucket")),
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

    async fn failure(events: Reply) -> ChangeSetState {
        let reason = "Validation failure detected. See DescribeEvents";
        let fake = Fake::new()
            .answer("DescribeChangeSet", [described("FAILED", "UNAVAILABLE", reason)])
            .answer("DescribeEvents", [events]);
        let found = fake.cloud().change_set(&target(), &stack(), "avm-abc").await.unwrap();
        let body = &fake.calls("DescribeEvents")[0].body;
        assert!(body.contains("Filters.FailedEvents=true"), "{body}");
        found.unwrap()
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
            ChangeSetState::Failed {
                reason: "Validation failure detected. See DescribeEvents".to_owned(),
                findings: [
                    "Key /Resources/Key/Properties/Oops: unsupported property",
                    "Bucket: the name is taken",
                ]
                .map(str::to_owned)
                .into(),
            }
        );
    }

    #[tokio::test(start_paused = true)]
    async fn causes_that_may_not_be_read_do_not_hide_the_failure() {
        let failed = failure(refusal(403, "AccessDenied", "no")).await;
        let ChangeSetState::Failed { reason, findings } = failed else { panic!("{failed:?}") };
        assert!(reason.starts_with("Validation failure detected"), "{reason}");
        assert!(findings[0].contains("cloudformation:DescribeEvents"), "{findings:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn change_sets_are_told_with_their_age_on_every_page() {
        let page = |name: &str, created: &str, more: &str| {
            Reply::xml(&format!(
                "<ListChangeSetsResponse><ListChangeSetsResult><Summaries><member>\
                 <ChangeSetName>{name}</ChangeSetName>{created}</member></Summaries>{more}\
                 </ListChangeSetsResult></ListChangeSetsResponse>"
            ))
        };
        let old = "<CreationTime>2020-01-01T00:00:00Z</CreationTime>";
        let future = "<CreationTime>2999-01-01T00:00:00Z</CreationTime>";
        let pages = [
            page("avm-plan-1", old, "<NextToken>1</NextToken>"),
            page("somebodys", "", "<NextToken>2</NextToken>"),
            page("avm-plan-2", future, ""),
        ];
        let fake = Fake::new().answer("ListChangeSets", pages);
        let found = fake.cloud().change_sets(&target(), &stack()).await.unwrap();
        let names: Vec<_> = found.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["avm-plan-1", "somebodys", "avm-plan-2"]);
        assert!(found[0].age > Duration::from_hours(24 * 365));
        assert_eq!([found[1].age, found[2].age], [Duration::ZERO; 2], "taken for a new one");
    }

    #[tokio::test(start_paused = true)]
    async fn a_stack_that_is_not_there_has_no_change_sets() {
        let gone = refusal(400, "ValidationError", "Stack [guardduty] does not exist");
        let fake = Fake::new().answer("ListChangeSets", [gone]);
        assert_eq!(fake.cloud().change_sets(&target(), &stack()).await, Ok(Vec::new()));
    }
}
