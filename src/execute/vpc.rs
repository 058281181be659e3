//! The deletion of a default VPC: looked at once more, part by part, and looked at again.

use super::report::StepError;
use super::run::Run;
use super::steps::{Done, StepResult};
use super::wait;
use crate::cloud::{CloudWriter, VpcPart};
use crate::model::{Target, VpcId};

/// Deletes the default VPC that the plan names, if it is still what the plan has seen.
pub(super) async fn delete<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    target: &Target,
    vpc: Option<&VpcId>,
    parts: &[VpcPart],
) -> StepResult {
    let Some(vpc) = vpc else {
        // The account was planned again when it could be asked, so its VPCs are known by now.
        return Err(StepError::Changed("the VPC's id is not known".to_owned()));
    };
    match run.cloud.default_vpc(target).await? {
        None => return Ok(Done::Unchanged),
        Some(found) if found != *vpc => {
            return Err(StepError::Changed(format!("the default VPC is {found} now")));
        }
        Some(_) => {}
    }
    let contents = run.cloud.vpc_contents(target, vpc).await?;
    let evidence = contents.evidence_of_use();
    if !evidence.is_empty() {
        return Err(StepError::Changed(format!("{vpc} is in use: {}", evidence.join(", "))));
    }
    if let Some(unseen) = contents.parts.iter().find(|part| !parts.contains(part)) {
        return Err(StepError::Changed(format!("{vpc} has gained {}", unseen.id())));
    }
    // What has gone since the plan was made is not this run's to delete.
    for part in &contents.parts {
        run.cloud.delete_vpc_part(target, vpc, part).await?;
    }
    wait::until_seen("the default VPC did not go", async || {
        Ok(match run.cloud.default_vpc(target).await? {
            None => Ok(()),
            Some(left) => Err(format!("{left} is still there")),
        })
    })
    .await?;
    Ok(Done::Changed)
}
