//! One region of an account: at most one question for each kind of thing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::join;

use super::existing::{Existing, read_existing};
use super::observe::Depth;
use super::outputs::Outputs;
use super::reading::Reading;
use super::settings::read_region_settings;
use super::shared::Shared;
use super::state::{DeployedTemplate, ObservedKey, ObservedRegion, ObservedStack};
use crate::cloud::{CloudReader, EbsEncryption, KeyReference, Result, Stack};
use crate::desired::{DesiredAccount, DesiredKey, DesiredStack, DesiredState};
use crate::document::Source;
use crate::model::{Region, RegionSetting, RegionSettingKind, StackName, Target};
use crate::template::{DIGEST_OUTPUT, Digest, Template};

/// What has to be asked in one region.
#[derive(Debug)]
pub(super) struct Questions<'a> {
    /// The stacks that the baseline has there, with their templates.
    wanted: Vec<(&'a DesiredStack, &'a Template)>,
    default_vpc: bool,
    ebs_key: Option<WantedKey<'a>>,
    settings: BTreeSet<RegionSettingKind>,
}

/// How the key for EBS is known.
#[derive(Clone, Copy, Debug)]
enum WantedKey<'a> {
    /// By an alias or ARN in the files.
    Reference(&'a str),
    /// By its ARN in an output of a stack in the same account and region.
    Own { stack: &'a StackName, key: &'a str },
    /// By its ARN in an output of another account's stack; `None` while that is not there.
    Foreign(Option<&'a str>),
}

impl<'a> Questions<'a> {
    pub(super) fn of(
        desired: &'a DesiredState,
        outputs: &'a Outputs,
        account: &'a DesiredAccount,
        region: &Region,
    ) -> Self {
        let selected = desired.selects(region);
        let settings = selected && desired.settings_selected;
        let wanted = account
            .stacks
            .iter()
            .filter(|stack| selected && stack.regions.contains(region))
            .filter_map(|stack| Some((stack, &**desired.templates.get(&stack.template)?)))
            .collect();
        let governed = desired.governed.contains(region);
        Self {
            wanted,
            default_vpc: settings && account.delete_default_vpcs,
            ebs_key: account
                .ebs_key
                .as_ref()
                .filter(|_| settings && governed)
                .map(|key| WantedKey::of(key, outputs, account, region)),
            settings: account
                .region_settings
                .iter()
                .filter(|_| settings && governed)
                .map(RegionSetting::kind)
                .collect(),
        }
    }

    /// The digest of the template that a stack shall have; `None` for one that is in no baseline.
    fn digest(&self, name: &StackName) -> Option<&'a Digest> {
        let (_, template) = self.wanted.iter().find(|(stack, _)| stack.name == *name)?;
        Some(template.digest())
    }
}

impl<'a> WantedKey<'a> {
    fn of(
        key: &'a DesiredKey,
        outputs: &'a Outputs,
        account: &DesiredAccount,
        region: &Region,
    ) -> Self {
        match key {
            DesiredKey::Reference(reference) => Self::Reference(reference),
            DesiredKey::Output { account: owner, stack, key } if *owner == account.name => {
                Self::Own { stack, key }
            }
            DesiredKey::Output { .. } => {
                let seen = account.ebs_key_source(region).and_then(|source| outputs.get(&source));
                Self::Foreign(seen.and_then(|seen| seen.as_ref().ok()?.as_deref()))
            }
        }
    }
}

/// Reads one region. At rest that takes one call for the stacks, one for the default VPC and two for EBS.
pub(super) async fn read_region<C: CloudReader>(
    reading: &Reading<'_, C>,
    target: &Target,
    questions: &Questions<'_>,
) -> ObservedRegion {
    let cloud = reading.cloud;
    let stacks = async {
        let from_stack = matches!(questions.ebs_key, Some(WantedKey::Own { .. }));
        if questions.wanted.is_empty() && !from_stack {
            return Ok(BTreeMap::new());
        }
        read_stacks(reading, target, questions).await
    };
    let default_vpc = async {
        if !questions.default_vpc {
            return Ok(None);
        }
        match reading.ask(cloud.default_vpc(target)).await? {
            Some(vpc) => reading.ask(cloud.vpc_contents(target, &vpc)).await.map(Some),
            None => Ok(None),
        }
    };
    let ebs = async {
        match questions.ebs_key {
            Some(_) => reading.ask(cloud.ebs_encryption(target)).await.map(Some),
            None => Ok(None),
        }
    };
    let settings = read_region_settings(reading, target, &questions.settings);
    let (stacks, default_vpc, ebs, settings) = join!(stacks, default_vpc, ebs, settings);
    let keys = match (&ebs, questions.ebs_key) {
        (Ok(Some(ebs)), Some(key)) => {
            read_key(reading, target, key, ebs, stacks.as_ref().ok()).await
        }
        _ => BTreeMap::new(),
    };
    let Existing { resources: existing, organization_trails } = match &stacks {
        Ok(stacks) => Box::pin(read_existing(reading, target, &questions.wanted, stacks)).await,
        Err(_) => Existing::default(),
    };
    ObservedRegion { stacks, default_vpc, ebs, keys, settings, existing, organization_trails }
}

async fn read_stacks<C: CloudReader>(
    reading: &Reading<'_, C>,
    target: &Target,
    questions: &Questions<'_>,
) -> Result<BTreeMap<StackName, Shared<ObservedStack>>> {
    let mut seen = BTreeMap::new();
    for stack in reading.ask(reading.cloud.stacks(target)).await? {
        let template = match questions.digest(&stack.name) {
            Some(wanted) => read_template(reading, target, &stack, wanted).await,
            None => DeployedTemplate::NotRead,
        };
        let name = stack.name.clone();
        seen.insert(name, reading.keep(ObservedStack { stack, template }));
    }
    Ok(seen)
}

/// Believes the digest that travels with the stack if it is the wanted one; reads the template if it differs,
/// since the plan will want to say what does, or if there is no digest. Of the stacks that carry the same digest, one
/// is read for all.
async fn read_template<C: CloudReader>(
    reading: &Reading<'_, C>,
    target: &Target,
    stack: &Stack,
    wanted: &Digest,
) -> DeployedTemplate {
    let digest = stack.outputs.get(DIGEST_OUTPUT).map(|value| Digest::from_output(value));
    if let Some(digest) = digest.filter(|_| reading.limits.depth == Depth::Digest) {
        if digest == *wanted {
            return DeployedTemplate::Digest(digest);
        }
        return reading.template(&digest, read_whole_template(reading, target, stack)).await;
    }
    read_whole_template(reading, target, stack).await
}

async fn read_whole_template<C: CloudReader>(
    reading: &Reading<'_, C>,
    target: &Target,
    stack: &Stack,
) -> DeployedTemplate {
    match reading.ask(reading.cloud.stack_template(target, &stack.name)).await {
        Ok(text) => {
            let source = Source::new(&format!("{} in {target}", stack.name), &text);
            match Template::parse_deployed(&source) {
                Ok(template) => DeployedTemplate::Whole(Arc::new(template)),
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
    reading: &Reading<'_, C>,
    target: &Target,
    key: WantedKey<'_>,
    ebs: &EbsEncryption,
    stacks: Option<&BTreeMap<StackName, Shared<ObservedStack>>>,
) -> BTreeMap<KeyReference, ObservedKey> {
    let arn = match key {
        WantedKey::Reference(_) => None,
        WantedKey::Own { stack, key } => {
            let seen = stacks.and_then(|stacks| stacks.get(stack));
            seen.and_then(|seen| seen.stack.outputs.get(key)).map(String::as_str)
        }
        WantedKey::Foreign(arn) => arn,
    };
    let reference = match (key, arn) {
        (WantedKey::Reference(reference), _) => reference,
        (_, Some(arn)) if ebs.enabled && ebs.key.as_deref() == Some(arn) => return BTreeMap::new(),
        (_, Some(arn)) => arn,
        (_, None) => return BTreeMap::new(),
    };
    let reference = KeyReference(reference.to_owned());
    let seen = match reading.ask(reading.cloud.key(target, &reference)).await {
        Ok(Some(key)) => ObservedKey::Present(key),
        Ok(None) => ObservedKey::Absent,
        Err(error) => ObservedKey::Unreadable(error),
    };
    BTreeMap::from([(reference, seen)])
}
