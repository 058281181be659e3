//! A plan as test cases.

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::{case, document, entries, organization, suite, xml};
use crate::plan::{AccountPlan, AccountStatus, WavePlan};
use crate::render::conditions::of_wave as of_wave_conditions;
use crate::render::detail::Detail;
use crate::render::harmless::short;
use crate::render::json::PlanDocument;
use crate::render::outline::{Cells, Entry, Mark};

/// A plan.
pub fn plan(plan: &PlanDocument) -> String {
    let cells = Cells::new(plan, Detail::Everything);
    let (failed, done) = parted(cells.at(None, None));
    let (mut of_organization, mut case) = organization(blocked(&failed));
    output(&mut case, &done);
    of_organization.add_test_case(case);
    let waves = plan.plan.waves.iter().map(|wave| of_wave(&cells, wave));
    document("avm plan", std::iter::once(of_organization).chain(waves))
}

fn of_wave(cells: &Cells<'_>, wave: &WavePlan) -> TestSuite {
    let mut suite = suite(Some(&wave.name));
    if let Some(conditions) = of_wave_conditions(wave) {
        suite.add_property(("conditions", xml(&conditions).as_str()));
    }
    for (name, account) in &wave.accounts {
        for region in std::iter::once(None).chain(account.regions.keys().map(Some)) {
            let (failed, done) = parted(cells.at(Some(name), region));
            let status = match region {
                None => of_account(account, &failed),
                Some(_) => blocked(&failed),
            };
            let mut case = case(name, region, status);
            output(&mut case, &done);
            suite.add_test_case(case);
        }
    }
    suite
}

fn of_account(account: &AccountPlan, failed: &[Entry]) -> TestCaseStatus {
    match &account.status {
        AccountStatus::New | AccountStatus::Active => blocked(failed),
        AccountStatus::Unreachable(error) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type("unreachable").set_message("the account does not let avm in");
            status.set_description(xml(&short(&error.to_string())));
            status
        }
        AccountStatus::NotActive(state) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(xml(&format!("the account is {state}, and left alone")));
            status
        }
    }
}

/// What is in the way, and all the rest.
fn parted(entries: Vec<Entry>) -> (Vec<Entry>, Vec<Entry>) {
    entries.into_iter().partition(|entry| entry.mark == Mark::Blocked)
}

/// A failure that says what is blocked, why, and by what; passed if nothing is.
fn blocked(things: &[Entry]) -> TestCaseStatus {
    let [first, others @ ..] = things else { return TestCaseStatus::success() };
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    let mut message = first.line.to_string();
    if !others.is_empty() {
        message = format!("{message}, and {} more", others.len());
    }
    status.set_type("blocked").set_message(xml(&message));
    status.set_description(xml(&entries::text(things)));
    status
}

/// What is to be done there.
fn output(case: &mut TestCase, entries: &[Entry]) {
    if !entries.is_empty() {
        case.set_system_out(xml(&entries::text(entries)));
    }
}
