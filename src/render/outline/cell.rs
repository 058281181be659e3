//! Everything that there is to say about one place, value by value.

use std::collections::BTreeMap;

use super::entry::{Entry, Mark, value, words};
use super::{identifier, stack, step};
use crate::model::{AccountName, Region, StackName};
use crate::plan::{AccountPlan, AccountStatus, Answer, Blocked, Preview, Step};
use crate::render::detail::Detail;
use crate::render::json::PlanDocument;
use crate::render::reason::why;

/// Everything that there is to say about one place, value by value: the organization, an account as a whole, or a
/// region of an account. Whoever asks for many places asks [`Cells`].
pub fn cell(
    document: &PlanDocument,
    account: Option<&AccountName>,
    region: Option<&Region>,
) -> Vec<Entry> {
    Cells::new(document, Detail::Everything).at(account, region)
}

/// The places of a plan, and what there is to say about each of them.
#[derive(Debug)]
pub struct Cells<'a> {
    document: &'a PlanDocument,
    detail: Detail,
    previews: BTreeMap<(&'a AccountName, &'a Region, &'a StackName), &'a Preview>,
}

/// The part of a plan that an entry belongs to, in the order in which they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    /// What cannot be done.
    Blocked,
    /// What is lost.
    Destructive,
    /// The rest.
    Rest,
}

impl<'a> Cells<'a> {
    /// The places of a plan. [`Detail::Grouped`] counts new resources of one type.
    pub fn new(document: &'a PlanDocument, detail: Detail) -> Self {
        let place = |preview: &'a Preview| (&preview.account, &preview.region, &preview.stack);
        let previews = document.previews.iter().map(|preview| (place(preview), preview));
        Self { document, detail, previews: previews.collect() }
    }

    /// Everything that there is to say about one place; nothing about a place that the plan does not know.
    pub fn at(&self, account: Option<&AccountName>, region: Option<&Region>) -> Vec<Entry> {
        let items = match account {
            None => self.organization(),
            Some(name) => self
                .document
                .plan
                .account(name)
                .map(|plan| self.items(name, plan, region))
                .unwrap_or_default(),
        };
        items.into_iter().map(|(_, entry)| entry).collect()
    }

    /// Whether new resources of some stack are counted, and not named.
    pub(super) fn counts_something(&self) -> bool {
        let steps = self.document.plan.accounts().flat_map(|(_, account)| account.all_steps());
        self.detail == Detail::Grouped
            && steps.filter_map(Step::stack_change).any(stack::is_counted)
    }

    /// What there is to say about the organization as a whole.
    pub(super) fn organization(&self) -> Vec<(Section, Entry)> {
        let plan = &self.document.plan;
        self.all(&plan.organization_blocked, &plan.organization_steps, &[], None)
    }

    /// What there is to say about an account as a whole, or about a region of it.
    pub(super) fn items(
        &self,
        name: &AccountName,
        account: &AccountPlan,
        region: Option<&Region>,
    ) -> Vec<(Section, Entry)> {
        let Some(region) = region else {
            let mut items: Vec<_> = status(&account.status).into_iter().collect();
            items.extend(self.all(
                &account.blocked,
                &account.steps,
                &account.notes,
                Some((name, None)),
            ));
            return items;
        };
        let Some(lane) = account.regions.get(region) else { return Vec::new() };
        self.all(&lane.blocked, &lane.steps, &lane.notes, Some((name, Some(region))))
    }

    /// What is blocked comes first: it is what a reader has to act upon.
    fn all(
        &self,
        blocked: &[Blocked],
        steps: &[Step],
        notes: &[String],
        place: Option<(&AccountName, Option<&Region>)>,
    ) -> Vec<(Section, Entry)> {
        let account = place.map(|(account, _)| account);
        let blocked =
            blocked.iter().map(|blocked| (Section::Blocked, of_blocked(blocked, account)));
        let steps = steps.iter().map(|step| self.step(step, place));
        let notes = notes
            .iter()
            .map(|note| (Section::Rest, Entry::new(Mark::Note, identifier::apart(note, account))));
        blocked.chain(steps).chain(notes).collect()
    }

    fn step(
        &self,
        step: &Step,
        place: Option<(&AccountName, Option<&Region>)>,
    ) -> (Section, Entry) {
        let preview = place.and_then(|(account, region)| {
            self.previews.get(&(account, region?, &step.stack_change()?.stack)).copied()
        });
        let section = match (preview.map(|preview| &preview.answer), step) {
            (Some(Answer::Refused { .. }), _) => Section::Blocked,
            // Nobody can have put anything into the default VPCs of an account that is still to be made.
            (_, Step::DeleteDefaultVpc { vpc: None, .. }) => Section::Rest,
            _ if step.is_destructive() => Section::Destructive,
            _ => Section::Rest,
        };
        (section, step::entry(step, self.detail, preview))
    }
}

/// Why an account gets no steps, if it gets none.
fn status(status: &AccountStatus) -> Option<(Section, Entry)> {
    match status {
        AccountStatus::New | AccountStatus::Active => None,
        // Somebody closed it: there is nothing to act upon.
        AccountStatus::NotActive(state) => {
            let line = words(format!("gets no steps: its state is {state}"));
            Some((Section::Rest, Entry::new(Mark::Note, [line])))
        }
        AccountStatus::Unreachable(error) => {
            let line = words("gets no steps: it does not let avm in");
            let why = Entry::detail([value(error.to_string())]);
            Some((Section::Blocked, Entry::new(Mark::Blocked, [line]).with([why])))
        }
    }
}

fn of_blocked(blocked: &Blocked, account: Option<&AccountName>) -> Entry {
    let (why, evidence) = why(&blocked.reason);
    let mut line = identifier::apart(&blocked.subject, account);
    line.push(words(" "));
    line.extend(why);
    let evidence = evidence.iter().map(|line| Entry::detail([value(line)]));
    Entry::new(Mark::Blocked, line).with(evidence)
}
