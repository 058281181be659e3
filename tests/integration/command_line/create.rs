//! `avm create`.

use std::fs;

use avm::cli::Exit;

use crate::landing_zone::LandingZone;

const ORDERS: &str = "create orders-uat --email aws+orders-uat@example.com --ou Workloads/UAT \
                      --environment uat --baseline standard --tag owner=orders";

fn file(zone: &LandingZone) -> String {
    fs::read_to_string(zone.path("landing-zone.yaml")).unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_account_brings_what_it_needs_with_it_and_says_why() {
    let zone = LandingZone::acme();
    let said = zone.avm("create payments-uat --yes").await;
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
    assert!(
        said.err.contains("log-archive is planned, too: payments-uat needs output "),
        "{}",
        said.err
    );
    for name in ["payments-uat", "log-archive"] {
        let id = zone.simulation.account_id(name).unwrap();
        assert!(said.out.contains(&format!("    {name}  {id}\n")), "{}", said.out);
    }
    assert!(zone.simulation.account_id("payments-dev").is_none(), "nothing else");

    let again = zone.avm("create payments-uat --yes").await;
    assert_eq!(again.exit, Exit::Done);
    assert!(again.out.starts_with("No changes. 1 account is as the files say."), "{}", again.out);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_the_file_does_not_declare_is_added_to_it() {
    let zone = LandingZone::acme();
    let before = file(&zone);
    let said = zone.avm(&format!("{ORDERS} --yes")).await;
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
    assert!(said.err.contains("  +   - name: orders-uat\n"), "{}", said.err);
    let after = file(&zone);
    assert!(after.starts_with(before.trim_end()), "all that was there is there still");
    assert!(after.contains("email: aws+orders-uat@example.com"), "{after}");
    assert!(zone.simulation.account_id("orders-uat").is_some());
    assert_eq!(zone.avm("plan --account orders-uat --detailed-exitcode").await.exit, Exit::Done);
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_and_a_refusal_write_no_file() {
    let zone = LandingZone::acme();
    let before = file(&zone);
    assert_eq!(zone.avm(&format!("{ORDERS} --dry-run")).await.exit, Exit::Done);
    assert_eq!(zone.avm(ORDERS).await.exit, Exit::Failure, "nobody to ask");
    assert_eq!(file(&zone), before);
    assert_eq!(zone.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_the_folder_cannot_have_is_refused_before_any_call() {
    let zone = LandingZone::acme();
    let before = file(&zone);
    let line = ORDERS.replace("--environment uat", "--environment uta");
    let said = zone.avm(&format!("{line} --yes")).await;
    assert_eq!(said.exit, Exit::Failure);
    assert!(said.err.contains("--environment uta: there is no environment uta"), "{}", said.err);
    assert!(said.err.contains("did you mean uat?"), "{}", said.err);
    assert!(
        !said.err.contains("landing-zone.yaml:"),
        "a line that nobody can look up: {}",
        said.err
    );
    assert_eq!((file(&zone), zone.simulation.calls().len()), (before, 0));
}

#[tokio::test(start_paused = true)]
async fn a_name_that_only_looks_new_is_told_whose_it_is() {
    let zone = LandingZone::acme();
    let said = zone.avm("create paiments-uat --yes").await;
    assert!(said.err.contains("did you mean payments-uat?"), "{}", said.err);
    assert!(said.err.contains("--environment"), "{}", said.err);
    let said = zone.avm(&ORDERS.replace("create orders-uat", "create Payments-UAT")).await;
    assert!(
        said.err.contains("the entry of Payments-UAT: two accounts are called"),
        "{}",
        said.err
    );
    assert_eq!((said.exit, zone.simulation.calls().len()), (Exit::Failure, 0));
}

#[tokio::test(start_paused = true)]
async fn a_tag_that_is_given_twice_is_refused() {
    let zone = LandingZone::acme();
    let said = zone.avm(&format!("{ORDERS} --tag owner=shop --yes")).await;
    assert!(said.err.contains("--tag owner is given twice"), "{}", said.err);
    assert_eq!((said.exit, zone.simulation.calls().len()), (Exit::Failure, 0));
}

#[tokio::test(start_paused = true)]
async fn options_are_for_accounts_that_the_file_does_not_declare() {
    let zone = LandingZone::acme();
    let said = zone.avm("create payments-uat --ou Sandbox --tag a=b --yes").await;
    assert_eq!(said.exit, Exit::Failure);
    assert!(
        said.err.contains("declares payments-uat already, so --ou, --tag cannot be given"),
        "{}",
        said.err
    );
    let said = zone.avm("create orders-uat --ou Sandbox --yes").await;
    assert_eq!(said.exit, Exit::Failure);
    assert!(said.err.contains("hint: to add it, give --email, --baseline"), "{}", said.err);
    assert_eq!(zone.simulation.calls(), []);
}

#[tokio::test(start_paused = true)]
async fn what_is_needed_through_others_comes_along_and_what_is_there_stays_out() {
    let zone = LandingZone::acme();
    let chained = "version: 1\nstacks:\n  - name: avm-kms-keys\n    template: kms-keys.yaml\n    regions: home\n    \
                   parameters:\n      Environment: {output: {account: security, stack: avm-kms-keys, key: Ec2KeyAlias}}\n";
    fs::write(zone.path("baselines/chained.yaml"), chained).unwrap();
    let line = format!("{} --dry-run", ORDERS.replace("standard", "chained"));
    let said = zone.avm(&line).await;
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    for because in [
        "security is planned, too: orders-uat needs output Ec2KeyAlias of its stack avm-kms-keys in eu-west-1\n",
        "log-archive is planned, too: security needs output ",
    ] {
        assert!(said.err.contains(because), "{because} is missing in:\n{}", said.err);
    }

    let both = "update --account security --account log-archive --yes";
    assert_eq!(zone.avm(both).await.exit, Exit::Done);
    let said = zone.avm(&line).await;
    assert!(!said.err.contains("is planned, too"), "{}", said.err);
    assert!(said.out.contains(" 1 of 1 account changes."), "{}", said.out);
}
