//! What a plan adds that AWS bills: counted, and priced where the price hangs on nothing but the number.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::action::Action;
use super::step::Step;
use super::tree::{AccountPlan, Plan};
use crate::model::{AccountName, Region};

/// A kind of resource that costs money while it exists.
struct Kind {
    resource_type: &'static str,
    noun: &'static str,
    /// US dollars a month for each; `None` where the bill hangs on use.
    monthly: Option<u32>,
}

/// The kinds that are counted, in the order in which they are told.
///
/// A customer managed key costs a dollar a month in every region of the `aws` partition, and another one after each
/// of its first two rotations (the AWS KMS price list). What the others cost hangs on what happens in the account.
const KINDS: [Kind; 7] = [
    Kind { resource_type: "AWS::KMS::Key", noun: "KMS key", monthly: Some(1) },
    Kind { resource_type: "AWS::CloudTrail::Trail", noun: "trail", monthly: None },
    Kind {
        resource_type: "AWS::Config::ConfigurationRecorder",
        noun: "Config recorder",
        monthly: None,
    },
    Kind { resource_type: "AWS::Config::ConfigRule", noun: "Config rule", monthly: None },
    Kind { resource_type: "AWS::GuardDuty::Detector", noun: "GuardDuty detector", monthly: None },
    Kind { resource_type: "AWS::SecurityHub::Hub", noun: "Security Hub hub", monthly: None },
    Kind { resource_type: "AWS::CloudWatch::Alarm", noun: "CloudWatch alarm", monthly: None },
];

/// Things of one kind that a plan adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CostDriver {
    /// What they are, in the singular: `KMS key`.
    pub noun: String,
    /// How many are added. Resources under a condition that is known only to AWS are counted too.
    pub count: usize,
    /// In how many accounts.
    pub accounts: usize,
    /// How many in each region and in how many regions of each account; `None` where accounts or regions differ.
    pub each: Option<CostShape>,
    /// US dollars a month for all of them; `None` where the bill hangs on use.
    pub monthly: Option<u64>,
}

/// `4 x 2 regions`, the same in every account.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub struct CostShape {
    /// How many in each region.
    pub in_region: usize,
    /// In how many regions of each account.
    pub regions: usize,
}

/// What the plan adds that is billed, kind by kind.
pub fn costs(plan: &Plan) -> Vec<CostDriver> {
    KINDS.iter().filter_map(|kind| driver(plan, kind)).collect()
}

fn driver(plan: &Plan, kind: &Kind) -> Option<CostDriver> {
    let added: BTreeMap<&AccountName, BTreeMap<&Region, usize>> = plan
        .accounts()
        .map(|(name, account)| (name, added_in(account, kind)))
        .filter(|(_, regions)| !regions.is_empty())
        .collect();
    let count: usize = added.values().flat_map(BTreeMap::values).sum();
    let shapes: BTreeSet<Option<CostShape>> = added.values().map(shape).collect();
    let each = if shapes.len() == 1 { shapes.into_iter().next().flatten() } else { None };
    (count > 0).then(|| CostDriver {
        noun: kind.noun.to_owned(),
        count,
        accounts: added.len(),
        each,
        monthly: kind.monthly.map(|price| u64::from(price) * count as u64),
    })
}

/// How many things of the kind an account gains, by region; regions that gain none are not in it.
fn added_in<'a>(account: &'a AccountPlan, kind: &Kind) -> BTreeMap<&'a Region, usize> {
    let regions = account.regions.iter();
    regions
        .map(|(region, lane)| (region, lane.steps.iter().map(|step| added_by(step, kind)).sum()))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// The same number in every region, or none.
fn shape(regions: &BTreeMap<&Region, usize>) -> Option<CostShape> {
    let numbers: BTreeSet<_> = regions.values().copied().collect();
    let in_region = numbers.first().copied().filter(|_| numbers.len() == 1)?;
    Some(CostShape { in_region, regions: regions.len() })
}

fn added_by(step: &Step, kind: &Kind) -> usize {
    let (Step::CreateStack(change) | Step::UpdateStack(change) | Step::ImportStack { change, .. }) =
        step
    else {
        return 0;
    };
    let new = change.resources.iter().filter(|resource| {
        resource.action == Action::Create && resource.resource_type == kind.resource_type
    });
    new.count()
}
