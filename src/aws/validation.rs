//! What CloudFormation finds before it deploys anything. It tells that nowhere but in the events of a change set.

use aws_sdk_cloudformation::types::{EventFilter, HookFailureMode, OperationEvent};

use super::cloud::AwsCloud;
use super::pages::all;
use crate::cloud::Result;
use crate::model::{StackName, Target};

const EVENTS: &str = "cloudformation:DescribeEvents";

/// What validation found in a change set that failed, a line each.
pub(super) async fn findings(
    cloud: &AwsCloud,
    target: &Target,
    stack: &StackName,
    name: &str,
) -> Vec<String> {
    match events(cloud, target, stack, name).await {
        Ok(events) => events.iter().filter_map(finding).collect(),
        // That the change set has failed is known, and must not be lost because the causes cannot be had.
        Err(error) => vec![format!("the causes cannot be told: {error}")],
    }
}

/// What validation found in a change set that did not fail for it, a line each.
pub(super) async fn warnings(
    cloud: &AwsCloud,
    target: &Target,
    stack: &StackName,
    name: &str,
) -> Vec<String> {
    match events(cloud, target, stack, name).await {
        Ok(events) => {
            let warns = |event: &&OperationEvent| {
                event.validation_failure_mode() == Some(&HookFailureMode::Warn)
            };
            events.iter().filter(warns).filter_map(finding).collect()
        }
        Err(error) => vec![format!("what validation found cannot be told: {error}")],
    }
}

async fn events(
    cloud: &AwsCloud,
    target: &Target,
    stack: &StackName,
    name: &str,
) -> Result<Vec<OperationEvent>> {
    all!(
        cloud
            .cloudformation(target)
            .describe_events()
            .stack_name(stack.as_str())
            .change_set_name(name)
            .filters(EventFilter::builder().failed_events(true).build()),
        EVENTS,
        target
    )
}

fn finding(event: &OperationEvent) -> Option<String> {
    let reason = event.validation_status_reason()?;
    let id = event.logical_resource_id().unwrap_or("the template");
    let place = event.validation_path().unwrap_or_default();
    Some(format!("{id} {place}: {reason}").replace(" :", ":"))
}
