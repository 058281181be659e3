//! One region of an account: at most one question for each kind of thing.

use std::collections::BTreeMap;

use tokio::join;

use super::observe::Depth;
use super::state::{DeployedTemplate, ObservedKey, ObservedRegion, ObservedStack};
use crate::cloud::{CloudReader, EbsEncryption, KeyReference, Result, Stack};
use crate::desired::{DesiredAccount, DesiredKey, DesiredState};
use crate::document::Source;
use crate::model::{Region, StackName, Target};
use crate::template::{DIGEST_OUTPUT, Digest, Template};

/// What has to be asked in one region.
#[derive(Debug)]
pub(super) struct Questions<'a> {
    /// The stacks that the baseline has there, with the digests of their templates.
    stacks: BTreeMap<&'a StackName, &'a Digest>,
    default_vpc: bool,
    ebs_key: Option<&'a DesiredKey>,
}

impl<'a> Questions<'a> {
    pub(super) fn of(
        desired: &'a DesiredState,
        account: &'a DesiredAccount,
        region: &Region,
    ) -> Self {
        let selected = desired.selects(region);
        let settings = selected && desired.settings_selected;
        let stacks = account
            .stacks
            .iter()
            .filter(|stack| selected && stack.regions.contains(region))
            .filter_map(|stack| {
                Some((&stack.name, desired.templates.get(&stack.template)?.digest()))
            })
            .collect();
        let governed = desired.governed.contains(region);
        Self {
            stacks,
            default_vpc: settings && account.delete_default_vpcs,
            ebs_key: account.ebs_key.as_ref().filter(|_| settings && governed),
        }
    }
}

/// Reads one region. At rest that takes one call for the stacks, one for the default VPC and two for EBS.
pub(super) async fn read_region<C: CloudReader>(
    cloud: &C,
    target: &Target,
    questions: &Questions<'_>,
    depth: Depth,
) -> ObservedRegion {
    let stacks = async {
        let from_stack = matches!(questions.ebs_key, Some(DesiredKey::Output { .. }));
        if questions.stacks.is_empty() && !from_stack {
            return Ok(BTreeMap::new());
        }
        read_stacks(cloud, target, questions, depth).await
    };
    let default_vpc = async {
        if !questions.default_vpc {
            return Ok(None);
        }
        match cloud.default_vpc(target).await? {
            Some(vpc) => cloud.vpc_contents(target, &vpc).await.map(Some),
            None => Ok(None),
        }
    };
    let ebs = async {
        match questions.ebs_key {
            Some(_) => cloud.ebs_encryption(target).await.map(Some),
            None => Ok(None),
        }
    };
    let (stacks, default_vpc, ebs) = join!(stacks, default_vpc, ebs);
    let keys = match (&ebs, &stacks, questions.ebs_key) {
        (Ok(Some(ebs)), Ok(stacks), Some(key)) => read_key(cloud, target, key, ebs, stacks).await,
        _ => BTreeMap::new(),
    };
    ObservedRegion { stacks, default_vpc, ebs, keys }
}

async fn read_stacks<C: CloudReader>(
    cloud: &C,
    target: &Target,
    questions: &Questions<'_>,
    depth: Depth,
) -> Result<BTreeMap<StackName, ObservedStack>> {
    let mut seen = BTreeMap::new();
    for stack in cloud.stacks(target).await? {
        let template = match questions.stacks.get(&stack.name) {
            Some(wanted) => read_template(cloud, target, &stack, wanted, depth).await,
            None => DeployedTemplate::NotRead,
        };
        seen.insert(stack.name.clone(), ObservedStack { stack, template });
    }
    Ok(seen)
}

/// Believes the digest that travels with the stack if it is the wanted one; reads the template if it differs,
/// since the plan will want to say what does, or if there is no digest.
async fn read_template<C: CloudReader>(
    cloud: &C,
    target: &Target,
    stack: &Stack,
    wanted: &Digest,
    depth: Depth,
) -> DeployedTemplate {
    let digest = stack.outputs.get(DIGEST_OUTPUT).map(|value| Digest::from_output(value));
    if depth == Depth::Digest
        && let Some(digest) = digest
        && digest == *wanted
    {
        return DeployedTemplate::Digest(digest);
    }
    match cloud.stack_template(target, &stack.name).await {
        Ok(text) => {
            let source = Source::new(&format!("{} in {target}", stack.name), &text);
            match Template::parse_deployed(&source) {
                Ok(template) => DeployedTemplate::Whole(Box::new(template)),
                Err(faults) => DeployedTemplate::Unreadable(
                    faults.first().map(ToString::to_string).unwrap_or_default(),
                ),
            }
        }
        Err(error) => DeployedTemplate::Unreadable(error.to_string()),
    }
}

/// Looks at the key that EBS shall use. A key that a stack tells by its ARN and that EBS already uses needs no
/// look: that is the account at rest, and every call counts there.
async fn read_key<C: CloudReader>(
    cloud: &C,
    target: &Target,
    key: &DesiredKey,
    ebs: &EbsEncryption,
    stacks: &BTreeMap<StackName, ObservedStack>,
) -> BTreeMap<KeyReference, ObservedKey> {
    let reference = match key {
        DesiredKey::Reference(reference) => reference,
        DesiredKey::Output { stack, key } => {
            match stacks.get(stack).and_then(|seen| seen.stack.outputs.get(key)) {
                Some(arn) if ebs.enabled && ebs.key.as_ref() == Some(arn) => {
                    return BTreeMap::new();
                }
                Some(arn) => arn,
                None => return BTreeMap::new(),
            }
        }
    };
    let reference = KeyReference(reference.clone());
    let seen = match cloud.key(target, &reference).await {
        Ok(Some(key)) => ObservedKey::Present(key),
        Ok(None) => ObservedKey::Absent,
        Err(error) => ObservedKey::Unreadable(error),
    };
    BTreeMap::from([(reference, seen)])
}
