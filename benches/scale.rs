//! How avm grows: virtual time, calls, processor and memory for 10, 100, 1,000 and 10,000 accounts in 17 regions.
//!
//! `cargo scale` prints the tables of docs/performance.md. Each size runs in a process of its own.

#![expect(clippy::print_stdout, reason = "a report is what this program is for")]
#![expect(clippy::cast_precision_loss, reason = "no number here comes near 2^52")]

#[path = "scale/company.rs"]
mod company;
#[path = "scale/process.rs"]
mod process;

use std::collections::BTreeMap;
use std::env;
use std::process::Command;

use avm::execute::Limits;
use company::{BIRTH, Company, STACK, planned, timed};

const SIZES: [&str; 4] = ["10", "100", "1000", "10000"];
/// What a process says of the calls of one operation, to the process that has begun it.
const OF_OPERATION: &str = "calls ";
const REGIONS: f64 = 17.0;
/// Above this, a roll-out would measure nothing but the simulation's patience.
const LARGEST_ROLLOUT: usize = 1_000;

fn main() {
    let mut words = env::args().skip(1).filter(|word| word != "--bench");
    if let (Some("--size"), Some(size)) = (words.next().as_deref(), words.next()) {
        return measure(size.parse().expect("a number of accounts"));
    }
    println!(
        "| accounts x 17 | operation | virtual s | bound s | ratio | calls | per account-region | throttled | CPU s | \
         peak MiB | there before |\n|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    );
    let program = env::current_exe().expect("this program");
    let mut calls = BTreeMap::<String, [usize; SIZES.len()]>::new();
    for (column, size) in SIZES.into_iter().enumerate() {
        let ended = Command::new(&program).args(["--size", size]).output().expect("a process");
        let told = String::from_utf8_lossy(&ended.stdout);
        assert!(ended.status.success(), "{size} accounts could not be measured");
        for line in told.lines() {
            match line.strip_prefix(OF_OPERATION).and_then(|told| told.split_once(' ')) {
                Some((operation, number)) => {
                    let number = number.parse().expect("a number of calls");
                    calls.entry(operation.to_owned()).or_default()[column] = number;
                }
                None => println!("{line}"),
            }
        }
    }
    println!("\n| calls of a no-op plan | {} |\n|---|--:|--:|--:|--:|", SIZES.join(" | "));
    for (operation, numbers) in calls {
        println!("| `{operation}` | {} |", numbers.map(|number| number.to_string()).join(" | "));
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn measure(accounts: usize) {
    let mut company = Company::of(accounts).await;
    let row = Row::start(accounts);
    let desired = company.desired();
    row.end("read the files", (0.0, 0.0), &company);

    let row = Row::start(accounts);
    let (observed, seconds) = timed(company.observe(&desired)).await;
    let plan = planned(&desired, &observed);
    assert_eq!(plan.accounts().flat_map(|(_, account)| account.all_steps()).count(), 0);
    let reads = company.simulation.call_counts().values().sum();
    for (operation, number) in company.simulation.call_counts() {
        println!("{OF_OPERATION}{operation} {number}");
    }
    row.end("no-op plan", (seconds, reading(reads, accounts)), &company);
    drop((plan, observed, desired));

    if accounts <= LARGEST_ROLLOUT {
        let row = Row::start(accounts);
        company.change_a_template();
        let desired = company.desired();
        let (observed, seconds) = timed(company.observe(&desired)).await;
        let plan = planned(&desired, &observed);
        row.end("plan of a changed stack", (seconds, reading(reads, accounts)), &company);
        let row = Row::start(accounts);
        let (report, seconds) = timed(company.carry_out(&desired, &observed, &plan)).await;
        assert!(report.succeeded());
        row.end("changed stack", (seconds, rolling_out(accounts)), &company);
    }

    let row = Row::start(accounts);
    let name = company.declare_another();
    let desired = company.desired_of(&name);
    let ((), seconds) = timed(async {
        let observed = company.observe(&desired).await;
        let plan = planned(&desired, &observed);
        assert!(company.carry_out(&desired, &observed, &plan).await.succeeded());
    })
    .await;
    row.end("vend one account", (seconds, vending(&desired, accounts)), &company);
}

/// The bound of a look at AWS: every call takes a slot, and Organizations lists twenty accounts after the other.
fn reading(calls: usize, accounts: usize) -> f64 {
    let side_by_side = Limits::default().reads;
    let call = company::CALL.as_secs_f64();
    let slots = (calls as f64 / side_by_side as f64) * call;
    // The organization first, and in the last account the session, the regions, and what is in them.
    slots.max(listing(accounts)) + 6.0 * call
}

/// Organizations lists twenty accounts, then the next.
fn listing(accounts: usize) -> f64 {
    ((accounts as f64 + 2.0) / 20.0).ceil() * company::CALL.as_secs_f64()
}

/// The bound of a roll-out: so many stacks at a time, in two waves.
fn rolling_out(accounts: usize) -> f64 {
    let lanes = Limits::default().lanes;
    let rounds = (accounts as f64 * REGIONS / lanes as f64).ceil();
    (rounds + 1.0) * STACK.as_secs_f64()
}

/// The critical path of a new account: no account has its e-mail address, it is made and can be used, then stack after
/// stack in the home region.
fn vending(desired: &avm::desired::DesiredState, accounts: usize) -> f64 {
    let account = desired.accounts.values().next().expect("one account");
    let stacks = account.stacks.iter().filter(|stack| stack.regions.contains(&desired.home));
    listing(accounts) + BIRTH.as_secs_f64() + stacks.count() as f64 * STACK.as_secs_f64()
}

/// A line of the table, while it is measured.
struct Row {
    accounts: usize,
    cpu: f64,
    before: f64,
}

impl Row {
    fn start(accounts: usize) -> Self {
        process::forget_peak();
        Self { accounts, cpu: process::cpu(), before: process::memory().0 }
    }

    fn end(self, operation: &str, (seconds, bound): (f64, f64), company: &Company) {
        let (throttled, calls) = (company.throttles(), company.calls());
        let number: usize = calls.iter().map(|(_, calls)| calls).sum();
        let per_cell = number as f64 / (self.accounts as f64 * REGIONS);
        let ratio = if bound > 0.0 { format!("{:.2}", seconds / bound) } else { String::new() };
        println!(
            "| {} | {operation} | {seconds:.1} | {bound:.1} | {ratio} | {number} | {per_cell:.1} | {} | {:.1} | {:.0} | {:.0} |",
            self.accounts,
            throttled,
            process::cpu() - self.cpu,
            process::memory().1,
            self.before,
        );
    }
}
