//! What change sets would do.

use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types::{
    Change, ChangeAction as AwsAction, PolicyAction, Replacement, RequiresRecreation,
    ResourceAttribute, ResourceChange, ResourceTargetDefinition,
};

use super::change_sets::{DESCRIBE, Values, describe};
use super::cloud::AwsCloud;
use super::error::unexpected;
use super::validation::warnings;
use crate::cloud::{
    ChangeAction, ChangeSetContents, ChangedResource, ChangedValue, CloudError, ErrorKind,
    Recreation, Result,
};
use crate::model::{StackName, Target};

pub(super) async fn contents(
    cloud: &AwsCloud,
    target: &Target,
    stack: &StackName,
    name: &str,
) -> Result<ChangeSetContents> {
    let pages = describe(cloud, target, stack, name, Values::BeforeAndAfter).await?;
    if pages.is_empty() {
        let message = format!("ChangeSet [{name}] does not exist");
        let error = CloudError::new(ErrorKind::NotFound, DESCRIBE, "ChangeSetNotFound", message);
        return Err(error.at(&target.account, Some(&target.region)));
    }
    // What is no resource is a hook's affair.
    let all = pages.iter().flat_map(DescribeChangeSetOutput::changes);
    let resources = all.filter_map(Change::resource_change);
    let changes = resources.map(|change| read(change, target)).collect::<Result<_>>()?;
    Ok(ChangeSetContents { changes, warnings: warnings(cloud, target, stack, name).await })
}

fn read(change: &ResourceChange, target: &Target) -> Result<ChangedResource> {
    let missing = |what: &str| unexpected(DESCRIBE, target, format!("a change without {what}"));
    let action = match change.action().map_or("", AwsAction::as_str) {
        "Add" => ChangeAction::Add,
        "Modify" => ChangeAction::Modify,
        "Remove" => ChangeAction::Remove,
        "Import" => ChangeAction::Import,
        "Dynamic" => ChangeAction::Dynamic,
        "SyncWithActual" => ChangeAction::SyncWithActual,
        word => return Err(unexpected(DESCRIBE, target, format!("the change {word:?}"))),
    };
    let recreation = match change.replacement().map_or("", Replacement::as_str) {
        "True" => Recreation::Always,
        // A word that is new is no promise that the resource stays.
        "" | "False" => Recreation::Never,
        _ => Recreation::Conditionally,
    };
    let logical_id = change.logical_resource_id().ok_or_else(|| missing("a logical id"))?;
    let physical_id = change.physical_resource_id().filter(|id| !id.is_empty());
    let details = change.details().iter().filter_map(|detail| detail.target());
    Ok(ChangedResource {
        action,
        logical_id: logical_id.to_owned(),
        resource_type: change.resource_type().unwrap_or_default().to_owned(),
        physical_id: physical_id.map(str::to_owned),
        recreation,
        scope: change.scope().iter().map(|scope| scope.as_str().to_owned()).collect(),
        policy_action: change.policy_action().map(PolicyAction::as_str).map(str::to_owned),
        details: details.map(value).collect(),
    })
}

fn value(target: &ResourceTargetDefinition) -> ChangedValue {
    let attribute = target.attribute().map_or("", ResourceAttribute::as_str);
    // AWS tells the path only where it is asked for values, and not of every attribute.
    let path = match (target.path(), target.name()) {
        (Some(path), _) => path.to_owned(),
        (None, Some(name)) => format!("/{attribute}/{name}"),
        (None, None) => format!("/{attribute}"),
    };
    ChangedValue {
        path,
        before: target.before_value().map(str::to_owned),
        after: target.after_value().map(str::to_owned),
        recreation: match target.requires_recreation().map_or("", RequiresRecreation::as_str) {
            "Always" => Recreation::Always,
            "" | "Never" => Recreation::Never,
            _ => Recreation::Conditionally,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, refusal, target};
    use super::*;
    use crate::cloud::CloudReader as _;

    const KEY: &str = "<member><Type>Resource</Type><ResourceChange>\
        <PolicyAction>ReplaceAndDelete</PolicyAction><Action>Modify</Action>\
        <LogicalResourceId>Key</LogicalResourceId><PhysicalResourceId>1234</PhysicalResourceId>\
        <ResourceType>AWS::KMS::Key</ResourceType><Replacement>Conditional</Replacement>\
        <Scope><member>Properties</member><member>Tags</member></Scope><Details>\
        <member><Target><Attribute>Properties</Attribute><Name>KeySpec</Name>\
        <RequiresRecreation>Always</RequiresRecreation><Path>/Properties/KeySpec</Path>\
        <BeforeValue>RSA_2048</BeforeValue><AfterValue>RSA_4096</AfterValue></Target></member>\
        <member><Target><Attribute>Tags</Attribute>\
        <RequiresRecreation>Never</RequiresRecreation></Target></member>\
        </Details></ResourceChange></member>";
    const TOPIC: &str = "<member><Type>Resource</Type><ResourceChange><Action>Add</Action>\
        <LogicalResourceId>Topic</LogicalResourceId><ResourceType>AWS::SNS::Topic</ResourceType>\
        <Scope/><Details/></ResourceChange></member>";
    const HOOK: &str =
        "<member><Type>Resource</Type><HookInvocationCount>1</HookInvocationCount></member>";

    fn page(changes: &str, more: &str) -> Reply {
        Reply::xml(&format!(
            "<DescribeChangeSetResponse><DescribeChangeSetResult><Status>CREATE_COMPLETE</Status>\
             <ExecutionStatus>AVAILABLE</ExecutionStatus><Changes>{changes}</Changes>{more}\
             </DescribeChangeSetResult></DescribeChangeSetResponse>"
        ))
    }

    fn events(events: &str) -> Reply {
        Reply::xml(&format!(
            "<DescribeEventsResponse><DescribeEventsResult><OperationEvents>{events}\
             </OperationEvents></DescribeEventsResult></DescribeEventsResponse>"
        ))
    }

    async fn told(fake: &Fake) -> Result<ChangeSetContents> {
        fake.cloud().change_set_contents(&target(), &"keys".parse().unwrap(), "avm-plan-1").await
    }

    #[tokio::test(start_paused = true)]
    async fn changes_come_from_every_page_with_their_values() {
        let more = "<NextToken>more</NextToken>";
        let fake = Fake::new()
            .answer("DescribeChangeSet", [page(&format!("{HOOK}{KEY}"), more), page(TOPIC, "")])
            .answer("DescribeEvents", [events("")]);
        let contents = told(&fake).await.unwrap();
        let body = &fake.calls("DescribeChangeSet")[1].body;
        assert!(body.contains("IncludePropertyValues=true"), "{body}");
        assert_eq!(contents.warnings, Vec::<String>::new());
        let key = ChangedResource {
            action: ChangeAction::Modify,
            logical_id: "Key".into(),
            resource_type: "AWS::KMS::Key".into(),
            physical_id: Some("1234".into()),
            recreation: Recreation::Conditionally,
            scope: vec!["Properties".into(), "Tags".into()],
            policy_action: Some("ReplaceAndDelete".into()),
            details: vec![
                ChangedValue {
                    path: "/Properties/KeySpec".into(),
                    before: Some("RSA_2048".into()),
                    after: Some("RSA_4096".into()),
                    recreation: Recreation::Always,
                },
                ChangedValue {
                    path: "/Tags".into(),
                    before: None,
                    after: None,
                    recreation: Recreation::Never,
                },
            ],
        };
        let topic = ChangedResource {
            action: ChangeAction::Add,
            logical_id: "Topic".into(),
            resource_type: "AWS::SNS::Topic".into(),
            physical_id: None,
            recreation: Recreation::Never,
            scope: Vec::new(),
            policy_action: None,
            details: Vec::new(),
        };
        assert_eq!(contents.changes, [key, topic]);
    }

    #[tokio::test(start_paused = true)]
    async fn every_action_of_aws_has_its_word_and_another_is_an_error() {
        for (word, action) in [
            ("Add", Ok(ChangeAction::Add)),
            ("Modify", Ok(ChangeAction::Modify)),
            ("Remove", Ok(ChangeAction::Remove)),
            ("Import", Ok(ChangeAction::Import)),
            ("Dynamic", Ok(ChangeAction::Dynamic)),
            ("SyncWithActual", Ok(ChangeAction::SyncWithActual)),
            ("Vanish", Err(ErrorKind::Refused)),
        ] {
            let changes = TOPIC.replace("Add", word);
            let fake = Fake::new()
                .answer("DescribeChangeSet", [page(&changes, "")])
                .answer("DescribeEvents", [events("")]);
            let told = told(&fake).await.map(|contents| contents.changes[0].action);
            assert_eq!(told.map_err(|error| error.kind), action);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_validation_lets_pass_is_told() {
        let event = |mode: &str, reason: &str| {
            format!(
                "<member><EventType>VALIDATION_ERROR</EventType>\
                 <LogicalResourceId>Bucket</LogicalResourceId>\
                 <ValidationFailureMode>{mode}</ValidationFailureMode>\
                 <ValidationStatusReason>{reason}</ValidationStatusReason></member>"
            )
        };
        let found = event("WARN", "it is not empty") + &event("FAIL", "of another attempt");
        let fake = Fake::new()
            .answer("DescribeChangeSet", [page(TOPIC, "")])
            .answer("DescribeEvents", [events(&found)]);
        assert_eq!(told(&fake).await.unwrap().warnings, ["Bucket: it is not empty"]);
    }

    #[tokio::test(start_paused = true)]
    async fn changes_are_told_also_if_the_warnings_may_not_be_read() {
        let fake = Fake::new()
            .answer("DescribeChangeSet", [page(TOPIC, "")])
            .answer("DescribeEvents", [refusal(403, "AccessDenied", "no")]);
        let contents = told(&fake).await.unwrap();
        assert_eq!(contents.changes.len(), 1);
        assert!(contents.warnings[0].contains("cloudformation:DescribeEvents"), "{contents:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_set_that_is_gone_or_may_not_be_read_has_no_contents() {
        for (refusal, kind) in [
            (refusal(404, "ChangeSetNotFound", "does not exist"), ErrorKind::NotFound),
            (refusal(403, "AccessDenied", "no"), ErrorKind::Denied),
            (refusal(400, "ValidationError", "no"), ErrorKind::Refused),
        ] {
            let fake = Fake::new().answer("DescribeChangeSet", [refusal]);
            assert_eq!(told(&fake).await.unwrap_err().kind, kind);
        }
    }
}
