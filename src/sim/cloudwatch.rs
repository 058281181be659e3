//! CloudWatch alarms: their states, and nothing of what they watch.

use super::call::Call;
use super::ports::SimulatedCloud;
use crate::cloud::{AlarmState, Result};
use crate::model::Target;

pub(super) async fn alarm_state(
    aws: &SimulatedCloud,
    target: &Target,
    name: &str,
) -> Result<Option<AlarmState>> {
    aws.call_at(target, Call::read("cloudwatch:DescribeAlarms"), |world| {
        Ok(world.cell(target).and_then(|cell| cell.alarms.get(name)).copied())
    })
    .await
}
