//! How avm grows, held by what is deterministic: virtual time and calls. `cargo scale` measures the rest.

#[path = "../../benches/scale/company.rs"]
mod company;

use avm::cloud::CloudReader as _;
use avm::execute::Limits;
use company::{BIRTH, CALL, Company, STACK, planned, timed};

const ACCOUNTS: usize = 60;
const REGIONS: usize = 17;

fn sum(calls: &[(&str, usize)]) -> usize {
    calls.iter().map(|(_, calls)| calls).sum()
}

fn count(calls: &[(&str, usize)], operation: &str) -> usize {
    calls.iter().find(|(name, _)| *name == operation).map_or(0, |(_, calls)| *calls)
}

#[tokio::test(start_paused = true)]
async fn a_look_at_rest_takes_few_calls_and_the_time_of_its_calls_side_by_side() {
    let company = Company::of(ACCOUNTS).await;
    let desired = company.desired();
    let (observed, seconds) = timed(company.observe(&desired)).await;
    let plan = planned(&desired, &observed);
    assert!(plan.accounts().all(|(_, account)| account.all_steps().next().is_none()));
    assert_eq!(company.throttles(), 0);
    let calls = company.calls();
    // For each account: a session, its regions, three settings. For each region: stacks, the default VPC, two for EBS,
    // four settings.
    let expected = (ACCOUNTS + 1) * (5 + REGIONS * 8);
    assert!(sum(&calls) <= expected + 12, "{} calls: {calls:?}", sum(&calls));
    let side_by_side = f64::from(u32::try_from(sum(&calls) / Limits::default().reads).unwrap() + 1);
    let bound = (side_by_side + 12.0) * CALL.as_secs_f64();
    assert!(seconds <= bound, "{seconds} s, at most {bound} s");
}

#[tokio::test(start_paused = true)]
async fn accounts_are_read_while_they_are_listed() {
    let company = Company::of(200).await;
    let desired = company.desired();
    let cloud = company.simulation.cloud();
    let ((), listing) = timed(async {
        let mut page = cloud.accounts(None).await.unwrap();
        while let Some(next) = page.next.take() {
            page = cloud.accounts(Some(&next)).await.unwrap();
        }
    })
    .await;
    let (_, seconds) = timed(company.observe(&desired)).await;
    let calls = 201 * (5 + REGIONS * 8);
    let reading = f64::from(u32::try_from(calls / Limits::default().reads).unwrap());
    let reading = reading * CALL.as_secs_f64();
    // One after the other, they would take the sum.
    assert!(seconds < reading.max(listing) + 2.5, "{seconds} s: {listing} s and {reading} s");
}

#[tokio::test(start_paused = true)]
async fn a_changed_stack_is_rolled_out_in_the_time_that_the_limit_allows() {
    let company = Company::of(ACCOUNTS).await;
    company.change_a_template();
    let desired = company.desired();
    let observed = company.observe(&desired).await;
    // Every stack carries the same digest, so one template says for all what is deployed.
    assert_eq!(count(&company.calls(), "cloudformation:GetTemplate"), 1);
    let plan = planned(&desired, &observed);
    let (report, seconds) = timed(company.carry_out(&desired, &observed, &plan)).await;
    assert!(report.succeeded());
    let calls = company.calls();
    assert_eq!(count(&calls, "cloudformation:UpdateStack"), (ACCOUNTS + 1) * REGIONS);
    // The account with the logs is a wave of its own.
    let rounds = u32::try_from((ACCOUNTS * REGIONS).div_ceil(Limits::default().lanes)).unwrap() + 1;
    let bound = STACK * rounds;
    assert!(seconds <= 1.1 * bound.as_secs_f64(), "{seconds} s, the bound is {bound:?}");
    let looks = count(&calls, "cloudformation:DescribeStacks") / (ACCOUNTS * REGIONS);
    assert!(looks <= 22, "every stack was looked at {looks} times");
}

#[tokio::test(start_paused = true)]
async fn an_account_is_vended_in_the_time_that_aws_takes() {
    let mut company = Company::of(3).await;
    let name = company.declare_another();
    let desired = company.desired_of(&name);
    let ((), seconds) = timed(async {
        let observed = company.observe(&desired).await;
        let plan = planned(&desired, &observed);
        assert!(company.carry_out(&desired, &observed, &plan).await.succeeded());
    })
    .await;
    let account = desired.accounts.values().next().unwrap();
    let home = account.stacks.iter().filter(|stack| stack.regions.contains(&desired.home));
    let bound = BIRTH + STACK * u32::try_from(home.count()).unwrap();
    assert!(seconds <= 1.1 * bound.as_secs_f64(), "{seconds} s, the bound is {bound:?}");
    let polls = count(&company.calls(), "organizations:DescribeCreateAccountStatus");
    // Five accounts in flight share two looks a second.
    assert!(polls <= 40, "{polls} looks at the request");
}
