//! How much there is to do, and how much of it is over.

use std::collections::BTreeMap;

use crate::execute::{Event, Outcome};
use crate::model::AccountName;
use crate::plan::Plan;
use crate::render::count;

/// Steps and accounts, counted. The sums are kept as they change: an event costs no look at every account.
#[derive(Debug, Default)]
pub(super) struct Tally {
    organization: Part,
    accounts: BTreeMap<AccountName, Part>,
    steps_ahead: usize,
    steps_ended: usize,
    accounts_ended: usize,
}

/// What is counted of an account, or of the organization.
#[derive(Debug, Default)]
struct Part {
    ahead: usize,
    done: usize,
    unchanged: usize,
    failed: usize,
    skipped: usize,
    ended: bool,
}

impl Tally {
    /// All of the plan is ahead.
    pub(super) fn of(plan: &Plan) -> Self {
        let mut tally = Self::default();
        tally.change(None, |part| part.ahead = plan.organization_steps.len());
        for (name, account) in plan.accounts() {
            let ahead = account.all_steps().count();
            if ahead > 0 {
                tally.change(Some(name), |part| part.ahead = ahead);
            }
        }
        tally
    }

    pub(super) fn record(&mut self, event: &Event) {
        match event {
            Event::StepEnded { at, outcome, .. } => self.change(at.account.as_ref(), |part| {
                part.ahead = part.ahead.saturating_sub(1);
                *match outcome {
                    Outcome::Done => &mut part.done,
                    Outcome::Unchanged => &mut part.unchanged,
                    Outcome::Failed(_) => &mut part.failed,
                    Outcome::Skipped { .. } => &mut part.skipped,
                } += 1;
            }),
            Event::Replanned { account, steps } => {
                self.change(Some(account), |part| part.ahead = *steps);
            }
            Event::AccountEnded { account } => self.change(Some(account), |part| {
                part.ended = true;
                // Whatever was expected and did not come will not come any more.
                part.ahead = 0;
            }),
            Event::WaveStarted { .. }
            | Event::WaveSoaks { .. }
            | Event::Halted { .. }
            | Event::WaveEnded { .. }
            | Event::StepStarted { .. }
            | Event::StepProgress { .. }
            | Event::AccountKnown { .. } => {}
        }
    }

    pub(super) fn steps(&self) -> usize {
        self.steps_ahead + self.steps_ended
    }

    pub(super) fn steps_ended(&self) -> usize {
        self.steps_ended
    }

    pub(super) fn accounts(&self) -> usize {
        self.accounts.len()
    }

    pub(super) fn accounts_ended(&self) -> usize {
        self.accounts_ended
    }

    /// What came of an account that has ended: `[2/5] payments-uat: 7 steps done, 1 failed`.
    pub(super) fn line(&self, account: &AccountName) -> String {
        let place = format!("[{}/{}] {account}", self.accounts_ended(), self.accounts());
        let Some(part) = self.accounts.get(account) else { return place };
        let mut parts = Vec::new();
        if part.done > 0 {
            parts.push(format!("{} done", count(part.done, "step")));
        }
        for (number, what) in [
            (part.unchanged, "already as planned"),
            (part.failed, "failed"),
            (part.skipped, "not tried"),
        ] {
            if number > 0 {
                parts.push(format!("{number} {what}"));
            }
        }
        if parts.is_empty() {
            parts.push("nothing to do".to_owned());
        }
        format!("{place}: {}", parts.join(", "))
    }

    /// Changes what is counted of an account, or of the organization, and the sums by as much.
    fn change(&mut self, account: Option<&AccountName>, change: impl FnOnce(&mut Part)) {
        let part = match account {
            Some(name) => self.accounts.entry(name.clone()).or_default(),
            None => &mut self.organization,
        };
        self.steps_ahead -= part.ahead;
        self.steps_ended -= part.over();
        self.accounts_ended -= usize::from(part.ended);
        change(part);
        self.steps_ahead += part.ahead;
        self.steps_ended += part.over();
        self.accounts_ended += usize::from(part.ended);
    }
}

impl Part {
    fn over(&self) -> usize {
        self.done + self.unchanged + self.failed + self.skipped
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::execute::Location;
    use crate::plan::{PlannedValue, Step};

    fn ended(account: &AccountName, outcome: Outcome) -> Event {
        Event::StepEnded {
            at: Location { account: Some(account.clone()), region: None },
            step: Step::EncryptEbsByDefault {
                key: PlannedValue::OwnAccountId,
                before: None,
                enable: true,
            },
            outcome,
            started: Duration::ZERO,
            elapsed: Duration::ZERO,
        }
    }

    #[test]
    fn a_new_plan_of_an_account_changes_the_total_by_what_is_ahead_in_it() {
        let account: AccountName = "payments".parse().unwrap();
        let mut tally = Tally::default();
        tally.change(Some(&account), |part| part.ahead = 10);
        tally.record(&ended(&account, Outcome::Done));
        tally.record(&Event::Replanned { account, steps: 4 });
        assert_eq!((tally.steps_ended(), tally.steps()), (1, 5));
    }

    #[test]
    fn an_account_that_ended_says_what_came_of_it() {
        let account: AccountName = "payments".parse().unwrap();
        let mut tally = Tally::default();
        tally.change(Some(&account), |part| part.ahead = 9);
        tally.record(&ended(&account, Outcome::Done));
        tally.record(&ended(&account, Outcome::Skipped { why: "a test".into() }));
        tally.record(&Event::AccountEnded { account: account.clone() });
        assert_eq!(tally.line(&account), "[1/1] payments: 1 step done, 1 not tried");
        assert_eq!(tally.steps(), 2, "nothing is ahead any more");
    }

    #[test]
    fn the_sums_are_those_of_the_parts_after_every_event() {
        let accounts: [AccountName; 2] = ["one", "two"].map(|name| name.parse().unwrap());
        let mut tally = Tally::default();
        for account in &accounts {
            tally.change(Some(account), |part| part.ahead = 3);
        }
        let [one, two] = accounts;
        let replanned = Event::Replanned { account: two.clone(), steps: 7 };
        for event in [
            ended(&one, Outcome::Done),
            replanned,
            ended(&two, Outcome::Unchanged),
            ended(&two, Outcome::Skipped { why: "a test".into() }),
            Event::AccountEnded { account: one.clone() },
            Event::AccountEnded { account: one },
            Event::AccountEnded { account: two },
        ] {
            tally.record(&event);
            let parts = || std::iter::once(&tally.organization).chain(tally.accounts.values());
            assert_eq!(
                (tally.steps(), tally.steps_ended(), tally.accounts_ended()),
                (
                    parts().map(|part| part.ahead + part.over()).sum(),
                    parts().map(Part::over).sum(),
                    parts().filter(|part| part.ended).count(),
                ),
                "{event:?}"
            );
        }
        assert_eq!((tally.steps(), tally.accounts_ended()), (3, 2));
    }
}
