//! A stack that fails is explained, and the next run gets over it.

use crate::harness::{Speed, World};

const TWO_DETECTORS: &str = "Resources:
  SecondDetector:
    Type: AWS::GuardDuty::Detector
    DependsOn: Detector
    Properties:
      Enable: true
";

#[test]
fn a_failing_stack_is_explained_and_made_anew_once_its_template_is_right() {
    let world = World::new(Speed::LikeAws);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys", "avm-guardduty"]);
    // Each account with a detector of its own.
    world.edit("landing-zone.yaml", "\nkeys: ", "\nguardduty: invitation\nkeys: ");
    world.copy_file("templates/guardduty.yaml", "templates/two-detectors.yaml");
    world.edit(
        "baselines/standard.yaml",
        "template: guardduty.yaml",
        "template: two-detectors.yaml",
    );
    // AWS has one detector in each region, so that the second one fails after the first has been made.
    world.edit("templates/two-detectors.yaml", "Resources:\n", TWO_DETECTORS);

    let run = world.avm(&["create", "payments-uat", "--yes"]).expect_code(1);

    let account = world.aws.member("aws+payments-uat@example.com");
    let explained =
        ["payments-uat", "us-east-1", "avm-guardduty", "SecondDetector", "already exists"];
    for word in explained {
        assert!(run.text().contains(word), "{word} is missing:\n{}", run.text());
    }
    assert_eq!(account.stacks("us-east-1")["avm-guardduty"].status, "ROLLBACK_COMPLETE");
    assert_eq!(account.detectors("us-east-1"), 0, "the rollback has left nothing");

    world.edit("templates/two-detectors.yaml", TWO_DETECTORS, "Resources:\n");
    world.avm(&["update", "--account", "payments-uat", "--yes"]).expect_code(0);

    for region in ["eu-west-1", "us-east-1"] {
        assert_eq!(account.stacks(region)["avm-guardduty"].status, "CREATE_COMPLETE");
        assert_eq!(account.detectors(region), 1);
    }
}
