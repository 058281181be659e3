//! Things that are there before avm comes: six of them, and three answers of a baseline.

use std::fs;

use avm::plan::{Plan, Step};
use avm::sim::{Simulation, SimulationSettings};

use crate::landing_zone::{LandingZone, all, lines};

const ACCOUNT: &str = "shop";
const REGION: &str = "eu-west-1";

/// A thing that is there already, and the stack that would make it.
struct Thing {
    resource_type: &'static str,
    /// What it is called: a name, or the id that AWS gave it.
    name: &'static str,
    /// The template, one of those that come with avm.
    template: &'static str,
    parameters: &'static str,
    /// Its name in the template.
    logical_id: &'static str,
    /// What AWS has beside it: no channel is made without a recorder, and no recorder records without a channel.
    beside: Option<(&'static str, &'static str)>,
}

const THINGS: [Thing; 6] = [
    Thing {
        resource_type: "AWS::GuardDuty::Detector",
        name: "12abc34d567e8fa901bc2d34e56789f0",
        template: "guardduty.yaml",
        parameters: "{}",
        logical_id: "Detector",
        beside: None,
    },
    Thing {
        resource_type: "AWS::SecurityHub::Hub",
        name: "arn:aws:securityhub:eu-west-1:222222222222:hub/default",
        template: "security-hub.yaml",
        parameters: "{}",
        logical_id: "Hub",
        beside: None,
    },
    Thing {
        resource_type: "AWS::Config::ConfigurationRecorder",
        name: "default",
        template: "config.yaml",
        parameters: "{HomeRegion: eu-west-1, Bucket: central-logs}",
        logical_id: "Recorder",
        beside: Some(("AWS::Config::DeliveryChannel", "default")),
    },
    Thing {
        resource_type: "AWS::Config::DeliveryChannel",
        name: "default",
        template: "config.yaml",
        parameters: "{HomeRegion: eu-west-1, Bucket: central-logs}",
        logical_id: "DeliveryChannel",
        beside: Some(("AWS::Config::ConfigurationRecorder", "default")),
    },
    Thing {
        resource_type: "AWS::CloudTrail::Trail",
        name: "avm-trail",
        template: "cloudtrail.yaml",
        parameters: "{Bucket: central-logs}",
        logical_id: "Trail",
        beside: None,
    },
    Thing {
        resource_type: "AWS::KMS::Alias",
        name: "alias/uat/ec2",
        template: "kms-keys.yaml",
        parameters: "{Environment: uat}",
        logical_id: "Ec2Alias",
        beside: None,
    },
];

impl Thing {
    /// An account that has the thing, and a baseline that makes it, too.
    fn in_the_way(&self, adopt: &str) -> LandingZone {
        let aws = organization();
        let aws = if self.resource_type == "AWS::KMS::Alias" {
            aws.with_key(ACCOUNT, REGION, self.name, "Enabled", "SYMMETRIC_DEFAULT")
        } else {
            aws.with_unmanaged(ACCOUNT, REGION, self.resource_type, self.name)
        };
        let aws = match self.beside {
            Some((resource_type, name)) => aws.with_unmanaged(ACCOUNT, REGION, resource_type, name),
            None => aws,
        };
        self.zone(aws, adopt, self.parameters)
    }

    fn zone(&self, aws: Simulation, adopt: &str, parameters: &str) -> LandingZone {
        let zone = LandingZone::on(aws);
        for baseline in fs::read_dir(zone.path("baselines")).unwrap() {
            fs::remove_file(baseline.unwrap().path()).unwrap();
        }
        for template in fs::read_dir(zone.path("templates")).unwrap() {
            fs::remove_file(template.unwrap().path()).unwrap();
        }
        let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        fs::copy(shipped.join(self.template), zone.path(&format!("templates/{}", self.template)))
            .unwrap();
        fs::write(
            zone.path("landing-zone.yaml"),
            format!(
                "version: 1\norganization: {{id: {}, management-account: \"{}\"}}\n\
                 regions: {{home: {REGION}, governed: [{REGION}]}}\nwaves: [all]\naccounts:\n  \
                 - {{name: {ACCOUNT}, email: aws+shop@example.com, ou: /, baseline: thing}}\n",
                Simulation::ORGANIZATION,
                Simulation::MANAGEMENT_ACCOUNT,
            ),
        )
        .unwrap();
        fs::write(
            zone.path("baselines/thing.yaml"),
            format!(
                "version: 1\nsettings: {{default-vpc: keep}}\nstacks:\n  - name: avm-thing\n    \
                 template: {}\n    regions: governed\n    adopt: {adopt}\n    parameters: {parameters}\n",
                self.template
            ),
        )
        .unwrap();
        zone
    }

    /// The physical id that the stack has for the thing.
    fn in_the_stack(&self, zone: &LandingZone) -> Option<String> {
        let stack = zone.simulation.stack(ACCOUNT, REGION, "avm-thing")?;
        let mut resources = stack.resources.iter();
        let found = resources.find(|resource| resource.logical_id == self.logical_id)?;
        Some(found.physical_id.clone())
    }
}

const ROLE: &str = "  Role:\n    Type: AWS::IAM::Role\n    DeletionPolicy: Retain\n    Properties:\n      \
    RoleName: operators\n      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, \
    Principal: {Service: ec2.amazonaws.com}, Action: 'sts:AssumeRole'}]}\n";

fn organization() -> Simulation {
    Simulation::new(SimulationSettings::default())
        .with_account(ACCOUNT, "aws+shop@example.com", "/")
        .with_service_linked_role(ACCOUNT, "config.amazonaws.com")
        .with_account("logs", "aws+logs@example.com", "/")
        .with_bucket("logs", REGION, "central-logs")
}

/// What the plan says of the region beside its steps.
fn notes(plan: &Plan) -> Vec<String> {
    let lanes = plan.accounts().flat_map(|(_, account)| account.regions.values());
    lanes.flat_map(|lane| lane.notes.clone()).collect()
}

fn blocked(plan: &Plan) -> Vec<String> {
    let blocked = plan.accounts().flat_map(|(_, account)| account.all_blocked());
    blocked.map(|blocked| format!("{}: {}", blocked.subject, blocked.reason)).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_imported_keeps_its_identity_and_becomes_part_of_the_stack() {
    for thing in &THINGS {
        let zone = thing.in_the_way("import");
        let plan = zone.plan(&all()).await;
        assert_eq!(lines(&plan), ["shop eu-west-1 <- stack avm-thing"], "{}", thing.logical_id);
        let steps: Vec<_> = plan.accounts().flat_map(|(_, account)| account.all_steps()).collect();
        let [Step::ImportStack { imports, .. }] = &steps[..] else { panic!("{steps:?}") };
        assert!(imports.iter().any(|import| import.logical_id == thing.logical_id), "{imports:?}");
        let key = zone.simulation.key_arn(ACCOUNT, REGION, thing.name);

        zone.update(&all()).await;
        assert_eq!(thing.in_the_stack(&zone).as_deref(), Some(thing.name));
        assert_eq!(zone.simulation.key_arn(ACCOUNT, REGION, thing.name), key);
        let stack = zone.simulation.stack(ACCOUNT, REGION, "avm-thing").unwrap();
        assert!(stack.protected, "{}", thing.logical_id);
        assert_eq!(lines(&zone.plan(&all()).await), [""; 0], "{}", thing.logical_id);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_left_stays_as_it_is_and_the_stack_is_not_made() {
    for thing in &THINGS {
        let zone = thing.in_the_way("leave");
        for _ in 0..2 {
            let plan = zone.plan(&all()).await;
            assert_eq!((lines(&plan), blocked(&plan)), (Vec::new(), Vec::new()));
            let note = format!(
                "{} {} is there already and is left as it is; stack avm-thing is not made",
                thing.resource_type, thing.name
            );
            assert!(notes(&plan).contains(&note), "{:?}", notes(&plan));
            zone.update(&all()).await;
            assert!(zone.simulation.stack(ACCOUNT, REGION, "avm-thing").is_none());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_to_fail_blocks_the_stack_until_somebody_decides() {
    for thing in &THINGS {
        let zone = thing.in_the_way("fail");
        let plan = zone.plan(&all()).await;
        assert_eq!(lines(&plan), [""; 0]);
        let there = format!("there is {} {} already", thing.resource_type, thing.name);
        let reasons = blocked(&plan);
        let reason = reasons.iter().find(|reason| reason.contains(&there)).unwrap();
        for part in [
            "`adopt: import` for stack avm-thing in baselines/thing.yaml",
            "aws cloudcontrol get-resource",
        ] {
            assert!(reason.contains(part), "{part:?} is not in {reason}");
        }
        zone.update(&all()).await;
        assert!(zone.simulation.stack(ACCOUNT, REGION, "avm-thing").is_none());

        zone.edit("baselines/thing.yaml", "adopt: fail", "adopt: import");
        zone.update(&all()).await;
        assert_eq!(thing.in_the_stack(&zone).as_deref(), Some(thing.name));
    }
}

#[tokio::test(start_paused = true)]
async fn a_recorder_of_another_name_is_imported_once_the_stack_takes_its_name() {
    let recorder = &THINGS[2];
    let aws = organization()
        .with_unmanaged(ACCOUNT, REGION, recorder.resource_type, "custom")
        .with_unmanaged(ACCOUNT, REGION, "AWS::Config::DeliveryChannel", "custom");
    let zone = recorder.zone(aws, "import", recorder.parameters);
    let reasons = blocked(&zone.plan(&all()).await);
    for parameter in ["`parameters: {RecorderName: custom}`", "`parameters: {ChannelName: custom}`"]
    {
        assert!(reasons.iter().any(|reason| reason.contains(parameter)), "{reasons:?}");
    }
    // The channel is called as its recorder unless it is told otherwise.

    let with_name = recorder.parameters.replace('}', ", RecorderName: custom}");
    zone.edit("baselines/thing.yaml", recorder.parameters, &with_name);
    zone.update(&all()).await;
    assert_eq!(recorder.in_the_stack(&zone).as_deref(), Some("custom"));
    assert_eq!(lines(&zone.plan(&all()).await), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_hub_is_imported_with_the_standards_that_are_on_in_it() {
    let hub = &THINGS[1];
    let standard = "aws-foundational-security-best-practices/v/1.0.0";
    let aws =
        organization().with_unmanaged(ACCOUNT, REGION, hub.resource_type, hub.name).with_unmanaged(
            ACCOUNT,
            REGION,
            "AWS::SecurityHub::Standard",
            &format!("arn:aws:securityhub:{REGION}::standards/{standard}"),
        );
    let zone = hub.zone(aws, "import", hub.parameters);
    let plan = zone.plan(&all()).await;
    let steps = plan.accounts().flat_map(|(_, account)| account.all_steps());
    let imports: Vec<_> = steps
        .filter_map(
            |step| if let Step::ImportStack { imports, .. } = step { Some(imports) } else { None },
        )
        .flatten()
        .map(|import| import.resource_type.as_str())
        .collect();
    assert_eq!(imports, ["AWS::SecurityHub::Standard", "AWS::SecurityHub::Hub"]);
    zone.update(&all()).await;
    assert_eq!(lines(&zone.plan(&all()).await), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_run_may_die_after_any_call_of_an_import_and_the_next_one_ends_it() {
    use avm::sim::{Fault, FaultKind};
    // The last time with something that the template names, beside what AWS has named.
    for (thing, with_role) in [(&THINGS[0], false), (&THINGS[5], false), (&THINGS[0], true)] {
        let arranged = || {
            if !with_role {
                return thing.in_the_way("import");
            }
            let aws = organization()
                .with_unmanaged(ACCOUNT, REGION, "AWS::IAM::Role", "operators")
                .with_unmanaged(ACCOUNT, REGION, thing.resource_type, thing.name);
            let zone = thing.zone(aws, "import", thing.parameters);
            let with_role = format!("\nResources:\n{ROLE}");
            zone.edit(&format!("templates/{}", thing.template), "\nResources:\n", &with_role);
            zone
        };
        let undisturbed = arranged();
        undisturbed.update(&all()).await;
        let calls = undisturbed.simulation.calls();
        let first =
            calls.iter().position(|call| call.operation == "cloudformation:CreateChangeSet");
        for nth in first.unwrap()..=calls.len() {
            let zone = arranged();
            zone.simulation.fault(Fault::new(FaultKind::Die).at_call(nth));
            drop(zone.try_update(&all()).await);
            zone.simulation.revive();
            // The first run may find AWS at work, or a stack that has to be looked at again.
            zone.update(&all()).await;
            zone.update(&all()).await;
            let left = lines(&zone.plan(&all()).await);
            assert!(left.is_empty(), "{}: death at call {nth}: {left:?}", thing.logical_id);
            assert_eq!(thing.in_the_stack(&zone).as_deref(), Some(thing.name), "call {nth}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_plan_does_not_show_is_not_taken_over() {
    let detector = &THINGS[0];
    let aws = organization()
        .with_unmanaged(ACCOUNT, REGION, "AWS::IAM::Role", "operators")
        .with_bucket(ACCOUNT, REGION, "shop-data");
    let zone = detector.zone(aws, "import", "{}");
    // CloudFormation would import the bucket too; avm looks for no buckets.
    let bucket = "  Data:\n    Type: AWS::S3::Bucket\n    DeletionPolicy: Retain\n    Properties: \
        {BucketName: shop-data}\n";
    let template = format!("Resources:\n{ROLE}{bucket}");
    fs::write(zone.path("templates/guardduty.yaml"), template).unwrap();
    assert_eq!(lines(&zone.plan(&all()).await), ["shop eu-west-1 <- stack avm-thing"]);
    let report = zone.try_update(&all()).await.unwrap();
    let errors: Vec<_> = report.failures().map(|failed| failed.error.to_string()).collect();
    assert!(errors[0].contains("would take over Data as well"), "{errors:?}");
    assert!(zone.simulation.stack(ACCOUNT, REGION, "avm-thing").is_none());

    zone.edit("templates/guardduty.yaml", "shop-data", "shop-new-data");
    zone.update(&all()).await;
    assert_eq!(lines(&zone.plan(&all()).await), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_account_at_rest_is_not_asked_what_it_has() {
    let detector = &THINGS[0];
    let zone = detector.in_the_way("import");
    zone.update(&all()).await;
    let before = zone.simulation.call_counts();
    zone.plan(&all()).await;
    let after = zone.simulation.call_counts();
    assert_eq!(before.get("guardduty:ListDetectors"), after.get("guardduty:ListDetectors"));
}
