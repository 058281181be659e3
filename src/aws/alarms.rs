//! CloudWatch alarms.

use aws_sdk_cloudwatch::types::{AlarmType, StateValue};

use super::cloud::AwsCloud;
use super::error::{Explain as _, unexpected};
use crate::cloud::{AlarmState, Result};
use crate::model::Target;

const OPERATION: &str = "cloudwatch:DescribeAlarms";

/// Names are unique among the alarms of both types. Unless both types are named, composite alarms are left out
/// (CloudWatch `DescribeAlarms`, `AlarmTypes`).
pub(super) async fn alarm_state(
    cloud: &AwsCloud,
    target: &Target,
    name: &str,
) -> Result<Option<AlarmState>> {
    let client = cloud.cloudwatch(target);
    let call = client.describe_alarms().alarm_names(name);
    let call = call.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm);
    let answer = call.send().await.explain(OPERATION, target)?;
    let metric =
        answer.metric_alarms().iter().map(|alarm| (alarm.alarm_name(), alarm.state_value()));
    let composite = answer.composite_alarms().iter();
    let composite = composite.map(|alarm| (alarm.alarm_name(), alarm.state_value()));
    let mut of_that_name = metric.chain(composite).filter(|(found, _)| *found == Some(name));
    let Some((_, state)) = of_that_name.next() else { return Ok(None) };
    match state {
        Some(StateValue::Ok) => Ok(Some(AlarmState::Ok)),
        Some(StateValue::Alarm) => Ok(Some(AlarmState::Alarm)),
        Some(StateValue::InsufficientData) => Ok(Some(AlarmState::InsufficientData)),
        other => {
            let state = other.map_or("none", |state| state.as_str());
            Err(unexpected(OPERATION, target, format!("an alarm in the state {state}")))
        }
    }
}
