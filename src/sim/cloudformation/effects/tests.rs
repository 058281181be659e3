use super::super::fixture::{Setup, input, world};
use crate::cloud::{CloudReader as _, CloudWriter as _, KeyReference, StackState};

const KEY: &str = "
Parameters:
  Name: {Type: String}
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {}}
  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: !Ref Name, TargetKeyId: !Ref Key}}
Outputs:
  Arn: {Value: !GetAtt Key.Arn}
";

fn one(resource_type: &str, properties: &str) -> String {
    format!("Resources:\n  One: {{Type: {resource_type}, Properties: {properties}}}\n")
}

#[tokio::test(start_paused = true)]
async fn a_key_from_a_stack_is_enabled_and_goes_into_pending_deletion_with_it() {
    let setup = Setup::new();
    setup.create(&input("keys", KEY, &[("Name", "alias/uat/ec2")])).await;
    let alias = KeyReference("alias/uat/ec2".into());
    let key = setup.aws.key(&setup.target, &alias).await.unwrap().unwrap();
    assert_eq!((key.state.as_str(), key.spec.as_str()), ("Enabled", "SYMMETRIC_DEFAULT"));
    assert_eq!(setup.stack("keys").await.unwrap().outputs["Arn"], key.arn.as_str());

    assert_eq!(setup.delete("keys").await, None);
    assert_eq!(setup.aws.key(&setup.target, &alias).await.unwrap(), None);
    let arn = KeyReference(key.arn.to_string());
    let key = setup.aws.key(&setup.target, &arn).await.unwrap().unwrap();
    assert_eq!(key.state, "PendingDeletion");
}

#[tokio::test(start_paused = true)]
async fn an_alias_is_unique_in_its_region_and_not_aws_s_own() {
    let setup = Setup::on(world().with_key(
        "dev",
        "eu-west-1",
        "alias/taken",
        "Enabled",
        "SYMMETRIC_DEFAULT",
    ));
    let reason = setup.refusal(&input("keys", KEY, &[("Name", "alias/taken")])).await;
    assert!(reason.contains("already exists"), "{reason}");
    let reason = setup.refusal(&input("own", KEY, &[("Name", "alias/aws/mine")])).await;
    assert!(reason.contains("reserved"), "{reason}");
    let elsewhere = setup.in_region("eu-west-2");
    let state = elsewhere.create(&input("keys", KEY, &[("Name", "alias/taken")])).await;
    assert_eq!(state, StackState::CreateComplete);
}

#[tokio::test(start_paused = true)]
async fn a_role_s_name_is_taken_in_all_regions() {
    let setup = Setup::new();
    let role = one("AWS::IAM::Role", "{RoleName: config, AssumeRolePolicyDocument: {}}");
    assert_eq!(setup.create(&input("role", &role, &[])).await, StackState::CreateComplete);
    let elsewhere = setup.in_region("eu-west-2");
    let reason = elsewhere.refusal(&input("role", &role, &[])).await;
    assert!(reason.contains("'config' already exists"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn a_bucket_s_name_is_taken_in_the_world_and_a_full_bucket_stays() {
    let simulation = world().with_account("other", "other@example.com", "/").with_bucket(
        "other",
        "us-east-1",
        "acme-logs",
    );
    let setup = Setup::on(simulation);
    let named = one("AWS::S3::Bucket", "{BucketName: acme-logs}");
    let reason = setup.refusal(&input("named", &named, &[])).await;
    assert!(reason.contains("already exists"), "{reason}");

    let unnamed = "Resources: {One: {Type: AWS::S3::Bucket}}\nOutputs: {Name: {Value: !Ref One}}";
    setup.create(&input("Unnamed", unnamed, &[])).await;
    let bucket = setup.stack("Unnamed").await.unwrap().outputs["Name"].clone();
    assert!(bucket.starts_with("unnamed-one-"), "{bucket}");
    setup.aws.upload_template(&bucket, "key", "body").await.unwrap();
    assert_eq!(setup.delete("Unnamed").await, Some(StackState::DeleteFailed));
}

#[tokio::test(start_paused = true)]
async fn a_trail_wants_a_bucket_and_there_are_five_at_most() {
    let setup = Setup::on(world().with_bucket("dev", "eu-west-1", "logs"));
    let trail =
        |bucket: &str| one("AWS::CloudTrail::Trail", &format!("{{S3BucketName: {bucket}}}"));
    let reason = setup.refusal(&input("lost", &trail("nowhere"), &[])).await;
    assert!(reason.contains("bucket policy"), "{reason}");
    for number in 0..5 {
        let name = format!("trail{number}");
        let state = setup.create(&input(&name, &trail("logs"), &[])).await;
        assert_eq!(state, StackState::CreateComplete);
    }
    let reason = setup.refusal(&input("sixth", &trail("logs"), &[])).await;
    assert!(reason.contains("5 trails"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn what_there_is_once_per_region_is_not_made_twice() {
    let cases = [
        ("AWS::GuardDuty::Detector", "{Enable: true}", "Invalid request provided"),
        ("AWS::SecurityHub::Hub", "{}", "already subscribed"),
        (
            "AWS::Config::ConfigurationRecorder",
            "{Name: avm}",
            "'avm' because the maximum number of configuration recorders: 1 is reached.",
        ),
    ];
    for (resource_type, properties, message) in cases {
        let simulation = world()
            .with_unmanaged("dev", "eu-west-1", resource_type, "default")
            .with_unmanaged("dev", "eu-west-1", "AWS::Config::DeliveryChannel", "default");
        let setup = Setup::on(simulation);
        let template = one(resource_type, properties);
        let reason = setup.refusal(&input("once", &template, &[])).await;
        assert!(reason.contains(message), "{reason}");
    }
}

#[tokio::test(start_paused = true)]
async fn config_wants_recorder_and_channel_together() {
    let setup = Setup::on(world().with_bucket("dev", "eu-west-1", "logs"));
    let recorder = one("AWS::Config::ConfigurationRecorder", "{RoleARN: any}");
    let reason = setup.refusal(&input("alone", &recorder, &[])).await;
    assert!(reason.contains("Delivery channel is not available"), "{reason}");
    let channel = "  Two: {Type: AWS::Config::DeliveryChannel, Properties: {S3BucketName: logs}}\n";
    let both = format!("{recorder}{channel}");
    assert_eq!(setup.create(&input("both", &both, &[])).await, StackState::CreateComplete);
}

/// Makes a stack of one resource, and answers its state or the reason of its failure.
async fn outcome(
    setup: &Setup,
    name: &str,
    kind: &str,
    properties: &str,
) -> Result<String, String> {
    let template = format!("{}Outputs: {{Ref: {{Value: !Ref One}}}}\n", one(kind, properties));
    let stack = input(name, &template, &[]);
    if setup.create(&stack).await != StackState::CreateComplete {
        return Err(setup.failures(name, &stack.token).await.remove(0).reason);
    }
    Ok(setup.stack(name).await.unwrap().outputs["Ref"].clone())
}

#[tokio::test(start_paused = true)]
async fn a_key_s_policy_is_checked_and_a_refused_one_makes_no_key() {
    let setup = Setup::on(world().without_foreign_account("333333333333"));
    let policy = |principal: &str| {
        format!(
            "{{KeyPolicy: {{Statement: [{{Effect: Allow, Action: 'kms:*', Resource: '*', Principal: {{AWS: \
             {principal}}}}}]}}}}"
        )
    };
    let own = "!Sub 'arn:aws:iam::${AWS::AccountId}:root'";
    let reason = outcome(&setup, "lockout", "AWS::KMS::Key", &policy("'222222222222'")).await;
    assert!(reason.unwrap_err().contains("will not allow you to update the key policy"));
    let both = format!("[{own}, '333333333333']");
    let reason = outcome(&setup, "nobody", "AWS::KMS::Key", &policy(&both)).await.unwrap_err();
    assert!(reason.contains("MalformedPolicyDocumentException"), "{reason}");
    assert!(setup.simulation.world().cell(&setup.target).unwrap().keys.is_empty());
    outcome(&setup, "own", "AWS::KMS::Key", &policy(own)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_update_of_a_key_s_policy_is_checked_too() {
    let setup = Setup::new();
    let with = |principal: &str| {
        one(
            "AWS::KMS::Key",
            &format!(
                "{{KeyPolicy: {{Statement: {{Effect: Allow, Action: 'kms:*', Principal: {{AWS: \
                 {principal}}}}}}}}}"
            ),
        )
    };
    setup.create(&input("key", &with("!Ref AWS::AccountId"), &[])).await;
    let state = setup.update(&input("key", &with("'222222222222'"), &[]), "u1").await;
    assert_eq!(state, StackState::UpdateRollbackComplete);
}

#[tokio::test(start_paused = true)]
async fn security_hub_s_parts_want_a_hub_and_some_its_administrator() {
    let setup = Setup::new();
    let fsbp = "{StandardsArn: !Sub 'arn:aws:securityhub:${AWS::Region}::standards/aws-foundational-security-best-practices/v/1.0.0'}";
    let standard = "AWS::SecurityHub::Standard";
    let reason = outcome(&setup, "early", standard, fsbp).await.unwrap_err();
    assert!(reason.contains("is not subscribed to AWS Security Hub"), "{reason}");

    let hub = outcome(&setup, "hub", "AWS::SecurityHub::Hub", "{}").await.unwrap();
    assert!(hub.ends_with(":hub/default"), "{hub}");
    let reason = outcome(&setup, "again", standard, fsbp).await.unwrap_err();
    assert!(reason.contains("already exists"), "{reason}");
    let cis = "{StandardsArn: !Sub 'arn:aws:securityhub:${AWS::Region}::standards/cis-aws-foundations-benchmark/v/3.0.0'}";
    outcome(&setup, "cis", standard, cis).await.unwrap();

    let organization = "AWS::SecurityHub::OrganizationConfiguration";
    let reason = outcome(&setup, "member", organization, "{AutoEnable: true}").await.unwrap_err();
    assert!(reason.contains("is not an administrator for this organization"), "{reason}");

    let elsewhere = setup.in_region("eu-west-2");
    let quiet = "{EnableDefaultStandards: false}";
    outcome(&elsewhere, "quiet", "AWS::SecurityHub::Hub", quiet).await.unwrap();
    outcome(&elsewhere, "fsbp", standard, fsbp).await.unwrap();
    let administrator = Setup::on(setup.simulation.clone().with_service_administrator(
        "eu-west-1",
        crate::model::SecurityService::SecurityHub,
        "dev",
    ));
    outcome(&administrator, "organization", organization, "{AutoEnable: true}").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_rule_wants_a_recorder_and_a_name_of_its_own() {
    let setup = Setup::new();
    let (rule, named) = ("AWS::Config::ConfigRule", "{ConfigRuleName: mfa}");
    let reason = outcome(&setup, "early", rule, named).await.unwrap_err();
    assert!(reason.contains("recorder is not available"), "{reason}");
    let recorder = "AWS::Config::ConfigurationRecorder";
    let simulation = setup.simulation.with_unmanaged("dev", "eu-west-1", recorder, "default");
    let setup = Setup::on(simulation);
    assert_eq!(outcome(&setup, "rule", rule, named).await.as_deref(), Ok("mfa"));
    let reason = outcome(&setup, "again", rule, named).await.unwrap_err();
    assert!(reason.contains("already exists"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn a_recorder_s_service_linked_role_has_to_be_made_before() {
    let setup = Setup::on(world().with_bucket("dev", "eu-west-1", "logs"));
    let template = "
Resources:
  Recorder:
    Type: AWS::Config::ConfigurationRecorder
    Properties: {RoleARN: !Sub 'arn:aws:iam::${AWS::AccountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig'}
  Channel: {Type: AWS::Config::DeliveryChannel, Properties: {S3BucketName: logs}}
";
    let reason = setup.refusal(&input("config", template, &[])).await;
    assert!(reason.contains("AWSServiceRoleForConfig does not exist"), "{reason}");
    let role = "AWS::IAM::ServiceLinkedRole";
    let config = "{AWSServiceName: config.amazonaws.com}";
    let made = outcome(&setup, "role", role, config).await;
    assert_eq!(made.as_deref(), Ok("AWSServiceRoleForConfig"));
    assert_eq!(setup.create(&input("later", template, &[])).await, StackState::CreateComplete);
    let reason = outcome(&setup, "again", role, config).await.unwrap_err();
    assert!(reason.contains("has been taken in this account"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn what_speaks_for_the_organization_wants_an_administrator() {
    let simulation = world().with_bucket("dev", "eu-west-1", "logs");
    let setup = Setup::on(simulation.clone());
    let cases = [
        (
            "AWS::CloudTrail::Trail",
            "{S3BucketName: logs, IsOrganizationTrail: true, TrailName: all, IsMultiRegionTrail: true}",
        ),
        ("AWS::AccessAnalyzer::Analyzer", "{Type: ORGANIZATION, AnalyzerName: all}"),
        ("AWS::Config::ConfigurationAggregator", "{OrganizationAggregationSource: {RoleArn: x}}"),
    ];
    for (number, (kind, properties)) in cases.iter().enumerate() {
        let name = format!("early{number}");
        assert!(outcome(&setup, &name, kind, properties).await.is_err(), "{kind}");
    }
    let setup = Setup::on(
        simulation
            .with_delegated_administrator("cloudtrail.amazonaws.com", "dev")
            .with_delegated_administrator("access-analyzer.amazonaws.com", "dev")
            .with_delegated_administrator("config.amazonaws.com", "dev"),
    );
    for (number, (kind, properties)) in cases.iter().enumerate() {
        let name = format!("late{number}");
        assert!(outcome(&setup, &name, kind, properties).await.is_ok(), "{kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_organization_trail_of_the_management_account_wants_trusted_access() {
    let simulation = world().with_bucket("dev", "eu-west-1", "logs");
    let trail = one("AWS::CloudTrail::Trail", "{S3BucketName: logs, IsOrganizationTrail: true}");
    let mut setup = Setup::on(simulation);
    setup.target.account = setup.simulation.account_id("management").unwrap();
    let reason = setup.refusal(&input("early", &trail, &[])).await;
    assert!(reason.contains("hasn't enabled CloudTrail service access"), "{reason}");
    setup.aws.trust_service(&"cloudtrail.amazonaws.com".parse().unwrap()).await.unwrap();
    assert_eq!(setup.create(&input("late", &trail, &[])).await, StackState::CreateComplete);
}

#[tokio::test(start_paused = true)]
async fn guardduty_members_and_masters_want_the_region_s_detector_and_another_account() {
    let setup = Setup::on(world().without_foreign_account("333333333333"));
    let with =
        |detector: &str, master: &str| format!("{{DetectorId: {detector}, MasterId: '{master}'}}");
    let detector = outcome(&setup, "detector", "AWS::GuardDuty::Detector", "{Enable: true}").await;
    let detector = detector.unwrap();
    let master = "AWS::GuardDuty::Master";
    let reason = outcome(&setup, "other", master, &with("d2", "222222222222")).await.unwrap_err();
    assert!(reason.contains("detectorId is not owned"), "{reason}");
    let nobody = outcome(&setup, "nobody", master, &with(&detector, "333333333333")).await;
    assert!(nobody.unwrap_err().contains("out-of-range"));
    let made = outcome(&setup, "master", master, &with(&detector, "222222222222")).await;
    assert_eq!(made.as_deref(), Ok("222222222222"));
}

#[tokio::test(start_paused = true)]
async fn service_catalog_wants_principals_that_are_there_or_patterns() {
    let setup = Setup::on(world().with_unmanaged("dev", "eu-west-1", "AWS::IAM::Role", "launch"));
    let principal = |arn: &str, kind: &str| {
        format!("{{PortfolioId: port-1, PrincipalARN: !Sub '{arn}', PrincipalType: {kind}}}")
    };
    let association = "AWS::ServiceCatalog::PortfolioPrincipalAssociation";
    let role = "arn:aws:iam::${AWS::AccountId}:role/launch";
    let pattern = "arn:aws:iam:::role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Dev_*";
    for (name, properties, taken) in [
        ("role", principal(role, "IAM"), true),
        ("nobody", principal(&role.replace("launch", "lunch"), "IAM"), false),
        ("pattern", principal(pattern, "IAM_PATTERN"), true),
        ("wrong", principal(pattern, "IAM"), false),
    ] {
        assert_eq!(outcome(&setup, name, association, &properties).await.is_ok(), taken, "{name}");
    }
    let constraint = "AWS::ServiceCatalog::LaunchRoleConstraint";
    let launch = |role: &str| format!("{{PortfolioId: port-1, ProductId: prod-1, {role}}}");
    for (name, role, taken) in [
        ("local", "LocalRoleName: launch".to_owned(), true),
        ("arn", format!("RoleArn: !Sub '{role}'"), true),
        ("both", format!("RoleArn: !Sub '{role}', LocalRoleName: launch"), false),
    ] {
        assert_eq!(
            outcome(&setup, name, constraint, &launch(&role)).await.is_ok(),
            taken,
            "{name}"
        );
    }
    let portfolio = outcome(&setup, "portfolio", "AWS::ServiceCatalog::Portfolio", "{}").await;
    assert!(portfolio.unwrap().starts_with("port-"));
}

#[tokio::test(start_paused = true)]
async fn a_topic_is_known_by_its_arn_and_unique_by_its_name() {
    let setup = Setup::new();
    let named = "{TopicName: alarms}";
    let arn = outcome(&setup, "topic", "AWS::SNS::Topic", named).await.unwrap();
    assert_eq!(arn, format!("arn:aws:sns:eu-west-1:{}:alarms", setup.target.account));
    let taken = outcome(&setup, "again", "AWS::SNS::Topic", named).await.unwrap_err();
    assert!(taken.contains("already exists"), "{taken}");
    let renamed = one("AWS::SNS::Topic", "{TopicName: alerts}");
    let renamed = format!("{renamed}Outputs: {{Ref: {{Value: !Ref One}}}}\n");
    setup.update(&input("topic", &renamed, &[]), "u1").await;
    assert!(setup.stack("topic").await.unwrap().outputs["Ref"].ends_with(":alerts"));
    outcome(&setup, "third", "AWS::SNS::Topic", named).await.unwrap();
}
