//! What a line or two of YAML change for the whole organization.

use avm::plan::{Plan, Step};

use crate::landing_zone::{LandingZone, all, lines};

const SECURITY_HUB: &str =
    "{name: avm-security-hub, template: security-hub.yaml, regions: governed}";

fn notes(plan: &Plan) -> Vec<String> {
    let of_accounts = plan.accounts().flat_map(|(name, account)| {
        let lanes = account.regions.values().flat_map(|lane| &lane.notes);
        let notes = account.notes.iter().chain(lanes);
        notes.map(|note| format!("{name}: {note}")).collect::<Vec<_>>()
    });
    of_accounts.collect()
}

async fn has_converged(zone: &LandingZone) {
    assert_eq!(lines(&zone.plan(&all()).await), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn security_hub_is_one_line_and_one_stack_for_each_account_and_region() {
    let zone = LandingZone::acme();
    zone.update(&all()).await;
    // One line: the example has it as a comment.
    zone.edit(
        "baselines/standard.yaml",
        &format!("  # - {SECURITY_HUB}"),
        &format!("  - {SECURITY_HUB}"),
    );
    let plan = zone.plan(&all()).await;
    let mut expected = Vec::new();
    for name in ["payments", "storefront"] {
        for environment in ["dev", "prod", "uat"] {
            for region in ["eu-west-1", "us-east-1"] {
                expected.push(format!("{name}-{environment} {region} + stack avm-security-hub"));
            }
        }
    }
    assert_eq!(lines(&plan), expected);
    zone.update(&all()).await;
    has_converged(&zone).await;
}

#[tokio::test(start_paused = true)]
async fn an_organization_trail_takes_the_place_of_the_accounts_own() {
    let zone = LandingZone::acme();
    zone.edit("landing-zone.yaml", "trail: per-account", "trail: organization");
    zone.edit(
        "landing-zone.yaml",
        "delegated-administrators:\n",
        "trusted-services: [cloudtrail.amazonaws.com]\n\ndelegated-administrators:\n",
    );
    zone.update(&all()).await;
    let aws = &zone.simulation;
    assert!(aws.stack("management", "eu-west-1", "avm-organization-trail").is_some());
    for account in ["management", "log-archive", "security", "payments-uat"] {
        assert!(aws.stack(account, "eu-west-1", "avm-cloudtrail").is_none(), "{account}");
    }
    has_converged(&zone).await;
}

#[tokio::test(start_paused = true)]
async fn two_trails_that_record_the_same_are_told() {
    let zone = LandingZone::acme();
    zone.update(&all()).await;
    assert_eq!(notes(&zone.plan(&all()).await), Vec::<String>::new());
    zone.edit(
        "landing-zone.yaml",
        "delegated-administrators:\n",
        "trusted-services: [cloudtrail.amazonaws.com]\n\ndelegated-administrators:\n",
    );
    // Somebody forgets the switch.
    zone.edit("baselines/management.yaml", "    when: {trail: organization}\n", "");
    let notes = notes(&zone.plan(&all()).await);
    let told = |account: &str| {
        notes.iter().any(|note| {
            note.starts_with(account) && note.contains("billed") && note.contains("management")
        })
    };
    assert!(told("payments-uat: "), "{notes:?}");
    assert!(told("management: "), "{notes:?}");
}

#[tokio::test(start_paused = true)]
async fn without_an_administrator_every_account_has_a_detector_of_its_own() {
    let zone = LandingZone::acme().with_detectors();
    zone.update(&all()).await;
    for account in ["log-archive", "security", "shared-services", "payments-uat"] {
        let stack = zone.simulation.stack(account, "us-east-1", "avm-guardduty");
        assert!(stack.is_some(), "{account}");
    }
    has_converged(&zone).await;
}

#[tokio::test(start_paused = true)]
async fn the_administrator_of_the_organization_turns_guardduty_on_in_every_account() {
    let zone = LandingZone::acme();
    zone.update(&all()).await;
    // A detector of an account's own would collide with the administrator's: it is left alone and told.
    zone.edit("baselines/standard.yaml", "    when: {guardduty: invitation}\n", "");
    let plan = zone.plan(&all()).await;
    assert_eq!(lines(&plan), Vec::<String>::new());
    let security = zone.simulation.account_id("security").unwrap();
    let notes = notes(&plan);
    assert_eq!(notes.len(), 12, "{notes:?}");
    assert!(notes.iter().all(|note| note.contains(security.as_str())), "{notes:?}");
}

#[tokio::test(start_paused = true)]
async fn the_core_accounts_come_first_and_everybody_takes_what_they_make() {
    let plan = LandingZone::acme().plan(&all()).await;
    let waves: Vec<_> = plan.waves.iter().map(|wave| wave.name.as_str()).collect();
    assert_eq!(waves, ["foundation", "security", "core", "workloads"]);
    let account = plan.account(&"payments-uat".parse().unwrap()).unwrap();
    let pending = account.all_steps().flat_map(Step::values).map(ToString::to_string);
    assert!(pending.filter(|value| value == "(known after wave foundation)").count() >= 6);
}

#[tokio::test(start_paused = true)]
async fn the_keys_of_a_plan_are_counted_and_priced() {
    let plan = LandingZone::acme().plan(&all()).await;
    let costs = avm::plan::costs(&plan);
    let keys = costs.iter().find(|driver| driver.noun == "KMS key").unwrap();
    // Four in two regions of nine accounts, and that of the central buckets.
    assert_eq!((keys.count, keys.accounts, keys.monthly), (73, 9, Some(73)));
    let zone = LandingZone::acme();
    zone.update(&all()).await;
    assert_eq!(avm::plan::costs(&zone.plan(&all()).await), []);
}

/// Everything that the shipped baselines have as comments: lines of YAML are indented once more than words.
pub(crate) fn with_all_options(zone: &LandingZone) {
    for baseline in ["management", "standard"] {
        let file = zone.path(&format!("baselines/{baseline}.yaml"));
        let text = std::fs::read_to_string(&file).unwrap();
        let option = |line: &str| {
            let starts = ["  # - ", "  #   ", "  # account-alias:", "  # alternate-contacts:"];
            let yaml = starts.iter().any(|start| line.starts_with(start));
            yaml && !line.contains("AdministratorAccountId")
        };
        let lines = text
            .lines()
            .map(|line| if option(line) { line.replacen("# ", "", 1) } else { line.to_owned() });
        std::fs::write(file, lines.collect::<Vec<_>>().join("\n") + "\n").unwrap();
    }
    zone.edit(
        "landing-zone.yaml",
        "\norganizational-units:",
        "\nartifacts: {bucket: acme-artifacts}\norganizational-units:",
    );
}

#[tokio::test(start_paused = true)]
async fn everything_that_is_optional_rolls_out_as_well() {
    let aws = avm::sim::Simulation::new(avm::sim::SimulationSettings::default());
    let zone = LandingZone::on(aws.with_bucket("management", "eu-west-1", "acme-artifacts"));
    with_all_options(&zone);
    zone.update(&all()).await;
    for stack in ["avm-people", "avm-service-catalog", "avm-config-rules-eks-and-containers"] {
        assert!(zone.simulation.stack("payments-uat", "eu-west-1", stack).is_some(), "{stack}");
    }
    let alarms = zone.simulation.stack("payments-uat", "us-east-1", "avm-cloudfront-ddos");
    assert!(alarms.is_some());
    assert!(zone.simulation.stack("management", "eu-west-1", "avm-runner-roles").is_some());
    has_converged(&zone).await;

    // A template that products are made from has changed: the catalogue gets a version, and nothing else happens.
    zone.edit(
        "templates/security-hub.yaml",
        "Resources:\n",
        "Metadata: {changed: true}\nResources:\n",
    );
    let steps = lines(&zone.plan(&all()).await);
    let catalogues = steps.iter().filter(|step| step.ends_with("~ stack avm-service-catalog"));
    assert_eq!(catalogues.count(), 6, "{steps:?}");
    zone.update(&all()).await;
    has_converged(&zone).await;
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_a_baseline_has_lost_is_noted_and_stays() {
    let zone = LandingZone::acme();
    zone.update(&all()).await;
    let path = zone.path("baselines/security.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let stack = "  - name: avm-access-analyzer\n";
    let start = text.find(stack).unwrap();
    std::fs::write(path, &text[..start]).unwrap();
    let plan = zone.plan(&all()).await;
    assert_eq!(lines(&plan), Vec::<String>::new());
    let note = "security: stack avm-access-analyzer is in no baseline any more, and stays: delete it if nobody \
                needs it";
    // In each of its two regions.
    assert_eq!(notes(&plan), [note; 2]);
    let only_keys = avm::desired::Selection {
        stacks: vec!["avm-kms-keys".to_owned()],
        ..avm::desired::Selection::default()
    };
    assert_eq!(notes(&zone.plan(&only_keys).await), Vec::<String>::new());
}
