//! The default VPC: deleted where nothing uses it, and left alone with the evidence where something does.

use super::context::Context;
use crate::cloud::VpcContents;
use crate::model::Region;
use crate::plan::reason::Reason;
use crate::plan::step::Step;
use crate::plan::tree::{Blocked, Lane};

/// Plans the deletion of a region's default VPC.
pub(super) fn default_vpc(context: &Context<'_>, region: &Region, lane: &mut Lane) {
    if !context.account.delete_default_vpcs || !context.desired.settings_selected {
        return;
    }
    if context.present().is_none() && context.protected() {
        let subject = "default VPC (known after the account is created)".to_owned();
        lane.blocked.push(Blocked { subject, reason: Reason::Protected });
        return;
    }
    if context.present().is_none() {
        // Every region of a new account is born with one; its parts are known when it can be asked.
        lane.steps.push(Step::DeleteDefaultVpc { vpc: None, parts: Vec::new() });
        return;
    }
    let contents = match context.region(region).map(|seen| &seen.default_vpc) {
        None | Some(Ok(None)) => return,
        Some(Ok(Some(contents))) => contents,
        Some(Err(error)) => {
            let subject = "default VPC".to_owned();
            lane.blocked.push(Blocked { subject, reason: Reason::Unreadable(error.clone()) });
            return;
        }
    };
    let subject = || format!("default VPC {}", contents.vpc);
    let evidence = contents.evidence_of_use();
    if !evidence.is_empty() {
        lane.blocked.push(Blocked { subject: subject(), reason: Reason::VpcInUse(evidence) });
    } else if context.protected() {
        lane.blocked.push(Blocked { subject: subject(), reason: Reason::Protected });
    } else {
        lane.steps.push(deletion(contents));
    }
}

/// Subnets before gateways: a subnet that something has moved into refuses to go, and nothing is lost yet. With the
/// gateway first, a workload would already be cut off.
fn deletion(contents: &VpcContents) -> Step {
    let mut parts = contents.parts.clone();
    parts.sort();
    Step::DeleteDefaultVpc { vpc: Some(contents.vpc.clone()), parts }
}
