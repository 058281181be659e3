//! `avm plan`.

use avm::cli::Exit;
use avm::model::AccountState;
use avm::sim::{Fault, FaultKind, Simulation, SimulationSettings};
use serde_json::Value;

use crate::landing_zone::LandingZone;

#[tokio::test(start_paused = true)]
async fn the_exit_code_tells_whether_there_is_something_to_do_only_if_asked() {
    let zone = LandingZone::acme();
    assert_eq!(zone.avm("plan --account log-archive").await.exit, Exit::Done);
    let said = zone.avm("plan --account log-archive --detailed-exitcode").await;
    assert_eq!(said.exit, Exit::Changes);
    assert_eq!(zone.writes(), 0, "a plan writes nothing");

    let said = zone.avm("update --account log-archive --yes").await;
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
    let said = zone.avm("plan --account log-archive --detailed-exitcode").await;
    assert_eq!(said.exit, Exit::Done, "{}", said.out);
    assert_eq!(said.out, "No changes. 1 account is as the files say.\n");
}

#[tokio::test(start_paused = true)]
async fn an_account_that_cannot_be_reached_is_not_known_to_be_as_the_files_say() {
    let zone = LandingZone::acme();
    assert_eq!(zone.avm("update --account log-archive --yes").await.exit, Exit::Done);
    let id = zone.simulation.account_id("log-archive").unwrap();
    zone.simulation.fault(Fault::new(FaultKind::AccessDenied).in_account(&id).for_ever());
    let said = zone.avm("plan --account log-archive --detailed-exitcode").await;
    assert_eq!(said.exit, Exit::Changes, "{}", said.out);
    assert!(said.out.ends_with(" 1 account could not be looked at.\n"), "{}", said.out);
    assert_eq!(zone.avm("plan --account log-archive").await.exit, Exit::Done, "nobody asked");
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_not_active_is_nothing_to_do() {
    let aws = Simulation::new(SimulationSettings::default())
        .with_account("log-archive", "aws+log-archive@example.com", "Core")
        .with_state("log-archive", AccountState::Suspended);
    let said = LandingZone::on(aws).avm("plan --account log-archive --detailed-exitcode").await;
    assert_eq!(said.exit, Exit::Done, "{}", said.out);
    assert!(said.out.ends_with("1 account is not active, and left alone.\n"), "{}", said.out);
}

#[tokio::test(start_paused = true)]
async fn nothing_to_read_is_not_announced() {
    let said = LandingZone::acme().avm("plan --account log-archive").await;
    assert_eq!(said.err, "", "the account is still to be made");
}

#[tokio::test(start_paused = true)]
async fn a_plan_of_one_account_reads_like_this() {
    let said = LandingZone::acme().avm("plan --account log-archive --region eu-west-1").await;
    assert_eq!(said.exit, Exit::Done);
    // The templates may change without this test.
    let filters = vec![(r"(\.yaml) [0-9a-f]{12}", "$1 [digest]")];
    insta::with_settings!({ filters => filters }, {
        insta::assert_snapshot!(said.out);
    });
}

#[tokio::test(start_paused = true)]
async fn json_goes_to_standard_output_and_nothing_else_does() {
    let zone = LandingZone::acme();
    assert_eq!(zone.avm("update --account log-archive --yes").await.exit, Exit::Done);
    let said = zone.avm("plan --ou Core --format json").await;
    let document: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(document["selection"]["ous"], serde_json::json!(["Core"]));
    assert_eq!(document["summary"]["accounts"], 3);
    assert!(said.err.contains("Reading 1 account ..."), "{}", said.err);
    let again = zone.avm("plan --ou Core --format json").await;
    assert_eq!(said.out, again.out, "the same plan gives the same bytes");
}

#[tokio::test(start_paused = true)]
async fn a_selector_that_matches_nothing_is_refused_and_costs_no_call() {
    let zone = LandingZone::acme();
    let said = zone.avm("plan --account payment-uat").await;
    assert_eq!(said.exit, Exit::Failure);
    assert!(said.err.contains("error: --account payment-uat matches nothing"), "{}", said.err);
    assert!(said.err.contains("hint: did you mean --account payments-uat?"), "{}", said.err);
    assert_eq!(zone.simulation.calls(), []);
}

#[tokio::test(start_paused = true)]
async fn another_organization_is_refused_before_anything_is_read() {
    let zone = LandingZone::acme();
    zone.edit("landing-zone.yaml", "o-simulated01", "o-someoneelse");
    for command in ["plan", "update --yes", "create payments-uat --yes"] {
        let said = zone.avm(command).await;
        assert_eq!(said.exit, Exit::Failure, "{command}");
        assert!(
            said.err.contains(
                "error: the credentials belong to organization o-simulated01, and landing-zone.yaml is about \
                 o-someoneelse"
            ),
            "{command}: {}",
            said.err
        );
    }
    let allowed =
        ["organizations:DescribeOrganization", "organizations:ListRoots", "sts:GetCallerIdentity"];
    for call in zone.simulation.calls() {
        assert!(allowed.contains(&call.operation), "{call:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_management_account_is_refused_and_nothing_is_written() {
    let zone = LandingZone::acme();
    zone.edit("landing-zone.yaml", "111111111111", "999999999999");
    for command in ["plan", "update --yes", "create payments-uat --yes"] {
        let said = zone.avm(command).await;
        assert_eq!(said.exit, Exit::Failure, "{command}");
        let mismatch = "is 111111111111, and landing-zone.yaml says 999999999999\nhint: nothing was read or changed";
        assert!(said.err.contains(mismatch), "{command}: {}", said.err);
    }
    assert!(zone.simulation.calls().iter().all(|call| !call.mutating));
}
