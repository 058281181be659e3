//! `avm plan --change-sets`.

use avm::cli::Exit;
use avm::sim::{Fault, FaultKind};
use serde_json::Value;

use super::{edited, left, zone};

#[tokio::test(start_paused = true)]
async fn the_plan_carries_the_answers_and_standard_error_sums_them_up() {
    let zone = edited().await;
    let said = zone.avm("plan --change-sets --format json").await;
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    let document: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(document["previews"][0]["stack"], "avm-logs");
    let change = &document["previews"][0]["answer"]["changes"][0];
    assert_eq!(change["details"][0]["before"], "news");
    assert!(said.err.contains("Asking CloudFormation about 3 stacks ...\n"), "{}", said.err);
    let sum = "CloudFormation was asked about 3 stacks: 3 would change\n";
    assert!(said.err.contains(sum), "{}", said.err);
    assert_eq!(left(&zone), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_is_not_told_to_ask_writes_nothing() {
    let zone = edited().await;
    zone.simulation.forget_calls();
    let said = zone.avm("plan --format json").await;
    let document: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(document.get("previews"), None);
    assert_eq!(zone.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn where_there_is_nothing_to_ask_nobody_connects_to_write() {
    let zone = zone();
    assert_eq!(zone.avm("update --yes").await.exit, Exit::Done);
    zone.simulation.forget_calls();
    let said = zone.avm("plan --change-sets").await;
    assert_eq!(zone.writes(), 0);
    assert_eq!(zone.simulation.call_counts()["organizations:DescribeOrganization"], 1);
    assert!(said.err.contains("CloudFormation was asked about 0 stacks"), "{}", said.err);
}

#[tokio::test(start_paused = true)]
async fn a_saved_plan_is_agreed_to_whatever_cloudformation_has_said_of_it() {
    let zone = edited().await;
    let file = zone.path("plan.json").display().to_string();
    let saved = zone.avm(&format!("plan --change-sets --out {file}")).await;
    assert_eq!(saved.exit, Exit::Done, "{}", saved.err);
    let said = zone.avm(&format!("update --yes --plan {file}")).await;
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_may_ask_and_a_run_may_not() {
    let zone = edited().await;
    let said = zone.avm("update --dry-run --change-sets --revert-drift --format json").await;
    let document: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(document["previews"].as_array().map(Vec::len), Some(3));
    let said = zone.avm("create shop --dry-run --change-sets --format json").await;
    let document: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(document["previews"].as_array().map(Vec::len), Some(3), "{}", said.err);
    zone.simulation.forget_calls();
    for command in ["update --change-sets --yes", "create shop --change-sets --yes"] {
        let said = zone.avm(command).await;
        assert_eq!(said.exit, Exit::Failure);
        assert!(said.err.contains("hint: add --dry-run"), "{}", said.err);
    }
    assert_eq!(zone.simulation.calls(), []);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_removed_is_told_and_the_plan_is_shown_all_the_same() {
    let zone = edited().await;
    zone.simulation
        .fault(Fault::new(FaultKind::AccessDenied).on("cloudformation:DeleteChangeSet").for_ever());
    let said = zone.avm("plan --change-sets --detailed-exitcode").await;
    assert_eq!(said.exit, Exit::Changes, "{}", said.err);
    assert!(said.err.contains("error: not every change set could be removed"), "{}", said.err);
    assert!(
        said.err.contains(
            ": aws cloudformation delete-change-set --region eu-west-1 --stack-name avm-logs"
        ),
        "{}",
        said.err
    );
}
