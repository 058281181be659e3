//! Which stacks of a plan CloudFormation can be asked about, and why not the others.

use std::collections::BTreeMap;

use crate::cloud::StackState;
use crate::model::{AccountId, AccountName, Region};
use crate::plan::{
    AccountPlan, Answer, ImportedResource, Plan, PlannedValue, Preview, StackChange, Step,
};

/// The stacks of a plan.
#[derive(Debug)]
pub struct Questions<'a> {
    /// Those that CloudFormation is asked about, by account and region, in the order of the plan.
    pub(super) accounts: BTreeMap<&'a AccountName, AccountQuestions<'a>>,
    /// Those that it cannot be asked about, for reasons that the plan knows.
    unasked: Vec<Preview>,
}

/// What is asked in one account.
#[derive(Debug)]
pub(super) struct AccountQuestions<'a> {
    pub(super) id: &'a AccountId,
    pub(super) regions: BTreeMap<&'a Region, Vec<Question<'a>>>,
}

/// What is asked about one stack.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    pub(super) change: &'a StackChange,
    pub(super) about: About<'a>,
}

/// What the step would do to the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About<'a> {
    /// It is made.
    Creation,
    /// It is updated.
    Update,
    /// It is made out of resources that are there.
    Import(&'a [ImportedResource]),
    /// It is made in the place of a change set that nobody has executed: which may be one of ours, that a preview
    /// which was killed has left behind.
    Review,
}

impl<'a> Questions<'a> {
    /// What there is to ask about a plan.
    pub fn of(plan: &'a Plan) -> Self {
        let mut questions = Self { accounts: BTreeMap::new(), unasked: Vec::new() };
        for (name, account) in plan.accounts() {
            for (region, lane) in &account.regions {
                for step in &lane.steps {
                    questions.add(name, account, region, step);
                }
            }
        }
        sort(&mut questions.unasked);
        questions
    }

    /// The answers that need no question.
    pub fn unasked(&self) -> &[Preview] {
        &self.unasked
    }

    /// How many stacks CloudFormation is asked about.
    pub fn count(&self) -> usize {
        let regions = self.accounts.values().flat_map(|account| account.regions.values());
        regions.map(Vec::len).sum()
    }

    fn add(
        &mut self,
        name: &'a AccountName,
        account: &'a AccountPlan,
        region: &'a Region,
        step: &'a Step,
    ) {
        let Some(change) = step.stack_change() else { return };
        let about = account.id.as_ref().ok_or("the account is still to be made".to_owned());
        match about.and_then(|id| Ok((id, about_step(step)?))) {
            Ok((id, about)) => {
                let account = self.accounts.entry(name);
                let account =
                    account.or_insert_with(|| AccountQuestions { id, regions: BTreeMap::new() });
                account.regions.entry(region).or_default().push(Question { change, about });
            }
            Err(why) => self.unasked.push(Preview {
                account: name.clone(),
                region: region.clone(),
                stack: change.stack.clone(),
                answer: Answer::NotAsked(why),
                warnings: Vec::new(),
            }),
        }
    }
}

/// What is asked about the stack of a step, or why nothing can be asked.
fn about_step(step: &Step) -> Result<About<'_>, String> {
    let about = match step {
        Step::CreateStack(_) => About::Creation,
        Step::UpdateStack(_) => About::Update,
        Step::ImportStack { imports, replaces: None, .. } => About::Import(imports),
        Step::RecreateStack { state: StackState::ReviewInProgress, .. } => About::Review,
        Step::RecreateStack { state, .. } | Step::ImportStack { replaces: Some(state), .. } => {
            return Err(made_anew(*state));
        }
        Step::AwaitStack { state, .. } => return Err(format!("AWS is at work on it: {state}")),
        Step::CreateOrganizationalUnit { .. }
        | Step::CreateAccount(_)
        | Step::AwaitAccount { .. }
        | Step::MoveAccount { .. }
        | Step::TagAccount { .. }
        | Step::DeleteDefaultVpc { .. }
        | Step::EncryptEbsByDefault { .. }
        | Step::ProtectStack { .. }
        | Step::TrustService { .. }
        | Step::RegisterAdministrator { .. }
        | Step::SetServiceAdministrator { .. }
        | Step::EnableRegion { .. }
        | Step::ChangeAccountSetting { .. }
        | Step::ChangeRegionSetting { .. } => return Err("it is about no stack".to_owned()),
    };
    let parameters = step.stack_change().into_iter().flat_map(|change| &change.parameters);
    let later = |(name, value): (&String, &PlannedValue)| match value {
        PlannedValue::Known(_) | PlannedValue::TemplateUrl { .. } | PlannedValue::Secret { .. } => {
            None
        }
        PlannedValue::OwnAccountId | PlannedValue::Output { .. } | PlannedValue::KeyBehind(_) => {
            Some(format!("its parameter {name} is not known yet: {value}"))
        }
    };
    parameters.into_iter().find_map(later).map_or(Ok(about), Err)
}

/// Why nothing can be asked about a stack that is in the way of itself.
pub(super) fn made_anew(state: StackState) -> String {
    format!("it is {state}: it is deleted first and made anew")
}

/// By account, region and stack, as previews are told.
pub(super) fn sort(previews: &mut [Preview]) {
    previews
        .sort_by(|a, b| (&a.account, &a.region, &a.stack).cmp(&(&b.account, &b.region, &b.stack)));
}
